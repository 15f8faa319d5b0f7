"""A verdict that sends waits while something is wrong at its provider, and so does the asking of whom it concerns."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from psycopg import Connection, sql

from tests.checks.conftest import Examined
from tests.operations.conftest import euros
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
def held(examined: Examined) -> Examined:
    """An installation where payouts wait."""
    examined.ask(lambda conn: publish_kind(conn, read_kind(PAYOUT), actor=system("cli")))
    examined.ask(lambda conn: holding.hold(conn, "kind:payout"))
    examined.ask(examined.house.engine.holds.refresh)
    return examined


def release(held: Examined) -> None:
    def let_all_go(conn: Connection[object]) -> None:
        for one in holding.standing_holds(conn):
            holding.let_go(conn, one.id, per_minute=60)

    held.ask(let_all_go)
    while holding.Releaser(held.ask, (store.spread_runs,)).turn() is not None:
        pass
    held.ask(held.house.engine.holds.refresh)


def runs(held: Examined) -> list[tuple[object, ...]]:
    return held.house.sql(
        "SELECT state, said, settled_at IS NULL FROM viertakt.check_run ORDER BY started_at"
    )


def later(held: Examined) -> None:
    held.house.sql("UPDATE viertakt.check_run SET due_at = now() WHERE settled_at IS NULL")


def test_a_verdict_that_sends_waits_until_the_hold_is_over(held: Examined) -> None:
    """It is no failure and nobody is told of one: the same verdict is asked for again, and then made."""
    opened: Operation = held.house.open("payout", "P-1", subject="p-1")
    assert (held.examine(), held.now(opened).stage, runs(held)) == (
        1,
        "requested",
        [("due", "on_hold", True)],
    )
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


def test_what_is_held_is_not_read_at_every_look() -> None:
    """Ten thousand that wait would be read four times a second, for as long as a provider is away."""
    looks, held = holding.Looks(), sql.SQL("o.kind = 'payout'")
    at = [datetime(2026, 11, 26, 9, tzinfo=UTC) + timedelta(seconds=n) for n in range(12)]
    assert looks.since(at[0], held) is None
    looks.note(at[0], held, left=True)
    assert looks.since(at[1], held) is None  # there was more than it took
    looks.note(at[1], held, left=False)
    assert looks.since(at[2], held) == at[1]
    looks.note(at[2], held, left=True)
    assert [looks.since(at[n], held) for n in (5, 6)] == [at[1], None]
    looks.note(at[6], held, left=False)
    assert looks.since(at[7], holding.NOTHING) is None  # what was let go is found at once


def test_beside_what_is_held_others_are_asked_about_at_once(held: Examined) -> None:
    """What has come due since is claimed in the same moment, what waits only once it is let go."""
    payouts = [held.house.open("payout", f"P-{n}", subject="p-1") for n in range(3)]
    held.follow()
    held.house.sql("UPDATE viertakt.check_run SET outside = true")
    looks = holding.Looks()

    def claim() -> list[UUID]:
        claimed = held.ask(
            lambda conn: store.claim_runs(conn, outside=looks, limit=8, lease=timedelta(seconds=25))
        )
        return [one.operation_id for one in claimed]

    assert claim() == []
    other = held.house.open("withdrawal", "W-1", amount=euros("20"), subject="p-1")
    held.follow()
    held.house.sql("UPDATE viertakt.check_run SET outside = true")
    assert claim() == [other.id]
    release(held)
    later(held)
    assert set(claim()) == {other.id, *(one.id for one in payouts)}
