-- Time limits that fire: what is being fired or was refused, and when firing was stopped and by whom.

-- Besides moves by the clock, the history tells of promises that are nearly or already broken, and of what shows no sign
-- of life. Entries that were written stay true to the narrower list, so nothing has to be read for it.
-- squawk-ignore ban-drop-constraint
ALTER TABLE viertakt.entry DROP CONSTRAINT entry_sort_is_known;
ALTER TABLE viertakt.entry ADD CONSTRAINT entry_sort_is_known CHECK (sort IN (
    'opened', 'moved', 'amended', 'refused', 'contradicted', 'unmapped',
    'asked', 'consented', 'declined', 'withdrawn',
    'noted', 'assigned', 'claimed', 'released', 'snoozed', 'woken', 'skipped', 'prioritised',
    'warned', 'breached', 'stalled'
)) NOT VALID;

-- A due operation that somebody fires now, or whose transition was refused and is tried again later; nothing else has a
-- row. It is of one version: what has moved on since is free at once.
CREATE TABLE viertakt.deadline_attempt (
    operation_id uuid PRIMARY KEY,
    version integer NOT NULL,
    attempt integer NOT NULL DEFAULT 1 CONSTRAINT deadline_attempt_is_positive CHECK (attempt > 0),
    -- Until then it is somebody's, or rests after a refusal.
    leased_until timestamptz NOT NULL,
    refused text
) WITH (fillfactor = 50);

-- Each time that nothing was fired for a while: stopped by hand, or because the clock had jumped.
CREATE TABLE viertakt.deadline_pause (
    paused_at timestamptz PRIMARY KEY DEFAULT clock_timestamp(),
    cause text NOT NULL CONSTRAINT pause_has_a_known_cause CHECK (cause IN ('clock', 'hand')),
    paused_by text NOT NULL,
    -- How far the clock had jumped.
    jumped interval,
    resumed_at timestamptz,
    resumed_by text,
    CONSTRAINT pause_is_ended_by_somebody CHECK ((resumed_at IS NULL) = (resumed_by IS NULL))
);
CREATE UNIQUE INDEX deadlines_pause_once_at_a_time ON viertakt.deadline_pause ((true)) WHERE resumed_at IS NULL;

GRANT SELECT, INSERT, UPDATE, DELETE ON viertakt.deadline_attempt TO viertakt_app;
GRANT SELECT, INSERT, UPDATE ON viertakt.deadline_pause TO viertakt_app;
