"""Bodies that are none: whatever bytes come, a problem document says what to do; never a 5xx, never a stack."""

from uuid import uuid4

import httpx
import pytest

from tests.api.asking import pointers, raw_request, refused, sent
from tests.api.conftest import Running
from tests.api.test_operations import opened


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
