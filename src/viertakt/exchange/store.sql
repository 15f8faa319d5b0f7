-- name: imported
-- Which of these cases are here already: their operations, and how many moves of each came from an import.
SELECT a.value, a.operation_id, count(e.version)::integer AS moves
FROM json_array_elements_text(%(references)s::json) AS r (reference)
JOIN viertakt.alias AS a ON a.scheme = %(scheme)s AND a.value = r.reference
LEFT JOIN viertakt.entry AS e
    ON e.operation_id = a.operation_id AND e.version IS NOT NULL AND e.key LIKE 'xes:%%'
GROUP BY a.value, a.operation_id;
