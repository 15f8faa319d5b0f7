"""What a browser is told around every answer: what may run, who may frame it, and to come back by HTTPS only."""

import re
from pathlib import Path

import httpx
import pytest

from tests.api.conftest import Running
from viertakt.api import console

HTTPS = {"x-forwarded-proto": "https"}  # as a proxy on this machine says it


def policy_of(answer: httpx.Response) -> dict[str, str]:
    """The page's policy by directive."""
    parts = (part.strip().partition(" ") for part in answer.headers["content-security-policy"].split(";"))
    return {name: value for name, _, value in parts}


@pytest.mark.parametrize("path", ["/v1/operations", "/v1/session", "/healthz", "/v1/nothing", "/"])
def test_every_answer_is_taken_as_what_it_says_it_is(running: Running, path: str) -> None:
    """Never sniffed, never framed, and its address is told to nobody else; refusals too."""
    with running.anybody() as client:
        answer = client.get(path, headers={"accept": "text/html"} if path == "/" else {})
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] in {"no-referrer", "same-origin"}
    policy = policy_of(answer)
    assert policy["default-src"] == policy["frame-ancestors"] == "'none'"
    assert answer.headers["cache-control"] in {"no-store", "no-cache"}


def test_what_is_asked_by_https_comes_back_by_nothing_else(running: Running) -> None:
    """For a year; also a refusal, a move and a page. Without HTTPS it would be a promise that nobody keeps."""
    with running.client() as client:
        for method, path in (
            ("GET", "/v1/operations"),
            ("GET", "/v1/nothing"),
            ("POST", "/v1/moves"),
            ("OPTIONS", "/v1/moves"),
        ):
            answer = client.request(method, path, headers=HTTPS)
            assert answer.headers["strict-transport-security"] == "max-age=31536000; includeSubDomains", path
            assert "strict-transport-security" not in client.request(method, path).headers
        page = client.get("/", headers={"accept": "text/html", **HTTPS})
        assert "strict-transport-security" in page.headers


def test_a_page_runs_what_knows_its_nonce(tmp_path: Path) -> None:
    """A fresh one each time, in the policy and on our own scripts; no script stands inline, no style either."""
    build = '<meta property="csp-nonce" nonce="VIERTAKT_NONCE"><script src="/a.js" nonce="VIERTAKT_NONCE"></script>'
    (tmp_path / "index.html").write_text(build)
    pages = [console.page("/queue", accepts_html=True, folder=tmp_path) for _ in range(2)]
    nonces = set()
    for page in pages:
        assert page is not None
        policy = dict(page.headers)[b"content-security-policy"].decode()
        (nonce,) = set(re.findall(r"'nonce-([\w-]+)'", policy))
        assert page.body().decode() == build.replace("VIERTAKT_NONCE", nonce)
        assert f"script-src 'nonce-{nonce}' 'strict-dynamic';" in policy
        assert f"style-src 'self' 'nonce-{nonce}';" in policy
        assert len(nonce) >= 24
        nonces.add(nonce)
    assert len(nonces) == 2


def test_nobody_else_reads_the_answers(running: Running) -> None:
    """No other origin is let in, whatever it asks."""
    asked = {"origin": "https://evil.example.com", "access-control-request-method": "POST"}
    with running.client() as client:
        for method in ("GET", "OPTIONS"):
            answer = client.request(method, "/v1/operations", headers=asked)
            assert not [name for name in answer.headers if name.startswith("access-control-")]
