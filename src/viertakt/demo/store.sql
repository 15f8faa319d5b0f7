-- name: last_numbers
-- The highest number of each kind's references, so that the story goes on where it stopped; nothing where none was told.
SELECT o.kind, max(split_part(o.reference, '-', 2)::integer) AS number
FROM viertakt.operation AS o
WHERE o.reference ~ '^[A-Z]{1,2}-[0-9]{1,9}$'
GROUP BY o.kind
LIMIT 1000;
