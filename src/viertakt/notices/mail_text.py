"""A mail, as HTML and as plain text: what was told, by operation, each with its reason. Pure.

Its notices hold nothing that the reader may not see (`inbox.seen_by`), and no personal values. What people wrote is text,
never markup.
"""

from collections.abc import Callable, Sequence
from html import escape
from typing import NamedTuple
from zoneinfo import ZoneInfo

import msgspec

from viertakt.kinds.model import Kind
from viertakt.notices.mail_words import in_language, line, moment, say, why, worth
from viertakt.notices.model import Group, Notice, NoticeEvent

COMMENT_MAX = 500
SUBJECT_MAX = 150
GROUPS_MAX = 50  # in one mail; the inbox has them all

KindOf = Callable[[Group], Kind]


class Reader(msgspec.Struct, frozen=True):
    """For whom a mail is written, by whose clock."""

    language: str
    zone: ZoneInfo


class Links(msgspec.Struct, frozen=True):
    """Where a mail leads: the console's address, and where its reader says no more; None where nobody knows the address."""

    console: str | None
    stop: str | None


class Body(msgspec.Struct, frozen=True):
    """A mail without its envelope."""

    subject: str
    text: str
    html: str


class Item(NamedTuple):
    """What is told beside operations. `lead`: the words and the address of where to go on."""

    head: str
    said: tuple[str, ...]
    lead: tuple[str, str] | None


def subject_of(
    groups: Sequence[Group], topic: str, kind_of: KindOf, reader: Reader, news: Sequence[Item] = ()
) -> str:
    """Of one operation its reference and what happened; of a digest how much."""
    language = reader.language
    if topic in {"hourly", "daily"}:
        return f"{say(topic, language)}: {len(news) + sum(len(group.notices) for group in groups)}"
    group = groups[0]
    latest = group.notices[0]
    happened = line(latest, kind_of(group), language)
    if latest.event not in {NoticeEvent.MOVED, NoticeEvent.ENTERED, NoticeEvent.GAINED} or not happened:
        happened = say(latest.event.value, language)
    about = f"{in_language(kind_of(group).label, language)} {group.operation.reference}"
    return _one_line(f"{about}: {happened}")[:SUBJECT_MAX]


def write(
    groups: Sequence[Group],
    topic: str,
    kind_of: KindOf,
    reader: Reader,
    links: Links,
    *,
    news: Sequence[Item] = (),
) -> Body:
    """The mail that tells these notices, and before them what concerns more than one operation."""
    shown = groups[:GROUPS_MAX]
    text = [part for item in news[:GROUPS_MAX] for part in _item_text(item)]
    text += [part for group in shown for part in _group_text(group, kind_of(group), reader, links)]
    html = "".join(_item_html(item) for item in news[:GROUPS_MAX])
    html += "".join(_group_html(group, kind_of(group), reader, links) for group in shown)
    subject = subject_of(groups, topic, kind_of, reader, news)
    return Body(subject, _text(text, reader, links), _page(subject, html, reader, links))


def write_test(reader: Reader, links: Links) -> Body:
    """A mail that says that mails arrive."""
    return letter(say("test", reader.language), [say("test_body", reader.language)], None, reader, links)


def letter(
    subject: str, said: Sequence[str], lead: tuple[str, str] | None, reader: Reader, links: Links
) -> Body:
    """A mail of a few sentences. `lead`: the words and the address of where to go on."""
    subject = _one_line(subject)[:SUBJECT_MAX]
    html = "".join(f'<p style="{_P};{_INK}">{escape(one)}</p>' for one in said)
    text = [*said]
    if lead is not None:
        words, address = lead
        html += f'<p style="{_P}"><a href="{escape(address)}" style="{_LINK}">{escape(words)}</a></p>'
        text.append(f"{words}: {address}")
    return Body(subject, _text([*text, ""], reader, links), _page(subject, html, reader, links))


_P = "margin:0 0 8px"
_MUTED = "color:#5b6570;font-size:13px"
_INK = "color:#16202a"
_LINK = "color:#0b5cad"
# For programs that show mails dark: styles within an element are what all others understand, and only these outdo them.
_DARK = (
    "<style>:root{color-scheme:light dark}@media (prefers-color-scheme:dark){"
    ".page{background:#14181d!important}.card{background:#1d232a!important;border-color:#39424c!important}"
    ".card,.card h1,.card h2,.card p,.card blockquote{color:#e4e9ee!important}"
    ".card .muted,.card .foot{color:#a3adb8!important;border-color:#39424c!important}"
    ".card a{color:#7db7f5!important}}</style>"
)


def _item_text(item: Item) -> list[str]:
    return [item.head, *item.said, *([f"  {item.lead[1]}"] if item.lead else []), ""]


def _item_html(item: Item) -> str:
    head = escape(item.head)
    if item.lead:
        head = f'<a href="{escape(item.lead[1])}" style="{_LINK}">{head}</a>'
    said = "".join(f'<p style="{_P};{_INK}">{escape(one)}</p>' for one in item.said)
    return f'<h2 style="margin:20px 0 8px;font-size:16px;{_INK}">{head}</h2>{said}'


def _group_text(group: Group, kind: Kind, reader: Reader, links: Links) -> list[str]:
    parts = [_title(group, kind, reader)]
    for notice in group.notices:
        parts.append(f"- {_happened(notice, kind, reader)}")
        if said := _said(notice):
            parts += [f"    > {row}" for row in said.splitlines()]
        parts.append(f"    {_when(notice, kind, reader)}")
    if links.console:
        parts.append(f"  {_address(group, links.console)}")
    return [*parts, ""]


def _group_html(group: Group, kind: Kind, reader: Reader, links: Links) -> str:
    title = escape(_title(group, kind, reader))
    if links.console:
        title = f'<a href="{escape(_address(group, links.console))}" style="{_LINK}">{title}</a>'
    notices = "".join(_notice_html(notice, kind, reader) for notice in group.notices)
    return f'<h2 style="margin:20px 0 8px;font-size:16px;{_INK}">{title}</h2>{notices}'


def _notice_html(notice: Notice, kind: Kind, reader: Reader) -> str:
    said = _said(notice)
    quoted = (
        f'<blockquote style="margin:0 0 6px;padding:4px 12px;border-left:3px solid #c9d1d9;white-space:pre-wrap;{_INK}">'
        f"{escape(said)}</blockquote>"
        if said
        else ""
    )
    return (
        f'<p style="margin:0 0 4px;{_INK}">{escape(_happened(notice, kind, reader))}</p>{quoted}'
        f'<p class="muted" style="margin:0 0 12px;{_MUTED}">{escape(_when(notice, kind, reader))}</p>'
    )


def _title(group: Group, kind: Kind, reader: Reader) -> str:
    held = group.operation.amount
    amount = f" · {worth(held, reader.language)}" if held else ""
    return f"{in_language(kind.label, reader.language)} {_one_line(group.operation.reference)}{amount}"


def _happened(notice: Notice, kind: Kind, reader: Reader) -> str:
    event, happened = say(notice.event.value, reader.language), line(notice, kind, reader.language)
    return f"{event} · {happened}" if happened else event


def _when(notice: Notice, kind: Kind, reader: Reader) -> str:
    language = reader.language
    at = moment(notice.entry.at, reader.zone, language)
    return f"{at} · {say('why', language)}: {why(notice, kind, language)}"


def _said(notice: Notice) -> str:
    said = notice.comment or ""
    return said if len(said) <= COMMENT_MAX else said[:COMMENT_MAX] + "…"


def _address(group: Group, console: str) -> str:
    return f"{console}/operations/{group.operation.id}"


def _text(parts: Sequence[str], reader: Reader, links: Links) -> str:
    foot = []
    if links.stop:
        foot.append(f"{say('stop', reader.language)}: {links.stop}")
    if links.console:
        foot.append(f"{say('settings', reader.language)}: {links.console}/inbox/settings")
    return "\n".join([*parts, *(["-- ", *foot] if foot else [])]) + "\n"


def _page(subject: str, content: str, reader: Reader, links: Links) -> str:
    foot = []
    if links.stop:
        foot.append(
            f'<a href="{escape(links.stop)}" style="{_LINK}">{escape(say("stop", reader.language))}</a>'
        )
    if links.console:
        address = escape(f"{links.console}/inbox/settings")
        foot.append(f'<a href="{address}" style="{_LINK}">{escape(say("settings", reader.language))}</a>')
    return (
        f'<!doctype html><html lang="{reader.language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark">'
        f'<title>{escape(subject)}</title>{_DARK}</head><body class="page" style="margin:0;background:#f3f5f7">'
        '<table role="presentation" width="100%" cellpadding="0" '
        'cellspacing="0"><tr><td align="center" style="padding:24px 12px">'
        '<table role="presentation" class="card" width="100%" cellpadding="0" cellspacing="0" '
        'style="max-width:600px;table-layout:fixed;overflow-wrap:anywhere;background:#ffffff;border:1px solid #d8dee4;'
        "border-radius:8px;font-family:-apple-system,Segoe UI,Roboto,Helvetica,Arial,sans-serif;font-size:15px;"
        'line-height:1.45"><tr><td style="padding:20px 24px">'
        f'<p class="muted" style="margin:0;{_MUTED};font-weight:600;letter-spacing:.02em">Viertakt</p>'
        f'<h1 style="margin:2px 0 12px;font-size:19px;{_INK}">{escape(subject)}</h1>{content}'
        f'<p class="foot" style="margin:24px 0 0;padding-top:12px;border-top:1px solid #d8dee4;{_MUTED}">'
        f"{' · '.join(foot)}</p></td></tr></table></td></tr></table></body></html>"
    )


def _one_line(text: str) -> str:
    return " ".join(text.split())
