"""Questions that change nothing: lists, counts, reports, and finding one operation by any of its names.

Lives here: pages of operations (`lists`), counts (`counts`), both as of a position (`as_of`); saved views (`views`); what
follows the journal so that counting stays cheap (`tallies`, `stays`, `words`), and what reads it (`tallied`, `grains`);
the reports (`catalogue`: `flows`, `lengths`, `causes`), where their numbers come from (`sources`) and the query behind
each (`drilling`), asked and answered in words (`answers`, `wording`); months that were closed (`frozen`) and what has
corrected them since (`corrections`).
Does not live here: what a query means (`language`), an operation's history (`operations`).
May ask: whatever lies below `journal`. It writes nothing but its own projections, views and frozen reports.
"""

from viertakt.reports.counts import Count, Counts, count_capped, counts
from viertakt.reports.lists import Page, find_reference, list_operations

__all__ = ["Count", "Counts", "Page", "count_capped", "counts", "find_reference", "list_operations"]
