"""Personal values are nowhere but where they are revealed, and that is an act: who, when, why, and not too often."""

from uuid import uuid4

import httpx
import pytest

from tests.api.asking import refused
from tests.api.conftest import Running
from viertakt.access import revealing
from viertakt.api.routes.kinds import EXAMPLE as PARCEL
from viertakt.db.pool import connect
from viertakt.journal.sequencing import sequence_all
from viertakt.reports.tallies import fold_statuses

IBAN = "NL91ABNA0417164300"


def opened(client: httpx.Client) -> str:
    """The id of a withdrawal with an account number, amended once, and moved with a provider's payload."""
    answer = client.post(
        "/v1/operations",
        json={
            "kind": "withdrawal",
            "reference": f"W-{uuid4()}",
            "amount": {"value": "50.00", "currency": "EUR"},
            "attributes": {"method": "bank", "iban": IBAN},
        },
    )
    assert answer.status_code == 201, answer.text
    assert IBAN not in answer.text
    found: str = answer.json()["id"]
    moved = client.post(
        f"/v1/operations/{found}/moves",
        json={"transition": "approve", "comment": "spoke to her", "data": {"holder": IBAN}},
    )
    assert moved.status_code == 201, moved.text
    return found


def test_what_is_personal_stands_nowhere(admin: httpx.Client, running: Running) -> None:
    """Not for an administrator either: lists, details, histories, journal, stream, files and errors tell its name only."""
    id_ = opened(admin)
    with connect(running.database, role="viertakt_app", autocommit=True) as conn:
        sequence_all(conn, [fold_statuses])
    with running.person("Masked", "admin") as person:
        for client in (admin, person):
            for path, params in (
                (f"/v1/operations/{id_}", {}),
                (f"/v1/operations/{id_}/history", {}),
                ("/v1/operations", {"limit": "200"}),
                ("/v1/journal", {"limit": "200"}),
                ("/v1/reports/reasons", {"format": "csv"}),
                ("/v1/approvals", {}),
            ):
                answer = client.get(path, params=params)
                assert answer.status_code == 200, answer.text
                assert IBAN not in answer.text, path
        detail = person.get(f"/v1/operations/{id_}").json()
        entries = person.get(f"/v1/operations/{id_}/history").json()["items"]
    assert detail["attributes"] == {"method": "bank"}
    assert (detail["masked"], detail["revealable"]) == (["iban"], True)
    assert [entry["masked"] for entry in entries] == [["iban"], ["data"]]
    assert entries[1]["comment"] == "spoke to her"
    with admin.stream("GET", "/v1/stream", params={"after": "1.0", "q": f"id:{id_}"}) as answer:
        heard = []
        for line in answer.iter_lines():
            heard.append(line)
            if '"transition":"approve"' in line:
                break
    assert IBAN not in "\n".join(heard)
    amended = admin.patch(f"/v1/operations/{id_}", json={"attributes": {"iban": 17}})
    assert amended.status_code in {409, 422}
    assert IBAN not in amended.text


def test_revealing_shows_the_values_and_is_kept(admin: httpx.Client, running: Running) -> None:
    """Whoever looks at an account number has a reason, and it can be asked for later."""
    id_ = opened(admin)
    with running.person("Vera", "support") as person:
        path = f"/v1/operations/{id_}/reveal"
        assert person.post(path, json={}).status_code == 422
        assert person.post(path, json={"reason": "  "}).status_code == 422
        shown = person.post(path, json={"reason": "Asks where it went"})
        assert shown.status_code == 200, shown.text
        assert shown.headers["cache-control"] == "no-store"
        assert shown.json()["attributes"] == {"iban": IBAN}
        datas = [entry["data"] for entry in shown.json()["entries"]]
        assert datas[0]["attributes"]["iban"] == IBAN
        assert datas[1] == {"holder": IBAN}
        # It is shown once: the next look is masked again.
        assert IBAN not in person.get(f"/v1/operations/{id_}").text
        who = person.get("/v1/session").json()["actor"]["id"]
    changes = admin.get("/v1/access-changes", params={"operation": id_}).json()["items"]
    assert [(one["sort"], one["by"]["id"], one["reason"]) for one in changes] == [
        ("revealed", who, "Asks where it went")
    ]
    assert changes[0]["detail"] == {"fields": ["data", "iban"]}
    assert IBAN not in str(changes)


def test_a_program_reveals_only_by_a_grant_of_its_own(admin: httpx.Client, running: Running) -> None:
    """The payout service needs the account; nobody else's program does."""
    id_ = opened(admin)
    path, why = f"/v1/operations/{id_}/reveal", {"reason": "Payout"}
    with running.client("integration") as program:
        assert program.get(f"/v1/operations/{id_}").json()["revealable"] is False
        refused(program.post(path, json=why), 403, "forbidden")
    token = admin.post(
        "/v1/tokens",
        json={"name": "payout", "grants": [{"may": ["view", "reveal"], "kinds": ["withdrawal"]}]},
    ).json()["token"]
    with running.anybody() as program:
        program.headers["authorization"] = f"Bearer {token}"
        assert program.post(path, json=why).json()["attributes"] == {"iban": IBAN}


def test_revealing_has_a_limit(
    admin: httpx.Client, running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever goes through all accounts, one after the other, is stopped; a colleague is not."""
    monkeypatch.setattr(revealing, "REVEALS_MAX", 2)
    id_ = opened(admin)
    path, why = f"/v1/operations/{id_}/reveal", {"reason": "Looking around"}
    with running.person("Lars", "support") as person, running.person("Mia", "support") as colleague:
        assert [person.post(path, json=why).status_code for _ in range(2)] == [200, 200]
        problem = refused(person.post(path, json=why), 429, "rate_limited")
        assert 0 < problem["retry_after"] <= 3600
        assert colleague.post(path, json=why).status_code == 200


@pytest.mark.parametrize(
    "q", [f"attributes.iban:{IBAN}", "-attributes.iban:*", "kind:withdrawal OR attributes.iban:NL"]
)
@pytest.mark.parametrize("path", ["/v1/operations", "/v1/counts", "/v1/stream", "/v1/reports/statuses"])
def test_nothing_is_found_by_what_is_masked(admin: httpx.Client, path: str, q: str) -> None:
    """Counting the accounts that begin with NL91 would be reading them, one digit at a time."""
    problem = refused(admin.get(path, params={"q": q}), 400, "invalid_query")
    assert problem["detail"].startswith("attributes.iban is personal")
    assert problem["fault"] == "masked"


def made_personal(admin: httpx.Client, running: Running) -> tuple[str, str, str]:
    """A kind, an operation of its first version, and a value in it that the second version calls personal."""
    kind, secret = f"parcel_{uuid4().hex[:8]}", f"Kerkstraat {uuid4().hex[:8]}"
    document = PARCEL | {
        "kind": kind,
        "attributes": {"street": {"type": "string"}, "weight": {"type": "string"}},
    }
    assert admin.put(f"/v1/kinds/{kind}", json=document).status_code in {200, 201}
    opening = {
        "kind": kind,
        "reference": f"P-{uuid4()}",
        "attributes": {"street": secret, "weight": "2 kg"},
    }
    id_ = admin.post("/v1/operations", json=opening).json()["id"]
    assert secret in admin.get(f"/v1/operations/{id_}").text
    document["attributes"] = {"street": {"type": "string", "class": "personal"}, "weight": {"type": "string"}}
    assert admin.put(f"/v1/kinds/{kind}", json=document).status_code in {200, 201}
    with connect(running.database, role="viertakt_app", autocommit=True) as conn:
        sequence_all(conn, [fold_statuses])
    return kind, id_, secret


def test_what_a_later_version_makes_personal_is_masked_where_it_was_open(
    admin: httpx.Client, running: Running
) -> None:
    """Nobody who sees an operation of before, or its history, reads what is personal now; revealing shows it."""
    kind, id_, secret = made_personal(admin, running)
    for path, params in (
        (f"/v1/operations/{id_}", {}),
        (f"/v1/operations/{id_}/history", {}),
        (f"/v1/operations/{id_}/history", {"as_of": "2100-01-01T00:00:00Z"}),
        ("/v1/operations", {"q": f"kind:{kind}"}),
        ("/v1/journal", {"limit": "200"}),
        ("/v1/operations", {"q": f'"{secret}"'}),
    ):
        answer = admin.get(path, params=params)
        assert answer.status_code == 200, answer.text
        assert secret not in answer.text, path
    detail = admin.get(f"/v1/operations/{id_}").json()
    assert (detail["attributes"], detail["masked"]) == ({"weight": "2 kg"}, ["street"])
    (entry,) = admin.get(f"/v1/operations/{id_}/history").json()["items"]
    assert (entry["data"]["attributes"], entry["masked"]) == ({"weight": "2 kg"}, ["street"])
    with running.person("Vera", "support") as person:
        shown = person.post(f"/v1/operations/{id_}/reveal", json={"reason": "Where does it go?"})
        assert shown.json()["attributes"] == {"street": secret}


def test_what_a_later_version_makes_personal_goes_nowhere_from_then_on(
    admin: httpx.Client, running: Running
) -> None:
    """Not with the answer to a move, not down a stream, not into a dashboard."""
    kind, id_, secret = made_personal(admin, running)
    moved = admin.post(f"/v1/operations/{id_}/moves", json={"transition": "deliver"})
    assert moved.status_code == 201, moved.text
    assert secret not in moved.text
    with connect(running.database, role="viertakt_app", autocommit=True) as conn:
        sequence_all(conn, [fold_statuses])
    with admin.stream("GET", "/v1/stream", params={"after": "1.0", "q": f"kind:{kind}"}) as answer:
        heard = []
        for line in answer.iter_lines():
            heard.append(line)
            if '"transition":"deliver"' in line:
                break
    assert "2 kg" in "\n".join(heard)
    assert secret not in "\n".join(heard)
    with connect(running.database) as conn:
        seen = conn.execute(
            "SELECT attributes::text FROM reporting.operations WHERE operation_id = %s", (id_,)
        ).fetchone()
    assert seen is not None
    assert secret not in seen[0]
