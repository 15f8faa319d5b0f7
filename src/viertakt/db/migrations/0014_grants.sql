-- Grants: what each role may. A company changes them without a new version of a kind, and every change is kept for good.

CREATE TABLE viertakt.access_grant (
    grant_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    role text NOT NULL REFERENCES viertakt.role,
    kinds text [] NOT NULL DEFAULT '{}',  -- none named: all of them
    may text [] NOT NULL CONSTRAINT grant_says_what CHECK (cardinality(may) > 0),
    where_ text NOT NULL DEFAULT '',
    amount_max jsonb CONSTRAINT amount_max_is_by_currency CHECK (jsonb_typeof(amount_max) = 'object'),
    brought_by text,  -- the kind that brought it along
    created_by text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    revoked_by text,
    revoked_at timestamptz,
    CONSTRAINT revoked_grant_says_by_whom CHECK ((revoked_at IS NULL) = (revoked_by IS NULL))
);
CREATE INDEX grant_in_force ON viertakt.access_grant (role) WHERE revoked_at IS NULL;

CREATE TABLE viertakt.access_change (
    change_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    actor text NOT NULL,
    sort text NOT NULL CONSTRAINT access_is_granted_or_revoked CHECK (sort IN ('granted', 'revoked')),
    grant_id bigint NOT NULL REFERENCES viertakt.access_grant,
    reason text
);
CREATE TRIGGER access_change_stays BEFORE UPDATE OR DELETE ON viertakt.access_change
FOR EACH ROW EXECUTE FUNCTION viertakt.refuse_change();
CREATE TRIGGER access_changes_stay BEFORE TRUNCATE ON viertakt.access_change
EXECUTE FUNCTION viertakt.refuse_change();

-- Stages that any version of a kind marks as restricted: who sees an operation asks with every question, so they are not
-- looked for in the documents each time.
CREATE TABLE viertakt.restricted_stage (
    kind text NOT NULL,
    stage text NOT NULL,
    PRIMARY KEY (kind, stage)
);
INSERT INTO viertakt.restricted_stage (kind, stage)
SELECT DISTINCT k.kind, s.key
FROM viertakt.kind_version AS k
CROSS JOIN LATERAL jsonb_each(k.document -> 'stages') AS s
WHERE s.value ->> 'restricted' = 'true';

-- What the kinds published so far let people do stays as it is: also for operations of earlier versions.
INSERT INTO viertakt.access_grant (role, kinds, may, brought_by, created_by)
SELECT r.role, ARRAY[k.kind], array_agg(DISTINCT 'move:' || t.key), k.kind, 'system:installation'
FROM viertakt.kind_version AS k
CROSS JOIN LATERAL jsonb_each(k.document -> 'transitions') AS t
CROSS JOIN LATERAL jsonb_array_elements_text(t.value -> 'roles') AS n (name)
INNER JOIN viertakt.role AS r ON n.name = r.role
GROUP BY r.role, k.kind;
INSERT INTO viertakt.access_change (actor, sort, grant_id)
SELECT g.created_by, 'granted', g.grant_id
FROM viertakt.access_grant AS g;

CREATE FUNCTION viertakt.rights_of(actor text) RETURNS jsonb STABLE LANGUAGE sql AS $$
    SELECT jsonb_build_object(
        'grants', coalesce((
            SELECT jsonb_agg(jsonb_build_object(
                'id', g.grant_id, 'role', g.role, 'kinds', g.kinds, 'may', g.may, 'where', g.where_,
                'amount_max', coalesce(g.amount_max, '{}')
            ) ORDER BY g.grant_id)
            FROM viertakt.actor_role AS r
            INNER JOIN viertakt.access_grant AS g ON g.role = r.role AND g.revoked_at IS NULL
            WHERE r.actor = rights_of.actor
        ), '[]'),
        'restricted', coalesce((
            SELECT jsonb_agg(jsonb_build_array(s.kind, s.stage) ORDER BY s.kind, s.stage)
            FROM viertakt.restricted_stage AS s
        ), '[]')
    )
$$;

-- Of a grant nothing changes but that it is revoked.
GRANT SELECT, INSERT ON viertakt.access_grant, viertakt.access_change, viertakt.restricted_stage TO viertakt_app;
GRANT UPDATE (revoked_by, revoked_at) ON viertakt.access_grant TO viertakt_app;
