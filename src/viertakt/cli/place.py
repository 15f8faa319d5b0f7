"""Where a command works: its settings, the database in use, and the application over it.

The embedded server is adopted where `viertakt up` runs over the same folder, and otherwise runs for as long as the command.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import msgspec
import typer

from viertakt.cli.logs import log_to_stderr
from viertakt.db.embedded import embedded
from viertakt.db.migrate import migrate, pending
from viertakt.db.partitions import ensure_partitions
from viertakt.db.pool import Connection, answering, connect
from viertakt.errors import Conflict, Invalid
from viertakt.settings import Settings, read_settings

if TYPE_CHECKING:
    from viertakt.bulk.model import Limits
    from viertakt.wiring import Application

T = TypeVar("T")


def settings_of(*, data: Path | None = None, host: str | None = None, port: int | None = None) -> Settings:
    """The environment's settings, with what the flags say instead. An unusable environment is misuse."""
    try:
        settings = read_settings()
    except Invalid as refusal:
        raise typer.BadParameter(refusal.detail) from None
    said = {"data": data, "host": host, "port": port}
    return msgspec.structs.replace(
        settings, **{name: value for name, value in said.items() if value is not None}
    )


def text_of(file: Path) -> str:
    """What a file says. Raises `Invalid` where it cannot be read, or is no text."""
    try:
        return file.read_text(encoding="utf-8")
    except OSError as fault:
        raise Invalid(f"{file} cannot be read: {fault.strerror}.") from None
    except UnicodeDecodeError:
        raise Invalid(f"{file} is no UTF-8 text.") from None


def limits(settings: Settings) -> "Limits":
    """From where on a bulk job needs more than a click, as the environment says."""
    from decimal import Decimal

    from viertakt.bulk.model import Limits
    from viertakt.bulk.rules_limits import read_role_limits

    return Limits(
        consent_above=settings.bulk_consent_above,
        consent_sum=Decimal(settings.bulk_consent_sum),
        countdown=timedelta(seconds=settings.bulk_countdown),
        rate=settings.bulk_rate or None,
        roles=read_role_limits(settings.bulk_roles),
    )


@contextmanager
def server(settings: Settings, *, log_level: int = logging.WARNING) -> Iterator[str]:
    """The address of the database in use, as it is."""
    log_to_stderr(log_level)
    if settings.database_url is not None:
        yield settings.database_url
        return
    with embedded(settings.data, settings.postgres) as running:
        yield running.ensure_database()


@contextmanager
def database(settings: Settings) -> Iterator[str]:
    """The address of the database in use, up to date: our own is made so, another's is refused until it is.

    A company decides itself when its database changes; the embedded one belongs to whoever runs the command.
    """
    from viertakt.access.actions import role_labels

    with server(settings) as url, answering():
        with connect(url) as conn:
            behind = [migration.name for migration in pending(conn)]
            # Roles come after the migrations: `viertakt up` beside us may be between the two.
            ready = not behind and bool(role_labels(conn))
        if not ready and settings.database_url is not None:
            what = f"behind by {', '.join(behind)}" if behind else "without its roles"
            raise Conflict(f"The database is {what}. Run `viertakt migrate` first.")
        if not ready:
            install(url)
        yield url


@contextmanager
def asking(settings: Settings) -> "Iterator[Asking]":
    """Runs a question over the database in use, in a transaction of its own: for commands that write no operation."""
    with database(settings) as url, connect(url, application_name="viertakt-cli") as conn:
        yield Asking(conn)


class Asking:
    """One connection that answers questions one after the other."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn

    def call(self, question: Callable[[Connection], T]) -> T:
        """What a question answers; committed when it returns."""
        with self._conn.transaction():
            return question(self._conn)

    def unhurried(self, question: Callable[[Connection], T]) -> T:
        """The same for work over the whole history, which takes as long as it takes."""

        self._conn.execute("SELECT set_config('statement_timeout', '0', false)")
        self._conn.commit()  # what takes long commits by itself, step by step
        found = question(self._conn)
        self._conn.commit()
        return found


@contextmanager
def application(settings: Settings) -> "Iterator[Application]":
    """Everything a command may ask, over the database in use."""
    from viertakt.wiring import Application

    with (
        database(settings) as url,
        Application(url, read_threads=1, settings=settings, bulk=limits(settings)) as running,
    ):
        yield running


def install(url: str) -> list[str]:
    """Bring a database up to date: migrations, roles, built-in kinds and views, partitions. The names of the migrations applied."""
    from viertakt.access.actions import install_roles
    from viertakt.kinds.actions import install_builtin
    from viertakt.reports.views import install_views

    with answering(), connect(url, statement_timeout=None) as conn:
        applied = migrate(conn)
        ensure_partitions(conn, now=datetime.now(UTC))
        conn.commit()
        install_roles(conn)
        install_builtin(conn)
        install_views(conn)
    return applied
