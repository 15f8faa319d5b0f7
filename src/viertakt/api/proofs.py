"""What the door asks of a person's own session: that there is one, where it comes from, and how fresh its proof is."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from viertakt.access.model import Session
from viertakt.access.sign_in_model import Origin
from viertakt.access.signing_in import admit_again, fresh
from viertakt.api.route import Call
from viertakt.errors import Forbidden, StepUpRequired, ViertaktError

CLIENT_LENGTH_MAX = 200


def origin_of(call: Call) -> Origin:
    """Where a request comes from, as far as anybody can tell."""
    client = call.headers.get(b"user-agent", b"").decode("latin-1")
    shown = "".join(letter for letter in client[:CLIENT_LENGTH_MAX] if letter.isprintable())
    return Origin(call.client[0] if call.client else None, shown or None)


def own_session(call: Call) -> Session:
    """The session of whoever calls. Raises `Forbidden` for a program: it has no account."""
    if call.session is None:
        raise Forbidden("Only a person who is signed in has an account; a token has none.")
    return call.session


def proved_session(call: Call) -> Session:
    """The same, of somebody who has just proved who they are. Raises `StepUpRequired`."""
    session = own_session(call)
    step_up = fresh(session, call.application.limits.fresh_for)
    if step_up.until <= datetime.now(UTC):
        raise StepUpRequired(
            "This asks that you prove once more who you are: POST /v1/session/step-up, then ask again.",
            how=step_up.how,
        )
    return session


async def tried(call: Call, session: Session, act: Callable[[Any], Any]) -> Any:
    """What an act that judges a proof answers: the try is counted before, its refusal is recorded and then raised."""
    origin = origin_of(call)
    await call.application.sign_in(lambda conn: admit_again(conn, session, origin))
    answer = await call.application.sign_in(act)
    if isinstance(answer, ViertaktError):
        raise answer
    return answer
