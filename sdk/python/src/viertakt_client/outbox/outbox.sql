-- name: write
-- Something to be told, in the caller's own transaction.
INSERT INTO viertakt_outbox (kind, reference, call, body)
VALUES (%(kind)s, %(reference)s, %(call)s, %(body)s::jsonb);

-- name: hold
-- One forwarder at a time; it goes with the connection, so a killed one leaves it at once.
SELECT pg_try_advisory_lock(hashtext('viertakt_outbox'), hashtext(current_database()));

-- name: next
-- What is to be told next, oldest first, without those that stand behind a refused one of their operation.
SELECT o.id, o.key::text, o.kind, o.reference, o.call, o.body
FROM viertakt_outbox AS o
WHERE NOT EXISTS (
    SELECT FROM viertakt_outbox AS r
    WHERE r.kind = o.kind AND r.reference = o.reference AND r.id <= o.id AND r.refused_at IS NOT NULL
)
ORDER BY o.id
LIMIT %(limit)s;

-- name: told
-- It has happened: the history over there keeps it.
DELETE FROM viertakt_outbox WHERE id = %(id)s;

-- name: refused
-- It was refused: its operation waits.
UPDATE viertakt_outbox SET refused_at = now(), problem = %(problem)s::jsonb WHERE id = %(id)s;

-- name: list
-- What waits, oldest first; only what was refused where that is asked.
SELECT
    o.id, o.kind, o.reference, o.call, o.body, o.written_at::text, o.refused_at::text, o.problem
FROM viertakt_outbox AS o
WHERE NOT %(refused)s OR o.refused_at IS NOT NULL
ORDER BY o.id
LIMIT %(limit)s;

-- name: retry
-- To be told again, with the same key.
UPDATE viertakt_outbox SET refused_at = NULL, problem = NULL
WHERE refused_at IS NOT NULL AND (id = %(id)s::bigint OR %(id)s::bigint IS NULL);

-- name: drop
-- Not to be told after all.
DELETE FROM viertakt_outbox WHERE id = %(id)s::bigint AND refused_at IS NOT NULL;
