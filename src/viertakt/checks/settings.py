"""What an installation sets for a check, without a new version of its kind: always by two persons.

    who manages asks, with a reason ──► waits ──► another person who manages approves ──► in force for the next examination
                                          └─ declined, or withdrawn by who asked

Every line stays: the table is the audit of what was in force when, who asked for it and who let it be.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, Literal

import msgspec
from psycopg import Connection

from viertakt.access.actions import actor_by_id
from viertakt.access.model import Actor, ActorId, ActorSort
from viertakt.access.rules import check_may_manage
from viertakt.db.queries import load
from viertakt.errors import Conflict, Fault, Forbidden, Invalid, NotFound
from viertakt.kinds.model import AttributeClass, Check, Kind
from viertakt.operations.examining import CheckSetting, read_settings

BLOCKED_MAX = 2_000  # values of one check
VALUE_LENGTH_MAX, REASON_LENGTH_MAX = 200, 1_000
SETTINGS_MAX = 200
FIELDS = ("subject", "brand", "reference", "currency")
_MONEY = re.compile(r"[0-9]{1,30}(\.[0-9]{1,18})?[A-Z]{3}", re.ASCII)
_queries = load(__package__, "settings.sql")

SettingVerdict = Literal["approve", "decline", "withdraw"]


class ChangeState(StrEnum):
    """What became of a change."""

    OPEN = "open"
    MADE = "made"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class SettingChange(msgspec.Struct, frozen=True):
    """A change of a check's setting that waits for a second person, or what became of it."""

    id: int
    kind: str
    check: str
    setting: CheckSetting
    reason: str
    asked_by: ActorId
    asked_by_name: str
    asked_at: datetime
    state: ChangeState
    settled_by: ActorId | None = None
    settled_by_name: str | None = None
    settled_at: datetime | None = None


class Declared(msgspec.Struct, frozen=True):
    """A check of a kind's newest version, and what is set for it."""

    kind: str
    name: str
    check: Check
    stages: tuple[str, ...]
    setting: CheckSetting


_changes = msgspec.json.Decoder(list[SettingChange])


def declared(conn: Connection[Any], kinds: Mapping[str, Kind]) -> list[Declared]:
    """The checks of these kinds, with what is in force for each."""
    found = []
    for name, kind in sorted(kinds.items()):
        settings = read_settings(conn, name, list(kind.checks)) if kind.checks else {}
        for check_name, check in kind.checks.items():
            stages = tuple(
                stage
                for stage, it in kind.stages.items()
                if it.checks is not None and check_name in it.checks.run
            )
            found.append(Declared(name, check_name, check, stages, settings.get(check_name, CheckSetting())))
    return found


def changes(
    conn: Connection[Any], *, state: ChangeState | None = None, setting_id: int | None = None
) -> list[SettingChange]:
    """Changes, those that wait first, then the newest."""
    params = {"state": state, "setting_id": setting_id, "limit": SETTINGS_MAX}
    row = conn.execute(_queries["list_settings"], params).fetchone()
    assert row is not None, "an aggregate always answers one row"
    return _changes.decode(row[0])


def ask_change(
    conn: Connection[Any], kind: Kind, check: str, setting: CheckSetting, *, reason: str, actor: Actor
) -> SettingChange:
    """Write down a change that waits for a second person. Raises `Invalid` with all faults, `Forbidden`."""
    check_may_manage(actor)
    if faults := tuple(_faults(kind, check, setting, reason)):
        raise Invalid(" ".join(fault.detail for fault in faults), faults=faults)
    params = {
        "kind": kind.kind,
        "check": check,
        "setting": msgspec.json.encode(setting).decode(),
        "reason": reason.strip(),
        "by": actor.id,
    }
    row = conn.execute(_queries["add_setting"], params).fetchone()
    assert row is not None, "what is inserted is returned"
    return changes(conn, setting_id=row[0])[0]


def settle(conn: Connection[Any], setting_id: int, verdict: SettingVerdict, *, actor: Actor) -> SettingChange:
    """Approve, decline or withdraw a change that waits. Raises `NotFound`, `Forbidden`, `Conflict`.

    The rights of both are read anew: nothing is made in the name of who may no longer ask for it.
    """
    conn.execute(_queries["lock_setting"], {"setting_id": setting_id})
    found = changes(conn, setting_id=setting_id)
    if not found:
        raise NotFound(f"There is no change {setting_id} of a check's setting.")
    change, by = found[0], actor_by_id(conn, actor.id)
    check_may_manage(by)
    if change.state is not ChangeState.OPEN:
        raise Conflict(f"Change {setting_id} is {change.state}: it is settled only once.")
    if verdict == "withdraw":
        if by.id != change.asked_by:
            raise Forbidden(f"Only {change.asked_by_name} withdraws this; you may decline it.")
        state = ChangeState.WITHDRAWN
    else:
        _check_another_person(by, change)
        state = ChangeState.MADE if verdict == "approve" else ChangeState.DECLINED
    if state is ChangeState.MADE:
        check_may_manage(actor_by_id(conn, change.asked_by))
    conn.execute(_queries["settle_setting"], {"setting_id": setting_id, "state": state.value, "by": by.id})
    return changes(conn, setting_id=setting_id)[0]


def _check_another_person(by: Actor, change: SettingChange) -> None:
    if by.sort is not ActorSort.PERSON:
        raise Forbidden("Only a person is the second one, never a program.", why_not="not_a_person")
    if by.id == change.asked_by:
        raise Forbidden(f"{by.name} asked for this: somebody else has to decide.", why_not="own_request")


def _faults(kind: Kind, name: str, setting: CheckSetting, reason: str) -> list[Fault]:
    found = []
    check = kind.checks.get(name)
    if check is None:
        known = ", ".join(kind.checks) or "none"
        return [Fault("/check", "unknown_check", f"{kind.kind} has no check {name[:60]!r}; it has: {known}.")]
    if not reason.strip() or len(reason) > REASON_LENGTH_MAX:
        words = f"Say why, in at most {REASON_LENGTH_MAX} characters."
        found.append(Fault("/reason", "reason_required", words))
    if setting.at_most is not None and not _is_bound(check, setting.at_most):
        words = "A count's bound is a whole number, a sum's an amount such as 5000EUR; others have none."
        found.append(Fault("/setting/at_most", "wrong_value", words))
    if sum(map(len, setting.block.values())) > BLOCKED_MAX:
        found.append(Fault("/setting/block", "too_many", f"A block list has at most {BLOCKED_MAX} values."))
    for field, values in setting.block.items():
        if field not in _fields(kind):
            words = f"Operations are blocked by {', '.join(_fields(kind))}; not by {field[:60]!r}."
            found.append(Fault(f"/setting/block/{field[:60]}", "unknown_field", words))
        elif not all(0 < len(value) <= VALUE_LENGTH_MAX for value in values):
            words = f"A value has 1 to {VALUE_LENGTH_MAX} characters."
            found.append(Fault(f"/setting/block/{field[:60]}", "wrong_value", words))
    return found


def _is_bound(check: Check, bound: int | str) -> bool:
    if check.count is not None:
        return isinstance(bound, int) and 0 <= bound < 2**31
    return check.sum is not None and isinstance(bound, str) and bool(_MONEY.fullmatch(bound))


def _fields(kind: Kind) -> tuple[str, ...]:
    """What operations may be blocked by: nothing personal, for its values stand in no operation."""
    personal = {AttributeClass.PERSONAL, AttributeClass.SENSITIVE}
    own = (f"attributes.{name}" for name, it in kind.attributes.items() if it.class_ not in personal)
    return (*FIELDS, *own)
