"""The outbox: their commit delivers, their rollback does not, each effect once and in order, whatever is killed."""

import json
import os
import re
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
import sqlalchemy
from psycopg import conninfo, sql
from sqlalchemy.orm import Session

from tests.api.conftest import Running
from tests.tidy.tree import ROOT
from viertakt_client import Client, outbox

Shop = psycopg.Connection[Any]


@pytest.fixture(scope="module")
def shop_url(server_url: str) -> Iterator[str]:
    """Another database than Viertakt's, with a table of its own and the outbox."""
    name = f"test_{secrets.token_hex(6)}"
    with psycopg.connect(server_url, autocommit=True) as server:
        server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        url = conninfo.make_conninfo(server_url, dbname=name)
        with psycopg.connect(url) as conn:
            conn.execute(outbox.TABLE)
            conn.execute("CREATE TABLE payout (reference text)")
        yield url
        server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture
def shop(shop_url: str) -> Iterator[Shop]:
    """A connection of the service, whose outbox is empty."""
    with psycopg.connect(shop_url) as conn:
        conn.execute("TRUNCATE viertakt_outbox")
        conn.commit()
        yield conn
        conn.rollback()


class Tool:
    """`viertakt-client outbox` as a process."""

    def __init__(self, shop_url: str, url: str, token: str) -> None:
        self.environment = {
            **os.environ,
            "VIERTAKT_OUTBOX_URL": shop_url,
            "VIERTAKT_URL": url,
            "VIERTAKT_TOKEN": token,
        }

    def start(self, *words: str) -> subprocess.Popen[str]:
        """Begin; the caller ends it."""
        command = [str(Path(sys.executable).with_name("viertakt-client")), "outbox", *words]
        pipe = subprocess.PIPE
        return subprocess.Popen(command, env=self.environment, stdout=pipe, stderr=pipe, text=True)

    def run(self, *words: str, status: int = 0) -> tuple[str, str]:
        """What it says on stdout and stderr."""
        running = self.start(*words)
        out, err = running.communicate(timeout=120)
        assert running.returncode == status, err
        return out, err


@pytest.fixture
def tool(shop_url: str, running: Running, token: str) -> Tool:
    """The command line of a service."""
    return Tool(shop_url, running.url, token)


def left(shop: Shop) -> int:
    """How many rows wait."""
    (count,) = shop.execute("SELECT count(*) FROM viertakt_outbox").fetchone() or (0,)
    shop.rollback()
    return int(count)


def history(viertakt: Client, kind: str, reference: str) -> list[str]:
    """What happened to it, refusals left out; nothing where it was never opened."""
    found = viertakt.find(kind, reference)
    entries = [] if found is None else viertakt.history(found.id)
    return [entry.transition or entry.sort for entry in entries if entry.sort != "refused"]


def told_until(shop: Shop, goal: int, *forwarders: subprocess.Popen[str]) -> None:
    """Wait until at most so many rows wait, while these forwarders live."""
    end = time.monotonic() + 60
    while left(shop) > goal:
        for one in forwarders:
            assert one.poll() is None, "a forwarder ended by itself"
        assert time.monotonic() < end, f"{left(shop)} rows still wait"
        time.sleep(0.01)


def test_a_commit_delivers_and_a_rollback_does_not(
    shop: Shop, shop_url: str, tool: Tool, viertakt: Client
) -> None:
    """Of what was rolled back nobody ever hears, by whichever connection it was written."""
    outbox.open(shop, "ticket", reference="O-1", subject="player-7", tags=["shop"])
    outbox.outcome(shop, "ticket", "O-1", "success", data={"by": "shop"})
    shop.commit()
    outbox.open(shop, "ticket", reference="O-2")
    shop.rollback()
    engine = sqlalchemy.create_engine("postgresql+psycopg://", creator=lambda: psycopg.connect(shop_url))
    with Session(engine) as session, session.begin():
        outbox.open(session, "withdrawal", reference="O-3", amount="9.50 EUR")
    with engine.connect() as conn:
        outbox.open(conn, "ticket", reference="O-4")
    engine.dispose()
    tool.run("forward", "--once")
    assert history(viertakt, "ticket", "O-1") == ["opened", "solve"]
    assert history(viertakt, "withdrawal", "O-3") == ["opened"]
    assert [history(viertakt, "ticket", name) for name in ("O-2", "O-4")] == [[], []]
    assert left(shop) == 0


def test_killed_again_and_again_it_tells_each_once_and_in_order(
    shop: Shop, tool: Tool, viertakt: Client
) -> None:
    """Between telling and noting that it was told nothing but the key can help."""
    names = [f"O-k-{n}" for n in range(40)]
    for name in names:
        outbox.open(shop, "ticket", reference=name)
        outbox.move(shop, "ticket", name, "start")
        outbox.move(shop, "ticket", name, "solve")
    shop.commit()
    waiting = left(shop)
    kills = 0
    while waiting:
        forwarder = tool.start("forward")
        told_until(shop, max(waiting - 30, 0), forwarder)
        forwarder.send_signal(signal.SIGKILL)
        forwarder.communicate()
        waiting, kills = left(shop), kills + 1
    assert kills >= 3
    assert [history(viertakt, "ticket", name) for name in names] == [["opened", "start", "solve"]] * 40


def test_what_is_refused_holds_up_its_operation_alone(shop: Shop, tool: Tool, viertakt: Client) -> None:
    """Nothing is passed over: what follows was meant to come after it."""
    outbox.open(shop, "withdrawal", reference="O-5", amount="5.00 EUR")
    outbox.move(shop, "withdrawal", "O-5", "settle")
    outbox.move(shop, "withdrawal", "O-5", "send")
    outbox.open(shop, "ticket", reference="O-6")
    outbox.move(shop, "ticket", "O-nobody", "solve")
    shop.commit()
    _, said = tool.run("forward", "--once")
    assert "refused: move of withdrawal 'O-5'" in said
    assert history(viertakt, "ticket", "O-6") == ["opened"]
    refused = [json.loads(line) for line in tool.run("list", "--refused", "--json")[0].splitlines()]
    assert [(one["reference"], one["problem"]["code"]) for one in refused] == [
        ("O-5", "not_permitted"),
        ("O-nobody", "not_found"),
    ]
    assert left(shop) == 3
    viertakt.open("ticket", reference="O-nobody")
    tool.run("drop", str(refused[0]["id"]))
    tool.run("retry", str(refused[1]["id"]))
    tool.run("forward", "--once")
    assert history(viertakt, "ticket", "O-nobody") == ["opened", "solve"]
    assert "settle" not in history(viertakt, "withdrawal", "O-5")
    assert left(shop) == 1
    assert "0 to be told again" not in tool.run("retry")[1]
    assert "refused row 999" in tool.run("drop", "999", status=1)[1]


def test_a_token_that_is_wrong_blames_no_row(shop: Shop, tool: Tool) -> None:
    """It ends with a sentence, and what waits, waits."""
    outbox.open(shop, "ticket", reference="O-7")
    shop.commit()
    tool.environment["VIERTAKT_TOKEN"] = "vt_wrong"
    _, said = tool.run("forward", "--once", status=1)
    assert "unauthenticated" in said
    assert "Traceback" not in said
    assert json.loads(tool.run("list", "--json")[0])["refused_at"] is None


def test_two_forwarders_do_not_overtake_each_other(shop: Shop, tool: Tool, viertakt: Client) -> None:
    """The second stands by, and takes over when the first is killed."""
    first, second = tool.start("forward"), tool.start("forward")
    for n in range(2):
        outbox.open(shop, "ticket", reference=f"O-8-{n}")
        outbox.move(shop, "ticket", f"O-8-{n}", "solve")
        shop.commit()
        told_until(shop, 0, second)
        first.kill()
        first.communicate()
    second.kill()
    second.communicate()
    assert [history(viertakt, "ticket", f"O-8-{n}") for n in range(2)] == [["opened", "solve"]] * 2


def test_the_guides_example_runs(shop: Shop, shop_url: str, tool: Tool, viertakt: Client) -> None:
    """A reader copies it, and it works."""
    page = ROOT / "docs" / "guide" / "from-another-database.md"
    (block,) = re.findall(
        r"^```python\n(.*?)^```", page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
    )
    exec(compile(block, page.name, "exec"), {"SHOP_URL": shop_url})
    tool.run("forward", "--once")
    assert history(viertakt, "withdrawal", "P-1") == ["opened"]


def test_misuse_is_told_in_a_sentence(tool: Tool) -> None:
    """Exit 2, and what to do."""
    assert tool.run("table")[0] == outbox.TABLE
    del tool.environment["VIERTAKT_OUTBOX_URL"]
    assert "--database-url" in tool.run("list", status=2)[1]
    assert (
        "viertakt-client: " in tool.run("list", "--database-url", "postgresql://127.0.0.1:1/x", status=1)[1]
    )
