"""Where endpoints are told: what is taken as an address, and what of it may be shown."""

import httpx

from viertakt.errors import Fault, Invalid
from viertakt.notices import endpoint_apprise as apprise
from viertakt.notices.endpoint_model import EndpointSort
from viertakt.outgoing import Networks, check_url, is_allowed

SLACK_HOSTS = ("hooks.slack.com", "hooks.slack-gov.com")


def check(sort: EndpointSort, text: str, allowed: Networks) -> str:
    """The address as it will be sent to. Raises `Invalid` where it could never be, without resolving names."""
    if sort is EndpointSort.APPRISE:
        return apprise.check(text)
    url = check_url(text, allowed)
    if sort is EndpointSort.SLACK:
        _check_slack(httpx.URL(url), allowed)
    return url


def _check_slack(url: httpx.URL, allowed: Networks) -> None:
    """Only Slack reads what is sent there; what stands in for it in an allowed network is whoever runs it's own."""
    at_slack = url.host in SLACK_HOSTS and url.path.strip("/")
    if not at_slack and not is_allowed(url.raw_host.decode("ascii"), allowed):
        words = f"A room in Slack has the address of an incoming webhook: https://{SLACK_HOSTS[0]}/services/…"
        raise Invalid(words, faults=(Fault("/url", "forbidden_destination", words),))


def shown(sort: EndpointSort, address: str) -> str:
    """What of an address may be shown: a chat room's is its key, and a query string may hold one."""
    if sort is EndpointSort.APPRISE:
        return f"{address.partition('://')[0]}://…"
    read = httpx.URL(address)
    port = f":{read.port}" if read.port else ""
    path = read.path if sort is EndpointSort.WEBHOOK else "/…"
    host = f"[{read.host}]" if ":" in read.host else read.host
    return f"{read.scheme}://{host}{port}{path}" + ("?…" if read.query else "")
