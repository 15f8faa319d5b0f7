"""Reading event logs: what stands in them, and how little of it is believed."""

import gzip
from pathlib import Path

import pytest

from tests.exchange.logs import document, event, trace, write
from viertakt.errors import Invalid
from viertakt.exchange.model import Case
from viertakt.exchange.xes import EventLog


def read(path: Path) -> list[Case]:
    return list(EventLog(path).cases())


def raw(folder: Path, data: bytes) -> Path:
    path = folder / "log.xes"
    path.write_bytes(data)
    return path


PARCEL = trace(
    "P-1", event("Post", "2026-01-01T10:00:00.000+01:00", "7"), event("Sort", "2026-01-01T10:00:00.000+01:00")
)


def test_a_case_comes_with_its_attributes_and_its_events_in_the_files_order(tmp_path: Path) -> None:
    """Two events of one moment are told apart by their place in the file alone."""
    (case,) = read(write(tmp_path, [PARCEL]))
    assert case.attributes == {"concept:name": "P-1"}
    assert [(e.name, e.lifecycle, e.resource) for e in case.events] == [
        ("Post", "complete", "7"),
        ("Sort", "complete", None),
    ]
    assert case.events[0].timestamp == "2026-01-01T10:00:00.000+01:00"


def test_a_packed_log_is_known_by_its_first_bytes(tmp_path: Path) -> None:
    """Files are renamed on their way; their content says what they are."""
    path = tmp_path / "log.xml"
    path.write_bytes(gzip.compress(document(PARCEL).encode()))
    assert len(read(path)) == 1


def test_a_prefix_before_element_names_changes_nothing(tmp_path: Path) -> None:
    """Some tools write <xes:event>."""
    path = raw(
        tmp_path,
        b'<x:log xmlns:x="u"><x:trace><x:event><x:string key="concept:name" value="A"/></x:event></x:trace></x:log>',
    )
    assert [e.name for e in read(path)[0].events] == ["A"]


def test_nested_attributes_and_lists_are_passed_over(tmp_path: Path) -> None:
    """A value's own attributes must not be taken for the event's."""
    nested = '<trace><string key="a" value="1"><string key="b" value="2"/></string><list key="l"><values><string key="c" value="3"/></values></list></trace>'
    assert read(write(tmp_path, [nested]))[0].attributes == {"a": "1"}


def test_declared_entities_are_refused_before_anything_grows(tmp_path: Path) -> None:
    """A billion laughs needs a declaration; no event log does."""
    bomb = b'<!DOCTYPE log [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><log><trace><string key="k" value="&b;"/></trace></log>'
    with pytest.raises(Invalid, match="document type"):
        read(raw(tmp_path, bomb))


def test_a_file_named_by_an_entity_is_never_read(tmp_path: Path) -> None:
    """Otherwise an upload could carry away what the server may read."""
    with pytest.raises(Invalid, match="document type"):
        read(raw(tmp_path, b'<!DOCTYPE log [<!ENTITY x SYSTEM "file:///etc/passwd">]><log>&x;</log>'))


def test_a_gzip_bomb_is_refused_while_it_unpacks(tmp_path: Path) -> None:
    """Half a gigabyte of blanks packs into half a megabyte, and would take a minute to read."""
    path = raw(tmp_path, gzip.compress(b"<log>" + b" " * 8 * 1024 * 1024))
    with pytest.raises(Invalid, match="unpacks to more than 200 times"):
        read(path)


def test_an_endless_attribute_is_refused_before_it_is_held(tmp_path: Path) -> None:
    """The parser would keep it all until its closing quote."""
    with pytest.raises(Invalid, match="larger than 1 MiB"):
        read(raw(tmp_path, b'<log><trace><string key="k" value="' + b"a" * 3_000_000))


def test_a_case_without_end_is_refused(tmp_path: Path) -> None:
    """One case is held in memory, so one case must have a bound."""
    with pytest.raises(Invalid, match="more than 100,000 events"):
        read(raw(tmp_path, b"<log><trace>" + b"<event/>" * 100_001 + b"</trace></log>"))


def test_broken_xml_says_where_after_handing_out_what_was_whole(tmp_path: Path) -> None:
    """What stands before a fault is as good as ever, and an import can be taken up again behind it."""
    path = raw(tmp_path, document(PARCEL).removesuffix("</log>").encode() + b"\n<trace><string></trace>")
    cases = EventLog(path).cases()
    assert next(cases).attributes["concept:name"] == "P-1"
    with pytest.raises(Invalid, match=r"log\.xes: line 2, column 18: mismatched tag\."):
        next(cases)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "no element found"),
        (b"<log><trace>", "no element found"),
        (b"<html></html>", "begins with <html>"),
        (b"case;event;time\n", "not well-formed"),
        (b"\x1f\x8b\x08\x00broken", "cannot be unpacked"),
        (gzip.compress(b"<log></log>", mtime=0)[:-9], "cannot be unpacked"),
        (b'<?xml version="1.0" encoding="klingon"?><log/>', "encoding"),
        (b"<log>" + b"<a>" * 100, "nested deeper"),
        (b"<log><trace>\x00</trace></log>", "not well-formed"),
    ],
)
def test_what_is_no_event_log_is_refused_with_a_sentence(tmp_path: Path, data: bytes, said: str) -> None:
    """Whatever a file holds, nobody is shown a traceback."""
    with pytest.raises(Invalid, match=said):
        read(raw(tmp_path, data))


def test_a_file_that_is_not_there_is_refused_with_its_name(tmp_path: Path) -> None:
    """The commonest slip of all."""
    with pytest.raises(Invalid, match="No such file"):
        EventLog(tmp_path / "nothing.xes")
    with pytest.raises(Invalid, match="Is a directory"):
        EventLog(tmp_path)
