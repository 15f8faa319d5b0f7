"""What the history says, asked of PostgreSQL and of the steps themselves."""

import itertools

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.language.rows import history, insert
from tests.language.test_to_sql import found
from tests.language.trees import STAGES
from viertakt.db.pool import Connection
from viertakt.language import Query
from viertakt.language.model import Comparator, Comparison, Path

STATUS = {"requested": "pending", "under_review": "pending", "paid": "success", "rejected": "rejected"}
REASONS = ["fraud", "bank_returned"]
# A step is a move to a stage with or without a reason, an amendment, or an attempt that was refused.
moves = st.builds(
    lambda stage, reason: f"{stage}/{STATUS[stage]}" + (f"/{reason}" if reason else ""),
    st.sampled_from(STAGES),
    st.none() | st.sampled_from(REASONS),
)
ways = st.lists(moves | st.just("=") | st.just("!//fraud"), max_size=7).map(
    lambda rest: ["requested/pending", *rest]
)
paths = st.lists(st.sampled_from(STAGES), min_size=2, max_size=4).map(tuple)


def stages_of(way: list[str]) -> list[str]:
    """The stages one after the other, as the moves led through them."""
    return [step.split("/")[0] for step in way if step[0] not in "=!"]


def went(way: list[str], path: tuple[str, ...]) -> bool:
    stages = stages_of(way)
    return any(tuple(stages[place : place + len(path)]) == path for place in range(len(stages)))


def reopened(way: list[str]) -> bool:
    statuses = [STATUS[stage] for stage in stages_of(way)]
    return any(before != "pending" and after == "pending" for before, after in itertools.pairwise(statuses))


def reasons_of(way: list[str]) -> set[str]:
    return {parts[2] for step in way if step[0] not in "=!" and len(parts := step.split("/")) > 2}


@settings(max_examples=60, suppress_health_check=list(HealthCheck))
@given(
    all_ways=st.lists(ways, min_size=6, max_size=6),
    asked=st.lists(paths, min_size=5, max_size=5),
    stage=st.sampled_from(STAGES),
    reason=st.sampled_from(REASONS),
)
def test_the_history_says_what_happened(
    conn: Connection, all_ways: list[list[str]], asked: list[tuple[str, ...]], stage: str, reason: str
) -> None:
    """For any way through the stages: loops, returns, amendments in between, refused attempts."""
    with conn.transaction(force_rollback=True):
        operations = {}
        for way in all_ways:
            last = stages_of(way)[-1]
            operations[insert(conn, stage=last, status=STATUS[last])] = way
            history(conn, list(operations)[-1], *way)

        def finds(field: str, value: object) -> list[list[str]]:
            ids = found(conn, Query((Comparison(field, Comparator.IS, (value,)),)))
            return [way for key, way in operations.items() if key in ids]

        for path in asked:
            assert finds("path", Path(path)) == [way for way in all_ways if went(way, path)], path
        assert finds("was", stage) == [way for way in all_ways if stage in stages_of(way)]
        assert finds("reason", reason) == [way for way in all_ways if reason in reasons_of(way)]
        assert finds("is", "reopened") == [way for way in all_ways if reopened(way)]
