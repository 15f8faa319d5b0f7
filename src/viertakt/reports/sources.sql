-- name: one_snapshot
-- Everything a report reads is of one moment, so its tallies and its position agree.
SET TRANSACTION ISOLATION LEVEL REPEATABLE READ;

-- name: position_of_follower
-- How far a projection has followed the journal.
SELECT coalesce((SELECT f.position FROM viertakt.follower AS f WHERE f.name = %(name)s), 0);

-- name: found
-- fragment: the operations that a query finds as of a position, at most so many and one; {filter} is a query of the language.
late AS MATERIALIZED ({late}),

found AS MATERIALIZED (
    (
        SELECT
            o.operation_id, o.kind, o.kind_version, o.stage, o.status, o.brand, o.currency, o.amount, o.version,
            o.created_at, o.entered_at, o.closed_at, o.deadline_at
        FROM viertakt.operation AS o
        WHERE {filter} AND o.operation_id NOT IN (SELECT l.operation_id FROM late AS l)
        LIMIT %(scan_max)s
    )
    UNION ALL
    SELECT
        o.operation_id, o.kind, o.kind_version, o.stage, o.status, o.brand, o.currency, o.amount, o.version,
        o.created_at, o.entered_at, o.closed_at, o.deadline_at
    FROM late AS l
    CROSS JOIN LATERAL viertakt.operation_at(l.operation_id, l.seq) AS o
    WHERE {filter}
)

-- name: in_span
-- fragment: the rows of a {tally}: whole months by the month where it has such, the rest by its grain.
SELECT t.*
FROM viertakt.{tally} AS t
WHERE
    (
        t.grain = %(grain)s
        AND (
            (t.bucket >= %(start)s AND t.bucket < %(months_from)s)
            OR (t.bucket >= %(months_to)s AND t.bucket < %(end)s)
        )
    )
    OR (t.grain = %(months)s AND t.bucket >= %(months_from)s AND t.bucket < %(months_to)s)

-- name: created_tallied
-- fragment: operations by when they were created; what the entries after the position changed is taken back.
SELECT o.created_at AS at, o.kind, o.stage, o.status, o.brand, o.currency, o.count, o.amount
FROM (
    SELECT
        t.kind, t.stage, t.status, t.brand, t.currency, t.dimensions AS attributes, t.bucket AS created_at, t.count,
        t.amount
    FROM ({status_tally}) AS t
    WHERE t.count <> 0
    UNION ALL
    SELECT
        w.kind, w.stage, w.status, w.brand, w.currency, w.attributes, w.created_at, -w.n, -w.n * coalesce(w.amount, 0)
    FROM viertakt.tally_steps(%(position)s, (SELECT s.position FROM viertakt.sequencer AS s)) AS w
) AS o
WHERE {filter}

-- name: created_scanned
-- fragment: the same, told by the operations themselves.
WITH {found}

SELECT f.created_at AS at, f.kind, f.stage, f.status, f.brand, f.currency, 1 AS count, coalesce(f.amount, 0) AS amount
FROM found AS f

-- name: closed_tallied
-- fragment: operations that are closed, by when they were.
SELECT o.closed_at AS at, o.kind, o.stage, o.status, o.brand, o.currency, o.count, o.amount
FROM (
    SELECT t.kind, t.stage, t.status, t.brand, t.currency, t.bucket AS closed_at, t.count, t.amount
    FROM ({outcome_tally}) AS t
    WHERE t.count <> 0
) AS o
WHERE {filter}

-- name: closed_scanned
-- fragment: the same, told by the operations themselves.
WITH {found}

SELECT f.closed_at AS at, f.kind, f.stage, f.status, f.brand, f.currency, 1 AS count, coalesce(f.amount, 0) AS amount
FROM found AS f
WHERE f.closed_at IS NOT NULL

-- name: ended_tallied
-- fragment: how long closed operations took, as histograms.
SELECT o.closed_at AS at, o.kind, o.stage, o.count, o.seconds, o.histogram
FROM (
    SELECT t.kind, t.stage, t.bucket AS closed_at, t.count, t.seconds, t.histogram
    FROM ({duration_tally}) AS t
    WHERE t.measure = 'final' AND t.count <> 0
) AS o
WHERE {filter}

-- name: ended_scanned
-- fragment: the same, told by the operations themselves.
WITH {found}

SELECT
    f.closed_at AS at, f.kind, f.stage, 1 AS count, s.seconds,
    viertakt.histogram(
        ceil(ln(greatest(s.seconds, %(shortest)s)::float8) / ln(%(gamma)s::float8))::integer
    ) AS histogram
FROM found AS f
CROSS JOIN LATERAL (SELECT greatest(extract(EPOCH FROM f.closed_at - f.created_at), 0) AS seconds) AS s
WHERE f.closed_at IS NOT NULL

-- name: left_tallied
-- fragment: how long stays lasted that ended in the period, as histograms; of a kind with a calendar, the hours that count.
SELECT o.kind, o.stage, o.count, o.seconds, o.histogram
FROM (
    SELECT t.kind, t.stage, t.count, t.seconds, t.histogram
    FROM ({duration_tally}) AS t
    WHERE t.measure = 'stay'
) AS o
WHERE {filter}

-- name: left_scanned
-- fragment: the same, told by the stays of the operations that are found.
WITH {found}

SELECT
    y.kind, y.stage, 1 AS count, s.seconds,
    viertakt.histogram(
        ceil(ln(greatest(s.seconds, %(shortest)s)::float8) / ln(%(gamma)s::float8))::integer
    ) AS histogram
FROM found AS f
JOIN viertakt.kind_version AS k ON k.kind = f.kind AND k.version = f.kind_version
JOIN viertakt.stay AS y ON y.operation_id = f.operation_id
CROSS JOIN LATERAL (SELECT viertakt.seconds_between(k.calendar, y.entered_at, y.left_at) AS seconds) AS s
WHERE y.left_at >= %(start)s AND y.left_at < %(end)s AND y.left_position <= %(position)s

-- name: staying_scanned
-- fragment: how long operations have been in the stage where they are, as histograms.
WITH {found}

SELECT
    f.kind, f.stage, 1 AS count, s.seconds,
    viertakt.histogram(
        ceil(ln(greatest(s.seconds, %(shortest)s)::float8) / ln(%(gamma)s::float8))::integer
    ) AS histogram
FROM found AS f
JOIN viertakt.kind_version AS k ON k.kind = f.kind AND k.version = f.kind_version
CROSS JOIN LATERAL (SELECT viertakt.seconds_between(k.calendar, f.entered_at, %(now)s::timestamptz) AS seconds) AS s

-- name: reasons_tallied
-- fragment: closed operations by the reasons given on their way.
SELECT o.status, o.reason, o.count
FROM (
    SELECT t.bucket AS closed_at, t.kind, t.status, t.reason, t.count
    FROM viertakt.reason_tally AS t
    WHERE t.bucket >= %(start)s AND t.bucket < %(end)s AND t.count <> 0
) AS o
WHERE {filter}

-- name: reasons_scanned
-- fragment: the same, told by the history of the operations that are found.
WITH {found}

SELECT f.status, r.reason, 1 AS count
FROM found AS f
CROSS JOIN LATERAL (
    SELECT DISTINCT e.reason FROM viertakt.entry AS e
    WHERE e.operation_id = f.operation_id AND e.version <= f.version AND e.reason IS NOT NULL
) AS r
WHERE f.closed_at IS NOT NULL

-- name: ways_tallied
-- fragment: operations created in the period, by the ways they went.
SELECT o.kind, o.from_stage, o.to_stage, o.count
FROM (
    SELECT t.bucket AS created_at, t.kind, t.from_stage, t.to_stage, t.count
    FROM viertakt.way_tally AS t
    WHERE t.bucket >= %(start)s AND t.bucket < %(end)s
) AS o
WHERE {filter}

-- name: ways_scanned
-- fragment: the same, told by the stays of the operations that are found.
WITH {found}

SELECT DISTINCT f.operation_id, f.kind, y.stage AS from_stage, y.next_stage AS to_stage, 1 AS count
FROM found AS f
JOIN viertakt.stay AS y ON y.operation_id = f.operation_id
WHERE y.left_position <= %(position)s

-- name: moves_tallied
-- fragment: openings and moves, by when they took effect and by what cause.
SELECT o.at, o.kind, o.transition, o.cause, o.count
FROM (
    SELECT t.bucket AS at, t.kind, t.transition, t.cause, t.count
    FROM viertakt.move_tally AS t
    WHERE t.grain = %(grain)s AND t.bucket >= %(start)s AND t.bucket < %(end)s
) AS o
WHERE {filter}

-- name: hours_tallied
-- fragment: openings, and all moves, by day with their quarters of an hour; all days that a span touches.
SELECT o.at, o.measure, o.quarters
FROM (
    SELECT t.bucket AS at, t.measure, t.kind, t.quarters
    FROM viertakt.hour_tally AS t
    WHERE
        t.measure IN ('opened', 'moved') AND t.bucket > %(start)s - interval '25 hours' AND t.bucket < %(end)s
) AS o
WHERE {filter}

-- name: moves_scanned
-- fragment: the same, told by the history of the operations that are found.
WITH {found}

SELECT e.at, f.kind, coalesce(e.transition, e.sort) AS transition, e.cause, 1 AS count
FROM found AS f
JOIN viertakt.entry AS e ON e.operation_id = f.operation_id
WHERE e.at >= %(start)s AND e.at < %(end)s AND e.sort IN ('opened', 'moved') AND e.version <= f.version

-- name: people_tallied
-- fragment: what people moved.
SELECT o.actor, o.transition, o.count
FROM (
    SELECT t.actor, t.kind, t.transition, t.count
    FROM ({person_tally}) AS t
) AS o
WHERE {filter}

-- name: people_scanned
-- fragment: the same, told by the history of the operations that are found.
WITH {found}

SELECT e.actor, coalesce(e.transition, e.sort) AS transition, 1 AS count
FROM found AS f
JOIN viertakt.entry AS e ON e.operation_id = f.operation_id
WHERE
    e.at >= %(start)s AND e.at < %(end)s AND e.sort IN ('opened', 'moved') AND e.version <= f.version
    AND e.actor LIKE 'person:%%'

-- name: decided_tallied
-- fragment: promises that were kept or missed, by when that was decided.
SELECT o.at, o.kind, o.target, o.kept, o.missed
FROM (
    SELECT t.bucket AS at, t.kind, t.target, t.brand, t.kept, t.missed
    FROM viertakt.target_tally AS t
    WHERE t.grain = %(grain)s AND t.bucket >= %(start)s AND t.bucket < %(end)s
) AS o
WHERE {filter}

-- name: decided_scanned
-- fragment: the same, told by the promises of the operations that are found.
WITH {found}

SELECT
    p.decided_at AS at, p.kind, p.target, (p.standing = 'kept')::integer AS kept,
    (p.standing = 'missed')::integer AS missed
FROM found AS f
JOIN viertakt.promise AS p ON p.operation_id = f.operation_id
WHERE p.decided_at >= %(start)s AND p.decided_at < %(end)s

-- name: promised_tallied
-- fragment: promises that are neither kept nor missed yet; only open operations have such.
SELECT o.kind, o.target, o.standing, o.risk_at, o.due_at
FROM (
    SELECT p.kind, p.brand, p.target, p.standing, p.risk_at, p.due_at, 'pending' AS status
    FROM viertakt.promise AS p
    WHERE p.standing IN ('running', 'paused')
) AS o
WHERE {filter}

-- name: promised_scanned
-- fragment: the same of the operations that are found.
WITH {found}

SELECT p.kind, p.target, p.standing, p.risk_at, p.due_at
FROM found AS f
JOIN viertakt.promise AS p ON p.operation_id = f.operation_id
WHERE p.standing IN ('running', 'paused')
