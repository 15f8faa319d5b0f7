"""The demo's providers, as they are asked what became of an operation: an entry point (`demo_provider`) that only the demo uses.

It answers by the reference alone, so that every process says the same: `CP-<second>-<n>` was made while the card provider was
down until that second of the epoch. Before it knows of nothing; afterwards it has paid. Of everything else the providers know
nothing yet: what became of it they report themselves, as the story goes.
"""

import time
from typing import Any

CARD_PAYOUT = "card_payout"


def outcome(document: dict[str, Any]) -> dict[str, Any]:
    """What became of the operation that is asked about."""
    operation = document["data"]["operation"]
    if operation["kind"] != CARD_PAYOUT:
        return {"outcome": "unknown"}
    _, back_at, _ = str(operation["reference"]).split("-", 2)
    return {"outcome": "success" if time.time() >= int(back_at) else "unknown"}
