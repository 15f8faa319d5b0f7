"""What goes on at the desks between two moves: work is taken, put back, made urgent and written about.

As many operations come in as in the month behind, which is some hundreds a day: else each of them would be an alarm. So that
there is something to see all the same, this happens every few seconds. It neither opens nor ends anything.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random
from urllib.parse import urlencode

from viertakt.access.model import ActorId
from viertakt.demo.customers import People
from viertakt.demo.plots import REMARKS

EVERY = timedelta(seconds=4)  # in the mean
PAGE = 50
WORK = urlencode({"q": "status:pending waiting_on:operator", "limit": PAGE})
ACTS = {"assign": 6, "prioritise": 2, "note": 2}


class Desks:
    """Those on shift, each of whom does a little of this."""

    def __init__(self, people: People, on_shift: Sequence[ActorId], chance: Random) -> None:
        self._people, self._on_shift, self._chance = people, on_shift, chance

    def act(self, _: datetime) -> None:
        """One act of one of them, on one of the last operations that wait for somebody. Raises `Problem`."""
        who = self._chance.choice(self._on_shift)
        found = self._people.ask(who, "GET", f"/v1/operations?{WORK}")["items"]
        if not found:
            return
        operation = self._chance.choice(found)
        path = f"/v1/operations/{operation['id']}"
        (does,) = self._chance.choices(list(ACTS), list(ACTS.values()))
        if does == "note":
            self._people.ask(who, "POST", f"{path}/notes", {"text": self._chance.choice(REMARKS)})
            return
        assigned = (operation["assignment"] or {}).get("assignee")
        told = {"act": does}
        if does == "prioritise":
            told["priority"] = self._chance.choice(("normal", "normal", "high", "urgent"))
        elif assigned is None:
            told["to"] = who
        self._people.ask(who, "POST", f"{path}/assignment", told)
