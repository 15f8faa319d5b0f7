"""Every route as somebody meets it who is unknown, out of scope, or only reads: a new one must say so here."""

import re
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.api.conftest import Running
from viertakt.api.route import Route
from viertakt.api.routes import ROUTES
from viertakt.db.pool import connect
from viertakt.journal.sequencing import sequence_all
from viertakt.reports.tallies import fold_statuses

READ, MANAGED, ALIKE = (200, 200), (403, 403), (404, 404)

# What is answered about a withdrawal under suspicion: to support, who is not to know of it, and to an auditor, who sees
# everything and changes nothing.
MATRIX: dict[str, tuple[int, int]] = {
    "openOperation": (409, 403),  # the reference is taken, and nobody is told by what
    "readOperation": (404, 200),
    "amendOperation": (404, 403),
    "readHistory": (404, 200),
    "listChildren": (404, 200),
    "listPromises": (404, 200),
    "listCheckRuns": READ,
    "runChecksAgain": (404, 403),
    "answerCheck": ALIKE,  # an operation that is not there
    "listChecks": MANAGED,
    "listCheckSettings": MANAGED,
    "askCheckSetting": MANAGED,
    "settleCheckSetting": MANAGED,
    "revealOperation": (404, 403),
    "moveOperation": (404, 403),
    "reportOutcome": (404, 403),
    "listApprovals": READ,
    "listDelegations": READ,
    "addDelegation": ALIKE,  # the stand-in is nobody
    "endDelegation": ALIKE,
    "sayVerdict": (404, 404),  # nothing waits there
    "writeNote": (404, 403),
    "changeAssignment": (404, 403),
    "changeTags": (404, 403),
    "listSkips": READ,
    "claimNext": (404, 404),  # the id is no view's
    "lookAtOperation": (404, 200),
    "lookAwayFromOperation": (404, 204),
    "listColleagues": (200, 403),
    "makeBulk": (201, 201),  # a dry run, of what they may see: all of it is skipped
    "listBulk": READ,
    "readBulk": ALIKE,
    "listBulkItems": ALIKE,
    "startBulk": ALIKE,
    "pauseBulk": ALIKE,
    "resumeBulk": ALIKE,
    "cancelBulk": ALIKE,
    "retryBulk": ALIKE,
    "sayToBulk": ALIKE,
    "undoBulk": ALIKE,
    "receiveSignals": ALIKE,  # there is no such source, and it asks for a signature, not for a token
    "listSignals": READ,
    "countSignals": READ,
    "readSignal": ALIKE,
    "revealSignal": (404, 404),
    "eraseSignal": MANAGED,
    "replaySignal": MANAGED,
    "listSources": MANAGED,
    "readSource": MANAGED,
    "setSource": MANAGED,
    "addSourceSecret": MANAGED,
    "dropSourceSecret": MANAGED,
    "tryPayload": MANAGED,
    "replaySignals": MANAGED,
    "moveOperations": READ,  # each item is answered as it would be alone
    "openOperations": READ,
    "listOperations": READ,
    "countOperations": READ,
    "listReports": READ,
    "readReport": READ,
    "freezeReport": (201, 201),
    "listFrozenReports": READ,
    "readFrozenReport": (404, 200),
    "readJournal": READ,
    "streamJournal": READ,
    "listNotices": MANAGED,  # a token has no inbox, here and in the two below
    "changeNotices": MANAGED,
    "streamNotices": MANAGED,
    "listEndpoints": READ,  # their own: none
    "makeEndpoint": MANAGED,  # their own takes a grant that says connect
    "readEndpoint": ALIKE,
    "changeEndpoint": ALIKE,
    "endEndpoint": ALIKE,
    "rotateEndpointSecret": ALIKE,
    "testEndpoint": ALIKE,
    "listEndpointDeliveries": ALIKE,
    "readEndpointDelivery": ALIKE,
    "replayEndpoint": ALIKE,
    "listSubscriptions": READ,
    "createSubscription": MANAGED,
    "changeSubscription": ALIKE,
    "endSubscription": ALIKE,
    "listReportSchedules": MANAGED,  # nor does a token get mail
    "createReportSchedule": MANAGED,
    "sendReportSchedule": ALIKE,
    "endReportSchedule": ALIKE,
    "readNoticeSettings": MANAGED,
    "changeNoticeSettings": MANAGED,
    "testMail": MANAGED,
    "listMutes": MANAGED,
    "changeMute": MANAGED,
    "showUnsubscribe": READ,
    "unsubscribe": ALIKE,  # the link is in no mail
    "parseQuery": READ,
    "completeQuery": READ,
    "listKinds": READ,
    "readKind": READ,
    "publishKind": MANAGED,
    "checkKind": READ,
    "listReasons": READ,
    "signIn": (201, 201),
    "readSession": READ,
    "signOut": (204, 204),
    "stepUp": MANAGED,  # a token has no account, here and in the nine below
    "readAccount": MANAGED,
    "enrolAuthenticator": MANAGED,
    "confirmAuthenticator": MANAGED,
    "removeAuthenticator": MANAGED,
    "renewRecoveryCodes": MANAGED,
    "changePassword": MANAGED,
    "listOwnSessions": MANAGED,
    "endOtherSessions": MANAGED,
    "endOwnSession": MANAGED,
    "unlinkIdentity": MANAGED,
    "listSignInProviders": READ,
    "startAtProvider": ALIKE,  # none of this name is set
    "comeBackFromProvider": ALIKE,
    "listSessions": MANAGED,
    "endSessions": MANAGED,
    "endSession": MANAGED,
    "resetAuthenticator": MANAGED,
    "resetPassword": MANAGED,
    "listSignInEvents": MANAGED,
    "listTokens": MANAGED,
    "issueToken": MANAGED,
    "revokeToken": MANAGED,
    "listGrants": MANAGED,
    "addGrant": MANAGED,
    "revokeGrant": MANAGED,
    "listRoles": MANAGED,
    "listAccessChanges": MANAGED,
    "readAccessReview": MANAGED,
    "signAccessReview": MANAGED,
    "viewAsRole": MANAGED,
    "replaceGrant": MANAGED,
    "previewGrant": MANAGED,
    "makeRole": MANAGED,
    "changeRole": MANAGED,
    "removeRole": MANAGED,
    "startLook": MANAGED,
    "endLook": MANAGED,
    "listPeople": MANAGED,
    "listAccessRequests": MANAGED,
    "settleAccessRequest": MANAGED,
    "addPerson": MANAGED,
    "setRoles": MANAGED,
    "deactivatePerson": MANAGED,
    "activatePerson": MANAGED,
    "listAlerts": READ,
    "listIncidents": READ,
    "listLimits": READ,
    "setLimit": MANAGED,
    "endLimit": MANAGED,
    "openIncident": MANAGED,
    "readIncident": ALIKE,
    "changeIncident": MANAGED,
    "seeAlert": ALIKE,
    "readDeadlines": READ,
    "pauseDeadlines": MANAGED,
    "resumeDeadlines": MANAGED,
    "listViews": READ,
    "createView": (403, 403),  # the example is a view for another team
    "countViews": READ,
    "readView": ALIKE,
    "replaceView": ALIKE,
    "deleteView": ALIKE,
    "starView": ALIKE,
    "unstarView": ALIKE,
    "readLiveness": READ,
    "readReadiness": READ,
    "readMetrics": READ,
    "readVersion": READ,
    "readContract": READ,
}
OPEN_TO_ALL = {
    "readLiveness", "readReadiness", "readVersion", "readContract", "signIn", "listSignInProviders", "startAtProvider",
    "comeBackFromProvider", "showUnsubscribe", "unsubscribe",
    "receiveSignals",
}  # fmt: skip
IN_SIGHT = {
    "readOperation",
    "readHistory",
    "listOperations",
    "readJournal",
}  # where the operation would be named


class Suspected:
    """A withdrawal that stands in a restricted stage, and a frozen report that counts it."""

    def __init__(self, running: Running) -> None:
        self.reference = f"W-{uuid4()}"
        self.opening = {
            "kind": "withdrawal",
            "reference": self.reference,
            "amount": {"value": "50.00", "currency": "EUR"},
        }
        with running.client() as admin:
            self.id = admin.post("/v1/operations", json=self.opening).json()["id"]
            moved = admin.post(f"/v1/operations/{self.id}/moves", json={"transition": "escalate"})
            assert moved.status_code == 201, moved.text
            with connect(running.database, role="viertakt_app", autocommit=True) as conn:
                sequence_all(conn, [fold_statuses])
            frozen = admin.post("/v1/reports/statuses/freeze", json=FROZEN)
            assert frozen.status_code == 201, frozen.text
            self.frozen = frozen.json()["id"]

    def ask(self, client: httpx.Client, route: Route) -> httpx.Response:
        """One request of this route, about the operation where it is about one."""
        id_ = self.frozen if "frozen" in route.path else self.id
        path = (
            route.path.replace("{id}", id_)
            .replace("{kind}", "withdrawal")
            .replace("{grant}", "1")
            .replace("{approval}", "1")
            .replace("{role}", "payments")
            .replace("{number}", "1")
            .replace("{link}", "1.a")
            .replace("{person}", f"person:{self.id}")
            .replace("{session}", self.id)
            .replace("{source}", "nobody")
            .replace("{secret}", self.id)
        )
        path = re.sub(r"{name}", "statuses", path)
        body = self.bodies().get(route.operation_id, route.example)
        asked: dict[str, Any] = {"params": QUERIES.get(route.operation_id, {})}
        if body is not None:
            asked["json"] = body
        with client.stream(route.method, path, **asked) as answer:
            if route.operation_id != "streamJournal":
                answer.read()
            return answer

    def bodies(self) -> dict[str, Any]:
        """What is sent where the route's example is about something else."""
        move = {"transition": "clear"}
        return {
            "openOperation": self.opening,
            "openOperations": {"items": [self.opening]},
            "moveOperation": move,
            "moveOperations": {"items": [{"operation_id": self.id, **move}]},
            "reportOutcome": {"outcome": "success"},
        }


FROZEN = {"title": "October 2025", "from": "2025-10-01", "to": "2025-11-01"}
QUERIES = {
    "unlinkIdentity": {"issuer": "https://id.example.com"},
    "countOperations": {"by": "status"},
    "parseQuery": {"q": "kind:withdrawal"},
    "completeQuery": {"q": "kind:"},
    "readJournal": {"limit": "200"},
    "listOperations": {"limit": "200"},
}


@pytest.fixture(scope="module")
def suspected(running: Running) -> Suspected:
    """The same for all tests of this module: none of them may change it."""
    return Suspected(running)


def test_every_route_stands_in_the_matrix() -> None:
    """Whoever adds a way in says what it answers to whom."""
    assert [route.operation_id for route in ROUTES if route.operation_id not in MATRIX] == []
    assert {route.operation_id for route in ROUTES} == set(MATRIX)


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.operation_id)
def test_a_route_answers_each_as_the_matrix_says(
    running: Running, suspected: Suspected, route: Route
) -> None:
    """Unknown, out of scope, only reading; and nothing of what is out of scope in any answer."""
    with running.anybody() as stranger:
        if route.operation_id not in OPEN_TO_ALL:
            assert suspected.ask(stranger, route).status_code == 401
    for role, status in zip(("support", "auditor"), MATRIX[route.operation_id], strict=True):
        with running.client(role) as client:
            answer = suspected.ask(client, route)
            assert answer.status_code == status, (role, route.operation_id, getattr(answer, "text", ""))
            if route.operation_id == "streamJournal":
                continue
            if (
                role == "support"
                and not answer.request.url.path.endswith(suspected.id)
                and route.method == "GET"
            ):
                assert suspected.id not in re.sub(rf"There is no [a-z ]+ {suspected.id}\.", "", answer.text)
                assert suspected.reference not in answer.text
            if role == "auditor" and route.operation_id in IN_SIGHT:
                assert suspected.id in answer.text


def test_items_of_a_batch_are_answered_as_alone(running: Running, suspected: Suspected) -> None:
    """A thousand at once is no way round."""
    by_name = {route.operation_id: route for route in ROUTES}
    for role, moved, opened in (("support", 404, 409), ("auditor", 403, 403)):
        with running.client(role) as client:
            for name, status in (("moveOperations", moved), ("openOperations", opened)):
                (item,) = suspected.ask(client, by_name[name]).json()["items"]
                assert item["status"] == status, item
                assert role == "auditor" or suspected.id not in str(
                    item.get("problem", {}).get("operation_id")
                )


def test_a_stream_tells_nothing_of_what_is_out_of_sight(running: Running, suspected: Suspected) -> None:
    """Neither its coming nor its going: its place in the order is passed over."""
    with running.client() as admin:
        end = admin.get("/v1/journal", params={"limit": 1}).json()["end"]
    for role, told in (("support", False), ("auditor", True)):
        with (
            running.client(role) as client,
            client.stream("GET", "/v1/stream", params={"after": "1.0"}) as answer,
        ):
            heard = []
            for line in answer.iter_lines():
                if line == f"id: {end}":
                    break
                heard.append(line)
        assert (suspected.id in "\n".join(heard)) is told


def test_counts_tell_nothing_either(running: Running, suspected: Suspected) -> None:
    """One more pending than the list shows would be enough to know."""
    asked = {"q": "kind:withdrawal stage:compliance_hold", "by": "stage"}
    for role, found in (("support", 0), ("auditor", 1)):
        with running.client(role) as client:
            items = client.get("/v1/counts", params=asked).json()["items"]
            listed = client.get("/v1/operations", params={"q": asked["q"]}).json()["items"]
            assert min(len(listed), 1) == min(sum(row["count"] for row in items), 1) == found


def test_grants_are_given_and_taken_over_http(running: Running) -> None:
    """From the grant on a token may; from its revocation on it may not; both stand in the audit."""
    with running.client() as admin, running.client("support") as support:
        opened = admin.post("/v1/operations", json={"kind": "ticket", "reference": f"T-{uuid4()}"}).json()
        grant = {
            "role": "support",
            "may": ["export"],
            "kinds": ["ticket"],
            "where": "brand:shop",
            "reason": "asked",
        }
        given = admin.post("/v1/grants", json=grant)
        assert given.status_code == 201, given.text
        assert given.json() | grant == given.json() | {"reason": "asked"}
        assert admin.post("/v1/grants", json=grant | {"where": "subject:x"}).status_code == 400
        number = given.json()["id"]
        roles = {one["role"]: one for one in admin.get("/v1/roles").json()["items"]}
        assert number in [one["id"] for one in roles["support"]["grants"]]
        assert roles["support"]["label"]["nl"] == "Klantenservice"
        assert support.get(f"/v1/operations/{opened['id']}").status_code == 200
        assert admin.delete(f"/v1/grants/{number}", params={"reason": "over"}).status_code == 204
        assert admin.delete(f"/v1/grants/{number}").status_code == 404
        assert admin.delete("/v1/grants/x").status_code == 404
        changes = admin.get("/v1/access-changes").json()["items"]
        assert [(one["sort"], one["grant"], one["reason"]) for one in changes[:2]] == [
            ("revoked", number, "over"),
            ("granted", number, "asked"),
        ]
        listed = admin.get("/v1/grants", params={"role": "support", "revoked": "true"}).json()["items"]
        assert number in [one["id"] for one in listed]
