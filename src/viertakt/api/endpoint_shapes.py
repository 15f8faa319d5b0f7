"""From endpoints and deliveries to what is on the wire."""

from collections.abc import Mapping
from typing import Any

from viertakt.api import endpoints as documents
from viertakt.api.permissions import Who
from viertakt.api.shapes import utc
from viertakt.notices.endpoint_model import Attempt, Delivery, Endpoint, Standing
from viertakt.notices.endpoints import Replay


def endpoint(core: Endpoint, standing: Standing, names: Mapping[str, str]) -> documents.Endpoint:
    """The endpoint without its address and secrets."""
    return documents.Endpoint(**_fields(core, standing, names))


def made(
    core: Endpoint, standing: Standing, names: Mapping[str, str], secret: str | None
) -> documents.EndpointMade:
    """The same with the secret, once."""
    return documents.EndpointMade(**_fields(core, standing, names), secret=secret)


def delivery(core: Delivery) -> documents.EndpointDelivery:
    """A delivery on the wire."""
    return documents.EndpointDelivery(
        number=core.number,
        id=core.id,
        type=core.type,
        state=core.state,
        operation_id=core.operation_id,
        kind=core.kind,
        reference=core.reference,
        topic=core.topic,
        entry=core.entry_seq,
        position=core.position,
        due_at=None if core.due_at is None else utc(core.due_at),
        tries=core.tries,
        made_at=utc(core.made_at),
        settled_at=None if core.settled_at is None else utc(core.settled_at),
        last=None if core.last is None else attempt(core.last),
    )


def attempt(core: Attempt) -> documents.EndpointAttempt:
    """An attempt on the wire."""
    return documents.EndpointAttempt(
        core.attempt, utc(core.at), core.milliseconds, core.status, core.failure, core.excerpt
    )


def replayed(core: Replay, *, dry_run: bool) -> documents.EndpointReplayed:
    """What is sent again."""
    return documents.EndpointReplayed(core.deliveries, core.entries, dry_run)


def _fields(core: Endpoint, standing: Standing, names: Mapping[str, str]) -> dict[str, Any]:
    return {
        "id": core.id,
        "sort": core.sort,
        "name": core.name,
        "address": core.shown,
        "owner": Who(core.owner, names.get(core.owner) or core.owner.partition(":")[2]),
        "q": core.query,
        "entries": core.entries,
        "stages": core.stages,
        "alerts": core.alerts,
        "active": core.state == "active",
        "why_off": core.why_off,
        "off_at": None if core.off_at is None else utc(core.off_at),
        "number": core.number,
        "position": core.place,
        "failing_since": None if core.failing_since is None else utc(core.failing_since),
        "failed_at": None if core.failed_at is None else utc(core.failed_at),
        "waiting": standing.waiting,
        "failed": standing.failed,
        "well": standing.well,
        "badly": standing.badly,
        "created_at": utc(core.created_at),
        "changed_at": utc(core.changed_at),
    }
