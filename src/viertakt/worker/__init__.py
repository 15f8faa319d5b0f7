"""The loops that work without being asked: the sequencer, those who follow the journal, and upkeep.

Lives here: only when work is done and what happens when it fails (`loops`); what the work is lives in its slice, and
`wiring` names it.
A door like `api`: may ask `wiring` and everything below it, never `api`.
"""
