"""From the core's nouns to what is on the wire."""

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Literal

from viertakt.access.grants import Grant
from viertakt.access.model import Actor
from viertakt.access.rules import may, may_reveal
from viertakt.api import permissions, replies, wire, work
from viertakt.kinds.model import PublishedKind
from viertakt.operations.approvals import Seen
from viertakt.operations.currencies import CURRENCY_DIGITS
from viertakt.operations.hiding import entry_shown, hidden_in, open_only
from viertakt.operations.holding import goes_out
from viertakt.operations.model import Assignment, Available, Entry, Money, Operation
from viertakt.operations.reading import about

MINOR_DIGITS = 2  # of a currency the table does not know, which only an import can bring


def operation(core: Operation, published: PublishedKind) -> replies.Operation:
    """The operation on the wire; personal attributes are never here."""
    return replies.Operation(**_operation_fields(core, published))


def at_work(core: Operation, published: PublishedKind) -> replies.OperationAtWork:
    """The same with who works on it."""
    return replies.OperationAtWork(**_operation_fields(core, published), assignment=_work_on(core))


def assignment(core: Assignment) -> work.Assignment:
    """Who works on an operation. This machine's clock will do to tell: who may is judged by the primary's."""
    holder = core.holder(datetime.now(UTC))
    return work.Assignment(
        assignee=None if core.assignee is None else _who(core.assignee, core.names),
        claimed_by=None if holder is None else _who(holder, core.names),
        lease_until=utc(core.lease_until) if holder and core.lease_until else None,
        snoozed_until=utc(core.snoozed_until) if core.snoozed_until else None,
        priority=work.PRIORITIES[core.priority + 1],
    )


def acts_open_to(reader: Actor, core: Operation) -> tuple[Literal["assign", "note"], ...]:
    """What beside transitions a reader's grants let them do here, so that no button lies."""
    acts: tuple[Literal["assign", "note"], ...] = ("assign", "note")
    return tuple(act for act in acts if isinstance(may(reader, act, core), Grant))


def _work_on(core: Operation) -> work.Assignment | None:
    return None if core.assignment is None else assignment(core.assignment)


def operation_detail(
    core: Operation,
    published: PublishedKind,
    *,
    aliases: Mapping[str, str],
    masked: Collection[str],
    revealable: bool,
    available: Sequence[Available],
    reader: Actor,
    approvals: Sequence[permissions.Approval],
    held: permissions.HeldUp | None,
) -> replies.OperationDetail:
    """The operation with everything that is told of one alone; of personal attributes only the names (`masked`).

    `held`: the hold that lies on it, which also says of what has ended what would wait.
    """
    fields = _operation_fields(core, published)
    hidden = published.hidden.intersection(core.attributes).union(masked)
    own = {
        scheme: value for scheme, value in aliases.items() if not scheme.startswith(("kind:", "key:"))
    }  # the reference and request keys are kept as aliases too
    return replies.OperationDetail(
        **fields,
        assignment=_work_on(core),
        aliases=own,
        available=tuple(
            _available(one, held if goes_out(published.kind, core, one.to) else None) for one in available
        ),
        may=acts_open_to(reader, core),
        masked=tuple(sorted(hidden)),
        revealable=revealable and bool(hidden),
        approvals=tuple(approvals),
        held=held if core.closed_at is None else None,
    )


def entry(
    core: Entry,
    names: Mapping[str, str],
    *,
    personal: bool,
    own: bool = False,
    hidden: frozenset[str] = frozenset(),
) -> replies.Entry:
    """The entry on the wire. The comment only where the caller may see it; of personal values only what they are (`masked`).

    `own`: the answer to who has just sent those very values. `hidden`: as in `PublishedKind`.
    """
    data = dict((core if own else entry_shown(core, hidden)).data or {})
    refusal = data.pop("refusal", None)
    private = core.personal or {}
    if own and private:
        data |= revealed(core)
    return replies.Entry(
        operation_id=core.operation_id,
        seq=core.seq,
        version=core.version,
        sort=core.sort,
        transition=core.transition,
        from_=_place(core.from_stage, core.from_status),
        to=_place(core.to_stage, core.to_status),
        actor=_who(core.actor, names),
        granted_by=core.granted_by,
        cause=core.cause,
        reason=core.reason,
        comment=private.get("comment") if personal or own else None,
        data=data or None,
        about=tuple(_who(actor, names) for actor in about(core)),
        masked=() if own else masked(core, hidden),
        refusal=permissions.WhyNot(str(refusal.get("code")), str(refusal.get("detail"))) if refusal else None,
        request_id=core.request_id,
        at=utc(core.at),
        recorded_at=utc(core.recorded_at),
    )


def masked(core: Entry, hidden: frozenset[str] = frozenset()) -> tuple[str, ...]:
    """The personal values that belong to an entry: attributes by name, and `data` for what its kind does not declare."""
    names = {
        name.removeprefix("attributes.")
        for name in core.commitments or {}
        if name == "data" or name.startswith("attributes.")
    }
    return tuple(sorted(names | hidden_in(core, hidden)))


def revealed(core: Entry) -> dict[str, Any]:
    """The data of an entry with its personal values, as far as they have not been erased."""
    private = core.personal or {}
    told: dict[str, Any] = {name: value for name, value in (core.data or {}).items() if name != "refusal"}
    told |= private.get("data") or {}
    attributes = {
        name.removeprefix("attributes."): value
        for name, value in private.items()
        if name.startswith("attributes.")
    }
    return told | ({"attributes": {**told.get("attributes", {}), **attributes}} if attributes else {})


def approval(seen: Seen, *, personal: bool) -> permissions.Approval:
    """An approval on the wire. What was said when it was asked for only where the caller may see it."""
    core = seen.approval
    why_not = seen.objection
    return permissions.Approval(
        approval=core.asked_seq,
        operation_id=core.operation_id,
        version=core.version,
        transition=core.transition,
        state=seen.state,
        asked_by=_who(core.asked_by, seen.names),
        asked_at=utc(core.asked_at),
        reason=core.reason,
        comment=seen.comment if personal else None,
        needed=tuple(permissions.ConsentsNeeded(need.count, need.roles, need.given) for need in seen.needs),
        missing=tuple(
            permissions.ConsentsMissing(need.missing, need.roles) for need in seen.needs if need.missing
        ),
        consents=tuple(
            permissions.ConsentGiven(
                _who(consent.actor, seen.names),
                utc(consent.at),
                consent.granted_by,
                consent.actor in seen.counted,
                None if consent.on_behalf_of is None else _who(consent.on_behalf_of, seen.names),
            )
            for consent in core.consents
        ),
        may=seen.may,
        why_not=None
        if why_not is None
        else permissions.WhyNot(str(why_not.facts.get("why_not", why_not.code)), why_not.detail),
        on_behalf_of=None if seen.on_behalf_of is None else _who(seen.on_behalf_of, seen.names),
        settled_by=None if core.settled_by is None else _who(core.settled_by, seen.names),
        settled_at=None if core.settled_at is None else utc(core.settled_at),
        expires_at=None if core.expires_at is None else utc(core.expires_at),
    )


def money(core: Money | None) -> wire.Money | None:
    """The amount with exactly its currency's digits: 12.5 EUR is "12.50", 500 JPY is "500"."""
    if core is None:
        return None
    digits = CURRENCY_DIGITS.get(core.currency, MINOR_DIGITS)
    exponent = core.value.as_tuple().exponent
    if isinstance(exponent, int) and -exponent > digits:
        digits = -exponent  # never rounded away: an import may know more digits than the table
    return wire.Money(f"{core.value:.{digits}f}", core.currency)


def money_of(sent: wire.Money | None) -> Money | None:
    """What was sent, as the core's noun."""
    return None if sent is None else Money(Decimal(sent.value), sent.currency)


def sees_personal(actor: Actor, operation: Operation) -> bool:
    """Whether comments on an operation are shown, and personal values for a reason."""
    return may_reveal(actor, operation)


def utc(moment: datetime) -> datetime:
    """The moment in UTC."""
    return moment if moment.tzinfo is UTC else moment.astimezone(UTC)


def _operation_fields(core: Operation, published: PublishedKind) -> dict[str, Any]:
    return {
        "id": core.id,
        "kind": core.kind,
        "kind_version": core.kind_version,
        "reference": core.reference,
        "subject": core.subject,
        "brand": core.brand,
        "amount": money(core.amount),
        "attributes": open_only(core.attributes, published.hidden) if published.hidden else core.attributes,
        "tags": core.tags,
        "stage": core.stage,
        "status": core.status,
        "waiting_on": core.waiting_on,
        "version": core.version,
        "parent_id": core.parent_id,
        "created_at": utc(core.created_at),
        "changed_at": utc(core.changed_at),
        "entered_at": utc(core.entered_at),
        "closed_at": utc(core.closed_at) if core.closed_at else None,
        "deadline_at": utc(core.deadline_at) if core.deadline_at else None,
        "final": published.kind.stages[core.stage].final,
        "contradiction": core.contradiction,
    }


def _available(core: Available, held: permissions.HeldUp | None) -> permissions.AvailableTransition:
    why_not = None
    if not core.allowed:
        why_not = permissions.WhyNot(
            core.why_not_code or "not_permitted", core.why_not or "It is not permitted."
        )
    return permissions.AvailableTransition(
        transition=core.transition,
        to=core.to,
        status=core.status,
        allowed=core.allowed,
        why_not=why_not,
        roles=tuple(core.roles),
        by=tuple(core.by),
        reasons=tuple(core.reasons),
        comment_required=core.comment_required,
        approvals=tuple(
            permissions.ApprovalNeeded(rule.count, rule.roles, rule.when, rule.applies)
            for rule in core.approvals
        ),
        held=held,
    )


def _who(actor: str, names: Mapping[str, str]) -> permissions.Who:
    return permissions.Who(actor, names.get(actor) or actor.partition(":")[2])


def _place(stage: str | None, status: Any) -> replies.Place | None:
    return None if stage is None or status is None else replies.Place(stage, status)
