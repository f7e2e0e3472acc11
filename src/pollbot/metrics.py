"""GET /metrics: how pollbot works, in numbers, for Prometheus.

What is counted as it happens is told by who does it; what lies in tables is counted when somebody
asks, beside the writer. A label is one of few words that stand in this program: no name, no key,
no id, no address and nothing that anybody wrote is in one.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib import metadata

from aiohttp import web
from prometheus_client import (
    CollectorRegistry,
    Counter,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
)
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import choose_encoder
from prometheus_client.registry import Collector

from pollbot.database import Look
from pollbot.errors import (
    AccountRefused,
    InstallBroken,
    JiraBusy,
    JiraUnavailable,
    PollbotError,
    SiteMoved,
    SlackBusy,
    SlackUnavailable,
    SourceBusy,
    SourceRefused,
    SourceUnavailable,
    StorageUnavailable,
)
from pollbot.store.queue import Amount
from pollbot.web.watched import Watch

# Slack waits 3 s for an answer, a call 10 s.
_ACK = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 3.0, 5.0, 10.0)
_CALL = (0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 3.0, 5.0, 10.0, 15.0)
_COMMIT = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5)

_BUSY = (SlackBusy, JiraBusy, SourceBusy)
_AWAY = (SlackUnavailable, JiraUnavailable, SourceUnavailable)
_TOKEN = (InstallBroken, AccountRefused, SourceRefused)
_CAUSES = frozenset(
    {
        # docs.slack.dev, the error lists of the Web API's methods.
        *("ratelimited", "rate_limited", "message_limit_exceeded"),
        # developer.atlassian.com, "Rate limiting": RateLimit-Reason.
        *("jira-quota-global-based", "jira-quota-tenant-based"),
        *("jira-burst-based", "jira-per-issue-on-write"),
    }
)

_PATIENCE = 2.0
"""Seconds that the tables may take; after them the rest is told without."""
_DIRTY = "cards"
_STATES = ("due", "held", "waiting", "retrying", "parked")


@dataclass(frozen=True, slots=True)
class Pulse:
    """How the running program is: which parts are up, and what it turned away so far, by why."""

    up: Mapping[str, bool]
    turned_away: Mapping[str, int]
    waiting: int
    sockets: int
    sites_away: int
    mode: str
    leads: bool


class Metrics:
    """What is counted as it happens. Whoever does it gets the method that is told of it."""

    def __init__(self) -> None:
        # When a series began is a series of its own, else. It is a switch of the whole library.
        disable_created_metrics()  # type: ignore[no-untyped-call]
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self._acks = Histogram(
            "pollbot_ack_seconds",
            "From when Slack's delivery was read until its answer.",
            ("kind", "outcome"),
            buckets=_ACK,
            registry=self.registry,
        )
        self._calls = Counter(
            "pollbot_calls",
            "Calls to other servers that have ended.",
            ("to", "what", "outcome"),
            registry=self.registry,
        )
        self._call_seconds = Histogram(
            "pollbot_call_seconds",
            "From the start of a call to the end of its answer.",
            ("to",),
            buckets=_CALL,
            registry=self.registry,
        )
        self._limited = Counter(
            "pollbot_limited",
            "Answers that asked pollbot to wait: HTTP 429, and the like.",
            ("to", "what", "cause"),
            registry=self.registry,
        )
        self._commits = Histogram(
            "pollbot_commit_seconds",
            "From the begin of a transaction until it is on disk, or is not.",
            ("outcome",),
            buckets=_COMMIT,
            registry=self.registry,
        )
        self._changes = Counter(
            "pollbot_changes",
            "Changes that were handed in together and shared a commit.",
            ("outcome",),
            registry=self.registry,
        )
        for outcome in ("ok", "failed"):
            self._commits.labels(outcome)
            self._changes.labels(outcome)

    def answered(self, kind: str, outcome: str, seconds: float) -> None:
        """Count an answer to Slack; see ``desk.Answered``."""
        self._acks.labels(kind, outcome).observe(seconds)

    def committed(self, pieces: int, seconds: float, on_disk: bool) -> None:
        """Count a commit; see ``store.writer.Committed``."""
        outcome = "ok" if on_disk else "failed"
        self._commits.labels(outcome).observe(seconds)
        self._changes.labels(outcome).inc(pieces)

    def calls_to(self, whom: str) -> Watch:
        """Return what is told of each call to somebody."""

        def ended(what: str, failure: BaseException | None, seconds: float) -> None:
            self._calls.labels(whom, what, outcome_of(failure)).inc()
            self._call_seconds.labels(whom).observe(seconds)
            if isinstance(failure, _BUSY):
                self._limited.labels(whom, what, _cause_of(failure)).inc()

        return ended


def outcome_of(failure: BaseException | None) -> str:
    """Return what became of a call, in one of a few words."""
    match failure:
        case None:
            return "ok"
        case _ if isinstance(failure, _BUSY):
            return "limited"
        case _ if isinstance(failure, _AWAY):
            return "away"
        case InstallBroken(team_id=of) if of:
            return "refused"  # by one of many workspaces, which is nobody's to mend who reads this
        case _ if isinstance(failure, _TOKEN):
            return "token refused"
        case SiteMoved():
            return "moved"
        case PollbotError():
            return "refused"
        case asyncio.CancelledError():
            return "given up"
    return "failed"


def _cause_of(failure: SlackBusy | JiraBusy | SourceBusy) -> str:
    cause = failure.cause if isinstance(failure, JiraBusy) else failure.why
    return cause if cause in _CAUSES else "unsaid"


class MetricsPage(Collector):
    """Answers GET /metrics: what was counted, and what there is to do right now.

    ``look`` reads the tables, ``pulse`` tells of the program.
    """

    def __init__(
        self,
        metrics: Metrics,
        look: Callable[[], Awaitable[Look]],
        pulse: Callable[[], Pulse],
    ) -> None:
        self._registry = metrics.registry
        self._look = look
        self._pulse = pulse
        self._seen: Look | None = None
        self._looking: asyncio.Task[Look | None] | None = None
        self._registry.register(self)

    def register(self, app: web.Application) -> None:
        """Serve the page."""
        app.router.add_get("/metrics", self.answer)

    async def answer(self, request: web.Request) -> web.Response:
        """Return all there is, in the format that is asked for."""
        self._seen = await self._seen_in_time()
        encode, content_type = choose_encoder(request.headers.get("Accept", ""))
        return web.Response(body=encode(self._registry), headers={"Content-Type": content_type})

    def collect(self) -> Iterator[Metric]:
        """Yield what is not counted as it happens."""
        yield from _of_program(self._pulse())
        read = GaugeMetricFamily(
            "pollbot_tables_read", "Whether the tables could be read for this answer."
        )
        read.add_metric([], float(self._seen is not None))
        yield read
        if self._seen is not None:
            yield from _of_tables(self._seen)

    async def _seen_in_time(self) -> Look | None:
        # One look at a time, however many ask: what a slow disk holds up does not pile up.
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._looked())
        done, _ = await asyncio.wait({self._looking}, timeout=_PATIENCE)
        return self._looking.result() if done else None

    async def _looked(self) -> Look | None:
        try:
            return await self._look()
        except StorageUnavailable:
            return None


def _of_program(pulse: Pulse) -> Iterator[Metric]:
    info = GaugeMetricFamily("pollbot_info", "Which pollbot runs.", labels=("version", "mode"))
    info.add_metric([_version(), pulse.mode], 1)
    yield info
    up = GaugeMetricFamily("pollbot_up", "Whether a part of pollbot works.", labels=("part",))
    for part, is_up in pulse.up.items():
        up.add_metric([part], float(is_up))
    yield up
    yield GaugeMetricFamily(
        "pollbot_is_leader", "Whether this pollbot does what is due.", float(pulse.leads)
    )
    away = CounterMetricFamily(
        "pollbot_turned_away", "What came to Slack's door and was not taken.", labels=("why",)
    )
    for why, count in pulse.turned_away.items():
        away.add_metric([why], count)
    yield away
    for name, said, value in (
        ("pollbot_sockets_open", "WebSockets on which Slack brings what people do.", pulse.sockets),
        (
            "pollbot_jira_sites_away",
            "Jira sites that did not answer the last call.",
            pulse.sites_away,
        ),
        ("pollbot_writer_waiting", "Changes that wait for the disk.", pulse.waiting),
    ):
        gauge = GaugeMetricFamily(name, said)
        gauge.add_metric([], value)
        yield gauge


def _of_tables(seen: Look) -> Iterator[Metric]:
    work = GaugeMetricFamily("pollbot_work", "Pieces of work.", labels=("kind", "state"))
    age = GaugeMetricFamily(
        "pollbot_work_age_seconds",
        "How long ago the oldest piece of work was to be done.",
        labels=("kind", "state"),
    )
    for kind, states in seen.work.items():
        for state in _STATES:
            amount = states.get(state, Amount(0))
            work.add_metric([kind, state], amount.count)
            if state != "parked":
                age.add_metric([kind, state], _age(amount, seen.at))
    yield work
    yield age
    dirty = seen.work[_DIRTY]
    in_reach = [amount for state, amount in dirty.items() if state != "parked"]
    oldest = max((_age(amount, seen.at) for amount in in_reach), default=0.0)
    for name, said, value in (
        ("pollbot_cards_dirty", "Cards that should show more.", sum(a.count for a in in_reach)),
        ("pollbot_cards_dirty_age_seconds", "For how long the oldest of them has.", oldest),
        ("pollbot_schedules_late", "Schedules that have not posted what was due.", seen.late.count),
        ("pollbot_schedules_late_seconds", "How late the latest is.", _age(seen.late, seen.at)),
    ):
        gauge = GaugeMetricFamily(name, said)
        gauge.add_metric([], value)
        yield gauge
    spaces = GaugeMetricFamily(
        "pollbot_workspaces", "Workspaces that installed pollbot, or left it.", labels=("state",)
    )
    for state, count in seen.workspaces.items():
        spaces.add_metric([state], count)
    yield spaces


def _version() -> str:
    try:
        return metadata.version("pollbot")
    except metadata.PackageNotFoundError:
        return ""


def _age(amount: Amount, now: float) -> float:
    return 0.0 if amount.since is None else max(now - amount.since, 0.0)
