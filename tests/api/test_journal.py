"""The order of all entries through the door: page by page, and live."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from queue import Empty, Queue
from typing import Any

import httpx
import pytest

from tests.api.conftest import Running, run
from tests.conftest import _copy
from viertakt.worker.loops import Worker

PATIENCE = 10  # seconds until what must come has come


@pytest.fixture(scope="module")
def alive(server_url: str, template: str) -> Iterator[Running]:
    """A server with a worker beside it."""
    for database in _copy(server_url, template):
        for running in run(database):
            with Worker(database):
                yield running


@pytest.fixture
def admin(alive: Running) -> Iterator[httpx.Client]:
    with alive.client() as client:
        yield client


class Listening:
    """What a stream has told so far."""

    def __init__(self) -> None:
        self.told: Queue[dict[str, Any]] = Queue()
        self.ids: list[str] = []
        self.ended = threading.Event()

    def entry(self) -> dict[str, Any]:
        return self.told.get(timeout=PATIENCE)

    def silent(self) -> bool:
        try:
            self.told.get(timeout=0.3)
        except Empty:
            return True
        return False


@contextmanager
def listening(client: httpx.Client, after: str | None = None, **query: str) -> Iterator[Listening]:
    heard, begun = Listening(), threading.Event()
    with client.stream(
        "GET", "/v1/stream", params=query, headers={"last-event-id": after} if after else {}, timeout=30
    ) as response:
        assert response.status_code == 200, response.read()
        assert response.headers["content-type"].startswith("text/event-stream")

        def hear() -> None:
            event = ""
            try:
                for line in response.iter_lines():
                    begun.set()
                    name, _, value = line.partition(": ")
                    if name == "id":
                        heard.ids.append(value)
                    elif name == "event":
                        event = value
                    elif name == "data" and event == "entry":
                        heard.told.put(json.loads(value))
            except (httpx.StreamError, httpx.ReadError):
                pass
            heard.ended.set()

        thread = threading.Thread(target=hear, daemon=True)
        thread.start()
        assert begun.wait(PATIENCE)
        yield heard


def open_ticket(client: httpx.Client, reference: str, kind: str = "ticket") -> dict[str, Any]:
    answer = client.post("/v1/operations", json={"kind": kind, "reference": reference})
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def placed(client: httpx.Client, after: str | None = None, *, count: int) -> dict[str, Any]:
    ends = time.monotonic() + PATIENCE
    while True:
        page = client.get("/v1/journal", params={"after": after} if after else {}).json()
        if len(page["items"]) >= count:
            return dict(page)
        assert time.monotonic() < ends, page
        time.sleep(0.02)


def test_the_journal_is_read_page_by_page_and_nothing_is_left_out(admin: httpx.Client) -> None:
    """A program that keeps its cursor can prove that it has seen everything."""
    start = admin.get("/v1/journal", params={"limit": 1}).json()["end"]
    for n in range(5):
        open_ticket(admin, f"J-{n}")
    placed(admin, start, count=5)
    cursor, seen = start, []
    while True:
        page = admin.get("/v1/journal", params={"after": cursor, "limit": 2}).json()
        seen += [(item["cursor"], item["entry"]["sort"]) for item in page["items"]]
        if not page["items"]:
            assert page["next_cursor"] == cursor == page["end"]
            break
        cursor = page["next_cursor"]
    first = int(start.partition(".")[2])
    assert seen == [(f"1.{first + n}", "opened") for n in range(1, 6)]


@pytest.mark.parametrize("after", ["x", "1.", "0.1", "1.99999999", "9.1", "1.-1", "1.1.1"])
def test_a_cursor_that_is_none_is_refused(admin: httpx.Client, after: str) -> None:
    """Starting over in silence would tell everything twice."""
    for path in ("/v1/journal", "/v1/stream"):
        answer = admin.get(path, params={"after": after})
        assert (answer.status_code, answer.json()["code"]) == (400, "invalid_cursor"), answer.text


def test_the_stream_tells_what_its_query_finds_and_what_leaves_it(admin: httpx.Client) -> None:
    """A list needs both: the row that comes, and the row that no longer belongs there."""
    with listening(admin, q="kind:ticket status:pending reference:S-1,S-2") as heard:
        open_ticket(admin, "S-other")
        one = open_ticket(admin, "S-1")
        told = heard.entry()
        assert (told["operation"]["reference"], told["matches"]) == ("S-1", True)
        available = admin.get(f"/v1/operations/{one['id']}").json()["available"]
        ends = next(way for way in available if way["status"] != "pending" and way["allowed"])
        move = {"transition": ends["transition"], "comment": "done"}
        if ends["reasons"]:
            move["reason"] = ends["reasons"][0]
        assert admin.post(f"/v1/operations/{one['id']}/moves", json=move).status_code == 201
        told = heard.entry()
        assert (told["operation"]["reference"], told["matches"]) == ("S-1", False)
        assert told["operation"]["status"] == told["entry"]["to"]["status"] == ends["status"]
        assert heard.silent()


def test_whoever_was_away_resumes_where_it_stopped(admin: httpx.Client) -> None:
    """A laptop that slept must not miss what happened, nor see it twice."""
    with listening(admin, q="reference:R-1,R-2,R-3") as heard:
        open_ticket(admin, "R-1")
        last = heard.entry()["cursor"]
    open_ticket(admin, "R-2")
    with listening(admin, after=last, q="reference:R-1,R-2,R-3") as heard:
        assert heard.entry()["operation"]["reference"] == "R-2"
        open_ticket(admin, "R-3")
        assert heard.entry()["operation"]["reference"] == "R-3"
        assert heard.silent()


def test_a_query_that_needs_more_than_the_operation_is_refused(admin: httpx.Client) -> None:
    """Told before the stream begins, not by a stream that stays silent."""
    answer = admin.get("/v1/stream", params={"q": "free text"})
    assert answer.status_code in {400, 422}
    assert answer.json()["code"] == "invalid_query"


def test_nobody_reads_without_saying_who(alive: Running) -> None:
    """The order of all entries tells everything."""
    with alive.anybody() as client:
        assert client.get("/v1/journal").status_code == 401
        assert client.get("/v1/stream").status_code == 401


def test_a_server_that_stops_ends_its_streams_at_once(server_url: str, template: str) -> None:
    """A deployment must not wait for browsers that never hang up."""
    for database in _copy(server_url, template):
        serving = run(database)
        running = next(serving)
        with running.client() as client, listening(client) as heard:
            begun = time.monotonic()
            next(serving, None)
            assert heard.ended.wait(PATIENCE)
            assert time.monotonic() - begun < 4, "it waited for the stream instead of ending it"
