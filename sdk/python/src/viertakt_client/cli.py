"""`viertakt-client`: the outbox from the command line. Data goes to stdout, talk to stderr; exit 0 done, 1 refused, 2 misused."""

import argparse
import asyncio
import json
import os
import sys
from collections.abc import Callable, Sequence
from typing import Any

from viertakt_client.errors import ViertaktError

LISTED_MAX = 1_000
Command = Callable[[argparse.Namespace], int]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status."""
    given = _parser().parse_args(arguments)
    try:
        import psycopg
    except ImportError:
        return _complain("the outbox needs psycopg: install viertakt-client[outbox].", 2)
    run: Command = given.run
    try:
        return run(given)
    except (ViertaktError, psycopg.Error) as fault:
        return _complain(str(fault).strip().replace("\n", " "), 1)
    except KeyboardInterrupt:
        return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="viertakt-client", description="The client of Viertakt.")
    nouns = parser.add_subparsers(required=True, metavar="NOUN")
    outbox = nouns.add_parser("outbox", help="what your transactions want told").add_subparsers(
        required=True, metavar="VERB"
    )
    table = outbox.add_parser("table", help="print the table's definition, for your migrations")
    table.set_defaults(run=_table)
    forward = outbox.add_parser("forward", help="tell what the outbox holds, until stopped")
    forward.add_argument("--once", action="store_true", help="end when nothing is left that can be told")
    forward.set_defaults(run=_forward)
    listed = outbox.add_parser("list", help="what waits, oldest first")
    listed.add_argument("--refused", action="store_true", help="only what was refused")
    listed.add_argument("--json", action="store_true", help="a line of JSON for each")
    listed.set_defaults(run=_list)
    retry = outbox.add_parser("retry", help="tell a refused row again, or all of them")
    retry.add_argument("id", type=int, nargs="?", help="which; all when left out")
    retry.set_defaults(run=_retry)
    drop = outbox.add_parser("drop", help="do not tell a refused row after all")
    drop.add_argument("id", type=int)
    drop.set_defaults(run=_drop)
    for verb in (forward, listed, retry, drop):
        verb.add_argument(
            "--database-url",
            default=os.environ.get("VIERTAKT_OUTBOX_URL"),
            help="the database of the outbox (VIERTAKT_OUTBOX_URL)",
        )
    return parser


def _table(_: argparse.Namespace) -> int:
    from viertakt_client.outbox import TABLE

    sys.stdout.write(TABLE)
    return 0


def _forward(given: argparse.Namespace) -> int:
    from psycopg import AsyncConnection

    from viertakt_client.asynchronous import AsyncClient
    from viertakt_client.outbox.forwarder import Forwarder

    async def run() -> None:
        async with (
            await AsyncConnection.connect(_url(given), autocommit=True) as conn,
            AsyncClient.from_env() as client,
        ):
            await Forwarder(conn, client).run(once=given.once)

    asyncio.run(run())
    return 0


def _list(given: argparse.Namespace) -> int:
    rows = _ask(given, "list", refused=given.refused, limit=LISTED_MAX)
    for row in rows:
        if given.json:
            names = ("id", "kind", "reference", "call", "body", "written_at", "refused_at", "problem")
            sys.stdout.write(json.dumps(dict(zip(names, row, strict=True))) + "\n")
        else:
            number, kind, reference, call, _, written_at, _, problem = row
            why = f"refused: {problem['detail']}" if problem else "waits"
            sys.stdout.write(f"{number}  {written_at}  {call} of {kind} '{reference}'  {why}\n")
    if not rows:
        sys.stderr.write("Nothing waits.\n")
    return 0


def _retry(given: argparse.Namespace) -> int:
    return _changed(given, "retry", "to be told again")


def _drop(given: argparse.Namespace) -> int:
    return _changed(given, "drop", "dropped")


def _changed(given: argparse.Namespace, query: str, words: str) -> int:
    import psycopg

    from viertakt_client.outbox.queries import load

    with psycopg.connect(_url(given), autocommit=True) as conn:
        count = conn.execute(load()[query], {"id": given.id}).rowcount
    if count == 0 and given.id is not None:
        return _complain(f"there is no refused row {given.id}.", 1)
    sys.stderr.write(f"{count} {words}.\n")
    return 0


def _ask(given: argparse.Namespace, query: str, **values: Any) -> list[Any]:
    import psycopg

    from viertakt_client.outbox.queries import load

    with psycopg.connect(_url(given), autocommit=True) as conn:
        return conn.execute(load()[query], values).fetchall()


def _url(given: argparse.Namespace) -> str:
    if not given.database_url:
        sys.exit(_complain("say where the outbox is: --database-url, or VIERTAKT_OUTBOX_URL.", 2))
    return str(given.database_url)


def _complain(text: str, status: int) -> int:
    sys.stderr.write(f"viertakt-client: {text}\n")
    return status


if __name__ == "__main__":
    sys.exit(main())
