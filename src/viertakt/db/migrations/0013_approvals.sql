-- Moves that wait for consents: asked for and answered in the history, and here as they stand, so that whoever may decide
-- finds them in one look.

-- Entries that were written stay true to the narrower list, so nothing has to be read for it.
-- squawk-ignore ban-drop-constraint
ALTER TABLE viertakt.entry DROP CONSTRAINT entry_sort_is_known;
ALTER TABLE viertakt.entry ADD CONSTRAINT entry_sort_is_known CHECK (sort IN (
    'opened', 'moved', 'amended', 'refused', 'contradicted', 'unmapped',
    'asked', 'consented', 'declined', 'withdrawn'
)) NOT VALID;

CREATE TABLE viertakt.approval (
    operation_id uuid NOT NULL,
    -- The entry that asked: it holds comment and data, as a move's does.
    asked_seq bigint NOT NULL,
    -- The operation's version that was asked about; at any other the approval is void.
    version integer NOT NULL,
    transition text NOT NULL,
    reason text,
    asked_by text NOT NULL,
    asked_at timestamptz NOT NULL,
    state text NOT NULL DEFAULT 'open' CONSTRAINT approval_state_is_known
    CHECK (state IN ('open', 'made', 'declined', 'withdrawn', 'void')),
    settled_by text,
    settled_at timestamptz,
    PRIMARY KEY (operation_id, asked_seq),
    CONSTRAINT settled_approval_says_when CHECK ((state = 'open') = (settled_at IS NULL))
);
CREATE UNIQUE INDEX move_is_asked_for_once ON viertakt.approval (operation_id, version, transition)
WHERE state = 'open';
CREATE INDEX approval_waits ON viertakt.approval (asked_at, asked_seq) WHERE state = 'open';
CREATE INDEX approval_by_asker ON viertakt.approval (asked_by, asked_at, asked_seq);

CREATE TABLE viertakt.consent (
    operation_id uuid NOT NULL,
    asked_seq bigint NOT NULL,
    actor text NOT NULL,
    granted_by text NOT NULL,
    at timestamptz NOT NULL,
    CONSTRAINT person_consents_once PRIMARY KEY (operation_id, asked_seq, actor),
    FOREIGN KEY (operation_id, asked_seq) REFERENCES viertakt.approval
);

GRANT SELECT, INSERT, UPDATE ON viertakt.approval TO viertakt_app;
GRANT SELECT, INSERT ON viertakt.consent TO viertakt_app;
