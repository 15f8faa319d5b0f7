"""The time zone in which a day begins, from its name."""

from datetime import UTC, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from viertakt.errors import Invalid

UTC_ZONE: tzinfo = UTC


def zone_named(name: str) -> tzinfo:
    """The zone with this IANA name, such as Europe/Amsterdam. Raises `Invalid`."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        # ValueError: a name that would leave the folder of zones, or holds a NUL.
        raise Invalid(
            f"There is no time zone {name[:64]!r}; zones have names like Europe/Amsterdam."
        ) from None
