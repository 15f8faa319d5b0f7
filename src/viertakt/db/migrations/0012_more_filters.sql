-- Every filter of the console by an index, whatever is rare in it. None of these columns changes while an operation stays
-- pending, and status, which two of them hold, is in an index already: moves that touched no index still touch none. Measured,
-- each costs one to two microseconds when an operation is opened and when it ends.

-- Closed when, as reports ask day by day. Status and kind are told by the index itself, so that only what counts is fetched.
-- Not built concurrently: no installation has data before this migration.
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX operation_by_closing ON viertakt.operation (closed_at, operation_id, status, kind) WHERE closed_at IS NOT NULL;

-- squawk-ignore require-concurrent-index-creation
CREATE INDEX operation_by_amount ON viertakt.operation (currency, amount) WHERE currency IS NOT NULL;

-- squawk-ignore require-concurrent-index-creation
CREATE INDEX operation_by_brand ON viertakt.operation (brand, created_at, operation_id) WHERE brand IS NOT NULL;

-- Any attribute that equals a text. The list of what is still to be sorted in is kept short: whoever opens the operation that
-- fills it sorts it in.
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX operation_by_attribute ON viertakt.operation USING gin (attributes jsonb_path_ops)
WITH (gin_pending_list_limit = 512);

-- Changed when: a summary of pages, which heap-only updates keep up too (PostgreSQL 16). Pages of old months were changed in
-- old months, and are left out at once.
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX operation_by_change ON viertakt.operation USING brin (changed_at) WITH (pages_per_range = 32, autosummarize = on);

-- Whether it is still open is told by the index itself: what is overdue is read in order, and nothing else.
-- squawk-ignore require-concurrent-index-deletion
DROP INDEX viertakt.operation_by_deadline;
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX operation_by_deadline ON viertakt.operation (deadline_at, operation_id, status) WHERE deadline_at IS NOT NULL;

-- Most entries have no reason.
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX entry_by_reason ON viertakt.entry (reason, operation_id) WHERE reason IS NOT NULL;
