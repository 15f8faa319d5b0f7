"""The reason catalogue as shipped: other people's codes read as the trade reads them."""

import pytest

from viertakt.kinds.actions import builtin_kinds
from viertakt.kinds.model import Direction, Outcome
from viertakt.kinds.reasons import Decides, load_catalogue

IN, OUT = Direction.IN, Direction.OUT
HYPERSWITCH_CODES = 45
SUSPICIONS = (
    "fraud",
    "suspicious_activity",
    "sanctions",
    "criminal_record",
    "adverse_media",
    "compromised_person",
    "bonus_abuse",
    "regulatory",
)


def _codes(prefix: str, first: int, last: int) -> list[str]:
    return [f"iso20022:{prefix}{number:02d}" for number in range(first, last + 1)]


def _outcome(code: str, direction: Direction) -> Outcome | None:
    verdict = load_catalogue().decide(code=code, direction=direction)
    assert verdict is not None, f"{code} is not mapped"
    return verdict.outcome


@pytest.mark.parametrize(
    "code",
    [
        *_codes("AB", 1, 11),
        *_codes("FF", 1, 10),
        *_codes("AG", 10, 11),
        "iso20022:ED05",
        "iso20022:TM01",
        "iso8583:91",
        "adyen:9",
    ],
)
def test_a_technical_code_is_an_error_both_ways(code: str) -> None:
    """Nobody said no: it may be tried again."""
    assert [_outcome(code, direction) for direction in (IN, OUT)] == [Outcome.ERROR, Outcome.ERROR]


@pytest.mark.parametrize(
    "code",
    [*_codes("AC", 6, 9), *_codes("AM", 1, 3), *_codes("DU", 1, 5), *_codes("BE", 1, 23), *_codes("MD", 1, 7),
     *_codes("RR", 1, 12), *_codes("SL", 11, 18), "iso20022:CUST", "iso8583:05", "adyen:2", "stripe:account_closed"],
)  # fmt: skip
def test_a_business_code_is_a_rejection_both_ways(code: str) -> None:
    """Somebody said no: trying again would be told the same."""
    assert [_outcome(code, direction) for direction in (IN, OUT)] == [Outcome.REJECTED, Outcome.REJECTED]


@pytest.mark.parametrize(
    "code",
    ["iso20022:AM04", "iso8583:51", "adyen:12", "stripe:insufficient_funds", "hyperswitch:InsufficientFunds"],
)
def test_an_empty_account_is_the_payers_coming_in_and_ours_going_out(code: str) -> None:
    """A player whose account is empty is turned down; a payout from our empty account is our fault, and is sent again."""
    catalogue = load_catalogue()
    assert _outcome(code, IN) is Outcome.REJECTED
    ours = catalogue.decide(code=code, direction=OUT)
    assert ours is not None
    assert (ours.outcome, ours.reason) == (Outcome.ERROR, "own_account_empty")


@pytest.mark.parametrize(
    "code", ["RCVD", "ACTC", "ACSP", "PATC", "ACFW", "G002", "G003", "G004", "IAAD", "PRSY", "NSTP"]
)
def test_what_is_still_under_way_ends_nothing(code: str) -> None:
    """A pending word from a bank must not move an operation."""
    assert _outcome(f"iso20022:{code}", OUT) is None


def test_a_partial_approval_is_no_success() -> None:
    """Card code 10 approves a part of the amount: a person decides."""
    assert _outcome("iso8583:10", IN) is None
    assert _outcome("iso8583:00", IN) is Outcome.SUCCESS


def test_an_exposed_person_is_not_rejected_and_a_label_alone_decides_nothing() -> None:
    """PEP means enhanced due diligence; the same label may ask to try again or be final."""
    assert _outcome("sumsub:PEP/FINAL", Direction.NONE) is None
    assert _outcome("sumsub:FORGERY", Direction.NONE) is None
    assert _outcome("sumsub:FORGERY/RETRY", Direction.NONE) is None
    assert _outcome("sumsub:FORGERY/FINAL", Direction.NONE) is Outcome.REJECTED
    assert _outcome("sumsub:CHECK_UNAVAILABLE", Direction.NONE) is Outcome.ERROR


def test_hyperswitch_s_catalogue_is_complete() -> None:
    """Its standard codes are a closed list."""
    assert len(load_catalogue().schemes["hyperswitch"]) == HYPERSWITCH_CODES


def test_the_customer_s_text_reveals_no_suspicion() -> None:
    """All suspicions read alike, and like refusals that are none: the text tells nothing (tipping-off)."""
    catalogue = load_catalogue()
    texts = {catalogue.reasons[code].customer for code in catalogue.reasons if code in SUSPICIONS}
    assert len(texts) == 1
    harmless = {reason.customer for code, reason in catalogue.reasons.items() if code not in SUSPICIONS}
    assert texts <= harmless
    for code, reason in catalogue.reasons.items():
        words = f"{reason.customer.en} {reason.customer.nl}".lower()
        assert not any(
            word in words
            for word in (
                "fraud",
                "suspic",
                "verdacht",
                "sanction",
                "sanctie",
                "launder",
                "witwas",
                "compliance",
            )
        ), code


def test_every_reason_that_a_kind_names_is_in_the_catalogue() -> None:
    """`check_kind` says so too; this names them all at once."""
    named = {
        reason
        for kind in builtin_kinds().values()
        for way in kind.transitions.values()
        for reason in way.reasons
    }
    assert named <= set(load_catalogue().reasons)


def test_cancelled_and_expired_are_rejections() -> None:
    """There are four statuses and no fifth."""
    reasons = load_catalogue().reasons
    ends = {code: reason for code, reason in reasons.items() if code.startswith(("cancelled_by_", "expired"))}
    assert len(ends) >= len(
        ("customer", "operator", "provider", "seller", "host", "expired", "expired_no_action")
    )
    assert {reason.status for reason in ends.values()} == {Decides.REJECTED}
