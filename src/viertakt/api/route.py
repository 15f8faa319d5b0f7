"""What a route is, what a handler gets, and what it answers with."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import msgspec

from viertakt.access.model import Actor, Session
from viertakt.access.rules import visible
from viertakt.access.signing_in import fresh
from viertakt.api.wire import NoQuery
from viertakt.language import Profile, Query, parse, within
from viertakt.operations.model import Caller
from viertakt.wiring import Application

BODY_BYTES_MAX = 1_000_000
BATCH_BYTES_MAX = 8_000_000
DOCUMENT_BYTES_MAX = 256 * 1024  # a kind's document; `kinds.yaml_tree` keeps the same limit

Headers = list[tuple[bytes, bytes]]
encode = msgspec.json.Encoder().encode


class Reply(msgspec.Struct):
    """An answer: `content` is encoded as JSON, bytes go out as they are, None is an empty body.

    A `stream` goes out as it comes, until it ends or the caller leaves. `refusal`: its code, where it is one.
    """

    status: int
    content: object = None
    headers: Headers = []
    media_type: bytes = b"application/json"
    stream: AsyncIterator[bytes] | None = None
    refusal: str | None = None

    def body(self) -> bytes:
        """The bytes that go out."""
        if self.content is None:
            return b""
        return self.content if isinstance(self.content, bytes) else encode(self.content)


class Call(msgspec.Struct):
    """One request, read and checked: who calls, with what. `actor` is None only where a route needs nobody."""

    application: Application
    route: "Route"
    request_id: str
    headers: dict[bytes, bytes]
    path: dict[str, str]
    query: Any = None
    body: Any = None
    actor: Actor | None = None
    secret: str | None = None
    session: Session | None = None
    client: tuple[str, int] | None = None
    secure: bool = False
    key: str | None = None
    body_digest: str | None = None
    if_match: int | None = None

    @property
    def by(self) -> Actor:
        """Who calls; asked only where the route needs somebody."""
        assert self.actor is not None, "a route that asks who calls is not open to everybody"
        return self.actor

    def read_query(self, conn: Any, text: str, profile: Profile = Profile.SEARCH) -> Query:
        """A query over the operations that are there for whoever calls. The one way for a door to read one."""
        fields = self.application.kinds.search_fields(conn)
        return within(parse(text, fields=fields, profile=profile), visible(self.by))

    def caller(self, item: int | None = None) -> Caller:
        """Who asks and with which key; item i of a batch has key/i."""
        key = self.key if item is None or self.key is None else f"{self.key}/{item}"
        step_up = None if self.session is None else fresh(self.session, self.application.limits.fresh_for)
        return Caller(
            actor=self.by,
            key=key,
            body_digest=self.body_digest,
            request_id=self.request_id,
            step_up=step_up,
        )


Handler = Callable[[Call], Awaitable[Reply]]


class Answers(msgspec.Struct, frozen=True):
    """What a status means, the type of its document (None: empty), its headers, and what it is written as.

    `file_types`: the media types of the files that may be asked for instead.
    """

    description: str
    type: Any = None
    headers: tuple[str, ...] = ()
    media_type: str = "application/json"
    file_types: tuple[str, ...] = ()


class Route(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the contract. `body_types`: content types it takes; `hot`: answered before the framework's router.

    `raw`: the body is handed on as its bytes, whatever they are called: somebody signed these and no others.
    `while_looking`: for a session that looks through a role's eyes too, though it writes; `without_factor`: for one
    whose person has yet to add the authenticator that their role asks for.
    """

    method: str
    path: str
    operation_id: str
    summary: str
    tag: str
    handler: Handler
    answers: dict[int, Answers]
    refusals: tuple[int, ...] = ()
    body: Any = None
    body_types: tuple[str, ...] = ("application/json",)
    body_bytes_max: int = BODY_BYTES_MAX
    query: type[msgspec.Struct] = NoQuery
    open_to_all: bool = False
    admin: bool = False
    keyed: bool = False
    if_match: bool = False
    hot: bool = False
    raw: bool = False
    while_looking: bool = False
    without_factor: bool = False
    example: Any = None
