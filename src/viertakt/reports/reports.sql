-- name: by_bucket_and_status
-- template: how many in each bucket and status; {counted} is a source.
SELECT width_bucket(c.at, %(edges)s::timestamptz []) - 1 AS nth, c.status, sum(c.count)::bigint AS count
FROM ({counted}) AS c
GROUP BY 1, 2;

-- name: by_bucket
-- template: how many in each bucket; beyond the last edge everything is one bucket.
SELECT width_bucket(c.at, %(edges)s::timestamptz []) - 1 AS nth, sum(c.count)::bigint AS count
FROM ({counted}) AS c
GROUP BY 1;

-- name: by_bucket_and_currency
-- template: how many in each bucket, and what they are worth in each currency.
SELECT
    width_bucket(c.at, %(edges)s::timestamptz []) - 1 AS nth, c.currency, sum(c.count)::bigint AS count,
    sum(c.amount) AS amount
FROM ({counted}) AS c
GROUP BY 1, 2;

-- name: by_status
-- template: how many in each status.
SELECT c.status, sum(c.count)::bigint AS count
FROM ({counted}) AS c
GROUP BY 1;

-- name: by_kind
-- template: how many of each kind.
SELECT c.kind, sum(c.count)::bigint AS count
FROM ({counted}) AS c
GROUP BY 1;

-- name: lengths_by_bucket_and_kind
-- template: durations in each bucket and kind, as histograms.
SELECT
    width_bucket(c.at, %(edges)s::timestamptz []) - 1 AS nth, c.kind, sum(c.count)::bigint AS count,
    sum(c.seconds) AS seconds, sum(c.histogram)::text AS histogram
FROM ({counted}) AS c
GROUP BY 1, 2
HAVING sum(c.count) > 0;

-- name: lengths_by_stage
-- template: durations in each stage of each kind, as histograms.
SELECT
    c.kind, c.stage, sum(c.count)::bigint AS count, sum(c.seconds) AS seconds, sum(c.histogram)::text AS histogram
FROM ({counted}) AS c
GROUP BY 1, 2;

-- name: lengths
-- template: durations, as one histogram.
SELECT sum(c.count)::bigint AS count, sum(c.seconds) AS seconds, sum(c.histogram)::text AS histogram
FROM ({counted}) AS c
HAVING sum(c.count) > 0;

-- name: by_status_and_reason
-- template: how many in each status were given each reason.
SELECT c.status, c.reason, sum(c.count)::bigint AS count
FROM ({counted}) AS c
GROUP BY 1, 2
HAVING sum(c.count) > 0
ORDER BY count DESC, c.status, c.reason
LIMIT %(rows_max)s;

-- name: by_way
-- template: how many went each way.
SELECT c.kind, c.from_stage, c.to_stage, sum(c.count)::bigint AS count
FROM ({counted}) AS c
GROUP BY 1, 2, 3
ORDER BY count DESC, c.kind, c.from_stage, c.to_stage
LIMIT %(rows_max)s;

-- name: by_kind_and_cause
-- template: how many moves of each kind by each cause.
SELECT c.kind, c.cause, sum(c.count)::bigint AS count
FROM ({counted}) AS c
GROUP BY 1, 2
ORDER BY c.kind, count DESC, c.cause
LIMIT %(rows_max)s;

-- name: by_person
-- template: how many moves each person made, by name: nobody is ranked.
SELECT a.name AS person, sum(c.count)::bigint AS count, count(DISTINCT c.transition) AS transitions
FROM ({counted}) AS c
JOIN viertakt.actor AS a ON a.actor = c.actor
GROUP BY a.actor, a.name
ORDER BY a.name, a.actor
LIMIT %(rows_max)s;

-- name: by_weekday_and_hour
-- template: how many on each weekday (1 is Monday) and in each hour of the reader's zone.
SELECT
    extract(ISODOW FROM c.at AT TIME ZONE %(zone)s)::integer AS weekday,
    extract(HOUR FROM c.at AT TIME ZONE %(zone)s)::integer AS hour, sum(c.count)::bigint AS count
FROM ({counted}) AS c
GROUP BY 1, 2;

-- name: by_day_and_quarter
-- template: on each day of the organisation, how many in each quarter of an hour since its midnight.
SELECT c.at AS day, c.measure, sum(c.quarters)::text AS quarters
FROM ({counted}) AS c
GROUP BY 1, 2;

-- name: waiting_on
-- On whom each stage waits, as the latest version of its kind says.
SELECT v.kind, s.key AS stage, s.value ->> 'waiting_on' AS waiting_on
FROM viertakt.kind_version AS v
CROSS JOIN LATERAL jsonb_each(v.document -> 'stages') AS s
WHERE v.version = (SELECT max(n.version) FROM viertakt.kind_version AS n WHERE n.kind = v.kind)
ORDER BY v.kind, s.key
LIMIT 10000;

-- name: kept_by_bucket_and_target
-- template: promises kept and missed in each bucket, by kind and target.
SELECT
    width_bucket(c.at, %(edges)s::timestamptz []) - 1 AS nth, c.kind, c.target, sum(c.kept)::bigint AS kept,
    sum(c.missed)::bigint AS missed
FROM ({counted}) AS c
GROUP BY 1, 2, 3
HAVING sum(c.kept) + sum(c.missed) > 0
ORDER BY 1, 2, 3;

-- name: open_by_target
-- template: how the promises of each kind and target stand now. Late is late also while the clock stands still.
SELECT
    c.kind, c.target,
    count(*) FILTER (WHERE s.standing = 'in_time') AS in_time, count(*) FILTER (WHERE s.standing = 'at_risk') AS at_risk,
    count(*) FILTER (WHERE s.standing = 'late') AS late, count(*) FILTER (WHERE s.standing = 'paused') AS paused
FROM ({counted}) AS c
CROSS JOIN LATERAL (
    SELECT
        CASE
            WHEN c.due_at < %(now)s THEN 'late'
            WHEN c.standing = 'paused' THEN 'paused'
            WHEN c.risk_at <= %(now)s THEN 'at_risk'
            ELSE 'in_time'
        END AS standing
) AS s
GROUP BY 1, 2
ORDER BY 1, 2
LIMIT %(rows_max)s;
