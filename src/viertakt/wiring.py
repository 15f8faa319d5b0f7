"""The composition root: what runs in one process, put together once and stopped in the right order.

    Application ── Batch ─ four threads and connections  every write of an operation
                ├─ read pool ─ four threads              questions, sessions, tokens, kinds
                ├─ tail ─ one thread, one connection     what the journal gains, while somebody listens
                ├─ bell ─ the same                       whose inbox has changed
                ├─ two threads for sign-ins              each costs 46 MiB and a tenth of a second
                ├─ holds ─ one thread                    once a second, what waits because of an incident
                └─ kinds, reason catalogue, tokens looked up

The doors (`api`, `cli`, `worker`) get an Application and ask it; nothing below knows it.
"""

import asyncio
import gc
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import ExitStack
from datetime import datetime, timedelta
from functools import partial
from threading import BoundedSemaphore
from types import TracebackType
from typing import Any, Self, TypeVar

from psycopg.errors import QueryCanceled

from viertakt.access.actions import actor_by_id
from viertakt.access.brake import prune_brake
from viertakt.access.caller_rate import CallerRate
from viertakt.access.model import Actor
from viertakt.access.provider_client import ProviderClient
from viertakt.access.providers import read_providers
from viertakt.access.sealing import Sealer
from viertakt.access.sign_in_model import Limits
from viertakt.access.token_cache import TokenCache
from viertakt.alerts.actions import rebuild_pulse
from viertakt.alerts.incidents import CONCERNED_FOR, note_resumed
from viertakt.alerts.incidents_model import Incident
from viertakt.alerts.measures import measures as measures_of_alerts
from viertakt.alerts.model import Alert
from viertakt.alerts.rules import query_of
from viertakt.alerts.store import differing_pulse, follow_pulse, prune_pulse
from viertakt.alerts.watching import Step, Watcher
from viertakt.bulk.actions import prune as prune_bulk
from viertakt.bulk.measures import measures as measures_of_bulk
from viertakt.bulk.model import Limits as BulkLimits
from viertakt.bulk.running import Runner
from viertakt.checks.asking import Sender
from viertakt.checks.outside import Outside
from viertakt.checks.running import Checks, project_runs, prune_runs
from viertakt.checks.store import spread_runs
from viertakt.db.leases import Duty, work_off
from viertakt.db.pool import Connection, Pool, answering, connect, open_pool
from viertakt.deadlines.alarms import Sweeper, prune_stalled, schedule_steps, tell_promises
from viertakt.deadlines.families import Families, note_families
from viertakt.deadlines.firing import Deadlines, prune_attempts
from viertakt.deadlines.measures import measures as measures_of_deadlines
from viertakt.errors import Invalid, RateLimited
from viertakt.journal.followers import Project
from viertakt.journal.measures import measures as measures_of_journal
from viertakt.journal.sequencing import Fold
from viertakt.journal.tail import Tail
from viertakt.kinds.actions import Kinds
from viertakt.kinds.model import PublishedKind
from viertakt.kinds.reasons import Catalogue, load_catalogue
from viertakt.measures import Measure
from viertakt.notices.announced import AlertTold, IncidentTold, ToldProvider
from viertakt.notices.announcing import announce
from viertakt.notices.bell import Bell
from viertakt.notices.deliveries import prune as prune_deliveries
from viertakt.notices.endpoint_measures import measures as measures_of_endpoints
from viertakt.notices.endpoint_placing import Placer
from viertakt.notices.endpoint_sending import Sender as WebhookSender
from viertakt.notices.endpoints import prune_endpoints
from viertakt.notices.mailing import Mails, is_set_up
from viertakt.notices.report_letters import Count
from viertakt.notices.report_schedules import make_due
from viertakt.notices.store import prune as prune_notices
from viertakt.notices.telling import Teller
from viertakt.operations.approvals import settle_void
from viertakt.operations.assigning import prune_skips
from viertakt.operations.batch import Batch
from viertakt.operations.expiring import Expiring
from viertakt.operations.holding import After, Releaser, Spread
from viertakt.operations.model import Operation
from viertakt.operations.turn import Engine
from viertakt.outgoing import read_networks
from viertakt.report_sheets import counted
from viertakt.reports.promises import (
    differing_promises,
    project_promises,
    prune_targets,
    rebuild_promises,
)
from viertakt.reports.stays import (
    differing_outcomes,
    differing_stays,
    project_outcomes,
    project_stays,
    rebuild_outcomes,
    rebuild_stays,
)
from viertakt.reports.tallies import differing_tallies, fold_statuses, prune_tallies, rebuild_tallies
from viertakt.reports.views import prune_views
from viertakt.reports.words import differing_words, project_words, rebuild_words
from viertakt.settings import Settings
from viertakt.signals.applying import Applier
from viertakt.signals.keeping import Keeper
from viertakt.signals.measures import measures as measures_of_signals

T = TypeVar("T")


def _follow_promises(conn: Connection, after: int, upto: int) -> None:
    """Make the promises, and note when to tell of them: in one step, for the second reads the first."""
    project_promises(conn, after, upto)
    schedule_steps(conn, after, upto)


# What the worker does with the order of all entries: counted in the sequencer's own transaction; followed, each at its
# own pace; and what is tidied once an hour.
FOLDS: Sequence[Fold] = (fold_statuses,)
FOLLOWERS: Mapping[str, Project] = {
    "words": project_words,
    "stays": project_stays,
    "outcomes": project_outcomes,
    "targets": _follow_promises,
    "checks": project_runs,
    "families": note_families,
    "notices": Teller().project,
    "pulse": follow_pulse,
}
# What can be made again from the journal, and how to tell where it is not what the history says.
REBUILDS: Mapping[str, Callable[[Connection], object]] = {
    "tallies": rebuild_tallies,
    "words": rebuild_words,
    "stays": rebuild_stays,
    "outcomes": rebuild_outcomes,
    "targets": rebuild_promises,
    "pulse": rebuild_pulse,
}
DIFFERENCES: Mapping[str, Callable[[Connection], list[str]]] = {
    "tallies": differing_tallies,
    "words": differing_words,
    "stays": differing_stays,
    "outcomes": differing_outcomes,
    "targets": differing_promises,
    "pulse": differing_pulse,
}
UPKEEP: Sequence[Callable[[Connection], object]] = (
    prune_tallies,
    prune_targets,
    prune_views,
    settle_void,
    prune_skips,
    prune_brake,
    prune_bulk,
    prune_notices,
    prune_deliveries,
    prune_attempts,
    prune_endpoints,
    prune_stalled,
    prune_runs,
    prune_pulse,
)
# How what was held goes on when a hold is let go, and what is done when all of it does.
SPREAD_AFTER_A_HOLD: Sequence[Spread] = (spread_runs,)
AFTER_A_HOLD: Sequence[After] = (note_resumed,)
# What monitoring reads of each slice, in one transaction.
MEASURES: Sequence[Callable[[Connection], Iterable[Measure]]] = (
    measures_of_journal,
    measures_of_deadlines,
    measures_of_bulk,
    measures_of_endpoints,
    measures_of_alerts,
    measures_of_signals,
)
# One turn of work: how many seconds until the next is worth its while, None where nothing is to be done.
Turn = Callable[[], float | None]

APP_ROLE = "viertakt_app"  # owns nothing: it cannot rewrite history, whatever the code does
# On two cores, with 256 callers, four wrote an eighth more than two: while sets wait for the disk, another decides.
BATCH_THREADS = 4
# A set's objects live as long as its transaction and hold no cycles: looking for some every 700 objects cost 5 % of a move.
COLLECT_AFTER = (20_000, 50, 50)
READ_THREADS = 4
DRY_RUNS_MAX = 2  # each takes a read thread for seconds: the others keep answering
SIGN_IN_THREADS = 2
WAITING_MAX = 400  # questions in line: whoever comes later is told at once instead of waiting for a timeout

QUESTION_MAX = timedelta(
    seconds=10
)  # nobody looks at a spinner longer, and four such questions would stop all others


class Application:
    """Everything one process of Viertakt needs, over one database. A context manager: leaving it stops what it started."""

    def __init__(
        self,
        url: str,
        *,
        batch_threads: int = BATCH_THREADS,
        read_threads: int = READ_THREADS,
        settings: Settings | None = None,
        bulk: BulkLimits | None = None,
    ) -> None:
        self.url = url
        self.settings = settings or Settings()
        self.bulk = bulk or BulkLimits()
        self.rate = CallerRate(self.settings.requests_per_minute)
        self.sealer = Sealer(self.settings)
        self.networks = read_networks(self.settings.webhook_allow)
        self.providers = {
            name: ProviderClient(provider)
            for name, provider in read_providers(self.settings.sign_in_providers).items()
        }
        self.limits = Limits(
            idle_max=timedelta(minutes=self.settings.session_idle_minutes),
            age_max=timedelta(hours=self.settings.session_hours),
            fresh_for=timedelta(minutes=self.settings.step_up_minutes),
        )
        self._batch_threads = batch_threads
        self._read_threads = read_threads
        self._stack = ExitStack()
        self._places = BoundedSemaphore(WAITING_MAX)
        self.dry_runs = asyncio.Semaphore(DRY_RUNS_MAX)
        self.kinds = Kinds()
        self.catalogue: Catalogue = load_catalogue()
        self.engine = Engine(kinds=self.kinds, catalogue=self.catalogue, reload_actor=actor_by_id)
        self.tokens = TokenCache()
        self.batch: Batch
        self.tail: Tail
        self.bell: Bell
        self.pool: Pool
        self._readers: Executor
        self._sign_ins: Executor

    def __enter__(self) -> Self:
        gc.set_threshold(*COLLECT_AFTER)
        with ExitStack() as stack:  # what was started is stopped again where a later part does not start
            self.pool = stack.enter_context(
                open_pool(
                    self.url,
                    application_name="viertakt",
                    size_max=self._read_threads + SIGN_IN_THREADS,
                    statement_timeout=QUESTION_MAX,
                    role=APP_ROLE,
                )
            )
            self._readers = stack.enter_context(ThreadPoolExecutor(self._read_threads, "read"))
            self._sign_ins = stack.enter_context(ThreadPoolExecutor(SIGN_IN_THREADS, "sign-in"))
            self.batch = stack.enter_context(Batch(self._connect, self.engine, threads=self._batch_threads))
            self.tail = Tail(self._listen)
            stack.callback(self.tail.close)
            self.bell = Bell(self._listen)
            stack.callback(self.bell.close)
            stack.enter_context(self.engine.holds.watch(self.call))
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # Backwards: the batch answers what it accepted, the threads finish, then the connections close.
        self._stack.__exit__(kind, error, trace)

    def on_closing(self, callback: Callable[[], object]) -> None:
        """Called when this is left, while the database can still be asked."""
        self._stack.callback(callback)

    async def kind_of(self, operation: Operation) -> PublishedKind:
        """The version of its kind that an operation is pinned to: immutable, so it is read once a process."""
        pinned = (operation.kind, operation.kind_version)
        known = self.kinds.known(*pinned)
        if known is not None:
            return known
        return await self.ask(lambda conn: self.kinds.at(conn, *pinned))

    def _connect(self) -> Connection:
        return connect(self.url, application_name="viertakt-batch", role=APP_ROLE)

    def _listen(self) -> Connection:
        return connect(self.url, application_name="viertakt-tail", role=APP_ROLE)

    def call(self, question: Callable[[Connection], T]) -> T:
        """What a question answers, in a transaction of its own that is committed when it returns."""
        with answering(), self.pool.connection() as conn:
            try:
                return question(conn)
            except QueryCanceled:
                raise Invalid(
                    f"This question takes more than {QUESTION_MAX.total_seconds():.0f} seconds; narrow it."
                ) from None

    async def ask(self, question: Callable[[Connection], T]) -> T:
        """The same from the event loop, in one of the read threads. Raises `RateLimited` when too many wait already."""
        return await self._in_line(self._readers, question)

    async def sign_in(self, question: Callable[[Connection], T]) -> T:
        """The same in the threads for sign-ins, so that guessed passwords keep nobody from reading."""
        return await self._in_line(self._sign_ins, question)

    async def _in_line(self, threads: Executor, question: Callable[[Connection], T]) -> T:
        if not self._places.acquire(blocking=False):
            raise RateLimited("Too many questions at once; ask again in a second.", retry_after=1)
        try:
            return await asyncio.get_running_loop().run_in_executor(threads, self.call, question)
        finally:
            self._places.release()


def tell_alert(conn: Connection, alert: Alert, step: Step, now: datetime) -> None:
    """Have those who want to hear of alerts told of this one, within their sight."""
    told = AlertTold(
        alert.id,
        step,
        alert.opened_at,
        alert.kind,
        alert.brand,
        alert.measure.value,
        alert.direction.value,
        alert.value,
        alert.usual,
        alert.window_minutes,
        alert.limit_id is not None,
        query_of(alert),
        alert.stage,
        None if alert.provider is None else ToldProvider(alert.provider.attribute, alert.provider.value),
        alert.closed_at,
    )
    announce(conn, told, now)


def tell_incident(conn: Connection, incident: Incident, by: Actor) -> None:
    """Have those concerned told of an incident, once, but not whoever has opened it."""
    since = incident.opened_at - CONCERNED_FOR
    paused = incident.held_at is not None
    told = IncidentTold(
        incident.id, incident.opened_at, incident.title, incident.query, paused, since, by.name
    )
    announce(conn, told, incident.opened_at, but=by.id)


def turns(application: Application) -> Mapping[str, Turn]:
    """What comes due by itself, by name: the turns that `worker.duties` gives a thread each."""
    runner = Runner(application.call, application.batch, application.engine, application.bulk)
    telling = partial(tell_promises, engine=application.engine)
    sender = Sender(application.sealer, application.networks, application.settings.re_ask)
    duties: dict[str, Duty[Any, Any]] = {
        "deadlines": Deadlines(application.batch),
        "families": Families(application.call, application.batch, application.engine),
        "approvals": Expiring(application.batch),
        "checks": Checks(application.batch),
        "checks outside": Outside(application.call, application.batch, application.kinds, sender),
    }
    if is_set_up(application.settings):
        duties["mails"] = Mails(application.settings, application.kinds, count=_counting(application))
    webhooks = WebhookSender(
        application.call,
        application.sealer,
        allowed=application.networks,
        site=application.settings.public_url,
        kinds=application.kinds,
    )
    application.on_closing(webhooks.stop)
    own = {
        "bulk": runner.turn,
        "promises": lambda: 0.0 if application.call(telling) else None,
        "stuck": Sweeper(application.call).turn,
        "alerts": Watcher(application.call, [tell_alert]).turn,
        "reports": lambda: 0.0 if application.call(make_due) else None,
        "holds": Releaser(application.call, SPREAD_AFTER_A_HOLD, AFTER_A_HOLD).turn,
        "signals": Applier(application.call, application.batch, application.engine).turn,
        "endpoints": Placer(application.call, told=webhooks.news.set, recent=webhooks.recent).turn,
        "payloads": Keeper(application.call, application.settings.signal_payload_days).turn,
        "webhooks": webhooks.watch,
    }
    return own | {name: _turn(application, duty) for name, duty in duties.items()}


def _counting(application: Application) -> Count:
    """Reports that come by mail are counted in a transaction of their own."""
    return lambda wanted, days, spoken: application.call(
        lambda conn: counted(
            conn, wanted, days, spoken, kinds=application.kinds, catalogue=application.catalogue
        )
    )


def _turn(application: Application, duty: Duty[Any, Any]) -> Turn:
    return lambda: 0.0 if work_off(application.call, duty) else None
