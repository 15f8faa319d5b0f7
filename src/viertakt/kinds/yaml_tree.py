"""Reads YAML 1.2 into plain values with the line of each, and refuses whatever can surprise.

Only the core schema is known: `NO` is a text, `05` is five, `yes` is a text, a date is a text. Keys are always texts, so
that a provider's code `05` stays what it is. Refused: duplicate keys, anchors and aliases (a "billion laughs" grows from
them), tags, several documents, depth over 32, more than 20,000 keys and values, and more than 256 kB.
The tree is built from the parser's events: no constructor of the YAML library ever sees the text.
"""

import re
from typing import Any

import msgspec
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from viertakt.errors import Fault, InvalidKind
from viertakt.kinds.complaints import pointer

DOCUMENT_BYTES_MAX = 256 * 1024
DEPTH_MAX = 32
NODES_MAX = 20_000  # our largest document has some 5,000; the parser reads about 8,000 a second
_UNKEEPABLE = re.compile("[\x00\ud800-\udfff]")
_INTEGER = re.compile(r"[-+]?[0-9]{1,18}|0o[0-7]{1,18}|0x[0-9a-fA-F]{1,15}", re.ASCII)
_FLOAT = re.compile(r"[-+]?(\.[0-9]{1,30}|[0-9]{1,30}(\.[0-9]{0,30})?)([eE][-+]?[0-9]{1,3})?", re.ASCII)
_WORDS: dict[str, bool | None] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}


class Tree(msgspec.Struct, frozen=True):
    """Plain values, and the line (from 1) on which each JSON Pointer begins."""

    value: Any
    lines: dict[str, int]


def read_tree(text: str) -> Tree:
    """The values of one YAML document. Raises InvalidKind with the line of the first thing refused."""
    if len(text.encode("utf-8", "surrogatepass")) > DOCUMENT_BYTES_MAX:
        raise _refusal(
            "document_too_large", f"The document is larger than {DOCUMENT_BYTES_MAX} bytes.", None, ()
        )
    builder = _Builder()
    try:
        for event in YAML(typ="safe", pure=True).parse(text):
            builder.take(event)
    except (YAMLError, ValueError, RecursionError) as error:
        # The reader, scanner and parser each have an error of their own; all of them mean "this is no YAML".
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or getattr(error, "reason", None) or str(error)
        line = None if mark is None else mark.line + 1
        raise _refusal("not_yaml", f"This is not YAML: {problem}.", line, ()) from None
    return Tree(value=builder.root, lines=builder.lines)


class _Builder:
    """Grows the tree from parser events, with an explicit stack instead of recursion."""

    def __init__(self) -> None:
        self.root: Any = None
        self.lines: dict[str, int] = {}
        self._stack: list[dict[str, Any] | list[Any]] = []
        self._path: list[str | int] = []
        self._documents = 0
        self._nodes = 0

    def take(self, event: Any) -> None:
        """One event of the parser, in order."""
        line = event.start_mark.line + 1
        self._nodes += 1
        if self._nodes > NODES_MAX:
            raise _refusal(
                "document_too_large", f"The document has more than {NODES_MAX} keys and values.", line, ()
            )
        if isinstance(event, DocumentStartEvent):
            self._documents += 1
            if self._documents > 1:
                raise _refusal("several_documents", "One file holds one document.", line, ())
        if isinstance(event, AliasEvent) or getattr(event, "anchor", None) is not None:
            raise _refusal(
                "alias", "Anchors and aliases are not read: write the value out.", line, self._path
            )
        if isinstance(event, MappingEndEvent | SequenceEndEvent):
            self._close()
        elif isinstance(event, ScalarEvent):
            if _UNKEEPABLE.search(event.value):
                # Written as an escape, NUL passes for text until PostgreSQL, or the encoder, is the first to notice.
                raise _refusal("invalid_characters", "NUL and lone surrogates are no text.", line, self._path)
            self._scalar(event, line)
        elif isinstance(event, MappingStartEvent | SequenceStartEvent):
            self._refuse_tag(event, line)
            self._open({} if isinstance(event, MappingStartEvent) else [], line)

    def _scalar(self, event: Any, line: int) -> None:
        self._refuse_tag(event, line)
        if self._awaits_key():
            mapping = self._stack[-1]
            assert isinstance(mapping, dict), "only a mapping waits for a key"
            if event.value in mapping:
                self._path.append(event.value)
                raise _refusal(
                    "duplicate_key", f"The key {event.value!r} stands here twice.", line, self._path
                )
            self._path.append(event.value)
            return
        plain = event.style is None or event.style == ""
        self._put(core_value(event.value) if plain else event.value, line)

    def _open(self, container: dict[str, Any] | list[Any], line: int) -> None:
        if self._awaits_key():
            raise _refusal("key_not_text", "A key is a plain word.", line, self._path)
        if len(self._stack) >= DEPTH_MAX:
            raise _refusal("too_deep", f"The document is nested deeper than {DEPTH_MAX}.", line, self._path)
        self._put(container, line, keep_path=True)
        self._stack.append(container)

    def _close(self) -> None:
        self._stack.pop()
        if self._stack:
            self._path.pop()

    def _put(self, value: Any, line: int, *, keep_path: bool = False) -> None:
        if not self._stack:
            self.root = value
            self.lines[""] = line
            return
        parent = self._stack[-1]
        if isinstance(parent, dict):
            parent[str(self._path[-1])] = value
        else:
            self._path.append(len(parent))
            parent.append(value)
        self.lines[pointer(self._path)] = line
        if not keep_path:
            self._path.pop()

    def _awaits_key(self) -> bool:
        # A path is as long as the stack only between a key and its value; in a list it is always one shorter.
        return bool(self._stack) and isinstance(self._stack[-1], dict) and len(self._path) < len(self._stack)

    def _refuse_tag(self, event: Any, line: int) -> None:
        if event.tag is not None:
            raise _refusal("tag", f"Tags such as {event.tag!s} are not read.", line, self._path)


def core_value(text: str) -> str | int | float | bool | None:
    """What a plain scalar means in YAML 1.2's core schema; infinities and numbers beyond 18 digits stay texts."""
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.fullmatch(text):
        return int(text, 0) if text[:2] in {"0o", "0x"} else int(text)
    if _FLOAT.fullmatch(text):
        return float(text)
    return text


def _refusal(code: str, detail: str, line: int | None, path: list[str | int] | tuple[()]) -> InvalidKind:
    where = detail if line is None else f"Line {line}: {detail}"
    return InvalidKind(where, faults=(Fault(pointer=pointer(path), code=code, detail=where),))
