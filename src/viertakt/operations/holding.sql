-- name: standing_holds
-- What waits now, the longest first.
SELECT h.hold_id AS id, h.query, h.held_at, h.released_from, h.per_minute
FROM viertakt.hold AS h
WHERE h.released_at IS NULL
ORDER BY h.held_at, h.hold_id
LIMIT %(limit)s;

-- name: add_hold
-- From now on these operations wait.
INSERT INTO viertakt.hold (hold_id, query) VALUES (%(hold_id)s, %(query)s);

-- name: let_go
-- From now on they are let go, once.
UPDATE viertakt.hold AS h
SET released_from = clock_timestamp(), per_minute = %(per_minute)s
WHERE h.hold_id = %(hold_id)s AND h.released_from IS NULL;

-- name: take_released
-- The next that is to be let go and nobody is at, held until the transaction ends.
SELECT h.hold_id AS id, h.query, h.held_at, h.released_from, h.per_minute
FROM viertakt.hold AS h
WHERE h.released_from IS NOT NULL AND h.released_at IS NULL
ORDER BY h.released_from, h.hold_id
LIMIT 1
FOR NO KEY UPDATE SKIP LOCKED;

-- name: end_hold
-- Nothing waits for it any more; what it kept from being asked about is asked about until then.
UPDATE viertakt.hold AS h
SET released_at = clock_timestamp(), asked_until = %(asked_until)s
WHERE h.hold_id = %(hold_id)s;

-- name: take_asked
-- The next of which the last question has gone out and nobody is at, held until the transaction ends.
SELECT h.hold_id AS id, h.query, h.held_at, h.released_from, h.per_minute
FROM viertakt.hold AS h
WHERE
    h.released_at IS NOT NULL AND h.resumed_at IS NULL
    AND coalesce(h.asked_until, h.released_at) <= clock_timestamp()
ORDER BY h.released_at, h.hold_id
LIMIT 1
FOR NO KEY UPDATE SKIP LOCKED;

-- name: resume
-- All of it goes on.
UPDATE viertakt.hold AS h SET resumed_at = clock_timestamp() WHERE h.hold_id = %(hold_id)s;

-- name: extend_deadlines
-- template: the next of {found}, that waited, each with the time back that its deadline stood still: since it was held, or came to
-- its stage, but not what another hold that lay on this one has given back already. Locked in the order of ids, like everything that writes several; how many.
WITH picked AS MATERIALIZED (
    SELECT o.operation_id
    FROM viertakt.operation AS o
    WHERE
        o.deadline_at IS NOT NULL AND o.entered_at < %(released_from)s AND {found}
        AND NOT EXISTS (
            SELECT FROM viertakt.hold_extended AS x
            WHERE x.operation_id = o.operation_id AND x.hold_id = %(hold_id)s
        )
    ORDER BY o.deadline_at, o.operation_id
    LIMIT %(limit)s
),

locked AS MATERIALIZED (
    SELECT o.operation_id, o.entered_at
    FROM viertakt.operation AS o
    JOIN picked AS p ON p.operation_id = o.operation_id
    ORDER BY o.operation_id
    FOR NO KEY UPDATE OF o
),

noted AS (
    INSERT INTO viertakt.hold_extended (hold_id, operation_id, upto)
    SELECT %(hold_id)s, l.operation_id, %(released_from)s FROM locked AS l
),

extended AS (
    UPDATE viertakt.operation AS o
    SET deadline_at = o.deadline_at + (
        SELECT coalesce(sum(upper(w.waited) - lower(w.waited)), interval '0')
        FROM unnest(
            tstzmultirange(
                tstzrange(least(greatest(%(held_at)s, l.entered_at), %(released_from)s), %(released_from)s)
            ) - coalesce(
                (
                    SELECT range_agg(tstzrange(least(h.held_at, x.upto), x.upto))
                    FROM viertakt.hold_extended AS x
                    JOIN viertakt.hold AS h ON h.hold_id = x.hold_id
                    WHERE x.operation_id = o.operation_id
                ),
                tstzmultirange()
            )
        ) AS w (waited)
    )
    FROM locked AS l
    WHERE o.operation_id = l.operation_id
)

SELECT count(*) FROM locked;

-- name: count_held
-- template: of {found}, how many are under way, wait on a provider, have a deadline, and one that is up; counted to a bound.
SELECT
    count(*) AS pending, count(*) FILTER (WHERE f.waiting_on = 'provider') AS with_provider,
    count(f.deadline_at) AS deadlines, count(*) FILTER (WHERE f.deadline_at <= now()) AS overdue
FROM (
    SELECT o.waiting_on, o.deadline_at
    FROM viertakt.operation AS o
    WHERE o.status = 'pending' AND {found}
    LIMIT %(limit)s
) AS f;

-- name: concerns
-- template: the number {n} if one of {found} is under way, or has ended since {since}; several are asked as one, each with a part of
-- the plan that looks at every partition.
SELECT {n} AS n
WHERE EXISTS (
    SELECT FROM viertakt.operation AS o WHERE (o.status = 'pending' OR o.closed_at >= {since}) AND {found}
);
