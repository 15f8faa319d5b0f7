"""What the product's roles are granted when they are installed. Transitions come along with the kinds (`granting`)."""

from collections.abc import Mapping
from typing import Any

from psycopg import Connection

from viertakt.access import grants_store as store
from viertakt.access.grants import (
    AMEND,
    ANY_CONSENT,
    ANY_MOVE,
    ASSIGN,
    CONNECT,
    EXPORT,
    MANAGE,
    NOTE,
    OPEN,
    REPORT,
    RESTRICTED,
    REVEAL,
    VIEW,
)
from viertakt.access.grants_model import NewGrant
from viertakt.access.model import system

INSTALLATION = system("installation")

_TEAM = (VIEW, OPEN, AMEND, ASSIGN, NOTE, EXPORT, REVEAL)
INSTALLED: Mapping[str, tuple[str, ...]] = {
    "admin": (
        VIEW,
        RESTRICTED,
        OPEN,
        AMEND,
        REPORT,
        ANY_MOVE,
        ANY_CONSENT,
        ASSIGN,
        NOTE,
        EXPORT,
        REVEAL,
        MANAGE,
    ),
    "payments": _TEAM,
    "payments_lead": _TEAM,
    "kyc": _TEAM,
    "risk": _TEAM,
    "support": _TEAM,
    "compliance": (VIEW, RESTRICTED, OPEN, AMEND, ASSIGN, NOTE, EXPORT, REVEAL),
    "auditor": (VIEW, RESTRICTED, EXPORT, REVEAL),
    "read_only": (VIEW, EXPORT, REVEAL),
    # What a platform has opened it has to find, also while it is being looked into: not found would tell it more.
    "integration": (VIEW, RESTRICTED, OPEN, AMEND, REPORT, NOTE, EXPORT, CONNECT),
}


def install_grants(conn: Connection[Any]) -> None:
    """Give each of the product's roles what it is granted, once: what a company has revoked since stays revoked."""
    for role, may in INSTALLED.items():
        if not store.was_installed(conn, role, by=INSTALLATION.id):
            store.add_grant(conn, NewGrant(role, may), actor=INSTALLATION.id, brought_by=None, reason=None)
            store.raise_access_versions(conn, [role])
