"""Whom an entry concerns, and why: pure, from the entry and the operation as it stood then.

entry ──► happened: moved, entered, opened, breach, contradiction      ──► whoever subscribes to these (`index`)
      ──► addressed: who is called, assigned, asked to consent, …       ──► those people, as their matrix says
"""

from collections.abc import Collection, Iterable, Mapping, Sequence

import msgspec

from viertakt.kinds.model import Kind
from viertakt.notices.model import (
    ADDRESSED,
    ROLE,
    Channels,
    Line,
    MatrixLine,
    NoticeEvent,
    Pace,
    Subscription,
    Told,
)
from viertakt.operations.model import EntrySort, Need

# What everybody hears of without having asked: what is said or given to them, and what was told wrongly.
DEFAULTS: Mapping[NoticeEvent, Channels] = {
    NoticeEvent.MENTION: Channels(mail=Pace.AT_ONCE),
    NoticeEvent.APPROVAL: Channels(mail=Pace.HOURLY),
    NoticeEvent.CORRECTION: Channels(),
    NoticeEvent.ASSIGNED: Channels(),
    NoticeEvent.DECISION: Channels(),
}
SILENT = Channels(console=False)

_PACES = (Pace.OFF, Pace.DAILY, Pace.HOURLY, Pace.AT_ONCE)
_WEIGHT = {event: weight for weight, event in enumerate(NoticeEvent)}


def happened(line: Line) -> tuple[NoticeEvent, ...]:
    """What an entry is, for those who subscribe; an entry may be several things at once."""
    entry = line.entry
    match entry.sort:
        case EntrySort.OPENED:
            return (NoticeEvent.OPENED, NoticeEvent.ENTERED, NoticeEvent.GAINED)
        case EntrySort.MOVED:
            late = (NoticeEvent.BREACH,) if entry.cause == "deadline" else ()
            arrived = (NoticeEvent.ENTERED,) if entry.from_stage != entry.to_stage else ()
            return (*late, *arrived, NoticeEvent.GAINED, NoticeEvent.MOVED)
        case EntrySort.AMENDED:
            return (NoticeEvent.GAINED,)
        case EntrySort.CONTRADICTED | EntrySort.UNMAPPED:
            return (NoticeEvent.CONTRADICTION,)
    return (NoticeEvent.BREACH,) if entry.sort in BREACHES else ()


# Promises that are nearly or already broken, and what shows no sign of life.
BREACHES = frozenset({"warned", "breached", "stalled"})


def called(line: Line) -> tuple[NoticeEvent, tuple[str, ...]] | None:
    """Whom an entry names, as person:… or role:…, and as what; None where it names nobody."""
    match line.entry.sort:
        case EntrySort.NOTED:
            named = tuple(map(str, (line.entry.data or {}).get("mentions", ())))
            return (NoticeEvent.MENTION, named) if named else None
        case EntrySort.ASSIGNED:
            assignee = (line.entry.data or {}).get("assignee")
            return (NoticeEvent.ASSIGNED, (str(assignee),)) if assignee else None
    return None


def deciders(needs: Iterable[Need]) -> tuple[str, ...]:
    """Whose consents a move needs, as role:…."""
    return tuple(dict.fromkeys(ROLE + role for need in needs for role in need.roles))


def undone(kind: Kind, transition: str | None) -> frozenset[str]:
    """The transitions that this one undoes."""
    return frozenset(name for name, reverse in kind.undo.items() if reverse == transition)


def merged(found: Sequence[Told]) -> Told:
    """What one person is told of one entry, of all the reasons there are: the weightiest, on every channel that any asks for."""
    first = min(found, key=lambda one: _WEIGHT[one.event])
    channels = most(one.channels for one in found)
    mailed = {one.event for one in found if one.channels.mail is not Pace.OFF} - {first.event}
    why = msgspec.structs.replace(first.why, mailed_as=tuple(sorted(mailed)))
    return Told(first.actor, first.line, first.event, why, channels)


def matrix_line(
    event: NoticeEvent,
    actor: str,
    roles: Iterable[str],
    lines: Mapping[tuple[str, NoticeEvent], Subscription],
) -> MatrixLine:
    """How somebody hears of an event: as they say, else as their roles say together, else as everybody does."""
    own = lines.get((actor, event))
    if own is not None:
        return MatrixLine(event, own.channels, "own")
    of_roles = [lines[ROLE + role, event] for role in sorted(roles) if (ROLE + role, event) in lines]
    if of_roles:
        return MatrixLine(event, most(one.channels for one in of_roles), of_roles[0].subscriber)
    return MatrixLine(event, DEFAULTS.get(event, SILENT), "usual")


def most(channels: Iterable[Channels]) -> Channels:
    """Every channel that any of these asks for, at the quickest pace."""
    asked = list(channels)
    return Channels(
        console=any(one.console for one in asked), mail=max((one.mail for one in asked), key=_PACES.index)
    )


def is_silent(channels: Channels) -> bool:
    """Whether nobody is told on any of them."""
    return not channels.console and channels.mail is Pace.OFF


def is_muted(told: Told, mutes: Collection[tuple[str, str]]) -> bool:
    """Whether somebody wants to hear nothing of this operation or its kind. What was told wrongly is put right all the same."""
    if told.event is NoticeEvent.CORRECTION:
        return False
    operation = told.line.present
    return any(
        (told.actor, about) in mutes for about in (f"operation:{operation.id}", f"kind:{operation.kind}")
    )


def is_addressed(event: NoticeEvent) -> bool:
    """Whether an entry says by itself whom this concerns."""
    return event in ADDRESSED
