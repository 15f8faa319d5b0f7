r"""The words of a text, as the search box knows them: the twin of `viertakt.words_of` in PostgreSQL.

    Refund of W-1001, see anna@example.com   ──►   refund  of  w-1001  1001  see  anna@example.com  anna  example  com

Words stand between blanks, brackets, quotes and commas. What joins inside a word stays, so W-1001 is found as typed; its
parts are words too: those with a digit, or all where none has one ("player" would be found in every player-7). Capitals
of ASCII and Latin-1 are folded, by a table: other letters are found only as they were written.
"""

import re
import string

WORD_MAX = 100  # letters; an index holds no longer ones
BLANKS = "\t\n\r\f\x0b()[]{}<>\"',;!?"
JOINTS = ".:_/@+#&=*|\\~^%$`-"
_CAPITALS = string.ascii_uppercase + "ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖØÙÚÛÜÝÞ"
_SMALL = string.ascii_lowercase + "àáâãäåæçèéêëìíîïðñòóôõöøùúûüýþ"
_FOLDED = str.maketrans(_CAPITALS + BLANKS, _SMALL + " " * len(BLANKS))
_APART = str.maketrans(JOINTS, " " * len(JOINTS))
_DIGIT = re.compile(r"[0-9]")


def words_of(text: str) -> frozenset[str]:
    """Every word an operation with this text is found by."""
    words: set[str] = set()
    for whole in _wholes(text):
        numbered = _DIGIT.search(whole) is not None
        parts = [part for part in whole.translate(_APART).split(" ") if len(part) > 1]
        words.update(part for part in parts if not numbered or _DIGIT.search(part))
        words.add(whole)
    return frozenset(word[:WORD_MAX] for word in words)


def sought(text: str) -> list[str]:
    """The words that an operation must have to be found by this text; none where it is all punctuation."""
    return sorted({whole[:WORD_MAX] for whole in _wholes(text)})


def _wholes(text: str) -> list[str]:
    trimmed = (chunk.strip(JOINTS) for chunk in text.translate(_FOLDED).split(" "))
    return [whole for whole in trimmed if whole]
