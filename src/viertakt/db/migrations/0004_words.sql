-- What people type into the search box: the words of operations, made by our own tokenizer so that W-1001 is found as typed.
-- Apart from the operation, for a move must not touch them: an index on operation cost as much again as opening one.

-- Words stand between blanks, brackets, quotes and commas; what joins inside (W-1001, anna@example.com) stays, and its
-- parts are words too: those with a digit, or all where none has one. Capitals of ASCII and Latin-1 are folded by a table,
-- never by a locale: an index must not change its mind when the operating system does. language/words.py is its twin.
CREATE FUNCTION viertakt.words_of(given text) RETURNS text []
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT coalesce(array_agg(DISTINCT left(found.word, 100)), '{}')
    FROM
        unnest(string_to_array(translate(
            given,
            'ABCDEFGHIJKLMNOPQRSTUVWXYZÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖØÙÚÛÜÝÞ' || E'\t\n\r\f\x0b()[]{}<>"'',;!?',
            'abcdefghijklmnopqrstuvwxyzàáâãäåæçèéêëìíîïðñòóôõöøùúûüýþ' || repeat(' ', 19)
        ), ' ')) AS chunk
    CROSS JOIN LATERAL (SELECT btrim(chunk, '.:_/@+#&=*|\~^%$`-') AS whole) AS trimmed
    CROSS JOIN LATERAL (
        SELECT trimmed.whole AS word
        UNION ALL
        SELECT part FROM unnest(string_to_array(translate(trimmed.whole, '.:_/@+#&=*|\~^%$`-', repeat(' ', 18)), ' ')) AS part
        WHERE length(part) > 1 AND (part ~ '[0-9]' OR trimmed.whole !~ '[0-9]')
    ) AS found
    WHERE found.word <> ''
$$;

-- Followed from the journal: of the reference, the subject, and the attributes whose text is free. Personal values are not
-- in the operation, so they never come here.
CREATE TABLE viertakt.words (
    operation_id uuid PRIMARY KEY,
    words text [] NOT NULL
);
CREATE INDEX words_by_word ON viertakt.words USING gin (words);

-- Returns from an end are few, and asked for often.
-- Not built concurrently: no installation has data before this migration.
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX entry_reopened ON viertakt.entry (operation_id)
WHERE sort = 'moved' AND from_status <> 'pending' AND to_status = 'pending';

GRANT SELECT, INSERT, UPDATE, DELETE ON viertakt.words TO viertakt_app;
