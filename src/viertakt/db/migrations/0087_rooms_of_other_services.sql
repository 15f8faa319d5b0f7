-- Rooms of other services, through Apprise. Endpoints that were written stay true to the narrower list.

-- squawk-ignore ban-drop-constraint
ALTER TABLE viertakt.endpoint DROP CONSTRAINT endpoint_sort_is_known;
ALTER TABLE viertakt.endpoint ADD CONSTRAINT endpoint_sort_is_known
CHECK (sort IN ('webhook', 'slack', 'teams', 'apprise')) NOT VALID;
