"""`tokens issue | revoke | list`: the keys that programs come with."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from viertakt.cli import flags

if TYPE_CHECKING:
    from viertakt.access.grants_model import NewGrant

noun = typer.Typer(help="Keys for programs: issue, revoke and list tokens.", no_args_is_help=True)


Name = Annotated[
    str,
    typer.Option("--name", metavar="NAME", help="What it is for; shown in the history.", show_default=False),
]
Roles = Annotated[
    list[str] | None,
    typer.Option(
        "--role",
        metavar="ROLE",
        help="What it may do, such as integration; repeat for more.",
        show_default=False,
    ),
]
Grants = Annotated[
    list[str] | None,
    typer.Option(
        "--grant",
        metavar="GRANT",
        help=(
            "What it alone may, as ACT,ACT[ in KIND,KIND][ up to 1000EUR,900GBP][ where QUERY]: "
            "'move:send in withdrawal up to 1000EUR where brand:casino-nl'; repeat for more."
        ),
        show_default=False,
    ),
]
Expires = Annotated[
    datetime | None,
    typer.Option(
        "--expires",
        metavar="TIME",
        formats=["%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%d"],
        help="When it ends (a day ends in UTC).",
    ),
]


@noun.command()
def issue(
    *,
    name: Name,
    role: Roles = None,
    grant: Grants = None,
    expires: Expires = None,
    data: flags.Data = None,
    as_json: flags.Json = False,
) -> None:
    """Issue a token and show it, this once: only a hash of it is kept."""
    from datetime import UTC

    from viertakt.access.granting import issue_with_grants
    from viertakt.access.model import system
    from viertakt.cli.output import print_json, print_text, talk
    from viertakt.cli.place import asking, settings_of
    from viertakt.kinds.actions import Kinds

    own = [_grant(text) for text in grant or []]
    end = expires.replace(tzinfo=UTC) if expires is not None and expires.tzinfo is None else expires
    with asking(settings_of(data=data)) as running:
        kinds = Kinds()
        token, actor = running.call(
            lambda conn: issue_with_grants(
                conn,
                name,
                roles=role or [],
                grants=own,
                expires_at=end,
                actor=system("cli"),
                kinds=kinds.names(conn),
                fields=kinds.scope_fields(conn),
            )
        )
    if as_json:
        print_json({"token": token, "id": actor.id, "name": actor.name, "roles": sorted(actor.roles)})
        return
    print_text(token)
    held = [*sorted(actor.roles), *(f"{len(own)} of its own" for _ in own[:1])]
    talk(f"Keep it now: it is not shown again. It acts as '{actor.name}' with {', '.join(held)}.")


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


def _grant(text: str) -> "NewGrant":
    """A grant as it is written on a command line: ACT,ACT[ in KIND,KIND][ up to AMOUNT,AMOUNT][ where QUERY]."""
    import re

    from viertakt.access.grants_model import NewGrant
    from viertakt.cli.grants import limits

    read = re.fullmatch(
        r"(?P<may>\S+)(?: in (?P<kinds>\S+))?(?: up to (?P<limits>\S+))?(?: where (?P<where>.+))?",
        text.strip(),
    )
    if read is None:
        raise typer.BadParameter(f"{text!r} is no grant such as 'move:send in withdrawal up to 1000EUR'.")
    said = read.groupdict(default="")
    return NewGrant(
        None,
        tuple(said["may"].split(",")),
        tuple(filter(None, said["kinds"].split(","))),
        said["where"],
        limits(list(filter(None, said["limits"].split(",")))),
    )
