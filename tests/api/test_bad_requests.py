"""Targets, headers, queries, cursors, ids and credentials that are none: told so, never a 5xx."""

import json
from uuid import uuid4

import httpx
import pytest

from tests.api.asking import pointers, raw_get, raw_request, refused
from tests.api.conftest import Running
from tests.api.test_operations import opened
from viertakt.api.routes import ROUTES


@pytest.mark.parametrize(
    "target",
    [
        "/v1/operations?q=%00",
        "/v1/operations?cursor=%00",
        "/v1/operations?q=%ff",
        "/v1/operations/%00",
        "/v1/operations/%ff%fe",
        "/v1/operations?q=%zz",
        "/v1/kinds/%00",
    ],
)
def test_a_target_that_decodes_to_no_text_is_refused(running: Running, target: str) -> None:
    """B3: %00 and bad UTF-8 in path and query."""
    refused(raw_get(running, target), 422, "invalid_characters")


@pytest.mark.parametrize(
    "moment",
    [
        "2026-11-22T09:30:00",
        "2026-11-22",
        "2026-11-22T24:00:00Z",
        "2026-11-22T09:30:60Z",
        "0000-01-01T00:00:00Z",
        "10000-01-01T00:00:00Z",
        "0001-01-01T00:00:00+05:00",
        "9999-12-31T23:59:59-05:00",
        "infinity",
        "now",
        "1763803800",
        "2026-02-30T00:00:00Z",
        "2026-11-22T09:30:00+99:00",
        "2026-11-22T09:30:00 Europe/Amsterdam",
    ],
)
def test_a_moment_without_its_offset_is_none(admin: httpx.Client, moment: str) -> None:
    """B10: which midnight was meant is never guessed."""
    operation = opened(admin)
    answer = admin.get(f"/v1/operations/{operation['id']}/history", params={"as_of": moment})
    assert pointers(refused(answer, 422, "invalid")) == {("/as_of", "invalid_time")}


@pytest.mark.parametrize("cursor", ["x", "eyJhIjoxfQ", "%2e%2e", "A" * 2_000, "…", "=" * 7])
def test_a_cursor_that_is_none_of_ours_is_refused(admin: httpx.Client, cursor: str) -> None:
    """B11: a cursor is signed; a made-up one never reaches the database."""
    refused(admin.get("/v1/operations", params={"cursor": cursor}), 400, "invalid_cursor")
    operation = opened(admin)
    answer = admin.get(f"/v1/operations/{operation['id']}/history", params={"cursor": cursor})
    refused(answer, 400, "invalid_cursor")


def test_a_cursor_of_another_list_is_refused(admin: httpx.Client) -> None:
    """B11: under another filter it would skip what the caller has never seen."""
    for _ in range(2):
        opened(admin)
    cursor = admin.get("/v1/operations", params={"limit": 1}).json()["next_cursor"]
    assert admin.get("/v1/operations", params={"limit": 1, "cursor": cursor}).status_code == 200
    answer = admin.get("/v1/operations", params={"q": "kind:withdrawal", "cursor": cursor})
    refused(answer, 400, "invalid_cursor")


@pytest.mark.parametrize(
    ("params", "status"),
    [
        ({"limit": "-1"}, 422),
        ({"limit": "0"}, 422),
        ({"limit": "201"}, 422),
        ({"limit": "1000000000"}, 422),
        ({"limit": "ten"}, 422),
        ({"limit": "9" * 5_000}, 422),
        ({"sort": "amount; DROP TABLE operation"}, 422),
        ({"sort": "-colour"}, 422),
        ({"colour": "red"}, 422),
        ({"access_token": "vt_x"}, 422),
        ({"count": "exact"}, 422),
        ({"zone": "../../etc/passwd"}, 422),
        ({"q": "stauts:pending"}, 400),
        ({"q": "colour:red"}, 400),
        ({"q": "("}, 400),
        ({"q": " ".join(["status:pending"] * 200)}, 422),
    ],
)
def test_a_list_that_cannot_be_is_refused(admin: httpx.Client, params: dict[str, str], status: int) -> None:
    """B12: limits, sorts and fields are a list of ours, never part of a statement."""
    answer = admin.get("/v1/operations", params=params)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_parameter_that_stands_twice_is_refused(admin: httpx.Client) -> None:
    """B12: which of them counts differs from server to server."""
    refused(admin.get("/v1/operations?limit=1&limit=200"), 422, "invalid")


def test_an_unknown_field_is_told_with_what_was_meant(admin: httpx.Client) -> None:
    """B12: the search box shows it under the word."""
    problem = refused(admin.get("/v1/operations", params={"q": "stauts:pending"}), 400, "invalid_query")
    assert "status" in json.dumps(problem)


@pytest.mark.parametrize("text", ["%", "_", "a%b", "'; --", "\\"])
def test_wildcards_in_a_search_are_text(admin: httpx.Client, text: str) -> None:
    """B12: a percent sign finds what holds one, not everything."""
    answer = admin.get("/v1/operations", params={"q": f'reference:"{text}"'})
    assert answer.status_code in {200, 400}
    if answer.status_code == 200:
        assert answer.json()["items"] == []


def test_a_target_too_long_is_refused(running: Running) -> None:
    """B6: 64 KB of query."""
    refused(raw_get(running, "/v1/operations?q=" + "a" * 60_000), 414, "uri_too_long")


def test_ten_thousand_headers_are_refused(running: Running) -> None:
    """B6: headers are bounded before anything of ours runs."""
    answer = raw_get(running, "/v1/operations", *(f"x-{n}: {n}" for n in range(10_000)))
    refused(answer, 431, "headers_too_large")
    refused(raw_get(running, "/v1/operations", "x-long: " + "a" * 10_000), 431, "headers_too_large")


@pytest.mark.parametrize(
    "raw",
    [
        b"GET /v1/\xff\xfe HTTP/1.1\r\nhost: a\r\n\r\n",
        b"GET //v1//operations HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n",
        b"GET http://evil/v1/operations HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n",
        b"CONNECT evil:443 HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n",
        b"TRACE / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n",
        b"OPTIONS * HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n",
        b"GET / HTTP/1.1\r\nhost: a\r\nx: a\x00b\r\n\r\n",
        b"GET / HTTP/1.1\r\nhost: a\r\nx-request-id: \xff\xfe\r\nconnection: close\r\n\r\n",
        b"GET / HTTP/1.1\r\nhost: a\r\ncookie: \xff=;;=,\x7f\r\nconnection: close\r\n\r\n",
        b"GET /v1/operations HTTP/1.1\r\nhost: a\r\nauthorization: Bearer \xff\r\nconnection: close\r\n\r\n",
        b"POST /v1/session HTTP/1.1\r\nhost: a\r\ncontent-length: -1\r\n\r\n",
        b"POST /v1/session HTTP/1.1\r\nhost: a\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
        b"GET / HTTP/1.1\r\nhost: a\r\nauthorization: Bearer a\r\nauthorization: Bearer b\r\nconnection: close\r\n\r\n",
    ],
)
def test_what_is_hardly_http_is_never_our_fault(running: Running, raw: bytes) -> None:
    """B6, B24: scanners send worse than any client library; a 5xx would page somebody at night."""
    assert raw_request(running, raw).status_code < 500


def test_a_trace_names_the_request_where_nothing_else_does(running: Running) -> None:
    """The entry is found again from the caller's own tracing."""
    with running.anybody() as client:
        answer = client.get(
            "/healthz", headers={"traceparent": "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"}
        )
    assert answer.headers["x-request-id"] == "4bf92f3577b34da6a3ce929d0e0e4736"


@pytest.mark.parametrize("key", ["x" * 256, "two words", "é"])
def test_a_request_key_that_is_none_is_refused(admin: httpx.Client, key: str) -> None:
    """B17: a key is kept for ever; what it may be is said beforehand."""
    answer = admin.post(
        "/v1/operations",
        json={"kind": "ticket", "reference": "a"},
        headers=[(b"idempotency-key", key.encode())],
    )
    refused(answer, 400, "invalid_header")


@pytest.mark.parametrize("etag", ["3", 'W/"3"', '"three"', '"0"', '"99999999999999999999"', ""])
def test_an_etag_that_is_none_is_refused(admin: httpx.Client, etag: str) -> None:
    """B20: a precondition that is not understood must not pass for none."""
    operation = opened(admin)
    answer = admin.post(
        f"/v1/operations/{operation['id']}/moves", json={"transition": "approve"}, headers={"if-match": etag}
    )
    refused(answer, 400, "invalid_header")


@pytest.mark.parametrize(
    "path", ["/v1/operations/1", "/v1/operations/{0}x", "/v1/operations/{0}", "/v1/operations/{0}/history"]
)
def test_an_id_that_is_nobodys_is_not_found(admin: httpx.Client, path: str) -> None:
    """B22: no id, a wrong one and one that may not be seen are told in the same words."""
    refused(admin.get(path.format(uuid4())), 404, "not_found")


def test_another_method_is_told_which_ones_there_are(admin: httpx.Client) -> None:
    """B24: 405 with Allow."""
    answer = admin.delete("/v1/operations")
    refused(answer, 405, "method_not_allowed")
    assert answer.headers["allow"] == "GET, HEAD, OPTIONS, POST"
    assert admin.head("/v1/operations").status_code == 200


@pytest.mark.parametrize(
    "target", ["/v1/nothing", "/v1/operations/..%2f..%2fetc", "/v1/%252e%252e", "/v1", "/v1/operations/a/b/c"]
)
def test_a_path_that_leads_nowhere_is_told(running: Running, target: str) -> None:
    """B24: no page of the console, no file: a problem document."""
    answer = raw_get(running, target)
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    "line",
    [
        "",
        "authorization: Basic dTpw",
        "authorization: Bearer",
        "authorization: Bearer vt_wrong",
        "cookie: viertakt=x",
    ],
)
def test_whoever_is_not_known_is_asked_who_calls(running: Running, line: str) -> None:
    """B25: the same answer for none, another scheme, a bad checksum and an ended session."""
    lines = [line] if line else []
    head = (
        "\r\n".join(["GET /v1/operations HTTP/1.1", "host: test", "connection: close", *lines]) + "\r\n\r\n"
    )
    answer = raw_request(running, head.encode())
    refused(answer, 401, "unauthenticated")
    assert answer.headers["www-authenticate"].startswith("Bearer")


def test_a_token_and_a_cookie_together_are_refused(running: Running) -> None:
    """B25: which of them counts must never be a guess."""
    refused(raw_get(running, "/v1/operations", "cookie: viertakt=x"), 400, "two_credentials")


def test_a_revoked_token_reads_nothing_at_once(running: Running, admin: httpx.Client) -> None:
    """B25: revoking means now, not in five seconds."""
    issued = admin.post("/v1/tokens", json={"name": "short", "role": "integration"}).json()
    with running.anybody() as client:
        client.headers["authorization"] = f"Bearer {issued['token']}"
        operation = opened(client)
        assert admin.delete(f"/v1/tokens/{issued['id']}").status_code == 204
        refused(client.get("/v1/operations"), 401, "unauthenticated")
        moved = client.post(f"/v1/operations/{operation['id']}/moves", json={"transition": "approve"})
        assert moved.status_code in {401, 403}


def test_a_parameter_that_no_route_knows_is_refused_by_each(running: Running) -> None:
    """A misspelt filter that is passed over answers another question; only a sign-in provider sends what it likes."""
    open_ = [
        route.operation_id for route in ROUTES if not route.query.__struct_config__.forbid_unknown_fields
    ]
    assert open_ == ["comeBackFromProvider"]
    with running.client() as client:
        for path in ("/v1/alerts", "/v1/incidents", "/v1/alert-limits"):
            problem = refused(client.get(path, params={"foo": "1"}), 422, "invalid")
            assert pointers(problem) == {("/foo", "unknown_field")}
