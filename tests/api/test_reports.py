"""Reports through the door: what is asked, what is refused, and who may."""

from typing import Any

import httpx
import pytest

from tests.api.conftest import Running


def test_the_reports_there_are(admin: httpx.Client) -> None:
    """With how each is computed: a number nobody can explain is not believed."""
    items = admin.get("/v1/reports").json()["items"]
    assert [one["name"] for one in items][:3] == ["summary", "statuses", "flow"]
    assert all(one["definition"] for one in items)


def test_a_number_leads_to_its_list(admin: httpx.Client) -> None:
    """The query beside a number, listed as of the report's position, counts the same."""
    for n in range(3):
        admin.post(
            "/v1/operations", json={"kind": "ticket", "reference": f"report-{n}", "subject": "reporter"}
        )
    report = admin.get(
        "/v1/reports/statuses", params={"q": "subject:reporter", "zone": "Europe/Amsterdam"}
    ).json()
    assert [column["name"] for column in report["columns"]] == ["bucket", "status", "count"]
    assert (report["bucket"], report["zone"], report["partial"]) == ("day", "Europe/Amsterdam", False)
    numbers = [(row["values"][2], row["q"]) for row in report["rows"] if row["values"][2]]
    for number, query in numbers:
        asked = {"q": query, "as_of": report["position"], "count": "capped"}
        found = admin.get("/v1/operations", params=asked).json()
        assert found["count"]["value"] == number == len(found["items"])


def test_the_period_before_is_beside_it(admin: httpx.Client) -> None:
    """A whole month is compared with the month before, however long that was."""
    asked = {"from": "2026-03-01", "to": "2026-04-01", "compare": "previous", "zone": "Europe/Amsterdam"}
    report = admin.get("/v1/reports/flow", params=asked).json()
    assert (report["from"], report["to"]) == ("2026-02-28T23:00:00Z", "2026-03-31T22:00:00Z")
    assert (report["previous"]["from"], report["previous"]["to"]) == (
        "2026-01-31T23:00:00Z",
        "2026-02-28T23:00:00Z",
    )
    assert len(report["rows"]) == 31
    assert len(report["previous"]["rows"]) == 28


@pytest.mark.parametrize(
    ("name", "asked", "status", "says"),
    [
        ("sales", {}, 404, "There is no report 'sales'"),
        ("flow", {"from": "yesterday"}, 422, "from is a moment"),
        ("flow", {"from": "2026-03-02", "to": "2026-03-02"}, 422, "ends before it begins"),
        ("flow", {"from": "0001-01-01", "to": "2026-01-01"}, 422, "between 1970 and 2999"),
        ("flow", {"from": "2020-01-01", "to": "2026-01-01", "bucket": "hour"}, 422, "more than 800 steps"),
        ("flow", {"zone": "Mars"}, 422, "There is no time zone"),
        ("flow", {"q": "stauts:error"}, 400, "did_you_mean"),
        ("flow", {"bucket": "fortnight"}, 422, "bucket"),
    ],
)
def test_what_cannot_be_answered_is_refused(
    admin: httpx.Client, name: str, asked: dict[str, Any], status: int, says: str
) -> None:
    """With a sentence that says what to do."""
    answer = admin.get(f"/v1/reports/{name}", params=asked)
    assert answer.status_code == status, answer.text
    assert says in answer.text


def test_who_works_how_much_is_not_for_everybody(running: Running) -> None:
    """Not offered, and refused when it is asked for all the same."""
    with running.client("support") as support:
        assert "people" not in [one["name"] for one in support.get("/v1/reports").json()["items"]]
        refusal = support.get("/v1/reports/people")
        assert (refusal.status_code, refusal.json()["code"]) == (403, "forbidden")
    with running.client("auditor") as auditor:
        assert auditor.get("/v1/reports/people").status_code == 200
