"""`grants list | add | revoke`: what each role may."""

from typing import TYPE_CHECKING, Annotated

import typer

from viertakt.cli import flags

if TYPE_CHECKING:
    from decimal import Decimal

noun = typer.Typer(help="What roles may: list, add and revoke grants.", no_args_is_help=True)

Reason = Annotated[
    str | None, typer.Option("--reason", metavar="TEXT", help="Why; kept in the audit.", show_default=False)
]


Role = Annotated[str, typer.Option("--role", metavar="ROLE", help="Whose it is.", show_default=False)]
May = Annotated[
    list[str],
    typer.Option(
        "--may",
        metavar="ACT",
        help="view, restricted, open, amend, report, assign, note, export, reveal, connect, manage, move:TRANSITION, consent:TRANSITION, move:* or consent:*; repeat for more.",
        show_default=False,
    ),
]
Kinds = Annotated[
    list[str] | None,
    typer.Option("--kind", metavar="KIND", help="Only this kind; repeat for more.", show_default=False),
]
Where = Annotated[
    str, typer.Option("--where", metavar="QUERY", help="Only where this holds, such as brand:casino-nl.")
]
UpTo = Annotated[
    list[str] | None,
    typer.Option(
        "--up-to",
        metavar="AMOUNT",
        help="The largest amount to act on, such as 1000EUR; once a currency.",
        show_default=False,
    ),
]


@noun.command(name="list")
def list_grants(
    *,
    role: Annotated[str | None, typer.Option("--role", metavar="ROLE", show_default=False)] = None,
    revoked: Annotated[bool, typer.Option("--revoked", help="Those no longer in force too.")] = False,
    data: flags.Data = None,
    as_json: flags.Json = False,
) -> None:
    """All grants, by their number."""
    from viertakt.access.granting import grants
    from viertakt.cli.output import print_json, print_table
    from viertakt.cli.place import asking, settings_of

    with asking(settings_of(data=data)) as running:
        found = running.call(lambda conn: grants(conn, role=role, revoked=revoked))
    if as_json:
        print_json(found)
        return
    print_table(
        ["GRANT", "ROLE OR TOKEN", "KINDS", "MAY", "WHERE", "UP TO", "BROUGHT BY", "REVOKED"],
        [
            (
                one.id,
                one.role or one.token,
                " ".join(one.kinds) or "all",
                " ".join(one.may),
                one.where,
                " ".join(f"{amount:f}{currency}" for currency, amount in one.amount_max.items()),
                one.brought_by,
                one.revoked_at,
            )
            for one in found
        ],
    )


@noun.command()
def add(
    *,
    role: Role,
    may: May,
    kind: Kinds = None,
    where: Where = "",
    up_to: UpTo = None,
    reason: Reason = None,
    data: flags.Data = None,
    as_json: flags.Json = False,
) -> None:
    """Grant something to a role, at once for everybody who has it."""
    from viertakt.access.granting import add_grant
    from viertakt.access.grants_model import NewGrant
    from viertakt.access.model import system
    from viertakt.cli.output import print_json, print_text, talk
    from viertakt.cli.place import asking, settings_of
    from viertakt.kinds import actions

    new = NewGrant(role, tuple(may), tuple(kind or ()), where, limits(up_to or []))
    with asking(settings_of(data=data)) as running:
        kinds = actions.Kinds()
        added = running.call(
            lambda conn: add_grant(
                conn,
                new,
                actor=system("cli"),
                kinds=kinds.names(conn),
                fields=kinds.scope_fields(conn),
                reason=reason,
            )
        )
    if as_json:
        print_json(added)
        return
    print_text(str(added.id))
    talk(f"Grant {added.id}: {added.role} may {', '.join(added.may)}.")


@noun.command()
def revoke(
    grant: Annotated[
        int,
        typer.Argument(
            metavar="GRANT", min=1, max=flags.NUMBER_MAX, help="The grant's number.", show_default=False
        ),
    ],
    *,
    reason: Reason = None,
    data: flags.Data = None,
    as_json: flags.Json = False,
) -> None:
    """Take a grant out of force at once, also for what is being decided at this moment."""
    from viertakt.access.granting import revoke_grant
    from viertakt.access.model import system
    from viertakt.cli.output import print_json, talk
    from viertakt.cli.place import asking, settings_of

    with asking(settings_of(data=data)) as running:
        running.call(lambda conn: revoke_grant(conn, grant, actor=system("cli"), reason=reason))
    if as_json:
        print_json({"revoked": grant})
    talk(f"Grant {grant} is revoked.")


def limits(texts: list[str]) -> "dict[str, Decimal]":
    """Limits by currency, from amounts such as 1000EUR."""
    import re
    from decimal import Decimal

    found: dict[str, Decimal] = {}
    for text in texts:
        read = re.fullmatch(r"([0-9]{1,15}(?:\.[0-9]{1,4})?)([A-Z]{3})", text)
        if read is None or read[2] in found:
            raise typer.BadParameter(f"{text!r} is no amount such as 1000EUR, once a currency.")
        found[read[2]] = Decimal(read[1])
    return found
