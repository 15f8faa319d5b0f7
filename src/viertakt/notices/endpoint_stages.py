"""Which stages an endpoint may name, and which kinds its query cannot do without."""

from collections.abc import Sequence

from viertakt import language
from viertakt.errors import Fault, Invalid
from viertakt.kinds.complaints import meant
from viertakt.language import Profile, Query
from viertakt.language.fields import Fields
from viertakt.language.model import Comparator, Comparison


def check_stages(stages: Sequence[str], query: str, fields: Fields) -> tuple[str, ...]:
    """The stages as they are kept.

    Raises `Invalid` for one that no kind has, of those that the query names or of all, and `InvalidQuery`.
    """
    places = fields["stage"].places  # none without kinds: then nothing is known
    kinds = kinds_of(language.parse(query, fields=fields, profile=Profile.ROW))
    known = {one.value for one in places if one.value and (kinds is None or kinds & set(one.kind))}
    for stage in stages if places else ():
        if stage not in known:
            words = (
                f"{_no_kind(kinds)} stage '{stage[:60]}': of it nothing would be told. {meant(stage, known)}"
            )
            raise Invalid(words, faults=(Fault("/stages", "unknown_stage", words),))
    return tuple(sorted(set(stages)))


def _no_kind(kinds: frozenset[str] | None) -> str:
    if kinds is None:
        return "No kind has a"
    named = ", ".join(sorted(kinds))
    return f"{named} has no" if len(kinds) == 1 else f"None of {named} has a"


def kinds_of(query: Query) -> frozenset[str] | None:
    """The kinds that a query cannot do without, or None."""
    for term in query.terms:
        if (
            isinstance(term, Comparison)
            and (term.field, term.comparator, term.negated) == ("kind", Comparator.IS, False)
            and all(isinstance(value, str) for value in term.values)
        ):
            return frozenset(map(str, term.values))
    return None
