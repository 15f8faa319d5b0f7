-- Reports as they were when a month was closed: written once, with the place in the journal at which they are exact.

CREATE TABLE viertakt.frozen_report (
    frozen_report_id uuid PRIMARY KEY,
    report text NOT NULL,
    title text NOT NULL CONSTRAINT frozen_report_has_a_title CHECK (title <> ''),
    -- What was asked, with every moment as an instant, so that it can be asked again and find the same operations.
    asked jsonb NOT NULL,
    epoch integer NOT NULL,
    position bigint NOT NULL,
    answer jsonb NOT NULL,
    frozen_by text NOT NULL REFERENCES viertakt.actor,
    frozen_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX frozen_report_by_time ON viertakt.frozen_report (frozen_at, frozen_report_id);

CREATE TRIGGER frozen_report_stays BEFORE UPDATE OR DELETE ON viertakt.frozen_report
FOR EACH ROW EXECUTE FUNCTION viertakt.refuse_change();
CREATE TRIGGER frozen_reports_stay BEFORE TRUNCATE ON viertakt.frozen_report
EXECUTE FUNCTION viertakt.refuse_change();

-- What corrects a frozen report: ends that were left for another status, few among all stays. A move from one closed stage
-- to another of the same status leaves no end.
ALTER TABLE viertakt.stay ADD COLUMN next_status text;
-- Not built concurrently: no installation has data before this migration.
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX stay_left_an_end ON viertakt.stay (left_position) WHERE status <> 'pending' AND next_status <> status;

GRANT SELECT, INSERT ON viertakt.frozen_report TO viertakt_app;
