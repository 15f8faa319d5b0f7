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
ORDER BY {order}
LIMIT 1
FOR NO KEY UPDATE OF o SKIP LOCKED;

-- name: which_held
-- fragment: what is in hand already.
{o}.operation_id = ANY(%(held)s::uuid [])

-- name: which_due
-- fragment: what has a deadline.
{o}.deadline_at IS NOT NULL

-- name: which_raised
-- fragment: what has none and is urgent. Apart, so that of the others the index of ages gives the order.
{o}.deadline_at IS NULL
AND EXISTS (SELECT FROM viertakt.assignment AS p WHERE p.operation_id = {o}.operation_id AND p.priority > 0)

-- name: which_usual
-- fragment: what has none and no priority.
{o}.deadline_at IS NULL
AND NOT EXISTS (SELECT FROM viertakt.assignment AS p WHERE p.operation_id = {o}.operation_id AND p.priority <> 0)

-- name: which_lowered
-- fragment: what has none and can wait.
{o}.deadline_at IS NULL
AND EXISTS (SELECT FROM viertakt.assignment AS p WHERE p.operation_id = {o}.operation_id AND p.priority < 0)

-- name: by_deadline
-- fragment: the first to fall due, then the most urgent, then the oldest.
{o}.deadline_at,
coalesce((SELECT p.priority FROM viertakt.assignment AS p WHERE p.operation_id = {o}.operation_id), 0) DESC,
{o}.created_at,
{o}.operation_id

-- name: by_priority
-- fragment: the most urgent, then the oldest.
(SELECT p.priority FROM viertakt.assignment AS p WHERE p.operation_id = {o}.operation_id) DESC,
{o}.created_at,
{o}.operation_id

-- name: by_age
-- fragment: the oldest.
{o}.created_at,
{o}.operation_id
