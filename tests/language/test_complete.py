"""What the search box offers, and the pieces it shows."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.language.rows import NOON
from tests.language.trees import queries, row_queries
from viertakt.errors import InvalidQuery
from viertakt.kinds.searchable import Declared, Standing, Vocabulary, fields_of
from viertakt.language import Profile, Query, chips, complete, parse, profile, to_predicate, to_text
from viertakt.language.complete import SUGGESTIONS_MAX
from viertakt.language.fields import FIELDS, LENGTHS, Sort
from viertakt.language.model import Comparison, Hint

KNOWN = fields_of(
    Vocabulary(
        stages=(
            Standing("deposit", "approved", "pending", "system"),
            Standing("withdrawal", "approved", "pending", "system"),
            Standing("withdrawal", "awaiting_documents", "pending", "customer"),
            Standing("withdrawal", "paid", "success"),
            Standing("withdrawal", "under_review", "pending", "operator"),
        ),
        attributes=(
            Declared("deposit", "method", "string", ("bank", "card")),
            Declared("withdrawal", "method", "string", ("card", "wallet")),
            Declared("deposit", "country", "string"),
            Declared("deposit", "pieces", "integer"),
            Declared("deposit", "due_on", "date"),
            Declared("deposit", "flag", "boolean"),
        ),
    ),
    reasons=["fraud", "bank_returned"],
)


def offered(text: str) -> list[str]:
    """The texts offered at the caret, marked |."""
    caret = text.index("|")
    return [one.text for one in complete(text.replace("|", ""), caret, KNOWN)]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("sta|", ["status:", "stage:", "stage_time>"]),
        ("kind:deposit sta|", ["status:", "stage:", "stage_time>"]),
        ("(sta|", ["status:", "stage:", "stage_time>"]),
        ("-wai|", ["waiting_on:"]),
        ("on|", ["waiting_on:", "attributes.due_on:"]),
        ("meth|", ["attributes.method:"]),
        ("attributes.p|", ["attributes.pieces:"]),
        ("amount|", ["amount>=", "amount<=", "amount:"]),
        ("age|", ["age>", "age<"]),
        ("status:|", ["pending", "success", "error", "rejected"]),
        ("status:p|", ["pending"]),
        ("-status:pen|", ["pending"]),
        ("status:error,p|", ["pending"]),
        ("kind:dep|", ["deposit"]),
        ("stage:doc|", ["awaiting_documents"]),
        ("attributes.method:|", ["bank", "card", "wallet", "*"]),
        ("attributes.flag:f|", ["false"]),
        ("path:under|", ["under_review"]),
        ("path:under_review>pa|", ["paid"]),
        ("was:|", ["approved", "awaiting_documents"]),
        ("reason:fr|", ["fraud"]),
        ("is:over|", ["overdue"]),
        ("has:ch|", ["children"]),
        ("created>|", ["-1h", "-24h", "-7d"]),
        ("created:-30d..|", ["-1h", "-24h"]),
        ("deadline<|", ["+1h", "+24h"]),
        ("stage_time>2|", ["24h", "2d"]),
        ("amount>=1000|", ["1000EUR", "1000USD"]),
        ("currency:|", ["EUR"]),
        ("kind:deposit O|", ["OR"]),
        ("status:error |", ["kind:", "status:"]),
    ],
)
def test_the_likeliest_comes_first(text: str, first: list[str]) -> None:
    """What begins as typed, then what has a part that does; nobody scrolls."""
    assert offered(text)[: len(first)] == first


@pytest.mark.parametrize("text", ["nosuch:|", "subject:|x y", '"free te|', "amount>=|x", "stauts:|"])
def test_nothing_is_made_up(text: str) -> None:
    """Where nothing is known, nothing is offered but what always fits."""
    assert set(offered(text)) <= {"*"}


@pytest.mark.parametrize(
    ("text", "caret", "place"),
    [
        ("sta:x foo", 2, (0, 4)),
        ("status:err", 8, (7, 10)),
        ("status:err,pen", 12, (11, 14)),
        ("path:a>b>c", 8, (7, 8)),
        ("a (kin", 6, (3, 6)),
        ("-kin", 4, (1, 4)),
    ],
)
def test_a_suggestion_replaces_what_stands_around_the_caret(
    text: str, caret: int, place: tuple[int, int]
) -> None:
    """And nothing else: the sign and the other values stay."""
    found = complete(text, caret, KNOWN)
    assert {(one.offset, one.end) for one in found} <= {place}
    assert complete(text[: place[0]], place[0], KNOWN)


@given(st.text(max_size=40) | st.text('stagekind:<>=,"()-*. OR12', max_size=40), st.integers(0, 50))
def test_any_text_has_its_suggestions(text: str, caret: int) -> None:
    """Half a query is the usual case; the places are always within the text, around the caret."""
    found = complete(text, caret, KNOWN)
    assert len(found) <= SUGGESTIONS_MAX
    for one in found:
        assert 0 <= one.offset <= min(caret, len(text)) <= one.end <= len(text)


@pytest.mark.parametrize("name", sorted({**FIELDS, **KNOWN}))
def test_every_value_offered_reads(name: str) -> None:
    """An offer that is refused when it is taken would be a trap."""
    of = KNOWN.get(name) or FIELDS[name]
    sign = ">" if of.sort in LENGTHS else ":"
    for one in complete(name + sign, len(name) + len(sign), KNOWN):
        # Of a path one stage at a time is offered.
        rest = ">paid" if of.sort is Sort.PATH else ""
        parse(name + sign + one.text + rest, fields=KNOWN)


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("stage:under_review", Hint(("pending",), ("withdrawal",))),
        ("stage:approved", Hint(("pending",), ("deposit", "withdrawal"))),
        ("stage:under_review,paid", Hint(("pending", "success"), ("withdrawal",))),
        ("stage:*", None),
        ("waiting_on:system", Hint(("pending",), ("deposit", "withdrawal"))),
        ("waiting_on:date", None),
        ("attributes.pieces>3", Hint((), ("deposit",))),
        ("attributes.method:card", Hint((), ("deposit", "withdrawal"))),
        ("status:error", None),
    ],
)
def test_the_kinds_say_where_a_value_occurs(text: str, hint: Hint | None) -> None:
    """No index holds the stage; but one holds the status and the kind to which it belongs."""
    (term,) = parse(text, fields=KNOWN).terms
    assert isinstance(term, Comparison)
    assert term.hint == hint
    (opposite,) = parse("-" + text, fields=KNOWN).terms
    assert isinstance(opposite, Comparison)
    assert opposite == msgspec.structs.replace(term, negated=True)


@pytest.mark.parametrize(
    ("text", "place", "meant"),
    [
        ("method:bank", (0, 6), "attributes.method"),
        ("ref:W-1", (0, 3), "reference"),
        ("country:NL", (0, 7), "attributes.country"),
        ("stage:review", (6, 6), "under_review"),
        ("path:paid>aproved", (10, 7), "approved"),
        ('path:"aproved>paid"', (6, 7), "approved"),
        ("was:documents", (4, 9), "awaiting_documents"),
        ("reason:frau", (7, 4), "fraud"),
        ("kind:withdrawl", (5, 9), "withdrawal"),
    ],
)
def test_what_was_meant_is_known_from_the_kinds(text: str, place: tuple[int, int], meant: str) -> None:
    """A misspelt stage of a path would find nothing, and look like an answer."""
    with pytest.raises(InvalidQuery) as refused:
        parse(text, fields=KNOWN)
    assert (refused.value.facts["offset"], refused.value.facts["length"]) == place
    assert refused.value.facts["did_you_mean"] == meant


def test_a_closed_set_is_closed_only_where_every_kind_closes_it() -> None:
    """One kind that takes any text makes the field open for all."""
    open_one = Vocabulary(
        attributes=(Declared("a", "method", "string", ("bank",)), Declared("b", "method", "string"))
    )
    assert parse("attributes.method:cash", fields=fields_of(open_one))
    with pytest.raises(InvalidQuery, match="never 'cash'"):
        parse("attributes.method:cash", fields=KNOWN)


@given(queries)
def test_chips_joined_are_the_query(query: Query) -> None:
    """Dropping a chip drops a term and nothing else; each knows where it stood."""
    text = to_text(query)
    found, pieces = chips(text)
    assert found == query
    assert parse(" ".join(piece.text for piece in pieces)) == query
    assert [parse(text[piece.offset : piece.end]) for piece in pieces] == [
        parse(piece.text) for piece in pieces
    ]


@given(queries)
def test_the_profile_of_a_query_is_the_one_it_reads_in(query: Query) -> None:
    """What is said to be decidable from one operation has a predicate; what is not, no rule may ask."""
    text = to_text(query)
    if profile(query) is Profile.ROW:
        assert parse(text, profile=Profile.ROW) == query
    else:
        with pytest.raises(InvalidQuery, match="for searching, not for rules"):
            parse(text, profile=Profile.ROW)


@given(row_queries)
def test_every_row_query_has_a_predicate(query: Query) -> None:
    """Compiling is where a forgotten field would be noticed too late."""
    assert profile(query) is Profile.ROW
    to_predicate(query, now=NOON)
