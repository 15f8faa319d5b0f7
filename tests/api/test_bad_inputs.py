"""Whatever a client sends, it gets a problem document that says what to do; never a 5xx, never a stack."""

import json
import socket
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import httpx
import pytest

from tests.api.conftest import Running
from tests.api.test_operations import opened


def refused(answer: httpx.Response, status: int, code: str) -> dict[str, Any]:
    """The problem document, with what every one of them has."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["cache-control"] == "no-store"
    problem: dict[str, Any] = answer.json()
    assert problem["code"] == code, answer.text
    assert problem["type"] == f"/problems/{code}"
    assert problem["status"] == status
    assert problem["instance"] == answer.headers["x-request-id"]
    assert "Traceback" not in answer.text
    return problem


def pointers(problem: dict[str, Any]) -> set[tuple[str, str]]:
    """Where, and which code."""
    return {(fault["pointer"], fault["code"]) for fault in problem["errors"]}


def sent(admin: httpx.Client, raw: bytes, path: str = "/v1/operations", **headers: str) -> httpx.Response:
    """These very bytes."""
    return admin.post(path, content=raw, headers={"content-type": "application/json"} | headers)


def test_broken_json_is_told_with_its_place(admin: httpx.Client) -> None:
    """B1: an engineer finds the fault by line and column."""
    problem = refused(sent(admin, b'{"kind": '), 400, "malformed_json")
    assert "line 1" in problem["detail"]


@pytest.mark.parametrize(
    "raw",
    [
        b"\xef\xbb\xbf{}",
        '{"kind": "withdrawal"}'.encode("utf-16"),
        b'{"kind": "\xff\xfe"}',
        b'{"kind": "\xc0\x80"}',
        b'{"kind": "\xed\xa0\x80"}',
        b"",
        b'{"kind": "a\x00b"}',
        b"{} {}",
        b"{'kind': 1}",
    ],
)
def test_bytes_that_are_no_plain_utf8_json_are_refused(admin: httpx.Client, raw: bytes) -> None:
    """B1, B4: a BOM, UTF-16, overlong and encoded surrogates are read differently by different readers."""
    refused(sent(admin, raw), 400, "malformed_json")


@pytest.mark.parametrize(
    "media_type",
    ["text/plain", "application/xml", "application/json; charset=utf-16", "multipart/form-data", ""],
)
def test_another_content_type_is_refused(admin: httpx.Client, media_type: str) -> None:
    """B1: a form of another page must not pass for JSON."""
    answer = admin.post("/v1/operations", content=b"{}", headers={"content-type": media_type})
    refused(answer, 415, "unsupported_media_type")


def test_a_compressed_body_is_refused(admin: httpx.Client) -> None:
    """B6: a gzip bomb is never unpacked."""
    refused(sent(admin, b"\x1f\x8b", **{"content-encoding": "gzip"}), 415, "unsupported_media_type")


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({"status": "success"}, ("/status", "unknown_field")),
        ({"tenant_id": 1}, ("/tenant_id", "unknown_field")),
        ({"created_at": "2020-01-01T00:00:00Z"}, ("/created_at", "unknown_field")),
        ({"reference": 7}, ("/reference", "invalid_value")),
        ({"tags": "vip"}, ("/tags", "invalid_value")),
        ({"tags": ["vip", 3]}, ("/tags/1", "invalid_value")),
        ({"parent": "no-uuid"}, ("/parent", "invalid_value")),
        ({"reference": ""}, ("/reference", "invalid_length")),
        ({"reference": "x" * 201}, ("/reference", "invalid_length")),
        ({"reference": "a\u202eb"}, ("/reference", "invalid_characters")),
        ({"subject": "zero\u200bwidth"}, ("/subject", "invalid_characters")),
        ({"reference": "line\r\nfeed"}, ("/reference", "invalid_characters")),
        ({"attributes": {"colour": "red"}}, ("/attributes/colour", "unknown_attribute")),
    ],
)
def test_what_the_contract_does_not_know_is_refused_with_its_pointer(
    admin: httpx.Client, fields: dict[str, object], fault: tuple[str, str]
) -> None:
    """B2, B5, B23: a field that is quietly ignored hides a mistake, or an attack."""
    body = {"kind": "withdrawal", "reference": f"W-{uuid4()}", "amount": {"value": "1.00", "currency": "EUR"}}
    problem = refused(admin.post("/v1/operations", json=body | fields), 422, "invalid")
    assert fault in pointers(problem)


def test_a_missing_field_is_named(admin: httpx.Client) -> None:
    """B2: the pointer names what is not there."""
    problem = refused(admin.post("/v1/operations", json={"kind": "withdrawal"}), 422, "invalid")
    assert pointers(problem) == {("/reference", "required")}


@pytest.mark.parametrize("text", [r"\u0000", r"\ud800", r"\udfff\ud800"])
def test_text_that_is_no_text_is_refused_wherever_it_stands(admin: httpx.Client, text: str) -> None:
    """B3, B4: PostgreSQL refuses NUL, Python finds a lone surrogate only when it encodes: both became 500s elsewhere."""
    operation = opened(admin)
    for raw in (
        f'{{"kind": "{text}", "reference": "a"}}',
        f'{{"kind": "withdrawal", "reference": "{text}"}}',
        f'{{"kind": "withdrawal", "reference": "a", "attributes": {{"{text}": "x"}}}}',
    ):
        refused(sent(admin, raw.encode()), 422, "invalid_characters")
    for raw in (
        f'{{"transition": "approve", "comment": "{text}"}}',
        f'{{"transition": "a", "data": {{"x": ["{text}"]}}}}',
    ):
        problem = refused(
            sent(admin, raw.encode(), f"/v1/operations/{operation['id']}/moves"), 422, "invalid_characters"
        )
        assert problem["errors"][0]["pointer"] in {"/comment", "/data/x/0"}


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


def raw_get(running: Running, target: str, *lines: str, method: str = "GET") -> httpx.Response:
    """The answer to a request line as it is written here; a client library would have mended it."""
    headers = [f"authorization: Bearer {running.token()}", "connection: close", "host: test", *lines]
    head = "\r\n".join([f"{method} {target} HTTP/1.1", *headers]) + "\r\n\r\n"
    return raw_request(running, head.encode("latin-1"))


def raw_request(running: Running, raw: bytes) -> httpx.Response:
    """The answer to these bytes on a connection of their own."""
    place = urlsplit(running.url)
    with socket.create_connection((place.hostname or "", place.port or 0), timeout=20) as connection:
        connection.sendall(raw)
        got = b""
        while chunk := connection.recv(65_536):
            got += chunk
    head, _, body = got.partition(b"\r\n\r\n")
    first, *rest = head.decode("latin-1").split("\r\n")
    pairs = [(name, value.strip()) for name, _, value in (line.partition(":") for line in rest)]
    return httpx.Response(int(first.split()[1]), headers=pairs, content=body)


@pytest.mark.parametrize("opening", [b"[", b'{"a":', b'[{"a":'])
def test_a_deep_body_is_refused(admin: httpx.Client, opening: bytes) -> None:
    """B7: a body of 100,000 brackets gets a 500 from frameworks as they come."""
    refused(sent(admin, opening * 100_000), 400, "too_complex")
    problem = refused(sent(admin, b'{"kind":' + b"[" * 65 + b"]" * 65 + b"}"), 400, "too_complex")
    assert "64" in problem["detail"]


def test_brackets_in_a_text_are_no_depth(admin: httpx.Client) -> None:
    """B7: counting bytes would refuse a comment full of brackets."""
    operation = opened(admin)
    body = {"transition": "approve", "comment": "[{" * 500 + '\\"['}
    assert admin.post(f"/v1/operations/{operation['id']}/moves", json=body).status_code == 201


def test_a_body_with_too_many_keys_is_refused(admin: httpx.Client) -> None:
    """B7: 1,001 keys in one object."""
    body = {"kind": "withdrawal", "reference": "a", "attributes": {f"k{i}": 1 for i in range(1_001)}}
    refused(admin.post("/v1/operations", json=body), 400, "too_complex")


@pytest.mark.parametrize(
    "raw",
    [
        b'{"kind": "deposit", "kind": "withdrawal", "reference": "a"}',
        b'{"kind": "deposit", "\\u006bind": "withdrawal", "reference": "a"}',
        b'{"kind": "deposit", "reference": "a", "amount": {"value": "1", "value": "9", "currency": "EUR"}}',
    ],
)
def test_a_key_that_stands_twice_is_refused(admin: httpx.Client, raw: bytes) -> None:
    """B7: two readers would see two different payments."""
    refused(sent(admin, raw), 400, "duplicate_key")


@pytest.mark.parametrize(
    "number", ["NaN", "Infinity", "-Infinity", "1e400", "9" * 5_000, "9007199254740993", "1e16"]
)
def test_numbers_that_readers_disagree_about_are_refused(admin: httpx.Client, number: str) -> None:
    """B8: Python alone reads five thousand digits, NaN and Infinity; browsers round above 2^53."""
    operation = opened(admin)
    raw = f'{{"transition": "approve", "data": {{"x": {number}}}}}'
    refused(sent(admin, raw.encode(), f"/v1/operations/{operation['id']}/moves"), 400, "invalid_number")


@pytest.mark.parametrize(
    ("amount", "pointer"),
    [
        ({"value": 12.5, "currency": "EUR"}, "/amount/value"),
        ({"value": 12, "currency": "EUR"}, "/amount/value"),
        ({"value": "-1.00", "currency": "EUR"}, "/amount/value"),
        ({"value": "0.00", "currency": "EUR"}, "/amount/value"),
        ({"value": "1.005", "currency": "EUR"}, "/amount/value"),
        ({"value": "0.5", "currency": "JPY"}, "/amount/value"),
        ({"value": "1.0005", "currency": "BHD"}, "/amount/value"),
        ({"value": "9" * 19, "currency": "EUR"}, "/amount/value"),
        ({"value": "1e3", "currency": "EUR"}, "/amount/value"),
        ({"value": "NaN", "currency": "EUR"}, "/amount/value"),
        ({"value": "١٢", "currency": "EUR"}, "/amount/value"),
        ({"value": "1.00\n", "currency": "EUR"}, "/amount/value"),
        ({"value": "1.00", "currency": "EUX"}, "/amount/currency"),
        ({"value": "1.00", "currency": "eur"}, "/amount/currency"),
        ("1.00 EUR", "/amount"),
    ],
)
def test_money_that_is_none_is_refused(admin: httpx.Client, amount: object, pointer: str) -> None:
    """B9: a float loses cents, a wrong exponent multiplies by a thousand."""
    body = {"kind": "withdrawal", "reference": f"W-{uuid4()}", "amount": amount}
    problem = refused(admin.post("/v1/operations", json=body), 422, "invalid")
    assert (pointer, "invalid_amount") in pointers(problem)


@pytest.mark.parametrize(("value", "currency"), [("500", "JPY"), ("1.005", "BHD"), ("12.50", "EUR")])
def test_money_comes_back_with_its_currencys_digits(admin: httpx.Client, value: str, currency: str) -> None:
    """B9: what went in comes out, digit for digit."""
    operation = opened(admin, amount={"value": value, "currency": currency})
    assert operation["amount"] == {"value": value, "currency": currency}


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


def test_a_body_too_large_is_refused_before_it_is_read(running: Running) -> None:
    """B6: a gigabyte is announced; nobody waits for it."""
    token = running.token()
    head = (
        f"POST /v1/operations HTTP/1.1\r\nhost: test\r\nauthorization: Bearer {token}\r\n"
        "content-type: application/json\r\ncontent-length: 1073741824\r\n\r\n"
    )
    refused(raw_request(running, head.encode()), 413, "payload_too_large")


def test_a_chunked_body_too_large_is_refused_while_it_arrives(admin: httpx.Client) -> None:
    """B6: without a length the bytes are counted as they come."""
    body = (b" " * 65_536 for _ in range(40))
    answer = admin.post("/v1/operations", content=body, headers={"content-type": "application/json"})
    refused(answer, 413, "payload_too_large")


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
