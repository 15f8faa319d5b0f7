"""Reports once more in the provider's order, in memory: would they contradict each other had none come late? Pure.

A report can find its operation where no order of the provider's leads, because another one came late or is still under
way. What then looks like a contradiction is none between the reports. So before one is flagged, and again when an
earlier one has come, all of them are told in order from where the first of them found the operation:

    arrived:   declined   authorised (late)   under review (?)     the operation is declined and cannot be reviewed
    in order:  authorised   declined   under review                the provider took it up again: nothing to flag

Only moves that reports made are told again. Where people or the clock have moved the operation in between, the telling
begins after that; where they moved it last, a report that does not fit is flagged.
"""

from collections.abc import Iterable, Iterator, Sequence

from viertakt.kinds.model import Kind, StageName
from viertakt.kinds.reasons import Catalogue
from viertakt.operations.model import Operation
from viertakt.signals.model import Signal, SignalState
from viertakt.signals.rules_report import Fate, is_timed, take

TOLD = frozenset({SignalState.APPLIED, SignalState.KNOWN})
# Flags that may be taken back; another amount, a missing reason and a refusal of the kind are so in any order.
OF_ORDER = frozenset({"contradicts_stage", "out_of_order", "too_early"})


def is_flagged_by_order(signal: Signal) -> bool:
    """Whether it is flagged for where its operation stood, and not for what it says itself."""
    return signal.state is SignalState.CONTRADICTING and signal.code in OF_ORDER


def fits(
    kind: Kind, operation: Operation, ordered: Sequence[Signal], signal: Signal, *, catalogue: Catalogue
) -> bool:
    """Whether a report that contradicts its operation's stage contradicts none in the provider's order (`ordered`)."""
    run = _run(operation, ordered)
    if not run or run[0].from_stage is None:
        return False
    others = [one for one in ordered if one in run or one.state is not SignalState.APPLIED]
    # What says no time is progress that came before all that does: its moment of receipt would make a reordering a flag.
    told = sorted(others, key=is_timed)
    return not any(
        one is signal or not is_flagged_by_order(one)
        for one in _contradicting(kind, run[0].from_stage, told, catalogue)
    )


def conflicts(kind: Kind, ordered: Iterable[Signal], late: Signal, *, catalogue: Catalogue) -> bool:
    """Whether the late one and those after it contradict each other, told from where the first of the later ones was
    applied."""
    rest = list(ordered)
    rest = rest[rest.index(late) :]
    stage = next((one.from_stage for one in rest if one.from_stage is not None), None)
    if stage is None:
        return False  # none of the later ones moved it
    told = [
        one for one in rest if (one is late or one.state in {*TOLD, SignalState.OVERTAKEN}) and is_timed(one)
    ]
    return any(True for _ in _contradicting(kind, stage, told, catalogue))


def _run(operation: Operation, ordered: Iterable[Signal]) -> list[Signal]:
    """The reports that brought it to where it stands with nobody's move between them, in the order they were applied."""
    moved = sorted(
        (one for one in ordered if one.entry_seq and one.to_stage), key=lambda one: one.entry_seq or 0
    )
    run: list[Signal] = []
    stage = operation.stage
    while moved and moved[-1].to_stage == stage and moved[-1].from_stage is not None:
        run.insert(0, moved.pop())
        stage = run[0].from_stage or stage
    return run


def _contradicting(
    kind: Kind, stage: StageName, told: Iterable[Signal], catalogue: Catalogue
) -> Iterator[Signal]:
    """Those that contradict the ones before them, told in this order from this stage."""
    for one in told:
        if one.way is None:
            continue
        taken = take(kind, stage, one.way, catalogue=catalogue)
        if taken.fate is Fate.CONTRADICTS:
            yield one
        if taken.fate is Fate.MOVE and taken.transition is not None:
            stage = kind.transitions[taken.transition].to
