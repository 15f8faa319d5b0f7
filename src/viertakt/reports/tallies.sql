-- name: fold_statuses
-- What the entries of these positions change in the tallies. Grouped by quarters of an hour first: every zone's days and
-- hours begin with one, and few groups are left to name.
WITH quarterly AS MATERIALIZED (
    SELECT
        date_bin('15 minutes', w.created_at, 'epoch'::timestamptz) AS quarter,
        w.kind, w.stage, w.status, w.brand, w.currency,
        w.dimensions,
        sum(w.n) AS count, sum(w.n * coalesce(w.amount, 0)) AS amount
    FROM viertakt.tally_steps(%(after)s::bigint, %(upto)s::bigint) AS w
    GROUP BY 1, 2, 3, 4, 5, 6, 7
    HAVING sum(w.n) <> 0 OR sum(w.n * coalesce(w.amount, 0)) <> 0
),

hourly AS MATERIALIZED (
    SELECT
        date_trunc('month', q.quarter, i.zone) AS month, date_trunc('day', q.quarter, i.zone) AS day,
        date_trunc('hour', q.quarter, 'UTC') AS hour,
        q.kind, q.stage, q.status, q.brand, q.currency, q.dimensions, q.count, q.amount
    FROM quarterly AS q
    CROSS JOIN viertakt.installation AS i
),

tallied AS (
    SELECT
        'all' AS grain, 'epoch'::timestamptz AS bucket, h.kind, h.stage, h.status, h.brand, h.currency,
        h.dimensions, sum(h.count) AS count, sum(h.amount) AS amount
    FROM hourly AS h
    GROUP BY h.kind, h.stage, h.status, h.brand, h.currency, h.dimensions
    UNION ALL
    SELECT
        'day', h.day, h.kind, h.stage, h.status, h.brand, h.currency, h.dimensions, sum(h.count), sum(h.amount)
    FROM hourly AS h
    GROUP BY h.day, h.kind, h.stage, h.status, h.brand, h.currency, h.dimensions
    UNION ALL
    SELECT 'kind_day', h.day, h.kind, '', h.status, NULL, h.currency, '{}', sum(h.count), sum(h.amount)
    FROM hourly AS h
    GROUP BY h.day, h.kind, h.status, h.currency
    UNION ALL
    SELECT 'kind_month', h.month, h.kind, '', h.status, NULL, h.currency, '{}', sum(h.count), sum(h.amount)
    FROM hourly AS h
    GROUP BY h.month, h.kind, h.status, h.currency
    UNION ALL
    SELECT
        'hour', h.hour, h.kind, h.stage, h.status, h.brand, h.currency, h.dimensions, sum(h.count), sum(h.amount)
    FROM hourly AS h
    WHERE h.hour >= now() - %(hours_kept)s::interval
    GROUP BY h.hour, h.kind, h.stage, h.status, h.brand, h.currency, h.dimensions
)

INSERT INTO viertakt.status_tally AS s
    (grain, bucket, kind, stage, status, brand, currency, dimensions, count, amount)
SELECT t.grain, t.bucket, t.kind, t.stage, t.status, t.brand, t.currency, t.dimensions, t.count, t.amount
FROM tallied AS t
ON CONFLICT ON CONSTRAINT tally_counts_each_group_once
DO UPDATE SET count = s.count + excluded.count, amount = s.amount + excluded.amount;

-- name: prune_tallies
-- Hours older than what is kept, and groups in which nothing is left.
DELETE FROM viertakt.status_tally AS s
WHERE (s.count = 0 AND s.amount = 0) OR (s.grain = 'hour' AND s.bucket < now() - %(hours_kept)s::interval);

-- name: clear_tallies
-- Nothing counted: before everything is folded again.
DELETE FROM viertakt.status_tally;

-- name: lock_sequencer
-- The end of the order, and nobody adds to it until the transaction ends.
SELECT s.position FROM viertakt.sequencer AS s FOR UPDATE;

-- name: differing_tallies
-- Groups whose tally is not what a recount of the history up to the end of the order says.
WITH last AS (
    SELECT DISTINCT ON (e.operation_id) e.operation_id, e.version, e.to_stage, e.to_status
    FROM viertakt.journal AS j
    JOIN viertakt.entry AS e ON e.operation_id = j.operation_id AND e.entry_seq = j.entry_seq
    WHERE e.version IS NOT NULL
    ORDER BY e.operation_id, e.version DESC
),

worth AS (
    SELECT
        o.kind, l.to_stage AS stage, l.to_status AS status, o.brand, o.created_at, t.currency,
        coalesce(t.amount, 0) AS amount, viertakt.dimensions_in(t.attributes, k.dimensions) AS dimensions
    FROM last AS l
    JOIN viertakt.operation AS o ON o.operation_id = l.operation_id
    JOIN viertakt.kind_version AS k ON k.kind = o.kind AND k.version = o.kind_version
    CROSS JOIN LATERAL viertakt.content_at(l.operation_id, l.version) AS t
),

recount AS (
    SELECT
        g.grain, CASE g.grain
            WHEN 'all' THEN 'epoch'::timestamptz
            WHEN 'hour' THEN date_trunc('hour', w.created_at, 'UTC')
            ELSE date_trunc(replace(g.grain, 'kind_', ''), w.created_at, i.zone)
        END AS bucket,
        w.kind, CASE WHEN g.grain NOT LIKE 'kind%%' THEN w.stage ELSE '' END AS stage, w.status,
        CASE WHEN g.grain NOT LIKE 'kind%%' THEN w.brand END AS brand, w.currency,
        CASE WHEN g.grain NOT LIKE 'kind%%' THEN w.dimensions ELSE '{}' END AS dimensions, count(*) AS count,
        sum(w.amount) AS amount
    FROM worth AS w
    CROSS JOIN viertakt.installation AS i
    CROSS JOIN (VALUES ('all'), ('day'), ('hour'), ('kind_day'), ('kind_month')) AS g (grain)
    GROUP BY 1, 2, 3, 4, 5, 6, 7, 8
),

tally AS (
    SELECT s.grain, s.bucket, s.kind, s.stage, s.status, s.brand, s.currency, s.dimensions, s.count, s.amount
    FROM viertakt.status_tally AS s
    WHERE s.count <> 0 OR s.amount <> 0
),

differing AS (
    (SELECT r.* FROM recount AS r EXCEPT SELECT t.* FROM tally AS t)
    UNION
    (SELECT t.* FROM tally AS t EXCEPT SELECT r.* FROM recount AS r)
)

SELECT DISTINCT format('%%s %%s: %%s %%s', d.grain, d.bucket, d.kind, d.stage) AS difference
FROM differing AS d
WHERE d.grain <> 'hour' OR d.bucket >= now() - %(hours_kept)s::interval + interval '1 day'
ORDER BY difference
LIMIT %(limit)s;
