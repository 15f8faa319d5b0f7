"""Celery tasks by a real worker: the guide's own example, and what becomes of its operations."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from celery.contrib.testing.worker import start_worker
from celery.exceptions import TimeoutError as NoAnswer

from tests.api.conftest import Running
from tests.tidy.tree import ROOT
from viertakt_client import Client, Rejected

PAGE = ROOT / "docs" / "guide" / "with-celery.md"


@pytest.fixture(scope="module")
def lock(running: Running, token: str) -> Iterator[Any]:
    """The task of the guide's example, with a worker that runs it."""
    (block,) = re.findall(
        r"^```python\n(.*?)^```", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
    )
    names: dict[str, Any] = {"__name__": "accounts"}
    exec(compile(block, PAGE.name, "exec"), names)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("VIERTAKT_URL", running.url)
        patch.setenv("VIERTAKT_TOKEN", token)
        with start_worker(names["app"], pool="solo", perform_ping_check=False, shutdown_timeout=30):
            yield names["lock"]


def told(viertakt: Client, account: str) -> tuple[str, list[str]]:
    """Where the account's lock stands, and its entries."""
    found = viertakt.find("account_lock", f"lock-{account}")
    assert found is not None
    return found.status, [entry.transition or entry.sort for entry in viertakt.history(found.id)]


def test_a_task_that_ends_is_a_success(lock: Any, viertakt: Client) -> None:
    """With what its arguments say; its result is its own."""
    assert lock.delay("player-3").get(timeout=60) == "player-3 is locked, lock-player-3"
    assert told(viertakt, "player-3") == ("success", ["opened", "lock"])


def test_every_retry_is_an_entry(lock: Any, viertakt: Client) -> None:
    """Who looks at it sees why it takes so long."""
    lock.delay("player-8", tries=2).get(timeout=60)
    assert told(viertakt, "player-8") == ("success", ["opened", "noted", "noted", "lock"])


def test_a_task_that_fails_is_an_error_or_rejected(lock: Any, viertakt: Client) -> None:
    """Told apart by the exception, after the last try too."""
    with pytest.raises(ConnectionError):
        lock.delay("player-1").get(timeout=60)
    with pytest.raises(Rejected):
        lock.delay("player-0").get(timeout=60)
    with pytest.raises(ConnectionError):
        lock.delay("player-9", tries=9).get(timeout=60)
    assert told(viertakt, "player-1") == ("error", ["opened", "fail"])
    assert told(viertakt, "player-0") == ("rejected", ["opened", "refuse"])
    assert told(viertakt, "player-9") == ("error", ["opened", "noted", "noted", "noted", "fail"])


def test_a_task_that_is_delivered_again_is_not_run_again(lock: Any, viertakt: Client) -> None:
    """The queue promises at least once; the account is locked once."""
    lock.delay("player-5").get(timeout=60)
    before = told(viertakt, "player-5")
    again = lock.delay("player-5")
    lock.delay("player-6").get(timeout=60)  # the only worker has had the other before
    with pytest.raises(NoAnswer):
        again.get(timeout=0.1)
    assert told(viertakt, "player-5") == before
