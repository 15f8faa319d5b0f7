-- name: people_called
-- Active people whose name or e-mail address stands in a text after an @; whether it ends there is judged by the caller.
SELECT a.actor, a.name, p.email
FROM viertakt.person AS p
JOIN viertakt.actor AS a ON p.actor = a.actor
WHERE
    a.active
    AND (
        position('@' || lower(a.name) IN lower(%(text)s::text)) > 0
        OR position('@' || lower(p.email) IN lower(%(text)s::text)) > 0
    )
ORDER BY a.actor
LIMIT %(limit)s;

-- name: colleagues
-- Active people who sign in, by name, with their roles.
SELECT
    a.actor, a.name,
    ARRAY(SELECT r.role FROM viertakt.actor_role AS r WHERE r.actor = a.actor ORDER BY r.role) AS roles
FROM viertakt.person AS p
JOIN viertakt.actor AS a ON p.actor = a.actor
WHERE a.active
ORDER BY lower(a.name), a.actor
LIMIT %(limit)s;

-- name: person_by_email
-- The active person who signs in with this address.
SELECT a.actor
FROM viertakt.person AS p
JOIN viertakt.actor AS a ON p.actor = a.actor
WHERE lower(p.email) = lower(%(email)s) AND a.active;

-- name: is_person
-- Whether an actor is an active person who signs in.
SELECT exists(
    SELECT FROM viertakt.person AS p
    JOIN viertakt.actor AS a ON p.actor = a.actor
    WHERE a.actor = %(actor)s AND a.active
);

-- name: is_role
-- Whether a role is installed.
SELECT exists(SELECT FROM viertakt.role AS r WHERE r.role = %(role)s);

-- name: roles_granted
-- The roles whose grants in force say this very word.
SELECT DISTINCT g.role
FROM viertakt.access_grant AS g
WHERE g.revoked_at IS NULL AND g.role IS NOT NULL AND %(act)s = ANY(g.may)
ORDER BY g.role
LIMIT 1000;
