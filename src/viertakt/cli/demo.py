"""`demo`: one command to a living back office; `demo bad-day` plays a mistake in it, and how it is taken back, `demo outage` a
provider that is down, and how that is handled."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from viertakt.cli import flags

if TYPE_CHECKING:
    from datetime import datetime

    from viertakt.demo.cast import SignIn
    from viertakt.demo.company import Company
    from viertakt.demo.model import Story
    from viertakt.settings import Settings
    from viertakt.wiring import Application

noun = typer.Typer()
GOES_OUT = frozenset({"webhooks", "mails"})
SEED = 4  # one month, always the same but for the hour it ends in


def add_to(app: typer.Typer) -> None:
    """This command, which is one by itself and has more below it."""
    app.add_typer(noun, name="demo")


@noun.callback(invoke_without_command=True)
def demo(
    context: typer.Context,
    *,
    data: flags.Data = None,
    host: flags.Host = None,
    port: flags.Port = None,
    as_json: flags.Json = False,
) -> None:
    """A living back office: every kind of operation, people to sign in as, and a simulator that keeps it moving."""
    if context.invoked_subcommand is not None:
        return
    from viertakt.cli.output import talk
    from viertakt.cli.place import install, limits, server, settings_of
    from viertakt.cli.serving import run_server, stopped_by_signals
    from viertakt.errors import Invalid
    from viertakt.wiring import Application
    from viertakt.worker.duties import Duties
    from viertakt.worker.loops import Worker

    if find_spec("viertakt_client") is None:
        raise Invalid("The demo's simulator is a customer and needs the client: install viertakt[demo].")
    settings = _apart(settings_of(data=data, host=host, port=port))
    with stopped_by_signals():
        talk("Starting the database …")
        with server(settings) as url:
            talk("Migrations, roles and kinds …")
            install(url)
            with (
                Worker(url),
                Application(url, settings=settings, bulk=limits(settings)) as application,
                Duties(application),
                _alive(application) as (sign_ins, begin),
            ):

                def ready(address: str) -> None:
                    _tell(address, [one for one in sign_ins if one.first])
                    begin(address)

                run_server(application, settings, as_json=as_json, ready=ready)


@noun.command(name="bad-day")
def bad_day(
    *,
    count: Annotated[
        int,
        typer.Option("--count", metavar="N", min=100, max=20_000, help="How many withdrawals are rejected."),
    ] = 4_000,
    data: flags.Data = None,
    as_json: flags.Json = False,
) -> None:
    """Thousands of withdrawals rejected by the wrong filter, noticed hours later, and taken back, in the demo.

    In the demo that runs, or in what it left behind; it says what happens as it goes.
    """
    from datetime import UTC, datetime

    from viertakt.cli.output import print_json, print_table, talk
    from viertakt.cli.place import application, settings_of
    from viertakt.demo.bad_day import play
    from viertakt.wiring import FOLLOWERS
    from viertakt.worker.loops import Worker

    # Who is told is told by a worker: the demo's own, or this one where the demo does not run.
    tells = {"notices": FOLLOWERS["notices"]}
    with (
        application(_apart(settings_of(data=data))) as running,
        Worker(running.url, followers=tells, upkeep=()),
    ):
        day = play(running, talk, count=count, now=datetime.now(UTC))
    if as_json:
        print_json(day)
        return
    rows = [("restored", day.restored), ("restored later", day.restored_later), *sorted(day.left.items())]
    print_table(["WHAT CAME OF THEM", "OPERATIONS"], rows)
    heard = [
        ("told", day.heard.told, day.heard.told_by_mail),
        ("corrected", day.heard.corrected, day.heard.corrected_by_mail),
    ]
    print_table([f"WHAT {day.heard.people} PEOPLE HEARD", "TIMES", "OF THEM BY MAIL"], heard)


@noun.command()
def outage(
    *,
    count: Annotated[
        int, typer.Option("--count", metavar="N", min=20, max=2_000, help="How many payouts are under way.")
    ] = 40,
    seconds: Annotated[
        int, typer.Option("--seconds", metavar="N", min=5, max=600, help="How long the provider is down.")
    ] = 75,
    data: flags.Data = None,
    as_json: flags.Json = False,
) -> None:
    """A card provider is down: an alert within two minutes, an incident, nothing sent, released at a rate, all paid.

    In the demo that runs, or in what it left behind; it says what happens as it goes.
    """
    from viertakt.cli.output import print_facts, print_json, talk
    from viertakt.cli.place import application, settings_of
    from viertakt.demo.outage import play
    from viertakt.wiring import turns
    from viertakt.worker.duties import Duties
    from viertakt.worker.loops import Worker

    # A worker of its own beside the demo's: where the demo does not run, nobody else would look. What goes out to others is left
    # to the demo's: here the settings are those of another shell.
    with (
        application(_apart(settings_of(data=data))) as running,
        Worker(running.url),
        Duties(running, only={name: turn for name, turn in turns(running).items() if name not in GOES_OUT}),
    ):
        went = play(running, talk, count=count, seconds=seconds)
    if as_json:
        print_json(went)
        return
    print_facts(
        {
            "seconds until the alert": f"{went.alert_after:.0f}",
            "failed": went.failed,
            "unknown": went.unknown,
            "held": went.held,
            "paid": went.paid,
        }
    )


def _apart(settings: "Settings") -> "Settings":
    """The demo's own folder beside the real one, and its own providers: invented operations never mix with anybody's."""
    import msgspec

    settings = msgspec.structs.replace(settings, re_ask="demo_provider")
    if settings.database_url is not None:
        return settings
    return msgspec.structs.replace(settings, data=Path(settings.data) / "demo")


@contextmanager
def _alive(application: "Application") -> "Iterator[tuple[list[SignIn], Callable[[str], None]]]":
    """The staff hired and the past told where it is missing, and what starts the simulator once there is an address.

    In a thread of its own, for it asks the server like any other customer; it is stopped at the end.
    """
    from datetime import UTC, datetime
    from threading import Event, Thread

    from viertakt.demo.cast import hire, platform_token
    from viertakt.demo.live import live
    from viertakt.demo.run import company, last_numbers, last_told

    staff, sign_ins = application.call(hire)
    token = application.call(platform_token)
    numbers = application.call(last_numbers)
    now = datetime.now(UTC)
    teller = company(staff, now=now, seed=SEED, numbers=numbers)
    # A company goes on while nobody looks: hours in which nothing came in would be an alarm.
    ahead = _tell_past(application, teller, now, application.call(last_told))
    stop = Event()
    threads: list[Thread] = []

    def begin(address: str) -> None:
        told = {"token": token, "sign_ins": sign_ins, "teller": teller, "ahead": ahead, "stop": stop}
        threads.append(Thread(target=live, args=(address,), kwargs=told, name="simulator"))
        threads[-1].start()

    try:
        yield sign_ins, begin
    finally:
        stop.set()
        for thread in threads:
            thread.join()


def _tell_past(
    application: "Application", teller: "Company", now: "datetime", since: "datetime | None"
) -> "list[Story]":
    """The month behind us, or what of it came after `since`, with a bar: it is the only part that takes more than a moment."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    from viertakt.cli.output import talk
    from viertakt.demo.run import tell_past

    named = "A month of history" if since is None else "What happened meanwhile"
    console = Console(stderr=True)
    if not console.is_terminal:
        talk(f"{named} …")
    columns = (TextColumn(named), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        bar = progress.add_task("", total=None)
        return tell_past(
            application.batch,
            teller,
            now=now,
            since=since,
            progress=lambda done, total: progress.update(bar, completed=done, total=total),
        )


def _tell(address: str, sign_ins: "list[SignIn]") -> None:
    from viertakt.cli.output import talk

    talk("")
    talk(f"Open {address} and sign in as one of:")
    width = max(len(one.email) for one in sign_ins)
    for one in sign_ins:
        talk(f"  {one.email:<{width}}  {one.role}")
    talk(f"Everybody's password until the next start: {sign_ins[0].password}")
    talk("Ctrl-C ends it; what happened stays for the next time.")
