"""`up`, `serve`, `worker` and `migrate`: everything on one machine, its parts alone, and the database brought up to date."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import typer

from viertakt.cli import flags

if TYPE_CHECKING:
    from collections.abc import Callable

    from viertakt.settings import Settings
    from viertakt.wiring import Application

STARTED_POLL_SECONDS = 0.01


def add_to(app: typer.Typer) -> None:
    """These commands, without a noun before them."""
    app.command()(up)
    app.command()(serve)
    app.command()(worker)
    app.command()(migrate)


def up(
    *, data: flags.Data = None, host: flags.Host = None, port: flags.Port = None, as_json: flags.Json = False
) -> None:
    """Run everything on one machine: database, migrations, kinds, server, worker and console.

    With --json, one line {"url": …} on stdout says when it is ready. Ctrl-C or SIGTERM stops all of it.
    """
    from viertakt.cli.place import install, limits, server, settings_of
    from viertakt.wiring import Application
    from viertakt.worker.duties import Duties
    from viertakt.worker.loops import Worker

    settings = settings_of(data=data, host=host, port=port)
    with stopped_by_signals(), server(settings) as url:
        install(url)
        with (
            Worker(url),
            Application(url, settings=settings, bulk=limits(settings)) as application,
            Duties(application),
        ):
            run_server(application, settings, as_json=as_json)


def serve(
    *, data: flags.Data = None, host: flags.Host = None, port: flags.Port = None, as_json: flags.Json = False
) -> None:
    """Run the server alone, over a database that is up to date (see migrate); a worker must run somewhere."""
    from viertakt.cli.place import database, limits, settings_of
    from viertakt.wiring import Application

    settings = settings_of(data=data, host=host, port=port)
    with (
        stopped_by_signals(),
        database(settings) as url,
        Application(url, settings=settings, bulk=limits(settings)) as application,
    ):
        run_server(application, settings, as_json=as_json)


def worker(*, data: flags.Data = None) -> None:
    """Run the worker alone, beside servers on the same database: positions, tallies, projections, bulk jobs. Two stand by each other."""
    from viertakt.cli.output import talk
    from viertakt.cli.place import database, limits, settings_of
    from viertakt.wiring import Application
    from viertakt.worker.duties import Duties
    from viertakt.worker.loops import Worker

    settings = settings_of(data=data)
    with (
        stopped_by_signals(),
        database(settings) as url,
        Worker(url) as working,
        Application(
            url, batch_threads=2, read_threads=1, settings=settings, bulk=limits(settings)
        ) as application,
        Duties(application),
    ):
        talk("The worker is at work. Ctrl-C stops it.")
        working.wait()


def migrate(*, data: flags.Data = None, dry_run: flags.DryRun = False, as_json: flags.Json = False) -> None:
    """Bring the database up to date: migrations, roles, built-in kinds, partitions. Again is harmless."""
    from viertakt.cli.output import print_json, print_text, talk
    from viertakt.cli.place import install, server, settings_of
    from viertakt.db.migrate import pending
    from viertakt.db.pool import answering, connect

    with server(settings_of(data=data)) as url, answering():
        if dry_run:
            with connect(url) as conn:
                names = [migration.name for migration in pending(conn)]
        else:
            names = install(url)
    if as_json:
        print_json({"pending" if dry_run else "applied": names})
        return
    for name in names:
        print_text(name)
    if not names:
        talk("The database is up to date.")


def run_server(
    application: "Application",
    settings: "Settings",
    *,
    as_json: bool,
    ready: "Callable[[str], None] | None" = None,
) -> None:
    """Serve until a signal comes; the address is told once it answers, in the words of `ready` where it is given."""
    import asyncio
    from functools import partial

    from viertakt.api.server import server
    from viertakt.cli.output import print_json

    with _listening(settings.host, settings.port) as listener:
        running = server(application, host=settings.host, port=settings.port)
        address = _url(settings.host, listener.getsockname()[1])

        async def until_stopped() -> None:
            serving = asyncio.create_task(running.serve(sockets=[listener]))
            while not running.started and not serving.done():  # noqa: ASYNC110 - uvicorn has a flag, no event
                await asyncio.sleep(STARTED_POLL_SECONDS)
            if running.started:
                if as_json:
                    print_json({"url": address})
                (ready or partial(_tell, application))(address)
            await serving

        with asyncio.Runner(loop_factory=running.config.get_loop_factory()) as runner:
            runner.run(until_stopped())


def _tell(application: "Application", address: str) -> None:
    from viertakt.access.actions import people
    from viertakt.cli.output import talk

    talk(f"Viertakt is ready at {address}. Ctrl-C stops it.")
    if not application.call(people):
        talk("Nobody can sign in yet: viertakt people add --email YOU@EXAMPLE.COM --name YOU --role admin")


@contextmanager
def _listening(host: str, port: int) -> Iterator[Any]:
    """A socket that listens, so that a taken port is refused with a sentence, and port 0 is known before anybody asks."""
    import socket

    from viertakt.errors import Conflict

    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listener = socket.create_server((host, port), family=family, backlog=2_048)
    except OSError as fault:
        reason = fault.strerror or str(fault)
        raise Conflict(
            f"{_url(host, port)} cannot be listened on: {reason}. Choose another --port."
        ) from fault
    with listener:
        yield listener


def _url(host: str, port: int) -> str:
    shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)  # noqa: S104
    return f"http://{shown}:{port}"


@contextmanager
def stopped_by_signals() -> Iterator[None]:
    """SIGINT and SIGTERM end the block in order: what was started is stopped, and the exit status is 0.

    A second signal meanwhile changes nothing: stopping takes seconds at most, and half of it would leave a database behind.
    """
    stopping = False

    def stop(*_: object) -> None:
        nonlocal stopping
        if not stopping:
            stopping = True
            raise KeyboardInterrupt

    before = {one: signal.signal(one, stop) for one in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    except KeyboardInterrupt:
        pass
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)
