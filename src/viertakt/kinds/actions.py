"""Publishes kinds and finds published ones: the built-in documents, immutable versions, and a memory of them."""

import time
from collections.abc import Mapping
from functools import cache
from typing import Any

import msgspec
from psycopg import Connection

from viertakt.access.granting import bring_grants
from viertakt.access.grants import CONSENT, MOVE
from viertakt.access.installed import INSTALLATION
from viertakt.access.model import Actor
from viertakt.errors import InvalidKind, NotFound
from viertakt.kinds import store
from viertakt.kinds.compiled import builtin_texts, compiled_kinds
from viertakt.kinds.complaints import meant
from viertakt.kinds.decoding import refusal
from viertakt.kinds.document import digest, read_kind
from viertakt.kinds.model import Kind, KindName, PublishedKind
from viertakt.kinds.reasons import CATALOGUE_FILE, load_catalogue
from viertakt.kinds.rules import check_kind, check_together
from viertakt.kinds.searchable import search_fields
from viertakt.language.fields import ATTRIBUTE_PREFIX, Fields

# How long "the newest version" is believed before the database is asked again. A batch opens hundreds of operations of
# one kind; an operation opened a tenth of a second after a publication may still get the version before it.
LATEST_SECONDS = 0.1
HOURS_SECONDS = 1.0  # a version never changes, but the calendar that it names does
FIELDS_SECONDS = 1.0  # another process has published: a new attribute may be searched a second later


class _Publications:
    """How many this process has made: what it believed to be the newest before the last one is asked for again."""

    count = 0


class Kinds:
    """Published kinds by name and version, remembered: a version never changes. Safe to share between threads.

    Nothing is remembered that its own transaction has not finished writing: after a rollback the next publication would
    take the same number with other content.
    """

    def __init__(self) -> None:
        # Dictionary reads and writes of one key are atomic; a double read of one version costs only time.
        self._versions: dict[tuple[str, int], PublishedKind] = {}
        self._hours_until: dict[tuple[str, int], float] = {}
        self._latest: dict[str, tuple[float, int, int]] = {}
        self._fields: tuple[float, int, str, Fields] = (0.0, -1, "", {})
        self._hidden: tuple[float, int, dict[str, frozenset[str]]] = (0.0, -1, {})

    def latest(self, conn: Connection[Any], name: str) -> PublishedKind:
        """The newest version of this kind. Raises NotFound, saying which kind may be meant."""
        known = self._latest.get(name)
        publications = _Publications.count  # read before asking, so that one made meanwhile is noticed
        if known is not None and known[1] == publications and time.monotonic() < known[0]:
            return self.at(conn, name, known[2])
        found = store.latest_version(conn, name)
        if found is None:
            names = [line.kind for line in store.latest_versions(conn)]
            raise NotFound(f"There is no kind {name[:80]!r}. {meant(name[:80], names)}", kind=name[:80])
        if found.settled:
            if known is not None and known[2] != found.version:
                self._read_hidden(conn)
            self._latest[name] = (time.monotonic() + LATEST_SECONDS, publications, found.version)
        else:
            # Published in this very transaction: the next question must not be answered from before it.
            self._latest.pop(name, None)
        return self.at(conn, name, found.version)

    def at(self, conn: Connection[Any], name: str, version: int) -> PublishedKind:
        """This kind as published in this version. Raises NotFound."""
        known = self._versions.get((name, version))
        if known is not None and (
            known.calendar is None or time.monotonic() < self._hours_until[name, version]
        ):
            return known
        found = store.version_document(conn, name, version)
        if found is None:
            raise NotFound(
                f"There is no version {version} of a kind {name[:80]!r}.", kind=name[:80], version=version
            )
        hidden = self._hidden[2].get(name, frozenset())
        published = PublishedKind(found.kind, version, found.calendar, found.zone, hidden)
        if found.settled:
            self._hours_until[name, version] = time.monotonic() + HOURS_SECONDS
            self._versions[name, version] = published
        return published

    def shown(self, conn: Connection[Any], name: str, version: int) -> PublishedKind:
        """The same for whoever shows operations: what another process has made personal is hidden a second later."""
        until, at_count, _ = self._hidden
        if at_count != _Publications.count or time.monotonic() >= until:
            self._read_hidden(conn)
        return self.at(conn, name, version)

    def known(self, name: str, version: int) -> PublishedKind | None:
        """The same without asking anybody; None where it was never asked for."""
        return self._versions.get((name, version))

    def _read_hidden(self, conn: Connection[Any]) -> None:
        publications = _Publications.count
        before, hidden = self._hidden[2], store.hidden_attributes(conn)
        self._hidden = (time.monotonic() + FIELDS_SECONDS, publications, hidden)
        if hidden == before:
            return
        # A version never changes, but what it may show does: the remembered ones are made anew.
        for (name, version), published in list(self._versions.items()):
            now_hidden = hidden.get(name, frozenset())
            if published.hidden != now_hidden:
                self._versions[name, version] = msgspec.structs.replace(published, hidden=now_hidden)

    def search_fields(self, conn: Connection[Any]) -> Fields:
        """The fields of the query language that all published kinds bring along, remembered while nothing is published."""
        publications = _Publications.count  # read before asking, so that one made meanwhile is noticed
        until, at_count, known, fields = self._fields
        if at_count == publications and time.monotonic() < until:
            return fields
        state = store.state_of_kinds(conn)
        if state != known:
            fields = search_fields(conn, reasons=load_catalogue().reasons)
            self._read_hidden(conn)
        self._fields = (time.monotonic() + FIELDS_SECONDS, publications, state, fields)
        return fields

    def scope_fields(self, conn: Connection[Any]) -> Fields:
        """The same for who limits a grant: of attributes only those that are counted wherever a kind has them."""
        dimensions = store.dimensions(conn)
        return {
            name: field
            for name, field in self.search_fields(conn).items()
            if not name.startswith(ATTRIBUTE_PREFIX) or field.column in dimensions
        }

    def all_latest(self, conn: Connection[Any]) -> list[PublishedKind]:
        """The newest version of every kind, by name."""
        return [self.at(conn, line.kind, line.version) for line in store.latest_versions(conn)]

    def names(self, conn: Connection[Any]) -> list[str]:
        """The kinds there are, by name."""
        return [line.kind for line in store.latest_versions(conn)]


def publish_kind(
    conn: Connection[Any], kind: Kind, *, actor: Actor, comment: str | None = None
) -> PublishedKind:
    """The published version of this content: the latest where it is equal, else a new one. Runs in the caller's transaction.

    Raises InvalidKind with all faults, those against the other published kinds included.
    """
    store.lock_publishing(conn)
    latest = store.latest_version(conn, kind.kind)
    if latest is not None and latest.digest == digest(kind):
        return PublishedKind(kind=kind, version=latest.version)
    others = [other.kind for other in Kinds().all_latest(conn) if other.kind.kind != kind.kind]
    between = check_together([*others, kind])
    # Only what this kind brings about: its author cannot mend the others.
    faults = [
        *check_kind(kind, load_catalogue()),
        *(f for f in between if f.pointer.startswith(f"/{kind.kind}/")),
    ]
    if faults:
        raise refusal(f"The kind {kind.kind!r}", faults)
    version = 1 if latest is None else latest.version + 1
    _Publications.count += 1
    store.publish_version(conn, kind, version=version, published_by=actor.id, comment=comment)
    before = Kinds().at(conn, kind.kind, latest.version).kind if latest is not None else None
    bring_grants(
        conn,
        kind.kind,
        before=opened_to(before) if before else {},
        after=opened_to(kind, before),
        restricted=[name for name, stage in kind.stages.items() if stage.restricted],
        actor=actor.id,
    )
    return PublishedKind(kind=kind, version=version)


def opened_to(kind: Kind, before: Kind | None = None) -> dict[str, list[str]]:
    """By role what a kind lets it do: make transitions, and consent to them where others ask.

    With the transitions that it no longer has, which earlier operations still go by.
    """
    gone = {
        name: way
        for name, way in (before.transitions if before else {}).items()
        if name not in kind.transitions
    }
    found: dict[str, list[str]] = {}
    for name, transition in {**kind.transitions, **gone}.items():
        for role in transition.roles:
            found.setdefault(role, []).append(MOVE + name)
        for role in {role for rule in transition.approvals for role in rule.roles or transition.roles}:
            found.setdefault(role, []).append(CONSENT + name)
    return found


@cache
def builtin_kinds() -> Mapping[KindName, Kind]:
    """The kinds that Viertakt brings along, by name, read once a process: compiled where they are, else from YAML."""
    compiled = compiled_kinds()
    return read_kinds(builtin_texts()) if compiled is None else compiled


def read_kinds(texts: Mapping[str, str]) -> dict[KindName, Kind]:
    """The kinds that these files hold, by name. Raises InvalidKind, noting the file."""
    kinds = {}
    for file, text in texts.items():
        if file == CATALOGUE_FILE:
            continue
        try:
            kind = read_kind(text)
        except InvalidKind as error:
            error.add_note(f"in builtin/{file}")
            raise
        assert kind.kind == file.removesuffix(".yaml"), f"{file} holds the kind {kind.kind}."
        kinds[kind.kind] = kind
    return kinds


def install_builtin(conn: Connection[Any]) -> list[PublishedKind]:
    """The built-in kinds as published now: absent ones are published, and those that only an installation ever wrote are renewed.

    A kind that a company has adapted stays as the company has it. Running it again changes nothing.
    """
    store.lock_publishing(conn)
    written = {line.kind: line for line in store.latest_versions(conn)}
    registry = Kinds()
    installed = []
    for name, kind in builtin_kinds().items():
        line = written.get(name)
        if line is None or line.published_by == INSTALLATION.id:
            installed.append(publish_kind(conn, kind, actor=INSTALLATION))
        else:
            installed.append(registry.at(conn, name, line.version))
    return installed
