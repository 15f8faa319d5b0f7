"""`alerts list | limits | set-limit | end-limit`: what is out of the ordinary, and what is too much."""

from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import typer

from viertakt.cli import flags

if TYPE_CHECKING:
    from viertakt.alerts.limits_model import Limit

noun = typer.Typer(
    help="What is out of the ordinary, held against its own past and against limits.", no_args_is_help=True
)


MeasureName = Annotated[
    str,
    typer.Argument(
        metavar="MEASURE",
        help="created, ended, errors, rejections, backlog, stage_time or silence.",
        show_default=False,
    ),
]
Bound = Annotated[
    float,
    typer.Argument(
        metavar="BOUND",
        help="A share such as 0.05 of errors and rejections, a number of created and ended, else minutes.",
        show_default=False,
    ),
]
KindOf = Annotated[
    str | None, typer.Option("--kind", metavar="KIND", help="Otherwise of each kind by itself.")
]
BrandOf = Annotated[str | None, typer.Option("--brand", metavar="BRAND", help="Otherwise of all together.")]
ProviderOf = Annotated[
    str | None,
    typer.Option(
        "--provider",
        metavar="VALUE",
        help="Of one who carries it out, as the kind's `provider` attribute says.",
    ),
]
StageOf = Annotated[
    str | None,
    typer.Option("--stage", metavar="STAGE", help="Of stage_time, and if you like of backlog and silence."),
]
Below = Annotated[bool, typer.Option("--below", help="Too few: of created and ended.")]
Within = Annotated[int, typer.Option("--within", metavar="MINUTES", min=5, max=1440)]
AtLeast = Annotated[
    int,
    typer.Option(
        "--at-least", metavar="N", min=1, max=1_000_000, help="Fewer failed or rejected are no alarm."
    ),
]


@noun.command("list")
def list_alerts(
    *,
    data: flags.Data = None,
    only_open: bool = typer.Option(False, "--open", help="Only those that are open."),
    as_json: flags.Json = False,
) -> None:
    """Alerts, open ones first, then the latest."""
    import msgspec

    from viertakt.alerts import store
    from viertakt.alerts.actions import LIST_MAX
    from viertakt.alerts.rules import query_of
    from viertakt.cli.output import print_json, print_table, talk
    from viertakt.cli.place import asking, settings_of

    with asking(settings_of(data=data)) as place:
        found = place.call(lambda conn: store.list_alerts(conn, only_open=only_open, limit=LIST_MAX))
    if as_json:
        print_json([{**msgspec.structs.asdict(alert), "q": query_of(alert)} for alert in found])
        return
    if not found:
        talk("Nothing is out of the ordinary." if only_open else "There has been no alert.")
        return
    print_table(
        ("level", "kind", "brand", "provider", "stage", "what", "value", "usual", "opened", "closed"),
        [
            (
                alert.level,
                alert.kind,
                alert.brand or "all",
                alert.provider.value if alert.provider else "all",
                alert.stage or "",
                f"{alert.measure} {alert.direction}",
                f"{alert.value:.3g}",
                f"{alert.usual:.3g}",
                str(alert.opened_at),
                str(alert.closed_at or ""),
            )
            for alert in found
        ],
    )


@noun.command(name="limits")
def list_limits(
    *,
    ended: Annotated[bool, typer.Option("--ended", help="Those that are in force no more, too.")] = False,
    data: flags.Data = None,
    as_json: flags.Json = False,
) -> None:
    """Limits that open an alert, those in force first."""
    from viertakt.alerts import limits
    from viertakt.cli.operations import acting
    from viertakt.cli.output import print_json, talk
    from viertakt.cli.place import application, settings_of

    with application(settings_of(data=data)) as running:
        actor = acting(running)
        found = running.call(lambda conn: limits.list_limits(conn, actor, ended=ended))
    if as_json:
        print_json(found)
    elif found:
        _print_limits(found)
    else:
        talk("No limit is set: alerts go by what is usual.")


@noun.command(name="set-limit")
def set_limit(
    measure: MeasureName,
    bound: Bound,
    *,
    kind: KindOf = None,
    brand: BrandOf = None,
    provider: ProviderOf = None,
    stage: StageOf = None,
    below: Below = False,
    within: Within = 10,
    at_least: AtLeast = 5,
    data: flags.Data = None,
    as_json: flags.Json = False,
) -> None:
    """Say what is too much; in force from the next look on."""
    from viertakt.alerts import limits
    from viertakt.alerts.model import Direction, Measure
    from viertakt.cli.operations import acting
    from viertakt.cli.output import print_json
    from viertakt.cli.place import application, settings_of

    if measure not in set(Measure):
        raise typer.BadParameter(f"{measure[:60]!r} is no measure; there are: {', '.join(Measure)}.")
    with application(settings_of(data=data)) as running:
        actor = acting(running)
        made = running.call(
            lambda conn: limits.set_limit(
                conn,
                actor,
                measure=Measure(measure),
                bound=bound,
                kind=None if kind is None else running.kinds.latest(conn, kind).kind,
                brand=brand,
                provider=provider,
                stage=stage,
                direction=Direction.BELOW if below else Direction.ABOVE,
                window_minutes=within,
                at_least=at_least,
            )
        )
    if as_json:
        print_json(made)
    else:
        _print_limits([made])


@noun.command(name="end-limit")
def end_limit(
    limit: Annotated[UUID, typer.Argument(metavar="LIMIT", help="Its id.", show_default=False)],
    *,
    data: flags.Data = None,
    as_json: flags.Json = False,
) -> None:
    """End a limit; what it opened closes at the next look."""
    from viertakt.alerts import limits
    from viertakt.alerts.limits_model import LimitId
    from viertakt.cli.operations import acting
    from viertakt.cli.output import print_json
    from viertakt.cli.place import application, settings_of

    with application(settings_of(data=data)) as running:
        actor = acting(running)
        ended = running.call(lambda conn: limits.end_limit(conn, actor, LimitId(limit)))
    if as_json:
        print_json(ended)
    else:
        _print_limits([ended])


def _print_limits(found: "list[Limit]") -> None:
    from viertakt.cli.output import print_table

    rows = [
        (
            one.id,
            one.measure,
            one.direction,
            f"{one.bound:g}",
            one.kind or "each",
            one.brand or "all",
            one.provider.value if one.provider else "all",
            one.stage or "",
            one.window_minutes,
            one.at_least,
            one.set_by,
            one.ended_at or "",
        )
        for one in found
    ]
    names = (
        "id",
        "measure",
        "is",
        "bound",
        "kind",
        "brand",
        "provider",
        "stage",
        "minutes",
        "at least",
        "set by",
        "ended",
    )
    print_table(names, rows)
