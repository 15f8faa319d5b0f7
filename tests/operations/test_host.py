"""In a host application's own transaction, on its own connection."""

import psycopg
import pytest
from psycopg.rows import dict_row

import viertakt
from tests.operations.conftest import House, euros
from viertakt.errors import NotPermitted


def test_the_hosts_row_and_the_status_commit_together(house: House) -> None:
    """A host connection of its own making, with rows as dictionaries, which it still has afterwards."""
    operation = house.open("withdrawal", "W-1", amount=euros("120.00"))
    house.sql("CREATE TABLE public.ledger (note text)")
    house.move(operation, "approve")
    with psycopg.connect(house.url, row_factory=dict_row) as conn:
        conn.execute("INSERT INTO public.ledger VALUES ('sent')")
        answer = viertakt.move(conn, operation.id, "send", actor=viertakt.system("ledger"))
        assert conn.execute("SELECT 1 AS one").fetchone() == {"one": 1}
        conn.commit()
        conn.execute("INSERT INTO public.ledger VALUES ('paid')")
        viertakt.move(conn, operation.id, "settle", actor=viertakt.system("ledger"))
        conn.rollback()
    assert answer.operation.stage == "sending"
    assert house.sql("SELECT note FROM public.ledger") == [("sent",)]
    assert house.sql("SELECT stage FROM viertakt.operation") == [("sending",)]


def test_the_database_role_of_a_host_is_recorded(house: House) -> None:
    """The system acts under a name; whose connection it was stands beside it."""
    operation = house.open("withdrawal", "W-1", amount=euros("1"))
    with psycopg.connect(house.url) as conn:
        with pytest.raises(NotPermitted):
            viertakt.move(conn, operation.id, "settle", actor=viertakt.system("ledger"))
        conn.commit()
    assert house.sql("SELECT actor, database_role FROM viertakt.entry WHERE sort = 'refused'") == [
        ("system:ledger", "postgres")
    ]
