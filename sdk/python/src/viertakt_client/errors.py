"""Every way a call can fail: one class for each thing a program would do differently.

    ViertaktError
    ├── Problem                 the server refused, and says why (RFC 9457): `code`, `detail`, `errors`, `facts`
    │   ├── Invalid             the request itself is wrong: mend it
    │   │   └── KeyReused       this request key carried another body
    │   ├── NotFound            nothing there that this token may see
    │   ├── Unauthenticated     who are you?
    │   ├── Forbidden           you may not
    │   ├── Conflict            the world is not as the request expects: read again, decide again
    │   │   ├── ReferenceTaken  this reference names another operation
    │   │   ├── NotPermitted    no such way out of the present stage
    │   │   ├── OnHold          something is wrong at its provider: try again later
    │   │   ├── Stale           the operation has moved on since it was read
    │   │   └── LostRace        others moved it each time while the server decided
    │   ├── RateLimited         too many at once, longer than we were ready to wait: `retry_after` seconds
    │   └── Unavailable         the server or its database does not work at the moment
    ├── Unreachable             no answer came: whether it happened is not known
    └── AlreadyEnded            the process of this operation has been here before, and ended

A class that a later server adds is raised as its nearest parent here, with its own `code`.
"""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import msgspec

from viertakt_client.model import Fault, Operation


class ViertaktError(Exception):
    """The root of all that this client raises by itself."""


class Problem(ViertaktError):
    """A refusal. `facts`: its further members, such as `stage` and `version`; `request_id`: to find it in the logs."""

    def __init__(self, status: int, document: Mapping[str, Any]) -> None:
        self.status = status
        self.code = str(document.get("code", f"http_{status}"))
        self.detail = str(document.get("detail", f"The server answered {status} without saying why."))
        self.request_id: str | None = document.get("instance")
        self.errors = _faults(document.get("errors", ()))
        self.facts = {name: value for name, value in document.items() if name not in _NO_FACTS}
        super().__init__(f"{self.code}: {self.detail}")


class Invalid(Problem):
    """The request itself is wrong: mend it."""


class KeyReused(Invalid):
    """This request key carried another body."""


class NotFound(Problem):
    """Nothing there that this token may see."""


class Unauthenticated(Problem):
    """No token, or one that is not valid any more."""


class Forbidden(Problem):
    """The grants of this token do not allow it."""


class Conflict(Problem):
    """The world is not as the request expects: read again, decide again."""


class ReferenceTaken(Conflict):
    """This reference names another operation."""


class NotPermitted(Conflict):
    """No such way out of the present stage."""


class OnHold(Conflict):
    """Something is wrong at its provider, so it is not sent now: try again later."""


class Stale(Conflict):
    """The operation has moved on since it was read."""


class LostRace(Conflict):
    """Others moved it each time while the server decided."""


class RateLimited(Problem):
    """Too many at once, and told to wait longer than we were ready to."""

    @property
    def retry_after(self) -> float | None:
        """Seconds until it makes sense to ask again, where the server says so."""
        value = self.facts.get("retry_after")
        return float(value) if isinstance(value, int | float) else None


class Unavailable(Problem):
    """The server or its database does not work at the moment; a write may have happened (ask again with its key)."""


class Unreachable(ViertaktError):
    """No answer came. A write may have happened: asked again with the same key, it happens once. `key`: of that write."""

    def __init__(self, message: str, *, key: str | None) -> None:
        super().__init__(message)
        self.key = key


class AlreadyEnded(ViertaktError):
    """This reference was opened before and has ended since: the block is not entered, so nothing happens twice."""

    def __init__(self, operation: Operation) -> None:
        super().__init__(
            f"{operation.kind} '{operation.reference}' has ended before, in '{operation.stage}' ({operation.status}). "
            "What is done again needs a reference of its own."
        )
        self.operation = operation


def problem(status: int, body: bytes) -> Problem:
    """The refusal that an answer holds; also where a proxy answered without a problem document."""
    try:
        document = msgspec.json.decode(body, type=dict[str, Any])
    except (msgspec.DecodeError, UnicodeDecodeError):
        document = {}
    return problem_of(status, document)


def problem_of(status: int, document: Mapping[str, Any]) -> Problem:
    """The refusal as the nearest class there is: by its code, else by its status."""
    by_status = Unavailable if status >= HTTPStatus.INTERNAL_SERVER_ERROR else _BY_STATUS.get(status, Invalid)
    return _BY_CODE.get(str(document.get("code")), by_status)(status, document)


def _faults(told: Any) -> tuple[Fault, ...]:
    try:
        return msgspec.convert(told, tuple[Fault, ...])
    except msgspec.ValidationError:
        return ()


_NO_FACTS = frozenset({"type", "title", "status", "code", "detail", "instance", "errors"})
_BY_CODE: dict[str, type[Problem]] = {
    "key_reused": KeyReused,
    "reference_taken": ReferenceTaken,
    "not_permitted": NotPermitted,
    "on_hold": OnHold,
    "stale": Stale,
    "lost_race": LostRace,
}
_BY_STATUS: dict[int, type[Problem]] = {
    HTTPStatus.UNAUTHORIZED: Unauthenticated,
    HTTPStatus.FORBIDDEN: Forbidden,
    HTTPStatus.NOT_FOUND: NotFound,
    HTTPStatus.CONFLICT: Conflict,
    HTTPStatus.PRECONDITION_FAILED: Stale,
    HTTPStatus.TOO_MANY_REQUESTS: RateLimited,
}
