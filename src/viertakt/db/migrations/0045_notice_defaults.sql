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
