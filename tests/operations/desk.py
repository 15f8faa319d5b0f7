"""People who ask and people who consent, at a house."""

from decimal import Decimal
from typing import Any

import pytest
from psycopg import Connection

from tests.operations.conftest import House, euros
from viertakt.access import granting
from viertakt.access.actions import actor_by_id, add_person, set_roles
from viertakt.access.grants_model import NewGrant
from viertakt.access.model import Actor, system
from viertakt.db.pool import connect
from viertakt.errors import ViertaktError
from viertakt.kinds.actions import Kinds
from viertakt.operations.model import (
    Answer,
    ApprovalState,
    Caller,
    Money,
    Operation,
    Verdict,
    VerdictRequest,
)
from viertakt.operations.store_approvals import read_approvals


class Desk:
    """People by name at a house, and short ways to let them ask and answer."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.asker = self.person("an operator", "payments")
        self.first = self.person("a lead", "payments_lead")
        self.second = self.person("another lead", "payments_lead")

    def person(self, name: str, *roles: str) -> Actor:
        email = f"{name.replace(' ', '.')}@example.test"
        with connect(self.house.url) as conn:
            actor = add_person(conn, email=email, name=name, roles=roles, password=None)
            conn.commit()
        return actor

    def withdrawal(self, amount: str = "1500", currency: str = "EUR", reference: str = "W-1") -> Operation:
        money = Money(euros(amount).value, currency)
        return self.house.open("withdrawal", reference, amount=money, subject="player-7")

    def asked(self, operation: Operation, transition: str = "approve", **said: Any) -> Answer:
        return self.house.move(operation, transition, by=said.pop("by", self.asker), **said)

    def saying(
        self,
        operation: Operation,
        by: Actor,
        verdict: str = "approve",
        *,
        key: str | None = None,
        **said: Any,
    ) -> VerdictRequest:
        caller = Caller(by, key=key, body_digest="d" if key else None)
        return VerdictRequest(operation.id, caller, Verdict(verdict), **said)

    def says(self, operation: Operation, by: Actor, verdict: str = "approve", **said: Any) -> Answer:
        return self.house.batch.call(self.saying(operation, by, verdict, **said))

    def refused(
        self, operation: Operation, by: Actor, verdict: str = "approve", **said: Any
    ) -> ViertaktError:
        with pytest.raises(ViertaktError) as caught:
            self.says(operation, by, verdict, **said)
        return caught.value

    def state(self, asked: Answer) -> ApprovalState:
        with connect(self.house.url) as conn:
            (found,) = read_approvals(conn, [asked.operation.id], named=[asked.entry.seq])
        return found.state

    def stage(self, operation: Operation) -> str:
        ((stage,),) = self.house.sql(
            "SELECT stage FROM viertakt.operation WHERE operation_id = %s", operation.id
        )
        return str(stage)

    def history(self, operation: Operation) -> list[tuple[str, str, int | None]]:
        return self.house.sql(
            "SELECT sort, actor, version FROM viertakt.entry WHERE operation_id = %s ORDER BY entry_seq",
            operation.id,
        )

    def change(self, actor: Actor, *roles: str) -> None:
        with connect(self.house.url) as conn:
            set_roles(conn, actor.id, roles)
            conn.commit()

    def narrow(self, role: str, act: str, **up_to: str) -> None:
        """Of what a role may, let one act go no further than this."""
        with connect(self.house.url) as conn:
            for line in granting.grants(conn, role=role):
                if act in line.may:
                    left = tuple(word for word in line.may if word != act)
                    granting.revoke_grant(conn, line.id, actor=system("tests"))
                    self._grant(conn, NewGrant(role, left, line.kinds))
            limits = {currency: Decimal(value) for currency, value in up_to.items()}
            self._grant(conn, NewGrant(role, (act,), amount_max=limits))
            conn.commit()

    def _grant(self, conn: Connection[Any], new: NewGrant) -> None:
        kinds = Kinds()
        granting.add_grant(
            conn, new, actor=system("tests"), kinds=kinds.names(conn), fields=kinds.scope_fields(conn)
        )

    def now(self, actor: Actor) -> Actor:
        with connect(self.house.url) as conn:
            return actor_by_id(conn, actor.id)
