"""The schema, brought up to date: numbered SQL files in `migrations/`, each applied once, in order, by one process.

    migrations/0001_kinds_operations_history.sql     a file is one transaction, unless its first line is
    -- no-transaction                                then it holds one statement that may be repeated

What was applied stands in `viertakt.migration` with its checksum. An applied file that was edited is refused: databases
that already ran it would silently differ from new ones. `python -m viertakt.db.migrate schema` writes `schema.sql`, the
result of all files, for people to read and for review to compare.
"""

import hashlib
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path

import msgspec
import psycopg
from psycopg.pq import TransactionStatus

from viertakt import errors
from viertakt.db.binaries import programs
from viertakt.db.embedded import embedded
from viertakt.db.pool import Connection, connect
from viertakt.db.queries import load

queries = load(__package__)

FILE_NAME = re.compile(r"(?P<number>\d{4})_[a-z0-9_]+\.sql")
NO_TRANSACTION = "-- no-transaction"
# Behind a statement that waits for a lock everybody else waits too: give up soon, let them through, try again.
LOCK_TIMEOUT = "3s"
LOCK_TRIES_MAX = 20
RUNNER_SECONDS_MAX = 600


class Migration(msgspec.Struct, frozen=True):
    """One file: its name without `.sql`, and its text."""

    name: str
    text: str

    @property
    def checksum(self) -> str:
        """SHA-256 of the text, line ends as in the repository."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    @property
    def in_transaction(self) -> bool:
        """Whether the file runs in one transaction with the record of it."""
        return not self.text.startswith(NO_TRANSACTION)


def all_migrations() -> list[Migration]:
    """Every migration of this version of Viertakt, in order; a number used twice is a bug."""
    folder = files(__package__).joinpath("migrations")
    found = {entry.name: entry for entry in folder.iterdir() if entry.name.endswith(".sql")}
    numbers: dict[str, str] = {}
    for name in sorted(found):
        match = FILE_NAME.fullmatch(name)
        assert match, f"migrations/{name} is not named NNNN_what_it_does.sql."
        number = match["number"]
        assert number not in numbers, f"migrations/{name} and {numbers[number]} have one number."
        numbers[number] = name
    return [
        Migration(name.removesuffix(".sql"), found[name].read_text(encoding="utf-8"))
        for name in sorted(found)
    ]


def pending(connection: Connection, migrations: list[Migration] | None = None) -> list[Migration]:
    """What is still to apply here, in order. Raises `Conflict` when an applied file has been edited since."""
    wanted = all_migrations() if migrations is None else migrations
    with connection.transaction():
        if not _one(connection, queries["migration_table_exists"]):
            return wanted
        applied: dict[str, str] = dict(connection.execute(queries["applied_migrations"]).fetchall())
    edited = [m.name for m in wanted if m.name in applied and applied[m.name] != m.checksum]
    if edited:
        raise errors.Conflict(
            f"These migrations were edited after this database ran them: {', '.join(edited)}. "
            "Restore the files and put the change into a new one."
        )
    return [m for m in wanted if m.name not in applied]


def migrate(connection: Connection, migrations: list[Migration] | None = None) -> list[str]:
    """Apply everything pending and return its names; several processes may call it at once, one does the work."""
    assert connection.info.transaction_status == TransactionStatus.IDLE, (
        "Migrations open their own transactions."
    )
    before = connection.autocommit
    connection.autocommit = True
    try:
        with _only_runner(connection):
            connection.execute(queries["make_schema"])
            connection.execute(queries["make_migration_table"])
            todo = pending(connection, migrations)
            for migration in todo:
                _apply_patiently(connection, migration)
            return [migration.name for migration in todo]
    finally:
        if not connection.closed:
            connection.autocommit = before


@contextmanager
def _only_runner(connection: Connection) -> Iterator[None]:
    deadline = time.monotonic() + RUNNER_SECONDS_MAX
    while not _one(connection, queries["try_migration_lock"]):
        if time.monotonic() > deadline:
            raise errors.Unavailable(f"Another process has been migrating for {RUNNER_SECONDS_MAX} seconds.")
        time.sleep(0.05)
    try:
        yield
    finally:
        if not connection.closed:
            connection.execute(queries["release_migration_lock"])


def _apply_patiently(connection: Connection, migration: Migration) -> None:
    """Apply one file, giving way to others who hold its tables and coming back a moment later."""
    for tries in range(1, LOCK_TRIES_MAX + 1):
        try:
            _apply(connection, migration)
        except psycopg.errors.LockNotAvailable as fault:
            if tries == LOCK_TRIES_MAX:
                raise errors.Unavailable(
                    f"Migration {migration.name} found its tables locked {tries} times for {LOCK_TIMEOUT} each; "
                    "end the long transactions and try again."
                ) from fault
            time.sleep(min(0.1 * 2**tries, 5))
        else:
            return


def _apply(connection: Connection, migration: Migration) -> None:
    record = queries["record_migration"]
    facts = {"name": migration.name, "checksum": migration.checksum}
    if migration.in_transaction:
        with connection.transaction():
            connection.execute(queries["limit_lock_wait"], {"timeout": LOCK_TIMEOUT})
            connection.execute(migration.text)
            connection.execute(record, facts)
    else:
        connection.execute(migration.text)
        connection.execute(record, facts)


def _one(connection: Connection, query: str) -> object:
    row = connection.execute(query).fetchone()
    assert row is not None, "A SELECT of one value gave no row."
    return row[0]


def schema_of(url: str, version: int = 18) -> str:
    """The schema of a migrated database as reviewable SQL: pg_dump without what differs from machine to machine."""
    command = [
        str(programs(version) / "pg_dump"),
        "--schema-only",
        "--no-owner",
        "--schema=viertakt",
        "--schema=reporting",
        "--dbname",
        url,
    ]
    environment = {"LC_ALL": "C", "PATH": os.environ.get("PATH", "")}
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)  # noqa: S603
    return normalised(done.stdout)


def normalised(dump: str) -> str:
    """Only statements: no comments, no session settings, no psql commands (their keys change each time)."""
    noise = re.compile(r"^(--.*|SET .*|SELECT pg_catalog\.set_config.*|\\.*)$", re.MULTILINE)
    body = re.sub(r"\n{3,}", "\n\n", noise.sub("", dump)).strip()
    return f"-- Written by `python -m viertakt.db.migrate schema`; what all migrations make together.\n\n{body}\n"


def fresh_schema() -> str:
    """The schema that all migrations make on an empty embedded server."""
    with tempfile.TemporaryDirectory(prefix="viertakt-schema-") as folder:
        # Entered by the server's account too; the cluster inside is closed.
        Path(folder).chmod(0o711)
        with embedded(Path(folder), options={"fsync": "off"}) as server:
            url = server.ensure_database()
            with connect(url) as connection:
                migrate(connection)
            return schema_of(url)


def schema_path() -> Path:
    """Where the written schema lies in the source tree."""
    return Path(__file__).with_name("schema.sql")


def main(arguments: list[str]) -> int:
    """`schema` writes schema.sql; exit 2 for anything else."""
    if arguments != ["schema"]:
        sys.stderr.write("python -m viertakt.db.migrate schema\n")
        return 2
    schema_path().write_text(fresh_schema(), encoding="utf-8")
    sys.stderr.write(f"{schema_path()} written\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
