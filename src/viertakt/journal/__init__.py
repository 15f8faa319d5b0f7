"""The ORDER of all entries: one dense, sealed sequence that everybody else follows.

Nothing is sequenced yet: entries are complete and ordered within each operation. Here will live the positions, the
seals and their verification; what an entry says belongs to `operations`, and who reads it lives above.
May ask: operations, kinds, access, language, db.
"""
