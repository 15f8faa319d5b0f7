"""How long a check that got no answer rests, and when it is given up. Pure; chance is passed in."""

from datetime import timedelta

# Six tries in about a quarter of an hour: an operation waits for it, and then for a person.
RESTS = tuple(timedelta(seconds=seconds) for seconds in (2, 10, 60, 240, 600))
TRIES_MAX = len(RESTS) + 1
JITTER = 0.25  # of a rest, so that what failed together is not asked together again

# How long whoever said "later" has for its answer, and what nobody asks for so long after so many failures in a row.
LATER_MAX = timedelta(hours=24)
FAILURES_MAX = 5
TARGET_RESTS = timedelta(seconds=60)


def rest_after(tries: int, chance: float) -> timedelta | None:
    """How long to wait after the n-th try that came to nothing; None to give up. `chance`: from 0 to 1."""
    if tries >= TRIES_MAX:
        return None
    return RESTS[tries - 1] * (1 + JITTER * chance)
