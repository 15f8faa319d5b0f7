"""The query language: one for the search box, the URL, lists and counts, and for the guards and checks of kinds.

Lives here: its grammar (`grammar.lark`), the tree it reads into (`model`), the fields and what their values may be
(`fields`, `values`), reading (`parse`), printing (`text`, `chips`), what may be written next (`complete`), and compiling:
to SQL (`to_sql`, `searching`), and in the row profile (`profiles`) to a predicate in memory (`to_predicate`), which mean
the same (`bounds`, `stored`, `flags`); `me` is whoever reads (`reader`).
Does not live here: running a query (`reports`), what a field means to a kind (`kinds`).
May ask: `errors`. It knows the columns of `viertakt.operation` and the history, but never touches a connection.
"""

from viertakt.language.chips import Chip, chips
from viertakt.language.complete import Suggestion, complete
from viertakt.language.model import Query, Reader, Sight, within
from viertakt.language.parse import parse
from viertakt.language.profiles import Profile, profile
from viertakt.language.text import to_text
from viertakt.language.to_predicate import to_predicate
from viertakt.language.to_sql import to_sql

__all__ = [
    "Chip",
    "Profile",
    "Query",
    "Reader",
    "Sight",
    "Suggestion",
    "chips",
    "complete",
    "parse",
    "profile",
    "to_predicate",
    "to_sql",
    "to_text",
    "within",
]
