-- Alerts: what comes and ends by five minutes, and where that is out of the ordinary.

-- How many operations of a kind and brand ('' for none) were opened in five minutes, and how many came to each final status,
-- by when it took effect. Follows the journal; kept for ten weeks.
CREATE TABLE viertakt.pulse (
    bucket timestamptz NOT NULL,
    kind text NOT NULL,
    brand text NOT NULL,
    created bigint NOT NULL,
    success bigint NOT NULL,
    error bigint NOT NULL,
    rejected bigint NOT NULL,
    PRIMARY KEY (bucket, kind, brand)
) WITH (fillfactor = 70);

-- `value`, `usual`, `window_minutes`, `score`: as of the worst look. A brand of null is all of the kind's together.
CREATE TABLE viertakt.alert (
    alert_id uuid PRIMARY KEY,
    measure text NOT NULL CONSTRAINT alert_measure_is_known
    CHECK (measure IN ('created', 'ended', 'errors', 'rejections')),
    direction text NOT NULL CONSTRAINT alert_direction_is_known CHECK (direction IN ('above', 'below')),
    level text NOT NULL CONSTRAINT alert_level_is_known CHECK (level IN ('warning', 'critical')),
    kind text NOT NULL,
    brand text,
    value double precision NOT NULL,
    usual double precision NOT NULL,
    window_minutes integer NOT NULL CONSTRAINT alert_looks_back CHECK (window_minutes > 0),
    score double precision NOT NULL,
    opened_at timestamptz NOT NULL,
    looked_at timestamptz NOT NULL,
    closed_at timestamptz,
    seen_by text,
    seen_at timestamptz,
    CONSTRAINT alert_is_seen_by_somebody CHECK ((seen_by IS NULL) = (seen_at IS NULL))
);
CREATE UNIQUE INDEX alert_is_open_once ON viertakt.alert (kind, measure, direction) WHERE closed_at IS NULL;
CREATE INDEX alert_by_time ON viertakt.alert (opened_at, alert_id);

-- When the last look was: the next is due half a minute later, by whichever worker comes first.
CREATE TABLE viertakt.alert_look (
    one boolean PRIMARY KEY DEFAULT true CONSTRAINT there_is_one_look CHECK (one),
    looked_at timestamptz NOT NULL
);
INSERT INTO viertakt.alert_look (looked_at) VALUES ('epoch');

GRANT SELECT, INSERT, UPDATE, DELETE ON viertakt.pulse TO viertakt_app;
GRANT SELECT, INSERT, UPDATE ON viertakt.alert, viertakt.alert_look TO viertakt_app;

-- An alert as the code reads it.
CREATE FUNCTION viertakt.alert_document(a viertakt.alert) RETURNS json
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog
BEGIN ATOMIC
SELECT json_build_object(
    'id', a.alert_id, 'measure', a.measure, 'direction', a.direction, 'level', a.level, 'kind', a.kind,
    'brand', a.brand, 'value', a.value, 'usual', a.usual, 'window_minutes', a.window_minutes, 'score', a.score,
    'opened_at', a.opened_at, 'looked_at', a.looked_at, 'closed_at', a.closed_at, 'seen_by', a.seen_by,
    'seen_at', a.seen_at
);
END;
