"""The fields a query may name, and the column behind each. Nothing here is a table of the kinds' own attributes: those
are read as `attributes.<name>` and compared as text until a query is typed against the kinds it names."""

import re
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
FLAGS = ("contradiction",)


class Sort(StrEnum):
    """What a field's values are, and so how they are read and compared."""

    TEXT = "text"
    NAME = "name"  # text from a closed or open set, shown without quotes
    OPERATION = "operation"
    AMOUNT = "amount"
    TIME = "time"
    TAG = "tag"
    FLAG = "flag"
    ATTRIBUTE = "attribute"


class Field(msgspec.Struct, frozen=True):
    """`values`: the only ones there are, where the set is closed. `optional`: an operation may have none."""

    name: str
    sort: Sort
    column: str
    values: tuple[str, ...] = ()
    optional: bool = False


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
        Field("is", Sort.FLAG, "contradiction", values=FLAGS),
    )
}

# Words of the whole language that this floor does not understand yet: refused by name, never taken for free text.
NOT_YET_FIELDS = ("age", "assignee", "duration", "has", "path", "priority", "stage_time")
NOT_YET_FLAGS = ("mine", "overdue", "reopened", "snoozed", "stuck")
NOT_YET_WORDS = ("AND", "NOT", "OR")


def field(name: str) -> Field | None:
    """The field of this name, or None; an attribute of any kind is a field."""
    if name.startswith(ATTRIBUTE_PREFIX):
        attribute = name.removeprefix(ATTRIBUTE_PREFIX)
        known = ATTRIBUTE_NAME.fullmatch(attribute)
        return Field(name, Sort.ATTRIBUTE, attribute, optional=True) if known else None
    return FIELDS.get(name)
