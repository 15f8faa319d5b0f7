"""The reports there are, by name, in the order in which they are offered."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

from psycopg import Connection

from viertakt.access.model import Actor
from viertakt.errors import Forbidden, NotFound
from viertakt.language import Query
from viertakt.reports import causes, flows, hours, lengths, store, targets
from viertakt.reports.drilling import fixed
from viertakt.reports.periods import Period
from viertakt.reports.report import Asked, Build, Table

REPORTS: Mapping[str, Build] = {
    "summary": lengths.summary,
    "statuses": flows.statuses,
    "flow": flows.flow,
    "durations": lengths.durations,
    "stages": lengths.stages,
    "ageing": flows.ageing,
    "deadlines": flows.deadlines,
    "targets": targets.targets,
    "reasons": causes.reasons,
    "ways": causes.ways,
    "hours": hours.hours,
    "people": causes.people,
    "automation": causes.automation,
}

# Who works how much is for those who lead and those who check.
ROLES_OF_PEOPLE = frozenset({"admin", "payments_lead", "compliance", "auditor"})


def may_read(actor: Actor, name: str) -> bool:
    """Whether a report is for this actor."""
    return name != "people" or not ROLES_OF_PEOPLE.isdisjoint(actor.roles)


def check_may_read(actor: Actor, name: str) -> None:
    """Raises `NotFound` for a report that is none, `Forbidden` for one that is not for this actor."""
    named(name)
    if not may_read(actor, name):
        raise Forbidden(f"The report {name} is for {', '.join(sorted(ROLES_OF_PEOPLE))}.")


def build(
    conn: Connection[Any],
    name: str,
    query: Query,
    period: Period,
    *,
    include: Literal["completed", "open"] = "completed",
    now: datetime | None = None,
) -> Table:
    """A report over a period, in a transaction that began with `sources.one_snapshot`. Raises `NotFound`, `Invalid`.

    The days of the query are those of the period's zone.
    """
    moment = now or store.primary_clock(conn)
    return named(name)(conn, Asked(fixed(query, moment, period.zone), period, moment, include))


def named(name: str) -> Build:
    """The report of this name. Raises `NotFound`."""
    if name not in REPORTS:
        raise NotFound(f"There is no report {name[:40]!r}; there are {', '.join(REPORTS)}.")
    return REPORTS[name]


def definition(name: str) -> str:
    """How a report is computed, in English."""
    return " ".join((named(name).__doc__ or "").split())
