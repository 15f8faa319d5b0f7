-- Promises that are told of before and when they break, and operations that show no sign of life.

-- One row for each moment at which something is to be told of a promise that is open, and for what has been told.
-- `due_at` is null while the promise's clock stands still.
CREATE TABLE viertakt.promise_step (
    operation_id uuid NOT NULL,
    target text NOT NULL,
    ordinal integer NOT NULL,
    step text NOT NULL CONSTRAINT promise_step_is_known CHECK (step IN ('warned', 'breached')),
    due_at timestamptz,
    told_at timestamptz,
    PRIMARY KEY (operation_id, target, ordinal, step)
) WITH (fillfactor = 80);
CREATE INDEX promise_step_by_time ON viertakt.promise_step (due_at) WHERE told_at IS NULL AND due_at IS NOT NULL;

-- Operations that were found stuck, at the version they have been stuck at.
CREATE TABLE viertakt.stalled (
    operation_id uuid PRIMARY KEY,
    version integer NOT NULL,
    found_at timestamptz NOT NULL DEFAULT now()
) WITH (fillfactor = 80);

GRANT SELECT, INSERT, UPDATE, DELETE ON viertakt.promise_step, viertakt.stalled TO viertakt_app;
