"""`roles list | make | change | remove`: the product's roles, and a company's own."""

from typing import Annotated

import typer

from viertakt.cli import flags
from viertakt.cli.grants import Reason

noun = typer.Typer(help="Roles: list, make, change and remove them.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(metavar="ROLE", help="Its code.", show_default=False)]
English = Annotated[
    str, typer.Option("--en", metavar="TEXT", help="Its name in English.", show_default=False)
]
Dutch = Annotated[str, typer.Option("--nl", metavar="TEXT", help="Its name in Dutch.", show_default=False)]


@noun.command(name="list")
def list_roles(*, data: flags.Data = None, as_json: flags.Json = False) -> None:
    """Every role, whether it asks for an authenticator, and the numbers of its grants in force."""
    from viertakt.access.granting import grants
    from viertakt.access.roles import roles
    from viertakt.cli.output import print_json, print_table
    from viertakt.cli.place import asking, settings_of

    with asking(settings_of(data=data)) as running:
        known, found = running.call(lambda conn: (roles(conn), grants(conn)))
    if as_json:
        print_json(
            [
                {
                    "role": role.role,
                    "label": role.label,
                    "own": role.made_by is not None,
                    "second_factor": role.second_factor,
                    "grants": [one for one in found if one.role == role.role],
                }
                for role in known
            ]
        )
        return
    print_table(
        ["ROLE", "NAME", "AUTHENTICATOR", "GRANTS"],
        [
            (
                role.role,
                role.label["en"],
                "asked" if role.second_factor else "",
                " ".join(str(one.id) for one in found if one.role == role.role),
            )
            for role in known
        ],
    )


@noun.command()
def make(
    role: Name,
    *,
    en: English,
    nl: Dutch,
    reason: Reason = None,
    data: flags.Data = None,
    as_json: flags.Json = False,
) -> None:
    """Make a role of your own; it may nothing until something is granted to it."""
    from viertakt.access.model import system
    from viertakt.access.roles import make_role
    from viertakt.cli.output import print_json, talk
    from viertakt.cli.place import asking, settings_of

    label = {"en": en, "nl": nl}
    with asking(settings_of(data=data)) as running:
        made = running.call(lambda conn: make_role(conn, role, label, by=system("cli").id, reason=reason))
    if as_json:
        print_json(made)
    talk(f"Role {made.role} is made; grant it something.")


@noun.command()
def change(
    role: Name,
    *,
    second_factor: Annotated[
        bool,
        typer.Option(
            "--second-factor/--no-second-factor",
            help="Whether who has it and signs in with a password needs an authenticator.",
            show_default=False,
        ),
    ],
    reason: Reason = None,
    data: flags.Data = None,
    as_json: flags.Json = False,
) -> None:
    """Let a role ask for an authenticator, or no longer; at once for everybody who has it."""
    from viertakt.access.model import system
    from viertakt.access.roles import change_role
    from viertakt.cli.output import print_json, talk
    from viertakt.cli.place import asking, settings_of

    with asking(settings_of(data=data)) as running:
        changed = running.call(
            lambda conn: change_role(
                conn, role, second_factor=second_factor, by=system("cli").id, reason=reason
            )
        )
    if as_json:
        print_json(changed)
    talk(f"Role {role} asks for {'an authenticator' if changed.second_factor else 'no authenticator'}.")


@noun.command()
def remove(
    role: Name, *, reason: Reason = None, data: flags.Data = None, as_json: flags.Json = False
) -> None:
    """Remove a role of your own that nobody has, with its grants."""
    from viertakt.access.model import system
    from viertakt.access.roles import remove_role
    from viertakt.cli.output import print_json, talk
    from viertakt.cli.place import asking, settings_of

    with asking(settings_of(data=data)) as running:
        running.call(lambda conn: remove_role(conn, role, by=system("cli"), reason=reason))
    if as_json:
        print_json({"removed": role})
    talk(f"Role {role} is removed.")
