"""A database with the batch before it, as an import meets them."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import pytest

from viertakt.access.actions import actor_by_id
from viertakt.access.model import system
from viertakt.db.pool import Connection, connect
from viertakt.exchange.actions import Importer
from viertakt.exchange.map import read_map
from viertakt.exchange.model import Report
from viertakt.exchange.xes import EventLog
from viertakt.kinds.actions import Kinds, publish_kind
from viertakt.kinds.reasons import load_catalogue
from viertakt.operations.batch import Batch
from viertakt.operations.turn import Engine

T = TypeVar("T")
DATA = Path(os.environ.get("VIERTAKT_TEST_DATA") or Path(__file__).resolve().parents[3] / "shared" / "data")


class Desk:
    """Imports into one database, and asks it questions."""

    def __init__(self, url: str, batch: Batch) -> None:
        self.url = url
        self.batch = batch

    def ask(self, question: Callable[[Connection], T]) -> T:
        with connect(self.url) as conn:
            return question(conn)

    def rows(self, query: Any, *parameters: object) -> list[tuple[Any, ...]]:
        return self.ask(lambda conn: conn.execute(query, parameters or None).fetchall())

    def load(self, log: Path, map_path: Path) -> Report:
        log_map, kind = read_map(map_path)
        published = self.ask(lambda conn: publish_kind(conn, kind, actor=system("import")))
        return Importer(EventLog(log), log_map, published, batch=self.batch, ask=self.ask).run()


@contextmanager
def desk_at(url: str) -> Iterator[Desk]:
    engine = Engine(kinds=Kinds(), catalogue=load_catalogue(), reload_actor=actor_by_id)
    with Batch(lambda: connect(url), engine) as batch:
        yield Desk(url, batch)


@pytest.fixture
def desk(database: str) -> Iterator[Desk]:
    """A desk over a database of the test's own."""
    with desk_at(database) as desk:
        yield desk


def real_log(name: str) -> Path:
    """A real event log of the data folder; the test is skipped, saying so, where it is not there."""
    path = DATA / name
    if not path.exists():
        pytest.skip(f"The real event log {name} is not in {DATA}; VIERTAKT_TEST_DATA names another folder.")
    return path
