"""Who may: the decision whether an actor may make a transition, and by what right. Pure.

Until grants are kept per company, a kind's own `roles` are the grants, and role `admin` has them all. A person acts by
hand (`manual`). A token speaks for a program: it reports what a process or a provider did, and makes a manual
transition only with the role for it. What waits for the clock, a check or the children is the system's alone:
no role makes it come earlier.
"""

from collections.abc import Collection

from viertakt.access.model import Actor, ActorSort, Right
from viertakt.errors import Forbidden

ADMIN = "admin"
IMPORT = "import"
REPORTING_ROLES = frozenset({ADMIN, "integration"})


def capacities(actor: Actor) -> tuple[str, ...]:
    """In which capacities an actor may act, the most natural first.

    Role `import` is nobody's: an import gives it to the people of a log, whose moves are history already.
    """
    if IMPORT in actor.roles:
        return (IMPORT,)
    match actor.sort:
        case ActorSort.PERSON:
            return ("manual",)
        case ActorSort.TOKEN:
            return ("process", "source", "manual")
        case ActorSort.SYSTEM:
            sort = actor.name.partition(":")[0]
            return (sort,) if sort in {"deadline", "check", "source", "children"} else ("process",)


def right_to_move(actor: Actor, *, roles: Collection[str], by: Collection[str]) -> Right | None:
    """By what right this actor may make a transition that is open to these roles and automatic causes, or None."""
    for capacity in capacities(actor):
        if capacity == IMPORT:
            return Right(IMPORT, IMPORT)
        if capacity == "manual":
            held = actor.roles.intersection(roles) or (actor.roles & {ADMIN} if roles else None)
            if held:
                return Right("manual", f"role {min(held)}")
        elif capacity in by:
            if actor.sort is ActorSort.SYSTEM:
                return Right(capacity, actor.id)
            held = actor.roles & REPORTING_ROLES
            if held:
                return Right(capacity, f"role {min(held)}")
    return None


def may_open(actor: Actor) -> Right:
    """By what right this actor opens operations. Raises `Forbidden`."""
    if IMPORT in actor.roles:
        return Right(IMPORT, IMPORT)
    if actor.sort is ActorSort.SYSTEM:
        return Right("process", actor.id)
    held = actor.roles - {"read_only", "auditor"}
    if not held:
        raise Forbidden(
            f"{actor.name} may not open operations: it needs a role that acts, such as 'integration' or 'admin'."
        )
    return Right("process" if actor.sort is ActorSort.TOKEN else "manual", f"role {min(held)}")
