"""What the door does with what providers send: verify first, keep once, answer at once, and count what it does not believe."""

from typing import Any
from uuid import uuid4

import pytest

from tests.signals.office import Office
from tests.signals.signing import SECRETS, signed


def paid(reference: str, **more: Any) -> dict[str, Any]:
    """A payout that was paid, as Stripe tells it."""
    payout = {"id": f"po_{reference}", "status": "paid", "metadata": {"reference": reference}}
    event = {"id": f"evt_{uuid4()}", "type": "payout.paid", "created": 1764000002, "data": {"object": payout}}
    return event | more


def sent_withdrawal(office: Office, amount: str = "50.00") -> tuple[str, str]:
    """A withdrawal that is on its way, and its reference."""
    reference = f"W-{uuid4()}"
    operation = office.open("withdrawal", reference, amount={"value": amount, "currency": "EUR"})
    office.move(operation, "approve")
    office.move(operation, "send")
    return operation, reference


def refused_count(office: Office, why: str) -> int:
    counts = office.admin.get("/v1/signal-counts", params={"source": "stripe"}).json()
    return sum(one["count"] for one in counts["refused"] if one["why"]["code"] == why)


def test_a_delivery_is_kept_and_answered_before_anything_is_applied(office: Office) -> None:
    """A provider waits some seconds and gives up; a batch that is slow must not look like a failed delivery."""
    operation, reference = sent_withdrawal(office)
    answer = office.deliver("stripe", paid(reference))
    assert (answer.status_code, answer.json()["new"]) == (202, 1)
    assert office.stage(operation)[0] == "sending"
    office.work()
    assert office.stage(operation) == ("paid", "success", False)
    (signal,) = office.signals(operation=operation)
    assert (signal["state"], signal["transition"], signal["to_stage"]) == ("applied", "settle", "paid")
    history = office.admin.get(f"/v1/operations/{operation}/history").json()["items"]
    assert history[-1]["actor"]["id"] == "system:source:stripe"
    assert history[-1]["cause"] == "source"
    assert history[-1]["seq"] == signal["entry"]


def test_an_event_acts_once_however_often_it_is_sent(office: Office) -> None:
    """Every provider says that it sends at least once."""
    operation, reference = sent_withdrawal(office)
    event = paid(reference)
    answers = [office.deliver("stripe", event).status_code for _ in range(4)]
    office.work()
    answers.append(office.deliver("stripe", event).status_code)
    office.work()
    assert answers == [202, 200, 200, 200, 200]
    (signal,) = office.signals(operation=operation)
    assert (signal["state"], signal["deliveries"]) == ("applied", 5)
    assert office.look(operation)["version"] == 4


@pytest.mark.parametrize("why", ["signature_wrong", "signature_missing", "too_old"])
def test_what_is_not_believed_is_counted_and_not_kept(office: Office, why: str) -> None:
    """Anybody can send a megabyte a thousand times; what it said is nobody's business."""
    operation, reference = sent_withdrawal(office)
    before = refused_count(office, why)
    body, headers = signed("stripe", paid(reference), at=1_000_000_000 if why == "too_old" else None)
    if why == "signature_missing":
        headers = {}
    with office.running.anybody() as somebody:
        changed = body.replace(b"paid", b"pa\\u0069d") if why == "signature_wrong" else body
        answer = somebody.post("/v1/signals/stripe", content=changed, headers=headers)
    assert answer.status_code == 401, answer.text
    assert answer.json()["why_not"] == why
    office.work()
    assert office.signals(operation=operation) == []
    assert refused_count(office, why) == before + 1


def test_a_body_may_have_a_megabyte_and_no_more(office: Office) -> None:
    """Refused by its length before it is read."""
    with office.running.anybody() as somebody:
        answer = somebody.post("/v1/signals/stripe", content=b"x" * 1_000_001)
    assert answer.status_code == 413


def test_there_is_no_other_source(office: Office) -> None:
    """Neither one that was never made, nor one that is switched off, nor whatever stands in the path."""
    office.source("resting", "stripe")
    office.source("resting", "stripe", active=False)
    with office.running.anybody() as somebody:
        for name in ("nobody", "resting", "STRIPE", "a" * 300, "..%2f"):
            assert somebody.post(f"/v1/signals/{name}", content=b"{}").status_code == 404, name


def test_what_is_signed_and_cannot_be_read_is_kept_for_a_person(office: Office) -> None:
    """Refused, it would be sent again for days and then be lost."""
    office.source("notes", "hmac", mapping="rules: [{when: 'type', ignore: true}]")
    import hashlib
    import hmac

    for body in (b"no json", b'{"type": "\\ud800"}', b"[" * 100_000, b'{"n": 1e999999999}', b"\xff"):
        mac = hmac.new(SECRETS["hmac"].encode(), body, hashlib.sha256).hexdigest()
        with office.running.anybody() as provider:
            answer = provider.post("/v1/signals/notes", content=body, headers={"x-signature": mac})
        assert answer.status_code == 202, answer.text
    office.work()
    found = office.signals(source="notes")
    assert [one["state"] for one in found] == ["unmapped"] * 5
    detail = office.admin.get(f"/v1/signals/notes/{found[0]['id']}").json()
    assert detail["payload"] == "•••"


def test_of_a_batch_of_adyens_what_is_signed_is_kept_and_the_rest_asked_for_again(office: Office) -> None:
    """One bad item must neither lose the good ones nor be lost itself, should its key only be mistyped here."""
    references = [f"A-{uuid4()}" for _ in range(2)]
    operations = [
        office.open("deposit", one, amount={"value": "1.00", "currency": "EUR"}) for one in references
    ]
    for operation in operations:
        office.move(operation, "submit")
    items = [
        {
            "NotificationRequestItem": {
                "eventCode": "AUTHORISATION",
                "success": "true",
                "pspReference": reference,
                "merchantReference": reference,
                "merchantAccountCode": "Shop",
                "eventDate": "2026-11-20T10:00:01+01:00",
                "amount": {"value": 100, "currency": "EUR"},
            }
        }
        for reference in references
    ]
    body, headers = signed("adyen", {"live": "false", "notificationItems": items})
    spoiled = body.replace(
        f'"merchantReference": "{references[1]}"'.encode(), b'"merchantReference": "other"'
    )
    with office.running.anybody() as provider:
        assert provider.post("/v1/signals/adyen", content=spoiled, headers=headers).status_code == 401
        office.work()
        assert [office.stage(one)[0] for one in operations] == ["authorised", "processing"]
        assert provider.post("/v1/signals/adyen", content=body, headers=headers).status_code == 202
        office.work()
    assert [office.stage(one)[0] for one in operations] == ["authorised", "authorised"]


def test_a_secret_is_replaced_without_a_gap_and_never_shown(office: Office) -> None:
    """The old one until the provider has the new one, then no more."""
    made = office.source("turning", "stripe")
    old = made["secrets"][0]["id"]
    added = office.admin.post("/v1/sources/turning/secrets", json={"secret": "whsec_the_new_one"})
    assert [*added.json()["secrets"][0]] == ["id", "added_at", "added_by"]
    for text in (
        added.text,
        office.admin.get("/v1/sources").text,
        office.admin.get("/v1/sources/turning").text,
    ):
        assert "whsec_" not in text
    _, reference = sent_withdrawal(office)
    for secret in (SECRETS["stripe"], "whsec_the_new_one"):
        assert office.deliver("turning", paid(reference), scheme="stripe", secret=secret).status_code == 202
    assert office.admin.delete(f"/v1/sources/turning/secrets/{old}").status_code == 200
    assert office.deliver("turning", paid(reference), scheme="stripe").status_code == 401
    audit = office.admin.get("/v1/access-changes").json()["items"]
    told = [one["sort"] for one in audit if "source:turning" in str(one)]
    assert told[:3] == ["secret_removed", "secret_added", "secret_added"]
    assert "whsec_" not in str(audit)
    with_new = office.deliver("turning", paid(reference), scheme="stripe", secret="whsec_the_new_one")
    assert with_new.status_code == 202
    rows = office.running.database
    from viertakt.db.pool import connect

    with connect(rows) as conn:
        sealed = conn.execute("SELECT sealed FROM viertakt.source_secret").fetchall()
    assert all(b"whsec_" not in bytes(row[0]) for row in sealed)
