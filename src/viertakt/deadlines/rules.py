"""When a refused deadline is tried again, and when a clock is not to be trusted. Pure."""

from datetime import datetime, timedelta

# A guard that does not hold yet may hold in a minute; what is refused for a day waits for somebody to look.
RESTS = tuple(
    timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 720, 1440)
)  # after the first refusal, the second, …
UNKNOWN_REST = timedelta(seconds=5)  # the database did not answer: it is back in a moment

# The two clocks drift apart by microseconds between two looks; a machine's time that is set, or another primary's, by more.
JUMP_MAX = timedelta(seconds=10)


def rest_after(attempt: int) -> timedelta:
    """How long a deadline rests that was refused for the n-th time."""
    return RESTS[min(attempt, len(RESTS)) - 1]


def jump(before: tuple[datetime, float] | None, now: datetime, monotonic: float) -> timedelta | None:
    """How far the database's clock has run ahead since an earlier look; None where no more than it may.

    `before`: its time, and the monotonic clock read just before it. `monotonic`: read just after `now`. So what really
    passed is never taken for less, and a slow answer for no jump.
    """
    if before is None:
        return None
    then, started = before
    ahead = (now - then) - timedelta(seconds=monotonic - started)
    return ahead if ahead > JUMP_MAX else None
