-- name: cluster
-- Which cluster this is and on which timeline: another one since the last look starts an epoch.
SELECT
    (SELECT c.system_identifier FROM pg_control_system() AS c),
    ('x' || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8))::bit(32)::integer AS timeline;

-- name: latest_epoch
-- The epoch in force.
SELECT
    epoch,
    first_position,
    system_identifier,
    timeline,
    seq_floor,
    started_at
FROM viertakt.epoch
ORDER BY epoch DESC
LIMIT 1;

-- name: lock_sequencer
-- The sequencer's state, held until the transaction ends; no row while another one holds it. Taken with the snapshot up
-- to which it will work now.
SELECT
    s.position,
    s.seen::text AS seen,
    s.target::text AS target,
    s.cut,
    pg_current_snapshot()::text AS now
FROM viertakt.sequencer AS s
FOR UPDATE SKIP LOCKED;

-- name: hold_writers
-- The last entry_seq ever taken, with writers held until the transaction ends.
SELECT viertakt.hold_writers();

-- name: start_epoch
-- One more epoch, from the next position on.
INSERT INTO viertakt.epoch (epoch, first_position, system_identifier, timeline, seq_floor)
SELECT
    coalesce(max(e.epoch), 0) + 1, %(first_position)s, %(system_identifier)s, %(timeline)s, %(seq_floor)s
FROM viertakt.epoch AS e;

-- name: forget_seen
-- Start over by comparing entries with the journal: snapshots of another cluster mean nothing here.
UPDATE viertakt.sequencer SET seen = NULL, target = pg_current_snapshot(), cut = 0;

-- name: sequence_known
-- Give positions to the next entries of an earlier cluster that have none yet, in the order of their entry_seq.
WITH fresh AS MATERIALIZED (
    SELECT e.operation_id, e.entry_seq
    FROM viertakt.entry AS e
    WHERE
        e.entry_seq > %(cut)s::bigint AND e.entry_seq <= %(seq_floor)s::bigint
        AND NOT EXISTS (
            SELECT FROM viertakt.journal AS j
            WHERE j.operation_id = e.operation_id AND j.entry_seq = e.entry_seq
        )
    ORDER BY e.entry_seq
    LIMIT %(limit)s
),

placed AS (
    INSERT INTO viertakt.journal (position, operation_id, entry_seq)
    SELECT %(position)s::bigint + row_number() OVER (ORDER BY f.entry_seq), f.operation_id, f.entry_seq
    FROM fresh AS f
    RETURNING entry_seq
)

SELECT count(*), max(p.entry_seq) FROM placed AS p;

-- name: sequence_difference
-- Give positions to the next entries that `target` sees and `seen` did not, in the order of their entry_seq. The range of
-- xids is closed above, so it stays short also where an earlier cluster's xids lie beyond it.
WITH fresh AS MATERIALIZED (
    SELECT e.operation_id, e.entry_seq
    FROM (
        SELECT r.operation_id, r.entry_seq, r.xid FROM viertakt.entry AS r
        WHERE r.xid >= pg_snapshot_xmax(%(seen)s::pg_snapshot) AND r.xid < pg_snapshot_xmax(%(target)s::pg_snapshot)
        UNION ALL
        SELECT w.operation_id, w.entry_seq, w.xid FROM viertakt.entry AS w
        WHERE w.xid = ANY(%(waited)s::xid8 [])
    ) AS e
    WHERE
        e.entry_seq > %(seq_floor)s::bigint AND e.entry_seq > %(cut)s::bigint
        AND pg_visible_in_snapshot(e.xid, %(target)s::pg_snapshot)
    ORDER BY e.entry_seq
    LIMIT %(limit)s
),

placed AS (
    INSERT INTO viertakt.journal (position, operation_id, entry_seq)
    SELECT %(position)s::bigint + row_number() OVER (ORDER BY f.entry_seq), f.operation_id, f.entry_seq
    FROM fresh AS f
    RETURNING entry_seq
)

SELECT count(*), max(p.entry_seq) FROM placed AS p;

-- name: move_sequencer
-- Where the sequencer now stands.
UPDATE viertakt.sequencer
SET
    position = %(position)s, seen = %(seen)s::pg_snapshot, target = %(target)s::pg_snapshot, cut = %(cut)s,
    worked_at = clock_timestamp();

-- name: tell_followers
-- Wake whoever listens. Harmless here: one transaction at a time notifies, and it is never a move's.
SELECT pg_notify('viertakt_journal', %(position)s::text);

-- name: open_writers
-- The transactions that have written history and are still open, by virtual transaction. Only their own entries wait.
SELECT DISTINCT l.virtualtransaction
FROM pg_catalog.pg_locks AS l
WHERE
    l.locktype = 'relation' AND l.mode = 'RowExclusiveLock' AND l.granted
    AND l.relation = 'viertakt.entry'::regclass
    AND l.database = (SELECT d.oid FROM pg_catalog.pg_database AS d WHERE d.datname = current_database())
LIMIT 1000;

-- name: lock_follower
-- A follower's place, and the end of the order; no row while another process works for it.
SELECT f.position, s.position AS head
FROM viertakt.follower AS f
CROSS JOIN viertakt.sequencer AS s
WHERE f.name = %(name)s
FOR UPDATE OF f SKIP LOCKED;

-- name: begin_follower
-- A follower that has not begun begins at the first entry.
INSERT INTO viertakt.follower (name) VALUES (%(name)s) ON CONFLICT (name) DO NOTHING;

-- name: move_follower
-- Everything up to here is followed.
UPDATE viertakt.follower SET position = %(position)s WHERE name = %(name)s;

-- name: head
-- The epoch in force and the last position given.
SELECT coalesce((SELECT max(e.epoch) FROM viertakt.epoch AS e), 1) AS epoch, s.position
FROM viertakt.sequencer AS s;

-- name: epochs
-- All epochs, oldest first.
SELECT epoch, first_position, started_at FROM viertakt.epoch ORDER BY epoch LIMIT 10000;

-- name: read_journal
-- Entries after a position, in order, with what their operation is. Positions are dense, so the limit bounds the scan.
SELECT coalesce(json_agg(json_build_array(
    j.position, viertakt.entry_document(e), viertakt.operation_document(o)
) ORDER BY j.position), '[]'::json)::text
FROM viertakt.journal AS j
JOIN viertakt.entry AS e ON e.operation_id = j.operation_id AND e.entry_seq = j.entry_seq
JOIN viertakt.operation AS o ON o.operation_id = j.operation_id
WHERE j.position > %(after)s::bigint AND j.position <= %(after)s::bigint + %(limit)s::bigint;

-- name: lag
-- What the followers and the sequencer still have before them, by name.
SELECT f.name, s.position - f.position AS entries
FROM viertakt.follower AS f CROSS JOIN viertakt.sequencer AS s
ORDER BY f.name
LIMIT 100;

-- name: delay
-- Since when the oldest committed entry waits for its position; null when none does. The range of xids is closed above,
-- so that what an earlier cluster wrote is not taken for new.
SELECT
    CASE WHEN s.seen IS NULL THEN (
        SELECT f.recorded_at FROM viertakt.entry AS f ORDER BY f.xid LIMIT 1
    ) ELSE (
        SELECT e.recorded_at FROM viertakt.entry AS e
        WHERE
            e.xid >= (SELECT pg_snapshot_xmax(t.seen) FROM viertakt.sequencer AS t)
            AND e.xid < pg_snapshot_xmax(pg_current_snapshot())
        ORDER BY e.xid
        LIMIT 1
    ) END AS since,
    clock_timestamp() AS now
FROM viertakt.sequencer AS s;
