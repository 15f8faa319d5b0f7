"""Who reads a query: `me`, `my_teams` and `is:mine` become the names they stand for, before anything is compiled.

    assignee:me,my_teams     assignee:person:0193…,role:payments
    is:mine                  (assignee:person:0193… OR claimed_by:person:0193…)

A query that nobody reads (a rule's) means nobody: then they find nothing.
"""

import msgspec

from viertakt.language.fields import ME, MY_TEAMS, OF_WORK
from viertakt.language.flags import meaning
from viertakt.language.model import AllOf, AnyOf, Comparison, Query, Reader, Term

_replace = msgspec.structs.replace


def as_read(query: Query) -> Query:
    """The query with its reader's names in it."""
    reader = query.sight.reader or Reader()
    return _replace(query, terms=tuple(_read(term, reader) for term in query.terms))


def _read(term: Term, reader: Reader) -> Term:
    match term:
        case AllOf(terms) | AnyOf(terms):
            return _replace(term, terms=tuple(_read(inner, reader) for inner in terms))
        case Comparison(field="is") if "mine" in term.values:
            mine = meaning("is", "mine")
            assert mine is not None, "is:mine is said in the language itself"
            others = tuple(value for value in term.values if value != "mine")
            rest = (_replace(term, values=others, negated=False),) if others else ()
            return AnyOf((_read(mine, reader), *rest), term.negated)
        case Comparison() if term.field in OF_WORK:
            named: list[object] = []
            for value in term.values:
                named += {ME: reader.names[:1], MY_TEAMS: reader.names[1:]}.get(str(value), (value,))
            return _replace(term, values=tuple(named))
    return term
