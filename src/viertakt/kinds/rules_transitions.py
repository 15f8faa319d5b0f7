"""Judges the transitions of a kind: where they lead, who may take them, for which reasons, with whose consent."""

from viertakt.kinds.complaints import Complaints, meant
from viertakt.kinds.durations import DURATION_REMEDY, parse_duration
from viertakt.kinds.model import Cause, Kind, Transition, TransitionName
from viertakt.kinds.reasons import Catalogue

APPROVALS_MAX = 20
_DECLARABLE = (Cause.PROCESS, Cause.SOURCE, Cause.DEADLINE, Cause.CHECK, Cause.CHILDREN)


def check_transitions(kind: Kind, catalogue: Catalogue, complaints: Complaints) -> None:
    """Complain about each transition by itself."""
    for name, transition in kind.transitions.items():
        _check_ends(kind, name, transition, complaints)
        _check_takers(name, transition, complaints)
        _check_reasons(name, transition, catalogue, complaints)
        _check_approvals(name, transition, complaints)


def _check_ends(kind: Kind, name: TransitionName, transition: Transition, complaints: Complaints) -> None:
    path = ("transitions", name)
    if not transition.from_:
        remedy = "Name the stages it leaves."
        complaints.add(
            (*path, "from"), "leaves_nothing", f"{name!r} leaves no stage.", value=name, remedy=remedy
        )
    for index, stage in enumerate(transition.from_):
        where = (*path, "from", index)
        if stage not in kind.stages:
            remedy = meant(stage, kind.stages)
            complaints.add(where, "unknown_stage", f"{stage!r} is no stage.", value=stage, remedy=remedy)
        if stage in transition.from_[:index]:
            complaints.add(
                where, "stage_repeats", f"{stage!r} stands here twice.", value=stage, remedy="Drop one."
            )
    if transition.to not in kind.stages:
        detail = f"{transition.to!r} is no stage."
        remedy = meant(transition.to, kind.stages)
        complaints.add((*path, "to"), "unknown_stage", detail, value=transition.to, remedy=remedy)


def _check_takers(name: TransitionName, transition: Transition, complaints: Complaints) -> None:
    path = ("transitions", name)
    if not transition.by and not transition.roles:
        remedy = "Add by (an automatic cause) or roles (people)."
        complaints.add(
            path, "nobody_may", f"Nobody and nothing may take {name!r}.", value=name, remedy=remedy
        )
    for cause in transition.by:
        if cause not in _DECLARABLE:
            detail = f"{cause!s} is not declared: it follows from how the move is asked for."
            remedy = f"Use one of: {', '.join(_DECLARABLE)}; people come by roles."
            complaints.add((*path, "by"), "cause_not_declarable", detail, value=cause, remedy=remedy)
    if transition.comment not in {"optional", "required"}:
        detail = f"{transition.comment!r} is no rule for a comment."
        remedy = meant(transition.comment, ("optional", "required"))
        complaints.add((*path, "comment"), "unknown_word", detail, value=transition.comment, remedy=remedy)


def _check_reasons(
    name: TransitionName, transition: Transition, catalogue: Catalogue, complaints: Complaints
) -> None:
    for index, reason in enumerate(transition.reasons):
        if catalogue.reason(reason) is None:
            detail = f"The catalogue has no reason {reason!r}."
            remedy = meant(reason, catalogue.reasons)
            complaints.add(
                ("transitions", name, "reasons", index), "unknown_reason", detail, value=reason, remedy=remedy
            )


def _check_approvals(name: TransitionName, transition: Transition, complaints: Complaints) -> None:
    within = transition.consents_within
    if within is not None and parse_duration(within) is None:
        detail = f"{within!r} is no duration."
        complaints.add(
            ("transitions", name, "consents_within"),
            "not_a_duration",
            detail,
            value=within,
            remedy=DURATION_REMEDY,
        )
    if within is not None and not transition.approvals:
        complaints.add(
            ("transitions", name, "consents_within"),
            "needs_no_consents",
            f"{name!r} needs no consents that could come too late.",
            value=within,
            remedy="Drop it, or add approvals.",
        )
    for index, approval in enumerate(transition.approvals):
        path = ("transitions", name, "approvals", index)
        if not 1 <= approval.count <= APPROVALS_MAX:
            detail = f"An approval needs between one and {APPROVALS_MAX} consents."
            complaints.add(
                (*path, "count"), "approval_impossible", detail, value=approval.count, remedy="Use 1 or more."
            )
        if not approval.roles and not transition.roles:
            remedy = "Name roles here or on the transition."
            complaints.add(
                path, "approval_impossible", "Nobody can give this approval.", value=name, remedy=remedy
            )
