-- name: children_of_round
-- How the children stand that count for their parent's end: those that are open, and those that ended since it last was
-- moved by its children. Of these kinds, or of all.
SELECT coalesce(json_object_agg(s.status, s.count), '{}'::json)::text
FROM (
    SELECT c.status, count(*) AS count
    FROM viertakt.operation AS c
    WHERE
        c.parent_id = %(operation_id)s
        AND (%(kinds)s::text [] IS NULL OR c.kind = ANY(%(kinds)s::text []))
        AND (c.closed_at IS NULL OR c.closed_at > coalesce((
            SELECT max(e.at) FROM viertakt.entry AS e
            WHERE e.operation_id = %(operation_id)s AND e.sort = 'moved' AND e.cause = 'children'
        ), '-infinity'))
    GROUP BY c.status
) AS s;

-- name: open_children
-- The children of these kinds that have not ended.
SELECT coalesce(json_agg(c.operation_id), '[]'::json)::text
FROM (
    SELECT o.operation_id
    FROM viertakt.operation AS o
    WHERE o.parent_id = %(operation_id)s AND o.status = 'pending' AND o.kind = ANY(%(kinds)s::text [])
    ORDER BY o.operation_id
    LIMIT %(limit)s
) AS c;

-- name: descendants
-- What stands under an operation, so deep and so many at most, parents before their children.
WITH RECURSIVE tree AS (
    SELECT o.operation_id, o.created_at, 1 AS depth
    FROM viertakt.operation AS o
    WHERE o.parent_id = %(operation_id)s
    UNION ALL
    SELECT o.operation_id, o.created_at, t.depth + 1
    FROM tree AS t
    JOIN viertakt.operation AS o ON o.parent_id = t.operation_id
    WHERE t.depth < %(depth_max)s
)

SELECT coalesce(json_agg(json_build_array(n.operation_id, n.depth) ORDER BY n.depth, n.created_at, n.operation_id), '[]'::json)::text
FROM (
    SELECT t.operation_id, t.depth, t.created_at FROM tree AS t
    ORDER BY t.depth, t.created_at, t.operation_id
    LIMIT %(limit)s
) AS n;
