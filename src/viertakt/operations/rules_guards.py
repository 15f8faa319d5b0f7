"""Whether a transition's guard holds for an operation: its `when`, a query of the row profile, judged in memory. Pure.

The operation is judged as it stands before the move, with `now` of the primary's clock and days in UTC. Who may move is
asked first (`access`): a guard binds everybody, people and automatic causes alike.
"""

from datetime import datetime
from functools import lru_cache

from viertakt.errors import InvalidQuery, NotPermitted
from viertakt.kinds.model import ApprovalRule, Kind, Transition, TransitionName
from viertakt.kinds.rules_guards import guard_fields
from viertakt.language.fields import Field
from viertakt.language.model import AllOf, AnyOf, Comparison, Price, Query, Span, Term, comparisons
from viertakt.language.parse import Profile, parse
from viertakt.language.to_predicate import Judge, to_judge
from viertakt.operations.model import Operation

GUARDS_KEPT = (
    4096  # every version of every kind brings its own; beyond, the one not asked for longest is read again
)


def guard_holds(kind: Kind, transition: Transition, operation: Operation, now: datetime) -> bool:
    """Whether the guard lets this operation through; a transition without one lets everything."""
    if transition.when is None:
        return True
    return _judge(transition.when, tuple(guard_fields(kind).items()))(operation, now)


def check_guard(kind: Kind, name: TransitionName, operation: Operation, now: datetime) -> None:
    """Refuse a move whose guard does not hold. Raises `NotPermitted`."""
    transition = kind.transitions[name]
    if guard_holds(kind, transition, operation, now):
        return
    raise NotPermitted(
        f"Operation {operation.id} is not what '{name}' is for. {guard_words(name, transition)}",
        why_not="guard",
        when=transition.when,
        stage=operation.stage,
        status=operation.status,
        version=operation.version,
    )


def guard_words(name: TransitionName, transition: Transition) -> str:
    """What an operation has to be, as the kind says it."""
    return f"'{name}' is made only where this holds: {transition.when}"


def rule_applies(
    kind: Kind, transition: Transition, rule: ApprovalRule, operation: Operation, now: datetime
) -> bool:
    """Whether this operation needs the consents of this rule.

    Bands are listed per currency: an amount in one that no rule of the transition names falls under the strictest, as
    if it were above every bound.
    """
    if rule.when is None:
        return True
    unlisted = operation.amount is not None and operation.amount.currency not in _listed(transition.approvals)
    return _rule_judge(rule.when, tuple(guard_fields(kind).items()), unlisted)(operation, now)


@lru_cache(maxsize=GUARDS_KEPT)
def _listed(rules: tuple[ApprovalRule, ...]) -> frozenset[str]:
    """The currencies for which these rules name bounds."""
    currencies: set[str] = set()
    for rule in rules:
        try:
            terms = parse(rule.when or "", profile=Profile.ROW).terms
        except InvalidQuery:
            continue
        for term in comparisons(terms):
            for value in term.values:
                bounds = (value.low, value.high) if isinstance(value, Span) else (value,)
                currencies |= {bound.currency for bound in bounds if isinstance(bound, Price)}
    return frozenset(currencies)


@lru_cache(maxsize=GUARDS_KEPT)
def _rule_judge(when: str, fields: tuple[tuple[str, Field], ...], unlisted: bool) -> Judge:
    try:
        query = parse(when, fields=dict(fields), profile=Profile.ROW)
    except InvalidQuery:
        # What cannot be judged wants the consents: the other way round a fault in a kind would open a door.
        return lambda _operation, _now: True
    return to_judge(Query(tuple(_above(term, True) for term in query.terms)) if unlisted else query)


def _above(term: Term, wanted: bool) -> Term:
    """The term where every comparison of an amount says what makes the rule hold. `wanted`: what the groups around ask."""
    if isinstance(term, AllOf | AnyOf):
        inner = tuple(_above(member, wanted is not term.negated) for member in term.terms)
        return type(term)(inner, term.negated)
    is_amount = isinstance(term, Comparison) and term.field == "amount"
    return AllOf((), negated=not wanted) if is_amount else term


@lru_cache(maxsize=GUARDS_KEPT)
def _judge(when: str, fields: tuple[tuple[str, Field], ...]) -> Judge:
    try:
        return to_judge(parse(when, fields=dict(fields), profile=Profile.ROW))
    except InvalidQuery:
        # Published before `check_kind` knew better. What cannot be judged lets nobody through.
        return lambda _operation, _now: False
