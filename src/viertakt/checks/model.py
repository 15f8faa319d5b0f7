"""Runs of checks: the nouns."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import msgspec

from viertakt.kinds.model import KindName, StageName
from viertakt.operations.findings import CheckVerdict, Finding
from viertakt.operations.model import OperationId


class RunSort(StrEnum):
    """`checks`: a stage's own, on entering it. `re_ask`: asking what became of it."""

    CHECKS = "checks"
    RE_ASK = "re_ask"


class RunState(StrEnum):
    """`later`: whoever was asked answers by itself. `void`: the operation has moved on. `refused`: its move was."""

    DUE = "due"
    LATER = "later"
    DONE = "done"
    VOID = "void"
    REFUSED = "refused"


class Claimed(msgspec.Struct, frozen=True):
    """A run that a worker has taken; `attempt` is the worker's proof of it. `tries`: how often asking came to nothing."""

    operation_id: OperationId
    version: int
    sort: RunSort
    kind: KindName
    kind_version: int
    stage: StageName
    attempt: int
    tries: int
    state: RunState
    found: tuple[Finding, ...] = ()


class Settled(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a claimed run came to. `rest`: how long until it is looked at again, where it is not done."""

    operation_id: OperationId
    version: int
    sort: RunSort
    attempt: int
    state: RunState
    tries: int
    found: tuple[Finding, ...] = ()
    verdict: CheckVerdict | None = None
    said: str | None = None
    rest: timedelta = timedelta(0)


class Run(msgspec.Struct, frozen=True):
    """A run as it stands, with its operation's reference."""

    operation_id: OperationId
    reference: str
    version: int
    sort: RunSort
    kind: KindName
    stage: StageName
    state: RunState
    attempt: int
    tries: int
    fenced: int
    due_at: datetime
    started_at: datetime
    found: tuple[Finding, ...] = ()
    verdict: CheckVerdict | None = None
    said: str | None = None
    settled_at: datetime | None = None


class Target(msgspec.Struct, frozen=True):
    """Whom checks ask, where it has failed lately. `rests_until`: nobody asks it before."""

    target: str
    failures: int
    rests_until: datetime | None = None
    said: str | None = None


class Answered(msgspec.Struct, frozen=True):
    """What a check outside said: a finding; or that it answers later; or, with `failure`, nothing of use."""

    finding: Finding | None = None
    later: bool = False
    failure: str | None = None
    evidence: dict[str, Any] = {}
