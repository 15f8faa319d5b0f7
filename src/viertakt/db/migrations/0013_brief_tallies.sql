-- Reports over a year read days by kind and status alone: a twentieth of the rows that hold stage, brand and dimensions too.
-- kind_day and kind_month are the same counts in fewer groups: stage is empty, brand and dimensions are absent.

-- squawk-ignore constraint-missing-not-valid
ALTER TABLE viertakt.status_tally
DROP CONSTRAINT grain_is_all_day_or_hour,
ADD CONSTRAINT grain_is_known CHECK (grain IN ('all', 'day', 'hour', 'kind_day'));
INSERT INTO viertakt.status_tally (grain, bucket, kind, stage, status, currency, count, amount)
SELECT 'kind_day', t.bucket, t.kind, '', t.status, t.currency, sum(t.count), sum(t.amount)
FROM viertakt.status_tally AS t
WHERE t.grain = 'day'
GROUP BY t.bucket, t.kind, t.status, t.currency;

-- squawk-ignore constraint-missing-not-valid
ALTER TABLE viertakt.outcome_tally
DROP CONSTRAINT outcome_grain_is_day_or_hour,
ADD CONSTRAINT outcome_grain_is_known CHECK (grain IN ('day', 'hour', 'kind_day'));
INSERT INTO viertakt.outcome_tally (grain, bucket, kind, stage, status, currency, count, amount)
SELECT 'kind_day', t.bucket, t.kind, '', t.status, t.currency, sum(t.count), sum(t.amount)
FROM viertakt.outcome_tally AS t
WHERE t.grain = 'day'
GROUP BY t.bucket, t.kind, t.status, t.currency;

-- squawk-ignore constraint-missing-not-valid
ALTER TABLE viertakt.duration_tally
DROP CONSTRAINT duration_grain_is_day_or_month,
ADD CONSTRAINT duration_grain_is_known CHECK (grain IN ('day', 'month', 'kind_day', 'kind_month'));
INSERT INTO viertakt.duration_tally (measure, grain, bucket, kind, stage, bin, count, seconds)
SELECT t.measure, 'kind_' || t.grain, t.bucket, t.kind, '', t.bin, sum(t.count), sum(t.seconds)
FROM viertakt.duration_tally AS t
WHERE t.measure = 'final'
GROUP BY t.measure, t.grain, t.bucket, t.kind, t.bin;
