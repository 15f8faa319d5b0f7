"""Nobody is told of what they may not see, whatever they may see and whatever happens."""

from itertools import count
from typing import Any

import msgspec
from hypothesis import HealthCheck, event, example, given, settings
from hypothesis import strategies as st

from tests.notices.conftest import Office
from tests.notices.post import Post
from tests.notices.receivers import receiving
from tests.operations.conftest import euros
from viertakt.access.actions import actor_by_id
from viertakt.access.model import Actor
from viertakt.access.rules import exportable, visible
from viertakt.api.notice_shapes import groups
from viertakt.errors import Forbidden
from viertakt.language import parse, within
from viertakt.notices import inbox
from viertakt.notices.model import NoticeEvent, NoticeTab
from viertakt.operations.model import Operation
from viertakt.reports.lists import list_operations

SECRET = "the player lives at the harbour"
WHERES = (
    "",
    "brand:north",
    "-brand:north",
    "stage:requested,approved",
    "-stage:requested",
    "kind:withdrawal",
)
lines = st.tuples(
    st.sampled_from([[], ["withdrawal"], ["ticket"]]),
    st.sampled_from(WHERES),
    st.sampled_from([["view"], ["view", "reveal"], ["view", "restricted"], ["note"]]),
)
# Each step is of one of two withdrawals: what is not permitted where it stands is refused, and nobody is told of that.
steps = st.lists(
    st.tuples(st.integers(0, 1), st.sampled_from(["escalate", "clear", "approve", "hold_back"])),
    min_size=2,
    max_size=6,
)
references = count()


def in_sight(office: Office, reader: Actor) -> set[object]:
    """What the database finds for this reader, asked in SQL: another way than the one that tells."""
    query = within(parse(""), visible(office.ask(lambda conn: actor_by_id(conn, reader.id))))
    return {one.id for one in office.ask(lambda conn: list_operations(conn, query, limit=200)).items}


def take(office: Office, operation: Operation, step: str) -> bool:
    """One step, with a comment that only some may read; whether it was made."""
    request = office.house.moving(operation, step, comment=SECRET)
    return not isinstance(office.house.batch.call_all([request])[0], Exception)


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(granted=st.lists(lines, max_size=3), script=steps)
def test_a_reader_is_told_of_exactly_what_they_may_see(
    office: Office, granted: list[tuple[list[str], str, list[str]]], script: list[tuple[int, str]]
) -> None:
    """Of an entry when its operation is in sight after it, and was before it; with what was written where they may reveal."""
    office.grant("support", *granted)
    number = next(references)
    reader = office.person(f"a reader {number}", "support")
    office.subscribe(reader, NoticeEvent.MOVED)
    operations = [
        office.house.open("withdrawal", f"W-{number}-{n}", brand=brand, amount=euros("10"))
        for n, brand in enumerate(("north", "south"))
    ]
    office.tell()
    before, told = in_sight(office, reader), len(office.notices(reader))
    for at, step in script:
        made = take(office, operations[at], step)
        after = in_sight(office, reader)
        expected = made and operations[at].id in before and operations[at].id in after
        event(f"told: {expected}")
        fresh = [one for one in office.notices(reader) if one.id > told]
        assert [one.operation.id for one in fresh] == ([operations[at].id] if expected else [])
        told, before = max([told, *(one.id for one in fresh)]), after
    if not any("reveal" in may for *_, may in granted):
        assert SECRET not in office.ask(lambda conn: shown_to(conn, office, reader))


IBAN = "NL91ABNA0417164300"
exports = st.tuples(
    st.sampled_from([[], ["withdrawal"], ["ticket"]]),
    st.sampled_from(WHERES),
    st.sampled_from([["view", "export"], ["view", "export", "reveal"], ["view"], ["export"]]),
)


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(granted=st.lists(exports, min_size=1, max_size=3), script=steps)
@example(granted=[([], "", ["view", "export"])], script=[(0, "approve"), (1, "escalate")])
@example(granted=[([], "brand:north", ["view", "export", "reveal"])], script=[(0, "approve"), (1, "approve")])
@example(
    granted=[([], "", ["view"]), ([], "brand:south", ["export"])], script=[(0, "approve"), (1, "approve")]
)
def test_an_endpoint_is_told_of_exactly_what_its_owner_may_see_and_take_along(
    office: Office, granted: list[tuple[list[str], str, list[str]]], script: list[tuple[int, str]]
) -> None:
    """What leaves the house is out of reach: no entry out of scope, no comment that is masked, and never a personal value."""
    number = next(references)
    post = Post(office.house, office.person(f"an integrator {number}", "admin"))
    connect: tuple[list[str], str, list[str]] = ([], "", ["connect"])
    office.grant("support", ([], "", ["view", "export"]), connect)
    owner = office.person(f"an owner {number}", "support")
    operations = [
        office.house.open(
            "withdrawal", f"W-{number}-{n}", brand=brand, amount=euros("10"), attributes={"iban": IBAN}
        )
        for n, brand in enumerate(("north", "south"))
    ]
    with receiving() as receiver:
        post.endpoint(receiver.url, by=post.owner, owner=owner.id)
        office.grant("support", *granted, connect)
        before = in_sight(office, owner)
        for at, step in script:
            receiver.got.clear()
            made = take(office, operations[at], step)
            after = in_sight(office, owner)
            expected = made and operations[at].id in before & after & taken_along(office, owner)
            event(f"told: {expected}")
            post.send()
            told = [one.document["data"]["operation"]["id"] for one in receiver.got]
            assert told == ([str(operations[at].id)] if expected else [])
            said = b" ".join(one.body for one in receiver.got)
            assert IBAN.encode() not in said
            assert SECRET.encode() not in said or any("reveal" in may for *_, may in granted)
            before = after


def taken_along(office: Office, owner: Actor) -> set[object]:
    """What this owner may take out of the house, as the database finds it; nothing where they may take nothing."""
    try:
        sight = exportable(office.ask(lambda conn: actor_by_id(conn, owner.id)))
    except Forbidden:
        return set()
    query = within(parse(""), sight)
    return {one.id for one in office.ask(lambda conn: list_operations(conn, query, limit=200)).items}


def shown_to(conn: Any, office: Office, reader: Actor) -> str:
    """All that an inbox shows, as it is sent."""
    page = inbox.read_inbox(conn, actor_by_id(conn, reader.id), NoticeTab.ALL)
    return msgspec.json.encode(groups(conn, office.kinds, page.groups)).decode()
