"""What is sent to addresses that somebody typed in: never inside, signed as receivers verify it, bounded."""

import ipaddress
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Thread

import pytest

from viertakt.errors import Invalid
from viertakt.outgoing import ANSWER_BYTES_MAX, Failure, check_url, is_public, read_networks, sign
from viertakt.outgoing_http import send

LOOPBACK = read_networks("127.0.0.0/8")
OK = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok"


@contextmanager
def peer(answer: Callable[[socket.socket], None]) -> Iterator[tuple[int, list[bytes]]]:
    """A server on loopback that does what `answer` says with each connection, and keeps what it was sent first."""
    heard: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            while True:
                try:
                    conn, _ = server.accept()
                except OSError:
                    return
                with conn:
                    heard.append(conn.recv(65_536))
                    try:
                        answer(conn)
                    except OSError:
                        continue  # who asked has gone

        thread = Thread(target=serve, daemon=True)
        thread.start()
        yield server.getsockname()[1], heard
        server.shutdown(socket.SHUT_RDWR)
        thread.join()


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/", "https://example.com:22/", "https://user:pw@example.com/", "file:///etc/passwd", "ftp://a/",
        "https://127.0.0.1/", "https://2130706433/", "https://0x7f.1/", "https://0177.0.0.1/", "https://[::1]/",
        "https://[::ffff:10.0.0.1]/", "https://[64:ff9b::7f00:1]/", "https://169.254.169.254/latest", "https://100.64.0.1/",
        "https://[fe80::1]/", "https://", "https://example.com/#x", "no address", "https://224.0.0.1/", "https://[2002:7f00:1::]/",
        "https://xn--/", "https://xn--a/", "https://xn--a.example.com:8443/x?y=1",
    ],
)  # fmt: skip
def test_an_address_that_leads_inside_is_refused_when_it_is_saved(url: str) -> None:
    """Whoever types it in sees at once why: later it would only be a delivery that never arrives."""
    with pytest.raises(Invalid) as refused:
        check_url(url, ())
    assert refused.value.faults[0].code == "forbidden_destination"


@pytest.mark.parametrize(
    ("url", "networks"),
    [
        ("https://localhost/", ""), ("https://hooks.localhost./", "10.0.0.0/8"), (f"https://{'a' * 64}.example.com/", ""),
        ("https://a..example.com/", ""), ("https://example.com:0/", ""), ("https://ex ample.com/", ""),
        ("https://[fe80::1%25eth0]/", ""), ("https://[::127.0.0.1]/", ""), ("https://[5f00::1]/", ""), ("https://192.88.99.1/", ""),
        ("http://example.com/", "127.0.0.0/8"), ("https://example.com:9000/", "127.0.0.0/8,::1"),
    ],
)  # fmt: skip
def test_a_name_that_every_dial_would_refuse_is_refused_when_it_is_saved(url: str, networks: str) -> None:
    """Whatever it resolves to: it would stand there as active, and fail at each delivery."""
    with pytest.raises(Invalid) as refused:
        check_url(url, read_networks(networks))
    assert refused.value.faults[0].code == "forbidden_destination"


@pytest.mark.parametrize(
    ("url", "networks"),
    [
        ("http://localhost:8080/", "127.0.0.0/8"), ("http://localhost:8080/", "::1"), ("http://hooks.internal/", "10.0.0.0/8"),
        ("https://example.com./", "127.0.0.0/8"),
    ],
)  # fmt: skip
def test_a_name_that_may_lead_into_an_allowed_network_is_kept(url: str, networks: str) -> None:
    """Names are not resolved when they are saved: only the dial knows."""
    assert check_url(url, read_networks(networks)) == url


def test_a_public_address_is_kept_with_its_name_in_ascii() -> None:
    """What is dialled is what was judged: a name in letters that look alike is shown as what it is."""
    assert (
        check_url("https://bücher.example:8443/hook?a=1", ()) == "https://xn--bcher-kva.example:8443/hook?a=1"
    )


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700::1111"])
def test_what_is_on_the_internet_is_public(address: str) -> None:
    """Else nothing could be sent at all."""
    assert is_public(ipaddress.ip_address(address))


def test_a_name_that_resolves_inside_is_not_dialled() -> None:
    """A name is public until it is resolved: the canary on this machine hears nothing."""
    with peer(lambda conn: conn.sendall(OK)) as (port, heard):
        for networks in ("", "10.0.0.0/8"):
            sent = send(f"https://localhost:{port}/", b"{}", {}, allowed=read_networks(networks))
            assert sent.failure is Failure.FORBIDDEN
        assert heard == []


def test_an_allowed_network_is_sent_to_as_it_was_written() -> None:
    """The request names the host of its address, whatever was dialled."""
    with peer(lambda conn: conn.sendall(OK)) as (port, heard):
        sent = send(
            f"http://localhost:{port}/a?b=1",
            b"{}",
            {"x-own": "1"},
            allowed=read_networks("127.0.0.0/8,::1/128"),
        )
    assert (sent.status, sent.body, sent.failure) == (200, b"ok", None)
    assert heard[0].startswith(b"POST /a?b=1 HTTP/1.1\r\nHost: localhost:" + str(port).encode())


def test_a_redirect_is_an_answer_and_is_not_followed() -> None:
    """It would lead past the judgement of the address."""
    moved = b"HTTP/1.1 301 Moved\r\nlocation: http://169.254.169.254/\r\ncontent-length: 0\r\n\r\n"
    with peer(lambda conn: conn.sendall(moved)) as (port, heard):
        assert send(f"http://127.0.0.1:{port}/", b"", {}, allowed=LOOPBACK).status == 301
    assert len(heard) == 1


def test_an_answer_without_end_is_cut() -> None:
    """Ten megabytes of answer are nobody's business here."""

    def pour(conn: socket.socket) -> None:
        conn.sendall(b"HTTP/1.1 200 OK\r\ncontent-length: 10000000\r\n\r\n" + b"x" * 1_000_000)

    with peer(pour) as (port, _):
        sent = send(f"http://127.0.0.1:{port}/", b"", {}, allowed=LOOPBACK)
    assert (len(sent.body), sent.cut) == (ANSWER_BYTES_MAX, True)


def test_a_receiver_that_says_nothing_is_left() -> None:
    """Nobody knows what it did: that is another answer than "it could not be reached"."""

    def say_nothing(conn: socket.socket) -> None:
        conn.recv(1)  # until who asked has gone

    with peer(say_nothing) as (port, _):
        sent = send(f"http://127.0.0.1:{port}/", b"", {}, allowed=LOOPBACK, total_seconds=0.3)
    assert (sent.status, sent.failure) == (None, Failure.TIMEOUT)


def test_a_receiver_that_hangs_up_is_told_apart_from_one_that_is_not_there() -> None:
    """The first may have acted; the second has not."""
    with peer(socket.socket.close) as (port, _):
        assert send(f"http://127.0.0.1:{port}/", b"", {}, allowed=LOOPBACK).failure is Failure.BROKEN
    assert send(f"http://127.0.0.1:{port}/", b"", {}, allowed=LOOPBACK).failure is Failure.UNREACHABLE


def test_a_signature_is_the_one_of_standard_webhooks() -> None:
    """The vector of the specification: receivers verify with a library of their own."""
    body = b'{"event_type":"ping","data":{"success":true}}'
    headers = sign("whsec_plJ3nmyCDGBKInavdOK15jsl", "msg_loFOjxBNrRLzqYUf", 1731705121, body)
    assert headers["webhook-signature"] == "v1,rAvfW3dJ/X/qxhsaXPOyyCGmRKsaKWcsNccKXlIktD0="
    with pytest.raises(Invalid):
        sign("whsec_short", "m", 1, b"")
