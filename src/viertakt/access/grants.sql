-- name: lock_grants
-- One change of grants or of who holds which role at a time: whoever holds one must be told of its change, and of two
-- who manage and take it from each other the second must see that nobody would be left.
SELECT pg_advisory_xact_lock(hashtextextended('viertakt.access_grant', 0));

-- name: add_grant
-- One more line of what a role or a token may; nothing where the role is not installed.
INSERT INTO viertakt.access_grant (role, actor, kinds, may, where_, amount_max, brought_by, created_by)
SELECT
    %(role)s::text, %(token)s::text, %(kinds)s::text [], %(may)s::text [], %(where)s, nullif(%(amount_max)s::jsonb, '{}'), %(brought_by)s,
    %(actor)s
WHERE %(role)s::text IS NULL OR EXISTS (SELECT FROM viertakt.role AS r WHERE r.role = %(role)s AND r.removed_at IS NULL)
RETURNING grant_id;

-- name: revoke_grant
-- A grant that holds no more; it stays to be read.
UPDATE viertakt.access_grant
SET revoked_by = %(actor)s, revoked_at = now()
WHERE grant_id = %(grant_id)s AND revoked_at IS NULL
RETURNING role, actor;

-- name: raise_access_versions
-- Everybody who has one of these roles may something else now: writes decided on the earlier rights are refused.
UPDATE viertakt.actor AS a
SET access_version = a.access_version + 1
FROM (
    SELECT x.actor FROM viertakt.actor AS x
    WHERE x.actor IN (SELECT h.actor FROM viertakt.actor_role AS h WHERE h.role = ANY(%(roles)s::text []))
    ORDER BY x.actor
    FOR NO KEY UPDATE
) AS holders
WHERE a.actor = holders.actor;

-- name: raise_all_access_versions
-- What is out of sight has changed for everybody.
UPDATE viertakt.actor AS a
SET access_version = a.access_version + 1
FROM (
    SELECT x.actor FROM viertakt.actor AS x
    WHERE EXISTS (SELECT FROM viertakt.actor_role AS h WHERE h.actor = x.actor)
    ORDER BY x.actor
    FOR NO KEY UPDATE
) AS holders
WHERE a.actor = holders.actor;

-- name: grants_of
-- Grants by their number; of one role or token, and those that were revoked too, where asked.
SELECT
    g.grant_id AS id, g.role, g.actor AS token, g.kinds, g.may, g.where_ AS "where", coalesce(g.amount_max, '{}') AS amount_max,
    g.brought_by, g.created_by, g.created_at, g.revoked_by, g.revoked_at
FROM viertakt.access_grant AS g
WHERE
    (%(role)s::text IS NULL OR g.role = %(role)s)
    AND (%(token)s::text IS NULL OR g.actor = %(token)s)
    AND (NOT %(of_tokens)s OR g.actor IS NOT NULL)
    AND (%(revoked)s OR g.revoked_at IS NULL)
ORDER BY g.grant_id
LIMIT %(limit)s;

-- name: was_installed
-- Whether a role was given what the product grants it: once, so that what a company has revoked stays revoked.
SELECT exists(
    SELECT FROM viertakt.access_grant AS g
    WHERE g.role = %(role)s AND g.brought_by IS NULL AND g.created_by = %(actor)s
) AS installed;

-- name: add_restricted_stages
-- Stages that a kind marks as restricted; how many were not known as such.
WITH added AS (
    INSERT INTO viertakt.restricted_stage (kind, stage)
    SELECT %(kind)s, s.stage FROM unnest(%(stages)s::text []) AS s (stage)
    ON CONFLICT DO NOTHING
    RETURNING stage
)

SELECT count(*) AS added FROM added;
