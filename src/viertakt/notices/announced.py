"""What is told of alerts and incidents beside the journal, as it stood at a step, and who may see it."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import msgspec
from psycopg import Connection

from viertakt import language
from viertakt.access.model import Actor
from viertakt.access.rules import may_manage, visible
from viertakt.errors import InvalidQuery
from viertakt.kinds.actions import Kinds
from viertakt.language import Profile
from viertakt.operations import holding
from viertakt.operations.reading import sees_new

_kinds = Kinds()  # remembers fields while nothing is published

Step = Literal["opened", "worse", "unseen", "closed"]


class ToldProvider(msgspec.Struct, frozen=True):
    """Of whose operations alone it is: the attribute in which they say so, and its value."""

    attribute: str
    value: str


class AlertTold(msgspec.Struct, frozen=True, tag="alert"):
    """An alert as it stood at a step. `at`: when it opened; `q`: the operations behind it; `limit`: whether a limit was passed."""

    id: UUID
    step: Step
    at: datetime
    kind: str
    brand: str | None
    measure: str
    direction: str
    value: float
    usual: float
    window_minutes: int
    limit: bool
    q: str
    stage: str | None = None
    provider: ToldProvider | None = None
    closed_at: datetime | None = None

    @property
    def topic(self) -> str:
        """Which step of which alert; nobody is told of one twice."""
        return f"alert:{self.id}:{self.step}"

    @property
    def type(self) -> str:
        """As which event a program hears of it."""
        return f"alert.{self.step}"


class IncidentTold(msgspec.Struct, frozen=True, tag="incident"):
    """An incident as it was opened. `paused`: whether its operations wait; `since`: what ended since then concerns it too."""

    id: UUID
    at: datetime
    title: str
    q: str
    paused: bool
    since: datetime
    by: str

    @property
    def topic(self) -> str:
        """Which incident; nobody is told of one twice."""
        return f"incident:{self.id}"

    @property
    def type(self) -> str:
        """As which event a program hears of it."""
        return "incident.opened"


Announced = AlertTold | IncidentTold

TOPICS = ("alert:", "incident:")


def may_see(conn: Connection[Any], reader: Actor, told: Announced) -> bool:
    """Whether what is told is there for the reader: an alert by what it is of, an incident by an operation that it concerns.

    Who manages sees every incident, also one that concerns nothing yet.
    """
    if isinstance(told, AlertTold):
        provider = {} if told.provider is None else {told.provider.attribute: told.provider.value}
        return sees_new(reader, kind=told.kind, brand=told.brand, stage=told.stage, attributes=provider)
    if may_manage(reader):
        return True
    try:
        query = language.parse(told.q, fields=_kinds.search_fields(conn), profile=Profile.ROW)
    except InvalidQuery:
        return False
    return holding.concerns(conn, language.within(query, visible(reader)), since=told.since)
