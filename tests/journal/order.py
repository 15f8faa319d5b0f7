"""What is wrong with an order, and the connection that makes it."""

from collections.abc import Iterator
from contextlib import contextmanager

from viertakt.db.pool import Connection, connect

# Entries that stand nowhere in the order, positions that name no entry, and holes.
FAULTS = """
    SELECT
        (SELECT count(*) FROM viertakt.entry AS e WHERE NOT EXISTS (
            SELECT FROM viertakt.journal AS j
            WHERE j.operation_id = e.operation_id AND j.entry_seq = e.entry_seq)),
        (SELECT count(*) - count(DISTINCT (j.operation_id, j.entry_seq)) FROM viertakt.journal AS j),
        (SELECT count(*) - coalesce(max(j.position), 0) FROM viertakt.journal AS j),
        (SELECT count(*) FROM (
            SELECT j.entry_seq < lag(j.entry_seq) OVER (PARTITION BY j.operation_id ORDER BY j.position) AS wrong
            FROM viertakt.journal AS j) AS o WHERE o.wrong)
"""


@contextmanager
def own(url: str) -> Iterator[Connection]:
    with connect(url, application_name="viertakt-worker", role="viertakt_app", autocommit=True) as conn:
        yield conn
