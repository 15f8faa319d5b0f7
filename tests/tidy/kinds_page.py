"""The pages docs/reference/kinds.md and reasons.md: the built-in kinds and reasons as tables and diagrams."""

from collections.abc import Iterable

from viertakt.kinds.actions import builtin_kinds
from viertakt.kinds.flow import amendable, mermaid
from viertakt.kinds.model import Clock, Finality, Kind, Stage, Transition
from viertakt.kinds.reasons import ByDirection, Catalogue, Mapped, StatusOnly, load_catalogue

SOURCE = "src/viertakt/kinds/builtin"
NOTE = f"<!-- Written by `make gen` from {SOURCE}; change it there. -->\n\n"


def kinds_page() -> str:
    """Every built-in kind: its diagram, its stages, who may take which transition, its never list."""
    kinds = builtin_kinds().values()
    rows = [
        (
            f"[{kind.label.en}](#{kind.kind})",
            kind.label.nl,
            f"`{kind.kind}`",
            str(len(kind.stages)),
            kind.direction,
        )
        for kind in kinds
    ]
    return (
        "# The built-in kinds\n\n"
        + NOTE
        + "Each is a file, nothing more: copy one, change it, `viertakt kinds check` it and publish it. Reasons stand in"
        " [the reason catalogue](reasons.md).\n\n"
        + table(("kind", "Nederlands", "name", "stages", "money"), rows)
        + "".join(_kind(kind) for kind in kinds)
    )


def reasons_page() -> str:
    """The reason catalogue: our codes with both texts, and whose codes are mapped onto them."""
    catalogue = load_catalogue()
    rows = [
        (
            f"`{code}`",
            reason.status,
            reason.internal.en,
            reason.internal.nl,
            reason.customer.en,
            reason.customer.nl,
        )
        for code, reason in catalogue.reasons.items()
    ]
    head = ("code", "status", "we read", "wij lezen", "the customer reads", "de klant leest")
    return (
        "# The reason catalogue\n\n"
        + NOTE
        + "A reason says why an operation ended, or has not yet. Only the customer's text ever leaves the house.\n\n"
        + table(head, rows)
        + "\n## Codes of others\n\nWhere a code means one thing on money coming in and another on money going out,"
        " both are given.\n"
        + "".join(f"\n### {scheme}\n\n{_scheme(catalogue, scheme)}" for scheme in catalogue.schemes)
    )


def table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    """A Markdown table."""
    lines = [head, tuple("---" for _ in head), *rows]
    return "".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |\n" for line in lines)


def _kind(kind: Kind) -> str:
    stages = [_stage_row(kind, name, stage) for name, stage in kind.stages.items()]
    moves = [_transition_row(kind, name, transition) for name, transition in kind.transitions.items()]
    targets = [
        f"- {kind.labels.targets[target.name].en} (`{target.within or target.due}`)\n"
        for target in kind.targets
    ]
    return (
        f'\n<a id="{kind.kind}"></a>\n\n## {kind.label.en} · {kind.label.nl}\n\n'
        f"The file: [{kind.kind}.yaml](../../{SOURCE}/{kind.kind}.yaml). "
        f"Subject: {kind.subject.en.lower()}; amount: {kind.amount}.\n\n"
        "<details><summary>Diagram</summary>\n\n```mermaid\n"
        + mermaid(kind, {name: text.en for name, text in kind.labels.stages.items()})
        + "```\n\n</details>\n\n"
        + table(("stage", "fase", "status", "waits for", "time limit", "the customer reads"), stages)
        + "\n"
        + table(("transition", "from", "to", "who may", "reasons"), moves)
        + "\n**Reported ends**\n\n"
        + _ends(kind)
        + "\n**Amount and attributes may be changed**\n\n"
        + _changes(kind)
        + "\n**Promised**\n\n"
        + "".join(targets)
        + "\n**Never**\n\n"
        + "".join(f"- {line}\n" for line in kind.never)
    )


def _ends(kind: Kind) -> str:
    words = {"late": "success after another end"}
    ways = {name: getattr(kind.outcomes, name) for name in kind.outcomes.__struct_fields__}
    return "".join(f"- {words.get(name, name)}: `{way}`\n" for name, way in ways.items() if way is not None)


def _changes(kind: Kind) -> str:
    stages = ", ".join(f"`{stage}`" for stage in amendable(kind)) or "no stage"
    fixed = [f"`{name}`" for name, attribute in kind.attributes.items() if attribute.fixed]
    return f"- in {stages}" + (f"; never {', '.join(fixed)}" if fixed else "") + "\n"


def _stage_row(kind: Kind, name: str, stage: Stage) -> tuple[str, ...]:
    labels = {str(known): text for known, text in kind.labels.stages.items()}
    shown = {str(known): text for known, text in kind.labels.customer.items()}.get(name, labels[name])
    waits = (stage.waiting_on or "").replace("_", " ") + (
        " (clock paused)" if stage.clock is Clock.PAUSE else ""
    )
    status = f"{stage.status}, provisional" if stage.final is Finality.PROVISIONAL else str(stage.status)
    return (f"{labels[name].en}<br>`{name}`", labels[name].nl, status, waits, _limit(stage), shown.en)


def _limit(stage: Stage) -> str:
    if stage.limit is not None:
        return f"`{stage.limit.after or stage.limit.at}` → {stage.limit.transition}"
    if stage.re_ask is not None:
        return f"asked every `{stage.re_ask.every}`, {stage.re_ask.tries} times → {stage.re_ask.then}"
    return ""


def _transition_row(kind: Kind, name: str, transition: Transition) -> tuple[str, ...]:
    labels = {str(known): text for known, text in kind.labels.transitions.items()}
    automatic = [f"*{cause}*" for cause in transition.by]
    consents = [
        f"{rule.count} more of {'/'.join(rule.roles or transition.roles)}"
        + (f" where `{rule.when}`" if rule.when else "")
        for rule in transition.approvals
    ]
    who = ", ".join([*transition.roles, *automatic]) + (
        f"; consent: {', '.join(consents)}" if consents else ""
    )
    if transition.when is not None:
        who += f"; only where `{transition.when}`"
    return (
        f"{labels[name].en}<br>`{name}`",
        ", ".join(transition.from_),
        transition.to,
        who + ("; with a comment" if transition.comment == "required" else ""),
        ", ".join(transition.reasons),
    )


def _scheme(catalogue: Catalogue, scheme: str) -> str:
    rows = [(f"`{code}`", _meaning(mapped)) for code, mapped in catalogue.schemes[scheme].items()]
    return table(("code", "means"), rows)


def _meaning(mapped: ByDirection) -> str:
    if mapped.in_ == mapped.out:
        return _words(mapped.in_)
    return f"in: {_words(mapped.in_)}; out: {_words(mapped.out)}"


def _words(mapped: Mapped | None) -> str:
    if isinstance(mapped, StatusOnly):
        return f"**{mapped.status}**" + (f" ({mapped.reason})" if mapped.reason else "")
    return str(mapped or "a person looks")
