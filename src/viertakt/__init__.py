"""Viertakt: one status engine for every operation of a back office.

The folders are the business: WHO may act (`access`), WHAT an operation can be (`kinds`), ONE piece of work and its
history (`operations`), the ORDER of all entries (`journal`), and those that follow it. `errors` is what can go wrong,
`settings` what can be configured, `wiring` what runs in one process. ARCHITECTURE.md draws who may import whom.

`viertakt.move` and `viertakt.system` work in a host application's own transaction (see `viertakt.host`); everything else
is reached over HTTP, the command line, or the modules by name.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from viertakt.host import move, system

__all__ = ["move", "system"]


def __getattr__(name: str) -> Any:
    """Loaded when first asked for: the command line and the migrations need neither."""
    if name in __all__:
        from viertakt import host

        return getattr(host, name)
    raise AttributeError(f"module 'viertakt' has no attribute {name!r}")
