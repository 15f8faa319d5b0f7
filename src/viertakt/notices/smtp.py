"""Sending mail: one connection for a few mails, each answered by the server before the next; nothing is read or written here."""

import asyncio
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from email.headerregistry import Address, BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import SMTP, Policy
from email.utils import format_datetime, parseaddr

import aiosmtplib
import msgspec
import structlog

from viertakt.notices.mail_text import Body
from viertakt.notices.report_letters import Counted
from viertakt.settings import Settings

log = structlog.get_logger(__name__)

SECONDS_MAX = 20.0
SAID_MAX = 300


class _WholeHeader(UnstructuredHeader, BaseHeader):
    """A header that stands in one line: an address or a name of a mail that is broken, or encoded as if it were words, is none."""

    def fold(self, *, policy: Policy) -> str:
        return f"{self.name}: {self}{policy.linesep}"


_headers = HeaderRegistry()
for _name in ("message-id", "in-reply-to", "references", "list-unsubscribe", "list-unsubscribe-post"):
    _headers.map_to_type(_name, _WholeHeader)
# The headers bring their folding along: whoever sends the mail writes it out by a policy of their own.
_POLICY = SMTP.clone(header_factory=_headers)


class Envelope(msgspec.Struct, frozen=True):
    """To whom a mail goes, and what identifies it. `thread`: mails of one thread stand together in the reader's list."""

    to: str
    name: str
    message_id: str
    thread: str | None = None
    stop: str | None = None


class Sent(msgspec.Struct, frozen=True):
    """What came of sending one mail. `outcome`: sent, refused (for good), or unreachable (to be tried again)."""

    outcome: str
    said: str
    milliseconds: int


def message_of(
    body: Body, envelope: Envelope, settings: Settings, *, attached: Counted | None = None
) -> EmailMessage:
    """The mail with its headers, and a file beside it. Raises `ValueError` where an address or name could not stand in one."""
    sender_name, sender = parseaddr(settings.smtp_from)
    domain = sender.rpartition("@")[2] or "localhost"
    message = EmailMessage(_POLICY)
    message["From"] = Address(sender_name or "Viertakt", addr_spec=sender)
    message["To"] = Address(envelope.name, addr_spec=envelope.to)
    message["Subject"] = body.subject
    message["Date"] = format_datetime(datetime.now(UTC))
    # The same at every try: a mail that was taken although its answer got lost is one and the same.
    message["Message-ID"] = f"<{envelope.message_id}@{domain}>"
    if envelope.thread is not None:
        message["In-Reply-To"] = message["References"] = f"<{envelope.thread}@{domain}>"
    message["Auto-Submitted"] = "auto-generated"
    if envelope.stop is not None:
        message["List-Unsubscribe"] = f"<{envelope.stop}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(body.text)
    message.add_alternative(body.html, subtype="html")
    if attached is not None:
        main, _, sub = attached.media_type.partition("/")
        message.add_attachment(attached.content, maintype=main, subtype=sub, filename=attached.name)
    return message


def send_all(messages: Sequence[EmailMessage], settings: Settings) -> list[Sent]:
    """Hand these to the mail server; what came of each."""
    return asyncio.run(_send_all(messages, settings))


async def _send_all(messages: Sequence[EmailMessage], settings: Settings) -> list[Sent]:
    client = aiosmtplib.SMTP(
        hostname=settings.smtp_host,
        port=settings.smtp_port,
        timeout=SECONDS_MAX,
        use_tls=settings.smtp_security == "tls",
        start_tls=settings.smtp_security == "starttls",
    )
    sent: list[Sent] = []
    try:
        for message in messages:
            sent.append(await _send(client, message, settings))  # noqa: PERF401 - what was sent stays told
    except _NotSignedInError as fault:
        # The others would fail like it, and a server that is asked too often locks the account.
        sent += [Sent("unreachable", str(fault)[:SAID_MAX], 0)] * (len(messages) - len(sent))
    finally:
        client.close()
    return sent


class _NotSignedInError(Exception):
    """The server is there and does not let us in; what it said. Mail on such a connection would be refused for good."""


async def _enter(client: aiosmtplib.SMTP, settings: Settings) -> None:
    await client.connect()
    if settings.smtp_user is None:
        return
    try:
        await client.login(settings.smtp_user, settings.smtp_password or "")
    except aiosmtplib.SMTPResponseException as fault:
        raise _NotSignedInError(f"{fault.code} {fault.message}") from fault
    except Exception as fault:
        # A password that no server could be told, say: it must not count as signed in either.
        raise _NotSignedInError(str(fault) or type(fault).__name__) from fault


async def _send(client: aiosmtplib.SMTP, message: EmailMessage, settings: Settings) -> Sent:
    began = time.monotonic()
    try:
        if not client.is_connected:
            await _enter(client, settings)
        _, said = await client.send_message(message)
        outcome = "sent"
    except (aiosmtplib.SMTPRecipientsRefused, aiosmtplib.SMTPResponseException) as fault:
        outcome, said = _refusal(fault)
    except (aiosmtplib.SMTPException, OSError) as fault:
        outcome, said = "unreachable", str(fault) or type(fault).__name__
    except _NotSignedInError:
        raise
    except Exception as fault:
        # Whatever the library makes of one message, the others go, and what was sent is told.
        log.exception("mail_not_sent")
        outcome, said = "unreachable", str(fault) or type(fault).__name__
    return Sent(outcome, said[:SAID_MAX], int((time.monotonic() - began) * 1000))


def _refusal(fault: aiosmtplib.SMTPRecipientsRefused | aiosmtplib.SMTPResponseException) -> tuple[str, str]:
    """5xx about a mail is for good; the rest may be another answer tomorrow."""
    if isinstance(fault, aiosmtplib.SMTPRecipientsRefused):
        first = fault.recipients[0]
        return ("refused" if first.code >= 500 else "unreachable"), f"{first.code} {first.message}"
    return ("refused" if fault.code >= 500 else "unreachable"), f"{fault.code} {fault.message}"
