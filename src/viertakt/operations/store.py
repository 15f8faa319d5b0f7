"""The only place that knows the tables `operation`, `entry`, `alias` and `subject_data`.

Sets travel as one JSON value each way: measured with psycopg, arrays of parameters cost more than the work itself.
"""

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from psycopg import Connection

from viertakt.db.queries import load
from viertakt.operations import store_approvals
from viertakt.operations.locked import Present, read_present
from viertakt.operations.model import Entry, MoveRequest, OpenRequest, Operation
from viertakt.operations.rows import Line, Written, decision_row, opening_row, rights_of

Key = tuple[UUID, str, str]  # the operation, the actor, the actor's key for the request
Replays = dict[Key, Entry]

_queries = load(__package__)
_encode = msgspec.json.Encoder().encode

_operations = msgspec.json.Decoder(list[Operation])
_entries = msgspec.json.Decoder(list[Entry])
_written = msgspec.json.Decoder(list[tuple[UUID, int, datetime]])
_names = msgspec.json.Decoder(list[tuple[str, str, UUID]])
_values = msgspec.json.Decoder(dict[str, Any])


def steer(conn: Connection[Any]) -> None:
    """Make a connection one that writes sets: each statement prepared at once, planned once, and by index."""
    conn.prepare_threshold = 0
    conn.execute(_queries["steer_planner"])
    conn.commit()


def lock_operations(
    conn: Connection[Any], ids: Iterable[UUID], keys: Sequence[Key]
) -> tuple[Present, Replays]:
    """The operations that exist among these, locked in order until the transaction ends, and what answers these keys already.

    The keys are read once the locks are held, so none can appear in between.
    """
    locked = read_present(_json(conn, "lock_operations", ids=list(ids)))
    return locked, read_keys(conn, keys) if keys else {}


class _Asked(msgspec.Struct, omit_defaults=True, gc=False):
    operation_id: UUID
    actor: str
    key: str | None = None


def key_asked(request: MoveRequest) -> _Asked:
    """Which operation a request asks for, and the key that may have been answered already."""
    return _Asked(request.operation_id, request.caller.actor.id, request.caller.key)


def read_unlocked(conn: Connection[Any], asked: Sequence[_Asked]) -> Present:
    """The operations that exist among these, not locked, and which of them have answered the key that is asked."""
    return read_present(_json(conn, "read_unlocked", asked=asked))


def write_plain(conn: Connection[Any], lines: Sequence[Line]) -> dict[int, Written]:
    """Write moves that nothing is kept of beside their entries, by the numbers that their operations' ids are; what is missing lost its guard."""
    return {operation.int: (seq, recorded_at) for operation, seq, recorded_at in _written_of(conn, lines)}


def read_keys(conn: Connection[Any], keys: Iterable[Key]) -> Replays:
    """The entries that already answer these."""
    rows = [{"operation_id": operation, "actor": actor, "key": key} for operation, actor, key in keys]
    return {key_of(entry): entry for entry in _entries.decode(_json(conn, "read_keys", keys=rows))}


def key_of(entry: Entry) -> Key:
    """What a request has to carry to be answered by this entry."""
    return entry.operation_id, entry.actor, entry.key or ""


def write_decisions(conn: Connection[Any], lines: Sequence[Line]) -> dict[UUID, Written]:
    """Write moves, amendments, and entries beside them; an operation that is missing in the answer lost its guard.

    Of the last consent and the move it makes, the answer names the consent's entry: it stands first in the history.
    """
    standing = _rightful(conn, lines) if any(line.makes for line in lines) else lines
    written = _write(conn, standing)
    made = [line.makes for line in standing if line.makes and line.decision.operation.id in written]
    if made:
        moved = _write(conn, made)
        assert len(moved) == len(made), "their operations are locked, and so are the rights they rest on"
    write_personal(conn, standing, written.keys())
    store_approvals.write_approvals(conn, standing, written)
    return written


def _rightful(conn: Connection[Any], lines: Sequence[Line]) -> list[Line]:
    """The lines without last consents that count somebody who may not give one any more; the others' rights are held."""
    rights = {right for line in lines if line.makes for right in rights_of(line)}
    rows = [{"actor": actor, "access_version": version} for actor, version in sorted(rights)]
    held = set(conn.execute(_queries["hold_rights"], {"rights": _encode(rows).decode()}).fetchall())
    return [line for line in lines if not line.makes or held.issuperset(rights_of(line))]


def _write(conn: Connection[Any], lines: Sequence[Line]) -> dict[UUID, Written]:
    return {operation: (seq, recorded_at) for operation, seq, recorded_at in _written_of(conn, lines)}


def _written_of(conn: Connection[Any], lines: Sequence[Line]) -> list[tuple[UUID, int, datetime]]:
    rows = [decision_row(line) for line in lines]
    return _written.decode(_json(conn, "write_decisions", decisions=rows))


def write_openings(conn: Connection[Any], lines: Sequence[Line]) -> dict[UUID, Written]:
    """Write new operations with entry 1; one that is missing in the answer lost its guard."""
    rows = [opening_row(line) for line in lines]
    written = _written.decode(_json(conn, "write_openings", decisions=rows))
    write_personal(conn, lines, {row[0] for row in written})
    return {operation: (seq, recorded_at) for operation, seq, recorded_at in written}


def claim_aliases(conn: Connection[Any], requests: Sequence[OpenRequest]) -> dict[tuple[str, str], UUID]:
    """Take every name these openings bring, and say who has each: the opening itself, or an operation that was first."""
    wanted = [
        {"scheme": scheme, "value": value, "operation_id": request.operation_id, "n": n}
        for n, request in enumerate(requests)
        for scheme, value in names_of(request)
    ]
    owners = {(s, v): owner for s, v, owner in _names.decode(_json(conn, "claim_aliases", aliases=wanted))}
    missing = [row for row in wanted if (row["scheme"], row["value"]) not in owners]
    if missing:
        # Asked apart: only a new statement sees what was committed while the claim waited for it.
        found = _names.decode(_json(conn, "alias_owners", aliases=missing))
        owners.update({(scheme, value): owner for scheme, value, owner in found})
    return owners


def names_of(request: OpenRequest) -> list[tuple[str, str]]:
    """Under which names an opening can be found again: its reference, its aliases, its request key."""
    key = key_name(request)
    return [
        reference_name(request.kind, request.reference),
        *request.aliases.items(),
        *([key] if key else []),
    ]


def key_name(request: OpenRequest) -> tuple[str, str] | None:
    """The alias under which an opening's request key is kept: unique across operations, as no entry can make it."""
    caller = request.caller
    return (f"key:{caller.actor.id}", caller.key) if caller.key is not None else None


def reference_name(kind: str, reference: str) -> tuple[str, str]:
    """The alias under which a kind's reference is kept."""
    return f"kind:{kind}", reference


def release_aliases(conn: Connection[Any], ids: Iterable[UUID]) -> None:
    """Give back the names of openings that came to nothing."""
    conn.execute(_queries["release_aliases"], {"ids": _encode(list(ids)).decode()})


def read_operations(conn: Connection[Any], ids: Iterable[UUID]) -> dict[UUID, Operation]:
    """The operations that exist among these, as they stand."""
    found = _operations.decode(_json(conn, "read_operations", ids=list(ids)))
    return {operation.id: operation for operation in found}


def read_openings(conn: Connection[Any], ids: Iterable[UUID]) -> dict[UUID, Entry]:
    """The entries that opened these operations."""
    found = _entries.decode(_json(conn, "read_openings", ids=list(ids)))
    return {entry.operation_id: entry for entry in found}


def read_aliases(conn: Connection[Any], operation_id: UUID) -> dict[str, str]:
    """An operation's other names, by scheme."""
    rows = conn.execute(_queries["read_aliases"], {"operation_id": operation_id}).fetchall()
    return {row[0]: row[1] for row in rows}


def read_personal(conn: Connection[Any], operation_id: UUID) -> dict[str, Any]:
    """The personal attributes of an operation that have not been erased."""
    return _values.decode(_one(conn, "read_personal", {"operation_id": operation_id}))


def read_history(conn: Connection[Any], operation_id: UUID, *, after: int, limit: int) -> list[Entry]:
    """Entries after a place, oldest first, with the personal values that still exist."""
    parameters = {"operation_id": operation_id, "after": after, "limit": limit}
    entries = _entries.decode(_one(conn, "read_history", parameters))
    if not any(entry.commitments for entry in entries):
        return entries
    values = _values.decode(_one(conn, "read_history_personal", {"operation_id": operation_id}))
    return [_with_personal(entry, values) for entry in entries]


def read_opening_personal(conn: Connection[Any], opening: Entry) -> dict[str, Any]:
    """The personal attributes an operation was opened with, as far as they have not been erased."""
    if not opening.commitments:
        return {}
    values = _values.decode(_one(conn, "read_history_personal", {"operation_id": opening.operation_id}))
    return {
        field.removeprefix("attributes."): values[name]
        for field, name in opening.commitments.items()
        if name in values
    }


def read_versions(conn: Connection[Any], operation_id: UUID, at: datetime) -> list[Entry]:
    """The entries that changed an operation up to a moment, oldest first."""
    return _entries.decode(_one(conn, "read_versions", {"operation_id": operation_id, "at": at}))


def read_names(conn: Connection[Any], actors: Iterable[str]) -> dict[str, str]:
    """What these actors are called."""
    names: dict[str, str] = _values.decode(_json(conn, "read_names", actors=sorted(set(actors))))
    return names


def _with_personal(entry: Entry, values: Mapping[str, Any]) -> Entry:
    if not entry.commitments:
        return entry
    known = {field: values[name] for field, name in entry.commitments.items() if name in values}
    return msgspec.structs.replace(entry, personal=known)


def write_personal(conn: Connection[Any], lines: Sequence[Line], written: AbstractSet[UUID]) -> None:
    """Write the values that these lines' entries only commit to, where they were `written`."""
    rows = []
    for line in (part for whole in lines for part in whole.parts()):
        operation = line.decision.operation.id
        if not line.decision.personal or operation not in written:
            continue
        assert line.commitments is not None, (
            "a decision with personal values is committed to before it is written"
        )
        for field, value in line.decision.personal.items():
            salt, _, commitment = line.commitments[field].partition(".")
            rows.append(
                {
                    "operation_id": operation,
                    "commitment": commitment,
                    "field": field,
                    "value": value,
                    "salt": salt,
                }
            )
    if rows:
        conn.execute(_queries["write_personal"], {"values": _encode(rows).decode()})


def _json(conn: Connection[Any], query: str, **sets: object) -> str:
    return _one(conn, query, {name: _encode(value).decode() for name, value in sets.items()})


def _one(conn: Connection[Any], query: str, parameters: Mapping[str, object]) -> str:
    row = conn.execute(_queries[query], parameters).fetchone()
    assert row is not None, "an aggregate always answers one row"
    text: str = row[0]
    return text
