-- name: follow_pulse
-- What the entries of these positions add to the counts by five minutes, of brands and of providers; what is older than is kept
-- adds nothing. A value of more than a hundred characters names no provider.
WITH counted AS MATERIALIZED (
    SELECT
        date_bin('5 minutes', e.at, 'epoch'::timestamptz) AS bucket, o.kind, coalesce(o.brand, '') AS brand,
        k.provider AS attribute, o.attributes ->> k.provider AS provider,
        count(*) FILTER (WHERE e.sort = 'opened') AS created,
        count(*) FILTER (WHERE e.to_status = 'success' AND e.to_status IS DISTINCT FROM e.from_status) AS success,
        count(*) FILTER (WHERE e.to_status = 'error' AND e.to_status IS DISTINCT FROM e.from_status) AS error,
        count(*) FILTER (WHERE e.to_status = 'rejected' AND e.to_status IS DISTINCT FROM e.from_status) AS rejected,
        count(*) FILTER (WHERE e.cause = 'source') AS reported
    FROM viertakt.journal AS j
    JOIN viertakt.entry AS e ON e.operation_id = j.operation_id AND e.entry_seq = j.entry_seq
    JOIN viertakt.operation AS o ON o.operation_id = j.operation_id
    LEFT JOIN viertakt.kind_version AS k ON k.kind = o.kind AND k.version = o.kind_version
    WHERE
        j.position > %(after)s::bigint AND j.position <= %(upto)s::bigint AND e.sort IN ('opened', 'moved')
        AND (e.sort = 'opened' OR e.to_status <> e.from_status OR e.cause = 'source')
        AND e.at >= now() - %(kept)s::interval
    GROUP BY 1, 2, 3, 4, 5
),

of_providers AS (
    INSERT INTO viertakt.provider_pulse AS p (
        bucket, kind, attribute, provider, created, success, error, rejected, reported
    )
    SELECT
        c.bucket, c.kind, c.attribute, c.provider, sum(c.created), sum(c.success), sum(c.error), sum(c.rejected),
        sum(c.reported)
    FROM counted AS c
    WHERE length(c.provider) BETWEEN 1 AND 100
    GROUP BY c.bucket, c.kind, c.attribute, c.provider
    ON CONFLICT (bucket, kind, attribute, provider) DO UPDATE SET
        created = p.created + excluded.created,
        success = p.success + excluded.success,
        error = p.error + excluded.error,
        rejected = p.rejected + excluded.rejected,
        reported = p.reported + excluded.reported
)

INSERT INTO viertakt.pulse AS p (bucket, kind, brand, created, success, error, rejected, reported)
SELECT
    c.bucket, c.kind, c.brand, sum(c.created), sum(c.success), sum(c.error), sum(c.rejected), sum(c.reported)
FROM counted AS c
GROUP BY c.bucket, c.kind, c.brand
ON CONFLICT (bucket, kind, brand) DO UPDATE SET
    created = p.created + excluded.created,
    success = p.success + excluded.success,
    error = p.error + excluded.error,
    rejected = p.rejected + excluded.rejected,
    reported = p.reported + excluded.reported;

-- name: clear_pulse
-- Nothing counted: before everything is followed again.
WITH of_providers AS (
    DELETE FROM viertakt.provider_pulse
)

DELETE FROM viertakt.pulse;

-- name: prune_pulse
-- Counts older than what is kept.
WITH of_providers AS (
    DELETE FROM viertakt.provider_pulse AS v WHERE v.bucket < now() - %(kept)s::interval
)

DELETE FROM viertakt.pulse AS p WHERE p.bucket < now() - %(kept)s::interval;

-- name: differing_pulse
-- Kinds whose counts of yesterday are not what the history says, as far as it has been followed.
WITH counted AS (
    SELECT p.kind, p.brand, sum(p.created) AS created, sum(p.success + p.error + p.rejected) AS ended
    FROM viertakt.pulse AS p
    WHERE p.bucket >= date_trunc('day', now(), 'UTC') - interval '1 day' AND p.bucket < date_trunc('day', now(), 'UTC')
    GROUP BY p.kind, p.brand
    HAVING sum(p.created + p.success + p.error + p.rejected) > 0
),

told AS (
    SELECT
        o.kind, coalesce(o.brand, '') AS brand, count(*) FILTER (WHERE e.sort = 'opened') AS created,
        count(*) FILTER (WHERE e.to_status <> 'pending') AS ended
    FROM viertakt.entry AS e
    JOIN viertakt.operation AS o ON o.operation_id = e.operation_id
    JOIN viertakt.journal AS j ON j.operation_id = e.operation_id AND j.entry_seq = e.entry_seq
    WHERE
        e.at >= date_trunc('day', now(), 'UTC') - interval '1 day' AND e.at < date_trunc('day', now(), 'UTC')
        AND e.sort IN ('opened', 'moved')
        AND (e.sort = 'opened' OR (e.to_status <> e.from_status AND e.to_status <> 'pending'))
        AND j.position <= (SELECT f.position FROM viertakt.follower AS f WHERE f.name = 'pulse')
    GROUP BY 1, 2
),

differing AS (
    (SELECT * FROM counted EXCEPT SELECT * FROM told)
    UNION
    (SELECT * FROM told EXCEPT SELECT * FROM counted)
)

SELECT DISTINCT d.kind FROM differing AS d LIMIT %(limit)s;

-- name: take_look
-- The clock, where a look is due and nobody else takes it; held until the transaction ends.
WITH free AS (
    SELECT f.one FROM viertakt.alert_look AS f FOR UPDATE SKIP LOCKED
)

UPDATE viertakt.alert_look AS l
SET looked_at = clock_timestamp()
FROM free
WHERE l.one = free.one AND l.looked_at <= clock_timestamp() - %(every)s::interval
RETURNING l.looked_at;

-- name: hours
-- The past by whole hours: of each brand, and of the busiest providers of each kind.
WITH of_providers AS MATERIALIZED (
    SELECT
        v.kind, v.attribute, v.provider, date_trunc('hour', v.bucket, 'UTC') AS at, sum(v.created) AS created,
        sum(v.success) AS success, sum(v.error) AS error, sum(v.rejected) AS rejected
    FROM viertakt.provider_pulse AS v
    WHERE v.bucket >= %(since)s AND v.bucket < %(until)s
    GROUP BY 1, 2, 3, 4
),

busiest AS (
    SELECT b.kind, b.attribute, b.provider FROM (
        SELECT
            s.kind, s.attribute, s.provider,
            row_number() OVER (PARTITION BY s.kind ORDER BY sum(s.created) DESC, s.attribute, s.provider) AS place
        FROM of_providers AS s
        GROUP BY s.kind, s.attribute, s.provider
    ) AS b
    WHERE b.place <= %(providers)s
)

SELECT coalesce(json_agg(json_build_array(
    h.kind, h.brand, h.attribute, h.provider, h.at, h.created, h.success, h.error, h.rejected
)), '[]'::json)::text
FROM (
    SELECT
        p.kind, p.brand, NULL AS attribute, NULL AS provider, date_trunc('hour', p.bucket, 'UTC') AS at,
        sum(p.created) AS created, sum(p.success) AS success, sum(p.error) AS error, sum(p.rejected) AS rejected
    FROM viertakt.pulse AS p
    WHERE p.bucket >= %(since)s AND p.bucket < %(until)s
    GROUP BY 1, 2, 5
    UNION ALL
    SELECT s.kind, NULL, s.attribute, s.provider, s.at, s.created, s.success, s.error, s.rejected
    FROM of_providers AS s
    JOIN busiest AS b ON b.kind = s.kind AND b.attribute = s.attribute AND b.provider = s.provider
) AS h;

-- name: recent
-- The last few hours by five minutes, of brands and of providers.
SELECT coalesce(json_agg(json_build_array(
    r.kind, r.brand, r.attribute, r.provider, r.bucket, r.created, r.success, r.error, r.rejected
)), '[]'::json)::text
FROM (
    SELECT
        p.kind, p.brand, NULL AS attribute, NULL AS provider, p.bucket, p.created, p.success, p.error, p.rejected
    FROM viertakt.pulse AS p
    WHERE p.bucket >= %(since)s
    UNION ALL
    SELECT v.kind, NULL, v.attribute, v.provider, v.bucket, v.created, v.success, v.error, v.rejected
    FROM viertakt.provider_pulse AS v
    WHERE v.bucket >= %(since)s
) AS r;

-- name: open_alerts
-- The alerts that are open.
SELECT coalesce(json_agg(viertakt.alert_document(a)), '[]'::json)::text
FROM viertakt.alert AS a
WHERE a.closed_at IS NULL AND (a.limit_id IS NOT NULL) = %(limited)s;

-- name: list_alerts
-- Alerts, open ones first and of these the critical ones, then the latest.
SELECT coalesce(json_agg(viertakt.alert_document(a.alert) ORDER BY a.place), '[]'::json)::text
FROM (
    SELECT
        l AS alert,
        row_number() OVER (
            ORDER BY l.closed_at IS NOT NULL, l.closed_at IS NULL AND l.level <> 'critical', l.opened_at DESC, l.alert_id
        ) AS place
    FROM viertakt.alert AS l
    WHERE (NOT %(open)s OR l.closed_at IS NULL)
    ORDER BY l.closed_at IS NOT NULL, l.closed_at IS NULL AND l.level <> 'critical', l.opened_at DESC, l.alert_id
    LIMIT %(limit)s
) AS a;

-- name: read_alert
-- One alert.
SELECT viertakt.alert_document(a)::text FROM viertakt.alert AS a WHERE a.alert_id = %(alert_id)s;

-- name: open_alert
-- A new alert; none where one like it is open.
INSERT INTO viertakt.alert (
    alert_id, measure, direction, level, kind, brand, attribute, provider, value, usual, window_minutes, score, opened_at, looked_at, limit_id,
    stage
)
VALUES (
    %(alert_id)s, %(measure)s, %(direction)s, %(level)s, %(kind)s, %(brand)s, %(attribute)s, %(provider)s, %(value)s, %(usual)s,
    %(window_minutes)s, %(score)s, %(at)s, %(at)s, %(limit_id)s, %(stage)s
)
ON CONFLICT DO NOTHING;

-- name: worsen_alert
-- An alert that has become worse, or wider.
UPDATE viertakt.alert AS a
SET
    level = %(level)s, brand = %(brand)s, attribute = %(attribute)s, provider = %(provider)s, value = %(value)s, usual = %(usual)s, window_minutes = %(window_minutes)s,
    score = %(score)s, looked_at = %(at)s
WHERE a.alert_id = %(alert_id)s;

-- name: close_alerts
-- What is usual again.
UPDATE viertakt.alert AS a
SET closed_at = %(at)s, looked_at = %(at)s
WHERE a.alert_id IN (SELECT value::uuid FROM json_array_elements_text(%(ids)s::json)) AND a.closed_at IS NULL;

-- name: escalate
-- What is open for so long and nobody has looked at, once. What belongs to an incident, somebody has looked at.
UPDATE viertakt.alert AS a
SET escalated_at = %(at)s::timestamptz
WHERE
    a.closed_at IS NULL AND a.seen_by IS NULL AND a.incident_id IS NULL AND a.escalated_at IS NULL
    AND a.opened_at <= %(at)s::timestamptz - %(unseen_for)s::interval
RETURNING a.alert_id;

-- name: see_alert
-- Somebody has taken note of it; who was first stays.
UPDATE viertakt.alert AS a
SET seen_by = %(actor)s, seen_at = now()
WHERE a.alert_id = %(alert_id)s AND a.seen_by IS NULL;

-- name: standing
-- How many alerts are open, by level.
SELECT coalesce(json_object_agg(l.level, l.count), '{}'::json)::text
FROM (SELECT a.level, count(*) AS count FROM viertakt.alert AS a WHERE a.closed_at IS NULL GROUP BY a.level) AS l;
