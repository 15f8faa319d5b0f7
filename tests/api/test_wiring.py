"""The running parts together: questions are bounded, and what was started is stopped."""

import asyncio
import threading
from datetime import timedelta

import pytest

from viertakt import wiring
from viertakt.errors import Invalid, RateLimited, Unavailable
from viertakt.wiring import Application


def test_a_question_that_takes_too_long_is_refused(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """B12: it is the asker who can narrow it, so it is no fault of ours."""
    monkeypatch.setattr(wiring, "QUESTION_MAX", timedelta(seconds=0.05))
    with Application(database) as application, pytest.raises(Invalid, match="narrow it"):
        application.call(lambda conn: conn.execute("SELECT pg_catalog.pg_sleep(5)"))


def test_too_many_questions_at_once_are_told_to_come_again(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever waits in a line without end gets a timeout and asks twice."""
    monkeypatch.setattr(wiring, "WAITING_MAX", 1)
    held = threading.Event()

    async def ask_two(application: Application) -> None:
        first = asyncio.create_task(application.ask(lambda _: held.wait(10)))
        await asyncio.sleep(0)
        with pytest.raises(RateLimited):
            await application.ask(lambda _: None)
        held.set()
        await first
        assert await application.ask(lambda _: 1) == 1

    with Application(database) as application:
        asyncio.run(ask_two(application))


def test_leaving_stops_every_thread(database: str) -> None:
    """A process that was told to stop must end."""
    before = set(threading.enumerate())
    with Application(database) as application:
        application.call(lambda conn: conn.execute("SELECT 1"))
    assert [thread.name for thread in set(threading.enumerate()) - before if thread.is_alive()] == []


def test_a_database_that_is_not_there_is_unavailable() -> None:
    """Not a stack: a sentence that says what to do."""
    with pytest.raises(Unavailable), Application("postgresql://nobody@127.0.0.1:1/nothing") as application:
        application.call(lambda conn: conn.execute("SELECT 1"))
