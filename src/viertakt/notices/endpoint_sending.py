"""Sending deliveries: claimed for a while, sent with no transaction open, and what came of them written down together.

    turn ─ settle what has ended ─ claim, for each endpoint as many as it has room for ─► threads ─ POST ─► ended

A bulkhead for each endpoint: it has so many deliveries under way and no more, and one that fails has a single one, so
receivers that hang hold a few threads and never those of others. Of an operation only the first entry that waits is due:
what comes behind it goes when that has arrived or was given up.

What happens when a worker is killed, at each arrow: what was claimed is due again when its lease ends, and goes out with
the same id. What the dead one still says carries an older attempt and changes nothing.
"""

import random
import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from queue import Empty, SimpleQueue
from typing import Any, NamedTuple
from uuid import UUID

import structlog
from psycopg import Connection

from viertakt.access.model import Actor, ActorId
from viertakt.access.sealing import Sealer
from viertakt.db.leases import Ask
from viertakt.journal.reading import head
from viertakt.kinds.actions import Kinds
from viertakt.notices import endpoint_chat as chat
from viertakt.notices import endpoint_payload as payload
from viertakt.notices import endpoint_store as store
from viertakt.notices.endpoint_model import (
    Claimed,
    DeliveryState,
    Endpoint,
    EndpointId,
    EndpointSort,
    Health,
    WhyOff,
)
from viertakt.notices.endpoint_placing import may_be_told, owner_of, switch_off
from viertakt.notices.endpoint_rules import PROBED_AFTER, Outcome, health, is_lost, outcome
from viertakt.notices.endpoints import Opened, open_endpoint
from viertakt.notices.model import Line
from viertakt.operations.reading import named_in, read_names
from viertakt.outgoing import Networks, Sent, send, sign

log = structlog.get_logger(__name__)

THREADS = 64
UNDER_WAY_MAX = 4  # of one endpoint
PROBES_MAX = 24  # threads that all endpoints which fail may hold together
LEASE = timedelta(seconds=60)  # an attempt ends within 15
WAIT_SECONDS = 0.02  # for what is under way
KNOWN_SECONDS = 1.0  # an owner's rights: what is revoked is told for a second at most
EXCERPT_MAX = 1024  # characters of an answer that are kept
HEADERS = {"content-type": "application/json", "user-agent": "Viertakt-Webhooks/1", "accept": "*/*"}


class Ready(NamedTuple):
    """A delivery as it goes out, or what it comes to without going out."""

    claimed: Claimed
    opened: Opened
    body: bytes
    dropped: bool = False


class Told(NamedTuple):
    """An entry with the names in it, and in which epoch its position is."""

    line: Line
    names: Mapping[str, str]
    epoch: int


class Ended(NamedTuple):
    """What came of one attempt, and when it began."""

    ready: Ready
    at: datetime
    milliseconds: int
    sent: Sent


class Sender:
    """Sends what is due. `ask` answers a question in a transaction of its own. A turn that is not made leaves nothing open."""

    def __init__(
        self,
        ask: Ask,
        sealer: Sealer,
        *,
        allowed: Networks = (),
        site: str | None = None,
        kinds: Kinds | None = None,
        threads: int = THREADS,
    ) -> None:
        """`site`: where people reach the console, for links in chat rooms."""
        self._ask = ask
        self._sealer = sealer
        self._allowed = allowed
        self._site = site
        self._kinds = kinds or Kinds()
        self._threads = threads
        self._pool: ThreadPoolExecutor | None = None
        self._ended: SimpleQueue[Ended] = SimpleQueue()
        self._busy: Counter[EndpointId] = Counter()
        self._owners: dict[ActorId, tuple[float, Actor | None]] = {}

    def turn(self) -> float | None:
        """Settle, claim and send; how long to wait before the next turn, None where nothing is under way."""
        ended = self._take(WAIT_SECONDS if self._busy.total() else 0.0)
        if ended:
            self._ask(lambda conn: self._settle(conn, ended))
        ready = self._ask(self._claim) if self._busy.total() < self._threads else []
        for one in ready:
            self._busy[one.claimed.endpoint_id] += 1
            if one.dropped:
                self._ended.put(Ended(one, datetime.now(UTC), 0, Sent()))
            else:
                self._threads_of().submit(self._send, one)
        return 0.0 if self._busy.total() else None

    def rest(self) -> None:
        """Wait for what is under way and settle it: for tests and for leaving in peace."""
        while self._busy.total():
            ended = self._take(1.0)
            if ended:
                self._ask(lambda conn, ended=ended: self._settle(conn, ended))  # type: ignore[misc]

    def _threads_of(self) -> ThreadPoolExecutor:
        if self._pool is None:
            self._pool = ThreadPoolExecutor(self._threads, "webhook")
        return self._pool

    def _take(self, seconds: float) -> list[Ended]:
        """What has ended; waits so long for the first."""
        found: list[Ended] = []
        try:
            found.append(self._ended.get(timeout=seconds) if seconds else self._ended.get_nowait())
            while True:
                found.append(self._ended.get_nowait())
        except Empty:
            pass
        for one in found:
            self._busy[one.ready.claimed.endpoint_id] -= 1
        self._busy += Counter()  # those without any are forgotten
        return found

    def _claim(self, conn: Connection[Any]) -> list[Ready]:
        due = {one.id: one for one in store.due_endpoints(conn)}
        rooms = share(due.values(), self._busy, self._threads)
        claimed = store.claim(conn, rooms, LEASE) if rooms else []
        if not claimed:
            return []
        lines = store.lines_of(conn, [(one.endpoint_id, one.number) for one in claimed if one.operation_id])
        names = read_names(conn, named_in(line.entry for line in lines.values()))
        opened = open_endpoints(conn, self._sealer, {one.endpoint_id for one in claimed})
        epoch = head(conn).epoch
        ready = []
        for one in claimed:
            line = lines.get((one.endpoint_id, one.number))
            endpoint = due[one.endpoint_id]
            text = (
                chat.test(endpoint.sort) or payload.test_body(one)
                if line is None
                else self._body(conn, endpoint, one, Told(line, names, epoch))
            )
            ready.append(Ready(one, opened[one.endpoint_id], text or b"", dropped=text is None))
        return ready

    def _body(self, conn: Connection[Any], endpoint: Endpoint, claimed: Claimed, told: Told) -> bytes | None:
        """What a receiver is told, with its owner's rights as they are now; None where they may not see it any more."""
        owner = self._owner(conn, endpoint.owner)
        line = told.line
        if owner is None or not may_be_told(owner, line):
            return None
        if endpoint.sort is not EndpointSort.WEBHOOK:
            return chat.told(endpoint.sort, line, told.names, site=self._site)
        published = self._kinds.at(conn, line.then.kind, line.then.kind_version)
        return payload.body(claimed, line, published, told.names, reader=owner, epoch=told.epoch)

    def _owner(self, conn: Connection[Any], actor: ActorId) -> Actor | None:
        known = self._owners.get(actor)
        if known is None or known[0] < time.monotonic():
            known = self._owners[actor] = (time.monotonic() + KNOWN_SECONDS, owner_of(conn, actor))
        return known[1]

    def _send(self, ready: Ready) -> None:
        begun, at = time.monotonic(), datetime.now(UTC)
        sent = Sent(detail="It could not be sent.")
        try:
            secrets = ready.opened.secrets
            headers = HEADERS | signed(secrets, ready.claimed.id, int(at.timestamp()), ready.body)
            sent = send(ready.opened.url, ready.body, headers, allowed=self._allowed)
        finally:
            # Whatever befell it, it costs this delivery a try: what nobody settles would be claimed for ever.
            took = round((time.monotonic() - begun) * 1000)
            self._ended.put(Ended(ready, at, took, sent))

    def _settle(self, conn: Connection[Any], ended: Sequence[Ended]) -> None:
        """Write what came of these attempts, in one transaction in which their endpoints are held."""
        before, now = store.hold(conn, {one.ready.claimed.endpoint_id for one in ended})
        if now is None:
            return
        outcomes = [(one, _outcome(one, now)) for one in ended if one.ready.claimed.endpoint_id in before]
        mine = store.settle(conn, [_settled(one.ready.claimed, came) for one, came in outcomes])
        tried = [(one, came) for one, came in outcomes if not one.ready.dropped]
        store.keep_attempts(conn, [_attempted(one) for one, _ in tried])
        counted = [(one, came) for one, came in tried if _key(one.ready.claimed) in mine]
        self._judge(conn, before, counted, now)
        store.put_in_line(
            conn,
            {
                (one.ready.claimed.endpoint_id, one.ready.claimed.operation_id)
                for one, _ in outcomes
                if one.ready.claimed.operation_id is not None
            },
        )

    def _judge(
        self,
        conn: Connection[Any],
        before: Mapping[EndpointId, Health],
        tried: Sequence[tuple[Ended, Outcome]],
        now: datetime,
    ) -> None:
        """How each endpoint fares now, and whether it is left alone."""
        rows = []
        off: dict[EndpointId, WhyOff] = {}
        for id_, was in before.items():
            came = [one for ended, one in tried if ended.ready.claimed.endpoint_id == id_]
            found = health(was, came, now=now)
            if found.warned_at and not was.warned_at:
                log.warning("endpoint_failing", endpoint=str(id_), since=str(found.failing_since))
            if any(one.gone for one in came):
                off[id_] = WhyOff.GONE
            elif is_lost(found, now=now):
                off[id_] = WhyOff.FAILING
            if found != was or found.failures:
                rows.append(_fares(id_, found, failed=any(not one.arrived for one in came), now=now))
        if rows:
            store.note_health(conn, rows)
        for id_, why in off.items():
            switch_off(conn, id_, why)


def share(
    due: Iterable[Endpoint], busy: Mapping[EndpointId, int], threads: int
) -> list[tuple[EndpointId, int]]:
    """How many deliveries each endpoint may have more, in all no more than there are free threads; those that fail one each."""
    free = threads - sum(busy.values())
    probes = PROBES_MAX
    rooms: dict[EndpointId, int] = {}
    for endpoint in due:
        failing = endpoint.failures >= PROBED_AFTER
        room = (1 if failing else UNDER_WAY_MAX) - busy.get(endpoint.id, 0)
        if failing:
            probes -= 1
            room = room if probes >= 0 else 0
        if room > 0:
            rooms[endpoint.id] = room
    shared: Counter[EndpointId] = Counter()
    while free > 0 and any(shared[id_] < room for id_, room in rooms.items()):
        for id_, room in rooms.items():
            if free > 0 and shared[id_] < room:
                shared[id_] += 1
                free -= 1
    return list(shared.items())


def open_endpoints(conn: Connection[Any], sealer: Sealer, ids: set[EndpointId]) -> dict[EndpointId, Opened]:
    """Addresses and secrets, opened."""
    return {
        id_: open_endpoint(sealer, id_, address, secrets)
        for id_, (address, secrets) in store.sealed_of(conn, ids).items()
    }


def signed(secrets: Sequence[str], id_: UUID, seconds: int, body: bytes) -> dict[str, str]:
    """The headers of Standard Webhooks, with a signature by each secret that holds; none without secrets."""
    each = [sign(secret, str(id_), seconds, body) for secret in secrets]
    if not each:
        return {}
    return each[0] | {"webhook-signature": " ".join(one["webhook-signature"] for one in each)}


def excerpt(sent: Sent) -> str | None:
    """What of an answer is kept: its beginning, or why there is none."""
    if sent.detail is not None:
        return sent.detail[:EXCERPT_MAX]
    text = sent.body[: EXCERPT_MAX * 4].decode("utf-8", "replace")[:EXCERPT_MAX].replace("\0", "�")
    return text or None


def _outcome(ended: Ended, now: datetime) -> Outcome:
    if ended.ready.dropped:
        return Outcome(DeliveryState.DROPPED)
    sent = ended.sent
    status = sent.status if sent.failure is None and sent.detail is None else None
    chance = random.random()  # noqa: S311 - spreads retries, guards nothing
    return outcome(status, sent.headers, tries=ended.ready.claimed.tries, chance=chance, now=now)


def _settled(claimed: Claimed, came: Outcome) -> dict[str, Any]:
    return {
        "endpoint": claimed.endpoint_id,
        "number": claimed.number,
        "attempt": claimed.attempt,
        "state": came.state,
        "due": came.due_at,
    }


def _attempted(ended: Ended) -> dict[str, Any]:
    claimed = ended.ready.claimed
    return {
        "endpoint": claimed.endpoint_id,
        "number": claimed.number,
        "attempt": claimed.attempt,
        "at": ended.at,
        "milliseconds": ended.milliseconds,
        "status": ended.sent.status,
        "failure": ended.sent.failure or ("broken" if ended.sent.detail else None),
        "excerpt": excerpt(ended.sent),
    }


def _fares(id_: EndpointId, found: Health, *, failed: bool, now: datetime) -> dict[str, Any]:
    return {
        "endpoint": id_,
        "failures": found.failures,
        "failing_since": found.failing_since,
        "warned_at": found.warned_at,
        "failed_at": now if failed else None,
    }


def _key(claimed: Claimed) -> tuple[EndpointId, int]:
    return claimed.endpoint_id, claimed.number
