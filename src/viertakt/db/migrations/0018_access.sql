-- Access to the end: grants of a single token, who keeps a token, when somebody was last here, and one audit for every change.

-- A grant is a role's or a token's own.
ALTER TABLE viertakt.access_grant ADD COLUMN actor text;
ALTER TABLE viertakt.access_grant ADD CONSTRAINT grant_is_of_a_known_actor
FOREIGN KEY (actor) REFERENCES viertakt.actor NOT VALID;
-- Whoever reads a role by its grants still finds them all: a grant without one is a token's.
-- squawk-ignore ban-drop-not-null
ALTER TABLE viertakt.access_grant ALTER COLUMN role DROP NOT NULL;
ALTER TABLE viertakt.access_grant ADD CONSTRAINT grant_is_a_roles_or_a_tokens
CHECK (num_nonnulls(role, actor) = 1 AND (actor IS NULL OR actor LIKE 'token:%')) NOT VALID;
-- Not built concurrently: no grant has an actor before this migration.
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX grant_in_force_of_token ON viertakt.access_grant (actor) WHERE revoked_at IS NULL AND actor IS NOT NULL;

-- Who issued a token answers for it: it ends when they leave.
ALTER TABLE viertakt.token ADD COLUMN issued_by text;
-- Sessions are deleted when they end, so when somebody was last here is kept beside them; at most once a minute.
ALTER TABLE viertakt.person ADD COLUMN last_seen_at timestamptz;

-- The audit tells more than grants: `about` is the person or token concerned, `detail` what was changed, in codes.
-- Lines that were written stay true to the narrower list, so nothing has to be read for it.
-- squawk-ignore ban-drop-constraint
ALTER TABLE viertakt.access_change DROP CONSTRAINT access_is_granted_or_revoked;
ALTER TABLE viertakt.access_change ADD CONSTRAINT access_change_sort_is_known CHECK (sort IN (
    'granted', 'revoked', 'person_added', 'roles_set', 'deactivated', 'activated', 'token_issued', 'token_revoked',
    'revealed', 'reviewed', 'change_asked', 'change_approved', 'change_declined', 'change_withdrawn'
)) NOT VALID;
-- squawk-ignore ban-drop-not-null
ALTER TABLE viertakt.access_change ALTER COLUMN grant_id DROP NOT NULL;
ALTER TABLE viertakt.access_change ADD COLUMN about text;
ALTER TABLE viertakt.access_change ADD COLUMN operation_id uuid;
ALTER TABLE viertakt.access_change ADD COLUMN detail jsonb;
ALTER TABLE viertakt.access_change ADD CONSTRAINT change_of_grant_names_it
CHECK ((sort IN ('granted', 'revoked')) = (grant_id IS NOT NULL)) NOT VALID;
ALTER TABLE viertakt.access_change ADD CONSTRAINT reveal_names_operation_and_reason
CHECK (sort <> 'revealed' OR (operation_id IS NOT NULL AND reason IS NOT NULL)) NOT VALID;
-- How often somebody has revealed values within the hour. No line is of this sort before this migration.
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX reveal_by_actor ON viertakt.access_change (actor, at) WHERE sort = 'revealed';

CREATE OR REPLACE FUNCTION viertakt.rights_of(actor text) RETURNS jsonb STABLE LANGUAGE sql AS $$
    SELECT jsonb_build_object(
        'grants', coalesce((
            SELECT jsonb_agg(jsonb_build_object(
                'id', g.grant_id, 'role', coalesce(g.role, ''), 'kinds', g.kinds, 'may', g.may, 'where', g.where_,
                'amount_max', coalesce(g.amount_max, '{}')
            ) ORDER BY g.grant_id)
            FROM (
                SELECT o.* FROM viertakt.access_grant AS o
                WHERE o.actor = rights_of.actor AND o.revoked_at IS NULL
                UNION ALL
                SELECT h.* FROM viertakt.actor_role AS r
                INNER JOIN viertakt.access_grant AS h ON h.role = r.role AND h.revoked_at IS NULL
                WHERE r.actor = rights_of.actor
            ) AS g
        ), '[]'),
        'restricted', coalesce((
            SELECT jsonb_agg(jsonb_build_array(s.kind, s.stage) ORDER BY s.kind, s.stage)
            FROM viertakt.restricted_stage AS s
        ), '[]')
    )
$$;

-- Changes of access that wait for a second person, where an installation asks one.
CREATE TABLE viertakt.access_request (
    request_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    asked jsonb NOT NULL,  -- what is to be changed
    asked_by text NOT NULL REFERENCES viertakt.actor,
    asked_at timestamptz NOT NULL DEFAULT now(),
    reason text,
    state text NOT NULL DEFAULT 'open' CONSTRAINT request_state_is_known
    CHECK (state IN ('open', 'made', 'declined', 'withdrawn')),
    settled_by text,
    settled_at timestamptz,
    CONSTRAINT settled_request_says_by_whom CHECK (
        (state = 'open') = (settled_by IS NULL) AND (state = 'open') = (settled_at IS NULL)
    ),
    CONSTRAINT second_person_is_another CHECK (state NOT IN ('made', 'declined') OR settled_by <> asked_by)
);
CREATE INDEX request_waits ON viertakt.access_request (request_id) WHERE state = 'open';
GRANT SELECT, INSERT ON viertakt.access_request TO viertakt_app;
GRANT UPDATE (state, settled_by, settled_at) ON viertakt.access_request TO viertakt_app;
