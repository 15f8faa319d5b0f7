"""Words: what a text is found by, and that PostgreSQL and Python make the same of it."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.language.trees import some_texts
from viertakt.db.pool import Connection
from viertakt.language.words import BLANKS, JOINTS, sought, words_of


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("W-1001", "w-1001 1001"),
        ("Refund of W-1001, see", "refund of w-1001 1001 see"),
        ("player-7", "player-7"),
        ("anna@example.com", "anna@example.com anna example com"),
        ("NL91ABNA0417164300", "nl91abna0417164300"),
        ("DANIËL Daniël", "daniël"),
        ("İ ß Straße", "İ ß straße"),
        ("a.b.", "a.b"),
        ("(po_1)", "po_1"),
        ("... -", ""),
        ("", ""),
        ("x" * 200, "x" * 100),
    ],
)
def test_words_are_as_typed(text: str, words: str) -> None:
    """W-1001 stays whole, and its number is a word too; of player-7 the number is too short to mean anything."""
    assert words_of(text) == frozenset(words.split())


def test_a_text_is_sought_by_its_whole_words() -> None:
    """Whoever types W-1001 does not want every W and every 1001."""
    assert sought('W-1001 "Anna B."') == ["anna", "b", "w-1001"]
    assert sought(" -- ") == []


awkward = some_texts | st.text(
    st.sampled_from("aZ9İ\u0131ßÉé " + BLANKS + JOINTS + "\xa0\u200b\u0130ΣÿŸ"), max_size=30
)


@settings(max_examples=300, suppress_health_check=list(HealthCheck))
@given(texts=st.lists(awkward | awkward.map(lambda text: text * 60), min_size=1, max_size=20))
def test_both_sides_make_the_same_words(conn: Connection, texts: list[str]) -> None:
    """The rows are cut by PostgreSQL, the query by Python: one letter folded differently would never be found."""
    rows = conn.execute("SELECT t, viertakt.words_of(t) FROM unnest(%s::text[]) AS t", [texts]).fetchall()
    for text, words in rows:
        assert frozenset(words) == words_of(text), text
        assert set(sought(text)) <= set(words)


def test_no_words_is_an_empty_list(conn: Connection) -> None:
    """An operation with nothing to be found by is in the table all the same."""
    row = conn.execute("SELECT viertakt.words_of('--')").fetchone()
    assert row == ([],)
