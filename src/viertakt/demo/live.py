"""The present: the customers at the address of a server, and the simulator that lets them act."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from threading import Event

import httpx
import structlog

from viertakt.demo.cast import SHIFT, SignIn
from viertakt.demo.company import Company
from viertakt.demo.customers import People, platform
from viertakt.demo.desks import Desks
from viertakt.demo.model import Story
from viertakt.demo.plots import PROVIDERS
from viertakt.demo.providers import Providers, register_sources
from viertakt.demo.simulator import Simulator
from viertakt_client import ViertaktError

log = structlog.get_logger(__name__)
SOURCES = (*sorted(set(PROVIDERS.values())), "sumsub")


def live(
    address: str, *, token: str, sign_ins: Sequence[SignIn], teller: Company, ahead: list[Story], stop: Event
) -> None:
    """Keep the company alive at this address until `stop` is set."""
    try:
        with simulator(address, token=token, sign_ins=sign_ins, teller=teller, ahead=ahead) as alive:
            alive.run(stop)
    except (ViertaktError, httpx.TransportError) as fault:
        if not stop.is_set():
            log.error("simulator_stopped", fault=str(fault))  # noqa: TRY400 - the server's refusal says it all


@contextmanager
def simulator(
    address: str, *, token: str, sign_ins: Sequence[SignIn], teller: Company, ahead: list[Story]
) -> Iterator[Simulator]:
    """The simulator with its people, its platform and its providers, whose sources the administrator makes."""
    people = People(address, sign_ins)
    admin = next(one.actor for one in sign_ins if one.role == "admin")
    try:
        with platform(address, token) as client:
            secrets = register_sources(people, admin, SOURCES, teller.habits, teller.teller.kinds)
            desks = Desks(people, [one.actor for one in sign_ins if one.role in SHIFT], teller.chance)
            yield Simulator(teller, client, people, Providers(client, secrets), desks, ahead=ahead)
    finally:
        people.close()
