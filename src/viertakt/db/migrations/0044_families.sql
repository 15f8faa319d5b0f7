-- Parents that end with their children, and children that end with their parents.

-- Where a kind has something to do when its children end: the stages that such a transition leaves, and, where it ends its
-- children with itself, those in which it has ended. Looked up in the document for every entry it would cost too much.
CREATE FUNCTION viertakt.family_stages(document jsonb) RETURNS text []
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
    RETURN (
        SELECT coalesce(array_agg(DISTINCT f.stage ORDER BY f.stage), '{}')
        FROM (
            SELECT jsonb_array_elements_text(t.value -> 'from') AS stage
            FROM jsonb_each(document -> 'transitions') AS t
            WHERE document ? 'children' AND t.value -> 'by' ? 'children'
            UNION ALL
            SELECT s.key FROM jsonb_each(document -> 'stages') AS s
            WHERE document -> 'children' ? 'cancel' AND s.value ->> 'status' <> 'pending'
        ) AS f
    );
END
$$;
ALTER TABLE viertakt.kind_version
-- squawk-ignore adding-field-with-default
ADD COLUMN family_stages text [] GENERATED ALWAYS AS (viertakt.family_stages(document)) STORED;

-- Parents that are to be looked at, because a child ended or they came to a stage that waits for it. `news` rises with each
-- reason to look: what became known during a look is looked at again.
CREATE TABLE viertakt.family_due (
    operation_id uuid PRIMARY KEY,
    news integer NOT NULL DEFAULT 1,
    attempt integer NOT NULL DEFAULT 0,
    leased_until timestamptz,
    refused text,
    noted_at timestamptz NOT NULL DEFAULT now()
) WITH (fillfactor = 50);
CREATE INDEX family_due_by_age ON viertakt.family_due (noted_at, operation_id);

GRANT SELECT, INSERT, UPDATE, DELETE ON viertakt.family_due TO viertakt_app;
