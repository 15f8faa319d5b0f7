"""Every way a request can be refused: one class for each thing a caller would do differently.

    ViertaktError
    ├── Invalid                 the request itself is wrong: mend it
    │   ├── InvalidKind         a kind's document has faults (all of them at once)
    │   ├── InvalidQuery        a query does not read; says where and what was meant
    │   └── InvalidCursor       a cursor of another list, or none of ours
    ├── NotFound                nothing there that the caller may see
    ├── Unauthenticated         who are you?
    │   └── SecondFactorRequired  the password is right; a code is needed too
    ├── Forbidden               you may not
    │   ├── StepUpRequired      you may, once you have proved again who you are
    │   ├── FactorMissing       you may, once you have an authenticator: your role asks for one
    │   ├── PasswordMade        you may, once you have chosen a password of your own
    │   └── Looking             you look through the eyes of a role: nothing is changed meanwhile
    ├── Conflict                the world is not as the request expects: reload, decide again
    │   ├── ReferenceTaken      this reference names another operation
    │   ├── KindTaken           this version of the kind is published with other content
    │   ├── NotPermitted        no such way out of the present stage
    │   ├── OnHold              its provider has trouble: ask again when that is over
    │   ├── Stale               the operation has moved on since it was read
    │   ├── LostRace            others moved it three times while we decided
    │   └── RetryTransaction    a host's own transaction has read what others changed: run all of it again
    ├── KeyReused               this request key carried another body
    ├── RateLimited             too many at once: wait
    └── Unavailable             the database does not answer; nothing is known to be lost

The core does not know HTTP: `viertakt.api.problems` maps each `code` to a status, and a test proves the table complete.
A refusal's message is one sentence or two: what, with which values, and what to do.
"""

import msgspec


class Fault(msgspec.Struct, frozen=True):
    """One complaint: a JSON Pointer (or a kind's path), a stable code, the sentence, the value and the remedy."""

    pointer: str
    code: str
    detail: str
    value: str | None = None
    remedy: str | None = None


class ViertaktError(Exception):
    """The root of all expected refusals; anything else that is raised is a bug."""

    code = "refused"

    def __init__(self, detail: str, *, faults: tuple[Fault, ...] = (), **facts: object) -> None:
        """Facts become members of the problem document: values, never secrets."""
        super().__init__(detail)
        self.detail = detail
        self.faults = faults
        self.facts = facts


class Invalid(ViertaktError):
    code = "invalid"


class InvalidKind(Invalid):
    code = "invalid_kind"


class InvalidQuery(Invalid):
    code = "invalid_query"


class InvalidCursor(Invalid):
    code = "invalid_cursor"


class NotFound(ViertaktError):
    code = "not_found"


class Unauthenticated(ViertaktError):
    code = "unauthenticated"


class SecondFactorRequired(Unauthenticated):
    code = "second_factor_required"


class Forbidden(ViertaktError):
    code = "forbidden"


class StepUpRequired(Forbidden):
    code = "step_up_required"


class FactorMissing(Forbidden):
    code = "factor_missing"


class PasswordMade(Forbidden):
    code = "password_made"


class Looking(Forbidden):
    code = "looking"


class Conflict(ViertaktError):
    code = "conflict"


class ReferenceTaken(Conflict):
    code = "reference_taken"


class KindTaken(Conflict):
    code = "kind_taken"


class NotPermitted(Conflict):
    code = "not_permitted"


class OnHold(Conflict):
    code = "on_hold"


class Stale(Conflict):
    code = "stale"


class LostRace(Conflict):
    code = "lost_race"


class RetryTransaction(Conflict):
    code = "retry_transaction"


class KeyReused(ViertaktError):
    code = "key_reused"


class RateLimited(ViertaktError):
    code = "rate_limited"


class Unavailable(ViertaktError):
    code = "unavailable"
