-- The history tells of requests for consents that expired, the audit of who stands in for whom.

-- Entries that were written stay true to the narrower list, so nothing has to be read for it.
-- squawk-ignore ban-drop-constraint
ALTER TABLE viertakt.entry DROP CONSTRAINT entry_sort_is_known;
ALTER TABLE viertakt.entry ADD CONSTRAINT entry_sort_is_known CHECK (sort IN (
    'opened', 'moved', 'amended', 'refused', 'contradicted', 'unmapped',
    'asked', 'consented', 'declined', 'withdrawn', 'expired',
    'noted', 'assigned', 'claimed', 'released', 'snoozed', 'woken', 'skipped', 'prioritised',
    'warned', 'breached', 'stalled'
)) NOT VALID;

-- The same of the audit's lines.
-- squawk-ignore ban-drop-constraint
ALTER TABLE viertakt.access_change DROP CONSTRAINT access_change_sort_is_known;
ALTER TABLE viertakt.access_change ADD CONSTRAINT access_change_sort_is_known CHECK (sort IN (
    'granted', 'revoked', 'person_added', 'roles_set', 'deactivated', 'activated', 'token_issued', 'token_revoked',
    'revealed', 'reviewed', 'change_asked', 'change_approved', 'change_declined', 'change_withdrawn',
    'role_made', 'role_changed', 'role_removed', 'looked',
    'delegated', 'delegation_ended'
)) NOT VALID;
