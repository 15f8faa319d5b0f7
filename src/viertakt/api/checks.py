"""The documents of checks: what they said, what is set for them, and what callers send."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from viertakt.api import wire
from viertakt.api.permissions import Who
from viertakt.api.shapes import utc
from viertakt.checks import model, settings
from viertakt.checks.model import RunSort, RunState
from viertakt.checks.settings import ChangeState, SettingVerdict
from viertakt.operations.examining import CheckSetting as Setting
from viertakt.operations.findings import CheckVerdict
from viertakt.operations.findings import Finding as CoreFinding

RUNS_LIMIT_MAX = 200
Evidence = Annotated[
    dict[str, Any],
    Meta(
        description="What the verdict rests on, in figures and codes.",
        extra_json_schema={"additionalProperties": {"$ref": "#/components/schemas/Value"}},
    ),
]


class Finding(msgspec.Struct, frozen=True):
    """What one check said. `failed`: it could not be done, so a person looks."""

    check: str
    verdict: CheckVerdict
    reason: str | None
    evidence: Evidence
    failed: bool


class CheckRun(msgspec.Struct, frozen=True):
    """One examination of one version of an operation, or one line of asking what became of it."""

    operation_id: UUID
    reference: str
    version: int
    sort: RunSort
    kind: str
    stage: str
    state: RunState
    verdict: CheckVerdict | None
    found: tuple[Finding, ...]
    said: Annotated[str | None, Meta(description="In a word, why it waits, failed or was refused.")]
    attempt: int
    tries: Annotated[int, Meta(description="How often asking outside came to nothing, or was asked again.")]
    fenced: Annotated[int, Meta(description="Late answers that were refused.")]
    started_at: datetime
    due_at: datetime
    settled_at: datetime | None


class CheckRunList(msgspec.Struct, frozen=True):
    """Runs, the newest first."""

    items: tuple[CheckRun, ...]


class CheckRunsQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which runs: all that are in sight where nothing is said."""

    operation: UUID | None = None
    kind: wire.Name | None = None
    state: RunState | None = None
    verdict: CheckVerdict | None = None
    limit: Annotated[int, Meta(ge=1, le=RUNS_LIMIT_MAX)] = 50


class CheckAnswer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The answer of a service that said it answers later."""

    run: Annotated[
        str,
        Meta(
            pattern=r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\.[0-9]{1,9}\.[A-Za-z0-9_.:-]{1,100}\Z",
            max_length=200,
            description="As it stood in the request: operation, version, check.",
        ),
    ]
    attempt: Annotated[int, Meta(ge=1, le=2**31 - 1, description="Of the request that it answers.")]
    verdict: CheckVerdict
    reason: wire.Name | None = None
    evidence: Evidence = {}


class CheckSetting(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is set for a check. What is left out is as the kind says."""

    at_most: (
        Annotated[int, Meta(ge=0, le=2**31 - 1, description="Another bound of a count.")]
        | Annotated[str, Meta(max_length=60, description="Another bound of a sum, such as 5000EUR.")]
        | None
    ) = None
    block: Annotated[
        dict[
            Annotated[str, Meta(max_length=100)],
            Annotated[tuple[Annotated[str, Meta(max_length=200)], ...], Meta(max_length=2000)],
        ],
        Meta(max_length=20, description="Values by field: an operation that has one of them does not pass."),
    ] = {}
    off: Annotated[bool, Meta(description="It is not examined, and passes.")] = False


class CheckSettingRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Ask for another setting of a check; a second person approves it."""

    kind: wire.Name
    check: wire.Name
    setting: CheckSetting
    reason: Annotated[str, Meta(min_length=1, max_length=1000)]


class CheckSettingChange(msgspec.Struct, frozen=True):
    """A change of a check's setting that waits for another person, or what became of it."""

    id: int
    kind: str
    check: str
    setting: CheckSetting
    reason: str
    asked_by: Who
    asked_at: datetime
    state: ChangeState
    settled_by: Who | None
    settled_at: datetime | None


class CheckSettingChangeList(msgspec.Struct, frozen=True):
    """Changes: those that wait first, then the newest."""

    items: tuple[CheckSettingChange, ...]


class CheckSettingsQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which changes: all where nothing is said."""

    state: ChangeState | None = None


class SettleCheckSetting(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is said to a change that waits; only who asked withdraws, and only another person approves or declines."""

    verdict: SettingVerdict


class DeclaredCheck(msgspec.Struct, frozen=True):
    """A check of a kind's newest version, and what is set for it."""

    kind: str
    check: str
    sort: Literal["rule", "count", "sum", "http", "python"]
    asks: Annotated[str, Meta(description="Its query, address or entry point.")]
    at_most: int | str | None
    otherwise: str
    reason: str | None
    stages: tuple[str, ...]
    setting: CheckSetting


class CheckTarget(msgspec.Struct, frozen=True):
    """Whom checks ask, where asking has failed lately."""

    target: str
    failures: int
    rests_until: datetime | None
    said: str | None


class CheckList(msgspec.Struct, frozen=True):
    """The checks of all kinds, and whom asking has failed lately."""

    items: tuple[DeclaredCheck, ...]
    targets: tuple[CheckTarget, ...]


def run_document(core: model.Run) -> CheckRun:
    """The run on the wire."""
    return CheckRun(
        operation_id=core.operation_id,
        reference=core.reference,
        version=core.version,
        sort=core.sort,
        kind=core.kind,
        stage=core.stage,
        state=core.state,
        verdict=core.verdict,
        found=tuple(map(_finding, core.found)),
        said=core.said,
        attempt=core.attempt,
        tries=core.tries,
        fenced=core.fenced,
        started_at=utc(core.started_at),
        due_at=utc(core.due_at),
        settled_at=utc(core.settled_at) if core.settled_at else None,
    )


def _finding(core: CoreFinding) -> Finding:
    return Finding(core.check, core.verdict, core.reason, core.evidence, core.failed)


def change_document(core: settings.SettingChange) -> CheckSettingChange:
    """The change on the wire."""
    by = core.settled_by
    return CheckSettingChange(
        id=core.id,
        kind=core.kind,
        check=core.check,
        setting=_setting(core.setting),
        reason=core.reason,
        asked_by=Who(core.asked_by, core.asked_by_name),
        asked_at=utc(core.asked_at),
        state=core.state,
        settled_by=Who(by, core.settled_by_name or by) if by else None,
        settled_at=utc(core.settled_at) if core.settled_at else None,
    )


def check_document(core: settings.Declared) -> DeclaredCheck:
    """The check on the wire."""
    check = core.check
    sorts: tuple[Literal["rule", "count", "sum", "http", "python"], ...] = (
        "rule", "count", "sum", "http", "python",
    )  # fmt: skip
    sort = next(sort for sort in sorts if getattr(check, sort) is not None)
    return DeclaredCheck(
        kind=core.kind,
        check=core.name,
        sort=sort,
        asks=str(getattr(check, sort)),
        at_most=check.at_most,
        otherwise=check.otherwise,
        reason=check.reason,
        stages=core.stages,
        setting=_setting(core.setting),
    )


def target_document(core: model.Target) -> CheckTarget:
    """The target on the wire."""
    return CheckTarget(
        core.target, core.failures, utc(core.rests_until) if core.rests_until else None, core.said
    )


def core_setting(sent: CheckSetting) -> Setting:
    """The setting as checks go by it."""
    return Setting(sent.at_most, sent.block, sent.off)


def _setting(core: Setting) -> CheckSetting:
    return CheckSetting(core.at_most, core.block, core.off)
