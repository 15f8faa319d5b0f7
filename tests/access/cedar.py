"""The grants as Cedar policies: what an independent engine is to decide by, written from the rows and by nothing of ours.

Nothing here reads a query with our parser or asks our rules; a scope is translated term by term, and what this cannot
translate fails the test that brings it.
"""

import json
import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

import cedarpy

# Cedar counts in whole numbers: amounts are told in ten thousandths, as exact as any currency.
UNITS = 10_000
_TERM = re.compile(r"(?P<not>-?)(?P<field>brand|kind|stage|status):(?P<values>[\w.-]+(?:,[\w.-]+)*)")

# What a grant may say of all transitions at once.
_GROUPS = {"move:": "moves", "consent:": "consents"}
Row = Mapping[str, Any]


def policies_of(grants: Iterable[Row]) -> str:
    """A policy for each grant in force. Rows as the table has them: grant_id, role, actor, kinds, may, where_, amount_max."""
    return "\n".join(_policy(grant) for grant in grants) + "\n" + _FORBIDDEN


# What no grant opens: a transition by hand that the kind opens to nobody; and what is restricted, without the word.
_FORBIDDEN = """
forbid (principal, action in Action::"moves", resource) unless { context.by_hand };
"""


def entities_of(actors: Mapping[str, Iterable[str]], actions: Iterable[str]) -> list[dict[str, Any]]:
    """Who has which roles, and which actions are moves or consents."""
    roles = sorted({role for held in actors.values() for role in held})
    told: list[dict[str, Any]] = [_entity("Role", role) for role in roles]
    told += [_entity("Actor", actor, [("Role", role) for role in held]) for actor, held in actors.items()]
    told += [_entity("Action", group) for group in _GROUPS.values()]
    told += [
        _entity(
            "Action", name, [("Action", group) for word, group in _GROUPS.items() if name.startswith(word)]
        )
        for name in sorted(set(actions))
    ]
    return told


def request(actor: str, action: str, **context: Any) -> dict[str, Any]:
    """A question: may this actor do this with an operation that is so?"""
    amount = context.pop("amount", None)
    if amount is not None:
        value, currency = amount
        context |= {"amount": int(Decimal(value) * UNITS), "currency": currency}
    return {
        "principal": f"Actor::{json.dumps(actor)}",
        "action": f"Action::{json.dumps(action)}",
        "resource": 'Operation::"one"',
        "context": {name: value for name, value in context.items() if value is not None},
    }


def decide(requests: list[dict[str, Any]], policies: str, entities: list[dict[str, Any]]) -> list[bool]:
    """What Cedar says to each; a policy that fails to evaluate fails the test."""
    results = cedarpy.is_authorized_batch(requests, policies, entities)
    for result in results:
        assert not result.diagnostics.errors, result.diagnostics.errors
    return [bool(result.allowed) for result in results]


def _policy(grant: Row) -> str:
    whose = (
        f"Actor::{json.dumps(grant['actor'])}"
        if grant["role"] is None
        else f"Role::{json.dumps(grant['role'])}"
    )
    acts = ", ".join(
        f"Action::{json.dumps(_GROUPS[act[:-1]] if act.endswith(':*') else act)}" for act in grant["may"]
    )
    conditions = [
        *([_either("kind", grant["kinds"])] if grant["kinds"] else []),
        *map(_term, grant["where_"].split()),
        *([_limits(grant["amount_max"])] if grant["amount_max"] else []),
    ]
    # `view` limits nothing by amount, which is only of acting; `restricted` is judged beside it.
    when = " && ".join(conditions) or "true"
    return f'@id("{grant["grant_id"]}") permit (principal in {whose}, action in [{acts}], resource) when {{ {when} }};'


def _limits(amount_max: Mapping[str, Any]) -> str:
    bands = " || ".join(
        f"(context.currency == {json.dumps(currency)} && context.amount <= {int(Decimal(str(limit)) * UNITS)})"
        for currency, limit in sorted(amount_max.items())
    )
    return f"(!(context has amount) || {bands})"


def _term(text: str) -> str:
    read = _TERM.fullmatch(text)
    assert read is not None, f"{text!r} is no term that this translates; teach it."
    found = _either(read["field"], read["values"].split(","))
    return f"!({found})" if read["not"] else found


def _either(field: str, values: Iterable[str]) -> str:
    one = " || ".join(f"context.{field} == {json.dumps(value)}" for value in values)
    return f"(context has {field} && ({one}))"


def _entity(sort: str, name: str, parents: Iterable[tuple[str, str]] = ()) -> dict[str, Any]:
    return {
        "uid": {"type": sort, "id": name},
        "attrs": {},
        "parents": [{"type": type_, "id": id_} for type_, id_ in parents],
    }
