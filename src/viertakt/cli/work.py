"""`operations assign | release | note | skips`: who works on operations, and what colleagues should know of them."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from viertakt.cli import flags
from viertakt.cli.operations import Name, acting, called
from viertakt.cli.operations import noun as operations

__all__ = ["operations"]

SKIPS_SHOWN_MAX = 200

if TYPE_CHECKING:
    from viertakt.operations.assigning import Assigned
    from viertakt.operations.model import Act


@operations.command()
def assign(
    name: Name,
    *,
    to: Annotated[
        str,
        typer.Option(
            "--to",
            metavar="WHO",
            help="A person's e-mail address or id, or a role: anna@example.com, payments.",
            show_default=False,
        ),
    ],
    data: flags.Data = None,
    as_json: flags.Json = False,
) -> None:
    """Assign an operation to somebody or to a team."""
    from viertakt.operations.model import Act

    _change(name, Act.ASSIGN, to=to, data=data, as_json=as_json)


@operations.command()
def release(name: Name, *, data: flags.Data = None, as_json: flags.Json = False) -> None:
    """Let an operation go: out of the hand that has it, else from whom it is assigned to."""
    from viertakt.operations.model import Act

    _change(name, Act.RELEASE, to=None, data=data, as_json=as_json)


@operations.command()
def note(
    name: Name,
    text: Annotated[str, typer.Argument(metavar="TEXT", help="@name calls a colleague.", show_default=False)],
    *,
    data: flags.Data = None,
    as_json: flags.Json = False,
) -> None:
    """Write a note to an operation's history."""
    from viertakt.cli.output import print_json, talk
    from viertakt.cli.place import application, settings_of
    from viertakt.operations.assigning import write_note
    from viertakt.operations.model import Caller, NoteRequest

    with application(settings_of(data=data)) as running:
        request = NoteRequest(called(running, name).id, Caller(acting(running)), text)
        answer = running.call(lambda conn: write_note(conn, request))
    if as_json:
        print_json(answer.entry)
        return
    called_out = len((answer.entry.data or {}).get("mentions", ()))
    talk(f"Noted{f', and {called_out} called' if called_out else ''} (entry {answer.entry.seq}).")


@operations.command()
def skips(
    *,
    q: Annotated[str, typer.Option("--q", metavar="QUERY", help="Of the operations that this finds.")] = "",
    by: Annotated[
        str | None,
        typer.Option(
            "--by", metavar="PERSON", help="By this person: an e-mail address or id.", show_default=False
        ),
    ] = None,
    data: flags.Data = None,
    as_json: flags.Json = False,
) -> None:
    """Who passed over what in queues within the last month, and why; the latest first, at most 200."""
    from datetime import UTC

    from viertakt.access.directory import assignee_named
    from viertakt.access.rules import visible
    from viertakt.cli.output import print_json, print_table
    from viertakt.cli.place import application, settings_of
    from viertakt.language import parse, within
    from viertakt.operations.reading import read_names
    from viertakt.operations.skips import list_skips

    with application(settings_of(data=data)) as running:
        reader = acting(running)

        def read(conn: Any) -> Any:
            query = within(parse(q, fields=running.kinds.search_fields(conn)), visible(reader))
            who = None if by is None else assignee_named(conn, by)
            found = list_skips(conn, query, reader=reader, zone=UTC, by=who, limit=SKIPS_SHOWN_MAX)
            return found, read_names(conn, {one.entry.actor for one in found})

        found, names = running.call(read)
    if as_json:
        print_json(found)
        return
    print_table(
        ["WHEN", "WHO", "KIND", "REFERENCE", "STANDS IN", "WHY"],
        [
            (
                one.entry.at,
                names.get(one.entry.actor, one.entry.actor),
                one.operation.kind,
                one.operation.reference,
                one.operation.stage,
                one.comment,
            )
            for one in found
        ],
    )


def _change(name: str, act: "Act", *, to: str | None, data: flags.Data, as_json: bool) -> None:
    from viertakt.cli.output import print_facts, print_json
    from viertakt.cli.place import application, settings_of
    from viertakt.operations.assigning import change_assignment
    from viertakt.operations.model import AssignmentRequest, Caller

    with application(settings_of(data=data)) as running:
        request = AssignmentRequest(called(running, name).id, Caller(acting(running)), act, to=to)
        found = running.call(lambda conn: change_assignment(conn, request))
    if as_json:
        print_json(found.assignment)
        return
    print_facts(_facts(found))


def _facts(found: "Assigned") -> dict[str, object]:
    held = found.assignment
    return {
        "id": found.operation.id,
        "reference": found.operation.reference,
        "assigned to": held.names.get(held.assignee or "") or held.assignee or "nobody",
        "in the hand of": held.names.get(held.claimed_by or ""),
        "until": held.lease_until,
        "snoozed until": held.snoozed_until,
    }
