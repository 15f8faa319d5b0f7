-- What makes this installation itself, and the index by which anything is found under a name somebody pasted.

-- One row. The secret signs cursors: a list goes on only from a place that this installation has shown.
CREATE TABLE viertakt.installation (
    one boolean PRIMARY KEY DEFAULT true CONSTRAINT installation_is_one CHECK (one),
    secret bytea NOT NULL CONSTRAINT secret_is_long_enough CHECK (length(secret) >= 32),
    installed_at timestamptz NOT NULL DEFAULT now()
);

-- gen_random_uuid is as random as the operating system; three of them are more than the 256 bits kept.
INSERT INTO viertakt.installation (secret)
VALUES (sha256((gen_random_uuid()::text || gen_random_uuid()::text || gen_random_uuid()::text)::bytea));

GRANT SELECT ON viertakt.installation TO viertakt_app;

-- Search knows the value, not the scheme. Request keys are nobody's to search, and would double the index.
-- Not built concurrently: no installation has data before this migration.
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX alias_by_value ON viertakt.alias (value) WHERE scheme NOT LIKE 'key:%';
