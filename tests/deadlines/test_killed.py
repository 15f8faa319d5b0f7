"""Two workers fire what is due, and one is killed: each deadline fires once."""

import signal

from tests.deadlines.conftest import Clocked, until, worker

COUNT = 3_000


def test_two_workers_and_a_kill_fire_each_deadline_once(clocked: Clocked) -> None:
    """kill -9 between a move's commit and the note of it: the version answers, and whoever comes next goes on."""
    clocked.solved(COUNT)
    clocked.due()
    fired = "SELECT count(*) FROM viertakt.entry WHERE cause = 'deadline'"
    one, two = worker(clocked.house.url), worker(clocked.house.url)
    until(lambda: clocked.house.sql(fired)[0][0] > 0)
    one.send_signal(signal.SIGKILL)
    one.wait()
    # Time passes: what the dead one had claimed is free again.
    clocked.house.sql("UPDATE viertakt.deadline_attempt SET leased_until = now() - interval '1 second'")
    until(lambda: clocked.stages() == {"closed": COUNT})
    two.terminate()
    assert two.wait() == 0
    once = "SELECT count(*), count(DISTINCT operation_id) FROM viertakt.entry WHERE cause = 'deadline'"
    early = """SELECT count(*) FROM viertakt.entry
               WHERE cause = 'deadline' AND recorded_at < (data ->> 'deadline_at')::timestamptz"""
    assert clocked.house.sql(once) == [(COUNT, COUNT)]
    assert clocked.house.sql(early) == [(0,)]
    # What the dead one fired and could not note is a row of a version that is past, to be pruned.
    open_attempts = """SELECT count(*) FROM viertakt.deadline_attempt AS a
                       JOIN viertakt.operation AS o USING (operation_id, version)"""
    assert clocked.house.sql(open_attempts) == [(0,)]
