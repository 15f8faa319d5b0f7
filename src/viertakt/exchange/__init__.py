"""Carries operations across the border: event logs in, tables out, later XES.

Lives here: the streaming reader of event logs (`xes`), the map that says how a log becomes operations (`map`), what a
case comes to (`rules`), the import itself (`actions`, with the questions it asks of the tables in `store.sql`), and
tables as CSV, XLSX and JSONL (`tables`).
Does not live here: any way to write an operation; an import makes the same requests as everybody else; what a table
holds (`reports`).
May ask: `operations`, `kinds`, `access`, `db`, `errors`.
"""
