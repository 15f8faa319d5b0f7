-- What roles hear of from the start: what goes wrong, where nobody has to ask for it first. Each stays as a company leaves it.

INSERT INTO viertakt.subscription (subscription_id, subscriber, event, console, mail, created_by)
SELECT gen_random_uuid(), 'role:' || d.role, d.event, true, d.mail, 'system:installation'
FROM (VALUES
    ('payments', 'contradiction', 'off'),
    ('payments_lead', 'contradiction', 'hourly'),
    ('payments_lead', 'breach', 'hourly'),
    ('kyc', 'breach', 'off'),
    ('risk', 'breach', 'off'),
    ('support', 'contradiction', 'off'),
    ('compliance', 'breach', 'hourly')
) AS d (role, event, mail)
ON CONFLICT DO NOTHING;

-- So many mails a person gets within the hour; looked up with each that is to be sent at once.
-- Not built concurrently: nothing was ever sent before this migration.
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX delivery_made ON viertakt.delivery (endpoint, made_at) WHERE channel = 'mail';

CREATE OR REPLACE FUNCTION viertakt.notice_documents(ids bigint []) RETURNS json
LANGUAGE sql STABLE AS $$
    SELECT coalesce(json_agg(json_build_object(
        'id', n.notice_id, 'actor', n.actor, 'event', n.event, 'why', n.why, 'told_at', n.told_at,
        'done_at', n.done_at, 'snoozed_until', n.snoozed_until,
        'comment', (
            SELECT d.value #>> '{}' FROM viertakt.subject_data AS d
            WHERE d.operation_id = e.operation_id AND d.commitment = e.commitments ->> 'comment'
        ),
        'entry', viertakt.entry_document(e), 'operation', viertakt.operation_document(o)
    ) ORDER BY n.notice_id DESC), '[]'::json)
    FROM unnest(ids) AS w (notice_id)
    JOIN viertakt.notice AS n ON n.notice_id = w.notice_id
    JOIN viertakt.entry AS e ON e.operation_id = n.operation_id AND e.entry_seq = n.entry_seq
    JOIN viertakt.operation AS o ON o.operation_id = n.operation_id
$$;
