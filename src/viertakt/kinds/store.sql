-- name: lock_publishing
-- One publication at a time, in any process: kinds are judged against each other, so they may not change meanwhile.
SELECT pg_advisory_xact_lock(hashtextextended('viertakt.kind_version', 0));

-- name: latest_version
-- The newest version of one kind. `settled`: published by another, finished transaction, so it can be remembered.
SELECT version, digest, published_by, published_at < now() AS settled
FROM viertakt.kind_version
WHERE kind = %(kind)s
ORDER BY version DESC
LIMIT 1;

-- name: version_document
-- The document of one version and the calendar that it names, as texts because their decoders are ours, and the zone in
-- which a day ends.
SELECT
    k.document::text AS document, k.published_at < now() AS settled, c.document::text AS calendar,
    coalesce((SELECT i.zone FROM viertakt.installation AS i LIMIT 1), 'UTC') AS zone
FROM viertakt.kind_version AS k
LEFT JOIN viertakt.calendar AS c ON c.calendar = k.calendar
WHERE k.kind = %(kind)s AND k.version = %(version)s;

-- name: latest_versions
-- The newest version of every kind, by name.
SELECT DISTINCT ON (kind) kind, version, digest, published_by, published_at
FROM viertakt.kind_version
ORDER BY kind, version DESC
LIMIT 10000;

-- name: versions_of
-- All versions of one kind, newest first, without their documents.
SELECT kind, version, digest, published_by, published_at, comment
FROM viertakt.kind_version
WHERE kind = %(kind)s
ORDER BY version DESC
LIMIT %(limit)s;

-- name: publish_version
-- One more version. The time is the transaction's, by which readers tell what is settled.
INSERT INTO viertakt.kind_version (kind, version, document, digest, published_at, published_by, comment)
VALUES (
    %(kind)s, %(version)s, %(document)s::jsonb, %(digest)s, now(), %(published_by)s, %(comment)s
);

-- name: state_of_kinds
-- How many versions there are and when the last came: versions never change, so the same answer is the same content.
SELECT count(*) || ' ' || coalesce(max(published_at)::text, '') FROM viertakt.kind_version;

-- name: dimensions
-- The attributes that are counted wherever a kind has them.
SELECT a.name
FROM viertakt.kind_version AS k
CROSS JOIN LATERAL jsonb_object_keys(k.document -> 'attributes') AS a (name)
GROUP BY a.name
HAVING bool_and(a.name = ANY(k.dimensions))
LIMIT 1000;

-- name: vocabulary
-- What all published versions name: each way in which a stage stands, and each in which an attribute was declared; personal
-- ones by their names only.
SELECT json_build_object(
    'stages', (
        SELECT coalesce(json_agg(s ORDER BY s.kind, s.stage), '[]'::json)
        FROM (
            SELECT DISTINCT v.kind, t.key AS stage, t.value ->> 'status' AS status, t.value ->> 'waiting_on' AS waiting_on
            FROM viertakt.kind_version AS v
            CROSS JOIN LATERAL jsonb_each(v.document -> 'stages') AS t
        ) AS s
    ),
    'attributes', (
        SELECT coalesce(json_agg(
            json_build_object(
                'kind', a.kind, 'name', a.name, 'type', a.type, 'enum', coalesce(a.enum, '[]'::jsonb)
            )
            ORDER BY a.name, a.kind, a.enum
        ), '[]'::json)
        FROM (
            SELECT DISTINCT v.kind, d.key AS name, d.value ->> 'type' AS type, d.value -> 'enum' AS enum
            FROM viertakt.kind_version AS v
            CROSS JOIN LATERAL jsonb_each(coalesce(v.document -> 'attributes', '{}'::jsonb)) AS d
            WHERE coalesce(d.value ->> 'class', 'internal') NOT IN ('personal', 'sensitive')
        ) AS a
    ),
    'masked', (
        SELECT coalesce(json_agg(DISTINCT d.key ORDER BY d.key), '[]'::json)
        FROM viertakt.kind_version AS v
        CROSS JOIN LATERAL jsonb_each(coalesce(v.document -> 'attributes', '{}'::jsonb)) AS d
        WHERE d.value ->> 'class' IN ('personal', 'sensitive')
    )
)::text AS vocabulary;

-- name: hidden_attributes
-- What some version of a kind keeps openly although the newest one to declare it calls it personal: usually nothing.
SELECT d.kind, array_agg(d.name ORDER BY d.name) AS names
FROM (
    SELECT DISTINCT ON (v.kind, a.key)
        v.kind, a.key AS name, coalesce(a.value ->> 'class', 'internal') AS class
    FROM viertakt.kind_version AS v
    CROSS JOIN LATERAL jsonb_each(coalesce(v.document -> 'attributes', '{}'::jsonb)) AS a
    ORDER BY v.kind, a.key, v.version DESC
) AS d
WHERE
    d.class IN ('personal', 'sensitive')
    AND EXISTS (
        SELECT FROM viertakt.kind_version AS w
        WHERE
            w.kind = d.kind AND w.document -> 'attributes' ? d.name
            AND coalesce(w.document -> 'attributes' -> d.name ->> 'class', 'internal') NOT IN ('personal', 'sensitive')
    )
GROUP BY d.kind
ORDER BY d.kind
LIMIT 1000;
