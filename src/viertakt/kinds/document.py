"""A kind's document: YAML in, the kind out, and back, and the form in which the database keeps it.

Reading is strict (unknown and duplicate keys refused) and judges only the spelling; whether the kind makes sense is for
`rules.check_kind`. Writing is canonical: two documents of one kind give one text and one digest.
"""

import hashlib
import io
from collections.abc import Mapping
from typing import Any

import msgspec

from viertakt.errors import Fault
from viertakt.kinds.decoding import decode_struct, refusal, with_line
from viertakt.kinds.model import Kind

LINE_WIDTH = 140
_ORDERED = ("stages", "transitions", "attributes", "checks")
_NO_LINES: dict[str, int] = {}


class Document(msgspec.Struct, frozen=True):
    """A kind as it was read, with the line of each JSON Pointer so that later complaints can name it."""

    kind: Kind
    lines: dict[str, int]

    def place(self, faults: list[Fault]) -> list[Fault]:
        """The faults with the lines on which their paths begin."""
        return [with_line(fault, self.lines) for fault in faults]


def read_kind(text: str) -> Kind:
    """The kind that a YAML text describes. Raises InvalidKind with all faults of spelling at once."""
    return read_document(text).kind


def read_document(text: str) -> Document:
    """The kind with its lines, for tools that show where a fault stands. Raises InvalidKind."""
    from viertakt.kinds.yaml_tree import read_tree  # a tenth of a second, and most processes read no YAML

    tree = read_tree(text)
    kind = decode_struct(tree.value, Kind, what="The kind's document", lines=tree.lines)
    return Document(kind=kind, lines=tree.lines)


def write_kind(kind: Kind) -> str:
    """Canonical YAML: the model's order of keys, defaults left out, small tables on one line."""
    from ruamel.yaml import YAML

    yaml = YAML(typ="safe", pure=True)
    yaml.default_flow_style = None  # leaves on one line, branches below each other
    yaml.width = LINE_WIDTH
    yaml.allow_unicode = True
    yaml.representer.sort_base_mapping_type_on_output = False
    yaml.representer.ignore_aliases = lambda *_: (
        True
    )  # equal values are written out, never as aliases, which we refuse
    out = io.StringIO()
    yaml.dump(plain(kind), out)
    return out.getvalue()


def to_json(kind: Kind) -> bytes:
    """The document for a `jsonb` column. jsonb forgets the order of keys, so the order stands beside them."""
    return msgspec.json.encode(_stored(kind), order="sorted")


def from_json(document: bytes | str | Mapping[str, Any]) -> Kind:
    """The kind that `to_json` wrote, from text or from an already decoded object, its order restored."""
    decoded = msgspec.json.decode(document) if isinstance(document, bytes | str) else document
    if not isinstance(decoded, Mapping):
        raise refusal(
            "The stored document", [Fault(pointer="", code="not_a_table", detail="It is no object.")]
        )
    content = dict(decoded)
    order = content.pop("order", {})
    for name in _ORDERED:
        if name in content and name in order:
            content[name] = {key: content[name][key] for key in order[name]}
    return decode_struct(content, Kind, what="The stored document", lines=_NO_LINES)


def digest(kind: Kind) -> bytes:
    """SHA-256 over the canonical form, order of stages included: equal digests mean equal documents."""
    return hashlib.sha256(to_json(kind)).digest()


def _stored(kind: Kind) -> dict[str, Any]:
    content: dict[str, Any] = plain(kind)
    content["order"] = {name: list(content[name]) for name in _ORDERED if name in content}
    return content


def plain(value: Any) -> Any:
    """Builtins without the fields that have their default: what a careful author would have written."""
    if isinstance(value, msgspec.Struct):
        return {
            field.encode_name: plain(getattr(value, field.name))
            for field in msgspec.structs.fields(value)
            if field.required or getattr(value, field.name) != _default(field)
        }
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, tuple):
        return [plain(item) for item in value]
    return str(value) if isinstance(value, str) else value


def _default(field: msgspec.structs.FieldInfo) -> Any:
    if field.default_factory is not msgspec.NODEFAULT:
        return field.default_factory()
    return field.default
