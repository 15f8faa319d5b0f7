"""What a case of an event log comes to: an operation and its moves, or the reason why not. Pure.

A case is taken whole or not at all. What the log says is not mended: a time that is missing is not made up, a way the
kind does not permit is not bent into one it does.
"""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from fnmatch import fnmatchcase
from typing import Any
from uuid import NAMESPACE_URL, uuid5
from zoneinfo import ZoneInfo

from viertakt.access.model import Actor, ActorId
from viertakt.errors import Invalid
from viertakt.exchange.model import NAME, TIME, Case, Event, LogMap, Plan, Step
from viertakt.kinds.model import Attribute, AttributeType, Kind, StageName, TransitionName
from viertakt.operations.model import Money

IMPORT_ROLES = frozenset({"import"})
NAME_CHARS_MAX = 200
_INTEGER = re.compile(r"[-+]?[0-9]{1,16}", re.ASCII)
SYSTEM = "system:"
IMPORTER = Actor(id=ActorId("system:import"), name="import", roles=IMPORT_ROLES)


class NoStages(Invalid):
    """The case has no event that is a stage."""

    code = "no_stages"


class Planner:
    """Plans cases by one map and kind, and counts on the way what the map does not take."""

    def __init__(self, log_map: LogMap, kind: Kind) -> None:
        self._map = log_map
        self._kind = kind
        self._zone = ZoneInfo(log_map.zone)
        self._stages: dict[str, StageName | None] = dict(log_map.events.stages)
        self._ways: dict[tuple[StageName, StageName], TransitionName] = {}
        for name, transition in kind.transitions.items():
            for stage in transition.from_:
                self._ways.setdefault((stage, transition.to), name)
        self._actors: dict[str, Actor] = {}
        self.unmapped: Counter[str] = Counter()
        self.ignored = 0
        self.out_of_order = 0
        self.zero_amounts = 0

    def plan(self, case: Case) -> Plan:
        """The operation and its moves. Raises Invalid with the reason, and NoStages where the case has none."""
        reference = case.attributes.get(self._map.case.reference)
        if not reference:
            raise Invalid(f"It has no '{self._map.case.reference}', which would be its reference.")
        events = [(stage, event) for event in case.events if (stage := self._stage_of(event)) is not None]
        if not events:
            raise NoStages("None of its events is a stage.")
        subject = self._map.case.subject
        return Plan(
            reference=reference,
            steps=self._steps(events, case),
            subject=case.attributes.get(subject) if subject else None,
            amount=self._amount(case),
            attributes=self._attributes(case),
        )

    def name_of(self, case: Case) -> str:
        """What to call a case in a report: its reference, or its place in the file."""
        return case.attributes.get(self._map.case.reference) or f"number {case.number}"

    def _stage_of(self, event: Event) -> StageName | None:
        """The stage an event stands for; None, and counted, where it stands for none."""
        name = event.name or ""
        if name not in self._stages:
            if any(fnmatchcase(name, pattern) for pattern in self._map.events.ignore):
                self._stages[name] = None
            else:
                self.unmapped[name] += 1
                return None
        stage = self._stages[name]
        lifecycles = self._map.events.lifecycles
        if stage is None or (lifecycles and event.lifecycle not in lifecycles):
            self.ignored += 1
            return None
        return stage

    def _steps(self, events: list[tuple[StageName, Event]], case: Case) -> tuple[Step, ...]:
        steps: list[Step] = []
        backwards = 0
        for stage, event in (*events, *self._end(case)):
            transition = self._way(steps[-1].stage if steps else None, stage, event)
            step = Step(
                stage=stage, at=self._at(event), actor=self._actor(event.resource), transition=transition
            )
            backwards += bool(steps) and step.at < steps[-1].at
            steps.append(step)
        self.out_of_order += backwards
        return tuple(steps)

    def _end(self, case: Case) -> Iterator[tuple[StageName, Event]]:
        """The end that the case itself tells, as if it were its last event; none where it is still open."""
        end = self._map.case.end
        if end is not None and end.attribute in case.attributes:
            yield end.stage, Event({NAME: end.attribute, TIME: case.attributes[end.attribute]})

    def _way(self, here: StageName | None, there: StageName, event: Event) -> TransitionName | None:
        """The transition between two stages; None leads to the start."""
        start = self._kind.start
        if here is None:
            if there != start:
                raise Invalid(
                    f"It begins with '{event.name}', which is '{there}'; every {self._kind.kind} begins in '{start}'."
                )
            return None
        way = self._ways.get((here, there))
        if way is None:
            raise Invalid(
                f"'{event.name}' leads from '{here}' to '{there}', and the kind has no such transition."
            )
        return way

    def _at(self, event: Event) -> datetime:
        if event.timestamp is None:
            raise Invalid(f"Its event '{event.name}' has no time.")
        return self._moment(event.timestamp, f"event '{event.name}'")

    def _moment(self, text: str, what: str) -> datetime:
        try:
            moment = datetime.fromisoformat(text.strip())
            return (moment if moment.tzinfo else moment.replace(tzinfo=self._zone)).astimezone(UTC)
        except (ValueError, OverflowError):
            raise Invalid(f"The time of its {what} does not read: {text[:50]!r}.") from None

    def _actor(self, resource: str | None) -> Actor:
        """Who did it: a person of the log for every resource, unless the map names a system; nobody is the import."""
        if not resource:
            return IMPORTER
        if resource not in self._actors:
            self._actors[resource] = self._new_actor(resource)
        return self._actors[resource]

    def _new_actor(self, resource: str) -> Actor:
        said = self._map.actors.get(resource, resource)
        # Names are for people to read: what cannot be printed becomes a question mark, an endless one is cut.
        name = "".join(char if char.isprintable() else "?" for char in said).strip()[:NAME_CHARS_MAX] or "?"
        if said.startswith(SYSTEM):
            return Actor(id=ActorId(name), name=name.removeprefix(SYSTEM), roles=IMPORT_ROLES)
        # The same resource of the same kind's logs is the same person, in every run.
        person = uuid5(NAMESPACE_URL, f"viertakt:import:{self._kind.kind}:{resource}")
        return Actor(id=ActorId(f"person:{person}"), name=name, roles=IMPORT_ROLES)

    def _amount(self, case: Case) -> Money | None:
        wanted = self._map.case.amount
        text = case.attributes.get(wanted.attribute) if wanted else None
        if wanted is None or text is None:
            return None
        try:
            value = Decimal(text.strip())
        except InvalidOperation:
            value = Decimal("NaN")
        if not value.is_finite():
            raise Invalid(f"Its amount '{wanted.attribute}' does not read: {text[:50]!r}.")
        if value == 0:
            # An operation's amount is positive; a log writes 0 where there is none.
            self.zero_amounts += 1
            return None
        return Money(value=value, currency=wanted.currency)

    def _attributes(self, case: Case) -> dict[str, Any]:
        return {
            name: self._value(self._kind.attributes[name], case.attributes[written], written)
            for name, written in self._map.case.attributes.items()
            if written in case.attributes
        }

    def _value(self, attribute: Attribute, text: str, written: str) -> Any:
        match attribute.type:
            case AttributeType.STRING | AttributeType.DECIMAL:
                return text
            case AttributeType.BOOLEAN if text.lower() in {"true", "false"}:
                return text.lower() == "true"
            case AttributeType.INTEGER if _INTEGER.fullmatch(text):
                return int(text)
            case AttributeType.DATE:
                return self._moment(text, f"attribute '{written}'").astimezone(self._zone).date().isoformat()
            case AttributeType.DATETIME:
                return self._moment(text, f"attribute '{written}'").isoformat()
            case _:
                raise Invalid(f"Its attribute '{written}' is no {attribute.type}: {text[:50]!r}.")
