"""Many plausible operations at once, for plans and pages: eleven kinds, rare errors, subjects that come back."""

from viertakt.db.pool import Connection

FILL = """
INSERT INTO viertakt.operation (
    operation_id, kind, kind_version, reference, subject, brand, amount, currency, attributes, tags,
    stage, status, waiting_on, version, created_at, entered_at, changed_at, closed_at, deadline_at
)
SELECT
    (
        lpad(to_hex((extract(EPOCH FROM at) * 1000)::bigint), 12, '0') || '7' || substr(md5(n::text), 1, 3)
        || '8' || substr(md5(n::text), 4, 15)
    )::uuid,
    kind, 1, upper(left(kind, 1)) || '-' || n, 'player-' || (n * 7919 %% 2000),
    (ARRAY['casino-nl', 'casino-be', 'shop'])[1 + n %% 3], (n * 31 %% 100000) / 100.0, 'EUR',
    jsonb_build_object('method', 'bank'), CASE WHEN n %% 1000 = 0 THEN ARRAY['vip'] ELSE '{}' END,
    'stage_' || (n %% 7), status, CASE WHEN status = 'pending' THEN 'operator' END, 3, at, at, at,
    CASE WHEN status <> 'pending' THEN at END, CASE WHEN status = 'pending' THEN at + interval '14 days' END
FROM (
    SELECT
        n,
        now() - interval '5 days' + n * interval '20 seconds' AS at,
        (ARRAY[
            'deposit', 'withdrawal', 'ticket', 'order', 'booking', 'transfer', 'claim', 'bonus', 'verification',
            'limit_change', 'account_lock'
        ])[1 + n %% 11] AS kind,
        CASE
            WHEN n %% 50 = 0 THEN 'pending' WHEN n %% 500 = 7 THEN 'error' WHEN n %% 20 = 3 THEN 'rejected'
            ELSE 'success'
        END AS status
    FROM generate_series(1, %(count)s) AS n
) AS made
"""
NAMES = """
INSERT INTO viertakt.alias (scheme, value, operation_id)
SELECT 'kind:' || kind, reference, operation_id FROM viertakt.operation
"""


def fill(conn: Connection, count: int) -> None:
    """Write so many operations with their references, and let the planner know."""
    conn.execute(FILL, {"count": count})
    conn.execute(NAMES)
    conn.execute("ANALYZE viertakt.operation")
    conn.execute("ANALYZE viertakt.alias")
