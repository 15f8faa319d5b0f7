"""Time limits fire: never early, once, and not because a clock was set."""

from datetime import timedelta

from tests.deadlines.conftest import Clocked
from viertakt.access.model import system
from viertakt.deadlines import firing
from viertakt.operations import holding
from viertakt.operations.model import (
    Caller,
)
from viertakt.operations.requests import DueRequest
from viertakt.operations.store import read_history


def test_what_is_due_makes_the_transition_of_its_stage(clocked: Clocked) -> None:
    """By nobody's hand: the history says it was the clock, and when it was due."""
    (ticket,) = clocked.solved(1)
    assert clocked.fire() == 0
    clocked.due()
    assert (clocked.fire(), clocked.fire()) == (1, 0)
    entry = clocked.ask(lambda conn: read_history(conn, ticket.id, after=0, limit=10))[-1]
    assert (entry.transition, entry.cause, entry.actor) == ("close", "deadline", "system:deadline")
    assert entry.data is not None
    assert entry.data.keys() == {"deadline_at"}
    assert clocked.house.sql("SELECT count(*) FROM viertakt.deadline_attempt") == [(0,)]


def test_a_deadline_is_never_early(clocked: Clocked) -> None:
    """Whoever asks, and whatever they believe: under the lock the primary's clock decides."""
    (ticket,) = clocked.solved(1)
    before = clocked.house.sql("SELECT count(*) FROM viertakt.entry")
    request = DueRequest(ticket.id, Caller(system("deadline")), ticket.version)
    answer = clocked.house.batch.call(request)
    assert (answer.replayed, answer.operation.stage) == (True, "solved")
    assert clocked.house.sql("SELECT count(*) FROM viertakt.entry") == before


def test_what_has_moved_on_is_left_alone(clocked: Clocked) -> None:
    """A reply came between the claim and the move: the deadline was another stage's."""
    (ticket,) = clocked.solved(1)
    clocked.due()
    claimed = clocked.ask(clocked.duty.claim)
    clocked.house.move(ticket, "reopen")
    done = clocked.duty.act(claimed)
    clocked.ask(lambda conn: clocked.duty.settle(conn, done))
    assert clocked.stages() == {"open": 1}
    refused = "SELECT count(*) FROM viertakt.entry WHERE sort = 'refused'"
    assert clocked.house.sql(refused) == [(0,)]


def test_two_at_the_same_operation_move_it_once(clocked: Clocked) -> None:
    """A lease ran out while its worker was only slow: both ask, one moves."""
    clocked.solved(20)
    clocked.due()
    claimed = clocked.ask(clocked.duty.claim)
    assert clocked.ask(clocked.duty.claim) == []
    clocked.house.sql("UPDATE viertakt.deadline_attempt SET leased_until = now() - interval '1 second'")
    again = clocked.ask(clocked.duty.claim)
    assert [(one.operation_id, one.attempt) for one in again] == [(one.operation_id, 2) for one in claimed]
    first = clocked.duty.act(claimed)
    second = clocked.duty.act(again)
    clocked.ask(lambda conn: clocked.duty.settle(conn, first))
    # What the slow one settles is told by its number and ignored.
    assert clocked.house.sql("SELECT count(*) FROM viertakt.deadline_attempt") == [(20,)]
    clocked.ask(lambda conn: clocked.duty.settle(conn, second))
    assert clocked.house.sql("SELECT count(*) FROM viertakt.deadline_attempt") == [(0,)]
    moved = "SELECT count(*) FROM viertakt.entry WHERE cause = 'deadline'"
    assert (clocked.house.sql(moved), clocked.stages()) == ([(20,)], {"closed": 20})


def test_a_forward_jump_stops_everything_until_somebody_looks(clocked: Clocked) -> None:
    """Else a clock that is set wrong for a minute would expire a month of work, and nothing brings that back."""
    clocked.solved(3)
    assert clocked.fire() == 0
    # The database's clock goes on as ever; the one that nobody sets says that an hour less has passed.
    clocked.due()
    clocked.monotonic -= 3600
    assert clocked.fire() == 0
    standing = clocked.ask(firing.standing)
    assert standing.pause is not None
    assert (standing.pause.cause, standing.due) == ("clock", 3)
    assert standing.pause.jumped is not None
    assert standing.pause.jumped > timedelta(minutes=59)
    # Another worker looks for the first time: it is stopped all the same.
    other = Clocked(clocked.house)
    assert (clocked.fire(), other.fire(), clocked.stages()) == (0, 0, {"solved": 3})
    assert clocked.ask(lambda conn: firing.resume(conn, system("cli")))
    assert (clocked.fire(), clocked.stages()) == (3, {"closed": 3})


def test_a_pause_is_told_once_and_ended_once(clocked: Clocked) -> None:
    """Two who press the same button have pressed it once."""
    by = system("cli")
    assert clocked.ask(lambda conn: [firing.pause(conn, by), firing.pause(conn, by)]) == [True, False]
    assert clocked.ask(lambda conn: [firing.resume(conn, by), firing.resume(conn, by)]) == [True, False]
    assert clocked.ask(firing.standing).pause is None


def test_a_refused_deadline_rests_and_is_counted(clocked: Clocked) -> None:
    """It neither blocks those behind it nor fills the history with refusals."""
    (ticket,) = clocked.solved(1)
    clocked.due()
    claimed = clocked.ask(clocked.duty.claim)
    settled = firing._settled(
        claimed[0], clocked.house.batch.call_all([clocked.house.moving(ticket, "take")])[0]
    )
    clocked.ask(lambda conn: clocked.duty.settle(conn, [settled]))
    assert clocked.fire() == 0
    standing = clocked.ask(firing.standing)
    assert (standing.due, standing.refused) == (1, 1)
    clocked.house.sql("UPDATE viertakt.deadline_attempt SET leased_until = now() - interval '1 second'")
    assert (clocked.fire(), clocked.stages()) == (1, {"closed": 1})


def test_beside_what_is_held_the_others_fire(clocked: Clocked) -> None:
    """What waits is not read again at every look; what comes due meanwhile is not late for it."""
    held, _ = clocked.solved(2)
    clocked.due("1 second", where="reference = 'T-0'")
    hold = clocked.ask(lambda conn: holding.hold(conn, f"reference:{held.reference}"))
    assert (clocked.fire(), clocked.fire()) == (0, 0)
    clocked.due("0 seconds", where="reference = 'T-1'")
    assert (clocked.fire(), clocked.stages()) == (1, {"solved": 1, "closed": 1})
    clocked.ask(lambda conn: holding.let_go(conn, hold, per_minute=60))
    while holding.Releaser(clocked.ask).turn() is not None:
        pass
    clocked.due()
    assert (clocked.fire(), clocked.stages()) == (1, {"closed": 2})
