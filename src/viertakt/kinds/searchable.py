"""The fields that people may search by: those of every published kind and version together.

An attribute has one type across all kinds, so one table holds for all; a set of values is closed where every version says
so. Personal attributes are kept apart from operations and cannot be searched.
"""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

import msgspec
from psycopg import Connection

from viertakt.kinds import store
from viertakt.language.fields import ATTRIBUTE_PREFIX, FIELDS, Field, Fields, KnownFields, Place, attribute


class Standing(msgspec.Struct, frozen=True):
    """A stage as some version of a kind has it."""

    kind: str
    stage: str
    status: str
    waiting_on: str | None = None


class Declared(msgspec.Struct, frozen=True):
    """An attribute as some version of a kind declares it."""

    kind: str
    name: str
    type: str
    enum: tuple[str, ...] = ()


class Vocabulary(msgspec.Struct, frozen=True):
    """What the published kinds name, once for each way in which they do."""

    stages: tuple[Standing, ...] = ()
    attributes: tuple[Declared, ...] = ()
    masked: tuple[str, ...] = ()


def search_fields(conn: Connection[Any], *, reasons: Collection[str] = ()) -> Fields:
    """The fields of all published kinds, with the values that are known; reading them costs one question."""
    return fields_of(msgspec.json.decode(store.vocabulary(conn), type=Vocabulary), reasons=reasons)


def fields_of(known: Vocabulary, *, reasons: Collection[str] = ()) -> Fields:
    """The same of a vocabulary at hand. Without kinds nothing is closed, for nothing is known."""
    stages = sorted({line.stage for line in known.stages})
    of_stages = _places((line.stage, line.status, line.kind) for line in known.stages)
    waits = ((line.waiting_on, line.status, line.kind) for line in known.stages if line.waiting_on)
    fields = (
        _field("kind", values=sorted({line.kind for line in known.stages})),
        _field("stage", values=stages, places=of_stages),
        _field("was", values=stages),
        _field("path", values=stages),
        _field("waiting_on", places=_places(waits)),
        _field("reason", values=sorted(reasons)),
    )
    masked = frozenset(ATTRIBUTE_PREFIX + name for name in known.masked)
    return KnownFields({field.name: field for field in (*fields, *_attributes(known))}, masked=masked)


def _field(name: str, *, values: Sequence[str] = (), places: tuple[Place, ...] = ()) -> Field:
    found = FIELDS[name]
    return msgspec.structs.replace(found, values=tuple(values) or found.values, places=places)


def _places(lines: Iterable[tuple[str, str, str]]) -> tuple[Place, ...]:
    """Where each value occurs: in any version, so that nothing that an operation may be is left out."""
    statuses: dict[str, set[str]] = {}
    kinds: dict[str, set[str]] = {}
    for value, status, kind in lines:
        statuses.setdefault(value, set()).add(status)
        kinds.setdefault(value, set()).add(kind)
    return tuple(
        Place(value, tuple(sorted(statuses[value])), tuple(sorted(kinds[value])))
        for value in sorted(statuses)
    )


def _attributes(known: Vocabulary) -> Iterable[Field]:
    declared: dict[tuple[str, str], list[Declared]] = {}
    for line in known.attributes:
        declared.setdefault((line.name, line.type), []).append(line)
    for (name, type_), lines in declared.items():
        enums = [line.enum for line in lines]
        # Open where one declaration leaves it open.
        values = dict.fromkeys(value for enum in enums for value in enum) if all(enums) else ()
        kinds = tuple(sorted({line.kind for line in lines}))
        yield msgspec.structs.replace(attribute(name, type_, tuple(values)), places=(Place(None, (), kinds),))
