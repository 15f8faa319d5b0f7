"""The loader of named SQL."""

import pytest

from viertakt.db.queries import parse

TEXT = """
-- name: find_shelf
-- One shelf by its number.
SELECT shelf -- the wooden ones
FROM shelves
WHERE number = %(number)s;

-- name: count_shelves
-- How many there are.
SELECT count(*) FROM shelves
"""


def test_a_query_is_found_by_item_and_by_attribute() -> None:
    """Whichever reads better where it is used."""
    queries = parse(TEXT, "store.sql")
    assert queries["count_shelves"] == queries.count_shelves == "SELECT count(*) FROM shelves"
    assert queries["find_shelf"].endswith("%(number)s")


def test_an_unknown_query_says_what_there_is() -> None:
    """A misspelt name is found without opening the file."""
    with pytest.raises(KeyError, match="count_shelves, find_shelf"):
        parse(TEXT, "store.sql")["find_shelves"]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("-- name: a\n-- Why.\nSELECT 1;\n-- name: a\n-- Why.\nSELECT 2;", "twice"),
        ("-- name: a\nSELECT 1;", "line of purpose"),
        ("-- name: a\n-- Why.\n", "no statement"),
        ("-- name: FindIt\n-- Why.\nSELECT 1;", "not a name"),
        ("-- name:\n-- Why.\nSELECT 1;", "not a name"),
    ],
)
def test_a_carelessly_written_query_is_refused(text: str, complaint: str) -> None:
    """The second of two equal names would silently win, and a query without purpose cannot be reviewed."""
    with pytest.raises(AssertionError, match=complaint):
        parse(text, "store.sql")
