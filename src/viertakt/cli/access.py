"""`access review | changes`: who may what, and what was changed by whom."""

from typing import Annotated

import typer

from viertakt.cli import flags

noun = typer.Typer(help="Who may what: look at it, and see what was changed.", no_args_is_help=True)


@noun.command()
def review(*, data: flags.Data = None, as_json: flags.Json = False) -> None:
    """Everybody who may act, with the numbers of their grants and when they last did."""
    from viertakt.access.reviewing import read_review
    from viertakt.cli.output import print_json, print_table, talk
    from viertakt.cli.place import asking, settings_of

    with asking(settings_of(data=data)) as running:
        found = running.call(read_review)
    if as_json:
        print_json(found)
        return
    print_table(
        ["NAME", "SORT", "ROLES", "GRANTS", "LAST USED", "ID"],
        [
            (
                one.name,
                one.sort,
                " ".join(one.roles),
                " ".join(str(line.id) for line in found.grants_of(one)),
                one.last_used_at,
                one.id,
            )
            for one in found.actors
        ],
    )
    signed = found.signed
    talk(
        f"Signed last by {signed.actor_name or signed.actor} at {signed.at:%Y-%m-%d %H:%M}."
        if signed
        else "Nobody has signed a review yet; that is done in the console or over HTTP, by a person."
    )


@noun.command()
def changes(
    *,
    limit: Annotated[
        int, typer.Option("--limit", metavar="N", min=1, max=1000, help="How many at most.")
    ] = 50,
    data: flags.Data = None,
    as_json: flags.Json = False,
) -> None:
    """The audit of access, the newest first: grants, people, tokens, what was revealed, reviews."""
    from viertakt.access.granting import access_changes
    from viertakt.cli.output import print_json, print_table
    from viertakt.cli.place import asking, settings_of

    with asking(settings_of(data=data)) as running:
        found = running.call(lambda conn: access_changes(conn, limit=limit))
    if as_json:
        print_json(found)
        return
    print_table(
        ["AT", "BY", "WHAT", "ABOUT", "GRANT", "OPERATION", "REASON"],
        [
            (
                one.at,
                one.actor_name or one.actor,
                one.sort,
                one.about_name or one.about or one.role,
                one.grant_id,
                one.operation_id,
                one.reason,
            )
            for one in found
        ],
    )
