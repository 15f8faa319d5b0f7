"""Endpoints: who is told, where and of what; made, changed, tested, switched and asked once more by whoever owns them.

An endpoint is told with its owner's rights, as they are when it is told. Those who manage the installation make them, for
themselves or for another; whose grant says `connect` makes their own. It is there for its owner and for those who manage; an
owner who may no longer be told still reads it, switches it off and ends it.
"""

import base64
import secrets
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from psycopg import Connection
from uuid_utils.compat import uuid4, uuid7

from viertakt import language
from viertakt.access.model import Actor, ActorId
from viertakt.access.rules import may_manage, sees
from viertakt.access.sealing import Sealer
from viertakt.errors import Conflict, Invalid, NotFound
from viertakt.journal.model import Cursor
from viertakt.journal.reading import head, place_of
from viertakt.language import Profile
from viertakt.language.fields import Fields
from viertakt.language.to_predicate import to_judge
from viertakt.notices import endpoint_store as store
from viertakt.notices import endpoint_wanted as checks
from viertakt.notices.endpoint_addresses import check, shown
from viertakt.notices.endpoint_model import (
    CHANGES,
    Again,
    Attempt,
    Delivery,
    Endpoint,
    EndpointId,
    EndpointSort,
    Standing,
    WhyOff,
)
from viertakt.notices.endpoint_rights import check_may_connect, check_may_tell, owner_for
from viertakt.notices.endpoint_stages import check_stages
from viertakt.notices.endpoint_wanted import NAME_LENGTH_MAX, Wanted
from viertakt.outgoing import SECRET_PREFIX, Networks

OWNED_MAX = 100
SECRET_BYTES = 32
OVERLAP = timedelta(days=1)  # how long the old secret signs too, where nobody says
OVERLAP_MAX = timedelta(days=30)
AGAIN_MAX = 10_000  # deliveries sent again by one wish
KEPT_FOR = timedelta(days=90)
BEFORE = timedelta(minutes=1)  # an entry is in order a little after it was written
PAGE = 500


class Opened(NamedTuple):
    """Where an endpoint is, and what it is signed with, the newest secret first."""

    url: str
    secrets: tuple[str, ...]


class Replay(NamedTuple):
    """What is sent again: so many deliveries; of a replay from a place also how many entries are asked about."""

    deliveries: int
    entries: int = 0


def make_endpoint(
    conn: Connection[Any],
    by: Actor,
    sort: EndpointSort,
    wanted: Wanted,
    *,
    sealer: Sealer,
    allowed: Networks,
    fields: Fields,
    persons: int,
    owner: ActorId | None = None,
) -> tuple[Endpoint, str | None]:
    """A new endpoint, and the secret of a webhook, which nobody sees again. `owner`: with whose rights it is told, None: `by`;
    `persons`: how many a change of access takes.

    Raises `Invalid`, `InvalidQuery`, `Forbidden`, `Conflict`.
    """
    of = owner_for(conn, by, owner, persons=persons)
    if store.count_endpoints(conn, of.id) >= OWNED_MAX:
        raise Conflict(f"{of.name} has {OWNED_MAX} endpoints already; end one first.")
    id_ = EndpointId(uuid7())
    url = check(sort, checks.address(wanted.url or ""), allowed)
    query = checks.query(wanted.q or "", fields)
    store.add_endpoint(
        conn,
        id_,
        sort,
        name=shown(sort, url)[:NAME_LENGTH_MAX] if wanted.name is None else checks.name(wanted.name),
        address=sealer.seal(url.encode(), about=_about(id_)),
        shown=shown(sort, url),
        owner=of.id,
        query=query,
        entries=checks.sorts(
            CHANGES if wanted.entries is None else wanted.entries, alerts=bool(wanted.alerts)
        ),
        stages=check_stages(checks.stages(wanted.stages or ()), query, fields),
        alerts=bool(wanted.alerts),
        place=head(conn).position,
    )
    secret = None
    if sort is EndpointSort.WEBHOOK:
        secret = _add_secret(conn, id_, sealer, overlap=timedelta())
    return read_endpoint(conn, id_, reader=by), secret


def list_endpoints(conn: Connection[Any], reader: Actor) -> list[tuple[Endpoint, Standing]]:
    """The reader's endpoints, all where they manage the installation, and how it goes with each."""
    found = store.read_endpoints(conn, owner=None if may_manage(reader) else reader.id)
    standings = store.standings(conn, [one.id for one in found])
    return [(one, standings.get(one.id, Standing())) for one in found]


def read_endpoint(conn: Connection[Any], id_: EndpointId, *, reader: Actor) -> Endpoint:
    """An endpoint. Raises `NotFound`, also where it is another's."""
    found = store.read_endpoints(conn, id_=id_)
    if not found or not (found[0].owner == reader.id or may_manage(reader)):
        raise NotFound(f"There is no endpoint {id_}.")
    return found[0]


def standing_of(conn: Connection[Any], endpoint: Endpoint) -> Standing:
    """How it goes with an endpoint."""
    return store.standings(conn, [endpoint.id]).get(endpoint.id, Standing())


def change_endpoint(
    conn: Connection[Any],
    id_: EndpointId,
    by: Actor,
    wanted: Wanted,
    *,
    sealer: Sealer,
    allowed: Networks,
    fields: Fields,
    persons: int,
) -> Endpoint:
    """An endpoint as it is to be from now on; `persons`: how many a change of access takes.

    Raises `NotFound`, `Forbidden`, `Invalid`, `InvalidQuery`.
    """
    found = _held(conn, id_, by)
    if wanted != Wanted():
        check_may_connect(by)
    url = None if wanted.url is None else check(found.sort, checks.address(wanted.url), allowed)
    alerts = found.alerts if wanted.alerts is None else wanted.alerts
    query = found.query if wanted.q is None else checks.query(wanted.q, fields)
    entries = checks.sorts(found.entries if wanted.entries is None else wanted.entries, alerts=alerts)
    stages = found.stages if wanted.stages is None else checks.stages(wanted.stages)
    if wanted.stages is not None or wanted.q is not None:
        stages = check_stages(stages, query, fields)
    told = (found.query, tuple(sorted(found.entries)), found.stages, found.alerts)
    if url is not None or told != (query, entries, stages, alerts):
        check_may_tell(by, found.owner, persons=persons)
    store.change_endpoint(
        conn,
        id_,
        name=found.name if wanted.name is None else checks.name(wanted.name),
        query=query,
        entries=entries,
        stages=stages,
        alerts=alerts,
        address=None if url is None else sealer.seal(url.encode(), about=_about(id_)),
        shown=found.shown if url is None else shown(found.sort, url),
    )
    return read_endpoint(conn, id_, reader=by)


def switch(conn: Connection[Any], id_: EndpointId, by: Actor, *, on: bool) -> Endpoint:
    """Tell an endpoint nothing more, or go on where it stopped. Raises `NotFound`, and `Forbidden` to go on."""
    found = _held(conn, id_, by)
    if on:
        check_may_connect(by)
    if on != (found.state == "active"):
        store.switch_endpoint(conn, id_, "active" if on else "off", None if on else WhyOff.BY_HAND.value)
        if on:
            store.hasten(conn, id_)
    return read_endpoint(conn, id_, reader=by)


def end(conn: Connection[Any], id_: EndpointId, by: Actor) -> None:
    """An endpoint is no more; what it was sent is kept a while. Raises `NotFound`."""
    _held(conn, id_, by)
    store.switch_endpoint(conn, id_, "ended", WhyOff.BY_HAND.value)


def rotate(
    conn: Connection[Any], id_: EndpointId, by: Actor, *, sealer: Sealer, overlap: timedelta = OVERLAP
) -> str:
    """A new secret, shown once; the old one signs too for as long as `overlap`. Raises `NotFound`, `Forbidden`, `Invalid`."""
    found = _held(conn, id_, by)
    check_may_connect(by)
    if found.sort is not EndpointSort.WEBHOOK:
        raise Invalid("A chat room has no secret of ours: its address is one, so give it another address.")
    if not timedelta() <= overlap <= OVERLAP_MAX:
        raise Invalid(f"The old secret signs for 0 to {OVERLAP_MAX.days} days more.")
    return _add_secret(conn, id_, sealer, overlap=overlap)


def send_test(conn: Connection[Any], id_: EndpointId, by: Actor) -> int:
    """Send a test event; the number of its delivery. Raises `NotFound`, `Forbidden`, `Conflict` while it is off."""
    found = _held(conn, id_, by)
    check_may_connect(by)
    if found.state != "active":
        raise Conflict(f"{found.name} is off; switch it on to test it.")
    return store.add_test(conn, id_, uuid4())


def list_deliveries(
    conn: Connection[Any],
    id_: EndpointId,
    reader: Actor,
    *,
    state: str | None = None,
    operation: UUID | None = None,
    before: int | None = None,
    limit: int = 100,
) -> list[Delivery]:
    """Deliveries of an endpoint, the latest first. Raises `NotFound`."""
    read_endpoint(conn, id_, reader=reader)
    return store.deliveries(conn, id_, state=state, operation=operation, before=before, limit=limit)


def read_delivery(
    conn: Connection[Any], id_: EndpointId, number: int, reader: Actor
) -> tuple[Delivery, list[Attempt]]:
    """A delivery and every attempt, the first one first. Raises `NotFound`."""
    read_endpoint(conn, id_, reader=reader)
    found = store.deliveries(conn, id_, number=number, limit=1)
    if not found:
        raise NotFound(f"There is no delivery {number} of endpoint {id_}.")
    return found[0], store.attempts(conn, id_, number)


def send_again(
    conn: Connection[Any], id_: EndpointId, by: Actor, wanted: Again, *, fields: Fields, dry_run: bool = False
) -> Replay:
    """Send kept deliveries once more, with the ids and numbers they have; how many.

    Raises `NotFound`, `Forbidden`, `Invalid`, `InvalidQuery`.
    """
    found = _held(conn, id_, by)
    check_may_connect(by)
    if wanted == Again():
        raise Invalid("Say which: numbers, states, a time, or a query.")
    numbers = _found(conn, found, by, wanted, fields)
    if not dry_run and numbers:
        lines = store.send_again(conn, id_, numbers)
        store.put_in_line(conn, {(id_, line) for line in lines})
    return Replay(len(numbers))


def replay_from(
    conn: Connection[Any], id_: EndpointId, by: Actor, start: Cursor | datetime, *, dry_run: bool = False
) -> Replay:
    """Ask an endpoint about everything after a place, or since a time: what it has had is sent again, what not gets a number.

    Raises `NotFound`, `Forbidden`, `InvalidCursor`.
    """
    found = _held(conn, id_, by)
    check_may_connect(by)
    finish = head(conn)
    place = place_at(conn, start) if isinstance(start, datetime) else place_of(conn, start, finish)
    place = min(place, found.place)
    if not dry_run:
        store.move_place(conn, id_, place)
        store.hasten(conn, id_)
    return Replay(store.count_after(conn, id_, place), finish.position - place)


def place_at(conn: Connection[Any], since: datetime) -> int:
    """The place after which everything of this time stands, and a minute of what was before."""
    low, high = 0, head(conn).position  # the place is in between; what is there at `low` was written before
    while low < high:
        middle = (low + high) // 2
        found = store.recorded_at(conn, middle + 1)
        if found is None or found[1] + BEFORE >= since:
            high = middle
        else:
            low = min(found[0], high)
    return low


def open_endpoint(
    sealer: Sealer, id_: EndpointId, address: bytes, sealed: Sequence[tuple[UUID, bytes]]
) -> Opened:
    """An endpoint's address and secrets, opened. Raises `Unavailable`."""
    keys = [sealer.open(text, about=_about(id_, secret)).decode() for secret, text in sealed]
    return Opened(sealer.open(address, about=_about(id_)).decode(), tuple(keys))


def prune_endpoints(conn: Connection[Any]) -> None:
    """Forget what was delivered 90 days ago."""
    store.prune(conn, KEPT_FOR)


def _found(conn: Connection[Any], endpoint: Endpoint, by: Actor, wanted: Again, fields: Fields) -> list[int]:
    """The numbers of what is wanted. A query is asked of the operation as it stood at its entry, within what `by` may see."""
    numbers: list[int] = []
    judge = None
    if wanted.q is not None:
        judge = to_judge(language.parse(wanted.q, fields=fields, profile=Profile.ROW))
    after, now = 0, datetime.now(UTC)
    while page := store.kept(conn, endpoint.id, wanted, after=after, limit=PAGE):
        after = page[-1]
        if judge is not None:
            lines = store.lines_of(conn, [(endpoint.id, number) for number in page])
            page = [
                number
                for number in page
                if (line := lines.get((endpoint.id, number)))
                and sees(by, line.then)
                and judge(line.then, now)
            ]
        numbers += page
        if len(numbers) > AGAIN_MAX:
            raise Invalid(f"This is more than {AGAIN_MAX} deliveries; say less, or replay from a place.")
    return numbers


def _held(conn: Connection[Any], id_: EndpointId, by: Actor) -> Endpoint:
    store.lock_endpoint(conn, id_)
    return read_endpoint(conn, id_, reader=by)


def _add_secret(conn: Connection[Any], id_: EndpointId, sealer: Sealer, *, overlap: timedelta) -> str:
    secret = SECRET_PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode("ascii")
    key = uuid7()
    store.add_secret(conn, id_, key, sealer.seal(secret.encode(), about=_about(id_, key)), overlap=overlap)
    return secret


def _about(id_: EndpointId, secret: UUID | None = None) -> str:
    return f"endpoint:{id_}:{secret or 'address'}"
