"""Calendars are set and listed, and what goes by them is counted again."""

from pathlib import Path

from tests.cli.conftest import Terminal

OFFICE = """
calendar: office
zone: Europe/Amsterdam
hours: {monday: ["09:00-17:00"], friday: ["09:00-12:30"]}
holidays: [2026-12-25]
"""


def test_a_calendar_is_set_listed_and_set_again(terminal: Terminal, tmp_path: Path) -> None:
    """Next year's holidays come one day."""
    file = tmp_path / "office.yaml"
    file.write_text(OFFICE, encoding="utf-8")
    assert terminal("calendars", "set", str(file), "--json").json == {"calendar": "office", "kinds": []}
    file.write_text(OFFICE.replace("2026-12-25", "2026-12-25, 2027-12-24"), encoding="utf-8")
    assert terminal("calendars", "set", str(file)).status == 0
    (listed,) = terminal("calendars", "list", "--json").json
    assert listed["holidays"] == ["2026-12-25", "2027-12-24"]
    assert "mon 09:00-17:00; fri 09:00-12:30" in terminal("calendars", "list").out


def test_what_goes_by_it_is_counted_again(terminal: Terminal, tmp_path: Path) -> None:
    """Other hours are other hours for what is past, too."""
    office, kind = tmp_path / "office.yaml", tmp_path / "refund.yaml"
    office.write_text(OFFICE, encoding="utf-8")
    shown = terminal("kinds", "show", "refund").out
    kind.write_text(shown.replace("within: P3D", "within: PT24H") + "calendar: office\n", encoding="utf-8")
    refused = terminal("kinds", "publish", str(kind))
    assert (refused.status, "no calendar 'office'" in refused.err) == (2, True)
    assert terminal("calendars", "set", str(office)).status == 0
    assert terminal("kinds", "publish", str(kind)).status == 0
    said = terminal("calendars", "set", str(office), "--json")
    assert said.json == {"calendar": "office", "kinds": ["refund"]}
    assert "refund go by office" in said.err


def test_a_calendar_with_faults_is_refused_with_their_lines(terminal: Terminal, tmp_path: Path) -> None:
    """And one that is not there is no traceback."""
    file = tmp_path / "office.yaml"
    file.write_text(OFFICE.replace("monday", "mondag"), encoding="utf-8")
    said = terminal("calendars", "set", str(file))
    assert (said.status, "Did you mean 'monday'?" in said.err, "Line 4" in said.err) == (2, True, True)
    assert terminal("calendars", "set", str(tmp_path / "nowhere.yaml")).status == 2
