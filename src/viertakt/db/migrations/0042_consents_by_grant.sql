-- Who consents does so by a grant, as who moves: what the roles of the kinds published so far let people say yes to stays.

-- 'system:installation' gave admin everything; that there is one more thing to be given is no decision of a company's.
INSERT INTO viertakt.access_grant (role, may, created_by)
SELECT DISTINCT g.role, ARRAY['consent:*'], g.created_by
FROM viertakt.access_grant AS g
WHERE g.role = 'admin' AND g.created_by = 'system:installation' AND 'move:*' = ANY(g.may) AND g.revoked_at IS NULL;

-- Of every version: operations that were opened with an earlier one still go by it.
INSERT INTO viertakt.access_grant (role, kinds, may, brought_by, created_by)
SELECT r.role, ARRAY[k.kind], array_agg(DISTINCT 'consent:' || t.key), k.kind, 'system:installation'
FROM viertakt.kind_version AS k
CROSS JOIN LATERAL jsonb_each(k.document -> 'transitions') AS t
CROSS JOIN LATERAL jsonb_array_elements(t.value -> 'approvals') AS a (rule)
CROSS JOIN LATERAL jsonb_array_elements_text(
    CASE
        WHEN jsonb_array_length(coalesce(a.rule -> 'roles', '[]')) > 0 THEN a.rule -> 'roles'
        ELSE coalesce(t.value -> 'roles', '[]')
    END
) AS n (name)
INNER JOIN viertakt.role AS r ON n.name = r.role
GROUP BY r.role, k.kind;

INSERT INTO viertakt.access_change (actor, sort, grant_id)
SELECT g.created_by, 'granted', g.grant_id
FROM viertakt.access_grant AS g
WHERE g.revoked_at IS NULL AND g.may[1] LIKE 'consent:%'
AND NOT EXISTS (SELECT FROM viertakt.access_change AS c WHERE c.grant_id = g.grant_id);
