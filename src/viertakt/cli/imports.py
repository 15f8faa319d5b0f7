"""`import xes`: what has happened elsewhere becomes operations with their true history."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from viertakt.cli import flags

if TYPE_CHECKING:
    from viertakt.exchange.model import Report
    from viertakt.exchange.xes import EventLog

noun = typer.Typer(help="Bring in what has happened elsewhere.", no_args_is_help=True)


@noun.command()
def xes(
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE", help="An event log (IEEE 1849 XES), plain or gzip.", show_default=False
        ),
    ],
    *,
    map_file: Annotated[
        Path,
        typer.Option(
            "--map", metavar="MAP.yaml", help="How its cases become operations of a kind.", show_default=False
        ),
    ],
    data: flags.Data = None,
    as_json: flags.Json = False,
) -> None:
    """Import an event log: a case becomes an operation, its events moves at their true times, in the file's order.

    Again is harmless: what is there is found, what is missing is added. Exit status 1 where a case was refused or the file
    could not be read to its end.
    """
    from viertakt.access.model import system
    from viertakt.cli.place import application, settings_of
    from viertakt.exchange.actions import Importer
    from viertakt.exchange.map import read_map
    from viertakt.exchange.xes import EventLog
    from viertakt.kinds.actions import publish_kind

    log_map, kind = read_map(map_file)
    log = EventLog(file)
    with application(settings_of(data=data)) as running:
        published = running.call(lambda conn: publish_kind(conn, kind, actor=system("import")))
        importer = Importer(log, log_map, published, batch=running.batch, ask=running.call)
        with _progress(log) as told:
            report = importer.run(told)
    _finish(report, as_json=as_json)


@contextmanager
def _progress(log: "EventLog") -> "Iterator[Callable[[EventLog, Report], None]]":
    """A bar on stderr that follows the file; nothing where no terminal shows it."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("reading", total=log.size)

        def told(log: "EventLog", report: "Report") -> None:
            progress.update(
                task, completed=log.position, description=f"{report.cases:,} cases, {report.moves:,} moves"
            )

        yield told


def _finish(report: "Report", *, as_json: bool) -> None:
    """The report as data; what went wrong as talk, and as the exit status."""
    from viertakt.cli.output import print_facts, print_json, talk

    if as_json:
        print_json(report)
    else:
        print_facts(_facts(report))
    for case in report.refused:
        talk(f"refused: case {case.case}: {case.detail}")
    if report.refused_count > len(report.refused):
        talk(f"… and {report.refused_count - len(report.refused):,} more.")
    if report.stopped_by:
        talk(f"Stopped before the end of the file: {report.stopped_by}")
    raise typer.Exit(1 if report.refused_count or report.stopped_by else 0)


def _facts(report: "Report") -> dict[str, object]:
    """What an import came to, in words; what did not happen is left out."""
    counts = {
        "operations opened": report.opened,
        "moves": report.moves,
        "already there": report.already_there,
        "refused": report.refused_count,
        "without a stage event": report.without_stages,
        "events left out by the map": report.ignored,
        "events out of order": report.out_of_order,
        "amounts of zero left out": report.zero_amounts,
        "people of the log": report.people,
    }
    shown: dict[str, object] = {
        "kind": f"{report.kind} (version {report.kind_version})",
        "cases": f"{report.cases:,}",
    }
    shown |= {name: f"{count:,}" for name, count in counts.items() if count}
    if report.unmapped:
        shown["events not mapped"] = ", ".join(
            f"{name or '(no name)'} {count:,}" for name, count in report.unmapped.items()
        )
    return {**shown, "seconds": f"{report.seconds:.1f}"}
