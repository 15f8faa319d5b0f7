"""What a webhook says: the operation as it stood at the entry, and the entry, as the API writes them and its owner may see.

Personal values are never in it; a comment only where the owner's rights show comments. A test in `tests/api` holds these
documents to those of the API.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import msgspec

from viertakt.access.model import Actor
from viertakt.access.rules import may_reveal
from viertakt.kinds.model import PublishedKind
from viertakt.notices.announced import Announced
from viertakt.notices.endpoint_model import TEST, Claimed
from viertakt.notices.model import Line
from viertakt.operations.currencies import CURRENCY_DIGITS
from viertakt.operations.model import Entry, Money, Operation
from viertakt.operations.reading import about

MINOR_DIGITS = 2  # of a currency that the table does not know
_encode = msgspec.json.Encoder().encode


def body(
    claimed: Claimed,
    line: Line,
    published: PublishedKind,
    names: Mapping[str, str],
    *,
    reader: Actor,
    epoch: int,
) -> bytes:
    """The bytes that are signed and sent."""
    comment = may_reveal(reader, line.then)
    data = {
        "number": claimed.number,
        "position": f"{epoch}.{line.position}",
        "operation": operation(line.then, published),
        "entry": entry(line.entry, names, comment=comment),
    }
    return _encode({"type": claimed.type, "timestamp": _utc(line.entry.recorded_at), "data": data})


def test_body(claimed: Claimed) -> bytes:
    """The bytes of a delivery that tells nothing but that it came."""
    data = {"number": claimed.number, "endpoint": claimed.endpoint_id}
    return _encode({"type": TEST, "timestamp": _utc(claimed.made_at), "data": data})


def announced_body(claimed: Claimed, told: Announced) -> bytes:
    """The bytes that tell a program of a step of an alert, or of an incident."""
    about = {
        name: value
        for name, value in msgspec.to_builtins(told).items()
        if name not in {"type", "at", "closed_at"}
    }
    name = claimed.type.partition(".")[0]
    return _encode(
        {
            "type": claimed.type,
            "timestamp": _utc(claimed.made_at),
            "data": {"number": claimed.number, name: about | {"opened_at": _utc(told.at)}},
        }
    )


def operation(core: Operation, published: PublishedKind) -> dict[str, Any]:
    """The operation as the API writes it, without who works on it."""
    return {
        "id": core.id,
        "kind": core.kind,
        "kind_version": core.kind_version,
        "reference": core.reference,
        "subject": core.subject,
        "brand": core.brand,
        "amount": money(core.amount),
        "attributes": core.attributes,
        "tags": core.tags,
        "stage": core.stage,
        "status": core.status,
        "waiting_on": core.waiting_on,
        "version": core.version,
        "parent_id": core.parent_id,
        "created_at": _utc(core.created_at),
        "changed_at": _utc(core.changed_at),
        "entered_at": _utc(core.entered_at),
        "closed_at": _utc(core.closed_at),
        "deadline_at": _utc(core.deadline_at),
        "final": published.kind.stages[core.stage].final,
        "contradiction": core.contradiction,
    }


def entry(core: Entry, names: Mapping[str, str], *, comment: bool) -> dict[str, Any]:
    """The entry as the API writes it; of personal values only their names (`masked`)."""
    data = dict(core.data) if core.data else {}
    refusal = data.pop("refusal", None)
    return {
        "operation_id": core.operation_id,
        "seq": core.seq,
        "version": core.version,
        "sort": core.sort,
        "transition": core.transition,
        "from": _place(core.from_stage, core.from_status),
        "to": _place(core.to_stage, core.to_status),
        "actor": _who(core.actor, names),
        "granted_by": core.granted_by,
        "cause": core.cause,
        "reason": core.reason,
        "comment": (core.personal or {}).get("comment") if comment else None,
        "data": data or None,
        "masked": sorted(
            name.removeprefix("attributes.")
            for name in core.commitments or {}
            if name == "data" or name.startswith("attributes.")
        ),
        "refusal": {"code": str(refusal.get("code")), "detail": str(refusal.get("detail"))}
        if refusal
        else None,
        "about": [_who(actor, names) for actor in about(core)],
        "request_id": core.request_id,
        "at": _utc(core.at),
        "recorded_at": _utc(core.recorded_at),
    }


def money(core: Money | None) -> dict[str, str] | None:
    """An amount with exactly its currency's digits; more where an import knew more."""
    return None if core is None else {"value": f"{exact(core):f}", "currency": core.currency}


def exact(core: Money) -> Decimal:
    """The value of an amount with all the digits of its currency."""
    digits = CURRENCY_DIGITS.get(core.currency, MINOR_DIGITS)
    exponent = core.value.as_tuple().exponent
    if isinstance(exponent, int):
        digits = max(digits, -exponent)
    return Decimal(f"{core.value:.{digits}f}")


def _utc(moment: datetime | None) -> datetime | None:
    return None if moment is None else moment.astimezone(UTC)


def _who(actor: str, names: Mapping[str, str]) -> dict[str, str]:
    return {"id": actor, "name": names.get(actor) or actor.partition(":")[2]}


def _place(stage: str | None, status: Any) -> dict[str, Any] | None:
    return None if stage is None or status is None else {"stage": stage, "status": status}
