"""What every kind that we ship owes: it passes its own check, speaks two languages and keeps the rules of money."""

import pytest

from viertakt.kinds.actions import builtin_kinds
from viertakt.kinds.document import read_kind, write_kind
from viertakt.kinds.flow import main_path, reachable
from viertakt.kinds.model import (
    AmountRule,
    Cause,
    Direction,
    Effect,
    Finality,
    Kind,
    KindName,
    Outcome,
    Status,
    WaitingOn,
)
from viertakt.kinds.reasons import load_catalogue
from viertakt.kinds.rules import check_kind, check_labels, check_together
from viertakt.kinds.rules_money import GIVES_BACK, holds_funds

MISSION = {
    "deposit", "withdrawal", "bonus", "kyc", "ticket", "order", "booking", "transfer", "claim", "limit_change", "account_lock",
}  # fmt: skip
FOLLOW_UP = {"bonus_wagering", "refund", "dispute", "balance_adjustment"}
KINDS = list(builtin_kinds().values())
EXTERNAL = [kind for kind in KINDS if kind.effect is Effect.EXTERNAL]
MONEY = [kind for kind in EXTERNAL if kind.amount is not AmountRule.NONE]
ROLES = {
    "admin", "payments", "payments_lead", "kyc", "risk", "support", "compliance", "auditor", "read_only", "integration",
}  # fmt: skip
GUESSES = {Cause.DEADLINE, Cause.CHECK, Cause.CHILDREN}
each = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.kind)
each_external = pytest.mark.parametrize("kind", EXTERNAL, ids=lambda kind: kind.kind)
each_of_money = pytest.mark.parametrize("kind", MONEY, ids=lambda kind: kind.kind)


def test_the_mission_s_eleven_kinds_and_their_follow_ups_are_there() -> None:
    """The product promises these by name."""
    assert {str(kind.kind) for kind in KINDS} == MISSION | FOLLOW_UP


@each
def test_a_built_in_kind_passes_its_check(kind: Kind) -> None:
    """What we ship must be publishable as it is."""
    assert check_kind(kind, load_catalogue()) == []


@each
def test_a_built_in_kind_has_every_word_in_both_languages(kind: Kind) -> None:
    """The console shows nobody a bare code."""
    assert check_labels(kind) == []


def test_the_built_in_kinds_agree_on_their_attributes() -> None:
    """One name has one type in the query language, and one list of values."""
    assert check_together(KINDS) == []
    seen: dict[str, tuple[object, ...]] = {}
    for kind in KINDS:
        for name, attribute in kind.attributes.items():
            shape = (attribute.type, attribute.enum, attribute.class_)
            assert seen.setdefault(name, shape) == shape, f"{kind.kind}.{name}"


@each
def test_a_built_in_kind_survives_being_written_and_read(kind: Kind) -> None:
    """A company begins by copying one of ours."""
    assert read_kind(write_kind(kind)) == kind


@each
def test_only_known_roles_are_named(kind: Kind) -> None:
    """A grant for a role that no installation has would leave a transition to nobody."""
    for name, transition in kind.transitions.items():
        roles = {*transition.roles, *(role for rule in transition.approvals for role in rule.roles)}
        assert roles <= ROLES, f"{name}: {roles - ROLES}"


@each
def test_every_pending_stage_says_whom_it_waits_for(kind: Kind) -> None:
    """`waiting_on` is what the queue is sorted by."""
    for name, stage in kind.stages.items():
        if stage.status is Status.PENDING:
            assert stage.waiting_on is not None, name


@each
def test_time_that_waits_for_a_customer_is_not_ours_and_no_pending_stage_waits_for_ever(kind: Kind) -> None:
    """A paused clock is for the customer's time; every stage can come to an end."""
    ended = {name for name, stage in kind.stages.items() if stage.status is not Status.PENDING}
    for name, stage in kind.stages.items():
        if stage.clock.value == "pause":
            assert stage.waiting_on is WaitingOn.CUSTOMER, name
        assert reachable(kind, [name]) & ended, name


@each
def test_a_built_in_kind_can_succeed(kind: Kind) -> None:
    """The flow strip needs a way from the start to a success."""
    assert kind.stages[main_path(kind)[-1]].status is Status.SUCCESS


@each
def test_a_built_in_kind_opens_without_attributes_and_hides_what_is_personal(kind: Kind) -> None:
    """Names, numbers and addresses must be erasable, so they are marked where they are declared."""
    for name in ("iban", "email", "document_number", "date_of_birth", "delivery_address", "beneficiary"):
        if name in kind.attributes:
            assert kind.attributes[name].class_.value == "personal", name


@each
def test_every_kind_has_a_never_list_and_a_promise(kind: Kind) -> None:
    """A kind says what must not happen, and within what time something will."""
    assert kind.never
    assert kind.targets
    assert len(set(kind.never)) == len(kind.never)


@each
def test_the_customer_learns_nothing_of_a_suspicion(kind: Kind) -> None:
    """Telling a customer that compliance looks at them is an offence (tipping-off)."""
    for name, stage in kind.stages.items():
        if not stage.restricted:
            continue
        shown = kind.labels.customer[name]
        others = [text for other, text in kind.labels.customer.items() if other != name]
        others += [text for other, text in kind.labels.stages.items() if other not in kind.labels.customer]
        assert shown in others, f"{name} reads like no other stage, and so gives itself away"


@each_external
def test_an_unknown_outcome_stays_pending(kind: Kind) -> None:
    """Otherwise somebody presses retry and pays twice."""
    assert kind.outcomes.unknown is not None
    target = kind.transitions[kind.outcomes.unknown].to
    assert kind.stages[target].status is Status.PENDING
    assert kind.stages[target].re_ask is not None, "an unknown outcome is asked again"


@each_external
def test_no_clock_check_or_child_makes_an_error(kind: Kind) -> None:
    """An error needs proof that nothing was or will be executed; silence is none."""
    for name, transition in kind.transitions.items():
        if kind.stages[transition.to].status is Status.ERROR:
            assert not GUESSES & set(transition.by), name


@each_of_money
def test_rejected_is_entered_only_where_nothing_is_held(kind: Kind) -> None:
    """Rejected means that the consequence is done: the ledger has said so."""
    for name, transition in kind.transitions.items():
        if kind.stages[transition.to].status is not Status.REJECTED or kind.direction is Direction.NONE:
            continue
        for stage in transition.from_:
            taken_by_the_bank = set(transition.by) == {Cause.SOURCE} and not transition.roles
            assert stage in GIVES_BACK or not holds_funds(kind, stage) or taken_by_the_bank, (
                f"{name} from {stage}"
            )
            if stage in GIVES_BACK:
                assert not transition.roles, f"{name}: people cannot know what the ledger has done"


@each_of_money
def test_suspected_crime_is_held_and_released_by_compliance_alone(kind: Kind) -> None:
    """Money under suspicion is never released by a machine, a clock or the person who works the queue."""
    if kind.kind == "dispute":  # the money is with the scheme: there is nothing of ours to hold
        return
    stage = kind.stages["compliance_hold"]  # type: ignore[index]
    assert (stage.status, stage.waiting_on, stage.restricted) == (Status.PENDING, WaitingOn.OTHER_TEAM, True)
    for name, transition in kind.transitions.items():
        if "compliance_hold" in transition.from_:
            assert transition.by == (), name
            assert transition.roles == ("compliance",), name


@pytest.mark.parametrize("name", ["deposit", "order", "booking"])
def test_money_that_arrives_after_the_end_goes_to_a_person(name: str) -> None:
    """Late money is daily business; refusing the report would lose it."""
    kind = builtin_kinds()[KindName(name)]
    assert kind.outcomes.late == "money_arrives"
    late = kind.transitions[kind.outcomes.late]
    assert kind.stages[late.to].waiting_on is WaitingOn.OPERATOR
    assert {kind.stages[stage].status for stage in late.from_} == {Status.ERROR, Status.REJECTED}
    assert all(kind.stages[stage].final is not Finality.YES for stage in late.from_)


@each
def test_what_is_in_transit_asks_and_never_decides(kind: Kind) -> None:
    """Five days of silence prove nothing: the transfer may arrive on the sixth."""
    stage = {str(name): stage for name, stage in kind.stages.items()}.get("in_transit")
    if stage is not None:
        assert stage.limit is not None
        assert kind.transitions[stage.limit.transition].to == "outcome_unknown"


@each_external
def test_every_outcome_a_provider_can_report_has_a_way(kind: Kind) -> None:
    """A code that the catalogue reads as rejected must come to something."""
    assert all(getattr(kind.outcomes, outcome.value) for outcome in Outcome)


def test_a_limit_is_raised_by_the_clock_and_the_player_s_own_word() -> None:
    """Nothing but the clock ends the cooling-off, and nothing but a process that heard the player confirms."""
    kind = builtin_kinds()[KindName("limit_change")]
    out = {name: way for name, way in kind.transitions.items() if "cooling_off" in way.from_}
    onward = {name for name, way in out.items() if kind.stages[way.to].status is Status.PENDING}
    assert onward == {"cool_down"}
    assert out["cool_down"].by == (Cause.DEADLINE,)  # type: ignore[index]
    assert kind.transitions["confirm"].by == (Cause.PROCESS,)  # type: ignore[index]
    assert kind.transitions["confirm"].roles == ()  # type: ignore[index]


def test_nobody_lifts_a_self_exclusion() -> None:
    """Only the end of its term leads out, and then only to a player who must ask."""
    kind = builtin_kinds()[KindName("account_lock")]
    for stage in ("self_excluded", "locked_for_term"):
        ways = [way for way in kind.transitions.values() if stage in way.from_]
        easing = [way for way in ways if way.to != "self_excluded"]
        assert [way.by for way in easing] == [(Cause.DEADLINE,)], stage
        assert all(way.roles == () for way in easing), stage


def test_what_gives_money_or_an_account_back_asks_who_one_is() -> None:
    """A desk that was left for coffee books no balance and lifts no lock."""
    asking = {
        f"{kind.kind}.{name}"
        for kind in KINDS
        for name, transition in kind.transitions.items()
        if transition.step_up
    }
    assert asking == {"account_lock.lift", "balance_adjustment.approve", "balance_adjustment.reverse"}
