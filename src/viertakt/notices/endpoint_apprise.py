"""Rooms of services that we do not speak to ourselves, through Apprise (https://appriseit.com), an extra: `viertakt[apprise]`.

Only services that have a host of their own: an address then names an account there, and never a machine that is reached from
here. It has no options, for one of them leaves certificates unverified. Redirects are not followed. Apprise waits while it
sends, so it does that in threads of its own; it asks once, for the deliveries have their own tries.

Where somebody sets proxies (HTTPS_PROXY), Apprise goes through them, as its HTTP library does.
"""

import asyncio
import logging
import re
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from typing import Any
from urllib.parse import unquote

from viertakt.errors import Fault, Invalid
from viertakt.outgoing import TOTAL_SECONDS, Failure, Sent

# None of these takes a host from its address (a test looks). Adding one is a decision about where this may send to.
SCHEMES = ("discord", "gchat", "opsgenie", "pagerduty", "pover", "tgram", "wxteams")
THREADS = 8
_threads = ThreadPoolExecutor(THREADS, "apprise")
# Calls people or hides where a link leads, in one or another of these services.
_STEERS = re.compile(r"[@<]|\](?=\()")
PART_MIN = 4  # characters of an address that could be a key
_NOTHING = "\N{ZERO WIDTH SPACE}"

# It tells of addresses, which are secrets, also where it refuses one; so nothing that it says comes into our log. What it says of a
# delivery is asked of it there (`_send`), and for that it must go on saying it.
_said = logging.getLogger("apprise")
_said.setLevel(logging.WARNING)
_said.propagate = False
_said.addHandler(logging.NullHandler())


def check(text: str, *, pointer: str = "/url") -> str:
    """The address as it is kept. Raises `Invalid` where it is none of a service that may be told, or the extra is missing."""
    url = text.strip()
    scheme, found, rest = url.partition("://")
    if not found or scheme not in SCHEMES:
        raise _invalid(
            pointer, "forbidden_destination", f"It begins with one of {', '.join(SCHEMES)}, and ://."
        )
    if "?" in rest or "#" in rest:
        raise _invalid(pointer, "forbidden_destination", "It has no options: nothing after a ?.")
    if find_spec("apprise") is None:
        raise _invalid(pointer, "extra_missing", "This needs the extra: pip install 'viertakt[apprise]'.")
    if _service(url) is None:
        raise _invalid(pointer, "invalid_address", f"Apprise reads no address of {scheme} in it.")
    return url


def is_one(url: str) -> bool:
    """Whether an address is one of these, and not one that we send to ourselves."""
    return url.partition("://")[0] in SCHEMES


def plain(text: str) -> str:
    """A text in which nothing calls anybody, or hides where it leads."""
    return _STEERS.sub(lambda found: found[0] + _NOTHING, text)


async def send(url: str, text: str) -> Sent:
    """Tell a room, its first line as the title; nothing is raised. An answer of 200 is Apprise's word that it arrived."""
    return await asyncio.get_running_loop().run_in_executor(_threads, _send, url, text)


def _send(url: str, text: str) -> Sent:
    if find_spec("apprise") is None:
        return Sent(failure=Failure.BROKEN, detail="Apprise is not installed where this was sent from.")
    import apprise

    service = _service(url)
    if service is None:
        return Sent(failure=Failure.BROKEN, detail="Apprise reads no address of a service in it.")
    title, _, body = text.partition("\n")
    room = apprise.Apprise()
    room.add(service)
    told = room.notify(
        body=body or title,
        title=title if body else "",
        notify_type=apprise.NotifyType.WARNING,  # else Opsgenie adds a note to alerts that are there, or does nothing
        body_format=apprise.NotifyFormat.TEXT,
        timeout=TOTAL_SECONDS,
        log_level=logging.WARNING,
    )
    if told:
        return Sent(status=200, body=b"Apprise: it arrived.")
    said = " ".join(entry.message for entry in told.logs())
    return Sent(failure=Failure.BROKEN, detail=f"Apprise: {_without(url, said) or 'it did not arrive.'}")


def _without(url: str, said: str) -> str:
    """What is said, without any part of the address: each of them may be a key."""
    parts = {
        part for text in (url, unquote(url)) for part in re.split(r"[:/@,&=\s]+", text.partition("://")[2])
    }
    for part in sorted(parts, key=len, reverse=True):
        if len(part) >= PART_MIN:
            said = said.replace(part, "…")
    return said


def _service(url: str) -> Any:
    import apprise

    asset = apprise.AppriseAsset(http_redirects=False, async_mode=False)
    return apprise.Apprise.instantiate(url, asset=asset, suppress_exceptions=True)


def _invalid(pointer: str, code: str, words: str) -> Invalid:
    return Invalid(words, faults=(Fault(pointer, code, words),))
