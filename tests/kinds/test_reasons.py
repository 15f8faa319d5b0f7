"""The reason catalogue: what a foreign code decides, by scheme, value and direction."""

import pytest

from viertakt.errors import InvalidKind
from viertakt.kinds.model import Direction, Outcome, ReasonCode
from viertakt.kinds.reasons import Verdict, read_catalogue

TEXTS = "internal: {en: Why, nl: Waarom}, customer: {en: Why, nl: Waarom}"
CATALOGUE = f"""
reasons:
  insufficient_funds: {{status: rejected, {TEXTS}}}
  own_account_empty:  {{status: error, {TEXTS}}}
  agent_timeout:      {{status: error, {TEXTS}}}
  no_answer:          {{status: unknown, {TEXTS}}}
schemes:
  iso20022:
    AM04: {{in: insufficient_funds, out: own_account_empty}}
    AB05: agent_timeout
    AB09: {{in: agent_timeout, out: agent_timeout}}
    ACSP: {{status: pending}}
    ACCC: {{status: success}}
    PDNG: {{status: pending, reason: agent_timeout}}
  iso8583:
    05: insufficient_funds
    68: no_answer
"""


@pytest.mark.parametrize(
    ("code", "direction", "verdict"),
    [
        ("iso20022:AM04", Direction.IN, Verdict(Outcome.REJECTED, ReasonCode("insufficient_funds"))),
        ("iso20022:AM04", Direction.OUT, Verdict(Outcome.ERROR, ReasonCode("own_account_empty"))),
        ("iso20022:AM04", Direction.NONE, None),
        ("iso20022:AB05", Direction.NONE, Verdict(Outcome.ERROR, ReasonCode("agent_timeout"))),
        ("iso20022:AB09", Direction.NONE, Verdict(Outcome.ERROR, ReasonCode("agent_timeout"))),
        ("ISO20022:AB05", Direction.IN, Verdict(Outcome.ERROR, ReasonCode("agent_timeout"))),
        ("iso20022:ACSP", Direction.OUT, Verdict(None)),
        ("iso20022:ACCC", Direction.OUT, Verdict(Outcome.SUCCESS)),
        ("iso20022:PDNG", Direction.OUT, Verdict(None, ReasonCode("agent_timeout"))),
        ("iso8583:05", Direction.IN, Verdict(Outcome.REJECTED, ReasonCode("insufficient_funds"))),
        ("iso8583:68", Direction.OUT, Verdict(Outcome.UNKNOWN, ReasonCode("no_answer"))),
        ("iso8583:5", Direction.IN, None),
        ("iso20022:ZZ99", Direction.IN, None),
        ("nobody:05", Direction.IN, None),
        ("AM04", Direction.IN, None),
        ("", Direction.IN, None),
    ],
)
def test_a_code_decides_by_scheme_value_and_direction(
    code: str, direction: Direction, verdict: Verdict | None
) -> None:
    """An empty account is the customer's when money comes in and ours when it goes out; what is unmapped decides nothing."""
    assert read_catalogue(CATALOGUE).decide(code=code, direction=direction) == verdict


def test_our_own_reasons_are_found_by_name() -> None:
    """Kinds name them; a name that is none must not pass."""
    catalogue = read_catalogue(CATALOGUE)
    found = catalogue.reason("agent_timeout")
    assert found is not None
    assert found.customer.nl == "Waarom"
    assert catalogue.reason("agent_time") is None


def test_all_faults_of_a_catalogue_come_at_once() -> None:
    """Hundreds of codes are mapped; whoever edits them wants to hear of every slip."""
    text = CATALOGUE.replace("AB05: agent_timeout", "AB05: agent_timeot").replace(
        "{status: success}", "{status: good}"
    )
    with pytest.raises(InvalidKind) as caught:
        read_catalogue(text.replace("{in: insufficient_funds,", "{inn: insufficient_funds,"))
    faults = {fault.pointer: fault for fault in caught.value.faults}
    assert faults["/schemes/iso20022/AB05"].remedy == "Did you mean 'agent_timeout'?"
    assert faults["/schemes/iso20022/ACCC/status"].code == "unknown_word"
    assert faults["/schemes/iso20022/AM04/inn"].code == "unknown_key"
