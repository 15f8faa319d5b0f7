-- name: account_to_sign_in
-- What is needed to judge a sign-in with this e-mail address, or by this person.
SELECT
    p.actor, CASE WHEN p.password_ends_at <= now() THEN NULL ELSE p.password_hash END AS password_hash, p.email,
    f.sealed_secret, f.last_step,
    extract(EPOCH FROM clock_timestamp())::double precision AS now
FROM viertakt.person AS p
INNER JOIN viertakt.actor AS a ON p.actor = a.actor
LEFT JOIN viertakt.second_factor AS f ON p.actor = f.actor AND f.confirmed_at IS NOT NULL
WHERE a.active AND (lower(p.email) = lower(%(email)s::text) OR p.actor = %(actor)s::text);

-- name: account
-- An account as its person sees it.
SELECT
    p.actor, p.password_hash IS NOT NULL AS has_password, f.confirmed_at,
    (
        SELECT count(*) FROM viertakt.recovery_code AS c
        WHERE c.actor = p.actor AND c.used_at IS NULL
    ) AS recovery_codes_left
FROM viertakt.person AS p
LEFT JOIN viertakt.second_factor AS f ON p.actor = f.actor AND f.confirmed_at IS NOT NULL
WHERE p.actor = %(actor)s;

-- name: enrol_factor
-- A secret that is not in force until a code proves that the authenticator has it; one in force is not replaced.
INSERT INTO viertakt.second_factor AS f (actor, sealed_secret)
VALUES (%(actor)s, %(sealed_secret)s)
ON CONFLICT (actor) DO UPDATE SET sealed_secret = excluded.sealed_secret, created_at = now(), last_step = 0
WHERE f.confirmed_at IS NULL
RETURNING f.actor;

-- name: enrolled_factor
-- The secret that waits for its first code.
SELECT f.sealed_secret, f.last_step, extract(EPOCH FROM clock_timestamp())::double precision AS now
FROM viertakt.second_factor AS f
WHERE f.actor = %(actor)s AND f.confirmed_at IS NULL;

-- name: accept_step
-- Take a time step, once: of two sign-ins with one code the second finds no row.
UPDATE viertakt.second_factor
SET last_step = %(step)s, confirmed_at = coalesce(confirmed_at, now())
WHERE actor = %(actor)s AND last_step < %(step)s
RETURNING actor;

-- name: drop_factor
-- A person without a second factor again.
DELETE FROM viertakt.second_factor
WHERE actor = %(actor)s
RETURNING confirmed_at IS NOT NULL AS was_confirmed;

-- name: drop_recovery_codes
-- Codes that open nothing any more.
DELETE FROM viertakt.recovery_code
WHERE actor = %(actor)s;

-- name: add_recovery_codes
-- Fresh codes, as hashes.
INSERT INTO viertakt.recovery_code (actor, code_hash)
SELECT %(actor)s, c.code_hash FROM unnest(%(code_hashes)s::bytea []) AS c (code_hash);

-- name: use_recovery_code
-- Take a code, once.
UPDATE viertakt.recovery_code
SET used_at = now()
WHERE actor = %(actor)s AND code_hash = %(code_hash)s AND used_at IS NULL
RETURNING actor;

-- name: note_event
-- What happened at the door, for good.
INSERT INTO viertakt.sign_in_event (sort, actor, by_actor, method, address, client, detail)
VALUES (%(sort)s, %(actor)s, %(by_actor)s, %(method)s, %(address)s, %(client)s, %(detail)s);

-- name: events
-- What happened at the door, the newest first, about one person where one is named.
SELECT
    e.event_id AS id, e.at, e.sort, e.actor, a.name AS actor_name, e.by_actor, b.name AS by_name, e.method, e.address,
    e.client, e.detail
FROM viertakt.sign_in_event AS e
LEFT JOIN viertakt.actor AS a ON e.actor = a.actor
LEFT JOIN viertakt.actor AS b ON e.by_actor = b.actor
WHERE (%(actor)s::text IS NULL OR e.actor = %(actor)s::text)
ORDER BY e.event_id DESC
LIMIT %(limit)s;

-- name: brake_keys
-- The rows to count on, there before they are locked.
INSERT INTO viertakt.sign_in_brake (key_hash)
SELECT k.key_hash FROM unnest(%(keys)s::bytea []) AS k (key_hash)
ORDER BY k.key_hash
ON CONFLICT (key_hash) DO NOTHING;

-- name: lock_brake
-- What was counted, held in one order so that two sign-ins cannot deadlock.
SELECT b.key_hash, b.failures, b.failed_at, b.locked_until, clock_timestamp() AS now
FROM viertakt.sign_in_brake AS b
WHERE b.key_hash = ANY(%(keys)s::bytea [])
ORDER BY b.key_hash
FOR UPDATE;

-- name: count_try
-- A try, counted as failed until it succeeds.
UPDATE viertakt.sign_in_brake
SET failures = %(failures)s, failed_at = clock_timestamp(), locked_until = %(locked_until)s
WHERE key_hash = %(key_hash)s;

-- name: take_back_try
-- A try that was no failure: what others have failed there stays counted.
UPDATE viertakt.sign_in_brake
SET failures = greatest(failures - 1, 0), locked_until = NULL
WHERE key_hash = ANY(%(keys)s::bytea []);

-- name: forget_failures
-- Somebody got in: their typing errors of before do not count later.
DELETE FROM viertakt.sign_in_brake
WHERE key_hash = %(key_hash)s;

-- name: prune_brake
-- What is long over, a slice at a time.
DELETE FROM viertakt.sign_in_brake
WHERE key_hash IN (
    SELECT b.key_hash FROM viertakt.sign_in_brake AS b
    WHERE b.failed_at < now() - %(kept)s::interval
    ORDER BY b.failed_at
    LIMIT %(limit)s
    FOR UPDATE SKIP LOCKED
);

-- name: start_session
-- A session of at most this age, proved now; only the hash of its secret is kept.
INSERT INTO viertakt.session (secret_hash, actor, expires_at, method, address, client, proved_at)
VALUES (
    %(secret_hash)s, %(actor)s, now() + %(age_max)s::interval, %(method)s, %(address)s, %(client)s,
    least(now(), coalesce(%(proved_at)s::timestamptz, now()))
);

-- name: step_up_session
-- The same session under another secret, proved now: whoever has the old one is out.
UPDATE viertakt.session
SET secret_hash = %(new_hash)s, proved_at = clock_timestamp(), seen_at = clock_timestamp()
WHERE session_id = %(session_id)s
RETURNING session_id;

-- name: sessions_of
-- The live sessions of a person, the last seen first.
SELECT s.session_id AS id, s.created_at, s.seen_at, s.expires_at, s.proved_at, s.method, s.address, s.client
FROM viertakt.session AS s
WHERE s.actor = %(actor)s AND s.expires_at > now() AND s.seen_at > now() - %(idle_max)s::interval
ORDER BY s.seen_at DESC, s.session_id
LIMIT %(limit)s;

-- name: end_sessions
-- End one session of a person, or all but one, or all.
DELETE FROM viertakt.session
WHERE actor = %(actor)s
    AND (%(only)s::uuid IS NULL OR session_id = %(only)s::uuid)
    AND (%(but)s::uuid IS NULL OR session_id <> %(but)s::uuid)
RETURNING session_id;

-- name: identity
-- Whom a provider's subject is here.
SELECT i.actor, i.manages_roles
FROM viertakt.identity AS i
WHERE i.issuer = %(issuer)s AND i.subject = %(subject)s
FOR UPDATE;

-- name: link_identity
-- From now on this subject of a provider signs in as this person.
INSERT INTO viertakt.identity (issuer, subject, actor, manages_roles)
VALUES (%(issuer)s, %(subject)s, %(actor)s, %(manages_roles)s)
ON CONFLICT (issuer, subject) DO NOTHING
RETURNING actor;

-- name: use_identity
-- Note that it was used.
UPDATE viertakt.identity
SET used_at = now()
WHERE issuer = %(issuer)s AND subject = %(subject)s;

-- name: identities_of
-- The providers by which a person signs in.
SELECT i.issuer, i.subject, i.linked_at, i.used_at
FROM viertakt.identity AS i
WHERE i.actor = %(actor)s
ORDER BY i.linked_at, i.issuer
LIMIT 100;

-- name: unlink_identity
-- A provider by which this person signs in no more.
DELETE FROM viertakt.identity
WHERE actor = %(actor)s AND issuer = %(issuer)s
RETURNING subject;
