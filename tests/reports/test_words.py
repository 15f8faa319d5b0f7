"""Words follow the journal: what operations are found by, once the worker has looked."""

from typing import Any

from tests.operations.conftest import House, euros, house
from viertakt.db.pool import connect
from viertakt.journal.followers import follow_all
from viertakt.journal.sequencing import sequence_all
from viertakt.language import parse
from viertakt.operations.model import AmendRequest, Caller
from viertakt.reports import words
from viertakt.reports.lists import list_operations
from viertakt.reports.words import project_words

__all__ = ["house"]


def followed(house: House) -> None:
    """What the worker does."""
    with connect(house.url, role="viertakt_app", autocommit=True) as conn:
        sequence_all(conn)
        follow_all(conn, "words", project_words)


def references(house: House, q: str) -> list[str]:
    with connect(house.url) as conn:
        return sorted(item.reference for item in list_operations(conn, parse(q)).items)


def opened(house: House, reference: str, **content: Any) -> None:
    house.open("refund", reference, amount=euros("5"), **content)


def test_an_operation_is_found_by_the_words_of_its_texts(house: House) -> None:
    """The reference of another system stands in an attribute; people paste it into the same box."""
    opened(house, "R-1", subject="Anna de Vries", attributes={"original_reference": "D-77", "method": "bank"})
    opened(house, "R-2", subject="anna@example.com")
    followed(house)
    assert references(house, "D-77") == ["R-1"]
    assert references(house, "anna") == ["R-1", "R-2"]
    assert references(house, "vries anna") == ["R-1"]
    assert references(house, "-vries") == ["R-2"]
    assert references(house, "D-77 OR example") == ["R-1", "R-2"]
    # A value of a closed set has a field; as a word it would find half of everything.
    assert references(house, "bank") == []


def test_a_reference_is_found_before_the_worker_has_looked(house: House) -> None:
    """Whoever has just opened an operation pastes its name at once."""
    opened(house, "R-1", subject="player-7")
    assert references(house, "R-1") == ["R-1"]
    assert references(house, "player-7") == ["R-1"]
    assert references(house, "r-1") == []
    followed(house)
    assert references(house, "r-1") == ["R-1"]


def test_words_change_with_an_amendment_and_with_nothing_else(house: House) -> None:
    """A move leaves them where they are: not even their row is written."""
    operation = house.open("refund", "R-1", amount=euros("5"), attributes={"original_reference": "D-1"})
    followed(house)
    written = house.sql("SELECT xmin FROM viertakt.words")
    caller = Caller(house.token)
    house.batch.call(AmendRequest(operation.id, caller, attributes={"method": "card"}))
    followed(house)
    assert house.sql("SELECT xmin FROM viertakt.words") == written
    house.batch.call(AmendRequest(operation.id, caller, attributes={"original_reference": "D-2"}))
    followed(house)
    assert references(house, "D-1") == []
    assert references(house, "D-2") == ["R-1"]


def test_words_are_made_again_and_their_absence_is_noticed(house: House) -> None:
    """After a better tokenizer, or a hand in the table: one command mends it, and the doctor sees it before."""
    opened(house, "R-1", subject="anna")
    followed(house)
    with connect(house.url, autocommit=True) as conn:
        assert words.differing_words(conn) == []
        conn.execute("UPDATE viertakt.words SET words = '{gone}'")
        assert len(words.differing_words(conn)) == 1
        words.rebuild_words(conn)
        assert words.differing_words(conn) == []
    assert references(house, "anna") == ["R-1"]


def test_personal_values_are_no_words(house: House) -> None:
    """They are kept apart and may be erased; an index of words would keep them."""
    opened(house, "R-1", attributes={"iban": "NL91ABNA0417164300", "original_reference": "D-1"})
    followed(house)
    assert references(house, "NL91ABNA0417164300") == []
    assert house.sql("SELECT words FROM viertakt.words") == [(["d-1", "r-1"],)]


def test_a_common_word_finds_the_same_in_another_way(house: House, monkeypatch: Any) -> None:
    """Beyond the bound no list of ids is made; the operations that are met are asked instead."""
    for number in range(3):
        opened(house, f"R-{number}", subject=f"anna {number}")
    opened(house, "R-9", subject="berta")
    followed(house)
    asked = ["anna", "-anna", "anna OR berta", "anna -R-1", "anna 2"]
    few = [references(house, q) for q in asked]
    monkeypatch.setattr(words, "COMMON_MAX", 1)
    assert [references(house, q) for q in asked] == few
    assert few[0] == ["R-0", "R-1", "R-2"]
