-- Telling those who need to know: who wants to know what, what each was told, and the ways on which it goes to them.

-- One event, of the operations that a query finds. With an empty query and no stages it is a line of somebody's matrix,
-- event x channel; of a role it is what its members hear of unless their own matrix says otherwise.
CREATE TABLE viertakt.subscription (
    subscription_id uuid PRIMARY KEY,
    subscriber text NOT NULL CONSTRAINT subscriber_is_person_or_role CHECK (subscriber ~ '^(person|role):.+'),
    event text NOT NULL CONSTRAINT subscription_event_is_known CHECK (event IN (
        'mention', 'approval', 'correction', 'assigned', 'decision', 'contradiction', 'breach', 'entered', 'gained',
        'opened', 'moved'
    )),
    query text NOT NULL DEFAULT '',
    stages text [] NOT NULL DEFAULT '{}',
    zone text NOT NULL DEFAULT 'UTC',  -- whose days a query means
    console boolean NOT NULL,
    mail text NOT NULL CONSTRAINT mail_goes_at_a_known_pace CHECK (mail IN ('off', 'at_once', 'hourly', 'daily')),
    created_by text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    changed_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE UNIQUE INDEX subscriber_has_one_line_for_each_event
ON viertakt.subscription (subscriber, event) WHERE query = '' AND stages = '{}';
CREATE INDEX subscription_by_subscriber ON viertakt.subscription (subscriber);

-- Rises with every change of subscriptions, so that whoever keeps them compiled reads one row to know they still hold.
CREATE TABLE viertakt.subscriptions_changed (
    one boolean PRIMARY KEY DEFAULT true CONSTRAINT subscriptions_change_in_one_row CHECK (one),
    times bigint NOT NULL DEFAULT 0
) WITH (fillfactor = 10);
INSERT INTO viertakt.subscriptions_changed DEFAULT VALUES;

-- Until when nothing is sent to somebody at night, and when the day's digest goes. Without a row: always, and at eight.
CREATE TABLE viertakt.notice_setting (
    actor text PRIMARY KEY REFERENCES viertakt.person,
    zone text NOT NULL DEFAULT 'UTC',
    quiet_from time,
    quiet_until time,
    digest_at time NOT NULL DEFAULT '08:00',
    changed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT quiet_hours_begin_and_end CHECK ((quiet_from IS NULL) = (quiet_until IS NULL))
);

CREATE TABLE viertakt.mute (
    actor text NOT NULL REFERENCES viertakt.person,
    about text NOT NULL CONSTRAINT operation_or_kind_is_muted CHECK (about ~ '^(operation|kind):.+'),
    muted_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT person_mutes_a_thing_once PRIMARY KEY (actor, about)
);

-- One entry of the history, told to one person once, whatever number of subscriptions found it. `why`: by which.
CREATE TABLE viertakt.notice (
    notice_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    actor text NOT NULL,
    operation_id uuid NOT NULL,
    entry_seq bigint NOT NULL,
    event text NOT NULL,
    why jsonb NOT NULL,
    console boolean NOT NULL,
    delivery_id uuid,  -- the mail that tells it, where one does
    told_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    done_at timestamptz,
    snoozed_until timestamptz,
    CONSTRAINT entry_is_told_to_a_person_once UNIQUE (actor, operation_id, entry_seq)
) WITH (fillfactor = 85);
CREATE INDEX notice_unread ON viertakt.notice (actor, notice_id) WHERE console AND done_at IS NULL;
CREATE INDEX notice_by_actor ON viertakt.notice (actor, notice_id);
CREATE INDEX notice_by_entry ON viertakt.notice (operation_id, entry_seq);
CREATE INDEX notice_by_delivery ON viertakt.notice (delivery_id) WHERE delivery_id IS NOT NULL;
CREATE INDEX notice_by_age ON viertakt.notice (told_at);

-- One way that something goes to somebody: claimed for a while, sent with no transaction open, and recorded. `endpoint`:
-- where to (person:<uuid> for mail). `topic`: what is gathered in it while it waits (operation:<uuid>, daily, …).
-- `number`: dense for each endpoint, where a receiver is to prove that it missed nothing. `secret`: opens what the
-- receiver may do without signing in, such as to unsubscribe.
CREATE TABLE viertakt.delivery (
    delivery_id uuid PRIMARY KEY,
    channel text NOT NULL CONSTRAINT channel_is_known CHECK (channel IN ('mail', 'webhook', 'chat')),
    endpoint text NOT NULL,
    topic text NOT NULL,
    number bigint,
    content jsonb,
    secret text NOT NULL,
    state text NOT NULL DEFAULT 'waiting' CONSTRAINT delivery_state_is_known
    CHECK (state IN ('waiting', 'done', 'failed', 'dropped')),
    due_at timestamptz NOT NULL,
    -- Who claims it raises `attempt`: what an earlier attempt still says of it no longer counts.
    attempt integer NOT NULL DEFAULT 0,
    leased_until timestamptz,
    made_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    settled_at timestamptz,
    CONSTRAINT settled_delivery_says_when CHECK ((state = 'waiting') = (settled_at IS NULL)),
    CONSTRAINT endpoint_counts_its_deliveries UNIQUE (channel, endpoint, number)
) WITH (fillfactor = 70);
-- What is told of the same while its mail waits goes with it; a mail that was claimed takes nothing more along.
CREATE UNIQUE INDEX mail_gathers_by_topic
ON viertakt.delivery (endpoint, topic) WHERE channel = 'mail' AND state = 'waiting' AND attempt = 0;
CREATE INDEX delivery_due ON viertakt.delivery (channel, due_at, delivery_id) WHERE state = 'waiting';
CREATE INDEX delivery_by_endpoint ON viertakt.delivery (channel, endpoint, delivery_id);
CREATE INDEX delivery_by_age ON viertakt.delivery (settled_at) WHERE settled_at IS NOT NULL;

CREATE TABLE viertakt.delivery_attempt (
    delivery_id uuid NOT NULL REFERENCES viertakt.delivery ON DELETE CASCADE,
    attempt integer NOT NULL,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    milliseconds integer NOT NULL,
    outcome text NOT NULL,  -- sent, or the code of what went wrong
    said text,  -- what the receiver answered, cut
    PRIMARY KEY (delivery_id, attempt)
);

-- An operation as it stood at one of its versions, as far as that differs from how it stands now.
CREATE FUNCTION viertakt.stood_at(operation uuid, at_version integer) RETURNS json
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT json_build_object(
        'version', v.version, 'stage', v.to_stage, 'status', v.to_status, 'changed_at', v.at,
        'waiting_on', k.document #>> ARRAY['stages', v.to_stage, 'waiting_on'],
        'entered_at', (
            SELECT m.at FROM viertakt.entry AS m
            WHERE m.operation_id = operation AND m.version <= v.version AND m.sort <> 'amended'
            ORDER BY m.version DESC LIMIT 1
        ),
        'closed_at', CASE WHEN v.to_status <> 'pending' THEN (
            SELECT c.at FROM viertakt.entry AS c
            WHERE
                c.operation_id = operation AND c.version <= v.version
                AND (c.sort = 'opened' OR c.from_status <> c.to_status)
            ORDER BY c.version DESC LIMIT 1
        ) END,
        'amount', CASE WHEN t.amount IS NOT NULL
            THEN json_build_object('value', t.amount::text, 'currency', t.currency) END,
        'attributes', t.attributes
    )
    FROM viertakt.entry AS v
    JOIN viertakt.operation AS o ON o.operation_id = v.operation_id
    JOIN viertakt.kind_version AS k ON k.kind = o.kind AND k.version = o.kind_version
    CROSS JOIN LATERAL viertakt.content_at(operation, at_version) AS t
    WHERE v.operation_id = operation AND v.version = at_version
$$;

-- Notices in the one shape in which they leave, the latest first, each with its entry and its operation as it is now.
CREATE FUNCTION viertakt.notice_documents(ids bigint []) RETURNS json
LANGUAGE sql STABLE AS $$
    SELECT coalesce(json_agg(json_build_object(
        'id', n.notice_id, 'actor', n.actor, 'event', n.event, 'why', n.why, 'told_at', n.told_at,
        'done_at', n.done_at, 'snoozed_until', n.snoozed_until,
        'entry', viertakt.entry_document(e), 'operation', viertakt.operation_document(o)
    ) ORDER BY n.notice_id DESC), '[]'::json)
    FROM unnest(ids) AS w (notice_id)
    JOIN viertakt.notice AS n ON n.notice_id = w.notice_id
    JOIN viertakt.entry AS e ON e.operation_id = n.operation_id AND e.entry_seq = n.entry_seq
    JOIN viertakt.operation AS o ON o.operation_id = n.operation_id
$$;

-- Nobody is told of what happened before there was anybody to tell.
INSERT INTO viertakt.follower (name, position) SELECT 'notices', s.position FROM viertakt.sequencer AS s;

GRANT SELECT, INSERT, UPDATE, DELETE ON
viertakt.subscription, viertakt.notice_setting, viertakt.mute, viertakt.notice, viertakt.delivery,
viertakt.delivery_attempt TO viertakt_app;
GRANT SELECT, UPDATE ON viertakt.subscriptions_changed TO viertakt_app;
