"""`python -m bench [--only P1,P2] [--seconds N] [--json]`: prints both sides and the ratio of each measurement."""

import argparse
import logging
import signal
import sys

import msgspec

from bench import commits, in_process, order, over_http
from bench.figures import Figure, Rounds
from bench.house import house
from viertakt.cli.logs import log_to_stderr

MEASUREMENTS = {
    "P1": in_process.moves,
    "P2": over_http.single_moves,
    "P3": over_http.batches,
    "P4": in_process.beside_django,
    "P8": order.to_the_browser,
    "P9": order.keeping_up,
    "P11": over_http.lonely_move,
}

OPERATIONS_MIN = 256


def main() -> int:
    """Measure what was asked for, and print it; 2 when that is not there."""
    asked = _arguments()
    names = list(MEASUREMENTS) if asked.only is None else asked.only.upper().split(",")
    unknown = [name for name in names if name not in MEASUREMENTS]
    if unknown:
        print(f"There is no {', '.join(unknown)}; there is: {', '.join(MEASUREMENTS)}.", file=sys.stderr)
        return 2
    if asked.operations < OPERATIONS_MIN:
        print(f"At least {OPERATIONS_MIN} operations: each of 256 callers has its own.", file=sys.stderr)
        return 2
    rounds = Rounds(seconds=asked.seconds, count=asked.rounds)
    figures: dict[str, Figure] = {}
    log_to_stderr(logging.WARNING)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # told to stop, it takes its server along
    with house(operations=asked.operations) as place:
        commits.show(place)
        for name in names:
            for label, figure in MEASUREMENTS[name](place, rounds).items():
                print(f"{label:7} {figure.sentence()}", flush=True)
                figures[label] = figure
    if asked.json:
        print(msgspec.json.encode(figures).decode())
    return 0


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
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
