-- Working calendars, and the promises (targets) that operations keep or miss by them.

CREATE TABLE viertakt.calendar (
    calendar text PRIMARY KEY CONSTRAINT calendar_has_a_plain_name CHECK (calendar ~ '^[a-z][a-z0-9_]{0,62}$'),
    document jsonb NOT NULL,
    changed_at timestamptz NOT NULL DEFAULT now()
);

-- The calendar laid out as the moments between which time counts, 2000 to 2099, each with how much has counted before it:
-- what has counted between any two moments, and when enough has, is then one look-up each.
CREATE TABLE viertakt.working_span (
    calendar text NOT NULL REFERENCES viertakt.calendar ON DELETE CASCADE,
    opens_at timestamptz NOT NULL,
    closes_at timestamptz NOT NULL,
    seconds_before numeric NOT NULL,
    PRIMARY KEY (calendar, opens_at),
    CONSTRAINT span_is_not_empty CHECK (opens_at < closes_at),
    CONSTRAINT span_begins_where_another_has_ended UNIQUE (calendar, seconds_before)
);

-- What has counted up to a moment, in seconds. In PL/pgSQL, which plans a look-up once and not with every call.
CREATE FUNCTION viertakt.worked_until(of_calendar text, moment timestamptz) RETURNS numeric
LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
BEGIN
    RETURN coalesce((
        SELECT s.seconds_before + extract(EPOCH FROM least(s.closes_at, moment) - s.opens_at)
        FROM viertakt.working_span AS s
        WHERE s.calendar = of_calendar AND s.opens_at <= moment
        ORDER BY s.opens_at DESC
        LIMIT 1
    ), 0);
END
$$;

-- The seconds that count between two moments: all of them without a calendar, none where the end comes first.
CREATE FUNCTION viertakt.seconds_between(of_calendar text, start_at timestamptz, end_at timestamptz) RETURNS numeric
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT greatest(0, CASE
        WHEN of_calendar IS NULL THEN extract(EPOCH FROM end_at - start_at)
        ELSE viertakt.worked_until(of_calendar, end_at) - viertakt.worked_until(of_calendar, start_at)
    END)
$$;

-- When, by a calendar, so much had counted altogether for the first time; null after its last day.
CREATE FUNCTION viertakt.moment_worked(of_calendar text, seconds numeric) RETURNS timestamptz
LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
BEGIN
    RETURN (
        SELECT
            CASE
                WHEN seconds - s.seconds_before <= extract(EPOCH FROM s.closes_at - s.opens_at)
                    THEN s.opens_at + (seconds - s.seconds_before) * interval '1 second'
            END
        FROM viertakt.working_span AS s
        WHERE s.calendar = of_calendar AND s.seconds_before < seconds
        ORDER BY s.seconds_before DESC
        LIMIT 1
    );
END
$$;

-- The first moment at which so many seconds have counted since another; null after the calendar's last day.
CREATE FUNCTION viertakt.moment_after(of_calendar text, start_at timestamptz, seconds numeric) RETURNS timestamptz
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT CASE
        WHEN seconds <= 0 THEN start_at
        WHEN of_calendar IS NULL THEN start_at + seconds * interval '1 second'
        ELSE viertakt.moment_worked(of_calendar, viertakt.worked_until(of_calendar, start_at) + seconds)
    END
$$;

-- A kind's targets in the form in which they are counted: looked up in the whole document, operation by operation, they
-- would cost more than all the rest. An ISO 8601 duration reads alike under every setting, so this is immutable.
CREATE FUNCTION viertakt.targets_of(document jsonb) RETURNS jsonb
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
    RETURN (
        SELECT coalesce(jsonb_agg(jsonb_build_object(
            'name', t ->> 'name', 'from', t ->> 'from', 'until', t -> 'until',
            'seconds', extract(EPOCH FROM (t ->> 'within')::interval),
            'due', substr(t ->> 'due', length('attributes.') + 1),
            'days', document #>> ARRAY['attributes', substr(t ->> 'due', length('attributes.') + 1), 'type'] = 'date',
            'paused', (
                SELECT coalesce(jsonb_agg(s.key), '[]') FROM jsonb_each(document -> 'stages') AS s
                WHERE s.value ->> 'clock' = 'pause'
            )
        )), '[]')
        FROM jsonb_array_elements(document -> 'targets') AS t
    );
END
$$;
ALTER TABLE viertakt.kind_version
-- squawk-ignore adding-field-with-default
ADD COLUMN targets jsonb GENERATED ALWAYS AS (viertakt.targets_of(document)) STORED,
-- squawk-ignore adding-field-with-default
ADD COLUMN calendar text GENERATED ALWAYS AS (document ->> 'calendar') STORED,
-- A few hundred rows at most, and no kind before this migration names a calendar.
-- squawk-ignore adding-foreign-key-constraint, constraint-missing-not-valid
ADD CONSTRAINT kind_names_a_known_calendar FOREIGN KEY (calendar) REFERENCES viertakt.calendar;

-- One row for each time that a target began to run for an operation. `seconds` counted before the present stage, or until
-- it was decided. `risk_at`: when less than a fifth of its time is left; `due_at`: when it is late. Both are null while the
-- clock stands still in good time; where the time was used up before the present stage, they are the moment it was entered.
-- `dropped`: the operation has ended elsewhere than the target does, or does not say when it is due.
CREATE TABLE viertakt.promise (
    operation_id uuid NOT NULL,
    target text NOT NULL,
    ordinal integer NOT NULL CONSTRAINT promise_ordinal_is_positive CHECK (ordinal > 0),
    kind text NOT NULL,
    brand text,
    standing text NOT NULL CONSTRAINT promise_standing_is_known
    CHECK (standing IN ('running', 'paused', 'kept', 'missed', 'dropped')),
    began_at timestamptz NOT NULL,
    seconds numeric NOT NULL,
    risk_at timestamptz,
    due_at timestamptz,
    decided_at timestamptz,
    PRIMARY KEY (operation_id, target, ordinal),
    CONSTRAINT promise_is_decided_at_a_moment CHECK ((standing IN ('kept', 'missed')) = (decided_at IS NOT NULL))
) PARTITION BY RANGE (operation_id);
CREATE TABLE viertakt.promise_default PARTITION OF viertakt.promise DEFAULT WITH (fillfactor = 90);
-- What is late or at risk now is few, and is asked for all the time.
CREATE INDEX promise_open ON viertakt.promise (kind, target, standing, due_at, risk_at, brand)
WHERE standing IN ('running', 'paused');
CREATE INDEX promise_by_decision ON viertakt.promise (decided_at, operation_id) WHERE decided_at IS NOT NULL;

-- How many promises were kept and missed, by when they were decided.
CREATE TABLE viertakt.target_tally (
    grain text NOT NULL CONSTRAINT target_grain_is_day_or_hour CHECK (grain IN ('day', 'hour')),
    bucket timestamptz NOT NULL,
    kind text NOT NULL,
    target text NOT NULL,
    brand text,
    kept bigint NOT NULL,
    missed bigint NOT NULL,
    CONSTRAINT target_counts_each_group_once UNIQUE NULLS NOT DISTINCT (grain, bucket, kind, target, brand)
) WITH (fillfactor = 70);

-- An operation's promises as its history tells them up to an entry. A stage whose clock pauses, or that has ended, counts
-- no time; a target that was decided runs again when its first stage is entered again.
CREATE FUNCTION viertakt.promises_of(operation uuid, upto_seq bigint) RETURNS SETOF viertakt.promise
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    WITH target AS (
        SELECT
            o.kind, o.brand, k.calendar, t ->> 'name' AS name, t ->> 'from' AS from_stage, t -> 'until' AS until,
            t -> 'paused' AS paused, (t ->> 'seconds')::numeric AS seconds, t ->> 'due' AS due,
            (t ->> 'days')::boolean AS days
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
                WHEN r.due IS NOT NULL THEN r.began_at + 0.8 * (d.due_at - r.began_at)
                WHEN r.counts OR r.spent >= 0.8 * r.seconds
                    THEN viertakt.moment_after(r.calendar, r.present_at, 0.8 * r.seconds - r.spent)
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

GRANT SELECT, INSERT, UPDATE, DELETE ON viertakt.calendar, viertakt.working_span, viertakt.promise,
viertakt.target_tally TO viertakt_app;
