-- name: to_place
-- Active endpoints that have not been asked about everything up to the journal's end.
SELECT coalesce(json_agg(viertakt.endpoint_document(l)), '[]'::json)::text
FROM (
    SELECT e.* FROM viertakt.endpoint AS e
    WHERE e.state = 'active' AND e.place < %(head)s
    ORDER BY e.endpoint_id
    LIMIT 1000
) AS l;

-- name: hold_placed
-- Of these endpoints those that stand and look for what they did when they were asked, held while what was found is written.
SELECT e.endpoint_id
FROM json_to_recordset(%(rows)s::json) AS w (endpoint uuid, place bigint, changed_at timestamptz)
JOIN viertakt.endpoint AS e ON e.endpoint_id = w.endpoint
WHERE e.state = 'active' AND e.place = w.place AND e.changed_at = w.changed_at
ORDER BY e.endpoint_id
FOR NO KEY UPDATE OF e;

-- name: any_active
-- Whether anybody is told anything.
SELECT EXISTS (SELECT FROM viertakt.endpoint AS e WHERE e.state = 'active');

-- name: entries_between
-- The entries of these positions that are of a sort and a kind that somebody wants, with what their operations are, and how
-- they stood then where that is not how they stand now. An import tells of the past, and is no news.
SELECT coalesce(json_agg(json_build_object(
    'position', j.position, 'entry', viertakt.entry_document(e), 'operation', viertakt.operation_document(o),
    'then', CASE WHEN v.version < o.version THEN viertakt.stood_at(o.operation_id, v.version) END,
    'before', NULL::json
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
    AND e.cause <> 'import'
    AND e.sort = ANY(%(sorts)s::text [])
    AND (%(kinds)s::text [] IS NULL OR o.kind = ANY(%(kinds)s::text []));

-- name: entries_delivered
-- The entries behind some deliveries, as they are found by position above.
SELECT coalesce(json_agg(json_build_object(
    'endpoint', d.endpoint_id, 'number', d.number,
    'line', json_build_object(
        'position', d.position, 'entry', viertakt.entry_document(e), 'operation', viertakt.operation_document(o),
        'then', CASE WHEN v.version < o.version THEN viertakt.stood_at(o.operation_id, v.version) END,
        'before', NULL::json
    )
)), '[]'::json)::text
FROM json_to_recordset(%(rows)s::json) AS w (endpoint uuid, number bigint)
JOIN viertakt.endpoint_delivery AS d ON d.endpoint_id = w.endpoint AND d.number = w.number
JOIN viertakt.entry AS e ON e.operation_id = d.operation_id AND e.entry_seq = d.entry_seq
JOIN viertakt.operation AS o ON o.operation_id = d.operation_id
CROSS JOIN LATERAL (
    SELECT x.version FROM viertakt.entry AS x
    WHERE x.operation_id = e.operation_id AND x.entry_seq <= e.entry_seq AND x.version IS NOT NULL
    ORDER BY x.entry_seq DESC
    LIMIT 1
) AS v;

-- name: send_again
-- What was delivered of these entries before is to be sent once more, with the number and the id it has.
UPDATE viertakt.endpoint_delivery AS d
SET state = 'waiting', tries = 0, settled_at = NULL
FROM json_to_recordset(%(rows)s::json) AS w (endpoint uuid, operation uuid, seq bigint)
WHERE
    d.endpoint_id = w.endpoint AND d.operation_id = w.operation AND d.entry_seq = w.seq AND d.state <> 'waiting'
RETURNING d.endpoint_id, d.operation_id;

-- name: add_deliveries
-- What an endpoint has not had yet gets its next numbers, in the order of the journal. The first of an operation is due at
-- once where nothing of it waits; answered are the operations of which something later waits already, whose line is made
-- anew. The endpoints are held.
WITH fresh AS (
    SELECT w.endpoint, w.operation, w.seq, w.position, w.type
    FROM json_to_recordset(%(rows)s::json)
        AS w (endpoint uuid, operation uuid, seq bigint, position bigint, type text)
    WHERE NOT EXISTS (
        SELECT FROM viertakt.endpoint_delivery AS d
        WHERE d.endpoint_id = w.endpoint AND d.operation_id = w.operation AND d.entry_seq = w.seq
    )
),

added AS (
    INSERT INTO viertakt.endpoint_delivery (
        endpoint_id, number, delivery_id, operation_id, entry_seq, position, type, due_at
    )
    SELECT
        f.endpoint,
        e.number + row_number() OVER (PARTITION BY f.endpoint ORDER BY f.position),
        md5(f.endpoint::text || ' ' || f.operation::text || ' ' || f.seq::text)::uuid,
        f.operation,
        f.seq,
        f.position,
        f.type,
        CASE
            WHEN
                row_number() OVER (PARTITION BY f.endpoint, f.operation ORDER BY f.seq) = 1
                AND NOT EXISTS (
                    SELECT FROM viertakt.endpoint_delivery AS q
                    WHERE
                        q.endpoint_id = f.endpoint AND coalesce(q.operation_id, q.alert_id) = f.operation
                        AND q.state = 'waiting'
                )
                THEN clock_timestamp()
        END
    FROM fresh AS f
    JOIN viertakt.endpoint AS e ON e.endpoint_id = f.endpoint
    RETURNING endpoint_id
),

numbered AS (
    UPDATE viertakt.endpoint AS e SET number = e.number + c.count
    FROM (SELECT a.endpoint_id, count(*) AS count FROM added AS a GROUP BY a.endpoint_id) AS c
    WHERE e.endpoint_id = c.endpoint_id
)

SELECT DISTINCT f.endpoint, f.operation
FROM fresh AS f
JOIN viertakt.endpoint_delivery AS q
    ON
        q.endpoint_id = f.endpoint AND coalesce(q.operation_id, q.alert_id) = f.operation
        AND q.entry_seq > f.seq AND q.state = 'waiting';

-- name: add_test
-- A delivery that tells nothing but that it came; its number.
WITH numbered AS (
    UPDATE viertakt.endpoint AS e SET number = e.number + 1
    WHERE e.endpoint_id = %(endpoint)s
    RETURNING e.endpoint_id, e.number
)

INSERT INTO viertakt.endpoint_delivery (endpoint_id, number, delivery_id, type, due_at)
SELECT n.endpoint_id, n.number, %(id)s, 'endpoint.test', clock_timestamp() FROM numbered AS n
RETURNING number;

-- name: hearing_of_alerts
-- Active endpoints that are told of alerts and incidents.
SELECT coalesce(json_agg(viertakt.endpoint_document(e) ORDER BY e.endpoint_id), '[]'::json)::text
FROM viertakt.endpoint AS e
WHERE e.state = 'active' AND e.alerts;

-- name: add_announced
-- What is told beside the journal gets the next number of each endpoint that has not had it. Held in everybody's order. It is
-- due at once where nothing of its alert waits.
WITH held AS MATERIALIZED (
    SELECT e.endpoint_id FROM viertakt.endpoint AS e
    WHERE e.endpoint_id = ANY(%(ids)s::uuid []) AND e.state = 'active'
    ORDER BY e.endpoint_id
    FOR NO KEY UPDATE
),

numbered AS (
    UPDATE viertakt.endpoint AS e SET number = e.number + 1
    FROM held AS h
    WHERE
        e.endpoint_id = h.endpoint_id
        AND NOT EXISTS (
            SELECT FROM viertakt.endpoint_delivery AS d
            WHERE d.endpoint_id = h.endpoint_id AND d.topic = %(topic)s
        )
    RETURNING e.endpoint_id, e.number
)

INSERT INTO viertakt.endpoint_delivery (endpoint_id, number, delivery_id, type, due_at, topic, alert_id, content)
SELECT
    n.endpoint_id,
    n.number,
    md5(n.endpoint_id::text || ' ' || %(topic)s::text)::uuid,
    %(type)s,
    CASE
        WHEN NOT EXISTS (
            SELECT FROM viertakt.endpoint_delivery AS q
            WHERE
                q.endpoint_id = n.endpoint_id AND coalesce(q.operation_id, q.alert_id) = %(alert)s
                AND q.state = 'waiting'
        )
            THEN clock_timestamp()
    END,
    %(topic)s,
    %(alert)s,
    %(content)s::jsonb
FROM numbered AS n;

-- name: move_places
-- These endpoints have been asked about everything up to there.
UPDATE viertakt.endpoint AS e SET place = %(place)s WHERE e.endpoint_id = ANY(%(ids)s::uuid []);

-- name: put_in_line
-- Of these lines, each an operation's or an alert's, the first that waits is due, and those behind it are not. The endpoints are
-- held, so that nothing joins a line unseen.
UPDATE viertakt.endpoint_delivery AS d
SET due_at = l.due
FROM (
    SELECT
        q.endpoint_id,
        q.number,
        q.due_at AS was,
        CASE
            WHEN row_number() OVER (PARTITION BY q.endpoint_id, t.line ORDER BY q.entry_seq, q.number) = 1
                THEN coalesce(q.due_at, clock_timestamp())
        END AS due
    FROM (
        SELECT DISTINCT w.endpoint, w.line
        FROM json_to_recordset(%(rows)s::json) AS w (endpoint uuid, line uuid)
    ) AS t
    JOIN viertakt.endpoint_delivery AS q
        ON q.endpoint_id = t.endpoint AND coalesce(q.operation_id, q.alert_id) = t.line AND q.state = 'waiting'
) AS l
WHERE d.endpoint_id = l.endpoint_id AND d.number = l.number AND l.was IS DISTINCT FROM l.due;

-- name: hasten
-- What waits for its next try is due now, with all its tries before it.
UPDATE viertakt.endpoint_delivery AS d SET due_at = clock_timestamp(), tries = 0
WHERE d.endpoint_id = %(endpoint)s AND d.due_at > clock_timestamp();

-- name: due_endpoints
-- Active endpoints with something due, how often in a row they have failed, and with whose rights they are told.
SELECT coalesce(json_agg(viertakt.endpoint_document(e) ORDER BY e.endpoint_id), '[]'::json)::text
FROM viertakt.endpoint AS e
WHERE
    e.state = 'active'
    AND EXISTS (
        SELECT FROM viertakt.endpoint_delivery AS d
        WHERE d.endpoint_id = e.endpoint_id AND d.due_at <= clock_timestamp()
    );

-- name: claim
-- The next deliveries of each endpoint, as many as it has room for, for as long as the lease. What another sends is passed.
UPDATE viertakt.endpoint_delivery AS d
SET attempt = d.attempt + 1, due_at = clock_timestamp() + %(lease)s
FROM json_to_recordset(%(rows)s::json) AS w (endpoint uuid, room integer)
CROSS JOIN LATERAL (
    SELECT n.endpoint_id, n.number FROM viertakt.endpoint_delivery AS n
    WHERE n.endpoint_id = w.endpoint AND n.due_at <= clock_timestamp()
    ORDER BY n.due_at, n.number
    LIMIT w.room
    FOR UPDATE SKIP LOCKED
) AS c
WHERE d.endpoint_id = c.endpoint_id AND d.number = c.number
RETURNING
    d.endpoint_id, d.number, d.delivery_id, d.operation_id, d.entry_seq, d.position, d.type, d.tries, d.attempt, d.made_at,
    d.alert_id, d.content;

-- name: give_back
-- What was claimed and is not being sent any more is due at once, unless somebody claimed it since.
UPDATE viertakt.endpoint_delivery AS d SET due_at = clock_timestamp()
FROM json_to_recordset(%(rows)s::json) AS w (endpoint uuid, number bigint, attempt integer)
WHERE d.endpoint_id = w.endpoint AND d.number = w.number AND d.attempt = w.attempt AND d.state = 'waiting';

-- name: hold_endpoints
-- Endpoints in the order in which everybody holds them, while what came of their deliveries is written.
SELECT e.endpoint_id, e.failures, e.failing_since, e.warned_at, clock_timestamp() AS now
FROM viertakt.endpoint AS e
WHERE e.endpoint_id = ANY(%(ids)s::uuid []) AND e.state <> 'ended'
ORDER BY e.endpoint_id
FOR NO KEY UPDATE;

-- name: settle
-- What came of attempts, of those deliveries that nobody claimed since; which ones. `due`: when to try again.
UPDATE viertakt.endpoint_delivery AS d
SET
    state = w.state, tries = d.tries + 1, due_at = w.due,
    settled_at = CASE WHEN w.state <> 'waiting' THEN clock_timestamp() END
FROM json_to_recordset(%(rows)s::json)
    AS w (endpoint uuid, number bigint, attempt integer, state text, due timestamptz)
WHERE d.endpoint_id = w.endpoint AND d.number = w.number AND d.attempt = w.attempt AND d.state = 'waiting'
RETURNING d.endpoint_id, d.number;

-- name: keep_attempts
-- Every attempt, also one whose delivery was claimed by another since: it has happened. Which were not kept yet.
INSERT INTO viertakt.endpoint_attempt (endpoint_id, number, attempt, at, milliseconds, status, failure, excerpt)
SELECT w.endpoint, w.number, w.attempt, w.at, w.milliseconds, w.status, w.failure, w.excerpt
FROM json_to_recordset(%(rows)s::json) AS w (
    endpoint uuid, number bigint, attempt integer, at timestamptz, milliseconds integer, status integer, failure text,
    excerpt text
)
ON CONFLICT DO NOTHING
RETURNING endpoint_id, number, attempt;

-- name: note_health
-- How an endpoint fares.
UPDATE viertakt.endpoint AS e
SET
    failures = w.failures, failing_since = w.failing_since, warned_at = w.warned_at,
    failed_at = coalesce(w.failed_at, e.failed_at)
FROM json_to_recordset(%(rows)s::json)
    AS w (endpoint uuid, failures integer, failing_since timestamptz, warned_at timestamptz, failed_at timestamptz)
WHERE e.endpoint_id = w.endpoint;

-- name: deliveries
-- Deliveries of an endpoint, the latest first.
SELECT coalesce(json_agg(json_build_object(
    'number', d.number, 'id', d.delivery_id, 'operation_id', d.operation_id, 'entry_seq', d.entry_seq,
    'position', d.position, 'type', d.type, 'state', d.state, 'due_at', d.due_at, 'tries', d.tries,
    'attempt', d.attempt, 'made_at', d.made_at, 'settled_at', d.settled_at, 'kind', o.kind, 'reference', o.reference,
    'topic', d.topic,
    'last', (
        SELECT json_build_object(
            'attempt', a.attempt, 'at', a.at, 'milliseconds', a.milliseconds, 'status', a.status,
            'failure', a.failure, 'excerpt', a.excerpt
        )
        FROM viertakt.endpoint_attempt AS a
        WHERE a.endpoint_id = d.endpoint_id AND a.number = d.number
        ORDER BY a.attempt DESC LIMIT 1
    )
) ORDER BY d.number DESC), '[]'::json)::text
FROM (
    SELECT p.* FROM viertakt.endpoint_delivery AS p
    WHERE
        p.endpoint_id = %(endpoint)s
        AND (%(state)s::text IS NULL OR p.state = %(state)s)
        AND (%(operation)s::uuid IS NULL OR p.operation_id = %(operation)s)
        AND (%(number)s::bigint IS NULL OR p.number = %(number)s)
        AND (%(before)s::bigint IS NULL OR p.number < %(before)s)
    ORDER BY p.number DESC
    LIMIT %(limit)s
) AS d
LEFT JOIN viertakt.operation AS o ON o.operation_id = d.operation_id;

-- name: attempts
-- Every attempt to deliver something, the first one first.
SELECT coalesce(json_agg(json_build_object(
    'attempt', a.attempt, 'at', a.at, 'milliseconds', a.milliseconds, 'status', a.status, 'failure', a.failure,
    'excerpt', a.excerpt
) ORDER BY a.attempt), '[]'::json)::text
FROM viertakt.endpoint_attempt AS a
WHERE a.endpoint_id = %(endpoint)s AND a.number = %(number)s;

-- name: kept_deliveries
-- The numbers of what could be sent again, the first one first: of these states, or these numbers, made in this time.
SELECT d.number FROM viertakt.endpoint_delivery AS d
WHERE
    d.endpoint_id = %(endpoint)s AND (d.operation_id IS NOT NULL OR d.topic IS NOT NULL)
    AND (%(numbers)s::bigint [] IS NULL OR d.number = ANY(%(numbers)s::bigint []))
    AND (%(states)s::text [] IS NULL OR d.state = ANY(%(states)s::text []))
    AND (%(since)s::timestamptz IS NULL OR d.made_at >= %(since)s)
    AND (%(until)s::timestamptz IS NULL OR d.made_at < %(until)s)
    AND d.number > %(after)s
ORDER BY d.number
LIMIT %(limit)s;

-- name: after_place
-- How many deliveries an endpoint has had of what comes after a place, counted no further than 100,000.
SELECT count(*) FROM (
    SELECT FROM viertakt.endpoint_delivery AS d
    WHERE d.endpoint_id = %(endpoint)s AND d.position > %(place)s
    LIMIT 100000
) AS c;

-- name: send_numbers_again
-- Deliveries are to be sent once more; of which operations and alerts, whose lines are made anew. What is of neither is due.
UPDATE viertakt.endpoint_delivery AS d
SET
    state = 'waiting', tries = 0, settled_at = NULL,
    due_at = CASE WHEN coalesce(d.operation_id, d.alert_id) IS NULL THEN clock_timestamp() END
WHERE d.endpoint_id = %(endpoint)s AND d.number = ANY(%(numbers)s::bigint [])
RETURNING coalesce(d.operation_id, d.alert_id);

-- name: prune_deliveries
-- What was settled long ago; its number stays used.
DELETE FROM viertakt.endpoint_delivery AS d
USING (
    SELECT o.endpoint_id, o.number FROM viertakt.endpoint_delivery AS o
    WHERE o.settled_at < clock_timestamp() - %(kept)s::interval
    ORDER BY o.settled_at
    LIMIT 10000
) AS old
WHERE d.endpoint_id = old.endpoint_id AND d.number = old.number;

-- name: backlog
-- How many endpoints there are, how many are off or fail, what waits, and since when.
SELECT
    count(*) FILTER (WHERE e.state = 'active') AS active,
    count(*) FILTER (WHERE e.state = 'off') AS off,
    count(*) FILTER (WHERE e.state = 'active' AND e.failing_since IS NOT NULL) AS failing,
    (
        SELECT count(*) FROM (
            SELECT FROM viertakt.endpoint_delivery AS d
            JOIN viertakt.endpoint AS a ON a.endpoint_id = d.endpoint_id AND a.state = 'active'
            WHERE d.due_at IS NOT NULL
            LIMIT 10000
        ) AS w
    ) AS due,
    coalesce(max(%(head)s - e.place) FILTER (WHERE e.state = 'active'), 0) AS behind
FROM viertakt.endpoint AS e
WHERE e.state <> 'ended';
