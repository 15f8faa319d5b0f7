-- name: fold_outcomes
-- What the entries of these positions change in how many operations are closed, and when they were: one less for each end
-- that was left, one more for each that was reached. Only entries that begin or end at a closed stage matter.
WITH closing AS MATERIALIZED (
    SELECT
        e.operation_id, e.version, e.sort, e.at, o.kind, o.brand, o.created_at,
        coalesce(e.from_stage, e.to_stage) AS from_stage,
        CASE WHEN e.sort = 'opened' THEN 'pending' ELSE coalesce(e.from_status, e.to_status) END AS from_status,
        e.to_stage, e.to_status, o.amount, o.currency,
        EXISTS (
            SELECT FROM viertakt.entry AS a WHERE a.operation_id = e.operation_id AND a.sort = 'amended'
        ) AS amended
    FROM viertakt.journal AS j
    JOIN viertakt.entry AS e ON e.operation_id = j.operation_id AND e.entry_seq = j.entry_seq
    JOIN viertakt.operation AS o ON o.operation_id = j.operation_id
    WHERE
        j.position > %(after)s::bigint AND j.position <= %(upto)s::bigint AND e.version IS NOT NULL
        AND (e.to_status <> 'pending' OR (e.sort <> 'opened' AND coalesce(e.from_status, e.to_status) <> 'pending'))
),

step AS (
    SELECT
        -1 AS n, c.operation_id, c.version - 1 AS version, c.kind, c.brand, c.created_at, c.from_stage AS stage,
        c.from_status AS status, NULL::timestamptz AS at, c.amount, c.currency, c.amended
    FROM closing AS c
    WHERE c.from_status <> 'pending'
    UNION ALL
    SELECT
        1, c.operation_id, c.version, c.kind, c.brand, c.created_at, c.to_stage, c.to_status,
        CASE WHEN c.from_status <> c.to_status THEN c.at END, c.amount, c.currency, c.amended
    FROM closing AS c
    WHERE c.to_status <> 'pending'
),

ended AS MATERIALIZED (
    SELECT
        s.n, s.operation_id, s.version, s.kind, s.brand, s.stage, s.status, s.created_at,
        CASE
            WHEN s.at IS NOT NULL THEN s.at
            ELSE (
                SELECT h.at FROM viertakt.entry AS h
                WHERE
                    h.operation_id = s.operation_id AND h.version <= s.version AND h.to_status <> 'pending'
                    AND (h.sort = 'opened' OR h.from_status <> h.to_status)
                ORDER BY h.version DESC
                LIMIT 1
            )
        END AS closed_at,
        CASE WHEN s.amended THEN (SELECT t.amount FROM viertakt.content_at(s.operation_id, s.version) AS t)
            ELSE s.amount END AS amount,
        CASE WHEN s.amended THEN (SELECT t.currency FROM viertakt.content_at(s.operation_id, s.version) AS t)
            ELSE s.currency END AS currency
    FROM step AS s
),

outcomes AS (
    INSERT INTO viertakt.outcome_tally AS t (grain, bucket, kind, stage, status, brand, currency, count, amount)
    SELECT
        g.grain,
        CASE g.grain
            WHEN 'hour' THEN date_trunc('hour', e.closed_at, 'UTC')
            ELSE date_trunc(replace(g.grain, 'kind_', ''), e.closed_at, i.zone)
        END,
        e.kind, CASE WHEN g.grain IN ('day', 'hour') THEN e.stage ELSE '' END, e.status,
        CASE WHEN g.grain IN ('day', 'hour') THEN e.brand END, e.currency, sum(e.n), sum(e.n * coalesce(e.amount, 0))
    FROM ended AS e
    CROSS JOIN viertakt.installation AS i
    CROSS JOIN (VALUES ('day'), ('hour'), ('kind_day'), ('kind_month')) AS g (grain)
    WHERE g.grain <> 'hour' OR e.closed_at >= now() - %(hours_kept)s::interval
    GROUP BY 1, 2, 3, 4, 5, 6, 7
    HAVING sum(e.n) <> 0 OR sum(e.n * coalesce(e.amount, 0)) <> 0
    ON CONFLICT ON CONSTRAINT outcome_counts_each_group_once
    DO UPDATE SET count = t.count + excluded.count, amount = t.amount + excluded.amount
),

reasons AS (
    INSERT INTO viertakt.reason_tally AS t (bucket, kind, status, reason, count)
    SELECT date_trunc('day', e.closed_at, i.zone), e.kind, e.status, r.reason, sum(e.n)
    FROM ended AS e
    CROSS JOIN viertakt.installation AS i
    CROSS JOIN LATERAL (
        SELECT DISTINCT h.reason FROM viertakt.entry AS h
        WHERE h.operation_id = e.operation_id AND h.version <= e.version AND h.reason IS NOT NULL
    ) AS r
    GROUP BY 1, 2, 3, 4
    HAVING sum(e.n) <> 0
    ON CONFLICT (bucket, kind, status, reason) DO UPDATE SET count = t.count + excluded.count
)

INSERT INTO viertakt.duration_tally AS t (measure, grain, bucket, kind, stage, count, seconds, histogram)
SELECT
    'final', g.grain, date_trunc(replace(g.grain, 'kind_', ''), e.closed_at, i.zone), e.kind,
    CASE WHEN g.grain IN ('day', 'month') THEN e.stage ELSE '' END, sum(e.n), sum(e.n * d.seconds),
    sum(
        e.n * viertakt.histogram(ceil(ln(greatest(d.seconds, %(shortest)s)::float8) / ln(%(gamma)s::float8))::integer)
    ) AS histogram
FROM ended AS e
CROSS JOIN viertakt.installation AS i
CROSS JOIN LATERAL (
    SELECT viertakt.seconds_between(NULL, e.created_at, e.closed_at) AS seconds
) AS d
CROSS JOIN (VALUES ('day'), ('month'), ('kind_day'), ('kind_month')) AS g (grain)
GROUP BY 1, 2, 3, 4, 5
HAVING sum(e.n) <> 0 OR sum(e.n * d.seconds) <> 0
ON CONFLICT (measure, grain, bucket, kind, stage) DO UPDATE SET
    count = t.count + excluded.count, seconds = t.seconds + excluded.seconds,
    histogram = t.histogram + excluded.histogram;

-- name: clear_outcomes
-- Nothing followed: before everything is followed again.
WITH o AS (DELETE FROM viertakt.outcome_tally),
r AS (DELETE FROM viertakt.reason_tally),
d AS (DELETE FROM viertakt.duration_tally WHERE measure = 'final')
SELECT;

-- name: differing_outcomes
-- Days and kinds whose closed operations are not as many as the operations themselves say; to be asked when nothing moves.
WITH counted AS (
    SELECT t.bucket, t.kind, t.stage, t.status, sum(t.count) AS count, sum(t.amount) AS amount
    FROM viertakt.outcome_tally AS t
    WHERE t.grain = 'day'
    GROUP BY 1, 2, 3, 4
    HAVING sum(t.count) <> 0 OR sum(t.amount) <> 0
),

recount AS (
    SELECT
        date_trunc('day', o.closed_at, i.zone) AS bucket, o.kind, o.stage, o.status, count(*) AS count,
        sum(coalesce(o.amount, 0)) AS amount
    FROM viertakt.operation AS o
    CROSS JOIN viertakt.installation AS i
    WHERE
        o.closed_at IS NOT NULL
        AND NOT EXISTS (
            SELECT FROM viertakt.journal AS j
            WHERE
                j.position > (SELECT f.position FROM viertakt.follower AS f WHERE f.name = 'outcomes')
                AND j.operation_id = o.operation_id
        )
    GROUP BY 1, 2, 3, 4
),

differing AS (
    (SELECT * FROM counted EXCEPT SELECT * FROM recount)
    UNION
    (SELECT * FROM recount EXCEPT SELECT * FROM counted)
)

SELECT DISTINCT format('%%s: %%s %%s', d.bucket, d.kind, d.stage) FROM differing AS d LIMIT %(limit)s;
