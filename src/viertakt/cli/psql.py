"""`psql`: PostgreSQL's own terminal on the database in use, embedded or not."""

from typing import Annotated

import typer

from viertakt.cli import flags


def add_to(app: typer.Typer) -> None:
    """This command, without a noun before it."""
    app.command()(psql)


def psql(
    *,
    command: Annotated[
        list[str] | None,
        typer.Option("-c", "--command", metavar="SQL", help="Run this and leave; repeat for more."),
    ] = None,
    data: flags.Data = None,
) -> None:
    """Open psql on the database in use, or run SQL with -c. The history refuses changes here too."""
    import os
    import signal
    import subprocess

    from psycopg.conninfo import conninfo_to_dict, make_conninfo

    from viertakt.cli.place import server, settings_of
    from viertakt.db.binaries import programs

    settings = settings_of(data=data)
    with server(settings) as url:
        arguments = [part for sql in command or () for part in ("-c", sql)]
        parts = conninfo_to_dict(url)
        # Not on the command line, where every process of the machine could read it.
        secret = {"PGPASSWORD": str(parts.pop("password"))} if "password" in parts else {}
        program = str(programs(settings.postgres) / "psql")
        line = [program, "--no-psqlrc", "--set=ON_ERROR_STOP=1", *arguments, make_conninfo("", **parts)]
        # Ctrl-C is psql's while it runs: it ends a query, not us and the server under it.
        before = signal.signal(signal.SIGINT, signal.SIG_IGN)
        try:
            done = subprocess.run(line, env={**os.environ, **secret}, check=False)  # noqa: S603 - our own program, arguments as they came
        finally:
            signal.signal(signal.SIGINT, before)
    raise typer.Exit(1 if done.returncode else 0)
