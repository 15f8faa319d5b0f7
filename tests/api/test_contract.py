"""The contract against the server: schemathesis makes requests that fit openapi.json, and ones that do not.

Every answer must be one that the contract names, in the shape it gives, and never a 5xx. What does not fit must be
refused, and what fits must be taken, save where a kind, the query language or the database decides (RULES_DECIDE).
"""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.specs.openapi.checks import ignored_auth, negative_data_rejection, positive_data_acceptance

from tests.api.conftest import Running, run
from tests.conftest import _copy

EXAMPLES = int(os.environ.get("VIERTAKT_TEST_CONTRACT_EXAMPLES", "12"))

# Whether these are taken depends on more than their shape: what the kind permits, whether the query reads, which zone,
# role or cursor there is; and a JSON Schema calls 3.0 an integer, which we do not. A refusal of such a request is right,
# and its shape is still checked.
RULES_DECIDE = {
    "openOperation", "amendOperation", "parseQuery", "completeQuery", "countViews", "readView", "deleteView",
    "starView", "unstarView", "reportOutcome", "moveOperation", "moveOperations", "openOperations",
    "listOperations", "countOperations", "readReport", "freezeReport", "readFrozenReport", "readJournal",
    "readHistory", "publishKind", "issueToken", "signIn", "signOut", "createView", "replaceView",
    "changeAssignment", "claimNext", "writeNote", "changeTags", "listSkips", "listGrants", "addGrant", "revokeGrant", "replaceGrant", "previewGrant", "makeRole", "changeRole", "removeRole", "startLook", "endLook",
    "addPerson", "setRoles", "deactivatePerson", "revealOperation",
    "signAccessReview", "listAccessChanges", "settleAccessRequest",
    "stepUp", "confirmAuthenticator", "removeAuthenticator", "changePassword",
    "readAccount", "enrolAuthenticator", "renewRecoveryCodes", "listOwnSessions", "endOtherSessions", "endOwnSession",
    "unlinkIdentity", "listSessions", "endSessions", "endSession", "resetAuthenticator", "resetPassword",
    "startAtProvider", "comeBackFromProvider",
    "makeBulk", "listBulkItems", "startBulk",
    "createReportSchedule", "createSubscription", "listSubscriptions", "changeNoticeSettings", "changeMute", "changeNotices",
    "listSignals", "setSource", "addSourceSecret", "tryPayload", "answerCheck", "askCheckSetting", "addDelegation",
    "makeEndpoint", "changeEndpoint", "rotateEndpointSecret", "replayEndpoint", "listEndpointDeliveries",
    "openIncident", "changeIncident", "setLimit",
}  # fmt: skip


@pytest.fixture(scope="module")
def running(server_url: str, template: str) -> Iterator[Running]:
    """A server of its own: grants that are given and revoked at random are nobody else's."""
    for database in _copy(server_url, template):
        yield from run(database)


@pytest.fixture(scope="module")
def token(running: Running) -> str:
    """An administrator's token: everything is reached."""
    return running.token()


LONG = 20_000  # characters


def _contract() -> dict[str, Any]:
    """The contract, but for the bounds of long texts: to make some that are longer takes a minute and tells nothing."""

    def unbound(schema: dict[str, Any]) -> dict[str, Any]:
        if schema.get("maxLength", 0) > LONG:
            del schema["maxLength"]
        return schema

    text = (Path(__file__).parents[2] / "openapi.json").read_text(encoding="utf-8")
    contract: dict[str, Any] = json.loads(text, object_hook=unbound)
    return contract


schema = schemathesis.openapi.from_dict(_contract())
# The session's cookie is a second way in; with the token beside it every request would be refused.
schema.config.generation.update(with_security_parameters=False)
# What is wrong and too large besides is refused for its size, before anybody reads it.
rejected = schema.config.checks.negative_data_rejection
rejected.expected_statuses = [*rejected.expected_statuses, "413"]


@schema.exclude(
    operation_id=["streamJournal", "streamNotices"]
).parametrize()  # they never end; others read them
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    print_blob=False,
)
def test_every_answer_is_one_the_contract_names(
    case: schemathesis.Case[Any], running: Running, token: str
) -> None:
    """Clients are generated from the contract: an answer it does not know breaks them, a 5xx breaks trust."""
    # That nobody comes in without a token is tested for every route in test_door: this check cannot see our header.
    excluded = [ignored_auth]
    name = case.operation.definition.raw["operationId"]
    if name == "checkKind":
        excluded.append(negative_data_rejection)  # it answers 200 with every fault: that is what it is for
    if name in RULES_DECIDE:
        excluded.append(positive_data_acceptance)
    case.call_and_validate(
        base_url=running.url, headers={"authorization": f"Bearer {token}"}, excluded_checks=excluded
    )
