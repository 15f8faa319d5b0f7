"""Arbitrary kinds that pass `check_kind`, built so that they do: no filtering, so they are cheap to draw and to shrink.

    kinds()              any kind; about half of them with an external effect, which brings the money rules along
    kinds(name="…")      under this name
    catalogue()          a small reason catalogue that knows every reason these kinds use

The pending stages form a tree from the start, every ended stage hangs on one of them, whatever has no way out gets one,
and further transitions are sprinkled over it. Only then causes and roles are given, from those that the rules allow there.
"""

from functools import cache
from typing import Any

import msgspec
from hypothesis import strategies as st

from viertakt.kinds.model import Kind
from viertakt.kinds.reasons import Catalogue, read_catalogue

REASONS = ("fraud", "expired_no_action", "insufficient_funds")  # the built-in catalogue has them too
ROLES = ("payments", "payments_lead", "support")
CAUSES = ("process", "source", "deadline", "check", "children")
WAITING = (
    "customer",
    "counterparty",
    "operator",
    "second_approver",
    "provider",
    "system",
    "other_team",
    "date",
)
DURATIONS = ("PT1S", "PT15M", "P14D", "P2W", "P1DT12H")
# One type per name, so that any of these kinds may be published beside each other.
ATTRIBUTES: dict[str, dict[str, Any]] = {
    "colour": {"type": "string", "enum": ["red", "green"], "dimension": True},
    "flag": {"type": "boolean", "dimension": True},
    "pieces": {"type": "integer"},
    "rate": {"type": "decimal"},
    "due_on": {"type": "date"},
    "seen_at": {"type": "datetime"},
    "email": {"type": "string", "class": "personal"},
}
GUARDS = {
    "colour": "attributes.colour:red,green",
    "flag": "-attributes.flag:true",
    "pieces": "attributes.pieces>=3 OR attributes.pieces:1..2",
    "rate": "attributes.rate<0.5",
    "due_on": "attributes.due_on<-1d",
    "seen_at": "NOT (attributes.seen_at>2026-01-01)",
}


@cache
def catalogue() -> Catalogue:
    """A catalogue of just the reasons that these kinds name."""
    texts = "internal: {en: Why, nl: Waarom}, customer: {en: Why, nl: Waarom}"
    return read_catalogue(
        "reasons:\n" + "".join(f"  {name}: {{status: rejected, {texts}}}\n" for name in REASONS)
    )


@st.composite
def kinds(draw: st.DrawFn, *, name: str | None = None) -> Kind:
    """A kind that passes `check_kind`."""
    external = draw(st.booleans())
    direction = draw(st.sampled_from(["in", "out", "none"]))
    document: dict[str, Any] = {
        "kind": name or draw(st.sampled_from(["parcel", "deposit_x", "letter"])),
        "label": {"en": "Thing", "nl": "Ding"},
        "subject": {"en": "Somebody", "nl": "Iemand"},
        "amount": draw(st.sampled_from(["required", "optional", "none"])),
        "direction": direction,
        "effect": "external" if external else "internal",
        "attributes": {
            key: ATTRIBUTES[key] for key in draw(st.sets(st.sampled_from(sorted(ATTRIBUTES)), max_size=4))
        },
        "start": "p0",
    }
    guarded = external and direction != "none"
    stages, ways = _graph(draw, external=external, guarded=guarded)
    for status in ("success", "error", "rejected"):
        if all(stage["status"] != status for stage in stages.values()):
            document[f"no_{status}"] = True
    document["stages"] = stages
    document["transitions"] = {
        f"t{index}": _transition(draw, document, source, target, external=external)
        for index, (source, target) in enumerate(ways)
    }
    _amending(draw, document, external=external)
    _timing(draw, document)
    _checks(draw, document)
    _ends(draw, document, external=external)
    return msgspec.convert(document, Kind, strict=True)


def _graph(draw: st.DrawFn, *, external: bool, guarded: bool) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    pending = [f"p{index}" for index in range(draw(st.integers(1, 4)))]
    ways = [(pending[draw(st.integers(0, index - 1))], pending[index]) for index in range(1, len(pending))]
    if external:
        ways.append((draw(st.sampled_from(pending)), "unknown"))
        pending.append("unknown")
    stages: dict[str, Any] = {}
    for stage in pending:
        clock = draw(st.sampled_from(["run", "pause"]))
        stages[stage] = {"status": "pending", "waiting_on": draw(st.sampled_from(WAITING)), "clock": clock}
    finality = st.sampled_from(["no", "provisional", "yes"])
    for ended in draw(st.sets(st.sampled_from(["success", "error", "rejected"]), min_size=1)):
        stages[ended] = {"status": ended, "final": draw(finality)}
        source = draw(st.sampled_from(pending))
        if ended == "rejected" and guarded:
            ways.extend([(source, "releasing"), ("releasing", "rejected")])
            stages["releasing"] = {"status": "pending", "waiting_on": "system"}
        else:
            ways.append((source, ended))
    for stage in pending:
        if all(source != stage for source, _ in ways):
            ways.append(
                (
                    stage,
                    draw(
                        st.sampled_from(
                            [other for other in _targets(stages, guarded=guarded) if other != stage]
                        )
                    ),
                )
            )
    further = st.tuples(st.sampled_from(sorted(stages)), st.sampled_from(_targets(stages, guarded=guarded)))
    ways.extend(draw(st.lists(further, max_size=4)))
    return stages, ways


def _targets(stages: dict[str, Any], *, guarded: bool) -> list[str]:
    return sorted(stage for stage in stages if not (guarded and stage == "rejected"))


def _transition(
    draw: st.DrawFn, document: dict[str, Any], source: str, target: str, *, external: bool
) -> dict[str, Any]:
    stages = document["stages"]
    causes, roles = list(CAUSES), list(ROLES)
    if stages[target]["status"] != "pending" and external:
        causes = ["process", "source"]  # whether it is known how it ended depends on the whole graph
    if stages[source].get("final") == "yes":
        causes = []
    if (source, target) == ("releasing", "rejected") and "releasing" in stages:
        causes, roles = ["process", "source"], []
    elif target == "unknown":
        causes = ["process"] if causes else []
    by = draw(st.lists(st.sampled_from(causes), unique=True, max_size=3)) if causes else []
    people = draw(st.lists(st.sampled_from(roles), unique=True, max_size=2)) if roles else []
    if not by and not people:
        by, people = (causes[:1], []) if causes else ([], roles[:1])
    transition: dict[str, Any] = {"from": [source], "to": target, "by": by, "roles": people}
    if draw(st.booleans()) and people:
        transition["reasons"] = draw(st.lists(st.sampled_from(REASONS), unique=True, max_size=2))
        transition["comment"] = draw(st.sampled_from(["optional", "required"]))
        if draw(st.booleans()):
            transition["approvals"] = [{"count": draw(st.integers(1, 2)), "when": "amount>=1000EUR"}]
    guards = [GUARDS[key] for key in document["attributes"] if key in GUARDS]
    if guards and draw(st.integers(0, 3)) == 0:
        transition["when"] = draw(st.sampled_from(guards))
    return transition


def _amending(draw: st.DrawFn, document: dict[str, Any], *, external: bool) -> None:
    """Some stages in which it may be changed: where money moves, none that waits on a machine or came from `unknown`."""
    document["attributes"] = {
        key: attribute | ({"fixed": True} if draw(st.booleans()) else {})
        for key, attribute in document["attributes"].items()
    }
    open_stages = [
        name
        for name, stage in document["stages"].items()
        if stage["status"] == "pending" and (name == "p0" or not external or document["amount"] == "none")
    ]
    if draw(st.booleans()):
        document["amend"] = draw(st.lists(st.sampled_from(open_stages), unique=True))


def _leaving(document: dict[str, Any], stage: str, cause: str) -> list[str]:
    return [
        name
        for name, transition in document["transitions"].items()
        if stage in transition["from"] and cause in transition["by"]
    ]


def _asks_nothing(transition: dict[str, Any]) -> bool:
    """Whether it can be made without a word: no clock gives a comment or chooses a reason."""
    return len(transition.get("reasons", ())) < 2 and transition.get("comment") != "required"


def _timing(draw: st.DrawFn, document: dict[str, Any]) -> None:
    for name, stage in document["stages"].items():
        timed = _leaving(document, name, "deadline")
        wordless = [way for way in timed if _asks_nothing(document["transitions"][way])]
        if draw(st.booleans()) and wordless:
            stage["limit"] = {
                "transition": draw(st.sampled_from(wordless)),
                "after": draw(st.sampled_from(DURATIONS)),
            }
        if draw(st.booleans()) and timed and stage["status"] == "pending":
            tries = draw(st.integers(1, 5))
            stage["re_ask"] = {"every": "PT10M", "tries": tries, "then": draw(st.sampled_from(timed))}


def _checks(draw: st.DrawFn, document: dict[str, Any]) -> None:
    for name, stage in document["stages"].items():
        ways = _leaving(document, name, "check")
        if draw(st.booleans()) and ways and stage["status"] == "pending":
            few = {"count": "subject:$subject created>-24h", "at_most": 3}
            document["checks"] = {
                "few": few,
                "small": {"rule": "amount<1000EUR", "otherwise": "reject", "reason": "fraud"},
            }
            verdicts = {verdict: draw(st.sampled_from(ways)) for verdict in ("pass", "review", "reject")}
            stage["checks"] = {"run": ["few", "small"], **verdicts}


def _ends(draw: st.DrawFn, document: dict[str, Any], *, external: bool) -> None:
    stages, outcomes = document["stages"], {}
    if external:
        # The way into `unknown` is a process's to take, whatever was drawn for it.
        unknown = next(name for name, way in document["transitions"].items() if way["to"] == "unknown")
        document["transitions"][unknown]["by"] = ["process"]
        outcomes["unknown"] = unknown
    for ending in ("success", "error", "rejected"):
        fitting = [
            name
            for name, way in document["transitions"].items()
            if stages[way["to"]]["status"] == ending and {"process", "source"} & set(way["by"])
        ]
        if draw(st.booleans()) and fitting:
            outcomes[ending] = draw(st.sampled_from(fitting))
    document["outcomes"] = outcomes
    if draw(st.booleans()):
        document["children"] = {ending: "any" for ending in outcomes if ending != "unknown"}
    document["targets"] = [
        {
            "name": "promise",
            "from": "p0",
            "until": [draw(st.sampled_from(sorted({*stages} - {"p0"})))],
            "within": "PT24H",
        }
    ]
