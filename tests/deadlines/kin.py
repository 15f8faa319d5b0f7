"""Errands and their tasks: two kinds of the tests' own, a parent that ends with its children and ends them with itself."""

from typing import Any

import pytest

from tests.deadlines.conftest import Clocked
from tests.operations.conftest import House
from viertakt.access.model import system
from viertakt.db.leases import work_off
from viertakt.db.pool import connect
from viertakt.deadlines.families import Families, note_families
from viertakt.journal.followers import follow_all
from viertakt.journal.sequencing import sequence_all
from viertakt.kinds.actions import publish_kind
from viertakt.kinds.document import read_kind
from viertakt.operations.model import Answer, MoveRequest, Operation
from viertakt.operations.reading import read_operation

ERRAND = """
kind: errand
label: {en: Errand, nl: Boodschap}
subject: {en: Customer, nl: Klant}
start: waiting
stages:
  waiting: {status: pending, waiting_on: system}
  paused:  {status: pending, waiting_on: operator}
  again:   {status: pending, waiting_on: operator}
  done:    {status: success, final: provisional}
  undone:  {status: rejected, final: yes}
transitions:
  pause:   {from: [waiting], to: paused, roles: [support]}
  go_on:   {from: [paused, again], to: waiting, roles: [support]}
  finish:  {from: [waiting], to: done, by: [children]}
  reopen:  {from: [done], to: again, roles: [support]}
  give_up: {from: [waiting, paused], to: undone, by: [children], roles: [support]}
no_error: true
children: {success: all, rejected: any, of: [task], cancel: {task: drop}}
"""
TASK = """
kind: task
label: {en: Task, nl: Taak}
subject: {en: Customer, nl: Klant}
start: open
stages:
  open:    {status: pending, waiting_on: operator}
  held:    {status: pending, waiting_on: operator}
  done:    {status: success, final: yes}
  dropped: {status: rejected, final: yes}
transitions:
  hold:    {from: [open], to: held, roles: [support]}
  finish:  {from: [open, held], to: done, by: [process], roles: [support]}
  drop:    {from: [open], to: dropped, by: [children], roles: [support]}
  refuse:  {from: [open], to: dropped, roles: [support]}
no_error: true
"""


class Kin:
    """A house with both kinds, and what looks after families when a test says so."""

    def __init__(self, clocked: Clocked) -> None:
        self.house: House = clocked.house
        self.clocked = clocked
        self.duty = Families(clocked.ask, self.house.batch, self.house.engine)
        for text in (ERRAND, TASK):
            kind = read_kind(text)
            clocked.ask(lambda conn, kind=kind: publish_kind(conn, kind, actor=system("cli")))  # type: ignore[misc]

    def family(self, name: str, children: int = 2) -> tuple[Operation, list[Operation]]:
        """An errand with so many tasks."""
        parent = self.house.open("errand", name)
        return parent, [self.house.open("task", f"{name}-{n}", parent_id=parent.id) for n in range(children)]

    def follow(self) -> None:
        """Bring the order and its follower up to date, and look until there is nothing to look at."""
        self.note()
        while work_off(self.clocked.ask, self.duty):
            self.note()

    def note(self) -> None:
        """Bring the order and its follower up to date, and look at nothing."""
        with connect(self.house.url, role="viertakt_app", autocommit=True) as conn:
            sequence_all(conn)
            follow_all(conn, "families", note_families)

    def move(self, operation: Operation, transition: str) -> Operation:
        return self.house.move(self.fresh(operation), transition, by=self.house.token).operation

    def fresh(self, operation: Operation) -> Operation:
        return self.clocked.ask(lambda conn: read_operation(conn, operation.id))

    def finishing(self, operations: list[Operation]) -> list[MoveRequest]:
        return [self.house.moving(one, "finish", by=system("till")) for one in operations]

    def finish(self, operations: list[Operation]) -> None:
        results = self.house.batch.call_all(self.finishing(operations))
        assert all(isinstance(one, Answer) for one in results), results[:1]

    def stage(self, operation: Operation) -> str:
        return self.fresh(operation).stage

    def led_by_children(self) -> list[Any]:
        """How often each was moved by its children, or by its parent."""
        return self.house.sql(
            "SELECT operation_id, count(*) FROM viertakt.entry WHERE cause = 'children' GROUP BY operation_id"
        )


@pytest.fixture
def kin(clocked: Clocked) -> Kin:
    return Kin(clocked)
