"""Size and signs: what keeps a file readable by somebody who has never seen it."""

import ast

from tests.tidy.tree import SOURCE, parsed, python, short, tracked

MODULE_LINES_MAX = 400
FUNCTION_LINES_MAX = 50
DRAWERS = {
    "utils",
    "util",
    "helpers",
    "helper",
    "common",
    "manager",
    "managers",
    "service",
    "services",
    "base",
    "misc",
}
GENERATED = ("console/src/api/", "openapi.json")


def test_a_module_fits_in_a_head() -> None:
    """Beyond 400 lines a file has two reasons to change, and nobody reads it to the end."""
    code = [p for p in tracked() if p.suffix in {".py", ".ts", ".tsx"} and not short(p).startswith(GENERATED)]
    lines = {short(p): p.read_text(encoding="utf-8").count("\n") for p in code}
    assert {name: count for name, count in lines.items() if count > MODULE_LINES_MAX} == {}


def test_a_function_fits_on_a_screen() -> None:
    """Beyond 50 lines the reader scrolls, and forgets the beginning."""
    long = {}
    for path in python("src", "tests", "bench", "sdk"):
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                assert node.end_lineno is not None, "parsed from a file, so it has lines"
                count = node.end_lineno - node.lineno + 1
                if count > FUNCTION_LINES_MAX:
                    long[f"{short(path)}:{node.lineno} {node.name}"] = count
    assert long == {}


def test_every_package_has_a_sign_on_its_door() -> None:
    """A newcomer reads the package's docstring to know what lives there, and what does not."""
    doors = [p for p in python("src", "sdk") if p.name == "__init__.py"]
    unsigned = [short(p) for p in doors if len(ast.get_docstring(parsed(p)) or "") < 80]
    assert doors
    assert unsigned == []


def test_every_module_says_what_it_is_for() -> None:
    """The first lines of a file are where a reader decides whether it is the right one."""
    assert [
        short(p) for p in python("src", "tests", "bench", "sdk") if not ast.get_docstring(parsed(p))
    ] == []


def test_every_test_gives_its_reason() -> None:
    """The name says what holds; the docstring says why anybody should care."""
    silent = [
        f"{short(path)} {node.name}"
        for path in python("tests")
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_") and not ast.get_docstring(node)
    ]
    assert silent == []


def test_no_module_is_a_drawer() -> None:
    """A file named `utils` collects whatever had no name; find the name instead."""
    names = [path for path in tracked() if path.is_relative_to(SOURCE) or "console/src" in short(path)]
    assert [
        short(p) for p in names if DRAWERS & set(p.relative_to(SOURCE.parents[1]).with_suffix("").parts)
    ] == []
