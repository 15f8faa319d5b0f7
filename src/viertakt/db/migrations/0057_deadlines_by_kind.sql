-- What is overdue of one kind is counted from the index alone: the kind never changes, so it costs no write more.
-- squawk-ignore require-concurrent-index-deletion
DROP INDEX viertakt.operation_by_deadline;
-- Not built concurrently: only operations that have a deadline are in it, and few are open.
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX operation_by_deadline ON viertakt.operation (deadline_at, operation_id, status, kind)
WHERE deadline_at IS NOT NULL;
