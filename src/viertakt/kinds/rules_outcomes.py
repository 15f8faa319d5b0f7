"""Judges which transitions reported ends take: a success, an error, a rejection, an unknown end, and a late success."""

from viertakt.kinds.complaints import Complaints, meant
from viertakt.kinds.model import Cause, Kind, Status, Transition, TransitionName

_REPORTED = frozenset({Cause.PROCESS, Cause.SOURCE})
_MAY_LEAD_TO = {
    "success": {Status.PENDING, Status.SUCCESS},
    "error": {Status.PENDING, Status.ERROR},
    "rejected": {Status.PENDING, Status.REJECTED},
    "unknown": set(Status),  # whether it may end there is a rule of money
    "late": {Status.PENDING},
}
_ENDED_OTHERWISE = frozenset({Status.ERROR, Status.REJECTED})


def check_outcomes(kind: Kind, complaints: Complaints) -> None:
    """Complain about each outcome whose transition is not there, not a reporter's to take, or leads elsewhere."""
    for outcome, statuses in _MAY_LEAD_TO.items():
        name: TransitionName | None = getattr(kind.outcomes, outcome)
        if name is None:
            continue
        path = ("outcomes", outcome)
        transition = kind.transitions.get(name)
        if transition is None:
            remedy = meant(name, kind.transitions)
            complaints.add(
                path, "unknown_transition", f"{name!r} is no transition.", value=name, remedy=remedy
            )
            continue
        if not _REPORTED & set(transition.by):
            detail = f"A process reports this outcome, and {name!r} may not be taken by a process or source."
            complaints.add(path, "cause_not_allowed", detail, value=name, remedy="Add process to its by.")
        target = kind.stages.get(transition.to)
        if target is not None and target.status not in statuses:
            detail = f"The outcome {outcome!r} would end the operation as {target.status}."
            remedy = f"Name a transition into a {' or '.join(sorted(statuses))} stage."
            complaints.add(path, "outcome_contradicts", detail, value=name, remedy=remedy)
        if outcome == "late":
            _check_late(kind, name, transition, complaints)


def _check_late(kind: Kind, name: TransitionName, transition: Transition, complaints: Complaints) -> None:
    """It is for operations that ended otherwise: a pending one is not late, and after a success nothing new is said."""
    for stage in transition.from_:
        definition = kind.stages.get(stage)
        if definition is not None and definition.status not in _ENDED_OTHERWISE:
            detail = f"A late success follows an error or a rejection; {name!r} also leaves {stage!r} ({definition.status})."
            remedy = f"Give {stage!r} a transition of its own."
            complaints.add(("outcomes", "late"), "late_too_early", detail, value=stage, remedy=remedy)
