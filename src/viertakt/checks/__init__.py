"""Automatic examinations of an operation, and the verdict each gives: pass, review or reject.

Nothing runs here yet: a kind's checks are read and kept (`kinds.model`), and a process reports their verdict as a move.
Here will live how a check counts, sums and judges; not what it does to an operation, which is a move like any other.
May ask: journal, operations, kinds, access, language, db.
"""
