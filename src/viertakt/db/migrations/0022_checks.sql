-- Checks act: what is examined when an operation enters a stage, and what is set for checks without a new version of a kind.

-- One examination of one version of an operation: by its stage's checks, or by asking again what is not known. It is kept
-- when it is done, for people look at what a check said.
CREATE TABLE viertakt.check_run (
    operation_id uuid NOT NULL,
    version integer NOT NULL,
    sort text NOT NULL CONSTRAINT check_run_sort_is_known CHECK (sort IN ('checks', 're_ask')),
    kind text NOT NULL,
    kind_version integer NOT NULL,
    stage text NOT NULL,
    -- Whether anything outside the database is asked: those wait in a line of their own.
    outside boolean NOT NULL,
    state text NOT NULL DEFAULT 'due' CONSTRAINT check_run_state_is_known CHECK (
        state IN ('due', 'later', 'done', 'void', 'refused')
    ),
    -- When it is to be looked at: at once, when a lease or a rest ends, when the next asking is due, or when "later" is over.
    due_at timestamptz NOT NULL,
    -- Rises with each claim: what carries an older one is refused.
    attempt integer NOT NULL DEFAULT 0,
    -- How often asking outside has come to nothing, or how often it has been asked what became of it.
    tries integer NOT NULL DEFAULT 0,
    -- Answers that came after another had taken it over.
    fenced integer NOT NULL DEFAULT 0,
    found jsonb NOT NULL DEFAULT '[]',
    said text,
    verdict text,
    started_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    settled_at timestamptz,
    CONSTRAINT version_is_examined_once PRIMARY KEY (operation_id, version, sort),
    CONSTRAINT settled_check_run_says_when CHECK (
        (state IN ('done', 'void', 'refused')) = (settled_at IS NOT NULL)
    )
) WITH (fillfactor = 60);
CREATE INDEX check_run_by_due ON viertakt.check_run (outside, due_at) WHERE settled_at IS NULL;
CREATE INDEX check_run_by_start ON viertakt.check_run (started_at, operation_id);

-- Whom asking has failed several times in a row is left alone for a while.
CREATE TABLE viertakt.check_target (
    target text PRIMARY KEY,
    failures integer NOT NULL DEFAULT 0,
    rests_until timestamptz,
    failed_at timestamptz,
    said text
) WITH (fillfactor = 60);

-- What an installation sets for a check: a bound, a block list. Each line is a change that somebody asked for and another
-- person settled; the last that was made is in force, and none is ever deleted.
CREATE TABLE viertakt.check_setting (
    setting_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind text NOT NULL,
    check_name text NOT NULL,
    setting jsonb NOT NULL,
    reason text NOT NULL,
    asked_by text NOT NULL REFERENCES viertakt.actor (actor),
    asked_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    state text NOT NULL DEFAULT 'open' CONSTRAINT check_setting_state_is_known CHECK (
        state IN ('open', 'made', 'declined', 'withdrawn')
    ),
    settled_by text REFERENCES viertakt.actor (actor),
    settled_at timestamptz,
    CONSTRAINT check_setting_is_settled_by_somebody CHECK (
        (state = 'open') = (settled_by IS NULL) AND (state = 'open') = (settled_at IS NULL)
    ),
    CONSTRAINT check_setting_is_made_by_another CHECK (state NOT IN ('made', 'declined') OR settled_by <> asked_by)
);
CREATE INDEX check_setting_in_force ON viertakt.check_setting (kind, check_name, settled_at) WHERE state = 'made';

-- What stood in a checked stage before is left where it is: it was examined by whoever did it then.
INSERT INTO viertakt.follower (name, position) SELECT
    'checks',
    s.position
FROM viertakt.sequencer AS s
WHERE s.position > 0;

GRANT SELECT, INSERT, UPDATE, DELETE ON viertakt.check_run, viertakt.check_target TO viertakt_app;
GRANT SELECT, INSERT, UPDATE ON viertakt.check_setting TO viertakt_app;
