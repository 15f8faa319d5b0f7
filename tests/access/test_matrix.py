"""Every built-in role, kind, transition, amount band and scope: our rules and Cedar decide the same of each.

The grants are read from the table by Cedar's writer (`cedar`) and by our rules by the way every request takes
(`rights_of`, `actor_by_id`). Where both agree wrongly the sentences of `test_rules` are the source of truth.
"""

from collections.abc import Collection, Iterable, Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

import pytest
from psycopg.rows import dict_row

from tests.access import cedar
from viertakt.access import actions, granting
from viertakt.access.grants import VIEW, Grant
from viertakt.access.grants_model import NewGrant
from viertakt.access.model import ROLES, Actor, ActorId, Right
from viertakt.access.rules import may, may_consent, may_move, sees
from viertakt.db.pool import Connection
from viertakt.kinds.actions import Kinds, builtin_kinds, install_builtin
from viertakt.kinds.model import Kind, StageName, Status
from viertakt.operations.model import Money, Operation, OperationId

NOW = datetime(2026, 11, 26, 9, tzinfo=UTC)
# On a limit, above it by the least there is, in a currency without one, and no amount at all.
BANDS = ("500.00 EUR", "1000.00 EUR", "1000.01 EUR", "500.00 GBP", None)
BRANDS = ("casino-nl", "casino-be", None)
SCOPES = ("", "brand:casino-nl", "-brand:casino-nl status:pending")
LIMITS: tuple[dict[str, Decimal], ...] = ({}, {"EUR": Decimal(1000)})
ACTS = ("view", "open", "amend", "report", "export", "reveal", "manage")


class Case(NamedTuple):
    """One cell: who, what, and with which operation."""

    actor: Actor
    act: str
    operation: Operation
    kind: Kind


@pytest.fixture
def office(conn: Connection) -> Connection:
    """The product's roles and kinds, as after an installation."""
    actions.install_roles(conn)
    install_builtin(conn)
    return conn


def people(conn: Connection) -> dict[str, Actor]:
    """A person of each role, and one with none."""
    return {
        role: actions.add_person(
            conn, email=f"{role}@example.com", name=role, roles=[role] if role in ROLES else [], password=None
        )
        for role in (*ROLES, "nobody")
    }


def programs(conn: Connection) -> dict[str, Actor]:
    """A token of each role."""
    return {role: actions.issue_token(conn, role, [role])[1] for role in ROLES}


def limit_all(conn: Connection, *, where: str, amount_max: dict[str, Decimal]) -> None:
    """Every grant anew with this scope and these limits, as a company would narrow what it finds."""
    if not where and not amount_max:
        return
    actor = Actor(ActorId("system:tests"), "tests")
    kinds = Kinds()
    named, fields = kinds.names(conn), kinds.scope_fields(conn)
    conn.execute("UPDATE viertakt.access_grant SET revoked_by = 'system:tests', revoked_at = now()")
    for line in granting.grants(conn, revoked=True):
        new = NewGrant(line.role, line.may, line.kinds, where, amount_max)
        granting.add_grant(conn, new, actor=actor, kinds=named, fields=fields)


def operation(kind: Kind, stage: StageName, brand: str | None, amount: str | None) -> Operation:
    """An operation of this kind that stands here."""
    value, _, currency = (amount or "").partition(" ")
    return Operation(
        id=OperationId(UUID(int=1)),
        kind=kind.kind,
        kind_version=1,
        reference="X-1",
        stage=stage,
        status=Status(kind.stages[stage].status),
        version=1,
        created_at=NOW,
        entered_at=NOW,
        changed_at=NOW,
        brand=brand,
        amount=Money(Decimal(value), currency) if amount else None,
    )


def moves(actors: dict[str, Actor], bands: Iterable[str | None] = BANDS) -> Iterator[Case]:
    """Every transition of every kind, from the first stage it starts in, for each role, band and brand."""
    amounts = tuple(bands)
    for kind in builtin_kinds().values():
        for name, transition in kind.transitions.items():
            stage = next(iter(transition.from_))
            for amount in amounts:
                for brand in BRANDS:
                    one = operation(kind, stage, brand, amount)
                    for actor in actors.values():
                        yield Case(actor, f"move:{name}", one, kind)


def stays(actors: dict[str, Actor]) -> Iterator[Case]:
    """Every other act, on an operation in every stage of every kind."""
    for kind in builtin_kinds().values():
        for stage in kind.stages:
            for brand in BRANDS[:2]:
                one = operation(kind, stage, brand, "1000.01 EUR")
                for actor in actors.values():
                    for act in ACTS:
                        yield Case(actor, act, one, kind)


def asked(case: Case, act: str | None = None) -> dict[str, Any]:
    """The same case as a question to Cedar."""
    one = case.operation
    transition = case.kind.transitions.get(case.act.removeprefix("move:"))  # type: ignore[call-overload]
    return cedar.request(
        case.actor.id,
        act or case.act,
        kind=one.kind,
        stage=one.stage,
        status=one.status.value,
        brand=one.brand,
        amount=(one.amount.value, one.amount.currency) if one.amount else None,
        by_hand=bool(transition and transition.roles),
    )


def oracle(
    conn: Connection, cases: list[Case], requests: list[dict[str, Any]], *, without: Collection[str] = ()
) -> list[bool]:
    """What Cedar says, from the rows of the table; `without` those of these roles."""
    with conn.cursor(row_factory=dict_row) as cursor:
        rows = cursor.execute("SELECT * FROM viertakt.access_grant WHERE revoked_at IS NULL").fetchall()
    actors = {str(case.actor.id): sorted(case.actor.roles) for case in cases}
    acts = {case.act for case in cases} | {"report", "restricted"}
    policies = cedar.policies_of(row for row in rows if row["role"] not in without)
    return cedar.decide(requests, policies, cedar.entities_of(actors, acts))


def fresh(conn: Connection, actors: dict[str, Actor]) -> dict[str, Actor]:
    """The same actors with their rights as every request reads them."""
    return {role: actions.actor_by_id(conn, actor.id) for role, actor in actors.items()}


@pytest.mark.parametrize("amount_max", LIMITS, ids=["no-limit", "up-to-1000-EUR"])
@pytest.mark.parametrize("where", SCOPES, ids=["everywhere", "one-brand", "pending-elsewhere"])
def test_people_move_by_hand_what_cedar_lets_them(
    office: Connection, where: str, amount_max: dict[str, Decimal]
) -> None:
    """A second engine that nobody here has written finds no cell in which ours is more generous, or less."""
    actors = people(office)
    limit_all(office, where=where, amount_max=amount_max)
    # Every band once, within a brand; elsewhere the two beside the limit show whether it is kept.
    bands = BANDS if amount_max and where == SCOPES[1] else BANDS[1:3]
    cases = list(moves(fresh(office, actors), bands))
    said = oracle(office, cases, [asked(case) for case in cases])
    ours = [_moves(case) is not None for case in cases]
    assert _differences(cases, ours, said) == []
    assert any(ours)
    assert not all(ours)


def test_programs_move_what_cedar_lets_them(office: Connection) -> None:
    """A program reports what a process or a provider did, or moves by hand; what waits for the clock it never makes."""
    actors = programs(office)
    limit_all(office, where="brand:casino-nl", amount_max=LIMITS[1])
    cases = list(moves(fresh(office, actors), BANDS[1:]))
    by_hand = oracle(office, cases, [asked(case) for case in cases])
    reported = [n for n, case in enumerate(cases) if not {"process", "source"}.isdisjoint(_by(case))]
    reports = oracle(office, cases, [asked(cases[n], "report") for n in reported])
    said = list(by_hand)
    for n, report in zip(reported, reports, strict=True):
        said[n] = said[n] or report
    assert _differences(cases, [_moves(case) is not None for case in cases], said) == []


@pytest.mark.parametrize("where", SCOPES, ids=["everywhere", "one-brand", "pending-elsewhere"])
def test_what_is_seen_and_done_besides_moving_is_what_cedar_lets(office: Connection, where: str) -> None:
    """Seeing above all: a stage that is restricted takes both words of one grant."""
    actors = people(office)
    limit_all(office, where=where, amount_max={})
    cases = list(stays(fresh(office, actors)))
    said = oracle(office, cases, [asked(case) for case in cases])
    hidden = [
        n
        for n, case in enumerate(cases)
        if case.act == VIEW and case.kind.stages[case.operation.stage].restricted
    ]
    words = oracle(office, cases, [asked(cases[n], "restricted") for n in hidden])
    for n, word in zip(hidden, words, strict=True):
        said[n] = said[n] and word
    ours = [
        sees(case.actor, case.operation)
        if case.act == VIEW
        else isinstance(may(case.actor, case.act, case.operation), Grant)
        for case in cases
    ]
    assert _differences(cases, ours, said) == []


@pytest.mark.parametrize("amount_max", LIMITS, ids=["no-limit", "up-to-1000-EUR"])
@pytest.mark.parametrize("where", SCOPES, ids=["everywhere", "one-brand", "pending-elsewhere"])
def test_people_consent_to_what_cedar_lets_them(
    office: Connection, where: str, amount_max: dict[str, Decimal]
) -> None:
    """Rule by rule: whose roles only another rule names, their grants do not count for this one."""
    actors = people(office)
    limit_all(office, where=where, amount_max=amount_max)
    now = fresh(office, actors)
    asked_of: dict[tuple[str, ...], list[tuple[Case, tuple[str, ...]]]] = {}
    for case in moves(now, BANDS if amount_max else BANDS[1:3]):
        name = case.act.removeprefix("move:")
        transition = case.kind.transitions[name]  # type: ignore[index]
        rules = [rule.roles or transition.roles for rule in transition.approvals]
        for roles in dict.fromkeys(rules):
            others = tuple(sorted({role for other in rules for role in other} - set(roles)))
            asked_of.setdefault(others, []).append((case._replace(act=f"consent:{name}"), roles))
    counted: list[bool] = []
    for others, found in asked_of.items():
        cases = [case for case, _ in found]
        said = oracle(office, cases, [asked(case) for case in cases], without=others)
        ours = [_consents(case, roles, others) for case, roles in found]
        assert _differences(cases, ours, said) == []
        counted += ours
    assert any(counted)
    assert not all(counted)


def _consents(case: Case, roles: tuple[str, ...], others: tuple[str, ...]) -> bool:
    name = case.act.removeprefix("consent:")
    return isinstance(may_consent(case.actor, name, case.operation, roles=roles, others=others), Right)


def _moves(case: Case) -> Right | None:
    name = case.act.removeprefix("move:")
    transition = case.kind.transitions[name]  # type: ignore[index]
    found = may_move(case.actor, name, case.operation, roles=transition.roles, by=_by(case))
    return found if isinstance(found, Right) else None


def _by(case: Case) -> tuple[str, ...]:
    return tuple(str(one) for one in case.kind.transitions[case.act.removeprefix("move:")].by)  # type: ignore[index]


def _differences(cases: list[Case], ours: list[bool], said: list[bool]) -> list[tuple[str, ...]]:
    """The cells in which the two differ, at most ten, so that a failure can be read."""
    found = [
        (
            case.actor.id,
            *sorted(case.actor.roles),
            case.act,
            case.operation.kind,
            str(case.operation.amount),
            f"ours {a}",
        )
        for case, a, b in zip(cases, ours, said, strict=True)
        if a != b
    ]
    return found[:10]
