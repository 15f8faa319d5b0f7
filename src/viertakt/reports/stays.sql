-- name: end_stays
-- Where a move left a stage that was entered before these positions: when, and for which stage.
WITH moved AS (
    SELECT DISTINCT ON (e.operation_id) e.operation_id, e.at, j.position, e.to_stage, e.to_status
    FROM viertakt.journal AS j
    JOIN viertakt.entry AS e ON e.operation_id = j.operation_id AND e.entry_seq = j.entry_seq
    WHERE j.position > %(after)s::bigint AND j.position <= %(upto)s::bigint AND e.sort = 'moved'
    ORDER BY e.operation_id, j.position
)

UPDATE viertakt.stay AS s
SET left_at = m.at, left_position = m.position, next_stage = m.to_stage, next_status = m.to_status
FROM moved AS m
WHERE s.operation_id = m.operation_id AND s.left_at IS NULL;

-- name: begin_stays
-- One stay for each opening and move; those that a later one of these positions ends, ended. Versions count amendments
-- too, so an ordinal may skip: what matters is the order.
INSERT INTO viertakt.stay (
    operation_id, ordinal, kind, stage, status, entered_at, entered_position, left_at, left_position, next_stage,
    next_status
)
SELECT
    e.operation_id, e.version, o.kind, e.to_stage, e.to_status, e.at, j.position,
    lead(e.at) OVER w, lead(j.position) OVER w, lead(e.to_stage) OVER w, lead(e.to_status) OVER w
FROM viertakt.journal AS j
JOIN viertakt.entry AS e ON e.operation_id = j.operation_id AND e.entry_seq = j.entry_seq
JOIN viertakt.operation AS o ON o.operation_id = j.operation_id
WHERE j.position > %(after)s::bigint AND j.position <= %(upto)s::bigint AND e.sort IN ('opened', 'moved')
WINDOW w AS (PARTITION BY e.operation_id ORDER BY j.position);

-- name: count_stays
-- The durations of stays that ended at these positions; of a kind with a calendar, the hours that count.
INSERT INTO viertakt.duration_tally AS d (measure, grain, bucket, kind, stage, count, seconds, histogram)
SELECT
    'stay', g.grain, date_trunc(g.grain, s.left_at, i.zone), s.kind, s.stage, count(*), sum(t.seconds),
    sum(viertakt.histogram(ceil(ln(greatest(t.seconds, %(shortest)s)::float8) / ln(%(gamma)s::float8))::integer))
FROM viertakt.journal AS j
JOIN viertakt.stay AS s ON s.operation_id = j.operation_id AND s.left_position = j.position
JOIN viertakt.operation AS o ON o.operation_id = j.operation_id
JOIN viertakt.kind_version AS k ON k.kind = o.kind AND k.version = o.kind_version
CROSS JOIN viertakt.installation AS i
CROSS JOIN LATERAL (
    SELECT viertakt.seconds_between(k.calendar, s.entered_at, s.left_at) AS seconds
) AS t
CROSS JOIN (VALUES ('day'), ('month')) AS g (grain)
WHERE j.position > %(after)s::bigint AND j.position <= %(upto)s::bigint
GROUP BY 1, 2, 3, 4, 5
ON CONFLICT (measure, grain, bucket, kind, stage) DO UPDATE SET
    count = d.count + excluded.count, seconds = d.seconds + excluded.seconds,
    histogram = d.histogram + excluded.histogram;

-- name: count_ways
-- The ways that operations went for the first time at these positions.
INSERT INTO viertakt.way_tally AS t (bucket, kind, from_stage, to_stage, count)
SELECT date_trunc('day', o.created_at, i.zone), s.kind, s.stage, s.next_stage, count(DISTINCT s.operation_id)
FROM viertakt.journal AS j
JOIN viertakt.stay AS s ON s.operation_id = j.operation_id AND s.left_position = j.position
JOIN viertakt.operation AS o ON o.operation_id = j.operation_id
CROSS JOIN viertakt.installation AS i
WHERE
    j.position > %(after)s::bigint AND j.position <= %(upto)s::bigint
    AND NOT EXISTS (
        SELECT FROM viertakt.stay AS b
        WHERE
            b.operation_id = s.operation_id AND b.stage = s.stage AND b.next_stage = s.next_stage
            AND b.left_position <= %(after)s::bigint
    )
GROUP BY 1, 2, 3, 4
ON CONFLICT (bucket, kind, from_stage, to_stage) DO UPDATE SET count = t.count + excluded.count;

-- name: count_moves
-- The openings and moves of these positions, by when they took effect and by what cause.
INSERT INTO viertakt.move_tally AS t (grain, bucket, kind, transition, cause, count)
SELECT
    g.grain, CASE g.grain WHEN 'day' THEN date_trunc('day', e.at, i.zone) ELSE date_trunc('hour', e.at, 'UTC') END,
    o.kind, coalesce(e.transition, e.sort), e.cause, count(*)
FROM viertakt.journal AS j
JOIN viertakt.entry AS e ON e.operation_id = j.operation_id AND e.entry_seq = j.entry_seq
JOIN viertakt.operation AS o ON o.operation_id = j.operation_id
CROSS JOIN viertakt.installation AS i
CROSS JOIN (VALUES ('day'), ('hour')) AS g (grain)
WHERE
    j.position > %(after)s::bigint AND j.position <= %(upto)s::bigint AND e.sort IN ('opened', 'moved')
    AND (g.grain = 'day' OR e.at >= now() - %(hours_kept)s::interval)
GROUP BY 1, 2, 3, 4, 5
ON CONFLICT (grain, bucket, kind, transition, cause) DO UPDATE SET count = t.count + excluded.count;

-- name: count_hours
-- In which quarters of an hour of their day the openings, and all moves, of these positions took effect.
WITH moved AS MATERIALIZED (
    SELECT
        e.sort, o.kind, d.day, count(*) AS count, floor(extract(EPOCH FROM e.at - d.day) / 900)::integer AS nth
    FROM viertakt.journal AS j
    JOIN viertakt.entry AS e ON e.operation_id = j.operation_id AND e.entry_seq = j.entry_seq
    JOIN viertakt.operation AS o ON o.operation_id = j.operation_id
    CROSS JOIN viertakt.installation AS i
    CROSS JOIN LATERAL (SELECT date_trunc('day', e.at, i.zone) AS day) AS d
    WHERE j.position > %(after)s::bigint AND j.position <= %(upto)s::bigint AND e.sort IN ('opened', 'moved')
    GROUP BY 1, 2, 3, 5
)

INSERT INTO viertakt.hour_tally AS t (measure, bucket, kind, count, quarters)
SELECT m.measure, q.day, q.kind, sum(q.count), sum(q.count * ('1e' || 8 * q.nth)::numeric)
FROM moved AS q
CROSS JOIN (VALUES ('opened'), ('moved')) AS m (measure)
WHERE m.measure = 'moved' OR q.sort = 'opened'
GROUP BY 1, 2, 3
ON CONFLICT (measure, bucket, kind) DO UPDATE SET
    count = t.count + excluded.count, quarters = t.quarters + excluded.quarters;

-- name: count_people
-- What people moved at these positions.
INSERT INTO viertakt.person_tally AS t (grain, bucket, actor, kind, transition, count)
SELECT g.grain, date_trunc(g.grain, e.at, i.zone), e.actor, o.kind, coalesce(e.transition, e.sort), count(*)
FROM viertakt.journal AS j
JOIN viertakt.entry AS e ON e.operation_id = j.operation_id AND e.entry_seq = j.entry_seq
JOIN viertakt.operation AS o ON o.operation_id = j.operation_id
CROSS JOIN viertakt.installation AS i
CROSS JOIN (VALUES ('day'), ('month')) AS g (grain)
WHERE
    j.position > %(after)s::bigint AND j.position <= %(upto)s::bigint AND e.sort IN ('opened', 'moved')
    AND e.actor LIKE 'person:%%'
GROUP BY 1, 2, 3, 4, 5
ON CONFLICT (grain, bucket, actor, kind, transition) DO UPDATE SET count = t.count + excluded.count;

-- name: clear_stays
-- Nothing followed: before everything is followed again.
WITH s AS (DELETE FROM viertakt.stay),
d AS (DELETE FROM viertakt.duration_tally WHERE measure = 'stay'),
w AS (DELETE FROM viertakt.way_tally),
m AS (DELETE FROM viertakt.move_tally),
h AS (DELETE FROM viertakt.hour_tally),
p AS (DELETE FROM viertakt.person_tally)
SELECT;

-- name: differing_stays
-- Operations whose stays are not what their history says, as far as it has been followed.
WITH told AS (
    SELECT
        e.operation_id, e.version AS ordinal, e.to_stage AS stage, e.at AS entered_at, j.position AS entered_position,
        lead(e.at) OVER w AS left_at, lead(j.position) OVER w AS left_position, lead(e.to_stage) OVER w AS next_stage,
        lead(e.to_status) OVER w AS next_status
    FROM viertakt.journal AS j
    JOIN viertakt.entry AS e ON e.operation_id = j.operation_id AND e.entry_seq = j.entry_seq
    WHERE
        e.sort IN ('opened', 'moved')
        AND j.position <= (SELECT f.position FROM viertakt.follower AS f WHERE f.name = 'stays')
    WINDOW w AS (PARTITION BY e.operation_id ORDER BY j.position)
),

kept AS (
    SELECT
        s.operation_id, s.ordinal, s.stage, s.entered_at, s.entered_position, s.left_at, s.left_position, s.next_stage,
        s.next_status
    FROM viertakt.stay AS s
),

differing AS (
    (SELECT * FROM told EXCEPT SELECT * FROM kept)
    UNION
    (SELECT * FROM kept EXCEPT SELECT * FROM told)
)

SELECT DISTINCT d.operation_id::text FROM differing AS d LIMIT %(limit)s;
