"""Automatic examinations of an operation: when a stage is entered, and when nobody knows what became of it.

    journal ──► follower: a run for each version that came to a checked stage ──► worker: claim ─ ask ─ settle
                                                                                       │
        rules, counts, sums: under the operation's lock and the check's guard (`operations.examining`)
        http, python, re-asking: with no transaction open; the answer goes through the batch like any move

Lives here: the runs (`model`, `store`), how long something rests and when it is given up (`rules`), what is asked outside
(`asking`), working runs off (`running`, `re_asking`), what a door asks (`actions`), and what is set for checks (`settings`).
Does not live here: what a verdict does to an operation; that is a move like any other (`operations.rules_checks`).
May ask: journal, operations, kinds, access, language, db; no other slice.
"""
