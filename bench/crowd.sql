-- name: quicken
-- A load that can be made again needs no safety: this session's commits wait for no disk.
SELECT set_config('synchronous_commit', 'off', false), set_config('work_mem', '256MB', false);

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

-- name: make_crowd
-- Operations first to last, one after the other over the span.
INSERT INTO viertakt.operation (
    operation_id, kind, kind_version, reference, subject, brand, amount, currency, attributes, tags, stage, status,
    waiting_on, version, contradiction, created_at, entered_at, changed_at, closed_at, deadline_at
)
SELECT
    bench.id(i, c.at), p.kind, p.kind_version, upper(left(p.kind, 1)) || '-' || i,
    'player-' || bench.chance(i, 1, 500000),
    CASE WHEN bench.chance(i, 2, 100000) = 0 THEN 'casino-rare'
        ELSE (ARRAY['casino-nl', 'casino-nl', 'casino-de', 'market-nl', 'pay-be'])[1 + bench.chance(i, 3, 5)] END,
    CASE WHEN p.money THEN (1 + power(10, bench.chance(i, 4, 4000) / 1000.0))::numeric(12, 2) END,
    CASE WHEN p.money THEN CASE WHEN bench.chance(i, 5, 20000) = 0 THEN 'SEK'
        ELSE (ARRAY['EUR', 'EUR', 'EUR', 'USD', 'GBP'])[1 + bench.chance(i, 6, 5)] END END,
    CASE WHEN p.kind IN ('deposit', 'withdrawal') THEN jsonb_build_object(
        'method', (ARRAY['bank', 'card', 'card', 'wallet'])[1 + bench.chance(i, 7, 4)],
        'country', CASE WHEN bench.chance(i, 8, 50000) = 0 THEN 'IS'
            ELSE (ARRAY['NL', 'NL', 'NL', 'DE', 'BE', 'FR'])[1 + bench.chance(i, 9, 6)] END
    ) ELSE '{}' END,
    CASE bench.chance(i, 10, 20000) WHEN 0 THEN '{fraud-ring}' WHEN 1 THEN '{vip}' WHEN 2 THEN '{vip}' ELSE '{}' END::text [],
    p.stop, p.stop_status, p.waiting_on, 3, bench.chance(i, 11, 200000) = 0, c.at, c.at + c.took, c.at + c.took,
    CASE WHEN p.stop_status <> 'pending' THEN c.at + c.took END,
    CASE WHEN p.stop_status = 'pending' THEN c.at + c.took + interval '1 hour' * bench.chance(i, 12, 200) END
FROM generate_series(%(first)s::bigint, %(last)s::bigint) AS i
CROSS JOIN LATERAL (
    SELECT
        %(from)s::timestamptz + (%(until)s::timestamptz - %(from)s::timestamptz) * (i::float8 / %(count)s) AS at,
        interval '1 second' * (60 + bench.chance(i, 13, 90000)) AS took
) AS c
JOIN bench.plot AS p ON p.chance = bench.chance(i, 14, 10000);

-- name: make_history
-- The three entries of each: opened, moved, and moved to where it is.
INSERT INTO viertakt.entry (
    operation_id, entry_seq, version, sort, transition, from_stage, from_status, to_stage, to_status, actor, cause, data,
    at, recorded_at
)
SELECT
    o.operation_id, 3 * (i - 1) + v.version, v.version,
    CASE v.version WHEN 1 THEN 'opened' ELSE 'moved' END,
    CASE v.version WHEN 2 THEN p.first WHEN 3 THEN p.second END,
    CASE v.version WHEN 2 THEN p.start WHEN 3 THEN p.mid END,
    CASE v.version WHEN 2 THEN p.start_status WHEN 3 THEN p.mid_status END,
    CASE v.version WHEN 1 THEN p.start WHEN 2 THEN p.mid ELSE p.stop END,
    CASE v.version WHEN 1 THEN p.start_status WHEN 2 THEN p.mid_status ELSE p.stop_status END,
    CASE v.version WHEN 1 THEN 'system:bench' WHEN 2 THEN 'system:bench' ELSE 'person:bench-' || bench.chance(i, 15, 40) END,
    CASE v.version WHEN 3 THEN 'manual' ELSE 'process' END,
    CASE v.version WHEN 1 THEN jsonb_build_object('amount', CASE WHEN o.amount IS NOT NULL THEN
        jsonb_build_object('value', o.amount::text, 'currency', o.currency) END, 'attributes', o.attributes) END,
    CASE v.version WHEN 1 THEN o.created_at WHEN 2 THEN o.created_at + (o.entered_at - o.created_at) / 3 ELSE o.entered_at END,
    CASE v.version WHEN 1 THEN o.created_at WHEN 2 THEN o.created_at + (o.entered_at - o.created_at) / 3 ELSE o.entered_at END
FROM viertakt.operation AS o
CROSS JOIN LATERAL (SELECT ('x' || right(o.operation_id::text, 10))::bit(40)::bigint AS i) AS n
JOIN bench.plot AS p ON p.chance = bench.chance(i, 14, 10000)
CROSS JOIN generate_series(1, 3) AS v (version)
WHERE
    o.operation_id >= bench.id(%(first)s::bigint, %(from)s::timestamptz
        + (%(until)s::timestamptz - %(from)s::timestamptz) * (%(first)s::float8 / %(count)s))
    AND o.operation_id <= bench.id(%(last)s::bigint, %(from)s::timestamptz
        + (%(until)s::timestamptz - %(from)s::timestamptz) * (%(last)s::float8 / %(count)s));

-- name: make_aliases
-- The references, by which anything pasted is found.
INSERT INTO viertakt.alias (scheme, value, operation_id)
SELECT 'kind:' || o.kind, o.reference, o.operation_id FROM viertakt.operation AS o ORDER BY o.kind, o.reference;

-- name: make_order
-- The positions, as a sequencer that was always there would have given them.
INSERT INTO viertakt.journal (position, operation_id, entry_seq)
SELECT e.entry_seq, e.operation_id, e.entry_seq FROM viertakt.entry AS e ORDER BY e.operation_id, e.entry_seq;

-- name: end_order
-- The sequencer and the sequence stand where the last entry is.
UPDATE viertakt.sequencer SET position = 3 * %(count)s::bigint, seen = pg_current_snapshot();

-- name: end_sequence
-- The next entry's number.
SELECT setval('viertakt.entry_seq', 3 * %(count)s::bigint);

-- name: make_tallies
-- What the sequencer would have counted.
INSERT INTO viertakt.status_tally (grain, bucket, kind, stage, status, brand, currency, dimensions, count, amount)
WITH hourly AS MATERIALIZED (
    SELECT
        date_trunc('hour', o.created_at, 'UTC') AS hour, o.kind, o.stage, o.status, o.brand, o.currency,
        CASE WHEN k.dimensions = '{}' THEN '{}' ELSE viertakt.dimensions_in(o.attributes, k.dimensions) END AS dimensions,
        count(*) AS count, sum(coalesce(o.amount, 0)) AS amount
    FROM viertakt.operation AS o
    JOIN viertakt.kind_version AS k ON k.kind = o.kind AND k.version = o.kind_version
    GROUP BY 1, 2, 3, 4, 5, 6, 7
)
SELECT
    g.grain,
    CASE g.grain WHEN 'all' THEN 'epoch'::timestamptz WHEN 'day' THEN date_trunc('day', h.hour, 'UTC') ELSE h.hour END,
    h.kind, h.stage, h.status, h.brand, h.currency, h.dimensions, sum(h.count), sum(h.amount)
FROM hourly AS h
CROSS JOIN (VALUES ('all'), ('day'), ('hour')) AS g (grain)
WHERE g.grain <> 'hour' OR h.hour >= now() - interval '100 days'
GROUP BY 1, 2, 3, 4, 5, 6, 7, 8;

-- name: indexes
-- How to drop, and how to make again, each index that no constraint needs.
SELECT format('DROP INDEX viertakt.%I', i.indexname), replace(i.indexdef, ' ON ONLY ', ' ON ')
FROM pg_catalog.pg_indexes AS i
WHERE
    i.schemaname = 'viertakt' AND i.indexdef LIKE 'CREATE INDEX %'
    AND i.tablename IN ('operation', 'entry', 'alias', 'words', 'stay')
ORDER BY i.indexname;

-- name: make_words
-- The words of reference and subject, as the tokenizer makes them.
INSERT INTO viertakt.words (operation_id, words)
SELECT
    o.operation_id,
    ARRAY[lower(o.reference), split_part(o.reference, '-', 2), o.subject, split_part(o.subject, '-', 2)]
FROM viertakt.operation AS o ORDER BY o.operation_id;

-- name: make_stays
-- Three stays each, of which the last goes on.
INSERT INTO viertakt.stay (
    operation_id, ordinal, kind, stage, status, entered_at, entered_position, left_at, left_position, next_stage,
    next_status
)
SELECT
    e.operation_id, e.version, split_part(a.scheme, ':', 2), e.to_stage, e.to_status, e.at, e.entry_seq,
    lead(e.at) OVER w, lead(e.entry_seq) OVER w, lead(e.to_stage) OVER w,
    lead(e.to_status) OVER w
FROM viertakt.entry AS e
JOIN viertakt.alias AS a ON a.operation_id = e.operation_id AND a.scheme LIKE 'kind:%%'
WINDOW w AS (PARTITION BY e.operation_id ORDER BY e.entry_seq);

-- name: make_durations
-- How long stays lasted, and operations until they were closed.
INSERT INTO viertakt.duration_tally (measure, grain, bucket, kind, stage, bin, count, seconds)
SELECT
    d.measure, g.grain, date_trunc(g.grain, d.at, 'UTC'), d.kind, d.stage,
    ceil(ln(greatest(d.seconds, %(shortest)s)::float8) / ln(%(gamma)s::float8))::integer, count(*), sum(d.seconds)
FROM (
    SELECT 'stay' AS measure, s.kind, s.stage, s.left_at AS at, extract(epoch FROM s.left_at - s.entered_at) AS seconds
    FROM viertakt.stay AS s WHERE s.left_at IS NOT NULL
    UNION ALL
    SELECT 'final', o.kind, o.stage, o.closed_at, extract(epoch FROM o.closed_at - o.created_at)
    FROM viertakt.operation AS o WHERE o.closed_at IS NOT NULL
) AS d
CROSS JOIN (VALUES ('day'), ('month')) AS g (grain)
GROUP BY 1, 2, 3, 4, 5, 6;

-- name: make_outcomes
-- How many were closed when.
INSERT INTO viertakt.outcome_tally (grain, bucket, kind, stage, status, brand, currency, count, amount)
SELECT
    g.grain, date_trunc(g.grain, o.closed_at, 'UTC'), o.kind, o.stage, o.status, o.brand, o.currency, count(*),
    sum(coalesce(o.amount, 0))
FROM viertakt.operation AS o
CROSS JOIN (VALUES ('day'), ('hour')) AS g (grain)
WHERE o.closed_at IS NOT NULL AND (g.grain = 'day' OR o.closed_at >= now() - interval '100 days')
GROUP BY 1, 2, 3, 4, 5, 6, 7;

-- name: make_ways
-- Which ways they went.
INSERT INTO viertakt.way_tally (bucket, kind, from_stage, to_stage, count)
SELECT date_trunc('day', o.created_at, 'UTC'), s.kind, s.stage, s.next_stage, count(*)
FROM viertakt.stay AS s
JOIN viertakt.operation AS o ON o.operation_id = s.operation_id
WHERE s.next_stage IS NOT NULL
GROUP BY 1, 2, 3, 4;

-- name: make_moves
-- What was moved when, by what cause.
INSERT INTO viertakt.move_tally (grain, bucket, kind, transition, cause, count)
SELECT g.grain, date_trunc(g.grain, e.at, 'UTC'), split_part(a.scheme, ':', 2), coalesce(e.transition, e.sort), e.cause, count(*)
FROM viertakt.entry AS e
JOIN viertakt.alias AS a ON a.operation_id = e.operation_id AND a.scheme LIKE 'kind:%%'
CROSS JOIN (VALUES ('day'), ('hour')) AS g (grain)
WHERE g.grain = 'day' OR e.at >= now() - interval '100 days'
GROUP BY 1, 2, 3, 4, 5;

-- name: make_people
-- Who moved what.
INSERT INTO viertakt.person_tally (bucket, actor, kind, transition, count)
SELECT date_trunc('day', e.at, 'UTC'), e.actor, split_part(a.scheme, ':', 2), e.transition, count(*)
FROM viertakt.entry AS e
JOIN viertakt.alias AS a ON a.operation_id = e.operation_id AND a.scheme LIKE 'kind:%%'
WHERE e.actor LIKE 'person:%%'
GROUP BY 1, 2, 3, 4;

-- name: end_followers
-- Everybody has followed everything.
INSERT INTO viertakt.follower (name, position)
SELECT f.name, s.position FROM viertakt.sequencer AS s CROSS JOIN unnest(%(names)s::text []) AS f (name);
