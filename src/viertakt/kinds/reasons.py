"""The reason catalogue: our neutral codes, and other people's codes mapped onto them by scheme and direction.

It decides between Error and Rejected where a provider says only "declined": AM04 (insufficient funds) turns a deposit
down, but on our own payout it means that our account is empty, which is an error. Data, not code: `builtin/reasons.yaml`.
"""

from collections.abc import Mapping
from enum import StrEnum
from functools import cache

import msgspec

from viertakt.errors import InvalidKind
from viertakt.kinds.compiled import builtin_texts, compiled_catalogue
from viertakt.kinds.complaints import Complaints, meant
from viertakt.kinds.decoding import decode_struct, refusal, with_line
from viertakt.kinds.model import Direction, Outcome, ReasonCode, Text

CATALOGUE_FILE = "reasons.yaml"


class Decides(StrEnum):
    """What a reason or a foreign code says about the operation: how it ended, or that it has not."""

    SUCCESS = "success"
    ERROR = "error"
    REJECTED = "rejected"
    UNKNOWN = "unknown"
    PENDING = "pending"


class Reason(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A neutral code: what it decides, the text for operators and the only text that ever leaves."""

    status: Decides
    internal: Text
    customer: Text


class StatusOnly(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A foreign *status* value: it decides the status; a reason comes along where the value names one."""

    status: Decides
    reason: ReasonCode | None = None


Mapped = ReasonCode | StatusOnly


class ByDirection(msgspec.Struct, frozen=True):
    """What a foreign code means on money coming in, on money going out, and where no money goes."""

    in_: Mapped | None
    out: Mapped | None
    none: Mapped | None


class Verdict(msgspec.Struct, frozen=True):
    """How an operation ended. `outcome` None: it has not ended, nothing is to be moved (an ISO 20022 ACSP)."""

    outcome: Outcome | None
    reason: ReasonCode | None = None


class Catalogue(msgspec.Struct, frozen=True):
    """All reasons, and the foreign codes as `scheme:code`."""

    reasons: Mapping[ReasonCode, Reason]
    schemes: Mapping[str, Mapping[str, ByDirection]]

    def reason(self, code: str) -> Reason | None:
        """One of our reasons; None where the catalogue has none of that name."""
        return self.reasons.get(ReasonCode(code))

    def decide(self, *, code: str, direction: Direction) -> Verdict | None:
        """What a provider's `scheme:code` means in this direction; None where it is not mapped: a person must look."""
        scheme, _, value = code.partition(":")
        mapped = self.schemes.get(scheme.lower(), {}).get(value.strip())
        if mapped is None:
            return None
        match direction:
            case Direction.IN:
                meaning = mapped.in_
            case Direction.OUT:
                meaning = mapped.out
            case Direction.NONE:
                meaning = mapped.none
        return None if meaning is None else self._verdict(meaning)

    def _verdict(self, meaning: Mapped) -> Verdict:
        if isinstance(meaning, StatusOnly):
            return Verdict(outcome=_outcome(meaning.status), reason=meaning.reason)
        return Verdict(outcome=_outcome(self.reasons[meaning].status), reason=meaning)


class _ReasonsOnly(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    reasons: dict[ReasonCode, Reason]


@cache
def load_catalogue() -> Catalogue:
    """The built-in catalogue, read once a process: compiled where it is, else from YAML."""
    compiled = compiled_catalogue(Catalogue)
    return read_catalogue(builtin_texts()[CATALOGUE_FILE]) if compiled is None else compiled


def read_catalogue(text: str) -> Catalogue:
    """The catalogue that a YAML text describes. Raises InvalidKind with all faults at once."""
    from viertakt.kinds.yaml_tree import read_tree  # only where it is not compiled

    tree = read_tree(text)
    value = tree.value if isinstance(tree.value, dict) else {}
    known = {"reasons": value.get("reasons", {})}
    reasons = decode_struct(known, _ReasonsOnly, what="The reason catalogue", lines=tree.lines).reasons
    complaints = Complaints()
    for key in value.keys() - {"reasons", "schemes"}:
        complaints.add(
            (key,),
            "unknown_key",
            f"There is no key {key!r} here.",
            value=key,
            remedy="Use reasons or schemes.",
        )
    schemes: dict[str, dict[str, ByDirection]] = {}
    for scheme, codes in (value.get("schemes") or {}).items():
        if not isinstance(codes, dict):
            complaints.add(
                ("schemes", scheme), "not_a_table", "A table of codes is expected here.", value=codes
            )
            continue
        schemes[scheme.lower()] = {
            code: mapped
            for code, meaning in codes.items()
            if (mapped := _by_direction(meaning, ("schemes", scheme, code), reasons, complaints)) is not None
        }
    if complaints.faults:
        raise refusal("The reason catalogue", [with_line(fault, tree.lines) for fault in complaints.faults])
    return Catalogue(reasons=reasons, schemes=schemes)


def _by_direction(
    meaning: object, path: tuple[str, ...], reasons: Mapping[ReasonCode, Reason], complaints: Complaints
) -> ByDirection | None:
    if isinstance(meaning, dict) and "status" not in meaning:
        for key in meaning.keys() - {"in", "out", "none"}:
            complaints.add(
                (*path, key),
                "unknown_key",
                f"{key!r} is no direction.",
                value=key,
                remedy="Use in, out or none.",
            )
        each = {key: _mapped(value, (*path, key), reasons, complaints) for key, value in meaning.items()}
        # Where no money goes and nothing is said for it, a code that means one thing both ways means that.
        both = each.get("in") if each.get("in") == each.get("out") else None
        return ByDirection(in_=each.get("in"), out=each.get("out"), none=each.get("none", both))
    mapped = _mapped(meaning, path, reasons, complaints)
    return None if mapped is None else ByDirection(in_=mapped, out=mapped, none=mapped)


def _mapped(
    meaning: object, path: tuple[str, ...], reasons: Mapping[ReasonCode, Reason], complaints: Complaints
) -> Mapped | None:
    if isinstance(meaning, dict):
        try:
            decided = decode_struct(meaning, StatusOnly, what="A status", lines={})
        except InvalidKind as error:
            prefix = "".join("/" + part for part in path)
            complaints.faults.extend(
                msgspec.structs.replace(f, pointer=prefix + f.pointer) for f in error.faults
            )
            return None
        named: str | None = decided.reason
    else:
        decided = None
        named = str(meaning)
    if named is not None and named not in reasons:
        complaints.add(
            path, "unknown_reason", f"{named!r} is no reason.", value=named, remedy=meant(named, reasons)
        )
        return None
    return decided if decided is not None else ReasonCode(str(named))


def _outcome(status: Decides) -> Outcome | None:
    match status:
        case Decides.SUCCESS:
            return Outcome.SUCCESS
        case Decides.ERROR:
            return Outcome.ERROR
        case Decides.REJECTED:
            return Outcome.REJECTED
        case Decides.UNKNOWN:
            return Outcome.UNKNOWN
        case Decides.PENDING:
            return None
