-- name: add_delegation
-- Somebody consents in another's name from now on, or from later, until an end that is always said.
INSERT INTO viertakt.delegation (person, stand_in, absent, from_at, until_at, said_by)
VALUES (
    %(person)s, %(stand_in)s, %(absent)s, coalesce(%(from_at)s::timestamptz, clock_timestamp()), %(until_at)s, %(said_by)s
)
RETURNING delegation_id;

-- name: end_delegation
-- It holds no more; it stays to be read.
UPDATE viertakt.delegation
SET ended_by = %(by)s, ended_at = clock_timestamp()
WHERE delegation_id = %(delegation_id)s AND ended_at IS NULL AND until_at > clock_timestamp()
RETURNING stand_in;

-- name: delegations
-- Those that hold or will, of all or of whom they concern, the next to end first; one of them where it is named.
SELECT
    d.delegation_id AS id, d.person, p.name AS person_name, d.stand_in, s.name AS stand_in_name, d.absent,
    d.from_at, d.until_at, d.said_by, d.said_at, d.from_at <= clock_timestamp() AS in_force
FROM viertakt.delegation AS d
JOIN viertakt.actor AS p ON p.actor = d.person
JOIN viertakt.actor AS s ON s.actor = d.stand_in
WHERE
    d.ended_at IS NULL AND d.until_at > clock_timestamp()
    AND (%(of)s::text IS NULL OR d.person = %(of)s OR d.stand_in = %(of)s)
    AND (%(delegation_id)s::bigint IS NULL OR d.delegation_id = %(delegation_id)s)
ORDER BY d.until_at, d.delegation_id
LIMIT %(limit)s;

-- name: represented_by
-- In whose name somebody consents at this moment.
SELECT DISTINCT d.person
FROM viertakt.delegation AS d
WHERE
    d.stand_in = %(stand_in)s AND d.ended_at IS NULL
    AND d.from_at <= clock_timestamp() AND d.until_at > clock_timestamp()
ORDER BY d.person
LIMIT %(limit)s;
