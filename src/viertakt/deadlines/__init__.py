"""What happens to an operation without anybody asking: time limits, and families.

Lives here: the working calendars as they are written (`calendars`) and kept (`actions`, `store`); what fires time limits
(`firing`), what ends parents with their children (`families`), and what tells of promises and of what is stuck (`alarms`). What then happens is a transition that the kind names,
decided in `operations` like any other. What promises come to is told by the history (`viertakt.promises_of`) and counted
in `reports`.
May ask: journal, operations, kinds, access, language, db.
"""
