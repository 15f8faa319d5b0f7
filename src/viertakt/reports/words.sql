-- name: project_words
-- The words of the operations that were opened or amended between two positions, as they stand now.
WITH touched AS MATERIALIZED (
    SELECT DISTINCT j.operation_id
    FROM viertakt.journal AS j
    JOIN viertakt.entry AS e ON e.operation_id = j.operation_id AND e.entry_seq = j.entry_seq
    WHERE j.position > %(after)s AND j.position <= %(upto)s AND e.sort IN ('opened', 'amended')
),

-- Values from a closed set and dimensions have fields of their own, and as words they would find half of everything.
free AS MATERIALIZED (
    SELECT v.kind, v.version, array_agg(a.key) AS names
    FROM viertakt.kind_version AS v
    CROSS JOIN LATERAL jsonb_each(v.document -> 'attributes') AS a
    WHERE
        a.value ->> 'type' = 'string'
        AND coalesce(a.value -> 'enum', '[]'::jsonb) = '[]'::jsonb
        AND NOT coalesce((a.value ->> 'dimension')::boolean, false)
        AND coalesce(a.value ->> 'class', 'internal') NOT IN ('personal', 'sensitive')
        -- What a later version calls personal is found by nobody, also where an earlier one kept it openly.
        AND NOT EXISTS (
            SELECT FROM viertakt.kind_version AS w
            WHERE w.kind = v.kind AND w.document -> 'attributes' -> a.key ->> 'class' IN ('personal', 'sensitive')
        )
    GROUP BY v.kind, v.version
)

INSERT INTO viertakt.words (operation_id, words)
SELECT
    o.operation_id,
    viertakt.words_of(concat_ws(
        ' ', o.reference, o.subject,
        (SELECT string_agg(o.attributes ->> n, ' ') FROM unnest(free.names) AS n)
    ))
FROM touched AS t
JOIN viertakt.operation AS o ON o.operation_id = t.operation_id
LEFT JOIN free ON free.kind = o.kind AND free.version = o.kind_version
ON CONFLICT (operation_id) DO UPDATE SET words = excluded.words
WHERE words.words IS DISTINCT FROM excluded.words;

-- name: common_words
-- Which of these lists of words more operations hold than the bound; no more are looked at.
SELECT a.n::integer
FROM jsonb_array_elements(%(asked)s::jsonb) WITH ORDINALITY AS a (words, n)
CROSS JOIN LATERAL (
    SELECT count(*) AS held
    FROM (
        SELECT FROM viertakt.words AS w
        WHERE w.words @> ARRAY(SELECT jsonb_array_elements_text(a.words))
        LIMIT %(bound)s + 1
    ) AS found
) AS counted
WHERE counted.held > %(bound)s;

-- name: clear_words
-- Nothing followed: before everything is followed again.
DELETE FROM viertakt.words;

-- name: differing_words
-- Which operations opened within the last followed entries cannot be found by their reference. All would be a recount of
-- every text; whatever goes wrong with words shows among the newest.
SELECT o.operation_id::text
FROM viertakt.follower AS f
JOIN viertakt.journal AS j ON j.position > f.position - 50000 AND j.position <= f.position
JOIN viertakt.entry AS e ON e.operation_id = j.operation_id AND e.entry_seq = j.entry_seq
JOIN viertakt.operation AS o ON o.operation_id = j.operation_id
LEFT JOIN viertakt.words AS w ON w.operation_id = o.operation_id
WHERE
    f.name = 'words' AND e.sort = 'opened'
    AND (w.words IS NULL OR NOT w.words @> viertakt.words_of(o.reference))
LIMIT %(limit)s;
