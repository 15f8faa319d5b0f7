"""When something goes wrong, before a customer says so: how many operations come, end, fail and are turned down, held against
their own past.

Lives here: the counts by five minutes (`pulse`), what is usual for an hour of the week (`rules.baseline`), how unusual the
present is (`rules.judge`), and the alerts that open and close by it (`watching`).
Does not live here: telling people of an alert (notices), and how the machinery is (`/metrics`).
May ask: journal, operations, kinds, access, language, db.
"""
