-- The order of all entries: dense positions, the followers' cursors, and what the sequencer counts as it goes.

-- By the transaction that wrote them: how the sequencer finds what has become visible since it last looked. Nearly all
-- inserts are at its right end, and a set's entries share one value, so it stays small.
-- Not built concurrently: no installation has data before this migration.
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX entry_by_xid ON viertakt.entry (xid);
-- Even where an import wrote a month in a few transactions, what is asked for is what some few of them wrote: by the index.
ALTER TABLE viertakt.entry_default ALTER COLUMN xid SET (n_distinct = -0.5);
ALTER TABLE viertakt.entry ALTER COLUMN xid SET (n_distinct_inherited = -0.5);

-- Amendments are few; an operation without one was always worth what it is worth now.
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX entry_amended ON viertakt.entry (operation_id, entry_seq) WHERE sort = 'amended';

CREATE TABLE viertakt.journal (
    position bigint PRIMARY KEY CONSTRAINT journal_position_is_positive CHECK (position > 0),
    operation_id uuid NOT NULL,
    entry_seq bigint NOT NULL
) PARTITION BY RANGE (position);
CREATE TABLE viertakt.journal_default PARTITION OF viertakt.journal DEFAULT;
CREATE TABLE viertakt.journal_0 PARTITION OF viertakt.journal FOR VALUES FROM (0) TO (50000000);
CREATE TABLE viertakt.journal_1 PARTITION OF viertakt.journal FOR VALUES FROM (50000000) TO (100000000);
CREATE TABLE viertakt.journal_2 PARTITION OF viertakt.journal FOR VALUES FROM (100000000) TO (150000000);
CREATE TABLE viertakt.journal_3 PARTITION OF viertakt.journal FOR VALUES FROM (150000000) TO (200000000);

CREATE TRIGGER journal_stays BEFORE UPDATE OR DELETE ON viertakt.journal
FOR EACH ROW EXECUTE FUNCTION viertakt.refuse_change();
CREATE TRIGGER journal_is_not_truncated BEFORE TRUNCATE ON viertakt.journal
EXECUTE FUNCTION viertakt.refuse_change();

-- A database that was restored or has failed over may have lost what others already saw: from there on its positions
-- are those of a new epoch. Entries up to seq_floor were written in another cluster, whose xids mean nothing here.
CREATE TABLE viertakt.epoch (
    epoch integer PRIMARY KEY CONSTRAINT epoch_is_positive CHECK (epoch > 0),
    first_position bigint NOT NULL,
    system_identifier bigint NOT NULL,
    timeline integer NOT NULL,
    seq_floor bigint NOT NULL,
    started_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- One row, held by the one sequencer. Everything visible in `seen` has its position. While a large difference is cut,
-- `target` is the snapshot it goes up to and `cut` the last entry_seq of it that has one.
CREATE TABLE viertakt.sequencer (
    one boolean PRIMARY KEY DEFAULT true CONSTRAINT sequencer_is_one CHECK (one),
    position bigint NOT NULL DEFAULT 0,
    seen pg_snapshot,
    target pg_snapshot,
    cut bigint,
    worked_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT cut_comes_with_its_target CHECK ((target IS NULL) = (cut IS NULL))
) WITH (fillfactor = 10);
INSERT INTO viertakt.sequencer DEFAULT VALUES;

-- How far each projection has come. Its row is locked while it works, so each entry is followed exactly once.
CREATE TABLE viertakt.follower (
    name text PRIMARY KEY,
    position bigint NOT NULL DEFAULT 0
) WITH (fillfactor = 10);

-- In whose days days are counted: an IANA name, chosen once, since tallies hold its midnights.
-- squawk-ignore adding-required-field
ALTER TABLE viertakt.installation ADD COLUMN zone text NOT NULL DEFAULT 'UTC';

CREATE FUNCTION viertakt.dimensions_of(document jsonb) RETURNS text []
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT coalesce(array_agg(a.key ORDER BY a.key), '{}')
    FROM jsonb_each(document -> 'attributes') AS a
    WHERE (a.value ->> 'dimension')::boolean
$$;
ALTER TABLE viertakt.kind_version
-- squawk-ignore adding-field-with-default
ADD COLUMN dimensions text [] GENERATED ALWAYS AS (viertakt.dimensions_of(document)) STORED;

-- How many operations are where, by when they were created: the whole history ('all', bucket 1970), days as the
-- organisation counts them, and for the last months hours.
-- Reports over a year read kind_day: a twentieth of the rows, since its stage is empty and brand and dimensions are absent.
CREATE TABLE viertakt.status_tally (
    grain text NOT NULL CONSTRAINT grain_is_known CHECK (grain IN ('all', 'day', 'hour', 'kind_day')),
    bucket timestamptz NOT NULL,
    kind text NOT NULL,
    stage text NOT NULL,
    status text NOT NULL,
    brand text,
    currency text,
    dimensions jsonb NOT NULL DEFAULT '{}',
    count bigint NOT NULL,
    amount numeric NOT NULL DEFAULT 0,
    CONSTRAINT tally_counts_each_group_once
    UNIQUE NULLS NOT DISTINCT (grain, bucket, kind, stage, status, brand, currency, dimensions)
) WITH (fillfactor = 70);

CREATE FUNCTION viertakt.dimensions_in(attributes jsonb, names text []) RETURNS jsonb
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT coalesce(jsonb_object_agg(n, attributes -> n) FILTER (WHERE attributes ? n), '{}') FROM unnest(names) AS n
$$;

-- What an operation was worth and held at one of its versions, told by its history.
CREATE FUNCTION viertakt.content_at(operation uuid, at_version integer)
RETURNS TABLE (amount numeric, currency text, attributes jsonb)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT
        (array_agg((e.data #>> '{amount,value}')::numeric ORDER BY e.version DESC)
            FILTER (WHERE e.data #> '{amount,value}' IS NOT NULL))[1],
        (array_agg(e.data #>> '{amount,currency}' ORDER BY e.version DESC)
            FILTER (WHERE e.data #> '{amount,value}' IS NOT NULL))[1],
        coalesce((
            SELECT jsonb_object_agg(a.key, a.value ORDER BY t.version)
            FROM viertakt.entry AS t
            CROSS JOIN LATERAL jsonb_each(t.data -> 'attributes') AS a
            WHERE
                t.operation_id = operation AND t.version <= at_version AND t.sort IN ('opened', 'amended')
                AND jsonb_typeof(t.data -> 'attributes') = 'object'
        ), '{}')
    FROM viertakt.entry AS e
    WHERE e.operation_id = operation AND e.version <= at_version AND e.sort IN ('opened', 'amended')
$$;

-- When a cluster is new to us (the first start, a restored dump), writers are held for a moment: what has an entry_seq up
-- to the answer is committed, and whatever comes later is known by its xid. The owner's right, since the application
-- may not lock history; it lasts until the caller's transaction ends.
CREATE FUNCTION viertakt.hold_writers() RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' SET lock_timeout = '3s' AS $$
BEGIN
    LOCK TABLE viertakt.entry IN SHARE ROW EXCLUSIVE MODE;
    RETURN (SELECT CASE WHEN s.is_called THEN s.last_value ELSE 0 END FROM viertakt.entry_seq AS s);
END
$$;
REVOKE ALL ON FUNCTION viertakt.hold_writers() FROM public;
GRANT EXECUTE ON FUNCTION viertakt.hold_writers() TO viertakt_app;

GRANT SELECT, INSERT ON viertakt.journal, viertakt.epoch TO viertakt_app;
GRANT SELECT, UPDATE ON viertakt.sequencer TO viertakt_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON viertakt.follower, viertakt.status_tally TO viertakt_app;
