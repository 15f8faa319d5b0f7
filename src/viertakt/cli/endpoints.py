"""`endpoints list | add | change | end | rotate | test`: where entries are told."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from viertakt.cli import flags

if TYPE_CHECKING:
    from viertakt.access.model import Actor
    from viertakt.notices.endpoint_model import Endpoint
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
Alerts = Annotated[
    bool | None,
    typer.Option(
        "--alerts/--no-alerts",
        help="Tell it of alerts and incidents too, of every one that its owner may see.",
        show_default=False,
    ),
]
NoEntries = Annotated[
    bool, typer.Option("--no-entries", help="Tell it no entry of any operation: alerts and incidents alone.")
]
Name = Annotated[
    str | None, typer.Option("--name", metavar="NAME", help="What it is called.", show_default=False)
]


@noun.command(name="list")
def list_endpoints(*, data: flags.Data = None, as_json: flags.Json = False) -> None:
    """Every endpoint, and how it goes with it."""
    from viertakt.cli.output import print_json, print_table
    from viertakt.notices import endpoints

    found = asked(lambda _, actor, conn: endpoints.list_endpoints(conn, actor), data=data)
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
                _state(one),
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
    sort: Annotated[
        str, typer.Option("--sort", metavar="SORT", help="webhook, slack, teams or apprise.")
    ] = "webhook",
    name: Name = None,
    entry: Entries = None,
    stage: Stages = None,
    alerts: Alerts = None,
    no_entries: NoEntries = False,
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
    wanted = _wanted(name=name, url=url, q=q, entry=entry, stage=stage, alerts=alerts, no_entries=no_entries)
    made, secret = asked(
        lambda running, actor, conn: endpoints.make_endpoint(
            conn,
            actor,
            of_sort,
            wanted,
            sealer=running.sealer,
            allowed=running.networks,
            fields=running.kinds.search_fields(conn),
            owner=None if owner is None else ActorId(owner),
            persons=running.settings.access_persons,
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
    alerts: Alerts = None,
    no_entries: NoEntries = False,
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

    which = endpoint_id(endpoint)
    wanted = _wanted(name=name, url=url, q=q, entry=entry, stage=stage, alerts=alerts, no_entries=no_entries)

    def act(running: "Application", actor: "Actor", conn: Any) -> Any:
        found = endpoints.change_endpoint(
            conn,
            which,
            actor,
            wanted,
            sealer=running.sealer,
            allowed=running.networks,
            fields=running.kinds.search_fields(conn),
            persons=running.settings.access_persons,
        )
        return found if active is None else endpoints.switch(conn, which, actor, on=active)

    found = asked(act, data=data)
    if as_json:
        print_json(found)
    else:
        print_facts({"endpoint": found.id, "name": found.name, "state": _state(found)})


@noun.command()
def end(endpoint: EndpointId, *, data: flags.Data = None) -> None:
    """Tell an endpoint nothing more, ever."""
    from viertakt.notices import endpoints

    which = endpoint_id(endpoint)
    asked(lambda _, actor, conn: endpoints.end(conn, which, actor), data=data)


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

    which = endpoint_id(endpoint)
    secret = asked(
        lambda running, actor, conn: endpoints.rotate(
            conn, which, actor, sealer=running.sealer, overlap=timedelta(hours=overlap)
        ),
        data=data,
    )
    if as_json:
        print_json({"secret": secret})
    else:
        print_text(secret)


@noun.command(name="test")
def send_test(endpoint: EndpointId, *, data: flags.Data = None, as_json: flags.Json = False) -> None:
    """Send an event that tells nothing but that it came; a worker sends it."""
    from viertakt.cli.output import print_json, talk
    from viertakt.notices import endpoints

    which = endpoint_id(endpoint)
    number = asked(lambda _, actor, conn: endpoints.send_test(conn, which, actor), data=data)
    if as_json:
        print_json({"number": number})
    else:
        talk(f"It goes out as delivery {number}.")


def asked(question: "Callable[[Application, Actor, Any], T]", *, data: flags.Data) -> T:
    """What a question answers, asked in the caller's name."""
    from viertakt.cli.bulk import caller
    from viertakt.cli.place import application, settings_of

    with application(settings_of(data=data)) as running:
        actor = caller(running)
        return running.call(lambda conn: question(running, actor, conn))


def _state(endpoint: "Endpoint") -> str:
    """Active, failing, or off and why: one that is off for its failures is told apart from one that is tried still."""
    if endpoint.state != "active":
        return f"off: {endpoint.why_off}"
    return "failing" if endpoint.failing_since else "active"


def _wanted(
    *,
    name: str | None,
    url: str | None,
    q: str | None,
    entry: list[str] | None,
    stage: list[str] | None,
    alerts: bool | None,
    no_entries: bool,
) -> Any:
    from viertakt.notices.endpoint_wanted import Wanted
    from viertakt.operations.model import EntrySort

    if entry and no_entries:
        raise typer.BadParameter("Either --entry or --no-entries.")
    try:
        sorts = tuple(EntrySort(text) for text in entry or ()) if entry or no_entries else None
    except ValueError as fault:
        raise typer.BadParameter(f"{fault}; there are {', '.join(EntrySort)}.") from None
    return Wanted(name, url, q, sorts, None if not stage else tuple(stage), alerts)


def _sort(text: str) -> Any:
    from viertakt.notices.endpoint_model import EndpointSort

    try:
        return EndpointSort(text)
    except ValueError:
        raise typer.BadParameter(f"An endpoint is one of {', '.join(EndpointSort)}.") from None


def endpoint_id(text: str) -> Any:
    """The id that a text is. Raises `BadParameter`."""
    from uuid import UUID

    from viertakt.notices.endpoint_model import EndpointId as Id

    try:
        return Id(UUID(text))
    except ValueError:
        raise typer.BadParameter(f"{text!r} is no id.") from None
