"""What every answer carries, who answers where nobody else does, and that the contract is kept in step."""

import ast
import inspect
from pathlib import Path

import httpx
import pytest

import viertakt.api.console as console_files
from tests.api.conftest import Running
from viertakt import errors
from viertakt.api import refusals
from viertakt.api.openapi import contract, contract_bytes
from viertakt.api.problems import STATUS, problem
from viertakt.api.replies import EXAMPLE_ID
from viertakt.api.route import Route
from viertakt.api.routes import ROUTES

ROOT = Path(__file__).parents[2]


def test_every_refusal_has_a_status() -> None:
    """A code without one would answer 500 on the day it is first raised."""
    codes = {
        found.code
        for module in (errors, refusals)
        for found in vars(module).values()
        if inspect.isclass(found) and issubclass(found, errors.ViertaktError)
    }
    assert codes | {"internal"} == set(STATUS)


def test_a_bug_is_answered_without_a_word_about_the_inside(caplog: pytest.LogCaptureFixture) -> None:
    """The caller gets an id to quote; the log gets the stack, on one line, without local values."""

    def break_down(token: str) -> None:
        raise RuntimeError(f"broken\nwith {len(token)} characters")

    with pytest.raises(RuntimeError) as broken:
        break_down("vt_" + "secret")
    refusal = problem(broken.value, "request-1")
    assert refusal.status == 500
    assert b"broken" not in refusal.encoded()
    assert b"request-1" in refusal.encoded()
    assert "with 9 characters" in caplog.messages[0]
    assert "\n" not in caplog.messages[0]
    assert "vt_secret" not in caplog.text


def test_the_contract_is_in_step() -> None:
    """openapi.json is what clients are generated from: `python -m viertakt.api.openapi > openapi.json`."""
    assert (ROOT / "openapi.json").read_bytes() == contract_bytes()


def test_every_route_has_a_name_of_its_own_and_an_example_for_its_body() -> None:
    """operationIds become the names of functions in every client."""
    names = [route.operation_id for route in ROUTES]
    assert len(set(names)) == len(names)
    assert [route.operation_id for route in ROUTES if route.body is not None and route.example is None] == []
    document = contract()
    assert document["openapi"] == "3.1.0"
    assert "viertakt." not in "".join(document["components"]["schemas"])


def test_every_answer_is_dressed(running: Running) -> None:
    """Not stored, not sniffed, not framed; and nobody is told which server this is."""
    with running.anybody() as client:
        for path in ("/healthz", "/v1/operations", "/nothing.js"):
            answer = client.get(path)
            assert answer.headers["x-content-type-options"] == "nosniff"
            assert answer.headers["cache-control"] == "no-store"
            assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
            assert answer.headers["x-request-id"]
            assert "server" not in answer.headers


def test_a_request_id_that_is_none_is_replaced(running: Running) -> None:
    """What goes into the history is bounded and visible."""
    with running.anybody() as client:
        assert client.get("/healthz", headers={"x-request-id": "abc-1"}).headers["x-request-id"] == "abc-1"
        assert (
            client.get("/healthz", headers={"x-request-id": "a" * 129}).headers["x-request-id"] != "a" * 129
        )


@pytest.mark.parametrize(
    "route", [route for route in ROUTES if not route.open_to_all], ids=lambda route: route.operation_id
)
def test_no_route_answers_somebody_unknown(running: Running, route: Route) -> None:
    """Asked before anything else is read: not even the shape of a body is told to strangers."""
    path = route.path.replace("{id}", EXAMPLE_ID).replace("{kind}", "withdrawal")
    with running.anybody() as client:
        answer = client.request(route.method, path)
    assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated")


def test_health_version_and_contract_are_open_to_all(running: Running) -> None:
    """A load balancer has no token."""
    with running.anybody() as client:
        for path in ("/healthz", "/readyz", "/version", "/openapi.json"):
            assert client.get(path).status_code == 200, path


def test_the_console_answers_where_a_browser_asks_for_a_page(running: Running) -> None:
    """Every page of the console is one file; an asset that is not there is no page."""
    with running.anybody() as client:
        for path in ("/", "/operations?q=status:pending", "/operations/abc"):
            answer = client.get(path, headers={"accept": "text/html"})
            assert answer.status_code == 200
            assert answer.headers["content-type"].startswith("text/html")
            assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert client.get("/v1/nothing", headers={"accept": "text/html"}).status_code == 404
        assert client.get("/assets/nothing.js", headers={"accept": "text/html"}).status_code == 404


def test_built_files_are_served_and_hashed_ones_kept(tmp_path: Path) -> None:
    """A new build is seen at once, though browsers keep what never changes."""
    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_text("<!doctype html>")
    (tmp_path / "assets" / "app-1a2b.js").write_text("1")
    (tmp_path / "mark.svg").write_text("<svg/>")
    (tmp_path / "secret.pem").write_text("2")
    page = console_files.page("/queue", accepts_html=True, folder=tmp_path)
    asset = console_files.page("/assets/app-1a2b.js", accepts_html=False, folder=tmp_path)
    assert page is not None
    assert page.content == b"<!doctype html>"
    assert asset is not None
    assert (b"cache-control", b"no-cache") in page.headers
    assert (b"cache-control", b"public, max-age=31536000, immutable") in asset.headers
    icon = console_files.page("/mark.svg", accepts_html=False, folder=tmp_path)
    assert icon is not None
    assert (b"cache-control", b"public, max-age=3600") in icon.headers
    assert console_files.page("/secret.pem", accepts_html=False, folder=tmp_path) is None
    assert console_files.page("/../secret.pem", accepts_html=False, folder=tmp_path) is None


def test_no_route_reads_a_body_by_itself() -> None:
    """Every byte comes through `bodies`, or its limits do not hold."""
    for file in (ROOT / "src/viertakt/api/routes").glob("*.py"):
        names = {
            node.attr for node in ast.walk(ast.parse(file.read_text())) if isinstance(node, ast.Attribute)
        }
        assert not names & {"receive", "loads", "decode"}, file.name


def test_a_lonely_client_may_keep_its_connection(running: Running) -> None:
    """A new connection a request would cost more than the move."""
    with httpx.Client(base_url=running.url) as client:
        assert client.get("/healthz").headers.get("connection") != "close"
