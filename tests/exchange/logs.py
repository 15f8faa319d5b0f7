"""Small event logs and maps, written out where the tests can see them."""

import gzip
from collections.abc import Iterable
from pathlib import Path
from textwrap import dedent

Line = tuple[str, str, str | None]  # event name, time, resource

MAP = dedent("""\
    kind:
      kind: parcel
      label: {en: Parcel, nl: Pakket}
      subject: {en: Sender, nl: Afzender}
      amount: optional
      attributes: {weighed_at: {type: datetime}, pieces: {type: integer}, fragile: {type: boolean}, due: {type: date}}
      start: posted
      stages:
        posted:    {status: pending, waiting_on: system}
        sorted:    {status: pending, waiting_on: system}
        delivered: {status: success}
        lost:      {status: rejected}
      transitions:
        sort:    {from: [posted, sorted], to: sorted, by: [process]}
        deliver: {from: [sorted], to: delivered, by: [process]}
        lose:    {from: [posted, sorted], to: lost, by: [process]}
      no_error: true
    case:
      subject: sender
      amount: {attribute: value, currency: EUR}
      attributes: {weighed_at: weighed, pieces: pieces, fragile: fragile, due: due}
    events:
      lifecycles: [complete]
      stages: {Post: posted, Sort: sorted, Deliver: delivered, Lose: lost}
      ignore: ["Scan *"]
    actors: {belt: "system:belt", "7": Ans}
    zone: Europe/Amsterdam
    """)


def event(name: str, at: str | None, resource: str | None = None, lifecycle: str = "complete") -> str:
    """One event as XES writes it; without a time where None is given."""
    time = f'<date key="time:timestamp" value="{at}"/>' if at else ""
    who = f'<string key="org:resource" value="{resource}"/>' if resource else ""
    life = f'<string key="lifecycle:transition" value="{lifecycle}"/>'
    return f'<event><string key="concept:name" value="{name}"/>{life}{time}{who}</event>'


def trace(reference: str | None, *events: str, **attributes: str) -> str:
    """One case with its events and text attributes."""
    named = {**({"concept:name": reference} if reference is not None else {}), **attributes}
    told = "".join(f'<string key="{key}" value="{value}"/>' for key, value in named.items())
    return f"<trace>{told}{''.join(events)}</trace>"


def document(*traces: str) -> str:
    """A whole log: what real ones have around their traces is there and must be passed over."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?><log xes.version="1.0" xmlns="http://www.xes-standard.org/">'
        '<extension name="Time" prefix="time" uri="http://www.xes-standard.org/time.xesext"/>'
        '<global scope="event"><string key="concept:name" value="UNKNOWN"/></global>'
        '<classifier name="Activity" keys="concept:name"/>'
        f'<string key="concept:name" value="a log"/>{"".join(traces)}</log>'
    )


def write(folder: Path, traces: Iterable[str], name: str = "log.xes") -> Path:
    """A log on disk, packed where its name ends in .gz."""
    data = document(*traces).encode()
    path = folder / name
    path.write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
    return path


def write_map(folder: Path, text: str = MAP) -> Path:
    """A map on disk."""
    path = folder / "map.yaml"
    path.write_text(text, encoding="utf-8")
    return path
