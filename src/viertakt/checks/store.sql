-- name: project_runs
-- A run for each version that came to a checked stage between two positions and still stands there. What is told later
-- than it happened, an import above all, was examined by whoever did it then.
WITH examined AS MATERIALIZED (
    SELECT
        v.kind, v.version, s.key AS stage, w.sort, w.every,
        w.sort = 're_ask' OR EXISTS (
            SELECT FROM jsonb_array_elements_text(s.value -> 'checks' -> 'run') AS r (name)
            WHERE coalesce(v.document -> 'checks' -> r.name ->> 'http', v.document -> 'checks' -> r.name ->> 'python') IS NOT NULL
        ) AS outside
    FROM viertakt.kind_version AS v
    CROSS JOIN LATERAL jsonb_each(v.document -> 'stages') AS s
    CROSS JOIN LATERAL (
        VALUES ('checks', interval '0', s.value -> 'checks'),
        ('re_ask', (s.value -> 're_ask' ->> 'every')::interval, s.value -> 're_ask')
    ) AS w (sort, every, declared)
    WHERE jsonb_typeof(w.declared) = 'object'
)

INSERT INTO viertakt.check_run (operation_id, version, sort, kind, kind_version, stage, outside, due_at)
SELECT o.operation_id, o.version, x.sort, o.kind, o.kind_version, o.stage, x.outside, e.recorded_at + x.every
FROM viertakt.journal AS j
JOIN viertakt.entry AS e ON e.operation_id = j.operation_id AND e.entry_seq = j.entry_seq
JOIN viertakt.operation AS o ON o.operation_id = e.operation_id AND o.version = e.version
JOIN examined AS x ON x.kind = o.kind AND x.version = o.kind_version AND x.stage = o.stage
WHERE
    j.position > %(after)s AND j.position <= %(upto)s
    AND e.sort IN ('opened', 'moved', 'amended')
    AND e.cause <> 'import' AND e.at > e.recorded_at - %(told_late)s::interval
ON CONFLICT ON CONSTRAINT version_is_examined_once DO NOTHING;

-- name: claim_runs
-- template: the next runs that are due, for as long as the lease lasts; outside, nobody is asked about {held}.
WITH due AS MATERIALIZED (
    SELECT r.operation_id, r.version, r.sort
    FROM viertakt.check_run AS r
    WHERE
        r.settled_at IS NULL AND r.outside = %(outside)s AND r.due_at <= %(looked_at)s
        AND r.due_at > coalesce(%(since)s::timestamptz, '-infinity')
        AND NOT EXISTS (
            SELECT FROM viertakt.operation AS o WHERE r.outside AND o.operation_id = r.operation_id AND {held}
        )
    ORDER BY r.due_at, r.operation_id, r.version, r.sort
    LIMIT %(limit)s
    FOR NO KEY UPDATE SKIP LOCKED
),

claimed AS (
    UPDATE viertakt.check_run AS r
    SET attempt = r.attempt + 1, due_at = now() + %(lease)s::interval
    FROM due AS d
    WHERE r.operation_id = d.operation_id AND r.version = d.version AND r.sort = d.sort
    RETURNING r.*
)

SELECT coalesce(json_agg(c), '[]'::json)::text FROM claimed AS c;

-- name: spread_runs
-- template: what is to be asked outside about {found}, or was kept from sending, goes on one after the other and so many a
-- minute: each as soon as it is due, but no sooner than that after the one before. Answers that were to come later have the time
-- back that nobody waited. When the last goes that had to wait.
WITH waiting AS (
    SELECT
        r.operation_id, r.version, r.sort, r.due_at AS was_due_at,
        CASE WHEN r.state = 'later' THEN r.due_at + %(waited)s::interval ELSE greatest(r.due_at, now()) END AS due_at,
        r.state = 'later' AS later
    FROM viertakt.check_run AS r
    JOIN viertakt.operation AS o ON o.operation_id = r.operation_id
    WHERE r.settled_at IS NULL AND (r.outside OR r.said = 'on_hold') AND {found}
),

placed AS (
    SELECT
        w.*,
        (row_number() OVER (PARTITION BY w.later ORDER BY w.due_at, w.operation_id, w.version, w.sort) - 1)
        * %(apart)s::interval AS behind
    FROM waiting AS w
),

spread AS (
    SELECT
        p.operation_id, p.version, p.sort, p.later, p.was_due_at,
        CASE
            WHEN p.later THEN p.due_at
            -- The n-th goes when it and all before it may: the latest of what is due, each with the room for those between.
            ELSE max(p.due_at - p.behind) OVER (
                PARTITION BY p.later ORDER BY p.behind ROWS UNBOUNDED PRECEDING
            ) + p.behind
        END AS due_at
    FROM placed AS p
),

moved AS (
    UPDATE viertakt.check_run AS r
    SET due_at = s.due_at
    FROM spread AS s
    WHERE r.operation_id = s.operation_id AND r.version = s.version AND r.sort = s.sort AND r.settled_at IS NULL
    RETURNING s.due_at, NOT s.later AND s.due_at > s.was_due_at AS has_waited
)

SELECT max(m.due_at) AS asked_until FROM moved AS m WHERE m.has_waited;

-- name: hold_run
-- The lease anew, for this attempt alone: who lost it makes no move. Only a run at rest with "later" is answered unclaimed.
UPDATE viertakt.check_run AS r
SET due_at = now() + %(lease)s::interval
WHERE
    r.operation_id = %(operation_id)s AND r.version = %(version)s AND r.sort = %(sort)s
    AND r.attempt = %(attempt)s AND r.settled_at IS NULL;

-- name: fence_run
-- An answer came after another had taken the run over, or after it was done.
UPDATE viertakt.check_run AS r
SET fenced = r.fenced + 1
WHERE r.operation_id = %(operation_id)s AND r.version = %(version)s AND r.sort = %(sort)s;

-- name: settle_runs
-- What came of claimed runs, of those that are still this attempt's.
UPDATE viertakt.check_run AS r
SET
    state = t.state, tries = t.tries, found = coalesce(t.found, '[]'::jsonb), verdict = t.verdict, said = t.said,
    due_at = now() + make_interval(secs => coalesce(t.rest, 0)),
    settled_at = CASE WHEN t.state IN ('done', 'void', 'refused') THEN clock_timestamp() END
FROM json_to_recordset(%(rows)s::json) AS t (
    operation_id uuid, version integer, sort text, attempt integer, state text, tries integer, found jsonb,
    verdict text, said text, rest double precision
)
WHERE
    r.operation_id = t.operation_id AND r.version = t.version AND r.sort = t.sort
    AND r.attempt = t.attempt AND r.settled_at IS NULL;

-- name: read_runs
-- template: runs, the newest first, of operations that are in sight; {sight} is what may be seen of them.
SELECT coalesce(json_agg(found.run), '[]'::json)::text
FROM (
    SELECT json_build_object(
        'operation_id', r.operation_id, 'reference', o.reference, 'version', r.version, 'sort', r.sort, 'kind', r.kind,
        'stage', r.stage, 'state', r.state, 'attempt', r.attempt, 'tries', r.tries, 'fenced', r.fenced,
        'due_at', r.due_at, 'started_at', r.started_at, 'found', r.found, 'verdict', r.verdict, 'said', r.said,
        'settled_at', r.settled_at
    ) AS run
    FROM viertakt.check_run AS r
    JOIN viertakt.operation AS o ON o.operation_id = r.operation_id
    WHERE
        (%(operation_id)s::uuid IS NULL OR r.operation_id = %(operation_id)s)
        AND (%(version)s::integer IS NULL OR r.version = %(version)s)
        AND (%(sort)s::text IS NULL OR r.sort = %(sort)s)
        AND (%(kind)s::text IS NULL OR r.kind = %(kind)s)
        AND (%(state)s::text IS NULL OR r.state = %(state)s)
        AND (%(verdict)s::text IS NULL OR r.verdict = %(verdict)s)
        AND {sight}
    ORDER BY r.started_at DESC, r.operation_id, r.version, r.sort
    LIMIT %(limit)s
) AS found;

-- name: run_again
-- Examine this version once more: everything is asked anew.
UPDATE viertakt.check_run AS r
SET state = 'due', due_at = now(), attempt = r.attempt + 1, tries = 0, found = '[]', verdict = NULL, said = NULL, settled_at = NULL
WHERE r.operation_id = %(operation_id)s AND r.version = %(version)s;

-- name: answer_run
-- What was said to come later has come, for the attempt that waits for this check: the worker lets it act at once.
UPDATE viertakt.check_run AS r
SET found = r.found || %(finding)s::jsonb, state = 'due', due_at = now(), tries = 0, said = NULL
WHERE
    r.operation_id = %(operation_id)s AND r.version = %(version)s AND r.sort = %(sort)s
    AND r.attempt = %(attempt)s AND r.state = 'later' AND r.said = %(check)s;

-- name: target_failed
-- Whom asking has failed once more; after so many times in a row nobody asks for a while.
INSERT INTO viertakt.check_target AS t (target, failures, failed_at, said)
VALUES (%(target)s, 1, now(), %(said)s)
ON CONFLICT (target) DO UPDATE SET
    failures = t.failures + 1, failed_at = now(), said = excluded.said,
    rests_until = CASE WHEN t.failures + 1 >= %(failures_max)s THEN now() + %(rest)s::interval END;

-- name: target_answered
-- Whoever answers has not failed.
DELETE FROM viertakt.check_target WHERE target = %(target)s;

-- name: target_rests
-- Whether nobody asks it now.
SELECT EXISTS (
    SELECT FROM viertakt.check_target AS t WHERE t.target = %(target)s AND t.rests_until > now()
);

-- name: list_targets
-- Whom asking has failed lately, the worst first.
SELECT coalesce(json_agg(json_build_object(
    'target', t.target, 'failures', t.failures, 'rests_until', t.rests_until, 'said', t.said
) ORDER BY t.failures DESC, t.target), '[]'::json)::text
FROM (SELECT * FROM viertakt.check_target ORDER BY failures DESC, target LIMIT 200) AS t;

-- name: prune_runs
-- Forget runs that were done long ago; what they said stands in the entry of the move.
DELETE FROM viertakt.check_run WHERE settled_at < now() - %(kept)s::interval;
