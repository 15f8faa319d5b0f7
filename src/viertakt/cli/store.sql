-- name: doctor_server
-- What the server is, and whether what it confirms is on disk.
SELECT
    current_setting('server_version_num')::integer AS version,
    current_setting('data_checksums') AS checksums,
    current_setting('fsync') AS fsync,
    current_setting('full_page_writes') AS full_page_writes,
    current_setting('synchronous_commit') AS synchronous_commit,
    pg_is_in_recovery() AS standby,
    extract(EPOCH FROM clock_timestamp())::float8 AS clock;

-- name: doctor_owned
-- What the application's role owns, and whether it could do more than its grants say; it should be nothing and no.
SELECT
    (SELECT count(*) FROM pg_catalog.pg_shdepend AS d WHERE d.refobjid = r.oid AND d.deptype = 'o') AS owned,
    r.rolsuper OR r.rolbypassrls OR r.rolcreaterole OR r.rolcreatedb AS mighty
FROM pg_catalog.pg_roles AS r
WHERE r.rolname = 'viertakt_app';

-- name: doctor_triggers
-- The triggers that keep what is written, those switched off included.
SELECT t.tgname, t.tgenabled IN ('O', 'A') AS enabled
FROM pg_catalog.pg_trigger AS t
WHERE
    t.tgrelid IN ('viertakt.entry'::regclass, 'viertakt.kind_version'::regclass, 'viertakt.journal'::regclass)
    AND NOT t.tgisinternal
ORDER BY t.tgname
LIMIT 100;

-- name: doctor_partitions
-- Whether these partitions exist.
SELECT p.name, to_regclass('viertakt.' || p.name) IS NOT NULL AS there
FROM json_array_elements_text(%(names)s::json) AS p (name);

-- name: doctor_unpublished
-- Operations pinned to a version of a kind that nobody published.
SELECT count(*) FROM (
    SELECT FROM viertakt.operation AS o
    WHERE NOT EXISTS (
        SELECT FROM viertakt.kind_version AS k WHERE k.kind = o.kind AND k.version = o.kind_version
    )
    LIMIT 1000
) AS orphans;

-- name: doctor_sample
-- The newest operations, and as many of the oldest.
(SELECT o.operation_id FROM viertakt.operation AS o ORDER BY o.operation_id DESC LIMIT %(limit)s)
UNION
(SELECT o.operation_id FROM viertakt.operation AS o ORDER BY o.created_at LIMIT %(limit)s);

-- name: doctor_journal
-- How long the order is, and how many positions up to its end name no entry.
SELECT s.position, s.position - (SELECT count(*) FROM viertakt.journal AS j WHERE j.position <= s.position) AS holes
FROM viertakt.sequencer AS s;
