-- The limit: read and lock, write guarded by what was read, entry, key, commit.
\set number random(1, :operations)
BEGIN;
SELECT operation_id, stage, status, version, CASE stage WHEN 'under_review' THEN 'compliance_hold' ELSE 'under_review' END AS next FROM operation WHERE operation_id = ('01939f4e-7c1a-7b3e-9a51-' || lpad(to_hex(:number::integer), 12, '0'))::uuid FOR UPDATE \gset
UPDATE operation SET stage = :next, version = version + 1, changed_at = now() WHERE operation_id = :operation_id AND version = :version;
INSERT INTO entry (operation_id, version, transition, from_stage, from_status, to_stage, to_status, actor, reason, at) VALUES (:operation_id, :version::integer + 1, 'escalate', :stage, :status, :next, :status, 'token:01939f4e-7c1a-7b3e-9a51-3f0c8f2b6d10', NULL, now());
INSERT INTO request_key (key, operation_id, version) VALUES (gen_random_uuid(), :operation_id, :version::integer + 1);
COMMIT;
