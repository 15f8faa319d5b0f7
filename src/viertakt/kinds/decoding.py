"""Decodes plain values into structs strictly, and names every fault with its path, not only the first.

msgspec stops at the first fault; an author mending a kind wants them all. So the values are walked along the struct's
types for faults, and msgspec converts only what has none.
"""

from collections.abc import Iterable, Mapping
from enum import EnumType
from types import NoneType, UnionType
from typing import Any, TypeVar, Union, get_args, get_origin

import msgspec

from viertakt.errors import Fault, InvalidKind
from viertakt.kinds.complaints import Complaints, meant

S = TypeVar("S", bound=msgspec.Struct)
_Path = tuple[str | int, ...]
_NAMES = {str: "a text", int: "a whole number", bool: "true or false", float: "a number"}


def decode_struct(value: Any, type_: type[S], *, what: str, lines: Mapping[str, int]) -> S:
    """The struct that the values spell out. Raises InvalidKind with all faults, each with path, line, value and remedy."""
    complaints = Complaints()
    _walk(value, type_, (), complaints)
    if complaints.faults:
        raise refusal(what, (with_line(fault, lines) for fault in complaints.faults))
    return msgspec.convert(value, type_, strict=True)


def refusal(what: str, faults: Iterable[Fault]) -> InvalidKind:
    """One refusal that carries all faults; its sentence names the first."""
    found = tuple(faults)
    more = "" if len(found) == 1 else f" (and {len(found) - 1} more)"
    return InvalidKind(f"{what} has {len(found)} fault(s): {found[0].detail}{more}", faults=found)


def with_line(fault: Fault, lines: Mapping[str, int]) -> Fault:
    """The fault with the line on which its path, or the nearest path above it, begins."""
    where = fault.pointer
    while where and where not in lines:
        where = where.rpartition("/")[0]
    if where not in lines:
        return fault
    return msgspec.structs.replace(fault, detail=f"Line {lines[where]}: {fault.detail}")


def _walk(value: Any, type_: Any, path: _Path, complaints: Complaints) -> None:
    type_ = getattr(type_, "__supertype__", type_)  # a NewType is its type on the wire
    origin = get_origin(type_)
    if origin in {Union, UnionType}:
        _walk_union(value, get_args(type_), path, complaints)
    elif origin is dict:
        _walk_dict(value, get_args(type_)[1], path, complaints)
    elif origin is tuple:
        if not isinstance(value, list):
            complaints.add(
                path, "not_a_list", "A list is expected here.", value=value, remedy="Write [a, b]."
            )
            return
        for index, item in enumerate(value):
            _walk(item, get_args(type_)[0], (*path, index), complaints)
    elif isinstance(type_, type) and issubclass(type_, msgspec.Struct):
        _walk_struct(value, type_, path, complaints)
    else:
        _walk_leaf(value, type_, path, complaints)


def _walk_union(value: Any, options: tuple[Any, ...], path: _Path, complaints: Complaints) -> None:
    if value is None and NoneType in options:
        return
    others = [option for option in options if option is not NoneType]
    if len(others) == 1:
        _walk(value, others[0], path, complaints)
    elif not any(_fits(value, option) for option in others):
        names = " or ".join(_NAMES.get(option, "a value") for option in others)
        complaints.add(path, "wrong_type", f"{names[:1].upper()}{names[1:]} is expected here.", value=value)


def _walk_dict(value: Any, item_type: Any, path: _Path, complaints: Complaints) -> None:
    if not isinstance(value, dict):
        complaints.add(path, "not_a_table", "A table of names is expected here.", value=value)
        return
    for name, item in value.items():
        _walk(item, item_type, (*path, name), complaints)


def _walk_struct(value: Any, type_: type[msgspec.Struct], path: _Path, complaints: Complaints) -> None:
    fields = {field.encode_name: field for field in msgspec.structs.fields(type_)}
    if not isinstance(value, dict):
        expected = ", ".join(fields)
        complaints.add(path, "not_a_table", f"A table with {expected} is expected here.", value=value)
        return
    for name in value:
        if name not in fields:
            complaints.add(
                (*path, name),
                "unknown_key",
                f"There is no key {name!r} here.",
                value=name,
                remedy=meant(name, fields),
            )
    for name, field in fields.items():
        if name in value:
            _walk(value[name], field.type, (*path, name), complaints)
        elif field.required:
            complaints.add(path, "missing_key", f"The key {name!r} is missing.", remedy=f"Add {name!r}.")


def _walk_leaf(value: Any, type_: Any, path: _Path, complaints: Complaints) -> None:
    if _fits(value, type_):
        return
    if isinstance(type_, EnumType):
        options = list(map(str, type_.__members__.values()))
        remedy = meant(str(value), options)
        complaints.add(
            path, "unknown_word", f"{value!r} is none of: {', '.join(options)}.", value=value, remedy=remedy
        )
        return
    expected = _NAMES.get(type_, "another value")
    quotes = "Put it in quotes." if type_ is str and value is not None else None
    complaints.add(
        path,
        "wrong_type",
        f"{expected[:1].upper()}{expected[1:]} is expected here.",
        value=value,
        remedy=quotes,
    )


def _fits(value: Any, type_: Any) -> bool:
    try:
        msgspec.convert(value, type_, strict=True)
    except msgspec.ValidationError:
        return False
    return True
