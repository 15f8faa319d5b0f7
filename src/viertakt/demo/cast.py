"""Who works here: a person for every role, a few more where a shift has more, and the machines."""

from collections.abc import Sequence
from contextlib import suppress
from random import Random
from typing import Any

import msgspec
from psycopg import Connection

from viertakt.access.actions import (
    actor_by_id,
    add_person,
    issue_token,
    people,
    revoke_token,
    set_password,
)
from viertakt.access.model import ROLES, Actor, ActorId
from viertakt.access.passwords import generate_password
from viertakt.errors import NotFound

# Enough of each for what needs two consents besides whoever asks.
SHIFT = {"payments": 3, "payments_lead": 3, "kyc": 2, "support": 3, "risk": 2, "compliance": 2}
DOMAIN = "demo.example"
SPOKEN = {"kyc": "nl", "support": "nl", "payments": "nl"}


PLATFORM = "The platform of the demo"


class SignIn(msgspec.Struct, frozen=True):
    """How one of them signs in. `first`: of those with this role."""

    actor: ActorId
    role: str
    email: str
    password: str
    first: bool


def hire(conn: Connection[Any]) -> tuple[dict[str, list[Actor]], list[SignIn]]:
    """The staff by role, and how each signs in with the password of today; people who are there already keep their past."""
    there = {person.email: person for person in people(conn)}
    password = generate_password()
    staff: dict[str, list[Actor]] = {}
    sign_ins: list[SignIn] = []
    for role in ROLES:
        for n in range(1, SHIFT.get(role, 1) + 1):
            email = f"{role.replace('_', '-')}{n if n > 1 else ''}@{DOMAIN}"
            known = there.get(email)
            if known is None:
                actor = add_person(
                    conn,
                    email=email,
                    name=_name(role, n),
                    roles=[role],
                    password=password,
                    language=SPOKEN.get(role, "en"),
                )
            else:
                set_password(conn, known.id, password)
                actor = actor_by_id(conn, known.id)
            staff.setdefault(role, []).append(actor)
            sign_ins.append(SignIn(actor.id, role, email, password, first=n == 1))
    return staff, sign_ins


def platform_token(conn: Connection[Any]) -> str:
    """A fresh token for the company's platform, the only one that is live."""
    with suppress(NotFound):
        revoke_token(conn, PLATFORM)
    return issue_token(conn, PLATFORM, ["integration"])[0]


def anybody(staff: dict[str, list[Actor]], roles: Sequence[str], choice: Random) -> Actor:
    """Somebody on shift who holds one of these roles; the administrator where nobody does."""
    return choice.choice(_holders(staff, roles))


def others(
    staff: dict[str, list[Actor]],
    roles: Sequence[str],
    count: int,
    *,
    besides: Sequence[Actor],
    choice: Random,
) -> list[Actor]:
    """So many others on shift who hold one of these roles; none where there are not enough."""
    left = [actor for actor in _holders(staff, roles) if actor not in besides]
    return choice.sample(left, count) if len(left) >= count else []


def _holders(staff: dict[str, list[Actor]], roles: Sequence[str]) -> list[Actor]:
    return [actor for role in roles for actor in staff.get(role, ())] or staff["admin"]


def _name(role: str, n: int) -> str:
    words = role.replace("_", " ").capitalize().replace("Kyc", "KYC")
    return f"{words} agent {n}" if role in SHIFT else words
