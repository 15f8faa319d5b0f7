-- A year of kinds is twelve months of them and the days at its ends: a tenth of the rows that reports read.

-- The new lists hold all that the old ones did, so nothing has to be read for them.
-- squawk-ignore ban-drop-constraint
ALTER TABLE viertakt.status_tally DROP CONSTRAINT grain_is_known;
ALTER TABLE viertakt.status_tally ADD CONSTRAINT grain_is_known
CHECK (grain IN ('all', 'day', 'hour', 'kind_day', 'kind_month')) NOT VALID;
-- squawk-ignore ban-drop-constraint
ALTER TABLE viertakt.outcome_tally DROP CONSTRAINT outcome_grain_is_known;
ALTER TABLE viertakt.outcome_tally ADD CONSTRAINT outcome_grain_is_known
CHECK (grain IN ('day', 'hour', 'kind_day', 'kind_month')) NOT VALID;

INSERT INTO viertakt.status_tally (grain, bucket, kind, stage, status, currency, dimensions, count, amount)
SELECT 'kind_month', date_trunc('month', t.bucket, i.zone), t.kind, '', t.status, t.currency, '{}', sum(t.count), sum(t.amount)
FROM viertakt.status_tally AS t
CROSS JOIN viertakt.installation AS i
WHERE t.grain = 'kind_day'
GROUP BY 2, t.kind, t.status, t.currency;

INSERT INTO viertakt.outcome_tally (grain, bucket, kind, stage, status, currency, count, amount)
SELECT 'kind_month', date_trunc('month', t.bucket, i.zone), t.kind, '', t.status, t.currency, sum(t.count), sum(t.amount)
FROM viertakt.outcome_tally AS t
CROSS JOIN viertakt.installation AS i
WHERE t.grain = 'kind_day'
GROUP BY 2, t.kind, t.status, t.currency;
