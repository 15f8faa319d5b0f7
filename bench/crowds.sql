-- name: crowd_facts
-- When it was made, and the reference in its middle.
SELECT
    (SELECT max(n.changed_at) FROM (
        SELECT o.changed_at FROM viertakt.operation AS o ORDER BY o.created_at DESC LIMIT 1000
    ) AS n),
    a.value
FROM viertakt.alias AS a
WHERE a.value = ANY(ARRAY(SELECT chr(c) || '-' || %(nth)s::text FROM generate_series(65, 90) AS c))
LIMIT 1;

-- name: indexes_of_partitions
-- The index or table whose part another is: the one that a migration names.
SELECT part.relname, whole.relname
FROM pg_catalog.pg_inherits AS i
JOIN pg_catalog.pg_class AS part ON part.oid = i.inhrelid
JOIN pg_catalog.pg_class AS whole ON whole.oid = i.inhparent
JOIN pg_catalog.pg_namespace AS n ON n.oid = whole.relnamespace
WHERE n.nspname = 'viertakt';
