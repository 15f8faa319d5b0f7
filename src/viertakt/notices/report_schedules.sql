-- name: add_schedule
-- A report that is to come by mail.
INSERT INTO viertakt.report_schedule (schedule_id, reader, report, query, format, every, at, zone, next_at)
VALUES (
    %(id)s, %(reader)s, %(report)s, %(query)s, %(format)s, %(every)s, %(at)s, %(zone)s, %(next_at)s
);

-- name: schedules
-- What comes by mail: to one person, or to all; or one alone.
SELECT
    s.schedule_id AS id, s.reader, s.report, s.query, s.format, s.every, s.at, s.zone, s.next_at, s.sent_at, s.created_at
FROM viertakt.report_schedule AS s
WHERE
    s.ended_at IS NULL
    AND (%(reader)s::text IS NULL OR s.reader = %(reader)s)
    AND (%(id)s::uuid IS NULL OR s.schedule_id = %(id)s)
ORDER BY s.report, s.created_at, s.schedule_id
LIMIT 1000;

-- name: due_schedules
-- What is due, held until its mail is made and its next time is written; what another makes is passed.
SELECT
    s.schedule_id AS id, s.reader, s.report, s.query, s.format, s.every, s.at, s.zone, s.next_at, s.sent_at, s.created_at
FROM viertakt.report_schedule AS s
WHERE s.ended_at IS NULL AND s.next_at <= %(now)s
ORDER BY s.next_at, s.schedule_id
LIMIT 100
FOR UPDATE SKIP LOCKED;

-- name: move_schedule
-- When it goes next.
UPDATE viertakt.report_schedule SET next_at = %(next_at)s, sent_at = %(sent_at)s WHERE schedule_id = %(id)s;

-- name: end_schedule
-- It comes no more.
UPDATE viertakt.report_schedule SET ended_at = clock_timestamp() WHERE schedule_id = %(id)s AND ended_at IS NULL;
