"""`tokens issue | revoke | list`: the keys that programs come with."""

from datetime import datetime
from typing import Annotated

import typer

from viertakt.cli import flags

noun = typer.Typer(help="Keys for programs: issue, revoke and list tokens.", no_args_is_help=True)


@noun.command()
def issue(
    *,
    name: Annotated[
        str,
        typer.Option(
            "--name", metavar="NAME", help="What it is for; shown in the history.", show_default=False
        ),
    ],
    role: Annotated[
        list[str],
        typer.Option(
            "--role",
            metavar="ROLE",
            help="What it may do, such as integration; repeat for more.",
            show_default=False,
        ),
    ],
    expires: Annotated[
        datetime | None,
        typer.Option(
            "--expires",
            metavar="TIME",
            formats=["%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%d"],
            help="When it ends (a day ends in UTC).",
        ),
    ] = None,
    data: flags.Data = None,
    as_json: flags.Json = False,
) -> None:
    """Issue a token and show it, this once: only a hash of it is kept."""
    from datetime import UTC

    from viertakt.access.actions import issue_token
    from viertakt.cli.output import print_json, print_text, talk
    from viertakt.cli.place import asking, settings_of

    end = expires.replace(tzinfo=UTC) if expires is not None and expires.tzinfo is None else expires
    with asking(settings_of(data=data)) as running:
        token, actor = running.call(lambda conn: issue_token(conn, name, role, end))
    if as_json:
        print_json({"token": token, "id": actor.id, "name": actor.name, "roles": sorted(actor.roles)})
        return
    print_text(token)
    talk(
        f"Keep it now: it is not shown again. It acts as '{actor.name}' with {', '.join(sorted(actor.roles))}."
    )


@noun.command()
def revoke(
    token: Annotated[
        str, typer.Argument(metavar="NAME|ID", help="The token's name or id.", show_default=False)
    ],
    *,
    data: flags.Data = None,
    as_json: flags.Json = False,
) -> None:
    """Take a token out of use at once, also for what is being decided at this moment."""
    from viertakt.access.actions import revoke_token
    from viertakt.cli.output import print_json, talk
    from viertakt.cli.place import asking, settings_of

    with asking(settings_of(data=data)) as running:
        actor = running.call(lambda conn: revoke_token(conn, token))
    if as_json:
        print_json({"revoked": actor})
    talk(f"{actor} is revoked.")


@noun.command(name="list")
def list_tokens(*, data: flags.Data = None, as_json: flags.Json = False) -> None:
    """All tokens, without their secrets."""
    from viertakt.access.actions import tokens
    from viertakt.cli.output import print_json, print_table
    from viertakt.cli.place import asking, settings_of

    with asking(settings_of(data=data)) as running:
        known = running.call(tokens)
    if as_json:
        print_json(known)
        return
    print_table(
        ["NAME", "ID", "ENDS IN", "ROLES", "ISSUED", "EXPIRES", "REVOKED", "LAST USED"],
        [
            (
                one.name,
                one.id,
                one.hint,
                " ".join(one.roles),
                one.created_at,
                one.expires_at,
                one.revoked_at,
                one.last_used_at,
            )
            for one in known
        ],
    )
