-- name: last_numbers
-- The highest number of each kind's references, so that the story goes on where it stopped; nothing where none was told.
SELECT o.kind, max(split_part(o.reference, '-', 2)::integer) AS number
FROM viertakt.operation AS o
WHERE o.reference ~ '^[A-Z]{1,2}-[0-9]{1,9}$'
GROUP BY o.kind
LIMIT 1000;

-- name: last_told
-- When the last one came in, so that what would have come since is told too; NULL where none was told.
SELECT max(o.created_at) AS told_at FROM viertakt.operation AS o;

-- name: in_stages
-- How many operations of a kind stand in each stage, of those whose references begin so.
SELECT o.stage, count(*) AS operations
FROM viertakt.operation AS o
WHERE o.kind = %(kind)s AND starts_with(o.reference, %(begins)s)
GROUP BY o.stage
ORDER BY o.stage
LIMIT 100;

-- name: in_stage
-- The operations of a kind that stand in a stage, of those whose references begin so, the first opened first.
SELECT o.operation_id
FROM viertakt.operation AS o
WHERE o.kind = %(kind)s AND o.stage = %(stage)s AND starts_with(o.reference, %(begins)s)
ORDER BY o.operation_id
LIMIT 100000;

-- name: place
-- The last position of the journal, from where on a story is told.
SELECT s.position FROM viertakt.sequencer AS s;

-- name: everything_told
-- Whether every entry of a job's operations since a position has been looked at by whoever tells.
WITH entries AS MATERIALIZED (
    SELECT e.operation_id, e.entry_seq
    FROM viertakt.bulk_item AS i
    JOIN viertakt.entry AS e ON e.operation_id = i.operation_id
    WHERE i.bulk_id = %(bulk_id)s
),

placed AS MATERIALIZED (
    SELECT j.position
    FROM viertakt.journal AS j
    JOIN entries AS e ON e.operation_id = j.operation_id AND e.entry_seq = j.entry_seq
    WHERE j.position > %(since)s
)

SELECT
    (SELECT count(*) FROM entries) = (SELECT count(*) FROM placed)
    AND coalesce((SELECT max(p.position) FROM placed AS p), 0)
    <= (SELECT f.position FROM viertakt.follower AS f WHERE f.name = 'notices');

-- name: told_and_corrected
-- How many people were told of a job's operations and of how many, how often by mail, and how many of these were corrected
-- since. Told is told of the job's own move or of what came of it; a correction is a notice of its own.
WITH told AS (
    SELECT
        n.actor, n.operation_id,
        bool_or(n.event <> 'correction' AND e.transition = ANY(%(wrong)s::text [])) AS told,
        bool_or(n.event <> 'correction' AND e.transition = ANY(%(wrong)s::text []) AND n.delivery_id IS NOT NULL) AS mailed,
        bool_or(n.event = 'correction') AS corrected,
        bool_or(n.event = 'correction' AND n.delivery_id IS NOT NULL) AS corrected_by_mail
    FROM viertakt.bulk_item AS i
    JOIN viertakt.notice AS n ON n.operation_id = i.operation_id
    JOIN viertakt.entry AS e ON e.operation_id = n.operation_id AND e.entry_seq = n.entry_seq
    WHERE i.bulk_id = %(bulk_id)s
    GROUP BY n.actor, n.operation_id
)

SELECT
    count(DISTINCT t.actor) AS people, count(*) AS told, count(*) FILTER (WHERE t.mailed) AS told_by_mail,
    count(*) FILTER (WHERE t.corrected) AS corrected,
    count(*) FILTER (WHERE t.mailed AND t.corrected_by_mail) AS corrected_by_mail
FROM told AS t
WHERE t.told;
