"""Blocks of code as an operation's process: what is reported as they end."""

import asyncio
from typing import Any

import pytest

import viertakt_client as sdk
from tests.api.conftest import Running
from viertakt_client import AsyncClient, AsyncRunningOperation, Client, Rejected, RunningOperation


class Bank(Exception):
    """What a provider's library raises."""


def approved(running: Running, reference: str) -> None:
    """A withdrawal that people have approved."""
    with running.client() as admin:
        opened = admin.post(
            "/v1/operations",
            json={
                "kind": "withdrawal",
                "reference": reference,
                "amount": {"value": "20.00", "currency": "EUR"},
            },
        )
    with running.person("Lead", "admin") as lead:
        moved = lead.post(f"/v1/operations/{opened.json()['id']}/moves", json={"transition": "approve"})
        assert moved.status_code == 201, moved.text


def send(viertakt: Client, reference: str, failure: Exception) -> None:
    """Hand an approved withdrawal to a bank that fails like this."""
    with viertakt.operation("withdrawal", reference=reference, amount="20.00 EUR") as op:
        op.move("send")
        raise failure


def ended(viertakt: Client, kind: str, reference: str) -> tuple[str, str, str | None]:
    """Where an operation stands, and the last entry's reason."""
    found = viertakt.find(kind, reference)
    assert found is not None
    last = list(viertakt.history(found.id))[-1]
    return found.status, found.stage, last.reason


def test_leaving_the_block_is_success(viertakt: Client) -> None:
    """Nobody has to remember to say so."""
    with viertakt.operation("ticket", reference="E-1", subject="player-7") as op:
        assert op.operation.stage == "new"
    assert op.result is not None
    assert ended(viertakt, "ticket", "E-1")[:2] == ("success", "solved")


def test_rejected_takes_its_reason_along(running: Running, viertakt: Client) -> None:
    """And goes on to the caller: nothing after the block runs as if it had gone well."""
    approved(running, "E-2")
    with pytest.raises(Rejected, match="account_closed"):
        send(viertakt, "E-2", Rejected("account_closed"))
    assert ended(viertakt, "withdrawal", "E-2") == ("pending", "releasing", "account_closed")


def test_an_exception_is_an_error_where_nobody_outside_has_acted(viertakt: Client) -> None:
    """With its class and message, which only those read who may."""
    with pytest.raises(Bank), viertakt.operation("account_lock", reference="E-3"):
        raise Bank("no such account")
    assert ended(viertakt, "account_lock", "E-3")[0] == "error"


def test_an_exception_is_unknown_where_somebody_outside_may_have_acted(
    running: Running, viertakt: Client
) -> None:
    """The bank may have paid before its answer was lost: it is asked about, never guessed."""
    approved(running, "E-4")
    with pytest.raises(Bank):
        send(viertakt, "E-4", Bank("timeout\x00\ud800"))
    assert ended(viertakt, "withdrawal", "E-4")[:2] == ("pending", "outcome_unknown")


def test_a_report_that_is_refused_stands_on_the_exception(viertakt: Client) -> None:
    """It takes nobody's place: the cause is what the caller has to see."""
    with pytest.raises(Bank) as raised, viertakt.operation("withdrawal", reference="E-5", amount="20.00 EUR"):
        raise Bank("before it was sent")
    assert "could not be reported" in raised.value.__notes__[0]
    assert ended(viertakt, "withdrawal", "E-5")[:2] == ("pending", "requested")


def test_who_reports_the_end_has_the_last_word(viertakt: Client) -> None:
    """The block then says nothing more."""
    with viertakt.operation("ticket", reference="E-6") as op:
        op.outcome("rejected")
    assert ended(viertakt, "ticket", "E-6")[0] == "rejected"


def test_what_is_over_is_not_entered_again(viertakt: Client) -> None:
    """A job that is delivered twice must not pay twice."""
    entered: list[Any] = []
    for _ in range(2):
        try:
            with viertakt.operation("ticket", reference="E-7") as op:
                entered.append(op.id)
        except sdk.AlreadyEnded as over:
            entered.append(over.operation.status)
    assert entered == [op.id, "success"]


def test_a_function_is_a_process(viertakt: Client) -> None:
    """Each call an operation of its own, with what its arguments say."""

    @viertakt.process("ticket", reference=lambda case, _: f"E-{case}", subject=lambda _, who: who)
    def answer(op: RunningOperation, case: int, who: str) -> str:
        return f"{case} {op.operation.subject}"

    assert answer(8, "player-7") == "8 player-7"
    assert ended(viertakt, "ticket", "E-8")[0] == "success"


def test_the_asynchronous_blocks_end_the_same_way(running: Running, token: str, viertakt: Client) -> None:
    """Also when their task is cancelled."""

    async def work() -> None:
        async with AsyncClient(running.url, token) as client:

            @client.process("ticket", reference=lambda name: name)
            async def answer(op: AsyncRunningOperation, name: str) -> str:
                return f"{name} {op.reference}"

            assert await answer("E-9") == "E-9 E-9"
            begun = asyncio.Event()

            async def hang() -> None:
                async with client.operation("account_lock", reference="E-10"):
                    begun.set()
                    await asyncio.Event().wait()

            task = asyncio.create_task(hang())
            await begun.wait()
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task

    asyncio.run(work())
    assert ended(viertakt, "ticket", "E-9")[0] == "success"
    assert ended(viertakt, "account_lock", "E-10")[0] == "error"
