"""Time limits of stages, and the calendars that say when a clock counts.

Lives here: the working calendars (`calendars`), and how they are kept (`actions`, `store`). What promises come to by them
is told by the history (`viertakt.promises_of`) and counted in `reports`.
Nothing fires here yet: a move into a timed stage already stores when its limit ends (`operation.deadline_at`). Here
will live what finds the operations that are due; what then happens is the transition that the kind names.
May ask: journal, operations, kinds, access, language, db.
"""
