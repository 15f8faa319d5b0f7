"""The tree of commands: every noun with its verbs. Importing it must stay cheap, for `--help` shows it."""

import typer

from viertakt.cli import (
    access,
    alerts,
    bench,
    bulk,
    calendars,
    checks,
    children,
    deadlines,
    demo,
    doctor,
    endpoint_deliveries,
    grants,
    imports,
    incidents,
    journal,
    kinds,
    notices,
    people,
    psql,
    reports,
    roles,
    schedules,
    serving,
    signal_payloads,
    tokens,
)

app = typer.Typer(
    name="viertakt",
    help=(
        "One status engine for every operation of a back office.\n\n"
        "Commands work on the embedded PostgreSQL in --data, beside a running `viertakt up` or alone, or on the one that "
        "VIERTAKT_DATABASE_URL (or the file in VIERTAKT_DATABASE_URL_FILE) names. Data goes to stdout, talk to stderr. "
        "Exit status: 0 done, 1 refused, 2 misused."
    ),
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)

serving.add_to(app)
demo.add_to(app)
doctor.add_to(app)
psql.add_to(app)
reports.add_to(app)
bench.add_to(app)
for name, noun in (
    ("kinds", kinds.noun),
    ("calendars", calendars.noun),
    ("alerts", alerts.noun),
    ("incidents", incidents.noun),
    ("checks", checks.noun),
    ("deadlines", deadlines.noun),
    ("operations", children.operations),
    ("bulk", bulk.noun),
    ("endpoints", endpoint_deliveries.noun),
    ("signals", signal_payloads.noun),
    ("import", imports.noun),
    ("journal", journal.noun),
    ("tokens", tokens.noun),
    ("people", people.noun),
    ("grants", grants.noun),
    ("roles", roles.noun),
    ("access", access.noun),
    ("subscriptions", notices.subscriptions),
    ("notices", notices.noun),
    ("schedules", schedules.noun),
):
    app.add_typer(noun, name=name)


@app.callback(invoke_without_command=True)
def _version(
    *, version: bool = typer.Option(False, "--version", help="Show the version and leave.", is_eager=True)
) -> None:
    if version:
        from importlib.metadata import version as installed

        typer.echo(installed("viertakt"))
        raise typer.Exit
