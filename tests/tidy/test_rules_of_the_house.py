"""What a linter does not know: where a clock may be read, where anything may be caught, where SQL may stand."""

import ast
import re
from pathlib import Path

from tests.tidy.tree import SOURCE, parsed, python, short

# Where everything is caught, each for a reason; elsewhere an unexpected exception must be seen.
CATCHES_EVERYTHING = {
    "src/viertakt/api/app.py",  # whatever was sent, it is answered
    "src/viertakt/api/door.py",  # the same, inside: what is a bug is logged with the request's id
    "src/viertakt/cli/door.py",  # whatever a command dies of, its user gets a sentence
    "src/viertakt/checks/asking.py",  # whatever a function of somebody else dies of is no answer
    "src/viertakt/notices/mailing.py",  # whatever one mail dies of, the others of its batch go
    "src/viertakt/notices/smtp.py",  # whatever the library makes of one mail, the others go
    "src/viertakt/operations/batch.py",  # whatever a set of moves dies of, each of its callers gets an answer
    "src/viertakt/worker/duties.py",  # the same for a turn of a duty
    "src/viertakt/worker/loops.py",  # whatever a turn dies of, it is said, and the loop goes on
}
CLOCKS_AND_CHANCE = {
    "now",
    "utcnow",
    "today",
    "time",
    "monotonic",
    "uuid4",
    "uuid7",
    "urandom",
    "token_bytes",
}
SQL = re.compile(
    r"^\s*(SELECT\s.+\sFROM|INSERT\s+INTO|UPDATE\s+\w+(\.\w+)?\s+SET|DELETE\s+FROM)\s", re.DOTALL
)


def pure_modules() -> list[Path]:
    """The decisions and nouns of every slice: rules.py, rules_….py, model.py."""
    return [p for p in python("src") if p.stem in {"rules", "model"} or p.stem.startswith("rules_")]


def test_decisions_read_no_clock_and_throw_no_dice() -> None:
    """`now` is passed in: only so can a test stand at any moment, and a decision be repeated."""
    calls = [
        f"{short(path)}:{node.lineno} {node.func.attr}()"
        for path in pure_modules()
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in CLOCKS_AND_CHANCE
    ]
    assert pure_modules()
    assert calls == []


def test_everything_is_caught_only_at_the_edges() -> None:
    """A bug that is caught in the middle comes back as wrong data; the edges log it and answer."""
    caught = sorted(
        {
            short(path)
            for path in python("src")
            for node in ast.walk(parsed(path))
            if isinstance(node, ast.ExceptHandler) and catches_everything(node)
        }
    )
    assert caught == sorted(CATCHES_EVERYTHING)


def catches_everything(handler: ast.ExceptHandler) -> bool:
    """Whether this handler takes every exception and does not raise it again."""
    names = [handler.type] if not isinstance(handler.type, ast.Tuple) else handler.type.elts
    wide = any(
        n is None or (isinstance(n, ast.Name) and n.id in {"Exception", "BaseException"}) for n in names
    )
    return wide and not any(isinstance(inner, ast.Raise) and inner.exc is None for inner in ast.walk(handler))


def test_sql_stands_in_sql_files() -> None:
    """Named queries are prepared by a test and read as SQL; a string in Python is neither."""
    strings = [
        f"{short(path)}:{node.lineno}"
        for path in python("src")
        if not path.is_relative_to(SOURCE / "db") and not path.is_relative_to(SOURCE / "language")
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and SQL.match(node.value)
    ]
    assert strings == []
