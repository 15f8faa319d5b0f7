"""Time limits of stages, targets, and the calendars that say when a clock counts.

Nothing fires here yet: a move into a timed stage already stores when its limit ends (`operation.deadline_at`). Here
will live what finds the operations that are due; what then happens is the transition that the kind names.
May ask: journal, operations, kinds, access, language, db.
"""
