"""What the guide writes of kinds, calendars and mappings is read and passes, as parts of a kind that has the rest."""

import re
from typing import Any

import msgspec
import pytest
from ruamel.yaml import YAML

from tests.tidy.tree import ROOT
from viertakt.deadlines.calendars import read_calendar
from viertakt.kinds.actions import builtin_kinds
from viertakt.kinds.document import read_kind, write_kind
from viertakt.kinds.model import KindName
from viertakt.kinds.reasons import load_catalogue
from viertakt.kinds.rules import check_kind
from viertakt.signals.mapping import read_mapping

GUIDE = ROOT / "docs" / "guide"
Document = dict[str, Any]
# What the pages take for granted.
DATES = {name: {"type": "datetime"} for name in ("starts_at", "ends_at", "deadline")}
MORE: Document = {
    "attributes": DATES,
    "checks": {name: {"python": name} for name in ("risk", "sanctions")},
    "transitions": {
        "raise_alarm": {"from": ["awaiting_documents"], "to": "under_review", "by": ["deadline"]}
    },
}


def blocks(page: str) -> list[str]:
    """The blocks of YAML on a page of the guide."""
    return re.findall(r"^```yaml\n(.*?)^```", (GUIDE / page).read_text(), re.MULTILINE | re.DOTALL)


def parts() -> list[tuple[str, str, str]]:
    """Each part of a kind that these pages show: what names it, the built-in kind that has the rest, and its text."""
    found = []
    for page, kind in (
        ("deadlines", "withdrawal"),
        ("promises", "withdrawal"),
        ("checks", "withdrawal"),
        ("children", "claim"),
    ):
        for n, text in enumerate(blocks(f"{page}.md")):
            if text.startswith("limit:"):  # several of one stage: each is tried apart
                found += [(f"{page} {n}: {line}", kind, line) for line in text.splitlines()]
            elif not text.startswith("calendar: office\nzone:"):
                found.append((f"{page} {n}", kind, text))
    return found


def merged(base: Document, more: Document) -> Document:
    """The base with the stages, transitions, checks and so on of the other in their places, each as a whole."""
    named = {
        key: base[key] | value if isinstance(value, dict) and isinstance(base.get(key), dict) else value
        for key, value in more.items()
    }
    return base | named


def in_its_place(part: Document) -> Document:
    """A part of a kind under the keys where it belongs: the guide shows some without them."""
    if "limit" in part:
        stage = {"status": "pending", "waiting_on": "customer", **part}
        return {
            "calendar": "office",
            "targets": [],
            "labels": {"targets": {}},
            "stages": {"awaiting_documents": stage},
        }
    return part if part.keys() & {"stages", "targets", "children"} else {"stages": part}


@pytest.mark.parametrize(("base", "text"), [pytest.param(*rest, id=name) for name, *rest in parts()])
def test_a_part_of_a_kind_in_the_guide_passes(base: str, text: str) -> None:
    """A reader copies it into a kind of theirs, and it is published."""
    whole: Document = msgspec.json.decode(msgspec.json.encode(builtin_kinds()[KindName(base)]))
    part = in_its_place(YAML(typ="safe", pure=True).load(text))
    common = MORE if base == "withdrawal" else {}
    document = merged(merged(whole, common), part)
    kind = msgspec.convert(document, type(builtin_kinds()[KindName(base)]))
    assert read_kind(write_kind(kind)) == kind
    assert [(fault.pointer, fault.detail) for fault in check_kind(kind, load_catalogue())] == []


def test_the_calendar_and_the_mapping_of_the_guide_are_read() -> None:
    """The only ones that the guide shows whole."""
    (calendar,) = [text for text in blocks("promises.md") if "zone:" in text]
    assert read_calendar(calendar).calendar == "office"
    (mapping,) = blocks("connect-a-provider.md")
    assert read_mapping(mapping, kinds=builtin_kinds(), catalogue=load_catalogue()).rules
