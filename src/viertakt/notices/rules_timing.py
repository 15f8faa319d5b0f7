"""When a mail goes: at once, with the hour's or the day's digest, and never in its reader's quiet hours. Pure.

    at once ──► now, or when the quiet hours end
    hourly  ──► the next full hour, or when the quiet hours end
    daily   ──► the next time that the reader's clock shows `digest_at`

All of it by the reader's own clock: a time that a clock skips in spring is the moment it skips to.
"""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from viertakt.notices.model import Pace, Setting

# Doubles from half a minute; ten tries take four hours: who would read a mail later than that has seen the inbox.
FIRST_REST = timedelta(seconds=30)
ATTEMPTS_MAX = 10
# Whoever gets more than this within the hour reads none: what comes then goes with the hour's digest.
AT_ONCE_PER_HOUR = 30


def due_at(pace: Pace, setting: Setting, now: datetime) -> datetime:
    """When a mail of this pace goes to a reader with these hours. Never asked of `off`."""
    zone = ZoneInfo(setting.zone)
    match pace:
        case Pace.DAILY:
            return _next(setting.digest_at, now, zone)
        case Pace.HOURLY:
            hour = now.astimezone(UTC).replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
            return _after_quiet(setting, hour, zone)
        case Pace.AT_ONCE:
            return _after_quiet(setting, now, zone)
    raise AssertionError("What is off never goes.")


def thinned(pace: Pace, sent: int) -> Pace:
    """The pace for somebody who was sent so many mails within the hour."""
    return Pace.HOURLY if pace is Pace.AT_ONCE and sent >= AT_ONCE_PER_HOUR else pace


def topic(pace: Pace, operation: object) -> str:
    """What a mail of this pace gathers while it waits."""
    return f"operation:{operation}" if pace is Pace.AT_ONCE else pace.value


def next_try(attempt: int, now: datetime) -> datetime | None:
    """When to try a delivery again after this attempt, or None to give up."""
    if attempt >= ATTEMPTS_MAX:
        return None
    return now + FIRST_REST * float(2 ** (attempt - 1))


def is_quiet(setting: Setting, at: datetime) -> bool:
    """Whether a moment lies in the quiet hours; those that begin in the evening end the next morning."""
    if setting.quiet_from is None or setting.quiet_until is None:
        return False
    here = at.astimezone(ZoneInfo(setting.zone))
    clock = time(here.hour, here.minute, here.second)
    if setting.quiet_from <= setting.quiet_until:
        return setting.quiet_from <= clock < setting.quiet_until
    return clock >= setting.quiet_from or clock < setting.quiet_until


def _after_quiet(setting: Setting, at: datetime, zone: ZoneInfo) -> datetime:
    if not is_quiet(setting, at):
        return at
    assert setting.quiet_until is not None, "quiet hours begin and end"
    return _next(setting.quiet_until, at, zone)


def _next(clock: time, after: datetime, zone: ZoneInfo) -> datetime:
    """The next moment at which a clock of this zone shows this time."""
    today = after.astimezone(zone).date()
    for days in range(3):
        at = datetime.combine(today + timedelta(days=days), clock, zone).astimezone(UTC)
        if at > after:
            return at
    raise AssertionError("A clock shows every time within two days.")
