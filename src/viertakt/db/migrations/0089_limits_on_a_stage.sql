-- Limits on the oldest under way and on silence may name a stage too, as those on the time in a stage have to.

-- What is there was held to a narrower rule, so neither of these has to look through it.
-- squawk-ignore ban-drop-constraint
ALTER TABLE viertakt.alert_limit DROP CONSTRAINT limit_on_a_stage_names_it;
ALTER TABLE viertakt.alert_limit ADD CONSTRAINT limit_on_a_stage_names_it
CHECK (measure <> 'stage_time' OR stage IS NOT NULL) NOT VALID;
ALTER TABLE viertakt.alert_limit ADD CONSTRAINT limit_on_what_is_counted_names_no_stage
CHECK (measure NOT IN ('created', 'ended', 'errors', 'rejections') OR stage IS NULL) NOT VALID;
