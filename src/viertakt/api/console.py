"""The console's files, as the build left them in `viertakt/_console`; a page that says so where nothing was built.

Hashed assets never change, so a browser keeps them; every other path of a page gets `index.html`, because the console
routes by itself.
"""

import secrets
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

from viertakt.api.route import Reply

FOLDER = Path(str(files("viertakt"))) / "_console"
# What the build writes where each page gets a nonce of its own: a script that somebody smuggles in does not know it.
PLACE = b"VIERTAKT_NONCE"
NONCE_BYTES = 18
# What is loaded by our own script may run ('strict-dynamic'). Component libraries and charts write style attributes, which
# no nonce can cover; style elements need it.
POLICY = (
    b"default-src 'none'; script-src 'nonce-VIERTAKT_NONCE' 'strict-dynamic'; style-src 'self' 'nonce-VIERTAKT_NONCE'; "
    b"style-src-attr 'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src 'self'; worker-src 'self'; "
    b"manifest-src 'self'; object-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
)
AROUND = [
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
]
MEDIA_TYPES = {
    ".html": b"text/html",
    ".js": b"text/javascript",
    ".css": b"text/css",
    ".svg": b"image/svg+xml",
    ".png": b"image/png",
    ".ico": b"image/x-icon",
    ".woff2": b"font/woff2",
    ".json": b"application/json",
    ".webmanifest": b"application/manifest+json",
    ".txt": b"text/plain",
}
ASSETS = "/assets/"
# Files under assets are named by their content. A browser asks for the icon with every step in the history.
KEPT_FOR_EVER = b"public, max-age=31536000, immutable"
KEPT_AN_HOUR = b"public, max-age=3600"
ASKED_AGAIN = b"no-cache"
NOT_BUILT = b"""<!doctype html><html lang="en"><meta charset="utf-8"><title>Viertakt</title>
<body><h1>Viertakt</h1><p>The console is not built. Run <code>make console</code>; the API answers under
<a href="/openapi.json">/v1</a> all the same.</p></body></html>
"""


def page(path: str, *, accepts_html: bool, folder: Path = FOLDER) -> Reply | None:
    """The file at this path, or the console's page, or None where the path is the API's or nobody's."""
    if path.startswith(("/v1/", "/problems/")) or path == "/v1":
        return None
    found = _files(folder).get(path)
    if found is not None:
        icon = KEPT_AN_HOUR if found.suffix in {".svg", ".ico"} else ASKED_AGAIN
        return _reply(found, KEPT_FOR_EVER if path.startswith(ASSETS) else icon)
    if not accepts_html or path.startswith(ASSETS):
        return None
    index = _files(folder).get("/index.html")
    return (
        Reply(200, NOT_BUILT, _headers(_nonce(), ASKED_AGAIN), MEDIA_TYPES[".html"])
        if index is None
        else _reply(index)
    )


@lru_cache(maxsize=4)
def _files(folder: Path) -> dict[str, Path]:
    """Every file of the build by its path: only what stands in this list is ever read, so no path can leave it."""
    if not folder.is_dir():
        return {}
    return {
        "/" + file.relative_to(folder).as_posix(): file
        for file in folder.rglob("*")
        if file.is_file() and file.suffix in MEDIA_TYPES
    }


def _reply(file: Path, kept: bytes = ASKED_AGAIN) -> Reply:
    nonce, content = _nonce(), _content(file)
    if file.suffix == ".html":
        content = content.replace(PLACE, nonce)
    return Reply(200, content, _headers(nonce, kept), MEDIA_TYPES[file.suffix])


def _nonce() -> bytes:
    return secrets.token_urlsafe(NONCE_BYTES).encode("ascii")


@lru_cache(maxsize=256)
def _content(file: Path) -> bytes:
    return file.read_bytes()


def _headers(nonce: bytes, kept: bytes) -> list[tuple[bytes, bytes]]:
    policy = POLICY.replace(PLACE, nonce)
    return [(b"cache-control", kept), (b"content-security-policy", policy), *AROUND]
