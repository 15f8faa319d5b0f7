"""`journal`: the order of all entries, and what follows it."""

from typing import TYPE_CHECKING, Annotated

import typer

from viertakt.cli import flags

if TYPE_CHECKING:
    from viertakt.journal.model import Line

noun = typer.Typer(help="The order of all entries, and what follows it.", no_args_is_help=True)

After = Annotated[
    str | None,
    typer.Option(
        "--after", metavar="CURSOR", help="Go on from here [default: the beginning].", show_default=False
    ),
]
Limit = Annotated[int, typer.Option("--limit", metavar="N", min=1, max=1000, help="How many entries.")]
Name = Annotated[
    str, typer.Argument(metavar="NAME", help="tallies, or a follower that status names.", show_default=False)
]


@noun.command()
def show(
    *, data: flags.Data = None, after: After = None, limit: Limit = 50, as_json: flags.Json = False
) -> None:
    """Show entries in the order of all, from a cursor on; the last one's cursor goes on from there."""
    from viertakt.cli.output import print_json, print_table
    from viertakt.cli.place import asking, settings_of
    from viertakt.journal.model import Cursor
    from viertakt.journal.reading import read_after

    cursor = Cursor.read(after) if after is not None else None
    with asking(settings_of(data=data)) as place:
        lines = place.call(lambda conn: read_after(conn, cursor, limit=limit))
    if as_json:
        print_json([{"cursor": str(line.cursor), "entry": line.entry} for line in lines])
        return
    print_table(["CURSOR", "AT", "OPERATION", "WHAT", "FROM", "TO", "BY"], map(_cells, lines))


def _cells(line: "Line") -> tuple[object, ...]:
    entry = line.entry
    at = f"{entry.at:%Y-%m-%d %H:%M:%S}Z"
    return (
        line.cursor,
        at,
        entry.operation_id,
        entry.transition or entry.sort,
        entry.from_stage,
        entry.to_stage,
        entry.actor,
    )


@noun.command()
def status(*, data: flags.Data = None, as_json: flags.Json = False) -> None:
    """Say where the order ends, how long the oldest entry waits for its place, and who is how far behind."""
    from viertakt.cli.output import print_facts, print_json
    from viertakt.cli.place import asking, settings_of
    from viertakt.journal.reading import delay, epochs, head, lag

    with asking(settings_of(data=data)) as place:
        end, waits, behind, begun = place.call(
            lambda conn: (head(conn), delay(conn), lag(conn), epochs(conn))
        )
    if as_json:
        print_json(
            {"end": str(end), "waits_seconds": waits.total_seconds(), "behind": behind, "epochs": begun}
        )
        return
    print_facts(
        {
            "end": end,
            "waits": f"{waits.total_seconds():.1f} s",
            "epoch": f"{end.epoch}, since {begun[-1].started_at:%Y-%m-%d %H:%M}" if begun else "none yet",
        }
        | {f"{name} behind": f"{entries:,} entries" for name, entries in behind.items()}
    )


@noun.command()
def rebuild(name: Name, *, data: flags.Data = None) -> None:
    """Make a projection again from the journal: nobody is without it meanwhile, and nothing is counted twice."""
    from viertakt.cli.output import talk
    from viertakt.cli.place import asking, settings_of
    from viertakt.errors import Invalid
    from viertakt.wiring import REBUILDS

    again = REBUILDS.get(name)
    if again is None:
        raise Invalid(f"Nothing called {name!r} is made from the journal; there is: {', '.join(REBUILDS)}.")
    with asking(settings_of(data=data)) as place:
        place.unhurried(again)
    talk(f"{name} made again from the journal.")


@noun.command()
def verify(*, data: flags.Data = None, as_json: flags.Json = False) -> None:
    """Recount what was made from the journal, and say where it differs; exit status 1 where it does."""
    from viertakt.cli.output import print_json, print_text, talk
    from viertakt.cli.place import asking, settings_of
    from viertakt.wiring import DIFFERENCES

    with asking(settings_of(data=data)) as place:
        found = {name: place.unhurried(differing) for name, differing in DIFFERENCES.items()}
    if as_json:
        print_json(found)
    else:
        for name, differences in found.items():
            for difference in differences:
                print_text(f"{name}: {difference}")
    wrong = sorted(name for name, differences in found.items() if differences)
    if wrong:
        talk(f"{', '.join(wrong)} differ from the history: viertakt journal rebuild NAME makes them again.")
        raise typer.Exit(1)
    talk(f"{', '.join(found)}: each is what the history says.")
