"""Carries operations across the border: event logs in, later CSV, XLSX, JSONL and XES out.

Lives here: the streaming reader of event logs (`xes`), the map that says how a log becomes operations (`map`), what a
case comes to (`rules`), and the import itself (`actions`, with the questions it asks of the tables in `store.sql`).
Does not live here: any way to write an operation; an import makes the same requests as everybody else.
May ask: `operations`, `kinds`, `access`, `db`, `errors`.
"""
