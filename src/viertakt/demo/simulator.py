"""Keeps the company alive, as a customer: it opens, moves and reports only through doors that anybody has.

    look ── where does it stand? ── the teller chooses what happens next, and when ──► act ── look again …
      ▲                                                                                 │
      └── checks, deadlines and children are the product's: they are waited for ◄───────┘

Nothing is planned further than one move: somebody in the console may be quicker, a check may decide otherwise, and then
the story goes on from where the operation stands.

What comes in comes from where the month behind came from (`Company.stories`), at its rate for each kind and hour: any other
would be out of the ordinary, and alarm. What comes in is told faster than life; what was under way before goes on at life's
own pace, for its ends come beside those of what comes in. What there is to see meanwhile happens at the desks (`desks`).
"""

import heapq
import itertools
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from threading import Event
from uuid import UUID

import httpx

from viertakt.access.model import Actor, ActorSort
from viertakt.demo.company import Company
from viertakt.demo.customers import People
from viertakt.demo.desks import EVERY, Desks
from viertakt.demo.model import Step, Story
from viertakt.demo.providers import Providers
from viertakt.kinds.model import StageName
from viertakt.operations.model import Money
from viertakt_client import Client, Operation, ViertaktError
from viertakt_client import Money as Sent

# What comes in is told this much faster than life: a review within minutes.
PACE = 40
LONGEST_WAIT = timedelta(hours=4)
MISSED = timedelta(minutes=5)  # what should have come in so long ago never does: the machine slept
# After so long it is looked whether the product has acted, so often at most for one stage.
LOOK_AFTER, LOOKS_MAX = timedelta(seconds=6), 3
TELLINGS = 5  # how often another way is sought when the chosen one is the product's own
TWICE = 0.06  # of a provider's reports come twice

Act = Callable[[datetime], None]


class Simulator:
    """Keeps the company alive until it is told to stop."""

    def __init__(
        self,
        teller: Company,
        platform: Client,
        people: People,
        providers: Providers,
        desks: Desks,
        *,
        ahead: list[Story],
    ) -> None:
        self._teller = teller
        self._platform = platform
        self._people = people
        self._providers = providers
        self._desks = desks
        self._order = itertools.count()
        self._agenda: list[tuple[datetime, int, Act]] = []
        now = datetime.now(UTC)
        self._coming = teller.stories(now)
        self._next_story = next(self._coming)
        self._acts_at = now
        self._under_way = {story.opening.operation_id for story in ahead}
        for story in ahead:
            operation = story.opening.operation_id
            self._at(now + self._wait(operation, story.steps[0].at - now), self._looking(operation))

    def run(self, stop: Event) -> None:
        """Let what is due happen, until `stop` is set."""
        while not stop.wait(0.5):
            for act in self.due(datetime.now(UTC)):
                if stop.is_set():
                    return
                act(datetime.now(UTC))

    def due(self, now: datetime) -> list[Act]:
        """What is to be done now, each once; a refusal or a server that is away ends that story, not the company."""
        due: list[Act] = []
        if now - self._next_story.at > MISSED:
            self._coming = self._teller.stories(now)
            self._next_story = next(self._coming)
        while self._next_story.at <= now:
            due.append(self._arriving(self._next_story))
            self._next_story = next(self._coming)
        if now >= self._acts_at:
            self._acts_at = now + EVERY * self._teller.chance.expovariate(1)
            due.append(self._desks.act)
        while self._agenda and self._agenda[0][0] <= now:
            due.append(heapq.heappop(self._agenda)[2])
        return [_forgiving(act) for act in due]

    def _arriving(self, story: Story) -> Act:
        def arrive(now: datetime) -> None:
            opening = story.opening
            opened = self._platform.open(
                opening.kind,
                reference=opening.reference,
                subject=opening.subject,
                brand=opening.brand,
                amount=None
                if opening.amount is None
                else Sent(str(opening.amount.value), opening.amount.currency),
                attributes=opening.attributes,
            )
            self._at(now + LOOK_AFTER, self._looking(opened.id))

        return arrive

    def _looking(self, operation: UUID, stood: str | None = None, looks: int = 0) -> Act:
        """Look where it stands, and plan what comes next. `stood`, `looks`: where it stood before, and for how many looks."""

        def look(now: datetime) -> None:
            found = self._platform.get(operation)
            seen = looks + 1 if found.stage == stood else 1
            told = self._next(found, now)
            if told:
                step, *consents = told
                self._at(now + self._wait(operation, step.at - now), self._acting(found, step, consents))
            elif seen <= LOOKS_MAX and found.closed_at is None:
                self._at(now + LOOK_AFTER * seen, self._looking(operation, found.stage, seen))

        return look

    def _acting(self, planned: Operation, step: Step, consents: list[Step]) -> Act:
        def act(now: datetime) -> None:
            found = self._platform.get(planned.id)
            if found.version == planned.version:
                approval = self._act(found, step)
                if approval is not None and consents:
                    wait = self._wait(found.id, consents[0].at - step.at)
                    self._at(now + wait, self._consenting(found.id, approval, consents))
                    return
            self._at(now + LOOK_AFTER, self._looking(found.id))

        return act

    def _consenting(self, operation: UUID, approval: int, consents: list[Step]) -> Act:
        def consent(now: datetime) -> None:
            first, *others = consents
            self._people.consent(first.actor.id, operation, approval)
            following = self._consenting(operation, approval, others) if others else self._looking(operation)
            wait = self._wait(operation, others[0].at - first.at) if others else LOOK_AFTER
            self._at(now + wait, following)

        return consent

    def _act(self, operation: Operation, step: Step) -> int | None:
        """Do it by the hand that does it; the number of its approval where it waits for consents."""
        if step.actor.sort is ActorSort.PERSON:
            return self._people.move(step.actor.id, operation.id, step)
        source = _source_of(step.actor)
        if source is None:
            self._platform.move(operation.id, step.transition, reason=step.reason)
        else:
            times = 2 if self._teller.chance.random() < TWICE else 1
            self._providers.report(source, operation, step, times=times)
        return None

    def _next(self, found: Operation, now: datetime) -> tuple[Step, ...]:
        """What happens to it next, and who consents; nothing where its story ends, or the product is to act."""
        amount = None if found.amount is None else Money(Decimal(found.amount.value), found.amount.currency)
        for _ in range(TELLINGS):
            told = self._teller.teller.steps(
                found.kind, now, found.attributes, amount, stage=StageName(found.stage), steps_max=1
            )
            if not told or _is_ours(told[0].actor):
                return told
        return ()

    def _wait(self, operation: UUID, wait: timedelta) -> timedelta:
        told_in = wait if operation in self._under_way else min(wait, LONGEST_WAIT * PACE) / PACE
        return max(timedelta(), told_in)

    def _at(self, at: datetime, act: Act) -> None:
        heapq.heappush(self._agenda, (at, next(self._order), act))


def _forgiving(act: Act) -> Act:
    def tried(now: datetime) -> None:
        try:
            act(now)
        except (ViertaktError, httpx.TransportError):
            return  # somebody was quicker, or the server is on its way down: this story ends here

    return tried


def _source_of(actor: Actor) -> str | None:
    sort, _, name = actor.name.partition(":")
    return name if sort == "source" else None


def _is_ours(actor: Actor) -> bool:
    """Whether it is the company that acts, and not a check, a deadline or the end of a child."""
    if actor.sort is ActorSort.PERSON or _source_of(actor) is not None:
        return True
    return actor.name in {"till", "ledger"}
