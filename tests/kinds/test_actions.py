"""Publishing a kind, finding its versions, and installing the built-in ones."""

import threading
from typing import Any

import psycopg
import pytest

from tests.kinds.example import spoilt, withdrawal
from viertakt.access.installed import INSTALLATION
from viertakt.access.model import system
from viertakt.db.pool import Connection, connect
from viertakt.errors import InvalidKind, NotFound
from viertakt.kinds.actions import Kinds, builtin_kinds, install_builtin, publish_kind
from viertakt.kinds.diff import diff_kinds
from viertakt.kinds.model import Kind
from viertakt.kinds.store import versions_of

ANNA = system("anna")


def changed(hours: int) -> Kind:
    return spoilt(lambda content: content["stages"]["sending"]["limit"].update({"after": f"PT{hours}H"}))


def test_the_same_content_is_the_same_version(conn: Connection) -> None:
    """A pipeline publishes on every deployment; a version that changed nothing would move no operation but worry everybody."""
    first = publish_kind(conn, withdrawal(), actor=ANNA, comment="first")
    again = publish_kind(conn, withdrawal(), actor=ANNA)
    assert (first.version, again.version) == (1, 1)
    assert [line.comment for line in versions_of(conn, "withdrawal")] == ["first"]


def test_other_content_is_the_next_version_and_the_old_one_stays(conn: Connection) -> None:
    """Operations stand on the version they were opened with."""
    publish_kind(conn, withdrawal(), actor=ANNA)
    second = publish_kind(conn, changed(3), actor=ANNA)
    kinds = Kinds()
    assert kinds.latest(conn, "withdrawal") == second
    assert second.version == 2
    assert kinds.at(conn, "withdrawal", 1).kind == withdrawal()
    assert [line.published_by for line in versions_of(conn, "withdrawal")] == ["system:anna", "system:anna"]


def test_a_return_to_older_content_is_a_version_of_its_own(conn: Connection) -> None:
    """Versions tell a story in order; the third may say what the first said."""
    for kind in (withdrawal(), changed(3), withdrawal()):
        latest = publish_kind(conn, kind, actor=ANNA)
    assert latest.version == 3


def test_a_kind_with_faults_is_not_published(conn: Connection) -> None:
    """What is published can not be mended, only superseded."""
    broken = spoilt(lambda content: content.update({"start": "nowhere"}))
    with pytest.raises(InvalidKind) as caught:
        publish_kind(conn, broken, actor=ANNA)
    assert "unknown_stage" in {fault.code for fault in caught.value.faults}
    assert versions_of(conn, "withdrawal") == []


def test_a_kind_may_not_turn_a_published_attribute_into_another_type(conn: Connection) -> None:
    """One search over both kinds must find one type."""
    publish_kind(conn, withdrawal(), actor=ANNA)

    def other(content: dict[str, Any]) -> None:
        content["kind"] = "payout"
        content["attributes"] = {"wagering_open": {"type": "date"}}
        content["checks"] = {}
        del content["stages"]["requested"]["checks"]

    with pytest.raises(InvalidKind) as caught:
        publish_kind(conn, spoilt(other), actor=ANNA)
    assert [fault.pointer for fault in caught.value.faults] == ["/payout/attributes/wagering_open/type"]


def test_a_published_version_cannot_be_changed(conn: Connection) -> None:
    """The database itself refuses: an operation's rules must be provable years later."""
    publish_kind(conn, withdrawal(), actor=ANNA)
    with pytest.raises(psycopg.Error), conn.transaction():
        conn.execute("UPDATE viertakt.kind_version SET document = '{}'")


def test_an_unknown_kind_is_not_found_and_the_nearest_is_named(conn: Connection) -> None:
    """A caller who mistypes a kind mends it without asking us."""
    publish_kind(conn, withdrawal(), actor=ANNA)
    with pytest.raises(NotFound, match="Did you mean 'withdrawal'"):
        Kinds().latest(conn, "withdrawl")
    with pytest.raises(NotFound, match="no version 9"):
        Kinds().at(conn, "withdrawal", 9)


def test_a_rolled_back_version_is_forgotten(database: str) -> None:
    """Its number is taken again by other content; to remember it would judge operations by rules that never were."""
    kinds = Kinds()
    with connect(database) as conn:
        publish_kind(conn, withdrawal(), actor=ANNA)
        conn.commit()
        with conn.transaction(force_rollback=True):
            publish_kind(conn, changed(3), actor=ANNA)
            assert kinds.latest(conn, "withdrawal").kind == changed(3)
        publish_kind(conn, changed(4), actor=ANNA)
        conn.commit()
        assert kinds.latest(conn, "withdrawal").kind == changed(4)
        assert kinds.at(conn, "withdrawal", 2).kind == changed(4)


def test_a_new_version_is_noticed_at_once_in_its_own_process(database: str) -> None:
    """Whoever publishes and then opens expects the new rules."""
    kinds = Kinds()
    with connect(database, autocommit=True) as conn:
        for hours in (3, 4, 5):
            published = publish_kind(conn, changed(hours), actor=ANNA)
            assert kinds.latest(conn, "withdrawal") == published


def test_two_publications_at_once_take_turns(database: str) -> None:
    """Both see the other's kind when judged, and no number is given twice."""
    versions: list[int] = []

    def publish(hours: int) -> None:
        with connect(database) as conn, conn.transaction():
            versions.append(publish_kind(conn, changed(hours), actor=ANNA).version)

    threads = [threading.Thread(target=publish, args=(hours,)) for hours in (3, 4, 5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(versions) == [1, 2, 3]


def test_the_built_in_kinds_install_once(conn: Connection) -> None:
    """Every start installs them; only a new release may bring new versions."""
    first = install_builtin(conn)
    assert {published.kind.kind for published in first} == set(builtin_kinds())
    assert install_builtin(conn) == first
    assert {published.version for published in first} == {1}
    assert Kinds().all_latest(conn) == sorted(first, key=lambda published: published.kind.kind)


def test_a_kind_that_a_company_adapted_stays_as_it_is(conn: Connection) -> None:
    """An upgrade that brought our own rules back would let withdrawals out unapproved."""
    install_builtin(conn)
    ours = builtin_kinds()[withdrawal().kind]
    publish_kind(conn, withdrawal(), actor=ANNA)
    installed = {published.kind.kind: published for published in install_builtin(conn)}
    assert diff_kinds(ours, withdrawal())
    assert installed[withdrawal().kind].kind == withdrawal()
    assert installed[withdrawal().kind].version == 2


def test_the_installation_renews_what_only_it_has_written(conn: Connection) -> None:
    """A new release brings its corrections to everybody who changed nothing."""
    publish_kind(conn, changed(3), actor=INSTALLATION)
    installed = {published.kind.kind: published for published in install_builtin(conn)}
    assert installed[withdrawal().kind].version == 2
