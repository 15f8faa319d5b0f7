"""Reading queries: what they mean as trees, and what a refusal tells."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.language.trees import TYPED, queries, typed_queries
from viertakt.errors import InvalidQuery
from viertakt.kinds.model import Status, WaitingOn
from viertakt.language import Query, parse, to_text
from viertakt.language.faults import Fault
from viertakt.language.fields import STATUSES, WAITING_ON
from viertakt.language.model import (
    Ago,
    Anything,
    Comparator,
    Comparison,
    Length,
    Path,
    Price,
    Span,
    Variable,
    Words,
)
from viertakt.language.parse import Profile, examine

IS = Comparator.IS


def test_terms_beside_each_other_must_all_hold() -> None:
    """The example of the design."""
    text = 'kind:withdrawal status:pending,error amount>=1000EUR -brand:* "free text"'
    assert parse(text).terms == (
        Comparison("kind", IS, ("withdrawal",)),
        Comparison("status", IS, ("pending", "error")),
        Comparison("amount", Comparator.AT_LEAST, (Price(Decimal(1000), "EUR"),)),
        Comparison("brand", IS, (Anything(),), negated=True),
        Words("free text"),
    )


@pytest.mark.parametrize("text", ["", "  ", "\t\n"])
def test_an_empty_query_means_everything(text: str) -> None:
    """The list a person sees first has no filter."""
    assert parse(text) == Query()


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("created:2026-11-22", date(2026, 11, 22)),
        ("created:2026-11-22T13:45:00+01:00", datetime(2026, 11, 22, 12, 45, tzinfo=UTC)),
        ("created:2026-11-22T13:45Z", datetime(2026, 11, 22, 13, 45, tzinfo=UTC)),
        ("created:2026-11-01..2026-11-22", Span(date(2026, 11, 1), date(2026, 11, 22))),
        ("created:2026-11-01..", Span(date(2026, 11, 1), None)),
        ("created:..-2h", Span(None, Ago(-2, "h"))),
        ("deadline:+90m", Ago(90, "m")),
        ("amount:5EUR..12.50EUR", Span(Price(Decimal(5), "EUR"), Price(Decimal("12.50"), "EUR"))),
        ("amount:-5.00EUR", Price(Decimal(-5), "EUR")),
        ("parent:0190B6A2-0000-7000-8000-000000000001", UUID("0190b6a2-0000-7000-8000-000000000001")),
        ("subject:player:7", "player:7"),
        (r'subject:"a \"b\" \\ c, (d)"', r'a "b" \ c, (d)'),
        ('subject:"*"', "*"),
        ("is:contradiction", "contradiction"),
        ("attributes.method:bank", "bank"),
        ("tag:vip", "vip"),
        ("age>1d", Length(1, "d")),
        ("age:1d..1w", Span(Length(1, "d"), Length(1, "w"))),
        ("stage_time<30m", Length(30, "m")),
        ("kind_version>=2", Decimal(2)),
        ("currency:EUR", "EUR"),
        ("path:under_review>approved>sending", Path(("under_review", "approved", "sending"))),
        ("was:under_review", "under_review"),
        ("has:children", "children"),
        ("is:overdue", "overdue"),
        ("id:0190b6a2-0000-7000-8000-000000000001", UUID("0190b6a2-0000-7000-8000-000000000001")),
    ],
)
def test_values_are_typed_when_they_are_read(text: str, value: object) -> None:
    """A fault in a value is found where it stands, not when the database refuses it."""
    (term,) = parse(text).terms
    assert isinstance(term, Comparison)
    assert term.values == (value,)


def test_an_age_is_a_number_of_hours() -> None:
    """Seven days are 168 hours in every zone; a day by the calendar is written as a date."""
    assert Ago(-7, "d").offset == timedelta(hours=-168)
    assert Ago(2, "w").offset == timedelta(days=14)


def test_free_words_are_names() -> None:
    """What is pasted from a mail or a provider's page: an id, a reference, an address."""
    assert parse("W-1001 anna@example.com -po_123").terms == (
        Words("W-1001"),
        Words("anna@example.com"),
        Words("po_123", negated=True),
    )


@pytest.mark.parametrize(
    ("text", "offset", "length", "says"),
    [
        ("kind:x stauts:pending", 7, 6, "Did you mean status?"),
        ("status:pendng", 7, 6, "Did you mean pending?"),
        ("waiting_on:custmer", 11, 7, "Did you mean customer?"),
        ("amount>1000", 7, 4, "needs its currency, as in 1000EUR"),
        ("amount>5eur", 7, 4, "Did you mean 5EUR?"),
        ("amount:1EUR..2USD", 7, 10, "one currency"),
        ("amount:2EUR..1EUR", 7, 10, "ends before it begins"),
        ("amount:" + "9" * 50 + "EUR", 7, 53, "is not an amount"),
        ("amount:1e400EUR", 7, 8, "is not an amount"),
        ("amount:NaN", 7, 3, "is not an amount"),
        ("created>yesterday", 8, 9, "is not a time"),
        ("created>2026-11-22T13:45:00", 8, 19, "a time with its offset"),
        ("created>2026-13-01", 8, 10, "month must be in 1..12"),
        ("created>2026-11-22T24:00:00Z", 8, 20, "hour must be in 0..23"),
        ("created>2026-11-22T23:59:60Z", 8, 20, "second must be in 0..59"),
        ("created>0000-01-01", 8, 10, "does not exist"),
        ("created>1066-10-14", 8, 10, "out of range"),
        ("created>infinity", 8, 8, "is not a time"),
        ("created>-99999w", 8, 7, "more than a century"),
        ("created:2026-11-02..2026-11-01", 8, 22, "ends before it begins"),
        ("created:-1d..-2d", 8, 8, "ends before it begins"),
        ("created:..", 8, 2, "needs a beginning or an end"),
        ("created>2026-11-01..2026-11-02", 8, 22, "A range stands after ':'"),
        ("created>-2d,-3d", 12, 3, "Several values stand after ':'"),
        ("created>*", 8, 1, "any value"),
        ("parent:17", 7, 2, "not the id of an operation"),
        ("kind>a", 4, 1, "it has no order"),
        ("attributes.x>5", 12, 1, "its type is not known here"),
        ("attributes.X:b", 0, 12, "not the name of an attribute"),
        ("kind:with*", 5, 5, "taken exactly"),
        ('kind:""', 5, 2, "needs a value"),
        ("kind: x", 5, 1, "without a blank"),
        ("kind:a, b", 7, 1, "without a blank"),
        ("kind:", 5, 0, "ends where a value was expected"),
        ("-", 1, 0, "ends too early"),
        ("kind=x", 4, 1, "'=' is not a comparison"),
        ("amount>=>5EUR", 8, 1, "right after its field"),
        ('"abc', 0, 1, "never closed"),
        ('a"b"', 1, 1, "blank is missing"),
        ('""', 0, 2, "nothing between these quotes"),
        ("a\0b", 1, 1, "NUL"),
        ("ab\ud800", 2, 1, "surrogate"),
        (",", 0, 1, "cannot stand here"),
        ("(kind:a", 7, 0, "not closed"),
        ("kind:a )", 7, 1, "closes nothing"),
        ("kind:a (", 8, 0, "ends too early"),
        ("( )", 2, 1, "nothing in these parentheses"),
        ("a(b)", 1, 1, "blank is missing before this parenthesis"),
        ("kind:(a)", 5, 1, "listed, as in kind:a,b"),
        ("a OR ", 2, 2, "OR stands between two terms"),
        ("AND a", 0, 3, "AND stands between two terms"),
        ("a NOT", 2, 3, "NOT stands before a term"),
        ("subject:$me", 8, 3, "only the checks of a kind have"),
        ("é🎉:x", 2, 1, "cannot stand here"),
        ("age:1d", 4, 2, "write age>1d"),
        ("age>-1d", 4, 3, "Did you mean 1d?"),
        ("age>tomorrow", 4, 8, "not a length of time"),
        ("age:2d..1d", 4, 6, "ends before it begins"),
        ("stage_time>999999w", 11, 7, "more than a century"),
        ("path:approved", 5, 8, "at least two stages"),
        ("path:a>", 5, 2, "at least two stages"),
        ("path:a>B", 7, 1, "'B' is not the name of a stage"),
        ("path:a>b>c>d>e>f>g", 5, 13, "at most 6 stages"),
        ("path:*", 5, 1, "says nothing"),
        ("is:*", 3, 1, "says nothing"),
        ("is:overdu", 3, 6, "Did you mean overdue?"),
        ("assignee:my_team", 9, 7, "Did you mean my_teams?"),
        ("assignee:anna", 9, 4, "person:<id>, or role:<name>"),
        ("claimed_by:role:payments", 11, 13, "is nobody"),
        ("priority:hihg", 9, 4, "Did you mean high?"),
        ("has:childs", 4, 6, "Did you mean children?"),
        ("currency:eur", 9, 3, "Did you mean EUR?"),
        ("kind_version:x", 13, 1, "not a whole number"),
    ],
)
def test_a_fault_says_where_and_what_was_meant(text: str, offset: int, length: int, says: str) -> None:
    """The search box underlines the place and offers the remedy; places are counted in characters."""
    with pytest.raises(InvalidQuery) as refused:
        parse(text)
    assert says in refused.value.detail
    assert (refused.value.facts["offset"], refused.value.facts["length"]) == (offset, length)


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("kind:a kind:b OR kind:c", "kind:a kind:b OR kind:c"),
        ("(kind:a AND kind:b) OR kind:c", "kind:a kind:b OR kind:c"),
        ("kind:a (kind:b OR kind:c)", "kind:a (kind:b OR kind:c)"),
        ("NOT kind:a OR kind:b", "-kind:a OR kind:b"),
        ("NOT (kind:a OR kind:b)", "-(kind:a OR kind:b)"),
        ("NOT (kind:a kind:b) kind:c", "-(kind:a kind:b) kind:c"),
        ("NOT NOT kind:a", "kind:a"),
        ("-(-kind:a)", "kind:a"),
        ("((kind:a))", "kind:a"),
        ("kind:a AND(kind:b OR kind:c)", "kind:a (kind:b OR kind:c)"),
        ("NOT(kind:a)", "-kind:a"),
        ('"OR" "NOT"', '"OR" "NOT"'),
        ("and or not", "and or not"),
    ],
)
def test_not_binds_closer_than_and_and_that_closer_than_or(text: str, printed: str) -> None:
    """One tree for one meaning, and as few parentheses as it needs; small letters are words like others."""
    assert to_text(parse(text)) == printed


def test_nesting_has_a_bound() -> None:
    """Each level is a call in the compilers and in PostgreSQL: two kilobytes of parentheses must not exhaust a stack."""
    parse("(" * 20 + "a" + ")" * 20)
    for deep in ("(" * 21 + "a" + ")" * 21, "NOT " * 21 + "a", "(" * 1000 + "a" + ")" * 1000):
        with pytest.raises(InvalidQuery, match="at most 20 parentheses"):
            parse(deep)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("attributes.pieces>=3", Decimal(3)),
        ("attributes.pieces:1..2", Span(Decimal(1), Decimal(2))),
        ("attributes.rate<-0.5", Decimal("-0.5")),
        ("attributes.flag:false", "false"),
        ("attributes.due_on<-1d", Ago(-1, "d")),
        ("attributes.seen_at:2026-01-01..", Span(date(2026, 1, 1), None)),
        ("attributes.note>M", "M"),
        ("attributes.colour:red", "red"),
    ],
)
def test_attributes_are_typed_where_their_types_are_known(text: str, value: object) -> None:
    """Ten is more than nine only as a number."""
    (term,) = parse(text, fields=TYPED).terms
    assert isinstance(term, Comparison)
    assert term.values == (value,)
    assert term.sort is not None


@pytest.mark.parametrize(
    ("text", "what", "says"),
    [
        ("attributes.peices>3", Fault.UNKNOWN_FIELD, "Did you mean attributes.pieces?"),
        ("attributes.pieces>1.5", Fault.WRONG_VALUE, "not a whole number"),
        ("attributes.rate>1e3", Fault.WRONG_VALUE, "not a number"),
        ("attributes.flag:maybe", Fault.UNKNOWN_VALUE, "one of true, false"),
        ("attributes.flag>true", Fault.NOT_COMPARABLE, "true or false"),
        ("attributes.colour:rde", Fault.UNKNOWN_VALUE, "Did you mean red?"),
        ("attributes.colour>red", Fault.NOT_COMPARABLE, "no order"),
        ("attributes.note>5", Fault.NOT_COMPARABLE, "10 comes before 9"),
        ("attributes.pieces:2..1", Fault.WRONG_VALUE, "ends before it begins"),
    ],
)
def test_a_typed_attribute_takes_only_its_values(text: str, what: Fault, says: str) -> None:
    """A guard that can never hold is found when it is written."""
    with pytest.raises(InvalidQuery) as refused:
        parse(text, fields=TYPED)
    assert refused.value.facts["fault"] == what
    assert says in refused.value.detail


def test_all_faults_are_told_at_once() -> None:
    """The author of a kind mends them in one go."""
    query, faults = examine("stauts:x (kind:a OR amount>5) deadline<soon")
    assert [fault.facts["offset"] for fault in faults] == [0, 27, 39]
    assert query.terms == (Comparison("kind", IS, ("a",)),)


def test_a_variable_stands_for_a_value_where_there_are_any() -> None:
    """Checks count the operations of `$subject`; in quotes it is a name like any other."""
    (term,) = parse("subject:$subject", variables={"subject"}).terms
    assert isinstance(term, Comparison)
    assert term.values == (Variable("subject"),)
    assert parse(to_text(Query((term,))), variables={"subject"}) == Query((term,))
    with pytest.raises(InvalidQuery, match="Did you mean subject"):
        parse("subject:$subjct", variables={"subject"})
    assert parse('subject:"$subject"').terms == (Comparison("subject", IS, ("$subject",)),)


def test_free_text_is_no_part_of_the_row_profile() -> None:
    """It looks for names in another table; a guard is decided from the operation alone."""
    with pytest.raises(InvalidQuery, match="for searching, not for rules"):
        parse("kind:a W-1001", profile=Profile.ROW)


def test_a_query_has_at_most_two_kilobytes() -> None:
    """Counted in bytes, before anything reads it."""
    parse("x" * 2048)
    with pytest.raises(InvalidQuery, match="at most 2048 bytes"):
        parse("é" * 1025)


def test_a_query_has_at_most_two_hundred_nodes() -> None:
    """Terms and values are counted: a list of values costs the database too."""
    parse(" ".join("a" * 200))
    parse("kind:" + ",".join("a" * 199))
    parse("path:" + ",".join(["a>b>c"] * 99))
    with pytest.raises(InvalidQuery, match="at most 200"):
        parse("path:" + ",".join(["a>b>c"] * 100))
    with pytest.raises(InvalidQuery, match="at most 200"):
        parse(" ".join("a" * 201))
    with pytest.raises(InvalidQuery, match="at most 200"):
        parse("kind:" + ",".join("a" * 200))


def test_what_was_expected_is_told_in_words() -> None:
    """Names of grammar terminals would help nobody."""
    with pytest.raises(InvalidQuery) as refused:
        parse("kind:")
    assert refused.value.facts["expected"] == ["*", "a text in quotes", "a value"]


@given(queries)
def test_a_tree_prints_to_text_that_reads_into_the_same_tree(query: Query) -> None:
    """Chips and text in the console are the same query; a saved view survives a new version."""
    assert parse(to_text(query)) == query


@given(typed_queries)
def test_a_typed_tree_prints_to_text_that_reads_into_the_same_tree(query: Query) -> None:
    """Given the same types."""
    assert parse(to_text(query), fields=TYPED) == query


@given(
    st.text(max_size=60)
    | st.text("abNOTRAD :()-", max_size=30)
    | st.text(':<>=,"()-*. ab1EUR\\', max_size=40)
)
def test_any_text_is_a_query_or_a_refusal(text: str) -> None:
    """Whatever is pasted into a search box, the answer is never a crash; what reads prints back."""
    try:
        query = parse(text)
    except InvalidQuery as refused:
        offset, length = refused.facts["offset"], refused.facts["length"]
        assert isinstance(offset, int)
        assert isinstance(length, int)
        assert 0 <= offset <= offset + length <= len(text)
    else:
        assert parse(to_text(query)) == query


def test_closed_sets_are_those_of_the_kinds() -> None:
    """The language lies below the kinds and cannot ask them; this keeps the two lists one."""
    assert tuple(status.value for status in Status) == STATUSES
    assert tuple(waiting.value for waiting in WaitingOn) == WAITING_ON
