"""`alerts list`: what is out of the ordinary."""

import typer

from viertakt.cli import flags

noun = typer.Typer(help="What is out of the ordinary, held against its own past.", no_args_is_help=True)


@noun.callback()
def _alerts() -> None:
    """One command is still a noun."""


@noun.command("list")
def list_alerts(
    *,
    data: flags.Data = None,
    only_open: bool = typer.Option(False, "--open", help="Only those that are open."),
    as_json: flags.Json = False,
) -> None:
    """Alerts, open ones first, then the latest."""
    import msgspec

    from viertakt.alerts import store
    from viertakt.alerts.actions import LIST_MAX
    from viertakt.alerts.rules import query_of
    from viertakt.cli.output import print_json, print_table, talk
    from viertakt.cli.place import asking, settings_of

    with asking(settings_of(data=data)) as place:
        found = place.call(lambda conn: store.list_alerts(conn, only_open=only_open, limit=LIST_MAX))
    if as_json:
        print_json([{**msgspec.structs.asdict(alert), "q": query_of(alert)} for alert in found])
        return
    if not found:
        talk("Nothing is out of the ordinary." if only_open else "There has been no alert.")
        return
    print_table(
        ("level", "kind", "brand", "what", "value", "usual", "opened", "closed"),
        [
            (
                alert.level,
                alert.kind,
                alert.brand or "all",
                f"{alert.measure} {alert.direction}",
                f"{alert.value:.3g}",
                f"{alert.usual:.3g}",
                str(alert.opened_at),
                str(alert.closed_at or ""),
            )
            for alert in found
        ],
    )
