-- name: mails_within
-- How many mails of their own people were sent, or are to be, since a moment: of a digest there is one an hour at most.
SELECT d.endpoint, count(*)
FROM viertakt.delivery AS d
WHERE
    d.channel = 'mail' AND d.endpoint = ANY(%(actors)s::text []) AND d.made_at > %(since)s
    AND (d.topic LIKE 'operation:%%' OR d.topic LIKE 'alert:%%' OR d.topic LIKE 'incident:%%')
GROUP BY d.endpoint
LIMIT 100000;

-- name: gather
-- A mail for each person and topic that waits for its time; what waits already takes the next notice along. It is locked
-- with that, so nobody sends it before this is committed. A report that was not sent yet comes as the latest; a digest has a
-- list of alerts and incidents.
INSERT INTO viertakt.delivery AS d (delivery_id, channel, endpoint, topic, secret, due_at, content)
SELECT r.delivery_id, 'mail', r.endpoint, r.topic, r.secret, r.due_at, r.content
FROM json_to_recordset(%(rows)s::json) AS r (
    delivery_id uuid, endpoint text, topic text, secret text, due_at timestamptz, content jsonb
)
ORDER BY r.endpoint, r.topic
ON CONFLICT (endpoint, topic) WHERE channel = 'mail' AND state = 'waiting' AND attempt = 0
DO UPDATE SET
    due_at = least(d.due_at, excluded.due_at),
    content = CASE
        WHEN d.topic LIKE 'report:%%' THEN excluded.content
        WHEN d.topic IN ('hourly', 'daily') AND excluded.content IS NOT NULL
            THEN coalesce(d.content, '[]'::jsonb) || excluded.content
        ELSE d.content
    END
RETURNING d.delivery_id, d.endpoint, d.topic;

-- name: link_notices
-- Which mail tells which notice.
UPDATE viertakt.notice AS n
SET delivery_id = r.delivery_id
FROM json_to_recordset(%(rows)s::json) AS r (actor text, operation_id uuid, entry_seq bigint, delivery_id uuid)
WHERE n.actor = r.actor AND n.operation_id = r.operation_id AND n.entry_seq = r.entry_seq;

-- name: claim
-- What is due on a channel and nobody sends now, for as long as the lease lasts; the longest due first.
UPDATE viertakt.delivery AS d
SET attempt = d.attempt + 1, leased_until = %(now)s::timestamptz + %(lease)s::interval
FROM (
    SELECT c.delivery_id FROM viertakt.delivery AS c
    WHERE
        c.channel = %(channel)s AND c.state = 'waiting' AND c.due_at <= %(now)s
        AND (c.leased_until IS NULL OR c.leased_until <= %(now)s)
    ORDER BY c.due_at, c.delivery_id
    LIMIT %(limit)s
    FOR UPDATE SKIP LOCKED
) AS due
WHERE d.delivery_id = due.delivery_id
RETURNING d.delivery_id AS id, d.channel, d.endpoint, d.topic, d.number, d.content, d.secret, d.attempt, d.due_at;

-- name: notices_of_deliveries
-- What these mails tell, by mail.
SELECT n.delivery_id, array_agg(n.notice_id ORDER BY n.notice_id DESC) AS ids
FROM viertakt.notice AS n
WHERE n.delivery_id = ANY(%(deliveries)s::uuid [])
GROUP BY n.delivery_id
LIMIT 10000;

-- name: notices_by_id
-- These notices with their entries and operations, the latest first.
SELECT viertakt.notice_documents(%(ids)s::bigint [])::text;

-- name: settle
-- What came of deliveries that are still claimed by this attempt: over, or to be tried again when `due_at` comes.
UPDATE viertakt.delivery AS d
SET
    state = r.state, due_at = coalesce(r.due_at, d.due_at), leased_until = NULL,
    settled_at = CASE WHEN r.state <> 'waiting' THEN clock_timestamp() END
FROM json_to_recordset(%(rows)s::json) AS r (delivery_id uuid, attempt integer, state text, due_at timestamptz)
WHERE d.delivery_id = r.delivery_id AND d.attempt = r.attempt AND d.state = 'waiting'
RETURNING d.delivery_id;

-- name: add_attempts
-- Each try, and what came of it.
INSERT INTO viertakt.delivery_attempt (delivery_id, attempt, milliseconds, outcome, said)
SELECT r.delivery_id, r.attempt, r.milliseconds, r.outcome, r.said
FROM json_to_recordset(%(rows)s::json) AS r (
    delivery_id uuid, attempt integer, milliseconds integer, outcome text, said text
)
ON CONFLICT (delivery_id, attempt) DO NOTHING;

-- name: delivery_named
-- One delivery.
SELECT d.delivery_id AS id, d.channel, d.endpoint, d.topic, d.number, d.content, d.secret, d.attempt, d.due_at
FROM viertakt.delivery AS d
WHERE d.delivery_id = %(id)s;

-- name: unlink_waiting
-- Mails of a person that wait tell nothing of these events any more.
UPDATE viertakt.notice AS n
SET delivery_id = NULL
FROM viertakt.delivery AS d
WHERE
    n.delivery_id = d.delivery_id AND d.channel = 'mail' AND d.endpoint = %(actor)s AND d.state = 'waiting'
    AND n.event = ANY(%(events)s::text []);

-- name: drop_announced
-- Mails of a person that wait and tell of one alert or incident end here.
UPDATE viertakt.delivery
SET state = 'dropped', leased_until = NULL, settled_at = clock_timestamp()
WHERE
    channel = 'mail' AND endpoint = %(actor)s AND state = 'waiting'
    AND (topic LIKE 'alert:%%' OR topic LIKE 'incident:%%');

-- name: empty_digests
-- Digests of a person that wait tell of no alerts and incidents any more.
UPDATE viertakt.delivery
SET content = NULL
WHERE channel = 'mail' AND endpoint = %(actor)s AND state = 'waiting' AND topic IN ('hourly', 'daily');

-- name: drop_stale
-- Mails that nobody could send for two days tell nothing new: where no mail server is set up, they end here.
UPDATE viertakt.delivery
SET state = 'dropped', leased_until = NULL, settled_at = clock_timestamp()
WHERE channel = 'mail' AND state = 'waiting' AND due_at < now() - interval '2 days';

-- name: prune_deliveries
-- Forget what was settled a month ago.
DELETE FROM viertakt.delivery WHERE settled_at < now() - interval '30 days';
