"""Duplicates and reorderings: whatever way reports arrive, the operation ends as the provider's order says."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import cache
from itertools import permutations
from uuid import UUID

import msgspec
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.signals.talks import Talk, all_talks, fresh
from viertakt.kinds.actions import builtin_kinds
from viertakt.kinds.model import KindName, StageName, TransitionName
from viertakt.kinds.reasons import load_catalogue
from viertakt.operations.model import Money, Operation, OperationId
from viertakt.signals import rules
from viertakt.signals.model import Reading, Signal, SignalId, SignalState, SourceName
from viertakt.signals.placing import read_item
from viertakt.signals.sources import ready_mapping

NOW = datetime(2027, 2, 1, tzinfo=UTC)
CATALOGUE = load_catalogue()
KINDS = builtin_kinds()
ready = cache(ready_mapping)  # the YAML is read once
OVERALL = OperationId(UUID(int=7))


class Desk:
    """One operation and its signals, worked on as the worker does, in memory: the same decisions, no database."""

    def __init__(self, talk: Talk) -> None:
        self.kind = KINDS[KindName(talk.kind)]
        self.mapping = ready(talk.provider)
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
        self.entries = 0

    def deliver(self, payload: object) -> None:
        """A report arrives, and the worker works until nothing is to be done."""
        self.hear(read_item(self.mapping, msgspec.json.encode(payload), 0))

    def hear(self, reading: Reading) -> None:
        """The same of what has been read."""
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
        self.entries += 1
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
            entry_seq=self.entries if after else None,
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


Report = tuple[str, Reading, datetime | None]  # its id, what was read, and the provider's time


def mixed(data: st.DataObject) -> tuple[Talk, list[Report]]:
    """Two to four reports of several conversations about one operation, in the provider's order as drawn; what says no
    time is progress before all that does."""
    talk = data.draw(st.sampled_from(all_talks()))
    kin = [one for one in all_talks() if said_alike(one) == said_alike(talk)]
    found = [reading for one in kin for reading in readings(fresh(one))]
    count = data.draw(st.integers(2, min(4, len(found))))
    drawn = data.draw(st.lists(st.sampled_from(found), min_size=count, max_size=count))
    drawn.sort(key=lambda reading: reading.at is not None)
    start = NOW - timedelta(days=3)
    return talk, [
        (f"e{n}", reading, None if reading.at is None else start + timedelta(hours=n))
        for n, reading in enumerate(drawn)
    ]


def said_alike(talk: Talk) -> tuple[str, str, tuple[str, ...]]:
    """Of conversations that are alike in this, the reports may be about one operation."""
    return talk.provider, talk.kind, talk.before


def readings(talk: Talk) -> list[Reading]:
    """What a conversation's reports say of its kind of operation."""
    mapping = ready(talk.provider)
    found = [read_item(mapping, msgspec.json.encode(payload), 0) for payload in talk.deliveries]
    return [one for one in found if any(way.kind == talk.kind for way in one.ways)]


def heard(talk: Talk, reports: Sequence[Report]) -> Desk:
    """The operation after these reports came in this order."""
    desk = Desk(talk)
    for event_id, reading, at in reports:
        desk.hear(msgspec.structs.replace(reading, event_id=event_id, at=at))
    return desk


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_what_flags_nothing_in_order_flags_nothing_in_any(data: st.DataObject) -> None:
    """Reports of several conversations mixed: none waits for a person because of the way it came, duplicates among them."""
    talk, reports = mixed(data)
    assume(not heard(talk, reports).flagged)
    arrived = data.draw(st.permutations([*reports, data.draw(st.sampled_from(reports))]))
    assert heard(talk, arrived).flagged == [], [one[0] for one in arrived]


def test_a_flag_is_taken_back_when_the_missing_report_comes() -> None:
    """A failed try that is told after the money came in contradicts it, until the chargeback between them is told."""
    talks = {
        one.name: fresh(one) for one in all_talks() if one.provider == "stripe" and one.kind == "deposit"
    }
    paid, reversed_ = readings(talks["late reversal"])[1:]
    declined = readings(talks["decline"])[1]
    days = [NOW - timedelta(days=n) for n in (9, 5, 1)]
    reports: list[Report] = [
        ("paid", paid, days[0]),
        ("reversed", reversed_, days[1]),
        ("declined", declined, days[2]),
    ]
    desk = heard(talks["decline"], [reports[0], reports[2]])
    assert (desk.stage, desk.flagged) == ("credited", ["contradicts_stage"])
    desk = heard(talks["decline"], [reports[0], reports[2], reports[1]])
    assert (desk.stage, desk.flagged) == ("reversed", [])
    assert desk.signals["declined"].state is SignalState.KNOWN


def test_a_report_that_says_no_time_is_not_taken_for_the_moment_it_came() -> None:
    """Veriff's event hooks say none: one that comes late would else stand after what it came before, and flag what follows."""
    talks = {one.name: fresh(one) for one in all_talks() if one.provider == "veriff"}
    said = {reading.type: reading for talk in talks.values() for reading in readings(talk)}
    assert said["submitted"].at is None
    reports: list[Report] = [
        ("submitted", said["submitted"], None),
        ("expired", said["expired"], NOW - timedelta(days=2)),
        ("approved", said["approved"], NOW - timedelta(days=1)),
    ]
    for order in permutations(reports):
        assert heard(talks["success"], order).flagged == [], [one[0] for one in order]
