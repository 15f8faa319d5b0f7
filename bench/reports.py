"""P7: every report over twelve months, at ten million operations and thirty million entries."""

from datetime import UTC, timedelta
from functools import partial

from bench.crowds import LARGE, SMALL, Crowd, Crowds
from bench.figures import Figure, Rounds
from bench.lists import timed
from viertakt.reports.catalogue import REPORTS, build
from viertakt.reports.periods import period
from viertakt.reports.sources import one_snapshot

REPORT_MAX = 100.0
NARROWED = ("", "kind:withdrawal")


def over_a_year(crowds: Crowds, rounds: Rounds) -> dict[str, Figure]:
    """The slowest report over twelve months, in milliseconds, the reader included."""
    found = {size: _reports(crowds.of(size), times=rounds.count) for size in (SMALL, LARGE)}
    for label, (milliseconds, said) in found[LARGE].items():
        print(f"        {milliseconds:8.2f} ms {found[SMALL][label][0]:8.2f} ms  {label}: {said}", flush=True)
    small, large = (max(one for one, _ in found[size].values()) for size in (SMALL, LARGE))
    return {
        "P7": Figure(
            ratio=round(large / small, 3), ours=round(large, 2), other=round(small, 2), goal=REPORT_MAX,
            holds=large <= REPORT_MAX, unit="ms", ours_is="slowest report over a year at ten million",
            other_is="at 100,000", details={"reports": len(found[LARGE])},
        )
    }  # fmt: skip


def _reports(crowd: Crowd, *, times: int) -> dict[str, tuple[float, str]]:
    return {
        f"{name} of {text or 'all'}": timed(partial(_report, crowd, name, text), times=times)
        for name in REPORTS
        for text in NARROWED
    }


def _report(crowd: Crowd, name: str, text: str) -> str:
    """What a door does for a report: one transaction that sees one moment."""
    after = crowd.now.date() + timedelta(days=1)
    year = period(after - timedelta(days=365), after, None, UTC)
    with crowd.conn.transaction():
        one_snapshot(crowd.conn)
        table = build(crowd.conn, name, crowd.query(text), year, now=crowd.now)
    return f"{len(table.rows)} rows{', partial' if table.partial else ''}"
