"""The built-in YAML files once more as JSON, so that a process starts in milliseconds and not in seconds.

`builtin/_compiled.json` is written by `make gen` from the YAML beside it and holds the digest of those texts. It is a
memory, never a source: with another digest, because somebody edits a kind, it is left aside and the YAML is read.
"""

import hashlib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import TypeVar

import msgspec

from viertakt.kinds.document import plain
from viertakt.kinds.model import Kind, KindName

FILE = "_compiled.json"
T = TypeVar("T")


class Compiled(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The content of the file; its parts are decoded when they are asked for, as what the asker says."""

    digest: str
    kinds: msgspec.Raw
    catalogue: msgspec.Raw


def builtin_texts() -> dict[str, str]:
    """The built-in YAML texts by the names of their files, sorted."""
    folder = files(__package__).joinpath("builtin")
    found = sorted(file.name for file in folder.iterdir() if file.name.endswith(".yaml"))
    return {name: folder.joinpath(name).read_text(encoding="utf-8") for name in found}


def compiled_kinds() -> dict[KindName, Kind] | None:
    """The built-in kinds by name; None where the file is not of the YAML beside it."""
    content = _content()
    return None if content is None else part(content.kinds, dict[KindName, Kind])


def compiled_catalogue(as_: type[T]) -> T | None:
    """The reason catalogue; None where the file is not of the YAML beside it."""
    content = _content()
    return None if content is None else part(content.catalogue, as_)


@cache
def _content() -> Compiled | None:
    file = files(__package__).joinpath("builtin", FILE)
    return read(file.read_bytes(), builtin_texts()) if file.is_file() else None


def read(content: bytes, texts: Mapping[str, str]) -> Compiled | None:
    """The file's content where it was made from these very texts; None for any other, or where it cannot be read."""
    found = part(content, Compiled)
    return found if found is not None and found.digest == digest(texts) else None


def part(content: bytes | msgspec.Raw, type_: type[T]) -> T | None:
    """A part as what it should be; None where it is something else: the structs have changed since it was written."""
    try:
        return msgspec.json.decode(content, type=type_)
    except msgspec.DecodeError:
        return None


def write(texts: Mapping[str, str], kinds: Mapping[KindName, Kind], catalogue: msgspec.Struct) -> str:
    """The file for these texts and what was read from them: a line for each kind, so that a change shows where it is."""
    lines = [f"{_json(name)}: {_json(plain(kind))}" for name, kind in kinds.items()]
    return (
        f'{{"digest": "{digest(texts)}",\n"kinds": {{\n'
        + ",\n".join(lines)
        + f'\n}},\n"catalogue": {_json(catalogue)}}}\n'
    )


def digest(texts: Mapping[str, str]) -> str:
    """SHA-256 over names and texts."""
    return hashlib.sha256(msgspec.json.encode(sorted(texts.items()))).hexdigest()


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()
