"""What the tidy tests look at: the files git knows or would add, and the Python among them, parsed."""

import ast
import functools
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "viertakt"


@functools.cache
def tracked() -> tuple[Path, ...]:
    """Every text file of the repository, also one that is not added yet; ignored files are not the project."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip
    paths = [ROOT / name for name in listed.split("\0") if name]
    return tuple(path for path in sorted(set(paths)) if path.is_file() and is_text(path))


def is_text(path: Path) -> bool:
    """Whether a file can be read as words: pictures, fonts and archives cannot."""
    with path.open("rb") as file:
        return b"\0" not in file.read(4096)


def python(*folders: str) -> list[Path]:
    """The Python files under these folders of the repository."""
    roots = tuple(ROOT / folder for folder in folders)
    return [p for p in tracked() if p.suffix == ".py" and any(p.is_relative_to(root) for root in roots)]


@functools.cache
def parsed(path: Path) -> ast.Module:
    """The file's syntax tree."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def short(path: Path) -> str:
    """The path as a reader of a failure wants it."""
    return path.relative_to(ROOT).as_posix()
