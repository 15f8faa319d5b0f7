"""When a time limit ends: the earliest or latest of some moments, and a calendar's hours. No database."""

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from viertakt.kinds.actions import builtin_kinds
from viertakt.kinds.calendars import Calendar, working_seconds
from viertakt.kinds.model import Attribute, AttributeType, KindName, Limit, PublishedKind, StageName
from viertakt.kinds.moments import deadline_of, reads

ENTERED = datetime(2026, 11, 2, 10, tzinfo=UTC)  # a Monday
STAGE = StageName("requested")
OFFICE = Calendar(
    "office", "Europe/Amsterdam", dict.fromkeys(("monday", "tuesday", "friday"), ("09:00-17:00",))
)


def limited(limit: Limit, **more: Any) -> PublishedKind:
    """The built-in booking with another limit where it waits for the host."""
    kind = builtin_kinds()[KindName("booking")]
    stage = msgspec.structs.replace(kind.stages[STAGE], limit=limit)
    attributes = kind.attributes | {"until": Attribute(AttributeType.DATE)}
    changed = msgspec.structs.replace(kind, stages=kind.stages | {STAGE: stage}, attributes=attributes)
    return PublishedKind(changed, 1, **more)


def ends(at: str, attributes: dict[str, Any], **more: Any) -> str | None:
    """When the limit ends, as text."""
    found = deadline_of(
        limited(Limit(transition="expire", at=at), **more),  # type: ignore[arg-type]
        STAGE,
        entered=ENTERED,
        attributes=attributes,
    )
    return found.astimezone(UTC).isoformat() if found else None


STAY = {"starts_at": "2026-11-05T12:00:00Z", "ends_at": "2026-11-07T10:00:00+01:00"}
EXPRESSION = "min(entered+P6D, attributes.starts_at+P1D, attributes.ends_at)"


@pytest.mark.parametrize(
    ("at", "attributes", "expected"),
    [
        (EXPRESSION, STAY, "2026-11-06T12:00:00+00:00"),
        (EXPRESSION, STAY | {"starts_at": None}, "2026-11-07T09:00:00+00:00"),
        (EXPRESSION, {}, "2026-11-08T10:00:00+00:00"),
        ("max(entered+P6D, attributes.ends_at)", STAY, "2026-11-08T10:00:00+00:00"),
        ("attributes.starts_at-PT12H", STAY, "2026-11-05T00:00:00+00:00"),
        ("attributes.starts_at", {}, None),
        # A day is over at its midnight in the organisation's zone.
        ("attributes.until", {"until": "2026-11-05"}, "2026-11-05T23:00:00+00:00"),
        # Beyond the years that a clock knows it never comes; it must not break the move either.
        ("attributes.until", {"until": "9999-12-31"}, None),
        ("attributes.ends_at+P1D", {"ends_at": "9999-12-31T23:00:00Z"}, None),
        ("min(entered+P1D, attributes.until)", {"until": "9999-12-31"}, "2026-11-03T10:00:00+00:00"),
    ],
)
def test_an_expression_ends_when_it_says(at: str, attributes: dict[str, Any], expected: str | None) -> None:
    """What an operation has no date for is left out; it must not stand in the way of what it has."""
    assert ends(at, attributes, zone="Europe/Amsterdam") == expected


@given(hours=st.integers(1, 200), minutes=st.integers(0, 7 * 24 * 60))
def test_working_hours_are_as_many_as_were_given(hours: int, minutes: int) -> None:
    """Whenever it begins: so much has counted when it ends, and no less a moment before."""
    published = limited(
        Limit(transition="expire", after=f"PT{hours}H", working=True),  # type: ignore[arg-type]
        calendar=OFFICE,
    )
    entered = ENTERED + timedelta(minutes=minutes)
    end = deadline_of(published, STAGE, entered=entered, attributes={})
    assert end is not None
    assert working_seconds(entered, end, OFFICE) == hours * 3600
    assert working_seconds(entered, end - timedelta(seconds=1), OFFICE) == hours * 3600 - 1


def test_a_limit_says_what_it_goes_by() -> None:
    """An amendment of anything else leaves the deadline where it was."""
    assert reads(Limit(transition="expire", at=EXPRESSION)) == {"starts_at", "ends_at"}  # type: ignore[arg-type]
    assert reads(Limit(transition="expire", after="P1D")) == set()  # type: ignore[arg-type]
