-- Bulk jobs: one transition of many operations, frozen when it was asked for, and made item by item through the same door.

CREATE TABLE viertakt.bulk_job (
    bulk_id uuid PRIMARY KEY,
    state text NOT NULL DEFAULT 'ready' CONSTRAINT bulk_state_is_known
    CHECK (state IN ('ready', 'waiting', 'running', 'paused', 'done', 'cancelled', 'declined')),
    -- Of a job that undoes another: the transition that was made; each kind says what reverses it.
    transition text NOT NULL,
    reason text,
    comment text,
    undoes uuid REFERENCES viertakt.bulk_job,
    query text,  -- as printed; none where operations were named
    scope jsonb NOT NULL,  -- what whoever asked saw then: others who see as much see the job
    asked_by text NOT NULL REFERENCES viertakt.actor,
    asked_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    preview jsonb NOT NULL,
    needs jsonb NOT NULL,
    total integer NOT NULL,
    affected integer NOT NULL,
    done integer NOT NULL DEFAULT 0,
    asked integer NOT NULL DEFAULT 0,
    skipped integer NOT NULL DEFAULT 0,
    failed integer NOT NULL DEFAULT 0,
    worked_seconds double precision NOT NULL DEFAULT 0,
    starts_at timestamptz,
    ended_at timestamptz,
    said text,  -- why it was declined or ended early
    key text,
    body_digest text,
    CONSTRAINT running_job_says_since_when CHECK (state <> 'running' OR starts_at IS NOT NULL)
);
CREATE UNIQUE INDEX bulk_key_acts_once ON viertakt.bulk_job (asked_by, key) WHERE key IS NOT NULL;
CREATE INDEX bulk_job_by_time ON viertakt.bulk_job (asked_at, bulk_id);
CREATE INDEX bulk_job_runs ON viertakt.bulk_job (starts_at) WHERE state = 'running';

-- Written by the hundred thousand in one statement, so nothing is checked row by row: a job's items come and go with it.
CREATE TABLE viertakt.bulk_item (
    bulk_id uuid NOT NULL,
    n integer NOT NULL,
    operation_id uuid NOT NULL,
    version integer NOT NULL,  -- the operation's when it was frozen; 0 where it was not to be seen
    state text NOT NULL DEFAULT 'waiting' CONSTRAINT bulk_item_state_is_known
    CHECK (state IN ('waiting', 'done', 'asked', 'skipped', 'failed')),
    code text,
    detail text,
    entry_seq bigint,
    moved_version integer,  -- the version that the job's move made
    -- Who claims an item raises `attempt`: what an earlier attempt still says of it no longer counts.
    attempt integer NOT NULL DEFAULT 0,
    leased_until timestamptz,
    settled_at timestamptz,
    PRIMARY KEY (bulk_id, n)
) WITH (fillfactor = 70);
CREATE INDEX bulk_item_waits ON viertakt.bulk_item (bulk_id, n) WHERE state = 'waiting';

-- Who consented to a whole job.
CREATE TABLE viertakt.bulk_consent (
    bulk_id uuid NOT NULL REFERENCES viertakt.bulk_job,
    actor text NOT NULL REFERENCES viertakt.actor,
    granted_by text NOT NULL,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT person_consents_to_a_job_once PRIMARY KEY (bulk_id, actor)
);

GRANT SELECT, INSERT, UPDATE, DELETE ON viertakt.bulk_job, viertakt.bulk_item TO viertakt_app;
GRANT SELECT, INSERT ON viertakt.bulk_consent TO viertakt_app;
