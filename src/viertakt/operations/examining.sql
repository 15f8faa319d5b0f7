-- name: hold_guards
-- Whoever wants to count the same waits from here until this transaction has ended. In one order, so nobody waits in a circle.
SELECT pg_advisory_xact_lock(hashtextextended(k.key, 0))
FROM (SELECT value AS key FROM json_array_elements_text(%(keys)s::json) ORDER BY value) AS k;

-- name: settings_in_force
-- What this installation has set for these checks of a kind: of each the last that a second person approved.
SELECT coalesce(json_object_agg(s.check_name, s.setting), '{}'::json)::text
FROM (
    SELECT DISTINCT ON (c.check_name) c.check_name, c.setting
    FROM viertakt.check_setting AS c
    WHERE c.kind = %(kind)s AND c.check_name = ANY(%(checks)s::text []) AND c.state = 'made'
    ORDER BY c.check_name, c.settled_at DESC, c.setting_id DESC
) AS s;

-- name: count_others
-- template: how many operations a check finds, counted no further than a bound.
SELECT count(*)
FROM (SELECT FROM viertakt.operation AS o WHERE {condition} LIMIT %(counted_max)s) AS found;

-- name: sum_others
-- template: what the amounts of the operations that a check finds come to, by currency.
SELECT found.currency, sum(found.amount), count(*)
FROM (
    SELECT o.currency, o.amount FROM viertakt.operation AS o
    WHERE o.amount IS NOT NULL AND {condition}
    LIMIT %(counted_max)s
) AS found
GROUP BY found.currency;
