-- name: last_numbers
-- The highest number of each kind's references, so that the story goes on where it stopped; nothing where none was told.
SELECT o.kind, max(split_part(o.reference, '-', 2)::integer) AS number
FROM viertakt.operation AS o
WHERE o.reference ~ '^[A-Z]{1,2}-[0-9]{1,9}$'
GROUP BY o.kind
LIMIT 1000;

-- name: in_stages
-- How many operations of a kind stand in each stage.
SELECT o.stage, count(*) AS operations
FROM viertakt.operation AS o
WHERE o.kind = %(kind)s
GROUP BY o.stage
ORDER BY o.stage
LIMIT 100;

-- name: in_stage
-- The operations of a kind that stand in a stage, the first opened first.
SELECT o.operation_id
FROM viertakt.operation AS o
WHERE o.kind = %(kind)s AND o.stage = %(stage)s
ORDER BY o.operation_id
LIMIT 100000;
