"""What a change of grants would do, before anybody makes it: counted as the role's own lists would count."""

from collections.abc import Iterable
from typing import Any

from viertakt import language
from viertakt.access import granting, roles
from viertakt.access.grants import Grant, Rights
from viertakt.access.grants_model import GrantLine, NewGrant
from viertakt.access.store import restricted_stages
from viertakt.api import grants as documents
from viertakt.api.permissions import Who
from viertakt.api.replies import Count
from viertakt.errors import NotFound
from viertakt.kinds.actions import Kinds
from viertakt.language.model import Sight
from viertakt.reports.counts import count_capped
from viertakt.reports.tallied import tallied_count
from viertakt.reports.zones import UTC_ZONE


def grant_effect(
    conn: Any, kinds: Kinds, *, role: str, new: NewGrant | None, revoke: int | None, waits: bool
) -> documents.GrantEffect:
    """What a role would see and may by this. Raises `NotFound`, `Invalid`, `InvalidQuery` for what could not be made."""
    roles.role_called(conn, role)
    before = granting.grants(conn, role=role)
    if revoke is not None and revoke not in {line.id for line in before}:
        raise NotFound(f"Role {role} has no grant {revoke} in force; list them to see which it has.")
    kept = [_grant(line) for line in before if line.id != revoke]
    added: list[Grant] = []
    if new is not None:
        checked = granting.check_grant(conn, new, kinds.names(conn), kinds.scope_fields(conn))
        added = [Grant(0, role, checked.kinds, checked.may, checked.where, checked.amount_max)]
    hidden = restricted_stages(conn)
    earlier = Rights(tuple(map(_grant, before)), hidden)
    later = Rights((*kept, *added), hidden)
    said, says = _words(earlier.grants), _words(later.grants)
    return documents.GrantEffect(
        role=role,
        holders=tuple(Who(actor, name) for actor, name in roles.holders_of_role(conn, role).items()),
        sees_before=_count(conn, earlier.sight),
        sees_after=_count(conn, later.sight),
        covers=_count(conn, later.sight, _about(added[0])) if added else None,
        gains=tuple(sorted(says - said)),
        loses=tuple(sorted(said - says)),
        waits=waits,
    )


def _count(conn: Any, sight: Sight, text: str = "") -> Count:
    query = language.within(language.parse(text), sight)
    found = tallied_count(conn, query, zone=UTC_ZONE) or count_capped(conn, query, zone=UTC_ZONE)
    return Count(count=found.value, capped=found.capped)


def _about(grant: Grant) -> str:
    kinds = f"kind:{','.join(grant.kinds)}" if grant.kinds else ""
    return " ".join(part for part in (kinds, f"({grant.where})" if grant.where else "") if part)


def _grant(line: GrantLine) -> Grant:
    return Grant(line.id, line.role or "", line.kinds, line.may, line.where, line.amount_max)


def _words(grants: Iterable[Grant]) -> set[str]:
    return {act for grant in grants for act in grant.may}
