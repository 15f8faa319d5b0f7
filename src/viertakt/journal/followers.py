"""Followers of the order: each has its own place, and is told every entry exactly once.

The place moves in the transaction of what was made of the entries, so a follower that is killed has either done both or
neither. Two processes may work for one follower: the second finds its row locked and goes on to something else.
"""

import time
from collections.abc import Callable
from typing import Any

from psycopg import Connection
from psycopg.pq import TransactionStatus

from viertakt.journal import store

HELD_SECONDS = 0.05
# Positions (after, up to], in order, in the transaction that moves the follower's place.
Project = Callable[[Connection[Any], int, int], None]

AT_ONCE = 5_000
AGAIN_AT_ONCE = 50_000  # entries: a whole history goes quicker by larger steps


def follow(conn: Connection[Any], name: str, project: Project, *, limit: int = AT_ONCE) -> int:
    """Hand the next entries to `project` and move on, in one transaction; how many there were. 0 while another works."""
    assert conn.info.transaction_status == TransactionStatus.IDLE, (
        "a follower's step is a transaction of its own"
    )
    with conn.transaction():
        place = store.lock_follower(conn, name)
        if place is None:
            return 0
        after, head = place
        upto = min(head, after + limit)
        if upto <= after:
            return 0
        project(conn, after, upto)
        store.move_follower(conn, name, upto)
        return upto - after


def follow_all(conn: Connection[Any], name: str, project: Project, *, limit: int = AT_ONCE) -> int:
    """Hand over everything there is; how many entries: for commands and tests."""
    total = 0
    while count := follow(conn, name, project, limit=limit):
        total += count
    return total


def follow_again(conn: Connection[Any], name: str, project: Project, clear: Callable[[], object]) -> int:
    """Forget what was made, and follow everything from the first entry; how many entries. A worker may help meanwhile."""
    with conn.transaction():
        while store.lock_follower(conn, name) is None:
            time.sleep(HELD_SECONDS)  # a step of its worker, which ends soon
        clear()
        store.move_follower(conn, name, 0)
    return follow_all(conn, name, project, limit=AGAIN_AT_ONCE)
