"""`signals show | reveal | erase`: what a provider sent, masked and whole, and that it goes."""

from typing import Annotated, Any

import typer

from viertakt.cli import flags
from viertakt.cli.signals import noun, plain, signal_id

__all__ = ["erase", "noun", "reveal", "show"]


@noun.command()
def show(
    signal: Annotated[str, typer.Argument(metavar="ID", help="The signal's id.", show_default=False)],
    *,
    data: flags.Data = None,
    as_json: flags.Json = False,
) -> None:
    """One signal with its payload, in which everything is masked that its mapping does not read."""
    from viertakt.access.model import system
    from viertakt.cli.output import print_facts, print_json, print_text
    from viertakt.cli.place import asking, settings_of
    from viertakt.signals import inbox

    sought = signal_id(signal)

    def read(conn: Any) -> tuple[Any, Any]:
        found = inbox.read_signal(conn, sought, reader=system("cli"))
        return found, inbox.payload_of(conn, found)

    with asking(settings_of(data=data)) as place:
        found, shown = place.call(read)
    if as_json:
        print_json({**plain(found), "payload": shown.text, "masked": shown.masked})
        return
    print_facts(plain(found))
    print_text(shown.text)


@noun.command()
def reveal(
    signal: Annotated[str, typer.Argument(metavar="ID", help="The signal's id.", show_default=False)],
    *,
    reason: Annotated[
        str, typer.Option("--reason", metavar="TEXT", help="Why; kept in the audit.", show_default=False)
    ],
    data: flags.Data = None,
    as_json: flags.Json = False,
) -> None:
    """All of a signal's payload, for a reason that stays in the audit; at most 60 within an hour."""
    from viertakt.access.actions import ensure_actor
    from viertakt.access.model import system
    from viertakt.cli.output import print_json, print_text
    from viertakt.cli.place import application, settings_of
    from viertakt.signals.keeping import reveal_payload

    actor, sought = system("cli"), signal_id(signal)
    with application(settings_of(data=data)) as running:
        running.call(lambda conn: ensure_actor(conn, actor))
        shown = running.call(lambda conn: reveal_payload(conn, sought, reason=reason, by=actor))
    if as_json:
        print_json({"payload": shown})
    else:
        print_text(shown)


@noun.command()
def erase(
    source: Annotated[str, typer.Argument(metavar="SOURCE", show_default=False)],
    signal: Annotated[str, typer.Argument(metavar="SIGNAL", help="Its id.", show_default=False)],
    reason: Annotated[str, typer.Option("--reason", help="Why; kept with the signal.", show_default=False)],
    data: flags.Data = None,
    as_json: flags.Json = False,
) -> None:
    """Erase the payload of a signal; the signal stays, with what was read and what became of it."""
    from viertakt.access.actions import ensure_actor
    from viertakt.access.model import system
    from viertakt.cli.output import print_json, print_text
    from viertakt.cli.place import application, settings_of
    from viertakt.signals.keeping import erase_payload

    actor, sought = system("cli"), signal_id(signal)
    with application(settings_of(data=data)) as running:
        running.call(lambda conn: ensure_actor(conn, actor))
        found = running.call(lambda conn: erase_payload(conn, sought, source=source, reason=reason, by=actor))
    if as_json:
        print_json(plain(found))
    else:
        print_text(f"The payload of {found.event_id} is erased.")
