"""With whose rights endpoints are told: actors that are remembered for as long as their rights are what the database says."""

import time
from collections.abc import Collection
from typing import Any
from zoneinfo import ZoneInfo

from psycopg import Connection

from viertakt.access.actions import actor_by_id, person
from viertakt.access.model import Actor, ActorId, ActorSort
from viertakt.errors import Unauthenticated
from viertakt.notices import endpoint_store as store
from viertakt.notices.model import Setting
from viertakt.notices.store import settings_of

KNOWN_SECONDS = 1.0  # what ends by itself, as a token does, is told for a second more at most


class Owners:
    """Looks actors up, and again when their rights have changed."""

    def __init__(self) -> None:
        self._known: dict[ActorId, tuple[int, float, Actor | None]] = {}

    def look(self, conn: Connection[Any], ids: Collection[ActorId]) -> dict[ActorId, Actor]:
        """Of these actors those who may act, as they may now."""
        versions = store.owner_versions(conn, ids)
        now = time.monotonic()
        found = {}
        for id_, version in versions.items():
            known = self._known.get(id_)
            if known is None or known[0] != version or known[1] < now:
                known = self._known[id_] = (version, now + KNOWN_SECONDS, owner_of(conn, id_))
            if known[2] is not None:
                found[id_] = known[2]
        return found


def owner_of(conn: Connection[Any], actor: ActorId) -> Actor | None:
    """Whoever owns an endpoint, as they may act now; None where they may not."""
    try:
        return actor_by_id(conn, actor)
    except Unauthenticated:
        return None


def reads(conn: Connection[Any], owner: Actor) -> tuple[str, ZoneInfo]:
    """In which language and by whose clock an owner's rooms are told of alerts: a person's own, English and UTC for a program's."""
    if owner.sort is not ActorSort.PERSON:
        return "en", ZoneInfo("UTC")
    setting = settings_of(conn, [owner.id]).get(owner.id, Setting())
    return person(conn, owner.id).language, ZoneInfo(setting.zone)
