-- name: add_limit
-- A limit that is in force from now on.
INSERT INTO viertakt.alert_limit (
    limit_id, measure, direction, kind, brand, stage, bound, window_minutes, at_least, set_by
)
VALUES (
    %(limit_id)s, %(measure)s, %(direction)s, %(kind)s, %(brand)s, %(stage)s, %(bound)s, %(window_minutes)s,
    %(at_least)s, %(set_by)s
);

-- name: end_limit
-- A limit that is in force no more, once.
UPDATE viertakt.alert_limit AS l
SET ended_at = clock_timestamp(), ended_by = %(actor)s
WHERE l.limit_id = %(limit_id)s AND l.ended_at IS NULL;

-- name: limits
-- Limits in force, or all there were, or one: those in force first, then the newest.
SELECT
    l.limit_id AS id, l.measure, l.direction, l.kind, l.brand, l.stage, l.bound, l.window_minutes, l.at_least, l.set_by,
    l.set_at, l.ended_by, l.ended_at
FROM viertakt.alert_limit AS l
WHERE (%(limit_id)s::uuid IS NULL OR l.limit_id = %(limit_id)s) AND (%(ended)s OR l.ended_at IS NULL)
ORDER BY l.ended_at IS NOT NULL, l.set_at DESC, l.limit_id
LIMIT %(max)s;

-- name: counted
-- What came and ended lately, by the limits in force that count: each kind by itself where a limit names none.
SELECT
    l.limit_id, p.kind, sum(p.created)::bigint AS created, sum(p.success)::bigint AS success,
    sum(p.error)::bigint AS error, sum(p.rejected)::bigint AS rejected
FROM viertakt.alert_limit AS l
JOIN viertakt.pulse AS p
    ON
        (l.kind IS NULL OR p.kind = l.kind) AND (l.brand IS NULL OR p.brand = l.brand)
        AND p.bucket >= date_bin('5 minutes', %(now)s::timestamptz - make_interval(mins => l.window_minutes), 'epoch'::timestamptz)
WHERE l.ended_at IS NULL AND l.measure IN ('created', 'ended', 'errors', 'rejections')
GROUP BY l.limit_id, p.kind
ORDER BY l.limit_id, p.kind
LIMIT 10000;

-- name: aged
-- How many minutes the oldest has waited, by the limits in force that look at ages; nothing where none waits.
SELECT l.limit_id, l.kind, extract(EPOCH FROM %(now)s - w.since) / 60 AS minutes
FROM viertakt.alert_limit AS l
CROSS JOIN LATERAL (
    SELECT CASE WHEN l.measure = 'backlog' THEN min(o.created_at) ELSE min(o.entered_at) END AS since
    FROM viertakt.operation AS o
    WHERE
        o.status = 'pending' AND o.kind = l.kind AND (l.brand IS NULL OR o.brand = l.brand)
        AND (l.stage IS NULL OR o.stage = l.stage)
) AS w
WHERE l.ended_at IS NULL AND l.measure IN ('backlog', 'stage_time') AND w.since IS NOT NULL
ORDER BY l.limit_id
LIMIT 1000;

-- name: silent
-- For how many minutes no provider has reported anything, while something of that kind waits on one; nothing where none waits.
-- Since the first who waits, where nobody has reported since. Reports are counted by kind: one about another stage breaks the silence too.
SELECT
    l.limit_id, l.kind,
    extract(EPOCH FROM %(now)s - greatest(w.since, r.last)) / 60 AS minutes
FROM viertakt.alert_limit AS l
CROSS JOIN LATERAL (
    SELECT min(o.entered_at) AS since
    FROM viertakt.operation AS o
    WHERE
        o.status = 'pending' AND o.waiting_on = 'provider' AND o.kind = l.kind
        AND (l.brand IS NULL OR o.brand = l.brand) AND (l.stage IS NULL OR o.stage = l.stage)
) AS w
CROSS JOIN LATERAL (
    -- To five minutes: the end of the last that had any.
    SELECT CASE WHEN count(*) > 0 THEN least(max(p.bucket) + interval '5 minutes', %(now)s) END AS last
    FROM viertakt.pulse AS p
    WHERE p.kind = l.kind AND (l.brand IS NULL OR p.brand = l.brand) AND p.reported > 0
) AS r
WHERE l.ended_at IS NULL AND l.measure = 'silence' AND w.since IS NOT NULL
ORDER BY l.limit_id
LIMIT 1000;
