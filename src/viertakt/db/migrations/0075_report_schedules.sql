-- Reports that come by mail: which one, asked how, how often, and when it goes next. What is sent is counted as it goes, by
-- what its reader may see then.

CREATE TABLE viertakt.report_schedule (
    schedule_id uuid PRIMARY KEY,
    reader text NOT NULL REFERENCES viertakt.actor,
    report text NOT NULL,
    query text NOT NULL DEFAULT '',
    format text NOT NULL CONSTRAINT report_schedule_format_is_known CHECK (format IN ('csv', 'xlsx')),
    every text NOT NULL CONSTRAINT report_schedule_pace_is_known CHECK (every IN ('day', 'week', 'month')),
    at time NOT NULL,  -- by the reader's clock
    zone text NOT NULL,
    next_at timestamptz NOT NULL,
    sent_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    ended_at timestamptz
);
CREATE INDEX report_schedule_due ON viertakt.report_schedule (next_at) WHERE ended_at IS NULL;
CREATE INDEX report_schedule_by_reader ON viertakt.report_schedule (reader) WHERE ended_at IS NULL;

GRANT SELECT, INSERT, UPDATE ON viertakt.report_schedule TO viertakt_app;
