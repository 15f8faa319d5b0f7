"""A verdict that sends waits while something is wrong at its provider, and so does the asking of whom it concerns."""

from collections.abc import Iterator

import pytest
from psycopg import Connection

from tests.checks.conftest import Examined
from viertakt.access.model import system
from viertakt.checks import store
from viertakt.kinds.actions import publish_kind
from viertakt.kinds.document import read_kind
from viertakt.operations import holding
from viertakt.operations.model import Operation

PAYOUT = """
kind: payout
label: {en: Payout, nl: Uitbetaling}
subject: {en: Player, nl: Speler}
start: requested
stages:
  requested: {status: pending, waiting_on: system, checks: {run: [known], pass: send, reject: refuse}}
  sending:   {status: pending, waiting_on: provider}
  paid:      {status: success, final: yes}
  failed:    {status: error}
  refused:   {status: rejected, final: yes}
transitions:
  send:      {from: [requested, failed], to: sending, by: [check], roles: [payments]}
  refuse:    {from: [requested], to: refused, by: [check]}
  settle:    {from: [sending], to: paid, by: [process, source]}
  fail:      {from: [sending], to: failed, by: [process, source]}
checks:
  known: {rule: "subject:*", otherwise: reject}
outcomes: {success: settle, error: fail}
"""


@pytest.fixture
def held(examined: Examined) -> Iterator[Examined]:
    """An installation where payouts wait."""
    examined.ask(lambda conn: publish_kind(conn, read_kind(PAYOUT), actor=system("cli")))
    examined.ask(lambda conn: holding.hold(conn, "kind:payout"))
    examined.ask(examined.house.engine.holds.refresh)
    yield examined


def release(held: Examined) -> None:
    def let_all_go(conn: Connection[object]) -> None:
        for one in holding.standing_holds(conn):
            holding.let_go(conn, one.id, per_minute=60)

    held.ask(let_all_go)
    while holding.Releaser(held.ask, (store.spread_runs,)).turn() is not None:
        pass
    held.ask(held.house.engine.holds.refresh)


def runs(held: Examined) -> list[tuple[object, ...]]:
    return held.house.sql("SELECT state, said, settled_at IS NULL FROM viertakt.check_run ORDER BY started_at")


def later(held: Examined) -> None:
    held.house.sql("UPDATE viertakt.check_run SET due_at = now() WHERE settled_at IS NULL")


def test_a_verdict_that_sends_waits_until_the_hold_is_over(held: Examined) -> None:
    """It is no failure and nobody is told of one: the same verdict is asked for again, and then made."""
    opened: Operation = held.house.open("payout", "P-1", subject="p-1")
    assert (held.examine(), held.now(opened).stage, runs(held)) == (1, "requested", [("due", "on_hold", True)])
    assert held.examine() == 0  # it rests, and is not examined at every look
    later(held)
    assert (held.examine(), held.now(opened).version) == (1, opened.version)
    release(held)
    later(held)
    assert (held.examine(), held.now(opened).stage, held.last(opened).cause) == (1, "sending", "check")
    assert runs(held) == [("done", None, False)]


def test_a_verdict_that_sends_nothing_does_not_wait(held: Examined) -> None:
    """What is refused goes to nobody."""
    opened = held.house.open("payout", "P-1")
    assert (held.examine(), held.now(opened).stage) == (1, "refused")


def test_what_was_held_goes_on_one_after_the_other(held: Examined) -> None:
    """A provider that has just come back is not given everything at once."""
    for n in range(3):
        held.house.open("payout", f"P-{n}", subject="p-1")
    assert held.examine() == 3
    release(held)
    (apart,) = held.house.sql(
        "SELECT array_agg(due_at - first ORDER BY due_at) FROM viertakt.check_run, "
        "(SELECT min(due_at) AS first FROM viertakt.check_run) AS f"
    )
    assert [one.total_seconds() for one in apart[0]] == [0, 1, 2]
