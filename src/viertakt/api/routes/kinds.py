"""Kinds: list, read, check and publish; and the reason catalogue they draw from."""

from typing import Any

from viertakt.api import replies, wire
from viertakt.api.refusals import invalid
from viertakt.api.route import DOCUMENT_BYTES_MAX, Answers, Call, Reply, Route
from viertakt.errors import Fault, InvalidKind, NotFound
from viertakt.kinds.actions import publish_kind
from viertakt.kinds.diff import diff_kinds
from viertakt.kinds.document import read_document, read_kind
from viertakt.kinds.model import Kind, PublishedKind
from viertakt.kinds.rules import check_kind

DOCUMENT_TYPES = ("application/json", "application/yaml")
EXAMPLE: dict[str, Any] = {
    "kind": "parcel",
    "label": {"en": "Parcel", "nl": "Pakket"},
    "subject": {"en": "Customer", "nl": "Klant"},
    "start": "sent",
    "stages": {
        "sent": {"status": "pending", "waiting_on": "provider"},
        "delivered": {"status": "success", "final": "yes"},
        "lost": {"status": "error", "final": "yes"},
        "refused": {"status": "rejected", "final": "yes"},
    },
    "transitions": {
        "deliver": {"from": ["sent"], "to": "delivered", "by": ["process"]},
        "lose": {"from": ["sent"], "to": "lost", "by": ["process"]},
        "refuse": {"from": ["sent"], "to": "refused", "by": ["process"]},
    },
}


async def list_kinds(call: Call) -> Reply:
    """Every kind in its latest version, with its document."""
    found = await call.application.ask(call.application.kinds.all_latest)
    return Reply(200, replies.KindList(tuple(map(_published, found))))


async def read_one(call: Call) -> Reply:
    """One kind, in a version or the latest."""
    name, version = call.path["kind"], call.query.version
    kinds = call.application.kinds
    found = await call.application.ask(
        lambda conn: kinds.latest(conn, name) if version is None else kinds.at(conn, name, version)
    )
    return Reply(200, _published(found))


async def publish(call: Call) -> Reply:
    """A new version where the content is new; the latest one where it is equal."""
    # Reading and checking a large document takes seconds: in a thread, so that moves go on meanwhile.
    return await call.application.ask(lambda conn: _publish(conn, call))


async def check(call: Call) -> Reply:
    """Every fault of a document, without publishing it."""
    return await call.application.ask(lambda _: _check(call))


async def list_reasons(call: Call) -> Reply:
    """The reason catalogue."""
    found = call.application.catalogue.reasons
    items = tuple(
        replies.Reason(code, reason.status, reason.internal, reason.customer)
        for code, reason in found.items()
    )
    return Reply(200, replies.ReasonList(items))


def _publish(conn: Any, call: Call) -> Reply:
    kind = read_kind(call.body)
    if kind.kind != call.path["kind"]:
        raise invalid("/kind", "other_kind", "The document and the path name two different kinds.")
    try:
        before = call.application.kinds.latest(conn, kind.kind)
    except NotFound:
        before = None
    published = publish_kind(conn, kind, actor=call.by)
    changes = () if before is None else diff_kinds(before.kind, published.kind)
    content = replies.KindPublication(
        kind=published.kind.kind,
        version=published.version,
        document=published.kind,
        changes=tuple(
            replies.KindChange(change.pointer, change.difference, change.text) for change in changes
        ),
    )
    return Reply(200 if before and before.version == published.version else 201, content)


def _check(call: Call) -> Reply:
    try:
        document = read_document(call.body)
        faults = document.place(check_kind(document.kind, call.application.catalogue))
    except InvalidKind as refusal:
        faults = list(refusal.faults) or [Fault("", "not_a_kind", refusal.detail)]
    shown = tuple(
        replies.ProblemFault(fault.pointer, fault.code, fault.detail, fault.value, fault.remedy)
        for fault in faults
    )
    return Reply(200, replies.KindCheck(valid=not shown, errors=shown))


def _published(core: PublishedKind) -> replies.PublishedKind:
    return replies.PublishedKind(kind=core.kind.kind, version=core.version, document=core.kind)


ROUTES = (
    Route(
        method="GET",
        path="/v1/kinds",
        operation_id="listKinds",
        summary="List kinds",
        tag="kinds",
        handler=list_kinds,
        answers={200: Answers("Every kind in its latest version.", replies.KindList)},
        refusals=(400, 401, 422, 429),
    ),
    Route(
        method="GET",
        path="/v1/kinds/{kind}",
        operation_id="readKind",
        summary="Read a kind",
        tag="kinds",
        handler=read_one,
        query=wire.KindQuery,
        answers={200: Answers("The kind in this version.", replies.PublishedKind)},
        refusals=(400, 401, 404, 422, 429),
    ),
    Route(
        method="PUT",
        path="/v1/kinds/{kind}",
        operation_id="publishKind",
        summary="Publish a kind",
        tag="kinds",
        handler=publish,
        body=Kind,
        body_types=DOCUMENT_TYPES,
        body_bytes_max=DOCUMENT_BYTES_MAX,
        admin=True,
        answers={
            201: Answers("Published as a new version.", replies.KindPublication),
            200: Answers("Equal to the latest version; nothing was published.", replies.KindPublication),
        },
        refusals=(400, 401, 403, 409, 413, 415, 422, 429),
        example=EXAMPLE,
    ),
    Route(
        method="POST",
        path="/v1/kinds/check",
        operation_id="checkKind",
        summary="Check a kind's document",
        tag="kinds",
        handler=check,
        body=Kind,
        body_types=DOCUMENT_TYPES,
        body_bytes_max=DOCUMENT_BYTES_MAX,
        answers={200: Answers("Every fault, or none.", replies.KindCheck)},
        refusals=(400, 401, 413, 415, 422, 429),
        example=EXAMPLE,
    ),
    Route(
        method="GET",
        path="/v1/reasons",
        operation_id="listReasons",
        summary="Read the reason catalogue",
        tag="kinds",
        handler=list_reasons,
        answers={200: Answers("Every reason.", replies.ReasonList)},
        refusals=(400, 401, 422, 429),
    ),
)
