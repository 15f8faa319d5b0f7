"""The ORDER of all entries: one dense sequence of positions that everybody else follows.

Lives here: the sequencer that gives every entry its position (`sequencing`), the cursors of those who follow
(`followers`), and the questions about the order (`reading`). What an entry says belongs to `operations`; who follows it
lives above and is handed in.
May ask: operations, kinds, access, language, db.
"""
