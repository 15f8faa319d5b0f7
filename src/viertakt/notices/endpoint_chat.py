"""What a chat room is told: Slack's Block Kit by an incoming webhook, Teams' Adaptive Cards by a workflow, and lines of text.

    W-1001 · Withdrawal · Under review → Approved
    120.00 EUR · by A payments lead · reason documents_ok                [Open]

    Alert: Withdrawal, all brands: more errors than usual
    Found: 12.0%. Usual: 2.1%. Since 26 Nov 09:10.               [Open]

In its owner's language, in the words of the kind. No comment and no personal value: who reads a room is not known here. What
others wrote is escaped, so that a reference calls nobody and links nowhere.
"""

from collections.abc import Mapping
from typing import Any, assert_never

import msgspec

from viertakt.kinds.model import Kind, Text
from viertakt.notices.announced_words import Said
from viertakt.notices.endpoint_apprise import plain
from viertakt.notices.endpoint_model import EndpointSort
from viertakt.notices.mail_words import in_language, say, stage_word, worth
from viertakt.notices.model import Line

TEST_WORDS = "Viertakt: this endpoint works."
TEXT_MAX = 1_000
_REASON = Text("reason", "reden")
_encode = msgspec.json.Encoder().encode


def told(
    sort: EndpointSort, line: Line, names: Mapping[str, str], kind: Kind, *, language: str, site: str | None
) -> bytes:
    """The bytes that tell a room of an entry. `site`: where people reach the console, for a link."""
    head, facts = words(line, names, kind, language)
    link = None if site is None else f"{site.rstrip('/')}/operations/{line.then.id}"
    return _card(sort, head, facts, link)


def announced(sort: EndpointSort, said: Said, *, site: str | None) -> bytes:
    """The bytes that tell a room of an alert or an incident."""
    link = None if site is None else site.rstrip("/") + said.path
    return _card(sort, said.head[:TEXT_MAX], " ".join(said.below)[:TEXT_MAX], link)


def test(sort: EndpointSort) -> bytes | None:
    """The bytes that tell a room nothing but that it is reached; None for a webhook."""
    return None if sort is EndpointSort.WEBHOOK else _card(sort, TEST_WORDS, "", None)


def words(line: Line, names: Mapping[str, str], kind: Kind, language: str) -> tuple[str, str]:
    """What happened, in one line, and the facts around it in another."""
    entry, operation = line.entry, line.then
    what = [operation.reference, in_language(kind.label, language)]
    if entry.to_stage is not None:
        way = (entry.from_stage, entry.to_stage)
        what.append(" → ".join(stage_word(kind, stage, language) for stage in way if stage is not None))
    else:
        what.append(entry.sort.value)
    facts = [f"{say('by', language)} {names.get(entry.actor) or entry.actor.partition(':')[2]}"]
    if operation.amount is not None:
        facts.insert(0, worth(operation.amount, language))
    if entry.reason:
        facts.append(f"{in_language(_REASON, language)} {entry.reason}")
    return " · ".join(what)[:TEXT_MAX], " · ".join(facts)[:TEXT_MAX]


def _card(sort: EndpointSort, head: str, facts: str, link: str | None) -> bytes:
    match sort:
        case EndpointSort.SLACK:
            return _encode(_slack(head, facts, link))
        case EndpointSort.TEAMS:
            return _encode(_teams(head, facts, link))
        case EndpointSort.APPRISE:
            return "\n".join(filter(None, (plain(head), plain(facts), link))).encode()
        case EndpointSort.WEBHOOK:
            raise AssertionError("a webhook is told the entry itself")
    assert_never(sort)


def _slack(head: str, facts: str, link: str | None) -> dict[str, Any]:
    """Plain text throughout: in it nothing is markup, so nothing need be escaped but the fallback."""
    block: dict[str, Any] = {"type": "section", "text": {"type": "plain_text", "text": head, "emoji": False}}
    if link is not None:
        block["accessory"] = {"type": "button", "text": {"type": "plain_text", "text": "Open"}, "url": link}
    blocks = [block]
    if facts:
        elements = [{"type": "plain_text", "text": facts, "emoji": False}]
        blocks.append({"type": "context", "elements": elements})
    fallback = head.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return {"text": fallback, "blocks": blocks}


def _teams(head: str, facts: str, link: str | None) -> dict[str, Any]:
    body: list[dict[str, Any]] = [_text(head, weight="Bolder")]
    if facts:
        body.append(_text(facts, isSubtle=True))
    card: dict[str, Any] = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": body,
    }
    if link is not None:
        card["actions"] = [{"type": "Action.OpenUrl", "title": "Open", "url": link}]
    attachment = {
        "contentType": "application/vnd.microsoft.card.adaptive",
        "contentUrl": None,
        "content": card,
    }
    return {"type": "message", "attachments": [attachment]}


def _text(text: str, **style: Any) -> dict[str, Any]:
    """A paragraph. A rich one, because the text of a plain TextBlock is Markdown."""
    run = {"type": "TextRun", "text": text, **style}
    return {"type": "RichTextBlock", "inlines": [run]}
