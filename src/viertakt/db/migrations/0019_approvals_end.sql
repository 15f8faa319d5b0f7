-- What waits for consents ends by itself when its time is up, and somebody may consent in the name of another.

ALTER TABLE viertakt.approval
ADD COLUMN expires_at timestamptz,
-- Until then a worker is ending it.
ADD COLUMN leased_until timestamptz;
-- What waits already has the usual time from now on: nobody was told of an end when it was asked for.
UPDATE viertakt.approval SET expires_at = now() + interval '7 days' WHERE state = 'open';
ALTER TABLE viertakt.approval ADD CONSTRAINT open_approval_says_when_it_expires
CHECK (state <> 'open' OR expires_at IS NOT NULL) NOT VALID;
-- What was written stays true to the narrower list, so nothing has to be read for it.
-- squawk-ignore ban-drop-constraint
ALTER TABLE viertakt.approval DROP CONSTRAINT approval_state_is_known;
ALTER TABLE viertakt.approval ADD CONSTRAINT approval_state_is_known
CHECK (state IN ('open', 'made', 'declined', 'withdrawn', 'void', 'expired')) NOT VALID;
-- Not built concurrently: what waits for consents is a small table.
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX approval_expires ON viertakt.approval (expires_at, asked_seq) WHERE state = 'open';

-- Whose consent it is where a stand-in gave it. Once a person: nobody is consented for twice.
ALTER TABLE viertakt.consent ADD COLUMN on_behalf_of text;
-- squawk-ignore require-concurrent-index-creation
CREATE UNIQUE INDEX person_is_consented_for_once ON viertakt.consent (operation_id, asked_seq, on_behalf_of)
WHERE on_behalf_of IS NOT NULL;

-- Who consents in whose name, and for how long. `absent`: the person is away for that time.
CREATE TABLE viertakt.delegation (
    delegation_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    person text NOT NULL REFERENCES viertakt.actor,
    stand_in text NOT NULL REFERENCES viertakt.actor,
    absent boolean NOT NULL,
    from_at timestamptz NOT NULL,
    until_at timestamptz NOT NULL,
    said_by text NOT NULL,
    said_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    ended_by text,
    ended_at timestamptz,
    CONSTRAINT stand_in_is_another CHECK (stand_in <> person),
    CONSTRAINT delegation_ends_after_it_begins CHECK (until_at > from_at),
    CONSTRAINT ended_delegation_says_by_whom CHECK ((ended_at IS NULL) = (ended_by IS NULL))
);
CREATE INDEX delegation_to ON viertakt.delegation (stand_in, until_at) WHERE ended_at IS NULL;
CREATE INDEX delegation_of ON viertakt.delegation (person, until_at) WHERE ended_at IS NULL;

GRANT SELECT, INSERT ON viertakt.delegation TO viertakt_app;
GRANT UPDATE (ended_by, ended_at) ON viertakt.delegation TO viertakt_app;
