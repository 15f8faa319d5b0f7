-- name: write_asked
-- Moves that wait for consents from now on.
INSERT INTO viertakt.approval (operation_id, asked_seq, version, transition, reason, asked_by, asked_at, expires_at)
SELECT
    a.operation_id, a.asked_seq, a.version, a.transition, a.reason, a.asked_by, a.asked_at, a.expires_at
FROM json_to_recordset(%(rows)s::json) AS a (
    operation_id uuid, asked_seq bigint, version integer, transition text, reason text, asked_by text,
    asked_at timestamptz, expires_at timestamptz
);

-- name: write_consents
-- A person's yes each; a second one by the same person finds the first.
INSERT INTO viertakt.consent (operation_id, asked_seq, actor, granted_by, at, on_behalf_of)
SELECT c.operation_id, c.asked_seq, c.actor, c.granted_by, c.at, c.on_behalf_of
FROM json_to_recordset(%(rows)s::json) AS c (
    operation_id uuid, asked_seq bigint, actor text, granted_by text, at timestamptz, on_behalf_of text
);

-- name: write_settled
-- What is over: made, declined, withdrawn or expired.
UPDATE viertakt.approval AS a
SET state = s.state, settled_by = s.settled_by, settled_at = s.settled_at
FROM json_to_recordset(%(rows)s::json) AS s (
    operation_id uuid, asked_seq bigint, state text, settled_by text, settled_at timestamptz
)
WHERE a.operation_id = s.operation_id AND a.asked_seq = s.asked_seq;

-- name: read_approvals
-- The approvals of these operations that are open, and those named, with the consents given.
SELECT coalesce(json_agg(json_build_object(
    'operation_id', a.operation_id, 'asked_seq', a.asked_seq, 'version', a.version, 'transition', a.transition,
    'asked_by', a.asked_by, 'asked_at', a.asked_at, 'state', a.state, 'reason', a.reason,
    'settled_by', a.settled_by, 'settled_at', a.settled_at, 'expires_at', a.expires_at,
    'consents', coalesce((
        SELECT json_agg(
            json_build_object(
                'actor', c.actor, 'granted_by', c.granted_by, 'at', c.at, 'on_behalf_of', c.on_behalf_of
            ) ORDER BY c.at, c.actor
        )
        FROM viertakt.consent AS c
        WHERE c.operation_id = a.operation_id AND c.asked_seq = a.asked_seq
    ), '[]'::json)
) ORDER BY a.asked_at, a.asked_seq), '[]'::json)::text
FROM json_array_elements_text(%(operations)s::json) AS w (operation_id)
JOIN viertakt.approval AS a ON a.operation_id = w.operation_id::uuid
WHERE
    a.state = 'open'
    OR a.asked_seq IN (SELECT n.asked_seq::bigint FROM json_array_elements_text(%(named)s::json) AS n (asked_seq));

-- name: waiting_approvals
-- Where moves wait for consents on an operation as it was asked about, the longest waiting first.
SELECT a.operation_id, a.asked_seq
FROM viertakt.approval AS a
JOIN viertakt.operation AS o ON o.operation_id = a.operation_id AND o.version = a.version
WHERE a.state = 'open' AND (%(asked_by)s::text IS NULL OR a.asked_by = %(asked_by)s)
ORDER BY a.asked_at, a.asked_seq
LIMIT %(limit)s;

-- name: settled_approvals
-- What this actor asked for and is over, the latest first.
SELECT a.operation_id, a.asked_seq
FROM viertakt.approval AS a
JOIN viertakt.operation AS o ON o.operation_id = a.operation_id
WHERE a.asked_by = %(asked_by)s AND (a.state <> 'open' OR o.version <> a.version)
ORDER BY a.asked_at DESC, a.asked_seq DESC
LIMIT %(limit)s;

-- name: settle_void
-- Write down which open approvals an operation has moved on from, so that nobody looks for them among those that wait.
UPDATE viertakt.approval AS a
SET state = 'void', settled_at = o.changed_at
FROM viertakt.operation AS o
WHERE a.state = 'open' AND o.operation_id = a.operation_id AND o.version <> a.version;

-- name: read_comments
-- What was said when these moves were asked for, as far as it is kept.
SELECT e.entry_seq, d.value
FROM json_to_recordset(%(rows)s::json) AS a (operation_id uuid, asked_seq bigint)
JOIN viertakt.entry AS e ON e.operation_id = a.operation_id AND e.entry_seq = a.asked_seq
JOIN viertakt.subject_data AS d
    ON d.operation_id = a.operation_id AND d.commitment = e.commitments ->> 'comment';

-- name: void_asked_by
-- What somebody had asked for who may no longer act: nobody can make it in their name.
UPDATE viertakt.approval
SET state = 'void', settled_by = %(by)s, settled_at = now()
WHERE asked_by = %(asked_by)s AND state = 'open'
RETURNING operation_id, asked_seq, transition;

-- name: claim_expired
-- What waited until its time was up, the longest overdue first, for as long as the lease lasts; what is void is over already.
WITH due AS MATERIALIZED (
    SELECT a.operation_id, a.asked_seq
    FROM viertakt.approval AS a
    JOIN viertakt.operation AS o ON o.operation_id = a.operation_id AND o.version = a.version
    WHERE
        a.state = 'open' AND a.expires_at <= now()
        AND (a.leased_until IS NULL OR a.leased_until <= now())
    ORDER BY a.expires_at, a.asked_seq
    LIMIT %(limit)s
    FOR UPDATE OF a SKIP LOCKED
)

UPDATE viertakt.approval AS a
SET leased_until = now() + %(lease)s::interval
FROM due AS d
WHERE a.operation_id = d.operation_id AND a.asked_seq = d.asked_seq
RETURNING a.operation_id, a.asked_seq;
