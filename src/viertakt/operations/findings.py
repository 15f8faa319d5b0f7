"""What checks say of an operation: the nouns."""

from enum import StrEnum
from typing import Any

import msgspec

from viertakt.kinds.model import ReasonCode


class CheckVerdict(StrEnum):
    """What a check says, the mildest first."""

    PASS = "pass"  # noqa: S105 - a verdict, not a secret
    REVIEW = "review"
    REJECT = "reject"


class Finding(msgspec.Struct, frozen=True, omit_defaults=True):
    """One check's verdict. `evidence`: what it rests on, in figures and codes, never in personal values.

    `failed`: the check itself could not be done, and so ends in review.
    """

    check: str
    verdict: CheckVerdict
    reason: ReasonCode | None = None
    evidence: dict[str, Any] = {}
    failed: bool = False
