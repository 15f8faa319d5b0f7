"""What an operation can be: the nouns of a kind's document, exactly as it is written.

A kind is read from YAML into these structs (`document`), judged by `rules.check_kind`, and frozen when published.
Nothing here knows how a kind is stored, and nothing anywhere knows a kind by name.
"""

from enum import StrEnum
from typing import Annotated, NewType

import msgspec

from viertakt.kinds.calendars import Calendar

KindName = NewType("KindName", str)
StageName = NewType("StageName", str)
TransitionName = NewType("TransitionName", str)
ReasonCode = NewType("ReasonCode", str)
# What every reader of JSON keeps exactly.
Count = Annotated[int, msgspec.Meta(ge=-(2**53) + 1, le=2**53 - 1)]


class Status(StrEnum):
    """The four that every operation of every kind carries; a stage decides which."""

    PENDING = "pending"
    SUCCESS = "success"
    ERROR = "error"
    REJECTED = "rejected"


class WaitingOn(StrEnum):
    """Who or what acts next on a pending operation."""

    CUSTOMER = "customer"
    COUNTERPARTY = "counterparty"
    OPERATOR = "operator"
    SECOND_APPROVER = "second_approver"
    PROVIDER = "provider"
    SYSTEM = "system"
    OTHER_TEAM = "other_team"
    DATE = "date"


class Clock(StrEnum):
    """Does time in this stage count against us?"""

    RUN = "run"
    PAUSE = "pause"


class Finality(StrEnum):
    """May the outcome still turn? `provisional`: it stands, but a bank or scheme may still take it back."""

    NO = "no"
    PROVISIONAL = "provisional"
    YES = "yes"


class AmountRule(StrEnum):
    REQUIRED = "required"
    OPTIONAL = "optional"
    NONE = "none"


class Direction(StrEnum):
    """Which way money goes; the reason catalogue reads a provider's code by it."""

    IN = "in"
    OUT = "out"
    NONE = "none"


class Effect(StrEnum):
    """`external`: somebody outside may have acted, so an unclear end is unknown, never error."""

    EXTERNAL = "external"
    INTERNAL = "internal"


class AttributeType(StrEnum):
    STRING = "string"
    INTEGER = "integer"
    DECIMAL = "decimal"
    BOOLEAN = "boolean"
    DATE = "date"
    DATETIME = "datetime"


class AttributeClass(StrEnum):
    """`personal` and `sensitive` values live in `subject_data` and are masked; an entry holds only commitments."""

    PUBLIC = "public"
    INTERNAL = "internal"
    PERSONAL = "personal"
    SENSITIVE = "sensitive"


class Cause(StrEnum):
    """What brought a move about; the first five are what `by` of a transition may name."""

    PROCESS = "process"
    SOURCE = "source"
    DEADLINE = "deadline"
    CHECK = "check"
    CHILDREN = "children"
    MANUAL = "manual"
    IMPORT = "import"
    BULK = "bulk"
    UNDO = "undo"


class Outcome(StrEnum):
    """How a process says it ended."""

    SUCCESS = "success"
    ERROR = "error"
    REJECTED = "rejected"
    UNKNOWN = "unknown"


class Text(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A text in both languages of the product."""

    en: str
    nl: str


class Attribute(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A typed field of the query language; one type per name across all kinds.

    `dimension`: counted in the tallies. `fixed`: stays as it was at the opening, whatever `amend` of the kind allows.
    """

    type: AttributeType
    enum: tuple[str, ...] = ()
    class_: AttributeClass = msgspec.field(name="class", default=AttributeClass.INTERNAL)
    dimension: bool = False
    fixed: bool = False


class Limit(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A stage's time limit: an ISO 8601 duration, or `at`, an expression over `entered` and date attributes.

    `working`: durations count the hours of the kind's calendar.
    """

    transition: TransitionName
    after: str | None = None
    at: str | None = None
    working: bool = False


class ReAsk(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How often an unknown outcome is asked again, and the transition taken when the tries are used up.

    Asked of `http`, an address, or of `python`, an entry point; without either nobody is asked, and the time passes.
    """

    every: str
    tries: Count
    then: TransitionName
    http: str | None = None
    python: str | None = None


class StageChecks(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Checks run on entering a stage and the transition each verdict takes."""

    run: tuple[str, ...]
    pass_: TransitionName | None = msgspec.field(name="pass", default=None)
    review: TransitionName | None = None
    reject: TransitionName | None = None


class Stage(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One step of a kind.

    `holds_funds`: money is held or taken while an operation stands here, so it may be turned down only through
    `releasing` or `refunding`. Left out, it follows the direction: yes where money goes out (it was locked at the
    start), no where it comes in (nothing was taken yet), except for success stages, where it has been taken.
    `silence`: how long an operation may stand here before it is stuck; left out, a day where a machine or a provider is
    waited for without a limit.
    """

    status: Status
    waiting_on: WaitingOn | None = None
    clock: Clock = Clock.RUN
    final: Finality = Finality.NO
    restricted: bool = False
    holds_funds: bool | None = None
    limit: Limit | None = None
    re_ask: ReAsk | None = None
    silence: str | None = None
    checks: StageChecks | None = None


class ApprovalRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`count` consents by distinct persons; without `roles` those of the transition. `when`: only where this query holds.

    `by_assignee`: whoever the operation is assigned to may be one of them.
    """

    count: Count
    roles: tuple[str, ...] = ()
    when: str | None = None
    by_assignee: bool = False


class Transition(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a kind permits: from these stages to that one. `by`: automatic causes; `roles`: people; neither is a fault.

    `step_up`: a person at the console makes it, or consents to it, only just after proving once more who they are.
    `consents_within`: a duration; what waits longer for its consents expires. Left out, a week.
    """

    from_: tuple[StageName, ...] = msgspec.field(name="from")
    to: StageName
    by: tuple[Cause, ...] = ()
    roles: tuple[str, ...] = ()
    reasons: tuple[ReasonCode, ...] = ()
    comment: str = "optional"  # optional | required
    when: str | None = None
    approvals: tuple[ApprovalRule, ...] = ()
    step_up: bool = False
    consents_within: str | None = None


class Check(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An automatic examination: `rule` (a query), `count` or `sum` over other operations, `http`, or `python`."""

    rule: str | None = None
    count: str | None = None
    sum: str | None = None
    at_most: str | Count | None = None
    http: str | None = None
    python: str | None = None
    otherwise: str = "review"  # review | reject
    reason: ReasonCode | None = None


class Outcomes(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which transition a reported end takes. `late`: the one for a success reported after it ended otherwise.

    Money that arrives after a deposit has expired is daily business; without `late` it is a contradiction.
    """

    success: TransitionName | None = None
    error: TransitionName | None = None
    rejected: TransitionName | None = None
    unknown: TransitionName | None = None
    late: TransitionName | None = None


class ChildrenRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How an operation ends when its children end: `all` or `any` of them. Who makes the transition is `children` (`by`).

    `of`: the kinds of child that count; left out, all do. Those count that are open or have ended since the children last
    moved their parent. `cancel`: by kind the transition that ends an open child when its parent ends.
    """

    success: str | None = None
    rejected: str | None = None
    error: str | None = None
    of: tuple[KindName, ...] = ()
    cancel: dict[KindName, TransitionName] = {}


class Escalation(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is done when a promise is nearly broken (`on: warned`) or is (`breached`): given to a role, made more urgent."""

    on: str  # warned | breached
    assign: str | None = None
    priority: str | None = None  # high | urgent


class Target(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A promise (SLA): reported, warned about and escalated; it moves nothing. One from each time `from` is entered to the first
    of `until`.

    Either `within`: a duration, cumulative over running clocks, of the hours of the kind's calendar if it names one. Or
    `due`: `attributes.deadline`, where the operation itself says when; no clock stops that.
    `warn`: the share of its time after which it is at risk, such as `50%`; left out, 80%.
    """

    name: str
    from_: StageName = msgspec.field(name="from")
    until: tuple[StageName, ...]
    within: str | None = None
    due: str | None = None
    warn: str | None = None
    escalate: tuple[Escalation, ...] = ()


class Labels(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The words people read, apart from the table of stages so that both stay readable.

    `customer` holds, per stage, what the customer is shown where it differs (a ticket on hold reads "Open").
    """

    stages: dict[StageName, Text] = {}
    transitions: dict[TransitionName, Text] = {}
    attributes: dict[str, Text] = {}
    customer: dict[StageName, Text] = {}
    targets: dict[str, Text] = {}


class Kind(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A kind's document.

    `amend`: the stages in which amount and attributes may be changed; left out, the start alone; `[]`, in none.
    `provider`: the attribute that says who carries it out, a payment provider or a method: alerts look at each of its values.
    `calendar`: whose hours the targets count; left out, all hours.
    `no_success`, `no_error`, `no_rejected` say that no stage has that status, and that it is meant.
    """

    kind: KindName
    label: Text
    subject: Text
    start: StageName
    stages: dict[StageName, Stage]
    transitions: dict[TransitionName, Transition]
    amount: AmountRule = AmountRule.NONE
    direction: Direction = Direction.NONE
    effect: Effect = Effect.INTERNAL
    attributes: dict[str, Attribute] = {}
    amend: tuple[StageName, ...] | None = None
    checks: dict[str, Check] = {}
    outcomes: Outcomes = Outcomes()
    undo: dict[TransitionName, TransitionName] = {}
    children: ChildrenRule | None = None
    provider: str | None = None
    calendar: str | None = None
    targets: tuple[Target, ...] = ()
    never: tuple[str, ...] = ()
    no_success: bool = False
    no_error: bool = False
    no_rejected: bool = False
    labels: Labels = Labels()


class PublishedKind(msgspec.Struct, frozen=True):
    """An immutable version of a kind: operations are pinned to the one they were opened with.

    What its time limits go by besides, as the installation has it now: its `calendar`, and the `zone` in which a day ends.
    `hidden`: attributes that this or another version kept openly, and that the newest to declare them calls personal:
    they are shown to nobody, whatever the version says.
    """

    kind: Kind
    version: int
    calendar: Calendar | None = None
    zone: str = "UTC"
    hidden: frozenset[str] = frozenset()
