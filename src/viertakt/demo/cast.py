"""Who works here: a person for every role, a few more where a shift has more, and the machines."""

from collections.abc import Sequence
from random import Random
from typing import Any

import msgspec
from psycopg import Connection

from viertakt.access.actions import actor_by_id, add_person, people, set_password
from viertakt.access.model import ROLES, Actor
from viertakt.access.passwords import generate_password

# Enough of each for what needs two consents besides whoever asks.
SHIFT = {"payments": 3, "payments_lead": 3, "kyc": 2, "support": 3, "risk": 2, "compliance": 2}
DOMAIN = "demo.example"
SPOKEN = {"kyc": "nl", "support": "nl", "payments": "nl"}


class SignIn(msgspec.Struct, frozen=True):
    """How one of them signs in."""

    role: str
    email: str
    password: str


def hire(conn: Connection[Any]) -> tuple[dict[str, list[Actor]], list[SignIn]]:
    """The staff by role, and one sign-in a role with a password of today; people who are there already keep their past."""
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
            if n == 1:
                sign_ins.append(SignIn(role=role, email=email, password=password))
    return staff, sign_ins


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
