"""The recorded conversations of the five providers, filled in with references of a test's own."""

from functools import cache
from pathlib import Path
from typing import Any
from uuid import uuid4

import msgspec

from viertakt.kinds.yaml_tree import read_tree

FOLDER = Path(__file__).parent / "conversations"
PROVIDERS = ("stripe", "adyen", "sumsub", "onfido", "veriff")


class Talk(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One conversation: what the host does `before` and `after`, what the provider sends, and where it ends."""

    name: str
    kind: str
    deliveries: list[dict[str, Any]]
    expect: tuple[str, str]
    amount: str | None = None
    aliases: dict[str, str] = {}
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    provider: str = ""
    reference: str = ""

    def opening(self) -> dict[str, Any]:
        """What the operation is opened with."""
        money = {"amount": {"value": self.amount, "currency": "EUR"}} if self.amount else {}
        return {"reference": self.reference, "aliases": self.aliases, **money}


def talks(provider: str) -> list[Talk]:
    """The conversations of a provider as they were recorded."""
    tree = read_tree((FOLDER / f"{provider}.yaml").read_text(encoding="utf-8"))
    found = msgspec.convert(tree.value, list[Talk])
    return [msgspec.structs.replace(talk, provider=provider) for talk in found]


@cache
def all_talks() -> list[Talk]:
    """Those of all providers."""
    return [talk for provider in PROVIDERS for talk in talks(provider)]


def fresh(talk: Talk) -> Talk:
    """The same about an operation that there is not yet; Adyen's items in their envelope."""
    psp = uuid4().hex[:12]
    text = msgspec.json.encode(talk).decode()
    text = text.replace("{psp}", psp).replace("{reference}", f"R-{psp}")
    filled = msgspec.json.decode(text, type=Talk)
    deliveries = filled.deliveries
    if talk.provider == "adyen":
        deliveries = [
            {"live": "false", "notificationItems": [{"NotificationRequestItem": item}]} for item in deliveries
        ]
    return msgspec.structs.replace(filled, deliveries=deliveries, reference=f"R-{psp}")
