"""What people may search by: the fields of all published kinds together."""

import pytest

from tests.kinds.example import spoilt, withdrawal
from viertakt.access.model import system
from viertakt.db.pool import Connection
from viertakt.errors import InvalidQuery
from viertakt.kinds.actions import Kinds, install_builtin, publish_kind
from viertakt.language import parse

ANNA = system("anna")


def test_what_is_published_may_be_searched_at_once(conn: Connection) -> None:
    """Whoever has just added an attribute tries it out; a second of "there is no such field" would send them hunting."""
    kinds = Kinds()
    publish_kind(conn, withdrawal(), actor=ANNA)
    assert "attributes.urgency" not in kinds.search_fields(conn)
    added = spoilt(lambda content: content["attributes"].update({"urgency": {"type": "integer"}}))
    publish_kind(conn, added, actor=ANNA)
    assert parse("attributes.urgency>3", fields=kinds.search_fields(conn))


def test_old_versions_may_be_searched_too(conn: Connection) -> None:
    """Their operations are still there, with stages and attributes that no newer version has."""
    publish_kind(conn, withdrawal(), actor=ANNA)
    publish_kind(conn, spoilt(lambda content: content["attributes"].pop("method")), actor=ANNA)
    assert parse("attributes.method:bank stage:unclear", fields=Kinds().search_fields(conn))


def test_personal_attributes_are_no_fields(conn: Connection) -> None:
    """Their values are kept apart: a search would find nothing, and look as if there were none."""
    install_builtin(conn)
    fields = Kinds().search_fields(conn)
    assert "attributes.method" in fields
    with pytest.raises(InvalidQuery, match=r"attributes\.iban is personal"):
        parse("attributes.iban:NL91", fields=fields)


def test_without_kinds_nothing_is_closed(conn: Connection) -> None:
    """An empty installation refuses no stage."""
    assert parse("stage:anything kind:anything", fields=Kinds().search_fields(conn))
