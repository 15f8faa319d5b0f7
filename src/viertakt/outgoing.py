"""Requests to addresses that somebody typed in: refused where they lead inside, signed, bounded in time and size.

    check_url (when it is saved) ─► send: resolve ─ judge every address ─ dial the judged one ─ no redirects, no proxies

An address is judged again at each dial, and the judged one is dialled, so a name that resolves differently a moment later
leads nowhere else. Plain http, other ports and addresses that are not public are only for networks that the installation
names (VIERTAKT_WEBHOOK_ALLOW). What comes back is bounded: a receiver that drips is left after 15 seconds.

Lives here: what may be dialled, how requests are signed, and what can come of them. `outgoing_http` dials and sends. What is
sent, and when it is tried again, is the senders' own.
"""

import base64
import binascii
import hashlib
import hmac
import ipaddress
import socket
import ssl
from collections.abc import Iterable
from enum import StrEnum
from functools import cache

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
        "100.64.0.0/10", "169.254.0.0/16", "192.0.0.0/24", "192.88.99.0/24", "198.18.0.0/15", "224.0.0.0/4", "240.0.0.0/4",
        "::ffff:0:0/96", "64:ff9b::/96", "64:ff9b:1::/48", "2001::/32", "2002::/16", "fc00::/7", "fe80::/10",
        "fec0::/10", "ff00::/8", "3fff::/20",
    )
)  # fmt: skip
_UNICAST = ipaddress.ip_network(
    "2000::/3"
)  # all of IPv6 that IANA has given out; the rest is ours, or nobody's yet
NAME_LENGTH_MAX, LABEL_LENGTH_MAX = 254, 63  # RFC 1035, 2.3.4, with a dot at its end
_OWN = (ipaddress.ip_address("127.0.0.1"), ipaddress.ip_address("::1"))

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


class Refused(Exception):
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
        url = read_url(text, allowed)
        _check_name(url, allowed)
        return str(url)
    except Refused as refused:
        raise Invalid(str(refused), faults=(Fault(pointer, refused.failure, str(refused)),)) from None


def is_allowed(host: str, allowed: Networks) -> bool:
    """Whether a host is this machine's own name or an address, and in an allowed network."""
    written = _literal(host)
    addresses = _OWN if is_own(host) else () if written is None else (written,)
    return any(one in network for one in addresses for network in allowed if network.version == one.version)


def is_own(host: str) -> bool:
    """Whether a name is this machine's own, whatever a resolver says (RFC 6761, 6.3)."""
    return f".{host.lower().rstrip('.')}".endswith(".localhost")


def _check_name(url: httpx.URL, allowed: Networks) -> None:
    """What is sure to be refused at each dial, whatever the name resolves to. Raises `Refused`."""
    host = url.raw_host.decode("ascii")
    if ":" in host or _literal(host) is not None:
        return  # judged already
    labels = host.removesuffix(".").split(".")
    if len(host) > NAME_LENGTH_MAX or not all(1 <= len(label) <= LABEL_LENGTH_MAX for label in labels):
        raise _refuse(f"No name has a part of more than {LABEL_LENGTH_MAX} characters, or an empty one.")
    if is_own(host):
        if not is_allowed(host, allowed):
            raise _refuse(f"{host} is this machine.")
        return
    # Where all that is allowed is this machine, other names lead to public addresses, or to none that may be dialled.
    port = url.port or (443 if url.scheme == "https" else 80)
    if all(network.is_loopback for network in allowed) and (url.scheme == "http" or port not in PORTS):
        raise _refuse("Only https on the ports 443 and 8443 goes to public addresses.")


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
    given_out = address.version == 4 or address in _UNICAST
    return given_out and address.is_global and not inside and not address.is_multicast


def read_url(text: str, allowed: Networks) -> httpx.URL:
    """An address as it will be dialled, its name not resolved. Raises `Refused`."""
    try:
        url = httpx.URL(text)
        port = (443 if url.scheme == "https" else 80) if url.port is None else url.port
        host = url.host  # reads an A-label, which may be none
    except (httpx.InvalidURL, ValueError, TypeError):
        raise _refuse("It is no address.") from None
    if url.scheme not in ({"http", "https"} if allowed else {"https"}):
        raise _refuse("It has to begin with https://.")
    if port == 0 or "%" in host:  # a space, or the interface of this machine that an address is behind
        raise _refuse("It is no address.")
    if url.userinfo or not host or url.fragment:
        raise _refuse("It names a host and a path: no password, no fragment.")
    if not allowed and port not in PORTS:
        raise _refuse(f"Its port is one of {', '.join(map(str, PORTS))}.")
    literal = _literal(url.raw_host.decode("ascii"))
    if literal is not None:
        judge(literal, allowed, plain=url.scheme == "http", port=port)
    return url


def _literal(host: str) -> Address | None:
    """The address that a host is written as, in any of the forms that a resolver reads: 127.1, 0x7f000001, 2130706433."""
    try:
        found = socket.getaddrinfo(host, None, flags=socket.AI_NUMERICHOST, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return None
    return ipaddress.ip_address(str(found[0][4][0]).partition("%")[0])


def judge(address: Address, allowed: Networks, *, plain: bool, port: int) -> None:
    """Whether an address may be dialled on this port. Raises `Refused`."""
    if any(address in network for network in allowed if network.version == address.version):
        return
    if not is_public(address):
        raise _refuse(f"{address} is not a public address.")
    if plain or port not in PORTS:
        raise _refuse("Only https on the ports 443 and 8443 goes to public addresses.")


def judged(found: Iterable[str], allowed: Networks, *, plain: bool, port: int) -> list[Address]:
    """What a name resolves to, where all of it may be dialled. Raises `Refused`."""
    addresses = [ipaddress.ip_address(text.partition("%")[0]) for text in found]
    for address in addresses:
        judge(address, allowed, plain=plain, port=port)
    return addresses


def _refuse(words: str) -> Refused:
    return Refused(Failure.FORBIDDEN, f"This address is not one to send to. {words}")


@cache
def trust() -> ssl.SSLContext:
    """Whose certificates are believed."""
    return httpx.create_ssl_context(trust_env=False)
