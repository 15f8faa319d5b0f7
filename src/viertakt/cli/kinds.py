"""`kinds check | diff | publish | show | list`: the documents that say what an operation can be."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from viertakt.cli import flags

if TYPE_CHECKING:
    from viertakt.errors import Fault
    from viertakt.kinds.document import Document

noun = typer.Typer(
    help="What an operation can be: check, compare, publish and show kinds.", no_args_is_help=True
)
File = Annotated[Path, typer.Argument(metavar="FILE", help="A kind's document (YAML).", show_default=False)]


@noun.command()
def check(
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE…", help="Kinds' documents (YAML).", show_default=False)
    ],
    *,
    as_json: flags.Json = False,
) -> None:
    """Check kinds, alone and together; every fault at once, with its line and its remedy. Asks no database."""
    from viertakt.cli.output import print_json, print_text, talk
    from viertakt.errors import InvalidKind
    from viertakt.kinds.reasons import load_catalogue
    from viertakt.kinds.rules import check_kind, check_together

    found: list[tuple[Path, Fault]] = []
    good: dict[Path, Document] = {}
    for file in files:
        try:
            good[file] = _read(file)
        except InvalidKind as refusal:
            found += [(file, fault) for fault in refusal.faults]
    for file, document in good.items():
        found += [(file, fault) for fault in document.place(check_kind(document.kind, load_catalogue()))]
    by_name = {str(document.kind.kind): file for file, document in good.items()}
    for fault in check_together(document.kind for document in good.values()):
        found.append((by_name[_kind_of(fault)], fault))
    if as_json:
        print_json([{"file": str(file), "fault": fault} for file, fault in found])
    for file, fault in [] if as_json else found:
        print_text(f"{file} {fault.pointer or '/'}: {fault.detail} {fault.remedy or ''}".rstrip())
    talk(f"{len(files)} read, {len(found)} fault(s).")
    raise typer.Exit(1 if found else 0)


@noun.command()
def diff(
    before: File,
    after: Annotated[
        Path, typer.Argument(metavar="FILE", help="The document to compare it with.", show_default=False)
    ],
    *,
    as_json: flags.Json = False,
) -> None:
    """What differs between two documents of a kind."""
    from viertakt.cli.output import print_json, print_text, talk
    from viertakt.kinds.diff import diff_kinds

    changes = diff_kinds(_read(before).kind, _read(after).kind)
    if as_json:
        print_json(changes)
        return
    for change in changes:
        print_text(f"{change.difference:<8} {change.text}")
    if not changes:
        talk("They say the same.")


@noun.command()
def publish(
    file: File,
    *,
    comment: Annotated[
        str | None, typer.Option("--comment", metavar="TEXT", help="Why; kept with the version.")
    ] = None,
    dry_run: flags.DryRun = False,
    data: flags.Data = None,
    as_json: flags.Json = False,
) -> None:
    """Publish a kind: a new version, unless the newest says the same. Operations stay on the version they were opened with."""
    from viertakt.access.model import system
    from viertakt.cli.output import print_json, talk
    from viertakt.cli.place import database, settings_of
    from viertakt.db.pool import connect
    from viertakt.kinds.actions import publish_kind

    kind = _read(file).kind
    with database(settings_of(data=data)) as url, connect(url) as conn:
        published = publish_kind(conn, kind, actor=system("cli"), comment=comment)
        if dry_run:
            conn.rollback()
    talk(f"{kind.kind} {'would be' if dry_run else 'is'} published as version {published.version}.")
    if as_json:
        print_json({"kind": kind.kind, "version": published.version})


@noun.command(name="list")
def list_kinds(*, data: flags.Data = None, as_json: flags.Json = False) -> None:
    """The newest version of every published kind."""
    from viertakt.cli.output import print_json, print_table
    from viertakt.cli.place import application, settings_of

    with application(settings_of(data=data)) as running:
        known = running.call(running.kinds.all_latest)
    if as_json:
        lines = [{"kind": one.kind.kind, "version": one.version, "label": one.kind.label} for one in known]
        print_json(lines)
        return
    print_table(
        ["KIND", "VERSION", "LABEL", "STAGES"],
        [(one.kind.kind, one.version, one.kind.label.en, len(one.kind.stages)) for one in known],
    )


@noun.command()
def show(
    kind: Annotated[
        str, typer.Argument(metavar="KIND", help="Its name, such as withdrawal.", show_default=False)
    ],
    *,
    version: Annotated[
        int | None,
        typer.Option(
            "--version", metavar="N", min=1, max=2**31 - 1, help="A version; the newest without it."
        ),
    ] = None,
    data: flags.Data = None,
    as_json: flags.Json = False,
) -> None:
    """A published kind as a document that can be edited and published again."""
    from viertakt.cli.output import print_json, print_text
    from viertakt.cli.place import application, settings_of
    from viertakt.kinds.document import write_kind

    with application(settings_of(data=data)) as running:
        found = running.call(
            lambda conn: (
                running.kinds.latest(conn, kind) if version is None else running.kinds.at(conn, kind, version)
            )
        )
    if as_json:
        print_json(found)
    else:
        print_text(f"# version {found.version}\n{write_kind(found.kind)}")


def _read(file: Path) -> "Document":
    """The document in a file. Raises Invalid where it cannot be read, InvalidKind where it does not read."""
    from viertakt.cli.place import text_of
    from viertakt.kinds.document import read_document

    return read_document(text_of(file))


def _kind_of(fault: "Fault") -> str:
    """Between kinds, a path begins with the kind."""
    return fault.pointer.split("/")[1]
