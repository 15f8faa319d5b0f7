-- Endpoints: where else entries are told, by signed webhook or in a chat room. Each reads the journal from a place of its
-- own, numbers what it finds without gaps, and keeps every attempt to deliver it.

CREATE TABLE viertakt.endpoint (
    endpoint_id uuid PRIMARY KEY,
    sort text NOT NULL CONSTRAINT endpoint_sort_is_known CHECK (sort IN ('webhook', 'slack', 'teams')),
    name text NOT NULL,
    address bytea NOT NULL,  -- sealed: the address of a chat room is its key
    shown text NOT NULL,  -- what of it may be shown
    owner text NOT NULL REFERENCES viertakt.actor,  -- with whose rights it is told anything
    query text NOT NULL DEFAULT '',
    entries text [] NOT NULL,  -- the sorts of entries
    stages text [] NOT NULL DEFAULT '{}',  -- only what came to one of these; all of them where none is named
    state text NOT NULL DEFAULT 'active' CONSTRAINT endpoint_state_is_known CHECK (state IN ('active', 'off', 'ended')),
    why_off text,
    off_at timestamptz,
    place bigint NOT NULL,  -- the last position that it was asked about; it stands still while it is off
    number bigint NOT NULL DEFAULT 0,  -- of its last delivery
    failures integer NOT NULL DEFAULT 0,  -- attempts in a row
    failing_since timestamptz,
    failed_at timestamptz,
    warned_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    changed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT endpoint_that_is_off_says_since_when CHECK ((state = 'active') = (off_at IS NULL))
) WITH (fillfactor = 50);

-- The secrets that deliveries are signed with; all that are not over, so a receiver may change to the new one at leisure.
CREATE TABLE viertakt.endpoint_secret (
    secret_id uuid PRIMARY KEY,
    endpoint_id uuid NOT NULL REFERENCES viertakt.endpoint,
    sealed bytea NOT NULL,
    added_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    ends_at timestamptz
);
CREATE INDEX endpoint_secret_by_endpoint ON viertakt.endpoint_secret (endpoint_id);

-- One entry for one endpoint, once. `due_at`: when to try it next; none where it waits behind an earlier one of its
-- operation, or is settled. Who claims it raises `attempt` and moves `due_at` to the end of its lease.
CREATE TABLE viertakt.endpoint_delivery (
    endpoint_id uuid NOT NULL REFERENCES viertakt.endpoint,
    number bigint NOT NULL,
    delivery_id uuid NOT NULL,  -- the webhook-id: made of what it delivers, so it is the same after a restore
    operation_id uuid,  -- none for a test
    entry_seq bigint,
    position bigint,
    type text NOT NULL,
    state text NOT NULL DEFAULT 'waiting' CONSTRAINT endpoint_delivery_state_is_known
    CHECK (state IN ('waiting', 'done', 'failed', 'dropped')),
    due_at timestamptz,
    tries integer NOT NULL DEFAULT 0,  -- since it was last asked to be sent
    attempt integer NOT NULL DEFAULT 0,
    made_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    settled_at timestamptz,
    PRIMARY KEY (endpoint_id, number),
    CONSTRAINT entry_is_delivered_to_an_endpoint_once UNIQUE (endpoint_id, operation_id, entry_seq),
    CONSTRAINT settled_endpoint_delivery_says_when CHECK ((state = 'waiting') = (settled_at IS NULL)),
    CONSTRAINT settled_endpoint_delivery_is_not_due CHECK (state = 'waiting' OR due_at IS NULL)
) WITH (fillfactor = 70);
CREATE INDEX endpoint_delivery_due ON viertakt.endpoint_delivery (endpoint_id, due_at, number) WHERE due_at IS NOT NULL;
CREATE INDEX endpoint_delivery_in_line
ON viertakt.endpoint_delivery (endpoint_id, operation_id, entry_seq) WHERE state = 'waiting';
CREATE INDEX endpoint_delivery_by_state ON viertakt.endpoint_delivery (endpoint_id, state, number);
CREATE INDEX endpoint_delivery_by_position ON viertakt.endpoint_delivery (endpoint_id, position);
CREATE INDEX endpoint_delivery_by_age ON viertakt.endpoint_delivery (settled_at) WHERE settled_at IS NOT NULL;

CREATE TABLE viertakt.endpoint_attempt (
    endpoint_id uuid NOT NULL,
    number bigint NOT NULL,
    attempt integer NOT NULL,
    at timestamptz NOT NULL,
    milliseconds integer NOT NULL,
    status integer,
    failure text,
    excerpt text,  -- of what the receiver answered, or why it did not
    PRIMARY KEY (endpoint_id, number, attempt),
    CONSTRAINT attempt_is_of_a_delivery FOREIGN KEY (endpoint_id, number)
    REFERENCES viertakt.endpoint_delivery ON DELETE CASCADE
);
CREATE INDEX endpoint_attempt_by_time ON viertakt.endpoint_attempt (endpoint_id, at);

-- The one shape in which endpoints leave for the code, without their addresses and secrets.
CREATE FUNCTION viertakt.endpoint_document(e viertakt.endpoint) RETURNS json
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT json_build_object(
        'id', e.endpoint_id, 'sort', e.sort, 'name', e.name, 'shown', e.shown, 'owner', e.owner, 'query', e.query,
        'entries', e.entries, 'stages', e.stages, 'state', e.state, 'why_off', e.why_off, 'off_at', e.off_at,
        'place', e.place, 'number', e.number, 'failures', e.failures, 'failing_since', e.failing_since,
        'failed_at', e.failed_at, 'warned_at', e.warned_at, 'created_at', e.created_at, 'changed_at', e.changed_at
    )
$$;

GRANT SELECT, INSERT, UPDATE ON viertakt.endpoint TO viertakt_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON viertakt.endpoint_secret, viertakt.endpoint_delivery TO viertakt_app;
GRANT SELECT, INSERT, DELETE ON viertakt.endpoint_attempt TO viertakt_app;
