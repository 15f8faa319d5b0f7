"""Questions that change nothing: lists, counts, and finding one operation by any of its names.

Lives here: pages of operations (`lists`), counts (`counts`), the cursor that says where a list goes on (`cursor`).
Does not live here: what a query means (`language`), an operation's history (`operations`), the tallies that will answer
counts over ten millions (they follow the journal, later).
May ask: whatever lies below `journal`; it writes nothing.
"""

from viertakt.reports.counts import Count, Counts, count_capped, counts
from viertakt.reports.lists import Page, find_reference, list_operations

__all__ = ["Count", "Counts", "Page", "count_capped", "counts", "find_reference", "list_operations"]
