"""Who consents to a whole job: by whose right, in whose name, and until when. Pure.

A job is consented to as a whole, so whoever does must be somebody who may consent to each operation of it. What asks for
consents of its own is asked again when the job comes to it; for the others (a job that needs a second person for its size)
it is asked here, of one operation for each place and currency: grants limit by nothing else than kind, brand, stage, status,
dimensions and amount, so what holds for the highest amount of a place holds for all that stand there.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

import msgspec

from viertakt.access.grants import CONSENT, MOVE, Grant
from viertakt.access.model import Actor, ActorId, ActorSort, Right
from viertakt.access.rules import ADMIN
from viertakt.bulk.model import Fate, Job, JobState, Part
from viertakt.errors import Forbidden, Invalid, NotPermitted, ViertaktError
from viertakt.kinds.model import PublishedKind, Transition, TransitionName
from viertakt.operations.model import Need, Operation
from viertakt.operations.rules_approvals import Voice, expiry, own_or_for

PARTS_MAX = 2_000  # each is asked of each grant of whoever consents


class Parts:
    """Gathers the places and currencies of what a job would move, while its operations pass by."""

    def __init__(self) -> None:
        self._found: dict[tuple[object, ...], Part] = {}
        self._within: timedelta | None = None

    def add(
        self, published: PublishedKind, operation: Operation, name: TransitionName, now: datetime
    ) -> None:
        """One operation that would be moved without consents of its own."""
        kind = published.kind
        dimensions = {
            key: operation.attributes.get(key) for key, one in kind.attributes.items() if one.dimension
        }
        worth = operation.amount
        key = (
            operation.kind,
            operation.stage,
            operation.brand,
            name,
            worth and worth.currency,
            *dimensions.values(),
        )
        held = self._found.get(key)
        highest = held.operation.amount if held else None
        if held is None or (worth and highest and worth.value > highest.value):
            bare = msgspec.structs.replace(
                operation, subject=None, tags=(), attributes=dimensions, assignment=None
            )
            self._found[key] = Part(name, bare)
        self.waits(kind.transitions[name], now)

    def waits(self, transition: Transition, now: datetime) -> None:
        """A transition of the job: the shortest time in which one of them wants its consents holds for all."""
        within = expiry(transition, now) - now
        self._within = within if self._within is None else min(within, self._within)

    @property
    def within(self) -> timedelta | None:
        """For how long the job waits for consents."""
        return self._within

    def found(self) -> tuple[Part, ...]:
        """Each place with its highest amount. Raises `Invalid` where there are too many to ask somebody's grants about."""
        if len(self._found) > PARTS_MAX:
            raise Invalid(
                f"These operations stand in more than {PARTS_MAX:,} different places; narrow it and go on in parts."
            )
        return tuple(self._found.values())


def standing(job: Job, people: Mapping[ActorId, Actor], parts: Sequence[Part]) -> tuple[Need, ...]:
    """What the job needs, with the consents that count: of those who may still act, each person once."""
    heard: set[ActorId] = {job.asked_by}
    voices = []
    for consent in job.consents:
        whose = consent.on_behalf_of or consent.actor
        if consent.actor not in people or whose not in people:
            continue
        voice = Voice(people[consent.actor], people[whose])
        if heard.isdisjoint(voice.persons):
            voices.append(voice)
            heard |= voice.persons
    return tuple(
        msgspec.structs.replace(
            need, given=sum(right_to_consent(job, one.whose, need, parts) is not None for one in voices)
        )
        for need in job.needs
    )


def right_to_consent(job: Job, actor: Actor, need: Need, parts: Sequence[Part]) -> Right | None:
    """By what right somebody consents to the whole job: grants for the transitions that it makes, of roles that count here.

    A grant to consent to it, or to make it. Each part has to be covered by one of them, amount and all.
    """
    if parts:
        rights = [_right_to_part(actor, need, part) for part in parts]
        return rights[0] if all(rights) else None
    for group in job.preview.groups:
        if group.fate is Fate.SKIPPED or group.transition is None:
            continue
        for grant in _held(actor, need, group.transition):
            if not grant.kinds or group.kind in grant.kinds:
                return Right("manual", str(grant))
    return None


def _right_to_part(actor: Actor, need: Need, part: Part) -> Right | None:
    for grant in _held(actor, need, part.transition):
        if grant.covers(part.operation) and grant.suffices(part.operation):
            return Right("manual", str(grant))
    return None


def _held(actor: Actor, need: Need, name: TransitionName) -> Iterable[Grant]:
    counted = {*need.roles, ADMIN}
    return (
        grant for act in (CONSENT, MOVE) for grant in actor.rights.to(act + name) if grant.role in counted
    )


def voice_of(
    job: Job, actor: Actor, represented: Sequence[Actor], needs: Sequence[Need], parts: Sequence[Part]
) -> Voice | ViertaktError:
    """In whose name this consent would count: one's own where it does, else of the first one stands in for; or why it does not."""
    refusals = []
    for voice in own_or_for(actor, represented):
        refusal = objection(job, voice, needs, parts)
        if refusal is None:
            return voice
        refusals.append(refusal)
    return refusals[0]


def objection(job: Job, voice: Voice, needs: Sequence[Need], parts: Sequence[Part]) -> ViertaktError | None:
    """Why this may not be said to the job now; None where the consent would count. `needs`: as they stand."""
    giver, whose = voice.giver, voice.whose
    if refusal := _over(job):
        return refusal
    if giver.sort is not ActorSort.PERSON:
        return Forbidden("Only a person consents, never a program.", why_not="not_a_person")
    if job.asked_by in voice.persons:
        asker = giver if giver.id == job.asked_by else whose
        return Forbidden(
            f"{asker.name} asked for this job: somebody else has to consent.", why_not="own_request"
        )
    spoken = {one for consent in job.consents for one in (consent.actor, consent.on_behalf_of)}
    if not voice.persons.isdisjoint(spoken):
        who = giver if giver.id in spoken else whose
        return NotPermitted(
            f"{who.name} has consented already; it waits for others.", why_not="consented_already"
        )
    missing = [need for need in needs if need.missing]
    if not any(right_to_consent(job, whose, need, parts) for need in missing):
        roles = tuple(dict.fromkeys(role for need in missing for role in need.roles))
        reach = ", with grants that reach all of it" if parts else ""
        return Forbidden(
            f"Consent to this job needs role {' or '.join(roles)}{reach}.", why_not="needs_role", roles=roles
        )
    return None


def _over(job: Job) -> NotPermitted | None:
    if job.state is not JobState.WAITING:
        return NotPermitted(f"The job is {job.state}; nobody is asked to consent.", why_not=job.state.value)
    if job.waits_until is not None and job.waits_until <= job.now:
        return NotPermitted(
            "The time for consents to this job is up; make it anew where it is still wanted.",
            why_not="expired",
        )
    return None
