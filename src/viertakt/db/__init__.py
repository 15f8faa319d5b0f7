"""PostgreSQL plumbing: reaching it, running it, and keeping its schema in step.

Lives here: the embedded server (`embedded`, `binaries`, `places`), connection pools (`pool`), named queries
(`queries`), migrations (`migrate`, `migrations/*.sql`, `schema.sql`) and time partitions (`partitions`).
Does not live here: any statement about operations, people or kinds; each slice keeps its own `store.sql`.
May ask: `settings` and `errors`, nobody else.
"""
