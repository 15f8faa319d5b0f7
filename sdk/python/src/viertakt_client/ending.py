"""How a block of code ended, as a report: success, rejected, error, or unknown where somebody outside may have acted.

    with client.operation("withdrawal", reference="W-1001") as op:
        op.move("send")
        pay(op.id)

    the block is left            what is reported
    ──────────────────           ────────────────────────────────────────────────────────
    at its end                   success
    by Rejected("reason")        rejected, with the reason
    by any other exception       error; unknown in a kind with an external effect
    after op.outcome(…)          nothing more

The exception goes on to whoever called, also `Rejected`: nothing after the block runs as if it had gone well. A report
that is refused, or finds no server, is noted on the exception and never takes its place; the stage's time limit looks
after the operation then. The same holds for a process that is killed, which reports nothing.
"""

from collections.abc import Mapping
from typing import Any

import msgspec

from viertakt_client.model import Operation, Outcome, OutcomeResult, Status

MESSAGE_CHARS_MAX = 500


class Rejected(Exception):
    """Turned down, by our own decision or somebody's: the block that it leaves ends in rejected.

    `reason`: from the catalogue. `code`: a provider's, with its scheme ("iso20022:AC04"); either will do.
    """

    def __init__(
        self, reason: str | None = None, *, code: str | None = None, data: dict[str, Any] | None = None
    ) -> None:
        super().__init__(reason or code or "rejected")
        self.reason = reason
        self.code = code
        self.data = data


class Report(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is told of an end."""

    outcome: Outcome
    reason: str | None = None
    code: str | None = None
    data: Mapping[str, Any] | None = None


def report_of(error: BaseException | None, *, external: bool) -> Report:
    """What to report of a block that this exception left, or None. `external`: its kind has an effect outside."""
    match error:
        case None:
            return Report(Outcome.SUCCESS)
        case Rejected():
            return Report(Outcome.REJECTED, reason=error.reason, code=error.code, data=error.data)
    return Report(Outcome.UNKNOWN if external else Outcome.ERROR, data=said_of(error))


def said_of(error: BaseException) -> dict[str, str]:
    """Its class and message, without NUL and lone surrogates, which no text of ours may hold."""
    said = {"exception": type(error).__qualname__, "message": str(error)[:MESSAGE_CHARS_MAX]}
    return {name: text.encode("utf-8", "replace").decode().replace("\0", "") for name, text in said.items()}


def note_failed_report(error: BaseException, report: Report, failure: Exception) -> None:
    """Say on the exception that its report did not arrive."""
    error.add_note(f"viertakt: '{report.outcome}' could not be reported: {failure}")


def is_over(operation: Operation) -> bool:
    """Whether its process must not begin again. After an error it may: kinds say how (`send` again, and the like)."""
    return operation.status in {Status.SUCCESS, Status.REJECTED}


class Running:
    """What both running operations know."""

    def __init__(self, operation: Operation) -> None:
        self.operation = operation
        self.result: OutcomeResult | None = None

    @property
    def id(self) -> Any:
        """The operation's id."""
        return self.operation.id

    @property
    def reference(self) -> str:
        """Your own name for it."""
        return self.operation.reference
