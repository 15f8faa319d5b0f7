-- name: page
-- template: one page of operations; {filter} is a query of the language, {after} the cursor's place, {order} the sort.
SELECT viertakt.operation_document(page.o)::text
FROM (
    SELECT o
    FROM viertakt.operation AS o
    WHERE {filter} AND {after}
    ORDER BY {order}
    LIMIT %(limit)s
) AS page;

-- name: estimate
-- template: what the planner expects a query to find.
EXPLAIN (FORMAT JSON)
SELECT
FROM viertakt.operation AS o
WHERE {filter};

-- name: count_capped
-- template: how many operations a query finds, counting no further than the cap.
SELECT count(*)
FROM (
    SELECT
    FROM viertakt.operation AS o
    WHERE {filter}
    LIMIT %(cap)s
) AS found;

-- name: counts
-- template: how many operations a query finds in each group, looking at no more rows than the bound.
SELECT json_build_object('groups', coalesce(json_agg(g), '[]'::json), 'seen', coalesce(sum(g.count), 0))::text
FROM (
    SELECT
        {columns},
        count(*) AS count
    FROM (
        SELECT {columns}
        FROM viertakt.operation AS o
        WHERE {filter}
        LIMIT %(rows_max)s
    ) AS o
    GROUP BY {columns}
    ORDER BY {columns}
    LIMIT %(groups_max)s
) AS g;
