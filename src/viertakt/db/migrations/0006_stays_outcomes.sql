-- What reports read: how long operations stay where, how they end, which ways they go, and who moves them. All of it
-- follows the journal and can be made again from it.

-- One row for each time an operation is in a stage. Its seconds are whole only once it has left; `paused` of them did not
-- count, because the stage's clock stands still.
CREATE TABLE viertakt.stay (
    operation_id uuid NOT NULL,
    ordinal integer NOT NULL CONSTRAINT stay_ordinal_is_positive CHECK (ordinal > 0),
    kind text NOT NULL,
    stage text NOT NULL,
    status text NOT NULL,
    entered_at timestamptz NOT NULL,
    entered_position bigint NOT NULL,
    left_at timestamptz,
    left_position bigint,
    next_stage text,
    PRIMARY KEY (operation_id, ordinal),
    CONSTRAINT stay_ends_as_a_whole
    CHECK ((left_at IS NULL) = (next_stage IS NULL) AND (left_at IS NULL) = (left_position IS NULL))
) PARTITION BY RANGE (operation_id);
CREATE TABLE viertakt.stay_default PARTITION OF viertakt.stay DEFAULT WITH (fillfactor = 90);
-- Which operations were in a stage, and which went from one to the next.
CREATE INDEX stay_by_way ON viertakt.stay (stage, next_stage, operation_id);

-- How many operations that are closed now were closed when, by how they stand: the same groups as status_tally.
CREATE TABLE viertakt.outcome_tally (
    grain text NOT NULL CONSTRAINT outcome_grain_is_known CHECK (grain IN ('day', 'hour', 'kind_day')),
    bucket timestamptz NOT NULL,
    kind text NOT NULL,
    stage text NOT NULL,
    status text NOT NULL,
    brand text,
    currency text,
    count bigint NOT NULL,
    amount numeric NOT NULL DEFAULT 0,
    CONSTRAINT outcome_counts_each_group_once
    UNIQUE NULLS NOT DISTINCT (grain, bucket, kind, stage, status, brand, currency)
) WITH (fillfactor = 70);

-- How many of them were given a reason on their way; one with two reasons counts under both.
CREATE TABLE viertakt.reason_tally (
    bucket timestamptz NOT NULL,
    kind text NOT NULL,
    status text NOT NULL,
    reason text NOT NULL,
    count bigint NOT NULL,
    PRIMARY KEY (bucket, kind, status, reason)
) WITH (fillfactor = 70);

-- Durations in bins that grow by a fixed factor, so that they add up and a percentile is right within two percent
-- (DDSketch, Masson et al., VLDB 2019). `final`: from opening to closing, by when it closed; `stay`: in a stage, by when it
-- was left. Days and months of the organisation.
CREATE TABLE viertakt.duration_tally (
    measure text NOT NULL CONSTRAINT duration_is_final_or_stay CHECK (measure IN ('final', 'stay')),
    grain text NOT NULL CONSTRAINT duration_grain_is_known
    CHECK (grain IN ('day', 'month', 'kind_day', 'kind_month')),
    bucket timestamptz NOT NULL,
    kind text NOT NULL,
    stage text NOT NULL,
    bin integer NOT NULL,
    count bigint NOT NULL,
    seconds numeric NOT NULL,
    PRIMARY KEY (measure, grain, bucket, kind, stage, bin)
) WITH (fillfactor = 70);

-- How many operations, by when they were created, ever went from one stage to the next: each once for each way.
CREATE TABLE viertakt.way_tally (
    bucket timestamptz NOT NULL,
    kind text NOT NULL,
    from_stage text NOT NULL,
    to_stage text NOT NULL,
    count bigint NOT NULL,
    PRIMARY KEY (bucket, kind, from_stage, to_stage)
) WITH (fillfactor = 70);

-- How many openings and moves there were when, and by what cause: hours of the last months, days of the organisation.
CREATE TABLE viertakt.move_tally (
    grain text NOT NULL CONSTRAINT move_grain_is_day_or_hour CHECK (grain IN ('day', 'hour')),
    bucket timestamptz NOT NULL,
    kind text NOT NULL,
    transition text NOT NULL,
    cause text NOT NULL,
    count bigint NOT NULL,
    PRIMARY KEY (grain, bucket, kind, transition, cause)
) WITH (fillfactor = 70);

-- What people moved, by the organisation's days and months.
CREATE TABLE viertakt.person_tally (
    grain text NOT NULL CONSTRAINT person_grain_is_day_or_month CHECK (grain IN ('day', 'month')),
    bucket timestamptz NOT NULL,
    actor text NOT NULL,
    kind text NOT NULL,
    transition text NOT NULL,
    count bigint NOT NULL,
    PRIMARY KEY (grain, bucket, actor, kind, transition)
) WITH (fillfactor = 70);

GRANT SELECT, INSERT, UPDATE, DELETE ON viertakt.stay, viertakt.outcome_tally, viertakt.reason_tally,
viertakt.duration_tally, viertakt.way_tally, viertakt.move_tally, viertakt.person_tally TO viertakt_app;
