-- A program makes its own endpoint by a grant that says so, and no longer by the right to take files along.

-- What the platform's own tokens could do stays; that there is one more thing to be given is no decision of a company's.
INSERT INTO viertakt.access_grant (role, may, created_by)
SELECT DISTINCT g.role, ARRAY['connect'], g.created_by
FROM viertakt.access_grant AS g
WHERE g.role = 'integration' AND g.created_by = 'system:installation' AND 'export' = ANY(g.may) AND g.revoked_at IS NULL;

INSERT INTO viertakt.access_change (actor, sort, grant_id)
SELECT g.created_by, 'granted', g.grant_id
FROM viertakt.access_grant AS g
WHERE g.revoked_at IS NULL AND g.may = ARRAY['connect']
AND NOT EXISTS (SELECT FROM viertakt.access_change AS c WHERE c.grant_id = g.grant_id);
