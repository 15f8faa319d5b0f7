-- A target says how much of its time may be used before it warns, and a stage how long it may stay silent.

-- As before, and `risk`: the share of the time after which it is at risk; null where the kind names none, and four fifths then.
CREATE OR REPLACE FUNCTION viertakt.targets_of(document jsonb) RETURNS jsonb
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
    RETURN (
        SELECT coalesce(jsonb_agg(jsonb_build_object(
            'name', t ->> 'name', 'from', t ->> 'from', 'until', t -> 'until',
            'seconds', extract(EPOCH FROM (t ->> 'within')::interval),
            'due', substr(t ->> 'due', length('attributes.') + 1),
            'days', document #>> ARRAY['attributes', substr(t ->> 'due', length('attributes.') + 1), 'type'] = 'date',
            'risk', rtrim(t ->> 'warn', '%')::numeric / 100,
            'paused', (
                SELECT coalesce(jsonb_agg(s.key), '[]') FROM jsonb_each(document -> 'stages') AS s
                WHERE s.value ->> 'clock' = 'pause'
            )
        )), '[]')
        FROM jsonb_array_elements(document -> 'targets') AS t
    );
END
$$;

CREATE OR REPLACE FUNCTION viertakt.promises_of(operation uuid, upto_seq bigint) RETURNS SETOF viertakt.promise
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    WITH target AS (
        SELECT
            o.kind, o.brand, k.calendar, t ->> 'name' AS name, t ->> 'from' AS from_stage, t -> 'until' AS until,
            t -> 'paused' AS paused, (t ->> 'seconds')::numeric AS seconds, t ->> 'due' AS due,
            (t ->> 'days')::boolean AS days, coalesce((t ->> 'risk')::numeric, 0.8) AS risk
        FROM viertakt.operation AS o
        JOIN viertakt.kind_version AS k ON k.kind = o.kind AND k.version = o.kind_version
        CROSS JOIN LATERAL jsonb_array_elements(k.targets) AS t
        WHERE o.operation_id = operation
    ),

    history AS MATERIALIZED (
        SELECT e.version, e.sort, e.at, e.to_stage, e.to_status
        FROM viertakt.entry AS e
        WHERE e.operation_id = operation AND e.entry_seq <= upto_seq AND e.version IS NOT NULL
    ),

    step AS (
        SELECT
            t.name, e.version, e.at, lead(e.at) OVER w AS left_at, e.to_status = 'pending' AS pending,
            e.to_status = 'pending' AND NOT t.paused ? e.to_stage AS counts,
            t.until ? e.to_stage AS ends, t.from_stage = e.to_stage AS begins
        FROM history AS e
        CROSS JOIN target AS t
        WHERE e.sort IN ('opened', 'moved')
        WINDOW w AS (PARTITION BY t.name ORDER BY e.version)
    ),

    mark AS (
        SELECT
            s.name, s.version, s.at, s.begins, lag(s.ends) OVER w AS after_end,
            min(s.version) FILTER (WHERE s.ends) OVER (w ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING) AS end_version
        FROM step AS s
        WHERE s.begins OR s.ends
        WINDOW w AS (PARTITION BY s.name ORDER BY s.version)
    ),

    run AS MATERIALIZED (
        SELECT
            t.*, m.version AS ordinal, m.at AS began_at, d.at AS decided_at, p.at AS present_at, p.counts, p.pending,
            coalesce((
                SELECT sum(viertakt.seconds_between(t.calendar, s.at, s.left_at)) FROM step AS s
                WHERE
                    s.name = m.name AND s.version >= m.version AND s.version < coalesce(m.end_version, p.version) AND s.counts
            ), 0) AS spent,
            (
                SELECT c.attributes ->> t.due
                FROM viertakt.content_at(operation, coalesce(m.end_version, (SELECT max(h.version) FROM history AS h))) AS c
                WHERE t.due IS NOT NULL
            ) AS due_text
        FROM mark AS m
        JOIN target AS t ON t.name = m.name
        LEFT JOIN step AS d ON d.name = m.name AND d.version = m.end_version
        LEFT JOIN step AS p ON p.name = m.name AND p.left_at IS NULL AND m.end_version IS NULL
        WHERE m.begins AND coalesce(m.after_end, true)
    ),

    timed AS MATERIALIZED (
        SELECT
            r.*,
            CASE
                WHEN r.due IS NOT NULL THEN r.began_at + r.risk * (d.due_at - r.began_at)
                WHEN r.counts OR r.spent >= r.risk * r.seconds
                    THEN viertakt.moment_after(r.calendar, r.present_at, r.risk * r.seconds - r.spent)
            END AS risk_at,
            CASE
                WHEN r.due IS NOT NULL THEN d.due_at
                WHEN r.counts OR r.spent > r.seconds
                    THEN viertakt.moment_after(r.calendar, r.present_at, r.seconds - r.spent)
            END AS due_at
        FROM run AS r
        CROSS JOIN viertakt.installation AS i
        CROSS JOIN LATERAL (
            SELECT
                CASE
                    WHEN r.days AND pg_input_is_valid(r.due_text, 'date')
                        THEN (r.due_text::date + 1)::timestamp AT TIME ZONE i.zone
                    WHEN NOT r.days AND pg_input_is_valid(r.due_text, 'timestamptz') THEN r.due_text::timestamptz
                END AS due_at
        ) AS d
    )

    SELECT
        operation, t.name, t.ordinal, t.kind, t.brand,
        CASE
            WHEN t.due IS NOT NULL AND t.due_at IS NULL THEN 'dropped'
            WHEN t.decided_at <= t.due_at OR (t.due IS NULL AND t.spent <= t.seconds AND t.decided_at IS NOT NULL) THEN 'kept'
            WHEN t.decided_at IS NOT NULL THEN 'missed'
            WHEN NOT t.pending THEN 'dropped'
            WHEN t.counts OR t.due IS NOT NULL THEN 'running'
            ELSE 'paused'
        END,
        t.began_at, t.spent, t.risk_at, t.due_at,
        CASE WHEN t.due IS NULL OR t.due_at IS NOT NULL THEN t.decided_at END
    FROM timed AS t
$$;

-- The stages of a kind that say how long they may stay silent, each with its ISO 8601 duration.
CREATE FUNCTION viertakt.silences_of(document jsonb) RETURNS jsonb
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
    RETURN (
        SELECT coalesce(jsonb_object_agg(s.key, s.value ->> 'silence'), '{}')
        FROM jsonb_each(document -> 'stages') AS s
        WHERE s.value ->> 'silence' IS NOT NULL
    );
END
$$;
ALTER TABLE viertakt.kind_version
-- squawk-ignore adding-field-with-default
ADD COLUMN silences jsonb GENERATED ALWAYS AS (viertakt.silences_of(document)) STORED;

-- Lists ask for open promises that are late, or soon will be, of any kind.
-- A partitioned table takes no index concurrently.
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX promise_by_due ON viertakt.promise (due_at, operation_id) WHERE standing IN ('running', 'paused');
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX promise_by_risk ON viertakt.promise (risk_at, operation_id) WHERE standing IN ('running', 'paused');
