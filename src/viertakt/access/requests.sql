-- name: add_request
-- A change of access that waits for a second person.
INSERT INTO viertakt.access_request (asked, asked_by, reason)
VALUES (%(asked)s::jsonb, %(by)s, %(reason)s)
RETURNING request_id;

-- name: lock_request
-- Hold a request while it is settled: two verdicts at once come one after the other.
SELECT r.request_id
FROM viertakt.access_request AS r
WHERE r.request_id = %(request_id)s
FOR UPDATE;

-- name: settle_request
-- What became of a request that is locked.
UPDATE viertakt.access_request
SET state = %(state)s, settled_by = %(by)s, settled_at = now()
WHERE request_id = %(request_id)s;

-- name: requests
-- Requests, the newest first: one of them, or those that wait, or all.
SELECT
    r.request_id AS id, r.asked::text AS asked, r.asked_by, a.name AS asked_by_name, r.asked_at, r.reason, r.state,
    r.settled_by, s.name AS settled_by_name, r.settled_at
FROM viertakt.access_request AS r
INNER JOIN viertakt.actor AS a ON r.asked_by = a.actor
LEFT JOIN viertakt.actor AS s ON r.settled_by = s.actor
WHERE
    (%(request_id)s::bigint IS NULL OR r.request_id = %(request_id)s)
    AND (NOT %(open)s OR r.state = 'open')
ORDER BY r.request_id DESC
LIMIT %(limit)s;
