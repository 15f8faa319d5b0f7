-- name: note_families
-- The parents that these positions give reason to look at: of a child that ended, and those that came to a stage in which
-- they wait for their children, or end them.
WITH changed AS MATERIALIZED (
    SELECT o.operation_id, o.parent_id, o.kind, o.kind_version, e.sort, e.to_stage, e.to_status
    FROM viertakt.journal AS j
    JOIN viertakt.entry AS e ON e.operation_id = j.operation_id AND e.entry_seq = j.entry_seq
    JOIN viertakt.operation AS o ON o.operation_id = j.operation_id
    WHERE
        j.position > %(after)s::bigint AND j.position <= %(upto)s::bigint AND e.sort IN ('opened', 'moved')
        AND (o.parent_id IS NOT NULL OR e.sort = 'moved')
),

concerned AS (
    SELECT c.parent_id AS operation_id FROM changed AS c
    WHERE c.parent_id IS NOT NULL AND c.to_status <> 'pending'
    UNION
    SELECT c.operation_id
    FROM changed AS c
    JOIN viertakt.kind_version AS k ON k.kind = c.kind AND k.version = c.kind_version
    WHERE
        c.sort = 'moved' AND c.to_stage = ANY(k.family_stages)
        AND EXISTS (SELECT FROM viertakt.operation AS child WHERE child.parent_id = c.operation_id)
)

INSERT INTO viertakt.family_due AS f (operation_id)
SELECT p.operation_id
FROM concerned AS n
JOIN viertakt.operation AS p ON p.operation_id = n.operation_id
JOIN viertakt.kind_version AS k ON k.kind = p.kind AND k.version = p.kind_version
WHERE k.family_stages <> '{}'
ORDER BY p.operation_id
ON CONFLICT (operation_id) DO UPDATE SET
    news = f.news + 1,
    leased_until = CASE WHEN f.refused IS NULL THEN f.leased_until END,
    refused = NULL;

-- name: claim_families
-- The next parents, for as long as the lease lasts; the longest waiting first.
WITH next AS MATERIALIZED (
    SELECT w.operation_id
    FROM viertakt.family_due AS w
    WHERE w.leased_until IS NULL OR w.leased_until <= now()
    ORDER BY w.noted_at, w.operation_id
    LIMIT %(limit)s
    FOR UPDATE SKIP LOCKED
),

claimed AS (
    UPDATE viertakt.family_due AS f
    SET attempt = f.attempt + 1, leased_until = now() + %(lease)s::interval
    FROM next
    WHERE f.operation_id = next.operation_id
    RETURNING f.operation_id, f.news, f.attempt
)

SELECT coalesce(json_agg(json_build_array(c.operation_id, c.news, c.attempt)), '[]'::json)::text
FROM claimed AS c;

-- name: settle_families
-- What was looked at goes, unless there has been news since; what was refused rests.
WITH told AS MATERIALIZED (
    SELECT t.*
    FROM json_to_recordset(%(rows)s::json) AS t (
        operation_id uuid, news integer, attempt integer, refused text, rest interval
    )
),

seen AS (
    DELETE FROM viertakt.family_due AS f
    USING told AS t
    WHERE f.operation_id = t.operation_id AND f.attempt = t.attempt AND f.news = t.news AND t.rest IS NULL
)

UPDATE viertakt.family_due AS f
SET
    leased_until = CASE WHEN f.news = t.news THEN now() + t.rest END,
    refused = CASE WHEN f.news = t.news THEN t.refused END
FROM told AS t
WHERE
    f.operation_id = t.operation_id AND f.attempt = t.attempt
    AND (f.news <> t.news OR t.rest IS NOT NULL);
