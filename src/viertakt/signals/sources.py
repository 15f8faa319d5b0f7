"""Sources: who reports to us, how what they send is verified, and which mapping reads it."""

import re
from functools import cache
from importlib.resources import files
from typing import Any
from uuid import UUID

from psycopg import Connection
from uuid_utils.compat import uuid7

from viertakt.access import audit_store
from viertakt.access.actions import ensure_actor
from viertakt.access.audit_model import ChangeSort
from viertakt.access.model import Actor, system
from viertakt.access.sealing import Sealer
from viertakt.errors import Fault, Invalid, NotFound
from viertakt.kinds.actions import Kinds, builtin_kinds
from viertakt.kinds.reasons import Catalogue, load_catalogue
from viertakt.signals import store
from viertakt.signals.mapping import Mapping, read_mapping
from viertakt.signals.model import HmacOptions, Scheme, Source, SourceName
from viertakt.signals.schemes import check_secret

READY = (
    "stripe",
    "adyen",
    "sumsub",
    "onfido",
    "veriff",
)  # the mappings that come along, by their schemes' names
SECRETS_MAX = 5  # two are in use while one is replaced
_NAME = re.compile(r"[a-z][a-z0-9_-]{0,39}")


def is_name(text: str) -> bool:
    """Whether a text may name a source: it stands in an address, in a log and in the actor's name."""
    return _NAME.fullmatch(text) is not None


def actor_of(source: Source) -> Actor:
    """Who acts where this source reports."""
    return system(f"source:{source.name}")


def mapping_of(source: Source) -> Mapping:
    """What reads this source's payloads."""
    if source.own is not None:
        return source.own
    assert source.ready is not None, "a source has a mapping"
    return ready_mapping(source.ready)


@cache
def ready_text(name: str) -> str:
    """One of the ready mappings, as it stands in its file."""
    return files(__package__).joinpath("mappings", f"{name}.yaml").read_text(encoding="utf-8")


@cache
def ready_mapping(name: str) -> Mapping:
    """The same, read once a process."""
    return read_mapping(ready_text(name), kinds=builtin_kinds(), catalogue=load_catalogue())


def read_source(conn: Connection[Any], name: str) -> Source:
    """The source of this name. Raises `NotFound`."""
    found = store.read_sources(conn, name) if is_name(name) else ()
    if not found:
        raise NotFound(f"There is no source {name[:80]!r}.")
    return found[0]


def set_source(
    conn: Connection[Any],
    name: str,
    *,
    scheme: Scheme,
    options: HmacOptions,
    document: str | None,
    active: bool,
    by: Actor,
    catalogue: Catalogue,
) -> Source:
    """A source as it is to be, new or changed. `document`: its own mapping; None: the ready one of its scheme.

    Raises `Invalid`, `InvalidKind` with all faults of the mapping.
    """
    own = None if document is None else check_mapping(conn, document, catalogue)
    if own is None and scheme.value not in READY:
        raise _invalid(
            "/mapping", "mapping_required", f"No mapping comes along for {scheme.value}; write one."
        )
    source = Source(
        name=SourceName(name),
        scheme=scheme,
        options=options,
        ready=scheme.value if own is None else None,
        document=document,
        own=own,
        active=active,
        changed_at=store.primary_clock(conn),
        changed_by=by.id,
    )
    ensure_actor(conn, actor_of(source))
    store.write_source(conn, source)
    told = {"scheme": scheme.value, "mapping": source.ready or "own", "active": active}
    audit_store.note(conn, ChangeSort.SOURCE_SET, by=by.id, about=actor_of(source).id, detail=told)
    return read_source(conn, name)


def check_mapping(conn: Connection[Any], document: str, catalogue: Catalogue) -> Mapping:
    """A mapping against the kinds of today. Raises `InvalidKind` with all its faults."""
    return read_mapping(
        document, kinds={one.kind.kind: one.kind for one in Kinds().all_latest(conn)}, catalogue=catalogue
    )


def add_secret(conn: Connection[Any], name: str, secret: str, *, by: Actor, sealer: Sealer) -> Source:
    """One more secret that is believed, sealed; nobody sees it again. Raises `NotFound`, `Invalid`, `Unavailable`."""
    source = read_source(conn, name)
    fault = check_secret(source.scheme, secret)
    if fault is not None:
        raise _invalid("/secret", "invalid_secret", fault)
    if len(source.secrets) >= SECRETS_MAX:
        words = f"A source has at most {SECRETS_MAX} secrets; remove one that is no longer in use."
        raise _invalid("/secret", "too_many", words)
    secret_id = uuid7()
    sealed = sealer.seal(secret.encode(), about=_about(source.name, secret_id))
    store.add_secret(conn, source.name, secret_id, sealed, by.id)
    told = {"secret": str(secret_id)}
    audit_store.note(conn, ChangeSort.SECRET_ADDED, by=by.id, about=actor_of(source).id, detail=told)
    return read_source(conn, name)


def drop_secret(conn: Connection[Any], name: str, secret_id: UUID, *, by: Actor) -> Source:
    """A secret is believed no more. Raises `NotFound`."""
    source = read_source(conn, name)
    if not store.drop_secret(conn, source.name, secret_id):
        raise NotFound(f"Source {name!r} has no secret {secret_id}.")
    told = {"secret": str(secret_id)}
    audit_store.note(conn, ChangeSort.SECRET_REMOVED, by=by.id, about=actor_of(source).id, detail=told)
    return read_source(conn, name)


def open_secrets(conn: Connection[Any], source: Source, sealer: Sealer) -> list[bytes]:
    """The secrets that deliveries of this source are verified by. Raises `Unavailable`."""
    return [
        sealer.open(sealed, about=_about(source.name, secret_id))
        for secret_id, sealed in store.read_sealed(conn, source.name)
    ]


def _about(name: SourceName, secret_id: UUID) -> str:
    return f"source:{name}:{secret_id}"


def _invalid(pointer: str, code: str, words: str) -> Invalid:
    return Invalid(words, faults=(Fault(pointer, code, words),))
