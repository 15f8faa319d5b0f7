"""`endpoints deliveries | show | replay`: what became of what endpoints were told, and telling it again."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from viertakt.cli import flags
from viertakt.cli.endpoints import EndpointId, Query, asked, endpoint_id, noun

__all__ = ["noun"]

if TYPE_CHECKING:
    from viertakt.access.model import Actor
    from viertakt.notices.endpoints import Replay
    from viertakt.wiring import Application

State = Annotated[
    str | None,
    typer.Option(
        "--state", metavar="STATE", help="Only these: waiting, done, failed or dropped.", show_default=False
    ),
]


Numbers = Annotated[
    list[int] | None,
    typer.Option(
        "--number",
        metavar="N",
        min=1,
        max=flags.NUMBER_MAX,
        help="This delivery; repeat for more.",
        show_default=False,
    ),
]
Since = Annotated[
    str | None, typer.Option("--since", metavar="TIME", help="Made since then.", show_default=False)
]
After = Annotated[
    str | None,
    typer.Option(
        "--after", metavar="CURSOR", help="Everything after this place in the journal.", show_default=False
    ),
]
Begin = Annotated[
    str | None, typer.Option("--from", metavar="TIME", help="Everything since then.", show_default=False)
]


@noun.command()
def deliveries(
    endpoint: EndpointId,
    *,
    state: State = None,
    limit: Annotated[
        int, typer.Option("--limit", metavar="N", min=1, max=1000, help="At most so many.")
    ] = 50,
    data: flags.Data = None,
    as_json: flags.Json = False,
) -> None:
    """What was delivered, or is to be, the latest first."""
    from viertakt.cli.output import print_json, print_table
    from viertakt.notices import endpoints

    which, of_state = endpoint_id(endpoint), _states(state)
    found = asked(
        lambda _, actor, conn: endpoints.list_deliveries(
            conn, which, actor, state=of_state[0] if of_state else None, limit=limit
        ),
        data=data,
    )
    if as_json:
        print_json(found)
        return
    print_table(
        ["NUMBER", "STATE", "TYPE", "REFERENCE", "TRIES", "ANSWER", "MADE", "NEXT TRY"],
        [
            (
                one.number,
                one.state,
                one.type,
                one.reference or one.topic,
                one.attempt,
                (one.last.status or one.last.failure) if one.last else None,
                one.made_at,
                one.due_at,
            )
            for one in found
        ],
    )


@noun.command()
def show(
    endpoint: EndpointId,
    number: Annotated[
        int,
        typer.Argument(
            metavar="NUMBER", min=1, max=flags.NUMBER_MAX, help="Of the delivery.", show_default=False
        ),
    ],
    *,
    data: flags.Data = None,
    as_json: flags.Json = False,
) -> None:
    """One delivery, with every attempt."""
    from viertakt.cli.output import print_facts, print_json, print_table
    from viertakt.notices import endpoints

    which = endpoint_id(endpoint)
    found, attempts = asked(
        lambda _, actor, conn: endpoints.read_delivery(conn, which, number, actor), data=data
    )
    if as_json:
        print_json({"delivery": found, "attempts": attempts})
        return
    print_facts({"delivery": found.number, "id": found.id, "state": found.state, "type": found.type})
    print_table(
        ["ATTEMPT", "AT", "MS", "STATUS", "FAILURE", "EXCERPT"],
        [(one.attempt, one.at, one.milliseconds, one.status, one.failure, one.excerpt) for one in attempts],
    )


@noun.command()
def replay(
    endpoint: EndpointId,
    *,
    number: Numbers = None,
    state: State = None,
    since: Since = None,
    q: Query = None,
    after: After = None,
    begin: Begin = None,
    dry_run: flags.DryRun = False,
    data: flags.Data = None,
    as_json: flags.Json = False,
) -> None:
    """Send deliveries again: by number, state, time or query; or everything after a place or since a time."""
    from viertakt.cli.output import print_json, talk
    from viertakt.journal.model import Cursor
    from viertakt.notices import endpoints
    from viertakt.notices.endpoint_model import Again

    which = endpoint_id(endpoint)
    wanted = Again(tuple(number) if number else None, _states(state), _moment(since), None, q)
    if sum((wanted != Again(), after is not None, begin is not None)) != 1:
        raise typer.BadParameter("Say --after, or --from, or which deliveries; one of these.")
    start = Cursor.read(after) if after is not None else _moment(begin)

    def act(running: "Application", actor: "Actor", conn: Any) -> tuple[endpoints.Replay, bool]:
        active = endpoints.read_endpoint(conn, which, reader=actor).state == "active"
        if start is not None:
            return endpoints.replay_from(conn, which, actor, start, dry_run=dry_run), active
        fields = running.kinds.search_fields(conn)
        return endpoints.send_again(conn, which, actor, wanted, fields=fields, dry_run=dry_run), active

    found, active = asked(act, data=data)
    if as_json:
        print_json({"deliveries": found.deliveries, "entries": found.entries, "dry_run": dry_run})
    else:
        talk(_told_again(found, dry_run=dry_run, active=active))


def _told_again(found: "Replay", *, dry_run: bool, active: bool) -> str:
    one = found.deliveries == 1
    are = "would be" if dry_run else "is" if one else "are"
    more = ""
    if found.entries:
        more = f", and {found.entries:,} {'entry' if found.entries == 1 else 'entries'} asked about"
    waits = "" if active else " once the endpoint is switched on: it is off"
    return f"{found.deliveries:,} {'delivery' if one else 'deliveries'} {are} sent again{more}{waits}."


def _states(text: str | None) -> Any:
    from viertakt.notices.endpoint_model import DeliveryState

    try:
        return None if text is None else (DeliveryState(text),)
    except ValueError:
        raise typer.BadParameter(f"A delivery is one of {', '.join(DeliveryState)}.") from None


def _moment(text: str | None) -> Any:
    from datetime import UTC, datetime

    if text is None:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is no time, such as 2026-11-26T09:00:00Z.") from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
