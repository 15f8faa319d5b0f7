"""Requests to addresses that somebody typed in: refused where they lead inside, signed, bounded in time and size.

    check_url (when it is saved) ─► send: resolve ─ check every address ─ dial the checked one ─ no redirects, no proxies

An address is judged again at each dial, and the judged one is dialled, so a name that resolves differently a moment later
leads nowhere else. Plain http, other ports and addresses that are not public are only for networks that the installation
names (VIERTAKT_WEBHOOK_ALLOW). What comes back is bounded: a receiver that drips costs a thread 15 seconds and no more.

Lives here: how anything is sent outwards. What is sent, and when it is tried again, is the senders' own.
"""

import base64
import binascii
import hashlib
import hmac
import ipaddress
import socket
import ssl
import time
from collections.abc import Iterable, Mapping
from enum import StrEnum
from functools import cache

import httpcore
import httpx
import msgspec

from viertakt.errors import Fault, Invalid

PORTS = (443, 8443)  # elsewhere than in allowed networks
CONNECT_SECONDS, TOTAL_SECONDS = 3.0, 15.0
ANSWER_BYTES_MAX = 65_536
SECRET_PREFIX = "whsec_"  # noqa: S105 - how such secrets begin, not one of them
SECRET_BYTES_MIN = 16
_NOT_PUBLIC = tuple(
    ipaddress.ip_network(text)
    for text in (
        "100.64.0.0/10", "169.254.0.0/16", "192.0.0.0/24", "198.18.0.0/15", "224.0.0.0/4", "240.0.0.0/4",
        "::ffff:0:0/96", "64:ff9b::/96", "64:ff9b:1::/48", "2001::/32", "2002::/16", "fc00::/7", "fe80::/10",
        "fec0::/10", "ff00::/8",
    )
)  # fmt: skip

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Networks = tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]


class Failure(StrEnum):
    """Every way in which nothing comes back. Of `timeout` and `broken` nobody knows whether the request arrived."""

    FORBIDDEN = "forbidden_destination"
    UNRESOLVED = "unresolved"
    UNREACHABLE = "unreachable"
    TLS = "tls"
    TIMEOUT = "timeout"
    BROKEN = "broken"


class Sent(msgspec.Struct, frozen=True):
    """What came of a request: an answer, its body cut at `ANSWER_BYTES_MAX`; or why there is none, in words for people.

    `status` stands with a failure where the answer broke off after it had begun.
    """

    status: int | None = None
    headers: dict[str, str] = {}
    body: bytes = b""
    cut: bool = False
    failure: Failure | None = None
    detail: str | None = None


class _Refused(Exception):
    """A dial that ended before a connection was there."""

    def __init__(self, failure: Failure, detail: str) -> None:
        super().__init__(detail)
        self.failure = failure


def read_networks(text: str) -> Networks:
    """The networks of VIERTAKT_WEBHOOK_ALLOW, CIDR separated by commas. Raises `Invalid`."""
    try:
        return tuple(ipaddress.ip_network(part.strip()) for part in text.split(",") if part.strip())
    except ValueError as fault:
        raise Invalid(
            f"VIERTAKT_WEBHOOK_ALLOW names networks as CIDR, such as 10.1.0.0/16: {fault}."
        ) from None


def check_url(text: str, allowed: Networks, *, pointer: str = "/url") -> str:
    """The address as it will be dialled, its name in ASCII. Raises `Invalid` where it could never be, without resolving names."""
    try:
        return str(_read(text, allowed))
    except _Refused as refused:
        raise Invalid(str(refused), faults=(Fault(pointer, refused.failure, str(refused)),)) from None


def sign(secret: str, message_id: str, seconds: int, body: bytes) -> dict[str, str]:
    """The three headers of Standard Webhooks 1.0. `seconds`: since 1970, now. Raises `Invalid` for what is no secret."""
    signed = b".".join((message_id.encode("ascii"), str(seconds).encode("ascii"), body))
    mac = base64.b64encode(hmac.digest(key_of(secret), signed, hashlib.sha256)).decode("ascii")
    return {"webhook-id": message_id, "webhook-timestamp": str(seconds), "webhook-signature": f"v1,{mac}"}


def key_of(secret: str) -> bytes:
    """The bytes of a `whsec_` secret. Raises `Invalid`."""
    try:
        key = base64.b64decode(secret.removeprefix(SECRET_PREFIX), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) < SECRET_BYTES_MIN:
        raise Invalid(f"A secret is {SECRET_PREFIX} and base64 of at least {SECRET_BYTES_MIN} bytes.")
    return key


def is_public(address: Address) -> bool:
    """Whether an address is somebody's on the internet: none of ours, of this machine, or of a tunnel to either."""
    inside = any(address in network for network in _NOT_PUBLIC if network.version == address.version)
    return address.is_global and not inside and not address.is_multicast


def send(
    url: str,
    body: bytes,
    headers: Mapping[str, str],
    *,
    allowed: Networks,
    total_seconds: float = TOTAL_SECONDS,
) -> Sent:
    """One POST and what came of it; nothing is raised. Never called with a transaction open."""
    try:
        target = _read(url, allowed)
        request = httpcore.URL(
            scheme=target.raw_scheme, host=target.raw_host, port=target.port, target=target.raw_path
        )
        backend = _Checked(allowed, plain=target.scheme == "http", until=time.monotonic() + total_seconds)
        with httpcore.ConnectionPool(ssl_context=_trust(), network_backend=backend) as pool:
            return _exchange(pool, request, body, headers, total_seconds)
    except _Refused as refused:
        return Sent(failure=refused.failure, detail=str(refused))


def _exchange(
    pool: httpcore.ConnectionPool,
    url: httpcore.URL,
    body: bytes,
    headers: Mapping[str, str],
    seconds: float,
) -> Sent:
    connect = min(CONNECT_SECONDS, seconds)
    timeouts = {"connect": connect, "read": seconds, "write": seconds, "pool": connect}
    status: int | None = None
    content = bytearray()
    try:
        with pool.stream(
            "POST", url, headers=list(headers.items()), content=body, extensions={"timeout": timeouts}
        ) as answer:
            status = answer.status
            said = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in answer.headers}
            for part in answer.iter_stream():
                content += part
                if len(content) > ANSWER_BYTES_MAX:
                    break
    except (httpcore.ConnectTimeout, httpcore.ConnectError) as fault:
        tls = isinstance(fault.__cause__, ssl.SSLError)
        return Sent(failure=Failure.TLS if tls else Failure.UNREACHABLE, detail=f"No connection: {fault}.")
    except httpcore.TimeoutException:
        return Sent(status=status, failure=Failure.TIMEOUT, detail=f"No whole answer within {seconds:g} s.")
    except (httpcore.NetworkError, httpcore.ProtocolError) as fault:
        return Sent(status=status, failure=Failure.BROKEN, detail=f"The answer broke off: {fault}.")
    cut = len(content) > ANSWER_BYTES_MAX
    return Sent(status=status, headers=said, body=bytes(content[:ANSWER_BYTES_MAX]), cut=cut)


def _read(text: str, allowed: Networks) -> httpx.URL:
    try:
        url = httpx.URL(text)
        port = url.port or (443 if url.scheme == "https" else 80)
    except (httpx.InvalidURL, ValueError, TypeError):
        raise _refuse("It is no address.") from None
    if url.scheme not in ({"http", "https"} if allowed else {"https"}):
        raise _refuse("It has to begin with https://.")
    if url.userinfo or not url.host or url.fragment:
        raise _refuse("It names a host and a path: no password, no fragment.")
    if not allowed and port not in PORTS:
        raise _refuse(f"Its port is one of {', '.join(map(str, PORTS))}.")
    literal = _literal(url.host)
    if literal is not None:
        _judge(literal, allowed, plain=url.scheme == "http", port=port)
    return url


def _literal(host: str) -> Address | None:
    """The address that a host is written as, in any of the forms that a resolver reads: 127.1, 0x7f000001, 2130706433."""
    try:
        found = socket.getaddrinfo(host, None, flags=socket.AI_NUMERICHOST, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return None
    return ipaddress.ip_address(str(found[0][4][0]).partition("%")[0])


def _judge(address: Address, allowed: Networks, *, plain: bool, port: int) -> None:
    if any(address in network for network in allowed if network.version == address.version):
        return
    if not is_public(address):
        raise _refuse(f"{address} is not a public address.")
    if plain or port not in PORTS:
        raise _refuse("Only https on the ports 443 and 8443 goes to public addresses.")


def _refuse(words: str) -> _Refused:
    return _Refused(Failure.FORBIDDEN, f"This address is not one to send to. {words}")


@cache
def _trust() -> ssl.SSLContext:
    return httpx.create_ssl_context(trust_env=False)


class _Checked(httpcore.NetworkBackend):
    """Dials only what was judged: every address of a name has to pass, and those that did are dialled in their order."""

    def __init__(self, allowed: Networks, *, plain: bool, until: float) -> None:
        self._allowed = allowed
        self._plain = plain
        self._until = until

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError):
            raise _Refused(Failure.UNRESOLVED, f"There is no {host}.") from None
        addresses = [ipaddress.ip_address(str(entry[4][0]).partition("%")[0]) for entry in found]
        for address in addresses:
            _judge(address, self._allowed, plain=self._plain, port=port)
        for left in range(len(addresses), 0, -1):
            try:
                stream = httpcore.SyncBackend().connect_tcp(
                    str(addresses[-left]), port, timeout, local_address, socket_options
                )
                return _Bounded(stream, self._until)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                if left == 1:
                    raise
        raise _Refused(Failure.UNRESOLVED, f"There is no {host}.")


class _Bounded(httpcore.NetworkStream):
    """A connection on which everything together has so long: a timeout for each read lets a byte a second go on for ever."""

    def __init__(self, stream: httpcore.NetworkStream, until: float) -> None:
        self._stream = stream
        self._until = until

    def _left(self, timeout: float | None) -> float:
        left = self._until - time.monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout("out of time")
        return left if timeout is None else min(left, timeout)

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._left(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        stream = self._stream.start_tls(ssl_context, server_hostname, self._left(timeout))
        return _Bounded(stream, self._until)

    def get_extra_info(self, info: str) -> object:
        return self._stream.get_extra_info(info)
