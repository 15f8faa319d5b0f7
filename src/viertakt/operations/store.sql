-- name: steer_planner
-- For a connection that only writes sets: every statement is about some hundred ids, so its one plan goes by index,
-- is made once, and never depends on statistics that a growing table has outgrown.
SELECT
    set_config('plan_cache_mode', 'force_generic_plan', false),
    set_config('enable_hashjoin', 'off', false),
    set_config('enable_mergejoin', 'off', false),
    set_config('enable_seqscan', 'off', false),
    set_config('enable_material', 'off', false);

-- name: lock_operations
-- The named operations as they stand, locked in one order for all writers, and the primary's clock once the locks are held.
WITH wanted AS MATERIALIZED (
    SELECT value::uuid AS operation_id FROM json_array_elements_text(%(ids)s::json)
),

locked AS MATERIALIZED (
    SELECT o
    FROM wanted AS w
    JOIN viertakt.operation AS o ON o.operation_id = w.operation_id
    ORDER BY o.operation_id
    FOR NO KEY UPDATE OF o
)

SELECT json_build_object(
    'now', clock_timestamp(), 'operations', coalesce(json_agg(l.o), '[]'::json)
)::text
FROM locked AS l;

-- name: read_unlocked
-- The named operations as they stand, not locked, the primary's clock, and of which an entry answers the asked key already.
WITH asked AS MATERIALIZED (
    SELECT a.operation_id, a.actor, a.key
    FROM json_to_recordset(%(asked)s::json) AS a (operation_id uuid, actor text, key text)
)

SELECT json_build_object(
    'now', clock_timestamp(),
    'operations', (
        SELECT coalesce(json_agg(o), '[]'::json)
        FROM asked AS a
        JOIN viertakt.operation AS o ON o.operation_id = a.operation_id
    ),
    'answered', (
        SELECT coalesce(json_agg(a.operation_id), '[]'::json)
        FROM asked AS a
        CROSS JOIN LATERAL (
            SELECT FROM viertakt.entry AS e
            WHERE e.operation_id = a.operation_id AND e.actor = a.actor AND e.key = a.key AND e.key IS NOT NULL
            LIMIT 1
        ) AS found
    )
)::text;

-- name: read_keys
-- The entries that already answer these request keys; asked after the locks, so none can appear in between.
-- LIMIT 1 has each key looked up by itself: planned while the history is young, a plain join reads all of it for every set.
SELECT coalesce(json_agg(viertakt.entry_document(found.e)), '[]'::json)::text
FROM json_to_recordset(%(keys)s::json) AS k (operation_id uuid, actor text, key text)
CROSS JOIN LATERAL (
    SELECT e FROM viertakt.entry AS e
    WHERE e.operation_id = k.operation_id AND e.actor = k.actor AND e.key = k.key AND e.key IS NOT NULL
    LIMIT 1
) AS found;

-- name: write_decisions
-- All decisions of a batch as one set, in the order of ids, which is everybody's order of locks. Nothing is written where the operation, or what the actor may do, has changed since it was read.
WITH decision AS MATERIALIZED (
    SELECT d.* FROM json_to_recordset(%(decisions)s::json) AS d (
        operation_id uuid, read_version integer, sort text, version integer, transition text,
        from_stage text, from_status text, stage text, status text, waiting_on text, amount numeric, currency text,
        attributes jsonb, contradiction boolean, entered_at timestamptz, closed_at timestamptz,
        deadline_at timestamptz, actor text, access_version integer, granted_by text, cause text, reason text,
        data jsonb, commitments jsonb, key text, body_digest text, request_id text, at timestamptz
    )
    ORDER BY d.operation_id
),

changed AS (
    UPDATE viertakt.operation AS o
    SET
        stage = d.stage,
        status = d.status,
        waiting_on = d.waiting_on,
        version = coalesce(d.version, o.version),
        amount = coalesce(d.amount, o.amount),
        currency = coalesce(d.currency, o.currency),
        attributes = coalesce(d.attributes, o.attributes),
        contradiction = o.contradiction OR d.contradiction,
        entered_at = d.entered_at,
        -- A move that is asked for or talked about changes nothing yet.
        changed_at = CASE
            WHEN d.sort IN ('asked', 'consented', 'declined', 'withdrawn', 'expired') THEN o.changed_at ELSE d.at
        END,
        closed_at = d.closed_at,
        deadline_at = d.deadline_at
    FROM decision AS d
    WHERE
        o.operation_id = d.operation_id
        AND o.version = d.read_version
        AND d.sort <> 'refused'
        AND (
            d.access_version IS NULL
            OR EXISTS (
                SELECT FROM viertakt.actor AS a
                WHERE a.actor = d.actor AND a.access_version = d.access_version AND a.active
            )
        )
    RETURNING o.operation_id
),

written AS (
    INSERT INTO viertakt.entry (
        operation_id, version, sort, transition, from_stage, from_status, to_stage, to_status,
        actor, granted_by, cause, reason, data, commitments, key, body_digest, request_id, at
    )
    SELECT
        d.operation_id, d.version, d.sort, d.transition, d.from_stage, d.from_status,
        CASE WHEN d.version IS NOT NULL THEN d.stage END,
        CASE WHEN d.version IS NOT NULL THEN d.status END,
        d.actor, d.granted_by, d.cause, d.reason, d.data, d.commitments, d.key, d.body_digest, d.request_id, d.at
    FROM decision AS d
    WHERE d.sort = 'refused' OR d.operation_id IN (SELECT c.operation_id FROM changed AS c)
    RETURNING operation_id, entry_seq, recorded_at
)

SELECT coalesce(json_agg(json_build_array(w.operation_id, w.entry_seq, w.recorded_at)), '[]'::json)::text
FROM written AS w;

-- name: hold_rights
-- Which of these actors may still do what was read of them; they may until the transaction ends. In order, as all who lock them.
SELECT a.actor, a.access_version
FROM json_to_recordset(%(rights)s::json) AS r (actor text, access_version integer)
JOIN viertakt.actor AS a ON a.actor = r.actor AND a.access_version = r.access_version AND a.active
ORDER BY a.actor
FOR SHARE OF a;

-- name: claim_aliases
-- Every name that could be taken, in sorted order so that two sets cannot deadlock; of one set the first asked gets it.
WITH wanted AS MATERIALIZED (
    SELECT a.scheme, a.value, a.operation_id, a.n
    FROM json_to_recordset(%(aliases)s::json) AS a (scheme text, value text, operation_id uuid, n integer)
),

claimed AS (
    INSERT INTO viertakt.alias (scheme, value, operation_id)
    SELECT w.scheme, w.value, w.operation_id FROM wanted AS w ORDER BY w.scheme, w.value, w.n
    ON CONFLICT ON CONSTRAINT alias_names_one_operation DO NOTHING
    RETURNING scheme, value, operation_id
)

SELECT coalesce(json_agg(json_build_array(c.scheme, c.value, c.operation_id)), '[]'::json)::text FROM claimed AS c;

-- name: release_aliases
-- Give back the names an opening claimed before it turned out to be refused.
DELETE FROM viertakt.alias AS a
USING json_array_elements_text(%(ids)s::json) AS i (operation_id)
WHERE a.operation_id = i.operation_id::uuid;

-- name: alias_owners
-- Who has these names.
SELECT coalesce(json_agg(json_build_array(a.scheme, a.value, a.operation_id)), '[]'::json)::text
FROM json_to_recordset(%(aliases)s::json) AS w (scheme text, value text)
JOIN viertakt.alias AS a ON a.scheme = w.scheme AND a.value = w.value;

-- name: write_openings
-- New operations with entry 1 each, as one set, guarded by what the actor may do and by the parent's version.
WITH decision AS MATERIALIZED (
    SELECT d.* FROM json_to_recordset(%(decisions)s::json) AS d (
        operation_id uuid, kind text, kind_version integer, reference text, subject text, brand text,
        amount numeric, currency text, attributes jsonb, tags text[], parent_id uuid, parent_version integer,
        stage text, status text, waiting_on text, closed_at timestamptz, deadline_at timestamptz,
        actor text, access_version integer, granted_by text, cause text, data jsonb, commitments jsonb,
        key text, body_digest text, request_id text, at timestamptz
    )
),

opened AS (
    INSERT INTO viertakt.operation (
        operation_id, kind, kind_version, reference, subject, brand, amount, currency, attributes, tags, parent_id,
        stage, status, waiting_on, version, created_at, entered_at, changed_at, closed_at, deadline_at
    )
    SELECT
        d.operation_id, d.kind, d.kind_version, d.reference, d.subject, d.brand, d.amount, d.currency, d.attributes,
        d.tags, d.parent_id, d.stage, d.status, d.waiting_on, 1, d.at, d.at, d.at, d.closed_at, d.deadline_at
    FROM decision AS d
    WHERE
        (
            d.access_version IS NULL
            OR EXISTS (
                SELECT FROM viertakt.actor AS a
                WHERE a.actor = d.actor AND a.access_version = d.access_version AND a.active
            )
        )
        AND (
            d.parent_id IS NULL
            OR EXISTS (
                SELECT FROM viertakt.operation AS p
                WHERE p.operation_id = d.parent_id AND p.version = d.parent_version
            )
        )
    RETURNING operation_id
),

written AS (
    INSERT INTO viertakt.entry (
        operation_id, version, sort, to_stage, to_status, actor, granted_by, cause, data, commitments,
        key, body_digest, request_id, at
    )
    SELECT
        d.operation_id, 1, 'opened', d.stage, d.status, d.actor, d.granted_by, d.cause, d.data, d.commitments,
        d.key, d.body_digest, d.request_id, d.at
    FROM decision AS d
    WHERE d.operation_id IN (SELECT o.operation_id FROM opened AS o)
    RETURNING operation_id, entry_seq, recorded_at
)

SELECT coalesce(json_agg(json_build_array(w.operation_id, w.entry_seq, w.recorded_at)), '[]'::json)::text
FROM written AS w;

-- name: write_personal
-- The values that entries only commit to.
INSERT INTO viertakt.subject_data (operation_id, commitment, field, value, salt)
SELECT p.operation_id, p.commitment, p.field, p.value, decode(p.salt, 'hex')
FROM json_to_recordset(%(values)s::json) AS p (operation_id uuid, commitment text, field text, value jsonb, salt text);

-- name: read_operations
-- The named operations as they stand, without a lock.
SELECT coalesce(json_agg(viertakt.operation_document(o)), '[]'::json)::text
FROM json_array_elements_text(%(ids)s::json) AS w (operation_id)
JOIN viertakt.operation AS o ON o.operation_id = w.operation_id::uuid;

-- name: read_openings
-- The entries that opened these operations.
SELECT coalesce(json_agg(viertakt.entry_document(e)), '[]'::json)::text
FROM json_array_elements_text(%(ids)s::json) AS w (operation_id)
JOIN viertakt.entry AS e ON e.operation_id = w.operation_id::uuid AND e.version = 1;

-- name: read_aliases
-- The other names of one operation.
SELECT a.scheme, a.value FROM viertakt.alias AS a
WHERE a.operation_id = %(operation_id)s AND a.scheme NOT LIKE 'key:%%' AND a.scheme NOT LIKE 'kind:%%'
ORDER BY a.scheme, a.value
LIMIT 100;

-- name: read_personal
-- The newest personal value of each attribute of one operation.
SELECT coalesce(json_object_agg(substr(p.field, 12), p.value), '{}'::json)::text
FROM (
    SELECT DISTINCT ON (d.field) d.field, d.value
    FROM viertakt.subject_data AS d
    WHERE d.operation_id = %(operation_id)s AND d.field LIKE 'attributes.%%'
    ORDER BY d.field, d.recorded_at DESC
) AS p;

-- name: read_history
-- One operation's entries after a place, oldest first, with the personal values that still exist.
SELECT coalesce(json_agg(viertakt.entry_document(e) ORDER BY e.entry_seq), '[]'::json)::text
FROM (
    SELECT entry.* FROM viertakt.entry
    WHERE entry.operation_id = %(operation_id)s AND entry.entry_seq > %(after)s
    ORDER BY entry.entry_seq
    LIMIT %(limit)s
) AS e;

-- name: read_history_personal
-- The personal values behind one operation's commitments.
SELECT coalesce(json_object_agg(d.commitment, d.value), '{}'::json)::text
FROM viertakt.subject_data AS d
WHERE d.operation_id = %(operation_id)s;

-- name: read_versions
-- The entries that changed one operation up to a moment, oldest first: what it was is told by replaying them.
SELECT coalesce(json_agg(viertakt.entry_document(e) ORDER BY e.version), '[]'::json)::text
FROM viertakt.entry AS e
WHERE e.operation_id = %(operation_id)s AND e.version IS NOT NULL AND e.at <= %(at)s;

-- name: read_names
-- What actors are called.
SELECT coalesce(json_object_agg(a.actor, a.name), '{}'::json)::text
FROM json_array_elements_text(%(actors)s::json) AS w (actor)
JOIN viertakt.actor AS a ON a.actor = w.actor;
