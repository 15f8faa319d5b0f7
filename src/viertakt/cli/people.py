"""`people add | list | reset-authenticator`: who signs in to the console."""

import sys
from typing import Annotated

import typer

from viertakt.cli import flags

noun = typer.Typer(
    help="Who signs in to the console: add and list people, reset a lost authenticator.", no_args_is_help=True
)
PASSWORD = "VIERTAKT_PASSWORD"  # noqa: S105 - the variable's name


Email = Annotated[
    str,
    typer.Option(
        "--email", metavar="ADDRESS", help="Where they are reached, and sign in with.", show_default=False
    ),
]
Name = Annotated[
    str,
    typer.Option("--name", metavar="NAME", help="What they are called in the history.", show_default=False),
]
Roles = Annotated[
    list[str],
    typer.Option(
        "--role", metavar="ROLE", help="What they are, such as admin; repeat for more.", show_default=False
    ),
]
Language = Annotated[str, typer.Option("--language", metavar="LANGUAGE", help="What they read: en or nl.")]


@noun.command()
def add(
    *,
    email: Email,
    name: Name,
    role: Roles,
    language: Language = "en",
    data: flags.Data = None,
    as_json: flags.Json = False,
) -> None:
    """Add a person who can sign in; the first administrator too.

    The password is VIERTAKT_PASSWORD (or stands in the file VIERTAKT_PASSWORD_FILE), or is asked for at a terminal; an
    empty answer, or no terminal, generates one and shows it this once.
    """
    from viertakt.access.actions import add_person
    from viertakt.cli.output import print_json, print_text, talk
    from viertakt.cli.place import asking, settings_of

    settings = settings_of(data=data)
    password, generated = _password()
    with asking(settings) as running:
        actor = running.call(
            lambda conn: add_person(
                conn, email=email, name=name, roles=role, password=password, language=language
            )
        )
    if as_json:
        shown = {"password": password} if generated else {}
        print_json({"id": actor.id, "name": actor.name, "roles": sorted(actor.roles), **shown})
        return
    print_text(actor.id)
    if generated:
        talk(f"Password, not shown again: {password}")
    talk(f"{actor.name} can sign in as {email} with {', '.join(sorted(actor.roles))}.")


@noun.command(name="list")
def list_people(*, data: flags.Data = None, as_json: flags.Json = False) -> None:
    """Everybody who signs in."""
    from viertakt.access.actions import people
    from viertakt.cli.output import print_json, print_table
    from viertakt.cli.place import asking, settings_of

    with asking(settings_of(data=data)) as running:
        known = running.call(people)
    if as_json:
        print_json(known)
        return
    print_table(
        ["NAME", "E-MAIL", "ROLES", "LANGUAGE", "ACTIVE", "ID"],
        [
            (one.name, one.email, " ".join(one.roles), one.language, "yes" if one.active else "no", one.id)
            for one in known
        ],
    )


@noun.command(name="reset-authenticator")
def reset_authenticator(
    *,
    email: Email,
    reason: Annotated[
        str, typer.Option("--reason", metavar="TEXT", help="Why; kept in the record.", show_default=False)
    ],
    data: flags.Data = None,
) -> None:
    """Take the authenticator of somebody who lost it out of use: they sign in with their password, and are signed out."""
    from viertakt.access.accounts import reset_factor
    from viertakt.access.actions import people
    from viertakt.access.model import system
    from viertakt.access.sign_in_model import Origin
    from viertakt.cli.output import talk
    from viertakt.cli.place import asking, settings_of
    from viertakt.errors import NotFound

    with asking(settings_of(data=data)) as running:
        found = [one for one in running.call(people) if one.email.lower() == email.strip().lower()]
        if not found:
            raise NotFound("Nobody signs in with this address; `viertakt people list` shows who does.")
        by, whose = system("command-line"), found[0].id
        running.call(lambda conn: reset_factor(conn, whose, by=by, origin=Origin(), reason=reason))
    talk(f"{found[0].name} has no authenticator any more, and is signed out everywhere.")


def _password() -> tuple[str, bool]:
    """The password, and whether it was made here. Never a flag: every process of a machine can read those of the others."""
    import secrets

    from viertakt.cli.secret import secret_of

    given = secret_of(PASSWORD)
    if given is None and sys.stdin.isatty():
        given = typer.prompt(
            "Password (empty: make one)", default="", hide_input=True, show_default=False, err=True
        )
        if given and typer.prompt("Once more", hide_input=True, err=True) != given:
            raise typer.BadParameter("The two are not the same.")
    return (given, False) if given else (secrets.token_urlsafe(15), True)
