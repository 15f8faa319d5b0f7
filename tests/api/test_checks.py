"""Checks over HTTP: what they said, who may look, and what is set for them by two persons."""

from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.api.conftest import Running
from viertakt.checks.running import project_runs
from viertakt.db.pool import connect
from viertakt.journal.followers import follow_all
from viertakt.journal.sequencing import sequence_all
from viertakt.reports.tallies import fold_statuses

SETTING = {"kind": "refund", "check": "velocity", "setting": {"at_most": 7}, "reason": "A busy weekend."}


@pytest.fixture
def two(running: Running) -> Iterator[tuple[httpx.Client, httpx.Client]]:
    """Two persons who manage."""
    with ExitStack() as stack:
        yield stack.enter_context(running.person("ada")), stack.enter_context(running.person("bea"))


def asked(client: httpx.Client, **change: Any) -> httpx.Response:
    return client.post("/v1/check-settings", json=SETTING | change)


def set_now(client: httpx.Client) -> Any:
    found = client.get("/v1/checks").json()["items"]
    return next(one for one in found if (one["kind"], one["check"]) == ("refund", "velocity"))["setting"]


def test_a_setting_takes_two_persons(two: tuple[httpx.Client, httpx.Client]) -> None:
    """Whoever may raise a bound alone may wave anything through."""
    ada, bea = two
    before = set_now(ada)
    answer = asked(ada)
    assert (answer.status_code, answer.json()["state"], set_now(ada)) == (202, "open", before)
    number = answer.json()["id"]
    own = ada.post(f"/v1/check-settings/{number}", json={"verdict": "approve"})
    assert (own.status_code, own.json()["why_not"]) == (403, "own_request")
    made = bea.post(f"/v1/check-settings/{number}", json={"verdict": "approve"})
    assert (made.status_code, made.json()["state"], set_now(ada)["at_most"]) == (200, "made", 7)
    assert bea.post(f"/v1/check-settings/{number}", json={"verdict": "decline"}).status_code == 409
    told = bea.get("/v1/check-settings", params={"state": "made"}).json()["items"]
    assert (told[0]["id"], told[0]["asked_by"]["name"], told[0]["reason"]) == (
        number,
        "ada",
        SETTING["reason"],
    )


def test_what_nobody_approved_is_not_in_force(two: tuple[httpx.Client, httpx.Client]) -> None:
    """Declined by another, or withdrawn by who asked; and never the other way round."""
    ada, bea = two
    before = set_now(ada)
    declined, withdrawn = (asked(ada, setting={"at_most": 99}).json()["id"] for _ in range(2))
    assert bea.post(f"/v1/check-settings/{declined}", json={"verdict": "decline"}).status_code == 200
    assert bea.post(f"/v1/check-settings/{withdrawn}", json={"verdict": "withdraw"}).status_code == 403
    assert ada.post(f"/v1/check-settings/{withdrawn}", json={"verdict": "withdraw"}).status_code == 200
    assert set_now(ada) == before


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"check": "velocty"}, "unknown_check"),
        ({"setting": {"at_most": "5000EUR"}}, "wrong_value"),
        ({"setting": {"block": {"subjekt": ["p-1"]}}}, "unknown_field"),
        ({"setting": {"block": {"subject": [""]}}}, "wrong_value"),
        ({"reason": " "}, "reason_required"),
    ],
)
def test_a_setting_that_says_nothing_is_refused(
    two: tuple[httpx.Client, httpx.Client], change: dict[str, Any], code: str
) -> None:
    """At once, and not when somebody else has approved it."""
    answer = asked(two[0], **change)
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, code)


def test_runs_are_for_those_who_see_the_operation(running: Running) -> None:
    """They are listed with filters, and run again by whoever may report."""
    with running.client() as admin, running.client("auditor") as auditor:
        amount = {"value": "20.00", "currency": "EUR"}
        content = {"kind": "refund", "reference": f"R-{uuid4()}", "subject": "p-1", "amount": amount}
        opened = admin.post("/v1/operations", json=content).json()
        with connect(running.database, autocommit=True) as conn:
            sequence_all(conn, (fold_statuses,))
            follow_all(conn, "checks", project_runs)
        path, only = f"/v1/operations/{opened['id']}/check-runs", {"operation": opened["id"]}
        (run,) = auditor.get("/v1/check-runs", params=only).json()["items"]
        assert (run["stage"], run["state"], run["reference"]) == ("requested", "due", content["reference"])
        assert auditor.get("/v1/check-runs", params=only | {"state": "done"}).json()["items"] == []
        assert auditor.post(path).status_code == 403
        assert admin.post(path).json()["items"][0]["attempt"] == 1
        said = {"run": f"{opened['id']}.1.velocity", "attempt": 1, "verdict": "pass"}
        assert admin.post("/v1/check-runs/answer", json=said).status_code == 412  # nobody said "later"
