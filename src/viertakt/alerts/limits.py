"""Limits of one's own: set and ended by whoever manages, and kept for good."""

from typing import Any

import msgspec
from psycopg import Connection
from uuid_utils.compat import uuid7

from viertakt.access import audit_store
from viertakt.access.audit_model import ChangeSort
from viertakt.access.model import Actor
from viertakt.access.rules import check_may_manage
from viertakt.alerts import limits_store
from viertakt.alerts.limits_model import AT_LEAST, WINDOW_MINUTES, Limit, LimitId
from viertakt.alerts.model import Direction, Measure, Provider, attributes_of
from viertakt.alerts.rules_limits import fault_in, fault_of
from viertakt.errors import Conflict, Fault, Invalid, NotFound
from viertakt.kinds.model import Kind
from viertakt.operations.reading import sees_new
from viertakt.operations.store_assignment import primary_clock

LIMITS_MAX = 200
WINDOW_MIN, WINDOW_MAX = 5, 1440
BOUND_MAX, AT_LEAST_MAX, WORD_LENGTH_MAX = 1_000_000_000, 1_000_000, 100


def set_limit(
    conn: Connection[Any],
    by: Actor,
    *,
    measure: Measure,
    bound: float,
    kind: Kind | None = None,
    brand: str | None = None,
    provider: str | None = None,
    stage: str | None = None,
    direction: Direction = Direction.ABOVE,
    window_minutes: int = WINDOW_MINUTES,
    at_least: int = AT_LEAST,
) -> Limit:
    """A limit that is in force from the next look on. `kind` None: for each kind by itself; `stage`: only of what stands there;
    `provider`: the value by which operations of that kind say who carries them out.

    Raises `Forbidden`, `Invalid`, and `Conflict` where there are enough.
    """
    check_may_manage(by)
    limit = Limit(
        id=LimitId(uuid7()),
        measure=measure,
        direction=direction,
        bound=bound,
        window_minutes=window_minutes,
        at_least=at_least,
        set_by=by.id,
        set_at=primary_clock(conn),
        kind=None if kind is None else kind.kind,
        brand=brand,
        stage=stage,
        provider=_provider(kind, provider),
    )
    fault = _out_of_range(limit) or fault_of(limit) or fault_in(kind, limit)
    if fault is not None:
        raise Invalid(fault, faults=(Fault("", "no_limit", fault),))
    if len(limits_store.limits(conn, max_count=LIMITS_MAX)) >= LIMITS_MAX:
        raise Conflict(f"{LIMITS_MAX} limits are in force already; end one first.")
    limits_store.add_limit(conn, limit)
    _audit(conn, ChangeSort.LIMIT_SET, by, limit)
    return limits_store.limits(conn, max_count=1, limit_id=limit.id)[0]


def _out_of_range(limit: Limit) -> str | None:
    """What is more than a limit may say, in a sentence; the contract states the same."""
    if not 0 <= limit.bound <= BOUND_MAX:  # nor is what is no number
        return f"A bound is a number from 0 to {BOUND_MAX:,}."
    if not WINDOW_MIN <= limit.window_minutes <= WINDOW_MAX:
        return f"A window has {WINDOW_MIN} to {WINDOW_MAX:,} minutes."
    if not 1 <= limit.at_least <= AT_LEAST_MAX:
        return f"At least 1 to {AT_LEAST_MAX:,} have failed or been rejected."
    words = (limit.brand, limit.stage, limit.provider.value if limit.provider else None)
    if any(word is not None and not 1 <= len(word) <= WORD_LENGTH_MAX for word in words):
        return f"A brand, a stage and a provider have 1 to {WORD_LENGTH_MAX} characters."
    return None


def _provider(kind: Kind | None, value: str | None) -> Provider | None:
    """A provider of a kind. Raises `Invalid` where the kind does not say which attribute names it."""
    if value is None:
        return None
    if kind is None or kind.provider is None:
        whose = "each kind" if kind is None else kind.kind
        words = f"Nothing says who carries out {whose}: name a kind that has a 'provider'."
        raise Invalid(words, faults=(Fault("/provider", "no_provider", words),))
    return Provider(kind.provider, value)


def end_limit(conn: Connection[Any], by: Actor, limit_id: LimitId) -> Limit:
    """End a limit; its alerts close at the next look. Raises `Forbidden`, `NotFound`, `Conflict`."""
    check_may_manage(by)
    found = limits_store.limits(conn, max_count=1, ended=True, limit_id=limit_id)
    if not found:
        raise NotFound(f"There is no limit {limit_id}.")
    if not limits_store.end_limit(conn, limit_id, by.id):
        raise Conflict("This limit has been ended already.")
    _audit(conn, ChangeSort.LIMIT_ENDED, by, found[0])
    return limits_store.limits(conn, max_count=1, ended=True, limit_id=limit_id)[0]


def list_limits(conn: Connection[Any], reader: Actor, *, ended: bool = False) -> list[Limit]:
    """Limits in force, with `ended` those before too, of what is in the reader's sight; at most 200."""
    found = limits_store.limits(conn, max_count=LIMITS_MAX, ended=ended)
    return [
        one
        for one in found
        if one.kind is None
        or sees_new(
            reader, kind=one.kind, brand=one.brand, stage=one.stage, attributes=attributes_of(one.provider)
        )
    ]


def _audit(conn: Connection[Any], sort: ChangeSort, by: Actor, limit: Limit) -> None:
    told = msgspec.to_builtins(limit)
    names = (
        "id", "measure", "direction", "kind", "brand", "provider", "stage", "bound", "window_minutes", "at_least",
    )  # fmt: skip
    audit_store.note(conn, sort, by=by.id, detail={name: told[name] for name in names})
