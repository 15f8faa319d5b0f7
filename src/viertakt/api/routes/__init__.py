"""The table of routes: one module a noun, each with its handlers and its lines of the contract.

Lives here: what each path takes and answers. Does not live here: reading bodies, authentication, problem documents;
the door does them alike for every route (`api.door`).
"""

from viertakt.api.route import Route
from viertakt.api.routes import (
    access_requests,
    accounts,
    approvals,
    audit,
    bulk,
    children,
    deadlines,
    frozen,
    grants,
    health,
    journal,
    kinds,
    lists,
    moves,
    operations,
    people,
    people_sessions,
    providers,
    queries,
    reports,
    reveal,
    role_view,
    sessions,
    tokens,
    views,
    work,
)

ROUTES: tuple[Route, ...] = (
    *operations.ROUTES,
    *children.ROUTES,
    *reveal.ROUTES,
    *moves.ROUTES,
    *approvals.ROUTES,
    *work.ROUTES,
    *bulk.ROUTES,
    *deadlines.ROUTES,
    *lists.ROUTES,
    *reports.ROUTES,
    *frozen.ROUTES,
    *journal.ROUTES,
    *queries.ROUTES,
    *kinds.ROUTES,
    *sessions.ROUTES,
    *accounts.ROUTES,
    *people_sessions.ROUTES,
    *providers.ROUTES,
    *tokens.ROUTES,
    *people.ROUTES,
    *grants.ROUTES,
    *role_view.ROUTES,
    *audit.ROUTES,
    *access_requests.ROUTES,
    *views.ROUTES,
    *health.ROUTES,
)
