"""The audit of access, and the review that is signed: who may what, and who looked at it last."""

from typing import Any

from viertakt.access import granting
from viertakt.access.audit_model import Change, ChangeFilter
from viertakt.access.grants_model import GrantLine
from viertakt.access.model import ActorId
from viertakt.access.reviewing import Review, read_review, sign_review
from viertakt.api import access as documents
from viertakt.api.permissions import Who
from viertakt.api.route import Answers, Call, Reply, Route
from viertakt.api.routes.grants import grant_document
from viertakt.api.shapes import utc
from viertakt.exchange.tables import FileFormat, Heading, Sheet, Value, ValueType, write_sheet

_COLUMNS = (
    ("id", ValueType.TEXT, "Id"),
    ("name", ValueType.TEXT, "Name"),
    ("sort", ValueType.TEXT, "Sort"),
    ("email", ValueType.TEXT, "E-mail"),
    ("roles", ValueType.TEXT, "Roles"),
    ("last_used_at", ValueType.TIME, "Last used"),
    ("grant", ValueType.NUMBER, "Grant"),
    ("granted_by", ValueType.TEXT, "Granted by"),
    ("may", ValueType.TEXT, "May"),
    ("kinds", ValueType.TEXT, "Kinds"),
    ("where", ValueType.TEXT, "Where"),
    ("up_to", ValueType.TEXT, "Up to"),
)


async def list_access_changes(call: Call) -> Reply:
    """Who changed what of whose access, and who was shown personal values, the newest first."""
    asked: documents.ChangesQuery = call.query
    wanted = ChangeFilter(
        sorts=() if asked.sort is None else (asked.sort,),
        by=None if asked.by is None else ActorId(asked.by),
        about=None if asked.about is None else ActorId(asked.about),
        operation_id=asked.operation,
        before=None if asked.cursor is None else int(asked.cursor),
    )
    found = await call.application.ask(
        lambda conn: granting.access_changes(conn, wanted, limit=asked.limit + 1)
    )
    page = found[: asked.limit]
    return Reply(
        200,
        documents.AccessChangeList(
            tuple(map(_change, page)), str(page[-1].id) if len(found) > asked.limit else None
        ),
    )


async def read_access_review(call: Call) -> Reply:
    """Everybody who may act, by which grants, and when they last did; as a document or a table."""
    asked: documents.ReviewQuery = call.query
    review = await call.application.ask(read_review)
    if asked.format == "csv":
        headers = [(b"content-disposition", b'attachment; filename="viertakt-access-review.csv"')]
        media_type = FileFormat.CSV.media_type.encode("ascii")
        return Reply(200, write_sheet(_sheet(review), FileFormat.CSV), headers, media_type)
    return Reply(200, _review(review))


async def sign_access_review(call: Call) -> Reply:
    """Sign that who may what is right, as it was read; refused where it has changed since."""
    sent: documents.SignReview = call.body

    def write(conn: Any) -> documents.SignedReview:
        return _signed(sign_review(conn, sent.digest, actor=call.by, comment=sent.comment))

    return Reply(201, await call.application.ask(write))


def _change(one: Change) -> documents.AccessChange:
    return documents.AccessChange(
        id=one.id,
        at=utc(one.at),
        by=_who(one.actor, one.actor_name),
        sort=one.sort,
        about=None if one.about is None else _who(one.about, one.about_name),
        grant=one.grant_id,
        role=one.role,
        operation_id=one.operation_id,
        reason=one.reason,
        detail=one.detail,
    )


def _review(review: Review) -> documents.AccessReview:
    return documents.AccessReview(
        items=tuple(
            documents.ReviewedActor(
                id=one.id,
                name=one.name,
                sort=one.sort,
                email=one.email,
                roles=one.roles,
                grants=tuple(line.id for line in review.grants_of(one)),
                created_at=utc(one.created_at),
                expires_at=utc(one.expires_at) if one.expires_at else None,
                last_used_at=utc(one.last_used_at) if one.last_used_at else None,
            )
            for one in review.actors
        ),
        grants=tuple(map(grant_document, review.grants)),
        digest=review.digest,
        signed=None if review.signed is None else _signed(review.signed),
    )


def _signed(one: Change) -> documents.SignedReview:
    digest = str((one.detail or {}).get("digest", ""))
    return documents.SignedReview(_who(one.actor, one.actor_name), utc(one.at), one.reason, digest)


def _sheet(review: Review) -> Sheet:
    rows: list[tuple[Value, ...]] = []
    for one in review.actors:
        last = utc(one.last_used_at).isoformat() if one.last_used_at else None
        known = (one.id, one.name, one.sort.value, one.email, " ".join(one.roles), last)
        held = review.grants_of(one)
        rows += [(*known, *_line(line)) for line in held] or [(*known, None, None, None, None, None, None)]
    return Sheet("Access", tuple(Heading(name, type_, label) for name, type_, label in _COLUMNS), rows)


def _line(line: GrantLine) -> tuple[Value, ...]:
    limits = " ".join(f"{amount:f}{currency}" for currency, amount in sorted(line.amount_max.items()))
    whose = f"role {line.role}" if line.role is not None else "of its own"
    return line.id, whose, " ".join(line.may), " ".join(line.kinds) or "all", line.where, limits


def _who(actor: str, name: str | None) -> Who:
    return Who(actor, name or actor.partition(":")[2])


ROUTES = (
    Route(
        method="GET",
        path="/v1/access-changes",
        operation_id="listAccessChanges",
        summary="The audit of access",
        tag="access",
        handler=list_access_changes,
        query=documents.ChangesQuery,
        admin=True,
        answers={200: Answers("The audit, the newest first.", documents.AccessChangeList)},
        refusals=(400, 401, 403, 422, 429),
    ),
    Route(
        method="GET",
        path="/v1/access-review",
        operation_id="readAccessReview",
        summary="Who may what, and when they last did",
        tag="access",
        handler=read_access_review,
        query=documents.ReviewQuery,
        admin=True,
        answers={
            200: Answers(
                "Everybody who may act.",
                documents.AccessReview,
                ("Content-Disposition",),
                file_types=(FileFormat.CSV.media_type,),
            )
        },
        refusals=(400, 401, 403, 422, 429),
    ),
    Route(
        method="POST",
        path="/v1/access-review",
        operation_id="signAccessReview",
        summary="Sign the review of access",
        tag="access",
        handler=sign_access_review,
        body=documents.SignReview,
        admin=True,
        answers={201: Answers("Signed.", documents.SignedReview)},
        refusals=(400, 401, 403, 409, 413, 415, 422, 429),
        example={"digest": "0" * 64},
    ),
)
