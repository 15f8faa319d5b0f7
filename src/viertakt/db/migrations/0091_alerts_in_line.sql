-- What is told of one alert arrives in order, as what is told of one operation does: a room that was down when an alert opened
-- does not read that it has ended first.

-- The alert that a delivery tells a step of; none where it tells of an entry, an incident or nothing. Its operation or its alert
-- is the line that it stands in.
ALTER TABLE viertakt.endpoint_delivery ADD COLUMN alert_id uuid;

-- Of what waits alone, which is little; the index is needed by the transaction's end.
-- squawk-ignore require-concurrent-index-deletion
DROP INDEX viertakt.endpoint_delivery_in_line;
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX endpoint_delivery_in_line
ON viertakt.endpoint_delivery (endpoint_id, (coalesce(operation_id, alert_id)), entry_seq, number) WHERE state = 'waiting';
