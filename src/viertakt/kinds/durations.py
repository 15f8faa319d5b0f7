"""ISO 8601 durations of a fixed length: weeks, days, hours, minutes, seconds. Months and years have none, so they do not read."""

import re
from datetime import timedelta

DURATION_DAYS_MAX = 36_525  # a century: longer is a slip of the pen, and timedelta arithmetic stays safe
DURATION_REMEDY = (
    "Write an ISO 8601 duration such as PT2H, P14D or P2W; months and years have no fixed length."
)

_WEEKS = re.compile(r"P(?P<weeks>[0-9]{1,6})W", re.ASCII)
_DAYS_AND_TIME = re.compile(
    r"P(?:(?P<days>[0-9]{1,6})D)?"
    r"(?:T(?=[0-9])(?:(?P<hours>[0-9]{1,7})H)?(?:(?P<minutes>[0-9]{1,9})M)?(?:(?P<seconds>[0-9]{1,10})S)?)?",
    re.ASCII,
)


def parse_duration(text: str) -> timedelta | None:
    """The length of `P14D`, `PT2H30M`, `P1DT12H` or `P2W`; None where the text is no such duration or is empty or zero."""
    match = _WEEKS.fullmatch(text) or _DAYS_AND_TIME.fullmatch(text)
    if match is None:
        return None
    length = timedelta(**{unit: int(count) for unit, count in match.groupdict().items() if count is not None})
    return length if timedelta(0) < length <= timedelta(days=DURATION_DAYS_MAX) else None
