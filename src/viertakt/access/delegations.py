"""Standing in: who consents in whose name, and who is away. Said by the person, or by who manages; it ends by itself.

    a person ── says: B stands in for me until Monday ──► B's consents count by that person's grants, as "B for that person"

Ending one early raises the stand-in's `access_version`: a consent that was decided on it a moment before is not written.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
from psycopg import Connection
from psycopg.rows import dict_row

from viertakt.access import audit_store, store
from viertakt.access.audit_model import ChangeSort
from viertakt.access.model import Actor, ActorId
from viertakt.access.rules import may_manage
from viertakt.db.queries import load
from viertakt.errors import Forbidden, Invalid, NotFound

LENGTH_MAX = timedelta(days=366)
# Where an installation asks two people for changes of access (decision 0043): longer absences are said anew.
LENGTH_MAX_OF_TWO = timedelta(days=31)
OPEN_MAX = 20  # of one person: more are a slip, and each is read with every verdict of the stand-in
LISTED_MAX = 1000

_queries = load(__package__, "delegations.sql")


class Delegation(msgspec.Struct, frozen=True):
    """Who consents in whose name. `absent`: the person is away meanwhile; `in_force`: it has begun."""

    id: int
    person: ActorId
    person_name: str
    stand_in: ActorId
    stand_in_name: str
    absent: bool
    from_at: datetime
    until_at: datetime
    said_by: ActorId
    said_at: datetime
    in_force: bool


class NewDelegation(msgspec.Struct, frozen=True):
    """What is to be said. No `from_at`: from now on."""

    person: ActorId
    stand_in: ActorId
    until_at: datetime
    from_at: datetime | None = None
    absent: bool = False


def delegate(
    conn: Connection[Any], new: NewDelegation, *, by: Actor, length_max: timedelta = LENGTH_MAX
) -> Delegation:
    """Let somebody consent in a person's name. Raises `Forbidden`, `Invalid`, `NotFound`."""
    _check_by(by, new.person)
    _check_times(new, length_max)
    if new.person == new.stand_in:
        raise Invalid("Nobody stands in for themselves.")
    for actor in sorted({new.person, new.stand_in}):
        if not actor.startswith("person:") or not store.lock_actor(conn, actor):
            raise NotFound(f"No active person has the id {actor[:100]!r}.")
    if sum(one.person == new.person for one in delegations(conn, of=new.person)) >= OPEN_MAX:
        raise Invalid(f"At most {OPEN_MAX} stand in for one person at a time; end one first.")
    values = {**msgspec.structs.asdict(new), "said_by": by.id}
    (row,) = _rows(conn, "add_delegation", values)
    audit_store.note(
        conn,
        ChangeSort.DELEGATED,
        by=by.id,
        about=new.person,
        detail={
            "delegation": row["delegation_id"],
            "stand_in": new.stand_in,
            "absent": new.absent,
            "until": new.until_at.astimezone(UTC).isoformat(),
        },
    )
    return read_delegation(conn, row["delegation_id"])


def end_delegation(conn: Connection[Any], delegation_id: int, *, by: Actor) -> None:
    """End it before its time, at once: the person, the stand-in, or who manages. Raises `NotFound`."""
    found = read_delegation(conn, delegation_id)
    if by.id != found.stand_in and not _may_say(by, found.person):
        raise _not_there(delegation_id)  # to others it is not there
    active = store.lock_actor(conn, found.stand_in)
    if not _rows(conn, "end_delegation", {"delegation_id": delegation_id, "by": by.id}):
        raise _not_there(delegation_id)
    store.raise_access_version(conn, found.stand_in, active=bool(active))
    detail = {"delegation": delegation_id, "stand_in": found.stand_in}
    audit_store.note(conn, ChangeSort.DELEGATION_ENDED, by=by.id, about=found.person, detail=detail)


def delegations(conn: Connection[Any], *, of: ActorId | None = None) -> list[Delegation]:
    """Those that hold or will, the next to end first, at most 1,000; `of` one person, on either side."""
    parameters = {"of": of, "delegation_id": None, "limit": LISTED_MAX}
    return msgspec.convert(_rows(conn, "delegations", parameters), list[Delegation])


def read_delegation(conn: Connection[Any], delegation_id: int) -> Delegation:
    """One that holds or will. Raises `NotFound`."""
    rows = _rows(conn, "delegations", {"of": None, "delegation_id": delegation_id, "limit": 1})
    if not rows:
        raise _not_there(delegation_id)
    return msgspec.convert(rows[0], Delegation)


def represented_by(conn: Connection[Any], stand_in: ActorId) -> list[ActorId]:
    """In whose name somebody consents at this moment, by the primary's clock."""
    rows = _rows(conn, "represented_by", {"stand_in": stand_in, "limit": LISTED_MAX})
    return [ActorId(row["person"]) for row in rows]


def _not_there(delegation_id: int) -> NotFound:
    return NotFound(f"No delegation {delegation_id} is in force.")


def _may_say(by: Actor, person: ActorId) -> bool:
    return by.id == person or may_manage(by)


def _check_by(by: Actor, person: ActorId) -> None:
    if not _may_say(by, person):
        raise Forbidden(
            f"{by.name} says only who stands in for {by.name}; for others it takes a grant that says 'manage'."
        )


def _check_times(new: NewDelegation, length_max: timedelta) -> None:
    now = datetime.now(UTC)  # the table holds what must hold; this only finds the slip of a pen
    for moment in (new.from_at, new.until_at):
        if moment is not None and moment.tzinfo is None:
            raise Invalid("Beginning and end need a time zone.")
    begins = new.from_at or now
    if new.until_at <= begins or new.until_at <= now:
        raise Invalid("It ends after it begins, and not in the past.")
    if new.until_at - begins > length_max or begins - now > LENGTH_MAX:
        raise Invalid(f"It begins within {LENGTH_MAX.days} days and lasts {length_max.days} at most.")


def _rows(conn: Connection[Any], name: str, parameters: dict[str, Any]) -> list[dict[str, Any]]:
    with conn.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(_queries[name], parameters).fetchall()
