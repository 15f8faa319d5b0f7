"""In a host application's own transaction, on its own connection."""

import psycopg
import pytest
from psycopg.rows import dict_row

import viertakt
from tests.operations.conftest import House, euros
from viertakt.errors import NotPermitted


def test_the_hosts_row_and_the_status_commit_together(house: House, name: str) -> None:
    """A host connection of its own making, with rows as dictionaries, which it still has afterwards."""
    operation = house.open("withdrawal", name, amount=euros("120.00"))
    house.move(operation, "approve")
    with psycopg.connect(house.url, row_factory=dict_row) as conn:
        conn.execute("INSERT INTO public.ledger VALUES (%s)", [f"{name} sent"])
        answer = viertakt.move(conn, operation.id, "send", actor=viertakt.system("ledger"))
        assert conn.execute("SELECT 1 AS one").fetchone() == {"one": 1}
        conn.commit()
        conn.execute("INSERT INTO public.ledger VALUES (%s)", [f"{name} paid"])
        viertakt.move(conn, operation.id, "settle", actor=viertakt.system("ledger"))
        conn.rollback()
    assert answer.operation.stage == "sending"
    assert house.sql("SELECT note FROM public.ledger WHERE note LIKE %s", f"{name}%") == [(f"{name} sent",)]
    assert house.sql("SELECT stage FROM viertakt.operation WHERE reference = %s", name) == [("sending",)]


def test_the_database_role_of_a_host_is_recorded(house: House, name: str) -> None:
    """The system acts under a name; whose connection it was stands beside it."""
    operation = house.open("withdrawal", name, amount=euros("1"))
    with psycopg.connect(house.url) as conn:
        with pytest.raises(NotPermitted):
            viertakt.move(conn, operation.id, "settle", actor=viertakt.system("ledger"))
        conn.commit()
    refused = "SELECT actor, database_role FROM viertakt.entry WHERE sort = 'refused' AND operation_id = %s"
    assert house.sql(refused, operation.id) == [("system:ledger", "postgres")]
