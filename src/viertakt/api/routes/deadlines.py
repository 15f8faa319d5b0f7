"""How deadlines fire: whether they do, what waits, and stopping and resuming it."""

from viertakt.access.grants import MANAGE
from viertakt.api import deadlines as documents
from viertakt.api.route import Answers, Call, Reply, Route
from viertakt.api.shapes import utc
from viertakt.deadlines import firing
from viertakt.deadlines.model import Standing


async def read_deadlines(call: Call) -> Reply:
    """Whether deadlines fire, and what waits to."""
    return await _standing(call)


async def pause_deadlines(call: Call) -> Reply:
    """Fire nothing from now on. Again is harmless."""
    await call.application.ask(lambda conn: firing.pause(conn, call.by))
    return await _standing(call)


async def resume_deadlines(call: Call) -> Reply:
    """Fire what is due again, after a pause or a jump of the clock. Again is harmless."""
    await call.application.ask(lambda conn: firing.resume(conn, call.by))
    return await _standing(call)


async def _standing(call: Call) -> Reply:
    found = await call.application.ask(firing.standing)
    return Reply(200, _document(found, counts=bool(call.by.rights.to(MANAGE))))


def _document(found: Standing, *, counts: bool) -> documents.DeadlineStanding:
    pause = None
    if found.pause is not None:
        jumped = found.pause.jumped
        pause = documents.DeadlinePause(
            paused_at=utc(found.pause.paused_at),
            cause=found.pause.cause,
            paused_by=found.pause.paused_by,
            jumped_seconds=jumped.total_seconds() if jumped else None,
        )
    return documents.DeadlineStanding(
        paused=pause is not None,
        pause=pause,
        due=found.due if counts else None,
        refused=found.refused if counts else None,
        oldest_due_at=utc(found.oldest) if counts and found.oldest else None,
    )


_STANDING = {200: Answers("How it stands now.", documents.DeadlineStanding)}

ROUTES = (
    Route(
        method="GET",
        path="/v1/deadlines",
        operation_id="readDeadlines",
        summary="Whether deadlines fire",
        tag="deadlines",
        handler=read_deadlines,
        answers=_STANDING,
        refusals=(400, 401, 422, 429),
    ),
    Route(
        method="POST",
        path="/v1/deadlines/pause",
        operation_id="pauseDeadlines",
        summary="Stop firing deadlines",
        tag="deadlines",
        handler=pause_deadlines,
        admin=True,
        answers=_STANDING,
        refusals=(400, 401, 403, 422, 429),
    ),
    Route(
        method="POST",
        path="/v1/deadlines/resume",
        operation_id="resumeDeadlines",
        summary="Fire deadlines again",
        tag="deadlines",
        handler=resume_deadlines,
        admin=True,
        answers=_STANDING,
        refusals=(400, 401, 403, 422, 429),
    ),
)
