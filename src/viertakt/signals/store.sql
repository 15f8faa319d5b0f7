-- name: primary_clock
-- Now, as the database has it.
SELECT clock_timestamp();

-- name: read_sources
-- The sources by name, or one of them.
SELECT coalesce(json_agg(json_build_object(
    'name', s.source, 'scheme', s.scheme, 'options', s.options, 'ready', s.ready, 'document', s.document,
    'own', s.mapping, 'active', s.active, 'changed_at', s.changed_at, 'changed_by', s.changed_by,
    'secrets', (
        SELECT coalesce(json_agg(json_build_object(
            'id', k.secret_id, 'added_at', k.added_at, 'added_by', k.added_by
        ) ORDER BY k.added_at, k.secret_id), '[]'::json)
        FROM viertakt.source_secret AS k WHERE k.source = s.source
    )
) ORDER BY s.source), '[]'::json)::text
FROM viertakt.source AS s
WHERE %(source)s::text IS NULL OR s.source = %(source)s;

-- name: read_sealed
-- The sealed secrets of a source, the newest first: the one in use is mostly the first that is tried.
SELECT k.secret_id, k.sealed
FROM viertakt.source_secret AS k
WHERE k.source = %(source)s
ORDER BY k.added_at DESC, k.secret_id
LIMIT 20;

-- name: write_source
-- A source as it is to be, new or changed.
INSERT INTO viertakt.source (source, scheme, options, ready, document, mapping, active, changed_by)
VALUES (
    %(source)s, %(scheme)s, %(options)s::jsonb, %(ready)s, %(document)s, %(mapping)s::jsonb, %(active)s, %(changed_by)s
)
ON CONFLICT (source) DO UPDATE SET
    scheme = excluded.scheme,
    options = excluded.options,
    ready = excluded.ready,
    document = excluded.document,
    mapping = excluded.mapping,
    active = excluded.active,
    changed_at = clock_timestamp(),
    changed_by = excluded.changed_by;

-- name: add_secret
-- Another secret of a source, sealed.
INSERT INTO viertakt.source_secret (secret_id, source, sealed, added_by)
VALUES (%(secret_id)s, %(source)s, %(sealed)s, %(added_by)s);

-- name: drop_secret
-- One secret of a source is believed no more.
DELETE FROM viertakt.source_secret AS k WHERE k.source = %(source)s AND k.secret_id = %(secret_id)s;

-- name: count_refused
-- One more delivery that was not believed, of this source, today, for this reason.
INSERT INTO viertakt.signal_refused AS r (source, day, why, count)
VALUES (%(source)s, (clock_timestamp() AT TIME ZONE 'UTC')::date, %(why)s, 1)
ON CONFLICT (source, day, why) DO UPDATE SET count = r.count + 1, last_at = clock_timestamp();

-- name: read_refused
-- What was not believed, the newest day first.
SELECT r.source, r.day::text AS on, r.why, r.count, r.last_at
FROM viertakt.signal_refused AS r
WHERE %(source)s::text IS NULL OR r.source = %(source)s
ORDER BY r.day DESC, r.source, r.why
LIMIT %(limit)s;

-- name: keep_signals
-- The reports of one delivery; one that is there already is counted and answers so. In order, so that two deliveries cannot deadlock.
WITH told AS (
    SELECT t.* FROM json_to_recordset(%(signals)s::json) AS t (
        signal_id uuid, event_id text, item integer, type text, at timestamptz
    )
),

kept AS (
    INSERT INTO viertakt.signal AS s (signal_id, source, event_id, item, body, type, at, due_at)
    SELECT t.signal_id, %(source)s, t.event_id, t.item, %(body)s, t.type, coalesce(t.at, clock_timestamp()), clock_timestamp()
    FROM told AS t
    ORDER BY t.event_id
    ON CONFLICT ON CONSTRAINT provider_event_acts_once DO UPDATE SET deliveries = s.deliveries + 1
    RETURNING s.signal_id, s.deliveries
)

SELECT k.signal_id, k.deliveries FROM kept AS k;

-- name: claim_unplaced
-- Signals whose operation is to be looked for, locked until the transaction ends; those that another worker has are passed over.
SELECT s.signal_id, s.source, s.item, s.body, s.received_at, clock_timestamp() AS now
FROM viertakt.signal AS s
WHERE s.due_at <= clock_timestamp()
ORDER BY s.due_at, s.signal_id
LIMIT %(limit)s
FOR UPDATE SKIP LOCKED;

-- name: find_operations
-- Which operations have these names, and of which kind they are.
SELECT a.scheme, a.value, o.operation_id, o.kind
FROM json_to_recordset(%(names)s::json) AS w (scheme text, value text)
JOIN viertakt.alias AS a ON a.scheme = w.scheme AND a.value = w.value
JOIN viertakt.operation AS o ON o.operation_id = a.operation_id;

-- name: place_signals
-- What was read in signals, and the operation that was found or the time to look again.
UPDATE viertakt.signal AS s
SET
    state = p.state,
    type = coalesce(p.type, s.type),
    reading = p.reading,
    way = p.way,
    operation_id = p.operation_id,
    code = p.code,
    detail = p.detail,
    due_at = clock_timestamp() + p.again,
    settled_at = CASE WHEN p.state IN ('received', 'parked') THEN NULL ELSE clock_timestamp() END
FROM json_to_recordset(%(rows)s::json) AS p (
    signal_id uuid, state text, type text, reading jsonb, way jsonb, operation_id uuid, code text, detail text,
    again interval
)
WHERE s.signal_id = p.signal_id;

-- name: join_lines
-- Signals have found their operations: each is worked on now. In order, as all who write lines.
INSERT INTO viertakt.signal_line AS l (operation_id, due_at)
SELECT i.operation_id::uuid, clock_timestamp()
FROM json_array_elements_text(%(ids)s::json) AS i (operation_id)
ORDER BY 1
ON CONFLICT (operation_id) DO UPDATE SET due_at = clock_timestamp(), rung = l.rung + 1;

-- name: claim_lines
-- Operations whose signals are due, for as long as the lease lasts.
UPDATE viertakt.signal_line AS l
SET attempt = l.attempt + 1, leased_until = clock_timestamp() + %(lease)s::interval
WHERE l.operation_id IN (
    SELECT d.operation_id FROM viertakt.signal_line AS d
    WHERE d.due_at <= clock_timestamp() AND (d.leased_until IS NULL OR d.leased_until < clock_timestamp())
    ORDER BY d.due_at, d.operation_id
    LIMIT %(limit)s
    FOR UPDATE SKIP LOCKED
)
RETURNING l.operation_id, l.attempt, l.rung;

-- name: release_lines
-- Lines that were worked on: due again where somebody joined meanwhile, or when something waits. An earlier attempt releases
-- nothing. Held in order first, as all who write several lines.
WITH released AS MATERIALIZED (
    SELECT r.* FROM json_to_recordset(%(rows)s::json) AS r (
        operation_id uuid, attempt integer, rung integer, again interval
    )
),

held AS MATERIALIZED (
    SELECT l.operation_id
    FROM viertakt.signal_line AS l
    JOIN released AS r ON l.operation_id = r.operation_id AND l.attempt = r.attempt
    ORDER BY l.operation_id
    FOR UPDATE OF l
)

UPDATE viertakt.signal_line AS l
SET
    leased_until = NULL,
    due_at = CASE WHEN l.rung = r.rung THEN clock_timestamp() + r.again ELSE clock_timestamp() END
FROM released AS r
JOIN held AS h ON r.operation_id = h.operation_id
WHERE l.operation_id = r.operation_id AND l.attempt = r.attempt;

-- name: settle_signals
-- What came of signals, where the attempt that says so still has their line.
UPDATE viertakt.signal AS s
SET
    state = t.state,
    rounds = t.rounds,
    code = t.code,
    detail = t.detail,
    transition = t.transition,
    from_stage = t.from_stage,
    to_stage = t.to_stage,
    entry_seq = t.entry_seq,
    settled_at = CASE WHEN t.state = 'parked' THEN NULL ELSE clock_timestamp() END
FROM json_to_recordset(%(rows)s::json) AS t (
    signal_id uuid, operation_id uuid, attempt integer, state text, rounds integer, code text, detail text,
    transition text, from_stage text, to_stage text, entry_seq bigint
)
JOIN viertakt.signal_line AS l ON l.operation_id = t.operation_id AND l.attempt = t.attempt
WHERE s.signal_id = t.signal_id;

-- name: lift_flags
-- Operations all of whose contradicting reports have been taken back, or applied by hand, are flagged no more. What else
-- contradicted them stands in their history without a signal.
UPDATE viertakt.operation AS o
SET contradiction = false
FROM json_array_elements_text(%(ids)s::json) AS i (operation_id)
WHERE
    o.operation_id = i.operation_id::uuid AND o.contradiction
    AND NOT EXISTS (
        SELECT FROM viertakt.entry AS e
        LEFT JOIN viertakt.signal AS s
            ON s.operation_id = e.operation_id AND s.signal_id::text = split_part(e.key, ':', 2)
        WHERE
            e.operation_id = o.operation_id AND e.sort = 'contradicted'
            AND (s.signal_id IS NULL OR s.state = 'contradicting')
    );

-- name: read_signals
-- Signals by id.
SELECT coalesce(json_agg(viertakt.signal_document(s, o.kind, o.reference)), '[]'::json)::text
FROM json_array_elements_text(%(ids)s::json) AS i (signal_id)
JOIN viertakt.signal AS s ON s.signal_id = i.signal_id::uuid
LEFT JOIN viertakt.operation AS o ON o.operation_id = s.operation_id;

-- name: signals_of
-- The signals of some operations: of each the newest, far more than any provider sends.
SELECT coalesce(json_agg(viertakt.signal_document(found.s, NULL, NULL)), '[]'::json)::text
FROM json_array_elements_text(%(ids)s::json) AS i (operation_id)
CROSS JOIN LATERAL (
    SELECT s FROM viertakt.signal AS s
    WHERE s.operation_id = i.operation_id::uuid
    ORDER BY s.at DESC, s.signal_id DESC
    LIMIT 200
) AS found;

-- name: list_signals
-- template: one page of signals, the last received first; {seen} is what their reader may see of operations.
SELECT coalesce(json_agg(f.document ORDER BY f.received_at DESC, f.signal_id DESC), '[]'::json)::text
FROM (
    SELECT viertakt.signal_document(s, o.kind, o.reference) AS document, s.received_at, s.signal_id
    FROM viertakt.signal AS s
    LEFT JOIN viertakt.operation AS o ON o.operation_id = s.operation_id
    WHERE
        (%(source)s::text IS NULL OR s.source = %(source)s)
        AND (%(state)s::text IS NULL OR s.state = %(state)s)
        AND (%(operation_id)s::uuid IS NULL OR s.operation_id = %(operation_id)s)
        AND (
            %(before)s::timestamptz IS NULL
            OR (s.received_at, s.signal_id) < (%(before)s, %(before_id)s::uuid)
        )
        AND ({seen})
    ORDER BY s.received_at DESC, s.signal_id DESC
    LIMIT %(limit)s
) AS f;

-- name: count_states
-- template: how many signals stand in each state, counted to a bound; {seen} as above.
SELECT w.state, (
    SELECT count(*) FROM (
        SELECT FROM viertakt.signal AS s
        LEFT JOIN viertakt.operation AS o ON o.operation_id = s.operation_id
        WHERE s.state = w.state AND (%(source)s::text IS NULL OR s.source = %(source)s) AND ({seen})
        LIMIT %(limit)s
    ) AS bounded
)
FROM unnest(%(states)s::text []) AS w (state);

-- name: read_body
-- A delivery as it came; null once it is erased.
SELECT s.body FROM viertakt.signal AS s WHERE s.signal_id = %(signal_id)s;

-- name: erase_old
-- Payloads that have been kept long enough go, the oldest first. What still looked for its operation stops.
UPDATE viertakt.signal AS s
SET
    body = NULL, erased_at = clock_timestamp(), erased_by = %(by)s, due_at = NULL,
    code = CASE WHEN s.due_at IS NULL THEN s.code ELSE 'erased' END
WHERE s.signal_id IN (
    SELECT o.signal_id FROM viertakt.signal AS o
    WHERE o.body IS NOT NULL AND o.received_at < clock_timestamp() - %(kept)s::interval
    ORDER BY o.received_at, o.signal_id
    LIMIT %(limit)s
    FOR UPDATE SKIP LOCKED
);

-- name: erase_payload
-- What was delivered with a signal goes: each report of a delivery holds all of it.
UPDATE viertakt.signal AS s
SET
    body = NULL, erased_at = clock_timestamp(), erased_by = %(by)s, erased_why = %(why)s, due_at = NULL,
    code = CASE WHEN s.due_at IS NULL THEN s.code ELSE 'erased' END
FROM viertakt.signal AS one
WHERE
    one.signal_id = %(signal_id)s AND s.source = one.source AND s.body = one.body
    AND s.received_at BETWEEN one.received_at - interval '1 minute' AND one.received_at + interval '1 minute';

-- name: waiting_in_vain
-- How many signals have been parked for too long, by source.
SELECT s.source, count(*)
FROM viertakt.signal AS s
WHERE s.state = 'parked' AND s.received_at < clock_timestamp() - %(waited)s::interval
GROUP BY s.source
ORDER BY s.source
LIMIT 100;

-- name: replay_signals
-- Signals that are to be read and applied once more, by the mapping of today; what has moved its operation stays.
UPDATE viertakt.signal AS s
SET
    state = 'received', rounds = s.rounds + 1, due_at = clock_timestamp(), operation_id = NULL, reading = NULL,
    way = NULL, code = NULL, detail = NULL, settled_at = NULL
FROM json_array_elements_text(%(ids)s::json) AS i (signal_id)
WHERE s.signal_id = i.signal_id::uuid AND s.state NOT IN ('applied', 'received') AND s.body IS NOT NULL;
