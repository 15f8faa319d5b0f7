"""Who may do what with an operation, by what right, and the sentence that says why not."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from tests.granted import rights
from viertakt.access.grants import Grant, Rights, Slice
from viertakt.access.model import ROLES, Actor, ActorId, Right, system
from viertakt.access.rules import (
    WhyNot,
    check_may_export,
    check_may_manage,
    exportable,
    may,
    may_consent,
    may_move,
    may_reveal,
    right_to_amend,
    right_to_open,
    right_to_report,
    sees,
    sees_slices,
    visible,
)
from viertakt.errors import Forbidden
from viertakt.kinds.model import KindName, StageName, Status
from viertakt.language import Reader, Sight
from viertakt.operations.model import Money, Operation, OperationId

NOW = datetime(2026, 11, 26, 9, tzinfo=UTC)
HIDDEN = (("kyc", "mlro_review"), ("withdrawal", "compliance_hold"))


def operation(**known: Any) -> Operation:
    """A withdrawal of 120 EUR under review at casino-nl, but for what is said."""
    worth = known.pop("amount", "120 EUR")
    value, _, currency = (worth or "").partition(" ")
    told: dict[str, Any] = {
        "kind": KindName("withdrawal"),
        "stage": StageName("under_review"),
        "status": Status.PENDING,
        "brand": "casino-nl",
        "attributes": {"method": "bank"},
        "amount": Money(Decimal(value), currency) if worth else None,
    }
    return Operation(
        id=OperationId(UUID(int=1)),
        kind_version=1,
        reference="W-1",
        version=3,
        created_at=NOW,
        entered_at=NOW,
        changed_at=NOW,
        **{**told, **known},
    )


def grant(number: int, role: str, *may: str, **limits: Any) -> Grant:
    """A grant, limited as said."""
    return Grant(number, role, may=may, **limits)


def up_to(**limits: str) -> dict[str, Decimal]:
    """Limits by currency."""
    return {currency: Decimal(value) for currency, value in limits.items()}


def person(*grants: Grant) -> Actor:
    """A person with these grants and their roles."""
    return _actor("person:1", "Anna", grants)


def token(*grants: Grant) -> Actor:
    """A program with these grants and their roles."""
    return _actor("token:1", "ledger", grants)


def _actor(id_: str, name: str, grants: tuple[Grant, ...]) -> Actor:
    roles = frozenset(one.role for one in grants)
    return Actor(ActorId(id_), name, roles, rights=Rights(grants, HIDDEN))


APPROVE = grant(17, "payments", "move:approve")
NL_ONLY = grant(18, "payments", "move:approve", where="brand:casino-nl")
SMALL = grant(19, "payments", "move:approve", amount_max=up_to(EUR="1000", GBP="900"))
LEAD = grant(20, "payments_lead", "move:approve")
ANY = grant(21, "admin", "move:*", "report")
REPORTS = grant(22, "integration", "report")
OWN = grant(30, "", "move:approve", where="brand:casino-nl", amount_max=up_to(EUR="120"))
YES = grant(40, "payments_lead", "consent:approve")
YES_SMALL = grant(46, "payments_lead", "consent:approve", amount_max=up_to(EUR="1000"))
ROLES_OF_APPROVE = ("payments", "payments_lead")


# Each line is a sentence: who, with which operation, where the rule asks it of payments_lead, and `others` of risk.
CONSENTS: list[tuple[str, Actor, dict[str, Any], tuple[str, ...], Right | str]] = [
    ("a grant to consent suffices", person(YES), {}, (), Right("manual", "role payments_lead, grant 40")),
    ("the role without one does not", person(grant(1, "payments_lead", "view")), {}, (), "needs_role: Consent to 'approve' needs another grant."),
    ("who may make the move may not for that consent to it", person(LEAD), {}, (), "needs_role: Consent to 'approve' needs another grant."),
    ("nor does a consent make the move its own", person(grant(1, "payments", "consent:refuse")), {}, (), "needs_role: Consent to 'approve' needs role payments_lead."),
    ("consent:* is consent to any", person(grant(41, "admin", "consent:*")), {}, (), Right("manual", "role admin, grant 41")),
    ("a company grants it to a role that no rule names", person(grant(42, "compliance", "consent:approve")), {}, ("risk",), Right("manual", "role compliance, grant 42")),
    ("whose role another rule names does not count for this one", person(grant(43, "risk", "consent:approve")), {}, ("risk",), "needs_role: Consent to 'approve' needs role payments_lead."),
    ("in its brand", person(grant(44, "payments_lead", "consent:approve", where="brand:casino-nl")), {}, (), Right("manual", "role payments_lead, grant 44")),
    ("and in no other", person(grant(44, "payments_lead", "consent:approve", where="brand:casino-nl")), {"brand": "casino-be"}, (), "outside_grant: Consent to 'approve' needs another grant: role payments_lead, grant 44 is for brand:casino-nl."),
    ("of its kind", person(grant(45, "payments_lead", "consent:approve", kinds=("refund",))), {}, (), "outside_grant: Consent to 'approve' needs another grant: role payments_lead, grant 45 is for refund."),
    ("up to its amount", person(YES_SMALL), {"amount": "1000 EUR"}, (), Right("manual", "role payments_lead, grant 46")),
    ("and not above", person(YES_SMALL), {"amount": "1000.01 EUR"}, (), "amount_above: Consent to 'approve' needs another grant: amount above 1,000 EUR (role payments_lead, grant 46)."),
    ("nor in another currency", person(YES_SMALL), {"amount": "1 USD"}, (), "amount_above: Consent to 'approve' needs another grant: amount in USD (role payments_lead, grant 46)."),
]  # fmt: skip


@pytest.mark.parametrize(
    ("actor", "known", "others", "told"), [line[1:] for line in CONSENTS], ids=[line[0] for line in CONSENTS]
)
def test_who_may_consent(
    actor: Actor, known: dict[str, Any], others: tuple[str, ...], told: Right | str
) -> None:
    """The sentence is the source of truth."""
    found = may_consent(actor, "approve", operation(**known), roles=("payments_lead",), others=others)
    assert (found if isinstance(found, Right) else f"{found.code}: {found.words}") == told


# Each line is a sentence: who, with which operation, open to which roles and causes: by what right, or why not.
MOVES: list[tuple[str, Actor, dict[str, Any], tuple[str, ...], tuple[str, ...], Right | str]] = [
    ("a grant for the move suffices", person(APPROVE), {}, ROLES_OF_APPROVE, (), Right("manual", "role payments, grant 17")),
    ("without a grant the kind's roles are named", person(), {}, ROLES_OF_APPROVE, (), "needs_role: 'approve' needs role payments or payments_lead."),
    ("a role alone is no grant", person(grant(1, "payments", "view")), {}, ROLES_OF_APPROVE, (), "needs_role: 'approve' needs role payments_lead."),
    ("a company grants to a role that the kind does not name", person(grant(5, "support", "move:approve")), {}, ROLES_OF_APPROVE, (), Right("manual", "role support, grant 5")),
    ("a grant for another move is none", person(grant(1, "payments", "move:refuse")), {}, ROLES_OF_APPROVE, (), "needs_role: 'approve' needs role payments_lead."),
    ("move:* is any move", person(ANY), {}, ROLES_OF_APPROVE, (), Right("manual", "role admin, grant 21")),
    ("what is open to no role is made by nobody's hand", person(ANY), {}, (), ("process", "source"), "not_by_hand: 'approve' is not made by hand: process, source makes it."),
    ("nor by a grant that names it", person(APPROVE), {}, (), ("check",), "not_by_hand: 'approve' is not made by hand: check makes it."),
    ("a grant of the kind covers it", person(grant(2, "payments", "move:approve", kinds=("withdrawal", "refund"))), {}, ROLES_OF_APPROVE, (), Right("manual", "role payments, grant 2")),
    ("a grant of another kind does not", person(grant(2, "payments", "move:approve", kinds=("refund",))), {}, ROLES_OF_APPROVE, (), "outside_grant: 'approve' needs role payments_lead: role payments, grant 2 is for refund."),
    ("in its brand a grant holds", person(NL_ONLY), {}, ROLES_OF_APPROVE, (), Right("manual", "role payments, grant 18")),
    ("in another brand it does not", person(NL_ONLY), {"brand": "casino-be"}, ROLES_OF_APPROVE, (), "outside_grant: 'approve' needs role payments_lead: role payments, grant 18 is for brand:casino-nl."),
    ("nor where there is no brand", person(NL_ONLY), {"brand": None}, ROLES_OF_APPROVE, (), "outside_grant: 'approve' needs role payments_lead: role payments, grant 18 is for brand:casino-nl."),
    ("kind and query are both said", person(grant(3, "payments", "move:approve", kinds=("refund",), where="brand:shop")), {}, (), ("check",), "not_by_hand: 'approve' is not made by hand: check makes it."),
    ("a stage limits a grant", person(grant(3, "payments", "move:approve", where="stage:requested")), {}, ROLES_OF_APPROVE, (), "outside_grant: 'approve' needs role payments_lead: role payments, grant 3 is for stage:requested."),
    ("a dimension limits a grant", person(grant(3, "payments", "move:approve", where="attributes.method:bank")), {}, ROLES_OF_APPROVE, (), Right("manual", "role payments, grant 3")),
    ("another value of it does not hold", person(grant(3, "payments", "move:approve", where="attributes.method:card")), {}, ("payments",), (), "outside_grant: 'approve' needs another grant: role payments, grant 3 is for attributes.method:card."),
    ("an amount below the limit", person(SMALL), {}, ROLES_OF_APPROVE, (), Right("manual", "role payments, grant 19")),
    ("an amount at the limit", person(SMALL), {"amount": "1000.00 EUR"}, ROLES_OF_APPROVE, (), Right("manual", "role payments, grant 19")),
    ("an amount above it", person(SMALL), {"amount": "1000.01 EUR"}, ROLES_OF_APPROVE, (), "amount_above: 'approve' needs role payments_lead: amount above 1,000 EUR (role payments, grant 19)."),
    ("each currency has its own limit", person(SMALL), {"amount": "950 GBP"}, ROLES_OF_APPROVE, (), "amount_above: 'approve' needs role payments_lead: amount above 900 GBP (role payments, grant 19)."),
    ("a currency without a limit is not covered", person(SMALL), {"amount": "1 USD"}, ROLES_OF_APPROVE, (), "amount_above: 'approve' needs role payments_lead: amount in USD (role payments, grant 19)."),
    ("what has no amount is above no limit", person(SMALL), {"amount": None}, ROLES_OF_APPROVE, (), Right("manual", "role payments, grant 19")),
    ("another role's grant goes further", person(SMALL, LEAD), {"amount": "5000 EUR"}, ROLES_OF_APPROVE, (), Right("manual", "role payments_lead, grant 20")),
    ("the oldest that suffices is told", person(SMALL, LEAD), {}, ROLES_OF_APPROVE, (), Right("manual", "role payments, grant 19")),
    ("of several limits the highest is told", person(SMALL, grant(23, "risk", "move:approve", amount_max=up_to(EUR="2000"))), {"amount": "3000 EUR"}, ROLES_OF_APPROVE, (), "amount_above: 'approve' needs role payments_lead: amount above 2,000 EUR (role payments, grant 19; role risk, grant 23)."),
    ("a person reports nothing", person(REPORTS), {}, (), ("process",), "not_by_hand: 'approve' is not made by hand: process makes it."),
    ("a program reports what a process did", token(REPORTS), {}, (), ("process",), Right("process", "role integration, grant 22")),
    ("or a provider", token(REPORTS), {}, (), ("source",), Right("source", "role integration, grant 22")),
    ("but makes no move of people", token(REPORTS), {}, ROLES_OF_APPROVE, (), "needs_role: 'approve' needs role payments or payments_lead."),
    ("unless it is granted one", token(APPROVE), {}, ROLES_OF_APPROVE, ("process",), Right("manual", "role payments, grant 17")),
    ("a report comes before a move by hand", token(ANY), {}, ROLES_OF_APPROVE, ("process",), Right("process", "role admin, grant 21")),
    ("no grant makes a time limit come earlier", token(ANY), {}, (), ("deadline", "check", "children"), "not_by_hand: 'approve' is not made by hand: deadline, check, children makes it."),
    ("a report keeps within its brand", token(grant(6, "integration", "report", where="brand:shop")), {}, (), ("process",), "not_by_hand: 'approve' is not made by hand: process makes it."),
    ("a token may what a grant of its own says", token(OWN), {}, ROLES_OF_APPROVE, (), Right("manual", "own grant 30")),
    ("and no more than its amount", token(OWN), {"amount": "121 EUR"}, ROLES_OF_APPROVE, (), "amount_above: 'approve' needs role payments or payments_lead: amount above 120 EUR (own grant 30)."),
    ("and nowhere else", token(OWN), {"brand": "shop"}, ROLES_OF_APPROVE, (), "outside_grant: 'approve' needs role payments or payments_lead: own grant 30 is for brand:casino-nl."),
    ("a grant of its own comes beside those of its roles", token(OWN, LEAD), {"amount": "121 EUR"}, ROLES_OF_APPROVE, (), Right("manual", "role payments_lead, grant 20")),
    ("the clock is the system's", system("deadline"), {}, (), ("deadline",), Right("deadline", "system:deadline")),
    ("so is a check", system("check:velocity"), {}, (), ("check",), Right("check", "system:check:velocity")),
    ("a source of ours reports", system("source:stripe"), {}, (), ("source",), Right("source", "system:source:stripe")),
    ("and a process", system("ledger"), {}, (), ("process",), Right("process", "system:ledger")),
    ("but not in another's place", system("ledger"), {}, ROLES_OF_APPROVE, ("deadline",), "not_by_hand: 'approve' is not made by hand: deadline makes it."),
    ("history is imported as it was", Actor(ActorId("person:9"), "Bo", frozenset({"import"})), {}, (), (), Right("import", "import")),
]  # fmt: skip


@pytest.mark.parametrize(
    ("actor", "known", "roles", "by", "told"), [line[1:] for line in MOVES], ids=[line[0] for line in MOVES]
)
def test_a_move_is_granted_or_says_what_it_needs(
    actor: Actor,
    known: dict[str, Any],
    roles: tuple[str, ...],
    by: tuple[str, ...],
    told: Right | str,
) -> None:
    """Nobody has to guess whom to ask: the sentence is what the console shows beside the button."""
    found = may_move(actor, "approve", operation(**known), roles=roles, by=by)
    assert (f"{found.code}: {found.words}" if isinstance(found, WhyNot) else found) == told


VIEW = grant(1, "payments", "view")
ALL = grant(2, "compliance", "view", "restricted")
SIGHTS: list[tuple[str, Actor, dict[str, Any], bool]] = [
    ("who has no grant sees nothing", person(), {}, False),
    ("a grant to move is none to see", person(ANY), {}, False),
    ("view is everything", person(VIEW), {"kind": "ticket", "brand": None}, True),
    ("but what is restricted", person(VIEW), {"stage": "compliance_hold"}, False),
    ("a stage of that name in a kind that does not restrict it is seen", person(VIEW), {"kind": "ticket", "stage": "compliance_hold"}, True),
    ("restricted is seen where the grant says so", person(ALL), {"stage": "compliance_hold"}, True),
    ("two roles see what either does", person(VIEW, ALL), {"stage": "compliance_hold"}, True),
    ("amounts never limit what is seen", person(grant(3, "payments", "view", amount_max=up_to(EUR="1"))), {"amount": "9000 EUR"}, True),
    ("a brand does", person(grant(3, "payments", "view", where="brand:shop")), {}, False),
    ("a kind does", person(grant(3, "payments", "view", kinds=("refund",))), {}, False),
    ("the word of one grant does not widen another", person(grant(3, "kyc", "view", where="brand:casino-nl"), grant(4, "risk", "view", "restricted", where="brand:shop")), {"stage": "compliance_hold"}, False),
    ("each with its own", person(grant(3, "kyc", "view", where="brand:casino-nl"), grant(4, "risk", "view", "restricted", where="brand:shop")), {"stage": "compliance_hold", "brand": "shop"}, True),
    ("the system sees what it works on", system("deadline"), {"stage": "compliance_hold"}, True),
]  # fmt: skip


@pytest.mark.parametrize(
    ("actor", "known", "seen"), [line[1:] for line in SIGHTS], ids=[line[0] for line in SIGHTS]
)
def test_what_is_seen(actor: Actor, known: dict[str, Any], *, seen: bool) -> None:
    """Suspected crime is not for everybody who works here."""
    assert sees(actor, operation(**known)) is seen


@pytest.mark.parametrize("role", ["auditor", "read_only"])
def test_who_only_reads_opens_amends_and_reports_nothing(role: str) -> None:
    """An auditor who could open an operation would be auditing their own work."""
    reader = Actor(ActorId("person:1"), "Anna", frozenset({role}), rights=rights(role))
    for right in (right_to_open, right_to_amend, right_to_report):
        with pytest.raises(Forbidden, match="needs a role that acts"):
            right(reader, operation())


def test_opening_says_by_what_right() -> None:
    """Entry 1 of every history carries it."""
    opens = grant(7, "payments", "open")
    assert right_to_open(person(opens), operation()) == Right("manual", "role payments, grant 7")
    assert right_to_open(token(opens), operation()) == Right("process", "role payments, grant 7")
    assert right_to_open(system("ledger"), operation()) == Right("process", "system:ledger")
    imported = Actor(ActorId("person:9"), "Bo", frozenset({"import"}))
    assert right_to_open(imported, operation()) == Right("import", "import")


def test_opening_keeps_within_limits_too() -> None:
    """Else who may not approve 5,000 EUR opens it as approved by somebody else's rule."""
    opens = person(grant(7, "payments", "open", where="brand:shop", amount_max=up_to(EUR="1000")))
    with pytest.raises(Forbidden, match="grant 7 is for brand:shop"):
        right_to_open(opens, operation())
    with pytest.raises(Forbidden, match="amount above 1,000 EUR"):
        right_to_open(opens, operation(brand="shop", amount="1001 EUR"))


def test_files_leave_only_where_a_grant_says_so() -> None:
    """What may be looked at may not always be taken along."""
    with pytest.raises(Forbidden, match="'export'"):
        exportable(person(VIEW))
    assert exportable(person(ALL, grant(3, "compliance", "export"))).terms == ()
    nearly = person(ALL, grant(3, "compliance", "export", kinds=("refund",)))
    with pytest.raises(Forbidden, match="more than their grants"):
        check_may_export(nearly, [Slice(("withdrawal",))])
    check_may_export(nearly, [Slice(("refund",))])


def test_a_part_is_within_another_by_its_words() -> None:
    """A frozen report is for those who see all that it counts; where words do not tell, it is not theirs."""
    shop = person(grant(3, "payments", "view", where="brand:shop"))
    assert sees_slices(shop, [Slice(where="brand:shop"), Slice(("refund",), "brand:shop")])
    assert not sees_slices(shop, [Slice()])
    assert not sees_slices(person(VIEW), [Slice(restricted=True)])
    assert sees_slices(person(ALL), [Slice(restricted=True), Slice(where="brand:shop")])


REVEALS = grant(3, "kyc", "reveal", where="brand:casino-nl")
REVEALED: list[tuple[str, Actor, dict[str, Any], bool]] = [
    ("who sees an operation does not see names yet", person(VIEW), {}, False),
    ("a grant says so", person(REVEALS), {}, True),
    ("for one brand's players, not another's", person(REVEALS), {"brand": "shop"}, False),
    ("an amount limits acting, not this", person(grant(3, "kyc", "reveal", amount_max=up_to(EUR="1"))), {"amount": "9000 EUR"}, True),
    ("a program with a role for people sees no names", token(REVEALS), {}, False),
    ("unless it administers", token(grant(3, "admin", "reveal")), {}, True),
    ("or a grant of its own says so", token(grant(3, "", "reveal")), {}, True),
    ("the system needs none: it shows nothing to anybody", system("ledger"), {}, True),
]  # fmt: skip


@pytest.mark.parametrize(
    ("actor", "known", "shown"), [line[1:] for line in REVEALED], ids=[line[0] for line in REVEALED]
)
def test_to_whom_personal_values_may_be_revealed(actor: Actor, known: dict[str, Any], *, shown: bool) -> None:
    """A team for one brand needs no addresses of another's players, and most programs none at all."""
    assert may_reveal(actor, operation(**known)) is shown


def test_the_sentences_are_at_least_sixty() -> None:
    """They are the source of truth where the rules and Cedar agree wrongly; nobody makes them fewer unseen."""
    assert len({line[0] for line in (*MOVES, *SIGHTS, *REVEALED)}) >= 60


def test_who_manages_is_granted_it() -> None:
    """A company may let somebody else than its administrators publish kinds."""
    check_may_manage(person(grant(3, "risk", "manage")))
    with pytest.raises(Forbidden, match="manage"):
        check_may_manage(person(ANY))


def test_an_act_without_a_grant_says_which_word_is_missing() -> None:
    """There is no role to be named for it."""
    assert may(person(), "export", operation()) == WhyNot(
        "needs_role", "Anna has no grant that says 'export'."
    )


def test_who_sees_everything_is_asked_nothing_more() -> None:
    """An administrator's lists cost what they did before there were grants."""
    assert visible(person(ALL)) == Sight(reader=Reader(("person:1", "role:compliance")))
    assert visible(system("deadline")).terms == ()


def test_nobody_is_given_the_role_of_an_import() -> None:
    """It makes any move: it exists only inside an importer, which gives it to the people of a log."""
    assert "import" not in ROLES
