"""Duplicates and reorderings: whatever way reports arrive, the operation ends as the provider's order says."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import permutations
from uuid import UUID

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.signals.talks import Talk, all_talks, fresh
from viertakt.kinds.actions import builtin_kinds
from viertakt.kinds.model import KindName, StageName, TransitionName
from viertakt.kinds.reasons import load_catalogue
from viertakt.operations.model import Money, Operation, OperationId
from viertakt.signals import rules
from viertakt.signals.model import Signal, SignalId, SignalState, SourceName
from viertakt.signals.placing import read_item
from viertakt.signals.sources import ready_mapping

NOW = datetime(2027, 2, 1, tzinfo=UTC)
CATALOGUE = load_catalogue()
OVERALL = OperationId(UUID(int=7))


class Desk:
    """One operation and its signals, worked on as the worker does, in memory: the same decisions, no database."""

    def __init__(self, talk: Talk) -> None:
        self.kind = builtin_kinds()[KindName(talk.kind)]
        self.mapping = ready_mapping(talk.provider)
        stage = self.kind.start
        for transition in talk.before:
            stage = self.kind.transitions[TransitionName(transition)].to
        amount = None if talk.amount is None else Money(Decimal(talk.amount), "EUR")
        self.operation = Operation(
            id=OVERALL,
            kind=self.kind.kind,
            kind_version=1,
            reference=talk.reference,
            stage=stage,
            status=self.kind.stages[stage].status,
            version=1,
            created_at=NOW,
            entered_at=NOW,
            changed_at=NOW,
            amount=amount,
        )
        self.signals: dict[str, Signal] = {}

    def deliver(self, payload: object) -> None:
        """A report arrives, and the worker works until nothing is to be done."""
        reading = read_item(self.mapping, msgspec.json.encode(payload), 0)
        assert reading.event_id is not None
        if reading.event_id in self.signals:
            return
        n = len(self.signals) + 1
        received = NOW + timedelta(seconds=n)
        self.signals[reading.event_id] = Signal(
            id=SignalId(UUID(int=n)),
            source=SourceName("provider"),
            event_id=reading.event_id,
            state=SignalState.RECEIVED,
            at=reading.at or received,
            received_at=received,
            reading=reading,
            way=next(way for way in reading.ways if way.kind == self.kind.kind),
        )
        while step := self._next():
            self._settle(step)

    def _next(self) -> rules.Step | None:
        signals = list(self.signals.values())
        return rules.next_step(self.kind, self.operation, signals, catalogue=CATALOGUE, now=NOW)

    def _settle(self, step: rules.Step) -> None:
        before, after = self.operation.stage, None
        if step.transition is not None:
            after = self.kind.transitions[step.transition].to
            self.operation = msgspec.structs.replace(
                self.operation, stage=after, status=self.kind.stages[after].status
            )
        self.signals[step.signal.event_id] = msgspec.structs.replace(
            step.signal,
            state=step.state,
            from_stage=before if after else None,
            to_stage=after,
            code=step.code,
        )

    @property
    def stage(self) -> StageName:
        return self.operation.stage

    @property
    def flagged(self) -> list[str | None]:
        return [one.code for one in self.signals.values() if one.state is SignalState.CONTRADICTING]


def told(talk: Talk, deliveries: Sequence[object]) -> Desk:
    desk = Desk(talk)
    for payload in deliveries:
        desk.deliver(payload)
    return desk


@pytest.mark.parametrize("talk", all_talks(), ids=lambda talk: f"{talk.provider}: {talk.name}")
def test_every_order_of_a_conversation_ends_alike(talk: Talk) -> None:
    """All permutations of what each provider says: none is flagged, none ends elsewhere, nothing waits for ever."""
    talk = fresh(talk)
    expected = told(talk, talk.deliveries).stage
    for order in permutations(talk.deliveries):
        desk = told(talk, order)
        assert (desk.stage, desk.flagged) == (expected, []), [one["type"] for one in order if "type" in one]
        assert not [one for one in desk.signals.values() if one.state in rules.WAITS]


@settings(max_examples=30)
@given(data=st.data())
def test_duplicates_among_them_change_nothing(data: st.DataObject) -> None:
    """Each report up to three times, in any order."""
    talk = fresh(data.draw(st.sampled_from(all_talks())))
    expected = told(talk, talk.deliveries).stage
    repeated = [payload for payload in talk.deliveries for _ in range(data.draw(st.integers(1, 3)))]
    desk = told(talk, data.draw(st.permutations(repeated)))
    assert (desk.stage, desk.flagged) == (expected, [])
