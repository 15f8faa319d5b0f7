"""A report in its reader's words: headings, statuses, stages and reasons as people call them, for files and terminals.

The console has its own words, beside its charts. What a kind names itself (its stages, its transitions) comes from its
document, for every kind alike; a name that nobody has put into words is read as words: `under_review`, Under review.
"""

from collections.abc import Mapping
from typing import Literal

import msgspec

from viertakt.kinds.model import Kind, Text
from viertakt.kinds.reasons import Catalogue
from viertakt.reports.report import Column, Value

Language = Literal["en", "nl"]

TITLES = {
    "summary": Text("At a glance", "In één oogopslag"),
    "statuses": Text("Status of what was created", "Status van wat is aangemaakt"),
    "flow": Text("Created, finished and open", "Aangemaakt, afgerond en open"),
    "durations": Text("Time to the end", "Doorlooptijd"),
    "stages": Text("Time in each stage", "Tijd per fase"),
    "ageing": Text("Age of what is open", "Leeftijd van wat open is"),
    "deadlines": Text("Deadlines of what is open", "Deadlines van wat open is"),
    "reasons": Text("Reasons and errors", "Redenen en fouten"),
    "ways": Text("Ways through the stages", "Wegen door de fasen"),
    "hours": Text("Weekday and hour", "Weekdag en uur"),
    "people": Text("People", "Mensen"),
    "automation": Text("By machine and by hand", "Automatisch en met de hand"),
}
_STATUSES = {
    "pending": Text("Pending", "In afwachting"),
    "success": Text("Success", "Succesvol"),
    "error": Text("Error", "Fout"),
    "rejected": Text("Rejected", "Afgewezen"),
}
_COLUMNS = _STATUSES | {
    "bucket": Text("Period", "Periode"),
    "month": Text("Month", "Maand"),
    "status": Text("Status", "Status"),
    "from_status": Text("From status", "Van status"),
    "to_status": Text("To status", "Naar status"),
    "kind": Text("Type", "Type"),
    "stage": Text("Stage", "Fase"),
    "from_stage": Text("From stage", "Van fase"),
    "to_stage": Text("To stage", "Naar fase"),
    "reason": Text("Reason", "Reden"),
    "cause": Text("How", "Hoe"),
    "waiting_on": Text("Waiting on", "Wacht op"),
    "person": Text("Person", "Wie"),
    "age": Text("Age", "Leeftijd"),
    "state": Text("Deadline", "Deadline"),
    "weekday": Text("Weekday (1 is Monday)", "Weekdag (1 is maandag)"),
    "hour": Text("Hour", "Uur"),
    "count": Text("Count", "Aantal"),
    "moves": Text("Steps", "Stappen"),
    "transitions": Text("Sorts of steps", "Soorten stappen"),
    "created": Text("Created", "Aangemaakt"),
    "finished": Text("Finished", "Afgerond"),
    "open": Text("Open", "Open"),
    "oldest": Text("Oldest open", "Oudste open"),
    "late": Text("Late", "Te laat"),
    "backlog": Text("Open at the end", "Open aan het eind"),
    "amount": Text("Amount", "Bedrag"),
    "share": Text("Share", "Aandeel"),
    "cumulative_share": Text("Together", "Samen"),
    "p50": Text("Median", "Mediaan"),
    "p90": Text("90% within", "90% binnen"),
    "p99": Text("99% within", "99% binnen"),
    "mean": Text("Average", "Gemiddeld"),
}
_VALUES: dict[str, dict[str, Text]] = {
    "status": _STATUSES,
    "from_status": _STATUSES,
    "to_status": _STATUSES,
    "state": {
        "late": Text("Late", "Te laat"),
        "at_risk": Text("Less than 24 hours left", "Minder dan 24 uur over"),
        "in_time": Text("In time", "Op tijd"),
        "no_deadline": Text("No deadline", "Geen deadline"),
    },
    "waiting_on": {
        "customer": Text("the customer", "de klant"),
        "counterparty": Text("the counterparty", "de wederpartij"),
        "operator": Text("an agent", "een medewerker"),
        "second_approver": Text("a second approver", "een tweede goedkeurder"),
        "provider": Text("the provider", "de aanbieder"),
        "system": Text("the system", "het systeem"),
        "other_team": Text("another team", "een ander team"),
        "date": Text("a date", "een datum"),
    },
    "cause": {
        "manual": Text("by hand", "met de hand"),
        "process": Text("by the process", "door het proces"),
        "source": Text("by the provider", "door de aanbieder"),
        "deadline": Text("by its time limit", "door de termijn"),
        "check": Text("by a check", "door een controle"),
        "children": Text("by its children", "door onderliggende zaken"),
        "import": Text("by an import", "door een import"),
        "bulk": Text("in bulk", "in bulk"),
        "undo": Text("by undoing", "door ongedaan maken"),
    },
}
FACTS = {
    "report": Text("Report", "Rapport"),
    "filter": Text("Filter", "Filter"),
    "everything": Text("every operation", "elke zaak"),
    "period": Text("Period", "Periode"),
    "until": Text("up to", "tot"),
    "zone": Text("Time zone", "Tijdzone"),
    "position": Text("Journal position", "Journaalpositie"),
    "computed": Text("How it is computed", "Hoe het berekend is"),
    "frozen": Text("Frozen", "Bevroren"),
    "corrections": Text("Corrections", "Correcties"),
    "partial": Text("Counted in part", "Gedeeltelijk geteld"),
    "bound": Text(
        "reading stopped at a bound: there are at least so many",
        "het lezen stopte bij een grens: het zijn er minstens zoveel",
    ),
}


class Words(msgspec.Struct, frozen=True):
    """What things are called in one language, by the kinds and the reason catalogue in force."""

    language: Language
    kinds: Mapping[str, Kind]
    catalogue: Catalogue

    def text(self, text: Text) -> str:
        """The text in the reader's language."""
        return text.nl if self.language == "nl" else text.en

    def fact(self, name: str) -> str:
        """What a fact beside a table is called."""
        return self.text(FACTS[name])

    def title(self, report: str) -> str:
        """What a report is called."""
        return self.text(TITLES[report]) if report in TITLES else from_name(report)

    def column(self, column: Column) -> str:
        """What stands above a column; the currency of an amount is its unit, and stands beside it."""
        name = "amount" if column.unit is not None else column.name
        return self.text(_COLUMNS[name]) if name in _COLUMNS else from_name(name)

    def row(self, columns: tuple[Column, ...], values: tuple[Value, ...]) -> tuple[Value, ...]:
        """A row's values, names as people call them: a stage is its kind's, so it needs the whole row."""
        named = {column.name: value for column, value in zip(columns, values, strict=True)}
        kind = self.kinds.get(str(named.get("kind")))
        return tuple(
            self._value(name, value, kind) if isinstance(value, str) else value
            for name, value in zip((column.name for column in columns), values, strict=True)
        )

    def _value(self, name: str, value: str, kind: Kind | None) -> str:
        match name:
            case "kind":
                return self.text(kind.label) if kind else from_name(value)
            case "stage" | "from_stage" | "to_stage":
                label = (
                    {str(key): text for key, text in kind.labels.stages.items()}.get(value) if kind else None
                )
                return self.text(label) if label else from_name(value)
            case "reason":
                reason = self.catalogue.reason(value)
                return self.text(reason.internal) if reason else from_name(value)
            case _ if name in _VALUES:
                found = _VALUES[name].get(value)
                return self.text(found) if found else from_name(value)
        return value


def from_name(name: str) -> str:
    """A readable word made from a name."""
    words = name.replace("_", " ").replace("-", " ").strip()
    return words[:1].upper() + words[1:]
