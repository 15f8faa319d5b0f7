"""Working off what asks outside: checks by `http` and `python`, and asking again what became of an operation.

    claim ──► read the operation ──► ask, no transaction open ──► hold: still mine? ──► the batch ──► settle
                    │                        │                          │
                    it has moved on: void    nothing: rest, try again   another has taken it over: the answer is refused
                                             six times: review

What happens when a worker dies, at each arrow: its lease ends after 25 seconds, another claims the run with a higher
attempt and asks with the same id, so whoever is asked answers the same again. What the dead one still brings, were it only
asleep, is refused by the attempt. After the move this version is no longer there, and the run is void.

Asking again never guesses: only an outcome that was said moves the operation. After the last try it goes to a person.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from random import Random
from typing import Any

import msgspec
import structlog
from psycopg import Connection

from viertakt.access.model import system
from viertakt.checks import store
from viertakt.checks.asking import Question, Sender, ask, finding_of, outcome_of
from viertakt.checks.model import Answered, Claimed, RunSort, RunState, Settled
from viertakt.checks.rules import FAILURES_MAX, LATER_MAX, TARGET_RESTS, rest_after
from viertakt.checks.running import LEASE, UNKNOWN_REST, request_of, settled_by
from viertakt.db.leases import Ask
from viertakt.errors import Unavailable, ViertaktError
from viertakt.kinds.durations import parse_duration
from viertakt.kinds.model import Kind, Outcome, ReAsk
from viertakt.operations.batch import Batch
from viertakt.operations.examining import CheckSetting, failed, read_settings
from viertakt.operations.findings import Finding
from viertakt.operations.holding import Looks
from viertakt.operations.model import Caller, MoveRequest, Operation, OutcomeRequest
from viertakt.operations.store import read_operations
from viertakt.operations.turn import Kinds

log = structlog.get_logger(__name__)

AT_ONCE = 8  # each waits for an answer in a thread of its own, ten seconds at most
DEADLINE = system("deadline")
ASKED_AGAIN = system("source:re_ask")


class Examined(msgspec.Struct, frozen=True):
    """What a run is about, as it was read after the claim; None where the operation has moved on."""

    operation: Operation
    kind: Kind
    settings: dict[str, CheckSetting]


class Outside:
    """The duty (`db.leases.Duty`) of asking outside."""

    def __init__(self, ask: Ask, batch: Batch, kinds: Kinds, sender: Sender) -> None:
        self._ask = ask
        self._batch = batch
        self._kinds = kinds
        self._sender = sender
        self._looks = Looks()
        self._chance = Random()  # noqa: S311 - spreads retries, keeps no secret

    def claim(self, conn: Connection[Any]) -> Sequence[Claimed]:
        """The next runs that ask outside."""
        return store.claim_runs(conn, outside=self._looks, limit=AT_ONCE, lease=LEASE)

    def act(self, claimed: Sequence[Claimed]) -> Sequence[Settled]:
        """Ask for each beside the others: one that hangs keeps nobody else waiting for longer than its time."""
        with ThreadPoolExecutor(AT_ONCE, "asking") as threads:
            return [one for one in threads.map(self._work, claimed) if one is not None]

    def settle(self, conn: Connection[Any], done: Sequence[Settled]) -> None:
        """Write down what came of it."""
        store.settle_runs(conn, done)

    def _work(self, run: Claimed) -> Settled | None:
        read = self._ask(lambda conn: self._read(conn, run))
        if read is None:
            return _settled(run, RunState.VOID)
        if run.sort is RunSort.RE_ASK:
            return self._ask_again(run, read)
        return self._check(run, read)

    def _read(self, conn: Connection[Any], run: Claimed) -> Examined | None:
        operation = read_operations(conn, [run.operation_id]).get(run.operation_id)
        if operation is None or operation.version != run.version:
            return None
        kind = self._kinds.at(conn, run.kind, run.kind_version).kind
        checks = kind.stages[operation.stage].checks
        return Examined(operation, kind, read_settings(conn, kind.kind, checks.run if checks else ()))

    def _check(self, run: Claimed, read: Examined) -> Settled | None:
        """Ask the next check that has said nothing yet; the last one's answer lets the batch decide."""
        left = _unasked(run, read)
        if not left:
            return self._decide(run, run.found)
        name = left[0]
        answered = self._answer(run, read, name)
        if answered.later:
            return _settled(run, RunState.LATER, said=name, rest=LATER_MAX)
        finding, tries = answered.finding, 0
        if finding is None:
            rest = rest_after(run.tries + 1, self._chance.random())
            if rest is not None and run.state is not RunState.LATER:
                return _settled(run, RunState.DUE, tries=run.tries + 1, said=answered.failure, rest=rest)
            finding, tries = failed(name, {"failure": answered.failure}), run.tries + 1
        found = (*run.found, finding)
        if left[1:]:
            return _settled(run, RunState.DUE, tries=tries, found=found)
        return self._decide(run, found)

    def _answer(self, run: Claimed, read: Examined, name: str) -> Answered:
        if run.state is RunState.LATER:
            return Answered(failure="no_answer_in_time")
        check = read.kind.checks[name]
        question = Question(
            f"{run.operation_id}.{run.version}.{name}",
            "check.asked",
            name,
            run.attempt,
            read.operation,
            http=check.http,
            python=check.python,
        )
        if self._rests(question):
            return Answered(failure="target_rests")
        answered = finding_of(name, ask(question, self._sender), elsewhere=check.http is not None)
        self._note(question, answered.failure)
        return answered

    def _decide(self, run: Claimed, found: tuple[Finding, ...]) -> Settled | None:
        if not self._holds(run):
            return None
        request = request_of(run, found)
        result = self._batch.call_all([request], bulk=True)[0]
        return settled_by(msgspec.structs.replace(run, found=found), request, result)

    def _ask_again(self, run: Claimed, read: Examined) -> Settled | None:
        re_ask = read.kind.stages[read.operation.stage].re_ask
        if re_ask is None:
            return _settled(run, RunState.VOID)
        tries, said = run.tries + 1, "not_asked"
        if re_ask.http is not None or re_ask.python is not None:
            reported, said = self._outcome(run, read, re_ask)
            if reported is not None:
                return self._report(run, reported, said, tries)
        if tries < re_ask.tries:
            every = parse_duration(re_ask.every)
            assert every is not None, "check_kind lets no other duration be published"
            return _settled(run, RunState.DUE, tries=tries, said=said, rest=every)
        return self._hand_over(run, re_ask, said, tries)

    def _outcome(self, run: Claimed, read: Examined, re_ask: ReAsk) -> tuple[OutcomeRequest | None, str]:
        """What is to be reported by the answer, or None; and what was said in a word."""
        question = Question(
            f"{run.operation_id}.{run.version}.re_ask",
            "outcome.asked",
            "re_ask",
            run.attempt,
            read.operation,
            http=re_ask.http,
            python=re_ask.python,
        )
        if self._rests(question):
            return None, "target_rests"
        told = outcome_of(ask(question, self._sender))
        self._note(question, told.failure)
        if told.failure is not None:
            return None, told.failure
        if told.outcome is Outcome.UNKNOWN or (told.outcome is None and told.code is None):
            return None, "unknown"
        caller = Caller(ASKED_AGAIN, key=question.id, body_digest=question.id)
        request = OutcomeRequest(
            run.operation_id, caller, outcome=told.outcome, reason=told.reason, code=told.code
        )
        return request, told.outcome or "code"

    def _report(self, run: Claimed, request: OutcomeRequest, said: str, tries: int) -> Settled | None:
        if not self._holds(run):
            return None
        result = self._batch.call_all([request], bulk=True)[0]
        if isinstance(result, Unavailable):
            return _settled(run, RunState.DUE, rest=UNKNOWN_REST)
        if isinstance(result, ViertaktError):
            return _settled(run, RunState.REFUSED, tries=tries, said=result.code)
        return _settled(run, RunState.DONE, tries=tries, said=said)

    def _hand_over(self, run: Claimed, re_ask: ReAsk, said: str, tries: int) -> Settled | None:
        """After the last try a person finds out."""
        if not self._holds(run):
            return None
        move = MoveRequest(
            run.operation_id, Caller(DEADLINE), re_ask.then, data={"asked": tries, "said": said},
            expected_version=run.version,
        )  # fmt: skip
        result = self._batch.call_all([move], bulk=True)[0]
        if isinstance(result, Unavailable):
            return _settled(run, RunState.DUE, rest=UNKNOWN_REST)
        if isinstance(result, ViertaktError):
            return _settled(run, RunState.REFUSED, tries=tries, said=result.code)
        return _settled(run, RunState.DONE, tries=tries, said="handed_over")

    def _holds(self, run: Claimed) -> bool:
        """Whether the run is still this attempt's: an answer that comes after another took it over moves nothing."""
        held = self._ask(
            lambda conn: store.hold_run(
                conn, run.operation_id, run.version, run.sort, run.attempt, lease=LEASE
            )
        )
        if not held:
            log.warning("check_fenced", operation=str(run.operation_id), attempt=run.attempt)
        return held

    def _rests(self, question: Question) -> bool:
        return self._ask(lambda conn: store.target_rests(conn, question.target))

    def _note(self, question: Question, failure: str | None) -> None:
        def write(conn: Connection[Any]) -> None:
            if failure is None:
                store.target_answered(conn, question.target)
            else:
                store.target_failed(
                    conn, question.target, failure, failures_max=FAILURES_MAX, rest=TARGET_RESTS
                )

        self._ask(write)


def _unasked(run: Claimed, read: Examined) -> list[str]:
    """The checks outside that have said nothing yet; none is asked where it is off, or the block list decides."""
    checks = read.kind.stages[read.operation.stage].checks
    said = {finding.check for finding in run.found}
    return [
        name
        for name in (checks.run if checks is not None else ())
        if (read.kind.checks[name].http or read.kind.checks[name].python)
        and name not in said
        and not read.settings.get(name, CheckSetting()).off
    ]


def _settled(
    run: Claimed,
    state: RunState,
    *,
    tries: int | None = None,
    found: tuple[Finding, ...] | None = None,
    said: str | None = None,
    rest: timedelta = timedelta(0),
) -> Settled:
    return Settled(
        run.operation_id,
        run.version,
        run.sort,
        run.attempt,
        state,
        run.tries if tries is None else tries,
        run.found if found is None else found,
        said=said,
        rest=rest,
    )
