"""`endpoints list | add | change | end | rotate | test | deliveries | show | replay`: where entries are told, and what became of it."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from viertakt.cli import flags

if TYPE_CHECKING:
    from viertakt.access.model import Actor
    from viertakt.wiring import Application

T = TypeVar("T")

noun = typer.Typer(
    help=(
        "Where entries are told, by signed webhook or in a chat room, and what became of each delivery.\n\n"
        "Who asks: the token in VIERTAKT_TOKEN (or the file VIERTAKT_TOKEN_FILE), else system:cli, which manages them all."
    ),
    no_args_is_help=True,
)
EndpointId = Annotated[str, typer.Argument(metavar="ENDPOINT", help="The endpoint's id.", show_default=False)]
Query = Annotated[
    str | None,
    typer.Option("--q", metavar="QUERY", help="Only of operations that this finds.", show_default=False),
]
Entries = Annotated[
    list[str] | None,
    typer.Option(
        "--entry",
        metavar="SORT",
        help="Only this sort of entries, such as moved; repeat for more [default: opened, moved, amended].",
        show_default=False,
    ),
]
Stages = Annotated[
    list[str] | None,
    typer.Option(
        "--stage", metavar="STAGE", help="Only what came to this stage; repeat for more.", show_default=False
    ),
]
Name = Annotated[
    str | None, typer.Option("--name", metavar="NAME", help="What it is called.", show_default=False)
]
State = Annotated[
    str | None,
    typer.Option(
        "--state", metavar="STATE", help="Only these: waiting, done, failed or dropped.", show_default=False
    ),
]


@noun.command(name="list")
def list_endpoints(*, data: flags.Data = None, as_json: flags.Json = False) -> None:
    """Every endpoint, and how it goes with it."""
    from viertakt.cli.output import print_json, print_table
    from viertakt.notices import endpoints

    found = _asked(lambda _, actor, conn: endpoints.list_endpoints(conn, actor), data=data)
    if as_json:
        print_json([{"endpoint": one, "standing": standing} for one, standing in found])
        return
    print_table(
        ["ENDPOINT", "NAME", "SORT", "STATE", "NUMBER", "WAITING", "FAILED", "24 H", "LAST FAILURE"],
        [
            (
                one.id,
                one.name,
                one.sort,
                one.why_off or ("failing" if one.failing_since else one.state),
                one.number,
                how.waiting,
                how.failed,
                f"{how.well}/{how.well + how.badly}",
                one.failed_at,
            )
            for one, how in found
        ],
    )


@noun.command()
def add(
    url: Annotated[str, typer.Argument(metavar="URL", help="Where to send to.", show_default=False)],
    *,
    q: Query = None,
    sort: Annotated[str, typer.Option("--sort", metavar="SORT", help="webhook, slack or teams.")] = "webhook",
    name: Name = None,
    entry: Entries = None,
    stage: Stages = None,
    owner: Annotated[
        str | None,
        typer.Option(
            "--owner",
            metavar="ACTOR",
            help="With whose rights it is told, such as token:…",
            show_default=False,
        ),
    ] = None,
    data: flags.Data = None,
    as_json: flags.Json = False,
) -> None:
    """Tell another place; the secret of a webhook is printed this once."""
    from viertakt.access.model import ActorId
    from viertakt.cli.output import print_facts, print_json
    from viertakt.notices import endpoints

    of_sort = _sort(sort)
    wanted = _wanted(name=name, url=url, q=q, entry=entry, stage=stage)
    made, secret = _asked(
        lambda running, actor, conn: endpoints.make_endpoint(
            conn,
            actor,
            of_sort,
            wanted,
            sealer=running.sealer,
            allowed=running.networks,
            fields=running.kinds.search_fields(conn),
            owner=None if owner is None else ActorId(owner),
        ),
        data=data,
    )
    if as_json:
        print_json({"id": made.id, "secret": secret})
    else:
        print_facts({"endpoint": made.id, "name": made.name, "secret": secret})


@noun.command()
def change(
    endpoint: EndpointId,
    *,
    url: Annotated[
        str | None, typer.Option("--url", metavar="URL", help="Where to send to.", show_default=False)
    ] = None,
    q: Query = None,
    name: Name = None,
    entry: Entries = None,
    stage: Stages = None,
    active: Annotated[
        bool | None,
        typer.Option("--on/--off", help="Go on where it stopped, or tell nothing more.", show_default=False),
    ] = None,
    data: flags.Data = None,
    as_json: flags.Json = False,
) -> None:
    """Change an endpoint; what is left out stays."""
    from viertakt.cli.output import print_facts, print_json
    from viertakt.notices import endpoints

    which = _endpoint_id(endpoint)
    wanted = _wanted(name=name, url=url, q=q, entry=entry, stage=stage)

    def act(running: "Application", actor: "Actor", conn: Any) -> Any:
        found = endpoints.change_endpoint(
            conn,
            which,
            actor,
            wanted,
            sealer=running.sealer,
            allowed=running.networks,
            fields=running.kinds.search_fields(conn),
        )
        return found if active is None else endpoints.switch(conn, which, actor, on=active)

    found = _asked(act, data=data)
    if as_json:
        print_json(found)
    else:
        print_facts({"endpoint": found.id, "name": found.name, "state": found.why_off or found.state})


@noun.command()
def end(endpoint: EndpointId, *, data: flags.Data = None) -> None:
    """Tell an endpoint nothing more, ever."""
    from viertakt.notices import endpoints

    which = _endpoint_id(endpoint)
    _asked(lambda _, actor, conn: endpoints.end(conn, which, actor), data=data)


@noun.command()
def rotate(
    endpoint: EndpointId,
    *,
    overlap: Annotated[
        int,
        typer.Option(
            "--overlap-hours", metavar="N", min=0, max=720, help="For how long the old one signs too."
        ),
    ] = 24,
    data: flags.Data = None,
    as_json: flags.Json = False,
) -> None:
    """A new secret, printed this once; the old one signs too for a while."""
    from datetime import timedelta

    from viertakt.cli.output import print_json, print_text
    from viertakt.notices import endpoints

    which = _endpoint_id(endpoint)
    secret = _asked(
        lambda running, actor, conn: endpoints.rotate(
            conn, which, actor, sealer=running.sealer, overlap=timedelta(hours=overlap)
        ),
        data=data,
    )
    if as_json:
        print_json({"secret": secret})
    else:
        print_text(secret)


@noun.command()
def test(endpoint: EndpointId, *, data: flags.Data = None, as_json: flags.Json = False) -> None:
    """Send an event that tells nothing but that it came; a worker sends it."""
    from viertakt.cli.output import print_json, talk
    from viertakt.notices import endpoints

    which = _endpoint_id(endpoint)
    number = _asked(lambda _, actor, conn: endpoints.send_test(conn, which, actor), data=data)
    if as_json:
        print_json({"number": number})
    else:
        talk(f"It goes out as delivery {number}.")


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

    which, of_state = _endpoint_id(endpoint), _states(state)
    found = _asked(
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
                one.reference,
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
        int, typer.Argument(metavar="NUMBER", min=1, help="Of the delivery.", show_default=False)
    ],
    *,
    data: flags.Data = None,
    as_json: flags.Json = False,
) -> None:
    """One delivery, with every attempt."""
    from viertakt.cli.output import print_facts, print_json, print_table
    from viertakt.notices import endpoints

    which = _endpoint_id(endpoint)
    found, attempts = _asked(
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
    number: Annotated[
        list[int] | None,
        typer.Option(
            "--number", metavar="N", min=1, help="This delivery; repeat for more.", show_default=False
        ),
    ] = None,
    state: State = None,
    since: Annotated[
        str | None, typer.Option("--since", metavar="TIME", help="Made since then.", show_default=False)
    ] = None,
    q: Query = None,
    after: Annotated[
        str | None,
        typer.Option(
            "--after",
            metavar="CURSOR",
            help="Everything after this place in the journal.",
            show_default=False,
        ),
    ] = None,
    begin: Annotated[
        str | None, typer.Option("--from", metavar="TIME", help="Everything since then.", show_default=False)
    ] = None,
    dry_run: flags.DryRun = False,
    data: flags.Data = None,
    as_json: flags.Json = False,
) -> None:
    """Send deliveries again: by number, state, time or query; or everything after a place or since a time."""
    from viertakt.cli.output import print_json, talk
    from viertakt.journal.model import Cursor
    from viertakt.notices import endpoints
    from viertakt.notices.endpoint_model import Again

    which = _endpoint_id(endpoint)
    wanted = Again(tuple(number) if number else None, _states(state), _moment(since), None, q)
    if sum((wanted != Again(), after is not None, begin is not None)) != 1:
        raise typer.BadParameter("Say --after, or --from, or which deliveries; one of these.")
    start = Cursor.read(after) if after is not None else _moment(begin)

    def act(running: "Application", actor: "Actor", conn: Any) -> endpoints.Replay:
        if start is not None:
            return endpoints.replay_from(conn, which, actor, start, dry_run=dry_run)
        fields = running.kinds.search_fields(conn)
        return endpoints.send_again(conn, which, actor, wanted, fields=fields, dry_run=dry_run)

    found = _asked(act, data=data)
    if as_json:
        print_json({"deliveries": found.deliveries, "entries": found.entries, "dry_run": dry_run})
    else:
        would = "would be sent again" if dry_run else "are sent again"
        asked = f", and {found.entries} entries asked about" if found.entries else ""
        talk(f"{found.deliveries} deliveries {would}{asked}.")


def _asked(question: "Callable[[Application, Actor, Any], T]", *, data: flags.Data) -> T:
    """What a question answers, asked in the caller's name."""
    from viertakt.cli.bulk import caller
    from viertakt.cli.place import application, settings_of

    with application(settings_of(data=data)) as running:
        actor = caller(running)
        return running.call(lambda conn: question(running, actor, conn))


def _wanted(
    *,
    name: str | None,
    url: str | None,
    q: str | None,
    entry: list[str] | None,
    stage: list[str] | None,
) -> Any:
    from viertakt.notices.endpoints import Wanted
    from viertakt.operations.model import EntrySort

    try:
        sorts = None if not entry else tuple(EntrySort(text) for text in entry)
    except ValueError as fault:
        raise typer.BadParameter(f"{fault}; there are {', '.join(EntrySort)}.") from None
    return Wanted(name, url, q, sorts, None if not stage else tuple(stage))


def _sort(text: str) -> Any:
    from viertakt.notices.endpoint_model import EndpointSort

    try:
        return EndpointSort(text)
    except ValueError:
        raise typer.BadParameter(f"An endpoint is one of {', '.join(EndpointSort)}.") from None


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


def _endpoint_id(text: str) -> Any:
    from uuid import UUID

    from viertakt.notices.endpoint_model import EndpointId as Id

    try:
        return Id(UUID(text))
    except ValueError:
        raise typer.BadParameter(f"{text!r} is no id.") from None
