"""A list that faults are gathered in, so that an author hears of all of them at once."""

from collections.abc import Iterable
from difflib import get_close_matches

from viertakt.errors import Fault

OPTIONS_SHOWN_MAX = 12
FAULTS_MAX = 200  # nobody reads more, and a hostile document could have tens of thousands
TEXT_CHARACTERS_MAX = 300
WORD_CHARACTERS_MAX = 80  # longer ones are no slip of the pen


class Complaints:
    """Faults in the order they were found. Parts of a path become a JSON Pointer."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []

    def add(
        self,
        path: Iterable[str | int],
        code: str,
        detail: str,
        *,
        value: object = None,
        remedy: str | None = None,
    ) -> None:
        """Keep one complaint, unless there are 200 already; `value` is what was written. Long texts are cut."""
        if len(self.faults) >= FAULTS_MAX:
            return
        shown = None if value is None else str(value)[:TEXT_CHARACTERS_MAX]
        detail = detail[:TEXT_CHARACTERS_MAX]
        self.faults.append(Fault(pointer=pointer(path), code=code, detail=detail, value=shown, remedy=remedy))


def pointer(path: Iterable[str | int]) -> str:
    """The JSON Pointer (RFC 6901) of a path; the whole document is the empty text."""
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in path)


def meant(value: str, options: Iterable[str]) -> str:
    """The remedy for an unknown word: the nearest known one, else what there is to choose from."""
    known = sorted(options)
    near = get_close_matches(value[:WORD_CHARACTERS_MAX], known, n=1, cutoff=0.6)
    if near:
        return f"Did you mean {near[0]!r}?"
    if not known:
        return "There is none to name; declare it first."
    more = ", …" if len(known) > OPTIONS_SHOWN_MAX else ""
    return "Use one of: " + ", ".join(known[:OPTIONS_SHOWN_MAX]) + more + "."
