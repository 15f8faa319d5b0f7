"""`calendars set | list`: the working hours by which promises are counted."""

from pathlib import Path
from typing import Annotated

import typer

from viertakt.cli import flags

noun = typer.Typer(help="Working hours, by which promises are counted: set and list.", no_args_is_help=True)


@noun.command(name="set")
def set_(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="A calendar's document (YAML).", show_default=False)
    ],
    *,
    data: flags.Data = None,
    as_json: flags.Json = False,
) -> None:
    """Set a calendar, new or instead of the one of its name.

    Its hours are those of the past too: where kinds name it, stays and promises are counted again, which takes as long as
    it takes.
    """
    from viertakt.cli.output import print_json, talk
    from viertakt.cli.place import asking, settings_of, text_of
    from viertakt.deadlines.actions import set_calendar
    from viertakt.deadlines.calendars import read_calendar
    from viertakt.wiring import REBUILDS

    calendar = read_calendar(text_of(file), what=f"The calendar {file.name}")
    with asking(settings_of(data=data)) as place:
        kinds = place.call(lambda conn: set_calendar(conn, calendar))
        if kinds:
            talk(f"Counting again: {', '.join(kinds)} go by {calendar.calendar}.")
            for name in ("stays", "targets"):
                place.unhurried(REBUILDS[name])
    if as_json:
        print_json({"calendar": calendar.calendar, "kinds": kinds})
    talk(f"{calendar.calendar} is set.")


@noun.command(name="list")
def list_calendars(*, data: flags.Data = None, as_json: flags.Json = False) -> None:
    """Every calendar, with its hours and holidays."""
    from viertakt.cli.output import print_json, print_table
    from viertakt.cli.place import asking, settings_of
    from viertakt.deadlines.actions import calendars

    with asking(settings_of(data=data)) as place:
        known = place.call(calendars)
    if as_json:
        print_json(known)
        return
    print_table(
        ["CALENDAR", "ZONE", "HOURS", "HOLIDAYS"],
        [(one.calendar, one.zone, _week(one.hours), len(one.holidays)) for one in known],
    )


def _week(hours: dict[str, tuple[str, ...]]) -> str:
    from viertakt.kinds.calendars import WEEKDAYS

    return "; ".join(f"{day[:3]} {' '.join(hours[day])}" for day in WEEKDAYS if hours.get(day))
