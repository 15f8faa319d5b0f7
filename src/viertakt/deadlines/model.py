"""Operations whose time is up, and when nothing is fired: the nouns."""

from datetime import datetime, timedelta
from typing import Literal

import msgspec

from viertakt.operations.model import OperationId


class Due(msgspec.Struct, frozen=True, array_like=True):
    """An operation that is claimed to be fired, at this version, for the n-th time."""

    operation_id: OperationId
    version: int
    attempt: int


class Settled(msgspec.Struct, frozen=True):
    """What firing came to. `refused`: the refusal's code; None where it moved, or had moved on. `rest`: before the next try."""

    operation_id: OperationId
    attempt: int
    refused: str | None = None
    rest: timedelta | None = None


class Pause(msgspec.Struct, frozen=True):
    """Since when nothing is fired: stopped by `hand`, or by a `clock` that jumped so far."""

    paused_at: datetime
    cause: Literal["clock", "hand"]
    paused_by: str
    jumped: timedelta | None = None


class Standing(msgspec.Struct, frozen=True):
    """How firing stands. `due`: how many are due now, at most `DUE_MAX`; `oldest`: since when; `refused`: of all that wait, those
    whose transition was refused."""

    now: datetime
    due: int
    refused: int
    oldest: datetime | None = None
    pause: Pause | None = None
