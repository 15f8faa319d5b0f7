"""What a door asks of bulk jobs: make one, look at it, start, pause, end, retry and undo it, and consent to one.

Every function works on the caller's connection and leaves COMMIT to whoever opened the transaction.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import msgspec
from psycopg import Connection
from uuid_utils.compat import uuid7

from viertakt.access.actions import actor_by_id
from viertakt.access.delegations import represented_by
from viertakt.access.directory import assignee_named
from viertakt.access.model import Actor, ActorId
from viertakt.bulk import rules, store
from viertakt.bulk.dry_run import Chosen, Making, make
from viertakt.bulk.model import Asker, BulkId, Item, ItemState, Job, JobState, Limits, Verb, Wanted
from viertakt.bulk.rules_beside import check_undoable
from viertakt.bulk.rules_consents import right_to_consent, standing, voice_of
from viertakt.errors import Fault, Invalid, KeyReused, NotFound, NotPermitted, ViertaktError
from viertakt.operations import verdicts
from viertakt.operations.model import Need, Verdict
from viertakt.operations.rules_approvals import EXPIRES_AFTER, Voice
from viertakt.operations.turn import Engine

JOBS_MAX = 500  # in one list: what is older is found by its address
ENDED = (JobState.DONE, JobState.CANCELLED, JobState.DECLINED)
NOTHING = timedelta(0)

prune = store.prune


def make_job(
    conn: Connection[Any], engine: Engine, wanted: Wanted, chosen: Chosen, asker: Asker, *, limits: Limits
) -> tuple[Job, bool]:
    """A job tried dry, and whether an earlier request with this key has made it.

    Raises `Invalid`, `InvalidQuery`, `KeyReused`.
    """
    if asker.key is not None and (known := store.job_of_key(conn, asker.actor.id, asker.key)) is not None:
        job = read_job(conn, known, reader=asker.actor)
        if job.body_digest != asker.body_digest:
            raise KeyReused(
                f"Key '{asker.key}' was used before with another body. A new request needs a new key."
            )
        return job, True
    if wanted.verb is Verb.ASSIGN and wanted.undoes is None and wanted.work is not None and wanted.work.to:
        to = assignee_named(conn, wanted.work.to)
        wanted = msgspec.structs.replace(wanted, work=msgspec.structs.replace(wanted.work, to=to))
    bulk_id = BulkId(uuid7())
    make(Making(conn, engine, bulk_id, wanted, asker, store.primary_clock(conn)), chosen, limits)
    return read_job(conn, bulk_id, reader=asker.actor), False


def undo_job(
    conn: Connection[Any],
    engine: Engine,
    bulk_id: BulkId,
    asker: Asker,
    *,
    reason: str | None,
    comment: str | None,
    limits: Limits,
) -> tuple[Job, bool]:
    """A new job, tried dry, that takes back what this one did, in the way that each kind provides.

    Raises `NotFound`, `NotPermitted` while it still works, `Invalid`, `KeyReused`.
    """
    done = read_job(conn, bulk_id, reader=asker.actor)
    rules.check_state(done, "undo", *rules.UNDOABLE)
    if done.undoes is not None:
        raise NotPermitted(
            "This job is an undo itself; what it did is done anew by a job of its own.", why_not="is_an_undo"
        )
    check_undoable(done.verb)
    wanted = Wanted(done.transition, reason, comment, undoes=bulk_id, verb=done.verb, work=done.work)  # type: ignore[arg-type]
    return make_job(conn, engine, wanted, Chosen(), asker, limits=limits)


def read_job(conn: Connection[Any], bulk_id: BulkId, *, reader: Actor, lock: bool = False) -> Job:
    """A job as it stands. Raises `NotFound`, also where it counts what is out of the reader's sight."""
    job = store.read_job(conn, bulk_id, lock=lock)
    if job is None or not rules.may_see(reader, job):
        raise NotFound(f"There is no bulk job {bulk_id}.")
    return job


def list_jobs(conn: Connection[Any], *, reader: Actor, limit: int) -> list[Job]:
    """The newest jobs that are there for the reader."""
    found = store.newest_jobs(conn, limit=JOBS_MAX)
    return [job for job in found if rules.may_see(reader, job)][:limit]


def list_items(
    conn: Connection[Any],
    bulk_id: BulkId,
    *,
    reader: Actor,
    state: ItemState | None = None,
    after: int = 0,
    limit: int,
) -> list[Item]:
    """A job's items after a number, in the order they are worked off. Raises `NotFound`."""
    read_job(conn, bulk_id, reader=reader)
    return store.list_items(conn, bulk_id, state=state, after=after, limit=limit)


def start_job(
    conn: Connection[Any], bulk_id: BulkId, *, actor: Actor, confirm: int | None, limits: Limits
) -> Job:
    """Start a job, or ask for the consents that it needs first. Raises `NotPermitted`, `Invalid`, `Forbidden`, `NotFound`."""
    job = _steered(conn, bulk_id, actor)
    rules.check_start(job, confirm, limits)
    if any(need.missing for need in needs_of(conn, job)):
        waits = job.preview.consents_within or EXPIRES_AFTER
        store.change_job(conn, bulk_id, JobState.WAITING, waits=waits)
    else:
        _begin(conn, job, limits)
    return read_job(conn, bulk_id, reader=actor)


def pause_job(conn: Connection[Any], bulk_id: BulkId, *, actor: Actor) -> Job:
    """Let a job rest after the items that are on their way. Raises `NotPermitted`, `Forbidden`, `NotFound`."""
    return _put(conn, bulk_id, actor, "pause", JobState.PAUSED, JobState.RUNNING)


def resume_job(conn: Connection[Any], bulk_id: BulkId, *, actor: Actor, limits: Limits) -> Job:
    """Go on; what was paused while counting down counts down anew. Raises `NotPermitted`, `Forbidden`, `NotFound`."""
    job = _steered(conn, bulk_id, actor)
    rules.check_state(job, "resume", JobState.PAUSED)
    if job.handled:
        store.change_job(conn, bulk_id, JobState.RUNNING)
    else:
        _begin(conn, job, limits)
    return read_job(conn, bulk_id, reader=actor)


def cancel_job(conn: Connection[Any], bulk_id: BulkId, *, actor: Actor) -> Job:
    """Leave the rest as it is. Raises `NotPermitted`, `Forbidden`, `NotFound`."""
    states = (JobState.READY, JobState.WAITING, JobState.RUNNING, JobState.PAUSED)
    return _put(conn, bulk_id, actor, "cancel", JobState.CANCELLED, *states)


def retry_job(conn: Connection[Any], bulk_id: BulkId, *, actor: Actor) -> Job:
    """Try what has failed once more. Raises `NotPermitted`, `Forbidden`, `NotFound`."""
    job = _steered(conn, bulk_id, actor)
    rules.check_state(job, "retry", JobState.DONE, JobState.PAUSED, JobState.RUNNING)
    if not job.failed:
        raise NotPermitted("Nothing of this job has failed.", why_not="nothing_to_do")
    store.retry_failed(conn, bulk_id)
    if job.state is JobState.DONE:
        store.change_job(conn, bulk_id, JobState.RUNNING)
    return read_job(conn, bulk_id, reader=actor)


def say_verdict(
    conn: Connection[Any],
    bulk_id: BulkId,
    verdict: Verdict,
    *,
    actor: Actor,
    comment: str | None,
    limits: Limits,
) -> Job:
    """Consent to a whole job, or decline it; the last consent that it needs begins it.

    Raises `NotPermitted`, `Forbidden`, `Invalid`, `NotFound`.
    """
    job = read_job(conn, bulk_id, reader=actor, lock=True)
    if verdict is Verdict.WITHDRAW:
        return _put(conn, bulk_id, actor, "withdraw", JobState.CANCELLED, JobState.WAITING)
    needs, voice = asked_of(conn, job, actor)
    if not isinstance(voice, Voice):
        raise voice
    if verdict is Verdict.DECLINE:
        if not (comment or "").strip():
            words = "Declining needs a comment that says why."
            raise Invalid(words, faults=(Fault("/comment", "comment_required", words),))
        store.change_job(conn, bulk_id, JobState.DECLINED, said=comment)
        return read_job(conn, bulk_id, reader=actor)
    parts, missing = store.read_parts(conn, bulk_id), [need for need in needs if need.missing]
    right = next(right for need in missing if (right := right_to_consent(job, voice.whose, need, parts)))
    store.add_consent(conn, bulk_id, actor.id, right.granted_by, on_behalf_of=voice.on_behalf_of)
    job = read_job(conn, bulk_id, reader=actor)
    if not any(need.missing for need in needs_of(conn, job)):
        _begin(conn, job, limits)
    return read_job(conn, bulk_id, reader=actor)


def needs_of(conn: Connection[Any], job: Job) -> tuple[Need, ...]:
    """What the job needs, with the consents that count now."""
    return standing(job, present(conn, job), store.read_parts(conn, job.bulk_id))


def asked_of(
    conn: Connection[Any], job: Job, reader: Actor
) -> tuple[tuple[Need, ...], Voice | ViertaktError]:
    """What the job needs, and in whose name its reader would consent to it now, or why not."""
    if job.state is not JobState.WAITING:
        needs = needs_of(conn, job) if job.needs else ()
        return needs, voice_of(job, reader, (), needs, ())
    parts, people = store.read_parts(conn, job.bulk_id), present(conn, job)
    needs = standing(job, people, parts)
    represented = verdicts.present(conn, actor_by_id, represented_by(conn, reader.id))
    return needs, voice_of(job, reader, tuple(represented.values()), needs, parts)


def present(conn: Connection[Any], job: Job) -> Mapping[ActorId, Actor]:
    """Who consented to the job, and in whose name, of those who may still act, with their rights of this moment."""
    named = {one for consent in job.consents for one in (consent.actor, consent.on_behalf_of) if one}
    return verdicts.present(conn, actor_by_id, named)


def _begin(conn: Connection[Any], job: Job, limits: Limits) -> None:
    """At once, or after the countdown where somebody outside would act on it."""
    wait = limits.countdown if job.preview.outside else NOTHING
    store.change_job(conn, job.bulk_id, JobState.RUNNING, after=wait)


def _steered(conn: Connection[Any], bulk_id: BulkId, actor: Actor) -> Job:
    job = read_job(conn, bulk_id, reader=actor, lock=True)
    rules.check_steer(actor, job)
    return job


def _put(
    conn: Connection[Any], bulk_id: BulkId, actor: Actor, act: str, state: JobState, *states: JobState
) -> Job:
    job = _steered(conn, bulk_id, actor)
    rules.check_state(job, act, *states)
    store.change_job(conn, bulk_id, state)
    return read_job(conn, bulk_id, reader=actor)
