"""Questions about a kind's graph: what leaves a stage, what can be reached, how the flow strip is laid out, a diagram.

Pure and total: they answer for any kind that reads, also for one that `check_kind` would refuse.
"""

from collections.abc import Iterable, Mapping

from viertakt.kinds.model import Kind, StageName, Status, Transition, TransitionName


def transitions_from(kind: Kind, stage: StageName) -> dict[TransitionName, Transition]:
    """The transitions that leave a stage, in the document's order."""
    return {name: transition for name, transition in kind.transitions.items() if stage in transition.from_}


def successors(kind: Kind) -> dict[StageName, list[StageName]]:
    """For each stage the others that one transition leads to; unknown stages are left out."""
    onward: dict[StageName, list[StageName]] = {stage: [] for stage in kind.stages}
    for transition in kind.transitions.values():
        for stage in transition.from_:
            if stage in onward and transition.to in onward and transition.to not in (stage, *onward[stage]):
                onward[stage].append(transition.to)
    return onward


def reachable(kind: Kind, starts: Iterable[StageName]) -> set[StageName]:
    """The stages that any number of transitions lead to, the starts among them."""
    onward = successors(kind)
    seen = {stage for stage in starts if stage in onward}
    waiting = list(seen)
    while waiting:
        for stage in onward[waiting.pop()]:
            if stage not in seen:
                seen.add(stage)
                waiting.append(stage)
    return seen


def main_path(kind: Kind) -> list[StageName]:
    """The shortest way from the start to a success stage (else to any ended one), through pending stages only.

    Where two ways are equally short the one written first wins: the author's order is the story's order.
    """
    onward = successors(kind)
    if kind.start not in onward:
        return []
    ways = [[kind.start]]
    seen = {kind.start}
    fallback = [kind.start]
    for way in ways:
        status = kind.stages[way[-1]].status
        if status is Status.SUCCESS:
            return way
        if status is not Status.PENDING:
            fallback = way if len(fallback) == 1 else fallback
            continue
        for stage in onward[way[-1]]:
            if stage not in seen:
                seen.add(stage)
                ways.append([*way, stage])
    return fallback


def layers(kind: Kind) -> list[list[StageName]]:
    """The stages in columns for the flow strip: start first, each one step behind what leads to it, ended ones last.

    Distance is the fewest moves from the start; ended stages share the last column, unreachable ones stand before it.
    """
    onward = successors(kind)
    distance: dict[StageName, int] = {kind.start: 0} if kind.start in onward else {}
    queue = list(distance)
    for stage in queue:
        if kind.stages[stage].status is not Status.PENDING:
            continue
        for follower in onward[stage]:
            if follower not in distance:
                distance[follower] = distance[stage] + 1
                queue.append(follower)
    pending = [stage for stage in kind.stages if kind.stages[stage].status is Status.PENDING]
    last = max((distance[stage] for stage in pending if stage in distance), default=-1)
    # A stage that only an ended one leads to (money after expiry) has no distance: it stands in the last open column.
    column = {stage: distance.get(stage, max(last, 0)) for stage in pending}
    open_columns = [
        [stage for stage in pending if column[stage] == index] for index in sorted(set(column.values()))
    ]
    order = {Status.SUCCESS: 0, Status.ERROR: 1, Status.REJECTED: 2, Status.PENDING: 3}
    ended = [stage for stage in kind.stages if kind.stages[stage].status is not Status.PENDING]
    ended.sort(key=lambda stage: order[kind.stages[stage].status])
    return [*open_columns, ended] if ended else open_columns


def mermaid(kind: Kind, labels: Mapping[StageName, str] | None = None) -> str:
    """The kind as a Mermaid `stateDiagram-v2`: stages with their labels, transitions by name, ended stages to the end."""
    lines = ["stateDiagram-v2", f"    [*] --> {kind.start}"]
    for stage, definition in kind.stages.items():
        words = (labels or {}).get(stage) or stage.replace("_", " ")
        lines.append(f"    {stage} : {_quiet(words)} ({definition.status})")
    for name, transition in kind.transitions.items():
        lines.extend(f"    {stage} --> {transition.to} : {name}" for stage in transition.from_)
    lines.extend(
        f"    {stage} --> [*]"
        for stage, definition in kind.stages.items()
        if definition.status is not Status.PENDING
    )
    return "\n".join(lines) + "\n"


def _quiet(words: str) -> str:
    # Mermaid ends a statement at a line break, a colon or a semicolon.
    return " ".join(words.replace(":", " ").replace(";", " ").split())
