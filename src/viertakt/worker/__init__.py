"""The loops that work without being asked: deadlines, deliveries, projections.

Nothing loops yet. Here will live only when work is claimed, held and given back; what the work is lives in its slice.
A door like `api`: may ask `wiring` and everything below it, never `api`.
"""
