-- name: fold_promises
-- The promises of all operations that these positions touched, told anew by their histories; what was decided, or is no
-- longer, moves the tallies by the difference.
WITH told AS MATERIALIZED (
    SELECT p.*
    FROM (
        SELECT j.operation_id, max(j.entry_seq) AS seq FROM viertakt.journal AS j
        WHERE j.position > %(after)s::bigint AND j.position <= %(upto)s::bigint
        GROUP BY j.operation_id
    ) AS t
    CROSS JOIN LATERAL viertakt.promises_of(t.operation_id, t.seq) AS p
),

step AS (
    SELECT 1 AS n, t.kind, t.brand, t.target, t.standing, t.decided_at FROM told AS t
    UNION ALL
    SELECT -1, t.kind, t.brand, t.target, p.standing, p.decided_at FROM told AS t
    CROSS JOIN LATERAL (  -- row by row: a join might read all promises there are
        SELECT k.standing, k.decided_at FROM viertakt.promise AS k
        WHERE k.operation_id = t.operation_id AND k.target = t.target AND k.ordinal = t.ordinal
        LIMIT 1
    ) AS p
),

counted AS (
    INSERT INTO viertakt.target_tally AS t (grain, bucket, kind, target, brand, kept, missed)
    SELECT
        g.grain,
        CASE g.grain WHEN 'day' THEN date_trunc('day', s.decided_at, i.zone) ELSE date_trunc('hour', s.decided_at, 'UTC') END,
        s.kind, s.target, s.brand,
        coalesce(sum(s.n) FILTER (WHERE s.standing = 'kept'), 0), coalesce(sum(s.n) FILTER (WHERE s.standing = 'missed'), 0)
    FROM step AS s
    CROSS JOIN viertakt.installation AS i
    CROSS JOIN (VALUES ('day'), ('hour')) AS g (grain)
    WHERE s.decided_at IS NOT NULL AND (g.grain = 'day' OR s.decided_at >= now() - %(hours_kept)s::interval)
    GROUP BY 1, 2, 3, 4, 5
    HAVING
        coalesce(sum(s.n) FILTER (WHERE s.standing = 'kept'), 0) <> 0
        OR coalesce(sum(s.n) FILTER (WHERE s.standing = 'missed'), 0) <> 0
    ON CONFLICT ON CONSTRAINT target_counts_each_group_once
    DO UPDATE SET kept = t.kept + excluded.kept, missed = t.missed + excluded.missed
)

INSERT INTO viertakt.promise AS p (
    operation_id, target, ordinal, kind, brand, standing, began_at, seconds, risk_at, due_at, decided_at
)
SELECT
    t.operation_id, t.target, t.ordinal, t.kind, t.brand, t.standing, t.began_at, t.seconds, t.risk_at, t.due_at,
    t.decided_at
FROM told AS t
ON CONFLICT (operation_id, target, ordinal) DO UPDATE SET
    standing = excluded.standing, seconds = excluded.seconds, risk_at = excluded.risk_at, due_at = excluded.due_at,
    decided_at = excluded.decided_at
WHERE
    (p.standing, p.seconds, p.risk_at, p.due_at, p.decided_at)
    IS DISTINCT FROM (excluded.standing, excluded.seconds, excluded.risk_at, excluded.due_at, excluded.decided_at);

-- name: clear_promises
-- Nothing followed: before everything is followed again.
WITH p AS (DELETE FROM viertakt.promise)

DELETE FROM viertakt.target_tally;

-- name: prune_targets
-- Hours that are no longer kept.
DELETE FROM viertakt.target_tally WHERE grain = 'hour' AND bucket < now() - %(hours_kept)s::interval;

-- name: differing_promises
-- Operations whose promises are not what their history says as far as it has been followed, and days whose counts are not
-- those of the promises.
WITH told AS (
    SELECT p.*
    FROM (
        SELECT j.operation_id, max(j.entry_seq) AS seq FROM viertakt.journal AS j
        WHERE j.position <= (SELECT f.position FROM viertakt.follower AS f WHERE f.name = 'targets')
        GROUP BY j.operation_id
    ) AS t
    CROSS JOIN LATERAL viertakt.promises_of(t.operation_id, t.seq) AS p
),

differing AS (
    (SELECT t.* FROM told AS t EXCEPT SELECT p.* FROM viertakt.promise AS p)
    UNION
    (SELECT p.* FROM viertakt.promise AS p EXCEPT SELECT t.* FROM told AS t)
),

recount AS (
    SELECT
        date_trunc('day', p.decided_at, i.zone) AS bucket, p.kind, p.target, p.brand,
        count(*) FILTER (WHERE p.standing = 'kept') AS kept, count(*) FILTER (WHERE p.standing = 'missed') AS missed
    FROM viertakt.promise AS p
    CROSS JOIN viertakt.installation AS i
    WHERE p.decided_at IS NOT NULL
    GROUP BY 1, 2, 3, 4
),

counted AS (
    SELECT t.bucket, t.kind, t.target, t.brand, t.kept, t.missed FROM viertakt.target_tally AS t
    WHERE t.grain = 'day' AND (t.kept <> 0 OR t.missed <> 0)
)

SELECT d.operation_id::text AS found FROM differing AS d
UNION
SELECT concat_ws(' ', c.bucket, c.kind, c.target, c.brand) FROM (
    (SELECT * FROM recount EXCEPT SELECT * FROM counted)
    UNION ALL
    (SELECT * FROM counted EXCEPT SELECT * FROM recount)
) AS c
LIMIT %(limit)s;
