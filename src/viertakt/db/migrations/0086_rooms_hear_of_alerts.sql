-- Endpoints hear of alerts and incidents where they ask for it, each step once.

ALTER TABLE viertakt.endpoint ADD COLUMN alerts boolean NOT NULL DEFAULT false;

-- What is told beside the journal, as it stood: `topic` says which step of which alert or incident.
ALTER TABLE viertakt.endpoint_delivery ADD COLUMN topic text;
ALTER TABLE viertakt.endpoint_delivery ADD COLUMN content jsonb;
-- The table is empty of topics, and deliveries are kept for 90 days.
-- squawk-ignore require-concurrent-index-creation
CREATE UNIQUE INDEX topic_is_told_to_an_endpoint_once ON viertakt.endpoint_delivery (endpoint_id, topic)
WHERE topic IS NOT NULL;

-- An endpoint as the code reads it.
CREATE OR REPLACE FUNCTION viertakt.endpoint_document(e viertakt.endpoint) RETURNS json
LANGUAGE sql STABLE PARALLEL SAFE
AS $$
    SELECT json_build_object(
        'id', e.endpoint_id, 'sort', e.sort, 'name', e.name, 'shown', e.shown, 'owner', e.owner, 'query', e.query,
        'entries', e.entries, 'stages', e.stages, 'alerts', e.alerts, 'state', e.state, 'why_off', e.why_off,
        'off_at', e.off_at, 'place', e.place, 'number', e.number, 'failures', e.failures,
        'failing_since', e.failing_since, 'failed_at', e.failed_at, 'warned_at', e.warned_at,
        'created_at', e.created_at, 'changed_at', e.changed_at
    )
$$;
