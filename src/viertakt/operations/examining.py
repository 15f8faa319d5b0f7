"""Examining an operation under its lock: rules on itself, and what is counted or summed over others.

    operations locked ──► guards of all checks, in one order ──► wave by wave: count, decide, write

A guard is a lock on what a check counts ("withdrawal.velocity, kind:withdrawal subject:p-1"): whoever wants to count the
same waits until this transaction has written its moves, so of two withdrawals at once the second counts the first. In
one set those with the same guard come one wave after the other. Guards are taken after the operations and before anything
is written, each in the same order for all, so nobody waits in a circle.

Only those who ask for checks come here; a move pays nothing for it.
"""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Any
from uuid import UUID

import msgspec
from psycopg import Connection, sql

from viertakt.db.queries import load
from viertakt.errors import InvalidQuery
from viertakt.kinds.model import Check, Kind
from viertakt.kinds.rules_guards import VARIABLES, guard_fields
from viertakt.language import parse, to_sql, to_text
from viertakt.language.fields import Field, Fields
from viertakt.language.model import Query
from viertakt.language.profiles import Profile
from viertakt.language.to_predicate import Judge, to_judge
from viertakt.language.variables import bind, finds_nothing, values_of
from viertakt.operations.findings import CheckVerdict, Finding
from viertakt.operations.model import Decision, MoveRequest, Operation
from viertakt.operations.requests import CheckRequest
from viertakt.operations.rules_checks import check_gate, decide_checks, is_gated
from viertakt.operations.turn import Turn

COUNTED_MAX = 10_000  # beyond, a check only knows that it is too many
QUERIES_KEPT = 1024
_queries = load(__package__, "examining.sql")
_encode = msgspec.json.Encoder().encode


class CheckSetting(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """What an installation sets for a check without a new version of its kind.

    `at_most`: another bound of a count (`5`) or a sum (`5000EUR`). `block`: values by field; an operation that has one of
    them does not pass. `off`: it is not examined, and passes.
    """

    at_most: int | str | None = None
    block: dict[str, tuple[str, ...]] = {}
    off: bool = False


def waves(
    turn: Turn, requests: Sequence[tuple[int, CheckRequest]]
) -> Iterable[Sequence[tuple[int, CheckRequest]]]:
    """The requests in waves of which none counts what another of it changes; their guards are held from here on."""
    last: dict[str, int] = {}
    found: list[list[tuple[int, CheckRequest]]] = []
    seen: dict[UUID, int] = {}
    for n, request in requests:
        operation = turn.operations.get(request.operation_id)
        keys = _guards(turn, operation) if operation is not None else []
        nth = max([*(last.get(key, -1) + 1 for key in keys), seen.get(request.operation_id, -1) + 1])
        last.update(dict.fromkeys(keys, nth))
        seen[request.operation_id] = nth
        if nth == len(found):
            found.append([])
        found[nth].append((n, request))
    if last:
        turn.conn.execute(_queries["hold_guards"], {"keys": _encode(sorted(last)).decode()})
    return found


def hold_gates(turn: Turn, moves: Iterable[tuple[Operation, MoveRequest]]) -> None:
    """Hold the guards of all gates that these moves have to pass, in one order."""
    keys = {
        key
        for operation, request in moves
        if is_gated(turn.kind_of(operation).kind, operation, request)
        for key in _guards(turn, operation)
    }
    if keys:
        turn.conn.execute(_queries["hold_guards"], {"keys": _encode(sorted(keys)).decode()})


def pass_gate(turn: Turn, operation: Operation, request: MoveRequest) -> None:
    """Refuse a move that the checks of its stage do not let through as it leaves. Raises `NotPermitted`.

    Only what is asked in the database: nobody outside is waited for under a lock, and they were asked as it entered.
    """
    kind = turn.kind_of(operation).kind
    checks = kind.stages[operation.stage].checks
    if checks is None or not is_gated(kind, operation, request):
        return
    settings = read_settings(turn.conn, operation.kind, checks.run)
    said = (_said_here(turn, kind, operation, name, settings) for name in checks.run)
    check_gate(operation, request, [finding for finding in said if finding is not None])


def decide(turn: Turn, operation: Operation, request: CheckRequest) -> Decision | None:
    """The move that the checks of its stage make of an operation, if any; `request.told` has what they said."""
    request.told[:] = found = examine(turn, operation, request)
    kind = turn.kind_of(operation)
    return decide_checks(kind, operation, request, found, catalogue=turn.engine.catalogue, now=turn.now)


def examine(turn: Turn, operation: Operation, request: CheckRequest) -> tuple[Finding, ...]:
    """What the checks of the operation's stage say, in the kind's order; those asked elsewhere as they were found."""
    kind = turn.kind_of(operation).kind
    checks = kind.stages[operation.stage].checks
    if checks is None or operation.version != request.version:
        return ()
    elsewhere = {finding.check: finding for finding in request.found}
    settings = read_settings(turn.conn, operation.kind, checks.run)
    return tuple(
        _said_here(turn, kind, operation, name, settings)
        or elsewhere.get(name)
        or failed(name, {"failure": "not_asked"})
        for name in checks.run
    )


def _said_here(
    turn: Turn, kind: Kind, operation: Operation, name: str, settings: Mapping[str, CheckSetting]
) -> Finding | None:
    """What can be said without asking outside; None where nothing can."""
    check, setting = kind.checks[name], settings.get(name, CheckSetting())
    if setting.off:
        return Finding(name, CheckVerdict.PASS, evidence={"off": True})
    if blocked := _blocked(operation, setting):
        return _not_passed(name, check, {"blocked": blocked})
    if check.http is not None or check.python is not None:
        return None
    return _examine_one(turn, kind, operation, name, setting)


def failed(name: str, evidence: dict[str, Any]) -> Finding:
    """The finding of a check that could not be done: a person looks."""
    return Finding(name, CheckVerdict.REVIEW, evidence=evidence, failed=True)


def read_settings(conn: Connection[Any], kind: str, checks: Sequence[str]) -> dict[str, CheckSetting]:
    """What is in force for these checks of a kind."""
    row = conn.execute(_queries["settings_in_force"], {"kind": kind, "checks": list(checks)}).fetchone()
    assert row is not None, "an aggregate always answers one row"
    return msgspec.json.decode(row[0], type=dict[str, CheckSetting])


def _examine_one(turn: Turn, kind: Kind, operation: Operation, name: str, setting: CheckSetting) -> Finding:
    check = kind.checks[name]
    try:
        if check.rule is not None:
            holds = _rule(check.rule, tuple(guard_fields(kind).items()))(operation, turn.now)
            evidence: dict[str, Any] = {"rule": check.rule}
        else:
            # As the kind writes it: the value of `$subject` would name somebody in an entry, which stays for ever.
            evidence = {"query": check.count if check.count is not None else check.sum}
            bound = check.at_most if setting.at_most is None else setting.at_most
            query = _bound(kind, operation, check)
            found = _count(turn, query, bound) if check.count is not None else _sum(turn, query)
            holds = _within(found, bound)
            evidence |= {"found": _shown(found), "at_most": bound}
    except InvalidQuery as fault:
        return failed(name, {"failure": fault.code})
    return (
        Finding(name, CheckVerdict.PASS, evidence=evidence) if holds else _not_passed(name, check, evidence)
    )


def _not_passed(name: str, check: Check, evidence: dict[str, Any]) -> Finding:
    return Finding(name, CheckVerdict(check.otherwise), reason=check.reason, evidence=evidence)


def _blocked(operation: Operation, setting: CheckSetting) -> str | None:
    """The field by which an operation is on the block list; its value is not told, an entry stays for ever."""
    if not setting.block:
        return None
    own = values_of(operation)
    return next((field for field, values in setting.block.items() if own.get(field) in values), None)


def _guards(turn: Turn, operation: Operation) -> list[str]:
    kind = turn.kind_of(operation).kind
    checks = kind.stages[operation.stage].checks
    keys = []
    for name in checks.run if checks is not None else ():
        if kind.checks[name].count is not None or kind.checks[name].sum is not None:
            try:
                query = _bound(kind, operation, kind.checks[name])
            except InvalidQuery:
                continue  # what does not read counts nothing, and ends in review
            # Without a subject, say, all would wait for one guard under which nobody counts anything.
            if not finds_nothing(query):
                keys.append(f"{kind.kind}.{name} {to_text(query)}")
    return keys


def _bound(kind: Kind, operation: Operation, check: Check) -> Query:
    text = check.count if check.count is not None else check.sum
    assert text is not None, "only what counts or sums asks for others"
    return bind(_counted(text, tuple(guard_fields(kind).items())), values_of(operation))


@lru_cache(maxsize=QUERIES_KEPT)
def _rule(text: str, fields: tuple[tuple[str, Field], ...]) -> Judge:
    return to_judge(parse(text, fields=dict(fields), profile=Profile.ROW))


@lru_cache(maxsize=QUERIES_KEPT)
def _counted(text: str, own: tuple[tuple[str, Field], ...]) -> Query:
    """Other operations are typed as this kind's where it may be: attributes of other kinds compare as text."""
    names = [name.removeprefix("attributes.") for name, _ in own if name.startswith("attributes.")]
    variables = (*VARIABLES, *names)
    try:
        fields: Fields = dict(own)
        return parse(text, fields=fields, profile=Profile.ROW, variables=variables)
    except InvalidQuery:
        return parse(text, profile=Profile.ROW, variables=variables)


def _count(turn: Turn, query: Query, bound: int | str | None) -> int:
    most = bound if isinstance(bound, int) else 0
    return int(_asked(turn, query, "count_others", max(COUNTED_MAX, most + 1))[0][0])


def _sum(turn: Turn, query: Query) -> Mapping[str, Decimal]:
    rows = _asked(turn, query, "sum_others", COUNTED_MAX)
    if sum(count for _, _, count in rows) >= COUNTED_MAX:
        raise InvalidQuery(f"It finds {COUNTED_MAX} operations or more, too many to be summed.")
    return {currency: total for currency, total, _ in rows}


def _asked(turn: Turn, query: Query, name: str, counted_max: int) -> list[Any]:
    condition, params = to_sql(query, turn.now)
    statement = sql.SQL(_queries[name]).format(condition=condition)
    return turn.conn.execute(statement, {**params, "counted_max": counted_max}).fetchall()


def _within(found: int | Mapping[str, Decimal], bound: int | str | None) -> bool:
    """Whether no more was found than may be; amounts in another currency than the bound's are more than it."""
    if isinstance(found, int):
        return isinstance(bound, int) and found <= bound
    assert isinstance(bound, str), "check_kind lets no sum be published without an amount and its currency"
    most, currency = Decimal(bound[:-3]), bound[-3:]
    return found.keys() <= {currency} and found.get(currency, Decimal(0)) <= most


def _shown(found: int | Mapping[str, Decimal]) -> Any:
    return found if isinstance(found, int) else {currency: f"{total:f}" for currency, total in found.items()}
