"""`bulk dry-run | assign | note | tag | start | list | show | cancel | undo`: one thing done to many operations."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any

import typer

from viertakt.cli import flags

if TYPE_CHECKING:
    from viertakt.access.model import Actor
    from viertakt.bulk.model import Job, Wanted
    from viertakt.wiring import Application

noun = typer.Typer(
    help=(
        "One thing done to many operations: see what would happen, start it, watch it, take it back.\n\n"
        "Who asks: the token in VIERTAKT_TOKEN (or the file VIERTAKT_TOKEN_FILE), else system:cli, which makes no "
        "transition that is a person's. A worker does what was started: `viertakt up` has one."
    ),
    no_args_is_help=True,
)
JobId = Annotated[str, typer.Argument(metavar="JOB", help="The job's id.", show_default=False)]
Comment = Annotated[
    str | None, typer.Option("--comment", metavar="TEXT", help="In your own words.", show_default=False)
]
Reason = Annotated[
    str | None,
    typer.Option("--reason", metavar="CODE", help="A code of the reason catalogue.", show_default=False),
]
Q = Annotated[
    str | None,
    typer.Option("--q", metavar="QUERY", help="Which: all that this finds now.", show_default=False),
]
Ids = Annotated[
    list[str] | None,
    typer.Option("--id", metavar="ID", help="Which: this one; repeat for more.", show_default=False),
]
ITEMS_SHOWN_MAX = 200


@noun.command(name="dry-run")
def dry_run(
    transition: Annotated[
        str, typer.Argument(metavar="TRANSITION", help="Such as refuse.", show_default=False)
    ],
    *,
    q: Q = None,
    operation: Ids = None,
    reason: Reason = None,
    comment: Comment = None,
    data: flags.Data = None,
    as_json: flags.Json = False,
) -> None:
    """Freeze the operations and say what would happen to each; nothing moves until the job is started."""
    from viertakt.bulk.model import Wanted
    from viertakt.kinds.model import ReasonCode, TransitionName

    wanted = Wanted(TransitionName(transition), ReasonCode(reason) if reason else None, comment)
    _try(wanted, q, operation, data=data, as_json=as_json)


@noun.command()
def assign(
    to: Annotated[
        str,
        typer.Argument(
            metavar="TO", help="A person's e-mail address or id, a role, or nobody.", show_default=False
        ),
    ],
    *,
    q: Q = None,
    operation: Ids = None,
    comment: Comment = None,
    data: flags.Data = None,
    as_json: flags.Json = False,
) -> None:
    """Freeze the operations and say which would be assigned; nothing happens until the job is started."""
    from viertakt.bulk.model import Verb, Wanted, Work

    work = Work(to=None if to == "nobody" else to)
    _try(Wanted(comment=comment, verb=Verb.ASSIGN, work=work), q, operation, data=data, as_json=as_json)


@noun.command()
def note(
    text: Annotated[str, typer.Argument(metavar="TEXT", help="What each is to say.", show_default=False)],
    *,
    q: Q = None,
    operation: Ids = None,
    data: flags.Data = None,
    as_json: flags.Json = False,
) -> None:
    """Freeze the operations and say which would get this note; nothing happens until the job is started."""
    from viertakt.bulk.model import Verb, Wanted

    _try(Wanted(comment=text, verb=Verb.NOTE), q, operation, data=data, as_json=as_json)


@noun.command()
def tag(
    *,
    add: Annotated[
        list[str] | None,
        typer.Option("--add", metavar="TAG", help="Put it on; repeat for more.", show_default=False),
    ] = None,
    remove: Annotated[
        list[str] | None,
        typer.Option("--remove", metavar="TAG", help="Take it off; repeat for more.", show_default=False),
    ] = None,
    q: Q = None,
    operation: Ids = None,
    data: flags.Data = None,
    as_json: flags.Json = False,
) -> None:
    """Freeze the operations and say which would be tagged; nothing happens until the job is started."""
    from viertakt.bulk.model import Verb, Wanted, Work

    if not add and not remove:
        raise typer.BadParameter("Say which tags: with --add, --remove or both.")
    work = Work(add=tuple(add or ()), remove=tuple(remove or ()))
    _try(Wanted(verb=Verb.TAG, work=work), q, operation, data=data, as_json=as_json)


def _try(
    wanted: "Wanted", q: str | None, operation: list[str] | None, *, data: flags.Data, as_json: bool
) -> None:
    """Make a job, tried dry, in the caller's name, and print what would happen."""
    from viertakt.access.rules import visible
    from viertakt.bulk.actions import make_job
    from viertakt.bulk.dry_run import Chosen
    from viertakt.bulk.model import Asker
    from viertakt.language import parse, within

    if (q is None) == (operation is None):
        raise typer.BadParameter("Say which operations: with --q or with --id, not both.")
    ids = None if operation is None else tuple(_uuid(text) for text in operation)

    def make(running: "Application", actor: "Actor", conn: Any) -> "Job":
        fields = running.kinds.search_fields(conn)
        query = None if q is None else within(parse(q, fields=fields), visible(actor))
        chosen = Chosen(query, ids)
        return make_job(conn, running.engine, wanted, chosen, Asker(actor), limits=running.bulk)[0]

    _answer(make, data=data, as_json=as_json)


@noun.command()
def start(
    job: JobId,
    *,
    confirm: Annotated[
        int | None,
        typer.Option(
            "--confirm", metavar="N", help="How many will be moved, where that is asked.", show_default=False
        ),
    ] = None,
    data: flags.Data = None,
    as_json: flags.Json = False,
) -> None:
    """Start a job that was tried dry, or ask for the consents that it needs."""
    from viertakt.bulk.actions import start_job

    which = _job_id(job)
    _answer(
        lambda running, actor, conn: start_job(
            conn, which, actor=actor, confirm=confirm, limits=running.bulk
        ),
        data=data,
        as_json=as_json,
    )


@noun.command(name="list")
def list_jobs(*, data: flags.Data = None, as_json: flags.Json = False) -> None:
    """The newest jobs."""
    from viertakt.bulk import actions
    from viertakt.cli.output import print_json, print_table
    from viertakt.cli.place import application, settings_of

    with application(settings_of(data=data)) as running:
        actor = caller(running)
        found = running.call(lambda conn: actions.list_jobs(conn, reader=actor, limit=100))
    if as_json:
        print_json(found)
        return
    print_table(
        ["JOB", "STATE", "WHAT", "AFFECTED", "DONE", "SKIPPED", "FAILED", "BY", "ASKED"],
        [
            (
                one.bulk_id,
                one.state,
                one.transition or one.verb,
                one.affected,
                one.done,
                one.skipped,
                one.failed,
                one.asked_by_name,
                one.asked_at,
            )
            for one in found
        ],
    )


@noun.command()
def show(
    job: JobId,
    *,
    items: Annotated[
        bool, typer.Option("--items", help=f"What came of each too, the first {ITEMS_SHOWN_MAX}.")
    ] = False,
    data: flags.Data = None,
    as_json: flags.Json = False,
) -> None:
    """A job as it stands."""
    from viertakt.bulk import actions
    from viertakt.cli.output import print_json, print_table
    from viertakt.cli.place import application, settings_of

    which = _job_id(job)
    with application(settings_of(data=data)) as running:
        actor = caller(running)
        found = running.call(lambda conn: actions.read_job(conn, which, reader=actor))
        each = (
            running.call(lambda conn: actions.list_items(conn, which, reader=actor, limit=ITEMS_SHOWN_MAX))
            if items
            else []
        )
    if as_json:
        print_json({"job": found, "items": each} if items else found)
        return
    _print(found)
    if items:
        print_table(
            ["N", "REFERENCE", "STATE", "WHY NOT", "ID"],
            [(one.n, one.reference, one.state, one.code, one.operation_id) for one in each],
        )


@noun.command()
def cancel(job: JobId, *, data: flags.Data = None, as_json: flags.Json = False) -> None:
    """End a job; what it has not moved stays where it is."""
    from viertakt.bulk.actions import cancel_job

    which = _job_id(job)
    _answer(
        lambda _, actor, conn: cancel_job(conn, which, actor=actor),
        data=data,
        as_json=as_json,
    )


@noun.command()
def undo(
    job: JobId,
    *,
    reason: Reason = None,
    comment: Comment = None,
    data: flags.Data = None,
    as_json: flags.Json = False,
) -> None:
    """Try dry a new job that takes back what this one did; start it to do so."""
    from viertakt.bulk.actions import undo_job
    from viertakt.bulk.model import Asker

    which = _job_id(job)
    _answer(
        lambda running, actor, conn: undo_job(
            conn,
            running.engine,
            which,
            Asker(actor),
            reason=reason,
            comment=comment,
            limits=running.bulk,
        )[0],
        data=data,
        as_json=as_json,
    )


def _answer(act: "Callable[[Application, Actor, Any], Job]", *, data: flags.Data, as_json: bool) -> None:
    """Do something to a job, in the caller's name, and print how it stands then."""
    from viertakt.cli.output import print_json
    from viertakt.cli.place import application, settings_of

    with application(settings_of(data=data)) as running:
        actor = caller(running)
        found = running.call(lambda conn: act(running, actor, conn))
    if as_json:
        print_json(found)
    else:
        _print(found)


def caller(running: "Application") -> "Actor":
    """Who asks: the token's actor, or the command line itself."""
    from viertakt.access.actions import actor_of_token, ensure_actor
    from viertakt.access.model import system
    from viertakt.cli.secret import secret_of

    token = secret_of("VIERTAKT_TOKEN")
    if token is not None:
        return running.call(lambda conn: actor_of_token(conn, token))
    actor = system("cli")
    running.call(lambda conn: ensure_actor(conn, actor))
    return actor


def _print(job: "Job") -> None:
    from viertakt.cli.output import print_facts, print_table

    print_facts(
        {
            "job": job.bulk_id,
            "state": job.state,
            "transition": job.transition,
            "does": None if job.transition else job.verb,
            "assigns to": job.work.to if job.work else None,
            "tags": ", ".join([*(f"+{one}" for one in job.work.add), *(f"-{one}" for one in job.work.remove)])
            if job.work
            else None,
            "undoes": job.undoes,
            "undone by": job.undone_by,
            "query": job.query,
            "asked by": job.asked_by_name,
            "operations": job.total,
            "would be done to": job.affected,
            "worth": ", ".join(f"{value:f} {currency}" for currency, value in job.preview.sums.items()),
            "alone up to": _alone(job),
            "needs": ", ".join(f"{need.count} by {' or '.join(need.roles)}" for need in job.needs),
            "done": job.done or None,
            "asked for": job.asked or None,
            "skipped": job.skipped or None,
            "failed": job.failed or None,
            "left": job.left or None,
            "starts": job.starts_at,
            "ended": job.ended_at,
            "said": job.said,
        }
    )
    print_table(
        ["COUNT", "KIND", "STAGE", "WHAT", "TO", "WHY NOT"],
        [
            (group.count, group.kind, group.stage, group.fate, group.to, group.detail)
            for group in job.preview.groups
        ],
    )


def _alone(job: "Job") -> str | None:
    """How far whoever asked goes without a second person."""
    bounds = job.preview.bounds
    if bounds is None:
        return None
    told = [f"{bounds.operations} operations", *(f"{value:f} {name}" for name, value in bounds.sums.items())]
    return ", ".join(told) + (f"; {bounds.rate} a second" if bounds.rate else "")


def _job_id(text: str) -> Any:
    from viertakt.bulk.model import BulkId

    return BulkId(_uuid(text))


def _uuid(text: str) -> Any:
    from uuid import UUID

    try:
        return UUID(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is no id.") from None
