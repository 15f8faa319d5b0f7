-- Signals: what providers report. Their sources, the deliveries as they came, and what became of each.

CREATE TABLE viertakt.source (
    source text PRIMARY KEY CONSTRAINT source_name_is_plain CHECK (source ~ '^[a-z][a-z0-9_-]{0,39}$'),
    scheme text NOT NULL CONSTRAINT signature_scheme_is_known
    CHECK (scheme IN ('stripe', 'adyen', 'sumsub', 'onfido', 'veriff', 'standard_webhooks', 'hmac')),
    options jsonb NOT NULL,
    ready text,  -- which of the ready mappings it uses; none where it has one of its own
    document text,  -- its own mapping as it was written
    mapping jsonb,  -- the same as it was read
    active boolean NOT NULL DEFAULT true,
    changed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    changed_by text NOT NULL REFERENCES viertakt.actor,
    CONSTRAINT source_has_one_mapping CHECK ((ready IS NULL) = (document IS NOT NULL)),
    CONSTRAINT own_mapping_is_read CHECK ((document IS NULL) = (mapping IS NULL))
);

CREATE TABLE viertakt.source_secret (
    secret_id uuid PRIMARY KEY,
    source text NOT NULL REFERENCES viertakt.source,
    sealed bytea NOT NULL,
    added_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    added_by text NOT NULL REFERENCES viertakt.actor
);
CREATE INDEX source_secret_by_source ON viertakt.source_secret (source);

CREATE TABLE viertakt.signal (
    signal_id uuid PRIMARY KEY,
    source text NOT NULL REFERENCES viertakt.source,
    event_id text NOT NULL,
    item integer NOT NULL DEFAULT 0,  -- which of the reports in its delivery
    body bytea NOT NULL,  -- the delivery as it came; nobody sees it but by right, and masked
    state text NOT NULL DEFAULT 'received' CONSTRAINT signal_state_is_known CHECK (state IN (
        'received', 'parked', 'applied', 'known', 'overtaken', 'contradicting', 'unmapped', 'ignored'
    )),
    type text,
    at timestamptz NOT NULL,
    received_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    deliveries integer NOT NULL DEFAULT 1,
    rounds integer NOT NULL DEFAULT 0,  -- how often it was replayed by hand
    due_at timestamptz,  -- when to look for its operation; none once that is found, or nothing is to be done
    operation_id uuid,
    reading jsonb,
    way jsonb,
    code text,
    detail text,
    transition text,
    from_stage text,
    to_stage text,
    entry_seq bigint,
    settled_at timestamptz,
    CONSTRAINT provider_event_acts_once UNIQUE (source, event_id)
) WITH (fillfactor = 80);
CREATE INDEX signal_is_due ON viertakt.signal (due_at, signal_id) WHERE due_at IS NOT NULL;
CREATE INDEX signal_by_operation ON viertakt.signal (operation_id, at) WHERE operation_id IS NOT NULL;
CREATE INDEX signal_by_state ON viertakt.signal (state, received_at, signal_id);
CREATE INDEX signal_by_source ON viertakt.signal (source, received_at, signal_id);
CREATE INDEX signal_by_time ON viertakt.signal (received_at, signal_id);

-- The one shape in which signals leave for the code, without their bodies.
CREATE FUNCTION viertakt.signal_document(s viertakt.signal, kind text, reference text) RETURNS json
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT json_build_object(
        'id', s.signal_id, 'source', s.source, 'event_id', s.event_id, 'item', s.item, 'state', s.state,
        'type', s.type, 'at', s.at, 'received_at', s.received_at, 'deliveries', s.deliveries, 'rounds', s.rounds,
        'operation_id', s.operation_id, 'kind', kind, 'reference', reference, 'reading', s.reading, 'way', s.way,
        'code', s.code, 'detail', s.detail, 'transition', s.transition, 'from_stage', s.from_stage,
        'to_stage', s.to_stage, 'entry_seq', s.entry_seq, 'settled_at', s.settled_at
    )
$$;

-- The signals of one operation are worked on together, by one worker at a time: who takes the line raises `attempt`, and
-- what an earlier attempt still says no longer counts. `rung`: raised by each signal that joins.
CREATE TABLE viertakt.signal_line (
    operation_id uuid PRIMARY KEY,
    due_at timestamptz,
    rung integer NOT NULL DEFAULT 0,
    attempt integer NOT NULL DEFAULT 0,
    leased_until timestamptz
) WITH (fillfactor = 70);
CREATE INDEX signal_line_is_due ON viertakt.signal_line (due_at, operation_id) WHERE due_at IS NOT NULL;

-- What was not believed is counted and not kept: anybody can send it.
CREATE TABLE viertakt.signal_refused (
    source text NOT NULL REFERENCES viertakt.source,
    day date NOT NULL,
    why text NOT NULL,
    count bigint NOT NULL DEFAULT 0,
    last_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (source, day, why)
);

GRANT SELECT, INSERT, UPDATE ON viertakt.source, viertakt.signal, viertakt.signal_line,
viertakt.signal_refused TO viertakt_app;
GRANT SELECT, INSERT, DELETE ON viertakt.source_secret TO viertakt_app;
