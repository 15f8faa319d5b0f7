"""The link in a mail by which its reader gets no more like it: without signing in, and by one press (RFC 8058).

Opening it changes nothing, for mail programs open links before their readers do; only a POST does.
"""

from base64 import b64encode
from hashlib import sha256
from html import escape
from typing import Any

from viertakt.api.route import Answers, Call, Reply, Route
from viertakt.errors import NotFound
from viertakt.notices import unsubscribing
from viertakt.notices.mail_words import say

HTML = b"text/html"  # the router says in which characters
# The console's colours, for it is one product.
STYLE = (
    ":root{color-scheme:light dark}"
    "body{margin:0;padding:12vh 20px;background:#faf9f7;color:#1c1b19;"
    "font:16px/1.5 system-ui,-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif}"
    "main{max-width:30rem;margin:0 auto}h1{margin:0 0 8px;font-size:15px;color:#6a6760}p{margin:0 0 20px}"
    "button{font:inherit;padding:9px 18px;border:0;border-radius:8px;background:#1c4ed8;color:#fff;cursor:pointer}"
    "@media(prefers-color-scheme:dark){body{background:#141413;color:#ecebe6}h1{color:#a09e97}"
    "button{background:#7aabff;color:#141413}}"
)
POLICY = (
    b"content-security-policy",
    b"default-src 'none'; style-src 'sha256-%s'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    % b64encode(sha256(STYLE.encode()).digest()),
)
AROUND = [(b"cache-control", b"no-store"), (b"referrer-policy", b"no-referrer"), POLICY]


async def show_unsubscribe(call: Call) -> Reply:
    """A page that asks, with the one button."""

    def read(conn: Any) -> tuple[str, bool] | None:
        found = unsubscribing.mail_of(conn, call.path["link"])
        return None if found is None else (found[1], unsubscribing.is_stopped(conn, found[0]))

    found = await call.application.ask(read)
    if found is None:
        return _page("en", say("unknown_link", "en"))
    language, stopped = found
    if stopped:
        return _page(language, say("stopped", language))
    button = f'<form method="post"><button type="submit">{escape(say("stop", language))}</button></form>'
    return _page(language, say("stop_question", language), button)


async def unsubscribe(call: Call) -> Reply:
    """No more mails like the one in which the link stands; once more changes nothing."""
    language = await call.application.ask(lambda conn: unsubscribing.stop_mails(conn, call.path["link"]))
    if language is None:
        raise NotFound("This link is in no mail that was sent within the last month.")
    return _page(language, say("stopped", language))


def _page(language: str, said: str, more: str = "") -> Reply:
    text = (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>Viertakt</title>'
        f'<meta name="viewport" content="width=device-width"><style>{STYLE}</style></head>'
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
