"""Judges what a kind's parts say of each other: re-asking, checks, undo, children, labels."""

import re
from collections.abc import Iterable

from viertakt.kinds.complaints import Complaints, meant
from viertakt.kinds.flow import reachable
from viertakt.kinds.model import Cause, Check, Kind, Stage, StageName, Status
from viertakt.kinds.reasons import Catalogue
from viertakt.kinds.rules_limits import check_duration, check_limit, check_way
from viertakt.kinds.rules_outcomes import check_outcomes
from viertakt.kinds.rules_targets import check_targets

TRIES_MAX = 10_000
_Path = tuple[str | int, ...]
_MONEY = re.compile(r"[0-9]{1,30}(\.[0-9]{1,18})?[A-Z]{3}", re.ASCII)


def check_references(kind: Kind, catalogue: Catalogue, complaints: Complaints) -> None:
    """Complain about every name that names nothing, or names what cannot do what is asked of it."""
    for name, stage in kind.stages.items():
        path = ("stages", name)
        if stage.limit is not None:
            check_limit(kind, name, stage.limit, complaints)
        if stage.re_ask is not None:
            check_way(
                kind,
                name,
                stage.re_ask.then,
                complaints,
                cause=Cause.DEADLINE,
                path=(*path, "re_ask", "then"),
            )
            check_duration(stage.re_ask.every, (*path, "re_ask", "every"), complaints)
            if not 1 <= stage.re_ask.tries <= TRIES_MAX:
                complaints.add(
                    (*path, "re_ask", "tries"),
                    "wrong_value",
                    f"Ask again between once and {TRIES_MAX} times.",
                    value=stage.re_ask.tries,
                )
        if stage.silence is not None:
            _check_silence(stage, (*path, "silence"), complaints)
        if stage.checks is not None:
            _check_stage_checks(kind, name, complaints)
    for check_name, check in kind.checks.items():
        _check_check(check, ("checks", check_name), catalogue, complaints)
    check_outcomes(kind, complaints)
    _check_undo(kind, complaints)
    _check_children(kind, complaints)
    check_targets(kind, complaints)
    _check_label_names(kind, complaints)


def _check_silence(stage: Stage, path: _Path, complaints: Complaints) -> None:
    assert stage.silence is not None, "only stages that name one are asked"
    check_duration(stage.silence, path, complaints)
    if stage.status is not Status.PENDING:
        detail = "An operation that has ended here is silent for good."
        complaints.add(path, "silence_after_end", detail, value=stage.silence, remedy="Leave it out.")


def _check_stage_checks(kind: Kind, stage: StageName, complaints: Complaints) -> None:
    checks = kind.stages[stage].checks
    assert checks is not None, "only stages with checks are asked"
    path = ("stages", stage, "checks")
    if not checks.run:
        complaints.add(
            (*path, "run"),
            "checks_run_nothing",
            "No check is run here.",
            value=stage,
            remedy="Name checks, or drop this.",
        )
    for index, name in enumerate(checks.run):
        if name not in kind.checks:
            complaints.add(
                (*path, "run", index),
                "unknown_check",
                f"{name!r} is no check.",
                value=name,
                remedy=meant(name, kind.checks),
            )
    verdicts = {"pass": checks.pass_, "review": checks.review, "reject": checks.reject}
    for verdict, transition in verdicts.items():
        if transition is not None:
            check_way(kind, stage, transition, complaints, cause=Cause.CHECK, path=(*path, verdict))
    for name in checks.run:
        check = kind.checks.get(name)
        if check is not None and (check.http or check.python) and checks.review is None:
            complaints.add(
                (*path, "review"),
                "verdict_without_way",
                f"The check {name!r} may fail to answer, which ends in review, and no transition is named for it.",
                value=name,
                remedy="Add review: a transition.",
            )
        verdict = kind.checks[name].otherwise if name in kind.checks else ""
        if verdict in verdicts and verdicts[verdict] is None:
            detail = f"The check {name!r} may say {verdict!r}, and no transition is named for it."
            complaints.add(
                (*path, verdict),
                "verdict_without_way",
                detail,
                value=name,
                remedy=f"Add {verdict}: a transition.",
            )


def _check_check(check: Check, path: _Path, catalogue: Catalogue, complaints: Complaints) -> None:
    sorts = ("rule", "count", "sum", "http", "python")
    written = [sort for sort in sorts if getattr(check, sort) is not None]
    if len(written) != 1:
        said = ", ".join(written) or "none"
        complaints.add(
            path,
            "check_unclear",
            "A check is exactly one of rule, count, sum, http and python.",
            value=said,
            remedy="Keep one.",
        )
    if check.otherwise not in {"review", "reject"}:
        remedy = meant(check.otherwise, ("review", "reject"))
        complaints.add(
            (*path, "otherwise"),
            "unknown_word",
            f"{check.otherwise!r} is no verdict.",
            value=check.otherwise,
            remedy=remedy,
        )
    if check.reason is not None and catalogue.reason(check.reason) is None:
        remedy = meant(check.reason, catalogue.reasons)
        complaints.add(
            (*path, "reason"),
            "unknown_reason",
            f"The catalogue has no reason {check.reason!r}.",
            value=check.reason,
            remedy=remedy,
        )
    _check_at_most(check, path, complaints)


def _check_at_most(check: Check, path: _Path, complaints: Complaints) -> None:
    if check.count is not None and (not isinstance(check.at_most, int) or check.at_most < 0):
        complaints.add(
            (*path, "at_most"),
            "wrong_value",
            "A count needs at_most, a whole number.",
            value=check.at_most,
            remedy="Write at_most: 3.",
        )
    if check.sum is not None and not (isinstance(check.at_most, str) and _MONEY.fullmatch(check.at_most)):
        detail = "A sum needs at_most, an amount with its currency."
        complaints.add(
            (*path, "at_most"),
            "amount_without_currency",
            detail,
            value=check.at_most,
            remedy="Write at_most: 5000EUR.",
        )
    if check.at_most is not None and check.count is None and check.sum is None:
        complaints.add(
            (*path, "at_most"),
            "at_most_of_nothing",
            "at_most belongs to count or sum.",
            value=check.at_most,
            remedy="Drop it.",
        )


def _check_undo(kind: Kind, complaints: Complaints) -> None:
    for name, reverse in kind.undo.items():
        unknown = [part for part in (name, reverse) if part not in kind.transitions]
        for part in unknown:
            remedy = meant(part, kind.transitions)
            complaints.add(
                ("undo", name), "unknown_transition", f"{part!r} is no transition.", value=part, remedy=remedy
            )
        if unknown:
            continue
        end = kind.transitions[name].to
        if not reachable(kind, [end]) & set(kind.transitions[reverse].from_):
            detail = f"{name!r} ends in {end!r}, and no way leads from there to where {reverse!r} starts."
            complaints.add(
                ("undo", name),
                "undo_cannot_start",
                detail,
                value=reverse,
                remedy=f"Let {reverse!r} start in {end!r} or behind it.",
            )


def _check_children(kind: Kind, complaints: Complaints) -> None:
    if kind.children is None:
        return
    by_children = any(Cause.CHILDREN in transition.by for transition in kind.transitions.values())
    for ending in ("success", "rejected", "error"):
        word = getattr(kind.children, ending)
        if word is None:
            continue
        if word not in {"all", "any"}:
            complaints.add(
                ("children", ending),
                "unknown_word",
                f"{word!r} is neither all nor any.",
                value=word,
                remedy="Use all or any.",
            )
        if getattr(kind.outcomes, ending) is None and not by_children:
            detail = f"When the children end as {ending}, no transition is named for it."
            complaints.add(
                ("children", ending),
                "children_without_way",
                detail,
                value=ending,
                remedy=f"Declare outcomes.{ending}, or a transition by: [children].",
            )


def _check_label_names(kind: Kind, complaints: Complaints) -> None:
    known: tuple[tuple[str, Iterable[str], Iterable[str]], ...] = (
        ("stages", kind.labels.stages, kind.stages),
        ("customer", kind.labels.customer, kind.stages),
        ("transitions", kind.labels.transitions, kind.transitions),
        ("attributes", kind.labels.attributes, kind.attributes),
        ("targets", kind.labels.targets, [target.name for target in kind.targets]),
    )
    for section, labelled, names in known:
        options = set(names)
        for name in labelled:
            if name not in options:
                detail = f"The label is for {name!r}, which the kind does not have."
                complaints.add(
                    ("labels", section, name),
                    "label_of_nothing",
                    detail,
                    value=name,
                    remedy=meant(name, options),
                )
