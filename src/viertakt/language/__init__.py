"""The query language: one for the search box, the URL, lists and counts, and for the guards and checks of kinds.

Lives here: its grammar (`grammar.lark`), the tree it reads into (`model`), the fields and what their values may be
(`fields`, `values`), reading (`parse`), printing (`text`), and compiling: to SQL (`to_sql`), and in the row profile to a
predicate in memory (`to_predicate`), which mean the same (`bounds`, `stored`).
Does not live here: running a query (`reports`), what a field means to a kind (`kinds`).
May ask: `errors`. It knows the columns of `viertakt.operation`, but never touches a connection.

Paths, ages, assignees and most flags come later; they are refused by name, so that nobody takes a query for one that
works.
"""

from viertakt.language.model import Query
from viertakt.language.parse import parse
from viertakt.language.text import to_text
from viertakt.language.to_predicate import to_predicate
from viertakt.language.to_sql import to_sql

__all__ = ["Query", "parse", "to_predicate", "to_sql", "to_text"]
