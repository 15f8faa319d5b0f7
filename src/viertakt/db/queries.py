"""Named SQL of a package: `queries = load(__package__)`, then `queries["lock_operations"]`.

A `store.sql` is a list of statements, each under its name and one line of purpose:

    -- name: lock_operations
    -- The operations of one batch, locked in id order so that two batches cannot deadlock.
    SELECT …
"""

import re
from importlib.resources import files
from typing import LiteralString, cast

HEADER = re.compile(r"^-- name:[ \t]*(?P<name>\S*)[ \t]*$", re.MULTILINE)
NAME = re.compile(r"[a-z][a-z0-9_]*")


class Queries(dict[str, LiteralString]):
    """SQL by name, as items or attributes; an unknown name raises `KeyError` naming the file.

    Typed as literal: what is in our own files was written by us, which is what psycopg asks of a query.
    """

    def __init__(self, source: str) -> None:
        super().__init__()
        self.source = source

    def __missing__(self, name: str) -> LiteralString:
        raise KeyError(f"{self.source} has no query {name!r}; it has {', '.join(sorted(self))}")

    def __getattr__(self, name: str) -> LiteralString:
        if name.startswith("__"):
            raise AttributeError(name)
        return self[name]


def load(package: str, filename: str = "store.sql") -> Queries:
    """The queries of one package's SQL file, read once at import."""
    return parse(files(package).joinpath(filename).read_text(encoding="utf-8"), f"{package}/{filename}")


def parse(text: str, source: str) -> Queries:
    """The queries in this text; an assertion says which is unnamed, named twice, empty or without a purpose."""
    queries = Queries(source)
    _, *pieces = HEADER.split(text)
    for name, piece in zip(pieces[::2], pieces[1::2], strict=True):
        assert NAME.fullmatch(name), f"{source}: {name!r} is not a name for a query; use lower_case words."
        assert name not in queries, f"{source}: the query {name} stands there twice."
        purpose, _, statement = piece.lstrip("\n").partition("\n")
        assert re.match(r"-- \S", purpose), f"{source}: {name} needs a line of purpose (-- …) under its name."
        assert statement.strip(), f"{source}: {name} has no statement."
        queries[name] = cast("LiteralString", statement.strip().removesuffix(";"))
    return queries
