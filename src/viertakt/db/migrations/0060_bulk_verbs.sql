-- Bulk jobs assign, note and tag as well as move; an item keeps what was before, so that it can be put back.

ALTER TABLE viertakt.bulk_job ADD COLUMN verb text NOT NULL DEFAULT 'move';
-- Of a job that moves nothing: to whom it assigns, which tags it adds and removes.
ALTER TABLE viertakt.bulk_job ADD COLUMN work jsonb;
-- Only jobs say what they do in another way now; whoever reads them is this version or newer.
-- squawk-ignore ban-drop-not-null
ALTER TABLE viertakt.bulk_job ALTER COLUMN transition DROP NOT NULL;
ALTER TABLE viertakt.bulk_job ADD CONSTRAINT bulk_verb_is_known
CHECK (verb IN ('move', 'assign', 'note', 'tag')) NOT VALID;
ALTER TABLE viertakt.bulk_job ADD CONSTRAINT bulk_move_names_its_transition
CHECK ((verb = 'move') = (transition IS NOT NULL)) NOT VALID;

ALTER TABLE viertakt.bulk_item ADD COLUMN before jsonb;

-- Entries that were written stay true to the narrower list, so nothing has to be read for it.
-- squawk-ignore ban-drop-constraint
ALTER TABLE viertakt.entry DROP CONSTRAINT entry_sort_is_known;
ALTER TABLE viertakt.entry ADD CONSTRAINT entry_sort_is_known CHECK (sort IN (
    'opened', 'moved', 'amended', 'refused', 'contradicted', 'unmapped',
    'asked', 'consented', 'declined', 'withdrawn', 'expired',
    'noted', 'assigned', 'claimed', 'released', 'snoozed', 'woken', 'skipped', 'prioritised', 'tagged',
    'warned', 'breached', 'stalled'
)) NOT VALID;
