-- Limits of one's own beside what is usual: what a person says is too much, of counts, ages and silence.

-- A limit is never changed: another one is set and this one ended, so the table says what was in force when, and by whom.
CREATE TABLE viertakt.alert_limit (
    limit_id uuid PRIMARY KEY,
    measure text NOT NULL CONSTRAINT limit_measure_is_known CHECK (measure IN (
        'created', 'ended', 'errors', 'rejections', 'backlog', 'stage_time', 'silence'
    )),
    direction text NOT NULL CONSTRAINT limit_direction_is_known CHECK (direction IN ('above', 'below')),
    -- Of each kind by itself where it is null; of all brands together where that is.
    kind text,
    brand text,
    -- Of `stage_time`: in which one.
    stage text,
    -- A share for errors and rejections, a number of operations for created and ended, otherwise minutes.
    bound double precision NOT NULL CONSTRAINT limit_is_no_less_than_nothing CHECK (bound >= 0),
    window_minutes integer NOT NULL CONSTRAINT limit_looks_back CHECK (window_minutes BETWEEN 5 AND 1440),
    -- Fewer failed or rejected are nobody's alarm, whatever their share.
    at_least integer NOT NULL DEFAULT 1 CONSTRAINT limit_counts_from_one CHECK (at_least > 0),
    set_by text NOT NULL REFERENCES viertakt.actor (actor),
    set_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    ended_by text REFERENCES viertakt.actor (actor),
    ended_at timestamptz,
    CONSTRAINT limit_is_ended_by_somebody CHECK ((ended_at IS NULL) = (ended_by IS NULL)),
    CONSTRAINT limit_on_a_stage_names_it CHECK ((measure = 'stage_time') = (stage IS NOT NULL)),
    CONSTRAINT limit_on_ages_names_a_kind CHECK (
        kind IS NOT NULL OR measure NOT IN ('backlog', 'stage_time', 'silence')
    )
);
CREATE INDEX limit_in_force ON viertakt.alert_limit (set_at) WHERE ended_at IS NULL;

GRANT SELECT, INSERT, UPDATE ON viertakt.alert_limit TO viertakt_app;

-- How many entries of an operation's history came from a provider: where there are none, it is silent.
ALTER TABLE viertakt.pulse ADD COLUMN reported bigint NOT NULL DEFAULT 0;

-- An alert by a limit has it as what is usual, and a score of nothing: nobody reckons how likely it is.
ALTER TABLE viertakt.alert ADD COLUMN limit_id uuid;
ALTER TABLE viertakt.alert ADD COLUMN stage text;
ALTER TABLE viertakt.alert ADD CONSTRAINT alert_is_by_a_limit
FOREIGN KEY (limit_id) REFERENCES viertakt.alert_limit NOT VALID;
-- Alerts that were written stay true to the narrower list.
-- squawk-ignore ban-drop-constraint
ALTER TABLE viertakt.alert DROP CONSTRAINT alert_measure_is_known;
ALTER TABLE viertakt.alert ADD CONSTRAINT alert_measure_is_known CHECK (measure IN (
    'created', 'ended', 'errors', 'rejections', 'backlog', 'stage_time', 'silence'
)) NOT VALID;
-- One at a time of what is unusual, and one of each limit and kind. There are some hundreds of rows.
-- squawk-ignore require-concurrent-index-deletion
DROP INDEX viertakt.alert_is_open_once;
-- squawk-ignore require-concurrent-index-creation
CREATE UNIQUE INDEX alert_is_open_once ON viertakt.alert (kind, measure, direction)
WHERE closed_at IS NULL AND limit_id IS NULL;
-- squawk-ignore require-concurrent-index-creation
CREATE UNIQUE INDEX alert_by_limit_is_open_once ON viertakt.alert (limit_id, kind)
WHERE closed_at IS NULL AND limit_id IS NOT NULL;

-- An alert as the code reads it, with its incident and its limit.
CREATE OR REPLACE FUNCTION viertakt.alert_document(a viertakt.alert) RETURNS json
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog
BEGIN ATOMIC
SELECT json_build_object(
    'id', a.alert_id, 'measure', a.measure, 'direction', a.direction, 'level', a.level, 'kind', a.kind,
    'brand', a.brand, 'value', a.value, 'usual', a.usual, 'window_minutes', a.window_minutes, 'score', a.score,
    'opened_at', a.opened_at, 'looked_at', a.looked_at, 'closed_at', a.closed_at, 'seen_by', a.seen_by,
    'seen_at', a.seen_at, 'incident_id', a.incident_id, 'limit_id', a.limit_id, 'stage', a.stage
);
END;
