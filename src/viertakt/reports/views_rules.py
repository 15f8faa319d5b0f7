"""Who may see and change which view. Pure.

One's own is one's own; a team's belongs to everybody of its role; everyone's are kept by administrators, who may keep a
team's too. A view shows nothing by itself: what its list holds is decided by the rights of whoever reads it.
"""

from viertakt.access.model import Actor
from viertakt.access.rules import ADMIN
from viertakt.errors import Forbidden
from viertakt.reports.views_model import Audience, View, ViewContent


def may_see(view: View, actor: Actor) -> bool:
    """Whether this view is there for this actor."""
    match view.content.audience:
        case Audience.PERSONAL:
            return view.owner == actor.id
        case Audience.TEAM:
            return ADMIN in actor.roles or view.content.role in actor.roles
        case Audience.EVERYONE:
            return True


def may_change(view: View, actor: Actor) -> bool:
    """Whether this actor may rename, replace and delete this view."""
    return may_see(view, actor) and _may_keep(view.content, actor)


def check_audience(content: ViewContent, actor: Actor) -> None:
    """Refuse a view for people the actor may not speak to. Raises `Forbidden`."""
    if _may_keep(content, actor):
        return
    if content.audience is Audience.TEAM:
        raise Forbidden(f"{actor.name} may not keep views for role '{content.role}': it needs that role.")
    raise Forbidden(
        f"{actor.name} may not keep views for everyone: it needs role '{ADMIN}'. Save it for yourself."
    )


def _may_keep(content: ViewContent, actor: Actor) -> bool:
    match content.audience:
        case Audience.PERSONAL:
            return True
        case Audience.TEAM:
            return ADMIN in actor.roles or content.role in actor.roles
        case Audience.EVERYONE:
            return ADMIN in actor.roles
