"""Reports as files, and frozen ones, through the door."""

import csv
import io
import json
from typing import Any

import httpx
import openpyxl
import pytest

from tests.api.asking import refused
from tests.api.conftest import PASSWORD, Running
from viertakt.db.pool import connect

JANUARY = {"from": "2026-01-01", "to": "2026-02-01", "bucket": "week", "zone": "Europe/Amsterdam"}
FROZEN = JANUARY | {"title": "January"}


def test_a_report_is_a_csv_file(admin: httpx.Client) -> None:
    """Under a name that says what it holds, since files are kept in one folder."""
    answer = admin.get("/v1/reports/flow", params=JANUARY | {"format": "csv", "language": "nl"})
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"] == (
        'attachment; filename="viertakt-flow-2026-01-01-2026-01-31.csv"'
    )
    assert answer.headers["journal-position"].partition(".")[0] == "1"
    assert answer.headers["x-content-type-options"] == "nosniff"
    lines = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    assert lines[0] == ["Periode", "Aangemaakt", "Afgerond", "Open aan het eind"]
    assert [line[0] for line in lines[1:3]] == ["2026-01-01T00:00:00+01:00", "2026-01-05T00:00:00+01:00"]


def test_a_report_is_a_spreadsheet_that_says_what_it_was_asked(admin: httpx.Client) -> None:
    """The numbers of its table, and on a second page filter, period, zone, position and how it is computed."""
    asked = JANUARY | {"q": "kind:ticket  -brand:north"}
    data = admin.get("/v1/reports/flow", params=asked).json()
    answer = admin.get("/v1/reports/flow", params=asked | {"format": "xlsx"})
    assert answer.headers["content-type"].endswith("spreadsheetml.sheet")
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    page, about = book.worksheets
    assert [cell.value for cell in page[1]] == ["Period", "Created", "Finished", "Open at the end"]
    numbers = [[cell.value for cell in row][1:] for row in page.iter_rows(min_row=2)]
    assert numbers == [row["values"][1:] for row in data["rows"]]
    facts = dict(about.values)
    assert facts["Filter"] == "kind:ticket -brand:north"
    assert facts["Period"] == "2026-01-01 00:00 up to 2026-02-01 00:00"
    assert facts["Time zone"] == "Europe/Amsterdam"
    assert facts["Journal position"] == answer.headers["journal-position"]
    assert facts["How it is computed"] == data["definition"]


def test_a_report_is_lines_of_json(admin: httpx.Client) -> None:
    """With the contract's names and codes whatever the language: programs read it."""
    admin.post("/v1/operations", json={"kind": "ticket", "reference": "file-1", "subject": "filer"})
    asked = {"q": "subject:filer"}
    data = admin.get("/v1/reports/statuses", params=asked).json()
    answer = admin.get("/v1/reports/statuses", params=asked | {"format": "jsonl", "language": "nl"})
    assert answer.headers["content-type"] == "application/jsonl"
    rows = [json.loads(line) for line in answer.content.splitlines()]
    names = [column["name"] for column in data["columns"]]
    assert rows == [dict(zip(names, row["values"], strict=True)) for row in data["rows"]]


def test_names_in_a_file_are_the_kinds_own(admin: httpx.Client) -> None:
    """`under_review` is a name for programs; the kind says what people call it."""
    admin.post(
        "/v1/operations",
        json={"kind": "withdrawal", "reference": "file-2", "amount": {"value": "5", "currency": "EUR"}},
    )
    asked = {"include": "open", "format": "csv", "language": "nl"}
    text = admin.get("/v1/reports/stages", params=asked).content.decode("utf-8-sig")
    lines = list(csv.DictReader(io.StringIO(text), delimiter=";"))
    assert "Opname" in {line["Type"] for line in lines}
    assert "withdrawal" not in text


def test_a_file_speaks_the_language_of_whoever_is_signed_in(running: Running) -> None:
    """A link is followed by a browser, which says nothing about languages of ours."""
    with running.anybody() as browser:
        signed_in = browser.post("/v1/session", json={"email": "anna@example.com", "password": PASSWORD})
        assert signed_in.status_code < 300
        for language, heading in (("nl", "Leeftijd"), ("en", "Age")):
            with connect(running.database) as conn:
                conn.execute("UPDATE viertakt.person SET language = %s", [language])
            answer = browser.get("/v1/reports/ageing?format=csv")
            assert answer.content.decode("utf-8-sig").startswith(heading)


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({"format": "pdf"}, 422),
        ({"format": "csv", "language": "de"}, 422),
        ({"format": "csv", "compare": "previous"}, 422),
        ({"format": "csv", "q": "stauts:error"}, 400),
    ],
)
def test_what_is_no_file_is_refused(admin: httpx.Client, asked: dict[str, Any], status: int) -> None:
    """With a problem document, not a file that holds an error."""
    answer = admin.get("/v1/reports/flow", params=asked)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")


def test_a_report_is_frozen_listed_and_read(admin: httpx.Client) -> None:
    """Its answer is the report's own document as it was."""
    live = admin.get("/v1/reports/flow", params=JANUARY).json()
    made = admin.post("/v1/reports/flow/freeze", json=FROZEN)
    assert made.status_code == 201, made.text
    frozen = made.json()
    assert made.headers["location"] == f"/v1/frozen-reports/{frozen['id']}"
    assert (frozen["title"], frozen["name"], frozen["from"]) == ("January", "flow", "2025-12-31T23:00:00Z")
    assert admin.get("/v1/frozen-reports").json()["items"][0] == frozen
    read = admin.get(made.headers["location"]).json()
    assert read["answer"]["rows"] == live["rows"]
    assert {name: read[name] for name in frozen} == frozen
    assert (read["corrections"], read["corrections_partial"]) == ([], False)


def test_a_frozen_report_is_a_file_with_its_corrections(admin: httpx.Client) -> None:
    """What was reported and what corrects it lie in one file."""
    path = admin.post("/v1/reports/statuses/freeze", json=FROZEN).headers["location"]
    answer = admin.get(path, params={"format": "xlsx", "language": "nl"})
    assert 'filename="viertakt-statuses-2026-01-01-2026-01-31.xlsx"' in answer.headers["content-disposition"]
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    assert book.sheetnames == ["Rapport", "Correcties", "Toelichting"]
    assert dict(book.worksheets[2].values)["Bevroren"].startswith("January: tests, ")
    assert admin.get(path, params={"format": "csv"}).headers["content-type"] == "text/csv; charset=utf-8"


@pytest.mark.parametrize(
    ("name", "body", "status", "code"),
    [
        ("sales", {}, 404, "not_found"),
        ("flow", {"to": "2999-01-01", "bucket": "quarter", "from": "2900-01-01"}, 422, "invalid"),
        ("flow", {"title": ""}, 422, "invalid"),
        ("flow", {"q": "stauts:error"}, 400, "invalid_query"),
        ("flow", {"from": None}, 422, "invalid"),
    ],
)
def test_what_cannot_be_frozen_is_refused(
    admin: httpx.Client, name: str, body: dict[str, Any], status: int, code: str
) -> None:
    """Nothing half is kept for good."""
    before = admin.get("/v1/frozen-reports").json()
    refused(admin.post(f"/v1/reports/{name}/freeze", json=FROZEN | body), status, code)
    assert admin.get("/v1/frozen-reports").json() == before


def test_a_frozen_report_on_people_is_for_those_who_may_read_it(
    running: Running, admin: httpx.Client
) -> None:
    """Frozen, it is no more everybody's than it was."""
    path = admin.post("/v1/reports/people/freeze", json=FROZEN).headers["location"]
    with running.client("support") as support:
        refused(support.post("/v1/reports/people/freeze", json=FROZEN), 403, "forbidden")
        refused(support.get(path), 404, "not_found")  # it counts what support does not see
        assert "people" not in [one["name"] for one in support.get("/v1/frozen-reports").json()["items"]]


@pytest.mark.parametrize("name", ["nonsense", "01939f4e-7c1a-7b3e-9a51-3f0c8f2b6d10"])
def test_what_is_no_frozen_report_is_not_found(admin: httpx.Client, name: str) -> None:
    """No id and nobody's id look the same."""
    refused(admin.get(f"/v1/frozen-reports/{name}"), 404, "not_found")
