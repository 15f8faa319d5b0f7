-- A histogram is one number: the count of bin b stands in the twelve decimal digits from 10^(12 (b + 345)). So histograms are
-- merged by adding them, sum() merges many in C, and a report reads a row for a group instead of a row for each of its bins.
-- Bin -345 is the shortest there is, a millisecond (reports/histograms.py); twelve digits are three of numeric's own.
CREATE FUNCTION viertakt.histogram(bin integer) RETURNS numeric
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE RETURN ('1e' || 12 * (bin + 345))::numeric;

COMMENT ON FUNCTION viertakt.histogram IS 'the histogram of one value in this bin; bin at least -345';

-- The bins that hold something, and how much.
CREATE FUNCTION viertakt.bins(histogram numeric) RETURNS TABLE (bin integer, count bigint)
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
BEGIN ATOMIC
SELECT b.n - 345 AS bin, b.count
FROM (
    SELECT n, substr(d.digits, length(d.digits) - 12 * n - 11, 12)::bigint AS count
    FROM (
        SELECT lpad(h.digits, 12 * ((length(h.digits) + 11) / 12), '0') AS digits
        FROM (SELECT histogram::text AS digits) AS h
    ) AS d
    CROSS JOIN LATERAL generate_series(0, length(d.digits) / 12 - 1) AS n
) AS b
WHERE b.count <> 0;
END;

COMMENT ON FUNCTION viertakt.bins IS 'the bins of a histogram, which has no negative counts';

-- Durations in this shape, from what was counted.
CREATE TEMPORARY TABLE told ON COMMIT DROP AS
SELECT
    d.measure, d.grain, d.bucket, d.kind, d.stage, sum(d.count) AS count, sum(d.seconds) AS seconds,
    sum(d.count * viertakt.histogram(greatest(d.bin, -345))) AS histogram
FROM viertakt.duration_tally AS d
GROUP BY 1, 2, 3, 4, 5;

-- squawk-ignore ban-drop-view
DROP VIEW reporting.durations;
-- squawk-ignore ban-drop-table
DROP TABLE viertakt.duration_tally;

CREATE TABLE viertakt.duration_tally (
    measure text NOT NULL CONSTRAINT duration_is_final_or_stay CHECK (measure IN ('final', 'stay')),
    grain text NOT NULL CONSTRAINT duration_grain_is_known
    CHECK (grain IN ('day', 'month', 'kind_day', 'kind_month')),
    bucket timestamptz NOT NULL,
    kind text NOT NULL,
    stage text NOT NULL,
    count bigint NOT NULL,
    seconds numeric NOT NULL,
    histogram numeric NOT NULL,
    PRIMARY KEY (measure, grain, bucket, kind, stage)
) WITH (fillfactor = 70);

COMMENT ON TABLE viertakt.duration_tally IS
'how long stays and operations took: how many, how long together, and in which bins (see function histogram)';

-- Kept in the row, pressed: most are less than a kilobyte, and a report reads thousands.
ALTER TABLE viertakt.duration_tally ALTER COLUMN histogram SET STORAGE MAIN;

INSERT INTO viertakt.duration_tally (measure, grain, bucket, kind, stage, count, seconds, histogram)
SELECT t.measure, t.grain, t.bucket, t.kind, t.stage, t.count, t.seconds, t.histogram FROM told AS t;

GRANT SELECT, INSERT, UPDATE, DELETE ON viertakt.duration_tally TO viertakt_app;

-- A bin's value is its middle, as in reports/histograms.py; what is shorter than a millisecond is nothing.
CREATE VIEW reporting.durations WITH (security_barrier) AS
SELECT
    d.measure, (d.bucket AT TIME ZONE i.zone)::date AS ended_on, d.kind, d.stage,
    CASE WHEN b.seconds > 0.00102 THEN b.seconds ELSE 0 END AS seconds, b.count,
    d.seconds * b.share::numeric AS seconds_total
FROM viertakt.duration_tally AS d
CROSS JOIN viertakt.installation AS i
CROSS JOIN LATERAL (
    SELECT v.count, v.seconds, v.count * v.seconds / sum(v.count * v.seconds) OVER () AS share
    FROM (
        SELECT h.count, 2 * power(1.020202020202::float8, h.bin) / 2.020202020202 AS seconds
        FROM viertakt.bins(d.histogram) AS h
    ) AS v
) AS b
WHERE
    d.grain = 'day' AND d.measure IN ('final', 'stay') AND d.count <> 0
    AND ((SELECT r.stages FROM viertakt.restricted AS r) -> d.kind ? d.stage) IS NOT TRUE;

COMMENT ON VIEW reporting.durations IS
'How long things took, in classes that add up over days, kinds and stages; each class is right within one percent.';
COMMENT ON COLUMN reporting.durations.measure IS 'stay: the time in a stage; final: from the opening to the end';
COMMENT ON COLUMN reporting.durations.ended_on IS 'the organisation''s day on which the stay or the operation ended';
COMMENT ON COLUMN reporting.durations.kind IS 'the operations'' kind';
COMMENT ON COLUMN reporting.durations.stage IS 'the stage that was left, or in which they ended';
COMMENT ON COLUMN reporting.durations.seconds IS 'the duration that stands for the class, in seconds';
COMMENT ON COLUMN reporting.durations.count IS 'how many stays or operations';
COMMENT ON COLUMN reporting.durations.seconds_total IS
'their durations together, in seconds; of all classes of a day, kind and stage exactly';

GRANT SELECT ON reporting.durations TO viertakt_reporting;

-- When in the day operations are opened and moved: the count of the n-th quarter of an hour after the organisation's midnight
-- stands in the eight decimal digits from 10^(8 n). Every zone's hours begin with one of these quarters.
CREATE TABLE viertakt.hour_tally (
    measure text NOT NULL CONSTRAINT hours_are_of_openings_or_moves CHECK (measure IN ('opened', 'moved')),
    bucket timestamptz NOT NULL,
    kind text NOT NULL,
    count bigint NOT NULL,
    quarters numeric NOT NULL,
    PRIMARY KEY (measure, bucket, kind)
) WITH (fillfactor = 70);

COMMENT ON TABLE viertakt.hour_tally IS 'openings, and all moves with them, by day and quarter of an hour';

ALTER TABLE viertakt.hour_tally ALTER COLUMN quarters SET STORAGE MAIN;

INSERT INTO viertakt.hour_tally (measure, bucket, kind, count, quarters)
SELECT q.measure, q.bucket, q.kind, sum(q.count), sum(q.count * ('1e' || 8 * q.nth)::numeric)
FROM (
    SELECT
        m.measure, date_trunc('day', e.at, i.zone) AS bucket, o.kind, count(*) AS count,
        floor(extract(EPOCH FROM e.at - date_trunc('day', e.at, i.zone)) / 900)::integer AS nth
    FROM viertakt.journal AS j
    JOIN viertakt.entry AS e ON e.operation_id = j.operation_id AND e.entry_seq = j.entry_seq
    JOIN viertakt.operation AS o ON o.operation_id = j.operation_id
    CROSS JOIN viertakt.installation AS i
    CROSS JOIN (VALUES ('opened'), ('moved')) AS m (measure)
    WHERE
        e.sort IN ('opened', 'moved') AND (m.measure = 'moved' OR e.sort = 'opened')
        AND j.position <= (SELECT f.position FROM viertakt.follower AS f WHERE f.name = 'stays')
    GROUP BY 1, 2, 3, 5
) AS q
GROUP BY q.measure, q.bucket, q.kind;

GRANT SELECT, INSERT, UPDATE, DELETE ON viertakt.hour_tally TO viertakt_app;
