-- The outbox of viertakt-client: what your transactions want done, until the forwarder has told it.
-- A row is written by your own transaction: committed with it, gone with it.
CREATE TABLE IF NOT EXISTS viertakt_outbox (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    -- The request key: told twice, it happens once.
    key uuid NOT NULL DEFAULT gen_random_uuid(),
    kind text NOT NULL,
    reference text NOT NULL,
    call text NOT NULL CONSTRAINT a_call_is_open_move_or_outcome CHECK (call IN ('open', 'move', 'outcome')),
    body jsonb NOT NULL,
    written_at timestamptz NOT NULL DEFAULT now(),
    -- The server said no: this operation's rows wait here until somebody has looked.
    refused_at timestamptz,
    problem jsonb
);

CREATE INDEX IF NOT EXISTS viertakt_outbox_refused
ON viertakt_outbox (kind, reference, id) WHERE refused_at IS NOT NULL;
