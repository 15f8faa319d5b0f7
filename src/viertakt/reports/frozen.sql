-- name: add_frozen_report
-- Written once; a trigger keeps it as it is.
INSERT INTO viertakt.frozen_report (
    frozen_report_id, report, title, asked, epoch, position, answer, frozen_by
)
VALUES (
    %(frozen_report_id)s, %(report)s, %(title)s, %(asked)s::jsonb, %(epoch)s, %(position)s, %(answer)s::jsonb, %(frozen_by)s
);

-- name: list_frozen_reports
-- The newest first, without their answers.
SELECT
    f.frozen_report_id, f.report, f.title, f.asked::text AS asked, f.epoch, f.position, f.frozen_by, a.name AS frozen_by_name,
    f.frozen_at
FROM viertakt.frozen_report AS f
JOIN viertakt.actor AS a ON a.actor = f.frozen_by
ORDER BY f.frozen_at DESC, f.frozen_report_id DESC
LIMIT %(limit)s;

-- name: read_frozen_report
-- One of them, whole.
SELECT
    f.frozen_report_id, f.report, f.title, f.asked::text AS asked, f.epoch, f.position, f.frozen_by, a.name AS frozen_by_name,
    f.frozen_at, f.answer::text AS answer
FROM viertakt.frozen_report AS f
JOIN viertakt.actor AS a ON a.actor = f.frozen_by
WHERE f.frozen_report_id = %(frozen_report_id)s;

-- name: oldest_after
-- When the oldest of the entries after a position was recorded: of the next ones, for positions are nearly in that order.
SELECT min(n.recorded_at)
FROM (
    SELECT e.recorded_at
    FROM viertakt.journal AS j
    JOIN viertakt.entry AS e ON e.operation_id = j.operation_id AND e.entry_seq = j.entry_seq
    WHERE j.position > %(position)s::bigint
    ORDER BY j.position
    LIMIT 1000
) AS n;
