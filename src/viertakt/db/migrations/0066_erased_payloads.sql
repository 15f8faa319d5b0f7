-- A payload is kept as long as it is needed and no longer: then its signal stays, and what was sent is gone.

ALTER TABLE viertakt.signal
-- Who reads it asks first whether it is erased.
-- squawk-ignore ban-drop-not-null
ALTER COLUMN body DROP NOT NULL,
ADD COLUMN erased_at timestamptz,
ADD COLUMN erased_by text,
ADD COLUMN erased_why text;  -- none where its time had come
ALTER TABLE viertakt.signal ADD CONSTRAINT erased_payload_is_gone
CHECK ((body IS NULL) = (erased_at IS NOT NULL) AND (erased_at IS NULL) = (erased_by IS NULL)) NOT VALID;

-- What is to be erased next; nothing is in here of what has been.
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX signal_with_payload ON viertakt.signal (received_at, signal_id) WHERE body IS NOT NULL;

-- As before, with what became of its payload.
CREATE OR REPLACE FUNCTION viertakt.signal_document(s viertakt.signal, kind text, reference text) RETURNS json
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT json_build_object(
        'id', s.signal_id, 'source', s.source, 'event_id', s.event_id, 'item', s.item, 'state', s.state,
        'type', s.type, 'at', s.at, 'received_at', s.received_at, 'deliveries', s.deliveries, 'rounds', s.rounds,
        'operation_id', s.operation_id, 'kind', kind, 'reference', reference, 'reading', s.reading, 'way', s.way,
        'code', s.code, 'detail', s.detail, 'transition', s.transition, 'from_stage', s.from_stage,
        'to_stage', s.to_stage, 'entry_seq', s.entry_seq, 'settled_at', s.settled_at,
        'erased_at', s.erased_at, 'erased_by', s.erased_by, 'erased_why', s.erased_why
    )
$$;
