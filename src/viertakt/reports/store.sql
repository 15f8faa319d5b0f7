-- name: secret_and_clock
-- What cursors are signed with, and the moment against which a query's relative times are read.
SELECT
    secret,
    now()
FROM viertakt.installation;

-- name: primary_clock
-- The moment against which a query's relative times are read.
SELECT now();

-- name: find_by_name
-- Operations that have this text as id, reference or a provider's identifier, the newest first; request keys are no names.
SELECT viertakt.operation_document(o)::text
FROM viertakt.operation AS o
WHERE
    o.operation_id = ANY(
        ARRAY(
            SELECT a.operation_id FROM viertakt.alias AS a
            WHERE a.value = %(text)s::text AND a.scheme NOT LIKE 'key:%%'
            ORDER BY a.operation_id DESC
            LIMIT %(limit)s
        ) || %(ids)s::uuid []
    )
ORDER BY o.created_at DESC, o.operation_id DESC
LIMIT %(limit)s;

-- name: limit_statements
-- From here to the end of the transaction no statement takes longer; how long one might until now.
WITH was AS MATERIALIZED (SELECT current_setting('statement_timeout') AS longest)

SELECT w.longest, set_config('statement_timeout', %(longest)s::text, TRUE) FROM was AS w;
