"""What this process tells a monitoring system, in the text format of Prometheus: its requests, its batch and its pool, and
what the slices measure of the database (`wiring.MEASURES`).

Counters are the process's own and begin anew with it; what the database says is the same whichever server is asked.
"""

from collections.abc import Iterable

from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from viertakt.api.route import Reply, Route
from viertakt.db.pool import Connection
from viertakt.errors import Unavailable
from viertakt.measures import Measure
from viertakt.wiring import MEASURES, Application

MEDIA_TYPE = b"text/plain; version=0.0.4"  # the router says in which characters
PREFIX = "viertakt_"
# Seconds. A lonely move takes 2 ms, a question a hundred; whoever waits longer than ten has left.
BOUNDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)

_registry = CollectorRegistry()
ProcessCollector(registry=_registry)
_seconds = Histogram(
    PREFIX + "http_request_seconds",
    "From a request's headers to its answer, by operation of the contract.",
    ["operation"],
    buckets=BOUNDS,
    registry=_registry,
)
_answers = Counter(
    PREFIX + "http_answers",
    "Answers by operation of the contract and status.",
    ["operation", "status"],
    registry=_registry,
)
_refusals = Counter(
    PREFIX + "refusals", "Refusals by the code of their problem document.", ["code"], registry=_registry
)


def observe(route: Route, reply: Reply, seconds: float) -> None:
    """Count an answer of a route, and how long it took."""
    _seconds.labels(route.operation_id).observe(seconds)
    _answers.labels(route.operation_id, str(reply.status)).inc()
    if reply.refusal is not None:
        _refusals.labels(reply.refusal).inc()


async def exposition(application: Application) -> bytes:
    """Everything there is to tell now. Where the database does not answer, `viertakt_database_up` is 0 and its numbers are left out."""
    try:
        measured = await application.ask(_measured)
    except Unavailable:
        measured = [Measure("database_up", UP, 0)]
    now = CollectorRegistry()
    now.register(_Told([*_gauges(measured), *_of_batch(application), *_gauges(_of_pool(application))]))
    return generate_latest(_registry) + generate_latest(now)


UP = "1 where the database answers."


def _measured(conn: Connection) -> list[Measure]:
    return [Measure("database_up", UP, 1), *(one for measures in MEASURES for one in measures(conn))]


class _Told(Collector):
    """What was gathered just now, as the library's registry asks for it."""

    def __init__(self, metrics: Iterable[Metric]) -> None:
        self._metrics = list(metrics)

    def collect(self) -> Iterable[Metric]:
        """The metrics."""
        return self._metrics


def _gauges(measured: Iterable[Measure]) -> list[GaugeMetricFamily]:
    families: dict[str, GaugeMetricFamily] = {}
    for one in measured:
        family = families.setdefault(
            one.name, GaugeMetricFamily(PREFIX + one.name, one.about, labels=list(one.labels))
        )
        family.add_metric(list(one.labels.values()), one.value)
    return list(families.values())


def _of_batch(application: Application) -> list[Metric]:
    found = application.batch.standing()
    done = found.done
    return [
        *_gauges(
            [
                Measure("batch_waiting", "Requests that wait for their set.", found.waiting),
                Measure("batch_underway", "Requests whose set is being decided and written.", found.underway),
            ]
        ),
        CounterMetricFamily(PREFIX + "batch_sets", "Sets that were decided and written.", value=done.sets),
        CounterMetricFamily(PREFIX + "batch_requests", "Requests that were in them.", value=done.requests),
        CounterMetricFamily(
            PREFIX + "batch_work_seconds", "Seconds that lines were at work on sets.", value=done.seconds
        ),
    ]


def _of_pool(application: Application) -> list[Measure]:
    stats = application.pool.get_stats()
    return [
        Measure("pool_connections", "Connections for questions.", stats.get("pool_size", 0)),
        Measure("pool_connections_idle", "Of those, how many are free.", stats.get("pool_available", 0)),
        Measure("pool_waiting", "Questions that wait for a connection.", stats.get("requests_waiting", 0)),
    ]
