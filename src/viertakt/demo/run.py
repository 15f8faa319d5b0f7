"""The month behind us, written at once: an import, each move with the time it took effect, through the batch of all.

What of those stories still lies ahead, and everything that comes in from now on, is the simulator's (`simulator`).
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from random import Random

from viertakt.access.model import Actor
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

_queries = load(__package__)

PAST = timedelta(days=30)
STORIES_AT_ONCE = 500

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


def last_told(conn: Connection) -> datetime | None:
    """When the last one came in; None where no story has been told."""
    row = conn.execute(_queries["last_told"]).fetchone()
    assert row is not None, "an aggregate always answers one row"
    told: datetime | None = row[0]
    return told


def tell_past(
    batch: Batch, teller: Company, *, now: datetime, progress: Progress, since: datetime | None = None
) -> list[Story]:
    """Write the month behind `now`, or what of it came after `since`; returns the stories that are not over yet, their steps
    still ahead."""
    begin = now - PAST if since is None else max(since, now - PAST)
    stories = list(teller.stories(begin, now))
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
            ahead += [Story(story.at, story.opening, later)] if later else []
        progress(min(done + STORIES_AT_ONCE, len(stories)), len(stories))
    return ahead


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
