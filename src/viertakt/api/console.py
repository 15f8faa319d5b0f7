"""The console's files, as the build left them in `viertakt/_console`; a page that says so where nothing was built.

Hashed assets never change, so a browser keeps them; every other path of a page gets `index.html`, because the console
routes by itself.
"""

from functools import lru_cache
from importlib.resources import files
from pathlib import Path

from viertakt.api.route import Reply

FOLDER = Path(str(files("viertakt"))) / "_console"
POLICY = (
    b"default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; "
    b"frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
)
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
        return _reply(found, immutable=path.startswith(ASSETS))
    if not accepts_html or path.startswith(ASSETS):
        return None
    index = _files(folder).get("/index.html")
    return (
        Reply(200, NOT_BUILT, _headers(immutable=False), MEDIA_TYPES[".html"])
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


def _reply(file: Path, *, immutable: bool = False) -> Reply:
    return Reply(200, _content(file), _headers(immutable=immutable), MEDIA_TYPES[file.suffix])


@lru_cache(maxsize=256)
def _content(file: Path) -> bytes:
    return file.read_bytes()


def _headers(*, immutable: bool) -> list[tuple[bytes, bytes]]:
    kept = b"public, max-age=31536000, immutable" if immutable else b"no-cache"
    return [(b"cache-control", kept), (b"content-security-policy", POLICY)]
