-- name: quicken
-- A load that can be made again needs no safety: this session's commits wait for no disk. Groups are few: without a sort they are
-- counted by hash, though nobody has analyzed what a piece holds.
SELECT
    set_config('synchronous_commit', 'off', false), set_config('work_mem', '256MB', false),
    set_config('temp_buffers', '400MB', false), set_config('enable_sort', 'off', false);

-- name: make_plots
-- What becomes of operations: for each of ten thousand chances, a way of two moves through a kind.
CREATE SCHEMA bench;
CREATE TABLE bench.plot (
    chance bigint PRIMARY KEY, kind text, kind_version integer, start text, start_status text,
    first text, mid text, mid_status text, second text, stop text, stop_status text, waiting_on text, money boolean
);

-- name: make_ids
-- The id of the n-th operation, as a UUIDv7 of the moment it was recorded: n stands in its last digits.
CREATE FUNCTION bench.id(n bigint, recorded timestamptz) RETURNS uuid LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT (
        lpad(to_hex((extract(epoch FROM recorded) * 1000)::bigint), 12, '0') || '7' || lpad(to_hex(n & 4095), 3, '0')
        || '8' || lpad(to_hex(n), 15, '0')
    )::uuid
$$;

-- name: make_hash
-- A number below `below` that looks like chance and is always the same for n.
CREATE FUNCTION bench.chance(n bigint, salt integer, below integer) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT (hashint8extended(n, salt) & 9007199254740991) % below
$$;

-- name: make_plot_of
-- Which plot the n-th operation takes, opened `behind` (a share of the span) before the end: the first 600 plots stay open, and
-- most that take one are young, as in a house that keeps up with its work.
CREATE FUNCTION bench.plot_of(n bigint, behind float8) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE
        WHEN bench.chance(n, 14, 1000) < CASE
            WHEN behind < 1 / 365.0 THEN 600 WHEN behind < 7 / 365.0 THEN 150 WHEN behind < 30 / 365.0 THEN 30 ELSE 3
        END THEN bench.chance(n, 16, 600)
        ELSE 600 + bench.chance(n, 16, 9400)
    END
$$;

-- name: make_partials
-- What each piece adds to the tallies, summed up at the end: pieces are made side by side, and would wait for each other.
CREATE UNLOGGED TABLE bench.status_part (LIKE viertakt.status_tally);
CREATE UNLOGGED TABLE bench.outcome_part (LIKE viertakt.outcome_tally);
CREATE UNLOGGED TABLE bench.reason_part (LIKE viertakt.reason_tally);
CREATE UNLOGGED TABLE bench.duration_part (LIKE viertakt.duration_tally);
CREATE UNLOGGED TABLE bench.way_part (LIKE viertakt.way_tally);
CREATE UNLOGGED TABLE bench.move_part (LIKE viertakt.move_tally);
CREATE UNLOGGED TABLE bench.hour_part (LIKE viertakt.hour_tally);
CREATE UNLOGGED TABLE bench.target_part (LIKE viertakt.target_tally);

-- name: make_targets
-- What kinds promise, one row a target; none of them names a calendar or a day.
CREATE TABLE bench.target AS
SELECT
    k.kind, k.version, t ->> 'name' AS name, t ->> 'from' AS from_stage, t -> 'until' AS until, t -> 'paused' AS paused,
    (t ->> 'seconds')::numeric AS seconds
FROM viertakt.kind_version AS k
CROSS JOIN LATERAL jsonb_array_elements(k.targets) AS t;

-- name: make_traits
-- What operations of each kind may have as attributes, with what is counted by: made once, not once a row.
CREATE TABLE bench.trait AS
SELECT k.kind, k.version AS kind_version, m.method, c.country, a.attributes, viertakt.tallied_dimensions(a.attributes, k.dimensions) AS dimensions
FROM (SELECT v.kind, v.version, to_jsonb(v.dimensions) AS dimensions FROM viertakt.kind_version AS v) AS k
CROSS JOIN unnest(ARRAY['bank', 'card', 'wallet']) AS m (method)
CROSS JOIN unnest(ARRAY['BE', 'DE', 'FR', 'IS', 'NL']) AS c (country)
CROSS JOIN LATERAL (
    SELECT CASE WHEN k.kind IN ('deposit', 'withdrawal')
        THEN jsonb_build_object('method', m.method, 'country', c.country) ELSE '{}' END AS attributes
) AS a;

-- name: drops
-- How to drop, and how to make again, each index and each key, without which a load goes faster; of which table, and whether a key.
SELECT
    CASE WHEN c.conname IS NULL THEN format('DROP INDEX %s', i.indexrelid::regclass)
        ELSE format('ALTER TABLE %s DROP CONSTRAINT %I', i.indrelid::regclass, c.conname) END,
    CASE WHEN c.conname IS NULL THEN replace(pg_get_indexdef(i.indexrelid), ' ON ONLY ', ' ON ')
        ELSE format('ALTER TABLE %s ADD CONSTRAINT %I %s', i.indrelid::regclass, c.conname, pg_get_constraintdef(c.oid)) END,
    i.indrelid::regclass::text, c.conname IS NOT NULL
FROM pg_catalog.pg_index AS i
LEFT JOIN pg_catalog.pg_constraint AS c ON c.conindid = i.indexrelid AND c.contype IN ('p', 'u')
WHERE
    i.indrelid::regclass::text IN (
        'viertakt.operation', 'viertakt.entry', 'viertakt.alias', 'viertakt.words', 'viertakt.stay', 'viertakt.journal',
        'viertakt.promise'
    )
ORDER BY i.indexrelid;

-- name: settles
-- How to vacuum and analyze each table, the largest first; a table of months has statistics of its own.
SELECT CASE c.relkind WHEN 'p' THEN format('ANALYZE ONLY %s', c.oid::regclass) ELSE format('VACUUM (ANALYZE, PARALLEL 0) %s', c.oid::regclass) END
FROM pg_catalog.pg_class AS c
WHERE c.relnamespace = 'viertakt'::regnamespace AND c.relkind IN ('r', 'p')
ORDER BY pg_catalog.pg_total_relation_size(c.oid) DESC;

-- name: make_piece
-- Operations first to last, one after the other over the span, and all that becomes of them.
CREATE TEMPORARY TABLE piece ON COMMIT DROP AS
SELECT
    c.i, bench.id(c.i, c.at) AS operation_id, p.kind, p.kind_version, upper(left(p.kind, 1)) || '-' || c.i AS reference,
    'player-' || bench.chance(c.i, 1, 500000) AS subject,
    CASE WHEN bench.chance(c.i, 2, 100000) = 0 THEN 'casino-rare'
        ELSE (ARRAY['casino-nl', 'casino-nl', 'casino-de', 'market-nl', 'pay-be'])[1 + bench.chance(c.i, 3, 5)] END AS brand,
    CASE WHEN p.money THEN (1 + power(10::float8, bench.chance(c.i, 4, 4000) / 1000::float8))::numeric(12, 2) END AS amount,
    CASE WHEN p.money THEN CASE WHEN bench.chance(c.i, 5, 20000) = 0 THEN 'SEK'
        ELSE (ARRAY['EUR', 'EUR', 'EUR', 'USD', 'GBP'])[1 + bench.chance(c.i, 6, 5)] END END AS currency,
    t.attributes,
    CASE bench.chance(c.i, 10, 20000) WHEN 0 THEN '{fraud-ring}' WHEN 1 THEN '{vip}' WHEN 2 THEN '{vip}' ELSE '{}' END::text [] AS tags,
    CASE WHEN bench.chance(c.i, 17, 2000) = 0 AND c.i > 7
        THEN bench.id(c.i - 7, %(from)s::timestamptz
            + (%(until)s::timestamptz - %(from)s::timestamptz) * ((c.i - 7) / %(count)s::float8)) END AS parent_id,
    p.start, p.start_status, p.first, p.mid, p.mid_status, p.second, p.stop, p.stop_status, p.waiting_on,
    bench.chance(c.i, 11, 200000) = 0 AS contradiction,
    c.at AS created_at, c.at + c.took / 3 AS mid_at, c.at + c.took AS entered_at,
    CASE
        WHEN p.stop_status = 'pending' THEN NULL
        WHEN p.mid_status <> p.stop_status THEN c.at + c.took
        WHEN p.start_status <> p.stop_status THEN c.at + c.took / 3
        ELSE c.at
    END AS closed_at,
    CASE WHEN p.stop_status = 'pending' AND bench.chance(c.i, 12, 2) = 0
        THEN c.at + c.took + interval '1 hour' * bench.chance(c.i, 18, 200) END AS deadline_at,
    'person:bench-' || ((hashtext(p.kind) & 31) + bench.chance(c.i, 15, 8)) AS person,
    CASE WHEN p.stop_status IN ('error', 'rejected')
        THEN (ARRAY['documents_missing', 'technical_fault', 'declined', 'expired_no_action', 'duplicate'])[1 + bench.chance(c.i, 19, 5)]
        WHEN bench.chance(c.i, 20, 100000) = 0 THEN 'fraud' END AS reason,
    t.dimensions
FROM (
    SELECT
        i, %(from)s::timestamptz + (%(until)s::timestamptz - %(from)s::timestamptz) * (i / %(count)s::float8) AS at,
        least(
            interval '1 second' * (60 + bench.chance(i, 13, 90000)),
            (%(until)s::timestamptz - %(from)s::timestamptz) * ((%(count)s - i) / %(count)s::float8)
            * (bench.chance(i, 21, 1000) / 1000.0)
        ) AS took,
        bench.plot_of(i, (%(count)s - i) / %(count)s::float8) AS chance
    FROM generate_series(%(first)s::bigint, %(last)s::bigint) AS i
    OFFSET 0
) AS c
JOIN bench.plot AS p ON p.chance = c.chance
JOIN bench.trait AS t
    ON t.kind = p.kind AND t.kind_version = p.kind_version
    AND t.method = (ARRAY['bank', 'card', 'card', 'wallet'])[1 + bench.chance(c.i, 7, 4)]
    AND t.country = CASE WHEN bench.chance(c.i, 8, 50000) = 0 THEN 'IS'
        ELSE (ARRAY['NL', 'NL', 'NL', 'DE', 'BE', 'FR'])[1 + bench.chance(c.i, 9, 6)] END
ORDER BY c.i;

-- name: make_operations
-- Where each stands.
INSERT INTO viertakt.operation (
    operation_id, kind, kind_version, reference, subject, brand, amount, currency, attributes, tags, parent_id, stage, status,
    waiting_on, version, contradiction, created_at, entered_at, changed_at, closed_at, deadline_at
)
SELECT
    p.operation_id, p.kind, p.kind_version, p.reference, p.subject, p.brand, p.amount, p.currency, p.attributes, p.tags,
    p.parent_id, p.stop, p.stop_status, p.waiting_on, 3, p.contradiction, p.created_at, p.entered_at, p.entered_at,
    p.closed_at, p.deadline_at
FROM piece AS p;

-- name: make_history
-- The three entries of each: opened, moved, and moved to where it is.
INSERT INTO viertakt.entry (
    operation_id, entry_seq, version, sort, transition, from_stage, from_status, to_stage, to_status, actor, cause, reason,
    data, at, recorded_at
)
SELECT
    p.operation_id, 3 * (p.i - 1) + v.version, v.version, v.sort, v.transition, v.from_stage, v.from_status, v.to_stage,
    v.to_status, v.actor, v.cause, v.reason,
    CASE v.version WHEN 1 THEN jsonb_build_object('amount', CASE WHEN p.amount IS NOT NULL THEN
        jsonb_build_object('value', p.amount::text, 'currency', p.currency) END, 'attributes', p.attributes) END,
    v.at, v.at
FROM piece AS p
CROSS JOIN LATERAL (
    VALUES
    (1, 'opened', NULL, NULL, NULL, p.start, p.start_status, 'system:bench', 'process', NULL, p.created_at),
    (2, 'moved', p.first, p.start, p.start_status, p.mid, p.mid_status, 'system:bench', 'process', NULL, p.mid_at),
    (3, 'moved', p.second, p.mid, p.mid_status, p.stop, p.stop_status, p.person, 'manual', p.reason, p.entered_at)
) AS v (version, sort, transition, from_stage, from_status, to_stage, to_status, actor, cause, reason, at);

-- name: make_order
-- The positions, as a sequencer that was always there would have given them.
INSERT INTO viertakt.journal (position, operation_id, entry_seq)
SELECT 3 * (p.i - 1) + v, p.operation_id, 3 * (p.i - 1) + v FROM piece AS p CROSS JOIN generate_series(1, 3) AS v;

-- name: make_aliases
-- The references, by which anything pasted is found.
INSERT INTO viertakt.alias (scheme, value, operation_id)
SELECT 'kind:' || p.kind, p.reference, p.operation_id FROM piece AS p;

-- name: make_words
-- The words of reference and subject, as the tokenizer makes them.
INSERT INTO viertakt.words (operation_id, words)
SELECT p.operation_id, ARRAY[p.i::text, split_part(p.subject, '-', 2), p.subject, lower(p.reference)] FROM piece AS p;

-- name: make_stays
-- Three stays each, of which the last goes on.
INSERT INTO viertakt.stay (
    operation_id, ordinal, kind, stage, status, entered_at, entered_position, left_at, left_position, next_stage,
    next_status
)
SELECT
    p.operation_id, v.ordinal, p.kind, v.stage, v.status, v.entered_at, 3 * (p.i - 1) + v.ordinal, v.left_at,
    CASE WHEN v.left_at IS NOT NULL THEN 3 * (p.i - 1) + v.ordinal + 1 END, v.next_stage, v.next_status
FROM piece AS p
CROSS JOIN LATERAL (
    VALUES
    (1, p.start, p.start_status, p.created_at, p.mid_at, p.mid, p.mid_status),
    (2, p.mid, p.mid_status, p.mid_at, p.entered_at, p.stop, p.stop_status),
    (3, p.stop, p.stop_status, p.entered_at, NULL, NULL, NULL)
) AS v (ordinal, stage, status, entered_at, left_at, next_stage, next_status);

-- name: make_promises
-- What they promise: from the first of the three stages that a target names, to the first after it that ends it;
-- and how many of the piece were kept and missed in which hour.
WITH made AS (
    INSERT INTO viertakt.promise (
        operation_id, target, ordinal, kind, brand, standing, began_at, seconds, risk_at, due_at, decided_at
    )
    SELECT
        p.operation_id, t.name, b.ordinal, p.kind, p.brand,
        CASE
            WHEN e.at IS NOT NULL THEN CASE WHEN s.spent <= t.seconds THEN 'kept' ELSE 'missed' END
            WHEN p.stop_status <> 'pending' THEN 'dropped'
            WHEN e.counts THEN 'running'
            ELSE 'paused'
        END,
        b.at, s.spent,
        CASE WHEN e.at IS NULL AND (e.counts OR s.spent >= 0.8 * t.seconds)
            THEN viertakt.moment_after(NULL, p.entered_at, 0.8 * t.seconds - s.spent) END,
        CASE WHEN e.at IS NULL AND (e.counts OR s.spent > t.seconds)
            THEN viertakt.moment_after(NULL, p.entered_at, t.seconds - s.spent) END,
        e.at
    FROM piece AS p
    JOIN bench.target AS t ON t.kind = p.kind AND t.version = p.kind_version
    CROSS JOIN LATERAL (
        VALUES
        (1, p.created_at, p.start = t.from_stage),
        (2, p.mid_at, p.mid = t.from_stage AND p.start <> t.from_stage),
        (3, p.entered_at, p.stop = t.from_stage AND p.mid <> t.from_stage AND (p.start <> t.from_stage OR t.until ? p.mid))
    ) AS b (ordinal, at, begins)
    CROSS JOIN LATERAL (
        SELECT
            CASE WHEN b.ordinal < 2 AND t.until ? p.mid THEN p.mid_at WHEN b.ordinal < 3 AND t.until ? p.stop THEN p.entered_at
            END AS at,
            p.stop_status = 'pending' AND NOT t.paused ? p.stop AS counts
    ) AS e
    CROSS JOIN LATERAL (
        SELECT
            CASE WHEN b.ordinal = 1 AND p.start_status = 'pending' AND NOT t.paused ? p.start
                THEN viertakt.seconds_between(NULL, p.created_at, p.mid_at) ELSE 0 END
            + CASE WHEN b.ordinal <= 2 AND (b.ordinal = 2 OR NOT t.until ? p.mid) AND p.mid_status = 'pending'
                AND NOT t.paused ? p.mid THEN viertakt.seconds_between(NULL, p.mid_at, p.entered_at) ELSE 0 END AS spent
    ) AS s
    WHERE b.begins
    RETURNING kind, target, brand, standing, decided_at
)

INSERT INTO bench.target_part (grain, bucket, kind, target, brand, kept, missed)
SELECT
    'hour', date_trunc('hour', m.decided_at, 'UTC'), m.kind, m.target, m.brand, count(*) FILTER (WHERE m.standing = 'kept'),
    count(*) FILTER (WHERE m.standing = 'missed')
FROM made AS m
WHERE m.decided_at IS NOT NULL
GROUP BY 2, 3, 4, 5;

-- name: count_statuses
-- How many of the piece were created in which hour.
INSERT INTO bench.status_part (grain, bucket, kind, stage, status, brand, currency, dimensions, count, amount)
SELECT
    'hour', date_trunc('hour', p.created_at, 'UTC'), p.kind, p.stop, p.stop_status, p.brand, p.currency, p.dimensions,
    count(*), sum(coalesce(p.amount, 0))
FROM piece AS p
GROUP BY 2, 3, 4, 5, 6, 7, 8;

-- name: count_outcomes
-- How many of the piece were closed in which hour.
INSERT INTO bench.outcome_part (grain, bucket, kind, stage, status, brand, currency, count, amount)
SELECT
    'hour', date_trunc('hour', p.closed_at, 'UTC'), p.kind, p.stop, p.stop_status, p.brand, p.currency, count(*),
    sum(coalesce(p.amount, 0))
FROM piece AS p
WHERE p.closed_at IS NOT NULL
GROUP BY 2, 3, 4, 5, 6, 7;

-- name: count_reasons
-- Why they ended.
INSERT INTO bench.reason_part (bucket, kind, status, reason, count)
SELECT date_trunc('day', p.closed_at, 'UTC'), p.kind, p.stop_status, p.reason, count(*)
FROM piece AS p
WHERE p.closed_at IS NOT NULL AND p.reason IS NOT NULL
GROUP BY 1, 2, 3, 4;

-- name: count_durations
-- How long the stays of the piece lasted, and the operations until they were closed; by bin first, as a histogram is a long number.
INSERT INTO bench.duration_part (measure, grain, bucket, kind, stage, count, seconds, histogram)
SELECT b.measure, 'day', b.bucket, b.kind, b.stage, sum(b.count), sum(b.seconds), sum(b.count * viertakt.histogram(b.bin))
FROM (
    SELECT
        d.measure, date_trunc('day', d.after, 'UTC') AS bucket, p.kind, d.stage,
        ceil(ln(greatest(date_part('epoch', d.after - d.first), %(shortest)s)) / ln(%(gamma)s::float8))::integer AS bin,
        count(*) AS count, extract(EPOCH FROM sum(d.after - d.first)) AS seconds
    FROM piece AS p
    CROSS JOIN LATERAL (
        VALUES
        ('stay', p.start, p.created_at, p.mid_at), ('stay', p.mid, p.mid_at, p.entered_at),
        ('final', p.stop, p.created_at, p.closed_at)
    ) AS d (measure, stage, first, after)
    WHERE d.after IS NOT NULL
    GROUP BY 1, 2, 3, 4, 5
) AS b
GROUP BY 1, 3, 4, 5;

-- name: count_ways
-- Which ways they went.
INSERT INTO bench.way_part (bucket, kind, from_stage, to_stage, count)
SELECT date_trunc('day', p.created_at, 'UTC'), p.kind, w.from_stage, w.to_stage, count(*)
FROM piece AS p
CROSS JOIN LATERAL (VALUES (p.start, p.mid), (p.mid, p.stop)) AS w (from_stage, to_stage)
GROUP BY 1, 2, 3, 4;

-- name: count_moves
-- What was moved in which hour, by what cause.
INSERT INTO bench.move_part (grain, bucket, kind, transition, cause, count)
SELECT 'hour', date_trunc('hour', m.at, 'UTC'), p.kind, m.transition, m.cause, count(*)
FROM piece AS p
CROSS JOIN LATERAL (
    VALUES
    ('opened', 'process', p.created_at), (p.first, 'process', p.mid_at), (p.second, 'manual', p.entered_at)
) AS m (transition, cause, at)
GROUP BY 2, 3, 4, 5;

-- name: count_hours
-- In which quarters of an hour they were opened and moved.
INSERT INTO bench.hour_part (measure, bucket, kind, count, quarters)
SELECT q.measure, q.day, q.kind, sum(q.count), sum(q.count * ('1e' || 8 * q.nth)::numeric)
FROM (
    SELECT
        m.measure, d.day, p.kind, count(*) AS count, floor(date_part('epoch', m.at - d.day) / 900)::integer AS nth
    FROM piece AS p
    CROSS JOIN LATERAL (
        VALUES
        ('opened', p.created_at), ('moved', p.created_at), ('moved', p.mid_at), ('moved', p.entered_at)
    ) AS m (measure, at)
    CROSS JOIN LATERAL (SELECT date_trunc('day', m.at, 'UTC') AS day) AS d
    GROUP BY 1, 2, 3, 5
) AS q
GROUP BY 1, 2, 3;

-- name: count_people
-- Who moved what. No piece waits for another: a day that two pieces share is rare, and held for a moment.
INSERT INTO viertakt.person_tally AS t (grain, bucket, actor, kind, transition, count)
SELECT g.grain, date_trunc(g.grain, p.entered_at, 'UTC'), p.person, p.kind, p.second, count(*)
FROM piece AS p
CROSS JOIN (VALUES ('day'), ('month')) AS g (grain)
GROUP BY 1, 2, 3, 4, 5
ORDER BY 1, 2, 3, 4, 5
ON CONFLICT (grain, bucket, actor, kind, transition) DO UPDATE SET count = t.count + excluded.count;

-- name: end_statuses
-- What the sequencer would have counted: altogether, by the day, and for the last months by the hour.
INSERT INTO viertakt.status_tally (grain, bucket, kind, stage, status, brand, currency, dimensions, count, amount)
SELECT
    g.grain,
    CASE g.grain
        WHEN 'all' THEN 'epoch'::timestamptz
        ELSE date_trunc(replace(g.grain, 'kind_', ''), s.bucket, 'UTC')
    END,
    s.kind, CASE WHEN g.grain NOT LIKE 'kind%%' THEN s.stage ELSE '' END, s.status,
    CASE WHEN g.grain NOT LIKE 'kind%%' THEN s.brand END, s.currency,
    CASE WHEN g.grain NOT LIKE 'kind%%' THEN s.dimensions ELSE '{}' END, sum(s.count), sum(s.amount)
FROM bench.status_part AS s
CROSS JOIN (VALUES ('all'), ('day'), ('hour'), ('kind_day'), ('kind_month')) AS g (grain)
WHERE g.grain <> 'hour' OR s.bucket >= now() - %(hours_kept)s::interval
GROUP BY 1, 2, 3, 4, 5, 6, 7, 8;

-- name: end_outcomes
-- How many were closed when.
INSERT INTO viertakt.outcome_tally (grain, bucket, kind, stage, status, brand, currency, count, amount)
SELECT
    g.grain, date_trunc(replace(g.grain, 'kind_', ''), o.bucket, 'UTC'), o.kind,
    CASE WHEN g.grain IN ('day', 'hour') THEN o.stage ELSE '' END, o.status,
    CASE WHEN g.grain IN ('day', 'hour') THEN o.brand END, o.currency, sum(o.count), sum(o.amount)
FROM bench.outcome_part AS o
CROSS JOIN (VALUES ('day'), ('hour'), ('kind_day'), ('kind_month')) AS g (grain)
WHERE g.grain <> 'hour' OR o.bucket >= now() - %(hours_kept)s::interval
GROUP BY 1, 2, 3, 4, 5, 6, 7;

-- name: end_reasons
-- Why.
INSERT INTO viertakt.reason_tally (bucket, kind, status, reason, count)
SELECT r.bucket, r.kind, r.status, r.reason, sum(r.count) FROM bench.reason_part AS r GROUP BY 1, 2, 3, 4;

-- name: end_durations
-- How long it took.
INSERT INTO viertakt.duration_tally (measure, grain, bucket, kind, stage, count, seconds, histogram)
SELECT
    d.measure, g.grain, date_trunc(replace(g.grain, 'kind_', ''), d.bucket, 'UTC'), d.kind,
    CASE WHEN g.grain IN ('day', 'month') THEN d.stage ELSE '' END, sum(d.count), sum(d.seconds), sum(d.histogram)
FROM bench.duration_part AS d
CROSS JOIN (VALUES ('day'), ('month'), ('kind_day'), ('kind_month')) AS g (grain)
WHERE g.grain IN ('day', 'month') OR d.measure = 'final'
GROUP BY 1, 2, 3, 4, 5;

-- name: end_ways
-- Which ways.
INSERT INTO viertakt.way_tally (bucket, kind, from_stage, to_stage, count)
SELECT w.bucket, w.kind, w.from_stage, w.to_stage, sum(w.count) FROM bench.way_part AS w GROUP BY 1, 2, 3, 4;

-- name: end_moves
-- What was moved when.
INSERT INTO viertakt.move_tally (grain, bucket, kind, transition, cause, count)
SELECT g.grain, date_trunc(g.grain, m.bucket, 'UTC'), m.kind, m.transition, m.cause, sum(m.count)
FROM bench.move_part AS m
CROSS JOIN (VALUES ('day'), ('hour')) AS g (grain)
WHERE g.grain = 'day' OR m.bucket >= now() - %(hours_kept)s::interval
GROUP BY 1, 2, 3, 4, 5;

-- name: end_hours
-- In which quarters of an hour, of a crowd made to the day.
INSERT INTO viertakt.hour_tally (measure, bucket, kind, count, quarters)
SELECT h.measure, h.bucket, h.kind, sum(h.count), sum(h.quarters) FROM bench.hour_part AS h GROUP BY 1, 2, 3;

-- name: end_targets
-- How many promises were kept and missed when.
INSERT INTO viertakt.target_tally (grain, bucket, kind, target, brand, kept, missed)
SELECT g.grain, date_trunc(g.grain, t.bucket, 'UTC'), t.kind, t.target, t.brand, sum(t.kept), sum(t.missed)
FROM bench.target_part AS t
CROSS JOIN (VALUES ('day'), ('hour')) AS g (grain)
WHERE g.grain = 'day' OR t.bucket >= now() - %(hours_kept)s::interval
GROUP BY 1, 2, 3, 4, 5;

-- name: end_order
-- The sequencer stands where the last entry is.
UPDATE viertakt.sequencer SET position = 3 * %(count)s::bigint, seen = pg_current_snapshot();

-- name: end_sequence
-- The next entry's number.
SELECT setval('viertakt.entry_seq', 3 * %(count)s::bigint);

-- name: end_actors
-- Those who moved.
INSERT INTO viertakt.actor (actor, name)
SELECT 'person:bench-' || n, 'Operator ' || n FROM generate_series(0, 39) AS n
UNION ALL
SELECT 'system:bench', 'The bench'
ON CONFLICT DO NOTHING;

-- name: end_followers
-- Everybody has followed everything.
INSERT INTO viertakt.follower (name, position)
SELECT f.name, s.position FROM viertakt.sequencer AS s CROSS JOIN unnest(%(names)s::text []) AS f (name)
ON CONFLICT (name) DO UPDATE SET position = excluded.position;
