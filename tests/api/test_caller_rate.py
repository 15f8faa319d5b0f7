"""No caller asks more than its share; what was refused to somebody stands in the log."""

from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from structlog.testing import capture_logs

from tests.api.asking import refused
from tests.api.conftest import SETTINGS, Running, run
from tests.conftest import _copy
from viertakt.access.caller_rate import CallerRate
from viertakt.errors import RateLimited

LIMIT = 5


@pytest.fixture(scope="module")
def running(server_url: str, template: str) -> Iterator[Running]:
    """A server that answers five requests a minute."""
    for database in _copy(server_url, template):
        yield from run(database, settings=msgspec.structs.replace(SETTINGS, requests_per_minute=LIMIT))


def test_a_caller_who_asks_too_much_waits_and_others_do_not(running: Running) -> None:
    """With how long in Retry-After; who may not read is counted as well."""
    with running.client("read_only") as greedy, running.client("read_only") as other:
        for _ in range(LIMIT):
            assert greedy.get("/v1/kinds").status_code == 200
        answer = greedy.get("/v1/kinds")
        refused(answer, 429, "rate_limited")
        assert 1 <= int(answer.headers["retry-after"]) <= 60
        assert other.get("/v1/kinds").status_code == 200
        assert greedy.get("/healthz").status_code == 200


def test_a_minute_forgets_what_was_asked_before() -> None:
    """And no limit is one that never refuses."""
    now = [0.0]
    rate = CallerRate(1, lambda: now[0])
    rate.count("token:a")
    rate.count("token:b")
    with pytest.raises(RateLimited) as refusal:
        rate.count("token:a")
    assert refusal.value.facts["retry_after"] == 60
    now[0] = 60.0
    rate.count("token:a")
    endless = CallerRate(0)
    for _ in range(10):
        endless.count("token:a")


def test_what_somebody_may_not_is_written_down(running: Running) -> None:
    """Who, what and why, in codes and ids: nothing of what was sent."""
    with capture_logs() as lines, running.client("read_only") as reader:
        refused(reader.post("/v1/tokens", json={"name": "sesame", "roles": ["admin"]}), 403, "forbidden")
    told: list[dict[str, Any]] = [dict(line) for line in lines if line["event"] == "refused"]
    assert [(line["route"], line["code"], line["actor"].partition(":")[0]) for line in told] == [
        ("issueToken", "forbidden", "token")
    ]
    assert "sesame" not in repr(told)
