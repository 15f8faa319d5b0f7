"""One piece of work and its history: what a request comes to, and the only place where a status changes.

Here live the decisions (`rules`), the batch through which every request goes (`batch`), and what is written when an
operation moves (`store.sql`). Deadlines, checks, signals, notices and reports live elsewhere: they come and look.
May ask: kinds, access, language, db.
"""
