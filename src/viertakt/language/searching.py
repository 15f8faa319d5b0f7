"""What only the database answers, as conditions on `viertakt.operation o`: history, children, and what a stage is.

    path:a>b>c      a move from a to b, and the next move from b to c
    was:a,b         stood in one of them, now or before
    reason:fraud    a move was given this reason
    is:reopened     a move led from an end back to pending
    is:final        its kind says nothing leads out of this stage
    is:stuck        nothing will move it by itself, and it is silent for longer than its stage allows
    is:late         a promise about it is broken, and it is still open
    is:at_risk      a promise about it is nearly broken

Stages come from `viertakt.stay`, which follows the journal and knows which operations went from one stage to the next, as
the reports do that lead here; the others from the entries. Refused attempts are entries too, but nothing happened: only
entries with a version count, up to the one the operation has: it may be an earlier state of it that is asked.
"""

from collections.abc import Callable, Mapping
from itertools import pairwise
from typing import LiteralString

from psycopg import sql

from viertakt.language.model import Path

Param = Callable[[object], sql.Composable]

# One row for each stage of each version: hashed once, where a look into the document of every operation would cost most.
_STAGES_THAT: LiteralString = """(o.kind, o.kind_version, o.stage) IN (
    SELECT v.kind, v.version, s.key
    FROM viertakt.kind_version AS v CROSS JOIN LATERAL jsonb_each(v.document -> 'stages') AS s
    WHERE {}
)"""

_SAYS_HOW_LONG: LiteralString = """((o.kind, o.kind_version, o.stage) IN (
    SELECT v.kind, v.version, s.key
    FROM viertakt.kind_version AS v CROSS JOIN LATERAL jsonb_each(v.silences) AS s
))"""
# Promises as they run now: of what stood earlier nobody knows how they stood then.
_PROMISED: LiteralString = """(o.status = 'pending' AND o.operation_id IN (
    SELECT p.operation_id FROM viertakt.promise AS p WHERE p.standing IN ('running', 'paused') AND {}
))"""
NOW = "now"
_NOW = sql.SQL("{}::timestamptz").format(sql.Placeholder(NOW))

_ARRIVED: LiteralString = """EXISTS (
    SELECT FROM viertakt.stay AS n
    WHERE n.operation_id = o.operation_id AND n.entered_position = {}.left_position AND n.ordinal <= o.version
)"""

FLAGS: Mapping[str, sql.Composable] = {
    "is:contradiction": sql.SQL("o.contradiction"),
    "is:final": sql.SQL(_STAGES_THAT).format(sql.SQL("s.value ->> 'final' = 'yes'")),
    "is:restricted": sql.SQL(_STAGES_THAT).format(sql.SQL("s.value ->> 'restricted' = 'true'")),
    # The very condition of the index of these entries.
    "is:reopened": sql.SQL(
        """(o.operation_id IN (
    SELECT e.operation_id FROM viertakt.entry AS e
    WHERE e.sort = 'moved' AND e.from_status <> 'pending' AND e.to_status = 'pending'
) AND EXISTS (
    SELECT FROM viertakt.entry AS e
    WHERE
        e.operation_id = o.operation_id AND e.version <= o.version
        AND e.sort = 'moved' AND e.from_status <> 'pending' AND e.to_status = 'pending'
))"""
    ),
    # In step with `find_stalled` of the deadlines, which tells of the same.
    "is:stuck": sql.SQL(
        """(o.status = 'pending' AND (
    o.deadline_at < {now} - interval '1 hour'
    OR ({silent} AND o.entered_at < {now} - (
        SELECT (v.silences ->> o.stage)::interval FROM viertakt.kind_version AS v
        WHERE v.kind = o.kind AND v.version = o.kind_version
    ))
    OR (
        o.deadline_at IS NULL AND o.waiting_on IN ('system', 'provider') AND o.entered_at < {now} - interval '24 hours'
        AND NOT {silent}
    )
))"""
    ).format(now=_NOW, silent=sql.SQL(_SAYS_HOW_LONG)),
    "is:late": sql.SQL(_PROMISED).format(sql.SQL("p.due_at <= {}").format(_NOW)),
    "is:at_risk": sql.SQL(_PROMISED).format(
        sql.SQL("p.risk_at <= {0} AND (p.due_at IS NULL OR p.due_at > {0})").format(_NOW)
    ),
    "has:children": sql.SQL(
        "EXISTS (SELECT FROM viertakt.operation AS c WHERE c.parent_id = o.operation_id)"
    ),
}


def stood_in(stages: list[str], param: Param) -> sql.Composable:
    """An operation that has been in one of these stages, or is."""
    return sql.SQL(
        "EXISTS (SELECT FROM viertakt.stay AS s WHERE s.operation_id = o.operation_id"
        " AND s.stage = ANY({}::text []) AND s.ordinal <= o.version)"
    ).format(param(stages))


def gave_reason(reasons: list[str] | None, param: Param) -> sql.Composable:
    """An operation of which a move was given one of these reasons; without any, a reason at all."""
    wanted = (
        sql.SQL("e.reason IS NOT NULL")
        if reasons is None
        else sql.SQL("e.reason = ANY({}::text [])").format(param(reasons))
    )
    # Asked twice: by its index alone first, which joins any way there is; up to the version it is a rarer question.
    return sql.SQL(
        "(o.operation_id IN (SELECT e.operation_id FROM viertakt.entry AS e WHERE {0})"
        " AND EXISTS (SELECT FROM viertakt.entry AS e WHERE e.operation_id = o.operation_id"
        " AND e.version <= o.version AND {0}))"
    ).format(wanted)


def went(path: Path, param: Param) -> sql.Composable:
    """An operation that went through these stages one after the other, at any time."""
    tables: list[sql.Composable] = []
    conditions: list[sql.Composable] = []
    for number, (left, entered) in enumerate(pairwise(path.stages)):
        stay = sql.Identifier(f"s{number}")
        tables.append(sql.SQL("viertakt.stay AS {}").format(stay))
        conditions.append(
            sql.SQL(
                "{0}.operation_id = o.operation_id AND {0}.stage = {1}::text AND {0}.next_stage = {2}::text"
            ).format(stay, param(left), param(entered))
        )
        if number:
            before = sql.Identifier(f"s{number - 1}")
            conditions.append(sql.SQL("{}.entered_position = {}.left_position").format(stay, before))
    conditions.append(sql.SQL(_ARRIVED).format(sql.Identifier(f"s{len(path.stages) - 2}")))
    return sql.SQL("EXISTS (SELECT FROM {} WHERE {})").format(
        sql.SQL(", ").join(tables), sql.SQL(" AND ").join(conditions)
    )
