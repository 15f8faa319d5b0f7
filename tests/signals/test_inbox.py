"""What waits, what contradicts, what is looked at and replayed: signals that do not simply act."""

import time
from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx

from tests.signals.office import Office
from viertakt.db.pool import connect
from viertakt.operations import holding
from viertakt.signals import keeping, store
from viertakt.signals.measures import measures
from viertakt.signals.model import SourceName


def event(type_: str, created: int, **fields: Any) -> dict[str, Any]:
    """An event of Stripe's about an object with these fields."""
    return {"id": f"evt_{uuid4()}", "type": type_, "created": created, "data": {"object": fields}}


def deposit(office: Office, amount: str = "12.00", **content: Any) -> tuple[str, str]:
    """A deposit that is being processed, and its reference."""
    reference = f"D-{uuid4()}"
    operation = office.open("deposit", reference, amount={"value": amount, "currency": "EUR"}, **content)
    office.move(operation, "submit")
    return operation, reference


def succeeded(reference: str, created: int = 1764000002, **more: Any) -> dict[str, Any]:
    told = {"id": f"pi_{reference}", "amount_received": 1200, "currency": "eur"} | more
    return event("payment_intent.succeeded", created, metadata={"reference": reference}, **told)


def test_a_report_waits_for_its_operation(office: Office) -> None:
    """Providers call back while our own transaction has not committed yet."""
    reference = f"D-{uuid4()}"
    assert office.deliver("stripe", succeeded(reference)).status_code == 202
    office.work()
    parked = next(one for one in office.signals(state="parked") if one["names"][1]["value"] == reference)
    assert parked["why"]["code"] == "no_operation"
    assert parked["names"][1] == {"scheme": "kind:deposit", "value": reference}
    operation = office.open("deposit", reference, amount={"value": "12.00", "currency": "EUR"})
    office.until(operation, "credited")
    (signal,) = office.signals(operation=operation)
    assert (signal["state"], signal["operation"]["reference"]) == ("applied", reference)


def test_what_its_provider_reports_is_applied_while_it_is_held(office: Office) -> None:
    """A report is no send: it has happened already, so it neither waits nor contradicts."""
    application, reference = office.application, f"D-{uuid4()}"
    operation = office.open("deposit", reference, amount={"value": "12.00", "currency": "EUR"})
    held = application.call(lambda conn: holding.hold(conn, f"reference:{reference}"))
    application.call(application.engine.holds.refresh)
    try:
        assert held in {one.id for one, _ in application.engine.holds.standing}
        office.deliver(
            "stripe", event("payment_intent.processing", 1764000002, metadata={"reference": reference})
        )
        office.until(operation, "processing")
        (signal,) = office.signals(operation=operation)
        assert (signal["state"], office.stage(operation)[2]) == ("applied", False)
    finally:
        application.call(lambda conn: holding.let_go(conn, held, per_minute=60))
        holding.Releaser(application.call).turn()
        application.call(application.engine.holds.refresh)


def test_a_report_waits_for_the_process_that_is_not_so_far(office: Office) -> None:
    """A payout may be paid before our own program has said that it was sent."""
    reference = f"W-{uuid4()}"
    operation = office.open("withdrawal", reference, amount={"value": "12.00", "currency": "EUR"})
    office.deliver("stripe", event("payout.paid", 1764000002, id="po_x", metadata={"reference": reference}))
    office.work()
    (signal,) = office.signals(operation=operation)
    assert (signal["state"], signal["why"]["code"]) == ("parked", "too_early")
    assert office.stage(operation) == ("requested", "pending", False)
    office.move(operation, "approve")
    office.move(operation, "send")
    office.until(operation, "paid")


def test_what_has_waited_for_a_day_is_flagged(office: Office) -> None:
    """A provider that paid what we never sent is a person's business, and soon."""
    reference = f"W-{uuid4()}"
    operation = office.open("withdrawal", reference, amount={"value": "12.00", "currency": "EUR"})
    office.deliver("stripe", event("payout.paid", 1764000002, id="po_y", metadata={"reference": reference}))
    office.work()
    with connect(office.running.database) as conn:
        conn.execute(
            "UPDATE viertakt.signal SET received_at = received_at - %s WHERE operation_id = %s",
            [timedelta(hours=25), operation],
        )
        conn.execute("UPDATE viertakt.signal_line SET due_at = now() WHERE operation_id = %s", [operation])
    office.work()
    assert office.stage(operation) == ("requested", "pending", True)
    (signal,) = office.signals(operation=operation)
    assert (signal["state"], signal["why"]["code"]) == ("contradicting", "too_early")


def test_a_report_against_the_end_is_kept_and_flagged(office: Office) -> None:
    """Never lost, and it overwrites nothing: somebody has to find out which of the two is true."""
    operation, reference = deposit(office)
    office.deliver("stripe", succeeded(reference))
    office.deliver(
        "stripe",
        event("payment_intent.canceled", 1764000009, id=f"pi_{reference}", metadata={"reference": reference}),
    )
    office.work()
    assert office.stage(operation) == ("credited", "success", True)
    last = office.signals(operation=operation)[-1]
    assert (last["state"], last["why"]["code"]) == ("contradicting", "contradicts_stage")
    history = office.admin.get(f"/v1/operations/{operation}/history").json()["items"]
    assert (history[-1]["sort"], history[-1]["seq"]) == ("contradicted", last["entry"])


def test_reports_that_contradict_each_other_are_flagged_in_either_order(office: Office) -> None:
    """Which came first on the wire says nothing about which is true."""
    for late_first in (False, True):
        operation, reference = deposit(office)
        known = {"id": f"pi_{reference}", "metadata": {"reference": reference}}
        code = {"last_payment_error": {"code": "card_declined"}}
        both = [
            succeeded(reference, 1764000002),
            event("payment_intent.payment_failed", 1764000009, **known, **code),
        ]
        for one in reversed(both) if late_first else both:
            office.deliver("stripe", one)
            office.work()
        assert office.stage(operation)[2] is True
        states = {one["state"] for one in office.signals(operation=operation)}
        assert states == {"applied", "contradicting"}


def test_a_flag_is_lifted_when_the_missing_report_comes(office: Office) -> None:
    """A queue at the provider's side is nobody's work: once the order is whole again, the operation is flagged no more."""
    operation, reference = deposit(office)
    known = {"id": f"pi_{reference}", "metadata": {"reference": reference}}
    code = {"last_payment_error": {"code": "card_declined"}}
    office.deliver("stripe", succeeded(reference, 1764000002))
    office.deliver("stripe", event("payment_intent.payment_failed", 1764000009, **known, **code))
    office.work()
    assert office.stage(operation) == ("credited", "success", True)
    lost = {"status": "lost", "metadata": {"reference": reference}}
    office.deliver("stripe", event("charge.dispute.closed", 1764000005, id=f"dp_{reference}", **lost))
    office.work()
    assert office.stage(operation) == ("reversed", "rejected", False)
    states = [one["state"] for one in office.signals(operation=operation)]
    assert states == ["applied", "known", "applied"]


def test_another_amount_goes_to_a_person(office: Office) -> None:
    """By the stage that its kind has for it, else by the flag; credited with a wrong amount it would be gone."""
    operation, reference = deposit(office)
    office.deliver("stripe", succeeded(reference, amount_received=1100))
    office.work()
    assert office.stage(operation) == ("amount_conflict", "pending", False)
    payout = f"W-{uuid4()}"
    withdrawal = office.open("withdrawal", payout, amount={"value": "50.00", "currency": "EUR"})
    office.move(withdrawal, "approve")
    office.move(withdrawal, "send")
    told = {"id": "po_z", "amount": 5000, "currency": "usd", "metadata": {"reference": payout}}
    office.deliver("stripe", event("payout.paid", 1764000002, **told))
    office.work()
    assert office.stage(withdrawal) == ("sending", "pending", True)


def test_a_code_that_nobody_knows_leaves_it_where_it_is(office: Office) -> None:
    """It is never guessed; once the mapping knows better, the signal is replayed."""
    mapping = """
codes: stripe
event: id
type: type
find: {deposit: {"kind:deposit": reference}}
rules: [{when: "type == 'ended'", kind: deposit, code: code}]
"""
    office.source("shop", "hmac", mapping=mapping)
    operation, reference = deposit(office)
    office.deliver(
        "shop", {"id": "1", "type": "ended", "code": "fell_over", "reference": reference}, scheme="hmac"
    )
    office.work()
    assert office.stage(operation) == ("processing", "pending", False)
    (signal,) = office.signals(operation=operation)
    assert (signal["state"], signal["why"]["code"]) == ("unmapped", "unmapped_code")
    office.source("shop", "hmac", mapping=mapping.replace("code: code", "outcome: error"))
    path = f"/v1/signals/shop/{signal['id']}/replay"
    assert office.admin.post(path).json()["state"] == "received"
    office.work()
    assert office.stage(operation) == ("failed", "error", False)
    assert office.admin.post(path).json()["state"] == "applied", "what has moved its operation stays"


def test_many_are_replayed_at_once(office: Office) -> None:
    """A mapping that was wrong for a night is mended by one command in the morning."""
    wrong = "event: id\nfind: {deposit: {'kind:deposit': ref}}\nrules: [{when: 'false', ignore: true}]"
    office.source("desk", "hmac", mapping=wrong)
    deposits = [deposit(office) for _ in range(3)]
    for n, (_, reference) in enumerate(deposits):
        office.deliver("desk", {"id": str(n), "ref": reference, "done": True}, scheme="hmac")
    office.work()
    assert [one["why"]["code"] for one in office.signals(source="desk")] == ["no_rule"] * 3
    right = wrong.replace("{when: 'false', ignore: true}", "{when: 'done', kind: deposit, outcome: success}")
    office.source("desk", "hmac", mapping=right)
    assert office.admin.post("/v1/sources/desk/replay", json={}).json() == {"count": 3}
    office.work()
    assert {office.look(one)["status"] for one, _ in deposits} == {"success"}


def test_a_payload_is_tried_without_changing_anything(office: Office) -> None:
    """What would it do, and why, before a provider is connected to it."""
    operation, reference = deposit(office)

    def tried(payload: dict[str, Any], **more: Any) -> dict[str, Any]:
        sent = {"payload": httpx.Response(200, json=payload).text, **more}
        answer = office.admin.post("/v1/sources/stripe/try", json=sent)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()["items"][0]
        return found

    would = tried(succeeded(reference))
    assert (would["state"], would["transition"], would["to"]) == ("applied", "credit", "credited")
    assert (would["operation"]["id"], would["stage"]) == (operation, "processing")
    assert tried(succeeded(reference, amount_received=1))["to"] == "amount_conflict"
    assert tried(succeeded("nobody's"))["why"]["code"] == "no_operation"
    assert tried(event("invoice.paid", 1))["why"]["code"] == "no_rule"
    ignoring = {"mapping": "rules: [{when: \"type == 'payment_intent.succeeded'\", ignore: true}]"}
    assert tried(succeeded(reference), **ignoring)["state"] == "ignored"
    assert office.stage(operation)[0] == "processing"
    assert office.signals(operation=operation) == []
    refused = office.admin.post("/v1/sources/stripe/try", json={"payload": "no json"})
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/payload")


def test_a_payload_shows_what_the_mapping_reads_and_nothing_else(office: Office) -> None:
    """Names and birthdays stand in payloads under names that nobody can list."""
    operation, reference = deposit(office)
    told = succeeded(
        reference, receipt_email="anna@example.com", shipping={"name": "Anna", "phone": 31612345678}
    )
    office.deliver("stripe", told)
    office.work()
    (signal,) = office.signals(operation=operation)
    detail = office.admin.get(f"/v1/signals/stripe/{signal['id']}").json()
    assert reference in detail["payload"]
    assert '"amount_received": 1200' in detail["payload"]
    for hidden in ("anna@example.com", "Anna", "31612345678"):
        assert hidden not in detail["payload"]
    assert detail["masked"] == 3


def test_the_signals_of_an_operation_are_there_for_who_sees_it(office: Office) -> None:
    """An inbox beside the list must not tell what the list hides; what belongs to none is shown to who sees all."""
    operation, reference = deposit(office, brand="casino-nl")
    office.deliver("stripe", succeeded(reference))
    office.deliver("stripe", succeeded(f"nobody's-{uuid4()}"))
    office.work()
    (signal,) = office.signals(operation=operation)
    with office.running.client("auditor") as auditor, office.running.client("integration") as program:
        assert auditor.get(f"/v1/signals/stripe/{signal['id']}").status_code == 200
        assert auditor.post(f"/v1/signals/stripe/{signal['id']}/replay").status_code == 403
        assert program.get("/v1/sources").status_code == 403
    with office.running.client("kyc") as other:
        seen = other.get(f"/v1/operations/{operation}").status_code == 200
        shown = other.get(f"/v1/signals/stripe/{signal['id']}").status_code == 200
        listed = other.get("/v1/signals", params={"operation": operation}).json()["items"]
        assert seen == shown == bool(listed)
    assert office.admin.get(f"/v1/signals/adyen/{signal['id']}").status_code == 404


def test_the_inbox_is_paged_and_filtered(office: Office) -> None:
    """The last received first, each once."""
    operation, reference = deposit(office)
    for created in range(5):
        office.deliver("stripe", succeeded(reference, 1764000002 + created))
        time.sleep(0.002)
    office.work()
    seen, cursor = [], None
    while True:
        asked: dict[str, str] = {"operation": operation, "limit": "2"} | (
            {"cursor": cursor} if cursor else {}
        )
        page = office.admin.get("/v1/signals", params=asked).json()
        seen += page["items"]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert [one["state"] for one in seen] == ["known"] * 4 + ["applied"]
    assert len({one["id"] for one in seen}) == 5
    assert office.admin.get("/v1/signals", params={"cursor": "x"}).status_code == 400
    counted = office.admin.get("/v1/signal-counts", params={"source": "stripe"}).json()
    assert {one["state"] for one in counted["states"]} >= {"applied", "known", "parked"}


def test_a_payload_is_revealed_for_a_reason_and_erased_for_good(office: Office) -> None:
    """Who looked and why stays in the audit; once erased it is gone for everybody, and its event still acts once."""
    operation, reference = deposit(office)
    told = succeeded(reference, receipt_email="anna@example.com")
    office.deliver("stripe", told)
    office.work()
    (signal,) = office.signals(operation=operation)
    at = f"/v1/signals/stripe/{signal['id']}"
    masked = office.admin.get(at).json()
    assert "anna@example.com" not in masked["payload"]
    assert (masked["revealable"], masked["may_erase"], masked["erased"]) == (True, True, None)
    with office.running.client("support") as support:
        assert support.post(f"{at}/reveal", json={"reason": "Looking around"}).status_code == 403
    shown = office.admin.post(f"{at}/reveal", json={"reason": "The customer asks"}).json()["payload"]
    assert "anna@example.com" in shown
    audit = office.admin.get("/v1/access-changes", params={"operation": operation}).json()["items"]
    assert (audit[0]["sort"], audit[0]["detail"]) == ("revealed", {"fields": [f"signal {signal['id']}"]})
    erased = office.admin.post(f"{at}/erase", json={"reason": "The customer asked for it"})
    assert (erased.status_code, erased.json()["payload"]) == (200, "")
    assert erased.json()["erased"]["reason"] == "The customer asked for it"
    assert office.admin.post(f"{at}/erase", json={"reason": "Once more"}).status_code == 200
    audit = office.admin.get("/v1/access-changes", params={"operation": operation}).json()["items"]
    assert [one["sort"] for one in audit] == ["erased", "revealed"]
    assert (audit[0]["reason"], audit[0]["detail"]) == (
        "The customer asked for it",
        {"fields": [f"signal {signal['id']}"]},
    )
    assert office.admin.post(f"{at}/reveal", json={"reason": "Once more"}).status_code == 404
    office.deliver("stripe", told)
    office.work()
    assert [one["deliveries"] for one in office.signals(operation=operation)] == [2]


def test_payloads_go_when_their_time_has_come_and_what_waits_in_vain_is_told(office: Office) -> None:
    """A report without its operation is somebody's money: it is counted for monitoring while it waits, and never erased unseen."""
    source = f"shop-{uuid4().hex[:8]}"
    office.source(source, "stripe")
    reference = f"D-{uuid4()}"
    office.deliver(source, succeeded(reference), scheme="stripe")
    office.work()
    ask = office.application.call
    assert source not in dict(ask(lambda conn: store.waiting_in_vain(conn, keeping.WAITED)))
    with connect(office.running.database) as conn:
        older = "UPDATE viertakt.signal SET received_at = received_at - interval '30 days' WHERE source = %s"
        conn.execute(older, [source])
    assert dict(ask(lambda conn: store.waiting_in_vain(conn, keeping.WAITED)))[SourceName(source)] == 1
    assert {one.name: one.value for one in ask(measures)}["signals_parked_in_vain"] >= 1
    assert ask(lambda conn: keeping.erase_old(conn, timedelta(days=40))) == 0
    assert ask(lambda conn: keeping.erase_old(conn, timedelta(days=20))) == 1
    (signal,) = office.signals(source=source)
    assert (signal["state"], signal["why"]["code"], signal["may_replay"]) == ("parked", "erased", False)
    office.work()
