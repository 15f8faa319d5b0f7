"""What is due, taken by one of several workers at a time: claim rows for a while, act on them, write down what came of it.

    claim (a short transaction) ──► act: by the batch or the network, no transaction open ──► settle (a short transaction)

A slice keeps its own rows (`leased_until`, an `attempt` that rises with each claim) and says in a `Duty` how they are
claimed and settled; `worker.duties` gives each duty its thread. What happens when a worker dies, at each arrow: what it
had claimed is free again when its lease ends, and whoever takes it asks again with what makes asking twice harmless: the
same request key, or the version it goes by. What the dead one still settles carries an older attempt and is ignored.
"""

from collections.abc import Callable, Sequence
from typing import Any, Protocol, TypeVar

from psycopg import Connection

Claimed = TypeVar("Claimed")
Done = TypeVar("Done")
T = TypeVar("T")


class Ask(Protocol):
    """Answers a question in a transaction of its own, committed when it returns (`Application.call`)."""

    def __call__(self, question: Callable[[Connection[Any]], T], /) -> T: ...


class Duty(Protocol[Claimed, Done]):
    """Work that comes due by itself. Each method may raise: the worker says so and looks again a little later."""

    def claim(self, conn: Connection[Any]) -> Sequence[Claimed]:
        """The next rows that are due, a bounded number, for as long as their lease lasts; none where nothing is."""
        ...

    def act(self, claimed: Sequence[Claimed]) -> Sequence[Done]:
        """Do it, with no transaction open. What it comes to is told for each, refusals as well."""
        ...

    def settle(self, conn: Connection[Any], done: Sequence[Done]) -> None:
        """Write down what came of it, of those rows that are still claimed by this attempt."""
        ...


def work_off(ask: Ask, duty: Duty[Claimed, Done]) -> int:
    """One turn: claim, act, settle; how many rows it was."""
    claimed = ask(duty.claim)
    if claimed:
        done = duty.act(claimed)
        ask(lambda conn: duty.settle(conn, done))
    return len(claimed)
