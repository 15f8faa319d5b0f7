-- name: corrections
-- template: ends that were reached up to a position and left after it, in the order they were left; {filter} is a query of
-- the language, asked of each operation as it stood when it left. Only ends of the period: `by` says whether an operation
-- belongs to the period in which it was created, or to the one in which it ended: came to
-- the closed status that it left.
WITH gone AS MATERIALIZED (
    SELECT s.operation_id, s.ordinal, s.left_position
    FROM viertakt.stay AS s
    WHERE
        s.left_position > %(position)s::bigint AND s.left_position <= %(upto)s::bigint
        AND s.status <> 'pending' AND s.next_status <> s.status
    ORDER BY s.left_position
    LIMIT %(seen_max)s
),

corrected AS (
    SELECT
        g.left_position, e.operation_id, e.at, o.kind, e.from_status, e.to_status, o.currency, o.amount::text AS amount
    FROM gone AS g
    CROSS JOIN LATERAL (
        SELECT m.operation_id, m.entry_seq, m.at, m.from_status, m.to_status
        FROM viertakt.entry AS m
        WHERE m.operation_id = g.operation_id AND m.version > g.ordinal AND m.sort = 'moved'
        ORDER BY m.version
        LIMIT 1
    ) AS e
    CROSS JOIN LATERAL (
        SELECT r.entered_at AS at, r.entered_position AS position
        FROM (
            SELECT
                t.ordinal, t.status, t.entered_at, t.entered_position,
                coalesce(lag(t.status) OVER (ORDER BY t.ordinal), 'pending') AS status_before
            FROM viertakt.stay AS t
            WHERE t.operation_id = g.operation_id AND t.ordinal <= g.ordinal
        ) AS r
        WHERE r.status <> 'pending' AND r.status_before <> r.status
        ORDER BY r.ordinal DESC
        LIMIT 1
    ) AS c
    CROSS JOIN LATERAL viertakt.operation_at(e.operation_id, e.entry_seq) AS o
    CROSS JOIN LATERAL (SELECT CASE %(by)s::text WHEN 'created' THEN o.created_at ELSE c.at END AS at) AS p
    WHERE
        c.position <= %(position)s::bigint
        AND p.at >= %(start)s::timestamptz AND p.at < %(end)s::timestamptz
        AND {filter}
)

SELECT json_build_object(
    'seen', (SELECT count(*) FROM gone),
    'steps', coalesce((SELECT json_agg(c ORDER BY c.left_position) FROM corrected AS c), '[]'::json)
)::text;

-- name: stays_followed
-- How far stays have been followed.
SELECT f.position FROM viertakt.follower AS f WHERE f.name = 'stays';
