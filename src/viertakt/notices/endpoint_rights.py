"""With whose rights an endpoint is told, and who may say so.

An address is told all that the endpoint's owner sees. So who has another's endpoint told somewhere gives that away: it takes
`manage`; where changes of access take two persons nobody does it alone; and what the system itself sees is given by nobody
but whoever runs the server.
"""

from typing import Any

from psycopg import Connection

from viertakt.access.actions import actor_by_id
from viertakt.access.model import Actor, ActorId, ActorSort
from viertakt.access.rules import check_may_manage, exportable, may_connect
from viertakt.errors import Forbidden, Unauthenticated
from viertakt.notices.endpoint_wanted import refusal

SYSTEM = "system:"


def owner_for(conn: Connection[Any], by: Actor, owner: ActorId | None, *, persons: int) -> Actor:
    """Who owns what `by` makes, None: `by`. `persons`: how many a change of access takes. Raises `Forbidden`, `Invalid`."""
    if owner is None or owner == by.id:
        check_may_connect(by)
        exportable(by)
        return by
    check_may_manage(by)
    if owner.startswith(SYSTEM):
        words = (
            f"{owner[:80]!r} sees everything, and is nobody whose rights are given: name a person or a token."
        )
        raise refusal("/owner", "system_owner", words)
    check_may_tell(by, owner, persons=persons)
    try:
        found = actor_by_id(conn, owner)
    except Unauthenticated:
        raise refusal("/owner", "unknown_owner", f"There is nobody {owner[:80]!r} who may act.") from None
    if not may_connect(found):
        words = f"{found.name} is told by no webhook: it needs a grant that says 'connect'."
        raise refusal("/owner", "may_not_connect", words)
    exportable(found)
    return found


def check_may_tell(by: Actor, owner: ActorId, *, persons: int) -> None:
    """Whether `by` says where or what an endpoint of this owner is told. Raises `Forbidden`."""
    if owner == by.id or by.sort is ActorSort.SYSTEM:
        return
    if owner.startswith(SYSTEM):
        raise Forbidden(
            f"{owner} sees everything: only whoever runs the server has that told, with `viertakt endpoints`."
        )
    if persons > 1:
        raise Forbidden(
            "Changes of access take two persons here, and an endpoint is told what its owner sees: "
            "nobody but its owner makes it, or changes where and what it is told."
        )


def check_may_connect(by: Actor) -> None:
    """An endpoint of one's own takes a word of its own: what its owner sees flows out by itself from then on."""
    if not may_connect(by):
        raise Forbidden(f"{by.name} is told by no webhook of its own: it needs a grant that says 'connect'.")
