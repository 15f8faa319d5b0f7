-- Incidents: what is wrong at a provider, what waits because of it, who has seen to it, and how it was let go again.

-- Operations that wait while something is wrong outside: those that the query finds are not sent to their provider, nobody is
-- asked about them, and their deadlines do not fire. `operations` knows what waits; why is the incident's.
CREATE TABLE viertakt.hold (
    hold_id uuid PRIMARY KEY,
    query text NOT NULL CONSTRAINT hold_finds_something_named CHECK (query <> ''),
    held_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    -- From here on it is let go: deadlines get back the time they waited, a few hundred at a time, and so many operations a
    -- minute are asked about. Everything waits until that is arranged, and `released_at` says when it was.
    released_from timestamptz,
    per_minute integer CONSTRAINT hold_is_let_go_at_a_rate CHECK (per_minute > 0),
    released_at timestamptz,
    CONSTRAINT hold_is_let_go_before_it_is_over CHECK (released_at IS NULL OR released_from IS NOT NULL),
    CONSTRAINT hold_says_at_what_rate CHECK ((released_from IS NULL) = (per_minute IS NULL))
);
CREATE INDEX hold_standing ON viertakt.hold (held_at) WHERE released_at IS NULL;

-- Whose deadline has got back the time that it waited, up to when: of two holds that lay on one another it gets it once.
CREATE TABLE viertakt.hold_extended (
    hold_id uuid NOT NULL REFERENCES viertakt.hold,
    operation_id uuid NOT NULL,
    upto timestamptz NOT NULL,
    PRIMARY KEY (operation_id, hold_id)
);

CREATE TABLE viertakt.incident (
    incident_id uuid PRIMARY KEY,
    title text NOT NULL CONSTRAINT incident_has_a_title CHECK (length(title) BETWEEN 1 AND 200),
    query text NOT NULL CONSTRAINT incident_finds_something_named CHECK (query <> ''),
    opened_by text NOT NULL REFERENCES viertakt.actor (actor),
    opened_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    -- What waits because of it now, or did last.
    hold_id uuid REFERENCES viertakt.hold,
    closed_by text REFERENCES viertakt.actor (actor),
    closed_at timestamptz,
    CONSTRAINT incident_is_closed_by_somebody CHECK ((closed_at IS NULL) = (closed_by IS NULL))
);
CREATE INDEX incident_by_time ON viertakt.incident (opened_at, incident_id);
CREATE INDEX incident_by_hold ON viertakt.incident (hold_id);

-- What was done about it, and by whom: its history, of which nothing is ever changed.
CREATE TABLE viertakt.incident_event (
    incident_id uuid NOT NULL REFERENCES viertakt.incident,
    event_id bigint GENERATED ALWAYS AS IDENTITY,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    actor text NOT NULL,
    sort text NOT NULL CONSTRAINT incident_event_sort_is_known CHECK (sort IN (
        'opened', 'paused', 'alert_added', 'noted', 'released', 'resumed', 'closed'
    )),
    comment text CONSTRAINT incident_comment_is_short CHECK (length(comment) BETWEEN 1 AND 2000),
    alert_id uuid REFERENCES viertakt.alert,
    -- Of `released`: how many a minute are asked about.
    per_minute integer,
    PRIMARY KEY (incident_id, event_id)
);

-- Alerts that were there before belong to none, so nothing has to be read for it.
ALTER TABLE viertakt.alert ADD COLUMN incident_id uuid;
ALTER TABLE viertakt.alert ADD CONSTRAINT alert_is_of_an_incident
FOREIGN KEY (incident_id) REFERENCES viertakt.incident NOT VALID;

GRANT SELECT, INSERT, UPDATE ON viertakt.hold, viertakt.incident TO viertakt_app;
GRANT SELECT, INSERT ON viertakt.hold_extended, viertakt.incident_event TO viertakt_app;

-- Who paused what, and let it go, stands in the audit of access too. Lines that were written stay true to the narrower list,
-- so nothing has to be read for it.
-- squawk-ignore ban-drop-constraint
ALTER TABLE viertakt.access_change DROP CONSTRAINT access_change_sort_is_known;
ALTER TABLE viertakt.access_change ADD CONSTRAINT access_change_sort_is_known CHECK (sort IN (
    'granted', 'revoked', 'person_added', 'roles_set', 'deactivated', 'activated', 'token_issued', 'token_revoked',
    'revealed', 'reviewed', 'change_asked', 'change_approved', 'change_declined', 'change_withdrawn',
    'role_made', 'role_changed', 'role_removed', 'looked', 'delegated', 'delegation_ended',
    'source_set', 'secret_added', 'secret_removed',
    'incident_opened', 'incident_paused', 'incident_released', 'incident_closed', 'limit_set', 'limit_ended'
)) NOT VALID;

-- An alert as the code reads it, with the incident it belongs to.
CREATE OR REPLACE FUNCTION viertakt.alert_document(a viertakt.alert) RETURNS json
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog
BEGIN ATOMIC
SELECT json_build_object(
    'id', a.alert_id, 'measure', a.measure, 'direction', a.direction, 'level', a.level, 'kind', a.kind,
    'brand', a.brand, 'value', a.value, 'usual', a.usual, 'window_minutes', a.window_minutes, 'score', a.score,
    'opened_at', a.opened_at, 'looked_at', a.looked_at, 'closed_at', a.closed_at, 'seen_by', a.seen_by,
    'seen_at', a.seen_at, 'incident_id', a.incident_id
);
END;
