"""Asking outside: the company's own service by a signed request, or a Python function of an entry point.

    POST https://checks.example.com/velocity      webhook-id: <operation>.<version>.<check>, the same on every attempt
    {"type": "check.asked", "timestamp": …, "data": {"check": "velocity", "run": …, "attempt": 2, "operation": {…}}}
        ──► 200 {"verdict": "pass" | "review" | "reject", "reason"?: code, "evidence"?: {…}}, or 202: it answers later
        ──► asked what became of it: 200 {"outcome": "success" | "error" | "rejected" | "unknown", "reason"?, "code"?}

Never with a transaction open. Whatever else comes back, or nothing, is no answer: it is never read as one.
"""

import base64
import time
from collections.abc import Callable, Mapping, Sequence
from importlib.metadata import entry_points
from threading import Thread
from typing import Any

import msgspec

from viertakt.access.sealing import Sealer
from viertakt.checks.model import Answered
from viertakt.kinds.model import Outcome, ReasonCode
from viertakt.operations.findings import CheckVerdict, Finding
from viertakt.operations.model import Operation
from viertakt.outgoing import SECRET_PREFIX, Networks, sign
from viertakt.outgoing_http import send

SECONDS_MAX = 10.0  # shorter than a lease: whoever is still waiting has not lost it
EVIDENCE_BYTES_MAX = 4096
CHECKS_GROUP, RE_ASK_GROUP = "viertakt.checks", "viertakt.re_ask"


class Sender(msgspec.Struct, frozen=True):
    """What asking needs: secrets from the installation's key, and where else than to public addresses it may go.

    `re_ask`: the entry point that is asked what became of an operation where its kind's own is not installed.
    """

    sealer: Sealer
    networks: Networks
    re_ask: str = ""

    def secrets(self, url: str) -> tuple[str, ...]:
        """The secrets that requests to this address are signed with, the one in use first."""
        return tuple(
            SECRET_PREFIX + base64.b64encode(key).decode("ascii")
            for key in self.sealer.derive(f"check:{url}")
        )


class Question(msgspec.Struct, frozen=True):
    """What is asked, of whom. `id` identifies it to whoever is asked: the same on every attempt."""

    id: str
    sort: str  # check.asked | outcome.asked
    name: str
    attempt: int
    operation: Operation
    http: str | None = None
    python: str | None = None

    @property
    def target(self) -> str:
        """Whom it asks, as its failures are counted."""
        return self.http or f"python:{self.python}"

    def document(self) -> dict[str, Any]:
        """What is sent: the operation as it stands, without personal values."""
        shown = msgspec.to_builtins(self.operation)
        shown.pop("assignment", None)
        data = {"check": self.name, "run": self.id, "attempt": self.attempt, "operation": shown}
        return {"type": self.sort, "timestamp": self.operation.changed_at.isoformat(), "data": data}


class Said(msgspec.Struct, frozen=True):
    """What came back: a document, "later", or why nothing did."""

    document: Mapping[str, Any] | None = None
    later: bool = False
    failure: str | None = None


class Reported(msgspec.Struct, frozen=True):
    """What became of it, as far as whoever was asked knows; with `failure`, nothing of use."""

    outcome: Outcome | None = None
    reason: ReasonCode | None = None
    code: str | None = None
    failure: str | None = None


def ask(question: Question, sender: Sender) -> Said:
    """What whoever is asked says, within ten seconds."""
    if question.http is not None:
        return _post(question, question.http, sender)
    assert question.python is not None, "only what asks somebody is asked"
    if question.sort == "outcome.asked":
        return _call(question, RE_ASK_GROUP, (question.python, sender.re_ask))
    return _call(question, CHECKS_GROUP, (question.python,))


def finding_of(name: str, said: Said, *, elsewhere: bool = True) -> Answered:
    """The verdict that was said. `elsewhere`: whether "later" is an answer."""
    if said.failure is not None or said.later:
        return Answered(later=said.later and elsewhere, failure=said.failure)
    document = said.document or {}
    if document.get("verdict") == "later" and elsewhere:
        return Answered(later=True)
    try:
        verdict = CheckVerdict(str(document.get("verdict")))
        reason = msgspec.convert(document.get("reason"), str | None)
        evidence = msgspec.convert(document.get("evidence") or {}, dict[str, Any])
    except (ValueError, msgspec.ValidationError):
        return Answered(failure="not_understood")
    if len(msgspec.json.encode(evidence)) > EVIDENCE_BYTES_MAX:
        evidence = {"cut": True}
    code = ReasonCode(reason) if reason is not None else None
    return Answered(finding=Finding(name, verdict, reason=code, evidence=evidence))


def outcome_of(said: Said) -> Reported:
    """The outcome that was said."""
    if said.failure is not None or said.later or said.document is None:
        return Reported(failure=said.failure or "later")
    try:
        return msgspec.convert(
            {name: said.document.get(name) for name in ("outcome", "reason", "code")}, Reported
        )
    except msgspec.ValidationError:
        return Reported(failure="not_understood")


def _post(question: Question, url: str, sender: Sender) -> Said:
    body = msgspec.json.encode(question.document())
    seconds = int(time.time())
    signed = [sign(secret, question.id, seconds, body) for secret in sender.secrets(url)]
    headers = signed[0] | {
        # Every key of the installation signs, so that one is replaced without an answer being refused.
        "webhook-signature": " ".join(one["webhook-signature"] for one in signed),
        "content-type": "application/json",
        "accept": "application/json",
        "idempotency-key": question.id,
    }
    sent = send(url, body, headers, allowed=sender.networks, total_seconds=SECONDS_MAX)
    if sent.failure is not None:
        return Said(failure=sent.failure.value)
    if sent.status == 202:
        return Said(later=True)
    if sent.status != 200 or sent.cut:
        return Said(failure="too_long" if sent.cut else f"answered_{sent.status}")
    return _read(sent.body)


def _read(body: bytes) -> Said:
    try:
        document = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeError):
        return Said(failure="not_understood")
    return Said(document) if isinstance(document, dict) else Said(failure="not_understood")


def _call(question: Question, group: str, names: Sequence[str]) -> Said:
    """What the first of these entry points that is installed says."""
    found = next((one for name in names for one in entry_points(group=group, name=name)), None)
    if found is None:
        return Said(failure="no_such_entry_point")
    told: list[Said] = []

    def run(function: Callable[[dict[str, Any]], Any]) -> None:
        try:
            answer = function(question.document())
            told.append(Said(answer) if isinstance(answer, dict) else Said(failure="not_understood"))
        except Exception as fault:  # noqa: BLE001 - somebody else's code: whatever it raises is no answer
            told.append(Said(failure=f"raised_{type(fault).__name__}"))

    try:
        function = found.load()
    except Exception as fault:  # noqa: BLE001 - the same of its import
        return Said(failure=f"raised_{type(fault).__name__}")
    # A thread that does not come back is left behind: it holds no connection, and its answer reaches nobody.
    thread = Thread(target=run, args=(function,), name=f"check-{found.name}", daemon=True)
    thread.start()
    thread.join(SECONDS_MAX)
    return told[0] if told else Said(failure="timeout")
