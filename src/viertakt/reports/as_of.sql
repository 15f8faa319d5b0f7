-- name: late
-- fragment: the operations that something has happened to after a position, each with the first entry that came too late;
-- what has no position yet is later than any.
SELECT x.operation_id, min(x.entry_seq) AS seq
FROM (
    SELECT j.operation_id, j.entry_seq FROM viertakt.journal AS j WHERE j.position > %(position)s::bigint
    UNION ALL
    SELECT e.operation_id, e.entry_seq FROM viertakt.entry AS e
    WHERE
        e.xid >= (SELECT pg_snapshot_xmax(s.seen) FROM viertakt.sequencer AS s)
        AND e.xid < pg_snapshot_xmax(pg_current_snapshot())
        AND e.entry_seq > (SELECT max(p.seq_floor) FROM viertakt.epoch AS p)
    UNION ALL
    SELECT e.operation_id, e.entry_seq FROM viertakt.entry AS e
    WHERE
        e.xid = ANY(ARRAY(SELECT pg_snapshot_xip(s.seen) FROM viertakt.sequencer AS s))
        AND e.entry_seq > (SELECT max(p.seq_floor) FROM viertakt.epoch AS p)
) AS x
GROUP BY x.operation_id

-- name: page_as_of
-- template: one page of operations as they stood at a position; {filter}, {after} and {order} as in a page of the present.
WITH late AS MATERIALIZED ({late})

SELECT viertakt.operation_document(f.o)::text
FROM (
    (
        SELECT o
        FROM viertakt.operation AS o
        WHERE {filter} AND {after} AND o.operation_id NOT IN (SELECT l.operation_id FROM late AS l)
        ORDER BY {order}
        LIMIT %(limit)s
    )
    UNION ALL
    SELECT o
    FROM late AS l
    CROSS JOIN LATERAL viertakt.operation_at(l.operation_id, l.seq) AS o
    WHERE {filter} AND {after}
) AS f
ORDER BY {outer_order}
LIMIT %(limit)s;

-- name: count_as_of
-- template: how many operations a query found at a position, counting no further than the cap.
WITH late AS MATERIALIZED ({late})

SELECT (
    SELECT count(*) FROM (
        SELECT
        FROM viertakt.operation AS o
        WHERE {filter} AND o.operation_id NOT IN (SELECT l.operation_id FROM late AS l)
        LIMIT %(cap)s
    ) AS present
) + (
    SELECT count(*)
    FROM late AS l
    CROSS JOIN LATERAL viertakt.operation_at(l.operation_id, l.seq) AS o
    WHERE {filter}
) AS found;

-- name: counts_as_of
-- template: how many operations a query found at a position in each group, looking at no more rows than the bound.
WITH late AS MATERIALIZED ({late})

SELECT json_build_object('groups', coalesce(json_agg(g), '[]'::json), 'seen', coalesce(sum(g.count), 0))::text
FROM (
    SELECT
        {columns},
        count(*) AS count
    FROM (
        (
            SELECT {columns}
            FROM viertakt.operation AS o
            WHERE {filter} AND o.operation_id NOT IN (SELECT l.operation_id FROM late AS l)
            LIMIT %(rows_max)s
        )
        UNION ALL
        SELECT {columns}
        FROM late AS l
        CROSS JOIN LATERAL viertakt.operation_at(l.operation_id, l.seq) AS o
        WHERE {filter}
    ) AS o
    GROUP BY {columns}
    ORDER BY {columns}
    LIMIT %(groups_max)s
) AS g;
