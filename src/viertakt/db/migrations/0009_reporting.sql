-- What other programs may build upon: views for BI tools and dbt, and a role that reads them and nothing else. A contract
-- (docs/reference/reporting-views.md): columns are added, never renamed or removed within a major version.

CREATE SCHEMA IF NOT EXISTS reporting;

-- Its settings hold where the role itself signs in; a login that is granted the role needs them of its own.
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = 'viertakt_reporting') THEN
        CREATE ROLE viertakt_reporting NOLOGIN;
        ALTER ROLE viertakt_reporting SET default_transaction_read_only = on;
        ALTER ROLE viertakt_reporting SET statement_timeout = '60s';
    END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN
    NULL;  -- another installation on this cluster made it at the same moment
END
$$;

-- A value stays hidden also where only a later version of its kind calls it personal.
CREATE VIEW viertakt.personal_attributes AS
SELECT k.kind, array_agg(DISTINCT a.key) AS names
FROM viertakt.kind_version AS k
CROSS JOIN LATERAL jsonb_each(k.document -> 'attributes') AS a
WHERE a.value ->> 'class' IN ('personal', 'sensitive')
GROUP BY k.kind;

-- That somebody is suspected of a crime is not for a dashboard: what stands in such a stage is told nowhere here. One row:
-- for each kind its stages, so that it is looked up like a constant and no join disturbs the order of an index.
CREATE VIEW viertakt.restricted AS
SELECT coalesce(jsonb_object_agg(r.kind, r.stages), '{}') AS stages
FROM (
    SELECT k.kind, jsonb_agg(DISTINCT s.key) AS stages
    FROM viertakt.kind_version AS k
    CROSS JOIN LATERAL jsonb_each(k.document -> 'stages') AS s
    WHERE s.value ->> 'restricted' = 'true'
    GROUP BY k.kind
) AS r;

-- The views run with their owner's rights, and as barriers: a reader's own function never sees a row that is left out.

CREATE VIEW reporting.operations WITH (security_barrier) AS
WITH personal AS MATERIALIZED (SELECT p.kind, p.names FROM viertakt.personal_attributes AS p)

SELECT
    o.operation_id, o.kind, o.kind_version, o.reference, o.parent_id, o.brand, o.amount, o.currency,
    o.attributes - coalesce(p.names, '{}') AS attributes,
    o.tags, o.stage, o.status, o.waiting_on, o.version, o.contradiction, o.created_at, o.entered_at, o.changed_at,
    o.closed_at, o.deadline_at
FROM viertakt.operation AS o
LEFT JOIN personal AS p ON p.kind = o.kind
WHERE ((SELECT r.stages FROM viertakt.restricted AS r) -> o.kind ? o.stage) IS NOT TRUE;

CREATE VIEW reporting.moves WITH (security_barrier) AS
SELECT
    j.position, e.operation_id, e.version, o.kind, e.transition, e.from_stage, e.from_status, e.to_stage, e.to_status,
    e.cause, split_part(e.actor, ':', 1) AS acted_by, e.reason, e.at, e.recorded_at
FROM viertakt.journal AS j
JOIN viertakt.entry AS e ON e.operation_id = j.operation_id AND e.entry_seq = j.entry_seq
JOIN viertakt.operation AS o ON o.operation_id = j.operation_id
WHERE
    e.sort IN ('opened', 'moved')
    AND ((SELECT r.stages FROM viertakt.restricted AS r) -> o.kind ?| ARRAY[e.from_stage, e.to_stage]) IS NOT TRUE;

CREATE VIEW reporting.stays WITH (security_barrier) AS
SELECT
    s.operation_id, s.ordinal, s.kind, s.stage, s.status, s.entered_at, s.left_at,
    CASE
        WHEN ((SELECT r.stages FROM viertakt.restricted AS r) -> s.kind ? s.next_stage) IS NOT TRUE THEN s.next_stage
    END AS next_stage,
    CASE WHEN s.left_at IS NOT NULL THEN greatest(extract(EPOCH FROM s.left_at - s.entered_at), 0) END AS seconds,
    s.entered_position, s.left_position
FROM viertakt.stay AS s
WHERE ((SELECT r.stages FROM viertakt.restricted AS r) -> s.kind ? s.stage) IS NOT TRUE;

CREATE VIEW reporting.status_counts WITH (security_barrier) AS
WITH personal AS MATERIALIZED (SELECT p.kind, p.names FROM viertakt.personal_attributes AS p)

SELECT
    (t.bucket AT TIME ZONE i.zone)::date AS created_on,
    t.kind, t.stage, t.status, t.brand, t.currency, t.dimensions - coalesce(p.names, '{}') AS dimensions,
    t.count, t.amount
FROM viertakt.status_tally AS t
CROSS JOIN viertakt.installation AS i
LEFT JOIN personal AS p ON p.kind = t.kind
WHERE
    t.grain = 'day' AND (t.count <> 0 OR t.amount <> 0)
    AND ((SELECT r.stages FROM viertakt.restricted AS r) -> t.kind ? t.stage) IS NOT TRUE;

CREATE VIEW reporting.outcome_counts WITH (security_barrier) AS
SELECT
    (t.bucket AT TIME ZONE i.zone)::date AS closed_on,
    t.kind, t.stage, t.status, t.brand, t.currency, t.count, t.amount
FROM viertakt.outcome_tally AS t
CROSS JOIN viertakt.installation AS i
WHERE
    t.grain = 'day' AND (t.count <> 0 OR t.amount <> 0)
    AND ((SELECT r.stages FROM viertakt.restricted AS r) -> t.kind ? t.stage) IS NOT TRUE;

-- A bin's value is its middle, as in reports/histograms.py; what is shorter than a millisecond is nothing.
CREATE VIEW reporting.durations WITH (security_barrier) AS
SELECT
    d.measure, (d.bucket AT TIME ZONE i.zone)::date AS ended_on, d.kind, d.stage,
    CASE WHEN b.seconds > 0.00102 THEN b.seconds ELSE 0 END AS seconds, d.count, d.seconds AS seconds_total
FROM viertakt.duration_tally AS d
CROSS JOIN viertakt.installation AS i
CROSS JOIN LATERAL (SELECT 2 * power(1.020202020202::float8, d.bin) / 2.020202020202 AS seconds) AS b
WHERE
    d.grain = 'day' AND d.measure IN ('final', 'stay') AND d.count <> 0
    AND ((SELECT r.stages FROM viertakt.restricted AS r) -> d.kind ? d.stage) IS NOT TRUE;

CREATE VIEW reporting.kinds AS
SELECT
    k.kind, k.version, k.document #>> '{label,en}' AS label_en, k.document #>> '{label,nl}' AS label_nl,
    coalesce(k.document ->> 'direction', 'none') AS direction,
    k.version = max(k.version) OVER (PARTITION BY k.kind) AS latest, k.published_at
FROM viertakt.kind_version AS k;

CREATE VIEW reporting.stages AS
SELECT
    k.kind, k.version, s.key AS stage, s.value ->> 'status' AS status, s.value ->> 'waiting_on' AS waiting_on,
    k.document #>> ARRAY['labels', 'stages', s.key, 'en'] AS label_en,
    k.document #>> ARRAY['labels', 'stages', s.key, 'nl'] AS label_nl,
    coalesce(s.value ->> 'final', 'no') AS final,
    coalesce(s.value ->> 'clock', 'run') AS clock
FROM viertakt.kind_version AS k
CROSS JOIN LATERAL jsonb_each(k.document -> 'stages') AS s;

COMMENT ON VIEW reporting.operations IS
'Operations as they stand now, one row each.';
COMMENT ON COLUMN reporting.operations.operation_id IS
'identifies the operation; grows with the moment it was recorded';
COMMENT ON COLUMN reporting.operations.kind IS 'what it is; a row of `kinds`';
COMMENT ON COLUMN reporting.operations.kind_version IS 'the version of its kind it follows';
COMMENT ON COLUMN reporting.operations.reference IS 'the organisation''s own name for it, unique within its kind';
COMMENT ON COLUMN reporting.operations.parent_id IS 'the operation it is a part of';
COMMENT ON COLUMN reporting.operations.brand IS 'the brand it belongs to';
COMMENT ON COLUMN reporting.operations.amount IS 'its worth, in units of `currency`';
COMMENT ON COLUMN reporting.operations.currency IS 'ISO 4217; absent where there is no amount';
COMMENT ON COLUMN reporting.operations.attributes IS
'what its kind declares, without what any version of the kind calls personal or sensitive';
COMMENT ON COLUMN reporting.operations.tags IS 'its tags';
COMMENT ON COLUMN reporting.operations.stage IS 'where it stands; a row of `stages`';
COMMENT ON COLUMN reporting.operations.status IS 'pending, success, error or rejected';
COMMENT ON COLUMN reporting.operations.waiting_on IS 'who or what acts next; absent where nobody does';
COMMENT ON COLUMN reporting.operations.version IS 'rises by one with every move and amendment';
COMMENT ON COLUMN reporting.operations.contradiction IS 'a provider has reported an end that contradicts its own';
COMMENT ON COLUMN reporting.operations.created_at IS 'when it was opened';
COMMENT ON COLUMN reporting.operations.entered_at IS 'when it entered its stage';
COMMENT ON COLUMN reporting.operations.changed_at IS 'when it last moved or was amended';
COMMENT ON COLUMN reporting.operations.closed_at IS 'when it ended; absent while its status is pending';
COMMENT ON COLUMN reporting.operations.deadline_at IS 'when its stage''s time limit fires';

COMMENT ON VIEW reporting.moves IS
'Openings and moves in the order of the journal, one row each. New rows only ever come after the last position.';
COMMENT ON COLUMN reporting.moves.position IS 'place in the journal; it grows, and each is given once';
COMMENT ON COLUMN reporting.moves.operation_id IS 'the operation that moved';
COMMENT ON COLUMN reporting.moves.version IS 'the operation''s version that the move made; 1 is its opening';
COMMENT ON COLUMN reporting.moves.kind IS 'the operation''s kind';
COMMENT ON COLUMN reporting.moves.transition IS 'the transition of its kind; absent for the opening';
COMMENT ON COLUMN reporting.moves.from_stage IS 'the stage it left; absent for the opening';
COMMENT ON COLUMN reporting.moves.from_status IS 'the status it left; absent for the opening';
COMMENT ON COLUMN reporting.moves.to_stage IS 'the stage it entered';
COMMENT ON COLUMN reporting.moves.to_status IS 'the status it entered';
COMMENT ON COLUMN reporting.moves.cause IS
'what brought it about: manual, process, source, deadline, check, children, import, bulk or undo';
COMMENT ON COLUMN reporting.moves.acted_by IS 'person, token (a program) or system; never who';
COMMENT ON COLUMN reporting.moves.reason IS 'a code of the reason catalogue';
COMMENT ON COLUMN reporting.moves.at IS 'when it took effect';
COMMENT ON COLUMN reporting.moves.recorded_at IS 'when it was written down; later than `at` for what was imported';

COMMENT ON VIEW reporting.stays IS
'Each time an operation is or was in a stage, one row.';
COMMENT ON COLUMN reporting.stays.operation_id IS 'the operation';
COMMENT ON COLUMN reporting.stays.ordinal IS 'orders the stays of one operation; numbers may be skipped';
COMMENT ON COLUMN reporting.stays.kind IS 'the operation''s kind';
COMMENT ON COLUMN reporting.stays.stage IS 'the stage it was in';
COMMENT ON COLUMN reporting.stays.status IS 'the status of that stage';
COMMENT ON COLUMN reporting.stays.entered_at IS 'when it came';
COMMENT ON COLUMN reporting.stays.left_at IS 'when it left; absent while it is there';
COMMENT ON COLUMN reporting.stays.next_stage IS 'where it went';
COMMENT ON COLUMN reporting.stays.seconds IS 'how long it stayed, in seconds by the clock; absent while it is there';
COMMENT ON COLUMN reporting.stays.entered_position IS 'the position in `moves` at which it came';
COMMENT ON COLUMN reporting.stays.left_position IS 'the position in `moves` at which it left';

COMMENT ON VIEW reporting.status_counts IS
'How many operations stand where now, by the day they were opened.';
COMMENT ON COLUMN reporting.status_counts.created_on IS 'the organisation''s day on which they were opened';
COMMENT ON COLUMN reporting.status_counts.kind IS 'their kind';
COMMENT ON COLUMN reporting.status_counts.stage IS 'where they stand';
COMMENT ON COLUMN reporting.status_counts.status IS 'their status';
COMMENT ON COLUMN reporting.status_counts.brand IS 'their brand';
COMMENT ON COLUMN reporting.status_counts.currency IS 'the currency of `amount`, ISO 4217';
COMMENT ON COLUMN reporting.status_counts.dimensions IS 'values of the attributes that the kind counts by, at most two';
COMMENT ON COLUMN reporting.status_counts.count IS 'how many operations';
COMMENT ON COLUMN reporting.status_counts.amount IS 'their worth together, in units of `currency`';

COMMENT ON VIEW reporting.outcome_counts IS
'How many operations that have ended stand where, by the day they ended.';
COMMENT ON COLUMN reporting.outcome_counts.closed_on IS 'the organisation''s day on which they ended';
COMMENT ON COLUMN reporting.outcome_counts.kind IS 'their kind';
COMMENT ON COLUMN reporting.outcome_counts.stage IS 'where they stand';
COMMENT ON COLUMN reporting.outcome_counts.status IS 'success, error or rejected';
COMMENT ON COLUMN reporting.outcome_counts.brand IS 'their brand';
COMMENT ON COLUMN reporting.outcome_counts.currency IS 'the currency of `amount`, ISO 4217';
COMMENT ON COLUMN reporting.outcome_counts.count IS 'how many operations';
COMMENT ON COLUMN reporting.outcome_counts.amount IS 'their worth together, in units of `currency`';

COMMENT ON VIEW reporting.durations IS
'How long things took, in classes that add up over days, kinds and stages; each class is right within one percent.';
COMMENT ON COLUMN reporting.durations.measure IS 'stay: the time in a stage; final: from the opening to the end';
COMMENT ON COLUMN reporting.durations.ended_on IS 'the organisation''s day on which the stay or the operation ended';
COMMENT ON COLUMN reporting.durations.kind IS 'the operations'' kind';
COMMENT ON COLUMN reporting.durations.stage IS 'the stage that was left, or in which they ended';
COMMENT ON COLUMN reporting.durations.seconds IS 'the duration that stands for the class, in seconds';
COMMENT ON COLUMN reporting.durations.count IS 'how many stays or operations';
COMMENT ON COLUMN reporting.durations.seconds_total IS 'their durations together, in seconds, exactly';

COMMENT ON VIEW reporting.kinds IS
'Every published version of every kind.';
COMMENT ON COLUMN reporting.kinds.kind IS 'its name';
COMMENT ON COLUMN reporting.kinds.version IS 'counts from 1';
COMMENT ON COLUMN reporting.kinds.label_en IS 'what people read, in English';
COMMENT ON COLUMN reporting.kinds.label_nl IS 'what people read, in Dutch';
COMMENT ON COLUMN reporting.kinds.direction IS 'in, out or none: which way money goes';
COMMENT ON COLUMN reporting.kinds.latest IS 'new operations are opened with this version';
COMMENT ON COLUMN reporting.kinds.published_at IS 'when it was published';

COMMENT ON VIEW reporting.stages IS
'The stages of every version of every kind.';
COMMENT ON COLUMN reporting.stages.kind IS 'the kind''s name';
COMMENT ON COLUMN reporting.stages.version IS 'the kind''s version';
COMMENT ON COLUMN reporting.stages.stage IS 'its name';
COMMENT ON COLUMN reporting.stages.status IS 'the status it gives: pending, success, error or rejected';
COMMENT ON COLUMN reporting.stages.waiting_on IS 'who or what acts next there';
COMMENT ON COLUMN reporting.stages.label_en IS 'what people read, in English';
COMMENT ON COLUMN reporting.stages.label_nl IS 'what people read, in Dutch';
COMMENT ON COLUMN reporting.stages.final IS 'no, provisional (a bank may still take it back) or yes';
COMMENT ON COLUMN reporting.stages.clock IS 'run, or pause: whether time there counts against the organisation';

GRANT USAGE ON SCHEMA reporting TO viertakt_reporting;
GRANT SELECT ON reporting.operations, reporting.moves, reporting.stays, reporting.status_counts,
reporting.outcome_counts, reporting.durations, reporting.kinds, reporting.stages TO viertakt_reporting;
