"""What `kind_version` holds, as values: the only place that knows the table. Versions are written once and never change."""

from datetime import datetime
from typing import Any

import msgspec
from psycopg import Connection
from psycopg.errors import ForeignKeyViolation, UniqueViolation
from psycopg.rows import class_row, dict_row

from viertakt.db.queries import load
from viertakt.errors import Fault, InvalidKind, KindTaken
from viertakt.kinds.calendars import Calendar
from viertakt.kinds.document import digest, from_json, to_json
from viertakt.kinds.model import Kind, KindName

queries = load(__package__)

VERSIONS_MAX = 1000


class Latest(msgspec.Struct, frozen=True):
    """Which version of a kind is the newest. `settled`: its transaction is over, so what was read may be remembered."""

    version: int
    digest: bytes
    published_by: str
    settled: bool


class VersionLine(msgspec.Struct, frozen=True):
    """One line of a kind's list of versions."""

    kind: KindName
    version: int
    digest: bytes
    published_by: str
    published_at: datetime
    comment: str | None = None


def lock_publishing(conn: Connection[Any]) -> None:
    """Wait until no other transaction publishes, and keep others waiting until this one ends."""
    conn.execute(queries["lock_publishing"])


def latest_version(conn: Connection[Any], name: str) -> Latest | None:
    """The newest version of this kind; None where there is none."""
    with conn.cursor(row_factory=class_row(Latest)) as cursor:
        return cursor.execute(queries["latest_version"], {"kind": name}).fetchone()


class Found(msgspec.Struct, frozen=True):
    """One version of a kind, with what its time limits go by. `settled`: its transaction is over, so it may be remembered."""

    kind: Kind
    settled: bool
    calendar: Calendar | None
    zone: str


def version_document(conn: Connection[Any], name: str, version: int) -> Found | None:
    """The kind as published in this version; None where there is no such version."""
    with conn.cursor(row_factory=dict_row) as cursor:
        row = cursor.execute(queries["version_document"], {"kind": name, "version": version}).fetchone()
    if row is None:
        return None
    calendar = msgspec.json.decode(row["calendar"], type=Calendar) if row["calendar"] else None
    return Found(from_json(row["document"]), row["settled"], calendar, row["zone"])


def latest_versions(conn: Connection[Any]) -> list[VersionLine]:
    """The newest version of every kind, by name."""
    with conn.cursor(row_factory=class_row(VersionLine)) as cursor:
        return cursor.execute(queries["latest_versions"]).fetchall()


def versions_of(conn: Connection[Any], name: str, *, limit: int = VERSIONS_MAX) -> list[VersionLine]:
    """The versions of one kind, newest first."""
    with conn.cursor(row_factory=class_row(VersionLine)) as cursor:
        return cursor.execute(queries["versions_of"], {"kind": name, "limit": limit}).fetchall()


def state_of_kinds(conn: Connection[Any]) -> str:
    """Another text whenever a version has been published."""
    row = conn.execute(queries["state_of_kinds"]).fetchone()
    assert row is not None, "An aggregate has a row."
    return str(row[0])


def dimensions(conn: Connection[Any]) -> set[str]:
    """The attributes that are counted wherever a kind has them."""
    return {row[0] for row in conn.execute(queries["dimensions"]).fetchall()}


def vocabulary(conn: Connection[Any]) -> str:
    """What all published versions name, as the JSON of a `searchable.Vocabulary`."""
    row = conn.execute(queries["vocabulary"]).fetchone()
    assert row is not None, "An aggregate has a row."
    return str(row[0])


def publish_version(
    conn: Connection[Any], kind: Kind, *, version: int, published_by: str, comment: str | None
) -> None:
    """Write one more version. Raises KindTaken where that number is taken, InvalidKind where its calendar is unknown."""
    row = {
        "kind": kind.kind,
        "version": version,
        "document": to_json(kind).decode(),
        "digest": digest(kind),
        "published_by": published_by,
        "comment": comment,
    }
    try:
        conn.execute(queries["publish_version"], row)
    except UniqueViolation:
        # Only a caller whose snapshot is older than the lock comes here (REPEATABLE READ).
        raise KindTaken(
            f"Version {version} of {kind.kind!r} has just been published by somebody else. Try again.",
            kind=kind.kind,
            version=version,
        ) from None
    except ForeignKeyViolation:  # the calendar: a version refers to nothing else
        detail = f"There is no calendar {kind.calendar!r}."
        remedy = "Set it first: viertakt calendars set FILE."
        fault = Fault("/calendar", "unknown_calendar", detail, kind.calendar, remedy)
        raise InvalidKind(f"{detail} {remedy}", faults=(fault,)) from None


def hidden_attributes(conn: Connection[Any]) -> dict[str, frozenset[str]]:
    """By kind, what an earlier version keeps openly and the newest to declare it calls personal."""
    rows = conn.execute(queries["hidden_attributes"]).fetchall()
    return {str(kind): frozenset(names) for kind, names in rows}
