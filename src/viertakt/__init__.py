"""Viertakt: one status engine for every operation of a back office.

The folders are the business: WHO may act (`access`), WHAT an operation can be (`kinds`), ONE piece of work and its
history (`operations`), the ORDER of all entries (`journal`), and those that follow it. `errors` is what can go wrong,
`settings` what can be configured, `wiring` what runs in one process. ARCHITECTURE.md draws who may import whom.
"""
