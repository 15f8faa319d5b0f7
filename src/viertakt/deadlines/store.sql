-- name: calendars
-- All calendars by name, each as it was written.
SELECT c.document::text AS document FROM viertakt.calendar AS c ORDER BY c.calendar LIMIT 1000;

-- name: set_calendar
-- A calendar as it is from now on.
INSERT INTO viertakt.calendar (calendar, document) VALUES (%(calendar)s, %(document)s::jsonb)
ON CONFLICT (calendar) DO UPDATE SET document = excluded.document, changed_at = now();

-- name: clear_spans
-- Its old hours, before the new ones are laid out.
DELETE FROM viertakt.working_span WHERE calendar = %(calendar)s;

-- name: lay_out_spans
-- Its hours, each with how much has counted before it.
INSERT INTO viertakt.working_span (calendar, opens_at, closes_at, seconds_before)
SELECT
    %(calendar)s, s.opens_at, s.closes_at,
    coalesce(sum(extract(EPOCH FROM s.closes_at - s.opens_at)) OVER (
        ORDER BY s.opens_at ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    ), 0)
FROM unnest(%(opens)s::timestamptz [], %(closes)s::timestamptz []) AS s (opens_at, closes_at);

-- name: kinds_by_calendar
-- The kinds of which a version names the calendar.
SELECT DISTINCT k.kind FROM viertakt.kind_version AS k WHERE k.calendar = %(calendar)s ORDER BY k.kind LIMIT 1000;
