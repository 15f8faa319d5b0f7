"""Questions about a kind's graph: what leaves a stage, what can be reached, how the flow strip is laid out, a diagram.

Pure and total: they answer for any kind that reads, also for one that `check_kind` would refuse.
"""

from collections.abc import Iterable, Mapping
from heapq import heappop, heappush

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


def ahead(kind: Kind, stage: StageName) -> set[StageName]:
    """The stages this one may still come to before it ends: an end is not left, else every stage is ahead of every other."""
    reached, frontier = {stage}, [stage]
    while frontier:
        here = frontier.pop()
        if kind.stages[here].status is not Status.PENDING:
            continue
        for transition in kind.transitions.values():
            if here in transition.from_ and transition.to not in reached:
                reached.add(transition.to)
                frontier.append(transition.to)
    return reached


def amendable(kind: Kind) -> tuple[StageName, ...]:
    """The stages in which an operation's amount and attributes may be changed; where the kind says nothing, its start."""
    return (kind.start,) if kind.amend is None else kind.amend


def main_path(kind: Kind) -> list[StageName]:
    """The story the author tells: from the start to a success stage, always taking the transition written first.

    Only forwards (to stages written later) and round restricted stages, so that it is no list of mishaps. Where no such
    way ends well: the fewest moves to a success, else to any end.
    """
    if kind.start not in kind.stages:
        return []
    return _story(kind) or _shortest(kind)


def _story(kind: Kind) -> list[StageName]:
    onward = successors(kind)
    written = {stage: index for index, stage in enumerate(kind.stages)}
    way: list[StageName] = [kind.start]
    tried = {kind.start}
    while way:
        here = way[-1]
        if kind.stages[here].status is Status.SUCCESS:
            return way
        step = next(
            (
                stage
                for stage in onward[here]
                if stage not in tried
                and written[stage] > written[here]
                and kind.stages[stage].status in {Status.PENDING, Status.SUCCESS}
                and not kind.stages[stage].restricted
            ),
            None,
        )
        if step is None:
            way.pop()
        else:
            tried.add(step)
            way.append(step)
    return []


def _shortest(kind: Kind) -> list[StageName]:
    onward = successors(kind)
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
    """The stages in columns for the flow strip: the main path step by step, each detour one column behind where it is
    entered, ended stages together in the last column. Inside a column the author's order.
    """
    distance = _distances(kind)
    pending = [stage for stage, definition in kind.stages.items() if definition.status is Status.PENDING]
    # A stage that only an ended one leads to (money after expiry) has no distance: it stands in the last open column.
    last = max((distance[stage] for stage in pending if stage in distance), default=0)
    column = {stage: distance.get(stage, last) for stage in pending}
    open_columns = [
        [stage for stage in pending if column[stage] == at] for at in sorted(set(column.values()))
    ]
    order = {Status.SUCCESS: 0, Status.ERROR: 1, Status.REJECTED: 2, Status.PENDING: 3}
    ended = [stage for stage, definition in kind.stages.items() if definition.status is not Status.PENDING]
    ended.sort(key=lambda stage: order[kind.stages[stage].status])
    return [*open_columns, ended] if ended else open_columns


def _distances(kind: Kind) -> dict[StageName, int]:
    """For pending stages: the place on the main path, else one more than the nearest stage that leads there."""
    onward = successors(kind)
    distance = {
        stage: at for at, stage in enumerate(main_path(kind)) if kind.stages[stage].status is Status.PENDING
    }
    queue = [(at, index, stage) for index, (stage, at) in enumerate(distance.items())]
    while queue:
        at, _, stage = heappop(queue)
        for follower in onward[stage]:
            if follower not in distance and kind.stages[follower].status is Status.PENDING:
                distance[follower] = at + 1
                heappush(queue, (at + 1, len(distance), follower))
    return distance


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
