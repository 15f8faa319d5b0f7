"""What each call sends and how its answer is read: pure, and the same for both clients.

   Client ─┐                       ┌─ send, wait, send again (`retrying` says whether and when)
           ├─ calls.move(…) → Call ┤
AsyncClient ┘                      └─ call.read(body)
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Generic, TypeVar
from urllib.parse import quote
from uuid import UUID, uuid4

import msgspec

from viertakt_client import model
from viertakt_client.ending import Report
from viertakt_client.errors import Problem, problem_of

T = TypeVar("T")
Id = UUID | str
PAGE = 200  # the most that one page of a list or a history holds


class Call(msgspec.Struct, Generic[T], frozen=True):
    """One request. `key`: of a write, so that asking again does not do it twice. `read`: the answer's meaning."""

    method: str
    path: str
    read: Callable[[bytes], T]
    key: str | None = None
    query: dict[str, str] = {}
    content: bytes | None = None
    headers: dict[str, str] = {}


def open_operation(opening: model.Opening, key: str | None) -> Call[model.Operation]:
    return _write("/v1/operations", _opened(opening), key, _reader(model.Operation))


def get(operation_id: Id) -> Call[model.OperationDetail]:
    return Call("GET", _path(operation_id), _reader(model.OperationDetail))


def page(q: str, *, sort: str | None, limit: int | None, cursor: str | None, count: bool) -> Call[model.Page]:
    query = _query(q=q, sort=sort, limit=limit, cursor=cursor, count="capped" if count else None)
    return Call("GET", "/v1/operations", _reader(model.Page), query=query)


def move(operation_id: Id, key: str | None, **asked: Any) -> Call[model.Entry | model.AskedMove]:
    return _write(_path(operation_id, "moves"), _given(asked), key, _made_or_asked)


def outcome(operation_id: Id, key: str | None, **told: Any) -> Call[model.OutcomeResult]:
    return _write(_path(operation_id, "outcome"), _given(told), key, _reader(model.OutcomeResult))


def amend(operation_id: Id, key: str | None, **changes: Any) -> Call[model.Operation]:
    sent = _given(changes | {"amount": model.money(changes.get("amount"))})
    return _write(_path(operation_id), sent, key, _reader(model.Operation), method="PATCH")


def note(operation_id: Id, text: str, key: str | None) -> Call[model.Entry]:
    return _write(_path(operation_id, "notes"), {"text": text}, key, _reader(model.Entry))


def move_batch(moves: Iterable[model.Move], key: str | None) -> Call[tuple[model.Done | Problem, ...]]:
    return _write("/v1/moves", {"items": list(moves)}, key, _results)


def open_batch(openings: Iterable[model.Opening], key: str | None) -> Call[tuple[model.Done | Problem, ...]]:
    return _write("/v1/operations/batch", {"items": [_opened(one) for one in openings]}, key, _results)


def history(
    operation_id: Id, *, as_of: datetime | None, limit: int | None, cursor: str | None
) -> Call[model.History]:
    query = _query(as_of=as_of.isoformat() if as_of else None, limit=limit, cursor=cursor)
    return Call("GET", _path(operation_id, "history"), _reader(model.History), query=query)


def signal(source: str, payload: bytes, headers: Mapping[str, str]) -> Call[None]:
    path = f"/v1/signals/{quote(source, safe='')}"
    return Call("POST", path, lambda _: None, content=payload, headers=dict(headers))


def kind(name: str) -> Call[dict[str, Any]]:
    return Call("GET", f"/v1/kinds/{quote(name, safe='')}", _document)


def by_reference(kind: str, reference: str) -> str:
    """The query that finds one operation by your own name for it."""
    quoted = reference.replace("\\", "\\\\").replace('"', '\\"')
    return f'kind:{kind} reference:"{quoted}"'


def told(report: Report) -> dict[str, Any]:
    """The report as the arguments of `outcome`."""
    return {name: value for name, value in msgspec.structs.asdict(report).items() if value is not None}


def stood(found: model.History) -> model.Operation:
    """The operation that a history as of a moment tells of."""
    assert found.operation is not None, "a history as of a moment holds the operation as it stood"
    return found.operation


def _write(
    path: str, sent: Any, key: str | None, read: Callable[[bytes], T], *, method: str = "POST"
) -> Call[T]:
    headers = {"content-type": "application/json"}
    return Call(
        method, path, read, key=key or str(uuid4()), content=msgspec.json.encode(sent), headers=headers
    )


def _path(operation_id: Id, *more: str) -> str:
    # Quoted: whatever is given as an id stays one step of the path.
    return "/".join(("/v1/operations", quote(str(operation_id), safe=""), *more))


def _given(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}


def _query(**values: str | int | None) -> dict[str, str]:
    return {name: str(value) for name, value in values.items() if value not in {None, ""}}


def _opened(opening: model.Opening) -> model.Opening:
    return msgspec.structs.replace(opening, amount=model.money(opening.amount))


def _reader(wanted: type[T]) -> Callable[[bytes], T]:
    return msgspec.json.Decoder(wanted).decode


def _made_or_asked(body: bytes) -> model.Entry | model.AskedMove:
    if msgspec.json.decode(body, type=_Approval).approval is not None:
        return msgspec.json.decode(body, type=model.AskedMove)
    return msgspec.json.decode(body, type=model.Entry)


class _Approval(msgspec.Struct, frozen=True):
    """What tells an asked move from an entry."""

    approval: int | None = None


def _document(body: bytes) -> dict[str, Any]:
    published: dict[str, Any] = msgspec.json.decode(body)
    document: dict[str, Any] = published["document"]
    return document


class _Item(msgspec.Struct, frozen=True):
    status: int
    operation: model.Operation | None = None
    entry: model.Entry | None = None
    problem: dict[str, Any] | None = None


class _Items(msgspec.Struct, frozen=True):
    items: Sequence[_Item]


def _results(body: bytes) -> tuple[model.Done | Problem, ...]:
    return tuple(map(_result, _reader(_Items)(body).items))


def _result(item: _Item) -> model.Done | Problem:
    if item.operation is None or item.entry is None:
        return problem_of(item.status, item.problem or {})
    return model.Done(item.status, item.operation, item.entry)
