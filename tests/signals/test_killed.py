"""Workers that die in the middle, and deliveries that come all at once: each report acts once."""

import contextlib
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier, Thread
from typing import Any

from tests.signals.office import Office
from tests.signals.test_inbox import deposit, event, succeeded
from viertakt.db.pool import connect
from viertakt.signals import store
from viertakt.signals.applying import Applier
from viertakt.signals.model import SignalId, SignalState
from viertakt.signals.placing import place


def test_a_move_that_was_made_before_the_worker_died_is_found_and_not_made_again(office: Office) -> None:
    """Dead between the batch's commit and its own: the key on the entry says what has happened."""
    operation, reference = deposit(office)
    office.deliver("stripe", succeeded(reference))
    office.deliver("stripe", succeeded(reference, 1764000005))

    class Dying(Applier):
        def _settle(self, *_: Any) -> None:
            raise KeyboardInterrupt

    app = office.application
    with contextlib.suppress(KeyboardInterrupt):
        Dying(app.call, app.batch, app.engine).turn()
    assert office.stage(operation)[0] == "credited"
    assert {one["state"] for one in office.signals(operation=operation)} == {"received"}
    with connect(office.running.database) as conn:
        conn.execute(
            "UPDATE viertakt.signal_line SET leased_until = now() - interval '1 second' WHERE operation_id = %s",
            [operation],
        )
    office.work()
    first, second = office.signals(operation=operation)
    assert (first["state"], first["to_stage"], second["state"]) == ("applied", "credited", "known")
    assert office.look(operation)["version"] == 3
    history = office.admin.get(f"/v1/operations/{operation}/history").json()["items"]
    assert first["entry"] == history[-1]["seq"]


def test_what_an_earlier_attempt_says_no_longer_counts(office: Office) -> None:
    """It was thought dead and was only slow; its line is another's by now."""
    operation, reference = deposit(office)
    office.deliver("stripe", succeeded(reference))
    with connect(office.running.database) as conn:
        place(conn, limit=200)
        (slow,) = [
            one
            for one in store.claim_lines(conn, limit=64, lease=timedelta(0))
            if str(one.operation_id) == operation
        ]
        conn.commit()
    office.work()
    (signal,) = office.signals(operation=operation)
    with connect(office.running.database) as conn:
        lost = store.Settled(
            SignalId(signal["id"]), slow.operation_id, slow.attempt, SignalState.CONTRADICTING, 0
        )
        store.settle_signals(conn, [lost])
        store.release_lines(conn, {slow: timedelta(0)})
        conn.commit()
    assert office.signals(operation=operation)[0]["state"] == "applied"


def test_fifty_deliveries_at_once_and_three_workers_make_one_move(office: Office) -> None:
    """A provider that is in a hurry, and an installation with several workers."""
    operation, reference = deposit(office)
    reports = [
        event(
            "payment_intent.processing", 1764000001, id=f"pi_{reference}", metadata={"reference": reference}
        ),
        succeeded(reference),
    ]
    app = office.application
    gate = Barrier(3)

    def worker() -> None:
        applier = Applier(app.call, app.batch, app.engine)
        gate.wait()
        for _ in range(20):
            applier.turn()

    workers = [Thread(target=worker) for _ in range(3)]
    for thread in workers:
        thread.start()
    with ThreadPoolExecutor(8) as pool:
        codes = list(pool.map(lambda n: office.deliver("stripe", reports[n % 2]).status_code, range(50)))
    for thread in workers:
        thread.join()
    office.work()
    assert set(codes) <= {200, 202}
    assert codes.count(202) >= 2
    assert office.stage(operation) == ("credited", "success", False)
    assert office.look(operation)["version"] == 3
    found = office.signals(operation=operation)
    assert sorted(one["deliveries"] for one in found) == [25, 25]
