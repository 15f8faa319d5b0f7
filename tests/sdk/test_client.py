"""The client against a real server: every call, what is refused, and what a lost answer comes to."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest

import viertakt_client as sdk
from tests.api.conftest import Running
from tests.sdk.conftest import Network
from viertakt.api.problems import STATUS
from viertakt_client import AsyncClient, Client, Retrying, errors, retrying


def test_an_operation_from_its_opening_to_its_end(viertakt: Client) -> None:
    """Under the names of the contract, with times and amounts as values."""
    opened = viertakt.open("ticket", reference="C-1", subject="player-7", tags=["vip"])
    assert (opened.stage, opened.status, opened.tags) == ("new", sdk.Status.PENDING, ("vip",))
    told = viertakt.outcome(opened.id, "success", data={"by": "bot"})
    assert told.operation.status is sdk.Status.SUCCESS
    assert [entry.sort for entry in viertakt.history(opened.id)] == ["opened", "moved"]
    assert viertakt.as_of(opened.id, opened.created_at).stage == "new"
    assert viertakt.get(opened.id).created_at <= datetime.now(UTC) + timedelta(minutes=1)
    assert viertakt.find("ticket", "C-1") == told.operation
    assert viertakt.find("ticket", 'C-1"') is None


def test_an_amount_is_read_as_it_is_said(viertakt: Client) -> None:
    """ "120.00 EUR" on the way there, money on the way back; another text is the caller's mistake, and sent nowhere."""
    opened = viertakt.open("withdrawal", reference="C-2", amount="120.00 EUR")
    assert opened.amount == sdk.Money("120.00", "EUR")
    assert opened.amount.decimal == 120
    with pytest.raises(ValueError, match=r"120\.00 EUR"):
        viertakt.open("withdrawal", reference="C-3", amount="120")
    amended = viertakt.amend(opened.id, amount="90.00 EUR", expected_version=opened.version)
    assert amended.amount == sdk.Money("90.00", "EUR")


def test_many_at_once_have_a_result_each(viertakt: Client) -> None:
    """A refusal is a result: it harms nobody beside it."""
    openings = [sdk.Opening(kind="ticket", reference=f"C-many-{n}") for n in range(3)]
    opened = viertakt.open_batch([*openings, sdk.Opening(kind="tickt", reference="C-many")])
    done = [one for one in opened if isinstance(one, sdk.Done)]
    assert [one.status for one in done] == [201, 201, 201]
    assert isinstance(opened[3], sdk.NotFound | sdk.Invalid)
    moves = [sdk.Move(operation_id=one.operation.id, transition="solve") for one in done]
    moved = viertakt.move_batch([*moves, sdk.Move(operation_id=uuid4(), transition="solve")])
    assert [type(one).__name__ for one in moved] == ["Done", "Done", "Done", "NotFound"]


def test_a_list_is_read_to_its_end(running: Running, viertakt: Client) -> None:
    """Page by page; nobody has to know what a cursor is."""
    viertakt.open_batch(
        [sdk.Opening(kind="ticket", reference=f"C-p-{n}", tags=("paged",)) for n in range(250)]
    )
    found = [operation.reference for operation in viertakt.list("tag:paged", sort="created_at")]
    assert sorted(found) == sorted(f"C-p-{n}" for n in range(250))
    page = viertakt.page("tag:paged", limit=1, count=True)
    assert page.count == sdk.Count(250, capped=False)


def test_refusals_are_classes_with_what_was_said(viertakt: Client, running: Running) -> None:
    """A program decides by the class; a person reads the sentence."""
    opened = viertakt.open("withdrawal", reference="C-4", amount="5.00 EUR")
    with pytest.raises(sdk.NotPermitted) as refused:
        viertakt.move(opened.id, "settle")
    assert refused.value.facts["stage"] == "requested"
    assert refused.value.request_id
    assert "settle" in refused.value.detail
    with pytest.raises(sdk.ReferenceTaken):
        viertakt.open("withdrawal", reference="C-4", amount="6.00 EUR")
    with pytest.raises(sdk.NotFound):
        viertakt.get(uuid4())
    with pytest.raises(sdk.Stale):
        viertakt.move(opened.id, "approve", expected_version=9)
    with pytest.raises(sdk.Invalid) as faulty:
        viertakt.page("stauts:pending")
    assert faulty.value.code == "invalid_query"
    with Client(running.url, "vt_wrong") as stranger, pytest.raises(sdk.Unauthenticated):
        stranger.get(opened.id)


def test_every_code_of_the_server_has_a_class() -> None:
    """By code or by status: none is only a number."""
    general = {
        code
        for code, status in STATUS.items()
        if type(errors.problem_of(status, {"code": code})) is sdk.Problem
    }
    assert general == set()
    assert isinstance(errors.problem(502, b"<html>"), sdk.Unavailable)
    assert isinstance(errors.problem(409, b'{"code": "of_tomorrow"}'), sdk.Conflict)


def test_a_lost_answer_is_asked_for_again_and_nothing_happens_twice(
    network: Network, token: str, viertakt: Client
) -> None:
    """The same key each time: the server had done it, and says so again."""
    opened = viertakt.open("ticket", reference="C-5")
    network.fates = ["cut", "503", "429"]
    with Client(network.url, token) as lossy:
        told = lossy.outcome(opened.id, "success")
    assert told.operation.status is sdk.Status.SUCCESS
    assert len(network.keys) == 4
    assert len(set(network.keys)) == 1
    assert [entry.sort for entry in viertakt.history(opened.id)] == ["opened", "moved"]


def test_a_refusal_is_not_asked_for_again(network: Network, token: str) -> None:
    """It would be refused again."""
    with Client(network.url, token) as lossy, pytest.raises(sdk.NotFound):
        lossy.outcome(uuid4(), "success")
    assert len(network.keys) == 1


def test_without_an_answer_it_says_that_nothing_is_known(
    network: Network, token: str, viertakt: Client
) -> None:
    """With the key: whoever asks again with it learns whether it happened."""
    opened = viertakt.open("ticket", reference="C-6")
    network.fates = ["cut", "cut"]
    with Client(network.url, token, retrying=Retrying(tries_max=2)) as lossy:
        with pytest.raises(sdk.Unreachable) as lost:
            lossy.outcome(opened.id, "success")
        again = lossy.outcome(opened.id, "success", key=lost.value.key)
    assert again.entry.sort == "moved"
    assert len(list(viertakt.history(opened.id))) == 2


def test_how_long_is_waited() -> None:
    """Twice as long each time, never less than the server asks for, and not at all where that is too long."""
    plan = Retrying(tries_max=4, wait_seconds_max=3)
    waits = [retrying.wait_before(tries, plan, chance=1.0) for tries in (1, 2, 3, 4)]
    assert waits == [0.2, 0.4, 0.8, None]
    assert retrying.wait_before(1, plan, chance=0.0, retry_after=2) == 2
    assert retrying.wait_before(1, plan, chance=0.0, retry_after=4) is None
    now = datetime(2026, 11, 22, 12, tzinfo=UTC)
    dated = {"retry-after": "Sun, 22 Nov 2026 12:00:07 GMT"}
    assert retrying.retry_after(dated, now) == 7
    assert [retrying.retry_after({"retry-after": text}, now) for text in ("", "soon", "3")] == [None, None, 3]


def test_the_environment_says_where_and_who(
    running: Running, token: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A token in a file stays out of listings of the environment."""
    secret = tmp_path / "token"
    secret.write_text(f"{token}\n")
    monkeypatch.setenv("VIERTAKT_URL", running.url)
    monkeypatch.setenv("VIERTAKT_TOKEN_FILE", str(secret))
    with Client.from_env() as client:
        assert client.kind("ticket")["kind"] == "ticket"


def test_the_asynchronous_client_does_the_same(network: Network, token: str) -> None:
    """A hundred at once over one client, some answers lost."""

    async def work() -> list[str]:
        async with AsyncClient(network.url, token) as client:
            one = await client.open("ticket", reference="C-async", tags=["async"])
            network.fates = ["cut", "429"]
            await asyncio.gather(*(client.note(one.id, f"note {n}") for n in range(20)))
            assert (await client.find("ticket", "C-async")) == one
            assert [each.id async for each in client.list("tag:async")] == [one.id]
            assert (await client.as_of(one.id, one.created_at)).stage == "new"
            return [entry.sort async for entry in client.history(one.id)]

    assert asyncio.run(work()) == ["opened", *["noted"] * 20]
