"""Kinds over HTTP: a company reads, checks and publishes its own."""

import httpx

from viertakt.api.routes.kinds import EXAMPLE

YAML = """kind: from_yaml
label: {en: Parcel, nl: Pakket}
subject: {en: Customer, nl: Klant}
start: sent
stages:
  sent: {status: pending, waiting_on: provider}
  delivered: {status: success, final: yes}
transitions:
  deliver: {from: [sent], to: delivered, by: [process]}
no_error: true
no_rejected: true
"""


def test_the_built_in_kinds_are_listed_with_their_documents(admin: httpx.Client) -> None:
    """The console has its words from here."""
    kinds = {line["kind"]: line for line in admin.get("/v1/kinds").json()["items"]}
    assert kinds["withdrawal"]["document"]["stages"]["requested"]["status"] == "pending"
    assert admin.get("/v1/kinds/withdrawal").json() == kinds["withdrawal"]
    assert admin.get("/v1/kinds/withdrawal?version=1").json()["version"] == 1
    assert admin.get("/v1/kinds/withdrawal?version=99").status_code == 404
    assert admin.get("/v1/kinds/no_such").status_code == 404


def test_a_kind_is_published_once_for_each_content(admin: httpx.Client) -> None:
    """The same document again is no new version; another one is, and says what changed."""
    document = EXAMPLE | {"kind": "published_kind"}
    first, again = (admin.put("/v1/kinds/published_kind", json=document) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 200), first.text
    changed = document | {"transitions": document["transitions"] | {
        "return": {"from": ["sent"], "to": "refused", "roles": ["support"]},
    }}  # fmt: skip
    second = admin.put("/v1/kinds/published_kind", json=changed)
    assert (second.status_code, second.json()["version"]) == (201, 2)
    assert [change["pointer"] for change in second.json()["changes"]] == ["/transitions/return"]
    assert admin.put("/v1/kinds/other_name", json=document).status_code == 422


def test_a_kind_may_be_yaml(admin: httpx.Client) -> None:
    """People write YAML; the file they keep is the body they send."""
    headers = {"content-type": "application/yaml"}
    answer = admin.put("/v1/kinds/from_yaml", content=YAML, headers=headers)
    assert answer.status_code == 201, answer.text
    assert answer.json()["document"]["stages"]["delivered"]["final"] == "yes"


def test_every_fault_of_a_kind_is_told_at_once(admin: httpx.Client) -> None:
    """An author mends ten faults in one go."""
    broken = EXAMPLE | {"stages": EXAMPLE["stages"] | {"island": {"status": "pending"}}}
    checked = admin.post("/v1/kinds/check", json=broken).json()
    assert checked["valid"] is False
    assert {fault["pointer"] for fault in checked["errors"]} >= {"/stages/island"}
    assert admin.post("/v1/kinds/check", json=EXAMPLE).json() == {"valid": True, "errors": []}
    refused = admin.put("/v1/kinds/parcel", json=broken)
    assert (refused.status_code, refused.json()["code"]) == (422, "invalid_kind")
    assert admin.post("/v1/kinds/check", content="a: [", headers={"content-type": "application/yaml"}).json()[
        "errors"
    ]


def test_the_reason_catalogue_is_read(admin: httpx.Client) -> None:
    """The dialog for a move shows them in words."""
    reasons = admin.get("/v1/reasons").json()["items"]
    assert {"code", "status", "internal", "customer"} <= reasons[0].keys()
