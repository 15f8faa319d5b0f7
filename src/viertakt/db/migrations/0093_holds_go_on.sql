-- A hold that was let go is over at once, and what it kept from being asked about is asked about over the next minutes: until when,
-- and when all of it went on.

ALTER TABLE viertakt.hold ADD COLUMN asked_until timestamptz;
ALTER TABLE viertakt.hold ADD COLUMN resumed_at timestamptz;
UPDATE viertakt.hold SET resumed_at = released_at WHERE released_at IS NOT NULL;
ALTER TABLE viertakt.hold ADD CONSTRAINT hold_goes_on_after_it_is_over
CHECK (resumed_at IS NULL OR released_at IS NOT NULL) NOT VALID;
