-- Sign-in beyond a password: second factors, what each session is and when its person last proved who they are,
-- identities at other providers, a brake that all servers share, and a record of all of it.

-- Everybody signs in once more: the sessions of before know neither where they come from nor when they were proved.
DELETE FROM viertakt.session;
ALTER TABLE viertakt.session
-- No session is left, so there is nothing to rewrite.
-- squawk-ignore adding-field-with-default
ADD COLUMN session_id uuid NOT NULL DEFAULT gen_random_uuid(),
ADD COLUMN proved_at timestamptz NOT NULL DEFAULT now(),
ADD COLUMN method text NOT NULL DEFAULT 'password',
ADD COLUMN address text,
ADD COLUMN client text;

CREATE TABLE viertakt.second_factor (
    actor text PRIMARY KEY REFERENCES viertakt.person,
    sealed_secret bytea NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    confirmed_at timestamptz,
    -- The last time step whose code was accepted: none is accepted twice.
    last_step bigint NOT NULL DEFAULT 0
);

CREATE TABLE viertakt.recovery_code (
    actor text NOT NULL REFERENCES viertakt.person,
    code_hash bytea NOT NULL,
    used_at timestamptz,
    PRIMARY KEY (actor, code_hash)
);

CREATE TABLE viertakt.identity (
    issuer text NOT NULL,
    subject text NOT NULL,
    actor text NOT NULL REFERENCES viertakt.person,
    -- The person came by this provider, so its groups say what they are.
    manages_roles boolean NOT NULL,
    linked_at timestamptz NOT NULL DEFAULT now(),
    used_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (issuer, subject)
);
CREATE INDEX identity_by_actor ON viertakt.identity (actor);

CREATE TABLE viertakt.sign_in_brake (
    key_hash bytea PRIMARY KEY,
    failures integer NOT NULL DEFAULT 0,
    failed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    locked_until timestamptz
);
CREATE INDEX sign_in_brake_by_age ON viertakt.sign_in_brake (failed_at);

CREATE TABLE viertakt.sign_in_event (
    event_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    sort text NOT NULL,
    actor text,  -- whose account; none where nobody has the address that was tried
    by_actor text,  -- who did it, where that is somebody else
    method text,
    address text,
    client text,
    detail text
);
CREATE INDEX sign_in_event_by_actor ON viertakt.sign_in_event (actor, event_id DESC);
CREATE TRIGGER sign_in_event_stays BEFORE UPDATE OR DELETE ON viertakt.sign_in_event
FOR EACH ROW EXECUTE FUNCTION viertakt.refuse_change();
CREATE TRIGGER sign_in_events_stay BEFORE TRUNCATE ON viertakt.sign_in_event
EXECUTE FUNCTION viertakt.refuse_change();

GRANT SELECT, INSERT, UPDATE, DELETE ON viertakt.second_factor, viertakt.recovery_code, viertakt.identity,
viertakt.sign_in_brake TO viertakt_app;
GRANT SELECT, INSERT ON viertakt.sign_in_event TO viertakt_app;
