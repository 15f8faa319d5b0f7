-- A job waits for consents until a moment, asks a consenter's grants about every part of it, and hears stand-ins.

ALTER TABLE viertakt.bulk_job ADD COLUMN waits_until timestamptz;
-- One operation for each place and currency in which the job moves any, with the highest amount there.
ALTER TABLE viertakt.bulk_job ADD COLUMN parts jsonb;
UPDATE viertakt.bulk_job SET waits_until = now() + interval '7 days' WHERE state = 'waiting';
-- Jobs are few: neither the index nor the reference takes a moment.
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX bulk_job_waits ON viertakt.bulk_job (waits_until) WHERE state = 'waiting';

-- squawk-ignore adding-foreign-key-constraint
ALTER TABLE viertakt.bulk_consent ADD COLUMN on_behalf_of text REFERENCES viertakt.actor;
