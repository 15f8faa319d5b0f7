-- Lists of what is rare among ten million are as fast as among a hundred thousand where the index tells everything asked.

-- Overdue, of one kind, above an amount: an amount changes only where content is amended.
-- squawk-ignore require-concurrent-index-deletion
DROP INDEX viertakt.operation_by_deadline;
-- Not built concurrently: only operations that have a deadline are in it, and few are open.
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX operation_by_deadline ON viertakt.operation (deadline_at, operation_id, status, kind, currency, amount)
WHERE deadline_at IS NOT NULL;

-- Children, the newest first; and whose they are.
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX operation_with_parent ON viertakt.operation (created_at, operation_id, parent_id)
WHERE parent_id IS NOT NULL;
