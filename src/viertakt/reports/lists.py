"""Pages of operations by a query, and finding one by a name.

Paging is by key: a page begins after the last operation of the one before, or ends before the first of the one after, so
page 9,000 costs what page 1 does and a new operation shifts nothing. Only sorts that an index gives are offered; the
others would read everything to show fifty.
"""

import re
from collections.abc import Mapping
from datetime import datetime, tzinfo
from typing import Any

import msgspec
from psycopg import Connection, sql

from viertakt.errors import Invalid
from viertakt.language import Query, to_text
from viertakt.language.model import Comparison, Term, comparisons
from viertakt.operations.model import Operation
from viertakt.reports import store
from viertakt.reports.cursor import Place, Way, list_key, read_cursor, write_cursor
from viertakt.reports.words import condition
from viertakt.reports.zones import UTC_ZONE

LIMIT_MAX = 200
LIMIT_USUAL = 50
SORT_USUAL = "-created_at"
SORT_LATEST_END = "-closed_at"
SORT_FIRST_DUE = "deadline_at"
GATHERED_MAX = 200_000  # operations, as the planner estimates them: a fifth of a second to sort
NAMES_MAX = 20
NAME_LENGTH_MAX = 500
UUID_TEXT = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class Sort(msgspec.Struct, frozen=True):
    """A column with an index, and its direction. `needs`: the field that every listed operation has to have."""

    column: str
    descending: bool = False
    needs: str | None = None

    def parts(self, way: Way | None = None, *, gathered: bool = False) -> dict[str, sql.Composable]:
        """What the templates need: where the page lies (`after`), and the order in which it is read.

        A page before a place is read from its end, so that its limit cuts what lies farthest from the place. `gathered`:
        everything that is found is gathered and sorted, since in the order of the list it lies far off.
        """
        column = sql.Identifier(self.column)
        down = self.descending != (way is not None and way.back)
        order = "{0} DESC, {1} DESC" if down else "{0}, {1}"
        after: sql.Composable = sql.SQL("TRUE")
        if way is not None:
            sign = ("<" if down else ">") + ("" if way in (Way.AFTER, Way.BEFORE) else "=")
            after = sql.SQL(
                "(o.{0}, o.operation_id) {1} (%(after_at)s::timestamptz, %(after_id)s::uuid)"
            ).format(column, sql.SQL(sign))
        return {
            "after": after,
            "order": sql.SQL(order).format(
                # No index gives the order of a sum.
                sql.SQL("(o.{} + interval '0')" if gathered else "o.{}").format(column),
                sql.SQL("o.operation_id"),
            ),
            "outer_order": sql.SQL(order).format(
                sql.SQL("(f.o).{}").format(column), sql.SQL("(f.o).operation_id")
            ),
        }

    def place(self, operation: Operation, way: Way) -> Place:
        """The place beside an operation of the list."""
        at = getattr(operation, self.column)
        assert isinstance(at, datetime), (
            f"Every operation in this list has {self.column}: its sort demands it."
        )
        return Place(at, operation.id, way)


SORTS: dict[str, Sort] = {
    "created_at": Sort("created_at"),
    "-created_at": Sort("created_at", descending=True),
    "deadline_at": Sort("deadline_at", needs="deadline"),
    "-deadline_at": Sort("deadline_at", descending=True, needs="deadline"),
    "closed_at": Sort("closed_at", needs="closed"),
    "-closed_at": Sort("closed_at", descending=True, needs="closed"),
}
# Columns a caller may well think of; no index gives their order, and one on a column that every move changes would
# slow every move.
UNSORTED = (
    "changed_at",
    "entered_at",
    "amount",
    "reference",
    "subject",
    "status",
    "stage",
    "kind",
)


class Page(msgspec.Struct, frozen=True):
    """Operations in the order of `sort`; `next_cursor` is None on the last page, `prev_cursor` on the first."""

    items: list[Operation]
    sort: str
    next_cursor: str | None = None
    prev_cursor: str | None = None


def list_operations(
    conn: Connection[Any],
    query: Query,
    *,
    sort: str | None = None,
    limit: int = LIMIT_USUAL,
    cursor: str | None = None,
    zone: tzinfo = UTC_ZONE,
    now: datetime | None = None,
    position: int | None = None,
) -> Page:
    """A page of what a query finds. `now` is the primary's unless given; `zone` is the reader's.

    Without a `sort` the newest come first; of a query that asks when operations ended, those that ended last.
    With a `position` of the journal (`as_of.position_of`), what it found when entries went so far.

    Raises `Invalid` for a sort without an index or a limit out of bounds, `InvalidCursor` for one of another list.
    """
    sort = usual_sort(query) if sort is None else sort
    chosen = _sort(sort, query)
    if not 1 <= limit <= LIMIT_MAX:
        raise Invalid(f"A page holds 1 to {LIMIT_MAX} operations, not {limit}.")
    key = list_key(to_text(query), sort if position is None else f"{sort} {position}")
    secret, clock = store.secret_and_clock(conn)
    filter_, params = condition(conn, query, now or clock, zone)
    place = None if cursor is None else read_cursor(secret, key, cursor)
    if place is not None:
        params |= {"after_at": place.at, "after_id": place.id}
    gathered = chosen.column != "closed_at" and lies_together(conn, query, filter_, params)
    parts = {"filter": filter_} | chosen.parts(None if place is None else place.way, gathered=gathered)
    # One more than asked for says whether there is another page that way.
    items = store.page(conn, parts, params | {"limit": limit + 1}, position=position)
    before, after = (
        None if beside is None else write_cursor(secret, key, beside)
        for beside in _neighbours(chosen, items, limit, place)
    )
    shown = items[:limit]
    if place is not None and place.way.back:
        shown.reverse()
    return Page(shown, sort, next_cursor=after, prev_cursor=before)


def usual_sort(query: Query) -> str:
    """The order of a list for which nobody chose one: by the time that is asked for, else the newest first.

    What has a deadline comes in the order in which it falls due, what has ended with the latest end first.
    """
    for field, sort in (("closed", SORT_LATEST_END), ("deadline", SORT_FIRST_DUE)):
        if any(_demands(term, field) for term in query.terms):
            return sort
    return SORT_USUAL


def lies_together(
    conn: Connection[Any], query: Query, filter_: sql.Composable, params: Mapping[str, object]
) -> bool:
    """Whether a query asks when operations ended or were changed, and finds few enough to sort them all.

    The planner takes them to be spread evenly over the list, and would read it from its end until there are fifty: a year
    of it, for those that ended in one week of spring.
    """
    if not any(leaf.field in {"closed", "changed"} for leaf in comparisons(query.terms)):
        return False
    return store.estimate(conn, {"filter": filter_}, params) <= GATHERED_MAX


def _neighbours(
    sort: Sort, read: list[Operation], limit: int, place: Place | None
) -> tuple[Place | None, Place | None]:
    """Where the pages before and after this one lie, None where there is none; `read` is in the order of reading."""
    back = place is not None and place.way.back
    ahead, behind = (Way.BEFORE, Way.AFTER) if back else (Way.AFTER, Way.BEFORE)
    onward = sort.place(read[limit - 1], ahead) if len(read) > limit else None
    if place is None:
        origin = None
    elif read:
        origin = sort.place(read[0], behind)
    else:
        # All that lay here has left the list: whoever turns round begins with the operation at the edge.
        origin = msgspec.structs.replace(place, way=_TURNED[place.way])
    return (onward, origin) if back else (origin, onward)


_TURNED = {Way.AFTER: Way.UPTO, Way.FROM: Way.BEFORE, Way.BEFORE: Way.FROM, Way.UPTO: Way.AFTER}


def find_reference(conn: Connection[Any], text: str) -> list[Operation]:
    """Operations whose id, reference or provider's identifier is exactly this, the newest first, at most 20.

    Several when two kinds use the same reference; none when nothing has this name.
    """
    name = text.strip()
    if not name or len(name) > NAME_LENGTH_MAX or "\0" in name or not name.isprintable():
        return []
    ids = [name.lower()] if UUID_TEXT.fullmatch(name.lower()) else []
    return store.find_by_name(conn, name, ids, limit=NAMES_MAX)


def _sort(sort: str, query: Query) -> Sort:
    chosen = SORTS.get(sort)
    if chosen is None:
        known = ", ".join(SORTS)
        if sort.removeprefix("-") in UNSORTED:
            raise Invalid(
                f"No index gives the order of {sort.removeprefix('-')}, so no list is sorted by it. Sort by {known}."
            )
        raise Invalid(f"There is no sort {sort[:40]!r}. Sort by {known}.")
    if chosen.needs and not any(_demands(term, chosen.needs) for term in query.terms):
        raise Invalid(
            f"Sorted by {chosen.column}, a list holds only operations that have one: add {chosen.needs}:* to the query."
        )
    return chosen


def _demands(term: Term, field: str) -> bool:
    """Whether only operations that have this field can be found by the term."""
    if not isinstance(term, Comparison) or term.negated:
        return False
    if term.field == field:
        return True
    return all((term.field, value) in _DEMANDING.get(field, ()) for value in term.values)


# Flags that only an operation with such a field can have.
_DEMANDING = {
    "deadline": {("is", "overdue"), ("has", "deadline")},
    "closed": {("is", "closed"), ("has", "closed")},
}
