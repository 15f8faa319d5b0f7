-- Written by `python -m viertakt.db.migrate schema`; what all migrations make together.

CREATE SCHEMA viertakt;

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
    CONSTRAINT entry_sort_is_known CHECK ((sort = ANY (ARRAY['opened'::text, 'moved'::text, 'amended'::text, 'refused'::text, 'contradicted'::text, 'unmapped'::text]))),
    CONSTRAINT only_changes_carry_a_version CHECK (((version IS NOT NULL) = (sort = ANY (ARRAY['opened'::text, 'moved'::text, 'amended'::text]))))
)
PARTITION BY RANGE (operation_id);

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
        'deadline_at', o.deadline_at, 'contradiction', o.contradiction
    )
$$;

CREATE FUNCTION viertakt.refuse_change() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    RAISE EXCEPTION '% of %.% is refused: what is written there stays', tg_op, tg_table_schema, tg_table_name
        USING ERRCODE = 'restrict_violation';
END
$$;

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

CREATE TABLE viertakt.alias (
    scheme text NOT NULL,
    value text NOT NULL,
    operation_id uuid NOT NULL
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
    CONSTRAINT entry_sort_is_known CHECK ((sort = ANY (ARRAY['opened'::text, 'moved'::text, 'amended'::text, 'refused'::text, 'contradicted'::text, 'unmapped'::text]))),
    CONSTRAINT only_changes_carry_a_version CHECK (((version IS NOT NULL) = (sort = ANY (ARRAY['opened'::text, 'moved'::text, 'amended'::text]))))
);

CREATE TABLE viertakt.installation (
    one boolean DEFAULT true NOT NULL,
    secret bytea NOT NULL,
    installed_at timestamp with time zone DEFAULT now() NOT NULL,
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
    CONSTRAINT kind_version_is_positive CHECK ((version > 0))
);

CREATE TABLE viertakt.migration (
    name text NOT NULL,
    checksum text NOT NULL,
    applied_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL
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
    CONSTRAINT language_is_spoken_here CHECK ((language = ANY (ARRAY['en'::text, 'nl'::text])))
);

CREATE TABLE viertakt.role (
    role text NOT NULL,
    label jsonb NOT NULL
);

CREATE TABLE viertakt.session (
    secret_hash bytea NOT NULL,
    actor text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    seen_at timestamp with time zone DEFAULT now() NOT NULL,
    expires_at timestamp with time zone NOT NULL
);

CREATE TABLE viertakt.subject_data (
    operation_id uuid NOT NULL,
    commitment text NOT NULL,
    field text NOT NULL,
    value jsonb NOT NULL,
    salt bytea NOT NULL,
    recorded_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);

CREATE TABLE viertakt.token (
    actor text NOT NULL,
    secret_hash bytea NOT NULL,
    hint text NOT NULL,
    expires_at timestamp with time zone,
    revoked_at timestamp with time zone,
    last_used_at timestamp with time zone
);

ALTER TABLE ONLY viertakt.entry ATTACH PARTITION viertakt.entry_default DEFAULT;

ALTER TABLE ONLY viertakt.operation ATTACH PARTITION viertakt.operation_default DEFAULT;

ALTER TABLE ONLY viertakt.actor
    ADD CONSTRAINT actor_pkey PRIMARY KEY (actor);

ALTER TABLE ONLY viertakt.actor_role
    ADD CONSTRAINT actor_role_pkey PRIMARY KEY (actor, role);

ALTER TABLE ONLY viertakt.alias
    ADD CONSTRAINT alias_names_one_operation PRIMARY KEY (scheme, value);

ALTER TABLE ONLY viertakt.entry
    ADD CONSTRAINT entry_pkey PRIMARY KEY (operation_id, entry_seq);

ALTER TABLE ONLY viertakt.entry_default
    ADD CONSTRAINT entry_default_pkey PRIMARY KEY (operation_id, entry_seq);

ALTER TABLE ONLY viertakt.installation
    ADD CONSTRAINT installation_pkey PRIMARY KEY (one);

ALTER TABLE ONLY viertakt.kind_version
    ADD CONSTRAINT kind_version_pkey PRIMARY KEY (kind, version);

ALTER TABLE ONLY viertakt.migration
    ADD CONSTRAINT migration_pkey PRIMARY KEY (name);

ALTER TABLE ONLY viertakt.operation
    ADD CONSTRAINT operation_pkey PRIMARY KEY (operation_id);

ALTER TABLE ONLY viertakt.operation_default
    ADD CONSTRAINT operation_default_pkey PRIMARY KEY (operation_id);

ALTER TABLE ONLY viertakt.person
    ADD CONSTRAINT person_pkey PRIMARY KEY (actor);

ALTER TABLE ONLY viertakt.role
    ADD CONSTRAINT role_pkey PRIMARY KEY (role);

ALTER TABLE ONLY viertakt.session
    ADD CONSTRAINT session_pkey PRIMARY KEY (secret_hash);

ALTER TABLE ONLY viertakt.subject_data
    ADD CONSTRAINT subject_data_pkey PRIMARY KEY (operation_id, commitment);

ALTER TABLE ONLY viertakt.token
    ADD CONSTRAINT token_pkey PRIMARY KEY (actor);

ALTER TABLE ONLY viertakt.token
    ADD CONSTRAINT token_secret_is_unique UNIQUE (secret_hash);

CREATE INDEX alias_by_operation ON viertakt.alias USING btree (operation_id);

CREATE INDEX alias_by_value ON viertakt.alias USING btree (value) WHERE (scheme !~~ 'key:%'::text);

CREATE UNIQUE INDEX key_acts_once ON ONLY viertakt.entry USING btree (operation_id, actor, key) WHERE (key IS NOT NULL);

CREATE UNIQUE INDEX entry_default_operation_id_actor_key_idx ON viertakt.entry_default USING btree (operation_id, actor, key) WHERE (key IS NOT NULL);

CREATE UNIQUE INDEX operation_has_each_version_once ON ONLY viertakt.entry USING btree (operation_id, version) WHERE (version IS NOT NULL);

CREATE UNIQUE INDEX entry_default_operation_id_version_idx ON viertakt.entry_default USING btree (operation_id, version) WHERE (version IS NOT NULL);

CREATE INDEX operation_by_creation ON ONLY viertakt.operation USING btree (created_at, operation_id);

CREATE INDEX operation_by_deadline ON ONLY viertakt.operation USING btree (deadline_at, operation_id) WHERE (deadline_at IS NOT NULL);

CREATE INDEX operation_by_kind ON ONLY viertakt.operation USING btree (kind, created_at, operation_id);

CREATE INDEX operation_by_parent ON ONLY viertakt.operation USING btree (parent_id) WHERE (parent_id IS NOT NULL);

CREATE INDEX operation_by_status ON ONLY viertakt.operation USING btree (status, kind, created_at, operation_id);

CREATE INDEX operation_by_subject ON ONLY viertakt.operation USING btree (subject, created_at, operation_id) WHERE (subject IS NOT NULL);

CREATE INDEX operation_default_created_at_operation_id_idx ON viertakt.operation_default USING btree (created_at, operation_id);

CREATE INDEX operation_default_deadline_at_operation_id_idx ON viertakt.operation_default USING btree (deadline_at, operation_id) WHERE (deadline_at IS NOT NULL);

CREATE INDEX operation_default_kind_created_at_operation_id_idx ON viertakt.operation_default USING btree (kind, created_at, operation_id);

CREATE INDEX operation_default_parent_id_idx ON viertakt.operation_default USING btree (parent_id) WHERE (parent_id IS NOT NULL);

CREATE INDEX operation_default_status_kind_created_at_operation_id_idx ON viertakt.operation_default USING btree (status, kind, created_at, operation_id);

CREATE INDEX operation_default_subject_created_at_operation_id_idx ON viertakt.operation_default USING btree (subject, created_at, operation_id) WHERE (subject IS NOT NULL);

CREATE UNIQUE INDEX person_signs_in_with_one_email ON viertakt.person USING btree (lower(email));

CREATE INDEX session_by_actor ON viertakt.session USING btree (actor);

ALTER INDEX viertakt.key_acts_once ATTACH PARTITION viertakt.entry_default_operation_id_actor_key_idx;

ALTER INDEX viertakt.operation_has_each_version_once ATTACH PARTITION viertakt.entry_default_operation_id_version_idx;

ALTER INDEX viertakt.entry_pkey ATTACH PARTITION viertakt.entry_default_pkey;

ALTER INDEX viertakt.operation_by_creation ATTACH PARTITION viertakt.operation_default_created_at_operation_id_idx;

ALTER INDEX viertakt.operation_by_deadline ATTACH PARTITION viertakt.operation_default_deadline_at_operation_id_idx;

ALTER INDEX viertakt.operation_by_kind ATTACH PARTITION viertakt.operation_default_kind_created_at_operation_id_idx;

ALTER INDEX viertakt.operation_by_parent ATTACH PARTITION viertakt.operation_default_parent_id_idx;

ALTER INDEX viertakt.operation_pkey ATTACH PARTITION viertakt.operation_default_pkey;

ALTER INDEX viertakt.operation_by_status ATTACH PARTITION viertakt.operation_default_status_kind_created_at_operation_id_idx;

ALTER INDEX viertakt.operation_by_subject ATTACH PARTITION viertakt.operation_default_subject_created_at_operation_id_idx;

CREATE TRIGGER history_is_not_truncated BEFORE TRUNCATE ON viertakt.entry FOR EACH STATEMENT EXECUTE FUNCTION viertakt.refuse_change();

CREATE TRIGGER history_stays BEFORE DELETE OR UPDATE ON viertakt.entry FOR EACH ROW EXECUTE FUNCTION viertakt.refuse_change();

CREATE TRIGGER published_kind_stays BEFORE DELETE OR UPDATE ON viertakt.kind_version FOR EACH ROW EXECUTE FUNCTION viertakt.refuse_change();

CREATE TRIGGER published_kinds_stay BEFORE TRUNCATE ON viertakt.kind_version FOR EACH STATEMENT EXECUTE FUNCTION viertakt.refuse_change();

ALTER TABLE ONLY viertakt.actor_role
    ADD CONSTRAINT actor_role_actor_fkey FOREIGN KEY (actor) REFERENCES viertakt.actor(actor);

ALTER TABLE ONLY viertakt.actor_role
    ADD CONSTRAINT actor_role_role_fkey FOREIGN KEY (role) REFERENCES viertakt.role(role);

ALTER TABLE ONLY viertakt.person
    ADD CONSTRAINT person_actor_fkey FOREIGN KEY (actor) REFERENCES viertakt.actor(actor);

ALTER TABLE ONLY viertakt.session
    ADD CONSTRAINT session_actor_fkey FOREIGN KEY (actor) REFERENCES viertakt.person(actor);

ALTER TABLE ONLY viertakt.token
    ADD CONSTRAINT token_actor_fkey FOREIGN KEY (actor) REFERENCES viertakt.actor(actor);

GRANT USAGE ON SCHEMA viertakt TO viertakt_app;

GRANT USAGE ON SEQUENCE viertakt.entry_seq TO viertakt_app;

GRANT SELECT,INSERT ON TABLE viertakt.entry TO viertakt_app;

GRANT SELECT,INSERT,UPDATE ON TABLE viertakt.operation TO viertakt_app;

GRANT SELECT,INSERT,UPDATE ON TABLE viertakt.actor TO viertakt_app;

GRANT SELECT,INSERT,DELETE ON TABLE viertakt.actor_role TO viertakt_app;

GRANT SELECT,INSERT,DELETE ON TABLE viertakt.alias TO viertakt_app;

GRANT SELECT,INSERT ON TABLE viertakt.entry_default TO viertakt_app;

GRANT SELECT ON TABLE viertakt.installation TO viertakt_app;

GRANT SELECT,INSERT ON TABLE viertakt.kind_version TO viertakt_app;

GRANT SELECT ON TABLE viertakt.migration TO viertakt_app;

GRANT SELECT,INSERT ON TABLE viertakt.operation_default TO viertakt_app;

GRANT SELECT,INSERT,UPDATE ON TABLE viertakt.person TO viertakt_app;

GRANT SELECT,INSERT,UPDATE ON TABLE viertakt.role TO viertakt_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE viertakt.session TO viertakt_app;

GRANT SELECT,INSERT,DELETE ON TABLE viertakt.subject_data TO viertakt_app;

GRANT SELECT,INSERT,UPDATE ON TABLE viertakt.token TO viertakt_app;
