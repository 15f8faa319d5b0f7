-- name: held_of_queue
-- What this actor took from this very queue and still has in hand.
SELECT a.operation_id
FROM viertakt.assignment AS a
WHERE a.claimed_by = %(actor)s AND a.queue = %(queue)s AND a.lease_until > %(now)s
ORDER BY a.operation_id
LIMIT 100;

-- name: next_free
-- template: the first operation of a queue that is free for this actor; one that another is about to take is passed by.
SELECT o.operation_id
FROM viertakt.operation AS o
WHERE
    {filter} AND {which}
    AND o.operation_id <> ALL(%(passed)s::uuid [])
    AND NOT EXISTS (
        SELECT FROM viertakt.assignment AS a
        WHERE
            a.operation_id = o.operation_id
            AND (
                a.snoozed_until > %(now)s
                OR (a.lease_until > %(now)s AND a.claimed_by <> %(actor)s)
                OR (a.assignee <> %(actor)s AND a.assignee <> ALL(%(teams)s::text []))
            )
    )
    AND NOT EXISTS (
        SELECT FROM viertakt.skip AS s
        WHERE s.operation_id = o.operation_id AND s.actor = %(actor)s AND s.version = o.version
    )
ORDER BY
    {first}
    coalesce((SELECT p.priority FROM viertakt.assignment AS p WHERE p.operation_id = o.operation_id), 0) DESC,
    o.created_at,
    o.operation_id
LIMIT 1
FOR NO KEY UPDATE OF o SKIP LOCKED;
