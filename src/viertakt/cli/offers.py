"""What may be done to an operation now, as `operations show` tells it, and what it waits for meanwhile."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID

if TYPE_CHECKING:
    from viertakt.access.model import Actor
    from viertakt.operations.model import Available, Operation
    from viertakt.wiring import Application


class Held(NamedTuple):
    """Since when something is wrong at an operation's provider, and which incident says so."""

    since: datetime
    incident: UUID | None
    title: str | None


class Offer(NamedTuple):
    """A transition that starts here; `held`: why a program's would be refused now."""

    move: "Available"
    held: Held | None

    @property
    def allowed(self) -> str | None:
        """In a word, or why not."""
        if not self.move.allowed:
            return self.move.why_not
        return f"on hold: {self.held.title or 'something is wrong at its provider'}" if self.held else "yes"

    def told(self) -> dict[str, Any]:
        """As JSON has it."""
        import msgspec

        return {**msgspec.structs.asdict(self.move), "held": told_of(self.held)}


def told_of(held: Held | None) -> dict[str, Any] | None:
    """As JSON has it."""
    return None if held is None else held._asdict()


def offers(running: "Application", operation: "Operation", actor: "Actor") -> tuple[list[Offer], Held | None]:
    """Every transition that starts where an operation stands, and what it waits for while it is under way."""
    from viertakt.alerts import incidents
    from viertakt.operations.holding import goes_out
    from viertakt.operations.rules import available_moves

    now = datetime.now(UTC)
    published = running.call(lambda conn: running.kinds.shown(conn, operation.kind, operation.kind_version))
    hold, held = running.engine.holds.of(operation, now), None
    if hold is not None:
        because = running.call(lambda conn: incidents.incident_of(conn, hold))
        held = Held(hold.held_at, *(because or (None, None)))
    found = [
        Offer(one, held if goes_out(published.kind, operation, one.to) else None)
        for one in available_moves(published, operation, actor, now=now)
    ]
    return found, held if operation.closed_at is None else None
