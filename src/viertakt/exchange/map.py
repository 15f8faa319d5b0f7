"""Reads MAP.yaml: how an event log becomes operations of a kind. Strict like a kind's document, all faults at once.

kind: {…}                                   # the kind, or kind_file: loan_application.yaml beside the map
case:
  reference: concept:name                   # case attribute → reference
  amount: {attribute: AMOUNT_REQ, currency: EUR}
  attributes: {applied_at: REG_DATE}        # the kind's attribute → the log's
  end: {attribute: enddate, stage: closed}  # a date of the case that ends it, where no event does
events:
  lifecycles: [COMPLETE]                    # only these count; without it all do
  stages: {A_SUBMITTED: submitted}          # event name → stage
  ignore: ["O_*", "W_*"]                    # known, and no stages
actors: {"112": system:intake}              # resource → system:name, or a person's name
zone: Europe/Amsterdam                      # for times without an offset
"""

from pathlib import Path
from zoneinfo import ZoneInfo

from viertakt.errors import Invalid, InvalidKind
from viertakt.exchange.model import LogMap
from viertakt.kinds.complaints import Complaints, meant
from viertakt.kinds.decoding import decode_struct, with_line
from viertakt.kinds.document import read_kind
from viertakt.kinds.model import AmountRule, Kind
from viertakt.kinds.yaml_tree import read_tree
from viertakt.operations.currencies import CURRENCY_DIGITS

SYSTEM = "system:"


def read_map(path: Path) -> tuple[LogMap, Kind]:
    """The map and the kind it is for. Raises Invalid with every fault, each with its line."""
    text = _read_text(path)
    try:
        tree = read_tree(text)
        log_map = decode_struct(tree.value, LogMap, what=f"The map {path.name}", lines=tree.lines)
    except InvalidKind as refusal:
        raise Invalid(refusal.detail, faults=refusal.faults) from None
    kind = _kind_of(log_map, path)
    complaints = Complaints()
    _check_places(log_map, kind, complaints)
    _check_words(log_map, complaints)
    if complaints.faults:
        faults = tuple(with_line(fault, tree.lines) for fault in complaints.faults)
        said = " ".join(f"{fault.detail} {fault.remedy or ''}".strip() for fault in faults)
        raise Invalid(f"The map {path.name} has {len(faults)} fault(s): {said}", faults=faults)
    return log_map, kind


def _kind_of(log_map: LogMap, path: Path) -> Kind:
    if (log_map.kind is None) == (log_map.kind_file is None):
        raise Invalid(
            f"The map {path.name} names one kind: either `kind:` with its document or `kind_file:`."
        )
    if log_map.kind is not None:
        return log_map.kind
    assert log_map.kind_file is not None, "one of the two is there"
    return read_kind(_read_text(path.parent / log_map.kind_file))


def _read_text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as fault:
        raise Invalid(f"{path} cannot be read: {fault.strerror}.") from None
    except UnicodeDecodeError:
        raise Invalid(f"{path} is no UTF-8 text.") from None


def _check_places(log_map: LogMap, kind: Kind, complaints: Complaints) -> None:
    """Every stage and attribute that the map names is one of the kind's."""
    for name, stage in log_map.events.stages.items():
        if stage not in kind.stages:
            path = ("events", "stages", name)
            detail = f"The kind {kind.kind!r} has no stage {stage!r}."
            complaints.add(path, "unknown_stage", detail, value=stage, remedy=meant(stage, kind.stages))
    if kind.start not in log_map.events.stages.values():
        detail = f"No event becomes {kind.start!r}, where every {kind.kind!r} begins."
        complaints.add(("events", "stages"), "start_missing", detail, value=kind.start)
    for name in log_map.case.attributes:
        if name not in kind.attributes:
            path = ("case", "attributes", name)
            detail = f"The kind {kind.kind!r} has no attribute {name!r}."
            complaints.add(path, "unknown_attribute", detail, value=name, remedy=meant(name, kind.attributes))
    end = log_map.case.end
    if end is not None and end.stage not in kind.stages:
        detail = f"The kind {kind.kind!r} has no stage {end.stage!r}."
        remedy = meant(end.stage, kind.stages)
        complaints.add(("case", "end", "stage"), "unknown_stage", detail, value=end.stage, remedy=remedy)
    if log_map.case.amount is not None and kind.amount is AmountRule.NONE:
        complaints.add(("case", "amount"), "not_expected", f"The kind {kind.kind!r} has no amount.")


def _check_words(log_map: LogMap, complaints: Complaints) -> None:
    """Currencies, zones and actors mean something."""
    amount = log_map.case.amount
    if amount is not None and amount.currency not in CURRENCY_DIGITS:
        detail = f"{amount.currency!r} is no currency of ISO 4217."
        complaints.add(
            ("case", "amount", "currency"), "unknown_currency", detail, remedy="Write one such as EUR."
        )
    for resource, actor in log_map.actors.items():
        if actor == SYSTEM or not actor.strip():
            detail = f"Resource {resource!r} becomes nobody."
            complaints.add(
                ("actors", resource), "no_actor", detail, remedy="Write system:name or a person's name."
            )
    try:
        ZoneInfo(log_map.zone)
    except (KeyError, ValueError, OSError):
        # An unknown name, one that is no path, and a folder: each its own error.
        detail = f"There is no time zone {log_map.zone!r}."
        complaints.add(("zone",), "unknown_zone", detail, remedy="Write one such as Europe/Amsterdam.")
