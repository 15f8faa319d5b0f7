"""Time limits of stages, and the calendars that say when a clock counts.

Lives here: the working calendars (`calendars`), and how they are kept (`actions`, `store`). What promises come to by them
is told by the history (`viertakt.promises_of`) and counted in `reports`.
A move into a timed stage stores when its limit ends (`operation.deadline_at`); `firing` finds the operations that are due,
and what then happens is the transition that the kind names, decided in `operations` like any other.
May ask: journal, operations, kinds, access, language, db.
"""
