-- What a careful person makes by hand: the operation with an index by which it is listed, its history, the request keys.

CREATE TABLE operation (
    operation_id uuid PRIMARY KEY,
    kind text NOT NULL,
    reference text NOT NULL UNIQUE,
    subject text NOT NULL,
    amount numeric NOT NULL,
    currency text NOT NULL,
    stage text NOT NULL,
    status text NOT NULL,
    version integer NOT NULL,
    created_at timestamptz NOT NULL,
    changed_at timestamptz NOT NULL
);
CREATE INDEX operation_by_status ON operation (status);

CREATE TABLE entry (
    operation_id uuid NOT NULL,
    version integer NOT NULL,
    transition text NOT NULL,
    from_stage text NOT NULL,
    from_status text NOT NULL,
    to_stage text NOT NULL,
    to_status text NOT NULL,
    actor text NOT NULL,
    reason text,
    at timestamptz NOT NULL,
    PRIMARY KEY (operation_id, version)
);

CREATE TABLE request_key (
    key uuid PRIMARY KEY,
    operation_id uuid NOT NULL,
    version integer NOT NULL
);

-- Numbered ids that look like ours, so that a script can pick one at random without a table of them.
CREATE FUNCTION fill(operations integer) RETURNS void LANGUAGE sql AS $$
    INSERT INTO operation
    SELECT
        ('01939f4e-7c1a-7b3e-9a51-' || lpad(to_hex(n), 12, '0'))::uuid, 'withdrawal', 'W-' || n,
        'player-' || n % 5000, 12.50, 'EUR', 'under_review', 'pending', 1, now(), now()
    FROM generate_series(1, operations) AS n
$$;
