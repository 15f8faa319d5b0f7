-- name: add_setting
-- A change of what a check goes by, that waits for a second person.
INSERT INTO viertakt.check_setting (kind, check_name, setting, reason, asked_by)
VALUES (%(kind)s, %(check)s, %(setting)s::jsonb, %(reason)s, %(by)s)
RETURNING setting_id;

-- name: lock_setting
-- Hold a change while it is settled: two verdicts at once come one after the other.
SELECT c.setting_id FROM viertakt.check_setting AS c WHERE c.setting_id = %(setting_id)s FOR UPDATE;

-- name: settle_setting
-- What became of a change that is locked.
UPDATE viertakt.check_setting
SET state = %(state)s, settled_by = %(by)s, settled_at = clock_timestamp()
WHERE setting_id = %(setting_id)s;

-- name: list_settings
-- Changes, those that wait first, then the newest: one of them, or of one state, or all.
SELECT coalesce(json_agg(found.change), '[]'::json)::text
FROM (
    SELECT json_build_object(
        'id', c.setting_id, 'kind', c.kind, 'check', c.check_name, 'setting', c.setting, 'reason', c.reason,
        'asked_by', c.asked_by, 'asked_by_name', a.name, 'asked_at', c.asked_at, 'state', c.state,
        'settled_by', c.settled_by, 'settled_by_name', s.name, 'settled_at', c.settled_at
    ) AS change
    FROM viertakt.check_setting AS c
    JOIN viertakt.actor AS a ON a.actor = c.asked_by
    LEFT JOIN viertakt.actor AS s ON s.actor = c.settled_by
    WHERE
        (%(setting_id)s::bigint IS NULL OR c.setting_id = %(setting_id)s)
        AND (%(state)s::text IS NULL OR c.state = %(state)s)
    ORDER BY c.state <> 'open', c.setting_id DESC
    LIMIT %(limit)s
) AS found;
