"""Every complaint of `check_kind`, each provoked by spoiling one thing of the design's example."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.kinds.example import catalogue, faults_of, spoilt, withdrawal
from viertakt.kinds.rules import check_kind, check_labels, check_together

Content = dict[str, Any]
Spoil = Callable[[Content], object]


def put(path: str, value: object) -> Spoil:
    """Write a value at a path such as stages/paid/final."""

    def spoil(content: Content) -> None:
        *way, last = path.split("/")
        place: Any = content
        for part in way:
            place = place[int(part)] if isinstance(place, list) else place.setdefault(part, {})
        if isinstance(place, list):
            place[int(last)] = value
        else:
            place[last] = value

    return spoil


def drop(path: str) -> Spoil:
    """Take away what stands at a path."""

    def spoil(content: Content) -> None:
        *way, last = path.split("/")
        place: Any = content
        for part in way:
            place = place[int(part) if isinstance(place, list) else part]
        del place[last]

    return spoil


def both(*spoils: Spoil) -> Spoil:
    return lambda content: [spoil(content) for spoil in spoils]


WAIT = {"status": "pending", "waiting_on": "operator"}
CASES: list[tuple[str, str, Spoil]] = [
    # stages and reach
    ("unknown_stage", "/start", put("start", "requestd")),
    ("start_has_ended", "/start", put("start", "rejected")),
    ("unreachable_stage", "/stages/island", both(put("stages/island", WAIT), put("transitions/leave", {"from": ["island"], "to": "paid", "by": ["process"]}))),
    ("no_way_out", "/stages/trap", both(put("stages/trap", WAIT), put("transitions/fall", {"from": ["approved"], "to": "trap", "by": ["process"]}))),
    ("no_way_out", "/stages/compliance_hold", put("transitions/clear/to", "compliance_hold")),
    ("waiting_on_missing", "/stages/approved", drop("stages/approved/waiting_on")),
    ("waiting_on_ended", "/stages/paid/waiting_on", put("stages/paid/waiting_on", "provider")),
    ("pending_is_final", "/stages/approved/final", put("stages/approved/final", "yes")),
    ("final_left_automatically", "/stages/paid/final", put("stages/paid/final", "yes")),
    ("status_never_reached", "/stages", put("stages/failed", WAIT)),
    ("status_reached", "/no_error", put("no_error", True)),
    # names and sizes
    ("bad_name", "/kind", put("kind", "With-Drawal")),
    ("bad_name", "/checks/Ä", put("checks/Ä", {"rule": "amount>1EUR"})),
    ("bad_name", "/attributes/2nd", put("attributes/2nd", {"type": "string"})),
    ("too_many", "/attributes", lambda content: content["attributes"].update({f"a{n}": {"type": "string"} for n in range(201)})),
    # attributes
    ("enum_on_other_type", "/attributes/wagering_open/enum", put("attributes/wagering_open/enum", ["a"])),
    ("enum_repeats", "/attributes/method/enum", put("attributes/method/enum", ["bank", "bank"])),
    ("dimension_is_personal", "/attributes/iban/dimension", put("attributes/iban/dimension", True)),
    ("dimension_too_fine", "/attributes/at/dimension", put("attributes/at", {"type": "datetime", "dimension": True})),
    ("too_many_dimensions", "/attributes/two/dimension", both(put("attributes/one", {"type": "string", "dimension": True}), put("attributes/two", {"type": "string", "dimension": True}))),
    # amend
    ("unknown_stage", "/amend/0", put("amend", ["requestd"])),
    ("stage_repeats", "/amend/1", put("amend", ["under_review", "under_review"])),
    ("amend_after_end", "/amend/0", put("amend", ["paid"])),
    ("amend_under_way", "/amend/1", put("amend", ["requested", "sending"])),
    ("amend_under_way", "/amend/0", put("amend", ["approved"])),
    ("amend_under_way", "/amend/0", put("amend", ["unclear"])),
    # transitions
    ("unknown_stage", "/transitions/approve/from/0", put("transitions/approve/from/0", "requestd")),
    ("unknown_stage", "/transitions/approve/to", put("transitions/approve/to", "aproved")),
    ("leaves_nothing", "/transitions/clear/from", put("transitions/clear/from", [])),
    ("stage_repeats", "/transitions/clear/from/1", put("transitions/clear/from", ["compliance_hold", "compliance_hold"])),
    ("nobody_may", "/transitions/clear", put("transitions/clear/roles", [])),
    ("cause_not_declarable", "/transitions/clear/by", put("transitions/clear/by", ["manual"])),
    ("unknown_word", "/transitions/give_up/comment", put("transitions/give_up/comment", "requird")),
    ("unknown_reason", "/transitions/refuse/reasons/0", put("transitions/refuse/reasons/0", "fraude")),
    ("approval_impossible", "/transitions/reinstate/approvals/0/count", put("transitions/reinstate/approvals/0/count", 0)),
    ("approval_impossible", "/transitions/send/approvals/0", put("transitions/send/approvals", [{"count": 1}])),
    # time
    ("unknown_transition", "/stages/sending/limit/transition", put("stages/sending/limit/transition", "lose_site")),
    ("does_not_leave", "/stages/sending/limit/transition", put("stages/sending/limit/transition", "expire")),
    ("cause_not_allowed", "/stages/sending/limit/transition", put("transitions/lose_sight/by", ["process"])),
    ("not_a_duration", "/stages/sending/limit/after", put("stages/sending/limit/after", "P1M")),
    ("limit_unclear", "/stages/sending/limit", put("stages/sending/limit/at", "entered")),
    ("limit_unclear", "/stages/sending/limit", drop("stages/sending/limit/after")),
    ("not_a_moment", "/stages/sending/limit/at", put("stages/sending/limit", {"transition": "lose_sight", "at": "min(entered+P1D, soon)"})),
    ("not_a_duration", "/stages/sending/limit/at", put("stages/sending/limit", {"transition": "lose_sight", "at": "entered+P1Y"})),
    ("unknown_field", "/stages/sending/limit/at", put("stages/sending/limit", {"transition": "lose_sight", "at": "attributes.due"})),
    ("wrong_type", "/stages/sending/limit/at", put("stages/sending/limit", {"transition": "lose_sight", "at": "attributes.method-P1D"})),
    ("limit_is_personal", "/stages/sending/limit/at", both(put("attributes/born", {"type": "date", "class": "personal"}), put("stages/sending/limit", {"transition": "lose_sight", "at": "attributes.born"}))),
    ("without_calendar", "/stages/sending/limit/working", put("stages/sending/limit/working", True)),
    ("days_of_a_calendar", "/stages/sending/limit/after", both(put("calendar", "office"), put("stages/sending/limit", {"transition": "lose_sight", "after": "P1D", "working": True}))),
    ("nobody_to_say_why", "/stages/sending/limit/transition", put("transitions/lose_sight/comment", "required")),
    ("does_not_leave", "/stages/outcome_unknown/re_ask/then", put("stages/outcome_unknown/re_ask/then", "lose_sight")),
    ("not_a_duration", "/stages/outcome_unknown/re_ask/every", put("stages/outcome_unknown/re_ask/every", "10m")),
    ("wrong_value", "/stages/outcome_unknown/re_ask/tries", put("stages/outcome_unknown/re_ask/tries", 0)),
    # checks
    ("unknown_check", "/stages/requested/checks/run/0", put("stages/requested/checks/run/0", "velocty")),
    ("checks_run_nothing", "/stages/requested/checks/run", put("stages/requested/checks/run", [])),
    ("does_not_leave", "/stages/requested/checks/pass", put("stages/requested/checks/pass", "send")),
    ("verdict_without_way", "/stages/requested/checks/reject", drop("stages/requested/checks/reject")),
    ("check_unclear", "/checks/velocity", put("checks/velocity/rule", "amount>1EUR")),
    ("check_unclear", "/checks/velocity", put("checks/velocity", {"otherwise": "review"})),
    ("unknown_word", "/checks/wagering_met/otherwise", put("checks/wagering_met/otherwise", "rejct")),
    ("unknown_reason", "/checks/wagering_met/reason", put("checks/wagering_met/reason", "wagering")),
    ("wrong_value", "/checks/velocity/at_most", put("checks/velocity/at_most", "many")),
    ("amount_without_currency", "/checks/daily/at_most", put("checks/daily", {"sum": "subject:$subject", "at_most": 5000})),
    ("at_most_of_nothing", "/checks/wagering_met/at_most", put("checks/wagering_met/at_most", 3)),
    # outcomes, undo, children, targets, labels
    ("unknown_transition", "/outcomes/success", put("outcomes/success", "setle")),
    ("cause_not_allowed", "/outcomes/rejected", put("outcomes/rejected", "give_up")),
    ("outcome_contradicts", "/outcomes/success", put("outcomes/success", "fail")),
    ("unknown_transition", "/outcomes/late", put("outcomes/late", "moneyarrives")),
    ("cause_not_allowed", "/outcomes/late", put("outcomes/late", "reinstate")),
    ("outcome_contradicts", "/outcomes/late", both(put("outcomes/late", "come_late"), put("transitions/come_late", {"from": ["failed"], "to": "paid", "by": ["source"]}))),
    ("late_too_early", "/outcomes/late", both(put("outcomes/late", "come_late"), put("transitions/come_late", {"from": ["failed", "sending"], "to": "unclear", "by": ["source"]}))),
    ("late_too_early", "/outcomes/late", both(put("outcomes/late", "come_late"), put("transitions/come_late", {"from": ["paid"], "to": "unclear", "by": ["source"]}))),
    ("unknown_transition", "/undo/refuse", put("undo/refuse", "reinstat")),
    ("unknown_transition", "/undo/refuze", put("undo/refuze", "reinstate")),
    ("undo_cannot_start", "/undo/reinstate", both(put("undo/reinstate", "start_over"), put("transitions/start_over", {"from": ["first"], "to": "under_review", "roles": ["risk"]}), put("stages/first", WAIT), put("transitions/begin", {"from": ["first"], "to": "requested", "by": ["process"]}), put("start", "first"))),
    ("unknown_word", "/children/success", put("children/success", "most")),
    ("children_without_way", "/children/error", both(drop("outcomes/error"))),
    ("unknown_stage", "/targets/0/until", put("targets/0/until", ["aproved"])),
    ("unknown_stage", "/targets/0/from", put("targets/0/from", "requestd")),
    ("target_without_end", "/targets/0/until", put("targets/0/until", [])),
    ("target_without_end", "/targets/0/until", both(put("targets/0/from", "paid"), put("targets/0/until", ["requested"]))),
    ("target_repeats", "/targets/1/name", lambda content: content["targets"].append(content["targets"][0])),
    ("not_a_duration", "/targets/0/within", put("targets/0/within", "24h")),
    ("target_ends_at_once", "/targets/0/until", put("targets/0/until", ["requested", "approved"])),
    ("target_unclear", "/targets/0", drop("targets/0/within")),
    ("days_of_a_calendar", "/targets/0/within", both(put("calendar", "office"), put("targets/0/within", "P3D"))),
    ("not_a_name", "/calendar", put("calendar", "Our office")),
    ("not_a_moment", "/targets/0/due", both(drop("targets/0/within"), put("targets/0/due", "tomorrow"))),
    ("unknown_field", "/targets/0/due", both(drop("targets/0/within"), put("targets/0/due", "attributes.dedline"))),
    ("wrong_type", "/targets/0/due", both(drop("targets/0/within"), put("targets/0/due", "attributes.wagering_open"))),
    ("unknown_word", "/targets/0/escalate/0/on", put("targets/0/escalate", [{"on": "late", "priority": "high"}])),
    ("unknown_word", "/targets/0/escalate/0/priority", put("targets/0/escalate", [{"on": "warned", "priority": "low"}])),
    ("not_a_share", "/targets/0/warn", put("targets/0/warn", "100%")),
    ("not_a_duration", "/stages/sending/silence", put("stages/sending/silence", "30m")),
    ("silence_after_end", "/stages/paid/silence", put("stages/paid/silence", "P1D")),
    ("step_does_nothing", "/targets/0/escalate/0", put("targets/0/escalate", [{"on": "warned"}])),
    ("label_of_nothing", "/labels/stages/payd", put("labels/stages/payd", {"en": "Paid", "nl": "Betaald"})),
    ("label_of_nothing", "/labels/customer/payd", put("labels/customer/payd", {"en": "Paid", "nl": "Betaald"})),
    # the rules that protect money
    ("unknown_outcome_missing", "/outcomes/unknown", drop("outcomes/unknown")),
    ("unknown_outcome_ends", "/outcomes/unknown", put("outcomes/unknown", "settle")),
    ("unknown_outcome_guessed", "/transitions/settle/by", put("transitions/settle/by", ["process", "deadline"])),
    ("error_without_proof", "/transitions/fail/by", put("transitions/fail/by", ["process", "deadline"])),
    ("error_without_proof", "/transitions/fail/by", put("transitions/fail/by", ["process", "check", "children"])),
    ("rejected_with_funds_held", "/transitions/refuse/from", put("transitions/refuse/to", "rejected")),
    ("release_not_confirmed", "/transitions/released/by", put("transitions/released/by", ["process", "deadline"])),
    ("release_not_confirmed", "/transitions/released/by", put("transitions/released/roles", ["payments"])),
    ("restricted_left_automatically", "/transitions/clear/by", put("transitions/clear/by", ["deadline"])),
]  # fmt: skip


def test_the_example_of_the_design_has_no_fault() -> None:
    """It stands in the documentation as the kind to copy."""
    assert check_kind(withdrawal(), catalogue()) == []


@pytest.mark.parametrize(("code", "pointer", "spoil"), CASES)
def test_each_fault_is_named_where_it_is(code: str, pointer: str, spoil: Spoil) -> None:
    """A complaint without its place sends the author through two hundred lines."""
    assert (code, pointer) in [(fault.code, fault.pointer) for fault in faults_of(spoil)]


def test_all_faults_come_at_once() -> None:
    """One fault a run would make a kind of thirty transitions a day's work."""
    every = [
        put("start", "requestd"),
        put("stages/sending/limit/after", "P1M"),
        put("transitions/approve/approvals/0/when", "amount>=1000"),
        put("outcomes/success", "setle"),
        put("transitions/refuse/reasons/0", "fraude"),
        put("transitions/fail/by", ["deadline"]),
    ]
    codes = {fault.code for fault in faults_of(both(*every))}
    expected = {
        "unknown_stage",
        "not_a_duration",
        "amount_without_currency",
        "unknown_transition",
        "unknown_reason",
    }
    assert expected | {"error_without_proof"} <= codes


def test_a_fault_says_what_was_written_and_what_was_meant() -> None:
    """Most faults are slips of the pen."""
    (fault,) = faults_of(put("targets/0/until", ["aproved"]))
    assert (fault.value, fault.remedy) == ("aproved", "Did you mean 'approved'?")


def test_a_second_deadline_does_not_turn_not_knowing_into_knowing() -> None:
    """A stage that time led to from an unknown outcome knows no more than the one before it."""

    def guess(content: Content) -> None:
        content["direction"] = "in"
        content["transitions"]["write_off"] = {"from": ["unclear"], "to": "rejected", "by": ["deadline"]}

    assert [(fault.code, fault.value) for fault in faults_of(guess)] == [
        ("unknown_outcome_guessed", "unclear")
    ]


def test_money_that_holds_nothing_may_be_declined_at_once() -> None:
    """A deposit that the bank declines took nothing; to send it through refunding would be a lie."""

    def deposit(content: Content) -> None:
        content["direction"] = "in"
        content["transitions"]["bank_refuses"]["to"] = "rejected"

    assert faults_of(deposit) == []


def test_money_that_came_in_is_given_back_before_it_is_declined() -> None:
    """A captured deposit that ends as rejected without a refund is a customer's money kept."""

    def captured(content: Content) -> None:
        content["direction"] = "in"
        content["stages"]["under_review"]["holds_funds"] = True
        content["transitions"]["refuse"]["to"] = "rejected"

    faults = faults_of(captured)
    assert [(fault.code, fault.value) for fault in faults] == [("rejected_with_funds_held", "under_review")]


@pytest.mark.parametrize(
    ("by", "allowed"), [(["source"], True), (["process", "source"], True), (["deadline"], False)]
)
def test_a_bank_may_report_that_it_took_money_back(by: list[str], allowed: bool) -> None:
    """After a chargeback nothing is left to refund; that a time has passed proves no chargeback."""

    def charged_back(content: Content) -> None:
        content["direction"] = "in"
        content["transitions"]["returned"] |= {"to": "rejected", "by": by}

    assert (faults_of(charged_back) == []) is allowed


def test_what_a_provider_holds_the_provider_lets_go() -> None:
    """Its report is a fact; our own clock or check would be a release."""

    def held_by_bank(content: Content) -> None:
        content["stages"]["compliance_hold"]["waiting_on"] = "provider"
        content["transitions"]["clear"]["by"] = ["source"]

    assert faults_of(held_by_bank) == []


def test_a_kind_without_outside_effect_may_time_out_as_error() -> None:
    """The money rules are for those who can pay twice; a ticket cannot."""

    def internal(content: Content) -> None:
        content["effect"] = "internal"
        content["transitions"]["fail"]["by"] = ["process", "deadline"]
        content["outcomes"].pop("unknown")

    assert faults_of(internal) == []


def test_what_moves_no_money_may_be_changed_wherever_it_is_pending() -> None:
    """A provider of verifications tells what it reads while we wait for it."""

    def wait_for_words(content: Content) -> None:
        content.update(amend=["requested", "sending", "unclear"], amount="none")
        content["transitions"]["approve"].pop("approvals")

    assert faults_of(wait_for_words) == []


def test_an_attribute_has_one_type_in_all_kinds() -> None:
    """`attributes.method` in a search over two kinds must be one thing."""
    other = spoilt(both(put("kind", "payout"), put("attributes/method", {"type": "integer"})))
    (fault,) = check_together([withdrawal(), other])
    assert (fault.code, fault.pointer) == ("attribute_types_differ", "/payout/attributes/method/type")
    assert check_together([withdrawal(), spoilt(put("kind", "payout"))]) == []


def test_a_query_over_another_kind_is_judged_with_that_kind() -> None:
    """By itself a kind cannot know the fields of others; together it can."""
    asks = put("checks/velocity/count", "kind:deposit attributes.bonus_code:* subject:$subject")
    kind = spoilt(asks)
    deposit = spoilt(both(put("kind", "deposit"), put("attributes/bonus_code", {"type": "string"})))
    assert check_kind(kind, catalogue()) == []
    assert check_together([kind, deposit]) == []
    assert [fault.pointer for fault in check_together([kind])] == ["/withdrawal/checks/velocity/count"]


def test_built_in_kinds_owe_words_for_everything_a_person_reads() -> None:
    """A company's own kind may leave them out; what we ship may not."""
    sections = {fault.pointer.split("/")[2] for fault in check_labels(withdrawal())}
    assert sections == {"stages", "transitions", "attributes", "targets"}
