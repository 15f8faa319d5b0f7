"""The review of access: who may what and when they last did, as somebody looks at it and signs that it is right.

A signature stands for what was looked at: the digest is of everybody and every grant, without when they were last here.
Whoever signs while access changes is told to look again.
"""

import hashlib
from typing import Any

import msgspec
from psycopg import Connection

from viertakt.access import audit_store, grants_store
from viertakt.access.actions import check_name
from viertakt.access.audit_model import Change, ChangeFilter, ChangeSort, Reviewed
from viertakt.access.grants_model import GrantLine
from viertakt.access.model import Actor
from viertakt.errors import Conflict

ACTORS_MAX = 10_000
GRANTS_MAX = 10_000


class Review(msgspec.Struct, frozen=True):
    """Who may act, all grants in force, what stands for both, and the last signature."""

    actors: tuple[Reviewed, ...]
    grants: tuple[GrantLine, ...]
    digest: str
    signed: Change | None

    def grants_of(self, actor: Reviewed) -> tuple[GrantLine, ...]:
        """What an actor holds, by its roles and by itself."""
        return tuple(line for line in self.grants if line.token == actor.id or line.role in actor.roles)


def read_review(conn: Connection[Any]) -> Review:
    """The review of access as it stands, at most 10,000 people and tokens."""
    actors = audit_store.review(conn, limit=ACTORS_MAX)
    grants = grants_store.grants(conn, limit=GRANTS_MAX)
    signatures = audit_store.changes(conn, ChangeFilter(sorts=(ChangeSort.REVIEWED,)), limit=1)
    return Review(actors, grants, _digest(actors, grants), signatures[0] if signatures else None)


def sign_review(conn: Connection[Any], digest: str, *, actor: Actor, comment: str | None) -> Change:
    """Write down that somebody has looked at all of it. Raises `Conflict` where it is no longer what they looked at."""
    grants_store.lock_grants(conn)
    review = read_review(conn)
    if digest != review.digest:
        raise Conflict("Access has changed since this review was read; look at it again before you sign it.")
    detail = {"digest": digest, "actors": len(review.actors), "grants": len(review.grants)}
    audit_store.note(
        conn, ChangeSort.REVIEWED, by=actor.id, reason=comment and check_name(comment), detail=detail
    )
    return audit_store.changes(conn, ChangeFilter(sorts=(ChangeSort.REVIEWED,)), limit=1)[0]


def _digest(actors: tuple[Reviewed, ...], grants: tuple[GrantLine, ...]) -> str:
    told = [[one.id, one.name, one.email, one.roles] for one in actors]
    return hashlib.sha256(msgspec.json.encode([told, [line.id for line in grants]])).hexdigest()
