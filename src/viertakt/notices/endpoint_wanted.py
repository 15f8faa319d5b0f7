"""What an endpoint is asked to be, and how much of it is taken. The contract states the same limits.

Every door comes by here, so none keeps what another would refuse.
"""

from collections.abc import Sequence
from typing import NamedTuple

from viertakt import language
from viertakt.errors import Fault, Invalid
from viertakt.language import Profile
from viertakt.language.fields import Fields
from viertakt.operations.model import EntrySort

ADDRESS_LENGTH_MAX, QUERY_LENGTH_MAX = 2_000, 2_000
NAME_LENGTH_MAX, STAGE_LENGTH_MAX, STAGES_MAX = 100, 100, 50


class Wanted(NamedTuple):
    """What an endpoint is to be; None leaves it as it is."""

    name: str | None = None
    url: str | None = None
    q: str | None = None
    entries: tuple[EntrySort, ...] | None = None
    stages: tuple[str, ...] | None = None
    alerts: bool | None = None


def address(text: str) -> str:
    """An address that is no longer than one may be. Raises `Invalid`."""
    if len(text) > ADDRESS_LENGTH_MAX:
        raise refusal("/url", "too_long", f"An address has at most {ADDRESS_LENGTH_MAX:,} characters.")
    return text


def query(text: str, fields: Fields) -> str:
    """A query as it is kept. Raises `Invalid`, `InvalidQuery`."""
    if len(text) > QUERY_LENGTH_MAX:
        raise refusal("/q", "too_long", f"A query has at most {QUERY_LENGTH_MAX:,} characters.")
    return language.to_text(language.parse(text, fields=fields, profile=Profile.ROW))


def sorts(entries: Sequence[EntrySort], *, alerts: bool) -> tuple[EntrySort, ...]:
    """Sorts of entries, each once; none only where it hears of alerts. Raises `Invalid`."""
    if not entries and not alerts:
        raise refusal("/entries", "required", "Name at least one sort of entries, or have it told of alerts.")
    return tuple(sorted(set(entries)))


def stages(names: Sequence[str]) -> tuple[str, ...]:
    """Stages, each once. Raises `Invalid`."""
    found = tuple(sorted(set(names)))
    if len(found) > STAGES_MAX:
        raise refusal("/stages", "too_many", f"At most {STAGES_MAX} stages are named.")
    if not all(1 <= len(name) <= STAGE_LENGTH_MAX and name.isprintable() for name in found):
        words = f"A stage has 1 to {STAGE_LENGTH_MAX} characters, as its kind names it."
        raise refusal("/stages", "invalid_stage", words)
    return found


def name(text: str) -> str:
    """A name as it is kept. Raises `Invalid`."""
    found = text.strip()
    if not 1 <= len(found) <= NAME_LENGTH_MAX or not found.isprintable():
        words = f"A name is a line of 1 to {NAME_LENGTH_MAX} characters that can be read."
        raise refusal("/name", "invalid_name", words)
    return found


def refusal(pointer: str, code: str, words: str) -> Invalid:
    """One fault of what is wanted."""
    return Invalid(words, faults=(Fault(pointer, code, words),))
