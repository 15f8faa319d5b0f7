-- name: make_assignment
-- A row to lock, where the operation has none yet.
INSERT INTO viertakt.assignment (operation_id) VALUES (%(operation_id)s)
ON CONFLICT (operation_id) DO NOTHING;

-- name: lock_assignment
-- How it stands, held until the transaction ends, and the primary's clock once it is.
SELECT
    a.assignee, a.claimed_by, a.lease_until, a.queue, a.snoozed_until, a.priority,
    (
        SELECT coalesce(json_object_agg(n.actor, n.name), '{}')
        FROM viertakt.actor AS n
        WHERE n.actor IN (a.assignee, a.claimed_by)
    ) AS names,
    clock_timestamp() AS now
FROM viertakt.assignment AS a
WHERE a.operation_id = %(operation_id)s
FOR UPDATE OF a;

-- name: hold_assignments
-- Whom these operations are assigned to; nobody changes that until the transaction ends.
SELECT a.operation_id, a.assignee, a.claimed_by, a.lease_until, a.queue, a.snoozed_until, a.priority
FROM viertakt.assignment AS a
WHERE a.operation_id = ANY(%(ids)s::uuid [])
ORDER BY a.operation_id
FOR SHARE OF a;

-- name: write_assignment
-- How it stands from now on; its row is locked.
UPDATE viertakt.assignment
SET
    assignee = %(assignee)s, claimed_by = %(claimed_by)s, lease_until = %(lease_until)s, queue = %(queue)s,
    snoozed_until = %(snoozed_until)s, priority = %(priority)s
WHERE operation_id = %(operation_id)s;

-- name: hand_over
-- What somebody who leaves was to do goes to another, or to nobody, and is in nobody's hand; each operation's history tells it.
WITH theirs AS MATERIALIZED (
    SELECT
        a.operation_id, coalesce(a.assignee = %(leaver)s, false) AS assigned,
        coalesce(a.claimed_by = %(leaver)s, false) AS claimed
    FROM viertakt.assignment AS a
    WHERE a.assignee = %(leaver)s OR a.claimed_by = %(leaver)s
    ORDER BY a.operation_id
    FOR UPDATE OF a
),

changed AS (
    UPDATE viertakt.assignment AS a
    SET
        assignee = CASE WHEN t.assigned THEN %(to)s::text ELSE a.assignee END,
        claimed_by = CASE WHEN NOT t.claimed THEN a.claimed_by END,
        lease_until = CASE WHEN NOT t.claimed THEN a.lease_until END,
        queue = CASE WHEN NOT t.claimed THEN a.queue END
    FROM theirs AS t
    WHERE a.operation_id = t.operation_id
    RETURNING a.operation_id
),

told AS (
    INSERT INTO viertakt.entry (operation_id, sort, from_stage, from_status, actor, granted_by, cause, data, at)
    SELECT
        t.operation_id, CASE WHEN t.assigned AND %(to)s::text IS NOT NULL THEN 'assigned' ELSE 'released' END,
        o.stage, o.status, %(by)s, 'deactivation', 'manual',
        CASE
            WHEN t.assigned THEN jsonb_build_object('assignee', coalesce(%(to)s::text, %(leaver)s))
            ELSE jsonb_build_object('claimed_by', %(leaver)s::text)
        END,
        clock_timestamp()
    FROM theirs AS t
    JOIN viertakt.operation AS o ON o.operation_id = t.operation_id
    WHERE t.operation_id IN (SELECT c.operation_id FROM changed AS c)
    RETURNING operation_id
)

SELECT count(*)::integer FROM told;

-- name: write_beside
-- One entry that changes no operation. Not written where what its actor may do has changed since it was read.
INSERT INTO viertakt.entry (
    operation_id, sort, from_stage, from_status, actor, granted_by, cause, data, commitments,
    key, body_digest, request_id, at
)
SELECT
    d.operation_id, d.sort, d.from_stage, d.from_status, d.actor, d.granted_by, d.cause, d.data, d.commitments,
    d.key, d.body_digest, d.request_id, d.at
FROM json_to_record(%(row)s::json) AS d (
    operation_id uuid, sort text, from_stage text, from_status text, actor text, access_version integer,
    granted_by text, cause text, data jsonb, commitments jsonb, key text, body_digest text, request_id text,
    at timestamptz
)
WHERE
    d.access_version IS NULL
    OR EXISTS (
        SELECT FROM viertakt.actor AS a
        WHERE a.actor = d.actor AND a.access_version = d.access_version AND a.active
    )
RETURNING entry_seq, recorded_at;

-- name: write_skip
-- This actor is not given it again while it stays at this version.
INSERT INTO viertakt.skip (operation_id, actor, version, skipped_at)
VALUES (%(operation_id)s, %(actor)s, %(version)s, %(at)s)
ON CONFLICT (operation_id, actor) DO UPDATE SET version = excluded.version, skipped_at = excluded.skipped_at;

-- name: lock_operation
-- Nobody else tags or moves it until the transaction ends.
SELECT clock_timestamp()
FROM viertakt.operation AS o
WHERE o.operation_id = %(operation_id)s
FOR NO KEY UPDATE OF o;

-- name: write_tags
-- Its tags from now on; its row is locked. No version: no approval is void by a tag.
UPDATE viertakt.operation SET tags = %(tags)s::text [] WHERE operation_id = %(operation_id)s;

-- name: prune_skips
-- Forget what was passed over a month ago; until then it is told who did, also of what has moved on.
DELETE FROM viertakt.skip AS s WHERE s.skipped_at < now() - %(age)s::interval;

-- name: list_skips
-- template: who passed over what, the latest first, with the entry that says why; {filter} is a query of the language.
SELECT coalesce(json_agg(json_build_array(
    viertakt.entry_document(e), viertakt.operation_document(o), d.value
) ORDER BY s.skipped_at DESC, s.operation_id, s.actor), '[]'::json)::text
FROM (
    SELECT k.operation_id, k.actor, k.skipped_at
    FROM viertakt.skip AS k
    JOIN viertakt.operation AS o ON o.operation_id = k.operation_id
    WHERE
        {filter} AND (%(by)s::text IS NULL OR k.actor = %(by)s)
        AND (%(before)s::timestamptz IS NULL OR k.skipped_at < %(before)s)
    ORDER BY k.skipped_at DESC, k.operation_id, k.actor
    LIMIT %(limit)s
) AS s
JOIN viertakt.operation AS o ON o.operation_id = s.operation_id
CROSS JOIN LATERAL (
    SELECT w.* FROM viertakt.entry AS w
    WHERE w.operation_id = s.operation_id AND w.sort = 'skipped' AND w.actor = s.actor
    ORDER BY w.entry_seq DESC
    LIMIT 1
) AS e
LEFT JOIN viertakt.subject_data AS d
    ON d.operation_id = e.operation_id AND d.commitment = e.commitments ->> 'comment';

-- name: primary_clock
-- The moment a note is written.
SELECT clock_timestamp();

-- name: see
-- That somebody looks at an operation, or writes.
INSERT INTO viertakt.presence (operation_id, actor, writing, seen_at)
VALUES (%(operation_id)s, %(actor)s, %(writing)s, now())
ON CONFLICT (operation_id, actor) DO UPDATE SET writing = excluded.writing, seen_at = excluded.seen_at;

-- name: leave
-- That somebody looks no more.
DELETE FROM viertakt.presence WHERE operation_id = %(operation_id)s AND actor = %(actor)s;

-- name: present
-- Who else looked a moment ago, who came first first.
SELECT p.actor, a.name, p.writing
FROM viertakt.presence AS p
JOIN viertakt.actor AS a ON p.actor = a.actor
WHERE p.operation_id = %(operation_id)s AND p.actor <> %(actor)s AND p.seen_at > now() - %(age)s::interval
ORDER BY a.name, p.actor
LIMIT %(limit)s;

-- name: prune_presence
-- Forget who has gone.
DELETE FROM viertakt.presence WHERE seen_at < now() - %(age)s::interval;
