"""What a doctor looks at: each examination asks one question of the database and answers with one finding."""

import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

import msgspec
from psycopg import Error, IsolationLevel
from psycopg.rows import dict_row

from viertakt.access.actions import people
from viertakt.db.migrate import pending
from viertakt.db.partitions import FILL_FACTORS, next_month
from viertakt.db.pool import Connection, connect
from viertakt.db.queries import load
from viertakt.errors import ViertaktError
from viertakt.journal.reading import delay, lag
from viertakt.kinds.actions import Kinds
from viertakt.kinds.reasons import load_catalogue
from viertakt.kinds.rules import check_kind
from viertakt.operations.model import Operation
from viertakt.operations.reading import read_as_of, read_operation
from viertakt.wiring import DIFFERENCES

queries = load(__package__)

VERSION_MIN, VERSION_MAX = 16, 18
CLOCK_SECONDS_MAX = 5
SAMPLE = 100  # twice: the newest and the oldest; each costs two short queries
WAITS_MAX = timedelta(seconds=60)
BEHIND_MAX = 10_000
RECOUNT_MAX = 500_000  # entries; a recount of so many takes some seconds
TRIGGERS = {
    "history_stays",
    "history_is_not_truncated",
    "published_kind_stays",
    "published_kinds_stay",
    "journal_stays",
    "journal_is_not_truncated",
}


class State(StrEnum):
    GOOD = "good"
    NOTE = "note"
    RED = "red"


class Finding(msgspec.Struct, frozen=True):
    """What was looked at, how it is, and the sentence that says so, with the remedy where it is not well."""

    name: str
    state: State
    detail: str


def examine(url: str) -> list[Finding]:
    """Every finding, in order; after one without which the next cannot be asked there are no more."""
    try:
        with connect(url, application_name="viertakt-doctor", autocommit=True) as conn:
            # Of transactions begun below: row and history are looked at as of one moment, and nothing is changed.
            conn.isolation_level, conn.read_only = IsolationLevel.REPEATABLE_READ, True
            found = [_guarded(name, look, conn) for name, look in FIRST]
            if any(finding.state is State.RED for finding in found[:2]):
                return found
            return [*found, *(_guarded(name, look, conn) for name, look in THEN)]
    except Error as fault:
        said = str(fault).strip().splitlines()[0] if str(fault).strip() else type(fault).__name__
        return [Finding("database", State.RED, f"It does not answer: {said}.")]


def _guarded(name: str, look: Callable[[Connection], tuple[State, str]], conn: Connection) -> Finding:
    """An examination that fails is a finding: a doctor who faints helps nobody."""
    try:
        return Finding(name, *look(conn))
    except ViertaktError as refusal:
        return Finding(name, State.RED, refusal.detail)
    except Error as fault:
        return Finding(name, State.RED, f"It could not be examined: {str(fault).strip()}.")


def _server(conn: Connection) -> tuple[State, str]:
    facts = _row(conn, "doctor_server")
    major = facts["version"] // 10_000
    if not VERSION_MIN <= major <= VERSION_MAX:
        return State.RED, f"PostgreSQL {major} is not supported; use {VERSION_MIN} to {VERSION_MAX}."
    if facts["standby"]:
        return State.RED, "It is a standby, which takes no writes; name the primary."
    return State.GOOD, f"PostgreSQL {major}.{facts['version'] % 10_000} answers."


def _migrations(conn: Connection) -> tuple[State, str]:
    behind = [migration.name for migration in pending(conn)]
    if behind:
        return State.RED, f"Behind by {', '.join(behind)}: run viertakt migrate."
    return State.GOOD, "All are applied, and none was edited since."


def _durability(conn: Connection) -> tuple[State, str]:
    facts = _row(conn, "doctor_server")
    off = [name for name in ("fsync", "full_page_writes") if facts[name] != "on"]
    if facts["synchronous_commit"] == "off":
        off.append("synchronous_commit")
    if off:
        return (
            State.RED,
            f"{', '.join(off)} is off: a power cut may lose or spoil what was confirmed. Switch it on.",
        )
    return State.GOOD, "What is confirmed is on disk."


def _checksums(conn: Connection) -> tuple[State, str]:
    if _row(conn, "doctor_server")["checksums"] != "on":
        return (
            State.RED,
            "Data checksums are off: a bad disk goes unnoticed. Stop the server and run pg_checksums --enable.",
        )
    return State.GOOD, "Data checksums are on."


def _clock(conn: Connection) -> tuple[State, str]:
    apart = abs(_row(conn, "doctor_server")["clock"] - time.time())
    if apart > CLOCK_SECONDS_MAX:
        return (
            State.NOTE,
            f"The database's clock and this machine's are {apart:.0f} seconds apart; deadlines use the former.",
        )
    return State.GOOD, "The database's clock and this machine's agree."


def _rights(conn: Connection) -> tuple[State, str]:
    facts = _row(conn, "doctor_owned")
    if not facts:
        return State.RED, "The role viertakt_app is missing: run viertakt migrate."
    if facts["owned"] or facts["mighty"]:
        return (
            State.RED,
            f"viertakt_app owns {facts['owned']} object(s) or has more than its grants: it could rewrite history.",
        )
    return State.GOOD, "viertakt_app owns nothing."


def _history_stays(conn: Connection) -> tuple[State, str]:
    on = {row["tgname"] for row in _rows(conn, "doctor_triggers") if row["enabled"]}
    missing = sorted(TRIGGERS - on)
    if missing:
        return State.RED, f"Off or missing: {', '.join(missing)}. What is written could be changed unseen."
    return State.GOOD, "History and published kinds refuse changes."


def _partitions(conn: Connection) -> tuple[State, str]:
    now = datetime.now(UTC)
    names = [f"{parent}_{month:%Y%m}" for parent in FILL_FACTORS for month in (now, next_month(now))]
    rows = _rows(conn, "doctor_partitions", names=msgspec.json.encode(names).decode())
    missing = [row["name"] for row in rows if not row["there"]]
    if missing:
        return (
            State.NOTE,
            f"Missing: {', '.join(missing)}; rows go to the default partition. Run viertakt migrate.",
        )
    return State.GOOD, "This month and the next have theirs."


def _kinds(conn: Connection) -> tuple[State, str]:
    catalogue = load_catalogue()
    known = Kinds().all_latest(conn)
    faulty = {one.kind.kind: len(faults) for one in known if (faults := check_kind(one.kind, catalogue))}
    if faulty:
        told = ", ".join(f"{kind} ({count})" for kind, count in faulty.items())
        return State.RED, f"Faults in {told}: publish a mended version."
    orphans = _row(conn, "doctor_unpublished")["count"]
    if orphans:
        return (
            State.RED,
            f"{orphans} operation(s) are pinned to a version of a kind that was never published.",
        )
    return State.GOOD if known else State.RED, f"{len(known)} published, all sound."


def _replay(conn: Connection) -> tuple[State, str]:
    kinds = Kinds()
    sample = [row["operation_id"] for row in _rows(conn, "doctor_sample", limit=SAMPLE)]
    wrong = []
    for operation_id in sample:
        with conn.transaction():
            present = read_operation(conn, operation_id)
            published = kinds.at(conn, present.kind, present.kind_version)
            told = read_as_of(conn, operation_id, datetime.max.replace(tzinfo=UTC), published=published)
        if _told(told) != _told(present):
            wrong.append(str(operation_id))
    if wrong:
        return (
            State.RED,
            f"{len(wrong)} of {len(sample)} operations are not what their history tells: {', '.join(wrong[:5])}.",
        )
    return State.GOOD, f"{len(sample)} operations looked at: each is what its history tells."


def _told(operation: Operation) -> tuple[object, ...]:
    """What the history alone decides."""
    return (
        operation.stage, operation.status, operation.version, operation.entered_at, operation.closed_at,
        operation.amount, operation.attributes,
    )  # fmt: skip


def _journal(conn: Connection) -> tuple[State, str]:
    facts = _row(conn, "doctor_journal")
    if facts["holes"]:
        return (
            State.RED,
            f"{facts['holes']} position(s) are missing: whoever follows the journal cannot trust it.",
        )
    waits = delay(conn)
    if waits > WAITS_MAX:
        return (
            State.RED,
            f"Entries have waited {waits.total_seconds():.0f} s for their place: is a worker running?",
        )
    behind = {name: entries for name, entries in lag(conn).items() if entries > BEHIND_MAX}
    if behind:
        told = ", ".join(f"{name} by {entries:,}" for name, entries in behind.items())
        return State.NOTE, f"Behind: {told} entries. They catch up while a worker runs."
    return State.GOOD, f"{facts['position']:,} entries in order, none missing."


def _projections(conn: Connection) -> tuple[State, str]:
    if _row(conn, "doctor_journal")["position"] > RECOUNT_MAX:
        return State.NOTE, "Too many to recount in passing: run viertakt journal verify."
    wrong = sorted(name for name, differing in DIFFERENCES.items() if differing(conn))
    if wrong:
        return State.RED, f"{', '.join(wrong)} differ from the history: run viertakt journal rebuild NAME."
    return State.GOOD, f"{', '.join(DIFFERENCES)}: each is what the history says."


def _people(conn: Connection) -> tuple[State, str]:
    admins = [one for one in people(conn) if one.active and "admin" in one.roles]
    if not admins:
        return State.NOTE, "No administrator can sign in: viertakt people add --role admin."
    return State.GOOD, f"{len(admins)} administrator(s) can sign in."


FIRST: Iterable[tuple[str, Callable[[Connection], tuple[State, str]]]] = (
    ("database", _server),
    ("migrations", _migrations),
    ("durability", _durability),
    ("checksums", _checksums),
    ("clock", _clock),
)
THEN: Iterable[tuple[str, Callable[[Connection], tuple[State, str]]]] = (
    ("rights", _rights),
    ("history stays", _history_stays),
    ("partitions", _partitions),
    ("kinds", _kinds),
    ("history tells", _replay),
    ("journal", _journal),
    ("projections", _projections),
    ("people", _people),
)


def _rows(conn: Connection, query: str, **parameters: object) -> list[dict[str, Any]]:
    with conn.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(queries[query], parameters).fetchall()


def _row(conn: Connection, query: str) -> dict[str, Any]:
    return next(iter(_rows(conn, query)), {})
