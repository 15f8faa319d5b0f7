"""The client of Viertakt: operations opened, moved and ended from Python.

What lives here: both clients over HTTP (`Client`, `AsyncClient`), blocks of code as an operation's process
(`client.operation`, `client.process`), and every way a call can fail. What does not: the engine. In the engine's own
process, inside your own transaction, use `viertakt.move` of the package `viertakt`.
"""

from viertakt_client.asynchronous import AsyncClient, AsyncRunningOperation
from viertakt_client.client import Client, RunningOperation
from viertakt_client.ending import Rejected
from viertakt_client.errors import (
    AlreadyEnded,
    Conflict,
    Forbidden,
    Invalid,
    KeyReused,
    LostRace,
    NotFound,
    NotPermitted,
    Problem,
    RateLimited,
    ReferenceTaken,
    Stale,
    Unauthenticated,
    Unavailable,
    Unreachable,
    ViertaktError,
)
from viertakt_client.model import (
    AskedMove,
    Available,
    Count,
    Done,
    Entry,
    Fault,
    History,
    Money,
    Move,
    Opening,
    Operation,
    OperationDetail,
    Outcome,
    OutcomeResult,
    Page,
    Place,
    Status,
    Who,
    WhyNot,
)
from viertakt_client.retrying import Retrying

__all__ = [
    "AlreadyEnded",
    "AskedMove",
    "AsyncClient",
    "AsyncRunningOperation",
    "Available",
    "Client",
    "Conflict",
    "Count",
    "Done",
    "Entry",
    "Fault",
    "Forbidden",
    "History",
    "Invalid",
    "KeyReused",
    "LostRace",
    "Money",
    "Move",
    "NotFound",
    "NotPermitted",
    "Opening",
    "Operation",
    "OperationDetail",
    "Outcome",
    "OutcomeResult",
    "Page",
    "Place",
    "Problem",
    "RateLimited",
    "ReferenceTaken",
    "Rejected",
    "Retrying",
    "RunningOperation",
    "Stale",
    "Status",
    "Unauthenticated",
    "Unavailable",
    "Unreachable",
    "ViertaktError",
    "Who",
    "WhyNot",
]
