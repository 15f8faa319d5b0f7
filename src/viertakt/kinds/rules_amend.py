"""Judges where a kind lets amount and attributes be changed (decision 0013).

Once somebody outside has been told an amount or an account, another one in our books is not a correction but a second
truth. So in a kind that moves money, no stage but the start may be named that waits on a provider, our own systems or a
date, nor one in which nobody knows how it ended.
"""

from viertakt.kinds.complaints import Complaints, meant
from viertakt.kinds.model import AmountRule, Effect, Kind, StageName, Status, WaitingOn
from viertakt.kinds.rules_money import unclear_stages

_UNDER_WAY = frozenset({WaitingOn.PROVIDER, WaitingOn.SYSTEM, WaitingOn.DATE})


def check_amend(kind: Kind, complaints: Complaints) -> None:
    """Complain about each stage named in `amend` in which nothing may be changed."""
    moves_money = kind.effect is Effect.EXTERNAL and kind.amount is not AmountRule.NONE
    unclear = unclear_stages(kind) if moves_money else set()
    for index, name in enumerate(kind.amend or ()):
        path = ("amend", index)
        stage = kind.stages.get(name)
        if stage is None:
            remedy = meant(name, kind.stages)
            complaints.add(path, "unknown_stage", f"{name!r} is no stage.", value=name, remedy=remedy)
            continue
        if name in (kind.amend or ())[:index]:
            detail = f"{name!r} stands here twice."
            complaints.add(path, "stage_repeats", detail, value=name, remedy="Drop one.")
        if stage.status is not Status.PENDING:
            detail = f"{name!r} has ended as {stage.status}: what it was about stays as it is."
            complaints.add(path, "amend_after_end", detail, value=name, remedy="Name pending stages only.")
        elif moves_money and name != kind.start:
            _check_under_way(kind, name, unclear, path, complaints)


def _check_under_way(
    kind: Kind, name: StageName, unclear: set[StageName], path: tuple[str | int, ...], complaints: Complaints
) -> None:
    waiting_on = kind.stages[name].waiting_on
    if name in unclear:
        detail = (
            f"In {name!r} nobody knows how it ended: the money may be on its way with what was said before."
        )
    elif waiting_on in _UNDER_WAY:
        detail = f"{name!r} waits on a {waiting_on}: it acts on what it was told."
    else:
        return
    remedy = "Let a transition lead back to a stage that waits on a person, and name that one."
    complaints.add(path, "amend_under_way", detail, value=name, remedy=remedy)
