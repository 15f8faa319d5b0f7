"""The fields a query may name, and the column behind each.

An attribute of any kind is a field: `attributes.<name>`, compared as text. Whoever knows the kinds passes `Fields`, and
then attributes are compared by their type, a closed set of values is known, and an unheard attribute is a fault.
"""

import re
from collections.abc import Mapping
from enum import StrEnum

import msgspec

ATTRIBUTE_PREFIX = "attributes."
ATTRIBUTE_NAME = re.compile(r"[a-z][a-z0-9_]{0,62}")

STATUSES = ("pending", "success", "error", "rejected")
WAITING_ON = (
    "customer",
    "counterparty",
    "operator",
    "second_approver",
    "provider",
    "system",
    "other_team",
    "date",
)
# What `is:` may ask. The searched ones need the kind's document or the history, so no rule can ask them.
FLAGS_OF_ROW = ("claimed", "closed", "contradiction", "mine", "open", "overdue", "snoozed")
FLAGS_SEARCHED = ("at_risk", "final", "late", "reopened", "restricted", "stuck")
FLAGS_OF_NOW = frozenset({"at_risk", "late", "stuck"})  # time alone makes them so
FLAGS = FLAGS_OF_ROW + FLAGS_SEARCHED
# What `has:` may ask; children are other operations.
HAS_OF_ROW = ("amount", "brand", "deadline", "parent", "subject", "tag", "waiting_on")
HAS_SEARCHED = ("children",)
HAS = HAS_OF_ROW + HAS_SEARCHED
# Who works on it: no part of the operation, so no rule asks for it, but it is at hand where operations are read.
OF_WORK = frozenset({"assignee", "claimed_by", "snoozed_until", "priority"})
FLAGS_OF_WORK = frozenset({"claimed", "mine", "snoozed"})
PRIORITIES = ("low", "normal", "high", "urgent")
ME, MY_TEAMS = "me", "my_teams"
SEARCHED = frozenset(FLAGS_SEARCHED + HAS_SEARCHED)


class Sort(StrEnum):
    """What a field's values are, and so how they are read and compared."""

    TEXT = "text"
    NAME = "name"  # text from a closed or open set, shown without quotes
    OPERATION = "operation"
    AMOUNT = "amount"
    TIME = "time"
    TAG = "tag"
    ACTOR = "actor"  # person:<id> or role:<name>, or who reads
    FLAG = "flag"
    HAS = "has"
    COUNT = "count"  # a whole number that every operation has
    AGE = "age"  # how long ago its column was
    DURATION = "duration"  # how long it took from its opening to its column
    PATH = "path"  # stages that followed each other
    STAGES = "stages"  # stages in which an operation has stood
    REASONS = "reasons"  # reasons given on the way
    ATTRIBUTE = "attribute"  # of a type nobody told: its text, by equality
    STRING = "string"  # an attribute's, in code-point order
    INTEGER = "integer"
    DECIMAL = "decimal"
    BOOLEAN = "boolean"
    DATE = "date"  # a day by itself, in no time zone
    DATETIME = "datetime"


NUMBERS = frozenset({Sort.INTEGER, Sort.DECIMAL})
ATTRIBUTES = NUMBERS | {Sort.ATTRIBUTE, Sort.STRING, Sort.BOOLEAN, Sort.DATE, Sort.DATETIME}
LENGTHS = frozenset({Sort.AGE, Sort.DURATION})
ORDERED = NUMBERS | LENGTHS | {Sort.AMOUNT, Sort.TIME, Sort.STRING, Sort.DATE, Sort.DATETIME, Sort.COUNT}
HISTORY = frozenset({Sort.PATH, Sort.STAGES, Sort.REASONS})


class Field(msgspec.Struct, frozen=True):
    """`values`: the only ones there are, where the set is closed. `optional`: an operation may have none.

    `places`: for each value the statuses and kinds in which alone it occurs, where the kinds say so; under no value (None)
    those of them all.
    """

    name: str
    sort: Sort
    column: str
    values: tuple[str, ...] = ()
    optional: bool = False
    places: tuple["Place", ...] = ()


class Place(msgspec.Struct, frozen=True):
    """Where a value occurs."""

    value: str | None
    status: tuple[str, ...] = ()
    kind: tuple[str, ...] = ()


# What a reader knows beyond the table below, by the full name: `attributes.<name>` typed, or `stage` with its values.
Fields = Mapping[str, Field]


class KnownFields(dict[str, Field]):
    """The same without the fields that are personal to some kind, whose names are kept: nothing is found by them.

    Also not in another kind or version that calls them otherwise: what is hidden today may not be searched as of yesterday.
    """

    def __init__(self, fields: Mapping[str, Field], *, masked: frozenset[str] = frozenset()) -> None:
        super().__init__({name: field for name, field in fields.items() if name not in masked})
        self.masked = masked


FIELDS: dict[str, Field] = {
    field.name: field
    for field in (
        Field("kind", Sort.NAME, "kind"),
        Field("status", Sort.NAME, "status", values=STATUSES),
        Field("stage", Sort.NAME, "stage"),
        Field("waiting_on", Sort.NAME, "waiting_on", values=WAITING_ON, optional=True),
        Field("brand", Sort.TEXT, "brand", optional=True),
        Field("subject", Sort.TEXT, "subject", optional=True),
        Field("reference", Sort.TEXT, "reference"),
        Field("parent", Sort.OPERATION, "parent_id", optional=True),
        Field("tag", Sort.TAG, "tags", optional=True),
        Field("amount", Sort.AMOUNT, "amount", optional=True),
        Field("created", Sort.TIME, "created_at"),
        Field("changed", Sort.TIME, "changed_at"),
        Field("closed", Sort.TIME, "closed_at", optional=True),
        Field("deadline", Sort.TIME, "deadline_at", optional=True),
        Field("entered", Sort.TIME, "entered_at"),
        Field("age", Sort.AGE, "created_at"),
        Field("stage_time", Sort.AGE, "entered_at"),
        Field("duration", Sort.DURATION, "closed_at", optional=True),
        Field("currency", Sort.NAME, "currency", optional=True),
        Field("id", Sort.OPERATION, "operation_id"),
        Field("kind_version", Sort.COUNT, "kind_version"),
        Field("version", Sort.COUNT, "version"),
        Field("is", Sort.FLAG, "", values=FLAGS),
        Field("has", Sort.HAS, "", values=HAS),
        Field("path", Sort.PATH, ""),
        Field("was", Sort.STAGES, "to_stage"),
        Field("reason", Sort.REASONS, "reason"),
        Field("assignee", Sort.ACTOR, "assignee", values=(ME, MY_TEAMS), optional=True),
        Field("claimed_by", Sort.ACTOR, "claimed_by", values=(ME,), optional=True),
        Field("snoozed_until", Sort.TIME, "snoozed_until", optional=True),
        Field("priority", Sort.NAME, "priority", values=PRIORITIES),
    )
}

OPERATORS = ("AND", "NOT", "OR")


def attribute(name: str, type_: str, values: tuple[str, ...] = ()) -> Field:
    """The field of a kind's attribute; `type_` is the kind's word for it: string, integer, decimal, boolean, date, datetime."""
    if type_ == Sort.BOOLEAN:
        values = ("true", "false")
    return Field(ATTRIBUTE_PREFIX + name, Sort(type_), name, values=values, optional=True)


def field(name: str, fields: Fields | None = None) -> Field | None:
    """The field of this name, or None. Where the reader knows the fields, an attribute that is not among them is none."""
    if fields is not None and name in fields:
        return fields[name]
    if name.startswith(ATTRIBUTE_PREFIX):
        short = name.removeprefix(ATTRIBUTE_PREFIX)
        known = fields is None and ATTRIBUTE_NAME.fullmatch(short)
        return Field(name, Sort.ATTRIBUTE, short, optional=True) if known else None
    return FIELDS.get(name)


def known_field(name: str, sort: Sort | None) -> Field:
    """The field a comparison was read with: an attribute of the type it had then, or one of the table."""
    if sort is not None:
        return attribute(name.removeprefix(ATTRIBUTE_PREFIX), sort)
    found = field(name)
    assert found is not None, f"The tree was read with fields that exist; {name} does not."
    return found
