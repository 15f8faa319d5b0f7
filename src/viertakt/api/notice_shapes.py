"""From what was told to what is on the wire, as the inbox shows it to its reader."""

from collections.abc import Mapping
from typing import Any

from viertakt.api import notices, shapes
from viertakt.kinds.actions import Kinds
from viertakt.notices.model import Badge, Group, Notice
from viertakt.operations.reading import named_in, read_names


def badge(core: Badge) -> notices.NoticeBadge:
    """The badge on the wire."""
    return notices.NoticeBadge(core.unread, core.mentions, core.capped)


def groups(conn: Any, kinds: Kinds, core: tuple[Group, ...]) -> tuple[notices.NoticeGroup, ...]:
    """Groups on the wire."""
    names = read_names(conn, named_in(notice.entry for group in core for notice in group.notices))
    return tuple(
        notices.NoticeGroup(
            shapes.at_work(
                group.operation, kinds.shown(conn, group.operation.kind, group.operation.kind_version)
            ),
            tuple(
                _notice(
                    notice,
                    names,
                    kinds.shown(conn, notice.operation.kind, notice.operation.kind_version).hidden,
                )
                for notice in group.notices
            ),
        )
        for group in core
    )


def _notice(core: Notice, names: Mapping[str, str], hidden: frozenset[str]) -> notices.Notice:
    return notices.Notice(
        id=core.id,
        event=core.event,
        why=notices.WhyTold(core.why.by, core.why.subscription, core.why.query, core.why.stages),
        told_at=shapes.utc(core.told_at),
        done_at=None if core.done_at is None else shapes.utc(core.done_at),
        snoozed_until=None if core.snoozed_until is None else shapes.utc(core.snoozed_until),
        comment=core.comment,
        approval=core.approval,
        entry=shapes.entry(core.entry, names, personal=False, hidden=hidden),
    )
