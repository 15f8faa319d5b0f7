"""The three rules that protect money, as faults of a kind with `effect: external`.

1. An unknown outcome is never guessed: it has a pending stage to go to, and neither passing time nor a check ends it; an
   error needs proof from wherever it is reached.
2. Rejected means that the consequence is done: where funds are held, only a stage that gives back (`releasing`, `refunding`) leads there, and only
   because the ledger said so.
3. Suspected crime is never released automatically: nothing but people leaves a restricted stage (this one in every kind).
"""

from viertakt.kinds.complaints import Complaints
from viertakt.kinds.model import (
    Cause,
    Direction,
    Effect,
    Kind,
    StageName,
    Status,
    Transition,
    TransitionName,
    WaitingOn,
)

# The pending stages in which the ledger gives money back: product.md names them, and so does every money kind.
GIVES_BACK = frozenset({"releasing", "refunding"})
_PROOF = frozenset({Cause.PROCESS, Cause.SOURCE})
_GUESSES = frozenset({Cause.DEADLINE, Cause.CHECK})
# What children came to may well decide a success or a rejection, but that nothing was executed here it does not prove.
_NO_PROOF_OF_ERROR = _GUESSES | {Cause.CHILDREN}


def check_money(kind: Kind, complaints: Complaints) -> None:
    """Complain about every way round the three rules."""
    _check_restricted(kind, complaints)
    if kind.effect is not Effect.EXTERNAL:
        return
    _check_unknown(kind, complaints)
    unclear = unclear_stages(kind)
    for name, transition in kind.transitions.items():
        target = kind.stages.get(transition.to)
        if target is None:
            continue
        if target.status not in {Status.PENDING, Status.ERROR}:
            _check_no_guess(name, transition, unclear, complaints)
        if target.status is Status.ERROR:
            _check_into_error(name, transition, complaints)
        elif target.status is Status.REJECTED and kind.direction is not Direction.NONE:
            _check_into_rejected(kind, name, transition, complaints)


def holds_funds(kind: Kind, name: StageName) -> bool:
    """Whether money is held or taken while an operation of this kind stands in this stage."""
    stage = kind.stages[name]
    if kind.direction is Direction.NONE or stage.status is Status.REJECTED:
        return False
    if stage.holds_funds is not None:
        return stage.holds_funds
    return kind.direction is Direction.OUT or stage.status is Status.SUCCESS


def _check_unknown(kind: Kind, complaints: Complaints) -> None:
    unknown = kind.outcomes.unknown
    if unknown is None:
        detail = "Somebody outside may have acted, so a process must be able to say that it does not know how it ended."
        remedy = "Declare outcomes.unknown with a transition into a pending stage such as outcome_unknown."
        complaints.add(("outcomes", "unknown"), "unknown_outcome_missing", detail, remedy=remedy)
        return
    transition = kind.transitions.get(unknown)
    target = kind.stages.get(transition.to) if transition else None
    if target is not None and target.status is not Status.PENDING:
        detail = f"An unknown outcome must stay pending; {unknown!r} ends the operation as {target.status}."
        complaints.add(
            ("outcomes", "unknown"),
            "unknown_outcome_ends",
            detail,
            value=unknown,
            remedy="Lead it into a pending stage.",
        )


def unclear_stages(kind: Kind) -> set[StageName]:
    """Where nobody knows how it ended: the stage for unknown outcomes, and wherever passing time carries it from there."""
    way = kind.transitions.get(kind.outcomes.unknown) if kind.outcomes.unknown is not None else None
    unclear = {way.to} if way is not None else set()
    waiting = list(unclear)
    while waiting:
        here = waiting.pop()
        for transition in kind.transitions.values():
            target = kind.stages.get(transition.to)
            carried = here in transition.from_ and _GUESSES & set(transition.by)
            if (
                carried
                and target is not None
                and target.status is Status.PENDING
                and transition.to not in unclear
            ):
                unclear.add(transition.to)
                waiting.append(transition.to)
    return unclear


def _check_no_guess(
    name: TransitionName, transition: Transition, unclear: set[StageName], complaints: Complaints
) -> None:
    guesses = sorted(_GUESSES & set(transition.by))
    for stage in transition.from_:
        if guesses and stage in unclear and stage not in GIVES_BACK:
            detail = f"In {stage!r} nobody knows how it ended, and {name!r} guesses ({', '.join(guesses)})."
            remedy = "Lead it to a person; only process, source or people may say how it ended."
            complaints.add(
                ("transitions", name, "by"), "unknown_outcome_guessed", detail, value=stage, remedy=remedy
            )


def _check_into_error(name: str, transition: Transition, complaints: Complaints) -> None:
    guesses = sorted(_GUESSES & set(transition.by))
    if guesses:
        detail = (
            f"An error needs proof that nothing was or will be executed; {', '.join(guesses)} proves nothing."
        )
        remedy = (
            "Lead it into a pending stage; only process, source or people may decide that it is an error."
        )
        complaints.add(
            ("transitions", name, "by"),
            "error_without_proof",
            detail,
            value=", ".join(guesses),
            remedy=remedy,
        )


def _check_into_rejected(kind: Kind, name: str, transition: Transition, complaints: Complaints) -> None:
    giving_back = False
    for stage in transition.from_:
        if stage not in kind.stages:
            continue
        if stage in GIVES_BACK:
            giving_back = True
        elif holds_funds(kind, stage) and not _bank_took_it(kind, stage, transition):
            detail = (
                f"Money is held in {stage!r}, and {name!r} turns the operation down before it is given back."
            )
            remedy = "Lead it through releasing or refunding, or say holds_funds: false on a stage where nothing is held."
            complaints.add(
                ("transitions", name, "from"), "rejected_with_funds_held", detail, value=stage, remedy=remedy
            )
    if giving_back and (transition.roles or not transition.by or not set(transition.by) <= _PROOF):
        detail = f"Only the ledger can say that the money is given back; {name!r} may be taken by others."
        complaints.add(
            ("transitions", name, "by"),
            "release_not_confirmed",
            detail,
            remedy="Write by: [process] and no roles.",
        )


def _bank_took_it(kind: Kind, stage: StageName, transition: Transition) -> bool:
    """Money that came in is gone where the bank itself reports so: nothing is left to give back."""
    if kind.direction is not Direction.IN or transition.roles or not transition.by:
        return False
    # After success our own process may pass the bank's report on; before it, a process may just as well be guessing.
    reporters = _PROOF if kind.stages[stage].status is Status.SUCCESS else {Cause.SOURCE}
    return set(transition.by) <= reporters


def _check_restricted(kind: Kind, complaints: Complaints) -> None:
    for name, transition in kind.transitions.items():
        target = kind.stages.get(transition.to)
        if target is None or target.restricted:
            continue
        for stage in transition.from_:
            if stage not in kind.stages or not kind.stages[stage].restricted:
                continue
            # What a provider holds, the provider lets go; its report is a fact, not a release by us.
            reporters = _PROOF if kind.stages[stage].waiting_on is WaitingOn.PROVIDER else frozenset()
            automatic = sorted(set(transition.by) - reporters)
            if automatic:
                detail = f"{stage!r} is restricted, and {name!r} releases it automatically ({', '.join(automatic)})."
                remedy = "Let only people (roles) leave it, or lead into another restricted stage."
                path = ("transitions", name, "by")
                complaints.add(path, "restricted_left_automatically", detail, value=stage, remedy=remedy)
