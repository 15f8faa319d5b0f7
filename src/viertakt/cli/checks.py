"""`checks list | again | settings | set | settle | targets | secret`: what checks said, and what they go by."""

from typing import TYPE_CHECKING, Annotated

import typer

from viertakt.cli import flags
from viertakt.cli.operations import acting, called

if TYPE_CHECKING:
    from viertakt.checks.model import Run

noun = typer.Typer(help="Checks: what they said, and what is set for them.", no_args_is_help=True)

Name = Annotated[
    str, typer.Argument(metavar="OPERATION", help="Its id, or its reference.", show_default=False)
]


@noun.command(name="list")
def list_runs(
    *,
    operation: Annotated[
        str | None,
        typer.Option("--operation", metavar="OPERATION", help="Only of this one.", show_default=False),
    ] = None,
    kind: Annotated[str | None, typer.Option("--kind", metavar="KIND", show_default=False)] = None,
    state: Annotated[
        str | None,
        typer.Option(
            "--state", metavar="STATE", help="due, later, done, void or refused.", show_default=False
        ),
    ] = None,
    verdict: Annotated[
        str | None,
        typer.Option("--verdict", metavar="VERDICT", help="pass, review or reject.", show_default=False),
    ] = None,
    data: flags.Data = None,
    as_json: flags.Json = False,
) -> None:
    """What checks said, the newest first."""
    import msgspec

    from viertakt.checks import actions
    from viertakt.cli.place import application, settings_of
    from viertakt.errors import Invalid

    with application(settings_of(data=data)) as running:
        about = called(running, operation).id if operation is not None else None
        told = {"kind": kind, "state": state, "verdict": verdict}
        try:
            wanted = msgspec.convert(told, actions.Wanted)
        except msgspec.ValidationError as fault:
            raise Invalid(f"{fault}.") from None
        wanted = msgspec.structs.replace(wanted, operation_id=about)
        actor = acting(running)
        found = running.call(lambda conn: actions.list_runs(conn, wanted, reader=actor, limit=100))
    _tell(found, as_json=as_json)


@noun.command()
def again(name: Name, *, data: flags.Data = None, as_json: flags.Json = False) -> None:
    """Examine an operation once more as it stands; the worker does it at once."""
    from viertakt.checks import actions
    from viertakt.cli.place import application, settings_of

    with application(settings_of(data=data)) as running:
        sought, actor = called(running, name).id, acting(running)
        found = running.call(lambda conn: actions.run_again(conn, sought, actor=actor))
    _tell(found, as_json=as_json)


@noun.command(name="settings")
def list_settings(*, data: flags.Data = None, as_json: flags.Json = False) -> None:
    """Changes of what checks go by: those that wait first, then the newest."""
    from viertakt.checks import settings
    from viertakt.cli.output import print_json, print_table
    from viertakt.cli.place import asking, settings_of

    with asking(settings_of(data=data)) as place:
        found = place.call(settings.changes)
    if as_json:
        print_json(found)
        return
    rows = [
        (one.id, one.state, one.kind, one.check, _shown(one.setting), one.asked_by_name, one.reason)
        for one in found
    ]
    print_table(("number", "state", "kind", "check", "setting", "asked by", "reason"), rows)


@noun.command(name="set")
def set_check(
    kind: Annotated[str, typer.Argument(metavar="KIND", show_default=False)],
    check: Annotated[str, typer.Argument(metavar="CHECK", show_default=False)],
    *,
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why.", show_default=False)],
    at_most: Annotated[
        str | None,
        typer.Option(
            "--at-most", metavar="BOUND", help="Such as 5, or 5000EUR of a sum.", show_default=False
        ),
    ] = None,
    block: Annotated[
        list[str] | None,
        typer.Option(
            "--block", metavar="FIELD=VALUE", help="Does not pass; repeat for more.", show_default=False
        ),
    ] = None,
    off: Annotated[bool, typer.Option("--off", help="It is not examined, and passes.")] = False,
    data: flags.Data = None,
    as_json: flags.Json = False,
) -> None:
    """Ask for another setting of a check, instead of what is set now; a second person approves it in the console or over HTTP."""
    from viertakt.checks import settings
    from viertakt.cli.output import print_json, talk
    from viertakt.cli.place import application, settings_of
    from viertakt.errors import Invalid
    from viertakt.operations.examining import CheckSetting

    blocked: dict[str, tuple[str, ...]] = {}
    for one in block or ():
        field, sign, value = one.partition("=")
        if not sign:
            raise Invalid(f"{one[:60]!r} is no FIELD=VALUE.")
        blocked[field] = (*blocked.get(field, ()), value)
    bound = int(at_most) if at_most is not None and at_most.isascii() and at_most.isdecimal() else at_most
    setting = CheckSetting(bound, blocked, off)
    with application(settings_of(data=data)) as running:
        actor = acting(running)
        found = running.call(
            lambda conn: settings.ask_change(
                conn, running.kinds.latest(conn, kind).kind, check, setting, reason=reason, actor=actor
            )
        )
    if as_json:
        print_json(found)
        return
    talk(f"Change {found.id} waits for another person who manages.")


@noun.command()
def settle(
    number: Annotated[int, typer.Argument(metavar="NUMBER", min=1, max=flags.NUMBER_MAX, show_default=False)],
    verdict: Annotated[
        str, typer.Argument(metavar="VERDICT", help="decline or withdraw.", show_default=False)
    ],
    *,
    data: flags.Data = None,
    as_json: flags.Json = False,
) -> None:
    """Withdraw a change that was asked for here. To approve or decline takes a person: see the console."""
    from viertakt.checks import settings
    from viertakt.cli.output import print_json, talk
    from viertakt.cli.place import application, settings_of
    from viertakt.errors import Invalid

    if verdict not in {"approve", "decline", "withdraw"}:
        raise Invalid(f"{verdict[:40]!r} is none of approve, decline and withdraw.")
    with application(settings_of(data=data)) as running:
        actor = acting(running)
        found = running.call(
            lambda conn: settings.settle(conn, number, verdict, actor=actor)  # type: ignore[arg-type]
        )
    if as_json:
        print_json(found)
        return
    talk(f"Change {found.id} is {found.state}.")


@noun.command()
def targets(*, data: flags.Data = None, as_json: flags.Json = False) -> None:
    """Whom asking has failed lately, and until when nobody asks them."""
    from viertakt.checks import actions
    from viertakt.cli.output import print_json, print_table
    from viertakt.cli.place import asking, settings_of

    with asking(settings_of(data=data)) as place:
        found = place.call(actions.list_targets)
    if as_json:
        print_json(found)
        return
    rows = [(one.target, one.failures, one.rests_until or "", one.said or "") for one in found]
    print_table(("target", "failures", "rests until", "said"), rows)


@noun.command()
def secret(
    url: Annotated[str, typer.Argument(metavar="URL", help="As the kind names it.", show_default=False)],
    *,
    data: flags.Data = None,
    as_json: flags.Json = False,
) -> None:
    """The secret that requests to an address are signed with; the same on every server of the installation."""
    from viertakt.access.sealing import Sealer
    from viertakt.checks.asking import Sender
    from viertakt.cli.output import print_json, print_text
    from viertakt.cli.place import settings_of
    from viertakt.outgoing import check_url, read_networks

    settings = settings_of(data=data)
    networks = read_networks(settings.webhook_allow)
    check_url(url, networks)
    found = Sender(Sealer(settings), networks).secrets(url)
    if as_json:
        print_json({"url": url, "secrets": found})
        return
    print_text("\n".join(found))


def _tell(found: "list[Run]", *, as_json: bool) -> None:
    from viertakt.cli.output import print_json, print_table

    if as_json:
        print_json(found)
        return
    rows = [
        (
            one.reference,
            one.stage,
            one.state,
            one.verdict or "",
            ", ".join(f"{finding.check} {finding.verdict}" for finding in one.found) or (one.said or ""),
            one.started_at,
        )
        for one in found
    ]
    print_table(("operation", "stage", "state", "verdict", "found", "since"), rows)


def _shown(setting: object) -> str:
    import msgspec

    return msgspec.json.encode(setting).decode()
