"""The nouns of an import: a case of an event log, the map that reads it, what a case comes to, and the final report."""

from datetime import datetime
from typing import Any

import msgspec

from viertakt.access.model import Actor
from viertakt.kinds.model import Kind, StageName, TransitionName
from viertakt.operations.model import Money

NAME = "concept:name"
LIFECYCLE = "lifecycle:transition"
TIME = "time:timestamp"
RESOURCE = "org:resource"
REFUSED_SHOWN_MAX = 100


class Event(msgspec.Struct, frozen=True):
    """One line of a case: every attribute as it is written; the four that XES gives a meaning by name."""

    attributes: dict[str, str]

    @property
    def name(self) -> str | None:
        return self.attributes.get(NAME)

    @property
    def lifecycle(self) -> str | None:
        return self.attributes.get(LIFECYCLE)

    @property
    def timestamp(self) -> str | None:
        return self.attributes.get(TIME)

    @property
    def resource(self) -> str | None:
        return self.attributes.get(RESOURCE)


class Case(msgspec.Struct, frozen=True):
    """A trace: its own attributes and its events in the order of the file. `number` counts from 1."""

    number: int
    attributes: dict[str, str]
    events: list[Event]


class AmountMap(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which case attribute is the amount, and its currency: a log seldom says."""

    attribute: str
    currency: str


class EndMap(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The date of a case that is its end, and the stage it comes to then: after its last event, whenever that was."""

    attribute: str
    stage: StageName


class CaseMap(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How a case becomes an operation. `attributes`: the kind's attribute → the log's. `end`: where no event says so."""

    reference: str = NAME
    subject: str | None = None
    amount: AmountMap | None = None
    attributes: dict[str, str] = {}
    end: EndMap | None = None


class EventMap(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which events are stages. `lifecycles`: only these count. `ignore`: names, `*` for any text, that are no stages and mean to."""

    stages: dict[str, StageName]
    lifecycles: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()


class LogMap(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A map as it is written. The kind stands in it or, beside the map, in `kind_file`.

    `actors`: a resource of the log → `system:name`, or the name of the person it stands for; any other resource becomes
    a person of that name. `zone`: where a time without an offset was written down.
    """

    events: EventMap
    kind: Kind | None = None
    kind_file: str | None = None
    case: CaseMap = CaseMap()
    actors: dict[str, str] = {}
    zone: str = "UTC"


class Step(msgspec.Struct, frozen=True):
    """A stage that a case came to. The first opens the operation and has no transition."""

    stage: StageName
    at: datetime
    actor: Actor
    transition: TransitionName | None = None


class Plan(msgspec.Struct, frozen=True):
    """What a case comes to: an operation with its moves, in the file's order."""

    reference: str
    steps: tuple[Step, ...]
    subject: str | None = None
    amount: Money | None = None
    attributes: dict[str, Any] = {}


class RefusedCase(msgspec.Struct, frozen=True):
    """A case, by its reference or its number in the file, and the sentence that says why nothing came of it."""

    case: str
    detail: str


class Report(msgspec.Struct):
    """What an import came to, counted while it runs.

    `already_there`: cases that were here with all their moves. `unmapped`: events by name that the map does not know.
    `ignored`: events the map leaves out. `out_of_order`: events earlier than the one before them; they keep the file's
    order and their own time. `refused` shows the first hundred of `refused_count`. `stopped_by`: why the file could not
    be read to its end.
    """

    kind: str
    kind_version: int
    cases: int = 0
    opened: int = 0
    moves: int = 0
    already_there: int = 0
    without_stages: int = 0
    people: int = 0
    ignored: int = 0
    out_of_order: int = 0
    zero_amounts: int = 0
    unmapped: dict[str, int] = msgspec.field(default_factory=dict)
    refused_count: int = 0
    refused: list[RefusedCase] = msgspec.field(default_factory=list)
    stopped_by: str | None = None
    seconds: float = 0.0

    def refuse(self, case: str, detail: str) -> None:
        """Count a refused case, and keep its sentence while there is room."""
        self.refused_count += 1
        if len(self.refused) < REFUSED_SHOWN_MAX:
            self.refused.append(RefusedCase(case, detail))
