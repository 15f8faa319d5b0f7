"""The two routes that help with writing queries, over the wire."""

from typing import Any

import httpx

from tests.api.asking import refused


def test_a_query_comes_back_canonical_and_in_pieces(admin: httpx.Client) -> None:
    """The filter bar shows a chip for each term, and knows which characters it replaces when one is dropped."""
    q = "kind:withdrawal NOT attributes.method:bank (brand:a OR brand:b) W-1001"
    answer = admin.get("/v1/query/parse", params={"q": q}).json()
    chips: list[dict[str, Any]] = answer["chips"]
    assert answer["canonical"] == "kind:withdrawal -attributes.method:bank (brand:a OR brand:b) W-1001"
    assert [chip["text"] for chip in chips] == [
        "kind:withdrawal",
        "-attributes.method:bank",
        "(brand:a OR brand:b)",
        "W-1001",
    ]
    assert [chip["negated"] for chip in chips] == [False, True, False, False]
    assert [chip["field"] for chip in chips] == ["kind", "attributes.method", None, None]
    assert [q[chip["from"] : chip["to"]] for chip in chips] == [
        "kind:withdrawal",
        "NOT attributes.method:bank",
        "(brand:a OR brand:b)",
        "W-1001",
    ]
    assert answer["profile"] == "search"
    assert admin.get("/v1/query/parse", params={"q": "age>1d"}).json()["profile"] == "row"


def test_a_fault_in_a_query_has_its_place(admin: httpx.Client) -> None:
    """The bar underlines it and offers what was meant, for the words of the published kinds too."""
    for path in ("/v1/query/parse", "/v1/operations"):
        problem = refused(admin.get(path, params={"q": "status:error stage:aproved"}), 400, "invalid_query")
        assert (problem["offset"], problem["length"]) == (19, 7)
        assert problem["did_you_mean"] == "approved"


def test_attributes_are_compared_as_their_kinds_say(admin: httpx.Client) -> None:
    """Nine is less than ten; as texts it would not be."""
    for reference, wagered in (("QB-1", "9.50"), ("QB-2", "10")):
        body = {"kind": "bonus_wagering", "reference": reference, "attributes": {"wagered": wagered}}
        answer = admin.post("/v1/operations", json=body)
        assert answer.status_code == 201, answer.text
    found = admin.get("/v1/operations", params={"q": "kind:bonus_wagering attributes.wagered>9.75"}).json()
    assert [line["reference"] for line in found["items"]] == ["QB-2"]
    problem = refused(admin.get("/v1/operations", params={"q": "attributes.iban:*"}), 400, "invalid_query")
    assert problem["fault"] == "masked"


def test_what_may_be_written_next_is_offered(admin: httpx.Client) -> None:
    """Fields, then values that the published kinds know, put in place of what stands at the caret."""
    answer = admin.get("/v1/query/complete", params={"q": "stage:under kind:bonus", "at": 11}).json()
    assert answer["items"][0] == {
        "text": "under_review",
        "label": "under_review",
        "kind": "value",
        "from": 6,
        "to": 11,
    }
    fields = admin.get("/v1/query/complete", params={"q": "attributes.meth"}).json()["items"]
    assert [item["text"] for item in fields] == ["attributes.method:"]
    refused(admin.get("/v1/query/complete", params={"q": "", "at": -1}), 422, "invalid")
