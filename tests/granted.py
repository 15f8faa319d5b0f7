"""What roles are granted in a fresh installation, for actors that no database knows."""

from collections.abc import Collection

from viertakt.access.grants import Grant, Rights
from viertakt.access.installed import INSTALLED
from viertakt.kinds.actions import builtin_kinds, opened_to
from viertakt.kinds.model import Kind


def rights(*roles: str, kinds: Collection[Kind] | None = None) -> Rights:
    """The rights of who has these roles, with what these kinds (else the built-in ones) bring along."""
    brought = builtin_kinds().values() if kinds is None else kinds
    grants: list[tuple[str, tuple[str, ...], tuple[str, ...]]] = [
        (role, (), INSTALLED[role]) for role in roles
    ]
    grants += [
        (role, (kind.kind,), tuple(acts))
        for kind in brought
        for role, acts in opened_to(kind).items()
        if role in roles
    ]
    hidden = (
        (kind.kind, name) for kind in brought for name, stage in kind.stages.items() if stage.restricted
    )
    return Rights(
        tuple(Grant(n, role, covered, may) for n, (role, covered, may) in enumerate(grants, 1)),
        tuple(sorted(hidden)),
    )
