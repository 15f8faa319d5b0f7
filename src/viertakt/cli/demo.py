"""`demo`: one command to a living back office."""

import typer

from viertakt.cli import flags


def add_to(app: typer.Typer) -> None:
    """This command, without a noun before it."""
    app.command()(demo)


def demo(
    *, data: flags.Data = None, host: flags.Host = None, port: flags.Port = None, as_json: flags.Json = False
) -> None:
    """A living back office: every kind of operation, people to sign in as, and a simulator that keeps it moving."""
    from viertakt.cli.place import settings_of
    from viertakt.demo import run

    run(settings_of(data=data, host=host, port=port), as_json=as_json)
