"""Measurements P1, P2, P3, P4 and P11 of the design, ours beside the same work by other means: `python -m bench`.

What lives here: one embedded server with fsync on, our side (in process and over HTTP), the *limit* (by_hand: pgbench
with hand-written transactions), and django-fsm-2 (by_django). Every figure is a ratio of two things measured in turns
in one run on one machine; a figure from another day or machine says nothing.
What does not: whether something is right. That is what tests are for.
It may ask anything in `viertakt`; nothing asks it.
"""
