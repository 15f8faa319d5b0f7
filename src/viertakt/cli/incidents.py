"""`incidents list | show | open | note | add-alert | pause | release | close`: what is wrong outside, and what waits because of it."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

import typer

from viertakt.cli import flags

if TYPE_CHECKING:
    from psycopg import Connection

    from viertakt.access.model import Actor
    from viertakt.alerts.incidents_model import Incident, IncidentId

noun = typer.Typer(help="What is wrong outside, and what waits because of it.", no_args_is_help=True)

Sought = Annotated[UUID, typer.Argument(metavar="INCIDENT", help="Its id.", show_default=False)]
Comment = Annotated[
    str | None, typer.Option("--comment", metavar="TEXT", help="For its history.", show_default=False)
]


@noun.command(name="list")
def list_incidents(
    *,
    data: flags.Data = None,
    only_open: bool = typer.Option(False, "--open", help="Only those that are open."),
    as_json: flags.Json = False,
) -> None:
    """Incidents, open ones first, then the latest."""
    from viertakt.alerts import incidents
    from viertakt.cli.operations import acting
    from viertakt.cli.output import print_json, print_table, talk
    from viertakt.cli.place import application, settings_of

    with application(settings_of(data=data)) as running:
        actor = acting(running)
        found = running.call(
            lambda conn: incidents.list_incidents(
                conn, actor, running.kinds.search_fields(conn), only_open=only_open
            )
        )
    if as_json:
        print_json([_document(one) for one in found])
        return
    if not found:
        talk("No incident is open." if only_open else "There has been no incident.")
        return
    rows = [
        (one.id, one.state, one.title, one.query, one.alerts, one.opened_at, one.closed_at or "")
        for one in found
    ]
    print_table(("id", "state", "title", "operations", "alerts", "opened", "closed"), rows)


@noun.command()
def show(incident: Sought, *, data: flags.Data = None, as_json: flags.Json = False) -> None:
    """An incident with its history, and how many operations it concerns now."""
    from viertakt.alerts import incidents
    from viertakt.alerts.incidents_model import IncidentId
    from viertakt.cli.operations import acting
    from viertakt.cli.output import print_json, print_table, talk
    from viertakt.cli.place import application, settings_of

    with application(settings_of(data=data)) as running:
        actor = acting(running)
        found, events, alerts, held = running.call(
            lambda conn: incidents.read_incident(
                conn, actor, running.kinds.search_fields(conn), IncidentId(incident)
            )
        )
    if as_json:
        concerned = {name: getattr(held, name) for name in held._fields}
        print_json({**_document(found), **concerned, "events": events, "alerts": alerts})
        return
    talk(f"{found.title}: {found.state.value}. {found.query}")
    talk(
        f"{held.pending:,} operations under way, {held.with_provider:,} of them with a provider; "
        f"{held.deadlines:,} have a deadline, of {held.overdue:,} it is up."
    )
    rows = [(one.at, one.sort, one.actor, one.comment or one.alert_id or "") for one in events]
    print_table(("at", "what", "by", "comment"), rows)


@noun.command(name="open")
def open_incident(
    title: Annotated[str, typer.Argument(metavar="TITLE", show_default=False)],
    query: Annotated[
        str, typer.Argument(metavar="QUERY", help="The operations that it concerns.", show_default=False)
    ],
    *,
    alert: Annotated[
        list[UUID] | None,
        typer.Option("--alert", metavar="ALERT", help="An alert that belongs to it; repeat for more."),
    ] = None,
    pause: Annotated[bool, typer.Option("--pause", help="Its operations wait from now on.")] = False,
    comment: Comment = None,
    data: flags.Data = None,
    as_json: flags.Json = False,
) -> None:
    """Say that something is wrong outside, and which operations it concerns."""
    from viertakt.alerts import incidents
    from viertakt.alerts.model import AlertId
    from viertakt.cli.operations import acting
    from viertakt.cli.place import application, settings_of
    from viertakt.wiring import tell_incident

    with application(settings_of(data=data)) as running:
        actor = acting(running)
        found = running.call(
            lambda conn: incidents.open_incident(
                conn,
                actor,
                title=title,
                query=query,
                fields=running.kinds.search_fields(conn),
                alerts=[AlertId(one) for one in alert or ()],
                pause=pause,
                comment=comment,
                tell=tell_incident,
            )
        )
    _tell(found, as_json=as_json)


@noun.command()
def note(
    incident: Sought,
    comment: Annotated[str, typer.Argument(metavar="TEXT", show_default=False)],
    *,
    data: flags.Data = None,
    as_json: flags.Json = False,
) -> None:
    """Write something down about an incident."""
    from viertakt.alerts import incidents

    _act(incident, lambda conn, by, id_: incidents.note(conn, by, id_, comment), data=data, as_json=as_json)


@noun.command(name="add-alert")
def add_alert(
    incident: Sought,
    alert: Annotated[UUID, typer.Argument(metavar="ALERT", help="Its id.", show_default=False)],
    *,
    data: flags.Data = None,
    as_json: flags.Json = False,
) -> None:
    """One more alert that belongs to an incident."""
    from viertakt.alerts import incidents
    from viertakt.alerts.model import AlertId

    def act(conn: "Connection[Any]", by: "Actor", id_: "IncidentId") -> "Incident":
        return incidents.add_alert(conn, by, id_, AlertId(alert))

    _act(incident, act, data=data, as_json=as_json)


@noun.command()
def pause(
    incident: Sought, *, comment: Comment = None, data: flags.Data = None, as_json: flags.Json = False
) -> None:
    """Let its operations wait: programs do not send them, nobody is asked about them, their deadlines do not fire."""
    from viertakt.alerts import incidents

    def act(conn: "Connection[Any]", by: "Actor", id_: "IncidentId") -> "Incident":
        return incidents.pause(conn, by, id_, comment=comment)

    _act(incident, act, data=data, as_json=as_json)


@noun.command()
def release(
    incident: Sought,
    *,
    per_minute: Annotated[
        int, typer.Option("--per-minute", metavar="N", help="How many operations are asked about again.")
    ] = 60,
    comment: Comment = None,
    data: flags.Data = None,
    as_json: flags.Json = False,
) -> None:
    """Let its operations go on: a worker asks about them at this rate, and gives their deadlines the time back."""
    from viertakt.alerts import incidents

    def act(conn: "Connection[Any]", by: "Actor", id_: "IncidentId") -> "Incident":
        return incidents.release(conn, by, id_, per_minute=per_minute, comment=comment)

    _act(incident, act, data=data, as_json=as_json)


@noun.command()
def close(
    incident: Sought, *, comment: Comment = None, data: flags.Data = None, as_json: flags.Json = False
) -> None:
    """End an incident whose operations do not wait."""
    from viertakt.alerts import incidents

    def act(conn: "Connection[Any]", by: "Actor", id_: "IncidentId") -> "Incident":
        return incidents.close(conn, by, id_, comment=comment)

    _act(incident, act, data=data, as_json=as_json)


def _act(
    incident: UUID,
    act: "Callable[[Connection[Any], Actor, IncidentId], Incident]",
    *,
    data: flags.Data,
    as_json: bool,
) -> None:
    from viertakt.alerts.incidents_model import IncidentId
    from viertakt.cli.operations import acting
    from viertakt.cli.place import application, settings_of

    with application(settings_of(data=data)) as running:
        actor = acting(running)
        found = running.call(lambda conn: act(conn, actor, IncidentId(incident)))
    _tell(found, as_json=as_json)


def _tell(found: "Incident", *, as_json: bool) -> None:
    from viertakt.cli.output import print_json, talk

    if as_json:
        print_json(_document(found))
        return
    talk(f"Incident {found.id} is {found.state.value}: {found.title}.")


def _document(found: "Incident") -> dict[str, Any]:
    import msgspec

    return {**msgspec.structs.asdict(found), "state": found.state.value}
