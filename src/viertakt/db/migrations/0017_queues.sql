-- Notes, and who works on what: a table beside the operations, so that neither a claim nor its renewal costs a move anything.

-- Entries that were written stay true to the narrower list, so nothing has to be read for it.
-- squawk-ignore ban-drop-constraint
ALTER TABLE viertakt.entry DROP CONSTRAINT entry_sort_is_known;
ALTER TABLE viertakt.entry ADD CONSTRAINT entry_sort_is_known CHECK (sort IN (
    'opened', 'moved', 'amended', 'refused', 'contradicted', 'unmapped',
    'asked', 'consented', 'declined', 'withdrawn',
    'noted', 'assigned', 'claimed', 'released', 'snoozed', 'woken', 'skipped', 'prioritised'
)) NOT VALID;

CREATE TABLE viertakt.assignment (
    operation_id uuid PRIMARY KEY,
    -- person:<uuid>, or role:<name> for a team.
    assignee text,
    -- A claim holds until its lease runs out; nobody has to do anything then.
    claimed_by text,
    lease_until timestamptz,
    -- The view whose queue gave it.
    queue uuid,
    snoozed_until timestamptz,
    priority integer NOT NULL DEFAULT 0 CONSTRAINT priority_is_one_of_four CHECK (priority BETWEEN -1 AND 2),
    CONSTRAINT claim_has_a_lease CHECK ((claimed_by IS NULL) = (lease_until IS NULL))
) WITH (fillfactor = 85);
CREATE INDEX assignment_by_assignee ON viertakt.assignment (assignee, operation_id) WHERE assignee IS NOT NULL;
CREATE INDEX assignment_by_claimer ON viertakt.assignment (claimed_by, operation_id) WHERE claimed_by IS NOT NULL;
CREATE INDEX assignment_snoozed ON viertakt.assignment (snoozed_until) WHERE snoozed_until IS NOT NULL;
CREATE INDEX assignment_by_priority ON viertakt.assignment (priority, operation_id) WHERE priority <> 0;

-- Whoever passed an operation over is not given it again while it stays as it was.
CREATE TABLE viertakt.skip (
    operation_id uuid NOT NULL,
    actor text NOT NULL,
    version integer NOT NULL,
    skipped_at timestamptz NOT NULL,
    PRIMARY KEY (operation_id, actor)
);
CREATE INDEX skip_by_age ON viertakt.skip (skipped_at);

-- Who looks at an operation now: worth nothing after a crash, so it is not logged.
CREATE UNLOGGED TABLE viertakt.presence (
    operation_id uuid NOT NULL,
    actor text NOT NULL,
    writing boolean NOT NULL,
    seen_at timestamptz NOT NULL,
    PRIMARY KEY (operation_id, actor)
);
CREATE INDEX presence_by_age ON viertakt.presence (seen_at);

-- Apart from operation_document, which PostgreSQL can only unfold while it looks nothing up itself.
CREATE FUNCTION viertakt.assignment_document(operation uuid) RETURNS json
LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
BEGIN
    RETURN (
        SELECT json_build_object(
            'assignee', a.assignee, 'claimed_by', a.claimed_by, 'lease_until', a.lease_until, 'queue', a.queue,
            'snoozed_until', a.snoozed_until, 'priority', a.priority,
            'names', (
                SELECT coalesce(json_object_agg(n.actor, n.name), '{}')
                FROM viertakt.actor AS n
                WHERE n.actor IN (a.assignee, a.claimed_by)
            )
        )
        FROM viertakt.assignment AS a
        WHERE a.operation_id = operation
    );
END
$$;

CREATE OR REPLACE FUNCTION viertakt.operation_document(o viertakt.operation) RETURNS json
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT json_build_object(
        'id', o.operation_id, 'kind', o.kind, 'kind_version', o.kind_version, 'reference', o.reference,
        'stage', o.stage, 'status', o.status, 'version', o.version, 'created_at', o.created_at,
        'entered_at', o.entered_at, 'changed_at', o.changed_at, 'waiting_on', o.waiting_on, 'subject', o.subject,
        'brand', o.brand,
        'amount', CASE WHEN o.amount IS NOT NULL
            THEN json_build_object('value', o.amount::text, 'currency', o.currency) END,
        'attributes', o.attributes, 'tags', o.tags, 'parent_id', o.parent_id, 'closed_at', o.closed_at,
        'deadline_at', o.deadline_at, 'contradiction', o.contradiction,
        'assignment', viertakt.assignment_document(o.operation_id)
    )
$$;

GRANT SELECT, INSERT, UPDATE ON viertakt.assignment TO viertakt_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON viertakt.skip, viertakt.presence TO viertakt_app;

-- Whoever may amend by the product's own grants may also note and assign: as in a new installation.
INSERT INTO viertakt.access_grant (role, may, created_by)
SELECT g.role, ARRAY['assign', 'note'], g.created_by
FROM viertakt.access_grant AS g
WHERE
    g.created_by = 'system:installation' AND g.brought_by IS NULL AND g.revoked_at IS NULL AND 'amend' = ANY(g.may)
    AND g.role <> 'integration';
INSERT INTO viertakt.access_change (actor, sort, grant_id)
SELECT g.created_by, 'granted', g.grant_id
FROM viertakt.access_grant AS g
WHERE g.created_by = 'system:installation' AND g.may = ARRAY['assign', 'note'];
