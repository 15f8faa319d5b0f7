"""The words by which operations are found: a follower of the journal, so that they cost no move anything.

Somebody who pastes a reference or a provider's identifier finds it at once, by `viertakt.alias`; words of other texts are
there when the worker has followed, usually within a second.
"""

from collections.abc import Set as AbstractSet
from datetime import datetime, tzinfo
from typing import Any

from psycopg import Connection, sql
from psycopg.types.json import Jsonb

from viertakt.db.queries import load
from viertakt.journal.followers import follow_again
from viertakt.language import Query, to_sql
from viertakt.language.model import free_words
from viertakt.language.words import sought

# A name has few operations; a word that more hold is looked for in each operation that is met, and is soon met.
COMMON_MAX = 5_000
DIFFERENCES_MAX = 20
_queries = load(__package__, "words.sql")


def project_words(conn: Connection[Any], after: int, upto: int) -> None:
    """Write the words of what was opened or amended at the positions (after, up to]."""
    conn.execute(_queries["project_words"], {"after": after, "upto": upto})


def rebuild_words(conn: Connection[Any]) -> None:
    """Make all words again, as the tokenizer of this version cuts them."""
    follow_again(conn, "words", project_words, lambda: conn.execute(_queries["clear_words"]))


def differing_words(conn: Connection[Any]) -> list[str]:
    """Operations among the newest that should be found by their reference and are not, at most twenty."""
    return [
        row[0] for row in conn.execute(_queries["differing_words"], {"limit": DIFFERENCES_MAX}).fetchall()
    ]


def condition(
    conn: Connection[Any], query: Query, now: datetime, zone: tzinfo
) -> tuple[sql.Composable, dict[str, object]]:
    """The query as a condition on `viertakt.operation o`, with its parameters, in the way that suits how common its words are."""
    return to_sql(query, now, zone, common=_common(conn, query))


def _common(conn: Connection[Any], query: Query) -> AbstractSet[str]:
    texts = sorted({term.text for term in free_words(query.terms) if sought(term.text)})
    if not texts:
        return frozenset()
    asked = {"asked": Jsonb([sought(text) for text in texts]), "bound": COMMON_MAX}
    found = conn.execute(_queries["common_words"], asked).fetchall()
    return {texts[number - 1] for (number,) in found}
