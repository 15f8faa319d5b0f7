"""The link in a mail by which its reader gets no more like it: without signing in, and by one press (RFC 8058).

Opening it changes nothing, for mail programs open links before their readers do; only a POST does.
"""

from html import escape
from typing import Any

from viertakt.api.route import Answers, Call, Reply, Route
from viertakt.errors import NotFound
from viertakt.notices import mailing
from viertakt.notices.mail_words import say

HTML = b"text/html; charset=utf-8"
POLICY = (
    b"content-security-policy",
    b"default-src 'none'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
)
AROUND = [(b"cache-control", b"no-store"), (b"referrer-policy", b"no-referrer"), POLICY]


async def show_unsubscribe(call: Call) -> Reply:
    """A page that asks, with the one button."""

    def read(conn: Any) -> str | None:
        found = mailing.mail_of(conn, call.path["link"])
        return None if found is None else found[1]

    language = await call.application.ask(read)
    if language is None:
        return _page("en", say("unknown_link", "en"))
    button = f'<form method="post"><button type="submit">{escape(say("stop", language))}</button></form>'
    return _page(language, say("stop_question", language), button)


async def unsubscribe(call: Call) -> Reply:
    """No more mails like the one in which the link stands; once more changes nothing."""
    language = await call.application.ask(lambda conn: mailing.stop_mails(conn, call.path["link"]))
    if language is None:
        raise NotFound("This link is in no mail that was sent within the last month.")
    return _page(language, say("stopped", language))


def _page(language: str, said: str, more: str = "") -> Reply:
    text = (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>Viertakt</title>'
        '<meta name="viewport" content="width=device-width"></head>'
        f"<body><main><h1>Viertakt</h1><p>{escape(said)}</p>{more}</main></body></html>"
    )
    return Reply(200, text.encode(), AROUND, HTML)


ROUTES = (
    Route(
        method="GET",
        path="/v1/unsubscribe/{link}",
        operation_id="showUnsubscribe",
        summary="A page that asks whether to send no more such mails",
        tag="notices",
        handler=show_unsubscribe,
        open_to_all=True,
        answers={200: Answers("A page.", str, media_type="text/html")},
        refusals=(400, 422, 429),
    ),
    Route(
        method="POST",
        path="/v1/unsubscribe/{link}",
        operation_id="unsubscribe",
        summary="Send no more such mails",
        tag="notices",
        handler=unsubscribe,
        open_to_all=True,
        answers={200: Answers("A page that says so.", str, media_type="text/html")},
        refusals=(400, 404, 422, 429),
    ),
)
