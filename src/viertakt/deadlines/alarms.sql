-- name: schedule_steps
-- When to tell of the promises of operations that these positions touched; what was told is told again only where the
-- promise was put off since.
INSERT INTO viertakt.promise_step AS s (operation_id, target, ordinal, step, due_at)
SELECT p.operation_id, p.target, p.ordinal, v.step, v.due_at
FROM (
    SELECT DISTINCT j.operation_id FROM viertakt.journal AS j
    WHERE j.position > %(after)s::bigint AND j.position <= %(upto)s::bigint
) AS t
CROSS JOIN LATERAL (
    SELECT k.* FROM viertakt.promise AS k WHERE k.operation_id = t.operation_id AND k.standing IN ('running', 'paused')
) AS p
CROSS JOIN LATERAL (VALUES ('warned', p.risk_at), ('breached', p.due_at)) AS v (step, due_at)
ON CONFLICT (operation_id, target, ordinal, step) DO UPDATE SET
    due_at = excluded.due_at,
    told_at = CASE WHEN excluded.due_at > s.told_at THEN NULL ELSE s.told_at END
WHERE s.due_at IS DISTINCT FROM excluded.due_at;

-- name: drop_steps
-- Of promises that have been decided since nothing more is told. Looked up by operation, whatever is known of the tables: a
-- plan that reads them whole made this a third of what the database did for a thousand moves a second.
DELETE FROM viertakt.promise_step AS s
USING (
    SELECT DISTINCT j.operation_id FROM viertakt.journal AS j
    WHERE j.position > %(after)s::bigint AND j.position <= %(upto)s::bigint
) AS t
CROSS JOIN LATERAL (
    SELECT k.target, k.ordinal, k.step FROM viertakt.promise_step AS k
    WHERE
        k.operation_id = t.operation_id AND k.told_at IS NULL
        AND coalesce((
            SELECT p.standing FROM viertakt.promise AS p
            WHERE p.operation_id = k.operation_id AND p.target = k.target AND p.ordinal = k.ordinal
        ), 'dropped') NOT IN ('running', 'paused')
) AS d
WHERE s.operation_id = t.operation_id AND s.target = d.target AND s.ordinal = d.ordinal AND s.step = d.step;

-- name: tell_steps
-- The next promises that are nearly or already broken: each told in its operation's history, once. The history is asked
-- again, for the operation may have moved since it was followed; where it has, the moment is put right instead.
WITH due AS MATERIALIZED (
    SELECT s.operation_id, s.target, s.ordinal, s.step
    FROM viertakt.promise_step AS s
    WHERE s.told_at IS NULL AND s.due_at <= now()
    ORDER BY s.due_at, s.operation_id
    LIMIT %(limit)s
    FOR UPDATE SKIP LOCKED
),

stands AS MATERIALIZED (
    SELECT
        d.operation_id, d.target, d.ordinal, d.step, p.due_at AS broken_at,
        CASE
            WHEN p.standing NOT IN ('running', 'paused') THEN NULL
            WHEN d.step = 'warned' THEN p.risk_at
            ELSE p.due_at
        END AS due_at
    FROM due AS d
    LEFT JOIN LATERAL (
        SELECT q.* FROM viertakt.promises_of(d.operation_id, 9223372036854775807) AS q
        WHERE q.target = d.target AND q.ordinal = d.ordinal
    ) AS p ON true
),

put_right AS (
    UPDATE viertakt.promise_step AS s
    SET due_at = n.due_at, told_at = CASE WHEN n.due_at <= now() THEN now() END
    FROM stands AS n
    WHERE
        s.operation_id = n.operation_id AND s.target = n.target AND s.ordinal = n.ordinal AND s.step = n.step
    RETURNING s.operation_id
),

told AS (
    INSERT INTO viertakt.entry (
        operation_id, sort, from_stage, from_status, actor, granted_by, cause, data, at
    )
    SELECT
        n.operation_id, n.step, o.stage, o.status, %(actor)s, %(actor)s, 'deadline',
        jsonb_build_object('target', n.target, 'due_at', n.broken_at), clock_timestamp()
    FROM stands AS n
    JOIN viertakt.operation AS o ON o.operation_id = n.operation_id
    WHERE n.due_at <= now()
    ORDER BY n.operation_id
    RETURNING operation_id, sort, data
)

SELECT json_build_object(
    'looked', (SELECT count(*) FROM put_right),
    'told', coalesce((
        SELECT json_agg(json_build_array(t.operation_id, t.sort, t.data ->> 'target', o.kind, o.kind_version))
        FROM told AS t
        JOIN viertakt.operation AS o ON o.operation_id = t.operation_id
    ), '[]'::json)
)::text;

-- name: find_stalled
-- What nothing will move by itself (`is:stuck`) and has not been told of at this version: told in its history, once.
WITH stuck AS MATERIALIZED (
    SELECT o.operation_id, o.version, o.kind, o.stage, o.status, coalesce(o.deadline_at, o.entered_at) AS since
    FROM viertakt.operation AS o
    JOIN viertakt.kind_version AS v ON v.kind = o.kind AND v.version = o.kind_version
    WHERE
        o.status = 'pending'
        AND (
            o.deadline_at < now() - interval '1 hour'
            OR o.entered_at < now() - (v.silences ->> o.stage)::interval
            OR (
                o.deadline_at IS NULL AND o.waiting_on IN ('system', 'provider')
                AND o.entered_at < now() - interval '24 hours' AND NOT v.silences ? o.stage
            )
        )
        AND NOT EXISTS (
            SELECT FROM viertakt.stalled AS s WHERE s.operation_id = o.operation_id AND s.version = o.version
        )
    ORDER BY o.operation_id
    LIMIT %(limit)s
),

noted AS (
    INSERT INTO viertakt.stalled AS s (operation_id, version)
    SELECT t.operation_id, t.version FROM stuck AS t
    ORDER BY t.operation_id
    ON CONFLICT (operation_id) DO UPDATE SET version = excluded.version, found_at = now()
    WHERE s.version <> excluded.version
    RETURNING s.operation_id
),

told AS (
    INSERT INTO viertakt.entry (
        operation_id, sort, from_stage, from_status, actor, granted_by, cause, data, at
    )
    SELECT
        t.operation_id, 'stalled', t.stage, t.status, %(actor)s, %(actor)s, 'deadline',
        jsonb_build_object('since', t.since), clock_timestamp()
    FROM stuck AS t
    WHERE t.operation_id IN (SELECT n.operation_id FROM noted AS n)
)

SELECT coalesce(json_agg(json_build_array(c.kind, c.stage, c.count) ORDER BY c.kind, c.stage), '[]'::json)::text
FROM (
    SELECT t.kind, t.stage, count(*) AS count
    FROM stuck AS t
    WHERE t.operation_id IN (SELECT n.operation_id FROM noted AS n)
    GROUP BY t.kind, t.stage
) AS c;

-- name: prune_stalled
-- Forget what has moved on since.
DELETE FROM viertakt.stalled AS s
USING viertakt.operation AS o
WHERE o.operation_id = s.operation_id AND (o.version <> s.version OR o.status <> 'pending');

-- name: count_stalled
-- How many are stuck, of those that were told of, by kind.
SELECT o.kind, count(*) AS count
FROM viertakt.stalled AS s
JOIN viertakt.operation AS o ON o.operation_id = s.operation_id AND o.version = s.version AND o.status = 'pending'
GROUP BY o.kind
ORDER BY o.kind
LIMIT 1000;

-- name: count_breached
-- How many open promises have been broken, of those that were told of.
SELECT count(*) FROM viertakt.promise_step AS s
JOIN viertakt.promise AS p
    ON p.operation_id = s.operation_id AND p.target = s.target AND p.ordinal = s.ordinal
WHERE s.step = 'breached' AND s.told_at IS NOT NULL AND p.standing IN ('running', 'paused');

-- name: next_promises
-- Of each of these operations the open promise that is broken, or will be first, as it was followed last.
SELECT coalesce(json_agg(json_build_object(
    'operation_id', f.operation_id, 'target', f.target, 'began_at', f.began_at, 'due_at', f.due_at, 'standing', CASE
        WHEN f.due_at <= now() THEN 'late'
        WHEN f.standing = 'paused' THEN 'paused'
        WHEN f.risk_at <= now() THEN 'at_risk'
        ELSE 'in_time'
    END
)), '[]'::json)::text
FROM json_array_elements_text(%(ids)s::json) AS i (operation_id)
CROSS JOIN LATERAL (
    SELECT p.*
    FROM viertakt.promise AS p
    WHERE p.operation_id = i.operation_id::uuid AND p.standing IN ('running', 'paused')
    ORDER BY p.due_at, p.target
    LIMIT 1
) AS f;

-- name: promises_now
-- What an operation promises, as its history tells it now.
SELECT coalesce(json_agg(json_build_object(
    'target', p.target, 'began_at', p.began_at, 'due_at', p.due_at, 'decided_at', p.decided_at,
    'standing', CASE
        WHEN p.standing IN ('kept', 'missed') THEN p.standing
        WHEN p.due_at <= now() THEN 'late'
        WHEN p.standing = 'paused' THEN 'paused'
        WHEN p.risk_at <= now() THEN 'at_risk'
        ELSE 'in_time'
    END
) ORDER BY p.began_at, p.target), '[]'::json)::text
FROM viertakt.promises_of(%(operation_id)s, 9223372036854775807) AS p
WHERE p.standing <> 'dropped';
