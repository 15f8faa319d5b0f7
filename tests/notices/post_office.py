"""A mail server that is really one, on a port of its own: it keeps what it takes, and refuses when it is told to."""

import asyncio
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from threading import Thread
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from viertakt.settings import Settings

HOUSE = "https://viertakt.example.com"
USER, PASSWORD = "back-office", "a long sentence nobody guesses"


class PostOffice:
    """What came, oldest first, and its bytes as they came; `answers` are given to the next mails instead of taking them."""

    def __init__(self) -> None:
        self.taken: list[EmailMessage] = []
        self.raw: list[bytes] = []
        self.answers: list[str] = []
        self.signed_in: list[str] = []

    def sign_in(self, _server: Any, _session: Any, _envelope: Any, _mechanism: str, auth: Any) -> AuthResult:
        """Who may hand in mail."""
        self.signed_in.append(auth.login.decode())
        known = (auth.login, auth.password) == (USER.encode(), PASSWORD.encode())
        return AuthResult(success=known, handled=False)  # the server says so itself

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - the name it is called by
        """What the server says to a mail."""
        if self.answers:
            return self.answers.pop(0)
        self.raw.append(envelope.original_content)
        self.taken.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 taken"

    async def handle_RCPT(  # noqa: N802
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        """What it says to a reader's address."""
        if address.startswith("nobody"):
            return "550 5.1.1 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"


@contextmanager
def post_office(certificate: Path | None = None) -> Iterator[tuple[PostOffice, Settings]]:
    """A server that runs, and the settings by which it is found. With a certificate it takes nothing without TLS and sign-in."""
    office = PostOffice()
    loop = asyncio.new_event_loop()
    thread = Thread(target=loop.run_forever, daemon=True)
    thread.start()
    strict: dict[str, Any] = {}
    if certificate is not None:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(certificate)
        strict = {
            "tls_context": context,
            "require_starttls": True,
            "auth_required": True,
            "authenticator": office.sign_in,
        }
    opening = loop.create_server(lambda: SMTP(office, loop=loop, **strict), "127.0.0.1", 0)
    server = asyncio.run_coroutine_threadsafe(opening, loop).result(10)
    settings = Settings(
        smtp_host="localhost",
        smtp_port=server.sockets[0].getsockname()[1],
        smtp_security="none" if certificate is None else "starttls",
        smtp_user=None if certificate is None else USER,
        smtp_password=None if certificate is None else PASSWORD,
        smtp_from="Back office <status@viertakt.example.com>",
        public_url=HOUSE,
    )
    try:
        yield office, settings
    finally:
        server.close()
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)


def parts(mail: EmailMessage) -> tuple[str, str]:
    """The text and the HTML of a mail."""
    text, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert text is not None
    assert html is not None
    return str(text.get_content()), str(html.get_content())


def certified(folder: Path, host: str = "localhost") -> Path:
    """A certificate for this machine, or a host that is played on it, that nobody has signed but itself, with its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    file = folder / "mail.pem"
    file.write_bytes(private + made.public_bytes(pem))
    return file
