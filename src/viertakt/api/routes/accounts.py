"""One's own account: authenticator, recovery codes, password, and where one is signed in. A token has none."""

from typing import Any
from uuid import UUID

from viertakt.access import accounts
from viertakt.access.actions import person
from viertakt.access.sign_in_model import AccountSession
from viertakt.access.signing_in import prove, prove_password
from viertakt.api import accounts as documents
from viertakt.api import proofs
from viertakt.api.route import Answers, Call, Reply, Route
from viertakt.api.shapes import utc
from viertakt.errors import NotFound, ViertaktError


async def read_account(call: Call) -> Reply:
    """How one signs in."""
    session = proofs.own_session(call)

    def read(conn: Any) -> documents.Account:
        known = accounts.account(conn, session.actor.id)
        return documents.Account(
            email=person(conn, session.actor.id).email,
            has_password=known.has_password,
            authenticator_since=utc(known.confirmed_at) if known.confirmed_at else None,
            recovery_codes_left=known.recovery_codes_left,
            identities=tuple(
                documents.LinkedIdentity(one.issuer, utc(one.linked_at), utc(one.used_at))
                for one in known.identities
            ),
        )

    return Reply(200, await call.application.ask(read))


async def enrol(call: Call) -> Reply:
    """A secret for an authenticator, shown this once."""
    session = proofs.proved_session(call)
    sealer = call.application.sealer
    made = await call.application.ask(lambda conn: accounts.enrol(conn, session, sealer))
    return Reply(201, documents.Enrolment(made.secret, made.uri, made.qr))


async def confirm(call: Call) -> Reply:
    """Put the authenticator in force by its first code."""
    session, origin = proofs.proved_session(call), proofs.origin_of(call)
    sealer, code = call.application.sealer, call.body.code
    codes = await proofs.tried(
        call, session, lambda conn: accounts.confirm(conn, session, sealer, code, origin=origin)
    )
    return Reply(201, documents.RecoveryCodes(codes))


async def renew_recovery_codes(call: Call) -> Reply:
    """Ten fresh recovery codes in place of all earlier ones."""
    session, origin = proofs.proved_session(call), proofs.origin_of(call)
    codes = await call.application.ask(
        lambda conn: accounts.renew_recovery_codes(conn, session, origin=origin)
    )
    return Reply(201, documents.RecoveryCodes(codes))


async def drop_factor(call: Call) -> Reply:
    """Take the authenticator out of use, with a code and the password."""
    sent: documents.BothProofs = call.body
    session, origin = proofs.own_session(call), proofs.origin_of(call)
    sealer = call.application.sealer

    def act(conn: Any) -> ViertaktError | None:
        refusal = prove(
            conn, session, sealer, password=sent.password, code=sent.code, origin=origin, both=True
        )
        if refusal is None:
            accounts.drop_factor(conn, session, origin=origin)
        return refusal

    await proofs.tried(call, session, act)
    return Reply(204)


async def change_password(call: Call) -> Reply:
    """Another password; every other session ends."""
    session, origin = proofs.proved_session(call), proofs.origin_of(call)
    sent: documents.NewPassword = call.body

    def act(conn: Any) -> ViertaktError | None:
        refusal = prove_password(conn, session, sent.current, origin=origin)
        if refusal is None:
            accounts.change_password(conn, session, sent.password, origin=origin)
        return refusal

    await proofs.tried(call, session, act)
    return Reply(204)


async def list_sessions(call: Call) -> Reply:
    """Where one is signed in."""
    session, limits = proofs.own_session(call), call.application.limits
    found = await call.application.ask(lambda conn: accounts.sessions(conn, session.actor.id, limits))
    return Reply(200, listed(found, current=session.id))


async def end_other_sessions(call: Call) -> Reply:
    """Sign out everywhere else."""
    session, origin = proofs.proved_session(call), proofs.origin_of(call)
    await call.application.ask(
        lambda conn: accounts.end_sessions(
            conn, session.actor.id, by=session.actor, origin=origin, but=session.id
        )
    )
    return Reply(204)


async def end_one_session(call: Call) -> Reply:
    """Sign out at one place."""
    session, origin = proofs.proved_session(call), proofs.origin_of(call)
    named = session_id(call)
    await call.application.ask(
        lambda conn: accounts.end_sessions(
            conn, session.actor.id, by=session.actor, origin=origin, only=named
        )
    )
    return Reply(204)


async def unlink(call: Call) -> Reply:
    """Sign in by this provider no more."""
    session, origin = proofs.proved_session(call), proofs.origin_of(call)
    issuer = call.query.issuer
    await call.application.ask(lambda conn: accounts.unlink(conn, session, issuer, origin=origin))
    return Reply(204)


def session_id(call: Call) -> UUID:
    """The session that the path names. Raises `NotFound`."""
    try:
        return UUID(call.path["session"])
    except ValueError:
        raise NotFound("There is no such session; it may have ended.") from None


def listed(found: tuple[AccountSession, ...], *, current: UUID | None) -> documents.AccountSessionList:
    """Sessions as the wire shows them."""
    return documents.AccountSessionList(
        tuple(
            documents.AccountSession(
                id=one.id,
                current=one.id == current,
                started_at=utc(one.created_at),
                seen_at=utc(one.seen_at),
                ends_at=utc(one.expires_at),
                proved_at=utc(one.proved_at),
                method=one.method,
                address=one.address,
                client=one.client,
            )
            for one in found
        )
    )


_WRITE = (400, 401, 403, 409, 413, 415, 422, 429)
_ACT = (400, 401, 403, 409, 422, 429)

ROUTES = (
    Route(
        method="GET",
        path="/v1/account",
        operation_id="readAccount",
        summary="Read how one signs in",
        tag="account",
        handler=read_account,
        without_factor=True,
        answers={200: Answers("The account of whoever is signed in.", documents.Account)},
        refusals=(400, 401, 403, 422, 429),
    ),
    Route(
        method="POST",
        path="/v1/account/authenticator",
        operation_id="enrolAuthenticator",
        summary="Begin with an authenticator",
        tag="account",
        handler=enrol,
        without_factor=True,
        answers={201: Answers("Its secret, shown this once.", documents.Enrolment)},
        refusals=_ACT,
    ),
    Route(
        method="POST",
        path="/v1/account/authenticator/confirm",
        operation_id="confirmAuthenticator",
        summary="Put the authenticator in force by its first code",
        tag="account",
        handler=confirm,
        without_factor=True,
        body=documents.FirstCode,
        answers={201: Answers("Recovery codes, shown this once.", documents.RecoveryCodes)},
        refusals=_WRITE,
        example={"code": "492039"},
    ),
    Route(
        method="POST",
        path="/v1/account/authenticator/remove",
        operation_id="removeAuthenticator",
        summary="Take the authenticator out of use",
        tag="account",
        handler=drop_factor,
        body=documents.BothProofs,
        answers={204: Answers("Out of use.")},
        refusals=_WRITE,
        example={"code": "492039", "password": "correct horse battery staple"},
    ),
    Route(
        method="POST",
        path="/v1/account/recovery-codes",
        operation_id="renewRecoveryCodes",
        summary="Get fresh recovery codes",
        tag="account",
        handler=renew_recovery_codes,
        answers={201: Answers("Recovery codes, shown this once.", documents.RecoveryCodes)},
        refusals=_ACT,
    ),
    Route(
        method="POST",
        path="/v1/account/password",
        operation_id="changePassword",
        summary="Change one's password",
        tag="account",
        handler=change_password,
        without_factor=True,
        body=documents.NewPassword,
        answers={204: Answers("Changed; every other session has ended.")},
        refusals=_WRITE,
        example={"password": "correct horse battery staple", "current": "a password of before"},
    ),
    Route(
        method="GET",
        path="/v1/account/sessions",
        operation_id="listOwnSessions",
        summary="List where one is signed in",
        tag="account",
        handler=list_sessions,
        without_factor=True,
        answers={200: Answers("Live sessions.", documents.AccountSessionList)},
        refusals=(400, 401, 403, 422, 429),
    ),
    Route(
        method="DELETE",
        path="/v1/account/sessions",
        operation_id="endOtherSessions",
        summary="Sign out everywhere else",
        tag="account",
        handler=end_other_sessions,
        answers={204: Answers("Ended.")},
        refusals=(400, 401, 403, 422, 429),
    ),
    Route(
        method="DELETE",
        path="/v1/account/sessions/{session}",
        operation_id="endOwnSession",
        summary="Sign out at one place",
        tag="account",
        handler=end_one_session,
        answers={204: Answers("Ended.")},
        refusals=(400, 401, 403, 404, 422, 429),
    ),
    Route(
        method="DELETE",
        path="/v1/account/identities",
        operation_id="unlinkIdentity",
        summary="Sign in by a provider no more",
        tag="account",
        handler=unlink,
        query=documents.UnlinkQuery,
        answers={204: Answers("Unlinked.")},
        refusals=(400, 401, 403, 404, 409, 422, 429),
    ),
)
