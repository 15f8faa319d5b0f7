-- name: install_roles
-- The roles of the product with their labels; a label changed by a newer version is written over.
INSERT INTO viertakt.role (role, label)
SELECT r.role, r.label
FROM jsonb_to_recordset(%(roles)s::jsonb) AS r (role text, label jsonb)
ON CONFLICT (role) DO UPDATE SET label = excluded.label
WHERE viertakt.role.label IS DISTINCT FROM excluded.label AND viertakt.role.made_by IS NULL;

-- name: list_roles
-- Every role that there is, in the order of its name.
SELECT role, label, made_by, second_factor
FROM viertakt.role
WHERE removed_at IS NULL
ORDER BY role
LIMIT 1000;

-- name: make_role
-- A company's own role; nothing where the name is taken, be it by one that was removed: a history means it for ever.
INSERT INTO viertakt.role (role, label, made_by)
VALUES (%(role)s, %(label)s::jsonb, %(by)s)
ON CONFLICT (role) DO NOTHING
RETURNING role;

-- name: change_role
-- Another label, or whether it asks for a second factor.
UPDATE viertakt.role
SET label = coalesce(%(label)s::jsonb, label), second_factor = coalesce(%(second_factor)s::boolean, second_factor)
WHERE role = %(role)s AND removed_at IS NULL;

-- name: remove_role
-- A role that nobody can be given any more.
UPDATE viertakt.role
SET removed_at = now()
WHERE role = %(role)s AND removed_at IS NULL;

-- name: holders_of_role
-- Who has a role and may still act, by name.
SELECT a.actor AS id, a.name
FROM viertakt.actor_role AS r
INNER JOIN viertakt.actor AS a ON r.actor = a.actor
WHERE r.role = %(role)s AND a.active
ORDER BY a.name, a.actor
LIMIT %(limit)s;

-- name: drop_role_of_all
-- What those who left still have of a role that is removed: whoever comes back comes without it.
DELETE FROM viertakt.actor_role
WHERE role = %(role)s;

-- name: ensure_actors
-- Actors that are to exist under an id, in id order so that two callers cannot deadlock; who exists stays as they are.
INSERT INTO viertakt.actor (actor, name)
SELECT a.actor, a.name
FROM jsonb_to_recordset(%(actors)s::jsonb) AS a (actor text, name text)
ORDER BY a.actor
ON CONFLICT (actor) DO NOTHING;

-- name: add_actor
-- A new actor.
INSERT INTO viertakt.actor (actor, name)
VALUES (%(actor)s, %(name)s);

-- name: add_roles
-- Give an actor these roles; a role that is not installed breaks the foreign key.
INSERT INTO viertakt.actor_role (actor, role)
SELECT %(actor)s, held.role
FROM unnest(%(roles)s::text []) AS held (role)
ON CONFLICT (actor, role) DO NOTHING;

-- name: drop_roles
-- Take away every role but these.
DELETE FROM viertakt.actor_role
WHERE actor = %(actor)s AND role <> ALL(%(roles)s::text []);

-- name: lock_actor
-- Hold an actor while its rights change, so that two changes cannot mix.
SELECT
    actor,
    active
FROM viertakt.actor
WHERE actor = %(actor)s
FOR UPDATE;

-- name: raise_access_version
-- What this actor may do has changed: writes decided on the earlier rights are refused.
UPDATE viertakt.actor
SET access_version = access_version + 1, active = %(active)s
WHERE actor = %(actor)s;

-- name: actor_by_id
-- An actor with its roles, active or not.
SELECT
    a.actor AS id,
    a.name,
    a.access_version,
    a.active,
    viertakt.rights_of(a.actor)::text AS rights,
    ARRAY(
        SELECT r.role FROM viertakt.actor_role AS r
        WHERE r.actor = a.actor
        ORDER BY r.role
    ) AS roles
FROM viertakt.actor AS a
WHERE a.actor = %(actor)s;

-- name: names_of_actors
-- The names of these actors, for a timeline.
SELECT
    actor,
    name
FROM viertakt.actor
WHERE actor = ANY(%(actors)s::text [])
LIMIT 1000;

-- name: add_person
-- The sign-in of a person who exists as an actor.
INSERT INTO viertakt.person (actor, email, password_hash, language, password_ends_at)
VALUES (
    %(actor)s, %(email)s, %(password_hash)s, %(language)s,
    CASE WHEN %(made_for)s::interval IS NOT NULL THEN clock_timestamp() + %(made_for)s END
);

-- name: people
-- People who sign in, by name; one of them when an actor or an e-mail address is named.
SELECT
    a.actor AS id,
    a.name,
    p.email,
    p.language,
    a.active,
    a.created_at,
    p.last_seen_at,
    ARRAY(
        SELECT r.role FROM viertakt.actor_role AS r
        WHERE r.actor = a.actor
        ORDER BY r.role
    ) AS roles
FROM viertakt.person AS p
INNER JOIN viertakt.actor AS a ON p.actor = a.actor
WHERE (%(actor)s::text IS NULL OR a.actor = %(actor)s::text)
ORDER BY lower(a.name), a.actor
LIMIT %(limit)s;

-- name: set_password_hash
-- Another password, or the same one hashed with today's costs.
UPDATE viertakt.person
SET password_hash = %(password_hash)s
WHERE actor = %(actor)s;

-- name: own_password
-- The password is its person's own from now on.
UPDATE viertakt.person SET password_ends_at = NULL WHERE actor = %(actor)s;

-- name: made_password
-- The password was made up for its person, and ends.
UPDATE viertakt.person SET password_ends_at = clock_timestamp() + %(made_for)s::interval WHERE actor = %(actor)s;

-- name: set_language
-- The language a person reads.
UPDATE viertakt.person
SET language = %(language)s
WHERE actor = %(actor)s;

-- name: actor_of_session
-- Who this session belongs to, while it is neither idle nor too old and its person is active.
SELECT
    a.actor AS id,
    a.name,
    a.access_version,
    a.active,
    viertakt.rights_of(a.actor)::text AS rights,
    ARRAY(
        SELECT r.role FROM viertakt.actor_role AS r
        WHERE r.actor = a.actor
        ORDER BY r.role
    ) AS roles,
    s.seen_at < now() - interval '1 minute' AS seen_is_old,
    s.session_id,
    s.proved_at,
    s.method,
    CASE WHEN s.eyes_until > now() THEN s.eyes END AS eyes,
    s.eyes_until,
    EXISTS (
        SELECT FROM viertakt.actor_role AS r
        INNER JOIN viertakt.role AS o ON r.role = o.role AND o.second_factor
        WHERE r.actor = a.actor
    ) AS needs_factor,
    EXISTS (
        SELECT FROM viertakt.second_factor AS f
        WHERE f.actor = a.actor AND f.confirmed_at IS NOT NULL
    ) AS has_factor,
    EXISTS (
        SELECT FROM viertakt.person AS p
        WHERE p.actor = a.actor AND p.password_hash IS NOT NULL
    ) AS has_password,
    EXISTS (
        SELECT FROM viertakt.person AS p
        WHERE p.actor = a.actor AND p.password_ends_at IS NOT NULL
    ) AS has_made_password
FROM viertakt.session AS s
INNER JOIN viertakt.actor AS a ON s.actor = a.actor
WHERE s.secret_hash = %(secret_hash)s AND a.active
    AND s.expires_at > now() AND s.seen_at > now() - %(idle_max)s::interval;

-- name: rights_of_role
-- What somebody would hold who has this role and nothing else.
SELECT viertakt.rights_of_role(%(role)s::text)::text AS rights;

-- name: open_eyes
-- From now on this session reads as a role does.
UPDATE viertakt.session
SET eyes = %(role)s, eyes_until = now() + %(length)s::interval
WHERE session_id = %(session_id)s
RETURNING eyes_until;

-- name: close_eyes
-- This session is its person's again.
UPDATE viertakt.session
SET eyes = NULL, eyes_until = NULL
WHERE session_id = %(session_id)s AND eyes IS NOT NULL
RETURNING session_id;

-- name: see_session
-- Note that a session is in use, at most once a minute: a busy console must not write with every look.
UPDATE viertakt.session
SET seen_at = now()
WHERE secret_hash = %(secret_hash)s AND seen_at < now() - interval '1 minute';

-- name: see_person
-- Note when a person was last here, at most once a minute; kept when the session has ended.
UPDATE viertakt.person
SET last_seen_at = now()
WHERE actor = %(actor)s AND (last_seen_at IS NULL OR last_seen_at < now() - interval '1 minute');

-- name: end_session
-- Sign out.
DELETE FROM viertakt.session
WHERE secret_hash = %(secret_hash)s;

-- name: end_sessions_of_actor
-- Sign a person out everywhere.
DELETE FROM viertakt.session
WHERE actor = %(actor)s;

-- name: end_dead_sessions
-- Remove a person's sessions that nobody can use any more.
DELETE FROM viertakt.session
WHERE actor = %(actor)s AND (expires_at <= now() OR seen_at <= now() - %(idle_max)s::interval);

-- name: add_token
-- A token's stored half.
INSERT INTO viertakt.token (actor, secret_hash, hint, expires_at, issued_by)
VALUES (%(actor)s, %(secret_hash)s, %(hint)s, %(expires_at)s, %(issued_by)s);

-- name: actor_of_token
-- Who this token speaks for, while it is neither revoked nor expired.
SELECT
    a.actor AS id,
    a.name,
    a.access_version,
    a.active,
    viertakt.rights_of(a.actor)::text AS rights,
    ARRAY(
        SELECT r.role FROM viertakt.actor_role AS r
        WHERE r.actor = a.actor
        ORDER BY r.role
    ) AS roles
FROM viertakt.token AS t
INNER JOIN viertakt.actor AS a ON t.actor = a.actor
WHERE t.secret_hash = %(secret_hash)s AND a.active AND t.revoked_at IS NULL
    AND (t.expires_at IS NULL OR t.expires_at > now());

-- name: note_token_use
-- Note that a token is in use, at most once a minute; a row somebody else holds is left alone.
UPDATE viertakt.token
SET last_used_at = now()
WHERE actor IN (
    SELECT t.actor FROM viertakt.token AS t
    WHERE t.actor = %(actor)s AND (t.last_used_at IS NULL OR t.last_used_at < now() - interval '1 minute')
    FOR NO KEY UPDATE SKIP LOCKED
);

-- name: tokens
-- Tokens, the newest first.
SELECT
    a.actor AS id,
    a.name,
    t.hint,
    a.created_at,
    t.expires_at,
    t.revoked_at,
    t.last_used_at,
    t.issued_by,
    i.name AS issued_by_name,
    ARRAY(
        SELECT r.role FROM viertakt.actor_role AS r
        WHERE r.actor = a.actor
        ORDER BY r.role
    ) AS roles
FROM viertakt.token AS t
INNER JOIN viertakt.actor AS a ON t.actor = a.actor
LEFT JOIN viertakt.actor AS i ON t.issued_by = i.actor
ORDER BY a.created_at DESC, a.actor DESC
LIMIT %(limit)s;

-- name: live_tokens_called
-- Tokens not yet revoked that have this id or this name.
SELECT a.actor
FROM viertakt.token AS t
INNER JOIN viertakt.actor AS a ON t.actor = a.actor
WHERE (a.actor = %(name_or_id)s OR a.name = %(name_or_id)s) AND t.revoked_at IS NULL
ORDER BY a.created_at, a.actor
LIMIT 100;

-- name: live_tokens_issued_by
-- Tokens not yet revoked that somebody issued, in id order so that two callers cannot deadlock.
SELECT t.actor
FROM viertakt.token AS t
WHERE t.issued_by = %(actor)s AND t.revoked_at IS NULL
ORDER BY t.actor
LIMIT 10000;

-- name: somebody_manages
-- Whether anybody is left who may sign in and administer.
SELECT EXISTS(
    SELECT FROM viertakt.access_grant AS g
    INNER JOIN viertakt.actor_role AS r ON g.role = r.role
    INNER JOIN viertakt.actor AS a ON r.actor = a.actor
    INNER JOIN viertakt.person AS p ON a.actor = p.actor
    WHERE g.revoked_at IS NULL AND 'manage' = ANY(g.may) AND a.active
) AS found;

-- name: revoke_token
-- A token that opens no door any more; its history keeps its name.
UPDATE viertakt.token
SET revoked_at = now()
WHERE actor = %(actor)s AND revoked_at IS NULL;
