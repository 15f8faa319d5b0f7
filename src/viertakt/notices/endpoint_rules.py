"""When a delivery is tried again, when it is given up, and when an endpoint is left alone. Pure."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import msgspec

from viertakt.notices.endpoint_model import DeliveryState, Health

# Between ten tries: about three days, the time over a weekend. Standard Webhooks 1.0 suggests such a schedule.
WAITS = tuple(
    timedelta(seconds=seconds) for seconds in (5, 30, 300, 1_800, 7_200, 18_000, 36_000, 72_000, 122_400)
)
TRIES_MAX = len(WAITS) + 1
JITTER = 0.2  # of a wait, either way: whoever comes back is not met by everything at once
RETRY_AFTER_MAX = timedelta(days=1)
WARNED_AFTER = timedelta(days=1)
OFF_AFTER = timedelta(days=3)
GONE = 410
PROBED_AFTER = 3  # failures in a row: then one delivery at a time is tried, until one arrives


class Outcome(msgspec.Struct, frozen=True):
    """What an attempt comes to. `due_at`: when to try again, where it waits. `gone`: the receiver wants no more."""

    state: DeliveryState
    due_at: datetime | None = None
    gone: bool = False

    @property
    def arrived(self) -> bool:
        """Whether the receiver has it."""
        return self.state is DeliveryState.DONE


def outcome(
    status: int | None,
    headers: Mapping[str, str],
    *,
    tries: int,
    chance: float,
    now: datetime,
    is_test: bool = False,
) -> Outcome:
    """What an answer comes to; `status` None: there was none. `tries`: before this one. `chance`: 0 to 1, for the jitter.

    Only 2xx has arrived: a redirect is none, for it may lead anywhere. After ten tries it is given up. 410 is the last
    answer: what waits then waits until the endpoint is switched on, this delivery too, and only a test has come to its end.
    """
    if status is not None and 200 <= status < 300:
        return Outcome(DeliveryState.DONE)
    wait = next_wait(tries + 1, chance)
    if status == GONE and is_test:
        return Outcome(DeliveryState.FAILED, gone=True)
    if status == GONE:
        return Outcome(DeliveryState.WAITING, now, gone=True)
    if wait is None:
        return Outcome(DeliveryState.FAILED)
    asked = retry_after(headers.get("retry-after"), now=now) if status in {429, 503} else None
    return Outcome(DeliveryState.WAITING, now + max(wait, asked or timedelta()))


def next_wait(tries: int, chance: float) -> timedelta | None:
    """How long to wait after so many tries, or None to give up: from 5 seconds to 34 hours, a fifth more or less."""
    if tries >= TRIES_MAX:
        return None
    return WAITS[tries - 1] * (1 - JITTER + 2 * JITTER * chance)


def retry_after(text: str | None, *, now: datetime) -> timedelta | None:
    """How long a receiver asks to be left alone (RFC 9110, 10.2.3: seconds or a date), a day at most; None for what does not read."""
    if text is None:
        return None
    text = text.strip()
    if text.isascii() and text.isdigit() and len(text) < 10:
        return min(timedelta(seconds=int(text)), RETRY_AFTER_MAX)
    try:
        until = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    until = until if until.tzinfo else until.replace(tzinfo=UTC)
    return min(max(until - now, timedelta()), RETRY_AFTER_MAX)


def health(before: Health, outcomes: list[Outcome], *, now: datetime) -> Health:
    """How an endpoint fares after some attempts, in the order they ended."""
    found = before
    for one in outcomes:
        if one.arrived:
            found = Health()
        else:
            since = found.failing_since or now
            warned = found.warned_at or (now if now - since >= WARNED_AFTER else None)
            found = Health(found.failures + 1, since, warned)
    return found


def is_lost(found: Health, *, now: datetime) -> bool:
    """Whether an endpoint is to be switched off: nothing has arrived for three days."""
    return found.failing_since is not None and now - found.failing_since >= OFF_AFTER
