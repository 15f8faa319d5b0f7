"""`doctor`: examines an installation and says what is red, with the remedy. It changes nothing."""

import typer

from viertakt.cli import flags


def add_to(app: typer.Typer) -> None:
    """This command, without a noun before it."""
    app.command()(doctor)


def doctor(*, data: flags.Data = None, as_json: flags.Json = False) -> None:
    """Examine the installation: server, schema, rights, partitions, kinds, and whether the history tells what is there.

    Exit status 1 where something is red; a note is worth knowing and nothing more.
    """
    from viertakt.cli.examinations import State, examine
    from viertakt.cli.output import print_json, print_table, talk
    from viertakt.cli.place import server, settings_of

    with server(settings_of(data=data)) as url:
        findings = examine(url)
    red = sum(finding.state is State.RED for finding in findings)
    if as_json:
        print_json({"healthy": not red, "findings": findings})
    else:
        print_table(
            ["", "EXAMINED", "FOUND"], [(finding.state, finding.name, finding.detail) for finding in findings]
        )
    talk(f"{len(findings)} examined, {red} red.")
    raise typer.Exit(1 if red else 0)
