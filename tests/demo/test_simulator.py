"""The simulator is a customer: it lives by what anybody may do, over HTTP, beside a server and its duties."""

import json
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Any

import pytest

from tests.api.conftest import SETTINGS, Running, run
from viertakt.db.pool import connect
from viertakt.demo.cast import SignIn, hire, platform_token
from viertakt.demo.company import Company, busyness, load_habits
from viertakt.demo.live import simulator
from viertakt.demo.providers import PROTOCOLS, mapping
from viertakt.demo.run import company
from viertakt.kinds.actions import builtin_kinds
from viertakt.kinds.reasons import load_catalogue
from viertakt.signals.mapping import read_mapping
from viertakt.wiring import Application
from viertakt.worker.duties import Duties
from viertakt.worker.loops import Worker


@pytest.fixture
def running(database: str) -> Iterator[Running]:
    """A server with an empty house and the duties of a worker."""
    for made in run(database):
        with (
            Worker(database),
            Application(database, settings=SETTINGS) as application,
            Duties(application),
        ):
            yield made


@pytest.fixture
def house(running: Running) -> tuple[Company, list[SignIn], str]:
    """The company with its staff, and the token of its platform."""
    with connect(running.database) as conn:
        staff, sign_ins = hire(conn)
        return company(staff, now=datetime.now(UTC), seed=3), sign_ins, platform_token(conn)


@pytest.mark.parametrize("provider", PROTOCOLS)
def test_the_providers_of_the_demo_are_understood(provider: str) -> None:
    """Every thing that a habit lets a provider report has its rule, and no rule names what a kind does not have."""
    kinds = builtin_kinds()
    document = mapping(provider, load_habits(), {str(name): kind for name, kind in kinds.items()})
    read = read_mapping(document, kinds=MappingProxyType(kinds), catalogue=load_catalogue())
    assert len(read.rules) == len(json.loads(document)["rules"]) > 50


def test_it_opens_moves_and_reports_as_others_do(running: Running, house: tuple[Company, Any, str]) -> None:
    """By its platform's token, by people who signed in, and by signed reports; checks are left to the product."""
    teller, sign_ins, token = house
    now = begun = _next_tuesday_at_ten()  # people have working hours
    callers = {("token", "process"), ("person", "manual"), ("system:source", "source")}
    wanted = callers | {("system", "check")}
    with simulator(running.url, token=token, sign_ins=sign_ins, teller=teller, ahead=[]) as alive:
        # Hours in a minute: what is due then is done now, as fast as the server answers, until each of them has acted.
        for tick in range(400):
            now += timedelta(seconds=30)
            for act in alive.due(now):
                act(now)
            if tick % 15 == 0 and tick > 120 and callers <= set(_entries(running)):
                break
    rates = [habit.a_day * busyness(habit.subject, begun) for habit in teller.habits.kinds.values()]
    usual = sum(rates) * ((now - begun) / timedelta(days=1))
    came_in = _one(
        running,
        "SELECT count(*) FROM viertakt.entry WHERE sort = 'opened' AND actor LIKE 'token:%' AND cause <> 'child'",
    )
    assert usual / 3 < came_in < usual * 2, "as in any month behind: else each of it would be an alarm"
    end = time.monotonic() + 30
    while not wanted <= set(done := _entries(running)):
        assert time.monotonic() < end, f"only {done}"
        time.sleep(0.1)
    assert done["token", "process"] > 20
    assert _one(running, "SELECT count(*) FROM viertakt.signal WHERE state = 'unmapped'") == 0
    assert _one(running, "SELECT count(*) FROM viertakt.signal_refused") == 0
    schemes = dict(_all(running, "SELECT source, scheme FROM viertakt.source"))
    assert schemes == {name: protocol.scheme for name, protocol in PROTOCOLS.items()}
    (opened,) = {
        actor for (actor,) in _all(running, "SELECT DISTINCT actor FROM viertakt.entry WHERE sort = 'opened'")
    }
    assert opened.startswith("token:")


def _next_tuesday_at_ten() -> datetime:
    today = datetime.now(UTC).replace(hour=10, minute=0)
    return today + timedelta(days=(1 - today.weekday()) % 7 + 7)


def _entries(running: Running) -> Counter[tuple[str, str]]:
    rows = _all(
        running,
        "SELECT CASE WHEN actor LIKE 'system:source:%' THEN 'system:source' ELSE split_part(actor, ':', 1) END, cause"
        " FROM viertakt.entry WHERE sort = 'moved'",
    )
    return Counter((who, cause) for who, cause in rows)


def _one(running: Running, query: str) -> Any:
    return _all(running, query)[0][0]


def _all(running: Running, query: str) -> list[Any]:
    with connect(running.database) as conn:
        return conn.execute(query).fetchall()
