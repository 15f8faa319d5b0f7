"""Tells the company's stories: the month behind us at once, the present as it comes.

The past is written through the same batch as everything else, each move with the time it took effect. What of those
stories still lies ahead, and everything that comes in from now on, happens live, at a pace that is pleasant to watch.
"""

import heapq
import itertools
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from random import Random
from threading import Event

import msgspec

from viertakt.access.model import Actor, system
from viertakt.db.pool import Connection
from viertakt.db.queries import load
from viertakt.demo.company import Company, load_habits
from viertakt.demo.model import Step, Story
from viertakt.demo.plots import Teller
from viertakt.errors import ViertaktError
from viertakt.kinds.actions import builtin_kinds
from viertakt.kinds.model import ReasonCode, TransitionName
from viertakt.operations.batch import Batch
from viertakt.operations.model import (
    Answer,
    Caller,
    MoveRequest,
    Verdict,
    VerdictRequest,
)
from viertakt.operations.requests import DueRequest, Request

_queries = load(__package__)

PAST = timedelta(days=30)
STORIES_AT_ONCE = 500
# Told this much faster than life: an operation every few seconds, a review within minutes.
PACE = 40
LONGEST_WAIT = timedelta(hours=4)
# Checks act by themselves, within a second; a story that would go on by another one is told again, so often at most.
CHECKED_AFTER = timedelta(seconds=2)
TOLD_AGAIN_MAX = 8

Progress = Callable[[int, int], None]


def last_numbers(conn: Connection) -> dict[str, int]:
    """The highest number of each kind's references; empty where no story has been told."""
    return dict(conn.execute(_queries["last_numbers"]).fetchall())


def company(
    staff: dict[str, list[Actor]], *, now: datetime, seed: int, numbers: Mapping[str, int] | None = None
) -> Company:
    """The company with this staff; one seed gives one month, always the same. `numbers`: where its references go on."""
    chance = Random(seed)  # noqa: S311 - a story needs no secrets
    kinds = {str(name): kind for name, kind in builtin_kinds().items()}
    habits = load_habits()
    return Company(habits, Teller(habits, kinds, staff, chance, now), chance, numbers)


def tell_past(batch: Batch, teller: Company, *, now: datetime, progress: Progress) -> list[Story]:
    """Write the month behind `now`; returns the stories that are not over yet, their steps still ahead."""
    stories = list(teller.stories(now - PAST, now))
    ahead: list[Story] = []
    for done in range(0, len(stories), STORIES_AT_ONCE):
        part = stories[done : done + STORIES_AT_ONCE]
        _must(batch.call_all([story.opening for story in part]))
        _must(
            batch.call_all(
                [_move(story, step, step.at) for story in part for step in story.steps if step.at <= now]
            )
        )
        for story in part:
            later = tuple(step for step in story.steps if step.at > now)
            ahead += [Story(story.opening, later)] if later else []
        progress(min(done + STORIES_AT_ONCE, len(stories)), len(stories))
    return ahead


class Simulator:
    """Keeps the company alive until it is told to stop."""

    def __init__(self, batch: Batch, teller: Company, ahead: list[Story]) -> None:
        self._batch = batch
        self._teller = teller
        self._order = itertools.count()
        self._agenda: list[tuple[datetime, int, Story, int]] = []
        self._arrives_at = datetime.now(UTC)
        for story in ahead:
            self._plan(story, 0, datetime.now(UTC), story.steps[0].at)

    def run(self, stop: Event) -> None:
        """Let what is due happen, until `stop` is set."""
        while not stop.wait(0.5):
            now = datetime.now(UTC)
            if now >= self._arrives_at:
                self._arrive(now)
            for story, n in self._due(now):
                self._happen(story, n, now)

    def _arrive(self, now: datetime) -> None:
        story = self._teller.story(self._teller.next_kind(now), now)
        self._ask(msgspec.structs.replace(story.opening, at=None))
        a_day = sum(habit.a_day for habit in self._teller.habits.kinds.values()) * PACE
        self._arrives_at = now + timedelta(days=self._teller.chance.expovariate(a_day))
        if story.steps:
            self._plan(story, 0, now, story.steps[0].at)

    def _due(self, now: datetime) -> Iterator[tuple[Story, int]]:
        while self._agenda and self._agenda[0][0] <= now:
            _, _, story, n = heapq.heappop(self._agenda)
            yield story, n

    def _happen(self, story: Story, n: int, now: datetime) -> None:
        if _is_of_check(story.steps[n]):
            self._leave_to_checks(story, n, now)
        elif self._ask(_move(story, story.steps[n], None)) and n + 1 < len(story.steps):
            self._plan(story, n + 1, now, now + (story.steps[n + 1].at - story.steps[n].at))

    def _leave_to_checks(self, story: Story, n: int, now: datetime) -> None:
        """Checks decide for themselves; the story goes on from where they took it, and waits while they have not."""
        step, asked = (
            story.steps[n],
            DueRequest(story.opening.operation_id, Caller(system("till")), version=0),
        )
        answer = self._batch.call_all([asked], bulk=False)[0]
        if not isinstance(answer, Answer):
            return
        stage = answer.operation.stage
        checks = self._teller.teller.kinds[story.opening.kind].stages[stage].checks
        if checks is not None and checks.pass_ is not None:
            self._plan(story, n, now, now + CHECKED_AFTER * PACE)
            return
        told = (self._teller.go_on(story, stage, step.at) for _ in range(TOLD_AGAIN_MAX))
        rest = next((one for one in told if one.steps and not _is_of_check(one.steps[0])), None)
        if rest is not None:
            self._plan(rest, 0, now, now + (rest.steps[0].at - step.at))

    def _plan(self, story: Story, n: int, now: datetime, at: datetime) -> None:
        wait = min(at - now, LONGEST_WAIT * PACE) / PACE
        heapq.heappush(self._agenda, (now + wait, next(self._order), story, n))

    def _ask(self, request: Request) -> bool:
        """Whether it happened; somebody in the console may have been quicker, and then the story ends here."""
        return isinstance(self._batch.call_all([request], bulk=False)[0], Answer)


def _is_of_check(step: Step) -> bool:
    return step.actor.name.startswith("check:")


def _move(story: Story, step: Step, at: datetime | None) -> MoveRequest | VerdictRequest:
    if step.is_consent:
        return VerdictRequest(
            operation_id=story.opening.operation_id,
            caller=Caller(step.actor),
            verdict=Verdict.APPROVE,
            comment=step.comment,
            at=at,
        )
    return MoveRequest(
        operation_id=story.opening.operation_id,
        caller=Caller(step.actor),
        transition=TransitionName(step.transition),
        reason=ReasonCode(step.reason) if step.reason else None,
        comment=step.comment,
        at=at,
    )


def _must(results: list[Answer | ViertaktError]) -> None:
    """The past is told without contradiction: a refusal here is a habit that its kind does not permit."""
    for result in results:
        if isinstance(result, ViertaktError):
            raise result
