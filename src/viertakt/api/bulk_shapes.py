"""From bulk jobs to what is on the wire."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Literal

from viertakt.access.grants import REVEAL
from viertakt.access.model import Actor
from viertakt.api import bulk as documents
from viertakt.api.permissions import ConsentsNeeded, Who, WhyNot
from viertakt.api.shapes import utc
from viertakt.api.tags import TagsChanged
from viertakt.api.wire import Money
from viertakt.bulk import rules
from viertakt.bulk.model import Bounds, Group, Item, Job, JobConsent, JobState, Limits, Verb
from viertakt.errors import ViertaktError
from viertakt.exchange.tables import Heading, Sheet, ValueType
from viertakt.operations.model import Need
from viertakt.operations.rules_approvals import Voice

HEADINGS = (
    ("number", ValueType.COUNT, "Number", "Nummer"),
    ("reference", ValueType.TEXT, "Reference", "Referentie"),
    ("operation_id", ValueType.TEXT, "Id", "Id"),
    ("kind", ValueType.TEXT, "Type", "Type"),
    ("result", ValueType.TEXT, "Result", "Resultaat"),
    ("code", ValueType.TEXT, "Why not", "Waarom niet"),
    ("detail", ValueType.TEXT, "Detail", "Toelichting"),
    ("settled_at", ValueType.TIME, "At", "Op"),
)


def job(
    core: Job,
    needs: Sequence[Need],
    voice: Voice | ViertaktError,
    *,
    reader: Actor,
    limits: Limits,
    names: Mapping[str, str],
) -> documents.BulkJob:
    """The job as its reader sees it. `voice`: in whose name the reader would consent, or why not; `names` of whom it assigns to."""
    objection = None if isinstance(voice, Voice) else voice
    rate = core.handled / core.worked_seconds if core.worked_seconds else None
    return documents.BulkJob(
        id=core.bulk_id,
        state=_state(core),
        verb=core.verb,
        transition=core.transition,
        assign_to=_assignee(core, names),
        tags=_tags(core),
        reason=core.reason,
        comment=_comment(core, reader),
        q=core.query,
        undoes=core.undoes,
        undone_by=core.undone_by,
        asked_by=Who(core.asked_by, core.asked_by_name),
        asked_at=utc(core.asked_at),
        total=core.total,
        affected=core.affected,
        done=core.done,
        asked=core.asked,
        skipped=core.skipped,
        failed=core.failed,
        left=core.left,
        groups=tuple(map(_group, core.preview.groups)),
        sums=_sums(core.preview.sums),
        must_confirm=rules.must_confirm(core, limits),
        countdown_seconds=_countdown(core, limits),
        bounds=_bounds(core.preview.bounds),
        needs=tuple(ConsentsNeeded(need.count, need.roles, need.given) for need in needs),
        consents=tuple(map(_consent, core.consents)),
        on_behalf_of=_behalf(voice),
        waits_until=_waits_until(core),
        starts_at=_time(core.starts_at),
        ended_at=_time(core.ended_at),
        said=core.said,
        rate=None if rate is None else round(rate, 1),
        seconds_left=_seconds_left(core, rate),
        may=rules.may_now(core, reader, consents=objection is None),
        why_not=_why_not(core, objection),
    )


def item(core: Item) -> documents.BulkItem:
    """One operation of a job."""
    return documents.BulkItem(
        n=core.n,
        operation_id=core.operation_id,
        kind=core.kind,
        reference=core.reference,
        state=core.state,
        why_not=None if core.code is None else WhyNot(core.code, core.detail or core.code),
        entry=core.entry_seq,
        settled_at=None if core.settled_at is None else utc(core.settled_at),
    )


def items_sheet(items: Sequence[Item], language: Literal["en", "nl"]) -> Sheet:
    """All of a job's items as a table to write."""
    return Sheet(
        title="Bulk",
        headings=tuple(
            Heading(name, type_, dutch if language == "nl" else english)
            for name, type_, english, dutch in HEADINGS
        ),
        rows=[
            (
                one.n,
                one.reference,
                str(one.operation_id),
                one.kind,
                one.state.value,
                one.code,
                one.detail,
                None if one.settled_at is None else one.settled_at.isoformat(),
            )
            for one in items
        ],
        language=language,
    )


def _assignee(core: Job, names: Mapping[str, str]) -> Who | None:
    to = None if core.work is None else core.work.to
    return None if to is None else Who(to, names.get(to, to.partition(":")[2]))


def _countdown(core: Job, limits: Limits) -> int:
    return int(limits.countdown.total_seconds()) if core.preview.outside else 0


def _seconds_left(core: Job, rate: float | None) -> int | None:
    at_work = core.state in (JobState.RUNNING, JobState.PAUSED)
    return round(core.left / rate) if rate and at_work else None


def _comment(core: Job, reader: Actor) -> str | None:
    return core.comment if reader.id == core.asked_by or reader.rights.to(REVEAL) else None


def _waits_until(core: Job) -> datetime | None:
    return _time(core.waits_until) if core.state is JobState.WAITING else None


def _why_not(core: Job, objection: ViertaktError | None) -> WhyNot | None:
    if objection is None or core.state is not JobState.WAITING:
        return None
    return WhyNot(rules.code_of(objection), objection.detail)


def _tags(core: Job) -> TagsChanged | None:
    return (
        None
        if core.verb is not Verb.TAG or core.work is None
        else TagsChanged(core.work.add, core.work.remove)
    )


def _bounds(core: Bounds | None) -> documents.BulkBounds | None:
    return None if core is None else documents.BulkBounds(core.operations, _sums(core.sums), core.rate)


def _behalf(voice: Voice | ViertaktError) -> Who | None:
    if not isinstance(voice, Voice) or voice.on_behalf_of is None:
        return None
    return Who(voice.whose.id, voice.whose.name)


def _time(at: datetime | None) -> datetime | None:
    return None if at is None else utc(at)


def _consent(core: JobConsent) -> documents.BulkConsent:
    whose = core.on_behalf_of
    behalf = None if whose is None else Who(whose, core.on_behalf_of_name or whose)
    return documents.BulkConsent(Who(core.actor, core.name), utc(core.at), behalf)


def _state(core: Job) -> documents.State:
    if core.state is JobState.RUNNING and core.starts_at is not None and core.starts_at > core.now:
        return "counting_down"
    return core.state.value


def _group(core: Group) -> documents.BulkGroup:
    return documents.BulkGroup(
        kind=core.kind or None,
        stage=core.stage or None,
        fate=core.fate,
        count=core.count,
        sums=_sums(core.sums),
        transition=core.transition,
        to=core.to,
        why_not=None if core.code is None else WhyNot(core.code, core.detail or core.code),
    )


def _sums(sums: Mapping[str, Decimal]) -> tuple[Money, ...]:
    return tuple(Money(value=f"{value:f}", currency=currency) for currency, value in sorted(sums.items()))
