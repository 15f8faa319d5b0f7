-- The first floor: who may act, what an operation can be, the operations, and their history.
-- Whatever is immutable is shaped for good here: entries apart from versions, keys on entries, commitments instead of names.

CREATE SCHEMA IF NOT EXISTS viertakt;

-- The application works as a role that owns nothing: it cannot drop, alter, or rewrite history.
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = 'viertakt_app') THEN
        CREATE ROLE viertakt_app NOLOGIN;
    END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN
    NULL;  -- another installation on this cluster made it at the same moment
END
$$;
GRANT viertakt_app TO CURRENT_USER;
GRANT USAGE ON SCHEMA viertakt TO viertakt_app;

CREATE FUNCTION viertakt.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% of %.% is refused: what is written there stays', tg_op, tg_table_schema, tg_table_name
        USING ERRCODE = 'restrict_violation';
END
$$;

-- Who may act ---------------------------------------------------------------------------------------------------

CREATE TABLE viertakt.role (
    role text PRIMARY KEY,
    label jsonb NOT NULL
);

-- Everybody who can act: person:<uuid>, token:<uuid>, system:<name>. access_version rises whenever what the actor may
-- do changes; every write is guarded by the one its decision read.
CREATE TABLE viertakt.actor (
    actor text PRIMARY KEY CONSTRAINT actor_is_person_token_or_system CHECK (actor ~ '^(person|token|system):.+'),
    name text NOT NULL,
    access_version integer NOT NULL DEFAULT 1,
    active boolean NOT NULL DEFAULT true,
    created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE viertakt.actor_role (
    actor text NOT NULL REFERENCES viertakt.actor,
    role text NOT NULL REFERENCES viertakt.role,
    PRIMARY KEY (actor, role)
);

CREATE TABLE viertakt.person (
    actor text PRIMARY KEY REFERENCES viertakt.actor,
    email text NOT NULL,
    password_hash text,
    language text NOT NULL DEFAULT 'en' CONSTRAINT language_is_spoken_here CHECK (language IN ('en', 'nl'))
);
CREATE UNIQUE INDEX person_signs_in_with_one_email ON viertakt.person (lower(email));

CREATE TABLE viertakt.token (
    actor text PRIMARY KEY REFERENCES viertakt.actor,
    secret_hash bytea NOT NULL CONSTRAINT token_secret_is_unique UNIQUE,
    hint text NOT NULL,
    expires_at timestamptz,
    revoked_at timestamptz,
    last_used_at timestamptz
);

CREATE TABLE viertakt.session (
    secret_hash bytea PRIMARY KEY,
    actor text NOT NULL REFERENCES viertakt.person,
    created_at timestamptz NOT NULL DEFAULT now(),
    seen_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL
);
CREATE INDEX session_by_actor ON viertakt.session (actor);

-- What an operation can be --------------------------------------------------------------------------------------

CREATE TABLE viertakt.kind_version (
    kind text NOT NULL,
    version integer NOT NULL CONSTRAINT kind_version_is_positive CHECK (version > 0),
    document jsonb NOT NULL,
    digest bytea NOT NULL,
    published_at timestamptz NOT NULL DEFAULT now(),
    published_by text NOT NULL,
    comment text,
    PRIMARY KEY (kind, version)
);
CREATE TRIGGER published_kind_stays BEFORE UPDATE OR DELETE ON viertakt.kind_version
FOR EACH ROW EXECUTE FUNCTION viertakt.refuse_change();
CREATE TRIGGER published_kinds_stay BEFORE TRUNCATE ON viertakt.kind_version
EXECUTE FUNCTION viertakt.refuse_change();

-- The present ---------------------------------------------------------------------------------------------------

-- Ranges by operation_id, a UUIDv7 of the moment it was recorded; db/partitions.py adds the months ahead.
CREATE TABLE viertakt.operation (
    operation_id uuid PRIMARY KEY,
    kind text NOT NULL,
    kind_version integer NOT NULL,
    reference text NOT NULL,
    subject text,
    brand text,
    amount numeric,
    currency text,
    attributes jsonb NOT NULL DEFAULT '{}',
    tags text[] NOT NULL DEFAULT '{}',
    parent_id uuid,
    stage text NOT NULL,
    status text NOT NULL CONSTRAINT status_is_one_of_four
    CHECK (status IN ('pending', 'success', 'error', 'rejected')),
    waiting_on text,
    version integer NOT NULL CONSTRAINT operation_version_is_positive CHECK (version > 0),
    contradiction boolean NOT NULL DEFAULT false,
    created_at timestamptz NOT NULL,
    entered_at timestamptz NOT NULL,
    changed_at timestamptz NOT NULL,
    closed_at timestamptz,
    deadline_at timestamptz,
    CONSTRAINT amount_comes_with_its_currency CHECK ((amount IS NULL) = (currency IS NULL)),
    CONSTRAINT currency_is_a_three_letter_code CHECK (currency ~ '^[A-Z]{3}$'),
    CONSTRAINT final_operation_has_closed_at CHECK ((status = 'pending') = (closed_at IS NULL))
) PARTITION BY RANGE (operation_id);
CREATE TABLE viertakt.operation_default PARTITION OF viertakt.operation DEFAULT WITH (fillfactor = 85);

-- One index a question of the console: newest first; one status; one kind; one subject; what is due. None holds the
-- stage: a move that keeps its status then touches no index at all (a heap-only update), and most moves do.
CREATE INDEX operation_by_creation ON viertakt.operation (created_at, operation_id);
CREATE INDEX operation_by_status ON viertakt.operation (status, kind, created_at, operation_id);
CREATE INDEX operation_by_kind ON viertakt.operation (kind, created_at, operation_id);
CREATE INDEX operation_by_subject ON viertakt.operation (subject, created_at, operation_id) WHERE subject IS NOT NULL;
CREATE INDEX operation_by_deadline ON viertakt.operation (deadline_at, operation_id) WHERE deadline_at IS NOT NULL;
CREATE INDEX operation_by_parent ON viertakt.operation (parent_id) WHERE parent_id IS NOT NULL;

-- What must be unique across partitions: the reference (scheme kind:withdrawal), a provider's identifiers
-- (stripe:payout), and the request key of an opening (key:<actor>).
CREATE TABLE viertakt.alias (
    scheme text NOT NULL,
    value text NOT NULL,
    operation_id uuid NOT NULL,
    CONSTRAINT alias_names_one_operation PRIMARY KEY (scheme, value)
);
CREATE INDEX alias_by_operation ON viertakt.alias (operation_id);

-- Personal values, apart from everything that must stay: erasing a row leaves the history true and mute.
-- An entry names a value by its commitment, sha256(salt ‖ field ‖ value); without the salt nobody can guess it back.
CREATE TABLE viertakt.subject_data (
    operation_id uuid NOT NULL,
    commitment text NOT NULL,
    field text NOT NULL,
    value jsonb NOT NULL,
    salt bytea NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (operation_id, commitment)
);

-- The history ---------------------------------------------------------------------------------------------------

-- Taken at insert under the operation's row lock, never cached: one operation's entries are in the order they happened.
CREATE SEQUENCE viertakt.entry_seq AS bigint CACHE 1;

CREATE TABLE viertakt.entry (
    operation_id uuid NOT NULL,
    entry_seq bigint NOT NULL DEFAULT nextval('viertakt.entry_seq'),
    xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
    version integer,
    sort text NOT NULL CONSTRAINT entry_sort_is_known
    CHECK (sort IN ('opened', 'moved', 'amended', 'refused', 'contradicted', 'unmapped')),
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
    database_role text NOT NULL DEFAULT session_user,
    at timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (operation_id, entry_seq),
    CONSTRAINT only_changes_carry_a_version CHECK ((version IS NOT NULL) = (sort IN ('opened', 'moved', 'amended')))
) PARTITION BY RANGE (operation_id);
CREATE TABLE viertakt.entry_default PARTITION OF viertakt.entry DEFAULT;
CREATE UNIQUE INDEX operation_has_each_version_once ON viertakt.entry (operation_id, version)
WHERE version IS NOT NULL;
CREATE UNIQUE INDEX key_acts_once ON viertakt.entry (operation_id, actor, key) WHERE key IS NOT NULL;

CREATE TRIGGER history_stays BEFORE UPDATE OR DELETE ON viertakt.entry
FOR EACH ROW EXECUTE FUNCTION viertakt.refuse_change();
CREATE TRIGGER history_is_not_truncated BEFORE TRUNCATE ON viertakt.entry
EXECUTE FUNCTION viertakt.refuse_change();

-- The one shape in which rows leave for the code: read by name, never by place.
CREATE FUNCTION viertakt.operation_document(o viertakt.operation) RETURNS json
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT json_build_object(
        'id', o.operation_id, 'kind', o.kind, 'kind_version', o.kind_version, 'reference', o.reference,
        'stage', o.stage, 'status', o.status, 'version', o.version, 'created_at', o.created_at,
        'entered_at', o.entered_at, 'changed_at', o.changed_at, 'waiting_on', o.waiting_on, 'subject', o.subject,
        'brand', o.brand,
        'amount', CASE WHEN o.amount IS NOT NULL
            THEN json_build_object('value', o.amount::text, 'currency', o.currency) END,
        'attributes', o.attributes, 'tags', o.tags, 'parent_id', o.parent_id, 'closed_at', o.closed_at,
        'deadline_at', o.deadline_at, 'contradiction', o.contradiction
    )
$$;
CREATE FUNCTION viertakt.entry_document(e viertakt.entry) RETURNS json
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT json_build_object(
        'operation_id', e.operation_id, 'seq', e.entry_seq, 'version', e.version, 'sort', e.sort,
        'transition', e.transition, 'from_stage', e.from_stage, 'from_status', e.from_status,
        'to_stage', e.to_stage, 'to_status', e.to_status, 'actor', e.actor, 'granted_by', e.granted_by,
        'cause', e.cause, 'reason', e.reason, 'data', e.data, 'commitments', e.commitments, 'key', e.key,
        'body_digest', e.body_digest, 'request_id', e.request_id, 'at', e.at, 'recorded_at', e.recorded_at
    )
$$;

-- Least privilege: nothing beyond what the stores do.
GRANT SELECT ON ALL TABLES IN SCHEMA viertakt TO viertakt_app;
GRANT INSERT ON ALL TABLES IN SCHEMA viertakt TO viertakt_app;
GRANT UPDATE ON viertakt.actor, viertakt.person, viertakt.token, viertakt.session, viertakt.operation,
viertakt.role TO viertakt_app;
GRANT DELETE ON viertakt.actor_role, viertakt.session, viertakt.alias, viertakt.subject_data TO viertakt_app;
REVOKE INSERT ON viertakt.migration FROM viertakt_app;
GRANT USAGE ON SEQUENCE viertakt.entry_seq TO viertakt_app;
REVOKE ALL ON SCHEMA viertakt FROM public;
