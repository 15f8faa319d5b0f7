"""Asked outside: verdicts, "later", silence, and a provider that pays and then cuts the answer."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tests.checks.conftest import Examined
from tests.conftest import TREE
from tests.deadlines.conftest import until
from viertakt.access.model import system
from viertakt.access.sealing import Sealer
from viertakt.checks import actions, rules
from viertakt.checks.asking import Sender
from viertakt.checks.model import Claimed
from viertakt.checks.outside import Outside
from viertakt.db.leases import work_off
from viertakt.errors import Stale
from viertakt.kinds.actions import publish_kind
from viertakt.kinds.document import read_kind
from viertakt.operations.findings import CheckVerdict
from viertakt.operations.model import Operation
from viertakt.outgoing import read_networks
from viertakt.settings import Settings

SECRET = "x" * 40
PAYOUT = """
kind: payout
label: {en: Payout, nl: Uitbetaling}
subject: {en: Player, nl: Speler}
start: requested
stages:
  requested: {status: pending, waiting_on: system, checks: {run: [risk], pass: send, review: hold, reject: refuse}}
  held:      {status: pending, waiting_on: operator}
  unknown:   {status: pending, waiting_on: provider, re_ask: {every: PT1S, tries: 3, then: hand_over, http: "URL"}}
  paid:      {status: success, final: yes}
  failed:    {status: error}
  refused:   {status: rejected, final: yes}
transitions:
  send:      {from: [requested, held], to: unknown, by: [check], roles: [payments]}
  hold:      {from: [requested], to: held, by: [check]}
  refuse:    {from: [requested, held], to: refused, by: [check], roles: [payments]}
  hand_over: {from: [unknown], to: held, by: [deadline]}
  settle:    {from: [unknown, held], to: paid, by: [process, source]}
  fail:      {from: [unknown, held], to: failed, by: [process, source]}
checks:
  risk: {http: "URL"}
outcomes: {success: settle, error: fail}
"""


class Provider:
    """The provider's process, its ledger, and the duty that asks it."""

    def __init__(self, examined: Examined, folder: Path) -> None:
        self.examined = examined
        self.ledger, self.mode = folder / "ledger", folder / "mode"
        self.ledger.touch()
        self.answers(verdict="pass")
        command = [sys.executable, str(TREE / "tests/checks/provider.py"), str(self.ledger), str(self.mode)]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE)
        assert self.process.stdout is not None, "it says where it listens"
        self.url = f"http://127.0.0.1:{int(self.process.stdout.readline())}/asked"
        sender = Sender(Sealer(Settings(secret_key=SECRET)), read_networks("127.0.0.0/8"))
        house = examined.house
        self.duty = Outside(examined.ask, house.batch, house.engine.kinds, sender)
        kind = read_kind(PAYOUT.replace("URL", self.url))
        examined.ask(lambda conn: publish_kind(conn, kind, actor=system("cli")))

    def answers(self, mode: str = "", **document: Any) -> None:
        draft = self.mode.with_suffix(".new")
        draft.write_text(mode or msgspec.json.encode(document).decode())
        draft.replace(self.mode)

    def lines(self, word: str) -> list[str]:
        return [line for line in self.ledger.read_text().splitlines() if line.startswith(word)]

    def work(self) -> int:
        self.examined.follow()
        return work_off(self.examined.ask, self.duty)

    def again(self) -> int:
        """Time passes; one more turn."""
        self.examined.house.sql("UPDATE viertakt.check_run SET due_at = now() WHERE settled_at IS NULL")
        return self.work()

    def open(self) -> Operation:
        return self.examined.house.open("payout", "P-1", subject="p-1")

    def run(self) -> list[Any]:
        return self.examined.house.sql(
            "SELECT state, tries, fenced, said FROM viertakt.check_run ORDER BY started_at"
        )


@pytest.fixture
def provider(examined: Examined, tmp_path: Path) -> Iterator[Provider]:
    made = Provider(examined, tmp_path)
    yield made
    made.process.kill()
    made.process.wait()


def test_a_service_says_the_verdict(provider: Provider) -> None:
    """Its reason and evidence stand in the history, and the request was signed."""
    provider.answers(verdict="review", evidence={"score": 71})
    opened = provider.open()
    assert provider.work() == 1
    data = provider.examined.last(opened).data
    assert data is not None
    assert (provider.examined.now(opened).stage, data["checks"][0]["evidence"]) == ("held", {"score": 71})
    assert provider.lines("asked") == [f"asked {opened.id}.1.risk 1 v1,"]


def test_silence_ends_in_review_after_all_tries_with_the_same_key(provider: Provider) -> None:
    """Never in a guess: a person sees that the service did not answer."""
    provider.answers("cut")
    opened = provider.open()
    provider.work()
    for _ in range(rules.TRIES_MAX - 1):
        assert provider.examined.now(opened).stage == "requested"
        provider.examined.house.sql("DELETE FROM viertakt.check_target")
        provider.again()
    entry = provider.examined.last(opened)
    assert entry.data is not None
    assert (entry.to_stage, entry.data["checks"][0]["failed"]) == ("held", True)
    assert len(provider.lines("paid")) == 1
    assert len(provider.lines("asked")) == rules.TRIES_MAX


def test_whom_asking_fails_five_times_is_left_alone(provider: Provider) -> None:
    """A service that is down is not kept down, and what waits for it says why."""
    provider.answers("cut")
    provider.open()
    provider.work()
    for _ in range(rules.FAILURES_MAX):
        provider.again()
    assert len(provider.lines("asked")) == rules.FAILURES_MAX
    targets = provider.examined.ask(actions.list_targets)
    assert [(one.target, one.failures, one.rests_until is not None) for one in targets] == [
        (provider.url, 5, True)
    ]


def test_what_answers_later_is_waited_for(provider: Provider) -> None:
    """It is asked once; its own answer moves the operation, and one of an older attempt does not."""
    provider.answers("202")
    opened = provider.open()
    provider.work()
    assert provider.run()[0][0] == "later"
    say = actions.Later(opened.id, 1, "risk", attempt=0, verdict=CheckVerdict.PASS)
    house = provider.examined.house

    def answer(said: actions.Later) -> None:
        catalogue = house.engine.catalogue
        provider.examined.ask(
            lambda conn: actions.answer_later(conn, said, actor=house.token, catalogue=catalogue)
        )

    with pytest.raises(Stale):
        answer(say)
    provider.work()
    assert provider.examined.now(opened).stage == "requested"
    answer(msgspec.structs.replace(say, attempt=1))
    provider.work()
    assert (provider.examined.now(opened).stage, len(provider.lines("asked"))) == ("unknown", 1)


def test_a_zombie_moves_nothing(provider: Provider) -> None:
    """It slept past its lease; another has asked and moved, and what it brings late is refused and counted."""
    opened = provider.open()
    provider.examined.follow()
    slept: list[Claimed] = list(provider.examined.ask(provider.duty.claim))
    provider.examined.house.sql("UPDATE viertakt.check_run SET due_at = now() - interval '1 second'")
    provider.answers(verdict="reject")
    taken = provider.examined.ask(provider.duty.claim)
    assert [one.attempt for one in taken] == [2]
    late = provider.duty.act(slept)
    assert (late, provider.examined.now(opened).stage) == ([], "requested")
    provider.examined.ask(lambda conn: provider.duty.settle(conn, provider.duty.act(taken)))
    assert (provider.examined.now(opened).stage, provider.run()) == ("refused", [("done", 0, 1, None)])


def test_an_unknown_outcome_is_asked_again_and_then_given_to_a_person(provider: Provider) -> None:
    """Three times with one key, and never in Error: nobody said that nothing was paid."""
    opened = provider.open()
    provider.work()
    provider.answers(outcome="unknown")
    stages = []
    provider.examined.follow()
    for _ in range(3):
        provider.again()
        stages.append(provider.examined.now(opened).stage)
    assert stages == ["unknown", "unknown", "held"]
    asked = [line.split()[1] for line in provider.lines("asked") if "re_ask" in line]
    assert asked == [f"{opened.id}.2.re_ask"] * 3


def worker(url: str) -> "subprocess.Popen[bytes]":
    environment = {
        **os.environ,
        "VIERTAKT_DATABASE_URL": url,
        "VIERTAKT_SECRET_KEY": SECRET,
        "VIERTAKT_WEBHOOK_ALLOW": "127.0.0.0/8",
    }
    command = [sys.executable, "-m", "viertakt.cli", "worker"]
    return subprocess.Popen(command, cwd=TREE, env=environment, stderr=subprocess.DEVNULL)


def test_a_provider_that_pays_and_cuts_the_answer_has_paid_once(provider: Provider) -> None:
    """Workers are killed while they ask: each next one asks with the same key, and nothing is guessed meanwhile."""
    house = provider.examined.house
    provider.work()
    opened = provider.open()
    provider.work()
    assert provider.examined.now(opened).stage == "unknown"
    provider.answers("hang")
    for killed in range(2):
        process = worker(house.url)
        try:
            until(lambda n=killed: len([one for one in provider.lines("asked") if "re_ask" in one]) > n)  # type: ignore[misc]
        finally:
            os.kill(process.pid, signal.SIGKILL)
            process.wait()
        # The lease is a matter of seconds; a test does not wait for them.
        house.sql("UPDATE viertakt.check_run SET due_at = now() WHERE settled_at IS NULL")
    provider.answers("cut")
    process = worker(house.url)
    try:
        until(lambda: len([one for one in provider.lines("asked") if "re_ask" in one]) > 2)
        provider.answers(outcome="success")
        house.sql(
            "UPDATE viertakt.check_run SET due_at = now() WHERE settled_at IS NULL AND due_at < now() + interval '2 s'"
        )
        until(lambda: provider.examined.now(opened).stage == "paid")
    finally:
        process.terminate()
        process.wait()
    key = f"{opened.id}.2.re_ask"
    assert [line for line in provider.lines("paid") if "re_ask" in line] == [f"paid {key}"]
    statuses = house.sql(
        "SELECT DISTINCT to_status FROM viertakt.entry WHERE operation_id = %s ORDER BY 1", opened.id
    )
    assert [status for (status,) in statuses] == ["pending", "success"]
    taken = house.sql("SELECT attempt FROM viertakt.check_run WHERE sort = 're_ask'")
    assert taken[0][0] >= 3


def test_a_worker_killed_in_the_middle_of_a_check_is_taken_over(provider: Provider) -> None:
    """Within half a minute, by the lease; the next one asks with the same key, and the operation goes on once."""
    house = provider.examined.house
    provider.answers("hang")
    opened = provider.open()
    process = worker(house.url)
    try:
        until(lambda: bool(provider.lines("asked")))
    finally:
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
    (left,) = house.sql("SELECT attempt, due_at - now() < interval '30 seconds' FROM viertakt.check_run")
    assert (left, provider.examined.now(opened).stage) == ((1, True), "requested")
    house.sql("UPDATE viertakt.check_run SET due_at = now()")
    provider.answers(verdict="pass")
    process = worker(house.url)
    try:
        until(lambda: provider.examined.now(opened).stage == "unknown")
    finally:
        process.terminate()
        process.wait()
    key = f"{opened.id}.1.risk"
    assert provider.lines("asked")[:2] == [f"asked {key} {n} v1," for n in (1, 2)]
    assert provider.lines("paid")[0] == f"paid {key}"
    checked = "SELECT count(*) FROM viertakt.entry WHERE cause = 'check'"
    assert house.sql(checked) == [(1,)]


def test_a_zombie_of_a_re_ask_moves_nothing(provider: Provider) -> None:
    """It was told "error" and slept; another was told "success" and moved: the money is paid, whatever the first brings."""
    opened = provider.open()
    provider.work()
    provider.examined.follow()
    house = provider.examined.house
    house.sql("UPDATE viertakt.check_run SET due_at = now() WHERE settled_at IS NULL")
    slept = provider.examined.ask(provider.duty.claim)
    house.sql("UPDATE viertakt.check_run SET due_at = now() - interval '1 second' WHERE settled_at IS NULL")
    taken = provider.examined.ask(provider.duty.claim)
    provider.answers(outcome="error")
    assert (provider.duty.act(slept), provider.examined.now(opened).stage) == ([], "unknown")
    provider.answers(outcome="success")
    provider.examined.ask(lambda conn: provider.duty.settle(conn, provider.duty.act(taken)))
    assert (provider.examined.now(opened).stage, provider.run()[-1]) == ("paid", ("done", 1, 1, "success"))


def test_rests_are_bounded_and_end() -> None:
    """Six tries, spread, within half an hour: then somebody looks."""
    rests = [rules.rest_after(n, 1.0) for n in range(1, rules.TRIES_MAX + 1)]
    assert rests[-1] is None
    assert sum((one for one in rests if one is not None), timedelta()) < timedelta(minutes=30)
