"""Type-checks the queries inside a kind: guards, approvals' conditions, and the queries of checks.

They are of the query language's *row* profile. A guard, an approval's condition and a rule judge the operation itself, so
they are read with this kind's own stages and attributes. What a check counts or sums are other operations, of this kind
or others, and there `$subject` stands for a value of the operation that is examined.

Personal and sensitive attributes are no fields of any of them: their values are kept apart and may be erased, and
neither an operation at hand nor a row in the table holds them.
"""

from collections.abc import Mapping

from viertakt.errors import InvalidQuery
from viertakt.kinds.complaints import Complaints, meant
from viertakt.kinds.model import Attribute, AttributeClass, Kind
from viertakt.language.faults import Fault
from viertakt.language.fields import (
    ATTRIBUTE_PREFIX,
    FIELDS,
    FLAGS_OF_WORK,
    OF_WORK,
    Field,
    Fields,
    Sort,
    attribute,
)
from viertakt.language.model import Comparison, Query, comparisons
from viertakt.language.parse import Profile, examine

PERSONAL = frozenset({AttributeClass.PERSONAL, AttributeClass.SENSITIVE})
VARIABLES = ("amount", "brand", "currency", "id", "kind", "parent", "reference", "subject")

_CODES: dict[str, str] = {
    Fault.SHAPE: "query_shape",
    Fault.TOO_LONG: "query_too_long",
    Fault.FREE_TEXT: "query_text",
    Fault.SEARCH_ONLY: "query_search_only",
    Fault.UNKNOWN_FIELD: "unknown_field",
    Fault.UNKNOWN_VALUE: "unknown_value",
    Fault.UNKNOWN_VARIABLE: "unknown_variable",
    Fault.NOT_COMPARABLE: "not_comparable",
    Fault.WRONG_VALUE: "wrong_value",
    Fault.NO_CURRENCY: "amount_without_currency",
}


def check_guards(kind: Kind, complaints: Complaints, foreign: Mapping[str, Attribute] | None = None) -> None:
    """Complain about every query in the kind. `foreign`: attributes of other kinds, for queries that name those."""
    for name, transition in kind.transitions.items():
        if transition.when is not None:
            check_query(transition.when, kind, ("transitions", name, "when"), complaints)
        for index, approval in enumerate(transition.approvals):
            if approval.when is not None:
                path = ("transitions", name, "approvals", index, "when")
                check_query(approval.when, kind, path, complaints)
    for check_name, check in kind.checks.items():
        if check.rule is not None:
            check_query(check.rule, kind, ("checks", check_name, "rule"), complaints)
        for key, query in (("count", check.count), ("sum", check.sum)):
            if query is not None:
                check_counted(query, kind, ("checks", check_name, key), complaints, foreign)


def guard_fields(kind: Kind) -> Fields:
    """The fields that a query about one operation of this kind may ask, besides those every operation has."""
    own = {
        "kind": Field("kind", Sort.NAME, "kind", values=(kind.kind,)),
        "stage": Field("stage", Sort.NAME, "stage", values=tuple(kind.stages)),
    }
    return own | _typed(kind.attributes, enums=True)


def check_query(query: str, kind: Kind, path: tuple[str | int, ...], complaints: Complaints) -> None:
    """Complain about a query that judges the operation itself."""
    tree, faults = examine(query, fields=guard_fields(kind), profile=Profile.ROW)
    _complain(query, (tree, faults), kind.attributes, path, complaints)


def check_counted(
    query: str,
    kind: Kind,
    path: tuple[str | int, ...],
    complaints: Complaints,
    foreign: Mapping[str, Attribute] | None = None,
) -> None:
    """Complain about a query over other operations; where it names other kinds, with the attributes of all of them."""
    variables = (*VARIABLES, *_typed(kind.attributes, enums=False))
    untyped, _ = examine(query, profile=Profile.ROW, variables=variables)
    known: Mapping[str, Attribute] = kind.attributes
    own = _asks_own_kind_only(untyped, kind)
    if not own:
        known = {**(foreign or {}), **kind.attributes}
    fields = guard_fields(kind) if own else _typed(known, enums=False)
    tree, faults = examine(query, fields=fields, profile=Profile.ROW, variables=variables)
    if not own and foreign is None:
        # By itself a kind cannot know the attributes of others: `check_together` judges these.
        faults = [fault for fault in faults if not _is_attribute_of_another(fault, query, known)]
    _complain(query, (tree, faults), known, path, complaints)


def _typed(attributes: Mapping[str, Attribute], *, enums: bool) -> dict[str, Field]:
    return {
        ATTRIBUTE_PREFIX + name: attribute(name, known.type, known.enum if enums else ())
        for name, known in attributes.items()
        if known.class_ not in PERSONAL
    }


def _asks_own_kind_only(query: Query, kind: Kind) -> bool:
    named = [term for term in comparisons(query.terms) if term.field == "kind"]
    return all(not term.negated and set(term.values) <= {kind.kind} for term in named)


def _is_attribute_of_another(fault: InvalidQuery, query: str, own: Mapping[str, Attribute]) -> bool:
    name = _place(fault, query)
    return (
        fault.facts["fault"] == Fault.UNKNOWN_FIELD
        and name.startswith(ATTRIBUTE_PREFIX)
        and name.removeprefix(ATTRIBUTE_PREFIX) not in own
    )


def _complain(
    query: str,
    examined: tuple[Query, list[InvalidQuery]],
    attributes: Mapping[str, Attribute],
    path: tuple[str | int, ...],
    complaints: Complaints,
) -> None:
    tree, faults = examined
    if not faults and not tree.terms:
        complaints.add(path, "query_empty", "The query has no term such as amount>=1000EUR.", value=query)
    if any(_asks_of_work(term) for term in comparisons(tree.terms)):
        complaints.add(
            path,
            "query_of_work",
            "Who works on an operation is no part of it, and no rule depends on that.",
            value=query,
        )
    for fault in faults:
        name = _place(fault, query)
        known = attributes.get(name.removeprefix(ATTRIBUTE_PREFIX))
        if fault.facts["fault"] == Fault.UNKNOWN_FIELD and known is not None and known.class_ in PERSONAL:
            complaints.add(
                path,
                "query_is_personal",
                f"{name} is {known.class_}: such values are kept apart and may be erased, so no rule sees them.",
                value=query,
                remedy="Add an attribute that says what the rule needs to know, such as a boolean, and ask for that.",
            )
            continue
        complaints.add(
            path,
            _CODES[str(fault.facts["fault"])],
            fault.detail,
            value=query,
            remedy=_remedy(fault, name, attributes),
        )


def _asks_of_work(term: Comparison) -> bool:
    return term.field in OF_WORK or (term.field == "is" and not FLAGS_OF_WORK.isdisjoint(term.values))


def _place(fault: InvalidQuery, query: str) -> str:
    """What stands where the fault is."""
    offset, length = fault.facts["offset"], fault.facts["length"]
    assert isinstance(offset, int), "A fault in a query says where."
    assert isinstance(length, int), "A fault in a query says how long."
    return query[offset : offset + length]


def _remedy(fault: InvalidQuery, name: str, attributes: Mapping[str, Attribute]) -> str | None:
    match fault.facts["fault"]:
        case Fault.UNKNOWN_FIELD:
            return meant(name, [*FIELDS, *(ATTRIBUTE_PREFIX + known for known in attributes)])
        case Fault.UNKNOWN_VALUE | Fault.UNKNOWN_VARIABLE:
            expected = fault.facts.get("expected")
            return meant(name.strip('"$'), expected) if isinstance(expected, list) else None
        case Fault.NO_CURRENCY:
            return f"Write {name}EUR."
        case Fault.SHAPE:
            return "Put AND and OR between terms and close what you open."
    return None
