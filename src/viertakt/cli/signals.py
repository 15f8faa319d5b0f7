"""`signals list | replay | try | sources | set-source | add-secret | remove-secret | mapping`: what providers report."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from viertakt.cli import flags

if TYPE_CHECKING:
    from viertakt.signals.model import Source

noun = typer.Typer(
    help="What providers report: the inbox, replay, and the sources with their secrets and mappings.",
    no_args_is_help=True,
)
Named = Annotated[str, typer.Argument(metavar="SOURCE", help="The source's name.", show_default=False)]
OfSource = Annotated[
    str | None, typer.Option("--source", metavar="SOURCE", help="Only of this source.", show_default=False)
]
OwnMapping = Annotated[
    Path | None,
    typer.Option(
        "--mapping",
        metavar="FILE",
        help="A mapping of its own (YAML), instead of the ready one of its scheme.",
        show_default=False,
    ),
]
READY = "stripe, adyen, sumsub, onfido, veriff"


@noun.command(name="list")
def list_signals(
    *,
    source: OfSource = None,
    state: Annotated[
        str | None,
        typer.Option(
            "--state",
            metavar="STATE",
            help="received, parked, applied, known, overtaken, contradicting, unmapped or ignored.",
            show_default=False,
        ),
    ] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, max=1000)] = 50,
    data: flags.Data = None,
    as_json: flags.Json = False,
) -> None:
    """The signals, the last received first."""
    from viertakt.access.model import system
    from viertakt.cli.output import print_json, print_table
    from viertakt.cli.place import asking, settings_of
    from viertakt.signals import inbox

    wanted = _state(state) if state else None
    with asking(settings_of(data=data)) as place:
        found = place.call(
            lambda conn: inbox.list_signals(
                conn, reader=system("cli"), source=source, state=wanted, limit=limit
            )
        )
    if as_json:
        print_json([plain(one) for one in found])
        return
    print_table(
        ["RECEIVED", "SOURCE", "TYPE", "STATE", "WHY", "OPERATION", "EVENT", "ID"],
        [
            (one.received_at, one.source, one.type, one.state, one.code, one.reference, one.event_id, one.id)
            for one in found
        ],
    )


@noun.command()
def replay(
    signal: Annotated[
        str | None, typer.Argument(metavar="[ID]", help="This signal.", show_default=False)
    ] = None,
    *,
    source: OfSource = None,
    state: Annotated[
        list[str] | None,
        typer.Option(
            "--state",
            metavar="STATE",
            help="With --source: those in this state; repeat for more [default: all that moved nothing].",
            show_default=False,
        ),
    ] = None,
    data: flags.Data = None,
    as_json: flags.Json = False,
) -> None:
    """Let one signal, or up to 1,000 of a source, be read and applied once more by the mapping of today."""
    from viertakt.access.model import system
    from viertakt.cli.output import print_json, talk
    from viertakt.cli.place import asking, settings_of
    from viertakt.signals import inbox

    if (signal is None) == (source is None):
        raise typer.BadParameter("Say which: one by its id, or those of a --source.")
    states = tuple(map(_state, state)) if state else inbox.REPLAYABLE

    def act(conn: Any) -> int:
        if source is not None:
            return inbox.replay_many(conn, reader=system("cli"), source=source, states=states)
        found = inbox.replay_signal(conn, signal_id(signal or ""), reader=system("cli"))
        return int(found.state == "received")

    with asking(settings_of(data=data)) as place:
        count = place.call(act)
    if as_json:
        print_json({"count": count})
    talk(f"{count} to be read and applied once more; a worker does it.")


@noun.command(name="try")
def try_(
    source: Named,
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="A payload as the provider sends it.", show_default=False)
    ],
    *,
    mapping: OwnMapping = None,
    data: flags.Data = None,
    as_json: flags.Json = False,
) -> None:
    """What a payload would do now; nothing is changed, and no signature is asked."""
    from viertakt.access.model import system
    from viertakt.cli.output import print_facts, print_json
    from viertakt.cli.place import application, settings_of, text_of
    from viertakt.errors import Invalid
    from viertakt.signals import inbox, sources
    from viertakt.signals.reading import NotReadable

    body, own = text_of(file).encode(), None if mapping is None else text_of(mapping)
    with application(settings_of(data=data)) as running:

        def read(conn: Any) -> list[Any]:
            found = sources.read_source(conn, source)
            known = running.catalogue
            by = sources.mapping_of(found) if own is None else sources.check_mapping(conn, own, known)
            return inbox.try_payload(conn, running.engine, by, body, source=source, reader=system("cli"))

        try:
            tried = running.call(read)
        except NotReadable as fault:
            raise Invalid(f"{file.name} is no payload that we read: {fault}") from None
    if as_json:
        print_json(tried)
        return
    for one in tried:
        print_facts(
            {
                "event": one.reading.event_id,
                "type": one.reading.type,
                "at": one.reading.at,
                "operation": one.operation and f"{one.operation.kind} {one.operation.reference}",
                "stage": one.operation and one.operation.stage,
                "would be": one.step.state if one.step else ("parked" if one.reading.ways else "unmapped"),
                "transition": one.step and one.step.transition,
                "reason": one.step and one.step.reason,
                "why": (one.step and one.step.code) or one.reading.trouble,
            }
        )


@noun.command()
def sources(*, data: flags.Data = None, as_json: flags.Json = False) -> None:
    """The sources, without their secrets."""
    from viertakt.cli.output import print_json, print_table
    from viertakt.cli.place import asking, settings_of
    from viertakt.signals import store

    with asking(settings_of(data=data)) as place:
        found = place.call(store.read_sources)
    if as_json:
        print_json(found)
        return
    print_table(
        ["SOURCE", "SCHEME", "MAPPING", "SECRETS", "ACTIVE", "CHANGED", "BY"],
        [
            (
                one.name,
                one.scheme,
                one.ready or "its own",
                len(one.secrets),
                "yes" if one.active else "no",
                one.changed_at,
                one.changed_by,
            )
            for one in found
        ],
    )


@noun.command(name="set-source")
def set_source(
    source: Named,
    *,
    scheme: Annotated[
        str,
        typer.Option(
            "--scheme",
            metavar="SCHEME",
            help=f"How the provider signs: {READY}, standard_webhooks or hmac.",
            show_default=False,
        ),
    ],
    mapping: OwnMapping = None,
    header: Annotated[
        str | None,
        typer.Option("--header", metavar="NAME", help="Of scheme hmac: the signature's.", show_default=False),
    ] = None,
    off: Annotated[bool, typer.Option("--off", help="Switched off: it answers 404.")] = False,
    data: flags.Data = None,
    as_json: flags.Json = False,
) -> None:
    """Make or change a source; its secrets stay. Add one with add-secret."""
    from viertakt.cli.place import text_of
    from viertakt.signals import sources as acting
    from viertakt.signals.model import HmacOptions, Scheme

    if scheme not in set(Scheme):
        raise typer.BadParameter(f"{scheme!r} is none of: {', '.join(Scheme)}.")
    if not acting.is_name(source):
        raise typer.BadParameter(
            "A name has small letters, digits, _ and -, begins with a letter, and has at most 40."
        )
    document = None if mapping is None else text_of(mapping)
    _change(
        lambda running, actor, conn: acting.set_source(
            conn,
            source,
            scheme=Scheme(scheme),
            options=HmacOptions(header=header) if header else HmacOptions(),
            document=document,
            active=not off,
            by=actor,
            catalogue=running.catalogue,
        ),
        data=data,
        as_json=as_json,
    )


@noun.command(name="add-secret")
def add_secret(source: Named, *, data: flags.Data = None, as_json: flags.Json = False) -> None:
    """Believe one more secret: the one in VIERTAKT_SOURCE_SECRET, or in the file VIERTAKT_SOURCE_SECRET_FILE."""
    from viertakt.cli.secret import secret_of
    from viertakt.signals import sources as acting

    secret = secret_of("VIERTAKT_SOURCE_SECRET")
    if secret is None:
        raise typer.BadParameter("Put the secret into VIERTAKT_SOURCE_SECRET, or name a file that holds it.")
    _change(
        lambda running, actor, conn: acting.add_secret(conn, source, secret, by=actor, sealer=running.sealer),
        data=data,
        as_json=as_json,
    )


@noun.command(name="remove-secret")
def remove_secret(
    source: Named,
    secret: Annotated[str, typer.Argument(metavar="ID", help="The secret's id.", show_default=False)],
    *,
    data: flags.Data = None,
    as_json: flags.Json = False,
) -> None:
    """Believe a secret no more."""
    from viertakt.signals import sources as acting

    sought = signal_id(secret)
    _change(
        lambda _, actor, conn: acting.drop_secret(conn, source, sought, by=actor), data=data, as_json=as_json
    )


@noun.command()
def mapping(
    name: Annotated[str, typer.Argument(metavar="NAME", help=f"One of {READY}.", show_default=False)],
) -> None:
    """Print a ready mapping, to read it or to begin one of your own."""
    from viertakt.cli.output import print_text
    from viertakt.signals.sources import READY as KNOWN
    from viertakt.signals.sources import ready_text

    if name not in KNOWN:
        raise typer.BadParameter(f"{name!r} is none of: {', '.join(KNOWN)}.")
    print_text(ready_text(name))


def _change(act: Any, *, data: flags.Data, as_json: bool) -> None:
    from viertakt.access.actions import ensure_actor
    from viertakt.access.model import system
    from viertakt.cli.output import print_facts, print_json
    from viertakt.cli.place import application, settings_of

    actor = system("cli")
    with application(settings_of(data=data)) as running:
        running.call(lambda conn: ensure_actor(conn, actor))
        found: Source = running.call(lambda conn: act(running, actor, conn))
    if as_json:
        print_json(found)
        return
    print_facts(
        {
            "source": found.name,
            "scheme": found.scheme,
            "mapping": found.ready or "its own",
            "active": "yes" if found.active else "no",
            "sends to": f"/v1/signals/{found.name}",
            "secrets": ", ".join(str(one.id) for one in found.secrets),
        }
    )


def plain(signal: Any) -> dict[str, Any]:
    """A signal without what was read of its payload beyond the names."""
    import msgspec

    told: dict[str, Any] = msgspec.to_builtins(signal, builtin_types=())
    del told["reading"], told["way"]
    return told | {"names": [f"{scheme} {value}" for scheme, value in signal.names]}


def _state(text: str) -> Any:
    from viertakt.signals.model import SignalState

    if text not in set(SignalState):
        raise typer.BadParameter(f"{text!r} is none of: {', '.join(SignalState)}.")
    return SignalState(text)


def signal_id(text: str) -> Any:
    """An id as it was typed. Raises `BadParameter`."""
    from uuid import UUID

    try:
        return UUID(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is no id.") from None
