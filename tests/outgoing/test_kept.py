"""Connections that are kept, and names that lead elsewhere at the next look: each dial goes where it was judged to lead."""

import asyncio
import errno
import socket
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from threading import Thread

import pytest

from tests.outgoing.names import Names, naming
from viertakt.outgoing import Failure, Sent, read_networks
from viertakt.outgoing_http import Posts

ALLOWED, CANARY = "127.0.0.2", "127.0.0.1"
OK = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok"
LAST = b"HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 2\r\n\r\nok"


class Peer:
    """What was asked on each connection, in order. `answers`: what the next ones are answered, None hangs up."""

    def __init__(self, *answers: bytes | None) -> None:
        self.answers = list(answers)
        self.asked: list[int] = []
        self.port = 0
        self.hung_up = False


@contextmanager
def peer(address: str | socket.socket, *answers: bytes | None) -> Iterator[Peer]:
    """A server that answers on kept connections, one after the other."""
    made = Peer(*answers)
    with socket.create_server((address, 0)) if isinstance(address, str) else address as server:
        made.port = server.getsockname()[1]

        def serve() -> None:
            while True:
                try:
                    conn, _ = server.accept()
                except OSError:
                    return
                made.asked.append(0)
                with conn:
                    while conn.recv(65_536):
                        made.asked[-1] += 1
                        answer = made.answers.pop(0) if made.answers else OK
                        if answer is None:
                            break
                        conn.sendall(answer)
                        if made.hung_up or answer == LAST:
                            break

        thread = Thread(target=serve, daemon=True)
        thread.start()
        yield made
        server.shutdown(socket.SHUT_RDWR)


def bound_alike() -> tuple[socket.socket, socket.socket]:
    """A port that is free on both addresses, bound on both."""
    while True:
        allowed = socket.create_server((ALLOWED, 0))
        try:
            return allowed, socket.create_server((CANARY, allowed.getsockname()[1]))
        except OSError as fault:
            allowed.close()
            if fault.errno != errno.EADDRINUSE:
                raise


def sending(names: Names | None, script: Callable[[Posts], Awaitable[list[Sent]]]) -> list[Sent]:
    async def run() -> list[Sent]:
        networks = read_networks(f"{ALLOWED}/32" if names else "127.0.0.0/8")
        posts = Posts(networks, names.resolve) if names else Posts(networks)
        try:
            return await script(posts)
        finally:
            posts.close()

    return asyncio.run(run())


def times(url: str, count: int) -> Callable[[Posts], Awaitable[list[Sent]]]:
    async def script(posts: Posts) -> list[Sent]:
        return [await posts.send(url, b"{}", {}) for _ in range(count)]

    return script


def test_a_connection_is_kept_for_the_next_request() -> None:
    """A dial and a handshake for each of a thousand deliveries are most of what they cost."""
    with peer("127.0.0.1") as receiver:
        sent = sending(None, times(f"http://127.0.0.1:{receiver.port}/", 3))
    assert ([one.status for one in sent], receiver.asked) == ([200] * 3, [3])


def test_a_receiver_that_closes_is_dialled_anew() -> None:
    """What it says of the connection holds; a response that ends with it is whole."""
    until_closed = b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\nok"
    with peer("127.0.0.1", LAST, LAST) as receiver:
        sent = sending(None, times(f"http://127.0.0.1:{receiver.port}/", 2))
        assert ([one.body for one in sent], receiver.asked) == ([b"ok", b"ok"], [1, 1])
    with peer("127.0.0.1", until_closed) as receiver:
        receiver.hung_up = True
        (one,) = sending(None, times(f"http://127.0.0.1:{receiver.port}/", 1))
    assert (one.status, one.body, one.failure) == (200, b"ok", None)


def test_a_connection_that_was_hung_up_meanwhile_costs_no_try() -> None:
    """Servers close what is idle: the request that finds it so goes out again on another connection."""
    with peer("127.0.0.1", OK, None) as receiver:
        sent = sending(None, times(f"http://127.0.0.1:{receiver.port}/", 2))
    assert ([one.status for one in sent], receiver.asked) == ([200, 200], [2, 1])


def test_a_request_goes_out_twice_at_most_however_many_connections_are_kept() -> None:
    """A receiver that breaks off each of them would else get it once for each, and nobody's connection would be left."""
    asked: list[int] = []
    breaks = False

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while await reader.read(65_536) and not breaks:
            await asyncio.sleep(0.05)  # so that each of ten has a connection of its own
            writer.write(OK)
        asked.append(1)
        writer.close()

    async def script(posts: Posts) -> list[Sent]:
        nonlocal breaks
        server = await asyncio.start_server(answer, "127.0.0.1", 0)
        url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
        await asyncio.gather(*(posts.send(url, b"{}", {}) for _ in range(10)))
        breaks = True
        return [await posts.send(url, b"{}", {})]

    (one,) = sending(None, script)
    assert (one.failure, len(asked)) == (Failure.BROKEN, 2)


def test_one_that_hangs_up_on_a_new_connection_has_failed() -> None:
    """Else a receiver that always hangs up would be dialled for ever."""
    with peer("127.0.0.1", None) as receiver:
        (one,) = sending(None, times(f"http://127.0.0.1:{receiver.port}/", 1))
    assert (one.status, one.failure, receiver.asked) == (None, Failure.BROKEN, [1])


@pytest.mark.parametrize(
    ("answer", "failure"),
    [
        (b"SSH-2.0-OpenSSH_9.9\r\n", Failure.BROKEN),
        (b"HTTP/1.1 101 Switching\r\nupgrade: websocket\r\nconnection: upgrade\r\n\r\n", Failure.BROKEN),
        (b"HTTP/1.1 200 OK\r\nx: " + b"x" * 300_000, Failure.BROKEN),
        (b"HTTP/1.1 100 Continue\r\n\r\n" + OK, None),
        (
            b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\nHTTP/1.1 200 OK\r\n",
            None,
        ),
    ],
)
def test_what_comes_back_is_read_as_http_and_no_further(answer: bytes, failure: Failure | None) -> None:
    """Whatever listens there: nothing of it is taken for an answer that it is not, and nothing is kept without end."""
    with peer("127.0.0.1", answer) as receiver:
        (one,) = sending(None, times(f"http://127.0.0.1:{receiver.port}/", 1))
    assert one.failure is failure
    assert failure is not None or (one.status, one.body) == (200, b"ok")


def test_a_name_that_rebinds_is_refused_at_the_next_dial() -> None:
    """It led where it may at first, and to this machine at the second look: nobody here hears of it."""
    allowed, inside = bound_alike()
    with (
        peer(allowed, LAST) as receiver,
        peer(inside) as canary,
        naming([ALLOWED], [CANARY]) as names,
    ):
        first, second = sending(names, times(f"http://hooks.example:{receiver.port}/", 2))
        assert (first.status, second.failure) == (200, Failure.FORBIDDEN)
        assert (receiver.asked, canary.asked, names.asked) == ([1], [], ["hooks.example"] * 2)


def test_the_address_that_was_judged_is_the_one_that_is_dialled() -> None:
    """A name is asked once for a dial: an answer that changes between the look and the dial changes nothing."""
    allowed, inside = bound_alike()
    with (
        peer(allowed) as receiver,
        peer(inside) as canary,
        naming([ALLOWED], [CANARY]) as names,
    ):
        sent = sending(names, times(f"http://hooks.example:{receiver.port}/", 3))
        # Kept, it still leads where it led.
        assert ([one.status for one in sent], receiver.asked, canary.asked) == ([200] * 3, [3], [])
        assert names.asked == ["hooks.example"]


def test_a_name_with_one_address_inside_is_refused_whole() -> None:
    """Else the order of the answers would decide."""
    with peer(ALLOWED) as receiver, naming([ALLOWED, CANARY], []) as names:
        inside, nowhere = sending(names, times(f"http://hooks.example:{receiver.port}/", 2))
        assert (inside.failure, nowhere.failure) == (Failure.FORBIDDEN, Failure.UNRESOLVED)
        assert receiver.asked == []


def test_a_name_is_asked_for_as_it_is_written_in_ascii() -> None:
    """What IDNA 2003 makes of its letters is somebody else's name: fass.example for faß.example."""
    with peer(ALLOWED) as receiver, naming([ALLOWED]) as names:
        for written in ("xn--fa-hia.example", "faß.example"):
            (one,) = sending(names, times(f"http://{written}:{receiver.port}/", 1))
            assert one.status == 200, one.detail
        assert names.asked == ["xn--fa-hia.example"] * 2
