"""Who may: the decision whether an actor may do something with an operation, by what right, and if not, why not. Pure.

A company's grants decide (`grants`); a kind's own `roles` only bring them along. A person acts by hand (`manual`). A
token speaks for a program: it reports what a process or a provider did, where a grant says `report`, and makes a manual
transition only with a grant for it. What waits for the clock, a check or the children is the system's alone: no grant
makes it come earlier, and a transition that is open to no role is made by nobody's hand.
"""

from collections.abc import Collection
from datetime import datetime

import msgspec

from viertakt.access.grants import (
    AMEND,
    ASSIGN,
    CONNECT,
    CONSENT,
    EVERYTHING,
    EXPORT,
    MANAGE,
    MOVE,
    NOTE,
    OPEN,
    REPORT,
    REVEAL,
    Grant,
    Slice,
)
from viertakt.access.model import Actor, ActorSort, Right, StepUp
from viertakt.errors import Forbidden, StepUpRequired
from viertakt.language.model import Reader, Sight
from viertakt.language.to_predicate import Row

ADMIN = "admin"
IMPORT = "import"


class WhyNot(msgspec.Struct, frozen=True):
    """Why somebody may not: a stable code (needs_role, amount_above, outside_grant, not_by_hand), and a sentence."""

    code: str
    words: str


def capacities(actor: Actor) -> tuple[str, ...]:
    """In which capacities an actor may act, the most natural first.

    Role `import` is nobody's: an import gives it to the people of a log, whose moves are history already.
    """
    if IMPORT in actor.roles:
        return (IMPORT,)
    if actor.sort is ActorSort.TOKEN:
        return ("process", "source", "manual")
    if actor.sort is ActorSort.PERSON:
        return ("manual",)
    sort = actor.name.partition(":")[0]
    return (sort,) if sort in {"deadline", "check", "source", "children"} else ("process",)


def may(actor: Actor, act: str, operation: Row, *, roles: Collection[str] = ()) -> Grant | WhyNot:
    """The grant by which an actor may do this with an operation, or why not. `roles`: who usually may, to be named.

    Of several grants the oldest that suffices answers, so that the same right is told each time.
    """
    held = actor.rights.to(act)
    about = []
    for grant in held:
        if grant.covers(operation):
            if grant.suffices(operation):
                return grant
            about.append(grant)
    named = act.removeprefix(MOVE)
    others = sorted(set(roles) - actor.roles)
    needs = f"'{named}' needs role {' or '.join(others)}" if others else f"'{named}' needs another grant"
    if not held and not roles:
        return WhyNot("needs_role", f"{actor.name} has no grant that says '{act}'.")
    return _why_not(needs, held, about, operation)


def may_move(
    actor: Actor, name: str, operation: Row, *, roles: Collection[str], by: Collection[str]
) -> Right | WhyNot:
    """By what right this actor may make a transition that is open to people (`roles`) and automatic causes, or why not."""
    refusal: WhyNot | None = None
    system = actor.sort is ActorSort.SYSTEM
    for capacity in capacities(actor):
        if capacity == IMPORT:
            return Right(IMPORT, IMPORT)
        if system:
            if capacity in by:
                return Right(capacity, actor.id)
        elif capacity == "manual":
            found = may(actor, MOVE + name, operation, roles=roles) if roles else None
            if isinstance(found, Grant):
                return Right(capacity, str(found))
            refusal = found or refusal
        elif capacity in by:
            found = may(actor, REPORT, operation)
            if isinstance(found, Grant):
                return Right(capacity, str(found))
            refusal = found
    return refusal if refusal and roles else not_by_hand(name, by)


def may_consent(
    actor: Actor, name: str, operation: Row, *, roles: Collection[str], others: Collection[str] = ()
) -> Right | WhyNot:
    """By what right somebody consents to this transition where a rule asks it of these roles, or why not.

    `others`: the roles that only other rules of the transition name. A grant of theirs does not count for this rule; one of
    a role that no rule names counts for each.
    """
    held = [grant for grant in actor.rights.to(CONSENT + name) if grant.role not in others]
    about = [grant for grant in held if grant.covers(operation)]
    for grant in about:
        if grant.suffices(operation):
            return Right("manual", str(grant))
    missing = " or ".join(sorted(set(roles) - actor.roles))
    needs = f"Consent to '{name}' needs {f'role {missing}' if missing else 'another grant'}"
    return _why_not(needs, held, about, operation)


def not_by_hand(name: str, by: Collection[str]) -> WhyNot:
    """Why nobody's grant helps."""
    return WhyNot("not_by_hand", f"'{name}' is not made by hand: {', '.join(by)} makes it.")


def right_to_open(actor: Actor, operation: Row) -> Right:
    """By what right this actor opens an operation that will stand so. Raises `Forbidden`."""
    return _right(actor, OPEN, operation, "may not open operations")


def right_to_amend(actor: Actor, operation: Row) -> Right:
    """By what right this actor changes an operation's amount and attributes. Raises `Forbidden`."""
    return _right(actor, AMEND, operation, "may not amend operations")


def right_to_note(actor: Actor, operation: Row) -> Right:
    """By what right this actor writes a note to an operation. Raises `Forbidden`."""
    return _right(actor, NOTE, operation, "may not write notes")


def right_to_assign(actor: Actor, operation: Row) -> Right:
    """By what right this actor says who works on an operation, themselves included. Raises `Forbidden`."""
    return _right(actor, ASSIGN, operation, "may not say who works on operations")


def right_to_report(actor: Actor, operation: Row) -> Right:
    """By what right an actor reports an end that moves nothing: any right to act will do. Raises `Forbidden`."""
    if isinstance(may(actor, REPORT, operation), Grant):
        return _right(actor, REPORT, operation, "may not report")
    return _right(actor, AMEND, operation, "may not report how an operation ended")


def sees(actor: Actor, operation: Row) -> bool:
    """Whether an operation is there for this actor; to everybody else it is not found."""
    return actor.rights.sees(operation) or _is_free(actor)


def visible(actor: Actor) -> Sight:
    """What this actor may see, to limit a query by (`language.within`)."""
    return _read_by(actor, Sight() if _is_free(actor) else actor.rights.sight)


def teams(actor: Actor) -> tuple[str, ...]:
    """An actor's teams, as assignments name them."""
    return tuple(f"role:{role}" for role in sorted(actor.roles))


def scope_of(actor: Actor) -> tuple[Slice, ...]:
    """The parts of all operations that are there for this actor, to be kept beside what was counted of them."""
    return (EVERYTHING,) if _is_free(actor) else actor.rights.slices


def sees_slices(actor: Actor, scope: Collection[Slice]) -> bool:
    """Whether all of these parts are there for this actor, as far as their words tell."""
    return all(any(own.contains(part) for own in scope_of(actor)) for part in scope)


def exportable(actor: Actor) -> Sight:
    """The same for what may leave as a file. Raises `Forbidden` where nothing may."""
    if _is_free(actor):
        return _read_by(actor, Sight())
    if not actor.rights.to(EXPORT):
        raise Forbidden(f"{actor.name} may not take files along: it needs a grant that says 'export'.")
    return _read_by(actor, actor.rights.export)


def claimable(actor: Actor) -> Sight:
    """The same for what may be taken in hand. Raises `Forbidden` where nothing may."""
    if not actor.rights.to(ASSIGN):
        raise Forbidden(f"{actor.name} takes nothing in hand: it needs a grant that says 'assign'.")
    return _read_by(actor, actor.rights.claim)


def check_may_export(actor: Actor, scope: Collection[Slice]) -> None:
    """Raises `Forbidden` where what was counted of these parts may not leave as a file."""
    exportable(actor)
    parts = actor.rights.export_slices
    if not (_is_free(actor) or all(any(own.contains(part) for own in parts) for part in scope)):
        raise Forbidden(f"{actor.name} may not take this along: it counts more than their grants let leave.")


def may_reveal(actor: Actor, operation: Row) -> bool:
    """Whether an actor may be shown what an operation keeps of people, and what people said about it.

    A role's word is for people: a program sees names only as administrator, or by a grant of its own.
    """
    if _is_free(actor):
        return True
    everywhere = actor.sort is ActorSort.PERSON or ADMIN in actor.roles
    return any(grant.covers(operation) for grant in actor.rights.to(REVEAL) if everywhere or not grant.role)


def may_manage(actor: Actor) -> bool:
    """Whether an actor administers the installation; whoever has a shell on the server does."""
    return actor.sort is ActorSort.SYSTEM or bool(actor.rights.to(MANAGE))


def check_may_manage(actor: Actor) -> None:
    """Raises `Forbidden` where an actor does not administer the installation."""
    if not may_manage(actor):
        raise Forbidden(
            f"{actor.name} may not do this: it needs role '{ADMIN}', or a grant that says 'manage'."
        )


def may_connect(actor: Actor) -> bool:
    """Whether webhooks may tell this actor: only while a grant says `connect`, or `manage`."""
    return may_manage(actor) or bool(actor.rights.to(CONNECT))


def check_stepped_up(step_up: StepUp | None, *, now: datetime, what: str) -> None:
    """Raises `StepUpRequired` where somebody at the console proved too long ago who they are; programs have no session."""
    if step_up is not None and step_up.until <= now:
        raise StepUpRequired(
            f"'{what}' asks that you prove once more who you are: POST /v1/session/step-up, then ask again.",
            how=step_up.how,
        )


def _right(actor: Actor, act: str, operation: Row, refusal: str) -> Right:
    if IMPORT in actor.roles:
        return Right(IMPORT, IMPORT)
    if actor.sort is ActorSort.SYSTEM:
        return Right("process", actor.id)
    found = may(actor, act, operation)
    if isinstance(found, Grant):
        return Right("process" if actor.sort is ActorSort.TOKEN else "manual", str(found))
    if found.code == "needs_role":
        raise Forbidden(
            f"{actor.name} {refusal}: it needs a role that acts, such as 'integration' or 'admin'.",
            why_not=found.code,
        )
    raise Forbidden(f"{actor.name} {refusal}: {found.words}", why_not=found.code)


def _read_by(actor: Actor, sight: Sight) -> Sight:
    return msgspec.structs.replace(sight, reader=Reader((actor.id, *teams(actor))))


def _is_free(actor: Actor) -> bool:
    """What the system itself does, and what an import writes, asks no grant."""
    return actor.sort is ActorSort.SYSTEM or IMPORT in actor.roles


def _why_not(needs: str, held: Collection[Grant], about: Collection[Grant], operation: Row) -> WhyNot:
    """What is wrong with the grants that somebody holds for this: `about` are those that cover the operation."""
    if about:
        return WhyNot("amount_above", f"{needs}: {_above(about, operation)}.")
    if held:
        where = "; ".join(f"{grant} is for {_about(grant)}" for grant in held)
        return WhyNot("outside_grant", f"{needs}: {where}.")
    return WhyNot("needs_role", f"{needs}.")


def _above(grants: Collection[Grant], operation: Row) -> str:
    worth = operation.amount
    assert worth is not None, "an operation without an amount is above no limit"
    limits = [grant.amount_max[worth.currency] for grant in grants if worth.currency in grant.amount_max]
    told = f"amount above {max(limits):,f} {worth.currency}" if limits else f"amount in {worth.currency}"
    return f"{told} ({'; '.join(map(str, grants))})"


def _about(grant: Grant) -> str:
    kinds = " or ".join(grant.kinds)
    return " where ".join(part for part in (kinds, grant.where) if part)
