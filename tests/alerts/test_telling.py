"""Alerts and incidents are told by mail: to those who ask for it, once for each step, and never of what they may not see."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.alerts.test_incidents import Control, control
from tests.alerts.test_limits import _later, _set
from tests.alerts.test_watching import _ask, _look, limited
from tests.operations.conftest import House, euros, house
from viertakt.access.actions import add_person
from viertakt.access.model import Actor, system
from viertakt.alerts import actions, limits
from viertakt.alerts.model import Measure
from viertakt.alerts.watching import Watcher
from viertakt.notices import announced_words, announcing
from viertakt.notices.mail_text import Body, Links, Reader
from viertakt.notices.model import Channels, NoticeEvent, Pace
from viertakt.notices.store import save_line
from viertakt.notices.unsubscribing import stop_mails
from viertakt.wiring import tell_alert, tell_incident

__all__ = ["control", "house", "limited"]
LINKS = Links("https://console.example", None)


@pytest.fixture(autouse=True)
def _leads_ask_for_nothing(house: House) -> None:
    """Only administrators hear of alerts here without having asked."""
    house.sql("DELETE FROM viertakt.subscription WHERE subscriber = 'role:payments_lead' AND event = 'alert'")


def _wants_mail(control: Control, reader: Actor) -> None:
    control.ask(lambda conn: save_line(conn, reader.id, NoticeEvent.ALERT, Channels(mail=Pace.AT_ONCE)))


def _told(house: House) -> list[tuple[str, str]]:
    """Who was told what: the last word of the topic."""
    rows = house.sql(
        "SELECT endpoint, topic FROM viertakt.delivery WHERE channel = 'mail' ORDER BY made_at, endpoint"
    )
    return [(endpoint, topic.rsplit(":", 1)[-1]) for endpoint, topic in rows]


def _letter(control: Control, reader: Actor, language: str = "en") -> Body | None:
    (content,) = control.house.sql(
        "SELECT content FROM viertakt.delivery WHERE endpoint = %s ORDER BY made_at DESC LIMIT 1", reader.id
    )[0]
    to = Reader(language, ZoneInfo("Europe/Amsterdam"))
    return control.ask(lambda conn: announcing.letter_of(conn, content, reader, to, LINKS))


def _busy(house: House, brand: str) -> None:
    house.sql(
        "INSERT INTO viertakt.pulse VALUES (date_bin('5 minutes', now(), 'epoch'), 'withdrawal', %s, 40, 0, 30, 10, 0)",
        brand,
    )


def test_an_alert_is_told_at_each_step_to_those_who_may_see_it(
    house: House, control: Control, limited: Actor
) -> None:
    """Administrators hear of them by default, others where they ask for it; both of the one brand that all here are limited to."""
    _wants_mail(control, limited)
    for brand in ("casino-nl", "casino-be"):
        _set(control, Measure.ERRORS, 0.5, brand=brand)
        _busy(house, brand)
    watcher = Watcher(_ask, [tell_alert])
    assert len(_look(house, watcher)) == 2
    told = _told(house)
    assert sorted(told) == sorted([(control.person.id, "opened"), (limited.id, "opened")])
    brands = house.sql("SELECT DISTINCT content ->> 'brand' FROM viertakt.delivery")
    assert brands == [("casino-nl",)], "nobody here sees the other one, so nobody is told of it"
    _look(house, watcher)
    assert _told(house) == told, "once"
    mail = _letter(control, limited)
    assert mail is not None
    assert mail.subject == "Alert: Withdrawal, casino-nl: the share of errors passes its limit"
    assert "Found: 75.0% in 10 min. Limit: 50.0%." in mail.text
    assert "https://console.example/operations?q=kind%3Awithdrawal%20brand%3Acasino-nl" in mail.text
    dutch = _letter(control, limited, "nl")
    assert dutch is not None
    assert dutch.subject == "Afwijking: Opname, casino-nl: het aandeel fouten is over de grens"
    house.sql("UPDATE viertakt.pulse SET error = 0")
    _look(house, watcher)
    _later(watcher)
    _look(house, watcher)
    assert _told(house).count((limited.id, "closed")) == 1
    assert _told(house).count((control.person.id, "closed")) == 1
    assert announced_words.LIMITS.keys() == set(Measure), "every measure has words"


def test_what_nobody_looks_at_is_told_once_more(house: House, control: Control) -> None:
    """Half an hour later, once; not where somebody has taken note of it."""
    _set(control, Measure.BACKLOG, 1, brand="casino-nl")
    _set(control, Measure.BACKLOG, 1, brand="casino-be")
    for n, brand in enumerate(("casino-nl", "casino-be")):
        house.open("withdrawal", f"W-{n}", amount=euros("1"), brand=brand)
    house.sql("UPDATE viertakt.operation SET created_at = created_at - interval '90 seconds'")
    watcher = Watcher(_ask, [tell_alert])
    first, _ = _look(house, watcher)
    control.ask(lambda conn: actions.see(conn, first.id, control.person))
    house.sql("UPDATE viertakt.alert SET opened_at = opened_at - interval '31 minutes'")
    _look(house, watcher)
    _look(house, watcher)
    assert [step for _, step in _told(house)].count("unseen") == 1
    mail = _letter(control, control.person)
    assert mail is not None
    assert mail.subject.startswith("Nobody has looked yet: ")


def test_an_incident_is_told_once_to_those_it_concerns(
    house: House, control: Control, limited: Actor
) -> None:
    """Not to whoever opened it, and not where none of its operations is in sight."""
    _wants_mail(control, limited)
    control.open(tell=tell_incident)
    assert _told(house) == []
    house.open(
        "withdrawal",
        "W-1",
        amount=euros("5"),
        brand="casino-nl",
        attributes={"method": "card"},
        by=system("till"),
    )
    opened = control.open(tell=tell_incident, pause=True)
    control.release(opened)
    assert [endpoint for endpoint, _ in _told(house)] == [limited.id]
    mail = _letter(control, limited)
    assert mail is not None
    assert mail.subject == "Incident: Cards are down"
    assert "On duty opened it" in mail.text
    assert f"https://console.example/incidents/{opened.id}" in mail.text
    house.sql("UPDATE viertakt.operation SET brand = 'casino-be'")
    assert _letter(control, limited) is None, "by the time it goes, it is not theirs to see"


def test_whoever_wants_no_more_of_these_mails_gets_none(house: House, control: Control) -> None:
    """By the link in the mail, for the event alone."""
    _set(control, Measure.ERRORS, 0.5)
    _busy(house, "casino-nl")
    watcher = Watcher(_ask, [tell_alert])
    _look(house, watcher)
    ((id_, secret),) = house.sql("SELECT delivery_id, secret FROM viertakt.delivery")
    assert control.ask(lambda conn: stop_mails(conn, f"{id_}.{secret}")) == "en"
    control.ask(
        lambda conn: [
            limits.end_limit(conn, control.person, one.id) for one in limits.list_limits(conn, control.person)
        ]
    )
    _look(house, watcher)
    assert [step for _, step in _told(house)] == ["opened"]


def test_quiet_hours_and_digests_hold_for_alerts_too(house: House, control: Control) -> None:
    """Who sleeps is told in the morning, who wants it by the hour at the next one."""
    at = datetime(2026, 11, 26, 23, 10, tzinfo=UTC)
    control.ask(
        lambda conn: save_line(conn, control.person.id, NoticeEvent.ALERT, Channels(mail=Pace.HOURLY))
    )
    _set(control, Measure.ERRORS, 0.5)
    _busy(house, "casino-nl")
    (alert,) = _look(house, Watcher(_ask))
    control.ask(lambda conn: tell_alert(conn, alert, "opened", at))
    assert house.sql("SELECT due_at FROM viertakt.delivery") == [(at + timedelta(minutes=50),)]


def test_a_restricted_stage_is_told_of_to_nobody_who_may_not_see_it(
    house: House, control: Control, limited: Actor
) -> None:
    """That something stands with compliance is what its stage hides: no limit, no alert, no mail."""
    _wants_mail(control, limited)
    for stage in ("requested", "compliance_hold"):
        _set(control, Measure.STAGE_TIME, 30, stage=stage, brand="casino-nl")
    for n in range(2):
        opened = house.open("withdrawal", f"W-{n}", amount=euros("1"), brand="casino-nl")
    house.move(opened, "escalate", by=house.person)
    house.sql("UPDATE viertakt.operation SET entered_at = entered_at - interval '45 minutes'")
    found = _look(house, Watcher(_ask, [tell_alert]))
    assert {one.stage for one in found} == {"requested", "compliance_hold"}
    seen = control.ask(lambda conn: limits.list_limits(conn, limited))
    assert [one.stage for one in seen] == ["requested"]
    listed = control.ask(lambda conn: actions.list_alerts(conn, limited, only_open=True))
    assert [one.stage for one in listed] == ["requested"]
    assert [who for who, _ in _told(house)].count(limited.id) == 1


def test_whoever_manages_hears_of_an_incident_that_concerns_nothing_yet(
    house: House, control: Control
) -> None:
    """It will hold what comes; but not whoever opened it."""
    other = control.ask(
        lambda conn: add_person(conn, email="two@example.test", name="Two", roles=["admin"], password=None)
    )
    opened = control.open(tell=tell_incident, pause=True)
    assert _told(house) == [(other.id, str(opened.id))]
