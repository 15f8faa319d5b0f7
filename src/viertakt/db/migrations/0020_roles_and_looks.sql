-- Roles of a company's own, a second factor that a role asks for, and a look through the eyes of a role.

-- Who made it, where it is not the product's. A removed role stays: histories and the audit name it.
ALTER TABLE viertakt.role
ADD COLUMN made_by text,
ADD COLUMN removed_at timestamptz,
-- Whoever has it and signs in by password needs an authenticator before anything else.
ADD COLUMN second_factor boolean NOT NULL DEFAULT false;

-- A session that looks through the eyes of a role until then reads as that role does, and changes nothing.
ALTER TABLE viertakt.session
ADD COLUMN eyes text,
ADD COLUMN eyes_until timestamptz;
ALTER TABLE viertakt.session ADD CONSTRAINT look_has_an_end
CHECK ((eyes IS NULL) = (eyes_until IS NULL)) NOT VALID;

-- Lines that were written stay true to the narrower list, so nothing has to be read for it.
-- squawk-ignore ban-drop-constraint
ALTER TABLE viertakt.access_change DROP CONSTRAINT access_change_sort_is_known;
ALTER TABLE viertakt.access_change ADD CONSTRAINT access_change_sort_is_known CHECK (sort IN (
    'granted', 'revoked', 'person_added', 'roles_set', 'deactivated', 'activated', 'token_issued', 'token_revoked',
    'revealed', 'reviewed', 'change_asked', 'change_approved', 'change_declined', 'change_withdrawn',
    'role_made', 'role_changed', 'role_removed', 'looked'
)) NOT VALID;

-- What somebody would hold who has this role and nothing else; as `rights_of`.
CREATE FUNCTION viertakt.rights_of_role(role text) RETURNS jsonb
LANGUAGE sql STABLE
AS $$
    SELECT jsonb_build_object(
        'grants', coalesce((
            SELECT jsonb_agg(jsonb_build_object(
                'id', g.grant_id, 'role', g.role, 'kinds', g.kinds, 'may', g.may, 'where', g.where_,
                'amount_max', coalesce(g.amount_max, '{}')
            ) ORDER BY g.grant_id)
            FROM viertakt.access_grant AS g
            WHERE g.role = rights_of_role.role AND g.revoked_at IS NULL
        ), '[]'),
        'restricted', coalesce((
            SELECT jsonb_agg(jsonb_build_array(s.kind, s.stage) ORDER BY s.kind, s.stage)
            FROM viertakt.restricted_stage AS s
        ), '[]')
    )
$$;
