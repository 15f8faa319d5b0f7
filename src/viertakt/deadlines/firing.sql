-- name: look
-- The primary's clock, and whether firing is stopped.
SELECT
    clock_timestamp() AS now, EXISTS (SELECT FROM viertakt.deadline_pause AS p WHERE p.resumed_at IS NULL) AS paused;

-- name: go_by_the_index
-- Until this transaction ends: months are merged in the order of their indexes. Statistics from before a burst tell of a handful
-- that is due; by them every claim would read and sort the whole burst to take the first five hundred of it.
SELECT set_config('enable_sort', 'off', true), set_config('enable_hashjoin', 'off', true), set_config('enable_mergejoin', 'off', true);

-- name: claim_due
-- template: the next operations whose time was up at the last look, for as long as the lease lasts, but none of {held}; what was
-- claimed or refused at this very version is left alone until then. The longest overdue first.
WITH due AS MATERIALIZED (
    SELECT o.operation_id, o.version
    FROM viertakt.operation AS o
    WHERE
        o.deadline_at <= %(looked_at)s AND o.deadline_at > coalesce(%(since)s::timestamptz, '-infinity')
        AND NOT EXISTS (
            SELECT FROM viertakt.deadline_attempt AS a
            WHERE a.operation_id = o.operation_id AND a.version = o.version AND a.leased_until > now()
        )
        AND ({held}) IS NOT TRUE
    ORDER BY o.deadline_at, o.operation_id
    LIMIT %(limit)s
),

claimed AS (
    INSERT INTO viertakt.deadline_attempt AS a (operation_id, version, leased_until)
    SELECT d.operation_id, d.version, now() + %(lease)s::interval FROM due AS d
    ORDER BY d.operation_id
    ON CONFLICT (operation_id) DO UPDATE SET
        version = excluded.version,
        attempt = CASE WHEN a.version = excluded.version THEN a.attempt + 1 ELSE 1 END,
        leased_until = excluded.leased_until,
        refused = NULL
    WHERE a.version <> excluded.version OR a.leased_until <= now()
    RETURNING a.operation_id, a.version, a.attempt
)

SELECT coalesce(json_agg(json_build_array(c.operation_id, c.version, c.attempt)), '[]'::json)::text
FROM claimed AS c;

-- name: settle_due
-- What was fired needs no row any more; what was refused rests. Of what another has claimed since, nothing changes.
WITH told AS MATERIALIZED (
    SELECT t.*
    FROM json_to_recordset(%(rows)s::json) AS t (operation_id uuid, attempt integer, refused text, rest interval)
),

fired AS (
    DELETE FROM viertakt.deadline_attempt AS a
    USING told AS t
    WHERE a.operation_id = t.operation_id AND a.attempt = t.attempt AND t.rest IS NULL
)

UPDATE viertakt.deadline_attempt AS a
SET refused = t.refused, leased_until = now() + t.rest
FROM told AS t
WHERE a.operation_id = t.operation_id AND a.attempt = t.attempt AND t.rest IS NOT NULL;

-- name: prune_attempts
-- Forget refusals of operations that have moved on since.
DELETE FROM viertakt.deadline_attempt AS a
USING viertakt.operation AS o
WHERE o.operation_id = a.operation_id AND o.version <> a.version;

-- name: pause
-- Nothing is fired from now on; where that is so already, it stays as it was told.
INSERT INTO viertakt.deadline_pause (cause, paused_by, jumped)
VALUES (%(cause)s, %(actor)s, %(jumped)s)
ON CONFLICT DO NOTHING;

-- name: resume
-- What is due is fired again.
UPDATE viertakt.deadline_pause AS p
SET resumed_at = clock_timestamp(), resumed_by = %(actor)s
WHERE p.resumed_at IS NULL;

-- name: standing
-- How firing stands: how many are due, counted no further than a bound, since when the first, and how many were refused.
SELECT json_build_object(
    'now', now(),
    'due', (
        SELECT count(*) FROM (
            SELECT FROM viertakt.operation AS o WHERE o.deadline_at <= now() ORDER BY o.deadline_at LIMIT %(due_max)s
        ) AS d
    ),
    'refused', (
        SELECT count(*) FROM viertakt.deadline_attempt AS a
        JOIN viertakt.operation AS o ON o.operation_id = a.operation_id AND o.version = a.version
        WHERE a.refused IS NOT NULL
    ),
    'oldest', (
        SELECT o.deadline_at FROM viertakt.operation AS o
        WHERE o.deadline_at <= now()
        ORDER BY o.deadline_at
        LIMIT 1
    ),
    'pause', (
        SELECT json_build_object(
            'paused_at', p.paused_at, 'cause', p.cause, 'paused_by', p.paused_by,
            'jumped', extract(EPOCH FROM p.jumped)
        )
        FROM viertakt.deadline_pause AS p
        WHERE p.resumed_at IS NULL
    )
)::text;
