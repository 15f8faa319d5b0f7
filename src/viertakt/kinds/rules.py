"""Judges a kind before it may be published: all faults at once, each with path, value and remedy.

    check_kind       one kind by itself, against the reason catalogue
    check_together   several kinds: an attribute's name has one type everywhere
    check_labels     the words in both languages, which a built-in kind owes and a company's own may leave out

Pure. Stages and reach are judged here, transitions in `rules_transitions`, references in `rules_references`, targets in
`rules_targets`, reported ends in `rules_outcomes`, queries in `rules_guards`, money in `rules_money`, amendments in `rules_amend`.
"""

import re
from collections.abc import Iterable

from viertakt.errors import Fault
from viertakt.kinds.complaints import Complaints, meant
from viertakt.kinds.flow import reachable, transitions_from
from viertakt.kinds.model import (
    Attribute,
    AttributeClass,
    AttributeType,
    Finality,
    Kind,
    Stage,
    StageName,
    Status,
)
from viertakt.kinds.reasons import Catalogue
from viertakt.kinds.rules_amend import check_amend
from viertakt.kinds.rules_guards import check_guards
from viertakt.kinds.rules_money import check_money
from viertakt.kinds.rules_references import check_references
from viertakt.kinds.rules_transitions import check_transitions

DIMENSIONS_MAX = 2
STAGES_MAX = 200
TRANSITIONS_MAX = 1000
ATTRIBUTES_MAX = 200
_NAME = re.compile(r"[a-z][a-z0-9_]{0,62}", re.ASCII)


def check_kind(kind: Kind, catalogue: Catalogue) -> list[Fault]:
    """Every fault of the kind, in the document's order; an empty list means that it may be published."""
    complaints = Complaints()
    _check_names(kind, complaints)
    _check_attributes(kind, complaints)
    _check_provider(kind, complaints)
    check_amend(kind, complaints)
    _check_stages(kind, complaints)
    _check_reach(kind, complaints)
    _check_statuses(kind, complaints)
    check_transitions(kind, catalogue, complaints)
    check_references(kind, catalogue, complaints)
    check_guards(kind, complaints)
    check_money(kind, complaints)
    return complaints.faults


def check_together(kinds: Iterable[Kind]) -> list[Fault]:
    """Faults between kinds: an attribute of two types, a query over other kinds with unknown attributes. Paths begin with the kind."""
    faults: list[Fault] = []
    first: dict[str, tuple[Kind, Attribute]] = {}
    known = list(kinds)
    for kind in known:
        for name, attribute in kind.attributes.items():
            other, seen = first.setdefault(name, (kind, attribute))
            if seen.type is not attribute.type:
                complaints = Complaints()
                detail = f"{name!r} is a {attribute.type} here and a {seen.type} in {other.kind!r}; one name has one type."
                remedy = f"Make it a {seen.type}, or give it another name."
                complaints.add(
                    (kind.kind, "attributes", name, "type"),
                    "attribute_types_differ",
                    detail,
                    value=attribute.type,
                    remedy=remedy,
                )
                faults.extend(complaints.faults)
    union = {name: attribute for name, (_, attribute) in first.items()}
    for kind in known:
        alone, among = Complaints(), Complaints()
        check_guards(kind, alone)
        check_guards(kind, among, union)
        new = [fault for fault in among.faults if fault not in alone.faults]
        faults.extend(Fault(f"/{kind.kind}{f.pointer}", f.code, f.detail, f.value, f.remedy) for f in new)
    return faults


def check_labels(kind: Kind) -> list[Fault]:
    """A fault for each stage, transition, attribute and target that has no words; those that a person reads must have them."""
    complaints = Complaints()
    wanted: dict[str, tuple[Iterable[str], Iterable[str]]] = {
        "stages": (kind.stages, kind.labels.stages),
        "transitions": (kind.transitions, kind.labels.transitions),
        "attributes": (kind.attributes, kind.labels.attributes),
        "targets": ([target.name for target in kind.targets], kind.labels.targets),
    }
    for section, (names, labels) in wanted.items():
        for name in names:
            if name not in labels:
                remedy = f"Add labels.{section}.{name}: {{en: …, nl: …}}."
                complaints.add(
                    ("labels", section, name),
                    "label_missing",
                    f"{name!r} has no label.",
                    value=name,
                    remedy=remedy,
                )
    return complaints.faults


def _check_names(kind: Kind, complaints: Complaints) -> None:
    sections: dict[str, Iterable[str]] = {
        "stages": kind.stages,
        "transitions": kind.transitions,
        "attributes": kind.attributes,
        "checks": kind.checks,
    }
    remedy = "Use lower-case letters, digits and underscores, a letter first, at most 63."
    if not _NAME.fullmatch(kind.kind):
        complaints.add(("kind",), "bad_name", f"{kind.kind!r} is no name.", value=kind.kind, remedy=remedy)
    for section, names in sections.items():
        for name in names:
            if not _NAME.fullmatch(name):
                complaints.add(
                    (section, name), "bad_name", f"{name!r} is no name.", value=name, remedy=remedy
                )
    limits = (
        ("stages", len(kind.stages), STAGES_MAX),
        ("transitions", len(kind.transitions), TRANSITIONS_MAX),
    )
    for section, count, limit in (*limits, ("attributes", len(kind.attributes), ATTRIBUTES_MAX)):
        if count > limit:
            complaints.add((section,), "too_many", f"A kind has at most {limit} {section}.", value=count)


def _check_attributes(kind: Kind, complaints: Complaints) -> None:
    dimensions = [name for name, attribute in kind.attributes.items() if attribute.dimension]
    for name in dimensions[DIMENSIONS_MAX:]:
        detail = f"At most {DIMENSIONS_MAX} attributes are counted in the tallies; {', '.join(dimensions)} are marked."
        complaints.add(
            ("attributes", name, "dimension"), "too_many_dimensions", detail, value=name, remedy="Unmark one."
        )
    for name, attribute in kind.attributes.items():
        path = ("attributes", name)
        if attribute.enum and attribute.type is not AttributeType.STRING:
            detail = f"Only a string has a list of values; {name!r} is a {attribute.type}."
            complaints.add(
                (*path, "enum"),
                "enum_on_other_type",
                detail,
                value=attribute.type,
                remedy="Drop enum or make it a string.",
            )
        if len(set(attribute.enum)) != len(attribute.enum):
            complaints.add(
                (*path, "enum"),
                "enum_repeats",
                "A value stands in the list twice.",
                value=", ".join(attribute.enum),
            )
        if attribute.dimension and attribute.class_ in {AttributeClass.PERSONAL, AttributeClass.SENSITIVE}:
            detail = f"{name!r} is {attribute.class_}: it is kept apart and cannot be counted by."
            complaints.add(
                (*path, "dimension"),
                "dimension_is_personal",
                detail,
                value=attribute.class_,
                remedy="Drop dimension.",
            )
        if attribute.dimension and attribute.type not in {
            AttributeType.STRING,
            AttributeType.BOOLEAN,
            AttributeType.INTEGER,
        }:
            detail = f"A {attribute.type} has too many values to count by."
            complaints.add(
                (*path, "dimension"),
                "dimension_too_fine",
                detail,
                value=attribute.type,
                remedy="Drop dimension.",
            )


def _check_provider(kind: Kind, complaints: Complaints) -> None:
    """Who carries it out is told by a text that is counted in the tallies, so that lists, reports and alerts agree on it."""
    if kind.provider is None:
        return
    attribute = kind.attributes.get(kind.provider)
    if attribute is None:
        detail = f"There is no attribute {kind.provider!r}."
        remedy = meant(kind.provider, kind.attributes)
        complaints.add(("provider",), "unknown_attribute", detail, value=kind.provider, remedy=remedy)
    elif attribute.type is not AttributeType.STRING or not attribute.dimension:
        detail = f"{kind.provider!r} is no text that is counted by."
        remedy = f"Write {kind.provider}: {{type: string, dimension: true}}."
        complaints.add(("provider",), "provider_is_not_counted", detail, value=kind.provider, remedy=remedy)


def _check_stages(kind: Kind, complaints: Complaints) -> None:
    start = kind.stages.get(kind.start)
    if start is None:
        remedy = meant(kind.start, kind.stages)
        complaints.add(
            ("start",),
            "unknown_stage",
            f"The start {kind.start!r} is no stage.",
            value=kind.start,
            remedy=remedy,
        )
    elif start.status is not Status.PENDING:
        complaints.add(
            ("start",),
            "start_has_ended",
            f"The start {kind.start!r} has already ended.",
            value=kind.start,
            remedy="Start in a pending stage.",
        )
    for name, stage in kind.stages.items():
        if stage.status is Status.PENDING:
            _check_pending(kind, name, stage, complaints)
        else:
            _check_ended(kind, name, stage, complaints)


def _check_pending(kind: Kind, name: StageName, stage: Stage, complaints: Complaints) -> None:
    path = ("stages", name)
    if stage.waiting_on is None:
        complaints.add(
            path,
            "waiting_on_missing",
            f"{name!r} is pending; say who or what acts next.",
            value=name,
            remedy="Add waiting_on.",
        )
    if stage.final is not Finality.NO:
        complaints.add(
            (*path, "final"),
            "pending_is_final",
            f"{name!r} is pending, so nothing is final.",
            value=stage.final,
            remedy="Drop final.",
        )
    if all(transition.to == name for transition in transitions_from(kind, name).values()):
        remedy = "Add a transition from it, or give it the status it ends with."
        complaints.add(
            path, "no_way_out", f"{name!r} is pending and nothing leaves it.", value=name, remedy=remedy
        )


def _check_ended(kind: Kind, name: StageName, stage: Stage, complaints: Complaints) -> None:
    path = ("stages", name)
    if stage.waiting_on is not None:
        detail = f"{name!r} has ended as {stage.status}: it waits on nobody."
        complaints.add(
            (*path, "waiting_on"),
            "waiting_on_ended",
            detail,
            value=stage.waiting_on,
            remedy="Drop waiting_on or make it pending.",
        )
    if stage.final is not Finality.YES:
        return
    for transition_name, transition in transitions_from(kind, name).items():
        if transition.by:
            detail = f"{name!r} is final, yet {transition_name!r} leaves it automatically ({', '.join(transition.by)})."
            remedy = "Make it final: provisional, or let only people (roles) reopen it."
            complaints.add(
                (*path, "final"), "final_left_automatically", detail, value=transition_name, remedy=remedy
            )


def _check_reach(kind: Kind, complaints: Complaints) -> None:
    if kind.start not in kind.stages:
        return
    reached = reachable(kind, [kind.start])
    for name in kind.stages:
        if name not in reached:
            remedy = "Add a transition to it, or remove it."
            complaints.add(
                ("stages", name),
                "unreachable_stage",
                f"No way leads from {kind.start!r} to {name!r}.",
                value=name,
                remedy=remedy,
            )


def _check_statuses(kind: Kind, complaints: Complaints) -> None:
    reached = {kind.stages[name].status for name in reachable(kind, [kind.start])}
    for status, said in (
        (Status.SUCCESS, kind.no_success),
        (Status.ERROR, kind.no_error),
        (Status.REJECTED, kind.no_rejected),
    ):
        key = f"no_{status}"
        if said and status in reached:
            complaints.add(
                (key,),
                "status_reached",
                f"The kind says {key}, yet a stage has that status.",
                value=status,
                remedy=f"Drop {key}.",
            )
        elif not said and status not in reached:
            detail = f"No operation of this kind can end as {status}."
            complaints.add(
                ("stages",),
                "status_never_reached",
                detail,
                value=status,
                remedy=f"Add such a stage, or say {key}: true.",
            )
