"""The story of one operation: which way it goes, when, and who takes it there. Chance is a `Random` passed in.

    stage ── habits choose a way ── who waits decides how long ── who may decides who ──► next stage ── …

People work office hours, players play at night, and while a provider is down whatever waits on it fails or goes dark.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any
from uuid import UUID

from viertakt.access.model import Actor, system
from viertakt.demo.cast import anybody, others
from viertakt.demo.model import Habit, Habits, Step
from viertakt.kinds.durations import parse_duration
from viertakt.kinds.model import Cause, Kind, Stage, StageName, Status, Transition, TransitionName, WaitingOn
from viertakt.operations.model import Money, Operation, OperationId
from viertakt.operations.rules_approvals import needs_of
from viertakt.operations.rules_guards import guard_holds

STEPS_MAX = 30
# The median wait for each who acts next, and how it varies (sigma of a log-normal).
WAITS: dict[WaitingOn, tuple[timedelta, float]] = {
    WaitingOn.SYSTEM: (timedelta(seconds=6), 0.6),
    WaitingOn.PROVIDER: (timedelta(minutes=3), 1.5),
    WaitingOn.CUSTOMER: (timedelta(hours=2), 1.6),
    WaitingOn.COUNTERPARTY: (timedelta(hours=18), 0.8),
    WaitingOn.OPERATOR: (timedelta(minutes=38), 1.1),
    WaitingOn.SECOND_APPROVER: (timedelta(minutes=55), 0.9),
    WaitingOn.OTHER_TEAM: (timedelta(hours=20), 0.7),
    WaitingOn.DATE: (timedelta(hours=30), 0.5),
}
AFTER_THE_END = (timedelta(hours=20), 0.9)  # a settlement file, a reply to a solved ticket
DESK_FIRST_HOUR, DESK_LAST_HOUR = 8, 22
OFFICE_LAST_HOUR, FRIDAY = 17, 4
PEOPLE = frozenset({WaitingOn.OPERATOR, WaitingOn.SECOND_APPROVER, WaitingOn.OTHER_TEAM})
PROVIDERS = {"card": "adyen", "bank": "bank", "wallet": "stripe"}
FAULTS = {
    "technical_fault": 5,
    "agent_timeout": 4,
    "acquirer_error": 3,
    "issuer_unavailable": 3,
    "rate_limited": 1,
}
REFUSALS = {
    "insufficient_funds": 9,
    "issuer_refused": 6,
    "limit_exceeded": 3,
    "card_expired": 3,
    "authentication_failed": 3,
    "account_closed": 1,
}
REMARKS = (
    "Checked against the last three months, nothing unusual.",
    "Klant gebeld, klopt.",
    "Same account as last time.",
    "Documents are clear and match the account.",
    "Overlegd met de teamleider.",
    "Second request this week, amount in line with play.",
    "Wacht op antwoord van de bank.",
)


class Teller:
    """Tells what becomes of an operation of these kinds."""

    def __init__(
        self,
        habits: Habits,
        kinds: Mapping[str, Kind],
        staff: dict[str, list[Actor]],
        chance: Random,
        now: datetime,
    ) -> None:
        self.habits = habits
        self.kinds = kinds
        self.staff = staff
        self.chance = chance
        hour, minute = (int(part) for part in habits.outage.at.split(":"))
        begins = (now - timedelta(days=habits.outage.days_ago)).replace(hour=hour, minute=minute, second=0)
        self.outage = (begins, begins + timedelta(minutes=habits.outage.minutes))

    def steps(
        self,
        name: str,
        at: datetime,
        attributes: Mapping[str, Any],
        amount: Money | None,
        *,
        stage: StageName | None = None,
        steps_max: int = STEPS_MAX,
    ) -> tuple[Step, ...]:
        """Everything that happens to an operation of this kind opened then, or found in a stage, as far as it will ever get.

        `steps_max`: only so many moves, with the consents they wait for.
        """
        kind, habit = self.kinds[name], self.habits.kinds[name]
        provider = PROVIDERS.get(str(attributes.get("method", "")), "sumsub" if name == "kyc" else "adyen")
        stage_name = kind.start if stage is None else stage
        told: list[Step] = []
        while len(told) < steps_max:
            standing = _standing(kind, stage_name, attributes, amount, at)
            way = self._way(kind, habit, standing, provider, at)
            if way is None:
                break
            here, transition = kind.stages[stage_name], kind.transitions[way]
            actor, cause = self._who(here, way, transition, provider)
            at = self._when(here, cause, at)
            told.append(
                Step(
                    at,
                    way,
                    actor,
                    self._reason(kind, transition, provider, at),
                    self._comment(transition, cause),
                )
            )
            if cause is Cause.MANUAL:
                consents = self._consents(kind, way, standing, actor, at)
                if consents is None:
                    break
                told += consents
                at = told[-1].at
            stage_name = transition.to
        return tuple(told)

    def amount(self, habit: Habit) -> Money | None:
        """What people ask for: many small sums, a few large ones, mostly round."""
        if habit.amount is None:
            return None
        value = habit.amount.median * self.chance.lognormvariate(0, habit.amount.spread)
        if habit.amount.round and self.chance.random() < 0.85:
            value = max(1, round(value / habit.amount.round)) * habit.amount.round
        return Money(Decimal(f"{max(value, 1):.2f}"), "EUR")

    def one_of(self, weights: Mapping[Any, float]) -> Any:
        """One of these, in proportion."""
        return self.chance.choices(list(weights), list(weights.values()))[0]

    def _way(
        self, kind: Kind, habit: Habit, standing: Operation, provider: str, at: datetime
    ) -> TransitionName | None:
        ways = habit.ways.get(standing.stage, {})
        open_ways = {
            name: weight
            for name, weight in ways.items()
            if name == "stay" or _is_open(kind, kind.transitions[TransitionName(name)], standing, at)
        }
        stage = kind.stages[standing.stage]
        if stage.waiting_on is WaitingOn.PROVIDER and self._is_down(provider, at):
            dark: dict[str, float] = {name: 1.0 for name in ("fail", "lose_sight") if name in open_ways}
            open_ways = dark or open_ways
        if not open_ways:
            return None
        chosen = self.one_of(open_ways)
        return None if chosen == "stay" else TransitionName(chosen)

    def _is_down(self, provider: str, at: datetime) -> bool:
        return provider == self.habits.outage.source and self.outage[0] <= at < self.outage[1]

    def _who(
        self, stage: Stage, name: TransitionName, transition: Transition, provider: str
    ) -> tuple[Actor, Cause]:
        """Who takes it there, in a capacity the kind permits."""
        if transition.roles and (stage.waiting_on in PEOPLE or not transition.by):
            return anybody(self.staff, transition.roles, self.chance), Cause.MANUAL
        for cause in self._likely(stage, name):
            if cause in transition.by:
                return self._machine(cause, stage, provider), cause
        return anybody(self.staff, transition.roles, self.chance), Cause.MANUAL

    def _consents(
        self, kind: Kind, way: TransitionName, standing: Operation, asker: Actor, at: datetime
    ) -> list[Step] | None:
        """Those who say yes to a move that waits for it, one after the other; None where too few are on shift."""
        said: list[Step] = []
        for need in needs_of(kind, way, standing, at):
            given = [step.actor for step in said if step.actor.roles & set(need.roles)]
            missing = need.count - len(given)
            besides = [asker, *(step.actor for step in said)]
            found = others(self.staff, need.roles, max(0, missing), besides=besides, choice=self.chance)
            if missing > len(found):
                return None
            for actor in found:
                median, spread = WAITS[WaitingOn.SECOND_APPROVER]
                at = self._at_work(at + median * self.chance.lognormvariate(0, spread), office=False)
                said.append(
                    Step(
                        at,
                        way,
                        actor,
                        comment=self._comment(kind.transitions[way], Cause.MANUAL),
                        is_consent=True,
                    )
                )
        return said

    def _likely(self, stage: Stage, name: TransitionName) -> Sequence[Cause]:
        timed = {stage.limit.transition if stage.limit else None, stage.re_ask.then if stage.re_ask else None}
        if name in timed:
            return (Cause.DEADLINE, Cause.PROCESS, Cause.SOURCE, Cause.CHECK, Cause.CHILDREN)
        if stage.checks is not None:
            return (Cause.CHECK, Cause.PROCESS, Cause.SOURCE, Cause.CHILDREN, Cause.DEADLINE)
        if stage.waiting_on is WaitingOn.PROVIDER:
            return (Cause.SOURCE, Cause.PROCESS, Cause.CHECK, Cause.CHILDREN, Cause.DEADLINE)
        return (Cause.PROCESS, Cause.SOURCE, Cause.CHECK, Cause.CHILDREN, Cause.DEADLINE)

    def _machine(self, cause: Cause, stage: Stage, provider: str) -> Actor:
        match cause:
            case Cause.CHECK:
                run = stage.checks.run if stage.checks else ("rule",)
                return system(f"check:{self.chance.choice(run)}")
            case Cause.SOURCE:
                return system(f"source:{provider}")
            case Cause.DEADLINE | Cause.CHILDREN:
                return system(cause.value)
            case _:
                return system("ledger" if stage.waiting_on is WaitingOn.SYSTEM else "till")

    def _when(self, stage: Stage, cause: Cause, at: datetime) -> datetime:
        limit = parse_duration(stage.limit.after) if stage.limit and stage.limit.after else None
        if cause is Cause.DEADLINE and limit is not None:
            return at + limit + timedelta(milliseconds=self.chance.randint(20, 900))
        median, spread = WAITS[stage.waiting_on] if stage.waiting_on else AFTER_THE_END
        wait = median * self.chance.lognormvariate(0, spread)
        if limit is not None and stage.status is Status.PENDING:
            wait = min(wait, limit * self.chance.uniform(0.1, 0.95))  # the limit would have acted first
        then = at + wait
        return (
            self._at_work(then, office=stage.waiting_on is WaitingOn.OTHER_TEAM)
            if cause is Cause.MANUAL
            else then
        )

    def _at_work(self, at: datetime, *, office: bool) -> datetime:
        """The moment itself, or some time after somebody is back at a desk."""
        last = OFFICE_LAST_HOUR if office else DESK_LAST_HOUR
        while not DESK_FIRST_HOUR <= at.hour < last or (office and at.weekday() > FRIDAY):
            at = (at + timedelta(hours=1)).replace(
                minute=self.chance.randrange(60), second=self.chance.randrange(60)
            )
        return at

    def _reason(self, kind: Kind, transition: Transition, provider: str, at: datetime) -> str | None:
        if transition.reasons:
            return self.chance.choice(transition.reasons)
        status = kind.stages[transition.to].status
        if status is Status.ERROR:
            return "agent_offline" if self._is_down(provider, at) else self.one_of(FAULTS)
        reported = Cause.SOURCE in transition.by and transition.to in {
            "declined",
            "releasing",
            "payment_declined",
        }
        return self.one_of(REFUSALS) if reported else None

    def _comment(self, transition: Transition, cause: Cause) -> str | None:
        said = transition.comment == "required" or (cause is Cause.MANUAL and self.chance.random() < 0.18)
        return self.chance.choice(REMARKS) if said else None


def _standing(
    kind: Kind, stage: StageName, attributes: Mapping[str, Any], amount: Money | None, at: datetime
) -> Operation:
    """The operation as a guard would find it there."""
    return Operation(
        id=OperationId(UUID(int=0)),
        kind=kind.kind,
        kind_version=1,
        reference="planned",
        stage=stage,
        status=kind.stages[stage].status,
        version=1,
        created_at=at,
        entered_at=at,
        changed_at=at,
        amount=amount,
        attributes=dict(attributes),
    )


def _is_open(kind: Kind, transition: Transition, standing: Operation, at: datetime) -> bool:
    return standing.stage in transition.from_ and guard_holds(kind, transition, standing, at)
