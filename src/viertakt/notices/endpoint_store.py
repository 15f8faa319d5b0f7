"""The tables of endpoints and their deliveries."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from psycopg import Connection

from viertakt.access.model import ActorId
from viertakt.db.queries import load
from viertakt.notices.endpoint_model import (
    Again,
    Attempt,
    Claimed,
    Delivery,
    Endpoint,
    EndpointId,
    EndpointSort,
    Health,
    Standing,
)
from viertakt.notices.model import Line
from viertakt.notices.store import Stood, stood
from viertakt.operations.model import Entry, EntrySort, Operation

_queries = load(__package__, "endpoints.sql")
_deliveries = load(__package__, "endpoint_deliveries.sql")
_encode = msgspec.json.Encoder().encode
_endpoints = msgspec.json.Decoder(list[Endpoint])
_listed = msgspec.json.Decoder(list[Delivery])
_attempts = msgspec.json.Decoder(list[Attempt])


class _Row(msgspec.Struct, frozen=True):
    position: int
    entry: Entry
    operation: Operation
    then: Stood | None

    @property
    def line(self) -> Line:
        return Line(self.position, self.entry, self.operation, stood(self.operation, self.then), None)


class _Delivered(msgspec.Struct, frozen=True):
    endpoint: EndpointId
    number: int
    line: _Row


_rows = msgspec.json.Decoder(list[_Row])
_delivered = msgspec.json.Decoder(list[_Delivered])


def add_endpoint(
    conn: Connection[Any],
    id_: EndpointId,
    sort: EndpointSort,
    *,
    name: str,
    address: bytes,
    shown: str,
    owner: ActorId,
    query: str,
    entries: Sequence[EntrySort],
    stages: Sequence[str],
    alerts: bool,
    place: int,
) -> None:
    """A new endpoint."""
    parameters = {
        "id": id_,
        "sort": sort.value,
        "name": name,
        "address": address,
        "shown": shown,
        "owner": owner,
        "query": query,
        "entries": [one.value for one in entries],
        "stages": list(stages),
        "alerts": alerts,
        "place": place,
    }
    conn.execute(_queries["add_endpoint"], parameters)


def read_endpoints(
    conn: Connection[Any], *, owner: ActorId | None = None, id_: EndpointId | None = None
) -> list[Endpoint]:
    """Endpoints by name: of one owner, or one alone; all without either."""
    return _endpoints.decode(_value(conn, _queries["read_endpoints"], {"owner": owner, "id": id_}))


def count_endpoints(conn: Connection[Any], owner: ActorId) -> int:
    """How many endpoints somebody has."""
    return int(_value(conn, _queries["count_endpoints"], {"owner": owner}))


def lock_endpoint(conn: Connection[Any], id_: EndpointId) -> None:
    """Hold an endpoint until the transaction ends."""
    conn.execute(_queries["lock_endpoint"], {"id": id_})


def change_endpoint(
    conn: Connection[Any],
    id_: EndpointId,
    *,
    name: str,
    query: str,
    entries: Sequence[EntrySort],
    stages: Sequence[str],
    alerts: bool,
    address: bytes | None,
    shown: str,
) -> None:
    """Write what an endpoint is to be."""
    parameters = {
        "id": id_,
        "name": name,
        "query": query,
        "entries": [one.value for one in entries],
        "stages": list(stages),
        "alerts": alerts,
        "address": address,
        "shown": shown,
    }
    conn.execute(_queries["change_endpoint"], parameters)


def switch_endpoint(conn: Connection[Any], id_: EndpointId, state: str, why: str | None) -> bool:
    """On, off or ended; whether it was not already."""
    return conn.execute(_queries["switch_endpoint"], {"id": id_, "state": state, "why": why}).rowcount > 0


def move_place(conn: Connection[Any], id_: EndpointId, place: int) -> None:
    """Where an endpoint goes on."""
    conn.execute(_queries["move_place"], {"id": id_, "place": place})


def add_secret(
    conn: Connection[Any], endpoint: EndpointId, id_: UUID, sealed: bytes, *, overlap: timedelta
) -> None:
    """One more secret; those before it end after `overlap`."""
    conn.execute(_queries["forget_secrets"], {"endpoint": endpoint})
    parameters = {"endpoint": endpoint, "id": id_, "sealed": sealed, "overlap": overlap}
    conn.execute(_queries["add_endpoint_secret"], parameters)


def sealed_of(
    conn: Connection[Any], ids: Collection[EndpointId]
) -> dict[EndpointId, tuple[bytes, list[tuple[UUID, bytes]]]]:
    """The sealed addresses and secrets of endpoints, the newest secret first."""
    rows = conn.execute(_queries["sealed_of"], {"ids": list(ids)}).fetchall()
    return {
        id_: (bytes(address), [(secret, bytes(text)) for secret, text in zip(secrets, sealed, strict=True)])
        for id_, address, secrets, sealed in rows
    }


def standings(conn: Connection[Any], ids: Collection[EndpointId]) -> dict[EndpointId, Standing]:
    """How it goes with endpoints."""
    rows = conn.execute(_queries["standing"], {"ids": list(ids)}).fetchall()
    return {row[0]: Standing(*row[1:]) for row in rows}


def recorded_at(conn: Connection[Any], position: int) -> tuple[int, datetime] | None:
    """The next position from here on, and when its entry was written."""
    row = conn.execute(_queries["recorded_at"], {"position": position}).fetchone()
    return None if row is None else (row[0], row[1])


def owner_versions(conn: Connection[Any], actors: Collection[ActorId]) -> dict[ActorId, int]:
    """Of these actors the active ones, with the version of their rights."""
    return dict(conn.execute(_queries["owner_versions"], {"actors": sorted(actors)}).fetchall())


def kinds_as_of(conn: Connection[Any]) -> int:
    """How often kinds have changed."""
    return int(_value(conn, _queries["kinds_as_of"], {}))


def to_place(conn: Connection[Any], head: int) -> list[Endpoint]:
    """Active endpoints that are not at the journal's end."""
    return _endpoints.decode(_value(conn, _deliveries["to_place"], {"head": head}))


def hold_placed(conn: Connection[Any], asked: Sequence[Endpoint]) -> set[EndpointId]:
    """Of these endpoints those that are as they were read, held until the transaction ends."""
    rows = [{"endpoint": one.id, "place": one.place, "changed_at": one.changed_at} for one in asked]
    found = conn.execute(_deliveries["hold_placed"], {"rows": _json(rows)}).fetchall()
    return {row[0] for row in found}


def any_active(conn: Connection[Any]) -> bool:
    """Whether anybody is told anything."""
    return bool(_value(conn, _deliveries["any_active"], {}))


def entries_between(
    conn: Connection[Any],
    after: int,
    upto: int,
    *,
    sorts: Collection[EntrySort],
    kinds: Collection[str] | None,
) -> list[Line]:
    """The entries of these positions, in order, of these sorts and kinds."""
    parameters = {
        "after": after,
        "upto": upto,
        "sorts": sorted(sorts),
        "kinds": None if kinds is None else sorted(kinds),
    }
    return [row.line for row in _rows.decode(_value(conn, _deliveries["entries_between"], parameters))]


def lines_of(
    conn: Connection[Any], deliveries: Collection[tuple[EndpointId, int]]
) -> dict[tuple[EndpointId, int], Line]:
    """The entries behind deliveries (endpoint and number)."""
    rows = [{"endpoint": endpoint, "number": number} for endpoint, number in deliveries]
    text = _value(conn, _deliveries["entries_delivered"], {"rows": _json(rows)})
    return {(one.endpoint, one.number): one.line.line for one in _delivered.decode(text)}


def add_deliveries(conn: Connection[Any], found: Sequence[tuple[EndpointId, Line]]) -> None:
    """Deliver these entries: what an endpoint has had is sent again, what it has not gets its next numbers. They are held."""
    rows = [
        {
            "endpoint": endpoint,
            "operation": line.entry.operation_id,
            "seq": line.entry.seq,
            "position": line.position,
            "type": f"operation.{line.entry.sort}",
        }
        for endpoint, line in found
    ]
    text = {"rows": _json(rows)}
    again = conn.execute(_deliveries["send_again"], text).fetchall()
    crossed = conn.execute(_deliveries["add_deliveries"], text).fetchall()
    if again or crossed:
        put_in_line(conn, {*again, *crossed})


def add_test(conn: Connection[Any], endpoint: EndpointId, id_: UUID) -> int:
    """A test delivery; its number."""
    return int(_value(conn, _deliveries["add_test"], {"endpoint": endpoint, "id": id_}))


def hearing_of_alerts(conn: Connection[Any]) -> list[Endpoint]:
    """Active endpoints that are told of alerts and incidents."""
    return _endpoints.decode(_value(conn, _deliveries["hearing_of_alerts"], {}))


def add_announced(
    conn: Connection[Any],
    ids: Collection[EndpointId],
    *,
    topic: str,
    alert: UUID | None,
    type_: str,
    content: bytes,
) -> None:
    """What is told beside the journal (JSON), for these endpoints, as far as they are active; once for each topic."""
    parameters = {
        "ids": list(ids),
        "topic": topic,
        "alert": alert,
        "type": type_,
        "content": content.decode(),
    }
    conn.execute(_deliveries["add_announced"], parameters)


def move_places(conn: Connection[Any], ids: Collection[EndpointId], place: int) -> None:
    """These endpoints have been asked about everything up to there."""
    conn.execute(_deliveries["move_places"], {"ids": list(ids), "place": place})


def hasten(conn: Connection[Any], endpoint: EndpointId) -> None:
    """What waits for its next try is due now, with all its tries before it."""
    conn.execute(_deliveries["hasten"], {"endpoint": endpoint})


def due_endpoints(conn: Connection[Any]) -> list[Endpoint]:
    """Active endpoints with something due."""
    return _endpoints.decode(_value(conn, _deliveries["due_endpoints"], {}))


def claim(conn: Connection[Any], rooms: Sequence[tuple[EndpointId, int]], lease: timedelta) -> list[Claimed]:
    """The next deliveries of these endpoints, as many as each has room for."""
    rows = [{"endpoint": endpoint, "room": room} for endpoint, room in rooms]
    found = conn.execute(_deliveries["claim"], {"rows": _json(rows), "lease": lease}).fetchall()
    return [Claimed(*row) for row in found]


def give_back(conn: Connection[Any], claimed: Sequence[Claimed]) -> None:
    """Let what was claimed be due at once."""
    rows = [{"endpoint": one.endpoint_id, "number": one.number, "attempt": one.attempt} for one in claimed]
    conn.execute(_deliveries["give_back"], {"rows": _json(rows)})


def hold(
    conn: Connection[Any], ids: Collection[EndpointId]
) -> tuple[dict[EndpointId, Health], datetime | None]:
    """How endpoints fare, held until the transaction ends; and what time it is."""
    rows = conn.execute(_deliveries["hold_endpoints"], {"ids": list(ids)}).fetchall()
    return {row[0]: Health(*row[1:4]) for row in rows}, rows[0][4] if rows else None


def settle(conn: Connection[Any], rows: Sequence[dict[str, Any]]) -> set[tuple[EndpointId, int]]:
    """Write what became of deliveries; which of them were still this attempt's."""
    return set(conn.execute(_deliveries["settle"], {"rows": _json(rows)}).fetchall())


def put_in_line(conn: Connection[Any], lines: Collection[tuple[EndpointId, UUID]]) -> None:
    """Let the first of each operation's and each alert's deliveries be due, and those behind it not."""
    rows = [{"endpoint": endpoint, "line": line} for endpoint, line in lines]
    conn.execute(_deliveries["put_in_line"], {"rows": _json(rows)})


def keep_attempts(conn: Connection[Any], rows: Sequence[dict[str, Any]]) -> set[tuple[EndpointId, int, int]]:
    """Keep attempts; which of them were not kept yet, by endpoint, number and attempt."""
    return set(conn.execute(_deliveries["keep_attempts"], {"rows": _json(rows)}).fetchall())


def note_health(conn: Connection[Any], rows: Sequence[dict[str, Any]]) -> None:
    """Write how endpoints fare."""
    conn.execute(_deliveries["note_health"], {"rows": _json(rows)})


def deliveries(
    conn: Connection[Any],
    endpoint: EndpointId,
    *,
    state: str | None = None,
    operation: UUID | None = None,
    number: int | None = None,
    before: int | None = None,
    limit: int = 100,
) -> list[Delivery]:
    """Deliveries of an endpoint, the latest first."""
    parameters = {
        "endpoint": endpoint,
        "state": state,
        "operation": operation,
        "number": number,
        "before": before,
        "limit": limit,
    }
    return _listed.decode(_value(conn, _deliveries["deliveries"], parameters))


def attempts(conn: Connection[Any], endpoint: EndpointId, number: int) -> list[Attempt]:
    """Every attempt to deliver something, the first one first."""
    return _attempts.decode(_value(conn, _deliveries["attempts"], {"endpoint": endpoint, "number": number}))


def kept(conn: Connection[Any], endpoint: EndpointId, wanted: Again, *, after: int, limit: int) -> list[int]:
    """The numbers of what could be sent again, in order; its query not asked."""
    parameters = {
        "endpoint": endpoint,
        "numbers": None if wanted.numbers is None else list(wanted.numbers),
        "states": None if wanted.states is None else list(wanted.states),
        "since": wanted.since,
        "until": wanted.until,
        "after": after,
        "limit": limit,
    }
    return [row[0] for row in conn.execute(_deliveries["kept_deliveries"], parameters).fetchall()]


def count_after(conn: Connection[Any], endpoint: EndpointId, place: int) -> int:
    """How many deliveries an endpoint has had of what comes after a place."""
    return int(_value(conn, _deliveries["after_place"], {"endpoint": endpoint, "place": place}))


def send_again(conn: Connection[Any], endpoint: EndpointId, numbers: Sequence[int]) -> set[UUID]:
    """Deliveries are to be sent once more: of which operations and alerts. What is of neither goes at once."""
    parameters = {"endpoint": endpoint, "numbers": list(numbers)}
    found = conn.execute(_deliveries["send_numbers_again"], parameters).fetchall()
    return {line for (line,) in found if line is not None}


def prune(conn: Connection[Any], kept_for: timedelta) -> None:
    """Forget deliveries that were settled long ago."""
    conn.execute(_deliveries["prune_deliveries"], {"kept": kept_for})


def _json(rows: Sequence[dict[str, Any]]) -> str:
    return _encode(rows).decode()


def _value(conn: Connection[Any], query: Any, parameters: dict[str, Any]) -> Any:
    row = conn.execute(query, parameters).fetchone()
    assert row is not None, "this query always answers"
    return row[0]
