"""Moments at the ends of the calendar: every door that takes one takes it, or refuses it with why."""

import pytest

from tests.api.conftest import Running

ENDS = [
    "0001-01-01T00:00:00Z",
    "0001-01-01T00:00:00-14:00",
    "9999-12-31T23:59:59Z",
    "9999-12-31T23:59:59+14:00",
]


@pytest.mark.parametrize("moment", ENDS)
def test_no_moment_is_a_fault_of_ours(running: Running, moment: str) -> None:
    """A program that writes the first or the last moment it knows means "ever": arithmetic on it must not overflow."""
    with running.person("Mona") as client, running.person("Otto") as other:
        theirs = other.get("/v1/session").json()["actor"]["id"]
        made = client.post("/v1/operations", json={"kind": "ticket", "reference": f"M-{moment}"}).json()
        at = f"/v1/operations/{made['id']}"
        day = moment[:10]
        answers = [
            client.get(f"{at}/history", params={"as_of": moment}),
            client.get("/v1/skips", params={"before": moment}),
            client.get("/v1/operations", params={"q": f"created>{moment}"}),
            client.get("/v1/operations", params={"q": f"created:{day}..{day}"}),
            client.get("/v1/reports/flow", params={"from": moment, "to": moment, "compare": "previous"}),
            client.get("/v1/reports/flow", params={"from": day, "compare": "previous"}),
            client.get("/v1/reports/flow", params={"to": day}),
            client.post("/v1/tokens", json={"name": "x", "roles": ["read_only"], "expires_at": moment}),
            client.post(f"{at}/assignment", json={"act": "snooze", "until": moment}),
            client.post("/v1/delegations", json={"stand_in": theirs, "until_at": moment}),
            client.post("/v1/delegations", json={"stand_in": theirs, "until_at": ENDS[2], "from_at": moment}),
            client.post(
                "/v1/notices/changes", json={"act": "snooze", "everything": True, "upto": 1, "until": moment}
            ),
        ]
        told = [(answer.request.url.path, answer.status_code, answer.text[:90]) for answer in answers]
        assert [one for one in told if one[1] >= 500] == []
