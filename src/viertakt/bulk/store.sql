-- name: places
-- Of which kinds and in which stages the operations of a job stand.
SELECT DISTINCT o.kind, o.stage
FROM viertakt.bulk_item AS i
JOIN viertakt.operation AS o ON o.operation_id = i.operation_id
WHERE i.bulk_id = %(bulk_id)s;

-- name: primary_clock
-- The moment against which a query's relative times are read.
SELECT now();

-- name: freeze_query
-- template: the operations that a query finds at this moment, each with its version; {filter} is a query of the language.
INSERT INTO viertakt.bulk_item (bulk_id, n, operation_id, version)
SELECT
    %(bulk_id)s::uuid, row_number() OVER (ORDER BY f.operation_id)::integer, f.operation_id, f.version
FROM (
    SELECT
        o.operation_id, o.version
    FROM viertakt.operation AS o
    WHERE {filter}
    LIMIT %(items_max)s
) AS f;

-- name: freeze_ids
-- template: the named operations, each once, in the order they were named; {filter} is what may be seen of them.
INSERT INTO viertakt.bulk_item (bulk_id, n, operation_id, version, state, code)
SELECT
    %(bulk_id)s::uuid, w.n::integer, w.operation_id, coalesce(o.version, 0),
    CASE WHEN o.version IS NULL THEN 'skipped' ELSE 'waiting' END,
    CASE WHEN o.version IS NULL THEN 'not_found' END
FROM (
    SELECT min(i.n) AS n, i.value::uuid AS operation_id
    FROM json_array_elements_text(%(ids)s::json) WITH ORDINALITY AS i (value, n)
    GROUP BY 2
) AS w
LEFT JOIN viertakt.operation AS o ON o.operation_id = w.operation_id AND {filter};

-- name: freeze_undo
-- template: what another job moved, as it stands now; what somebody has moved on since is theirs to decide.
INSERT INTO viertakt.bulk_item (bulk_id, n, operation_id, version, state, code)
SELECT
    %(bulk_id)s::uuid, f.n, f.operation_id, coalesce(f.version, 0),
    CASE WHEN f.code IS NULL THEN 'waiting' ELSE 'skipped' END, f.code
FROM (
    SELECT
        i.n, i.operation_id, o.version,
        CASE
            WHEN o.version IS NULL THEN 'not_found'
            WHEN i.state = 'asked' THEN 'was_asked'
            WHEN EXISTS (
                SELECT
                FROM viertakt.entry AS e
                WHERE
                    e.operation_id = i.operation_id AND e.version > i.moved_version AND e.sort = 'moved'
                    AND e.cause IN ('manual', 'bulk', 'undo')
            ) THEN 'moved_since'
        END AS code
    FROM viertakt.bulk_item AS i
    LEFT JOIN viertakt.operation AS o ON o.operation_id = i.operation_id AND {filter}
    WHERE i.bulk_id = %(undoes)s::uuid AND i.state IN ('done', 'asked')
) AS f;

-- name: freeze_undo_work
-- template: what another job assigned or tagged, each with what was before.
INSERT INTO viertakt.bulk_item (bulk_id, n, operation_id, version, before, state, code)
SELECT
    %(bulk_id)s::uuid, i.n, i.operation_id, coalesce(o.version, 0), i.before,
    CASE WHEN o.version IS NULL OR i.before IS NULL THEN 'skipped' ELSE 'waiting' END,
    CASE WHEN o.version IS NULL THEN 'not_found' WHEN i.before IS NULL THEN 'before_unknown' END
FROM viertakt.bulk_item AS i
LEFT JOIN viertakt.operation AS o ON o.operation_id = i.operation_id AND {filter}
WHERE i.bulk_id = %(undoes)s::uuid AND i.state = 'done';

-- name: count_items
-- How many items a job has, and how many of them have been skipped so far, by why.
SELECT i.code, count(*) FROM viertakt.bulk_item AS i WHERE i.bulk_id = %(bulk_id)s GROUP BY i.code;

-- name: read_frozen
-- Some waiting items with their operations as they stand, for the dry run.
SELECT coalesce(json_agg(json_build_array(
    i.n, i.version, viertakt.operation_document(o), i.before
) ORDER BY i.n), '[]'::json)::text
FROM (
    SELECT w.n, w.operation_id, w.version, w.before
    FROM viertakt.bulk_item AS w
    WHERE w.bulk_id = %(bulk_id)s AND w.n > %(after)s AND w.state = 'waiting'
    ORDER BY w.n
    LIMIT %(limit)s
) AS i
JOIN viertakt.operation AS o ON o.operation_id = i.operation_id;

-- name: skip_items
-- What the dry run says cannot be moved is not tried.
UPDATE viertakt.bulk_item AS i
SET state = 'skipped', code = s.code
FROM json_to_recordset(%(rows)s::json) AS s (n integer, code text)
WHERE i.bulk_id = %(bulk_id)s AND i.n = s.n;

-- name: add_job
-- A job with what its dry run says; its items are there already.
INSERT INTO viertakt.bulk_job (
    bulk_id, transition, reason, comment, undoes, query, scope, asked_by, preview, needs, total, affected, skipped, key,
    body_digest, verb, work, parts
)
VALUES (
    %(bulk_id)s, %(transition)s, %(reason)s, %(comment)s, %(undoes)s, %(query)s, %(scope)s::jsonb, %(asked_by)s,
    %(preview)s::jsonb, %(needs)s::jsonb, %(total)s, %(affected)s, %(skipped)s, %(key)s, %(body_digest)s,
    %(verb)s, %(work)s::jsonb, %(parts)s::jsonb
);

-- name: job_of_key
-- The job that an actor's request key has made.
SELECT j.bulk_id FROM viertakt.bulk_job AS j WHERE j.asked_by = %(actor)s AND j.key = %(key)s;

-- name: lock_job
-- A job that is about to be changed.
SELECT j.bulk_id FROM viertakt.bulk_job AS j WHERE j.bulk_id = %(bulk_id)s FOR UPDATE;

-- name: read_jobs
-- Jobs as they stand: one, or the newest before a moment.
SELECT coalesce(json_agg((to_jsonb(j) - 'parts') || jsonb_build_object(
    'asked_by_name', a.name, 'now', now(),
    'undone_by', (
        SELECT u.bulk_id FROM viertakt.bulk_job AS u
        WHERE u.undoes = j.bulk_id AND u.state NOT IN ('ready', 'declined')
        ORDER BY u.asked_at DESC
        LIMIT 1
    ),
    'consents', (
        SELECT coalesce(json_agg(json_build_object(
            'actor', c.actor, 'name', p.name, 'at', c.at, 'on_behalf_of', c.on_behalf_of, 'on_behalf_of_name', f.name
        ) ORDER BY c.at), '[]')
        FROM viertakt.bulk_consent AS c
        JOIN viertakt.actor AS p ON p.actor = c.actor
        LEFT JOIN viertakt.actor AS f ON f.actor = c.on_behalf_of
        WHERE c.bulk_id = j.bulk_id
    )
) ORDER BY j.asked_at DESC, j.bulk_id DESC), '[]')::text
FROM (
    SELECT b.*
    FROM viertakt.bulk_job AS b
    WHERE
        (%(bulk_id)s::uuid IS NULL OR b.bulk_id = %(bulk_id)s)
        AND (NOT %(at_work)s::boolean OR (b.state = 'running' AND b.starts_at <= now()))
    ORDER BY b.asked_at DESC, b.bulk_id DESC
    LIMIT %(limit)s
) AS j
JOIN viertakt.actor AS a ON a.actor = j.asked_by;

-- name: change_job
-- A job in another state; what is not given stays.
UPDATE viertakt.bulk_job AS j
SET
    state = %(state)s,
    starts_at = CASE WHEN %(after)s::interval IS NULL THEN j.starts_at ELSE clock_timestamp() + %(after)s END,
    waits_until = CASE WHEN %(waits)s::interval IS NULL THEN j.waits_until ELSE clock_timestamp() + %(waits)s END,
    ended_at = CASE WHEN %(state)s IN ('done', 'cancelled', 'declined') THEN clock_timestamp() END,
    said = coalesce(%(said)s, j.said)
WHERE j.bulk_id = %(bulk_id)s;

-- name: add_consent
-- Somebody's yes to a whole job.
INSERT INTO viertakt.bulk_consent (bulk_id, actor, granted_by, on_behalf_of)
VALUES (%(bulk_id)s, %(actor)s, %(granted_by)s, %(on_behalf_of)s);

-- name: read_parts
-- The places in which a job moves operations; read only where somebody may be asked to consent.
SELECT j.parts::text FROM viertakt.bulk_job AS j WHERE j.bulk_id = %(bulk_id)s;

-- name: expire_jobs
-- What was asked for too long ago was asked for in another world.
UPDATE viertakt.bulk_job AS j
SET state = 'cancelled', said = 'expired', ended_at = clock_timestamp()
WHERE j.state = 'waiting' AND j.waits_until <= clock_timestamp();

-- name: claim_items
-- The next waiting items, for as long as the lease lasts; a worker that died leaves its own to whoever comes after it.
WITH next AS MATERIALIZED (
    SELECT w.n
    FROM viertakt.bulk_item AS w
    WHERE
        w.bulk_id = %(bulk_id)s AND w.n > %(after)s AND w.state = 'waiting'
        AND (w.leased_until IS NULL OR w.leased_until < now())
    ORDER BY w.n
    LIMIT %(limit)s
    FOR UPDATE SKIP LOCKED
),

claimed AS (
    UPDATE viertakt.bulk_item AS i
    SET attempt = i.attempt + 1, leased_until = now() + %(lease)s::interval
    FROM next
    WHERE i.bulk_id = %(bulk_id)s AND i.n = next.n
    RETURNING i.n, i.operation_id, i.version, i.attempt, i.before
)

SELECT coalesce(json_agg(json_build_array(
    c.n, c.operation_id, c.version, c.attempt, o.kind, o.kind_version, c.before
) ORDER BY c.n), '[]'::json)::text
FROM claimed AS c
JOIN viertakt.operation AS o ON o.operation_id = c.operation_id;

-- name: settle_items
-- What came of claimed items, and the job's counts with it; of an item that another has claimed since, nothing is kept.
WITH told AS MATERIALIZED (
    SELECT t.*
    FROM json_to_recordset(%(rows)s::json) AS t (
        n integer, attempt integer, state text, code text, detail text, entry_seq bigint, moved_version integer, before jsonb
    )
),

settled AS (
    UPDATE viertakt.bulk_item AS i
    SET
        state = t.state, code = t.code, detail = t.detail, entry_seq = t.entry_seq, moved_version = t.moved_version,
        before = coalesce(t.before, i.before), leased_until = NULL, settled_at = clock_timestamp()
    FROM told AS t
    WHERE i.bulk_id = %(bulk_id)s AND i.n = t.n AND i.attempt = t.attempt AND i.state = 'waiting'
    RETURNING i.state
),

counted AS (
    SELECT
        count(*) FILTER (WHERE s.state = 'done') AS done, count(*) FILTER (WHERE s.state = 'asked') AS asked,
        count(*) FILTER (WHERE s.state = 'skipped') AS skipped, count(*) FILTER (WHERE s.state = 'failed') AS failed
    FROM settled AS s
)

UPDATE viertakt.bulk_job AS j
SET
    done = j.done + c.done, asked = j.asked + c.asked, skipped = j.skipped + c.skipped, failed = j.failed + c.failed,
    worked_seconds = j.worked_seconds + %(seconds)s
FROM counted AS c
WHERE j.bulk_id = %(bulk_id)s;

-- name: finish_job
-- A job of which nothing waits any more has ended.
UPDATE viertakt.bulk_job AS j
SET state = 'done', ended_at = clock_timestamp()
WHERE
    j.bulk_id = %(bulk_id)s AND j.state = 'running'
    AND NOT EXISTS (SELECT FROM viertakt.bulk_item AS i WHERE i.bulk_id = j.bulk_id AND i.state = 'waiting');

-- name: retry_failed
-- Failed items wait again, under the keys they had.
WITH again AS (
    UPDATE viertakt.bulk_item AS i
    SET state = 'waiting', code = NULL, detail = NULL, settled_at = NULL
    WHERE i.bulk_id = %(bulk_id)s AND i.state = 'failed'
    RETURNING i.n
)

UPDATE viertakt.bulk_job AS j
SET failed = j.failed - (SELECT count(*) FROM again)
WHERE j.bulk_id = %(bulk_id)s;

-- name: list_items
-- A job's items after a number, with what their operations are called.
SELECT coalesce(json_agg(json_build_object(
    'n', i.n, 'operation_id', i.operation_id, 'state', i.state, 'code', i.code, 'detail', i.detail,
    'entry_seq', i.entry_seq, 'settled_at', i.settled_at, 'kind', o.kind, 'reference', o.reference
) ORDER BY i.n), '[]'::json)::text
FROM (
    SELECT w.*
    FROM viertakt.bulk_item AS w
    WHERE w.bulk_id = %(bulk_id)s AND w.n > %(after)s AND (%(state)s::text IS NULL OR w.state = %(state)s)
    ORDER BY w.n
    LIMIT %(limit)s
) AS i
LEFT JOIN viertakt.operation AS o ON o.operation_id = i.operation_id AND i.version > 0;

-- name: prune_items
-- The items of jobs that nobody started within a day.
DELETE FROM viertakt.bulk_item AS i
USING viertakt.bulk_job AS j
WHERE j.bulk_id = i.bulk_id AND j.state = 'ready' AND j.asked_at < now() - interval '1 day';

-- name: prune_jobs
-- Jobs that nobody started within a day.
DELETE FROM viertakt.bulk_job AS j WHERE j.state = 'ready' AND j.asked_at < now() - interval '1 day';

-- name: standing
-- How many jobs are not over, by state, and how many items of running ones wait.
SELECT
    (
        SELECT coalesce(json_object_agg(j.state, j.count), '{}'::json)::text
        FROM (
            SELECT b.state, count(*) AS count FROM viertakt.bulk_job AS b
            WHERE b.state IN ('waiting', 'running', 'paused')
            GROUP BY b.state
        ) AS j
    ) AS jobs,
    (
        SELECT count(*) FROM viertakt.bulk_job AS b
        JOIN viertakt.bulk_item AS i ON i.bulk_id = b.bulk_id AND i.state = 'waiting'
        WHERE b.state = 'running'
    ) AS waiting;
