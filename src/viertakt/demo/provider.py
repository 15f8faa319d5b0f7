"""The demo's card provider, as it is asked what became of a payout: an entry point (`demo_provider`) that only the demo names.

It answers by the reference alone, so that every process says the same: `CP-<second>-<n>` was made while the provider was down
until that second of the epoch. Before it knows of nothing; afterwards it has paid.
"""

import time
from typing import Any


def outcome(document: dict[str, Any]) -> dict[str, Any]:
    """What became of the operation that is asked about."""
    _, back_at, _ = str(document["data"]["operation"]["reference"]).split("-", 2)
    return {"outcome": "success" if time.time() >= int(back_at) else "unknown"}
