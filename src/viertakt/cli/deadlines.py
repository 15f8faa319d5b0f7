"""`deadlines show | pause | resume`: whether time limits fire, and what waits to."""

from typing import TYPE_CHECKING

import typer

from viertakt.cli import flags

if TYPE_CHECKING:
    from viertakt.deadlines.model import Standing

noun = typer.Typer(help="Time limits that fire: how it stands, stop and go on.", no_args_is_help=True)


@noun.command()
def show(*, data: flags.Data = None, as_json: flags.Json = False) -> None:
    """Whether time limits fire, how many wait to, and how many were refused."""
    from viertakt.cli.place import asking, settings_of
    from viertakt.deadlines import firing

    with asking(settings_of(data=data)) as place:
        found = place.call(firing.standing)
    _tell(found, as_json=as_json)


@noun.command()
def pause(*, data: flags.Data = None, as_json: flags.Json = False) -> None:
    """Fire nothing from now on, for instance before the database's clock is set."""
    from viertakt.access.model import system
    from viertakt.cli.place import asking, settings_of
    from viertakt.deadlines import firing

    with asking(settings_of(data=data)) as place:
        place.call(lambda conn: firing.pause(conn, system("cli")))
        found = place.call(firing.standing)
    _tell(found, as_json=as_json)


@noun.command()
def resume(*, data: flags.Data = None, as_json: flags.Json = False) -> None:
    """Fire what is due again, after a pause, or once you have seen to a clock that jumped."""
    from viertakt.access.model import system
    from viertakt.cli.place import asking, settings_of
    from viertakt.deadlines import firing

    with asking(settings_of(data=data)) as place:
        place.call(lambda conn: firing.resume(conn, system("cli")))
        found = place.call(firing.standing)
    _tell(found, as_json=as_json)


def _tell(found: "Standing", *, as_json: bool) -> None:
    from viertakt.cli.output import print_facts, print_json

    if as_json:
        print_json(found)
        return
    pause = found.pause
    print_facts(
        {
            "deadlines": "fire"
            if pause is None
            else f"are paused since {pause.paused_at} by {pause.paused_by}",
            "the clock jumped by": pause.jumped if pause else None,
            "due now": found.due,
            "oldest": found.oldest,
            "refused": found.refused,
        }
    )
