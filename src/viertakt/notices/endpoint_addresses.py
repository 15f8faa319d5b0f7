"""Where endpoints are told: what is taken as an address, and what of it may be shown."""

import httpx

from viertakt.notices import endpoint_apprise as apprise
from viertakt.notices.endpoint_model import EndpointSort
from viertakt.outgoing import Networks, check_url


def check(sort: EndpointSort, text: str, allowed: Networks) -> str:
    """The address as it will be sent to. Raises `Invalid` where it could never be, without resolving names."""
    return apprise.check(text) if sort is EndpointSort.APPRISE else check_url(text, allowed)


def shown(sort: EndpointSort, address: str) -> str:
    """What of an address may be shown: a chat room's is its key, and a query string may hold one."""
    if sort is EndpointSort.APPRISE:
        return f"{address.partition('://')[0]}://…"
    read = httpx.URL(address)
    port = f":{read.port}" if read.port else ""
    path = read.path if sort is EndpointSort.WEBHOOK else "/…"
    return f"{read.scheme}://{read.host}{port}{path}" + ("?…" if read.query else "")
