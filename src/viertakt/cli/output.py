"""What commands print: data on stdout, as a table for people or JSON for programs, and talk on stderr."""

import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec

LINE_ENDS = {"\n": "⏎", "\r": "⏎", "\t": " "}


def talk(sentence: str) -> None:
    """A sentence for whoever sits at the terminal."""
    sys.stderr.write(printable(sentence, keep_lines=True) + "\n")
    sys.stderr.flush()


def print_json(value: Any) -> None:
    """One line of JSON: structs, times and decimals as the API writes them."""
    sys.stdout.write(msgspec.json.encode(value, order=None).decode() + "\n")
    sys.stdout.flush()


def print_text(text: str) -> None:
    """Text as it is, ending in one line end."""
    sys.stdout.write(text.rstrip("\n") + "\n")
    sys.stdout.flush()


def print_table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """A table as wide as the terminal; whole values, one row a line, where no terminal is there to fit."""
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    shown = [[printable("" if cell is None else str(cell)) for cell in row] for row in rows]
    if not sys.stdout.isatty():
        for line in [list(columns), *shown]:
            sys.stdout.write("\t".join(line) + "\n")
        sys.stdout.flush()
        return
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for column in columns:
        table.add_column(column, overflow="fold")
    for line in shown:
        table.add_row(*(Text(cell) for cell in line))
    Console().print(table)


def print_facts(facts: Mapping[str, object]) -> None:
    """Names and values, one a line; what is absent is left out."""
    known = {name: value for name, value in facts.items() if value not in (None, "", (), {}, [])}
    width = max(map(len, known), default=0)
    for name, value in known.items():
        print_text(f"{name:<{width}}  {printable(str(value))}")


def printable(text: str, *, keep_lines: bool = False) -> str:
    """The text without anything that could steer a terminal or hide what stands there."""
    return "".join(
        char if char.isprintable() or (keep_lines and char == "\n") else LINE_ENDS.get(char, "�")
        for char in text
    )
