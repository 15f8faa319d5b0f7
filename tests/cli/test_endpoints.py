"""Endpoints and limits from the command line: it takes what the API takes, and says in one sentence what is wrong."""

import os
from uuid import uuid4

import pytest

from tests.cli.conftest import Terminal
from viertakt.db.pool import connect

URL = "https://example.com/viertakt"
HUGE = "9" * 23


@pytest.mark.parametrize(
    "words",
    [
        ("add", "https://127.0.0.1/"),
        ("add", "https://xn--/"),
        ("add", f"https://example.com/{'x' * 50_000}"),
        ("add", URL, "--name", "x" * 5_000),
        ("add", URL, "--stage", "x" * 5_000),
        ("add", URL, "--q", "stauts:pending"),
        ("add", URL, "--q", f"reference:{'x' * 5_000}"),
        ("add", URL, "--owner", "system:deadline"),
        ("show", str(uuid4()), HUGE),
        ("replay", str(uuid4()), "--number", HUGE),
        ("replay", str(uuid4()), "--after", "nonsense"),
    ],
)
def test_what_the_api_refuses_is_misuse_here_too(terminal: Terminal, words: tuple[str, ...]) -> None:
    """Whichever door somebody comes by, nothing is kept that another would not have taken."""
    said = terminal("endpoints", *words)
    assert (said.status, said.out) == (2, "")
    assert [word for word in ("fault of ours", "database refused", "Traceback") if word in said.err] == []
    assert terminal("endpoints", "list", "--json").json == []


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("created", "inf", "--kind", "deposit"), "from 0 to 1,000,000,000"),
        (("created", "1e300", "--kind", "deposit"), "from 0 to 1,000,000,000"),
        (("created", "nan", "--kind", "deposit"), "from 0 to 1,000,000,000"),
        (("errors", "0.1", "--at-least", HUGE), "--at-least"),
        (("errors", "0.1", "--kind", "deposit", "--brand", "x" * 5_000), "1 to 100 characters"),
        (("boom", "30"), "is no measure"),
    ],
)
def test_a_limit_out_of_range_is_misuse(terminal: Terminal, words: tuple[str, ...], says: str) -> None:
    """A number that JSON has no word for would come back as null."""
    said = terminal("alerts", "set-limit", *words)
    assert (said.status, says in said.err) == (2, True), said.err
    assert terminal("alerts", "limits", "--json").json == []


def test_failing_and_switched_off_for_it_are_told_apart(terminal: Terminal) -> None:
    """The one is tried still, the other waits for somebody; and what is sent again waits with it, which is said."""
    made = terminal("endpoints", "add", URL, "--name", "Ledger", "--json")
    assert made.status == 0, made.err
    endpoint = made.json["id"]
    assert terminal("endpoints", "test", endpoint, "--json").json == {"number": 1}
    again = ("endpoints", "replay", endpoint, "--number", "1")
    failed = "UPDATE viertakt.endpoint_delivery SET state = 'failed', due_at = NULL, settled_at = now()"
    _write(
        failed + ", operation_id = gen_random_uuid(), entry_seq = 1, position = 1, type = 'operation.opened'"
    )
    assert terminal(*again, "--dry-run").err == "1 delivery would be sent again.\n"
    assert terminal(*again).err == "1 delivery is sent again.\n"
    assert terminal("endpoints", "replay", endpoint, "--from", "0001-01-01T00:00:00Z").status == 0
    for sql, state in (
        ("failing_since = now()", "failing"),
        ("state = 'off', off_at = now(), why_off = 'failing'", "off: failing"),
    ):
        _write(f"UPDATE viertakt.endpoint SET {sql}")
        assert f"\t{state}\t" in terminal("endpoints", "list").out
    _write(failed)
    assert "1 delivery is sent again once the endpoint is switched on" in terminal(*again).err


def _write(sql: str) -> None:
    with connect(os.environ["VIERTAKT_DATABASE_URL"], autocommit=True) as conn:
        conn.execute(sql)
