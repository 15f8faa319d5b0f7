"""The files that are written by program, and the texts they should have.

    python -m tests.tidy.generated     (make gen)

Each comes from the one place that knows: settings.py, errors.py, the routes, the kinds, the command line's own help.
"""

import ast
import inspect
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from tests.tidy.kinds_page import kinds_page, reasons_page
from tests.tidy.tree import ROOT
from viertakt import errors, settings

NOTE = "<!-- Written by `make gen` from {source}; change it there. -->\n\n"


def configuration() -> str:
    """docs/guide/what-can-be-configured.md: every VIERTAKT_* variable, its default and its meaning."""
    source = inspect.getsource(settings.Settings)
    lines = source.splitlines()
    rows = []
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.AnnAssign) or not isinstance(node.target, ast.Name):
            continue
        name = node.target.id
        variable = settings.PREFIX + name.upper()
        default = ast.unparse(node.value) if node.value else ""
        shown = DEFAULTS.get(default) or f"`{ast.literal_eval(default)}`"
        secret = f"<br>or the file named by `{variable}_FILE`" if name in settings.SECRETS else ""
        rows.append(f"| `{variable}`{secret} | {shown} | {comment_above(lines, node.lineno)} |\n")
    return (
        "# What can be configured\n\n"
        + NOTE.format(source="src/viertakt/settings.py")
        + "The environment configures the installation. Everything about the business (kinds, stages, roles, time"
        " limits, reasons) stands in the [kinds](../../src/viertakt/kinds/builtin/) instead, which are versioned"
        " and published while it runs.\n\n"
        "A secret may stand in a file. A `VIERTAKT_*` variable that is not in this table is refused with the one that"
        " was probably meant: a misspelt setting that is silently ignored is found on the worst day.\n\n"
        "| variable | default | meaning |\n|---|---|---|\n" + "".join(rows)
    )


# Where the source of a default says less to a reader than words do.
DEFAULTS = {
    "None": "none",
    "''": "empty",
    "msgspec.field(default_factory=default_data)": "`/var/lib/viertakt` for root, else `~/.local/share/viertakt`",
}


def comment_above(lines: list[str], lineno: int) -> str:
    """The comment lines that stand directly above a field, as one sentence or more."""
    words: list[str] = []
    for line in reversed(lines[: lineno - 1]):
        if not line.strip().startswith("#"):
            break
        words.insert(0, line.strip().lstrip("# "))
    return " ".join(words) or "Where the server listens."


def refusals() -> str:
    """docs/guide/what-can-go-wrong.md: every code a caller may meet, with its status."""
    from viertakt.api.problems import STATUS

    tree = (inspect.getdoc(errors) or "").split("\n\n")[1]
    codes = {code: status for code, status in STATUS.items() if code != "internal"}
    rows = [
        f"| `{code}` | {status} |\n"
        for code, status in sorted(codes.items(), key=lambda item: (item[1], item[0]))
    ]
    return (
        "# What can go wrong\n\n"
        + NOTE.format(source="src/viertakt/errors.py and src/viertakt/api/problems.py")
        + "Every refusal is one class, for each thing a caller would do differently:\n\n"
        f"```\n{inspect.cleandoc(tree)}\n```\n\n"
        "Over HTTP each is a problem document (RFC 9457) with a stable `code`, a `detail` that says what, with which"
        " values, and what to do, and `errors` with a pointer to each fault. On the command line the sentence goes to"
        " stderr; the exit status is 2 where what was sent is wrong (`Invalid`), else 1. Nothing a client can send is answered with a 5xx; `unavailable` says that"
        " the database does not answer.\n\n"
        "| code | HTTP |\n|---|---|\n" + "".join(rows)
    )


def contract() -> str:
    """openapi.json: the HTTP contract, from the routes."""
    from viertakt.api.openapi import contract_bytes

    return contract_bytes().decode()


def commands() -> str:
    """docs/reference/cli.md: the commands' own help."""
    from viertakt.cli.reference import reference

    return reference()


def compiled() -> str:
    """The built-in kinds and reasons as JSON, from the YAML itself."""
    from viertakt.kinds.actions import read_kinds
    from viertakt.kinds.compiled import builtin_texts, write
    from viertakt.kinds.reasons import CATALOGUE_FILE, read_catalogue

    texts = builtin_texts()
    return write(texts, read_kinds(texts), read_catalogue(texts[CATALOGUE_FILE]))


GENERATED: Mapping[str, Callable[[], str]] = {
    "src/viertakt/kinds/builtin/_compiled.json": compiled,
    "openapi.json": contract,
    "docs/reference/cli.md": commands,
    "docs/guide/what-can-be-configured.md": configuration,
    "docs/guide/what-can-go-wrong.md": refusals,
    "docs/reference/kinds.md": kinds_page,
    "docs/reference/reasons.md": reasons_page,
}


def main() -> None:
    """Writes whatever is out of step, and says which."""
    for name, text in GENERATED.items():
        path: Path = ROOT / name
        wanted = text()
        if not path.is_file() or path.read_text(encoding="utf-8") != wanted:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(wanted, encoding="utf-8")
            sys.stderr.write(f"written anew: {name}\n")


if __name__ == "__main__":
    main()
