-- What was, told by the history: for lists and counts as of a position of the journal, which is how a number that a report
-- showed a minute ago opens a list of exactly so many.

-- The operation as it stood before an entry; none where it was not open yet.
CREATE FUNCTION viertakt.operation_at(operation uuid, before_seq bigint) RETURNS SETOF viertakt.operation
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT
        o.operation_id, o.kind, o.kind_version, o.reference, o.subject, o.brand, c.amount, c.currency, c.attributes,
        o.tags, o.parent_id, v.to_stage, v.to_status,
        (SELECT k.document #>> ARRAY['stages', v.to_stage, 'waiting_on'] FROM viertakt.kind_version AS k
            WHERE k.kind = o.kind AND k.version = o.kind_version),
        v.version, o.contradiction, o.created_at,
        (SELECT e.at FROM viertakt.entry AS e
            WHERE e.operation_id = operation AND e.version <= v.version AND e.sort IN ('opened', 'moved')
            ORDER BY e.version DESC LIMIT 1),
        v.at,
        CASE WHEN v.to_status <> 'pending' THEN (
            SELECT e.at FROM viertakt.entry AS e
            WHERE
                e.operation_id = operation AND e.version <= v.version AND e.to_status <> 'pending'
                AND (e.sort = 'opened' OR e.from_status <> e.to_status)
            ORDER BY e.version DESC LIMIT 1
        ) END,
        CASE WHEN v.version = o.version THEN o.deadline_at END
    FROM viertakt.operation AS o
    CROSS JOIN LATERAL (
        SELECT e.version, e.to_stage, e.to_status, e.at FROM viertakt.entry AS e
        WHERE e.operation_id = operation AND e.entry_seq < before_seq AND e.version IS NOT NULL
        ORDER BY e.version DESC
        LIMIT 1
    ) AS v
    CROSS JOIN LATERAL viertakt.content_at(operation, v.version) AS c
    WHERE o.operation_id = operation
$$;

-- What the entries at positions (after_position, up to] change in the tallies: one less where an operation was, one more
-- where it is. One that was never amended was always worth what it is worth now; of the others, their history tells.
-- The dimensions of all kinds travel as one value: looked up row by row they cost more than all the rest.
CREATE FUNCTION viertakt.tally_steps(after_position bigint, up_to bigint)
RETURNS TABLE (
    n integer, kind text, brand text, created_at timestamptz, stage text, status text, amount numeric, currency text,
    attributes jsonb, dimensions jsonb
)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    WITH known AS MATERIALIZED (
        SELECT jsonb_object_agg(k.kind || ' ' || k.version, to_jsonb(k.dimensions)) AS dimensions
        FROM viertakt.kind_version AS k
    ),

    changed AS MATERIALIZED (
        SELECT
            e.operation_id, e.version, e.sort, o.kind, o.brand, o.created_at,
            coalesce(e.from_stage, e.to_stage) AS from_stage, coalesce(e.from_status, e.to_status) AS from_status,
            e.to_stage, e.to_status, o.amount, o.currency, o.attributes,
            n.dimensions -> (o.kind || ' ' || o.kind_version) AS dimensions,
            EXISTS (
                SELECT FROM viertakt.entry AS a WHERE a.operation_id = e.operation_id AND a.sort = 'amended'
            ) AS amended
        FROM viertakt.journal AS j
        JOIN viertakt.entry AS e ON e.operation_id = j.operation_id AND e.entry_seq = j.entry_seq
        JOIN viertakt.operation AS o ON o.operation_id = j.operation_id
        CROSS JOIN known AS n
        WHERE j.position > after_position AND j.position <= up_to AND e.version IS NOT NULL
    ),

    step AS (
        SELECT
            -1 AS n, c.version - 1 AS version, c.from_stage AS stage, c.from_status AS status, c.operation_id, c.kind,
            c.brand, c.created_at, c.dimensions, c.amount, c.currency, c.attributes, c.amended
        FROM changed AS c
        WHERE c.sort <> 'opened'
        UNION ALL
        SELECT
            1, c.version, c.to_stage, c.to_status, c.operation_id, c.kind,
            c.brand, c.created_at, c.dimensions, c.amount, c.currency, c.attributes, c.amended
        FROM changed AS c
    )

    SELECT
        s.n, s.kind, s.brand, s.created_at, s.stage, s.status, s.amount, s.currency, s.attributes, s.dimensions
    FROM step AS s
    WHERE NOT s.amended
    UNION ALL
    SELECT
        s.n, s.kind, s.brand, s.created_at, s.stage, s.status, t.amount, t.currency, t.attributes, s.dimensions
    FROM step AS s
    CROSS JOIN LATERAL viertakt.content_at(s.operation_id, s.version) AS t
    WHERE s.amended
$$;

-- An operation's values of its kind's dimensions, of which there are two at most.
CREATE FUNCTION viertakt.tallied_dimensions(attributes jsonb, names jsonb) RETURNS jsonb
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT
        CASE WHEN attributes ? (names ->> 0) THEN jsonb_build_object(names ->> 0, attributes -> (names ->> 0)) ELSE '{}' END
        || CASE WHEN attributes ? (names ->> 1) THEN jsonb_build_object(names ->> 1, attributes -> (names ->> 1)) ELSE '{}' END
$$;
