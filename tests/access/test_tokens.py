"""Tokens: a program's key to the door."""

from datetime import UTC, datetime, timedelta

import pytest

from viertakt.access import actions
from viertakt.access.model import Actor, ActorId
from viertakt.access.secret_text import fingerprint, new_token
from viertakt.access.token_cache import SECONDS_MAX, TOKENS_MAX, TokenCache
from viertakt.db.pool import Connection, connect
from viertakt.errors import Invalid, NotFound, Unauthenticated


def test_a_token_speaks_for_its_actor(conn: Connection, roles: None) -> None:
    """It is shown once; the database keeps its digest and the hint."""
    plain, actor = actions.issue_token(conn, "ledger", ["integration"])
    assert actor.id.startswith("token:")
    assert actions.actor_of_token(conn, plain) == actor
    row = conn.execute("SELECT secret_hash, hint FROM viertakt.token").fetchone()
    assert row == (fingerprint(plain), "…" + plain[-4:])


def test_a_token_that_is_none_never_reaches_the_database(database: str) -> None:
    """The checksum fails first; here on a connection that could not even answer."""
    closed = connect(database)
    closed.close()
    with pytest.raises(Unauthenticated):
        actions.actor_of_token(closed, "vt_" + "1" * 36)


def test_an_unknown_token_is_nobodys(conn: Connection, roles: None) -> None:
    """One with a right checksum may come from another installation."""
    with pytest.raises(Unauthenticated):
        actions.actor_of_token(conn, new_token())


def test_a_revoked_token_opens_nothing_at_once(conn: Connection, roles: None) -> None:
    """And what its actor was deciding fails: the version has risen and the actor is not active."""
    plain, actor = actions.issue_token(conn, "ledger", ["integration"])
    assert actions.revoke_token(conn, "ledger") == actor.id
    with pytest.raises(Unauthenticated):
        actions.actor_of_token(conn, plain)
    row = conn.execute(
        "SELECT access_version, active FROM viertakt.actor WHERE actor = %s", [actor.id]
    ).fetchone()
    assert row == (2, False)
    with pytest.raises(NotFound):
        actions.revoke_token(conn, "ledger")


def test_a_token_ends_when_it_said_it_would(conn: Connection, roles: None) -> None:
    """Nobody has to remember to revoke the one for a week's migration."""
    soon = datetime.now(UTC) + timedelta(hours=1)
    live, _ = actions.issue_token(conn, "a", ["integration"], soon)
    dead, _ = actions.issue_token(conn, "b", ["integration"], soon - timedelta(hours=2))
    actions.actor_of_token(conn, live)
    with pytest.raises(Unauthenticated):
        actions.actor_of_token(conn, dead)


def test_a_name_that_several_have_revokes_none(conn: Connection, roles: None) -> None:
    """Guessing which was meant would cut off the wrong service; the ids say which there are."""
    _, first = actions.issue_token(conn, "shop", ["integration"])
    kept, second = actions.issue_token(conn, "shop", ["integration"])
    with pytest.raises(Invalid, match=first.id):
        actions.revoke_token(conn, "shop")
    actions.revoke_token(conn, first.id)
    assert actions.actor_of_token(conn, kept) == second


@pytest.mark.parametrize(
    ("name", "roles_given", "expires_at"),
    [
        ("", ["integration"], None),
        ("x\x00", ["integration"], None),
        ("x", [], None),
        ("x", ["root"], None),
        ("x", ["integration"], datetime(2027, 1, 1)),  # noqa: DTZ001 - naive is what is refused
    ],
)
def test_what_cannot_be_a_token_is_refused(
    conn: Connection, roles: None, name: str, roles_given: list[str], expires_at: datetime | None
) -> None:
    """A token without a role would open nothing, and one without a zone would end at a surprise."""
    with pytest.raises(Invalid):
        actions.issue_token(conn, name, roles_given, expires_at)


@pytest.mark.parametrize("name", ["\x00", "\ud800", "nothing of that name"])
def test_revoking_what_is_not_there_is_not_found(conn: Connection, name: str) -> None:
    """Also where PostgreSQL could not even be asked."""
    with pytest.raises(NotFound):
        actions.revoke_token(conn, name)


def test_use_is_noted_once_a_minute(conn: Connection, roles: None) -> None:
    """The list of tokens shows which ones are still needed, without a write per request."""
    _, actor = actions.issue_token(conn, "ledger", ["integration"])
    actions.note_token_use(conn, actor.id)
    first = actions.tokens(conn)[0].last_used_at
    conn.execute("UPDATE viertakt.token SET last_used_at = last_used_at - interval '30 seconds'")
    actions.note_token_use(conn, actor.id)
    assert first is not None
    assert actions.tokens(conn)[0].last_used_at == first - timedelta(seconds=30)
    conn.execute("UPDATE viertakt.token SET last_used_at = last_used_at - interval '1 minute'")
    actions.note_token_use(conn, actor.id)
    assert actions.tokens(conn)[0].last_used_at == first


def test_noting_use_waits_for_nobody(database: str) -> None:
    """While somebody revokes the token, requests with it must not queue behind that lock."""
    with connect(database) as mine, connect(database) as other:
        actions.install_roles(mine)
        _, actor = actions.issue_token(mine, "ledger", ["integration"])
        mine.commit()
        actions.revoke_token(mine, actor.id)
        other.execute("SET LOCAL lock_timeout = '1s'")
        actions.note_token_use(other, actor.id)
        mine.rollback()


ACTOR = Actor(ActorId("token:1"), "ledger", frozenset({"integration"}), 1)


def test_the_cache_keeps_a_token_for_five_seconds() -> None:
    """Long enough to spare a look-up per move; what it may do is guarded by the write itself."""
    now = [0.0]
    cache = TokenCache(clock=lambda: now[0])
    assert cache.get("vt_a") is None
    cache.put("vt_a", ACTOR)
    assert cache.get("vt_a") == ACTOR
    assert cache.get("vt_b") is None
    now[0] = SECONDS_MAX
    assert cache.get("vt_a") is None


def test_a_token_can_be_dropped_from_the_cache() -> None:
    """After a refused write its rights are read anew."""
    cache = TokenCache()
    cache.put("vt_a", ACTOR)
    cache.drop("vt_a")
    cache.drop("vt_a")
    assert cache.get("vt_a") is None


def test_the_cache_does_not_grow_for_ever() -> None:
    """Dead ones make room; while all live, the next ones are looked up."""
    now = [0.0]
    cache = TokenCache(clock=lambda: now[0])
    for number in range(TOKENS_MAX + 5):
        cache.put(f"vt_{number}", ACTOR)
    assert len(cache._actors) == TOKENS_MAX
    now[0] = SECONDS_MAX
    cache.put("vt_late", ACTOR)
    assert cache.get("vt_late") == ACTOR
    assert len(cache._actors) == 1
