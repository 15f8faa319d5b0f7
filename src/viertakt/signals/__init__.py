"""What providers report to us: their sources, the proof that it is theirs, and what it means for an operation.

Nothing is received yet; the reason catalogue (`kinds.reasons`) already knows the providers' codes. Here will live
verification, mapping, parking until the operation exists, and replay; the move itself goes the way of all moves.
May ask: journal, operations, kinds, access, language, db.
"""
