-- name: rules_as_of
-- How often subscriptions and kinds have changed: what was compiled from them holds while these do.
SELECT c.times, (SELECT count(*) FROM viertakt.kind_version) AS kinds
FROM viertakt.subscriptions_changed AS c;

-- name: reverses
-- The transitions that take another one back, in any version of a kind.
SELECT DISTINCT u.value
FROM viertakt.kind_version AS k
CROSS JOIN LATERAL jsonb_each_text(coalesce(k.document -> 'undo', '{}'::jsonb)) AS u
ORDER BY u.value
LIMIT 10000;

-- name: all_subscriptions
-- Every subscription there is.
SELECT coalesce(json_agg(json_build_object(
    'id', s.subscription_id, 'subscriber', s.subscriber, 'event', s.event,
    'channels', json_build_object('console', s.console, 'mail', s.mail),
    'created_by', s.created_by, 'created_at', s.created_at, 'query', s.query, 'stages', s.stages, 'zone', s.zone
) ORDER BY s.created_at, s.subscription_id), '[]'::json)::text
FROM viertakt.subscription AS s;

-- name: read_lines
-- Entries of these positions that may concern somebody, with what their operations are, and how they stood then and before
-- where that is not how they stand now. An import tells of the past, as does what took effect a day before it was written,
-- and nobody waits for that.
SELECT coalesce(json_agg(json_build_object(
    'position', j.position, 'entry', viertakt.entry_document(e), 'operation', viertakt.operation_document(o),
    'then', CASE WHEN v.version < o.version THEN viertakt.stood_at(o.operation_id, v.version) END,
    'before', CASE WHEN e.version > 1 AND %(before)s::boolean THEN viertakt.stood_at(o.operation_id, e.version - 1) END
) ORDER BY j.position), '[]'::json)::text
FROM viertakt.journal AS j
JOIN viertakt.entry AS e ON e.operation_id = j.operation_id AND e.entry_seq = j.entry_seq
JOIN viertakt.operation AS o ON o.operation_id = j.operation_id
CROSS JOIN LATERAL (
    SELECT w.version FROM viertakt.entry AS w
    WHERE w.operation_id = e.operation_id AND w.entry_seq <= e.entry_seq AND w.version IS NOT NULL
    ORDER BY w.entry_seq DESC
    LIMIT 1
) AS v
WHERE
    j.position > %(after)s::bigint AND j.position <= %(upto)s::bigint
    AND e.cause <> 'import' AND e.at > e.recorded_at - interval '1 day'
    AND (
        e.sort NOT IN ('opened', 'moved', 'amended')
        OR e.cause IN ('undo', 'deadline')
        OR e.transition = ANY(%(reverses)s::text [])
        OR %(everything)s::boolean
        OR o.kind = ANY(%(kinds)s::text [])
        OR e.to_stage = ANY(%(stages)s::text [])
    );

-- name: holders
-- Active people who hold one of these roles.
SELECT h.role, h.actor
FROM viertakt.actor_role AS h
JOIN viertakt.person AS p ON p.actor = h.actor
JOIN viertakt.actor AS a ON a.actor = h.actor
WHERE h.role = ANY(%(roles)s::text []) AND a.active
ORDER BY h.role, h.actor
LIMIT 100000;

-- name: access_versions
-- Of these people those that are active, with how often their rights have changed.
SELECT a.actor, a.access_version
FROM viertakt.actor AS a
JOIN viertakt.person AS p ON p.actor = a.actor
WHERE a.actor = ANY(%(actors)s::text []) AND a.active
LIMIT 100000;

-- name: mutes_of
-- What these people want to hear nothing of.
SELECT m.actor, m.about
FROM viertakt.mute AS m
WHERE m.actor = ANY(%(actors)s::text [])
LIMIT 1000000;

-- name: add_notices
-- Tell each person each entry once, however often it is found, and however often this is tried.
INSERT INTO viertakt.notice (actor, operation_id, entry_seq, event, why, console)
SELECT n.actor, n.operation_id, n.entry_seq, n.event, n.why, n.console
FROM json_to_recordset(%(rows)s::json) AS n (
    actor text, operation_id uuid, entry_seq bigint, event text, why jsonb, console boolean
)
ORDER BY n.entry_seq, n.actor
ON CONFLICT ON CONSTRAINT entry_is_told_to_a_person_once DO NOTHING
RETURNING notice_id, actor, operation_id, entry_seq;

-- name: told_since
-- Who was told of what was undone: of an entry of this operation since the last move of these names, before the one that
-- undoes it; and whether by mail. That the undoing itself was asked for is no part of the mistake.
SELECT n.actor, bool_or(n.delivery_id IS NOT NULL) AS mailed
FROM viertakt.notice AS n
JOIN viertakt.entry AS e ON e.operation_id = n.operation_id AND e.entry_seq = n.entry_seq
WHERE
    n.operation_id = %(operation)s AND n.entry_seq < %(seq)s AND e.transition IS DISTINCT FROM %(by)s
    AND n.entry_seq >= (
        SELECT max(m.entry_seq) FROM viertakt.entry AS m
        WHERE
            m.operation_id = %(operation)s AND m.entry_seq < %(seq)s
            AND m.sort = 'moved' AND m.transition = ANY(%(undone)s::text [])
    )
GROUP BY n.actor
ORDER BY n.actor
LIMIT 100000;

-- name: ring
-- Wake the consoles of these people. Never in a move's transaction: it takes a lock of the whole database at commit.
SELECT pg_notify('viertakt_notices', r.actor) FROM unnest(%(actors)s::text []) AS r (actor);

-- name: unread
-- What a person has not done with yet, or has put off, the latest first.
SELECT viertakt.notice_documents(array_agg(n.notice_id))::text
FROM (
    SELECT u.notice_id FROM viertakt.notice AS u
    WHERE
        u.actor = %(actor)s AND u.console AND u.done_at IS NULL
        AND coalesce(u.snoozed_until > %(now)s, false) = %(snoozed)s
        AND (%(before)s::bigint IS NULL OR u.notice_id < %(before)s)
    ORDER BY u.notice_id DESC
    LIMIT %(limit)s
) AS n;

-- name: told
-- All that a person was told, or only what calls them, the latest first.
SELECT viertakt.notice_documents(array_agg(n.notice_id))::text
FROM (
    SELECT u.notice_id FROM viertakt.notice AS u
    WHERE
        u.actor = %(actor)s AND u.console AND (%(event)s::text IS NULL OR u.event = %(event)s)
        AND (%(before)s::bigint IS NULL OR u.notice_id < %(before)s)
    ORDER BY u.notice_id DESC
    LIMIT %(limit)s
) AS n;

-- name: change_notices
-- Done with, not done with, or put off: those named, those of some operations, or all that were told up to one of them.
-- Which of them have changed.
UPDATE viertakt.notice AS n
SET done_at = %(done_at)s, snoozed_until = %(snoozed_until)s
WHERE
    n.actor = %(actor)s AND n.console
    AND (
        n.notice_id = ANY(%(ids)s::bigint [])
        OR (n.done_at IS NULL AND n.operation_id = ANY(%(operations)s::uuid []) AND n.notice_id <= %(upto)s)
        OR (n.done_at IS NULL AND %(everything)s AND n.notice_id <= %(upto)s)
    )
    AND ((n.done_at IS NULL) <> (%(done_at)s::timestamptz IS NULL) OR n.snoozed_until IS DISTINCT FROM %(snoozed_until)s)
RETURNING n.notice_id;

-- name: save_subscription
-- A subscription; of a matrix the line that there is gets other channels. Nothing where the subscriber is nobody, or has
-- enough of them.
INSERT INTO viertakt.subscription AS s (
    subscription_id, subscriber, event, query, stages, zone, console, mail, created_by
)
SELECT %(id)s, %(subscriber)s, %(event)s, %(query)s, %(stages)s::text [], %(zone)s, %(console)s, %(mail)s, %(by)s
WHERE
    (
        EXISTS (SELECT FROM viertakt.person AS p WHERE p.actor = %(subscriber)s)
        OR EXISTS (SELECT FROM viertakt.role AS r WHERE 'role:' || r.role = %(subscriber)s)
    )
    AND (SELECT count(*) FROM viertakt.subscription AS c WHERE c.subscriber = %(subscriber)s) < %(limit)s
ON CONFLICT (subscriber, event) WHERE query = '' AND stages = '{}'
DO UPDATE SET console = excluded.console, mail = excluded.mail, zone = excluded.zone, changed_at = clock_timestamp()
RETURNING s.subscription_id AS id, s.created_by, s.created_at;

-- name: tell_of_change
-- Whoever keeps subscriptions compiled reads them anew. One at a time, so that none is overlooked.
UPDATE viertakt.subscriptions_changed SET times = times + 1;

-- name: subscriptions_of
-- Subscriptions of these subscribers, or of all, the lines of a matrix first.
SELECT coalesce(json_agg(json_build_object(
    'id', s.subscription_id, 'subscriber', s.subscriber, 'event', s.event,
    'channels', json_build_object('console', s.console, 'mail', s.mail),
    'created_by', s.created_by, 'created_at', s.created_at, 'query', s.query, 'stages', s.stages, 'zone', s.zone
) ORDER BY s.subscriber, s.event, s.created_at, s.subscription_id), '[]'::json)::text
FROM (
    SELECT f.* FROM viertakt.subscription AS f
    WHERE
        (%(subscribers)s::text [] IS NULL OR f.subscriber = ANY(%(subscribers)s::text []))
        AND (%(id)s::uuid IS NULL OR f.subscription_id = %(id)s)
        AND (%(event)s::text IS NULL OR f.event = %(event)s)
    ORDER BY f.subscriber, f.created_at, f.subscription_id
    LIMIT %(limit)s
) AS s;

-- name: change_subscription
-- Other channels for a subscription.
UPDATE viertakt.subscription
SET console = %(console)s, mail = %(mail)s, changed_at = clock_timestamp()
WHERE subscription_id = %(id)s;

-- name: end_subscription
-- A subscription that is no more; what it told stays told.
DELETE FROM viertakt.subscription WHERE subscription_id = %(id)s;

-- name: settings_of
-- The hours of these people, where they have set any.
SELECT s.actor, s.zone, s.quiet_from, s.quiet_until, s.digest_at
FROM viertakt.notice_setting AS s
WHERE s.actor = ANY(%(actors)s::text [])
LIMIT 100000;

-- name: save_setting
-- Somebody's hours.
INSERT INTO viertakt.notice_setting AS s (actor, zone, quiet_from, quiet_until, digest_at)
VALUES (%(actor)s, %(zone)s, %(quiet_from)s, %(quiet_until)s, %(digest_at)s)
ON CONFLICT (actor) DO UPDATE SET
    zone = excluded.zone, quiet_from = excluded.quiet_from, quiet_until = excluded.quiet_until,
    digest_at = excluded.digest_at, changed_at = clock_timestamp();

-- name: list_mutes
-- What somebody wants to hear nothing of, the latest first; an operation by its reference too.
SELECT m.about, m.muted_at, o.reference
FROM viertakt.mute AS m
LEFT JOIN viertakt.operation AS o
    ON o.operation_id = CASE WHEN m.about LIKE 'operation:%%' THEN substr(m.about, 11)::uuid END
WHERE m.actor = %(actor)s
ORDER BY m.muted_at DESC, m.about
LIMIT %(limit)s;

-- name: mute
-- Nothing of this any more.
INSERT INTO viertakt.mute (actor, about) VALUES (%(actor)s, %(about)s) ON CONFLICT DO NOTHING;

-- name: unmute
-- Of this again.
DELETE FROM viertakt.mute WHERE actor = %(actor)s AND about = %(about)s;

-- name: asked_by
-- Who asked for the move that an entry says yes or no to.
SELECT a.actor FROM viertakt.entry AS a
WHERE
    a.operation_id = %(operation)s AND a.entry_seq < %(seq)s AND a.sort = 'asked' AND a.transition = %(transition)s
ORDER BY a.entry_seq DESC
LIMIT 1;

-- name: prune_notices
-- Forget what was done with three months ago, and whatever is a year old.
DELETE FROM viertakt.notice AS n
WHERE n.told_at < now() - interval '365 days' OR n.done_at < now() - interval '90 days';
