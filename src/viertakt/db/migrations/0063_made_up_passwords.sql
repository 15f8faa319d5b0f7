-- A password that was made up for somebody ends, and lets them do nothing but choose their own.

-- Of those made before nobody knows any more who made them: they stay.
ALTER TABLE viertakt.person ADD COLUMN password_ends_at timestamptz;
