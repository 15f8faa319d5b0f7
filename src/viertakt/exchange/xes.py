"""Reads an event log (IEEE 1849 XES, plain or gzip) case by case, in the file's order, never the whole file in memory.

An event log comes from outside, so nothing in it is believed:

    declared entities, DTD     refused at the first byte of the declaration: XES has none, and bombs are made of them
    a gzip bomb                refused where it unpacks to more than 200 times its size (real logs: about 25)
    one giant token            refused once the parser has swallowed 1 MiB without finding its end
    a case without end         refused beyond 100,000 events or 16 million characters
    broken XML                 refused with line and column; the cases before it were complete and have been handed out
"""

import gzip
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO
from xml.parsers import expat

from viertakt.errors import Invalid
from viertakt.exchange.model import Case, Event

CHUNK_BYTES = 64 * 1024
GZIP_MAGIC = b"\x1f\x8b"
GZIP_RATIO_MAX = 200
GZIP_FREE_BYTES = 4 * 1024 * 1024  # small files may be as repetitive as they like
TOKEN_BYTES_MAX = 1024 * 1024
DEPTH_MAX = 64
EVENTS_MAX = 100_000
CASE_CHARS_MAX = 16 * 1024 * 1024


class EventLog:
    """An event log on disk: `size` in bytes, `position` so far, and its `cases()`, once."""

    def __init__(self, path: Path) -> None:
        """Raises Invalid where the file cannot be opened."""
        self.path = path
        try:
            self._raw: BinaryIO = path.open("rb")
            self.size = path.stat().st_size
        except OSError as fault:
            raise Invalid(f"{path} cannot be read: {fault.strerror}.") from fault

    @property
    def position(self) -> int:
        """Bytes of the file (packed as it is) that have been taken; for a bar of progress."""
        return self.size if self._raw.closed else self._raw.tell()

    def cases(self) -> Iterator[Case]:
        """The cases in order. Raises Invalid at what cannot be read; every case before that was complete."""
        parser = _Parser()
        try:
            for chunk in self._chunks():
                yield from parser.feed(chunk)
            yield from parser.feed(b"", last=True)
        except _Refused as refused:
            raise Invalid(f"{self.path.name}: {refused}") from None
        finally:
            self._raw.close()

    def _chunks(self) -> Iterator[bytes]:
        packed = self._raw.read(2) == GZIP_MAGIC
        self._raw.seek(0)
        try:
            if not packed:
                while chunk := self._raw.read(CHUNK_BYTES):
                    yield chunk
                return
            unpacked = 0
            with gzip.open(self._raw) as stream:
                while chunk := stream.read(CHUNK_BYTES):
                    unpacked += len(chunk)
                    if unpacked > GZIP_FREE_BYTES and unpacked > GZIP_RATIO_MAX * self._raw.tell():
                        raise _Refused(f"it unpacks to more than {GZIP_RATIO_MAX} times its size.")
                    yield chunk
        except (OSError, EOFError, zlib.error) as fault:
            raise _Refused(f"it cannot be unpacked to its end: {fault}.") from fault


class _Refused(Exception):
    """A sentence about the file, without its name."""


class _Parser:
    """Collects cases from the parser's events. Depth 1 is the log, 2 a trace, 3 its events and attributes, 4 an event's."""

    def __init__(self) -> None:
        self._expat = expat.ParserCreate()
        self._expat.StartElementHandler = self._start
        self._expat.EndElementHandler = self._end
        self._expat.StartDoctypeDeclHandler = self._declares
        self._depth = 0
        self._fed = 0
        self._count = 0
        self._chars = 0
        self._attributes: dict[str, str] | None = None
        self._events: list[Event] = []
        self._event: dict[str, str] | None = None
        self._done: list[Case] = []

    def feed(self, data: bytes, *, last: bool = False) -> Iterator[Case]:
        """The cases that these bytes complete."""
        self._fed += len(data)
        refused: _Refused | None = None
        try:
            self._expat.Parse(data, last)
        except expat.ExpatError as fault:
            words = expat.ErrorString(fault.code) or "not XML"
            refused = _Refused(f"line {fault.lineno}, column {fault.offset + 1}: {words}.")
        except _Refused as fault:
            refused = fault
        except (LookupError, ValueError, TypeError) as fault:
            # What the parser's binding says to an encoding it does not know.
            refused = _Refused(f"its encoding cannot be read: {fault}.")
        # Complete cases first: what stands before a fault is as good as ever.
        yield from self._done
        self._done.clear()
        if refused is not None:
            raise refused
        if self._fed - self._expat.CurrentByteIndex > TOKEN_BYTES_MAX and not last:
            raise _Refused(f"line {self._expat.CurrentLineNumber}: one element is larger than 1 MiB.")

    def _declares(self, *_: object) -> None:
        raise _Refused("it declares a document type, which no event log needs; entities are not expanded.")

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        depth = self._depth
        if depth == 4:
            if self._event is not None:
                self._keep(self._event, attributes)
        elif depth == 3 and self._attributes is not None:
            if _local(tag) == "event":
                self._event = {}
            else:
                self._keep(self._attributes, attributes)
        elif depth == 2 and _local(tag) == "trace":
            self._count += 1
            self._chars = 0
            self._attributes, self._events = {}, []
        elif depth == 1 and _local(tag) != "log":
            raise _Refused(f"this is no event log: it begins with <{tag[:50]}>, not with <log>.")
        elif depth > DEPTH_MAX:
            raise _Refused(f"line {self._expat.CurrentLineNumber}: nested deeper than {DEPTH_MAX}.")

    def _end(self, _tag: str) -> None:
        depth = self._depth
        self._depth = depth - 1
        if depth == 3 and self._event is not None:
            self._events.append(Event(self._event))
            self._event = None
            if len(self._events) > EVENTS_MAX:
                raise _Refused(f"case {self._count} has more than {EVENTS_MAX:,} events.")
        elif depth == 2 and self._attributes is not None:
            self._done.append(Case(self._count, self._attributes, self._events))
            self._attributes = None

    def _keep(self, into: dict[str, str], written: dict[str, str]) -> None:
        """Lists and containers have no value of their own and are left out, with what is nested in them."""
        key, value = written.get("key"), written.get("value")
        if key is None or value is None:
            return
        into[key] = value
        self._chars += len(key) + len(value)
        if self._chars > CASE_CHARS_MAX:
            raise _Refused(f"case {self._count} is larger than {CASE_CHARS_MAX:,} characters.")


def _local(tag: str) -> str:
    """The name without a prefix: `xes:event` is an event."""
    return tag.rpartition(":")[2]
