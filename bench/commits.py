"""How long this disk takes to make a write last: what every commit, ours and theirs, stands on."""

import time

import psycopg

from bench.house import House

COMMITS = 50


def show(place: House) -> None:
    """Print what one lonely commit costs here. Far below 0.1 ms, fsync is not what it seems and no ratio means much."""
    with psycopg.connect(place.server.url("postgres"), autocommit=True) as conn:
        found = conn.execute("SHOW fsync").fetchone()
        assert found == ("on",), "a measurement with fsync off measures something else"
        conn.execute("CREATE TABLE commits (n integer)")
        begun = time.perf_counter()
        for n in range(COMMITS):
            conn.execute("INSERT INTO commits VALUES (%s)", [n])
        took = (time.perf_counter() - begun) / COMMITS
        conn.execute("DROP TABLE commits")
    print(
        f"        {place.operations:,} operations, fsync on; one lonely commit takes {took * 1000:.2f} ms",
        flush=True,
    )
