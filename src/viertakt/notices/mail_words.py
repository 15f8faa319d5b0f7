"""What a mail says, in the two languages of the product; the kinds bring their own words along."""

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from viertakt.kinds.model import Kind, Text
from viertakt.notices.endpoint_payload import exact
from viertakt.notices.model import Notice, NoticeEvent
from viertakt.operations.model import Money

WORDS: Mapping[str, Text] = {
    "mention": Text("A note calls you", "U wordt genoemd in een notitie"),
    "approval": Text("Your approval is asked for", "Uw goedkeuring wordt gevraagd"),
    "correction": Text("What you were told of was undone", "Wat u gemeld was is ongedaan gemaakt"),
    "assigned": Text("Assigned to you or your team", "Toegewezen aan u of uw team"),
    "decision": Text("What you asked for was decided", "Over uw aanvraag is beslist"),
    "contradiction": Text(
        "A report contradicts, or says what nobody knows", "Een melding spreekt tegen of is onbekend"
    ),
    "breach": Text("A time limit is up", "Een termijn is verstreken"),
    "alert": Text("Something is out of the ordinary", "Er is iets ongewoons"),
    "entered": Text("Came to a stage", "In een fase gekomen"),
    "gained": Text("Came into a filter", "Valt nu onder een filter"),
    "opened": Text("Opened", "Geopend"),
    "moved": Text("Moved", "Verplaatst"),
    "hourly": Text("The last hour", "Het afgelopen uur"),
    "daily": Text("Since yesterday", "Sinds gisteren"),
    "test": Text("A test mail", "Een testmail"),
    "test_body": Text(
        "Mails of Viertakt reach you here. That is all this one says.",
        "Mails van Viertakt komen hier aan. Meer staat er niet in deze mail.",
    ),
    "open": Text("Open in the console", "Openen in de console"),
    "by_name": Text("it concerns you by name", "u wordt er met naam in genoemd"),
    "consent": Text("your approval counts for it", "uw goedkeuring telt ervoor"),
    "told_before": Text("you were told of what was undone", "u kreeg bericht van wat ongedaan is gemaakt"),
    "own": Text("you subscribe to it", "u bent erop geabonneerd"),
    "role": Text("your role hears of it", "uw rol krijgt er bericht van"),
    "why": Text("Why you get this", "Waarom u dit krijgt"),
    "stop": Text("No more of these mails", "Deze mails niet meer ontvangen"),
    "settings": Text("All settings", "Alle instellingen"),
    "by": Text("by", "door"),
    "stop_question": Text(
        "Get no more mails like this one? In the console you are told as before.",
        "Wilt u dit soort mails niet meer ontvangen? In de console krijgt u bericht zoals voorheen.",
    ),
    "stopped": Text(
        "You get no more mails like that one. In the console you can switch them on again.",
        "U krijgt dit soort mails niet meer. In de console kunt u ze weer aanzetten.",
    ),
    "unknown_link": Text("This link is not valid any more.", "Deze link is niet meer geldig."),
}
_MONTHS = {
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
    "nl": ("jan", "feb", "mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec"),
}
_DUTCH = str.maketrans(",.", ".,")


def say(name: str, language: str) -> str:
    """The words of this name."""
    return in_language(WORDS[name], language)


def in_language(text: Text, language: str) -> str:
    """A text in one of the two languages."""
    return text.nl if language == "nl" else text.en


def stage_word(kind: Kind, stage: str | None, language: str) -> str:
    """What a stage is called; its name where the kind has no word for it."""
    label = kind.labels.stages.get(stage or "")  # type: ignore[call-overload]
    return in_language(label, language) if label else _readable(stage)


def transition_word(kind: Kind, transition: str | None, language: str) -> str:
    """What a transition is called."""
    label = kind.labels.transitions.get(transition or "")  # type: ignore[call-overload]
    return in_language(label, language) if label else _readable(transition)


def line(notice: Notice, kind: Kind, language: str) -> str:
    """What happened, in one line."""
    entry = notice.entry
    step = transition_word(kind, entry.transition, language) if entry.transition else ""
    if entry.to_stage and entry.from_stage and entry.to_stage != entry.from_stage:
        way = f"{stage_word(kind, entry.from_stage, language)} → {stage_word(kind, entry.to_stage, language)}"
        return f"{step}: {way}" if step else way
    if notice.event is NoticeEvent.OPENED:
        return stage_word(kind, entry.to_stage, language)
    return step


def why(notice: Notice, kind: Kind, language: str) -> str:
    """Why its reader was told."""
    stages = (stage_word(kind, stage, language) for stage in notice.why.stages)
    asked = " · ".join(part for part in (notice.why.query, *stages) if part)
    by_event = {NoticeEvent.APPROVAL: "consent", NoticeEvent.CORRECTION: "told_before"}
    name = {"you": by_event.get(notice.event, "by_name"), "own": "own"}.get(notice.why.by, "role")
    return say(name, language) + (f" ({asked})" if asked else "")


def worth(amount: Money, language: str) -> str:
    """An amount as it is written in this language, with its currency and all of that one's digits."""
    text = f"{exact(amount):,f}"
    return f"{text.translate(_DUTCH) if language == 'nl' else text} {amount.currency}"


def moment(at: datetime, zone: ZoneInfo, language: str) -> str:
    """A moment by the reader's clock."""
    here = at.astimezone(zone)
    return f"{here.day} {_MONTHS[language][here.month - 1]} {here:%H:%M}"


def _readable(name: str | None) -> str:
    words = (name or "").replace("_", " ")
    return words[:1].upper() + words[1:]
