"""Viertakt: one status engine for every operation of a back office.

The folders are the business: WHO may act (`access`), WHAT an operation can be (`kinds`), ONE piece of work and its
history (`operations`), the ORDER of all entries (`journal`), and those that follow it. `errors` is what can go wrong,
`settings` what can be configured, `wiring` what runs in one process. ARCHITECTURE.md draws who may import whom.

`viertakt.open`, `move` and `outcome` work in a host application's own transaction (see `viertakt.host`), as
`viertakt.system("name")`; everything else is reached over HTTP, the command line, or the modules by name.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from viertakt.errors import RetryTransaction
    from viertakt.host import Money, move, open, outcome, system  # noqa: A004 - the word of the API

__all__ = ["Money", "RetryTransaction", "move", "open", "outcome", "system"]


def __getattr__(name: str) -> Any:
    """Loaded when first asked for: the command line and the migrations need neither."""
    if name == "RetryTransaction":
        from viertakt.errors import RetryTransaction

        return RetryTransaction
    if name in __all__:
        from viertakt import host

        return getattr(host, name)
    raise AttributeError(f"module 'viertakt' has no attribute {name!r}")
