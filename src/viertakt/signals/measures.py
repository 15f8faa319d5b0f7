"""How the reports of providers stand, as numbers for monitoring."""

from typing import Any

from psycopg import Connection

from viertakt.measures import Measure
from viertakt.signals import store
from viertakt.signals.keeping import WAITED
from viertakt.signals.model import SignalState

COUNTED_MAX = 10_000


def measures(conn: Connection[Any]) -> list[Measure]:
    """What a person has to look at: what waits in vain, contradicts, or is read by no mapping."""
    states = store.count_states(conn, store.Filter(), limit=COUNTED_MAX)
    told = (
        (
            SignalState.CONTRADICTING,
            "Signals that contradict their operation, counted no further than 10,000.",
        ),
        (SignalState.UNMAPPED, "Signals that no mapping reads, counted no further than 10,000."),
    )
    waiting = sum(count for _, count in store.waiting_in_vain(conn, WAITED))
    return [
        *(Measure(f"signals_{state}", words, states.get(state, 0)) for state, words in told),
        Measure("signals_parked_in_vain", "Signals that have waited for longer than a day.", waiting),
    ]
