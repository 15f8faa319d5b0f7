"""What a role may: the nouns of grants, and the part of all operations that somebody sees by them. Pure.

    role payments ── grant 17 ── kinds withdrawal, may move:approve, where brand:casino-nl, up to 1,000 EUR
                  └─ grant 4 ─── may view, export                    (all kinds, but nothing that is restricted)

Seeing is a query of the language over what is counted in the tallies: brand, kind, stage, status and dimensions. So the
same condition stands in every list, count, report and stream, and its numbers are as exact and as fast as anybody's.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from functools import cached_property, lru_cache

import msgspec

from viertakt.language.model import AllOf, AnyOf, Anything, Comparator, Comparison, Query, Sight, Term
from viertakt.language.parse import parse
from viertakt.language.profiles import Profile
from viertakt.language.to_predicate import Judge, Row, to_judge

VIEW, RESTRICTED, OPEN, AMEND, REPORT = "view", "restricted", "open", "amend", "report"
EXPORT, REVEAL, MANAGE = "export", "reveal", "manage"
CONNECT = "connect"  # be told by webhook: what is seen flows out by itself from then on
ASSIGN, NOTE = "assign", "note"
MOVE = "move:"  # before a transition's name; `move:*` is any of them
ANY_MOVE = "move:*"
CONSENT = "consent:"  # before a transition that somebody asked for; `consent:*` is any of them
ANY_CONSENT = "consent:*"
ACTS = (VIEW, RESTRICTED, OPEN, AMEND, REPORT, ASSIGN, NOTE, EXPORT, REVEAL, CONNECT, MANAGE)

# A scope asks nothing that depends on the time.
_ANY_TIME = datetime(2000, 1, 1, tzinfo=UTC)
_NOTHING: tuple[Term, ...] = (Comparison("kind", Comparator.IS, (Anything(),), negated=True),)


class Grant(msgspec.Struct, frozen=True, dict=True):
    """One line of what a role may, or with role "" a token by itself. No `kinds`: all. `may`: acts, and transitions as `move:approve`, `consent:approve`. `where`: a query.

    `amount_max` limits acting by currency, never seeing; empty: no limit. With one, amounts in other currencies are not
    covered. `restricted` beside `view`: also what stands in a restricted stage.
    """

    id: int
    role: str
    kinds: tuple[str, ...] = ()
    may: tuple[str, ...] = ()
    where: str = ""
    amount_max: dict[str, Decimal] = {}

    def __str__(self) -> str:
        return self._words

    @cached_property
    def _words(self) -> str:
        return f"role {self.role}, grant {self.id}" if self.role else f"own grant {self.id}"

    def covers(self, operation: Row) -> bool:
        """Whether the grant is about this operation, its amount apart."""
        if self.kinds and operation.kind not in self.kinds:
            return False
        return not self.where or _holds(self.where)(operation, _ANY_TIME)

    def suffices(self, operation: Row) -> bool:
        """Whether the amount keeps within the grant's limits."""
        worth = operation.amount
        if worth is None or not self.amount_max:
            return True
        highest = self.amount_max.get(worth.currency)
        return highest is not None and worth.value <= highest


class Slice(msgspec.Struct, frozen=True, order=True):
    """A part of all operations: of these kinds (none: all), where a query holds; with or without restricted stages."""

    kinds: tuple[str, ...] = ()
    where: str = ""
    restricted: bool = False

    def contains(self, other: "Slice") -> bool:
        """Whether everything in the other one is in this one, as far as their words tell."""
        kinds = not self.kinds or (bool(other.kinds) and set(other.kinds) <= set(self.kinds))
        return kinds and self.where in {"", other.where} and (self.restricted or not other.restricted)


EVERYTHING = Slice(restricted=True)


class Rights(msgspec.Struct, frozen=True, dict=True):
    """All that an actor's roles grant. `restricted`: the kinds' stages that only a grant's own word opens."""

    grants: tuple[Grant, ...] = ()
    restricted: tuple[tuple[str, str], ...] = ()

    def to(self, act: str) -> tuple[Grant, ...]:
        """The grants that say this word."""
        found = self._held.get(act)
        if found is None:
            found = self._by_act.get(act, ())
            if act.startswith(MOVE):
                found += self._by_act.get(ANY_MOVE, ())
            elif act.startswith(CONSENT):
                found += self._by_act.get(ANY_CONSENT, ())
            self._held[act] = found
        return found

    def sees(self, operation: Row) -> bool:
        """Whether an operation is among those that may be viewed."""
        return self.sees_everything or self._judge(operation, _ANY_TIME)

    @cached_property
    def sees_everything(self) -> bool:
        """Whether no operation is out of sight."""
        return not self.view

    @cached_property
    def view(self) -> tuple[Term, ...]:
        """What holds for every operation that may be viewed; none where all may."""
        return terms_of(self.slices, self.restricted)

    @cached_property
    def sight(self) -> Sight:
        """The same for a query, which is not told either that something stood in a restricted stage once."""
        opened = any(part.restricted for part in self.slices)
        return Sight(self.view, frozenset() if opened else frozenset(stage for _, stage in self.restricted))

    @cached_property
    def export(self) -> Sight:
        """What may leave as a file, of what may be viewed."""
        return Sight(self.view + terms_of(self.export_slices, self.restricted), self.sight.hidden)

    @cached_property
    def export_slices(self) -> tuple[Slice, ...]:
        """The parts of what may be viewed that may leave as a file."""
        return reduced(
            Slice(tuple(sorted(grant.kinds)), grant.where, restricted=True) for grant in self.to(EXPORT)
        )

    @cached_property
    def claim(self) -> Sight:
        """What may be taken in hand, of what may be viewed."""
        parts = (Slice(tuple(sorted(grant.kinds)), grant.where, restricted=True) for grant in self.to(ASSIGN))
        return Sight(self.view + terms_of(reduced(parts), self.restricted), self.sight.hidden)

    @cached_property
    def slices(self) -> tuple[Slice, ...]:
        """The parts that may be viewed, none of them within another."""
        return reduced(
            Slice(tuple(sorted(grant.kinds)), grant.where, RESTRICTED in grant.may) for grant in self.to(VIEW)
        )

    @cached_property
    def _judge(self) -> Judge:
        return to_judge(Query(self.view))

    @cached_property
    def _held(self) -> dict[str, tuple[Grant, ...]]:
        """What `to` has found: every move asks, and words are as many as kinds have transitions."""
        return {}

    @cached_property
    def _by_act(self) -> Mapping[str, tuple[Grant, ...]]:
        found: dict[str, tuple[Grant, ...]] = {}
        for grant in self.grants:
            for act in grant.may:
                found[act] = (*found.get(act, ()), grant)
        return found


def reduced(slices: Iterable[Slice]) -> tuple[Slice, ...]:
    """The same parts without those that lie within another, in order."""
    found = sorted(set(slices))
    return tuple(one for one in found if not any(other.contains(one) for other in found if other is not one))


def terms_of(slices: Iterable[Slice], restricted: tuple[tuple[str, str], ...]) -> tuple[Term, ...]:
    """The terms that hold for exactly what lies in one of these parts; none for everything."""
    parts = tuple(slices)
    if not parts:
        return _NOTHING
    hidden = _hidden(restricted)
    if not any(part.restricted for part in parts):
        # Said once and not in each part: most people see all but this, and a plan reads it best so.
        return (*_either([_inside(part) for part in parts]), *hidden)
    return _either([_inside(part) + (() if part.restricted else hidden) for part in parts])


def _either(parts: list[tuple[Term, ...]]) -> tuple[Term, ...]:
    if any(not part for part in parts):
        return ()
    if len(parts) == 1:
        return parts[0]
    return (AnyOf(tuple(part[0] if len(part) == 1 else AllOf(part) for part in parts)),)


def _inside(part: Slice) -> tuple[Term, ...]:
    kinds = (Comparison("kind", Comparator.IS, part.kinds),) if part.kinds else ()
    return (*kinds, *_read(part.where).terms)


def _hidden(restricted: tuple[tuple[str, str], ...]) -> tuple[Term, ...]:
    """Not in one of these stages of these kinds."""
    kinds: dict[str, list[str]] = {}
    for kind, stage in restricted:
        kinds.setdefault(stage, []).append(kind)
    return tuple(
        AllOf(
            (
                Comparison("stage", Comparator.IS, (stage,)),
                Comparison("kind", Comparator.IS, tuple(kinds[stage])),
            ),
            negated=True,
        )
        for stage in sorted(kinds)
    )


@lru_cache(maxsize=4096)
def _read(where: str) -> Query:
    # Without the kinds' fields: values of dimensions are compared as the tallies have them, as text.
    return parse(where, profile=Profile.ROW)


@lru_cache(maxsize=4096)
def _holds(where: str) -> Judge:
    return to_judge(_read(where))
