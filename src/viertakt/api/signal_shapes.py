"""From sources and signals to what is on the wire."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from viertakt.access.grants import MANAGE
from viertakt.access.model import Actor
from viertakt.api import signals as documents
from viertakt.api.permissions import WhyNot
from viertakt.api.shapes import utc
from viertakt.kinds.model import Kind
from viertakt.signals.inbox import COUNTED_MAX, REPLAYABLE, Would
from viertakt.signals.masking import Shown
from viertakt.signals.model import Name, Refused, Signal, SignalState, Source
from viertakt.signals.sources import ready_text

WHY: Mapping[str, str] = {
    "no_operation": "There is no operation of these names yet; it is looked for until there is.",
    "too_early": "It tells what comes later than the stage its operation stands in; it waits for what comes before.",
    "out_of_order": "It came after later reports, and in the provider's own order they contradict each other.",
    "order_differs": "Its operation stands elsewhere because reports came in another order; in the provider's it contradicts none.",
    "contradicts_stage": "Its operation has ended otherwise.",
    "amount_differs": "Its amount is not the operation's.",
    "reason_missing": "Its transition asks for a reason, and neither its code nor the mapping names one of those.",
    "unmapped_code": "The reason catalogue does not know its code for this kind.",
    "erased": "Its payload was erased before its operation was there.",
    "unreadable": "The mapping cannot read it.",
    "no_rule": "The mapping has no rule for such a report.",
    "signature_missing": "There was no signature where the provider puts one.",
    "signature_wrong": "The signature was not of this body by any of the source's secrets.",
    "too_old": "It was signed more than five minutes ago.",
    "from_the_future": "It was signed more than five minutes ahead of our clock.",
    "no_secret": "The source has no secret yet.",
}


def source(core: Source) -> documents.Source:
    """The source without its secrets."""
    return documents.Source(
        name=core.name,
        scheme=core.scheme,
        options=core.options,
        active=core.active,
        ready=core.ready,
        mapping=core.document if core.document is not None else ready_text(core.ready or ""),
        secrets=tuple(
            documents.SourceSecret(one.id, utc(one.added_at), one.added_by) for one in core.secrets
        ),
        path=f"/v1/signals/{core.name}",
        changed_at=utc(core.changed_at),
        changed_by=core.changed_by,
    )


def signal(core: Signal, *, reader: Actor) -> documents.Signal:
    """The signal as its reader sees it."""
    return documents.Signal(**_fields(core, reader))


def detail(core: Signal, shown: Shown, *, reader: Actor, revealable: bool) -> documents.SignalDetail:
    """The same with its payload."""
    erased = core.erased_at is not None
    return documents.SignalDetail(
        **_fields(core, reader),
        payload=shown.text,
        masked=shown.masked,
        erased=_erased(core),
        revealable=revealable and not erased,
        may_erase=bool(reader.rights.to(MANAGE)) and not erased,
    )


def _erased(core: Signal) -> documents.ErasedPayload | None:
    if core.erased_at is None or core.erased_by is None:
        return None
    return documents.ErasedPayload(utc(core.erased_at), core.erased_by, core.erased_why)


def counts(
    states: Mapping[SignalState, int], refused: Sequence[Refused], sources: Iterable[Source]
) -> documents.SignalCounts:
    """What the inbox holds."""
    return documents.SignalCounts(
        states=tuple(
            documents.SignalCount(state, count, capped=count >= COUNTED_MAX)
            for state, count in states.items()
        ),
        refused=tuple(
            documents.RefusedDeliveries(one.source, one.on, _why(one.why), one.count, utc(one.last_at))
            for one in refused
        ),
        sources=tuple(one.name for one in sources),
    )


def tried(core: Would, kind: Kind | None) -> documents.Tried:
    """What one report of a tried payload would do."""
    reading, step, way = core.reading, core.step, core.way
    operation = core.operation
    state, code = _would_be(core)
    to = kind.transitions[step.transition].to if kind and step and step.transition else None
    ways = (way,) if way else reading.ways
    return documents.Tried(
        event_id=reading.event_id,
        at=utc(reading.at) if reading.at else None,
        type=reading.type,
        state=state,
        names=_names(tuple(dict.fromkeys(name for one in ways for name in one.names))),
        operation=documents.SignalOperation(operation.id, operation.kind, operation.reference)
        if operation
        else None,
        stage=operation.stage if operation else None,
        transition=step.transition if step else None,
        to=to,
        reason=step.reason if step else None,
        why=WhyNot(code, reading.trouble or WHY.get(code, code)) if code else None,
    )


def _would_be(core: Would) -> tuple[SignalState, str | None]:
    reading = core.reading
    if reading.ignored:
        return SignalState.IGNORED, None
    if not reading.ways:
        return SignalState.UNMAPPED, "unreadable" if reading.trouble else "no_rule"
    if core.operation is None:
        return SignalState.PARKED, "no_operation"
    if core.step is None:
        return SignalState.PARKED, "too_early"
    return core.step.state, core.step.code


def _fields(core: Signal, reader: Actor) -> dict[str, Any]:
    operation = None
    if core.operation_id is not None and core.kind is not None and core.reference is not None:
        operation = documents.SignalOperation(core.operation_id, core.kind, core.reference)
    return {
        "id": core.id,
        "source": core.source,
        "event_id": core.event_id,
        "state": core.state,
        "type": core.type,
        "at": utc(core.at),
        "received_at": utc(core.received_at),
        "deliveries": core.deliveries,
        "operation": operation,
        "names": _names(core.names),
        "why": _why(core.code, core.detail) if core.code else None,
        "transition": core.transition,
        "from_stage": core.from_stage,
        "to_stage": core.to_stage,
        "entry": core.entry_seq,
        "settled_at": utc(core.settled_at) if core.settled_at else None,
        "may_replay": bool(reader.rights.to(MANAGE)) and core.state in REPLAYABLE and core.erased_at is None,
    }


def _why(code: str, words: str | None = None) -> WhyNot:
    return WhyNot(code, words or WHY.get(code, code))


def _names(names: Iterable[Name]) -> tuple[documents.SignalName, ...]:
    return tuple(documents.SignalName(scheme, value) for scheme, value in names)
