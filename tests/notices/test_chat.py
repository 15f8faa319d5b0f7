"""Chat rooms: what a room is told, and that what others wrote in a reference steers nothing there."""

import pytest

from tests.notices.post import Post
from tests.notices.receivers import Receiver
from tests.operations.conftest import euros
from viertakt.errors import Invalid
from viertakt.notices import endpoints
from viertakt.notices.endpoint_model import EndpointSort

HOSTILE = "W-<!channel> [x](http://evil.example) & co"


def test_a_room_in_slack_gets_blocks_in_which_nothing_is_markup(post: Post, receiver: Receiver) -> None:
    """Blocks of plain text; only the fallback reads markup, so it is escaped as Slack asks."""
    post.endpoint(receiver.url, sort=EndpointSort.SLACK)
    operation = post.house.open("withdrawal", HOSTILE, amount=euros("120"))
    post.send()
    (got,) = receiver.got
    card = got.document
    section, context = card["blocks"]
    assert section["text"] == {
        "type": "plain_text",
        "text": f"{HOSTILE} · Withdrawal · Requested",
        "emoji": False,
    }
    assert section["accessory"]["url"] == f"https://desk.example/operations/{operation.id}"
    assert context["elements"][0]["text"] == "120.00 EUR · by till"
    assert card["text"] == "W-&lt;!channel&gt; [x](http://evil.example) &amp; co · Withdrawal · Requested"
    assert "webhook-signature" not in got.headers


def test_a_room_is_told_in_the_words_of_the_kind_and_in_its_owners_language(
    post: Post, receiver: Receiver
) -> None:
    """Names are for programs: in a room people read, as in a mail."""
    post.house.sql("UPDATE viertakt.person SET language = 'nl' WHERE actor = %s", post.owner.id)
    post.endpoint(receiver.url, sort=EndpointSort.SLACK)
    operation = post.house.open("withdrawal", "W-1", amount=euros("120"))
    post.house.move(operation, "approve")
    post.send()
    section, context = receiver.got[-1].document["blocks"]
    assert section["text"]["text"] == "W-1 · Opname · Aangevraagd → Goedgekeurd"
    assert context["elements"][0]["text"].startswith("120,00 EUR · door ")


def test_a_room_in_teams_gets_an_adaptive_card(post: Post, receiver: Receiver) -> None:
    """As a workflow expects it; text in runs, for a plain text block would read Markdown."""
    post.endpoint(receiver.url, sort=EndpointSort.TEAMS)
    operation = post.house.open("withdrawal", HOSTILE, amount=euros("120"))
    post.send()
    (attachment,) = receiver.got[0].document["attachments"]
    card = attachment["content"]
    assert attachment["contentType"] == "application/vnd.microsoft.card.adaptive"
    assert card["body"][0]["inlines"][0]["text"] == f"{HOSTILE} · Withdrawal · Requested"
    assert {block["type"] for block in card["body"]} == {"RichTextBlock"}
    assert card["actions"][0]["url"].endswith(str(operation.id))


@pytest.mark.parametrize(
    "address",
    ["https://example.com/x", "https://hooks.slack.com/", "https://hooks.slack.com.example/services/T0"],
)
def test_a_room_in_slack_is_at_slack(post: Post, address: str) -> None:
    """Nobody else reads what is told there, and whoever typed it in learns it at once."""
    with pytest.raises(Invalid, match="incoming webhook"):
        post.endpoint(address, sort=EndpointSort.SLACK)
    post.endpoint("https://hooks.slack.com/services/T0/B0/key", sort=EndpointSort.SLACK)


def test_a_rooms_address_is_shown_to_nobody_and_has_no_secret(post: Post, receiver: Receiver) -> None:
    """Whoever knows it can write there."""
    endpoint, secret = post.endpoint(receiver.url + "/T0/B0/key", sort=EndpointSort.SLACK)
    assert secret == ""
    assert endpoint.shown.endswith("/…")
    with pytest.raises(Invalid):
        post.ask(lambda conn: endpoints.rotate(conn, endpoint.id, post.owner, sealer=post.sealer))
