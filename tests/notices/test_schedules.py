"""Reports that come by mail: when, about which days, and never more than their reader may take along."""

import csv
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from email.message import EmailMessage
from io import BytesIO
from zoneinfo import ZoneInfo

import psycopg
import pytest
from openpyxl import load_workbook

from tests.notices.conftest import Office
from tests.notices.post_office import HOUSE, PostOffice, parts, post_office
from tests.operations.conftest import euros
from viertakt.access.actions import actor_by_id
from viertakt.access.model import Actor
from viertakt.db.leases import work_off
from viertakt.db.pool import Connection, connect
from viertakt.errors import Forbidden, Unavailable
from viertakt.journal.sequencing import sequence_all
from viertakt.kinds.reasons import load_catalogue
from viertakt.notices.mailing import Mails
from viertakt.notices.report_letters import Counted
from viertakt.notices.report_schedules import Schedule, Wanted, make_due, schedule, schedules_of
from viertakt.notices.rules_schedules import Every, days_before, next_run
from viertakt.notices.unsubscribing import stop_mails
from viertakt.report_sheets import counted
from viertakt.settings import Settings
from viertakt.wiring import FOLDS

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


@pytest.mark.parametrize(
    ("every", "after", "expected"),
    [
        (Every.DAY, "2026-11-26T05:59Z", "2026-11-26T06:00Z"),
        (Every.DAY, "2026-11-26T06:00Z", "2026-11-27T06:00Z"),
        (Every.WEEK, "2026-11-26T05:59Z", "2026-11-30T06:00Z"),
        (Every.MONTH, "2026-11-26T05:59Z", "2026-12-01T06:00Z"),
        (Every.MONTH, "2026-12-01T06:00Z", "2027-01-01T06:00Z"),
        (Every.DAY, "2026-10-24T12:00Z", "2026-10-25T06:00Z"),  # the clocks were put back in the night
    ],
)
def test_a_report_goes_by_its_readers_clock(every: Every, after: str, expected: str) -> None:
    """At seven in the morning, in winter as in summer; and never twice at the same moment."""
    assert next_run(every, time(7), AMSTERDAM, datetime.fromisoformat(after)) == datetime.fromisoformat(
        expected
    )


def test_what_a_clock_skips_is_the_moment_it_skips_to() -> None:
    """Half past two does not exist on the last Sunday of March."""
    after = datetime(2027, 3, 27, 12, tzinfo=UTC)
    assert next_run(Every.DAY, time(2, 30), AMSTERDAM, after) == datetime(2027, 3, 28, 1, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("every", "first", "after"),
    [
        (Every.DAY, date(2026, 11, 29), date(2026, 11, 30)),
        (Every.WEEK, date(2026, 11, 23), date(2026, 11, 30)),
        (Every.MONTH, date(2026, 10, 1), date(2026, 11, 1)),
    ],
)
def test_it_is_about_the_days_that_are_over(every: Every, first: date, after: date) -> None:
    """Half a day in a report reads like a bad day."""
    assert days_before(every, datetime(2026, 11, 29, 23, 30, tzinfo=UTC), AMSTERDAM) == (first, after)


class Desk:
    """A mail server, and a worker that counts and sends reports by a clock that the test holds."""

    def __init__(self, office: Office, server: PostOffice, settings: Settings) -> None:
        self.office = office
        self.server = server
        self.settings = settings
        self.now = datetime.now(UTC)
        self.zone = f"Etc/GMT{self.now.hour - 12:+d}"  # where it is noon, so that no day begins meanwhile
        self.mails = Mails(settings, office.kinds, clock=lambda: self.now, count=self.count)

    def count(self, wanted: Schedule, days: tuple[date, date], spoken: str) -> Counted:
        catalogue = load_catalogue()

        def question(conn: Connection) -> Counted:
            conn.execute("SET LOCAL lock_timeout = '200ms'")
            return counted(conn, wanted, days, spoken, kinds=self.office.kinds, catalogue=catalogue)

        try:
            return self.office.ask(question)
        except psycopg.errors.LockNotAvailable as fault:
            raise Unavailable(str(fault)) from fault  # as `Application.call` has it

    def schedule(self, reader: Actor, report: str = "flow", q: str = "", file: str = "csv") -> Schedule:
        wanted = Wanted(report, q, file, Every.DAY, time(7), self.zone)
        fields = self.office.ask(self.office.kinds.search_fields)
        return self.office.ask(lambda conn: schedule(conn, reader, wanted, fields=fields, now=self.now))

    def a_day_later(self) -> int:
        """How many mails were tried."""
        self.now += timedelta(days=1)
        with connect(self.office.house.url, autocommit=True) as conn:
            sequence_all(conn, FOLDS)
        self.office.ask(lambda conn: make_due(conn, lambda: self.now))
        return work_off(self.office.ask, self.mails)


@pytest.fixture
def desk(office: Office) -> Iterator[Desk]:
    with post_office() as (server, settings):
        yield Desk(office, server, settings)


def file_of(mail: EmailMessage) -> tuple[str, bytes]:
    (file,) = mail.iter_attachments()
    content = file.get_payload(decode=True)
    assert isinstance(content, bytes)
    return file.get_filename() or "", content


def test_a_report_comes_each_day_with_its_file(desk: Desk) -> None:
    """In its reader's language, with a link to the same report; once a day, however often the worker looks."""
    reader = desk.office.person("de teamleider", "payments_lead", language="nl")
    desk.schedule(reader, q="kind:withdrawal", file="xlsx")
    assert desk.a_day_later() == 1
    assert desk.office.ask(lambda conn: make_due(conn, lambda: desk.now)) == 0
    (mail,) = desk.server.taken
    name, content = file_of(mail)
    book = load_workbook(BytesIO(content))
    assert name.startswith("viertakt-flow-")
    assert name.endswith(".xlsx")
    assert book.sheetnames
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    for part in parts(mail):
        assert "Het rapport is bijgevoegd" in part
        assert "Filter: kind:withdrawal." in part
        assert f"{HOUSE}/reports/flow?q=kind%3Awithdrawal" in part


def test_a_report_holds_what_its_reader_may_take_along_when_it_goes(desk: Desk) -> None:
    """A right that was lost meanwhile is lost for what is sent as well, and who may take nothing along gets no file."""
    office = desk.office
    office.grant("support", ([], "brand:north", ["view", "export"]))
    reader = office.person("a reader of reports", "support")
    desk.schedule(reader, "statuses")
    for reference, brand in (("W-1", "north"), ("W-2", "south"), ("W-3", "south")):
        office.house.open("withdrawal", reference, brand=brand, amount=euros("10"))
    desk.a_day_later()
    (mail,) = desk.server.taken
    rows = list(csv.DictReader(file_of(mail)[1].decode("utf-8-sig").splitlines(), delimiter=","))
    assert sum(int(row["Count"]) for row in rows) == 1
    desk.server.taken.clear()
    office.grant("support", ([], "", ["view"]))
    desk.a_day_later()
    (mail,) = desk.server.taken
    assert list(mail.iter_attachments()) == []
    assert "may not take files along" in parts(mail)[0]
    with pytest.raises(Forbidden):
        desk.schedule(office.ask(lambda conn: actor_by_id(conn, reader.id)))


def test_the_link_in_the_mail_ends_it(desk: Desk) -> None:
    """Whoever has had enough says so where they read it."""
    reader = desk.office.person("a reader of reports", "payments_lead")
    desk.schedule(reader)
    desk.schedule(reader, "statuses")
    assert desk.a_day_later() == 2
    flow = next(mail for mail in desk.server.taken if file_of(mail)[0].startswith("viertakt-flow"))
    link = flow["List-Unsubscribe"]
    with connect(desk.office.house.url) as conn:
        assert stop_mails(conn, link.strip("<>").rpartition("/")[2]) == "en"
        conn.commit()
        assert [one.report for one in schedules_of(conn, reader.id)] == ["statuses"]
    assert desk.a_day_later() == 1


def test_days_that_were_missed_come_once(desk: Desk) -> None:
    """A worker that was down for three days does not send three yesterdays."""
    desk.schedule(desk.office.person("a reader of reports", "payments_lead"))
    desk.now += timedelta(days=3)
    assert desk.a_day_later() == 1
    assert desk.office.ask(lambda conn: make_due(conn, lambda: desk.now)) == 0


@pytest.mark.parametrize(
    ("every", "at", "seen", "days"),
    [
        (Every.WEEK, time(7), "2026-12-02T10:00Z", (date(2026, 11, 23), date(2026, 11, 30))),
        (Every.DAY, time(23, 55), "2026-12-01T23:05Z", (date(2026, 11, 30), date(2026, 12, 1))),
    ],
)
def test_one_that_is_late_is_about_the_days_before_it_was_due(
    desk: Desk, every: Every, at: time, seen: str, days: tuple[date, date]
) -> None:
    """After an outage on Monday it is still about last week; and one that waits unsent comes as the latest."""
    reader = desk.office.person("a reader of reports", "payments_lead")
    fields = desk.office.ask(desk.office.kinds.search_fields)
    wanted = Wanted("flow", "", "csv", every, at, "Europe/Amsterdam")
    desk.now = datetime(2026, 11, 1, tzinfo=UTC)
    desk.office.ask(lambda conn: schedule(conn, reader, wanted, fields=fields, now=desk.now))
    asked: list[tuple[date, date]] = []

    def count(_wanted: Schedule, about: tuple[date, date], _spoken: str) -> Counted:
        asked.append(about)
        raise Forbidden("not now")

    for late in (datetime(2026, 11, 17, 12, tzinfo=UTC), datetime.fromisoformat(seen)):
        desk.now = late
        assert desk.office.ask(lambda conn: make_due(conn, lambda: desk.now)) == 1
    mails = Mails(desk.settings, desk.office.kinds, clock=lambda: desk.now, count=count)
    assert work_off(desk.office.ask, mails) == 1
    assert asked == [days]


def test_a_report_that_cannot_be_counted_now_comes_later(desk: Desk) -> None:
    """While its tables are locked, by a migration say. A mail that says so instead would be the only one of that day."""
    desk.schedule(desk.office.person("a lead", "payments_lead"))
    desk.now += timedelta(days=1)
    desk.office.ask(lambda conn: make_due(conn, lambda: desk.now))
    with connect(desk.office.house.url) as migrating:
        migrating.execute("LOCK TABLE viertakt.status_tally, viertakt.outcome_tally, viertakt.move_tally")
        assert work_off(desk.office.ask, desk.mails) == 1
    assert desk.server.taken == []
    desk.now += timedelta(minutes=10)
    assert work_off(desk.office.ask, desk.mails) == 1
    (mail,) = desk.server.taken
    assert file_of(mail)[1]
