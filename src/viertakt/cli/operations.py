"""`operations open | move | show | list | count`: single pieces of work, and questions about many."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from viertakt.cli import flags

if TYPE_CHECKING:
    from collections.abc import Sequence

    from viertakt.access.model import Actor
    from viertakt.kinds.actions import Kinds
    from viertakt.language import Query as Parsed
    from viertakt.operations.model import Entry, Operation
    from viertakt.wiring import Application

noun = typer.Typer(
    help=(
        "Single pieces of work: open, move, show, list and count operations.\n\n"
        "Who acts: the token in VIERTAKT_TOKEN (or the file VIERTAKT_TOKEN_FILE), else system:cli, which reports what "
        "processes did and makes no transition that is a person's."
    ),
    no_args_is_help=True,
)
Name = Annotated[
    str,
    typer.Argument(
        metavar="ID|REFERENCE", help="Its id, reference or a provider's identifier.", show_default=False
    ),
]
Query = Annotated[
    str,
    typer.Option(
        "--q", metavar="QUERY", help="Which, in the query language: kind:withdrawal status:pending."
    ),
]
HISTORY_SHOWN_MAX = 200


@noun.command(name="open")
def open_operation(
    kind: Annotated[str, typer.Argument(metavar="KIND", help="Such as withdrawal.", show_default=False)],
    *,
    reference: Annotated[
        str,
        typer.Option(
            "--reference", metavar="REFERENCE", help="Your name for it, once per kind.", show_default=False
        ),
    ],
    subject: Annotated[str | None, typer.Option("--subject", metavar="SUBJECT", help="Whose it is.")] = None,
    brand: Annotated[str | None, typer.Option("--brand", metavar="BRAND", help="Under which brand.")] = None,
    amount: Annotated[
        str | None, typer.Option("--amount", metavar="AMOUNT", help='With its currency: "12.50 EUR".')
    ] = None,
    attribute: Annotated[
        list[str] | None,
        typer.Option("--attribute", metavar="NAME=VALUE", help="One of the kind's; repeat for more."),
    ] = None,
    parent: Annotated[
        str | None, typer.Option("--parent", metavar="OPERATION", help="Under which, by reference or id.")
    ] = None,
    data: flags.Data = None,
    as_json: flags.Json = False,
) -> None:
    """Open an operation; again with the same content answers with the same one."""
    import uuid_utils.compat

    from viertakt.cli.place import application, settings_of
    from viertakt.kinds.model import KindName
    from viertakt.operations.model import Caller, OpenRequest, OperationId

    money = _money(amount)
    with application(settings_of(data=data)) as running:
        actor = acting(running)
        published = running.call(lambda conn: running.kinds.latest(conn, kind))
        request = OpenRequest(
            operation_id=OperationId(uuid_utils.compat.uuid7()),
            caller=Caller(actor),
            kind=KindName(kind),
            reference=reference,
            subject=subject,
            brand=brand,
            amount=money,
            attributes=_attributes(
                attribute or [], {name: a.type for name, a in published.kind.attributes.items()}
            ),
            parent_id=called(running, parent).id if parent else None,
        )
        answer = running.batch.call(request)
    _print(answer.operation, as_json=as_json)


@noun.command()
def move(
    name: Name,
    transition: Annotated[
        str, typer.Argument(metavar="TRANSITION", help="Such as approve.", show_default=False)
    ],
    *,
    reason: Annotated[
        str | None, typer.Option("--reason", metavar="CODE", help="A code of the reason catalogue.")
    ] = None,
    comment: Annotated[
        str | None, typer.Option("--comment", metavar="TEXT", help="In your own words.")
    ] = None,
    expected_version: Annotated[
        int | None,
        typer.Option(
            "--expected-version", metavar="N", min=1, max=2**31 - 1, help="Refuse if it has moved on since."
        ),
    ] = None,
    data: flags.Data = None,
    as_json: flags.Json = False,
) -> None:
    """Make a transition, or ask for it where the kind wants consents."""
    from viertakt.cli.output import talk
    from viertakt.cli.place import application, settings_of
    from viertakt.kinds.model import ReasonCode, TransitionName
    from viertakt.operations.model import Caller, EntrySort, MoveRequest

    with application(settings_of(data=data)) as running:
        operation = called(running, name)
        request = MoveRequest(
            operation_id=operation.id,
            caller=Caller(acting(running)),
            transition=TransitionName(transition),
            reason=ReasonCode(reason) if reason is not None else None,
            comment=comment,
            expected_version=expected_version,
        )
        answer = running.batch.call(request)
        moved = running.call(lambda conn: _shown_only(conn, running.kinds, answer.operation))
    if answer.entry.sort is EntrySort.ASKED:
        talk(f"Asked for; it waits for consents (approval {answer.entry.seq}).")
    _print(moved, as_json=as_json)


@noun.command()
def show(name: Name, *, data: flags.Data = None, as_json: flags.Json = False) -> None:
    """An operation with its history and the transitions that start where it stands."""
    from viertakt.cli.offers import offers, told_of
    from viertakt.cli.output import print_json, print_table, print_text
    from viertakt.cli.place import application, settings_of
    from viertakt.operations import hiding, reading

    with application(settings_of(data=data)) as running:
        operation = called(running, name)
        history = running.call(
            lambda conn: reading.read_history(conn, operation.id, after=0, limit=HISTORY_SHOWN_MAX)
        )
        names = running.call(lambda conn: reading.read_names(conn, {entry.actor for entry in history}))
        kind = running.call(lambda conn: running.kinds.shown(conn, operation.kind, operation.kind_version))
        available, held = offers(running, operation, acting(running))
    operation = hiding.operation_shown(operation, kind.hidden)
    if as_json:
        told = _without_personal(history, kind.hidden)
        offered = [one.told() for one in available]
        print_json({"operation": operation, "history": told, "available": offered, "held": told_of(held)})
        return
    _print(operation, as_json=False)
    print_text("")
    print_table(
        ["AT", "WHAT", "TRANSITION", "FROM", "TO", "BY", "CAUSE", "REASON"],
        [
            (
                e.at,
                e.sort,
                e.transition,
                e.from_stage,
                e.to_stage,
                names.get(e.actor, e.actor),
                e.cause,
                e.reason,
            )
            for e in history
        ],
    )
    if available:
        print_text("")
        print_table(
            ["TRANSITION", "TO", "STATUS", "ALLOWED"],
            [(one.move.transition, one.move.to, one.move.status, one.allowed) for one in available],
        )


@noun.command(name="list")
def list_operations(
    *,
    q: Query = "",
    sort: Annotated[
        str | None,
        typer.Option(
            "--sort",
            metavar="FIELD",
            help="created_at, deadline_at, closed_at; - before it for the latest first.",
        ),
    ] = None,
    limit: Annotated[
        int, typer.Option("--limit", metavar="N", min=1, max=200, help="How many at most.")
    ] = 50,
    cursor: Annotated[
        str | None, typer.Option("--cursor", metavar="CURSOR", help="Where the page before this one ended.")
    ] = None,
    data: flags.Data = None,
    as_json: flags.Json = False,
) -> None:
    """Operations by a query, the newest first; of those asked for by their end the last, by deadline the first due."""
    import msgspec

    from viertakt.cli.output import print_json, print_table, talk
    from viertakt.cli.place import asking, settings_of
    from viertakt.kinds.actions import Kinds
    from viertakt.reports import list_operations as ask

    def read(conn: Any) -> Any:
        known, page = Kinds(), ask(conn, _read(conn, q), sort=sort, limit=limit, cursor=cursor)
        return msgspec.structs.replace(
            page, items=tuple(_shown_only(conn, known, item) for item in page.items)
        )

    with asking(settings_of(data=data)) as running:
        page = running.call(read)
    if as_json:
        print_json(page)
        return
    print_table(
        ["KIND", "REFERENCE", "STATUS", "STAGE", "WAITING ON", "SUBJECT", "AMOUNT", "OPENED", "ID"],
        [
            (o.kind, o.reference, o.status, o.stage, o.waiting_on, o.subject, _shown(o), o.created_at, o.id)
            for o in page.items
        ],
    )
    if page.next_cursor:
        talk(f"There are more: --cursor {page.next_cursor}")


@noun.command()
def count(
    *,
    q: Query = "",
    by: Annotated[
        str,
        typer.Option(
            "--by", metavar="FIELDS", help="status, kind, stage, brand, currency, waiting_on; commas between."
        ),
    ] = "status",
    data: flags.Data = None,
    as_json: flags.Json = False,
) -> None:
    """How many operations a query finds, by group."""
    from viertakt.cli.output import print_json, print_table, talk
    from viertakt.cli.place import asking, settings_of
    from viertakt.reports import counts

    groups = [name.strip() for name in by.split(",") if name.strip()]
    with asking(settings_of(data=data)) as running:
        found = running.call(lambda conn: counts(conn, _read(conn, q), groups))
    if as_json:
        print_json(found)
        return
    columns = [*groups, "count"]
    print_table(
        [name.upper() for name in columns], [[item.get(name) for name in columns] for item in found.items]
    )
    if found.capped:
        talk("At least so many: counting stopped at its bound.")


def _read(conn: Any, q: str) -> "Parsed":
    """The query, with attributes typed as the published kinds say."""
    from viertakt.kinds.searchable import search_fields
    from viertakt.language import parse

    return parse(q, fields=search_fields(conn))


def acting(running: "Application") -> "Actor":
    """Who acts: the token's actor, or the command line itself."""
    from viertakt.access.actions import actor_of_token, ensure_actor
    from viertakt.access.model import system
    from viertakt.cli.secret import secret_of

    token = secret_of("VIERTAKT_TOKEN")
    if token is not None:
        return running.call(lambda conn: actor_of_token(conn, token))
    actor = system("cli")
    running.call(lambda conn: ensure_actor(conn, actor))
    return actor


def called(running: "Application", name: str) -> "Operation":
    """The operation of this name. Raises NotFound, or Conflict where two kinds use it."""
    from viertakt.errors import Conflict, NotFound
    from viertakt.reports import find_reference

    found = running.call(lambda conn: find_reference(conn, name))
    if not found:
        raise NotFound(f"There is no operation called {name!r}.")
    if len(found) > 1:
        which = ", ".join(f"{one.id} ({one.kind})" for one in found)
        raise Conflict(f"{len(found)} operations are called {name!r}: {which}. Name one by its id.")
    return found[0]


def _money(text: str | None) -> Any:
    from decimal import Decimal, InvalidOperation

    from viertakt.operations.model import Money

    if text is None:
        return None
    value, _, currency = text.strip().partition(" ")
    try:
        return Money(value=Decimal(value), currency=currency.strip())
    except InvalidOperation:
        raise typer.BadParameter(
            f'{text!r} is no amount; write it as "12.50 EUR".', param_hint="--amount"
        ) from None


def _attributes(given: list[str], types: dict[str, Any]) -> dict[str, Any]:
    """NAME=VALUE as JSON would carry it: true and false, whole numbers, else text; what does not fit is refused later."""
    attributes: dict[str, Any] = {}
    for pair in given:
        name, found, value = pair.partition("=")
        if not found:
            raise typer.BadParameter(f"{pair!r} is not NAME=VALUE.", param_hint="--attribute")
        match types.get(name):
            case "boolean" if value in {"true", "false"}:
                attributes[name] = value == "true"
            case "integer" if value.removeprefix("-").isdecimal():
                attributes[name] = int(value)
            case _:
                attributes[name] = value
    return attributes


def _without_personal(history: "Sequence[Entry]", hidden: frozenset[str]) -> "list[Entry]":
    """Personal values are revealed one by one, with a reason: never here."""
    import msgspec

    from viertakt.operations.hiding import entry_shown

    return [msgspec.structs.replace(entry_shown(entry, hidden), personal=None) for entry in history]


def _shown_only(conn: Any, kinds: "Kinds", operation: "Operation") -> "Operation":
    """The operation without what a later version of its kind has made personal."""
    from viertakt.operations.hiding import operation_shown

    return operation_shown(operation, kinds.shown(conn, operation.kind, operation.kind_version).hidden)


def _print(operation: "Operation", *, as_json: bool) -> None:
    from viertakt.cli.output import print_facts, print_json

    if as_json:
        print_json(operation)
        return
    print_facts(
        {
            "id": operation.id,
            "kind": f"{operation.kind} (version {operation.kind_version})",
            "reference": operation.reference,
            "status": operation.status,
            "stage": operation.stage,
            "version": operation.version,
            "waiting on": operation.waiting_on,
            "subject": operation.subject,
            "brand": operation.brand,
            "amount": _shown(operation),
            **operation.attributes,
            "opened": operation.created_at,
            "deadline": operation.deadline_at,
            "closed": operation.closed_at,
        }
    )


def _shown(operation: "Operation") -> str:
    return f"{operation.amount.value} {operation.amount.currency}" if operation.amount else ""
