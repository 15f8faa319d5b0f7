"""When operations come in, for whom, and what they hold: the stories of a stretch of time, in the order they begin."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files
from math import exp
from random import Random
from typing import Any

from uuid_utils.compat import uuid7

from viertakt.access.model import system
from viertakt.demo.model import Habit, Habits, Story
from viertakt.demo.plots import Teller
from viertakt.kinds.decoding import decode_struct
from viertakt.kinds.model import AttributeType, KindName
from viertakt.kinds.yaml_tree import read_tree
from viertakt.operations.model import Caller, OpenRequest, OperationId

# How busy each hour of a day is, for those who play and for those who buy or work; 1.0 is the day's mean.
EVENINGS = (
    1.1,
    0.7,
    0.4,
    0.25,
    0.2,
    0.2,
    0.3,
    0.45,
    0.6,
    0.7,
    0.8,
    0.9,
    1.0,
    1.0,
    1.0,
    1.05,
    1.15,
    1.3,
    1.6,
    1.9,
    2.1,
    2.0,
    1.8,
    1.5,
)
DAYTIME = (
    0.2,
    0.1,
    0.1,
    0.05,
    0.05,
    0.1,
    0.3,
    0.7,
    1.3,
    1.8,
    2.0,
    2.0,
    1.8,
    1.7,
    1.7,
    1.7,
    1.6,
    1.5,
    1.4,
    1.3,
    1.1,
    0.8,
    0.5,
    0.3,
)
WEEKEND_FACTOR = {"player": 1.45, "customer": 0.85, "seller": 0.6, "account": 0.35}
SATURDAY = 5


@cache
def load_habits() -> Habits:
    """How the company behaves, as written in `habits.yaml`."""
    tree = read_tree(files(__package__).joinpath("habits.yaml").read_text(encoding="utf-8"))
    return decode_struct(tree.value, Habits, what="The habits", lines=tree.lines)


# Keys of a YAML table are text; what they stand for depends on the attribute.
_READS: dict[AttributeType, Callable[[str], Any]] = {
    AttributeType.BOOLEAN: lambda text: text == "true",
    AttributeType.INTEGER: int,
}


class Company:
    """Opens what comes in, and lets the teller say what becomes of it."""

    def __init__(
        self, habits: Habits, teller: Teller, chance: Random, numbers: Mapping[str, int] | None = None
    ) -> None:
        """`numbers`: the last reference of each kind given out before."""
        self.habits = habits
        self.teller = teller
        self.chance = chance
        self._numbers = dict(numbers or {})

    def stories(self, begin: datetime, end: datetime | None = None) -> Iterator[Story]:
        """What comes in between these moments, oldest first; for ever where there is no end."""
        hour = begin
        while end is None or hour < end:
            arrivals = []
            for name, habit in self.habits.kinds.items():
                mean = habit.a_day / 24 * busyness(habit.subject, hour)
                arrivals += [
                    (hour + timedelta(seconds=self.chance.uniform(0, 3600)), name)
                    for _ in range(self._poisson(mean))
                ]
            for at, name in sorted(arrivals):
                if end is None or at < end:
                    yield self.story(name, at)
            hour += timedelta(hours=1)

    def story(self, name: str, at: datetime) -> Story:
        """One operation that comes in now, and all that will become of it."""
        habit = self.habits.kinds[name]
        attributes = self._attributes(name, habit)
        amount = self.teller.amount(habit)
        opening = OpenRequest(
            operation_id=OperationId(uuid7()),
            caller=Caller(system("till")),
            kind=KindName(name),
            reference=self._reference(name, habit),
            subject=self._subject(habit),
            brand=self.teller.one_of({b: self.habits.brands[b] for b in habit.brands or self.habits.brands}),
            amount=amount,
            attributes=attributes,
            at=at,
        )
        return Story(at, opening, self.teller.steps(name, at, attributes, amount))

    def _reference(self, name: str, habit: Habit) -> str:
        self._numbers[name] = self._numbers.get(name, 10_000) + 1
        return f"{habit.reference}-{self._numbers[name]}"

    def _subject(self, habit: Habit) -> str:
        """A customer who comes back: the first few often, most seldom."""
        customers = self.habits.customers[habit.subject]
        rank = min(
            int(customers.count * self.chance.random() ** (1 + customers.returns)), customers.count - 1
        )
        return f"{habit.subject}-{1000 + rank * 7919 % 9000}"

    def _attributes(self, name: str, habit: Habit) -> dict[str, Any]:
        declared = self.teller.kinds[name].attributes
        attributes = {
            key: _READS.get(declared[key].type, str)(self.teller.one_of(weights))
            for key, weights in habit.attributes.items()
        }
        if "country" in declared:
            attributes["country"] = self.teller.one_of(self.habits.countries)
        for key, sort in habit.personal.items():
            digits = "".join(self.chance.choices("0123456789", k=10))
            attributes[key] = f"NL91ABNA{digits}" if sort == "iban" else f"SPEC{digits[:5]}"
        return attributes

    def _poisson(self, mean: float) -> int:
        """How many come in an hour where `mean` are usual (Knuth's way, good for small means)."""
        limit, count, product = exp(-mean), 0, self.chance.random()
        while product > limit:
            count += 1
            product *= self.chance.random()
        return count


def busyness(subject: str, at: datetime) -> float:
    """How busy this hour is compared with the mean: people play at night and at weekends, and work by day."""
    profile = EVENINGS if subject == "player" else DAYTIME
    return profile[at.hour] * (WEEKEND_FACTOR[subject] if at.weekday() >= SATURDAY else 1.0)
