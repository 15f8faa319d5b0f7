"""`schedules list | add | end`: reports that come to people by mail."""

from datetime import time
from typing import Annotated, Literal

import typer

from viertakt.cli import flags

noun = typer.Typer(help="Reports that come to people by mail.", no_args_is_help=True)

Reader = Annotated[
    str, typer.Option("--for", metavar="WHO", help="A person's e-mail address or id.", show_default=False)
]
Pace = Annotated[
    Literal["day", "week", "month"],
    typer.Option("--every", help="About the day before, the week before on Mondays, or the month before."),
]


@noun.command("list")
def list_(
    *,
    of: Annotated[
        str | None, typer.Option("--for", metavar="WHO", help="Only of this person.", show_default=False)
    ] = None,
    data: flags.Data = None,
    as_json: flags.Json = False,
) -> None:
    """List the reports that come by mail, to everybody or to one."""
    from viertakt.access.actions import person_called
    from viertakt.cli.output import print_json, print_table, talk
    from viertakt.cli.place import asking, settings_of
    from viertakt.notices.report_schedules import schedules_of

    with asking(settings_of(data=data)) as place:
        reader = None if of is None else place.call(lambda conn: person_called(conn, of).id)
        found = place.call(lambda conn: schedules_of(conn, reader))
    if as_json:
        print_json({"items": found})
        return
    if not found:
        talk("There are none: viertakt schedules add REPORT --for WHO")
        return
    print_table(
        ["ID", "FOR", "REPORT", "FILTER", "EVERY", "AT", "NEXT", "SENT"],
        [
            (
                one.id,
                one.reader,
                one.report,
                one.query,
                one.every.value,
                f"{one.at:%H:%M} {one.zone}",
                one.next_at,
                one.sent_at,
            )
            for one in found
        ],
    )


@noun.command()
def add(
    report: Annotated[str, typer.Argument(metavar="REPORT", help="Such as flow.", show_default=False)],
    *,
    of: Reader,
    q: Annotated[str, typer.Option("--q", metavar="QUERY", help="Which operations: kind:withdrawal.")] = "",
    every: Pace = "week",
    at: Annotated[str, typer.Option("--at", metavar="HH:MM", help="By the clock of the zone.")] = "07:00",
    zone: Annotated[str, typer.Option("--zone", metavar="ZONE", help="Such as Europe/Amsterdam.")] = "UTC",
    file: Annotated[Literal["csv", "xlsx"], typer.Option("--format", help="What is attached.")] = "xlsx",
    data: flags.Data = None,
    as_json: flags.Json = False,
) -> None:
    """Have a report come to a person by mail, counted as they may see it when it goes."""
    from viertakt.access.actions import actor_by_id, person_called
    from viertakt.cli.output import print_json, talk
    from viertakt.cli.place import asking, settings_of
    from viertakt.kinds.searchable import search_fields
    from viertakt.notices.report_schedules import Wanted, schedule
    from viertakt.notices.rules_schedules import Every
    from viertakt.reports.catalogue import check_may_read
    from viertakt.reports.zones import zone_named

    zone_named(zone)
    wanted = Wanted(report, q, file, Every(every), _clock(at), zone)
    with asking(settings_of(data=data)) as place:
        reader = place.call(lambda conn: actor_by_id(conn, person_called(conn, of).id))
        check_may_read(reader, report)
        made = place.call(lambda conn: schedule(conn, reader, wanted, fields=search_fields(conn)))
    if as_json:
        print_json(made)
        return
    talk(f"{report} comes to {reader.name}, first at {made.next_at:%Y-%m-%d %H:%M} UTC (schedule {made.id}).")


@noun.command()
def end(
    schedule: Annotated[str, typer.Argument(metavar="ID", show_default=False)],
    *,
    data: flags.Data = None,
) -> None:
    """End a report that comes by mail."""
    from uuid import UUID

    from viertakt.access.model import system
    from viertakt.cli.output import talk
    from viertakt.cli.place import asking, settings_of
    from viertakt.notices.report_schedules import end_schedule

    try:
        sought = UUID(schedule)
    except ValueError:
        raise typer.BadParameter("An id looks like those that 'schedules list' shows.") from None
    with asking(settings_of(data=data)) as place:
        place.call(lambda conn: end_schedule(conn, system("cli"), sought))
    talk("Ended.")


def _clock(text: str) -> time:
    try:
        return time.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"--at is a time such as 07:00, not {text!r}.") from None
