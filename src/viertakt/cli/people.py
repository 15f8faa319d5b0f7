"""`people add | list | roles | deactivate | activate | reset-authenticator | stand-in | stand-ins | end-stand-in`: who signs in to the console."""

import sys
from datetime import UTC, datetime
from typing import Annotated

import typer

from viertakt.cli import flags

noun = typer.Typer(
    help="Who signs in to the console: add and list people, set their roles, let them leave, reset a lost authenticator, say who stands in for whom.",
    no_args_is_help=True,
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
Who = Annotated[
    str, typer.Argument(metavar="ADDRESS|ID", help="Their e-mail address or id.", show_default=False)
]
To = Annotated[
    str | None,
    typer.Option("--to", metavar="ADDRESS|ID", help="Who gets their saved views.", show_default=False),
]
Reason = Annotated[
    str | None, typer.Option("--reason", metavar="TEXT", help="Why; kept in the audit.", show_default=False)
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
                conn,
                email=email,
                name=name,
                roles=role,
                password=password,
                language=language,
                made=generated,
            )
        )
    if as_json:
        shown = {"password": password} if generated else {}
        print_json({"id": actor.id, "name": actor.name, "roles": sorted(actor.roles), **shown})
        return
    print_text(actor.id)
    if generated:
        talk(f"Password, not shown again: {password}")
        talk("It is good for a week, until it is replaced at the first sign-in.")
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
        ["NAME", "E-MAIL", "ROLES", "LANGUAGE", "ACTIVE", "LAST SEEN", "ID"],
        [
            (
                one.name,
                one.email,
                " ".join(one.roles),
                one.language,
                "yes" if one.active else "no",
                one.last_seen_at,
                one.id,
            )
            for one in known
        ],
    )


@noun.command(name="roles")
def set_roles(
    who: Who,
    *,
    role: Roles,
    reason: Reason = None,
    data: flags.Data = None,
    as_json: flags.Json = False,
) -> None:
    """Set somebody's roles, at once and instead of those before."""
    from viertakt.access import actions
    from viertakt.cli.output import print_json, talk
    from viertakt.cli.place import asking, settings_of

    with asking(settings_of(data=data)) as running:
        about = running.call(lambda conn: actions.person_called(conn, who))
        actor = running.call(lambda conn: actions.set_roles(conn, about.id, role, reason=reason))
    if as_json:
        print_json({"id": actor.id, "name": actor.name, "roles": sorted(actor.roles)})
    talk(f"{actor.name} has {', '.join(sorted(actor.roles))}.")


@noun.command()
def deactivate(
    who: Who,
    *,
    to: To = None,
    reason: Reason = None,
    data: flags.Data = None,
    as_json: flags.Json = False,
) -> None:
    """Let somebody leave: sessions and the tokens they issued end at once, their views and work go to another."""
    from msgspec.structs import asdict

    from viertakt.access.actions import COMMAND_LINE, person_called
    from viertakt.api.leaving import leave
    from viertakt.cli.output import print_json, talk
    from viertakt.cli.place import asking, settings_of

    with asking(settings_of(data=data)) as running:
        about = running.call(lambda conn: person_called(conn, who))
        successor = None if to is None else running.call(lambda conn: person_called(conn, to))
        left = running.call(
            lambda conn: leave(
                conn,
                about.id,
                to=None if successor is None else successor.id,
                by=COMMAND_LINE,
                reason=reason,
            )
        )
    if as_json:
        print_json({"id": about.id} | asdict(left))
    talk(
        f"{about.name} may no longer act. Handed over: {left.views} views, {left.assignments} operations; "
        f"tokens ended: {left.tokens}; moves to be asked for anew: {len(left.approvals)}."
    )


@noun.command()
def activate(who: Who, *, data: flags.Data = None, as_json: flags.Json = False) -> None:
    """Let somebody sign in again who was deactivated, with the roles of before."""
    from viertakt.access import actions
    from viertakt.cli.output import print_json, talk
    from viertakt.cli.place import asking, settings_of

    with asking(settings_of(data=data)) as running:
        about = running.call(lambda conn: actions.person_called(conn, who))
        actor = running.call(lambda conn: actions.activate(conn, about.id))
    if as_json:
        print_json({"id": actor.id, "name": actor.name, "roles": sorted(actor.roles)})
    talk(f"{actor.name} may sign in again.")


@noun.command(name="reset-authenticator")
def reset_authenticator(
    who: Who,
    *,
    reason: Annotated[
        str, typer.Option("--reason", metavar="TEXT", help="Why; kept in the record.", show_default=False)
    ],
    data: flags.Data = None,
) -> None:
    """Take the authenticator of somebody who lost it out of use: they sign in with their password, and are signed out."""
    from viertakt.access.accounts import reset_factor
    from viertakt.access.actions import person_called
    from viertakt.access.model import system
    from viertakt.access.sign_in_model import Origin
    from viertakt.cli.output import talk
    from viertakt.cli.place import asking, settings_of

    with asking(settings_of(data=data)) as running:
        about = running.call(lambda conn: person_called(conn, who))
        running.call(
            lambda conn: reset_factor(conn, about.id, by=system("cli"), origin=Origin(), reason=reason)
        )
    talk(f"{about.name} has no authenticator any more, and is signed out everywhere.")


@noun.command(name="reset-password")
def reset_password(
    who: Who,
    *,
    reason: Annotated[
        str, typer.Option("--reason", metavar="TEXT", help="Why; kept in the record.", show_default=False)
    ],
    data: flags.Data = None,
    as_json: flags.Json = False,
) -> None:
    """Make up a password for somebody who forgot theirs: good for a day, and for choosing their own. They are signed out."""
    from viertakt.access import accounts
    from viertakt.access.actions import person_called
    from viertakt.access.model import system
    from viertakt.access.sign_in_model import Origin
    from viertakt.cli.output import print_json, talk
    from viertakt.cli.place import asking, settings_of

    with asking(settings_of(data=data)) as running:
        about = running.call(lambda conn: person_called(conn, who))
        made = running.call(
            lambda conn: accounts.reset_password(
                conn, about.id, by=system("cli"), origin=Origin(), reason=reason
            )
        )
    if as_json:
        print_json({"id": about.id, "password": made})
        return
    talk(f"{about.name} is signed out everywhere. Password, not shown again: {made}")


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


@noun.command(name="stand-in")
def stand_in(
    who: Who,
    *,
    by: Annotated[
        str,
        typer.Option("--by", metavar="ADDRESS|ID", help="Who consents in their name.", show_default=False),
    ],
    until: Annotated[
        datetime, typer.Option("--until", metavar="MOMENT", help="When it ends, in UTC.", show_default=False)
    ],
    since: Annotated[
        datetime | None,
        typer.Option(
            "--from", metavar="MOMENT", help="When it begins, in UTC; else now.", show_default=False
        ),
    ] = None,
    absent: Annotated[bool, typer.Option("--absent", help="They are away meanwhile.")] = False,
    data: flags.Data = None,
    as_json: flags.Json = False,
) -> None:
    """Let somebody consent in a person's name for a time; it ends by itself."""
    from viertakt.access import delegations
    from viertakt.access.actions import person_called
    from viertakt.access.model import system
    from viertakt.cli.output import print_json, print_text, talk
    from viertakt.cli.place import asking, settings_of

    with asking(settings_of(data=data)) as running:
        person = running.call(lambda conn: person_called(conn, who))
        other = running.call(lambda conn: person_called(conn, by))
        new = delegations.NewDelegation(
            person.id, other.id, until.replace(tzinfo=UTC), since and since.replace(tzinfo=UTC), absent
        )
        said = running.call(lambda conn: delegations.delegate(conn, new, by=system("cli")))
    if as_json:
        print_json(said)
        return
    print_text(str(said.id))
    talk(f"{said.stand_in_name} stands in for {said.person_name} until {said.until_at:%Y-%m-%d %H:%M %Z}.")


@noun.command(name="stand-ins")
def stand_ins(*, data: flags.Data = None, as_json: flags.Json = False) -> None:
    """Who consents in whose name now, or will."""
    from viertakt.access.delegations import delegations
    from viertakt.cli.output import print_json, print_table
    from viertakt.cli.place import asking, settings_of

    with asking(settings_of(data=data)) as running:
        found = running.call(delegations)
    if as_json:
        print_json(found)
        return
    print_table(
        ["ID", "FOR", "STANDS IN", "AWAY", "FROM", "UNTIL"],
        [
            (
                one.id,
                one.person_name,
                one.stand_in_name,
                "yes" if one.absent else "no",
                one.from_at,
                one.until_at,
            )
            for one in found
        ],
    )


@noun.command(name="end-stand-in")
def end_stand_in(
    number: Annotated[
        int,
        typer.Argument(
            metavar="ID",
            min=1,
            max=flags.NUMBER_MAX,
            help="As `people stand-ins` lists it.",
            show_default=False,
        ),
    ],
    *,
    data: flags.Data = None,
) -> None:
    """End a delegation before its time, at once."""
    from viertakt.access.delegations import end_delegation
    from viertakt.access.model import system
    from viertakt.cli.output import talk
    from viertakt.cli.place import asking, settings_of

    with asking(settings_of(data=data)) as running:
        running.call(lambda conn: end_delegation(conn, number, by=system("cli")))
    talk(f"Delegation {number} has ended.")
