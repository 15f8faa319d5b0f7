-- Written by `python -m viertakt.db.migrate schema`; what all migrations make together.

CREATE SCHEMA reporting;

CREATE SCHEMA viertakt;

CREATE TABLE viertakt.alert (
    alert_id uuid NOT NULL,
    measure text NOT NULL,
    direction text NOT NULL,
    level text NOT NULL,
    kind text NOT NULL,
    brand text,
    value double precision NOT NULL,
    usual double precision NOT NULL,
    window_minutes integer NOT NULL,
    score double precision NOT NULL,
    opened_at timestamp with time zone NOT NULL,
    looked_at timestamp with time zone NOT NULL,
    closed_at timestamp with time zone,
    seen_by text,
    seen_at timestamp with time zone,
    incident_id uuid,
    limit_id uuid,
    stage text,
    escalated_at timestamp with time zone,
    attribute text,
    provider text,
    CONSTRAINT alert_direction_is_known CHECK ((direction = ANY (ARRAY['above'::text, 'below'::text]))),
    CONSTRAINT alert_is_seen_by_somebody CHECK (((seen_by IS NULL) = (seen_at IS NULL))),
    CONSTRAINT alert_level_is_known CHECK ((level = ANY (ARRAY['warning'::text, 'critical'::text]))),
    CONSTRAINT alert_looks_back CHECK ((window_minutes > 0))
);

CREATE FUNCTION viertakt.alert_document(a viertakt.alert) RETURNS json
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    SET search_path TO 'pg_catalog'
    BEGIN ATOMIC
 SELECT json_build_object('id', (a).alert_id, 'measure', (a).measure, 'direction', (a).direction, 'level', (a).level, 'kind', (a).kind, 'brand', (a).brand, 'provider',
         CASE
             WHEN ((a).provider IS NOT NULL) THEN json_build_object('attribute', (a).attribute, 'value', (a).provider)
             ELSE NULL::json
         END, 'value', (a).value, 'usual', (a).usual, 'window_minutes', (a).window_minutes, 'score', (a).score, 'opened_at', (a).opened_at, 'looked_at', (a).looked_at, 'closed_at', (a).closed_at, 'seen_by', (a).seen_by, 'seen_at', (a).seen_at, 'incident_id', (a).incident_id, 'limit_id', (a).limit_id, 'stage', (a).stage) AS json_build_object;
END;

CREATE FUNCTION viertakt.assignment_document(operation uuid) RETURNS json
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    AS $$
BEGIN
    RETURN (
        SELECT json_build_object(
            'assignee', a.assignee, 'claimed_by', a.claimed_by, 'lease_until', a.lease_until, 'queue', a.queue,
            'snoozed_until', a.snoozed_until, 'priority', a.priority,
            'names', (
                SELECT coalesce(json_object_agg(n.actor, n.name), '{}')
                FROM viertakt.actor AS n
                WHERE n.actor IN (a.assignee, a.claimed_by)
            )
        )
        FROM viertakt.assignment AS a
        WHERE a.operation_id = operation
    );
END
$$;

CREATE FUNCTION viertakt.bins(histogram numeric) RETURNS TABLE(bin integer, count bigint)
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    BEGIN ATOMIC
 SELECT (b.n - 345) AS bin,
     b.count
    FROM ( SELECT n.n,
             (substr(d.digits, ((length(d.digits) - (12 * n.n)) - 11), 12))::bigint AS count
            FROM (( SELECT lpad(h.digits, (12 * ((length(h.digits) + 11) / 12)), '0'::text) AS digits
                    FROM ( SELECT (bins.histogram)::text AS digits) h) d
              CROSS JOIN LATERAL generate_series(0, ((length(d.digits) / 12) - 1)) n(n))) b
   WHERE (b.count <> 0);
END;

COMMENT ON FUNCTION viertakt.bins(histogram numeric) IS 'the bins of a histogram, which has no negative counts';

CREATE FUNCTION viertakt.content_at(operation uuid, at_version integer) RETURNS TABLE(amount numeric, currency text, attributes jsonb)
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$
    SELECT
        (array_agg((e.data #>> '{amount,value}')::numeric ORDER BY e.version DESC)
            FILTER (WHERE e.data #> '{amount,value}' IS NOT NULL))[1],
        (array_agg(e.data #>> '{amount,currency}' ORDER BY e.version DESC)
            FILTER (WHERE e.data #> '{amount,value}' IS NOT NULL))[1],
        coalesce((
            SELECT jsonb_object_agg(a.key, a.value ORDER BY t.version)
            FROM viertakt.entry AS t
            CROSS JOIN LATERAL jsonb_each(t.data -> 'attributes') AS a
            WHERE
                t.operation_id = operation AND t.version <= at_version AND t.sort IN ('opened', 'amended')
                AND jsonb_typeof(t.data -> 'attributes') = 'object'
        ), '{}')
    FROM viertakt.entry AS e
    WHERE e.operation_id = operation AND e.version <= at_version AND e.sort IN ('opened', 'amended')
$$;

CREATE FUNCTION viertakt.dimensions_in(attributes jsonb, names text[]) RETURNS jsonb
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
    SELECT coalesce(jsonb_object_agg(n, attributes -> n) FILTER (WHERE attributes ? n), '{}') FROM unnest(names) AS n
$$;

CREATE FUNCTION viertakt.dimensions_of(document jsonb) RETURNS text[]
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
    SELECT coalesce(array_agg(a.key ORDER BY a.key), '{}')
    FROM jsonb_each(document -> 'attributes') AS a
    WHERE (a.value ->> 'dimension')::boolean
$$;

CREATE TABLE viertakt.endpoint (
    endpoint_id uuid NOT NULL,
    sort text NOT NULL,
    name text NOT NULL,
    address bytea NOT NULL,
    shown text NOT NULL,
    owner text NOT NULL,
    query text DEFAULT ''::text NOT NULL,
    entries text[] NOT NULL,
    stages text[] DEFAULT '{}'::text[] NOT NULL,
    state text DEFAULT 'active'::text NOT NULL,
    why_off text,
    off_at timestamp with time zone,
    place bigint NOT NULL,
    number bigint DEFAULT 0 NOT NULL,
    failures integer DEFAULT 0 NOT NULL,
    failing_since timestamp with time zone,
    failed_at timestamp with time zone,
    warned_at timestamp with time zone,
    created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    changed_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    alerts boolean DEFAULT false NOT NULL,
    CONSTRAINT endpoint_state_is_known CHECK ((state = ANY (ARRAY['active'::text, 'off'::text, 'ended'::text]))),
    CONSTRAINT endpoint_that_is_off_says_since_when CHECK (((state = 'active'::text) = (off_at IS NULL)))
)
WITH (fillfactor='50');

CREATE FUNCTION viertakt.endpoint_document(e viertakt.endpoint) RETURNS json
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$
    SELECT json_build_object(
        'id', e.endpoint_id, 'sort', e.sort, 'name', e.name, 'shown', e.shown, 'owner', e.owner, 'query', e.query,
        'entries', e.entries, 'stages', e.stages, 'alerts', e.alerts, 'state', e.state, 'why_off', e.why_off,
        'off_at', e.off_at, 'place', e.place, 'number', e.number, 'failures', e.failures,
        'failing_since', e.failing_since, 'failed_at', e.failed_at, 'warned_at', e.warned_at,
        'created_at', e.created_at, 'changed_at', e.changed_at
    )
$$;

CREATE SEQUENCE viertakt.entry_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

CREATE TABLE viertakt.entry (
    operation_id uuid NOT NULL,
    entry_seq bigint DEFAULT nextval('viertakt.entry_seq'::regclass) NOT NULL,
    xid xid8 DEFAULT pg_current_xact_id() NOT NULL,
    version integer,
    sort text NOT NULL,
    transition text,
    from_stage text,
    from_status text,
    to_stage text,
    to_status text,
    actor text NOT NULL,
    granted_by text,
    cause text NOT NULL,
    reason text,
    data jsonb,
    commitments jsonb,
    key text,
    body_digest text,
    request_id text,
    database_role text DEFAULT SESSION_USER NOT NULL,
    at timestamp with time zone NOT NULL,
    recorded_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT only_changes_carry_a_version CHECK (((version IS NOT NULL) = (sort = ANY (ARRAY['opened'::text, 'moved'::text, 'amended'::text]))))
)
PARTITION BY RANGE (operation_id);
ALTER TABLE ONLY viertakt.entry ALTER COLUMN xid SET (n_distinct_inherited=-0.5);

CREATE FUNCTION viertakt.entry_document(e viertakt.entry) RETURNS json
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$
    SELECT json_build_object(
        'operation_id', e.operation_id, 'seq', e.entry_seq, 'version', e.version, 'sort', e.sort,
        'transition', e.transition, 'from_stage', e.from_stage, 'from_status', e.from_status,
        'to_stage', e.to_stage, 'to_status', e.to_status, 'actor', e.actor, 'granted_by', e.granted_by,
        'cause', e.cause, 'reason', e.reason, 'data', e.data, 'commitments', e.commitments, 'key', e.key,
        'body_digest', e.body_digest, 'request_id', e.request_id, 'at', e.at, 'recorded_at', e.recorded_at
    )
$$;

CREATE FUNCTION viertakt.family_stages(document jsonb) RETURNS text[]
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
    AS $$
BEGIN
    RETURN (
        SELECT coalesce(array_agg(DISTINCT f.stage ORDER BY f.stage), '{}')
        FROM (
            SELECT jsonb_array_elements_text(t.value -> 'from') AS stage
            FROM jsonb_each(document -> 'transitions') AS t
            WHERE document ? 'children' AND t.value -> 'by' ? 'children'
            UNION ALL
            SELECT s.key FROM jsonb_each(document -> 'stages') AS s
            WHERE document -> 'children' ? 'cancel' AND s.value ->> 'status' <> 'pending'
        ) AS f
    );
END
$$;

CREATE FUNCTION viertakt.histogram(bin integer) RETURNS numeric
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN (('1e'::text || (12 * (bin + 345))))::numeric;

COMMENT ON FUNCTION viertakt.histogram(bin integer) IS 'the histogram of one value in this bin; bin at least -345';

CREATE FUNCTION viertakt.hold_writers() RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    SET lock_timeout TO '3s'
    AS $$
BEGIN
    LOCK TABLE viertakt.entry IN SHARE ROW EXCLUSIVE MODE;
    RETURN (SELECT CASE WHEN s.is_called THEN s.last_value ELSE 0 END FROM viertakt.entry_seq AS s);
END
$$;

CREATE FUNCTION viertakt.moment_after(of_calendar text, start_at timestamp with time zone, seconds numeric) RETURNS timestamp with time zone
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$
    SELECT CASE
        WHEN seconds <= 0 THEN start_at
        WHEN of_calendar IS NULL THEN start_at + seconds * interval '1 second'
        ELSE viertakt.moment_worked(of_calendar, viertakt.worked_until(of_calendar, start_at) + seconds)
    END
$$;

CREATE FUNCTION viertakt.moment_worked(of_calendar text, seconds numeric) RETURNS timestamp with time zone
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    AS $$
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

CREATE FUNCTION viertakt.notice_documents(ids bigint[]) RETURNS json
    LANGUAGE sql STABLE
    AS $$
    SELECT coalesce(json_agg(json_build_object(
        'id', n.notice_id, 'actor', n.actor, 'event', n.event, 'why', n.why, 'told_at', n.told_at,
        'done_at', n.done_at, 'snoozed_until', n.snoozed_until,
        'comment', (
            SELECT d.value #>> '{}' FROM viertakt.subject_data AS d
            WHERE d.operation_id = e.operation_id AND d.commitment = e.commitments ->> 'comment'
        ),
        'entry', viertakt.entry_document(e), 'operation', viertakt.operation_document(o)
    ) ORDER BY n.notice_id DESC), '[]'::json)
    FROM unnest(ids) AS w (notice_id)
    JOIN viertakt.notice AS n ON n.notice_id = w.notice_id
    JOIN viertakt.entry AS e ON e.operation_id = n.operation_id AND e.entry_seq = n.entry_seq
    JOIN viertakt.operation AS o ON o.operation_id = n.operation_id
$$;

CREATE TABLE viertakt.operation (
    operation_id uuid NOT NULL,
    kind text NOT NULL,
    kind_version integer NOT NULL,
    reference text NOT NULL,
    subject text,
    brand text,
    amount numeric,
    currency text,
    attributes jsonb DEFAULT '{}'::jsonb NOT NULL,
    tags text[] DEFAULT '{}'::text[] NOT NULL,
    parent_id uuid,
    stage text NOT NULL,
    status text NOT NULL,
    waiting_on text,
    version integer NOT NULL,
    contradiction boolean DEFAULT false NOT NULL,
    created_at timestamp with time zone NOT NULL,
    entered_at timestamp with time zone NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    closed_at timestamp with time zone,
    deadline_at timestamp with time zone,
    CONSTRAINT amount_comes_with_its_currency CHECK (((amount IS NULL) = (currency IS NULL))),
    CONSTRAINT currency_is_a_three_letter_code CHECK ((currency ~ '^[A-Z]{3}$'::text)),
    CONSTRAINT final_operation_has_closed_at CHECK (((status = 'pending'::text) = (closed_at IS NULL))),
    CONSTRAINT operation_version_is_positive CHECK ((version > 0)),
    CONSTRAINT status_is_one_of_four CHECK ((status = ANY (ARRAY['pending'::text, 'success'::text, 'error'::text, 'rejected'::text])))
)
PARTITION BY RANGE (operation_id);

CREATE FUNCTION viertakt.operation_at(operation uuid, before_seq bigint) RETURNS SETOF viertakt.operation
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$
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

CREATE FUNCTION viertakt.operation_document(o viertakt.operation) RETURNS json
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$
    SELECT json_build_object(
        'id', o.operation_id, 'kind', o.kind, 'kind_version', o.kind_version, 'reference', o.reference,
        'stage', o.stage, 'status', o.status, 'version', o.version, 'created_at', o.created_at,
        'entered_at', o.entered_at, 'changed_at', o.changed_at, 'waiting_on', o.waiting_on, 'subject', o.subject,
        'brand', o.brand,
        'amount', CASE WHEN o.amount IS NOT NULL
            THEN json_build_object('value', o.amount::text, 'currency', o.currency) END,
        'attributes', o.attributes, 'tags', o.tags, 'parent_id', o.parent_id, 'closed_at', o.closed_at,
        'deadline_at', o.deadline_at, 'contradiction', o.contradiction,
        'assignment', viertakt.assignment_document(o.operation_id)
    )
$$;

CREATE TABLE viertakt.promise (
    operation_id uuid NOT NULL,
    target text NOT NULL,
    ordinal integer NOT NULL,
    kind text NOT NULL,
    brand text,
    standing text NOT NULL,
    began_at timestamp with time zone NOT NULL,
    seconds numeric NOT NULL,
    risk_at timestamp with time zone,
    due_at timestamp with time zone,
    decided_at timestamp with time zone,
    CONSTRAINT promise_is_decided_at_a_moment CHECK (((standing = ANY (ARRAY['kept'::text, 'missed'::text])) = (decided_at IS NOT NULL))),
    CONSTRAINT promise_ordinal_is_positive CHECK ((ordinal > 0)),
    CONSTRAINT promise_standing_is_known CHECK ((standing = ANY (ARRAY['running'::text, 'paused'::text, 'kept'::text, 'missed'::text, 'dropped'::text])))
)
PARTITION BY RANGE (operation_id);

CREATE FUNCTION viertakt.promises_of(operation uuid, upto_seq bigint) RETURNS SETOF viertakt.promise
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$
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

CREATE FUNCTION viertakt.refuse_change() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    RAISE EXCEPTION '% of %.% is refused: what is written there stays', tg_op, tg_table_schema, tg_table_name
        USING ERRCODE = 'restrict_violation';
END
$$;

CREATE FUNCTION viertakt.rights_of(actor text) RETURNS jsonb
    LANGUAGE sql STABLE
    AS $$
    SELECT jsonb_build_object(
        'grants', coalesce((
            SELECT jsonb_agg(jsonb_build_object(
                'id', g.grant_id, 'role', coalesce(g.role, ''), 'kinds', g.kinds, 'may', g.may, 'where', g.where_,
                'amount_max', coalesce(g.amount_max, '{}')
            ) ORDER BY g.grant_id)
            FROM (
                SELECT o.* FROM viertakt.access_grant AS o
                WHERE o.actor = rights_of.actor AND o.revoked_at IS NULL
                UNION ALL
                SELECT h.* FROM viertakt.actor_role AS r
                INNER JOIN viertakt.access_grant AS h ON h.role = r.role AND h.revoked_at IS NULL
                WHERE r.actor = rights_of.actor
            ) AS g
        ), '[]'),
        'restricted', coalesce((
            SELECT jsonb_agg(jsonb_build_array(s.kind, s.stage) ORDER BY s.kind, s.stage)
            FROM viertakt.restricted_stage AS s
        ), '[]')
    )
$$;

CREATE FUNCTION viertakt.rights_of_role(role text) RETURNS jsonb
    LANGUAGE sql STABLE
    AS $$
    SELECT jsonb_build_object(
        'grants', coalesce((
            SELECT jsonb_agg(jsonb_build_object(
                'id', g.grant_id, 'role', g.role, 'kinds', g.kinds, 'may', g.may, 'where', g.where_,
                'amount_max', coalesce(g.amount_max, '{}')
            ) ORDER BY g.grant_id)
            FROM viertakt.access_grant AS g
            WHERE g.role = rights_of_role.role AND g.revoked_at IS NULL
        ), '[]'),
        'restricted', coalesce((
            SELECT jsonb_agg(jsonb_build_array(s.kind, s.stage) ORDER BY s.kind, s.stage)
            FROM viertakt.restricted_stage AS s
        ), '[]')
    )
$$;

CREATE FUNCTION viertakt.seconds_between(of_calendar text, start_at timestamp with time zone, end_at timestamp with time zone) RETURNS numeric
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$
    SELECT greatest(0, CASE
        WHEN of_calendar IS NULL THEN extract(EPOCH FROM end_at - start_at)
        ELSE viertakt.worked_until(of_calendar, end_at) - viertakt.worked_until(of_calendar, start_at)
    END)
$$;

CREATE TABLE viertakt.signal (
    signal_id uuid NOT NULL,
    source text NOT NULL,
    event_id text NOT NULL,
    item integer DEFAULT 0 NOT NULL,
    body bytea,
    state text DEFAULT 'received'::text NOT NULL,
    type text,
    at timestamp with time zone NOT NULL,
    received_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    deliveries integer DEFAULT 1 NOT NULL,
    rounds integer DEFAULT 0 NOT NULL,
    due_at timestamp with time zone,
    operation_id uuid,
    reading jsonb,
    way jsonb,
    code text,
    detail text,
    transition text,
    from_stage text,
    to_stage text,
    entry_seq bigint,
    settled_at timestamp with time zone,
    erased_at timestamp with time zone,
    erased_by text,
    erased_why text,
    CONSTRAINT signal_state_is_known CHECK ((state = ANY (ARRAY['received'::text, 'parked'::text, 'applied'::text, 'known'::text, 'overtaken'::text, 'contradicting'::text, 'unmapped'::text, 'ignored'::text])))
)
WITH (fillfactor='80');

CREATE FUNCTION viertakt.signal_document(s viertakt.signal, kind text, reference text) RETURNS json
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$
    SELECT json_build_object(
        'id', s.signal_id, 'source', s.source, 'event_id', s.event_id, 'item', s.item, 'state', s.state,
        'type', s.type, 'at', s.at, 'received_at', s.received_at, 'deliveries', s.deliveries, 'rounds', s.rounds,
        'operation_id', s.operation_id, 'kind', kind, 'reference', reference, 'reading', s.reading, 'way', s.way,
        'code', s.code, 'detail', s.detail, 'transition', s.transition, 'from_stage', s.from_stage,
        'to_stage', s.to_stage, 'entry_seq', s.entry_seq, 'settled_at', s.settled_at,
        'erased_at', s.erased_at, 'erased_by', s.erased_by, 'erased_why', s.erased_why
    )
$$;

CREATE FUNCTION viertakt.silences_of(document jsonb) RETURNS jsonb
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
    AS $$
BEGIN
    RETURN (
        SELECT coalesce(jsonb_object_agg(s.key, s.value ->> 'silence'), '{}')
        FROM jsonb_each(document -> 'stages') AS s
        WHERE s.value ->> 'silence' IS NOT NULL
    );
END
$$;

CREATE FUNCTION viertakt.stood_at(operation uuid, at_version integer) RETURNS json
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$
    SELECT json_build_object(
        'version', v.version, 'stage', v.to_stage, 'status', v.to_status, 'changed_at', v.at,
        'waiting_on', k.document #>> ARRAY['stages', v.to_stage, 'waiting_on'],
        'entered_at', (
            SELECT m.at FROM viertakt.entry AS m
            WHERE m.operation_id = operation AND m.version <= v.version AND m.sort <> 'amended'
            ORDER BY m.version DESC LIMIT 1
        ),
        'closed_at', CASE WHEN v.to_status <> 'pending' THEN (
            SELECT c.at FROM viertakt.entry AS c
            WHERE
                c.operation_id = operation AND c.version <= v.version
                AND (c.sort = 'opened' OR c.from_status <> c.to_status)
            ORDER BY c.version DESC LIMIT 1
        ) END,
        'amount', CASE WHEN t.amount IS NOT NULL
            THEN json_build_object('value', t.amount::text, 'currency', t.currency) END,
        'attributes', t.attributes
    )
    FROM viertakt.entry AS v
    JOIN viertakt.operation AS o ON o.operation_id = v.operation_id
    JOIN viertakt.kind_version AS k ON k.kind = o.kind AND k.version = o.kind_version
    CROSS JOIN LATERAL viertakt.content_at(operation, at_version) AS t
    WHERE v.operation_id = operation AND v.version = at_version
$$;

CREATE FUNCTION viertakt.tallied_dimensions(attributes jsonb, names jsonb) RETURNS jsonb
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$
    SELECT
        CASE WHEN attributes ? (names ->> 0) THEN jsonb_build_object(names ->> 0, attributes -> (names ->> 0)) ELSE '{}' END
        || CASE WHEN attributes ? (names ->> 1) THEN jsonb_build_object(names ->> 1, attributes -> (names ->> 1)) ELSE '{}' END
$$;

CREATE FUNCTION viertakt.tally_steps(after_position bigint, up_to bigint) RETURNS TABLE(n integer, kind text, brand text, created_at timestamp with time zone, stage text, status text, amount numeric, currency text, attributes jsonb, dimensions jsonb)
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$
    WITH known AS MATERIALIZED (
        SELECT jsonb_object_agg(k.kind || ' ' || k.version, to_jsonb(k.dimensions)) AS names
        FROM viertakt.kind_version AS k
    ),

    changed AS MATERIALIZED (
        SELECT
            e.operation_id, e.version, e.sort, o.kind, o.brand, o.created_at,
            coalesce(e.from_stage, e.to_stage) AS from_stage, coalesce(e.from_status, e.to_status) AS from_status,
            e.to_stage, e.to_status, o.amount, o.currency, o.attributes, d.names,
            viertakt.tallied_dimensions(o.attributes, d.names) AS dimensions,
            EXISTS (
                SELECT FROM viertakt.entry AS a WHERE a.operation_id = e.operation_id AND a.sort = 'amended'
            ) AS amended
        FROM viertakt.journal AS j
        JOIN viertakt.entry AS e ON e.operation_id = j.operation_id AND e.entry_seq = j.entry_seq
        JOIN viertakt.operation AS o ON o.operation_id = j.operation_id
        CROSS JOIN known AS n
        CROSS JOIN LATERAL (SELECT n.names -> (o.kind || ' ' || o.kind_version) AS names OFFSET 0) AS d
        WHERE j.position > after_position AND j.position <= up_to AND e.version IS NOT NULL
    ),

    step AS (
        SELECT
            -1 AS n, c.version - 1 AS version, c.from_stage AS stage, c.from_status AS status, c.operation_id, c.kind,
            c.brand, c.created_at, c.names, c.dimensions, c.amount, c.currency, c.attributes, c.amended
        FROM changed AS c
        WHERE c.sort <> 'opened'
        UNION ALL
        SELECT
            1, c.version, c.to_stage, c.to_status, c.operation_id, c.kind,
            c.brand, c.created_at, c.names, c.dimensions, c.amount, c.currency, c.attributes, c.amended
        FROM changed AS c
    )

    SELECT
        s.n, s.kind, s.brand, s.created_at, s.stage, s.status, s.amount, s.currency, s.attributes, s.dimensions
    FROM step AS s
    WHERE NOT s.amended
    UNION ALL
    SELECT
        s.n, s.kind, s.brand, s.created_at, s.stage, s.status, t.amount, t.currency, t.attributes,
        viertakt.tallied_dimensions(t.attributes, s.names)
    FROM step AS s
    CROSS JOIN LATERAL viertakt.content_at(s.operation_id, s.version) AS t
    WHERE s.amended
$$;

CREATE FUNCTION viertakt.targets_of(document jsonb) RETURNS jsonb
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
    AS $$
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

CREATE FUNCTION viertakt.words_of(given text) RETURNS text[]
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $_$
    SELECT coalesce(array_agg(DISTINCT left(found.word, 100)), '{}')
    FROM
        unnest(string_to_array(translate(
            given,
            'ABCDEFGHIJKLMNOPQRSTUVWXYZÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖØÙÚÛÜÝÞ' || E'\t\n\r\f\x0b()[]{}<>"'',;!?',
            'abcdefghijklmnopqrstuvwxyzàáâãäåæçèéêëìíîïðñòóôõöøùúûüýþ' || repeat(' ', 19)
        ), ' ')) AS chunk
    CROSS JOIN LATERAL (SELECT btrim(chunk, '.:_/@+#&=*|\~^%$`-') AS whole) AS trimmed
    CROSS JOIN LATERAL (
        SELECT trimmed.whole AS word
        UNION ALL
        SELECT part FROM unnest(string_to_array(translate(trimmed.whole, '.:_/@+#&=*|\~^%$`-', repeat(' ', 18)), ' ')) AS part
        WHERE length(part) > 1 AND (part ~ '[0-9]' OR trimmed.whole !~ '[0-9]')
    ) AS found
    WHERE found.word <> ''
$_$;

CREATE FUNCTION viertakt.worked_until(of_calendar text, moment timestamp with time zone) RETURNS numeric
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    AS $$
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

CREATE TABLE viertakt.duration_tally (
    measure text NOT NULL,
    grain text NOT NULL,
    bucket timestamp with time zone NOT NULL,
    kind text NOT NULL,
    stage text NOT NULL,
    count bigint NOT NULL,
    seconds numeric NOT NULL,
    histogram numeric NOT NULL,
    CONSTRAINT duration_grain_is_known CHECK ((grain = ANY (ARRAY['day'::text, 'month'::text, 'kind_day'::text, 'kind_month'::text]))),
    CONSTRAINT duration_is_final_or_stay CHECK ((measure = ANY (ARRAY['final'::text, 'stay'::text])))
)
WITH (fillfactor='70');

COMMENT ON TABLE viertakt.duration_tally IS 'how long stays and operations took: how many, how long together, and in which bins (see function histogram)';

CREATE TABLE viertakt.installation (
    one boolean DEFAULT true NOT NULL,
    secret bytea NOT NULL,
    installed_at timestamp with time zone DEFAULT now() NOT NULL,
    zone text DEFAULT 'UTC'::text NOT NULL,
    CONSTRAINT installation_is_one CHECK (one),
    CONSTRAINT secret_is_long_enough CHECK ((length(secret) >= 32))
);

CREATE TABLE viertakt.kind_version (
    kind text NOT NULL,
    version integer NOT NULL,
    document jsonb NOT NULL,
    digest bytea NOT NULL,
    published_at timestamp with time zone DEFAULT now() NOT NULL,
    published_by text NOT NULL,
    comment text,
    dimensions text[] GENERATED ALWAYS AS (viertakt.dimensions_of(document)) STORED,
    targets jsonb GENERATED ALWAYS AS (viertakt.targets_of(document)) STORED,
    calendar text GENERATED ALWAYS AS ((document ->> 'calendar'::text)) STORED,
    family_stages text[] GENERATED ALWAYS AS (viertakt.family_stages(document)) STORED,
    silences jsonb GENERATED ALWAYS AS (viertakt.silences_of(document)) STORED,
    provider text GENERATED ALWAYS AS ((document ->> 'provider'::text)) STORED,
    CONSTRAINT kind_version_is_positive CHECK ((version > 0))
);

CREATE VIEW viertakt.restricted AS
 SELECT COALESCE(jsonb_object_agg(kind, stages), '{}'::jsonb) AS stages
   FROM ( SELECT k.kind,
            jsonb_agg(DISTINCT s.key) AS stages
           FROM (viertakt.kind_version k
             CROSS JOIN LATERAL jsonb_each((k.document -> 'stages'::text)) s(key, value))
          WHERE ((s.value ->> 'restricted'::text) = 'true'::text)
          GROUP BY k.kind) r;

CREATE VIEW reporting.durations WITH (security_barrier='true') AS
 SELECT d.measure,
    ((d.bucket AT TIME ZONE i.zone))::date AS ended_on,
    d.kind,
    d.stage,
        CASE
            WHEN (b.seconds > (0.00102)::double precision) THEN b.seconds
            ELSE (0)::double precision
        END AS seconds,
    b.count,
    (d.seconds * (b.share)::numeric) AS seconds_total
   FROM ((viertakt.duration_tally d
     CROSS JOIN viertakt.installation i)
     CROSS JOIN LATERAL ( SELECT v.count,
            v.seconds,
            (((v.count)::double precision * v.seconds) / sum(((v.count)::double precision * v.seconds)) OVER ()) AS share
           FROM ( SELECT h.count,
                    (((2)::double precision * power((1.020202020202)::double precision, (h.bin)::double precision)) / (2.020202020202)::double precision) AS seconds
                   FROM viertakt.bins(d.histogram) h(bin, count)) v) b)
  WHERE ((d.grain = 'day'::text) AND (d.measure = ANY (ARRAY['final'::text, 'stay'::text])) AND (d.count <> 0) AND (((( SELECT r.stages
           FROM viertakt.restricted r) -> d.kind) ? d.stage) IS NOT TRUE));

COMMENT ON VIEW reporting.durations IS 'How long things took, in classes that add up over days, kinds and stages; each class is right within one percent.';

COMMENT ON COLUMN reporting.durations.measure IS 'stay: the time in a stage; final: from the opening to the end';

COMMENT ON COLUMN reporting.durations.ended_on IS 'the organisation''s day on which the stay or the operation ended';

COMMENT ON COLUMN reporting.durations.kind IS 'the operations'' kind';

COMMENT ON COLUMN reporting.durations.stage IS 'the stage that was left, or in which they ended';

COMMENT ON COLUMN reporting.durations.seconds IS 'the duration that stands for the class, in seconds';

COMMENT ON COLUMN reporting.durations.count IS 'how many stays or operations';

COMMENT ON COLUMN reporting.durations.seconds_total IS 'their durations together, in seconds; of all classes of a day, kind and stage exactly';

CREATE VIEW reporting.kinds AS
 SELECT kind,
    version,
    (document #>> '{label,en}'::text[]) AS label_en,
    (document #>> '{label,nl}'::text[]) AS label_nl,
    COALESCE((document ->> 'direction'::text), 'none'::text) AS direction,
    (version = max(version) OVER (PARTITION BY kind)) AS latest,
    published_at
   FROM viertakt.kind_version k;

COMMENT ON VIEW reporting.kinds IS 'Every published version of every kind.';

COMMENT ON COLUMN reporting.kinds.kind IS 'its name';

COMMENT ON COLUMN reporting.kinds.version IS 'counts from 1';

COMMENT ON COLUMN reporting.kinds.label_en IS 'what people read, in English';

COMMENT ON COLUMN reporting.kinds.label_nl IS 'what people read, in Dutch';

COMMENT ON COLUMN reporting.kinds.direction IS 'in, out or none: which way money goes';

COMMENT ON COLUMN reporting.kinds.latest IS 'new operations are opened with this version';

COMMENT ON COLUMN reporting.kinds.published_at IS 'when it was published';

CREATE TABLE viertakt.journal (
    "position" bigint NOT NULL,
    operation_id uuid NOT NULL,
    entry_seq bigint NOT NULL,
    CONSTRAINT journal_position_is_positive CHECK (("position" > 0))
)
PARTITION BY RANGE ("position");

CREATE VIEW reporting.moves WITH (security_barrier='true') AS
 SELECT j."position",
    e.operation_id,
    e.version,
    o.kind,
    e.transition,
    e.from_stage,
    e.from_status,
    e.to_stage,
    e.to_status,
    e.cause,
    split_part(e.actor, ':'::text, 1) AS acted_by,
    e.reason,
    e.at,
    e.recorded_at
   FROM ((viertakt.journal j
     JOIN viertakt.entry e ON (((e.operation_id = j.operation_id) AND (e.entry_seq = j.entry_seq))))
     JOIN viertakt.operation o ON ((o.operation_id = j.operation_id)))
  WHERE ((e.sort = ANY (ARRAY['opened'::text, 'moved'::text])) AND (((( SELECT r.stages
           FROM viertakt.restricted r) -> o.kind) ?| ARRAY[e.from_stage, e.to_stage]) IS NOT TRUE));

COMMENT ON VIEW reporting.moves IS 'Openings and moves in the order of the journal, one row each. New rows only ever come after the last position.';

COMMENT ON COLUMN reporting.moves."position" IS 'place in the journal; it grows, and each is given once';

COMMENT ON COLUMN reporting.moves.operation_id IS 'the operation that moved';

COMMENT ON COLUMN reporting.moves.version IS 'the operation''s version that the move made; 1 is its opening';

COMMENT ON COLUMN reporting.moves.kind IS 'the operation''s kind';

COMMENT ON COLUMN reporting.moves.transition IS 'the transition of its kind; absent for the opening';

COMMENT ON COLUMN reporting.moves.from_stage IS 'the stage it left; absent for the opening';

COMMENT ON COLUMN reporting.moves.from_status IS 'the status it left; absent for the opening';

COMMENT ON COLUMN reporting.moves.to_stage IS 'the stage it entered';

COMMENT ON COLUMN reporting.moves.to_status IS 'the status it entered';

COMMENT ON COLUMN reporting.moves.cause IS 'what brought it about: manual, process, source, deadline, check, children, import, bulk or undo';

COMMENT ON COLUMN reporting.moves.acted_by IS 'person, token (a program) or system; never who';

COMMENT ON COLUMN reporting.moves.reason IS 'a code of the reason catalogue';

COMMENT ON COLUMN reporting.moves.at IS 'when it took effect';

COMMENT ON COLUMN reporting.moves.recorded_at IS 'when it was written down; later than `at` for what was imported';

CREATE VIEW viertakt.personal_attributes AS
 SELECT k.kind,
    array_agg(DISTINCT a.key) AS names
   FROM (viertakt.kind_version k
     CROSS JOIN LATERAL jsonb_each((k.document -> 'attributes'::text)) a(key, value))
  WHERE ((a.value ->> 'class'::text) = ANY (ARRAY['personal'::text, 'sensitive'::text]))
  GROUP BY k.kind;

CREATE VIEW reporting.operations WITH (security_barrier='true') AS
 WITH personal AS MATERIALIZED (
         SELECT p_1.kind,
            p_1.names
           FROM viertakt.personal_attributes p_1
        )
 SELECT o.operation_id,
    o.kind,
    o.kind_version,
    o.reference,
    o.parent_id,
    o.brand,
    o.amount,
    o.currency,
    (o.attributes - COALESCE(p.names, '{}'::text[])) AS attributes,
    o.tags,
    o.stage,
    o.status,
    o.waiting_on,
    o.version,
    o.contradiction,
    o.created_at,
    o.entered_at,
    o.changed_at,
    o.closed_at,
    o.deadline_at
   FROM (viertakt.operation o
     LEFT JOIN personal p ON ((p.kind = o.kind)))
  WHERE (((( SELECT r.stages
           FROM viertakt.restricted r) -> o.kind) ? o.stage) IS NOT TRUE);

COMMENT ON VIEW reporting.operations IS 'Operations as they stand now, one row each.';

COMMENT ON COLUMN reporting.operations.operation_id IS 'identifies the operation; grows with the moment it was recorded';

COMMENT ON COLUMN reporting.operations.kind IS 'what it is; a row of `kinds`';

COMMENT ON COLUMN reporting.operations.kind_version IS 'the version of its kind it follows';

COMMENT ON COLUMN reporting.operations.reference IS 'the organisation''s own name for it, unique within its kind';

COMMENT ON COLUMN reporting.operations.parent_id IS 'the operation it is a part of';

COMMENT ON COLUMN reporting.operations.brand IS 'the brand it belongs to';

COMMENT ON COLUMN reporting.operations.amount IS 'its worth, in units of `currency`';

COMMENT ON COLUMN reporting.operations.currency IS 'ISO 4217; absent where there is no amount';

COMMENT ON COLUMN reporting.operations.attributes IS 'what its kind declares, without what any version of the kind calls personal or sensitive';

COMMENT ON COLUMN reporting.operations.tags IS 'its tags';

COMMENT ON COLUMN reporting.operations.stage IS 'where it stands; a row of `stages`';

COMMENT ON COLUMN reporting.operations.status IS 'pending, success, error or rejected';

COMMENT ON COLUMN reporting.operations.waiting_on IS 'who or what acts next; absent where nobody does';

COMMENT ON COLUMN reporting.operations.version IS 'rises by one with every move and amendment';

COMMENT ON COLUMN reporting.operations.contradiction IS 'a provider has reported an end that contradicts its own';

COMMENT ON COLUMN reporting.operations.created_at IS 'when it was opened';

COMMENT ON COLUMN reporting.operations.entered_at IS 'when it entered its stage';

COMMENT ON COLUMN reporting.operations.changed_at IS 'when it last moved or was amended';

COMMENT ON COLUMN reporting.operations.closed_at IS 'when it ended; absent while its status is pending';

COMMENT ON COLUMN reporting.operations.deadline_at IS 'when its stage''s time limit fires';

CREATE TABLE viertakt.outcome_tally (
    grain text NOT NULL,
    bucket timestamp with time zone NOT NULL,
    kind text NOT NULL,
    stage text NOT NULL,
    status text NOT NULL,
    brand text,
    currency text,
    count bigint NOT NULL,
    amount numeric DEFAULT 0 NOT NULL
)
WITH (fillfactor='70');

CREATE VIEW reporting.outcome_counts WITH (security_barrier='true') AS
 SELECT ((t.bucket AT TIME ZONE i.zone))::date AS closed_on,
    t.kind,
    t.stage,
    t.status,
    t.brand,
    t.currency,
    t.count,
    t.amount
   FROM (viertakt.outcome_tally t
     CROSS JOIN viertakt.installation i)
  WHERE ((t.grain = 'day'::text) AND ((t.count <> 0) OR (t.amount <> (0)::numeric)) AND (((( SELECT r.stages
           FROM viertakt.restricted r) -> t.kind) ? t.stage) IS NOT TRUE));

COMMENT ON VIEW reporting.outcome_counts IS 'How many operations that have ended stand where, by the day they ended.';

COMMENT ON COLUMN reporting.outcome_counts.closed_on IS 'the organisation''s day on which they ended';

COMMENT ON COLUMN reporting.outcome_counts.kind IS 'their kind';

COMMENT ON COLUMN reporting.outcome_counts.stage IS 'where they stand';

COMMENT ON COLUMN reporting.outcome_counts.status IS 'success, error or rejected';

COMMENT ON COLUMN reporting.outcome_counts.brand IS 'their brand';

COMMENT ON COLUMN reporting.outcome_counts.currency IS 'the currency of `amount`, ISO 4217';

COMMENT ON COLUMN reporting.outcome_counts.count IS 'how many operations';

COMMENT ON COLUMN reporting.outcome_counts.amount IS 'their worth together, in units of `currency`';

CREATE VIEW reporting.stages AS
 SELECT k.kind,
    k.version,
    s.key AS stage,
    (s.value ->> 'status'::text) AS status,
    (s.value ->> 'waiting_on'::text) AS waiting_on,
    (k.document #>> ARRAY['labels'::text, 'stages'::text, s.key, 'en'::text]) AS label_en,
    (k.document #>> ARRAY['labels'::text, 'stages'::text, s.key, 'nl'::text]) AS label_nl,
    COALESCE((s.value ->> 'final'::text), 'no'::text) AS final,
    COALESCE((s.value ->> 'clock'::text), 'run'::text) AS clock
   FROM (viertakt.kind_version k
     CROSS JOIN LATERAL jsonb_each((k.document -> 'stages'::text)) s(key, value));

COMMENT ON VIEW reporting.stages IS 'The stages of every version of every kind.';

COMMENT ON COLUMN reporting.stages.kind IS 'the kind''s name';

COMMENT ON COLUMN reporting.stages.version IS 'the kind''s version';

COMMENT ON COLUMN reporting.stages.stage IS 'its name';

COMMENT ON COLUMN reporting.stages.status IS 'the status it gives: pending, success, error or rejected';

COMMENT ON COLUMN reporting.stages.waiting_on IS 'who or what acts next there';

COMMENT ON COLUMN reporting.stages.label_en IS 'what people read, in English';

COMMENT ON COLUMN reporting.stages.label_nl IS 'what people read, in Dutch';

COMMENT ON COLUMN reporting.stages.final IS 'no, provisional (a bank may still take it back) or yes';

COMMENT ON COLUMN reporting.stages.clock IS 'run, or pause: whether time there counts against the organisation';

CREATE TABLE viertakt.status_tally (
    grain text NOT NULL,
    bucket timestamp with time zone NOT NULL,
    kind text NOT NULL,
    stage text NOT NULL,
    status text NOT NULL,
    brand text,
    currency text,
    dimensions jsonb DEFAULT '{}'::jsonb NOT NULL,
    count bigint NOT NULL,
    amount numeric DEFAULT 0 NOT NULL
)
WITH (fillfactor='70');

CREATE VIEW reporting.status_counts WITH (security_barrier='true') AS
 WITH personal AS MATERIALIZED (
         SELECT p_1.kind,
            p_1.names
           FROM viertakt.personal_attributes p_1
        )
 SELECT ((t.bucket AT TIME ZONE i.zone))::date AS created_on,
    t.kind,
    t.stage,
    t.status,
    t.brand,
    t.currency,
    (t.dimensions - COALESCE(p.names, '{}'::text[])) AS dimensions,
    t.count,
    t.amount
   FROM ((viertakt.status_tally t
     CROSS JOIN viertakt.installation i)
     LEFT JOIN personal p ON ((p.kind = t.kind)))
  WHERE ((t.grain = 'day'::text) AND ((t.count <> 0) OR (t.amount <> (0)::numeric)) AND (((( SELECT r.stages
           FROM viertakt.restricted r) -> t.kind) ? t.stage) IS NOT TRUE));

COMMENT ON VIEW reporting.status_counts IS 'How many operations stand where now, by the day they were opened.';

COMMENT ON COLUMN reporting.status_counts.created_on IS 'the organisation''s day on which they were opened';

COMMENT ON COLUMN reporting.status_counts.kind IS 'their kind';

COMMENT ON COLUMN reporting.status_counts.stage IS 'where they stand';

COMMENT ON COLUMN reporting.status_counts.status IS 'their status';

COMMENT ON COLUMN reporting.status_counts.brand IS 'their brand';

COMMENT ON COLUMN reporting.status_counts.currency IS 'the currency of `amount`, ISO 4217';

COMMENT ON COLUMN reporting.status_counts.dimensions IS 'values of the attributes that the kind counts by, at most two';

COMMENT ON COLUMN reporting.status_counts.count IS 'how many operations';

COMMENT ON COLUMN reporting.status_counts.amount IS 'their worth together, in units of `currency`';

CREATE TABLE viertakt.stay (
    operation_id uuid NOT NULL,
    ordinal integer NOT NULL,
    kind text NOT NULL,
    stage text NOT NULL,
    status text NOT NULL,
    entered_at timestamp with time zone NOT NULL,
    entered_position bigint NOT NULL,
    left_at timestamp with time zone,
    left_position bigint,
    next_stage text,
    next_status text,
    CONSTRAINT stay_ends_as_a_whole CHECK ((((left_at IS NULL) = (next_stage IS NULL)) AND ((left_at IS NULL) = (left_position IS NULL)))),
    CONSTRAINT stay_ordinal_is_positive CHECK ((ordinal > 0))
)
PARTITION BY RANGE (operation_id);

CREATE VIEW reporting.stays WITH (security_barrier='true') AS
 SELECT operation_id,
    ordinal,
    kind,
    stage,
    status,
    entered_at,
    left_at,
        CASE
            WHEN (((( SELECT r.stages
               FROM viertakt.restricted r) -> kind) ? next_stage) IS NOT TRUE) THEN next_stage
            ELSE NULL::text
        END AS next_stage,
        CASE
            WHEN (left_at IS NOT NULL) THEN GREATEST(EXTRACT(epoch FROM (left_at - entered_at)), (0)::numeric)
            ELSE NULL::numeric
        END AS seconds,
    entered_position,
    left_position
   FROM viertakt.stay s
  WHERE (((( SELECT r.stages
           FROM viertakt.restricted r) -> kind) ? stage) IS NOT TRUE);

COMMENT ON VIEW reporting.stays IS 'Each time an operation is or was in a stage, one row.';

COMMENT ON COLUMN reporting.stays.operation_id IS 'the operation';

COMMENT ON COLUMN reporting.stays.ordinal IS 'orders the stays of one operation; numbers may be skipped';

COMMENT ON COLUMN reporting.stays.kind IS 'the operation''s kind';

COMMENT ON COLUMN reporting.stays.stage IS 'the stage it was in';

COMMENT ON COLUMN reporting.stays.status IS 'the status of that stage';

COMMENT ON COLUMN reporting.stays.entered_at IS 'when it came';

COMMENT ON COLUMN reporting.stays.left_at IS 'when it left; absent while it is there';

COMMENT ON COLUMN reporting.stays.next_stage IS 'where it went';

COMMENT ON COLUMN reporting.stays.seconds IS 'how long it stayed, in seconds by the clock; absent while it is there';

COMMENT ON COLUMN reporting.stays.entered_position IS 'the position in `moves` at which it came';

COMMENT ON COLUMN reporting.stays.left_position IS 'the position in `moves` at which it left';

CREATE TABLE viertakt.access_change (
    change_id bigint NOT NULL,
    at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    actor text NOT NULL,
    sort text NOT NULL,
    grant_id bigint,
    reason text,
    about text,
    operation_id uuid,
    detail jsonb
);

ALTER TABLE viertakt.access_change ALTER COLUMN change_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME viertakt.access_change_change_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE viertakt.access_grant (
    grant_id bigint NOT NULL,
    role text,
    kinds text[] DEFAULT '{}'::text[] NOT NULL,
    may text[] NOT NULL,
    where_ text DEFAULT ''::text NOT NULL,
    amount_max jsonb,
    brought_by text,
    created_by text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    revoked_by text,
    revoked_at timestamp with time zone,
    actor text,
    CONSTRAINT amount_max_is_by_currency CHECK ((jsonb_typeof(amount_max) = 'object'::text)),
    CONSTRAINT grant_says_what CHECK ((cardinality(may) > 0)),
    CONSTRAINT revoked_grant_says_by_whom CHECK (((revoked_at IS NULL) = (revoked_by IS NULL)))
);

ALTER TABLE viertakt.access_grant ALTER COLUMN grant_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME viertakt.access_grant_grant_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE viertakt.access_request (
    request_id bigint NOT NULL,
    asked jsonb NOT NULL,
    asked_by text NOT NULL,
    asked_at timestamp with time zone DEFAULT now() NOT NULL,
    reason text,
    state text DEFAULT 'open'::text NOT NULL,
    settled_by text,
    settled_at timestamp with time zone,
    CONSTRAINT request_state_is_known CHECK ((state = ANY (ARRAY['open'::text, 'made'::text, 'declined'::text, 'withdrawn'::text]))),
    CONSTRAINT second_person_is_another CHECK (((state <> ALL (ARRAY['made'::text, 'declined'::text])) OR (settled_by <> asked_by))),
    CONSTRAINT settled_request_says_by_whom CHECK ((((state = 'open'::text) = (settled_by IS NULL)) AND ((state = 'open'::text) = (settled_at IS NULL))))
);

ALTER TABLE viertakt.access_request ALTER COLUMN request_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME viertakt.access_request_request_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE viertakt.actor (
    actor text NOT NULL,
    name text NOT NULL,
    access_version integer DEFAULT 1 NOT NULL,
    active boolean DEFAULT true NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT actor_is_person_token_or_system CHECK ((actor ~ '^(person|token|system):.+'::text))
);

CREATE TABLE viertakt.actor_role (
    actor text NOT NULL,
    role text NOT NULL
);

CREATE TABLE viertakt.alert_limit (
    limit_id uuid NOT NULL,
    measure text NOT NULL,
    direction text NOT NULL,
    kind text,
    brand text,
    stage text,
    bound double precision NOT NULL,
    window_minutes integer NOT NULL,
    at_least integer DEFAULT 1 NOT NULL,
    set_by text NOT NULL,
    set_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    ended_by text,
    ended_at timestamp with time zone,
    attribute text,
    provider text,
    CONSTRAINT limit_counts_from_one CHECK ((at_least > 0)),
    CONSTRAINT limit_direction_is_known CHECK ((direction = ANY (ARRAY['above'::text, 'below'::text]))),
    CONSTRAINT limit_is_ended_by_somebody CHECK (((ended_at IS NULL) = (ended_by IS NULL))),
    CONSTRAINT limit_is_no_less_than_nothing CHECK ((bound >= (0)::double precision)),
    CONSTRAINT limit_looks_back CHECK (((window_minutes >= 5) AND (window_minutes <= 1440))),
    CONSTRAINT limit_measure_is_known CHECK ((measure = ANY (ARRAY['created'::text, 'ended'::text, 'errors'::text, 'rejections'::text, 'backlog'::text, 'stage_time'::text, 'silence'::text]))),
    CONSTRAINT limit_on_ages_names_a_kind CHECK (((kind IS NOT NULL) OR (measure <> ALL (ARRAY['backlog'::text, 'stage_time'::text, 'silence'::text]))))
);

CREATE TABLE viertakt.alert_look (
    one boolean DEFAULT true NOT NULL,
    looked_at timestamp with time zone NOT NULL,
    CONSTRAINT there_is_one_look CHECK (one)
);

CREATE TABLE viertakt.alias (
    scheme text NOT NULL,
    value text NOT NULL,
    operation_id uuid NOT NULL
);

CREATE TABLE viertakt.approval (
    operation_id uuid NOT NULL,
    asked_seq bigint NOT NULL,
    version integer NOT NULL,
    transition text NOT NULL,
    reason text,
    asked_by text NOT NULL,
    asked_at timestamp with time zone NOT NULL,
    state text DEFAULT 'open'::text NOT NULL,
    settled_by text,
    settled_at timestamp with time zone,
    expires_at timestamp with time zone,
    leased_until timestamp with time zone,
    CONSTRAINT settled_approval_says_when CHECK (((state = 'open'::text) = (settled_at IS NULL)))
);

CREATE TABLE viertakt.assignment (
    operation_id uuid NOT NULL,
    assignee text,
    claimed_by text,
    lease_until timestamp with time zone,
    queue uuid,
    snoozed_until timestamp with time zone,
    priority integer DEFAULT 0 NOT NULL,
    CONSTRAINT claim_has_a_lease CHECK (((claimed_by IS NULL) = (lease_until IS NULL))),
    CONSTRAINT priority_is_one_of_four CHECK (((priority >= '-1'::integer) AND (priority <= 2)))
)
WITH (fillfactor='85');

CREATE TABLE viertakt.bulk_consent (
    bulk_id uuid NOT NULL,
    actor text NOT NULL,
    granted_by text NOT NULL,
    at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    on_behalf_of text
);

CREATE TABLE viertakt.bulk_item (
    bulk_id uuid NOT NULL,
    n integer NOT NULL,
    operation_id uuid NOT NULL,
    version integer NOT NULL,
    state text DEFAULT 'waiting'::text NOT NULL,
    code text,
    detail text,
    entry_seq bigint,
    moved_version integer,
    attempt integer DEFAULT 0 NOT NULL,
    leased_until timestamp with time zone,
    settled_at timestamp with time zone,
    before jsonb,
    CONSTRAINT bulk_item_state_is_known CHECK ((state = ANY (ARRAY['waiting'::text, 'done'::text, 'asked'::text, 'skipped'::text, 'failed'::text])))
)
WITH (fillfactor='70');

CREATE TABLE viertakt.bulk_job (
    bulk_id uuid NOT NULL,
    state text DEFAULT 'ready'::text NOT NULL,
    transition text,
    reason text,
    comment text,
    undoes uuid,
    query text,
    scope jsonb NOT NULL,
    asked_by text NOT NULL,
    asked_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    preview jsonb NOT NULL,
    needs jsonb NOT NULL,
    total integer NOT NULL,
    affected integer NOT NULL,
    done integer DEFAULT 0 NOT NULL,
    asked integer DEFAULT 0 NOT NULL,
    skipped integer DEFAULT 0 NOT NULL,
    failed integer DEFAULT 0 NOT NULL,
    worked_seconds double precision DEFAULT 0 NOT NULL,
    starts_at timestamp with time zone,
    ended_at timestamp with time zone,
    said text,
    key text,
    body_digest text,
    verb text DEFAULT 'move'::text NOT NULL,
    work jsonb,
    waits_until timestamp with time zone,
    parts jsonb,
    CONSTRAINT bulk_state_is_known CHECK ((state = ANY (ARRAY['ready'::text, 'waiting'::text, 'running'::text, 'paused'::text, 'done'::text, 'cancelled'::text, 'declined'::text]))),
    CONSTRAINT running_job_says_since_when CHECK (((state <> 'running'::text) OR (starts_at IS NOT NULL)))
);

CREATE TABLE viertakt.calendar (
    calendar text NOT NULL,
    document jsonb NOT NULL,
    changed_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT calendar_has_a_plain_name CHECK ((calendar ~ '^[a-z][a-z0-9_]{0,62}$'::text))
);

CREATE TABLE viertakt.check_run (
    operation_id uuid NOT NULL,
    version integer NOT NULL,
    sort text NOT NULL,
    kind text NOT NULL,
    kind_version integer NOT NULL,
    stage text NOT NULL,
    outside boolean NOT NULL,
    state text DEFAULT 'due'::text NOT NULL,
    due_at timestamp with time zone NOT NULL,
    attempt integer DEFAULT 0 NOT NULL,
    tries integer DEFAULT 0 NOT NULL,
    fenced integer DEFAULT 0 NOT NULL,
    found jsonb DEFAULT '[]'::jsonb NOT NULL,
    said text,
    verdict text,
    started_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    settled_at timestamp with time zone,
    CONSTRAINT check_run_sort_is_known CHECK ((sort = ANY (ARRAY['checks'::text, 're_ask'::text]))),
    CONSTRAINT check_run_state_is_known CHECK ((state = ANY (ARRAY['due'::text, 'later'::text, 'done'::text, 'void'::text, 'refused'::text]))),
    CONSTRAINT settled_check_run_says_when CHECK (((state = ANY (ARRAY['done'::text, 'void'::text, 'refused'::text])) = (settled_at IS NOT NULL)))
)
WITH (fillfactor='60');

CREATE TABLE viertakt.check_setting (
    setting_id bigint NOT NULL,
    kind text NOT NULL,
    check_name text NOT NULL,
    setting jsonb NOT NULL,
    reason text NOT NULL,
    asked_by text NOT NULL,
    asked_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    state text DEFAULT 'open'::text NOT NULL,
    settled_by text,
    settled_at timestamp with time zone,
    CONSTRAINT check_setting_is_made_by_another CHECK (((state <> ALL (ARRAY['made'::text, 'declined'::text])) OR (settled_by <> asked_by))),
    CONSTRAINT check_setting_is_settled_by_somebody CHECK ((((state = 'open'::text) = (settled_by IS NULL)) AND ((state = 'open'::text) = (settled_at IS NULL)))),
    CONSTRAINT check_setting_state_is_known CHECK ((state = ANY (ARRAY['open'::text, 'made'::text, 'declined'::text, 'withdrawn'::text])))
);

ALTER TABLE viertakt.check_setting ALTER COLUMN setting_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME viertakt.check_setting_setting_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE viertakt.check_target (
    target text NOT NULL,
    failures integer DEFAULT 0 NOT NULL,
    rests_until timestamp with time zone,
    failed_at timestamp with time zone,
    said text
)
WITH (fillfactor='60');

CREATE TABLE viertakt.consent (
    operation_id uuid NOT NULL,
    asked_seq bigint NOT NULL,
    actor text NOT NULL,
    granted_by text NOT NULL,
    at timestamp with time zone NOT NULL,
    on_behalf_of text
);

CREATE TABLE viertakt.deadline_attempt (
    operation_id uuid NOT NULL,
    version integer NOT NULL,
    attempt integer DEFAULT 1 NOT NULL,
    leased_until timestamp with time zone NOT NULL,
    refused text,
    CONSTRAINT deadline_attempt_is_positive CHECK ((attempt > 0))
)
WITH (fillfactor='50');

CREATE TABLE viertakt.deadline_pause (
    paused_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    cause text NOT NULL,
    paused_by text NOT NULL,
    jumped interval,
    resumed_at timestamp with time zone,
    resumed_by text,
    CONSTRAINT pause_has_a_known_cause CHECK ((cause = ANY (ARRAY['clock'::text, 'hand'::text]))),
    CONSTRAINT pause_is_ended_by_somebody CHECK (((resumed_at IS NULL) = (resumed_by IS NULL)))
);

CREATE TABLE viertakt.delegation (
    delegation_id bigint NOT NULL,
    person text NOT NULL,
    stand_in text NOT NULL,
    absent boolean NOT NULL,
    from_at timestamp with time zone NOT NULL,
    until_at timestamp with time zone NOT NULL,
    said_by text NOT NULL,
    said_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    ended_by text,
    ended_at timestamp with time zone,
    CONSTRAINT delegation_ends_after_it_begins CHECK ((until_at > from_at)),
    CONSTRAINT ended_delegation_says_by_whom CHECK (((ended_at IS NULL) = (ended_by IS NULL))),
    CONSTRAINT stand_in_is_another CHECK ((stand_in <> person))
);

ALTER TABLE viertakt.delegation ALTER COLUMN delegation_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME viertakt.delegation_delegation_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE viertakt.delivery (
    delivery_id uuid NOT NULL,
    channel text NOT NULL,
    endpoint text NOT NULL,
    topic text NOT NULL,
    number bigint,
    content jsonb,
    secret text NOT NULL,
    state text DEFAULT 'waiting'::text NOT NULL,
    due_at timestamp with time zone NOT NULL,
    attempt integer DEFAULT 0 NOT NULL,
    leased_until timestamp with time zone,
    made_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    settled_at timestamp with time zone,
    CONSTRAINT channel_is_known CHECK ((channel = ANY (ARRAY['mail'::text, 'webhook'::text, 'chat'::text]))),
    CONSTRAINT delivery_state_is_known CHECK ((state = ANY (ARRAY['waiting'::text, 'done'::text, 'failed'::text, 'dropped'::text]))),
    CONSTRAINT settled_delivery_says_when CHECK (((state = 'waiting'::text) = (settled_at IS NULL)))
)
WITH (fillfactor='70');

CREATE TABLE viertakt.delivery_attempt (
    delivery_id uuid NOT NULL,
    attempt integer NOT NULL,
    at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    milliseconds integer NOT NULL,
    outcome text NOT NULL,
    said text
);

CREATE TABLE viertakt.endpoint_attempt (
    endpoint_id uuid NOT NULL,
    number bigint NOT NULL,
    attempt integer NOT NULL,
    at timestamp with time zone NOT NULL,
    milliseconds integer NOT NULL,
    status integer,
    failure text,
    excerpt text
);

CREATE TABLE viertakt.endpoint_delivery (
    endpoint_id uuid NOT NULL,
    number bigint NOT NULL,
    delivery_id uuid NOT NULL,
    operation_id uuid,
    entry_seq bigint,
    "position" bigint,
    type text NOT NULL,
    state text DEFAULT 'waiting'::text NOT NULL,
    due_at timestamp with time zone,
    tries integer DEFAULT 0 NOT NULL,
    attempt integer DEFAULT 0 NOT NULL,
    made_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    settled_at timestamp with time zone,
    topic text,
    content jsonb,
    alert_id uuid,
    CONSTRAINT endpoint_delivery_state_is_known CHECK ((state = ANY (ARRAY['waiting'::text, 'done'::text, 'failed'::text, 'dropped'::text]))),
    CONSTRAINT settled_endpoint_delivery_is_not_due CHECK (((state = 'waiting'::text) OR (due_at IS NULL))),
    CONSTRAINT settled_endpoint_delivery_says_when CHECK (((state = 'waiting'::text) = (settled_at IS NULL)))
)
WITH (fillfactor='70');

CREATE TABLE viertakt.endpoint_secret (
    secret_id uuid NOT NULL,
    endpoint_id uuid NOT NULL,
    sealed bytea NOT NULL,
    added_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    ends_at timestamp with time zone
);

CREATE TABLE viertakt.entry_default (
    operation_id uuid CONSTRAINT entry_operation_id_not_null NOT NULL,
    entry_seq bigint DEFAULT nextval('viertakt.entry_seq'::regclass) CONSTRAINT entry_entry_seq_not_null NOT NULL,
    xid xid8 DEFAULT pg_current_xact_id() CONSTRAINT entry_xid_not_null NOT NULL,
    version integer,
    sort text CONSTRAINT entry_sort_not_null NOT NULL,
    transition text,
    from_stage text,
    from_status text,
    to_stage text,
    to_status text,
    actor text CONSTRAINT entry_actor_not_null NOT NULL,
    granted_by text,
    cause text CONSTRAINT entry_cause_not_null NOT NULL,
    reason text,
    data jsonb,
    commitments jsonb,
    key text,
    body_digest text,
    request_id text,
    database_role text DEFAULT SESSION_USER CONSTRAINT entry_database_role_not_null NOT NULL,
    at timestamp with time zone CONSTRAINT entry_at_not_null NOT NULL,
    recorded_at timestamp with time zone DEFAULT clock_timestamp() CONSTRAINT entry_recorded_at_not_null NOT NULL,
    CONSTRAINT only_changes_carry_a_version CHECK (((version IS NOT NULL) = (sort = ANY (ARRAY['opened'::text, 'moved'::text, 'amended'::text]))))
);
ALTER TABLE ONLY viertakt.entry_default ALTER COLUMN xid SET (n_distinct=-0.5);

CREATE TABLE viertakt.epoch (
    epoch integer NOT NULL,
    first_position bigint NOT NULL,
    system_identifier bigint NOT NULL,
    timeline integer NOT NULL,
    seq_floor bigint NOT NULL,
    started_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT epoch_is_positive CHECK ((epoch > 0))
);

CREATE TABLE viertakt.family_due (
    operation_id uuid NOT NULL,
    news integer DEFAULT 1 NOT NULL,
    attempt integer DEFAULT 0 NOT NULL,
    leased_until timestamp with time zone,
    refused text,
    noted_at timestamp with time zone DEFAULT now() NOT NULL
)
WITH (fillfactor='50');

CREATE TABLE viertakt.follower (
    name text NOT NULL,
    "position" bigint DEFAULT 0 NOT NULL
)
WITH (fillfactor='10');

CREATE TABLE viertakt.frozen_report (
    frozen_report_id uuid NOT NULL,
    report text NOT NULL,
    title text NOT NULL,
    asked jsonb NOT NULL,
    epoch integer NOT NULL,
    "position" bigint NOT NULL,
    answer jsonb NOT NULL,
    frozen_by text NOT NULL,
    frozen_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT frozen_report_has_a_title CHECK ((title <> ''::text))
);

CREATE TABLE viertakt.hold (
    hold_id uuid NOT NULL,
    query text NOT NULL,
    held_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    released_from timestamp with time zone,
    per_minute integer,
    released_at timestamp with time zone,
    asked_until timestamp with time zone,
    resumed_at timestamp with time zone,
    CONSTRAINT hold_finds_something_named CHECK ((query <> ''::text)),
    CONSTRAINT hold_is_let_go_at_a_rate CHECK ((per_minute > 0)),
    CONSTRAINT hold_is_let_go_before_it_is_over CHECK (((released_at IS NULL) OR (released_from IS NOT NULL))),
    CONSTRAINT hold_says_at_what_rate CHECK (((released_from IS NULL) = (per_minute IS NULL)))
);

CREATE TABLE viertakt.hold_extended (
    hold_id uuid NOT NULL,
    operation_id uuid NOT NULL,
    upto timestamp with time zone NOT NULL
);

CREATE TABLE viertakt.hour_tally (
    measure text NOT NULL,
    bucket timestamp with time zone NOT NULL,
    kind text NOT NULL,
    count bigint NOT NULL,
    quarters numeric NOT NULL,
    CONSTRAINT hours_are_of_openings_or_moves CHECK ((measure = ANY (ARRAY['opened'::text, 'moved'::text])))
)
WITH (fillfactor='70');

COMMENT ON TABLE viertakt.hour_tally IS 'openings, and all moves with them, by day and quarter of an hour';

CREATE TABLE viertakt.identity (
    issuer text NOT NULL,
    subject text NOT NULL,
    actor text NOT NULL,
    manages_roles boolean NOT NULL,
    linked_at timestamp with time zone DEFAULT now() NOT NULL,
    used_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE viertakt.incident (
    incident_id uuid NOT NULL,
    title text NOT NULL,
    query text NOT NULL,
    opened_by text NOT NULL,
    opened_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    hold_id uuid,
    closed_by text,
    closed_at timestamp with time zone,
    CONSTRAINT incident_finds_something_named CHECK ((query <> ''::text)),
    CONSTRAINT incident_has_a_title CHECK (((length(title) >= 1) AND (length(title) <= 200))),
    CONSTRAINT incident_is_closed_by_somebody CHECK (((closed_at IS NULL) = (closed_by IS NULL)))
);

CREATE TABLE viertakt.incident_event (
    incident_id uuid NOT NULL,
    event_id bigint NOT NULL,
    at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    actor text NOT NULL,
    sort text NOT NULL,
    comment text,
    alert_id uuid,
    per_minute integer,
    CONSTRAINT incident_comment_is_short CHECK (((length(comment) >= 1) AND (length(comment) <= 2000))),
    CONSTRAINT incident_event_sort_is_known CHECK ((sort = ANY (ARRAY['opened'::text, 'paused'::text, 'alert_added'::text, 'noted'::text, 'released'::text, 'resumed'::text, 'closed'::text])))
);

ALTER TABLE viertakt.incident_event ALTER COLUMN event_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME viertakt.incident_event_event_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE viertakt.journal_0 (
    "position" bigint CONSTRAINT journal_position_not_null NOT NULL,
    operation_id uuid CONSTRAINT journal_operation_id_not_null NOT NULL,
    entry_seq bigint CONSTRAINT journal_entry_seq_not_null NOT NULL,
    CONSTRAINT journal_position_is_positive CHECK (("position" > 0))
);

CREATE TABLE viertakt.journal_1 (
    "position" bigint CONSTRAINT journal_position_not_null NOT NULL,
    operation_id uuid CONSTRAINT journal_operation_id_not_null NOT NULL,
    entry_seq bigint CONSTRAINT journal_entry_seq_not_null NOT NULL,
    CONSTRAINT journal_position_is_positive CHECK (("position" > 0))
);

CREATE TABLE viertakt.journal_2 (
    "position" bigint CONSTRAINT journal_position_not_null NOT NULL,
    operation_id uuid CONSTRAINT journal_operation_id_not_null NOT NULL,
    entry_seq bigint CONSTRAINT journal_entry_seq_not_null NOT NULL,
    CONSTRAINT journal_position_is_positive CHECK (("position" > 0))
);

CREATE TABLE viertakt.journal_3 (
    "position" bigint CONSTRAINT journal_position_not_null NOT NULL,
    operation_id uuid CONSTRAINT journal_operation_id_not_null NOT NULL,
    entry_seq bigint CONSTRAINT journal_entry_seq_not_null NOT NULL,
    CONSTRAINT journal_position_is_positive CHECK (("position" > 0))
);

CREATE TABLE viertakt.journal_default (
    "position" bigint CONSTRAINT journal_position_not_null NOT NULL,
    operation_id uuid CONSTRAINT journal_operation_id_not_null NOT NULL,
    entry_seq bigint CONSTRAINT journal_entry_seq_not_null NOT NULL,
    CONSTRAINT journal_position_is_positive CHECK (("position" > 0))
);

CREATE TABLE viertakt.migration (
    name text NOT NULL,
    checksum text NOT NULL,
    applied_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);

CREATE TABLE viertakt.move_tally (
    grain text NOT NULL,
    bucket timestamp with time zone NOT NULL,
    kind text NOT NULL,
    transition text NOT NULL,
    cause text NOT NULL,
    count bigint NOT NULL,
    CONSTRAINT move_grain_is_day_or_hour CHECK ((grain = ANY (ARRAY['day'::text, 'hour'::text])))
)
WITH (fillfactor='70');

CREATE TABLE viertakt.mute (
    actor text NOT NULL,
    about text NOT NULL,
    muted_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT operation_or_kind_is_muted CHECK ((about ~ '^(operation|kind):.+'::text))
);

CREATE TABLE viertakt.notice (
    notice_id bigint NOT NULL,
    actor text NOT NULL,
    operation_id uuid NOT NULL,
    entry_seq bigint NOT NULL,
    event text NOT NULL,
    why jsonb NOT NULL,
    console boolean NOT NULL,
    delivery_id uuid,
    told_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    done_at timestamp with time zone,
    snoozed_until timestamp with time zone
)
WITH (fillfactor='85');

ALTER TABLE viertakt.notice ALTER COLUMN notice_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME viertakt.notice_notice_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE viertakt.notice_setting (
    actor text NOT NULL,
    zone text DEFAULT 'UTC'::text NOT NULL,
    quiet_from time without time zone,
    quiet_until time without time zone,
    digest_at time without time zone DEFAULT '08:00:00'::time without time zone NOT NULL,
    changed_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT quiet_hours_begin_and_end CHECK (((quiet_from IS NULL) = (quiet_until IS NULL)))
);

CREATE TABLE viertakt.operation_default (
    operation_id uuid CONSTRAINT operation_operation_id_not_null NOT NULL,
    kind text CONSTRAINT operation_kind_not_null NOT NULL,
    kind_version integer CONSTRAINT operation_kind_version_not_null NOT NULL,
    reference text CONSTRAINT operation_reference_not_null NOT NULL,
    subject text,
    brand text,
    amount numeric,
    currency text,
    attributes jsonb DEFAULT '{}'::jsonb CONSTRAINT operation_attributes_not_null NOT NULL,
    tags text[] DEFAULT '{}'::text[] CONSTRAINT operation_tags_not_null NOT NULL,
    parent_id uuid,
    stage text CONSTRAINT operation_stage_not_null NOT NULL,
    status text CONSTRAINT operation_status_not_null NOT NULL,
    waiting_on text,
    version integer CONSTRAINT operation_version_not_null NOT NULL,
    contradiction boolean DEFAULT false CONSTRAINT operation_contradiction_not_null NOT NULL,
    created_at timestamp with time zone CONSTRAINT operation_created_at_not_null NOT NULL,
    entered_at timestamp with time zone CONSTRAINT operation_entered_at_not_null NOT NULL,
    changed_at timestamp with time zone CONSTRAINT operation_changed_at_not_null NOT NULL,
    closed_at timestamp with time zone,
    deadline_at timestamp with time zone,
    CONSTRAINT amount_comes_with_its_currency CHECK (((amount IS NULL) = (currency IS NULL))),
    CONSTRAINT currency_is_a_three_letter_code CHECK ((currency ~ '^[A-Z]{3}$'::text)),
    CONSTRAINT final_operation_has_closed_at CHECK (((status = 'pending'::text) = (closed_at IS NULL))),
    CONSTRAINT operation_version_is_positive CHECK ((version > 0)),
    CONSTRAINT status_is_one_of_four CHECK ((status = ANY (ARRAY['pending'::text, 'success'::text, 'error'::text, 'rejected'::text])))
)
WITH (fillfactor='85');

CREATE TABLE viertakt.person (
    actor text NOT NULL,
    email text NOT NULL,
    password_hash text,
    language text DEFAULT 'en'::text NOT NULL,
    last_seen_at timestamp with time zone,
    password_ends_at timestamp with time zone,
    CONSTRAINT language_is_spoken_here CHECK ((language = ANY (ARRAY['en'::text, 'nl'::text])))
);

CREATE TABLE viertakt.person_tally (
    grain text NOT NULL,
    bucket timestamp with time zone NOT NULL,
    actor text NOT NULL,
    kind text NOT NULL,
    transition text NOT NULL,
    count bigint NOT NULL,
    CONSTRAINT person_grain_is_day_or_month CHECK ((grain = ANY (ARRAY['day'::text, 'month'::text])))
)
WITH (fillfactor='70');

CREATE UNLOGGED TABLE viertakt.presence (
    operation_id uuid NOT NULL,
    actor text NOT NULL,
    writing boolean NOT NULL,
    seen_at timestamp with time zone NOT NULL
);

CREATE TABLE viertakt.promise_default (
    operation_id uuid CONSTRAINT promise_operation_id_not_null NOT NULL,
    target text CONSTRAINT promise_target_not_null NOT NULL,
    ordinal integer CONSTRAINT promise_ordinal_not_null NOT NULL,
    kind text CONSTRAINT promise_kind_not_null NOT NULL,
    brand text,
    standing text CONSTRAINT promise_standing_not_null NOT NULL,
    began_at timestamp with time zone CONSTRAINT promise_began_at_not_null NOT NULL,
    seconds numeric CONSTRAINT promise_seconds_not_null NOT NULL,
    risk_at timestamp with time zone,
    due_at timestamp with time zone,
    decided_at timestamp with time zone,
    CONSTRAINT promise_is_decided_at_a_moment CHECK (((standing = ANY (ARRAY['kept'::text, 'missed'::text])) = (decided_at IS NOT NULL))),
    CONSTRAINT promise_ordinal_is_positive CHECK ((ordinal > 0)),
    CONSTRAINT promise_standing_is_known CHECK ((standing = ANY (ARRAY['running'::text, 'paused'::text, 'kept'::text, 'missed'::text, 'dropped'::text])))
)
WITH (fillfactor='90');

CREATE TABLE viertakt.promise_step (
    operation_id uuid NOT NULL,
    target text NOT NULL,
    ordinal integer NOT NULL,
    step text NOT NULL,
    due_at timestamp with time zone,
    told_at timestamp with time zone,
    CONSTRAINT promise_step_is_known CHECK ((step = ANY (ARRAY['warned'::text, 'breached'::text])))
)
WITH (fillfactor='80');

CREATE TABLE viertakt.provider_pulse (
    bucket timestamp with time zone NOT NULL,
    kind text NOT NULL,
    attribute text NOT NULL,
    provider text NOT NULL,
    created bigint NOT NULL,
    success bigint NOT NULL,
    error bigint NOT NULL,
    rejected bigint NOT NULL,
    reported bigint NOT NULL
)
WITH (fillfactor='70');

CREATE TABLE viertakt.pulse (
    bucket timestamp with time zone NOT NULL,
    kind text NOT NULL,
    brand text NOT NULL,
    created bigint NOT NULL,
    success bigint NOT NULL,
    error bigint NOT NULL,
    rejected bigint NOT NULL,
    reported bigint DEFAULT 0 NOT NULL
)
WITH (fillfactor='70');

CREATE TABLE viertakt.reason_tally (
    bucket timestamp with time zone NOT NULL,
    kind text NOT NULL,
    status text NOT NULL,
    reason text NOT NULL,
    count bigint NOT NULL
)
WITH (fillfactor='70');

CREATE TABLE viertakt.recovery_code (
    actor text NOT NULL,
    code_hash bytea NOT NULL,
    used_at timestamp with time zone
);

CREATE TABLE viertakt.report_schedule (
    schedule_id uuid NOT NULL,
    reader text NOT NULL,
    report text NOT NULL,
    query text DEFAULT ''::text NOT NULL,
    format text NOT NULL,
    every text NOT NULL,
    at time without time zone NOT NULL,
    zone text NOT NULL,
    next_at timestamp with time zone NOT NULL,
    sent_at timestamp with time zone,
    created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    ended_at timestamp with time zone,
    CONSTRAINT report_schedule_format_is_known CHECK ((format = ANY (ARRAY['csv'::text, 'xlsx'::text]))),
    CONSTRAINT report_schedule_pace_is_known CHECK ((every = ANY (ARRAY['day'::text, 'week'::text, 'month'::text])))
);

CREATE TABLE viertakt.restricted_stage (
    kind text NOT NULL,
    stage text NOT NULL
);

CREATE TABLE viertakt.role (
    role text NOT NULL,
    label jsonb NOT NULL,
    made_by text,
    removed_at timestamp with time zone,
    second_factor boolean DEFAULT false NOT NULL
);

CREATE TABLE viertakt.second_factor (
    actor text NOT NULL,
    sealed_secret bytea NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    confirmed_at timestamp with time zone,
    last_step bigint DEFAULT 0 NOT NULL
);

CREATE TABLE viertakt.sequencer (
    one boolean DEFAULT true NOT NULL,
    "position" bigint DEFAULT 0 NOT NULL,
    seen pg_snapshot,
    target pg_snapshot,
    cut bigint,
    worked_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT cut_comes_with_its_target CHECK (((target IS NULL) = (cut IS NULL))),
    CONSTRAINT sequencer_is_one CHECK (one)
)
WITH (fillfactor='10');

CREATE TABLE viertakt.session (
    secret_hash bytea NOT NULL,
    actor text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    seen_at timestamp with time zone DEFAULT now() NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    session_id uuid DEFAULT gen_random_uuid() NOT NULL,
    proved_at timestamp with time zone DEFAULT now() NOT NULL,
    method text DEFAULT 'password'::text NOT NULL,
    address text,
    client text,
    eyes text,
    eyes_until timestamp with time zone
);

CREATE TABLE viertakt.sign_in_brake (
    key_hash bytea NOT NULL,
    failures integer DEFAULT 0 NOT NULL,
    failed_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    locked_until timestamp with time zone
);

CREATE TABLE viertakt.sign_in_event (
    event_id bigint NOT NULL,
    at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    sort text NOT NULL,
    actor text,
    by_actor text,
    method text,
    address text,
    client text,
    detail text
);

ALTER TABLE viertakt.sign_in_event ALTER COLUMN event_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME viertakt.sign_in_event_event_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE viertakt.signal_line (
    operation_id uuid NOT NULL,
    due_at timestamp with time zone,
    rung integer DEFAULT 0 NOT NULL,
    attempt integer DEFAULT 0 NOT NULL,
    leased_until timestamp with time zone
)
WITH (fillfactor='70');

CREATE TABLE viertakt.signal_refused (
    source text NOT NULL,
    day date NOT NULL,
    why text NOT NULL,
    count bigint DEFAULT 0 NOT NULL,
    last_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);

CREATE TABLE viertakt.skip (
    operation_id uuid NOT NULL,
    actor text NOT NULL,
    version integer NOT NULL,
    skipped_at timestamp with time zone NOT NULL
);

CREATE TABLE viertakt.source (
    source text NOT NULL,
    scheme text NOT NULL,
    options jsonb NOT NULL,
    ready text,
    document text,
    mapping jsonb,
    active boolean DEFAULT true NOT NULL,
    changed_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    changed_by text NOT NULL,
    CONSTRAINT own_mapping_is_read CHECK (((document IS NULL) = (mapping IS NULL))),
    CONSTRAINT signature_scheme_is_known CHECK ((scheme = ANY (ARRAY['stripe'::text, 'adyen'::text, 'sumsub'::text, 'onfido'::text, 'veriff'::text, 'standard_webhooks'::text, 'hmac'::text]))),
    CONSTRAINT source_has_one_mapping CHECK (((ready IS NULL) = (document IS NOT NULL))),
    CONSTRAINT source_name_is_plain CHECK ((source ~ '^[a-z][a-z0-9_-]{0,39}$'::text))
);

CREATE TABLE viertakt.source_secret (
    secret_id uuid NOT NULL,
    source text NOT NULL,
    sealed bytea NOT NULL,
    added_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    added_by text NOT NULL
);

CREATE TABLE viertakt.stalled (
    operation_id uuid NOT NULL,
    version integer NOT NULL,
    found_at timestamp with time zone DEFAULT now() NOT NULL
)
WITH (fillfactor='80');

CREATE TABLE viertakt.stay_default (
    operation_id uuid CONSTRAINT stay_operation_id_not_null NOT NULL,
    ordinal integer CONSTRAINT stay_ordinal_not_null NOT NULL,
    kind text CONSTRAINT stay_kind_not_null NOT NULL,
    stage text CONSTRAINT stay_stage_not_null NOT NULL,
    status text CONSTRAINT stay_status_not_null NOT NULL,
    entered_at timestamp with time zone CONSTRAINT stay_entered_at_not_null NOT NULL,
    entered_position bigint CONSTRAINT stay_entered_position_not_null NOT NULL,
    left_at timestamp with time zone,
    left_position bigint,
    next_stage text,
    next_status text,
    CONSTRAINT stay_ends_as_a_whole CHECK ((((left_at IS NULL) = (next_stage IS NULL)) AND ((left_at IS NULL) = (left_position IS NULL)))),
    CONSTRAINT stay_ordinal_is_positive CHECK ((ordinal > 0))
)
WITH (fillfactor='90');

CREATE TABLE viertakt.subject_data (
    operation_id uuid NOT NULL,
    commitment text NOT NULL,
    field text NOT NULL,
    value jsonb NOT NULL,
    salt bytea NOT NULL,
    recorded_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);

CREATE TABLE viertakt.subscription (
    subscription_id uuid NOT NULL,
    subscriber text NOT NULL,
    event text NOT NULL,
    query text DEFAULT ''::text NOT NULL,
    stages text[] DEFAULT '{}'::text[] NOT NULL,
    zone text DEFAULT 'UTC'::text NOT NULL,
    console boolean NOT NULL,
    mail text NOT NULL,
    created_by text NOT NULL,
    created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    changed_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT mail_goes_at_a_known_pace CHECK ((mail = ANY (ARRAY['off'::text, 'at_once'::text, 'hourly'::text, 'daily'::text]))),
    CONSTRAINT subscriber_is_person_or_role CHECK ((subscriber ~ '^(person|role):.+'::text))
);

CREATE TABLE viertakt.subscriptions_changed (
    one boolean DEFAULT true NOT NULL,
    times bigint DEFAULT 0 NOT NULL,
    CONSTRAINT subscriptions_change_in_one_row CHECK (one)
)
WITH (fillfactor='10');

CREATE TABLE viertakt.target_tally (
    grain text NOT NULL,
    bucket timestamp with time zone NOT NULL,
    kind text NOT NULL,
    target text NOT NULL,
    brand text,
    kept bigint NOT NULL,
    missed bigint NOT NULL,
    CONSTRAINT target_grain_is_day_or_hour CHECK ((grain = ANY (ARRAY['day'::text, 'hour'::text])))
)
WITH (fillfactor='70');

CREATE TABLE viertakt.token (
    actor text NOT NULL,
    secret_hash bytea NOT NULL,
    hint text NOT NULL,
    expires_at timestamp with time zone,
    revoked_at timestamp with time zone,
    last_used_at timestamp with time zone,
    issued_by text
);

CREATE TABLE viertakt.view (
    view_id uuid NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    name text NOT NULL,
    query text NOT NULL,
    columns text[],
    sort text,
    density text,
    icon text,
    audience text NOT NULL,
    role text,
    owner text NOT NULL,
    builtin text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    changed_at timestamp with time zone DEFAULT now() NOT NULL,
    used_at timestamp with time zone,
    deleted_at timestamp with time zone,
    CONSTRAINT audience_is_personal_team_or_everyone CHECK ((audience = ANY (ARRAY['personal'::text, 'team'::text, 'everyone'::text]))),
    CONSTRAINT team_view_names_its_role CHECK (((audience = 'team'::text) = (role IS NOT NULL))),
    CONSTRAINT view_has_a_name CHECK ((name <> ''::text)),
    CONSTRAINT view_version_is_positive CHECK ((version > 0))
);

CREATE TABLE viertakt.view_star (
    view_id uuid NOT NULL,
    actor text NOT NULL,
    starred_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE viertakt.way_tally (
    bucket timestamp with time zone NOT NULL,
    kind text NOT NULL,
    from_stage text NOT NULL,
    to_stage text NOT NULL,
    count bigint NOT NULL
)
WITH (fillfactor='70');

CREATE TABLE viertakt.words (
    operation_id uuid NOT NULL,
    words text[] NOT NULL
);

CREATE TABLE viertakt.working_span (
    calendar text NOT NULL,
    opens_at timestamp with time zone NOT NULL,
    closes_at timestamp with time zone NOT NULL,
    seconds_before numeric NOT NULL,
    CONSTRAINT span_is_not_empty CHECK ((opens_at < closes_at))
);

ALTER TABLE ONLY viertakt.entry ATTACH PARTITION viertakt.entry_default DEFAULT;

ALTER TABLE ONLY viertakt.journal ATTACH PARTITION viertakt.journal_0 FOR VALUES FROM ('0') TO ('50000000');

ALTER TABLE ONLY viertakt.journal ATTACH PARTITION viertakt.journal_1 FOR VALUES FROM ('50000000') TO ('100000000');

ALTER TABLE ONLY viertakt.journal ATTACH PARTITION viertakt.journal_2 FOR VALUES FROM ('100000000') TO ('150000000');

ALTER TABLE ONLY viertakt.journal ATTACH PARTITION viertakt.journal_3 FOR VALUES FROM ('150000000') TO ('200000000');

ALTER TABLE ONLY viertakt.journal ATTACH PARTITION viertakt.journal_default DEFAULT;

ALTER TABLE ONLY viertakt.operation ATTACH PARTITION viertakt.operation_default DEFAULT;

ALTER TABLE ONLY viertakt.promise ATTACH PARTITION viertakt.promise_default DEFAULT;

ALTER TABLE ONLY viertakt.stay ATTACH PARTITION viertakt.stay_default DEFAULT;

ALTER TABLE ONLY viertakt.access_change
    ADD CONSTRAINT access_change_pkey PRIMARY KEY (change_id);

ALTER TABLE viertakt.access_change
    ADD CONSTRAINT access_change_sort_is_known CHECK ((sort = ANY (ARRAY['granted'::text, 'revoked'::text, 'person_added'::text, 'roles_set'::text, 'deactivated'::text, 'activated'::text, 'token_issued'::text, 'token_revoked'::text, 'revealed'::text, 'reviewed'::text, 'change_asked'::text, 'change_approved'::text, 'change_declined'::text, 'change_withdrawn'::text, 'role_made'::text, 'role_changed'::text, 'role_removed'::text, 'looked'::text, 'delegated'::text, 'delegation_ended'::text, 'source_set'::text, 'secret_added'::text, 'secret_removed'::text, 'incident_opened'::text, 'incident_paused'::text, 'incident_released'::text, 'incident_closed'::text, 'limit_set'::text, 'limit_ended'::text, 'erased'::text]))) NOT VALID;

ALTER TABLE ONLY viertakt.access_grant
    ADD CONSTRAINT access_grant_pkey PRIMARY KEY (grant_id);

ALTER TABLE ONLY viertakt.access_request
    ADD CONSTRAINT access_request_pkey PRIMARY KEY (request_id);

ALTER TABLE ONLY viertakt.actor
    ADD CONSTRAINT actor_pkey PRIMARY KEY (actor);

ALTER TABLE ONLY viertakt.actor_role
    ADD CONSTRAINT actor_role_pkey PRIMARY KEY (actor, role);

ALTER TABLE ONLY viertakt.alert_limit
    ADD CONSTRAINT alert_limit_pkey PRIMARY KEY (limit_id);

ALTER TABLE ONLY viertakt.alert_look
    ADD CONSTRAINT alert_look_pkey PRIMARY KEY (one);

ALTER TABLE viertakt.alert
    ADD CONSTRAINT alert_measure_is_known CHECK ((measure = ANY (ARRAY['created'::text, 'ended'::text, 'errors'::text, 'rejections'::text, 'backlog'::text, 'stage_time'::text, 'silence'::text]))) NOT VALID;

ALTER TABLE viertakt.alert
    ADD CONSTRAINT alert_of_a_provider_says_by_what CHECK (((attribute IS NULL) = (provider IS NULL))) NOT VALID;

ALTER TABLE ONLY viertakt.alert
    ADD CONSTRAINT alert_pkey PRIMARY KEY (alert_id);

ALTER TABLE ONLY viertakt.alias
    ADD CONSTRAINT alias_names_one_operation PRIMARY KEY (scheme, value);

ALTER TABLE ONLY viertakt.approval
    ADD CONSTRAINT approval_pkey PRIMARY KEY (operation_id, asked_seq);

ALTER TABLE viertakt.approval
    ADD CONSTRAINT approval_state_is_known CHECK ((state = ANY (ARRAY['open'::text, 'made'::text, 'declined'::text, 'withdrawn'::text, 'void'::text, 'expired'::text]))) NOT VALID;

ALTER TABLE ONLY viertakt.assignment
    ADD CONSTRAINT assignment_pkey PRIMARY KEY (operation_id);

ALTER TABLE ONLY viertakt.view
    ADD CONSTRAINT builtin_view_is_there_once UNIQUE (builtin);

ALTER TABLE ONLY viertakt.bulk_item
    ADD CONSTRAINT bulk_item_pkey PRIMARY KEY (bulk_id, n);

ALTER TABLE ONLY viertakt.bulk_job
    ADD CONSTRAINT bulk_job_pkey PRIMARY KEY (bulk_id);

ALTER TABLE viertakt.bulk_job
    ADD CONSTRAINT bulk_move_names_its_transition CHECK (((verb = 'move'::text) = (transition IS NOT NULL))) NOT VALID;

ALTER TABLE viertakt.bulk_job
    ADD CONSTRAINT bulk_verb_is_known CHECK ((verb = ANY (ARRAY['move'::text, 'assign'::text, 'note'::text, 'tag'::text]))) NOT VALID;

ALTER TABLE ONLY viertakt.calendar
    ADD CONSTRAINT calendar_pkey PRIMARY KEY (calendar);

ALTER TABLE viertakt.access_change
    ADD CONSTRAINT change_of_grant_names_it CHECK (((sort = ANY (ARRAY['granted'::text, 'revoked'::text])) = (grant_id IS NOT NULL))) NOT VALID;

ALTER TABLE ONLY viertakt.check_setting
    ADD CONSTRAINT check_setting_pkey PRIMARY KEY (setting_id);

ALTER TABLE ONLY viertakt.check_target
    ADD CONSTRAINT check_target_pkey PRIMARY KEY (target);

ALTER TABLE ONLY viertakt.deadline_attempt
    ADD CONSTRAINT deadline_attempt_pkey PRIMARY KEY (operation_id);

ALTER TABLE ONLY viertakt.deadline_pause
    ADD CONSTRAINT deadline_pause_pkey PRIMARY KEY (paused_at);

ALTER TABLE ONLY viertakt.delegation
    ADD CONSTRAINT delegation_pkey PRIMARY KEY (delegation_id);

ALTER TABLE ONLY viertakt.delivery_attempt
    ADD CONSTRAINT delivery_attempt_pkey PRIMARY KEY (delivery_id, attempt);

ALTER TABLE ONLY viertakt.delivery
    ADD CONSTRAINT delivery_pkey PRIMARY KEY (delivery_id);

ALTER TABLE ONLY viertakt.duration_tally
    ADD CONSTRAINT duration_tally_pkey PRIMARY KEY (measure, grain, bucket, kind, stage);

ALTER TABLE ONLY viertakt.endpoint_attempt
    ADD CONSTRAINT endpoint_attempt_pkey PRIMARY KEY (endpoint_id, number, attempt);

ALTER TABLE ONLY viertakt.delivery
    ADD CONSTRAINT endpoint_counts_its_deliveries UNIQUE (channel, endpoint, number);

ALTER TABLE ONLY viertakt.endpoint_delivery
    ADD CONSTRAINT endpoint_delivery_pkey PRIMARY KEY (endpoint_id, number);

ALTER TABLE ONLY viertakt.endpoint
    ADD CONSTRAINT endpoint_pkey PRIMARY KEY (endpoint_id);

ALTER TABLE ONLY viertakt.endpoint_secret
    ADD CONSTRAINT endpoint_secret_pkey PRIMARY KEY (secret_id);

ALTER TABLE viertakt.endpoint
    ADD CONSTRAINT endpoint_sort_is_known CHECK ((sort = ANY (ARRAY['webhook'::text, 'slack'::text, 'teams'::text, 'apprise'::text]))) NOT VALID;

ALTER TABLE ONLY viertakt.entry
    ADD CONSTRAINT entry_pkey PRIMARY KEY (operation_id, entry_seq);

ALTER TABLE ONLY viertakt.entry_default
    ADD CONSTRAINT entry_default_pkey PRIMARY KEY (operation_id, entry_seq);

ALTER TABLE ONLY viertakt.endpoint_delivery
    ADD CONSTRAINT entry_is_delivered_to_an_endpoint_once UNIQUE (endpoint_id, operation_id, entry_seq);

ALTER TABLE ONLY viertakt.notice
    ADD CONSTRAINT entry_is_told_to_a_person_once UNIQUE (actor, operation_id, entry_seq);

ALTER TABLE viertakt.entry
    ADD CONSTRAINT entry_sort_is_known CHECK ((sort = ANY (ARRAY['opened'::text, 'moved'::text, 'amended'::text, 'refused'::text, 'contradicted'::text, 'unmapped'::text, 'asked'::text, 'consented'::text, 'declined'::text, 'withdrawn'::text, 'expired'::text, 'noted'::text, 'assigned'::text, 'claimed'::text, 'released'::text, 'snoozed'::text, 'woken'::text, 'skipped'::text, 'prioritised'::text, 'tagged'::text, 'warned'::text, 'breached'::text, 'stalled'::text]))) NOT VALID;

ALTER TABLE ONLY viertakt.epoch
    ADD CONSTRAINT epoch_pkey PRIMARY KEY (epoch);

ALTER TABLE viertakt.signal
    ADD CONSTRAINT erased_payload_is_gone CHECK ((((body IS NULL) = (erased_at IS NOT NULL)) AND ((erased_at IS NULL) = (erased_by IS NULL)))) NOT VALID;

ALTER TABLE ONLY viertakt.family_due
    ADD CONSTRAINT family_due_pkey PRIMARY KEY (operation_id);

ALTER TABLE ONLY viertakt.follower
    ADD CONSTRAINT follower_pkey PRIMARY KEY (name);

ALTER TABLE ONLY viertakt.frozen_report
    ADD CONSTRAINT frozen_report_pkey PRIMARY KEY (frozen_report_id);

ALTER TABLE viertakt.status_tally
    ADD CONSTRAINT grain_is_known CHECK ((grain = ANY (ARRAY['all'::text, 'day'::text, 'hour'::text, 'kind_day'::text, 'kind_month'::text]))) NOT VALID;

ALTER TABLE viertakt.access_grant
    ADD CONSTRAINT grant_is_a_roles_or_a_tokens CHECK (((num_nonnulls(role, actor) = 1) AND ((actor IS NULL) OR (actor ~~ 'token:%'::text)))) NOT VALID;

ALTER TABLE ONLY viertakt.hold_extended
    ADD CONSTRAINT hold_extended_pkey PRIMARY KEY (operation_id, hold_id);

ALTER TABLE viertakt.hold
    ADD CONSTRAINT hold_goes_on_after_it_is_over CHECK (((resumed_at IS NULL) OR (released_at IS NOT NULL))) NOT VALID;

ALTER TABLE ONLY viertakt.hold
    ADD CONSTRAINT hold_pkey PRIMARY KEY (hold_id);

ALTER TABLE ONLY viertakt.hour_tally
    ADD CONSTRAINT hour_tally_pkey PRIMARY KEY (measure, bucket, kind);

ALTER TABLE ONLY viertakt.identity
    ADD CONSTRAINT identity_pkey PRIMARY KEY (issuer, subject);

ALTER TABLE ONLY viertakt.incident_event
    ADD CONSTRAINT incident_event_pkey PRIMARY KEY (incident_id, event_id);

ALTER TABLE ONLY viertakt.incident
    ADD CONSTRAINT incident_pkey PRIMARY KEY (incident_id);

ALTER TABLE ONLY viertakt.installation
    ADD CONSTRAINT installation_pkey PRIMARY KEY (one);

ALTER TABLE ONLY viertakt.journal
    ADD CONSTRAINT journal_pkey PRIMARY KEY ("position");

ALTER TABLE ONLY viertakt.journal_0
    ADD CONSTRAINT journal_0_pkey PRIMARY KEY ("position");

ALTER TABLE ONLY viertakt.journal_1
    ADD CONSTRAINT journal_1_pkey PRIMARY KEY ("position");

ALTER TABLE ONLY viertakt.journal_2
    ADD CONSTRAINT journal_2_pkey PRIMARY KEY ("position");

ALTER TABLE ONLY viertakt.journal_3
    ADD CONSTRAINT journal_3_pkey PRIMARY KEY ("position");

ALTER TABLE ONLY viertakt.journal_default
    ADD CONSTRAINT journal_default_pkey PRIMARY KEY ("position");

ALTER TABLE ONLY viertakt.kind_version
    ADD CONSTRAINT kind_version_pkey PRIMARY KEY (kind, version);

ALTER TABLE viertakt.alert_limit
    ADD CONSTRAINT limit_is_of_a_brand_or_a_provider CHECK (((brand IS NULL) OR (provider IS NULL))) NOT VALID;

ALTER TABLE viertakt.alert_limit
    ADD CONSTRAINT limit_of_a_provider_says_by_what CHECK (((attribute IS NULL) = (provider IS NULL))) NOT VALID;

ALTER TABLE viertakt.alert_limit
    ADD CONSTRAINT limit_on_a_stage_names_it CHECK (((measure <> 'stage_time'::text) OR (stage IS NOT NULL))) NOT VALID;

ALTER TABLE viertakt.alert_limit
    ADD CONSTRAINT limit_on_what_is_counted_names_no_stage CHECK (((measure <> ALL (ARRAY['created'::text, 'ended'::text, 'errors'::text, 'rejections'::text])) OR (stage IS NULL))) NOT VALID;

ALTER TABLE viertakt.session
    ADD CONSTRAINT look_has_an_end CHECK (((eyes IS NULL) = (eyes_until IS NULL))) NOT VALID;

ALTER TABLE ONLY viertakt.migration
    ADD CONSTRAINT migration_pkey PRIMARY KEY (name);

ALTER TABLE ONLY viertakt.move_tally
    ADD CONSTRAINT move_tally_pkey PRIMARY KEY (grain, bucket, kind, transition, cause);

ALTER TABLE ONLY viertakt.notice
    ADD CONSTRAINT notice_pkey PRIMARY KEY (notice_id);

ALTER TABLE ONLY viertakt.notice_setting
    ADD CONSTRAINT notice_setting_pkey PRIMARY KEY (actor);

ALTER TABLE viertakt.approval
    ADD CONSTRAINT open_approval_says_when_it_expires CHECK (((state <> 'open'::text) OR (expires_at IS NOT NULL))) NOT VALID;

ALTER TABLE ONLY viertakt.operation
    ADD CONSTRAINT operation_pkey PRIMARY KEY (operation_id);

ALTER TABLE ONLY viertakt.operation_default
    ADD CONSTRAINT operation_default_pkey PRIMARY KEY (operation_id);

ALTER TABLE ONLY viertakt.outcome_tally
    ADD CONSTRAINT outcome_counts_each_group_once UNIQUE NULLS NOT DISTINCT (grain, bucket, kind, stage, status, brand, currency);

ALTER TABLE viertakt.outcome_tally
    ADD CONSTRAINT outcome_grain_is_known CHECK ((grain = ANY (ARRAY['day'::text, 'hour'::text, 'kind_day'::text, 'kind_month'::text]))) NOT VALID;

ALTER TABLE ONLY viertakt.consent
    ADD CONSTRAINT person_consents_once PRIMARY KEY (operation_id, asked_seq, actor);

ALTER TABLE ONLY viertakt.bulk_consent
    ADD CONSTRAINT person_consents_to_a_job_once PRIMARY KEY (bulk_id, actor);

ALTER TABLE ONLY viertakt.mute
    ADD CONSTRAINT person_mutes_a_thing_once PRIMARY KEY (actor, about);

ALTER TABLE ONLY viertakt.person
    ADD CONSTRAINT person_pkey PRIMARY KEY (actor);

ALTER TABLE ONLY viertakt.person_tally
    ADD CONSTRAINT person_tally_pkey PRIMARY KEY (grain, bucket, actor, kind, transition);

ALTER TABLE ONLY viertakt.presence
    ADD CONSTRAINT presence_pkey PRIMARY KEY (operation_id, actor);

ALTER TABLE ONLY viertakt.promise
    ADD CONSTRAINT promise_pkey PRIMARY KEY (operation_id, target, ordinal);

ALTER TABLE ONLY viertakt.promise_default
    ADD CONSTRAINT promise_default_pkey PRIMARY KEY (operation_id, target, ordinal);

ALTER TABLE ONLY viertakt.promise_step
    ADD CONSTRAINT promise_step_pkey PRIMARY KEY (operation_id, target, ordinal, step);

ALTER TABLE ONLY viertakt.signal
    ADD CONSTRAINT provider_event_acts_once UNIQUE (source, event_id);

ALTER TABLE ONLY viertakt.provider_pulse
    ADD CONSTRAINT provider_pulse_pkey PRIMARY KEY (bucket, kind, attribute, provider);

ALTER TABLE ONLY viertakt.pulse
    ADD CONSTRAINT pulse_pkey PRIMARY KEY (bucket, kind, brand);

ALTER TABLE ONLY viertakt.reason_tally
    ADD CONSTRAINT reason_tally_pkey PRIMARY KEY (bucket, kind, status, reason);

ALTER TABLE ONLY viertakt.recovery_code
    ADD CONSTRAINT recovery_code_pkey PRIMARY KEY (actor, code_hash);

ALTER TABLE ONLY viertakt.report_schedule
    ADD CONSTRAINT report_schedule_pkey PRIMARY KEY (schedule_id);

ALTER TABLE ONLY viertakt.restricted_stage
    ADD CONSTRAINT restricted_stage_pkey PRIMARY KEY (kind, stage);

ALTER TABLE viertakt.access_change
    ADD CONSTRAINT reveal_names_what_and_reason CHECK (((sort <> ALL (ARRAY['revealed'::text, 'erased'::text])) OR ((detail IS NOT NULL) AND (reason IS NOT NULL)))) NOT VALID;

ALTER TABLE ONLY viertakt.role
    ADD CONSTRAINT role_pkey PRIMARY KEY (role);

ALTER TABLE ONLY viertakt.second_factor
    ADD CONSTRAINT second_factor_pkey PRIMARY KEY (actor);

ALTER TABLE ONLY viertakt.sequencer
    ADD CONSTRAINT sequencer_pkey PRIMARY KEY (one);

ALTER TABLE ONLY viertakt.session
    ADD CONSTRAINT session_pkey PRIMARY KEY (secret_hash);

ALTER TABLE ONLY viertakt.sign_in_brake
    ADD CONSTRAINT sign_in_brake_pkey PRIMARY KEY (key_hash);

ALTER TABLE ONLY viertakt.sign_in_event
    ADD CONSTRAINT sign_in_event_pkey PRIMARY KEY (event_id);

ALTER TABLE ONLY viertakt.signal_line
    ADD CONSTRAINT signal_line_pkey PRIMARY KEY (operation_id);

ALTER TABLE ONLY viertakt.signal
    ADD CONSTRAINT signal_pkey PRIMARY KEY (signal_id);

ALTER TABLE ONLY viertakt.signal_refused
    ADD CONSTRAINT signal_refused_pkey PRIMARY KEY (source, day, why);

ALTER TABLE ONLY viertakt.skip
    ADD CONSTRAINT skip_pkey PRIMARY KEY (operation_id, actor);

ALTER TABLE ONLY viertakt.source
    ADD CONSTRAINT source_pkey PRIMARY KEY (source);

ALTER TABLE ONLY viertakt.source_secret
    ADD CONSTRAINT source_secret_pkey PRIMARY KEY (secret_id);

ALTER TABLE ONLY viertakt.working_span
    ADD CONSTRAINT span_begins_where_another_has_ended UNIQUE (calendar, seconds_before);

ALTER TABLE ONLY viertakt.stalled
    ADD CONSTRAINT stalled_pkey PRIMARY KEY (operation_id);

ALTER TABLE ONLY viertakt.stay
    ADD CONSTRAINT stay_pkey PRIMARY KEY (operation_id, ordinal);

ALTER TABLE ONLY viertakt.stay_default
    ADD CONSTRAINT stay_default_pkey PRIMARY KEY (operation_id, ordinal);

ALTER TABLE ONLY viertakt.subject_data
    ADD CONSTRAINT subject_data_pkey PRIMARY KEY (operation_id, commitment);

ALTER TABLE viertakt.subscription
    ADD CONSTRAINT subscription_event_is_known CHECK ((event = ANY (ARRAY['mention'::text, 'approval'::text, 'correction'::text, 'assigned'::text, 'decision'::text, 'contradiction'::text, 'breach'::text, 'alert'::text, 'entered'::text, 'gained'::text, 'opened'::text, 'moved'::text]))) NOT VALID;

ALTER TABLE ONLY viertakt.subscription
    ADD CONSTRAINT subscription_pkey PRIMARY KEY (subscription_id);

ALTER TABLE ONLY viertakt.subscriptions_changed
    ADD CONSTRAINT subscriptions_changed_pkey PRIMARY KEY (one);

ALTER TABLE ONLY viertakt.status_tally
    ADD CONSTRAINT tally_counts_each_group_once UNIQUE NULLS NOT DISTINCT (grain, bucket, kind, stage, status, brand, currency, dimensions);

ALTER TABLE ONLY viertakt.target_tally
    ADD CONSTRAINT target_counts_each_group_once UNIQUE NULLS NOT DISTINCT (grain, bucket, kind, target, brand);

ALTER TABLE ONLY viertakt.token
    ADD CONSTRAINT token_pkey PRIMARY KEY (actor);

ALTER TABLE ONLY viertakt.token
    ADD CONSTRAINT token_secret_is_unique UNIQUE (secret_hash);

ALTER TABLE ONLY viertakt.check_run
    ADD CONSTRAINT version_is_examined_once PRIMARY KEY (operation_id, version, sort);

ALTER TABLE ONLY viertakt.view
    ADD CONSTRAINT view_pkey PRIMARY KEY (view_id);

ALTER TABLE ONLY viertakt.view_star
    ADD CONSTRAINT view_star_pkey PRIMARY KEY (view_id, actor);

ALTER TABLE ONLY viertakt.way_tally
    ADD CONSTRAINT way_tally_pkey PRIMARY KEY (bucket, kind, from_stage, to_stage);

ALTER TABLE ONLY viertakt.words
    ADD CONSTRAINT words_pkey PRIMARY KEY (operation_id);

ALTER TABLE ONLY viertakt.working_span
    ADD CONSTRAINT working_span_pkey PRIMARY KEY (calendar, opens_at);

CREATE UNIQUE INDEX alert_by_limit_is_open_once ON viertakt.alert USING btree (limit_id, kind) WHERE ((closed_at IS NULL) AND (limit_id IS NOT NULL));

CREATE INDEX alert_by_time ON viertakt.alert USING btree (opened_at, alert_id);

CREATE UNIQUE INDEX alert_is_open_once ON viertakt.alert USING btree (kind, measure, direction) WHERE ((closed_at IS NULL) AND (limit_id IS NULL));

CREATE INDEX alias_by_operation ON viertakt.alias USING btree (operation_id);

CREATE INDEX alias_by_value ON viertakt.alias USING btree (value) WHERE (scheme !~~ 'key:%'::text);

CREATE INDEX approval_by_asker ON viertakt.approval USING btree (asked_by, asked_at, asked_seq);

CREATE INDEX approval_expires ON viertakt.approval USING btree (expires_at, asked_seq) WHERE (state = 'open'::text);

CREATE INDEX approval_waits ON viertakt.approval USING btree (asked_at, asked_seq) WHERE (state = 'open'::text);

CREATE INDEX assignment_by_assignee ON viertakt.assignment USING btree (assignee, operation_id) WHERE (assignee IS NOT NULL);

CREATE INDEX assignment_by_claimer ON viertakt.assignment USING btree (claimed_by, operation_id) WHERE (claimed_by IS NOT NULL);

CREATE INDEX assignment_by_priority ON viertakt.assignment USING btree (priority, operation_id) WHERE (priority <> 0);

CREATE INDEX assignment_snoozed ON viertakt.assignment USING btree (snoozed_until) WHERE (snoozed_until IS NOT NULL);

CREATE INDEX bulk_item_waits ON viertakt.bulk_item USING btree (bulk_id, n) WHERE (state = 'waiting'::text);

CREATE INDEX bulk_job_by_time ON viertakt.bulk_job USING btree (asked_at, bulk_id);

CREATE INDEX bulk_job_runs ON viertakt.bulk_job USING btree (starts_at) WHERE (state = 'running'::text);

CREATE INDEX bulk_job_waits ON viertakt.bulk_job USING btree (waits_until) WHERE (state = 'waiting'::text);

CREATE UNIQUE INDEX bulk_key_acts_once ON viertakt.bulk_job USING btree (asked_by, key) WHERE (key IS NOT NULL);

CREATE INDEX check_run_by_due ON viertakt.check_run USING btree (outside, due_at) WHERE (settled_at IS NULL);

CREATE INDEX check_run_by_start ON viertakt.check_run USING btree (started_at, operation_id);

CREATE INDEX check_setting_in_force ON viertakt.check_setting USING btree (kind, check_name, settled_at) WHERE (state = 'made'::text);

CREATE UNIQUE INDEX deadlines_pause_once_at_a_time ON viertakt.deadline_pause USING btree ((true)) WHERE (resumed_at IS NULL);

CREATE INDEX delegation_of ON viertakt.delegation USING btree (person, until_at) WHERE (ended_at IS NULL);

CREATE INDEX delegation_to ON viertakt.delegation USING btree (stand_in, until_at) WHERE (ended_at IS NULL);

CREATE INDEX delivery_by_age ON viertakt.delivery USING btree (settled_at) WHERE (settled_at IS NOT NULL);

CREATE INDEX delivery_by_endpoint ON viertakt.delivery USING btree (channel, endpoint, delivery_id);

CREATE INDEX delivery_due ON viertakt.delivery USING btree (channel, due_at, delivery_id) WHERE (state = 'waiting'::text);

CREATE INDEX delivery_made ON viertakt.delivery USING btree (endpoint, made_at) WHERE (channel = 'mail'::text);

CREATE INDEX endpoint_attempt_by_time ON viertakt.endpoint_attempt USING btree (endpoint_id, at);

CREATE INDEX endpoint_delivery_by_age ON viertakt.endpoint_delivery USING btree (settled_at) WHERE (settled_at IS NOT NULL);

CREATE INDEX endpoint_delivery_by_position ON viertakt.endpoint_delivery USING btree (endpoint_id, "position");

CREATE INDEX endpoint_delivery_by_state ON viertakt.endpoint_delivery USING btree (endpoint_id, state, number);

CREATE INDEX endpoint_delivery_due ON viertakt.endpoint_delivery USING btree (endpoint_id, due_at, number) WHERE (due_at IS NOT NULL);

CREATE INDEX endpoint_delivery_in_line ON viertakt.endpoint_delivery USING btree (endpoint_id, COALESCE(operation_id, alert_id), entry_seq, number) WHERE (state = 'waiting'::text);

CREATE INDEX endpoint_secret_by_endpoint ON viertakt.endpoint_secret USING btree (endpoint_id);

CREATE INDEX entry_amended ON ONLY viertakt.entry USING btree (operation_id, entry_seq) WHERE (sort = 'amended'::text);

CREATE INDEX entry_by_reason ON ONLY viertakt.entry USING btree (reason, operation_id) WHERE (reason IS NOT NULL);

CREATE INDEX entry_by_xid ON ONLY viertakt.entry USING btree (xid);

CREATE UNIQUE INDEX key_acts_once ON ONLY viertakt.entry USING btree (operation_id, actor, key) WHERE (key IS NOT NULL);

CREATE UNIQUE INDEX entry_default_operation_id_actor_key_idx ON viertakt.entry_default USING btree (operation_id, actor, key) WHERE (key IS NOT NULL);

CREATE INDEX entry_default_operation_id_entry_seq_idx ON viertakt.entry_default USING btree (operation_id, entry_seq) WHERE (sort = 'amended'::text);

CREATE INDEX entry_reopened ON ONLY viertakt.entry USING btree (operation_id) WHERE ((sort = 'moved'::text) AND (from_status <> 'pending'::text) AND (to_status = 'pending'::text));

CREATE INDEX entry_default_operation_id_idx ON viertakt.entry_default USING btree (operation_id) WHERE ((sort = 'moved'::text) AND (from_status <> 'pending'::text) AND (to_status = 'pending'::text));

CREATE UNIQUE INDEX operation_has_each_version_once ON ONLY viertakt.entry USING btree (operation_id, version) WHERE (version IS NOT NULL);

CREATE UNIQUE INDEX entry_default_operation_id_version_idx ON viertakt.entry_default USING btree (operation_id, version) WHERE (version IS NOT NULL);

CREATE INDEX entry_default_reason_operation_id_idx ON viertakt.entry_default USING btree (reason, operation_id) WHERE (reason IS NOT NULL);

CREATE INDEX entry_default_xid_idx ON viertakt.entry_default USING btree (xid);

CREATE INDEX family_due_by_age ON viertakt.family_due USING btree (noted_at, operation_id);

CREATE INDEX frozen_report_by_time ON viertakt.frozen_report USING btree (frozen_at, frozen_report_id);

CREATE INDEX grant_in_force ON viertakt.access_grant USING btree (role) WHERE (revoked_at IS NULL);

CREATE INDEX grant_in_force_of_token ON viertakt.access_grant USING btree (actor) WHERE ((revoked_at IS NULL) AND (actor IS NOT NULL));

CREATE INDEX hold_standing ON viertakt.hold USING btree (held_at) WHERE (released_at IS NULL);

CREATE INDEX identity_by_actor ON viertakt.identity USING btree (actor);

CREATE INDEX incident_by_hold ON viertakt.incident USING btree (hold_id);

CREATE INDEX incident_by_time ON viertakt.incident USING btree (opened_at, incident_id);

CREATE INDEX limit_in_force ON viertakt.alert_limit USING btree (set_at) WHERE (ended_at IS NULL);

CREATE UNIQUE INDEX mail_gathers_by_topic ON viertakt.delivery USING btree (endpoint, topic) WHERE ((channel = 'mail'::text) AND (state = 'waiting'::text) AND (attempt = 0));

CREATE UNIQUE INDEX move_is_asked_for_once ON viertakt.approval USING btree (operation_id, version, transition) WHERE (state = 'open'::text);

CREATE INDEX notice_by_actor ON viertakt.notice USING btree (actor, notice_id);

CREATE INDEX notice_by_age ON viertakt.notice USING btree (told_at);

CREATE INDEX notice_by_delivery ON viertakt.notice USING btree (delivery_id) WHERE (delivery_id IS NOT NULL);

CREATE INDEX notice_by_entry ON viertakt.notice USING btree (operation_id, entry_seq);

CREATE INDEX notice_unread ON viertakt.notice USING btree (actor, notice_id) WHERE (console AND (done_at IS NULL));

CREATE INDEX operation_by_amount ON ONLY viertakt.operation USING btree (currency, amount) WHERE (currency IS NOT NULL);

CREATE INDEX operation_by_attribute ON ONLY viertakt.operation USING gin (attributes jsonb_path_ops) WITH (gin_pending_list_limit='512');

CREATE INDEX operation_by_brand ON ONLY viertakt.operation USING btree (brand, created_at, operation_id) WHERE (brand IS NOT NULL);

CREATE INDEX operation_by_change ON ONLY viertakt.operation USING brin (changed_at) WITH (pages_per_range='32', autosummarize='on');

CREATE INDEX operation_by_closing ON ONLY viertakt.operation USING btree (closed_at, operation_id, status, kind) WHERE (closed_at IS NOT NULL);

CREATE INDEX operation_by_creation ON ONLY viertakt.operation USING btree (created_at, operation_id);

CREATE INDEX operation_by_deadline ON ONLY viertakt.operation USING btree (deadline_at, operation_id, status, kind, currency, amount) WHERE (deadline_at IS NOT NULL);

CREATE INDEX operation_by_kind ON ONLY viertakt.operation USING btree (kind, created_at, operation_id);

CREATE INDEX operation_by_parent ON ONLY viertakt.operation USING btree (parent_id) WHERE (parent_id IS NOT NULL);

CREATE INDEX operation_by_status ON ONLY viertakt.operation USING btree (status, kind, created_at, operation_id);

CREATE INDEX operation_by_subject ON ONLY viertakt.operation USING btree (subject, created_at, operation_id) WHERE (subject IS NOT NULL);

CREATE INDEX operation_by_tag ON ONLY viertakt.operation USING gin (tags) WHERE (tags <> '{}'::text[]);

CREATE INDEX operation_contradicted ON ONLY viertakt.operation USING btree (created_at, operation_id) WHERE contradiction;

CREATE INDEX operation_default_attributes_idx ON viertakt.operation_default USING gin (attributes jsonb_path_ops) WITH (gin_pending_list_limit='512');

CREATE INDEX operation_default_brand_created_at_operation_id_idx ON viertakt.operation_default USING btree (brand, created_at, operation_id) WHERE (brand IS NOT NULL);

CREATE INDEX operation_default_changed_at_idx ON viertakt.operation_default USING brin (changed_at) WITH (pages_per_range='32', autosummarize='on');

CREATE INDEX operation_default_closed_at_operation_id_status_kind_idx ON viertakt.operation_default USING btree (closed_at, operation_id, status, kind) WHERE (closed_at IS NOT NULL);

CREATE INDEX operation_default_created_at_operation_id_idx ON viertakt.operation_default USING btree (created_at, operation_id);

CREATE INDEX operation_default_created_at_operation_id_idx1 ON viertakt.operation_default USING btree (created_at, operation_id) WHERE contradiction;

CREATE INDEX operation_with_parent ON ONLY viertakt.operation USING btree (created_at, operation_id, parent_id) WHERE (parent_id IS NOT NULL);

CREATE INDEX operation_default_created_at_operation_id_parent_id_idx ON viertakt.operation_default USING btree (created_at, operation_id, parent_id) WHERE (parent_id IS NOT NULL);

CREATE INDEX operation_default_currency_amount_idx ON viertakt.operation_default USING btree (currency, amount) WHERE (currency IS NOT NULL);

CREATE INDEX operation_default_deadline_at_operation_id_status_kind_curr_idx ON viertakt.operation_default USING btree (deadline_at, operation_id, status, kind, currency, amount) WHERE (deadline_at IS NOT NULL);

CREATE INDEX operation_default_kind_created_at_operation_id_idx ON viertakt.operation_default USING btree (kind, created_at, operation_id);

CREATE INDEX operation_default_parent_id_idx ON viertakt.operation_default USING btree (parent_id) WHERE (parent_id IS NOT NULL);

CREATE INDEX operation_default_status_kind_created_at_operation_id_idx ON viertakt.operation_default USING btree (status, kind, created_at, operation_id);

CREATE INDEX operation_default_subject_created_at_operation_id_idx ON viertakt.operation_default USING btree (subject, created_at, operation_id) WHERE (subject IS NOT NULL);

CREATE INDEX operation_default_tags_idx ON viertakt.operation_default USING gin (tags) WHERE (tags <> '{}'::text[]);

CREATE UNIQUE INDEX person_is_consented_for_once ON viertakt.consent USING btree (operation_id, asked_seq, on_behalf_of) WHERE (on_behalf_of IS NOT NULL);

CREATE UNIQUE INDEX person_signs_in_with_one_email ON viertakt.person USING btree (lower(email));

CREATE INDEX presence_by_age ON viertakt.presence USING btree (seen_at);

CREATE INDEX promise_by_decision ON ONLY viertakt.promise USING btree (decided_at, operation_id) WHERE (decided_at IS NOT NULL);

CREATE INDEX promise_by_due ON ONLY viertakt.promise USING btree (due_at, operation_id) WHERE (standing = ANY (ARRAY['running'::text, 'paused'::text]));

CREATE INDEX promise_by_risk ON ONLY viertakt.promise USING btree (risk_at, operation_id) WHERE (standing = ANY (ARRAY['running'::text, 'paused'::text]));

CREATE INDEX promise_default_decided_at_operation_id_idx ON viertakt.promise_default USING btree (decided_at, operation_id) WHERE (decided_at IS NOT NULL);

CREATE INDEX promise_default_due_at_operation_id_idx ON viertakt.promise_default USING btree (due_at, operation_id) WHERE (standing = ANY (ARRAY['running'::text, 'paused'::text]));

CREATE INDEX promise_open ON ONLY viertakt.promise USING btree (kind, target, standing, due_at, risk_at, brand) WHERE (standing = ANY (ARRAY['running'::text, 'paused'::text]));

CREATE INDEX promise_default_kind_target_standing_due_at_risk_at_brand_idx ON viertakt.promise_default USING btree (kind, target, standing, due_at, risk_at, brand) WHERE (standing = ANY (ARRAY['running'::text, 'paused'::text]));

CREATE INDEX promise_default_risk_at_operation_id_idx ON viertakt.promise_default USING btree (risk_at, operation_id) WHERE (standing = ANY (ARRAY['running'::text, 'paused'::text]));

CREATE INDEX promise_step_by_time ON viertakt.promise_step USING btree (due_at) WHERE ((told_at IS NULL) AND (due_at IS NOT NULL));

CREATE INDEX report_schedule_by_reader ON viertakt.report_schedule USING btree (reader) WHERE (ended_at IS NULL);

CREATE INDEX report_schedule_due ON viertakt.report_schedule USING btree (next_at) WHERE (ended_at IS NULL);

CREATE INDEX request_waits ON viertakt.access_request USING btree (request_id) WHERE (state = 'open'::text);

CREATE INDEX reveal_by_actor ON viertakt.access_change USING btree (actor, at) WHERE (sort = 'revealed'::text);

CREATE INDEX session_by_actor ON viertakt.session USING btree (actor);

CREATE INDEX sign_in_brake_by_age ON viertakt.sign_in_brake USING btree (failed_at);

CREATE INDEX sign_in_event_by_actor ON viertakt.sign_in_event USING btree (actor, event_id DESC);

CREATE INDEX signal_by_operation ON viertakt.signal USING btree (operation_id, at) WHERE (operation_id IS NOT NULL);

CREATE INDEX signal_by_source ON viertakt.signal USING btree (source, received_at, signal_id);

CREATE INDEX signal_by_state ON viertakt.signal USING btree (state, received_at, signal_id);

CREATE INDEX signal_by_time ON viertakt.signal USING btree (received_at, signal_id);

CREATE INDEX signal_is_due ON viertakt.signal USING btree (due_at, signal_id) WHERE (due_at IS NOT NULL);

CREATE INDEX signal_line_is_due ON viertakt.signal_line USING btree (due_at, operation_id) WHERE (due_at IS NOT NULL);

CREATE INDEX signal_with_payload ON viertakt.signal USING btree (received_at, signal_id) WHERE (body IS NOT NULL);

CREATE INDEX skip_by_age ON viertakt.skip USING btree (skipped_at);

CREATE INDEX source_secret_by_source ON viertakt.source_secret USING btree (source);

CREATE INDEX stay_by_way ON ONLY viertakt.stay USING btree (stage, next_stage, operation_id);

CREATE INDEX stay_left_an_end ON ONLY viertakt.stay USING btree (left_position) WHERE ((status <> 'pending'::text) AND (next_status <> status));

CREATE INDEX stay_default_left_position_idx ON viertakt.stay_default USING btree (left_position) WHERE ((status <> 'pending'::text) AND (next_status <> status));

CREATE INDEX stay_default_stage_next_stage_operation_id_idx ON viertakt.stay_default USING btree (stage, next_stage, operation_id);

CREATE UNIQUE INDEX subscriber_has_one_line_for_each_event ON viertakt.subscription USING btree (subscriber, event) WHERE ((query = ''::text) AND (stages = '{}'::text[]));

CREATE INDEX subscription_by_subscriber ON viertakt.subscription USING btree (subscriber);

CREATE UNIQUE INDEX topic_is_told_to_an_endpoint_once ON viertakt.endpoint_delivery USING btree (endpoint_id, topic) WHERE (topic IS NOT NULL);

CREATE INDEX view_by_owner ON viertakt.view USING btree (owner);

CREATE INDEX view_star_by_actor ON viertakt.view_star USING btree (actor);

CREATE INDEX words_by_word ON viertakt.words USING gin (words);

ALTER INDEX viertakt.key_acts_once ATTACH PARTITION viertakt.entry_default_operation_id_actor_key_idx;

ALTER INDEX viertakt.entry_amended ATTACH PARTITION viertakt.entry_default_operation_id_entry_seq_idx;

ALTER INDEX viertakt.entry_reopened ATTACH PARTITION viertakt.entry_default_operation_id_idx;

ALTER INDEX viertakt.operation_has_each_version_once ATTACH PARTITION viertakt.entry_default_operation_id_version_idx;

ALTER INDEX viertakt.entry_pkey ATTACH PARTITION viertakt.entry_default_pkey;

ALTER INDEX viertakt.entry_by_reason ATTACH PARTITION viertakt.entry_default_reason_operation_id_idx;

ALTER INDEX viertakt.entry_by_xid ATTACH PARTITION viertakt.entry_default_xid_idx;

ALTER INDEX viertakt.journal_pkey ATTACH PARTITION viertakt.journal_0_pkey;

ALTER INDEX viertakt.journal_pkey ATTACH PARTITION viertakt.journal_1_pkey;

ALTER INDEX viertakt.journal_pkey ATTACH PARTITION viertakt.journal_2_pkey;

ALTER INDEX viertakt.journal_pkey ATTACH PARTITION viertakt.journal_3_pkey;

ALTER INDEX viertakt.journal_pkey ATTACH PARTITION viertakt.journal_default_pkey;

ALTER INDEX viertakt.operation_by_attribute ATTACH PARTITION viertakt.operation_default_attributes_idx;

ALTER INDEX viertakt.operation_by_brand ATTACH PARTITION viertakt.operation_default_brand_created_at_operation_id_idx;

ALTER INDEX viertakt.operation_by_change ATTACH PARTITION viertakt.operation_default_changed_at_idx;

ALTER INDEX viertakt.operation_by_closing ATTACH PARTITION viertakt.operation_default_closed_at_operation_id_status_kind_idx;

ALTER INDEX viertakt.operation_by_creation ATTACH PARTITION viertakt.operation_default_created_at_operation_id_idx;

ALTER INDEX viertakt.operation_contradicted ATTACH PARTITION viertakt.operation_default_created_at_operation_id_idx1;

ALTER INDEX viertakt.operation_with_parent ATTACH PARTITION viertakt.operation_default_created_at_operation_id_parent_id_idx;

ALTER INDEX viertakt.operation_by_amount ATTACH PARTITION viertakt.operation_default_currency_amount_idx;

ALTER INDEX viertakt.operation_by_deadline ATTACH PARTITION viertakt.operation_default_deadline_at_operation_id_status_kind_curr_idx;

ALTER INDEX viertakt.operation_by_kind ATTACH PARTITION viertakt.operation_default_kind_created_at_operation_id_idx;

ALTER INDEX viertakt.operation_by_parent ATTACH PARTITION viertakt.operation_default_parent_id_idx;

ALTER INDEX viertakt.operation_pkey ATTACH PARTITION viertakt.operation_default_pkey;

ALTER INDEX viertakt.operation_by_status ATTACH PARTITION viertakt.operation_default_status_kind_created_at_operation_id_idx;

ALTER INDEX viertakt.operation_by_subject ATTACH PARTITION viertakt.operation_default_subject_created_at_operation_id_idx;

ALTER INDEX viertakt.operation_by_tag ATTACH PARTITION viertakt.operation_default_tags_idx;

ALTER INDEX viertakt.promise_by_decision ATTACH PARTITION viertakt.promise_default_decided_at_operation_id_idx;

ALTER INDEX viertakt.promise_by_due ATTACH PARTITION viertakt.promise_default_due_at_operation_id_idx;

ALTER INDEX viertakt.promise_open ATTACH PARTITION viertakt.promise_default_kind_target_standing_due_at_risk_at_brand_idx;

ALTER INDEX viertakt.promise_pkey ATTACH PARTITION viertakt.promise_default_pkey;

ALTER INDEX viertakt.promise_by_risk ATTACH PARTITION viertakt.promise_default_risk_at_operation_id_idx;

ALTER INDEX viertakt.stay_left_an_end ATTACH PARTITION viertakt.stay_default_left_position_idx;

ALTER INDEX viertakt.stay_pkey ATTACH PARTITION viertakt.stay_default_pkey;

ALTER INDEX viertakt.stay_by_way ATTACH PARTITION viertakt.stay_default_stage_next_stage_operation_id_idx;

CREATE TRIGGER access_change_stays BEFORE DELETE OR UPDATE ON viertakt.access_change FOR EACH ROW EXECUTE FUNCTION viertakt.refuse_change();

CREATE TRIGGER access_changes_stay BEFORE TRUNCATE ON viertakt.access_change FOR EACH STATEMENT EXECUTE FUNCTION viertakt.refuse_change();

CREATE TRIGGER frozen_report_stays BEFORE DELETE OR UPDATE ON viertakt.frozen_report FOR EACH ROW EXECUTE FUNCTION viertakt.refuse_change();

CREATE TRIGGER frozen_reports_stay BEFORE TRUNCATE ON viertakt.frozen_report FOR EACH STATEMENT EXECUTE FUNCTION viertakt.refuse_change();

CREATE TRIGGER history_is_not_truncated BEFORE TRUNCATE ON viertakt.entry FOR EACH STATEMENT EXECUTE FUNCTION viertakt.refuse_change();

CREATE TRIGGER history_stays BEFORE DELETE OR UPDATE ON viertakt.entry FOR EACH ROW EXECUTE FUNCTION viertakt.refuse_change();

CREATE TRIGGER journal_is_not_truncated BEFORE TRUNCATE ON viertakt.journal FOR EACH STATEMENT EXECUTE FUNCTION viertakt.refuse_change();

CREATE TRIGGER journal_stays BEFORE DELETE OR UPDATE ON viertakt.journal FOR EACH ROW EXECUTE FUNCTION viertakt.refuse_change();

CREATE TRIGGER published_kind_stays BEFORE DELETE OR UPDATE ON viertakt.kind_version FOR EACH ROW EXECUTE FUNCTION viertakt.refuse_change();

CREATE TRIGGER published_kinds_stay BEFORE TRUNCATE ON viertakt.kind_version FOR EACH STATEMENT EXECUTE FUNCTION viertakt.refuse_change();

CREATE TRIGGER sign_in_event_stays BEFORE DELETE OR UPDATE ON viertakt.sign_in_event FOR EACH ROW EXECUTE FUNCTION viertakt.refuse_change();

CREATE TRIGGER sign_in_events_stay BEFORE TRUNCATE ON viertakt.sign_in_event FOR EACH STATEMENT EXECUTE FUNCTION viertakt.refuse_change();

ALTER TABLE ONLY viertakt.access_change
    ADD CONSTRAINT access_change_grant_id_fkey FOREIGN KEY (grant_id) REFERENCES viertakt.access_grant(grant_id);

ALTER TABLE ONLY viertakt.access_grant
    ADD CONSTRAINT access_grant_role_fkey FOREIGN KEY (role) REFERENCES viertakt.role(role);

ALTER TABLE ONLY viertakt.access_request
    ADD CONSTRAINT access_request_asked_by_fkey FOREIGN KEY (asked_by) REFERENCES viertakt.actor(actor);

ALTER TABLE ONLY viertakt.actor_role
    ADD CONSTRAINT actor_role_actor_fkey FOREIGN KEY (actor) REFERENCES viertakt.actor(actor);

ALTER TABLE ONLY viertakt.actor_role
    ADD CONSTRAINT actor_role_role_fkey FOREIGN KEY (role) REFERENCES viertakt.role(role);

ALTER TABLE ONLY viertakt.alert
    ADD CONSTRAINT alert_is_by_a_limit FOREIGN KEY (limit_id) REFERENCES viertakt.alert_limit(limit_id) NOT VALID;

ALTER TABLE ONLY viertakt.alert
    ADD CONSTRAINT alert_is_of_an_incident FOREIGN KEY (incident_id) REFERENCES viertakt.incident(incident_id) NOT VALID;

ALTER TABLE ONLY viertakt.alert_limit
    ADD CONSTRAINT alert_limit_ended_by_fkey FOREIGN KEY (ended_by) REFERENCES viertakt.actor(actor);

ALTER TABLE ONLY viertakt.alert_limit
    ADD CONSTRAINT alert_limit_set_by_fkey FOREIGN KEY (set_by) REFERENCES viertakt.actor(actor);

ALTER TABLE ONLY viertakt.endpoint_attempt
    ADD CONSTRAINT attempt_is_of_a_delivery FOREIGN KEY (endpoint_id, number) REFERENCES viertakt.endpoint_delivery(endpoint_id, number) ON DELETE CASCADE;

ALTER TABLE ONLY viertakt.bulk_consent
    ADD CONSTRAINT bulk_consent_actor_fkey FOREIGN KEY (actor) REFERENCES viertakt.actor(actor);

ALTER TABLE ONLY viertakt.bulk_consent
    ADD CONSTRAINT bulk_consent_bulk_id_fkey FOREIGN KEY (bulk_id) REFERENCES viertakt.bulk_job(bulk_id);

ALTER TABLE ONLY viertakt.bulk_consent
    ADD CONSTRAINT bulk_consent_on_behalf_of_fkey FOREIGN KEY (on_behalf_of) REFERENCES viertakt.actor(actor);

ALTER TABLE ONLY viertakt.bulk_job
    ADD CONSTRAINT bulk_job_asked_by_fkey FOREIGN KEY (asked_by) REFERENCES viertakt.actor(actor);

ALTER TABLE ONLY viertakt.bulk_job
    ADD CONSTRAINT bulk_job_undoes_fkey FOREIGN KEY (undoes) REFERENCES viertakt.bulk_job(bulk_id);

ALTER TABLE ONLY viertakt.check_setting
    ADD CONSTRAINT check_setting_asked_by_fkey FOREIGN KEY (asked_by) REFERENCES viertakt.actor(actor);

ALTER TABLE ONLY viertakt.check_setting
    ADD CONSTRAINT check_setting_settled_by_fkey FOREIGN KEY (settled_by) REFERENCES viertakt.actor(actor);

ALTER TABLE ONLY viertakt.consent
    ADD CONSTRAINT consent_operation_id_asked_seq_fkey FOREIGN KEY (operation_id, asked_seq) REFERENCES viertakt.approval(operation_id, asked_seq);

ALTER TABLE ONLY viertakt.delegation
    ADD CONSTRAINT delegation_person_fkey FOREIGN KEY (person) REFERENCES viertakt.actor(actor);

ALTER TABLE ONLY viertakt.delegation
    ADD CONSTRAINT delegation_stand_in_fkey FOREIGN KEY (stand_in) REFERENCES viertakt.actor(actor);

ALTER TABLE ONLY viertakt.delivery_attempt
    ADD CONSTRAINT delivery_attempt_delivery_id_fkey FOREIGN KEY (delivery_id) REFERENCES viertakt.delivery(delivery_id) ON DELETE CASCADE;

ALTER TABLE ONLY viertakt.endpoint_delivery
    ADD CONSTRAINT endpoint_delivery_endpoint_id_fkey FOREIGN KEY (endpoint_id) REFERENCES viertakt.endpoint(endpoint_id);

ALTER TABLE ONLY viertakt.endpoint
    ADD CONSTRAINT endpoint_owner_fkey FOREIGN KEY (owner) REFERENCES viertakt.actor(actor);

ALTER TABLE ONLY viertakt.endpoint_secret
    ADD CONSTRAINT endpoint_secret_endpoint_id_fkey FOREIGN KEY (endpoint_id) REFERENCES viertakt.endpoint(endpoint_id);

ALTER TABLE ONLY viertakt.frozen_report
    ADD CONSTRAINT frozen_report_frozen_by_fkey FOREIGN KEY (frozen_by) REFERENCES viertakt.actor(actor);

ALTER TABLE ONLY viertakt.access_grant
    ADD CONSTRAINT grant_is_of_a_known_actor FOREIGN KEY (actor) REFERENCES viertakt.actor(actor) NOT VALID;

ALTER TABLE ONLY viertakt.hold_extended
    ADD CONSTRAINT hold_extended_hold_id_fkey FOREIGN KEY (hold_id) REFERENCES viertakt.hold(hold_id);

ALTER TABLE ONLY viertakt.identity
    ADD CONSTRAINT identity_actor_fkey FOREIGN KEY (actor) REFERENCES viertakt.person(actor);

ALTER TABLE ONLY viertakt.incident
    ADD CONSTRAINT incident_closed_by_fkey FOREIGN KEY (closed_by) REFERENCES viertakt.actor(actor);

ALTER TABLE ONLY viertakt.incident_event
    ADD CONSTRAINT incident_event_alert_id_fkey FOREIGN KEY (alert_id) REFERENCES viertakt.alert(alert_id);

ALTER TABLE ONLY viertakt.incident_event
    ADD CONSTRAINT incident_event_incident_id_fkey FOREIGN KEY (incident_id) REFERENCES viertakt.incident(incident_id);

ALTER TABLE ONLY viertakt.incident
    ADD CONSTRAINT incident_hold_id_fkey FOREIGN KEY (hold_id) REFERENCES viertakt.hold(hold_id);

ALTER TABLE ONLY viertakt.incident
    ADD CONSTRAINT incident_opened_by_fkey FOREIGN KEY (opened_by) REFERENCES viertakt.actor(actor);

ALTER TABLE ONLY viertakt.kind_version
    ADD CONSTRAINT kind_names_a_known_calendar FOREIGN KEY (calendar) REFERENCES viertakt.calendar(calendar);

ALTER TABLE ONLY viertakt.mute
    ADD CONSTRAINT mute_actor_fkey FOREIGN KEY (actor) REFERENCES viertakt.person(actor);

ALTER TABLE ONLY viertakt.notice_setting
    ADD CONSTRAINT notice_setting_actor_fkey FOREIGN KEY (actor) REFERENCES viertakt.person(actor);

ALTER TABLE ONLY viertakt.person
    ADD CONSTRAINT person_actor_fkey FOREIGN KEY (actor) REFERENCES viertakt.actor(actor);

ALTER TABLE ONLY viertakt.recovery_code
    ADD CONSTRAINT recovery_code_actor_fkey FOREIGN KEY (actor) REFERENCES viertakt.person(actor);

ALTER TABLE ONLY viertakt.report_schedule
    ADD CONSTRAINT report_schedule_reader_fkey FOREIGN KEY (reader) REFERENCES viertakt.actor(actor);

ALTER TABLE ONLY viertakt.second_factor
    ADD CONSTRAINT second_factor_actor_fkey FOREIGN KEY (actor) REFERENCES viertakt.person(actor);

ALTER TABLE ONLY viertakt.session
    ADD CONSTRAINT session_actor_fkey FOREIGN KEY (actor) REFERENCES viertakt.person(actor);

ALTER TABLE ONLY viertakt.signal_refused
    ADD CONSTRAINT signal_refused_source_fkey FOREIGN KEY (source) REFERENCES viertakt.source(source);

ALTER TABLE ONLY viertakt.signal
    ADD CONSTRAINT signal_source_fkey FOREIGN KEY (source) REFERENCES viertakt.source(source);

ALTER TABLE ONLY viertakt.source
    ADD CONSTRAINT source_changed_by_fkey FOREIGN KEY (changed_by) REFERENCES viertakt.actor(actor);

ALTER TABLE ONLY viertakt.source_secret
    ADD CONSTRAINT source_secret_added_by_fkey FOREIGN KEY (added_by) REFERENCES viertakt.actor(actor);

ALTER TABLE ONLY viertakt.source_secret
    ADD CONSTRAINT source_secret_source_fkey FOREIGN KEY (source) REFERENCES viertakt.source(source);

ALTER TABLE ONLY viertakt.token
    ADD CONSTRAINT token_actor_fkey FOREIGN KEY (actor) REFERENCES viertakt.actor(actor);

ALTER TABLE ONLY viertakt.view
    ADD CONSTRAINT view_owner_fkey FOREIGN KEY (owner) REFERENCES viertakt.actor(actor);

ALTER TABLE ONLY viertakt.view
    ADD CONSTRAINT view_role_fkey FOREIGN KEY (role) REFERENCES viertakt.role(role);

ALTER TABLE ONLY viertakt.view_star
    ADD CONSTRAINT view_star_actor_fkey FOREIGN KEY (actor) REFERENCES viertakt.actor(actor);

ALTER TABLE ONLY viertakt.view_star
    ADD CONSTRAINT view_star_view_id_fkey FOREIGN KEY (view_id) REFERENCES viertakt.view(view_id) ON DELETE CASCADE;

ALTER TABLE ONLY viertakt.working_span
    ADD CONSTRAINT working_span_calendar_fkey FOREIGN KEY (calendar) REFERENCES viertakt.calendar(calendar) ON DELETE CASCADE;

GRANT USAGE ON SCHEMA reporting TO viertakt_reporting;

GRANT USAGE ON SCHEMA viertakt TO viertakt_app;

GRANT SELECT,INSERT,UPDATE ON TABLE viertakt.alert TO viertakt_app;

GRANT SELECT,INSERT,UPDATE ON TABLE viertakt.endpoint TO viertakt_app;

GRANT USAGE ON SEQUENCE viertakt.entry_seq TO viertakt_app;

GRANT SELECT,INSERT ON TABLE viertakt.entry TO viertakt_app;

REVOKE ALL ON FUNCTION viertakt.hold_writers() FROM PUBLIC;
GRANT ALL ON FUNCTION viertakt.hold_writers() TO viertakt_app;

GRANT SELECT,INSERT,UPDATE ON TABLE viertakt.operation TO viertakt_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE viertakt.promise TO viertakt_app;

GRANT SELECT,INSERT,UPDATE ON TABLE viertakt.signal TO viertakt_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE viertakt.duration_tally TO viertakt_app;

GRANT SELECT ON TABLE viertakt.installation TO viertakt_app;

GRANT SELECT,INSERT ON TABLE viertakt.kind_version TO viertakt_app;

GRANT SELECT ON TABLE reporting.durations TO viertakt_reporting;

GRANT SELECT ON TABLE reporting.kinds TO viertakt_reporting;

GRANT SELECT,INSERT ON TABLE viertakt.journal TO viertakt_app;

GRANT SELECT ON TABLE reporting.moves TO viertakt_reporting;

GRANT SELECT ON TABLE reporting.operations TO viertakt_reporting;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE viertakt.outcome_tally TO viertakt_app;

GRANT SELECT ON TABLE reporting.outcome_counts TO viertakt_reporting;

GRANT SELECT ON TABLE reporting.stages TO viertakt_reporting;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE viertakt.status_tally TO viertakt_app;

GRANT SELECT ON TABLE reporting.status_counts TO viertakt_reporting;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE viertakt.stay TO viertakt_app;

GRANT SELECT ON TABLE reporting.stays TO viertakt_reporting;

GRANT SELECT,INSERT ON TABLE viertakt.access_change TO viertakt_app;

GRANT SELECT,INSERT ON TABLE viertakt.access_grant TO viertakt_app;

GRANT UPDATE(revoked_by) ON TABLE viertakt.access_grant TO viertakt_app;

GRANT UPDATE(revoked_at) ON TABLE viertakt.access_grant TO viertakt_app;

GRANT SELECT,INSERT ON TABLE viertakt.access_request TO viertakt_app;

GRANT UPDATE(state) ON TABLE viertakt.access_request TO viertakt_app;

GRANT UPDATE(settled_by) ON TABLE viertakt.access_request TO viertakt_app;

GRANT UPDATE(settled_at) ON TABLE viertakt.access_request TO viertakt_app;

GRANT SELECT,INSERT,UPDATE ON TABLE viertakt.actor TO viertakt_app;

GRANT SELECT,INSERT,DELETE ON TABLE viertakt.actor_role TO viertakt_app;

GRANT SELECT,INSERT,UPDATE ON TABLE viertakt.alert_limit TO viertakt_app;

GRANT SELECT,INSERT,UPDATE ON TABLE viertakt.alert_look TO viertakt_app;

GRANT SELECT,INSERT,DELETE ON TABLE viertakt.alias TO viertakt_app;

GRANT SELECT,INSERT,UPDATE ON TABLE viertakt.approval TO viertakt_app;

GRANT SELECT,INSERT,UPDATE ON TABLE viertakt.assignment TO viertakt_app;

GRANT SELECT,INSERT ON TABLE viertakt.bulk_consent TO viertakt_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE viertakt.bulk_item TO viertakt_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE viertakt.bulk_job TO viertakt_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE viertakt.calendar TO viertakt_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE viertakt.check_run TO viertakt_app;

GRANT SELECT,INSERT,UPDATE ON TABLE viertakt.check_setting TO viertakt_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE viertakt.check_target TO viertakt_app;

GRANT SELECT,INSERT ON TABLE viertakt.consent TO viertakt_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE viertakt.deadline_attempt TO viertakt_app;

GRANT SELECT,INSERT,UPDATE ON TABLE viertakt.deadline_pause TO viertakt_app;

GRANT SELECT,INSERT ON TABLE viertakt.delegation TO viertakt_app;

GRANT UPDATE(ended_by) ON TABLE viertakt.delegation TO viertakt_app;

GRANT UPDATE(ended_at) ON TABLE viertakt.delegation TO viertakt_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE viertakt.delivery TO viertakt_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE viertakt.delivery_attempt TO viertakt_app;

GRANT SELECT,INSERT,DELETE ON TABLE viertakt.endpoint_attempt TO viertakt_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE viertakt.endpoint_delivery TO viertakt_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE viertakt.endpoint_secret TO viertakt_app;

GRANT SELECT,INSERT ON TABLE viertakt.entry_default TO viertakt_app;

GRANT SELECT,INSERT ON TABLE viertakt.epoch TO viertakt_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE viertakt.family_due TO viertakt_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE viertakt.follower TO viertakt_app;

GRANT SELECT,INSERT ON TABLE viertakt.frozen_report TO viertakt_app;

GRANT SELECT,INSERT,UPDATE ON TABLE viertakt.hold TO viertakt_app;

GRANT SELECT,INSERT ON TABLE viertakt.hold_extended TO viertakt_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE viertakt.hour_tally TO viertakt_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE viertakt.identity TO viertakt_app;

GRANT SELECT,INSERT,UPDATE ON TABLE viertakt.incident TO viertakt_app;

GRANT SELECT,INSERT ON TABLE viertakt.incident_event TO viertakt_app;

GRANT SELECT ON TABLE viertakt.migration TO viertakt_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE viertakt.move_tally TO viertakt_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE viertakt.mute TO viertakt_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE viertakt.notice TO viertakt_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE viertakt.notice_setting TO viertakt_app;

GRANT SELECT,INSERT ON TABLE viertakt.operation_default TO viertakt_app;

GRANT SELECT,INSERT,UPDATE ON TABLE viertakt.person TO viertakt_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE viertakt.person_tally TO viertakt_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE viertakt.presence TO viertakt_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE viertakt.promise_step TO viertakt_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE viertakt.provider_pulse TO viertakt_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE viertakt.pulse TO viertakt_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE viertakt.reason_tally TO viertakt_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE viertakt.recovery_code TO viertakt_app;

GRANT SELECT,INSERT,UPDATE ON TABLE viertakt.report_schedule TO viertakt_app;

GRANT SELECT,INSERT ON TABLE viertakt.restricted_stage TO viertakt_app;

GRANT SELECT,INSERT,UPDATE ON TABLE viertakt.role TO viertakt_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE viertakt.second_factor TO viertakt_app;

GRANT SELECT,UPDATE ON TABLE viertakt.sequencer TO viertakt_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE viertakt.session TO viertakt_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE viertakt.sign_in_brake TO viertakt_app;

GRANT SELECT,INSERT ON TABLE viertakt.sign_in_event TO viertakt_app;

GRANT SELECT,INSERT,UPDATE ON TABLE viertakt.signal_line TO viertakt_app;

GRANT SELECT,INSERT,UPDATE ON TABLE viertakt.signal_refused TO viertakt_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE viertakt.skip TO viertakt_app;

GRANT SELECT,INSERT,UPDATE ON TABLE viertakt.source TO viertakt_app;

GRANT SELECT,INSERT,DELETE ON TABLE viertakt.source_secret TO viertakt_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE viertakt.stalled TO viertakt_app;

GRANT SELECT,INSERT,DELETE ON TABLE viertakt.subject_data TO viertakt_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE viertakt.subscription TO viertakt_app;

GRANT SELECT,UPDATE ON TABLE viertakt.subscriptions_changed TO viertakt_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE viertakt.target_tally TO viertakt_app;

GRANT SELECT,INSERT,UPDATE ON TABLE viertakt.token TO viertakt_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE viertakt.view TO viertakt_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE viertakt.view_star TO viertakt_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE viertakt.way_tally TO viertakt_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE viertakt.words TO viertakt_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE viertakt.working_span TO viertakt_app;
