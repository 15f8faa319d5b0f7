"""The bad day: some thousand withdrawals rejected by the wrong filter, noticed hours later, and taken back.

    payday ── wrong filter, a colleague's quick yes ──► all rejected ── the ledger gives funds back, some go on by hand
                                                                              │
           what can be restored is, under two other people; the rest is listed with why ◄── a lead undoes the job
                                                                              │
                                           the ledger comes to what was late, and the undo is repeated for those

                                     whoever was told of a rejection, in the inbox or by mail, was told of its end

Everything goes through the doors that everybody uses: jobs, consents and moves by the people of the demo. Only the countdown
of the jobs is left out, and the hours in between are not waited for: nothing depends on how long they were.
"""

import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial
from random import Random
from typing import Any

import msgspec
from uuid_utils.compat import uuid7

from viertakt.access.actions import actor_by_id, people
from viertakt.access.model import Actor, system
from viertakt.access.rules import visible
from viertakt.bulk import actions
from viertakt.bulk.dry_run import Chosen
from viertakt.bulk.model import Asker, BulkId, Fate, ItemState, Job, JobState, Limits, Wanted
from viertakt.bulk.running import Runner
from viertakt.db.queries import load
from viertakt.demo.cast import DOMAIN
from viertakt.errors import Conflict
from viertakt.kinds.model import KindName, ReasonCode, TransitionName
from viertakt.language import parse, within
from viertakt.notices.model import Channels, NoticeEvent, Pace, SubscriptionId
from viertakt.notices.subscribing import end_subscription, subscribe
from viertakt.operations.model import (
    Answer,
    Caller,
    Money,
    MoveRequest,
    OpenRequest,
    Operation,
    OperationId,
    Verdict,
    VerdictRequest,
)
from viertakt.operations.requests import Request
from viertakt.wiring import Application

COUNT = 4_000
AT_ONCE = 500
TAG = "payday"
LATE = 40  # which the ledger has not come to when the mistake is noticed
BY_HAND = 12  # which were taken back one by one for players who called
WITHDRAWAL = KindName("withdrawal")
# Who follows the day, and how each is told: in the inbox, by mail, and both.
FOLLOWED = (Channels(), Channels(console=False, mail=Pace.HOURLY), Channels(mail=Pace.AT_ONCE))
TOLD_WITHIN = 300.0  # seconds: thirty thousand entries are told in less, on a machine that has other work
LOOK_EVERY = 0.2

_queries = load(__package__)

Tell = Callable[[str], None]


class Heard(msgspec.Struct, frozen=True):
    """Of how many rejections people were told, and how many of these were corrected; by mail what was told by mail."""

    people: int
    told: int
    told_by_mail: int
    corrected: int
    corrected_by_mail: int


class Day(msgspec.Struct, frozen=True):
    """How it ended: how many were rejected, restored at first and later, and why the others were not, by code; who heard of it."""

    rejected: BulkId
    undone: BulkId
    count: int
    restored: int
    restored_later: int
    left: dict[str, int]
    heard: Heard


def play(application: Application, tell: Tell, *, count: int = COUNT, now: datetime) -> Day:
    """Play the bad day in a demo, with a line for each thing that happens. Needs a worker that tells, here or elsewhere.

    Raises `Conflict` where nobody of the demo is there, or nobody tells.
    """
    return _Play(application, tell, count, now).play()


class _Play:
    def __init__(self, application: Application, tell: Tell, count: int, now: datetime) -> None:
        self._application = application
        self._limits: Limits = msgspec.structs.replace(application.bulk, countdown=timedelta(0))
        self._runner = Runner(application.call, application.batch, application.engine, self._limits)
        self._tell, self._count, self._now = tell, count, now
        self._staff = application.call(_staff)
        self._chance = Random(count)  # noqa: S311 - a story needs no secrets

    def play(self) -> Day:
        tag = f"{TAG}-{self._now:%Y%m%d-%H%M%S}"
        self._tell(f"Payday: {self._count:,} withdrawals wait under review, tagged {tag}.")
        since: int = self._application.call(_place)
        followed = self._application.call(partial(self._follow, tag=tag))
        waiting = self._open(tag)
        rejected = self._reject(tag)
        self._tell(
            "Three hours later. The ledger has given most of the funds back; some players have called."
        )
        late, back = waiting[:LATE], waiting[LATE:]
        self._release(back)
        self._by_hand(back[:BY_HAND])
        undone, left = self._undo(rejected)
        self._tell(f"The ledger comes to the {len(late)} that were late, and the undo is repeated for them.")
        self._release(late)
        again, _ = self._undo(rejected)
        heard = self._heard(rejected, since)
        self._application.call(partial(self._unfollow, subscriptions=followed))
        self._tell("Look at it in the console under Bulk: the job, its undo, and each operation's history.")
        return Day(rejected.bulk_id, undone.bulk_id, rejected.done, undone.done, again.done, left, heard)

    def _follow(self, conn: Any, *, tag: str) -> list[tuple[Actor, SubscriptionId]]:
        """Support follows what becomes of payday's rejections, each in another way."""
        fields = self._application.kinds.search_fields(conn)
        return [
            (
                who,
                subscribe(
                    conn,
                    who,
                    NoticeEvent.ENTERED,
                    channels,
                    fields=fields,
                    query=f"kind:{WITHDRAWAL} tag:{tag}",
                    stages=("releasing", "rejected"),
                ).id,
            )
            for who, channels in zip(self._staff["support"], FOLLOWED, strict=False)
        ]

    def _unfollow(self, conn: Any, *, subscriptions: Sequence[tuple[Actor, SubscriptionId]]) -> None:
        for who, subscription in subscriptions:
            end_subscription(conn, who, subscription)

    def _heard(self, rejected: Job, since: int) -> Heard:
        """Who was told of a rejection, and of its end, once everything has been told."""
        about = {"bulk_id": rejected.bulk_id, "since": since, "wrong": ["refuse", "released"]}
        ends = time.monotonic() + TOLD_WITHIN
        while not self._application.call(lambda conn: _row(conn, "everything_told", about)[0]):
            if time.monotonic() > ends:
                raise Conflict("Nobody is told of anything here: a worker is missing.")
            time.sleep(LOOK_EVERY)
        heard = Heard(*self._application.call(lambda conn: _row(conn, "told_and_corrected", about)))
        self._tell(
            f"{heard.people} people were told of {heard.told:,} rejections, {heard.told_by_mail:,} of them by mail; "
            f"{heard.corrected:,} were put right, {heard.corrected_by_mail:,} of them by mail."
        )
        return heard

    def _open(self, tag: str) -> list[OperationId]:
        """Told later than it happened, so that no check takes them on before the people of this story do."""
        began = self._now - timedelta(hours=6)
        openings = [self._opening(tag, n, began + timedelta(seconds=n)) for n in range(self._count)]
        check = Caller(system("check:velocity"))
        for n in range(0, len(openings), AT_ONCE):
            part = openings[n : n + AT_ONCE]
            self._ask(part)
            self._ask(
                [
                    MoveRequest(
                        one.operation_id, check, TransitionName("hold"), at=began + timedelta(hours=2)
                    )
                    for one in part
                ]
            )
        return [one.operation_id for one in openings]

    def _opening(self, tag: str, n: int, at: datetime) -> OpenRequest:
        amount = Decimal(self._chance.randrange(20, 950))
        return OpenRequest(
            operation_id=OperationId(uuid7()),
            caller=Caller(system("till")),
            kind=WITHDRAWAL,
            reference=f"{tag}-{n + 1}",
            subject=f"player-{self._chance.randrange(1, 9000)}",
            brand="casino-nl",
            amount=Money(amount, "EUR"),
            attributes={"method": self._chance.choice(["bank", "card", "wallet"])},
            tags=(tag,),
            at=at,
        )

    def _reject(self, tag: str) -> Job:
        who, other = self._staff["payments"][:2]
        wanted = Wanted(TransitionName("refuse"), ReasonCode("fraud"), "Matches the pattern of last night.")

        def make(conn: Any) -> Job:
            fields = self._application.kinds.search_fields(conn)
            query = within(parse(f"kind:withdrawal tag:{tag}", fields=fields), visible(who))
            chosen = Chosen(query)
            return actions.make_job(
                conn, self._application.engine, wanted, chosen, Asker(who), limits=self._limits
            )[0]

        job = self._application.call(make)
        self._tell(f"{who.name} rejects them all for suspected fraud; the filter was to find twelve of them.")
        self._tell_preview(job)
        job = self._run(job, who, [other])
        self._tell(f"Rejected: {job.done:,}. Nobody has noticed.")
        return job

    def _release(self, ids: Sequence[OperationId]) -> None:
        ledger, released = Caller(system("ledger")), TransitionName("released")
        for n in range(0, len(ids), AT_ONCE):
            self._ask([MoveRequest(one, ledger, released) for one in ids[n : n + AT_ONCE]])

    def _by_hand(self, ids: Sequence[OperationId]) -> None:
        lead, *others = self._staff["payments_lead"]
        for one in ids:
            self._ask(
                [
                    MoveRequest(one, Caller(lead), TransitionName("reinstate"), comment="The player called."),
                    *(VerdictRequest(one, Caller(other), Verdict.APPROVE) for other in others[:2]),
                ]
            )
        self._tell(f"{lead.name} and two others took back {len(ids)} by hand, one by one.")

    def _undo(self, rejected: Job) -> tuple[Job, dict[str, int]]:
        lead, *others = self._staff["payments_lead"]
        job = self._application.call(
            lambda conn: actions.undo_job(
                conn,
                self._application.engine,
                rejected.bulk_id,
                Asker(lead),
                reason=None,
                comment="Rejected by the wrong filter.",
                limits=self._limits,
            )[0]
        )
        self._tell(f"{lead.name} undoes the job:")
        self._tell_preview(job)
        job = self._run(job, lead, others[:2])
        self._tell(f"Back under review, with their funds locked: {job.done:,}.")
        left: dict[str, int] = {}
        skipped = self._application.call(
            lambda conn: actions.list_items(
                conn, job.bulk_id, reader=lead, state=ItemState.SKIPPED, limit=self._count
            )
        )
        for item in skipped:
            left[item.code or ""] = left.get(item.code or "", 0) + 1
        return job, left

    def _run(self, job: Job, who: Actor, others: Sequence[Actor]) -> Job:
        """Start it, let others consent where that is asked, and work it off; the demo's worker helps where it runs."""
        job = self._application.call(
            lambda conn: actions.start_job(
                conn, job.bulk_id, actor=who, confirm=job.affected, limits=self._limits
            )
        )
        for other in others:
            if job.state is JobState.WAITING:
                job = self._consented(job, other)
        while job.state is JobState.RUNNING:
            # A pause only where another worker holds the rest.
            time.sleep(min(self._runner.turn() or 0.0, 1.0))
            job = self._application.call(partial(actions.read_job, bulk_id=job.bulk_id, reader=who))
        return job

    def _consented(self, job: Job, other: Actor) -> Job:
        self._tell(f"  {other.name} consents.")
        return self._application.call(
            lambda conn: actions.say_verdict(
                conn, job.bulk_id, Verdict.APPROVE, actor=other, comment=None, limits=self._limits
            )
        )

    def _tell_preview(self, job: Job) -> None:
        for group in job.preview.groups:
            sums = ", ".join(f"{value:,.2f} {currency}" for currency, value in group.sums.items())
            if group.fate is Fate.SKIPPED:
                self._tell(f"  {group.count:>6,} cannot be: {group.code}. {group.detail}")
            else:
                self._tell(f"  {group.count:>6,} in {group.stage} → {group.to}, {sums}")
        if job.needs:
            needed = "; ".join(f"{need.count} of {' or '.join(need.roles)}" for need in job.needs)
            self._tell(f"  It needs consents: {needed}.")

    def _ask(self, requests: Sequence[Request]) -> list[Operation]:
        """What they came to; a refusal here is a fault of the story."""
        found = []
        for result in self._application.batch.call_all(requests):
            if not isinstance(result, Answer):
                raise result
            found.append(result.operation)
        return found


def _place(conn: Any) -> int:
    place: int = _row(conn, "place", {})[0]
    return place


def _row(conn: Any, query: str, parameters: dict[str, Any]) -> tuple[Any, ...]:
    row: tuple[Any, ...] = conn.execute(_queries[query], parameters).fetchone()
    return row


def _staff(conn: Any) -> dict[str, list[Actor]]:
    """The people of the demo by role."""
    staff: dict[str, list[Actor]] = {}
    for one in people(conn):
        if one.active and one.email.endswith(f"@{DOMAIN}"):
            for role in one.roles:
                staff.setdefault(role, []).append(actor_by_id(conn, one.id))
    if (
        len(staff.get("payments_lead", ())) < 3
        or len(staff.get("payments", ())) < 2
        or not staff.get("support")
    ):
        raise Conflict("The people of the demo are not here: start `viertakt demo` once, then play this.")
    return staff
