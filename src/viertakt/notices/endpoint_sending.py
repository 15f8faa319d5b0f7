"""Sending deliveries: claimed for a while, sent with no transaction open, and what came of them written down together.

    turn ─ settle what has ended ─ claim, for each endpoint as many as it has room for ─► courier ─ POST ─► ended

A bulkhead for each endpoint: it has a window of so many deliveries under way and no more, and one that fails has a single
one, so receivers that hang hold a few places and never those of others. Claims and what came of them are written in sets,
some thirty times a second at most. Of an operation only the first entry that waits is due, and of an alert the first step:
what comes behind it goes when that has arrived or was given up.

What happens when a worker is killed, at each arrow: what was claimed is due again when its lease ends, and goes out with
the same id. What the dead one still says carries an older attempt and changes nothing. One that is stopped gives it back.
"""

import random
import time
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from threading import Event
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
import structlog
from psycopg import Connection, DataError, IntegrityError, OperationalError

from viertakt.access.model import Actor
from viertakt.access.rules import may_connect
from viertakt.access.sealing import Sealer
from viertakt.db.leases import Ask
from viertakt.errors import Unavailable
from viertakt.journal.reading import head
from viertakt.kinds.actions import Kinds
from viertakt.notices import endpoint_chat as chat
from viertakt.notices import endpoint_payload as payload
from viertakt.notices import endpoint_store as store
from viertakt.notices.announced import Announced, may_see
from viertakt.notices.announced_words import say
from viertakt.notices.endpoint_courier import Courier, Ended, Ready
from viertakt.notices.endpoint_model import (
    TEST,
    Claimed,
    DeliveryState,
    Endpoint,
    EndpointId,
    EndpointSort,
    Health,
    WhyOff,
)
from viertakt.notices.endpoint_owners import Owners, reads
from viertakt.notices.endpoint_placing import may_be_told, switch_off
from viertakt.notices.endpoint_recent import Recent
from viertakt.notices.endpoint_rules import Outcome, health, is_lost, outcome
from viertakt.notices.endpoint_warnings import WARNED, warn
from viertakt.notices.endpoints import Opened, open_endpoint
from viertakt.notices.model import Line
from viertakt.operations.reading import named_in, read_names
from viertakt.outgoing import Networks, Sent, sign
from viertakt.outgoing_http import Resolve, resolve

log = structlog.get_logger(__name__)

LEASE = timedelta(seconds=60)  # an attempt ends within 15
WAIT_SECONDS = 0.02  # for what is under way
GATHER_SECONDS = 0.03  # what ends within is settled together
LOOK_SECONDS = 0.25
STOP_SECONDS = 2.0  # whoever stops a worker waits for it
EXCERPT_MAX = 1024  # characters of an answer that are kept
HEADERS = {"content-type": "application/json", "user-agent": "Viertakt-Webhooks/1", "accept": "*/*"}


class Told(NamedTuple):
    """An entry with the names in it, and in which epoch its position is."""

    line: Line
    names: Mapping[str, str]
    epoch: int


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
        resolver: Resolve = resolve,
    ) -> None:
        """`site`: where people reach the console, for links in chat rooms."""
        self.courier = Courier(allowed, resolver=resolver)
        self.news = Event()  # set by whoever knows that something is due
        self.recent = Recent()  # filled by whoever places it
        self._ask = ask
        self._sealer = sealer
        self._site = site
        self._kinds = kinds or Kinds()
        self._owners = Owners()
        self._opened: dict[EndpointId, tuple[object, Opened | None]] = {}
        self._unwritten: list[Ended] = []  # taken from the courier, and not known to be written

    def turn(self, seconds: float = WAIT_SECONDS) -> float | None:
        """Settle, waiting so long for the first that ends, claim and send; when to look again, None: nothing is under way."""
        self.settle(seconds if self.courier.under_way else 0.0)
        self.courier.begin(self._ask(self._claim))
        return GATHER_SECONDS if self.courier.under_way else None

    def watch(self) -> float:
        """Wait for news or for what ends, and turn. Those that hang are under way for long, and nobody waits for them."""
        until = time.monotonic() + LOOK_SECONDS
        while not self.news.wait(GATHER_SECONDS if self.courier.under_way else LOOK_SECONDS):
            if self.courier.has_ended or time.monotonic() >= until:
                break
        self.news.clear()
        self.turn(0.0)
        return 0.0

    def stop(self, seconds: float = STOP_SECONDS) -> None:
        """Settle what ends within so long, and give back what does not, for whoever goes on. Nothing is begun any more."""
        until = time.monotonic() + seconds
        try:
            while self.courier.under_way and (left := until - time.monotonic()) > 0:
                self.settle(left)
            if begun := self.courier.begun:
                self._ask(lambda conn: store.give_back(conn, begun))
        except OperationalError as fault:  # it is due again when its lease ends
            log.warning("deliveries_not_given_back", fault=str(fault).strip())

    def settle(self, seconds: float) -> None:
        """Write down what has ended, waiting so long for the first. What could not be written is written the next time."""
        self._unwritten += self.courier.take(0.0 if self._unwritten else seconds)
        if not self._unwritten:
            return
        try:
            self._ask(lambda conn: self._settle(conn, self._unwritten))
        except (DataError, IntegrityError):
            self._unwritten = []  # never will be: it is claimed anew when its lease ends, and keeps no other waiting
            raise
        self._unwritten = []

    def _claim(self, conn: Connection[Any]) -> list[Ready]:
        waiting = {one.id: one for one in store.due_endpoints(conn)}
        opened = self._open(conn, set(waiting)) if waiting else {}
        due = {id_: one for id_, one in waiting.items() if id_ in opened}
        rooms = self.courier.rooms(due.values()) if due else []
        claimed = store.claim(conn, rooms, LEASE) if rooms else []
        if not claimed:
            return []
        lines = self._lines(conn, claimed)
        names = read_names(conn, named_in(line.entry for line in lines.values()))
        owners = self._owners.look(conn, {due[one.endpoint_id].owner for one in claimed})
        epoch = head(conn).epoch
        ready = []
        for one in claimed:
            line = lines.get((one.endpoint_id, one.number))
            endpoint = due[one.endpoint_id]
            owner = owners.get(endpoint.owner)
            if one.operation_id is None:
                body = self._beside(conn, endpoint, one, owner)
            else:
                told = None if line is None else Told(line, names, epoch)
                body = self._body(conn, endpoint, one, told, owner)
            ready.append(_ready(one, opened[one.endpoint_id], body))
        return ready

    def _lines(self, conn: Connection[Any], claimed: Sequence[Claimed]) -> dict[tuple[EndpointId, int], Line]:
        """The entries that are to be told."""
        found, unknown = {}, []
        for one in claimed:
            line = self.recent.find(one.operation_id, one.entry_seq)
            if line is not None:
                found[_key(one)] = line
            elif one.operation_id is not None:
                unknown.append(_key(one))
        return found | store.lines_of(conn, unknown) if unknown else found

    def _body(
        self,
        conn: Connection[Any],
        endpoint: Endpoint,
        claimed: Claimed,
        told: Told | None,
        owner: Actor | None,
    ) -> bytes | None:
        """What a receiver is told, with its owner's rights as they are now; None where they may not see it any more."""
        if told is None or owner is None or not may_be_told(owner, told.line):
            return None
        line = told.line
        published = self._kinds.at(conn, line.then.kind, line.then.kind_version)
        if endpoint.sort is not EndpointSort.WEBHOOK:
            language, _ = reads(conn, owner)
            return chat.told(
                endpoint.sort, line, told.names, published.kind, language=language, site=self._site
            )
        return payload.body(claimed, line, published, told.names, reader=owner, epoch=told.epoch)

    def _beside(
        self, conn: Connection[Any], endpoint: Endpoint, claimed: Claimed, owner: Actor | None
    ) -> bytes | None:
        """What a receiver is told beside the journal: a test, an alert, an incident; None where it is not theirs any more."""
        if claimed.content is None:
            return chat.test(endpoint.sort) or payload.test_body(claimed)
        told: Announced = msgspec.convert(claimed.content, Announced)
        if owner is None or not may_connect(owner) or not may_see(conn, owner, told):
            return None
        if endpoint.sort is EndpointSort.WEBHOOK:
            return payload.announced_body(claimed, told)
        language, zone = reads(conn, owner)
        said = say(conn, told, named_in=language, zone=zone)
        return chat.announced(endpoint.sort, said, site=self._site)

    def _open(self, conn: Connection[Any], ids: set[EndpointId]) -> dict[EndpointId, Opened]:
        """Addresses and secrets, opened; what is sealed as it was is not opened again.

        One that this process cannot open waits for a process that can, and keeps none of the others waiting.
        """
        for id_, sealed in store.sealed_of(conn, ids).items():
            known = self._opened.get(id_)
            if known is None or known[0] != sealed:
                opened = None
                try:
                    opened = open_endpoint(self._sealer, id_, *sealed)
                except Unavailable as fault:
                    log.warning("endpoint_cannot_be_opened", endpoint=str(id_), fault=str(fault))
                self._opened[id_] = (sealed, opened)
        return {id_: opened for id_ in ids if (opened := self._opened[id_][1]) is not None}

    def _settle(self, conn: Connection[Any], ended: Sequence[Ended]) -> None:
        """Write what came of these attempts, in one transaction in which their endpoints are held.

        Each counts once: one that is kept already was written by a transaction whose end nobody heard of.
        """
        before, now = store.hold(conn, {one.ready.claimed.endpoint_id for one in ended})
        if now is None:
            return
        held = [one for one in ended if one.ready.claimed.endpoint_id in before]
        fresh = store.keep_attempts(conn, [_attempted(one) for one in held if not one.ready.dropped])
        outcomes = [
            (one, _outcome(one, now))
            for one in held
            if one.ready.dropped or (*_key(one.ready.claimed), one.ready.claimed.attempt) in fresh
        ]
        mine = store.settle(conn, [_settled(one.ready.claimed, came) for one, came in outcomes])
        counted = [
            (one, came) for one, came in outcomes if not one.ready.dropped and _key(one.ready.claimed) in mine
        ]
        self._judge(conn, before, counted, now)
        store.put_in_line(
            conn,
            {
                (one.ready.claimed.endpoint_id, line)
                for one, _ in outcomes
                if (line := one.ready.claimed.line) is not None
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
        warned: list[EndpointId] = []
        off: dict[EndpointId, WhyOff] = {}
        for id_, was in before.items():
            came = [one for ended, one in tried if ended.ready.claimed.endpoint_id == id_]
            found = health(was, came, now=now)
            if found.warned_at and not was.warned_at:
                log.warning("endpoint_failing", endpoint=str(id_), since=str(found.failing_since))
                warned.append(id_)
            if any(one.gone for one in came):
                off[id_] = WhyOff.GONE
            elif is_lost(found, now=now):
                off[id_] = WhyOff.FAILING
            if found != was or found.failures:
                rows.append(_fares(id_, found, failed=any(not one.arrived for one in came), now=now))
        if rows:
            store.note_health(conn, rows)
        for id_ in warned:
            if id_ not in off:
                warn(conn, id_, WARNED)
        for id_, why in off.items():
            switch_off(conn, id_, why)


def _ready(claimed: Claimed, opened: Opened, body: bytes | None) -> Ready:
    if body is None:
        return Ready(claimed, opened, {}, b"", dropped=True)
    headers = HEADERS | signed(opened.secrets, claimed.id, int(time.time()), body)
    return Ready(claimed, opened, headers, body)


def signed(secrets: Sequence[str], id_: UUID, seconds: int, body: bytes) -> dict[str, str]:
    """The headers of Standard Webhooks, with a signature by each secret that holds; none without secrets."""
    each = [sign(secret, str(id_), seconds, body) for secret in secrets]
    if not each:
        return {}
    return each[0] | {"webhook-signature": " ".join(one["webhook-signature"] for one in each)}


def excerpt(sent: Sent) -> str | None:
    """What of an answer is kept: its beginning, or why there is none."""
    if sent.detail is not None:
        return sent.detail[:EXCERPT_MAX].replace("\0", "�")
    text = sent.body[: EXCERPT_MAX * 4].decode("utf-8", "replace")[:EXCERPT_MAX].replace("\0", "�")
    return text or None


def _outcome(ended: Ended, now: datetime) -> Outcome:
    if ended.ready.dropped:
        return Outcome(DeliveryState.DROPPED)
    sent = ended.sent
    status = sent.status if sent.failure is None and sent.detail is None else None
    chance = random.random()  # noqa: S311 - spreads retries, guards nothing
    claimed = ended.ready.claimed
    return outcome(
        status, sent.headers, tries=claimed.tries, chance=chance, now=now, is_test=claimed.type == TEST
    )


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
