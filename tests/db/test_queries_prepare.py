"""Every named query of every package is understood by a database with our schema."""

import re
from pathlib import Path

import pytest
from psycopg.pq import ExecStatus

import viertakt
from viertakt.db.pool import Connection
from viertakt.db.queries import parse

ROOT = Path(viertakt.__file__).parent
PLACEHOLDER = re.compile(r"%(?:%|\((?P<name>\w+)\)[sbt])")
COMPOSED = re.compile(
    r"\{[a-z_]+\}"
)  # a place for a reader's filter: what stands there is typed by its compiler
FOUND = {
    f"{path.relative_to(ROOT).with_suffix('')}/{name}": statement
    for path in sorted(ROOT.rglob("*.sql"))
    if "migrations" not in path.parts and path.name != "schema.sql"
    for name, statement in parse(path.read_text(encoding="utf-8"), str(path)).items()
    if not COMPOSED.search(statement)
}


def numbered(statement: str) -> str:
    """The statement with %(name)s as $1, $2, … as psycopg sends it, the same name under the same number."""
    numbers: dict[str, int] = {}

    def number(match: re.Match[str]) -> str:
        name = match["name"]
        return "%" if name is None else f"${numbers.setdefault(name, len(numbers) + 1)}"

    # Without parameters psycopg sends the text as it stands, percent signs included.
    return PLACEHOLDER.sub(number, statement) if "%(" in statement else statement


@pytest.mark.parametrize("name", sorted(FOUND))
def test_a_named_query_prepares_on_the_migrated_schema(conn: Connection, name: str) -> None:
    """A column renamed in a migration is found here, not at the first refund of the night."""
    result = conn.pgconn.prepare(b"", numbered(FOUND[name]).encode())
    if result.status != ExecStatus.COMMAND_OK:
        pytest.fail(result.get_error_message(), pytrace=False)


def test_placeholders_become_numbers_one_for_each_name() -> None:
    """Two types for one name must be refused here as they are when the query runs."""
    assert numbered("SELECT %(a)s, %(b)b, %(a)s LIKE 'x%%'") == "SELECT $1, $2, $1 LIKE 'x%'"
    assert numbered("SELECT 'x%'") == "SELECT 'x%'"
