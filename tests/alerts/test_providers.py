"""Alerts by provider: a kind says who carries its operations out, and each is held against its own past and its own limits."""

import pytest

from tests.access.test_matrix import limit_all
from tests.alerts.test_incidents import Control, control
from tests.alerts.test_limits import _set
from tests.alerts.test_watching import _ask, _follow, _look
from tests.operations.conftest import House, euros, house
from viertakt.access.actions import actor_by_id, add_person
from viertakt.alerts import actions, limits, store
from viertakt.alerts.model import Measure, Provider
from viertakt.alerts.rules import query_of
from viertakt.alerts.watching import Watcher
from viertakt.db.pool import connect
from viertakt.errors import Invalid
from viertakt.operations.model import Answer

__all__ = ["control", "house"]

# Every five minutes ten withdrawals come and end by each of three methods, of two brands; one in a hundred goes wrong.
PAST = """
INSERT INTO viertakt.{table} (bucket, kind, {names}, created, success, error, rejected{reported})
SELECT
    date_bin('5 minutes', now(), 'epoch') - n * interval '5 minutes', 'withdrawal', {values}, {many}, {many} - 1,
    (n %% 10 = 0)::integer, (n %% 5 < 4)::integer{nothing}
FROM generate_series(1, 12 * 24 * 21) AS n, unnest(ARRAY[{whose}]) AS whose
"""
OF_BRANDS = {"table": "pulse", "names": "brand", "values": "whose", "many": 15, "reported": "", "nothing": ""}
OF_PROVIDERS = {
    "table": "provider_pulse", "names": "attribute, provider", "values": "'method', whose", "many": 10,
    "reported": ", reported", "nothing": ", 0",
}  # fmt: skip


def _past(house: House) -> None:
    house.sql(PAST.format(**OF_BRANDS, whose="'casino-nl', 'casino-be'"))
    house.sql(PAST.format(**OF_PROVIDERS, whose="'bank', 'card', 'wallet'"))


def _fail(house: House, count: int, method: str) -> None:
    """So many withdrawals by this method, of two brands, that could not be paid."""
    openings = [
        house.opening(
            "withdrawal",
            f"{method}-{n}",
            amount=euros("1"),
            brand=("casino-nl", "casino-be")[n % 2],
            attributes={"method": method},
        )
        for n in range(count)
    ]
    opened = [one.operation for one in house.batch.call_all(openings) if isinstance(one, Answer)]
    for step in ("approve", "send"):
        house.batch.call_all([house.moving(one, step) for one in opened])
    for one in opened:
        house.end(one, "error")


def _counted(house: House) -> list[tuple[object, ...]]:
    return house.sql(
        "SELECT attribute, provider, sum(created)::int, sum(error)::int, sum(reported)::int FROM viertakt.provider_pulse"
        " GROUP BY 1, 2 ORDER BY 2"
    )


def test_counts_of_providers_follow_the_history(house: House) -> None:
    """By the attribute that the kind names; what has none counts for its brand alone, and a rebuild says the same."""
    _fail(house, 2, "card")
    _fail(house, 1, "bank")
    house.open("withdrawal", "W-1", amount=euros("1"))
    house.open("ticket", "T-1", attributes={"channel": "mail"})
    _follow(house)
    reported = house.sql("SELECT count(*)::int FROM viertakt.entry WHERE cause = 'source'")
    found = _counted(house)
    assert [one[:4] for one in found] == [("method", "bank", 1, 1), ("method", "card", 2, 2)]
    assert sum(int(str(one[4])) for one in found) == reported[0][0]
    assert house.sql("SELECT sum(created)::int FROM viertakt.pulse") == [(5,)]
    with connect(house.url) as conn:
        actions.rebuild_pulse(conn)
        assert store.differing_pulse(conn) == []
    assert _counted(house) == found


def test_a_provider_that_fails_is_named(house: House) -> None:
    """Every brand fails with it; the alert says which provider it is, and leads to its operations alone."""
    _past(house)
    watcher = Watcher(_ask)
    assert _look(house, watcher) == []
    _fail(house, 40, "card")
    _follow(house)
    _look(house, watcher)
    (alert,) = [one for one in _look(house, watcher) if one.measure is Measure.ERRORS]
    assert (alert.brand, alert.provider) == (None, Provider("method", "card"))
    assert query_of(alert).startswith("kind:withdrawal attributes.method:card status:error closed>=")


@pytest.mark.parametrize(
    ("where", "seen"),
    [
        ("kind:withdrawal", True),
        ("kind:withdrawal attributes.method:card", True),
        ("kind:withdrawal attributes.method:bank", False),
        ("kind:withdrawal brand:casino-nl", False),
    ],
)
def test_it_is_for_those_who_see_what_the_provider_carries_out(house: House, where: str, seen: bool) -> None:
    """Of every brand, for a provider works for all of them."""
    house.sql(
        """
        INSERT INTO viertakt.alert (
            alert_id, measure, direction, level, kind, attribute, provider, value, usual, window_minutes, score, opened_at,
            looked_at
        )
        VALUES (gen_random_uuid(), 'errors', 'above', 'warning', 'withdrawal', 'method', 'card', 0.3, 0.02, 60, 9, now(), now())
        """
    )
    with connect(house.url) as conn:
        limit_all(conn, where=where, amount_max={})
        person = add_person(conn, email="one@example.test", name="One", roles=["support"], password=None)
        reader = actor_by_id(conn, person.id)
        assert bool(actions.list_alerts(conn, reader, only_open=True)) is seen


def test_a_limit_looks_at_one_provider(house: House, control: Control) -> None:
    """What others do is no matter: neither their successes, nor their reports, nor who waits on them."""
    _set(control, Measure.ERRORS, 0.5, provider="card", at_least=1)
    _set(control, Measure.BACKLOG, 60, provider="card")
    _set(control, Measure.SILENCE, 30, provider="card")
    watcher = Watcher(_ask)
    _fail(house, 4, "bank")
    for method in ("bank", "card"):
        opened = house.open("withdrawal", method, amount=euros("1"), attributes={"method": method})
        house.move(house.move(opened, "approve").operation, "send")
    _follow(house)
    assert _look(house, watcher) == []
    _fail(house, 2, "card")
    house.sql(
        "UPDATE viertakt.operation SET created_at = created_at - interval '2 hours',"
        " entered_at = entered_at - interval '2 hours' WHERE status = 'pending' AND attributes ->> 'method' = 'bank'"
    )
    _follow(house)
    (alert,) = _look(house, watcher)
    assert (alert.measure, alert.value, alert.provider) == ("errors", 1.0, Provider("method", "card"))
    house.sql(
        "UPDATE viertakt.operation SET created_at = created_at - interval '2 hours',"
        " entered_at = entered_at - interval '2 hours' WHERE status = 'pending' AND attributes ->> 'method' = 'card'"
    )
    house.sql("UPDATE viertakt.provider_pulse SET reported = 0 WHERE provider = 'card'")
    found = {one.measure: one for one in _look(house, watcher)}
    assert found.keys() == {"errors", "backlog", "silence"}
    assert query_of(found[Measure.BACKLOG]) == "kind:withdrawal attributes.method:card status:pending"
    (told, *_) = control.ask(lambda conn: limits.list_limits(conn, control.person))
    assert told.provider == Provider("method", "card")


@pytest.mark.parametrize(
    ("kind", "more"),
    [(None, {}), ("ticket", {}), ("withdrawal", {"brand": "casino-nl"})],
)
def test_a_limit_on_a_provider_says_of_which_kind(
    house: House, control: Control, kind: str | None, more: dict[str, str]
) -> None:
    """Of one that says who carries it out; and of one brand or of one provider, for nobody counts both."""
    with pytest.raises(Invalid):
        _set(control, Measure.ERRORS, 0.5, kind=kind, provider="card", **more)
