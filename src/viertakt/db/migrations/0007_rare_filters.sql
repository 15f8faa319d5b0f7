-- What few operations have is found at once among ten millions: tags, and late reports that contradict an end. Both indexes
-- hold only those few, so opening and moving all others costs them nothing; no move changes either column of most.

-- Not built concurrently: no installation has data before this migration.
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX operation_by_tag ON viertakt.operation USING gin (tags) WHERE tags <> '{}';
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX operation_contradicted ON viertakt.operation (created_at, operation_id) WHERE contradiction;
