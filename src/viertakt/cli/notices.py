"""`subscriptions list | add | end` and `notices list`: who is told of what, and what somebody was told."""

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from viertakt.cli import flags

if TYPE_CHECKING:
    from viertakt.notices.model import Subscription

Named = TypeVar("Named", bound=StrEnum)

noun = typer.Typer(help="What people were told.", no_args_is_help=True)
subscriptions = typer.Typer(help="Who is told of what, and how.", no_args_is_help=True)

Who = Annotated[
    str,
    typer.Option(
        "--for",
        metavar="WHO",
        help="A person's e-mail address or id, or a role: anna@example.com, role:payments.",
        show_default=False,
    ),
]
EventName = Annotated[
    str,
    typer.Argument(
        metavar="EVENT",
        help="mention, approval, correction, assigned, decision, contradiction, breach, alert, entered, gained, opened or moved.",
        show_default=False,
    ),
]


@subscriptions.command("list")
def list_(
    *,
    of: Annotated[
        str | None,
        typer.Option("--for", metavar="WHO", help="Only of this person or role.", show_default=False),
    ] = None,
    data: flags.Data = None,
    as_json: flags.Json = False,
) -> None:
    """List subscriptions, of everybody or of one."""
    from viertakt.access.directory import assignee_named
    from viertakt.access.model import system
    from viertakt.cli.output import print_json, print_table, talk
    from viertakt.cli.place import asking, settings_of
    from viertakt.notices.subscribing import list_subscriptions

    with asking(settings_of(data=data)) as place:
        subscriber = "*" if of is None else place.call(lambda conn: assignee_named(conn, of))
        found = place.call(lambda conn: list_subscriptions(conn, system("cli"), subscriber=subscriber))
    if as_json:
        print_json({"items": found})
        return
    if not found:
        talk("There are none: viertakt subscriptions add EVENT --for WHO")
        return
    print_table(
        ["ID", "FOR", "EVENT", "FILTER", "CONSOLE", "MAIL"],
        [
            (
                one.id,
                one.subscriber,
                one.event.value,
                _filter(one),
                one.channels.console,
                one.channels.mail.value,
            )
            for one in found
        ],
    )


@subscriptions.command()
def add(
    event: EventName,
    *,
    of: Who,
    query: Annotated[str, typer.Option("--query", metavar="QUERY", help="Only what this finds.")] = "",
    stage: Annotated[
        list[str] | None,
        typer.Option("--stage", metavar="STAGE", help="Of 'entered': which ones.", show_default=False),
    ] = None,
    mail: Annotated[
        str, typer.Option("--mail", metavar="PACE", help="off, at_once, hourly or daily.")
    ] = "off",
    console: Annotated[bool, typer.Option("--console/--no-console", help="Also in the console.")] = True,
    data: flags.Data = None,
    as_json: flags.Json = False,
) -> None:
    """Have a person or a role told of an event."""
    from viertakt.access.directory import assignee_named
    from viertakt.access.model import system
    from viertakt.cli.output import print_json, talk
    from viertakt.cli.place import asking, settings_of
    from viertakt.kinds.searchable import search_fields
    from viertakt.notices.model import Channels, NoticeEvent, Pace
    from viertakt.notices.subscribing import subscribe

    chosen = _one_of(NoticeEvent, event, "EVENT")
    channels = Channels(console, _one_of(Pace, mail, "--mail"))
    with asking(settings_of(data=data)) as place:
        subscriber = place.call(lambda conn: assignee_named(conn, of))
        made = place.call(
            lambda conn: subscribe(
                conn,
                system("cli"),
                chosen,
                channels,
                fields=search_fields(conn),
                subscriber=subscriber,
                query=query,
                stages=tuple(stage or ()),
            )
        )
    if as_json:
        print_json(made)
        return
    talk(f"{made.subscriber} is told of '{made.event.value}' (subscription {made.id}).")


@subscriptions.command()
def end(
    subscription: Annotated[str, typer.Argument(metavar="ID", show_default=False)],
    *,
    data: flags.Data = None,
) -> None:
    """End a subscription; what it told stays told."""
    from uuid import UUID

    from viertakt.access.model import system
    from viertakt.cli.output import talk
    from viertakt.cli.place import asking, settings_of
    from viertakt.notices.subscribing import end_subscription

    try:
        sought = UUID(subscription)
    except ValueError:
        raise typer.BadParameter("An id looks like those that 'subscriptions list' shows.") from None
    with asking(settings_of(data=data)) as place:
        place.call(lambda conn: end_subscription(conn, system("cli"), sought))
    talk("Ended.")


@noun.command("list")
def told(
    of: Annotated[
        str, typer.Argument(metavar="WHO", help="A person's e-mail address or id.", show_default=False)
    ],
    *,
    tab: Annotated[
        str, typer.Option("--tab", metavar="PART", help="unread, all, mentions or snoozed.")
    ] = "unread",
    data: flags.Data = None,
    as_json: flags.Json = False,
) -> None:
    """List what a person was told, as they may see it now, the latest first."""
    from viertakt.access.actions import actor_by_id, person_called
    from viertakt.cli.output import print_json, print_table, talk
    from viertakt.cli.place import asking, settings_of
    from viertakt.notices.inbox import read_inbox
    from viertakt.notices.model import NoticeTab

    part = _one_of(NoticeTab, tab, "--tab")
    with asking(settings_of(data=data)) as place:
        reader = place.call(lambda conn: actor_by_id(conn, person_called(conn, of).id))
        page = place.call(lambda conn: read_inbox(conn, reader, part))
    notices = [notice for group in page.groups for notice in group.notices]
    if as_json:
        print_json({"items": notices})
        return
    if not notices:
        talk("Nothing.")
        return
    print_table(
        ["TOLD", "REFERENCE", "EVENT", "STAGE", "WHY"],
        [
            (one.told_at, one.operation.reference, one.event.value, one.entry.to_stage, one.why.by)
            for one in notices
        ],
    )


def _filter(one: "Subscription") -> str:
    return " · ".join(part for part in (one.query, *one.stages) if part)


def _one_of(kind: type[Named], text: str, name: str) -> Named:
    try:
        return kind(text)
    except ValueError:
        raise typer.BadParameter(f"{name} is one of {', '.join(kind)}, not {text!r}.") from None
