-- name: make_migration_table
-- Where the runner writes down what it has applied; made before the first migration, so not one itself.
CREATE TABLE IF NOT EXISTS viertakt.migration (
    name text PRIMARY KEY,
    checksum text NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- name: make_schema
-- The schema everything lives in.
CREATE SCHEMA IF NOT EXISTS viertakt;

-- name: migration_table_exists
-- Whether any migration can have been applied here.
SELECT to_regclass('viertakt.migration') IS NOT NULL;

-- name: applied_migrations
-- What has been applied, with the checksum of the file it was.
SELECT name, checksum
FROM viertakt.migration
ORDER BY name
LIMIT 10000;

-- name: record_migration
-- One migration done; written in its own transaction where it has one.
INSERT INTO viertakt.migration (name, checksum)
VALUES (%(name)s, %(checksum)s);

-- name: try_migration_lock
-- One runner at a time. Tried, not waited for: a waiting session would hold up CREATE INDEX CONCURRENTLY for ever.
SELECT pg_try_advisory_lock(hashtext('viertakt.migrate'));

-- name: release_migration_lock
-- Lets the next runner in.
SELECT pg_advisory_unlock(hashtext('viertakt.migrate'));

-- name: lock_partitions
-- One process at a time adds partitions; given back at the end of the transaction.
SELECT pg_advisory_xact_lock(hashtext('viertakt.partitions'));

-- name: limit_lock_wait
-- How long the statements of this transaction may wait for a lock: behind a waiting one everybody else waits too.
SELECT set_config('lock_timeout', %(timeout)s, true);

-- name: missing_partitions
-- For each wished-for partition that is missing: its name and the statements that make it and put it in its place.
-- Made apart and attached, so that the parent itself is never locked against readers and writers.
SELECT
    wish.name,
    format('CREATE TABLE viertakt.%%I (LIKE viertakt.%%I INCLUDING ALL) WITH (fillfactor = %%s)',
        wish.name, wish.parent, wish.fillfactor)
    -- As for the parent (0003): what is made after it does not inherit this.
    || CASE WHEN wish.parent = 'entry'
        THEN format('; ALTER TABLE viertakt.%%I ALTER COLUMN xid SET (n_distinct = -0.5)', wish.name) ELSE '' END AS make,
    format('ALTER TABLE viertakt.%%I ATTACH PARTITION viertakt.%%I FOR VALUES FROM (%%L) TO (%%L)',
        wish.parent, wish.name, wish.lower, wish.upper) AS attach
FROM json_to_recordset(%(wishes)s::json)
    AS wish (name text, parent text, fillfactor integer, lower uuid, upper uuid)
WHERE to_regclass(format('viertakt.%%I', wish.name)) IS NULL
ORDER BY wish.name
LIMIT 1000;
