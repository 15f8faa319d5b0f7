-- name: list_views
-- The views that are there for an actor, by name.
SELECT
    v.view_id,
    v.version,
    v.name,
    v.query,
    v.columns,
    v.sort,
    v.density,
    v.icon,
    v.audience,
    v.role,
    v.owner,
    a.name AS owner_name,
    v.builtin,
    v.created_at,
    v.changed_at,
    v.used_at,
    v.deleted_at,
    s.actor IS NOT NULL AS starred
FROM viertakt.view AS v
JOIN viertakt.actor AS a ON v.owner = a.actor
LEFT JOIN viertakt.view_star AS s ON v.view_id = s.view_id AND s.actor = %(actor)s::text
WHERE
    v.deleted_at IS NULL
    AND CASE v.audience
        WHEN 'personal' THEN v.owner = %(actor)s::text
        WHEN 'team' THEN %(is_admin)s::boolean OR v.role = ANY(%(roles)s::text [])
        ELSE TRUE
    END
ORDER BY lower(v.name), v.view_id
LIMIT %(limit)s;

-- name: read_view
-- One view, deleted or not, with the star of one actor.
SELECT
    v.view_id,
    v.version,
    v.name,
    v.query,
    v.columns,
    v.sort,
    v.density,
    v.icon,
    v.audience,
    v.role,
    v.owner,
    a.name AS owner_name,
    v.builtin,
    v.created_at,
    v.changed_at,
    v.used_at,
    v.deleted_at,
    s.actor IS NOT NULL AS starred
FROM viertakt.view AS v
JOIN viertakt.actor AS a ON v.owner = a.actor
LEFT JOIN viertakt.view_star AS s ON v.view_id = s.view_id AND s.actor = %(actor)s::text
WHERE v.view_id = %(view_id)s::uuid;

-- name: lock_view
-- Hold a view before it is read to be changed: two who change it at once come one after the other.
SELECT v.view_id
FROM viertakt.view AS v
WHERE v.view_id = %(view_id)s::uuid
FOR UPDATE;

-- name: count_owned
-- How many views somebody keeps.
SELECT count(*)
FROM viertakt.view AS v
WHERE v.owner = %(owner)s AND v.deleted_at IS NULL;

-- name: add_view
-- A new view.
INSERT INTO viertakt.view (view_id, name, query, columns, sort, density, icon, audience, role, owner)
VALUES (
    %(view_id)s, %(name)s, %(query)s, %(columns)s, %(sort)s, %(density)s, %(icon)s, %(audience)s, %(role)s, %(owner)s
);

-- name: replace_view
-- Another content of a view that is locked; a deleted one is there again.
UPDATE viertakt.view
SET
    version = version + 1,
    name = %(name)s,
    query = %(query)s,
    columns = %(columns)s,
    sort = %(sort)s,
    density = %(density)s,
    icon = %(icon)s,
    audience = %(audience)s,
    role = %(role)s,
    owner = %(owner)s,
    builtin = CASE WHEN name = %(name)s THEN builtin END,
    changed_at = now(),
    deleted_at = NULL
WHERE view_id = %(view_id)s;

-- name: delete_view
-- Take a view that is locked out of everybody's sight.
UPDATE viertakt.view
SET version = version + 1, deleted_at = now()
WHERE view_id = %(view_id)s;

-- name: prune_views
-- Forget what was deleted long ago; the product's own stay deleted, or the next start would bring them back.
DELETE FROM viertakt.view
WHERE deleted_at < now() - %(age)s::interval AND owner <> %(installer)s;

-- name: hand_over_views
-- The views of somebody who has left, to somebody else; those deleted a moment ago too.
UPDATE viertakt.view
SET owner = %(to)s, version = version + 1, changed_at = now()
WHERE owner = %(owner)s;

-- name: note_view_use
-- That a view is in use, at most once an hour.
UPDATE viertakt.view
SET used_at = now()
WHERE view_id = %(view_id)s AND (used_at IS NULL OR used_at < now() - interval '1 hour');

-- name: add_star
-- One actor's star.
INSERT INTO viertakt.view_star (view_id, actor)
VALUES (%(view_id)s, %(actor)s)
ON CONFLICT DO NOTHING;

-- name: drop_star
-- One actor's star, taken off.
DELETE FROM viertakt.view_star
WHERE view_id = %(view_id)s AND actor = %(actor)s;

-- name: install_views
-- The views that come with the product, for everyone; whoever has changed or deleted one keeps it so.
INSERT INTO viertakt.view (view_id, name, query, sort, audience, owner, builtin)
SELECT i.view_id, i.name, i.query, i.sort, 'everyone', %(installer)s, i.builtin
FROM jsonb_to_recordset(%(views)s::jsonb) AS i (view_id uuid, name text, query text, sort text, builtin text)
ON CONFLICT (view_id) DO NOTHING;
