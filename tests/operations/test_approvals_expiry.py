"""What waits for consents ends by itself: once, on the primary's clock, and never together with the move."""

from datetime import UTC, datetime, timedelta
from threading import Thread
from typing import Any

import msgspec
import pytest

from tests.operations.desk import Desk
from tests.operations.test_approvals_races import _both, _execute, _meanwhile
from viertakt.access.model import system
from viertakt.db.leases import work_off
from viertakt.db.pool import connect
from viertakt.errors import NotPermitted
from viertakt.kinds.model import TransitionName
from viertakt.operations.actions import execute
from viertakt.operations.approvals import read_inbox
from viertakt.operations.expiring import Expiring
from viertakt.operations.model import (
    Answer,
    ApprovalState,
    Caller,
    Operation,
)
from viertakt.operations.requests import ExpireRequest
from viertakt.operations.rules_approvals import EXPIRES_AFTER, expiry
from viertakt.operations.store_approvals import claim_expired


def _time_is_up(desk: Desk, ahead: str = "-1 second") -> None:
    desk.house.sql(f"UPDATE viertakt.approval SET expires_at = clock_timestamp() + interval '{ahead}'")


def _ending(asked: Answer) -> ExpireRequest:
    return ExpireRequest(asked.operation.id, Caller(system("deadline")), asked.entry.seq)


def _ask(desk: Desk) -> Any:
    def ask(question: Any) -> Any:
        with connect(desk.house.url) as conn:
            answer = question(conn)
            conn.commit()
            return answer

    return ask


def _work(desk: Desk) -> int:
    return work_off(_ask(desk), Expiring(desk.house.batch))


def _sorts(desk: Desk, operation: Operation) -> list[str]:
    return [sort for sort, _, _ in desk.history(operation)]


def test_what_nobody_consents_to_in_time_expires(desk: Desk) -> None:
    """The history says so, the operation stays where it is, and who asked sees it."""
    operation = desk.withdrawal()
    asked = desk.asked(operation)
    desk.says(operation, desk.first)
    assert _work(desk) == 0, "a week is not over yet"
    _time_is_up(desk)
    assert _work(desk) == 1
    assert _work(desk) == 0, "once"
    assert desk.history(operation)[-1] == ("expired", "system:deadline", None)
    assert desk.stage(operation) == "requested"
    assert desk.state(asked) is ApprovalState.EXPIRED
    with connect(desk.house.url) as conn:
        kinds, now = desk.house.engine.kinds, datetime.now(UTC)
        (seen,) = read_inbox(conn, kinds, reader=desk.asker, mine="asked", limit=10, now=now)
        assert read_inbox(conn, kinds, reader=desk.second, mine="decide", limit=10, now=now) == []
    assert seen.state is ApprovalState.EXPIRED
    desk.asked(operation)
    assert _sorts(desk, operation)[-1] == "asked", "it may be asked for anew"


def test_a_consent_after_the_time_is_refused_before_any_worker_came(desk: Desk) -> None:
    """The clock decides, not how busy the workers are."""
    operation = desk.withdrawal()
    asked = desk.asked(operation)
    _time_is_up(desk)
    refusal = desk.refused(operation, desk.first, asked_seq=asked.entry.seq)
    assert isinstance(refusal, NotPermitted)
    assert refusal.facts["why_not"] == "expired"
    again = desk.house.batch.call_all([desk.house.moving(operation, "approve", by=desk.asker)])[0]
    assert isinstance(again, NotPermitted), "its end is written first"


def test_what_became_void_or_is_over_does_not_expire(desk: Desk) -> None:
    """Its end was another one."""
    withdrawn, moved = desk.withdrawal(), desk.withdrawal(reference="W-2")
    for one in (withdrawn, moved):
        desk.asked(one)
    desk.says(withdrawn, desk.asker, "withdraw")
    desk.house.move(moved, "hold", by=system("check"))
    with connect(desk.house.url) as conn:
        conn.execute("UPDATE viertakt.approval SET expires_at = now() - interval '1 hour'")
        conn.commit()
    assert _work(desk) == 0
    assert "expired" not in _sorts(desk, withdrawn) + _sorts(desk, moved)


def test_two_workers_end_each_request_once(desk: Desk) -> None:
    """What one has claimed the other passes over; what both ask for happens once."""
    operations = [desk.withdrawal(reference=f"W-{n}") for n in range(6)]
    asked = [desk.asked(operation) for operation in operations]
    _time_is_up(desk)
    with connect(desk.house.url) as one, connect(desk.house.url) as other:
        lease = timedelta(minutes=1)
        first = claim_expired(one, limit=4, lease=lease)
        second = claim_expired(other, limit=4, lease=lease)
        one.rollback()
        other.rollback()
    assert len(first) == 4
    assert len(second) == 2
    assert not {*first} & {*second}
    endings = [_ending(one) for one in asked]
    threads = [Thread(target=desk.house.batch.call_all, args=(endings,)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [_sorts(desk, operation).count("expired") for operation in operations] == [1] * 6


def test_an_end_and_then_the_last_consent(desk: Desk) -> None:
    """The consent waits for the operation, and finds its request over."""
    operation = desk.withdrawal()
    asked = desk.asked(operation)
    desk.says(operation, desk.first)
    _time_is_up(desk)
    done, late = _both(desk, _ending(asked), desk.saying(operation, desk.second, asked_seq=asked.entry.seq))
    assert isinstance(done, Answer)
    assert isinstance(late, NotPermitted)
    assert desk.stage(operation) == "requested"
    assert _sorts(desk, operation)[-2:] == ["expired", "refused"]


def test_the_last_consent_and_then_the_end(desk: Desk) -> None:
    """The time runs out while the consent is being written: the move is made, and nothing expires after it."""
    operation = desk.withdrawal()
    asked = desk.asked(operation)
    desk.says(operation, desk.first)
    _time_is_up(desk, ahead="3 seconds")
    consent = desk.saying(operation, desk.second, asked_seq=asked.entry.seq)
    with connect(desk.house.url) as conn:
        (made,) = execute(conn, desk.house.engine, [consent])
        with _meanwhile(desk, _ending(asked)) as others:
            while not desk.house.sql("SELECT expires_at <= clock_timestamp() FROM viertakt.approval")[0][0]:
                pass
            conn.commit()
    assert isinstance(made, Answer)
    assert isinstance(others[0], Answer)
    assert others[0].replayed, "nothing was left to be ended"
    assert desk.stage(operation) == "approved"
    assert "expired" not in _sorts(desk, operation)


def test_an_end_that_comes_too_early_does_nothing(desk: Desk) -> None:
    """A worker that was slow asks for what it once saw."""
    operation = desk.withdrawal()
    asked = desk.asked(operation)
    result = _execute(desk, _ending(asked))
    assert isinstance(result, Answer)
    assert result.replayed
    assert desk.state(asked) is ApprovalState.OPEN


@pytest.mark.parametrize(("within", "after"), [(None, EXPIRES_AFTER), ("PT36H", timedelta(hours=36))])
def test_the_kind_says_how_long_a_request_waits(desk: Desk, within: str | None, after: timedelta) -> None:
    """Left out it is a week."""
    now = datetime(2026, 11, 26, 9, tzinfo=UTC)
    with connect(desk.house.url) as conn:
        kind = desk.house.engine.kinds.latest(conn, "withdrawal").kind
    approve = msgspec.structs.replace(kind.transitions[TransitionName("approve")], consents_within=within)
    assert expiry(approve, now) == now + after
