"""One transition of many operations: chosen by ids or a query, tried dry, then made item by item through the same door.

    asked for ──► frozen: ids and versions ──► dry run: what would happen to each ──► started, or consented to first
                                                     worker: claim ─ Batch ─ settle, some hundred at a time ◄──┘

Lives here: the jobs and their items (`model`, `store`), what is decided about a job (`rules`), making and steering one
(`actions`, `dry_run`), and working it off (`running`).
Does not live here: what a move is. Each item is a `MoveRequest` like anybody's, with a request key of its job and number,
so a worker that dies loses nothing and doubles nothing.
May ask: journal, operations and all below them; no other slice.
"""
