-- name: add_limit
-- A limit that is in force from now on.
INSERT INTO viertakt.alert_limit (
    limit_id, measure, direction, kind, brand, attribute, provider, stage, bound, window_minutes, at_least, set_by
)
VALUES (
    %(limit_id)s, %(measure)s, %(direction)s, %(kind)s, %(brand)s, %(attribute)s, %(provider)s, %(stage)s, %(bound)s,
    %(window_minutes)s, %(at_least)s, %(set_by)s
);

-- name: end_limit
-- A limit that is in force no more, once.
UPDATE viertakt.alert_limit AS l
SET ended_at = clock_timestamp(), ended_by = %(actor)s
WHERE l.limit_id = %(limit_id)s AND l.ended_at IS NULL;

-- name: limits
-- Limits in force, or all there were, or one: those in force first, then the newest.
SELECT
    l.limit_id AS id, l.measure, l.direction, l.kind, l.brand,
    CASE
        WHEN l.provider IS NOT NULL THEN json_build_object('attribute', l.attribute, 'value', l.provider)
    END AS provider,
    l.stage, l.bound, l.window_minutes, l.at_least, l.set_by,
    l.set_at, l.ended_by, l.ended_at
FROM viertakt.alert_limit AS l
WHERE (%(limit_id)s::uuid IS NULL OR l.limit_id = %(limit_id)s) AND (%(ended)s OR l.ended_at IS NULL)
ORDER BY l.ended_at IS NOT NULL, l.set_at DESC, l.limit_id
LIMIT %(max)s;

-- name: counted
-- What came and ended lately, by the limits in force that count: each kind by itself where a limit names none.
WITH counting AS (
    SELECT
        l.limit_id, l.kind, l.brand, l.attribute, l.provider,
        date_bin(
            '5 minutes', %(now)s::timestamptz - make_interval(mins => l.window_minutes), 'epoch'::timestamptz
        ) AS since
    FROM viertakt.alert_limit AS l
    WHERE l.ended_at IS NULL AND l.measure IN ('created', 'ended', 'errors', 'rejections')
)

SELECT
    c.limit_id, p.kind, sum(p.created)::bigint AS created, sum(p.success)::bigint AS success,
    sum(p.error)::bigint AS error, sum(p.rejected)::bigint AS rejected
FROM counting AS c
JOIN viertakt.pulse AS p
    ON (c.kind IS NULL OR p.kind = c.kind) AND (c.brand IS NULL OR p.brand = c.brand) AND p.bucket >= c.since
WHERE c.provider IS NULL
GROUP BY c.limit_id, p.kind
UNION ALL
SELECT
    c.limit_id, v.kind, sum(v.created)::bigint, sum(v.success)::bigint, sum(v.error)::bigint, sum(v.rejected)::bigint
FROM counting AS c
JOIN viertakt.provider_pulse AS v
    ON v.kind = c.kind AND v.attribute = c.attribute AND v.provider = c.provider AND v.bucket >= c.since
GROUP BY c.limit_id, v.kind
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
        AND (l.provider IS NULL OR o.attributes ->> l.attribute = l.provider)
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
        AND (l.provider IS NULL OR o.attributes ->> l.attribute = l.provider)
) AS w
CROSS JOIN LATERAL (
    -- To five minutes: the end of the last that had any.
    SELECT CASE WHEN max(h.bucket) IS NOT NULL THEN least(max(h.bucket) + interval '5 minutes', %(now)s) END AS last
    FROM (
        SELECT max(p.bucket) AS bucket
        FROM viertakt.pulse AS p
        WHERE l.provider IS NULL AND p.kind = l.kind AND (l.brand IS NULL OR p.brand = l.brand) AND p.reported > 0
        UNION ALL
        SELECT max(v.bucket)
        FROM viertakt.provider_pulse AS v
        WHERE v.kind = l.kind AND v.attribute = l.attribute AND v.provider = l.provider AND v.reported > 0
    ) AS h
) AS r
WHERE l.ended_at IS NULL AND l.measure = 'silence' AND w.since IS NOT NULL
ORDER BY l.limit_id
LIMIT 1000;
