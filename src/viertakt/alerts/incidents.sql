-- name: add_incident
-- A new incident.
INSERT INTO viertakt.incident (incident_id, title, query, opened_by)
VALUES (%(incident_id)s, %(title)s, %(query)s, %(actor)s);

-- name: lock_incident
-- Nobody else changes it until the transaction ends.
SELECT i.incident_id FROM viertakt.incident AS i WHERE i.incident_id = %(incident_id)s FOR NO KEY UPDATE;

-- name: incidents
-- One incident, or all, open ones first, then the latest.
SELECT
    i.incident_id AS id, i.title, i.query, i.opened_by, i.opened_at, i.hold_id, h.held_at,
    h.released_from AS released_at, h.per_minute, h.asked_until, h.resumed_at, i.closed_by, i.closed_at,
    (SELECT count(*) FROM viertakt.alert AS a WHERE a.incident_id = i.incident_id) AS alerts
FROM viertakt.incident AS i
LEFT JOIN viertakt.hold AS h ON h.hold_id = i.hold_id
WHERE
    (%(incident_id)s::uuid IS NULL OR i.incident_id = %(incident_id)s)
    AND (NOT %(open)s OR i.closed_at IS NULL)
ORDER BY i.closed_at IS NOT NULL, i.opened_at DESC, i.incident_id
LIMIT %(limit)s;

-- name: incident_of_hold
-- Whose operations waited there.
SELECT i.incident_id, i.title FROM viertakt.incident AS i WHERE i.hold_id = %(hold_id)s;

-- name: set_hold
-- What waits because of it from now on.
UPDATE viertakt.incident AS i SET hold_id = %(hold_id)s WHERE i.incident_id = %(incident_id)s;

-- name: close_incident
-- It is over.
UPDATE viertakt.incident AS i
SET closed_at = clock_timestamp(), closed_by = %(actor)s
WHERE i.incident_id = %(incident_id)s;

-- name: add_alert
-- An alert that belongs to it; of one that belongs to another nothing changes.
UPDATE viertakt.alert AS a
SET incident_id = %(incident_id)s
WHERE a.alert_id = %(alert_id)s AND a.incident_id IS NULL;

-- name: add_event
-- One more line of its history.
INSERT INTO viertakt.incident_event (incident_id, actor, sort, comment, alert_id, per_minute)
VALUES (%(incident_id)s, %(actor)s, %(sort)s, %(comment)s, %(alert_id)s, %(per_minute)s);

-- name: events
-- Its history, the first first.
SELECT e.event_id AS id, e.at, e.actor, e.sort, e.comment, e.alert_id, e.per_minute
FROM viertakt.incident_event AS e
WHERE e.incident_id = %(incident_id)s
ORDER BY e.event_id
LIMIT %(limit)s;

-- name: alerts_of
-- The alerts that belong to it, the first first.
SELECT coalesce(json_agg(viertakt.alert_document(a) ORDER BY a.opened_at, a.alert_id), '[]'::json)::text
FROM viertakt.alert AS a
WHERE a.incident_id = %(incident_id)s;

-- name: standing_incidents
-- How many incidents are open, and how many operations' queries wait because of one.
SELECT
    count(*) FILTER (WHERE h.hold_id IS NULL OR h.released_at IS NOT NULL) AS open,
    count(*) FILTER (WHERE h.released_at IS NULL AND h.hold_id IS NOT NULL) AS paused
FROM viertakt.incident AS i
LEFT JOIN viertakt.hold AS h ON h.hold_id = i.hold_id
WHERE i.closed_at IS NULL;
