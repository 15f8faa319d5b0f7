"""Working a job off: claim some items, ask the batch for their moves, write down what came of them.

    claim (short transaction) ──► moves by the batch, and the consents given to the whole job ──► settle (short transaction)

What happens when the worker dies, at each arrow: claimed items are free again when their lease ends, and whoever takes
them asks with the same keys, which answer with what has happened and make what has not. What an earlier attempt still
settles is told by its number and ignored. A pause or an end takes effect at the next claim.
"""

import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial
from typing import Any, TypeVar

from psycopg import Connection

from viertakt.access.actions import actor_by_id
from viertakt.access.model import Actor
from viertakt.bulk import actions, rules, store
from viertakt.bulk.beside import perform
from viertakt.bulk.model import BulkId, Claimed, Job, JobState, Limits, Verb
from viertakt.errors import NotPermitted, Unauthenticated
from viertakt.kinds.model import TransitionName
from viertakt.operations.batch import Batch
from viertakt.operations.model import (
    Answer,
    EntrySort,
    Verdict,
    VerdictRequest,
)
from viertakt.operations.requests import Request
from viertakt.operations.turn import Engine, Result

T = TypeVar("T")
Ask = Callable[[Callable[[Connection[Any]], T]], T]

JOBS_AT_ONCE = 20
ITEMS_AT_ONCE = 512
UNDER_WAY = (
    32  # of these asked at once: more are done sooner (64: by a third), and others wait longer for each set
)
LEASE = timedelta(
    seconds=10
)  # a chunk takes a tenth of a second; who is slower only asks twice, with the same keys


class Runner:
    """Works on whatever job is to be worked on. `ask` answers a question in a transaction of its own."""

    def __init__(self, ask: Any, batch: Batch, engine: Engine, limits: Limits) -> None:
        self._ask: Ask[Any] = ask
        self._batch = batch
        self._engine = engine
        self._limits = limits
        self._after: dict[BulkId, int] = {}  # where the next claim of a job looks first
        self._due: dict[BulkId, float] = {}  # before when a job that is waited for is left alone

    def turn(self) -> float | None:
        """Some items of each job at work: how long to wait before the next turn, None where there is none."""
        self._ask(store.expire_jobs)
        jobs: list[Job] = self._ask(lambda conn: store.jobs_at_work(conn, limit=JOBS_AT_ONCE))
        self._after = {job.bulk_id: self._after.get(job.bulk_id, 0) for job in jobs}
        self._due = {job.bulk_id: self._due.get(job.bulk_id, 0.0) for job in jobs}
        for job in jobs:
            if self._due[job.bulk_id] <= time.monotonic():
                pause = self._work_on(job)
                self._due[job.bulk_id] = time.monotonic() + pause
        return max(0.0, min(self._due.values()) - time.monotonic()) if jobs else None

    def _work_on(self, job: Job) -> float:
        begun = time.monotonic()
        claimed = self._claim(job)
        if not claimed:
            return self._end(job)
        try:
            asker: Actor = self._ask(lambda conn: actor_by_id(conn, job.asked_by))
        except Unauthenticated:
            self._ask(
                lambda conn: store.change_job(conn, job.bulk_id, JobState.CANCELLED, said="asker_may_not")
            )
            return 0.0
        if job.verb is not Verb.MOVE:
            self._perform(job, claimed, asker)
            return 0.0
        results = self._moved(job, claimed, asker)
        settled = [rules.settle(item, result) for item, result in zip(claimed, results, strict=True)]
        took = time.monotonic() - begun
        self._ask(lambda conn: store.settle_items(conn, job.bulk_id, settled, took))
        rate = self._rate(job)
        if rate is None or not job.preview.outside:
            return 0.0
        return max(0.0, len(claimed) / rate - took)

    def _rate(self, job: Job) -> int | None:
        """How many a second: as was said when it was tried dry."""
        return self._limits.rate if job.preview.bounds is None else job.preview.bounds.rate

    def _claim(self, job: Job) -> list[Claimed]:
        limit = min(ITEMS_AT_ONCE, self._rate(job) or ITEMS_AT_ONCE)
        after = self._after[job.bulk_id]
        claimed: list[Claimed] = self._ask(
            lambda conn: store.claim_items(conn, job.bulk_id, after=after, limit=limit, lease=LEASE)
        )
        self._after[job.bulk_id] = claimed[-1].n if claimed else 0
        return claimed

    def _end(self, job: Job) -> float:
        """What is still leased to somebody who died is waited for."""
        ended = self._ask(lambda conn: store.finish_job(conn, job.bulk_id))
        return 0.0 if ended else 1.0

    def _perform(self, job: Job, claimed: Sequence[Claimed], asker: Actor) -> None:
        """What moves nothing goes past the batch: a few at a time, so that nobody waits long for what they hold."""
        for at in range(0, len(claimed), UNDER_WAY):
            some = claimed[at : at + UNDER_WAY]
            self._ask(partial(perform, job=job, items=some, asker=asker))

    def _moved(self, job: Job, claimed: Sequence[Claimed], asker: Actor) -> list[Result]:
        names: list[TransitionName | None] = self._ask(
            lambda conn: [
                rules.transition_for(
                    self._engine.kinds.at(conn, item.kind, item.kind_version).kind, job.wanted
                )
                for item in claimed
            ]
        )
        results: list[Result] = [
            NotPermitted(f"A {item.kind} has nothing that undoes '{job.transition}'.", why_not="no_reverse")
            for item in claimed
        ]
        asked = [
            (place, rules.move_request(job.wanted, name, item, rules.caller_of(job, item, asker)))
            for place, (item, name) in enumerate(zip(claimed, names, strict=True))
            if name is not None
        ]
        answers = self._answers([request for _, request in asked])
        for (place, _), answer in zip(asked, answers, strict=True):
            results[place] = answer
        if job.consents:
            self._consent(job, claimed, results)
        return results

    def _answers(self, requests: Sequence[Request]) -> list[Result]:
        """What each came to, a few at a time: whoever else asks waits for a small set and not for a large one."""
        return [
            answer
            for at in range(0, len(requests), UNDER_WAY)
            for answer in self._batch.call_all(requests[at : at + UNDER_WAY], bulk=True)
        ]

    def _consent(self, job: Job, claimed: Sequence[Claimed], results: list[Result]) -> None:
        """Say to each move that waits what was said to the whole job, one person after the other."""
        people = self._ask(lambda conn: actions.present(conn, job))
        for person in (people[one.actor] for one in job.consents if one.actor in people):
            waiting = [
                (place, result)
                for place, result in enumerate(results)
                if isinstance(result, Answer)
                and result.entry.sort in (EntrySort.ASKED, EntrySort.CONSENTED)
                and result.operation.version == claimed[place].version
            ]
            verdicts = [
                VerdictRequest(
                    operation_id=result.operation.id,
                    caller=rules.caller_of(job, claimed[place], person),
                    verdict=Verdict.APPROVE,
                    asked_seq=_asked_seq(result),
                )
                for place, result in waiting
            ]
            answers = self._answers(verdicts)
            for (place, _), answer in zip(waiting, answers, strict=True):
                if isinstance(answer, Answer):
                    results[place] = answer


def _asked_seq(answer: Answer) -> int:
    if answer.entry.sort is EntrySort.ASKED:
        return answer.entry.seq
    told = answer.entry.data or {}
    return int(told["approval"])
