-- Alerts by provider: a kind says which of its attributes tells who carries an operation out, and what comes and ends is counted
-- by each of its values too.

-- Some dozens of rows, rewritten at once as for the columns beside it.
-- squawk-ignore adding-field-with-default
ALTER TABLE viertakt.kind_version ADD COLUMN provider text GENERATED ALWAYS AS (document ->> 'provider') STORED;

-- The counts of `pulse` by the value of that attribute, whatever the brand; of operations that have one. Kept as long.
CREATE TABLE viertakt.provider_pulse (
    bucket timestamptz NOT NULL,
    kind text NOT NULL,
    attribute text NOT NULL,
    provider text NOT NULL,
    created bigint NOT NULL,
    success bigint NOT NULL,
    error bigint NOT NULL,
    rejected bigint NOT NULL,
    reported bigint NOT NULL,
    PRIMARY KEY (bucket, kind, attribute, provider)
) WITH (fillfactor = 70);

GRANT SELECT, INSERT, UPDATE, DELETE ON viertakt.provider_pulse TO viertakt_app;

-- Of one provider, by which attribute; of all together where both are null.
ALTER TABLE viertakt.alert ADD COLUMN attribute text;
ALTER TABLE viertakt.alert ADD COLUMN provider text;
ALTER TABLE viertakt.alert ADD CONSTRAINT alert_of_a_provider_says_by_what
CHECK ((attribute IS NULL) = (provider IS NULL)) NOT VALID;
ALTER TABLE viertakt.alert_limit ADD COLUMN attribute text;
ALTER TABLE viertakt.alert_limit ADD COLUMN provider text;
ALTER TABLE viertakt.alert_limit ADD CONSTRAINT limit_of_a_provider_says_by_what
CHECK ((attribute IS NULL) = (provider IS NULL)) NOT VALID;
ALTER TABLE viertakt.alert_limit ADD CONSTRAINT limit_is_of_a_brand_or_a_provider
CHECK (brand IS NULL OR provider IS NULL) NOT VALID;

-- An alert as the code reads it, with its provider.
CREATE OR REPLACE FUNCTION viertakt.alert_document(a viertakt.alert) RETURNS json
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog
BEGIN ATOMIC
SELECT json_build_object(
    'id', a.alert_id, 'measure', a.measure, 'direction', a.direction, 'level', a.level, 'kind', a.kind,
    'brand', a.brand, 'provider', CASE
        WHEN a.provider IS NOT NULL THEN json_build_object('attribute', a.attribute, 'value', a.provider)
    END,
    'value', a.value, 'usual', a.usual, 'window_minutes', a.window_minutes, 'score', a.score,
    'opened_at', a.opened_at, 'looked_at', a.looked_at, 'closed_at', a.closed_at, 'seen_by', a.seen_by,
    'seen_at', a.seen_at, 'incident_id', a.incident_id, 'limit_id', a.limit_id, 'stage', a.stage
);
END;
