-- name: add_endpoint
-- An endpoint that is told what comes after a place in the journal.
INSERT INTO viertakt.endpoint AS e (
    endpoint_id, sort, name, address, shown, owner, query, entries, stages, alerts, place
)
VALUES (
    %(id)s, %(sort)s, %(name)s, %(address)s, %(shown)s, %(owner)s, %(query)s, %(entries)s::text [], %(stages)s::text [],
    %(alerts)s, %(place)s
)
RETURNING viertakt.endpoint_document(e)::text;

-- name: read_endpoints
-- Endpoints by name: of one owner or of all, or one alone.
SELECT coalesce(json_agg(viertakt.endpoint_document(e) ORDER BY e.name, e.endpoint_id), '[]'::json)::text
FROM viertakt.endpoint AS e
WHERE
    e.state <> 'ended'
    AND (%(owner)s::text IS NULL OR e.owner = %(owner)s)
    AND (%(id)s::uuid IS NULL OR e.endpoint_id = %(id)s);

-- name: count_endpoints
-- How many endpoints somebody has.
SELECT count(*) FROM viertakt.endpoint AS e WHERE e.owner = %(owner)s AND e.state <> 'ended';

-- name: lock_endpoint
-- Held while it is changed, so that nothing is numbered or settled meanwhile.
SELECT e.endpoint_id FROM viertakt.endpoint AS e
WHERE e.endpoint_id = %(id)s AND e.state <> 'ended' FOR NO KEY UPDATE;

-- name: change_endpoint
-- Write what an endpoint is to be; its address only where there is a new one.
UPDATE viertakt.endpoint AS e
SET
    name = %(name)s, query = %(query)s, entries = %(entries)s::text [], stages = %(stages)s::text [],
    alerts = %(alerts)s, address = coalesce(%(address)s, e.address), shown = %(shown)s, changed_at = clock_timestamp()
WHERE e.endpoint_id = %(id)s;

-- name: switch_endpoint
-- On, off or ended, with why, where it is not already; what has ended stays so. What it had failed before it is switched on counts
-- no more.
UPDATE viertakt.endpoint AS e
SET
    state = %(state)s, why_off = %(why)s,
    off_at = CASE WHEN %(state)s <> 'active' THEN coalesce(e.off_at, clock_timestamp()) END,
    failures = 0, failing_since = NULL, warned_at = NULL, changed_at = clock_timestamp()
WHERE e.endpoint_id = %(id)s AND e.state NOT IN (%(state)s, 'ended');

-- name: move_place
-- Ask an endpoint about everything after another position once more.
UPDATE viertakt.endpoint AS e SET place = %(place)s WHERE e.endpoint_id = %(id)s;

-- name: add_endpoint_secret
-- One more secret to sign with; those before it end when the receiver has had time to change.
WITH ending AS (
    UPDATE viertakt.endpoint_secret AS s SET ends_at = least(s.ends_at, clock_timestamp() + %(overlap)s)
    WHERE s.endpoint_id = %(endpoint)s
)

INSERT INTO viertakt.endpoint_secret (secret_id, endpoint_id, sealed)
VALUES (%(id)s, %(endpoint)s, %(sealed)s);

-- name: forget_secrets
-- Secrets that are over.
DELETE FROM viertakt.endpoint_secret AS s WHERE s.endpoint_id = %(endpoint)s AND s.ends_at <= clock_timestamp();

-- name: sealed_of
-- Of these endpoints the sealed address, and the sealed secrets that are not over, the newest first.
SELECT
    e.endpoint_id,
    e.address,
    ARRAY(
        SELECT s.secret_id FROM viertakt.endpoint_secret AS s
        WHERE s.endpoint_id = e.endpoint_id AND (s.ends_at IS NULL OR s.ends_at > clock_timestamp())
        ORDER BY s.secret_id DESC
    ) AS ids,
    ARRAY(
        SELECT s.sealed FROM viertakt.endpoint_secret AS s
        WHERE s.endpoint_id = e.endpoint_id AND (s.ends_at IS NULL OR s.ends_at > clock_timestamp())
        ORDER BY s.secret_id DESC
    ) AS sealed
FROM viertakt.endpoint AS e
WHERE e.endpoint_id = ANY(%(ids)s::uuid []);

-- name: standing
-- How it goes with endpoints: what waits, and of the last day what was delivered, what failed, and how long it took.
SELECT
    e.endpoint_id,
    (
        SELECT count(*) FROM (
            SELECT FROM viertakt.endpoint_delivery AS d
            WHERE d.endpoint_id = e.endpoint_id AND d.state = 'waiting' LIMIT 10000
        ) AS w
    ) AS waiting,
    (
        SELECT count(*) FROM (
            SELECT FROM viertakt.endpoint_delivery AS d
            WHERE d.endpoint_id = e.endpoint_id AND d.state = 'failed' LIMIT 10000
        ) AS f
    ) AS failed,
    a.well,
    a.badly
FROM viertakt.endpoint AS e
CROSS JOIN LATERAL (
    SELECT
        count(*) FILTER (WHERE t.failure IS NULL AND t.status BETWEEN 200 AND 299) AS well,
        count(*) FILTER (WHERE t.failure IS NOT NULL OR t.status NOT BETWEEN 200 AND 299) AS badly
    FROM (
        SELECT r.status, r.failure FROM viertakt.endpoint_attempt AS r
        WHERE r.endpoint_id = e.endpoint_id AND r.at > clock_timestamp() - interval '1 day'
        ORDER BY r.at DESC LIMIT 10000
    ) AS t
) AS a
WHERE e.endpoint_id = ANY(%(ids)s::uuid []);

-- name: recorded_at
-- When the entry at a position was written, or the next one that there is.
SELECT j.position, e.recorded_at
FROM viertakt.journal AS j
JOIN viertakt.entry AS e ON e.operation_id = j.operation_id AND e.entry_seq = j.entry_seq
WHERE j.position >= %(position)s
ORDER BY j.position
LIMIT 1;

-- name: owner_versions
-- Of these actors those that are active, with how often their rights have changed.
SELECT a.actor, a.access_version FROM viertakt.actor AS a
WHERE a.actor = ANY(%(actors)s::text []) AND a.active;

-- name: kinds_as_of
-- How often kinds have changed: what was compiled for them holds while this does.
SELECT count(*) FROM viertakt.kind_version;
