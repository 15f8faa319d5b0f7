-- name: tallied
-- template: counts by group from the tallies, exact as of a position; {filter} is a query of the language. What the entries
-- after that position changed is taken back.
SELECT json_build_object('position', coalesce(%(position)s::bigint, s.position), 'groups', coalesce((
    SELECT json_agg(g)
    FROM (
        SELECT
            {columns},
            sum(o.count)::bigint AS count
        FROM (
            SELECT
                t.kind, t.stage, t.status, %(waits)s::jsonb -> t.kind ->> t.stage AS waiting_on, t.brand, t.currency,
                t.dimensions AS attributes, t.bucket AS created_at, t.count
            FROM viertakt.status_tally AS t
            WHERE t.grain = %(grain)s AND t.count <> 0
            UNION ALL
            SELECT
                w.kind, w.stage, w.status, %(waits)s::jsonb -> w.kind ->> w.stage, w.brand, w.currency,
                w.attributes, w.created_at, -w.n
            FROM viertakt.tally_steps(coalesce(%(position)s::bigint, s.position), s.position) AS w
        ) AS o
        WHERE {filter}
        GROUP BY {columns}
        HAVING sum(o.count) <> 0
        ORDER BY {columns}
        LIMIT %(groups_max)s
    ) AS g
), '[]'::json))::text
FROM viertakt.sequencer AS s;

-- name: stages_wait_on
-- On whom each stage waits, by kind; nothing where two versions of a kind say two things of one stage.
SELECT CASE WHEN bool_and(k.settled) THEN json_object_agg(k.kind, k.stages) END::text
FROM (
    SELECT w.kind, json_object_agg(w.stage, w.waiting_on) AS stages, bool_and(w.settled) AS settled
    FROM (
        SELECT
            v.kind, s.key AS stage, max(s.value ->> 'waiting_on') AS waiting_on,
            count(DISTINCT coalesce(s.value ->> 'waiting_on', '')) = 1 AS settled
        FROM viertakt.kind_version AS v
        CROSS JOIN LATERAL jsonb_each(v.document -> 'stages') AS s
        GROUP BY v.kind, s.key
    ) AS w
    GROUP BY w.kind
) AS k;

-- name: dimensions_everywhere
-- The attributes that are counted wherever a kind has them: of others a tally knows only a part.
SELECT a.name
FROM viertakt.kind_version AS k
CROSS JOIN LATERAL jsonb_object_keys(k.document -> 'attributes') AS a (name)
GROUP BY a.name
HAVING bool_and(a.name = ANY(k.dimensions))
LIMIT 1000;

-- name: organisation_zone
-- In whose days days are counted.
SELECT i.zone FROM viertakt.installation AS i;
