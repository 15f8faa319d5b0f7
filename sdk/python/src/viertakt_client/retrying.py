"""Whether and when a call is made again: a pure decision over what came back.

Reads may always be made again. A write too: its request key makes it happen once, whatever was lost on the way.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus

import msgspec

# Refusals that may be answered otherwise a moment later. 425 and 502 to 504 also come from proxies.
PASSING = frozenset({425, HTTPStatus.TOO_MANY_REQUESTS, 502, 503, 504})
FIRST_WAIT_SECONDS, LONGEST_WAIT_SECONDS = 0.2, 5.0


class Retrying(msgspec.Struct, frozen=True):
    """How long to insist: at most so many tries, and never a wait that would end later than so many seconds from now.

    Six tries of the waits below take about six seconds: a server that is started anew is back by then.
    """

    tries_max: int = 6
    wait_seconds_max: float = 30.0


def may_pass(status: int, code: str | None) -> bool:
    """Whether this refusal may pass by itself: the server is busy, away, or others were quicker."""
    return status in PASSING or code == "lost_race"


def wait_before(
    tries: int, retrying: Retrying, *, chance: float, retry_after: float | None = None
) -> float | None:
    """Seconds to wait before trying again after so many tries, or None to give up.

    Doubles, with chance (0 to 1) spreading callers who failed together; never earlier than the server asks for.
    """
    if tries >= retrying.tries_max:
        return None
    doubled = min(FIRST_WAIT_SECONDS * 2.0 ** (tries - 1), LONGEST_WAIT_SECONDS)
    wait = max(doubled * (0.5 + chance / 2), retry_after or 0.0)
    return wait if wait <= retrying.wait_seconds_max else None


def retry_after(headers: Mapping[str, str], now: datetime) -> float | None:
    """What Retry-After asks for, in seconds: it is a number of them, or a date (RFC 9110)."""
    given = headers.get("retry-after", "").strip()
    if given.isascii() and given.isdecimal():
        return float(given[:9])
    try:
        moment = parsedate_to_datetime(given)
    except ValueError:
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max((moment - now).total_seconds(), 0.0)
