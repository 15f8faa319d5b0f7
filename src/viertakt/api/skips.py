"""Skips on the wire: who passed over what in a queue, and why."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from viertakt.api.permissions import Who
from viertakt.api.wire import LIMIT_MAX, Zone


class SkipsQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The query string of the list of skips."""

    q: Annotated[str, Meta(max_length=2048, description="Of these operations alone.")] = ""
    by: Annotated[str, Meta(max_length=200, description="By this person alone.")] | None = None
    before: Annotated[str, Meta(max_length=40, description="`next_before` of the page before.")] | None = None
    limit: Annotated[int, Meta(ge=1, le=LIMIT_MAX)] = 50
    zone: Zone = "UTC"


class Skip(msgspec.Struct, frozen=True):
    """One operation that somebody passed over."""

    operation_id: UUID
    kind: str
    reference: str
    stage: Annotated[str, Meta(description="Where it stands now.")]
    by: Who
    at: datetime
    queue: Annotated[UUID | None, Meta(description="The view whose queue had given it.")]
    comment: Annotated[str | None, Meta(description="Why; for its writer, and for whoever may reveal.")]


class SkipList(msgspec.Struct, frozen=True):
    """The latest first, of the last month."""

    items: tuple[Skip, ...]
    next_before: datetime | None
