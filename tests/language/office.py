"""A small back office at noon on 22 November 2026, in Amsterdam: what the questions of the guide are asked of."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from tests.language.rows import NOON, history, insert
from viertakt.db.pool import Connection

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
REVIEWED = ("requested/pending", "under_review/pending")
SENT = (*REVIEWED, "approved/pending", "sending/pending")

OFFICE: dict[str, dict[str, Any]] = {
    "W-1001": {
        "kind": "withdrawal", "stage": "under_review", "waiting_on": "operator", "subject": "player-7",
        "brand": "casino-nl", "worth": "1500EUR", "tags": ["vip"], "age": 30 * HOUR, "stage_time": 26 * HOUR,
        "attributes": {"method": "bank", "country": "NL", "wagering_open": False}, "history": REVIEWED,
    },
    "W-1002": {
        "kind": "withdrawal", "stage": "awaiting_documents", "waiting_on": "customer", "subject": "player-8",
        "brand": "casino-nl", "worth": "80EUR", "age": 3 * DAY, "stage_time": 2 * DAY, "due": 12 * DAY,
        "attributes": {"method": "card", "country": "NL"}, "history": (*REVIEWED, "awaiting_documents/pending"),
    },
    "W-1003": {
        "kind": "withdrawal", "stage": "sending", "waiting_on": "provider", "subject": "player-7",
        "brand": "casino-be", "worth": "2000EUR", "age": 5 * HOUR, "stage_time": 3 * HOUR, "due": -1.5 * HOUR,
        "attributes": {"method": "bank", "country": "BE"},
        "history": ("requested/pending", "approved/pending", "sending/pending"),
    },
    "W-1004": {
        "kind": "withdrawal", "stage": "paid", "status": "success", "subject": "player-9", "brand": "casino-nl",
        "worth": "250EUR", "age": 2 * DAY, "stage_time": 25 * HOUR, "tags": ["checked"],
        "attributes": {"method": "bank", "country": "NL"}, "history": (*SENT, "paid/success"),
        "aliases": {"stripe:payout": "po_9x"},
    },
    "W-1005": {
        "kind": "withdrawal", "stage": "rejected", "status": "rejected", "subject": "player-10",
        "brand": "casino-nl", "worth": "999.99EUR", "age": 6 * DAY, "stage_time": 4 * DAY,
        "attributes": {"method": "wallet", "country": "NL", "wagering_open": True},
        "history": (*REVIEWED, "releasing/pending/fraud", "rejected/rejected"),
    },
    "W-1006": {
        "kind": "withdrawal", "stage": "releasing", "waiting_on": "system", "subject": "player-9",
        "brand": "casino-nl", "worth": "40EUR", "age": 8 * DAY, "stage_time": 30 * HOUR,
        "attributes": {"method": "bank", "country": "NL"},
        "history": (*SENT, "paid/success", "releasing/pending/bank_returned"),
    },
    "W-1007": {
        "kind": "withdrawal", "stage": "failed", "status": "error", "subject": "player-11", "brand": "casino-com",
        "worth": "5000USD", "age": 7 * HOUR, "stage_time": 2 * HOUR,
        "history": ("requested/pending", "approved/pending", "sending/pending", "failed/error"),
    },
    "W-1008": {
        "kind": "withdrawal", "stage": "compliance_hold", "waiting_on": "other_team", "subject": "player-13",
        "brand": "casino-nl", "worth": "7500EUR", "age": 9 * DAY, "stage_time": 8 * DAY,
        "history": (*REVIEWED, "compliance_hold/pending"),
    },
    "D-2001": {
        "kind": "deposit", "stage": "credited", "status": "success", "subject": "player-7", "brand": "casino-nl",
        "worth": "100EUR", "age": 4 * HOUR, "stage_time": 3.9 * HOUR,
        "attributes": {"method": "wallet", "country": "NL", "received": "100"},
        "aliases": {"psp:payment": "pay_551"},
    },
    "D-2002": {
        "kind": "deposit", "stage": "amount_conflict", "waiting_on": "operator", "subject": "player-8",
        "brand": "casino-nl", "worth": "75EUR", "age": 1 * HOUR, "stage_time": 0.9 * HOUR,
        "attributes": {"method": "card", "received": "70"},
    },
    "D-2003": {
        "kind": "deposit", "stage": "failed", "status": "error", "subject": "player-12", "brand": "casino-com",
        "worth": "60GBP", "created_at": datetime(2026, 11, 21, 22, 30, tzinfo=UTC), "stage_time": 13 * HOUR,
    },
    "D-2004": {
        "kind": "deposit", "stage": "expired", "status": "rejected", "subject": "player-14", "brand": "casino-nl",
        "worth": "20EUR", "created_at": datetime(2026, 11, 21, 23, 30, tzinfo=UTC), "stage_time": 12 * HOUR,
        "contradiction": True,
    },
    "K-3001": {
        "kind": "kyc", "stage": "manual_review", "waiting_on": "operator", "subject": "player-7",
        "age": 28 * HOUR, "stage_time": 20 * HOUR, "parent": "W-1001",
        "attributes": {"level": "enhanced", "country": "NL", "document_expires_on": "2026-12-01", "attempt": 2},
    },
    "K-3002": {
        "kind": "kyc", "stage": "approved", "status": "success", "subject": "player-12", "age": 20 * DAY,
        "stage_time": 19 * DAY, "due": 8 * DAY,
        "attributes": {"level": "basic", "country": "BE", "document_expires_on": "2026-11-30", "attempt": 1},
    },
    "B-4001": {
        "kind": "bonus", "stage": "granted", "status": "success", "subject": "player-7", "brand": "casino-nl",
        "worth": "50EUR", "age": 15 * DAY, "stage_time": 15 * DAY,
        "attributes": {"campaign": "winter-2026", "wagering_factor": "35"},
    },
    "B-4002": {
        "kind": "bonus", "stage": "offered", "waiting_on": "customer", "subject": "player-7", "brand": "casino-nl",
        "worth": "10EUR", "age": 6 * DAY, "stage_time": 6 * DAY, "due": 5 * HOUR,
        "attributes": {"campaign": "winter-2026", "wagering_factor": "9.5"},
    },
    "T-5001": {
        "kind": "ticket", "stage": "on_hold", "waiting_on": "other_team", "subject": "anna@example.com",
        "age": 10 * DAY, "stage_time": 9 * DAY, "tags": ["vip", "payout"],
        "attributes": {"channel": "mail", "topic": "payout", "urgent": True},
    },
    "T-5002": {
        "kind": "ticket", "stage": "closed", "status": "success", "subject": "player-8", "age": 11 * DAY,
        "stage_time": 10 * DAY, "attributes": {"channel": "chat", "topic": "bonus", "urgent": True},
    },
    "R-6001": {
        "kind": "refund", "stage": "in_transit", "waiting_on": "provider", "subject": "Jansen BV",
        "brand": "shop-nl", "worth": "25EUR", "age": 4 * DAY, "stage_time": 3 * DAY, "due": 11 * DAY,
        "attributes": {"method": "card", "original_reference": "D-2001"},
    },
    "G-7001": {
        "kind": "dispute", "stage": "needs_response", "waiting_on": "operator", "subject": "player-15",
        "brand": "casino-nl", "worth": "300EUR", "age": 12 * DAY, "stage_time": 12 * DAY, "due": 2 * DAY,
        "attributes": {"scheme": "visa", "respond_by": "2026-11-24T12:00:00Z", "original_reference": "D-1999"},
    },
}  # fmt: skip


def open_office(conn: Connection) -> dict[UUID, str]:
    """All of it in the table; references by id."""
    ids: dict[str, UUID] = {}
    for reference, line in OFFICE.items():
        ids[reference] = insert(conn, reference=reference, **_columns(line, ids))
        history(conn, ids[reference], *line.get("history", ()))
    return {key: reference for reference, key in ids.items()}


def _columns(line: dict[str, Any], ids: dict[str, UUID]) -> dict[str, Any]:
    plain = {
        "kind",
        "stage",
        "status",
        "waiting_on",
        "subject",
        "brand",
        "tags",
        "attributes",
        "aliases",
        "contradiction",
    }
    columns = {name: line[name] for name in plain & line.keys()}
    columns["created_at"] = line.get("created_at") or NOON - line["age"]
    columns["entered_at"] = columns["changed_at"] = NOON - line["stage_time"]
    if line.get("status", "pending") != "pending":
        columns["closed_at"] = columns["entered_at"]
    if "due" in line:
        columns["deadline_at"] = NOON + line["due"]
    if "worth" in line:
        columns |= {"amount": Decimal(line["worth"][:-3]), "currency": line["worth"][-3:]}
    if "parent" in line:
        columns["parent_id"] = ids[line["parent"]]
    return columns
