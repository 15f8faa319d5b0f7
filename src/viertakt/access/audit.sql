-- name: note_change
-- One line of the audit.
INSERT INTO viertakt.access_change (actor, sort, grant_id, about, operation_id, reason, detail)
VALUES (%(actor)s, %(sort)s, %(grant_id)s, %(about)s, %(operation_id)s, %(reason)s, %(detail)s::jsonb);

-- name: changes
-- The audit, the newest first: of some sorts, by somebody, about somebody, about an operation, before a line.
SELECT
    c.change_id AS id,
    c.at,
    c.actor,
    a.name AS actor_name,
    c.sort,
    c.grant_id,
    coalesce(g.role, c.detail ->> 'role') AS role,
    coalesce(c.about, g.actor) AS about,
    b.name AS about_name,
    c.operation_id,
    c.reason,
    c.detail
FROM viertakt.access_change AS c
LEFT JOIN viertakt.access_grant AS g ON c.grant_id = g.grant_id
LEFT JOIN viertakt.actor AS a ON c.actor = a.actor
LEFT JOIN viertakt.actor AS b ON coalesce(c.about, g.actor) = b.actor
WHERE
    (%(sorts)s::text [] IS NULL OR c.sort = ANY(%(sorts)s::text []))
    AND (%(by)s::text IS NULL OR c.actor = %(by)s)
    AND (%(about)s::text IS NULL OR coalesce(c.about, g.actor) = %(about)s)
    AND (%(operation_id)s::uuid IS NULL OR c.operation_id = %(operation_id)s)
    AND (%(before)s::bigint IS NULL OR c.change_id < %(before)s)
ORDER BY c.change_id DESC
LIMIT %(limit)s;

-- name: lock_reveals
-- One reveal of an actor at a time: two at once must not both be the last that the limit lets through.
SELECT pg_advisory_xact_lock(hashtextextended('viertakt.reveal ' || %(actor)s, 0));

-- name: reveals_within
-- How many reveals an actor has made within a time, and in how many seconds the first of them no longer counts.
SELECT
    count(*) AS reveals,
    coalesce(ceil(extract(EPOCH FROM min(c.at) + %(window)s::interval - clock_timestamp())), 0)::integer AS seconds
FROM viertakt.access_change AS c
WHERE c.sort = 'revealed' AND c.actor = %(actor)s AND c.at > clock_timestamp() - %(window)s::interval;

-- name: access_review
-- Everybody who may act, with roles, grants of their own and when they were last here; people first, by name.
SELECT
    a.actor AS id,
    a.name,
    split_part(a.actor, ':', 1) AS sort,
    p.email,
    ARRAY(SELECT r.role FROM viertakt.actor_role AS r WHERE r.actor = a.actor ORDER BY r.role) AS roles,
    a.created_at,
    t.expires_at,
    coalesce(p.last_seen_at, t.last_used_at) AS last_used_at
FROM viertakt.actor AS a
LEFT JOIN viertakt.person AS p ON a.actor = p.actor
LEFT JOIN viertakt.token AS t ON a.actor = t.actor
WHERE
    a.active AND (p.actor IS NOT NULL OR t.actor IS NOT NULL) AND t.revoked_at IS NULL
    AND (t.expires_at IS NULL OR t.expires_at > now())
ORDER BY sort, lower(a.name), a.actor
LIMIT %(limit)s;
