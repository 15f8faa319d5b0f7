"""Rooms of other services: Apprise sends to Discord, played by a server that has a certificate for that name."""

import io
import json
import logging
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import apprise
import pytest

from tests.notices.post import Post
from tests.notices.post_office import certified
from tests.operations.conftest import euros
from viertakt.errors import Invalid
from viertakt.notices.endpoint_apprise import SCHEMES, _send, plain
from viertakt.notices.endpoint_model import DeliveryState, EndpointSort

ADDRESS = "discord://4174216298/JHMHI8qBe7bk2ZwO5U711o3dV_js"
HOSTILE = "W-@everyone <@12> [x](http://evil.example)"


class Discord:
    """A proxy that leads to itself whatever is dialled, and answers as Discord: its `paths` and `messages`, as they came."""

    def __init__(self) -> None:
        self.hosts: list[str] = []
        self.paths: list[str] = []
        self.messages: list[str] = []
        self.status = 204


@contextmanager
def discord(certificate: Path) -> Iterator[tuple[Discord, str]]:
    """One that runs, and the address of the proxy."""
    played = Discord()
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(certificate)

    class Handler(BaseHTTPRequestHandler):
        def do_CONNECT(self) -> None:
            played.hosts.append(self.path)
            self.send_response(200)
            self.end_headers()
            self.connection = tls.wrap_socket(self.connection, server_side=True)
            self.rfile, self.wfile = self.connection.makefile("rb"), self.connection.makefile("wb", 0)
            self.close_connection = False

        def do_POST(self) -> None:
            played.paths.append(self.path)
            sent = json.loads(self.rfile.read(int(self.headers["content-length"])))
            played.messages.append(json.dumps(sent, ensure_ascii=False))
            self.send_response(played.status)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield played, f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture
def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Discord]:
    certificate = certified(tmp_path, "discord.com")
    with discord(certificate) as (played, proxy):
        monkeypatch.setenv("HTTPS_PROXY", proxy)
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate))
        yield played


def test_a_room_of_another_service_is_told_and_what_others_wrote_calls_nobody(
    post: Post, room: Discord
) -> None:
    """Over TLS, to the host that the service has; Apprise's word stands as the answer."""
    endpoint, secret = post.endpoint(ADDRESS, sort=EndpointSort.APPRISE)
    assert (secret, endpoint.shown) == ("", "discord://…")
    operation = post.house.open("withdrawal", HOSTILE, amount=euros("120"))
    post.send()
    assert set(room.hosts) == {"discord.com:443"}
    assert room.paths == ["/api/webhooks/4174216298/JHMHI8qBe7bk2ZwO5U711o3dV_js"]
    (message,) = room.messages
    assert plain(HOSTILE) in message
    assert "120.00 EUR · by till" in message
    assert f"https://desk.example/operations/{operation.id}" in message
    for steering in ("@everyone", "<@12>", "](http"):
        assert steering not in message
    (delivery,) = post.deliveries(endpoint)
    assert (delivery.state, delivery.last and delivery.last.excerpt) == (
        DeliveryState.DONE,
        "Apprise: it arrived.",
    )


def test_what_did_not_arrive_is_tried_again_and_says_why(post: Post, room: Discord) -> None:
    """As any delivery, with what Apprise says of it and without the address."""
    endpoint, _ = post.endpoint(ADDRESS, sort=EndpointSort.APPRISE)
    post.house.open("withdrawal", "W-1", amount=euros("1"))
    room.status = 404
    post.send()
    (delivery,) = post.deliveries(endpoint)
    assert (delivery.state, delivery.tries) == (DeliveryState.WAITING, 1)
    assert delivery.last is not None
    assert "404" in str(delivery.last.excerpt)
    assert "JHMHI8qBe7bk2ZwO5U711o3dV_js" not in str(delivery.last.excerpt)
    room.status = 204
    post.hurry(endpoint)
    post.send()
    assert post.deliveries(endpoint)[0].state is DeliveryState.DONE


@pytest.mark.parametrize(
    "address",
    [
        "json://127.0.0.1:8080/",
        "https://example.com/",
        "discord://",
        f"{ADDRESS}?verify=no",
        "mailto://user:pass@example.com",
        "file:///etc/passwd",
    ],
)
def test_what_could_lead_anywhere_else_is_refused(post: Post, address: str) -> None:
    """When it is saved, with why."""
    with pytest.raises(Invalid):
        post.endpoint(address, sort=EndpointSort.APPRISE)


def test_nothing_that_apprise_says_of_an_address_comes_into_the_log(
    post: Post, capfd: pytest.CaptureFixture[str]
) -> None:
    """It says a refused address whole, as an error; the log is read by more people than may know it."""
    logged = logging.StreamHandler(io.StringIO())  # as a process's own; caplog hears what goes nowhere too
    root, level = logging.getLogger(), logging.getLogger().level
    root.addHandler(logged)
    root.setLevel(logging.DEBUG)
    try:
        with pytest.raises(Invalid):
            post.endpoint("pover://SECRETUSER", sort=EndpointSort.APPRISE)
        assert _send("pover://SECRETUSER", "A title\nand a text").status is None
    finally:
        root.removeHandler(logged)
        root.setLevel(level)
    assert "SECRETUSER" not in logged.stream.getvalue() + "".join(capfd.readouterr())


@pytest.mark.parametrize(
    ("address", "host", "keys"),
    [
        ("opsgenie://0123456789abcdef-OPSKEY", "api.opsgenie.com", ("0123456789abcdef-OPSKEY",)),
        (
            "pagerduty://INTEGRATIONKEY@APIKEYSECRET",
            "events.pagerduty.com",
            ("INTEGRATIONKEY", "APIKEYSECRET"),
        ),
        (
            "tgram://123456789:abcdefghij-KLMNOPQRSTUVWXYZ012345/-100123456",
            "api.telegram.org",
            ("100123456",),
        ),
    ],
)
def test_a_service_is_asked_and_what_it_answers_tells_no_key(
    room: Discord, address: str, host: str, keys: tuple[str, ...]
) -> None:
    """One that tells nobody would say that all is well; this one is not whom it says, so nothing is sent there."""
    sent = _send(address, "A title\nand a text")
    assert f"{host}:443" in room.hosts
    assert sent.status is None
    for key in keys:
        assert key not in str(sent.detail)


def test_no_service_that_may_be_told_takes_a_host_from_its_address() -> None:
    """Nor an address without TLS: so none of them can be made to lead inside."""
    services = {
        scheme: one
        for one in apprise.Apprise().details()["schemas"]
        for scheme in one["secure_protocols"] or ()
    }
    for scheme in SCHEMES:
        details = services[scheme]["details"]
        assert not {"host", "port"} & details["tokens"].keys(), scheme
        assert all("{host}" not in template for template in details["templates"]), scheme
