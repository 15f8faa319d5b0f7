"""`python -m bench [--only P1,P2] [--seconds N] [--crowds DIR] [--json]`: prints both sides and the ratio of each measurement."""

import argparse
import logging
import signal
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import msgspec

from bench import (
    bulk,
    commits,
    deadlines,
    followers,
    in_process,
    lists,
    notices,
    order,
    over_http,
    reports,
    webhooks,
)
from bench.crowds import Crowds
from bench.figures import Figure, Rounds
from bench.house import house
from viertakt.cli.logs import log_to_stderr

MEASUREMENTS = {
    "P1": in_process.moves,
    "P2": over_http.single_moves,
    "P3": over_http.batches,
    "P4": in_process.beside_django,
    "P8": order.to_the_browser,
    "H1": webhooks.to_receivers,
    "N1": notices.to_the_inbox,
    "P9": order.keeping_up,
    "P9F": followers.catching_up,
    "P11": over_http.lonely_move,
    "B1": bulk.jobs,
    "D1": deadlines.at_once,
}
# These look at ten million operations, which take minutes to make and are kept in the folder of --crowds.
OF_CROWDS = {
    "P5": lists.first_pages,
    "P6": lists.beside_a_list,
    "P7": reports.over_a_year,
}

OPERATIONS_MIN = 256


def main() -> int:
    """Measure what was asked for, and print it; 2 when that is not there."""
    asked = _arguments()
    known = {**MEASUREMENTS, **OF_CROWDS}
    names = (
        list(known if asked.crowds else MEASUREMENTS) if asked.only is None else asked.only.upper().split(",")
    )
    unknown = [name for name in names if name not in known]
    if unknown:
        print(f"There is no {', '.join(unknown)}; there is: {', '.join(known)}.", file=sys.stderr)
        return 2
    if asked.operations < OPERATIONS_MIN:
        print(f"At least {OPERATIONS_MIN} operations: each of 256 callers has its own.", file=sys.stderr)
        return 2
    if asked.crowds is None and any(name in OF_CROWDS for name in names):
        print(
            f"{', '.join(OF_CROWDS)} look at ten million operations: say with --crowds where they are kept.",
            file=sys.stderr,
        )
        return 2
    rounds = Rounds(seconds=asked.seconds, count=asked.rounds)
    figures: dict[str, Figure] = {}
    log_to_stderr(logging.WARNING)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # told to stop, it takes its server along
    for label, figure in _measured(names, asked, rounds):
        print(f"{label:7} {figure.sentence()}", flush=True)
        figures[label] = figure
    if asked.json:
        print(msgspec.json.encode(figures).decode())
    return 0


def _measured(names: list[str], asked: argparse.Namespace, rounds: Rounds) -> Iterator[tuple[str, Figure]]:
    """Each with the place it works in, which is made when it is first needed and shared from then on."""
    with ExitStack() as stack:
        place = None
        crowds = stack.enter_context(Crowds(asked.crowds)) if asked.crowds else None
        for name in names:
            if name in OF_CROWDS:
                assert crowds is not None, "the arguments were looked at"
                yield from OF_CROWDS[name](crowds, rounds).items()
                continue
            if place is None:
                place = stack.enter_context(house(operations=asked.operations))
                commits.show(place)
            yield from MEASUREMENTS[name](place, rounds).items()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("--only", help="some of them, such as P1,P2")
    parser.add_argument("--json", action="store_true", help="end with one line of JSON that holds them all")
    parser.add_argument("--seconds", type=float, default=5.0, help="how long a round lasts (default 5)")
    parser.add_argument(
        "--rounds", type=int, default=3, help="rounds of each side; the median counts (default 3)"
    )
    parser.add_argument(
        "--operations", type=int, default=20_000, help="how many are moved about (default 20000)"
    )
    parser.add_argument(
        "--crowds",
        type=Path,
        metavar="DIR",
        help="where the ten million operations of P5 to P7 are, or are to be made",
    )
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
