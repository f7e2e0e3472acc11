"""Builds and closes everything; the only module that knows all others."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from urllib.parse import urlsplit

import aiohttp
import httpx
from aiohttp import web
from slack_bolt.async_app import AsyncApp, AsyncBoltContext
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.authorization.async_authorize import AsyncAuthorize
from slack_sdk.web.async_client import AsyncWebClient

from pollbot import last_stop, repeats
from pollbot.accounts.browser import SignInPages
from pollbot.accounts.grants import Grants
from pollbot.accounts.listeners import AccountListeners
from pollbot.accounts.prompts import Prompts
from pollbot.accounts.service import Accounts
from pollbot.accounts.sign_in import SignIns
from pollbot.accounts.worker import AccountEnds
from pollbot.cards.drawing import Drawers
from pollbot.cards.listeners import keep_way
from pollbot.cards.presses import Presses
from pollbot.cards.refresher import Refresher
from pollbot.chance import Chance, of_the_system
from pollbot.commands import Commands, HeardCommands
from pollbot.database import Look, Store
from pollbot.desk import Desk, Refusal
from pollbot.errors import InstallBroken, PollbotError, SlackError, StartError, StorageUnavailable
from pollbot.forgetting.listeners import ForgetListeners
from pollbot.forgetting.sentences import sentence
from pollbot.forgetting.service import Forgetting
from pollbot.front_door import Runner, web_app
from pollbot.home.invites import Invites
from pollbot.home.listeners import HomeListeners
from pollbot.home.tab import Home
from pollbot.installs.admission import Admission
from pollbot.installs.browser import InstallPages
from pollbot.installs.listeners import InstallListeners
from pollbot.installs.service import Installs
from pollbot.installs.tokens import BotTokens
from pollbot.installs.worker import GoneWorkspaces
from pollbot.issue_lists.cards import BallotCards
from pollbot.issue_lists.listeners import MentionListeners
from pollbot.issue_lists.service import Mentions
from pollbot.jira.atlassian import Atlassian
from pollbot.jira.client import Jira
from pollbot.jira.heard import Issues
from pollbot.jira.pace import JiraPace
from pollbot.jira.sites import Sites
from pollbot.logs import for_bolt
from pollbot.metrics import Metrics, MetricsPage, Pulse
from pollbot.picks.listeners import PickListeners
from pollbot.picks.service import Picks
from pollbot.polls.additions.listeners import AdditionListeners
from pollbot.polls.additions.service import Additions
from pollbot.polls.answers.receipts import OwedReceipts, Receipts
from pollbot.polls.answers.service import Answers
from pollbot.polls.audience.service import Audiences
from pollbot.polls.cards import Leftovers, PollCards, PollCloser, PollReader
from pollbot.polls.channels.listeners import HangingListeners
from pollbot.polls.channels.service import Hanging
from pollbot.polls.ends.all import WhenAll
from pollbot.polls.ends.listeners import EndListeners
from pollbot.polls.ends.missing import MissingAnswers
from pollbot.polls.ends.reminders import Reminders
from pollbot.polls.ends.worker import PollEndings
from pollbot.polls.exports.listeners import ExportListeners
from pollbot.polls.exports.service import Exports
from pollbot.polls.forms.listeners import FormListeners
from pollbot.polls.listeners import PollListeners
from pollbot.polls.results.service import PollResults
from pollbot.polls.saved.listeners import SavedListeners
from pollbot.polls.saved.service import SavedPolls
from pollbot.polls.searches.listeners import SearchListeners
from pollbot.polls.searches.service import Searches
from pollbot.polls.service import Polls
from pollbot.polls.sources.embedded import Embedded
from pollbot.polls.sources.service import PollSources
from pollbot.polls.sources.source import PollSource
from pollbot.polls.sources.team_voice.client import Endpoint, TeamVoice
from pollbot.polls.sources.team_voice.source import TeamVoiceSource
from pollbot.polls.waiting.service import AskedPolls
from pollbot.polls.waiting.worker import PollMaker
from pollbot.previews.cards import PreviewCards
from pollbot.previews.listeners import PreviewListeners
from pollbot.previews.panes import Panes
from pollbot.previews.service import Previews
from pollbot.records.listeners import RecordListeners
from pollbot.records.service import Records
from pollbot.records.worker import Recorder
from pollbot.retention.worker import Retainer
from pollbot.rights.service import Permits
from pollbot.schedules.labels import ScheduleLabels
from pollbot.schedules.listeners import ScheduleListeners
from pollbot.schedules.posts import ScheduledPosts
from pollbot.schedules.scheduler import Scheduler
from pollbot.schedules.service import Schedules
from pollbot.settings import Settings, split_keys
from pollbot.setup.listeners import SetupListeners
from pollbot.setup.service import Setup
from pollbot.signed import Signed
from pollbot.slack.afterwards import Afterwards
from pollbot.slack.channels import Channels
from pollbot.slack.client import Identity, Slack
from pollbot.slack.courier import Courier
from pollbot.slack.languages import Languages, language_of
from pollbot.slack.members import Members
from pollbot.slack.oauth import App
from pollbot.slack.outbox import Outbox
from pollbot.slack.payloads import Body
from pollbot.slack.posting import Posting
from pollbot.slack.speaker import Speaker
from pollbot.slack.straight import Straight
from pollbot.slack.turns import Turns
from pollbot.slack.users import People
from pollbot.socket_door import SocketDoor
from pollbot.store.leader import Leading, LeftAtDoors
from pollbot.store.worker import Clock, Tasks, Worker
from pollbot.teller import Teller
from pollbot.text.catalog import Catalogs, Language
from pollbot.thresholds.listeners import ThresholdListeners
from pollbot.thresholds.reading import Readings as ThresholdReadings
from pollbot.thresholds.service import Thresholds
from pollbot.thresholds.worker import CrossingTeller, ThresholdLooks
from pollbot.told_time import ToldTime, since_boot
from pollbot.votes.cards import IssueCards
from pollbot.votes.listeners import VoteListeners
from pollbot.votes.service import Votes
from pollbot.votes.shipped.listeners import ShippedListeners
from pollbot.votes.shipped.worker import Resolutions, ShippedTeller
from pollbot.votes.watches.listeners import WatchListeners
from pollbot.votes.watches.worker import WatchWorker
from pollbot.votes.worker import VoteWorker
from pollbot.web import calls as outside
from pollbot.web.addresses import EVERYWHERE, Guard
from pollbot.web.reach import Reach
from pollbot.web.watched import Watch, both, unwatched
from pollbot.workflows.listeners import WorkflowListeners
from pollbot.workflows.service import Steps
from pollbot.workflows.worker import StepWorker
from pollbot.written.listeners import Written

log = logging.getLogger(__name__)

_GRACE = 4.0
_UNTIL_KNOWN = 4.0
"""Seconds for which a pollbot that leaves others behind still answers: until they get its part."""
_NO_BEAT = 30.0
_LOOK_AT_SLACK = 20.0
_JIRA_AT = "Jira at "


class Pollbot:
    """The running program: its port, its health, and its end.

    ``broken`` is set if Slack refuses one of its tokens before it ever took it: a
    mistake in the settings. Later on it is an outage, and clicks are kept.
    """

    def __init__(
        self,
        settings: Settings,
        store: Store,
        slack: Slack,
        sites: Sites,
        team_voice: TeamVoiceSource,
        workers: list[Worker],
        leading: Leading,
        afterwards: Tasks,
        reach: Reach,
        clock: Clock,
        tokens: BotTokens | None = None,
    ) -> None:
        self._tokens = tokens
        self._sites = sites
        self._team_voice = team_voice
        self.port = settings.port
        self.door: SocketDoor | None = None
        self.front: Runner | None = None
        self.signed: Signed | None = None
        self.pages: Sequence[SignInPages | InstallPages] = ()
        self.desk: Desk | None = None
        self.known: Identity | None = None
        self.broken: asyncio.Future[StartError] = asyncio.get_running_loop().create_future()
        self._store = store
        self.slack = slack
        self._told: ToldTime | None = None
        self._workers = workers
        self._leading = leading
        self._afterwards = afterwards
        self._reach = reach
        self._clock = clock
        self._slack_trouble = "Slack was not reached yet"
        self._slack_knows_us = asyncio.Event()

    async def health(self) -> dict[str, str]:
        """Return what is wrong, by part; empty if all is well."""
        if self.front is not None and self.front.leaving:
            return {"pollbot": "it is stopping: ask another one"}
        wrong: dict[str, str] = {}
        try:
            await self._store.beat("health", self._clock())
        except StorageUnavailable as error:
            wrong["database"] = f"it does not take writes: {error.__cause__}"
        if self.door is not None and not self.door.is_open:
            wrong["slack"] = self.door.trouble
        elif self._slack_trouble:
            wrong["slack"] = self._slack_trouble
        return wrong | dict.fromkeys(self._silent(), "this worker gives no sign of life")

    def _silent(self) -> list[str]:
        """Return the names of the workers that give no sign of life."""
        now = self._clock()
        silent = (one for one in self._workers if one.works and now - one.beat_at > _NO_BEAT)
        return [worker.name for worker in silent]

    async def look(self) -> Look:
        """Return how much there is to do. Raises StorageUnavailable."""
        return await self._store.look(self._clock())

    def pulse(self) -> Pulse:
        """Return how it works, as far as it knows without asking anybody."""
        doubts = {} if self.signed is None else self.signed.turned_away
        odd = 0 if self.desk is None else self.desk.turned_away
        return Pulse(
            up={
                "slack": not self._slack_trouble and (self.door is None or self.door.is_open),
                "database": not self._store.trouble,
                "workers": not self._silent(),
            },
            turned_away={**doubts, "no payload": odd},
            waiting=self._store.waiting,
            sockets=0 if self.door is None else self.door.sockets,
            sites_away=self._reach.away(_JIRA_AT),
            mode="http" if self.door is None else "socket",
            leads=self.leads,
        )

    def remarks(self) -> dict[str, str]:
        """Return what is to be known by part, though all is well; empty if nothing is."""
        said: dict[str, str] = {}
        if self._store.lead.shared:
            said["role"] = (
                "this pollbot leads: it does what is due"
                if self.leads
                else "another pollbot on this database leads and does what is due; this one is a "
                "door, and takes its place if it ends"
            )
        if self._told is not None and self._told.doubt:
            said["clock"] = self._told.doubt
        if self._store.is_older:
            said["database"] = (
                "this run began with an older copy of the database, or without its .mark file: "
                "what was due in it was left out, and its owners were told"
            )
        if self._tokens is not None and (broken := sorted(self._tokens.troubles)):
            said["workspaces"] = (
                f"Slack refuses the tokens of {', '.join(broken)}: nothing is done there until it "
                "takes them, or pollbot is installed there again"
            )
        if lost := self._store.poll_keys.lost:
            said["poll keys"] = (
                "what seals their keys is missing or cannot be opened: anonymous polls that were "
                f"open take no answers ({lost})"
            )
        if self._store.poll_keys.leftovers:
            said["closed polls"] = (
                "what closed anonymous polls left on disk is not destroyed yet, since the log says "
                "why, or another program is reading the database, as a backup or Litestream does; "
                "pollbot goes on trying"
            )
        moved = [
            f"the address in POLLBOT_JIRA_URL{of and f' for {of}'} leads to {to} now, where no "
            "token is sent: set the new address"
            for site in self._sites.all
            if (to := self._sites.jira(site).moved_to) is not None
            for of in [self._sites.named(site)]
        ]
        if moved:
            said["jira"] = "; ".join(moved)
        if refused := self._team_voice.refused:
            said["team voice"] = (
                f"it does not take its access token ({refused} of those in /pollbot setup and "
                "POLLBOT_TEAM_VOICE_TOKEN): enter a new one"
            )
        if self.signed is not None and (trouble := self.signed.trouble()):
            said["clock of requests"] = trouble
        return said

    def follow(self, told: ToldTime) -> None:
        """Have what waits for a time wait no longer than it should after the clock was set."""
        self._told = told
        told.on_step.append(self._clock_stepped)

    def _clock_stepped(self, seconds: float) -> None:
        if seconds < 0:
            self._afterwards.spawn(self._store.clock_went_back(-seconds, self._clock()))
        self.clock_moved()

    def open_door(self, door: SocketDoor) -> None:
        """Hear Slack through this door from now on."""

        def refuse(refused: "asyncio.Future[str]") -> None:
            if not refused.cancelled() and not self.broken.done():
                self.broken.set_result(_refused_app_token(refused.result()))

        self.door = door
        door.refused.add_done_callback(refuse)
        door.open()

    async def up(self) -> None:
        """Return once Slack knows the bot token and can bring what people do."""
        await self._slack_knows_us.wait()
        if self.door is not None:
            await self.door.first_open.wait()

    async def leave(self) -> None:
        """Hand over to the others on a server's database, and answer until they have taken over.

        The health page says so, so that a balancer brings no more. Slack, in Socket Mode, hears
        it by the end of the connections.
        """
        if not self._store.lead.shared or self.front is None:
            return
        log.info("stopping: others on the database go on")
        self.front.leaving = True
        known = asyncio.sleep(_UNTIL_KNOWN) if self.door is None else self.door.shut(_GRACE)
        await asyncio.gather(known, self._leading.stop(_GRACE))

    @property
    def not_up(self) -> str:
        """Why it is not up yet."""
        if self.door is not None and not self.door.is_open:
            return self.door.trouble
        return self._slack_trouble

    @property
    def leads(self) -> bool:
        """Whether this one does what is due, of all that use the database."""
        return self._leading.leads

    def clock_moved(self) -> None:
        """Have every worker look at the clock again, for a clock that was moved by hand."""
        for worker in self._workers:
            worker.wake()

    @property
    def at_rest(self) -> bool:
        """Whether every worker has done what was due when it was last woken, and listeners too."""
        return not self._afterwards and all(worker.at_rest for worker in self._workers)

    def next_due(self, *, looks: bool = True) -> float | None:
        """Return when a worker has something to do, as far as it is known now; None for never.

        Without ``looks``, only what somebody will notice counts, and no look at Team Voice.
        """
        known = [
            worker.next_at
            for worker in self._workers
            if worker.works and worker.next_at is not None and (looks or not worker.only_looks)
        ]
        return min(known, default=None)

    def rests_until(self) -> float | None:
        """Return when something is to be done next; None if there is now, or never."""
        return self.next_due() if self.at_rest else None

    async def bot_user_id(self, team_id: str) -> str | None:
        """Return as which user the app is in a workspace, as far as that is known."""
        if self._tokens is not None and not await self._tokens.is_own(team_id):
            try:
                found = await self._tokens.installation(team_id)
            except StorageUnavailable:
                return None
            return None if found is None else found.bot_user_id
        return self.known.bot_user_id if self.known else None

    async def _who_we_are(self) -> Identity | None:
        """Return whose SLACK_BOT_TOKEN is; None where there is none, and Slack answers."""
        if self._tokens is None:
            return await self.slack.identity()
        if not self._tokens.own_token:
            await self.slack.alive()
            return None
        self._tokens.own = await self.slack.identity(self._tokens.own_token)
        return self._tokens.own

    async def watch_slack(self) -> None:
        """Look now and then whether Slack's Web API answers, and whether it still knows us."""
        while True:
            try:
                who = await self._who_we_are()
            except InstallBroken as error:
                self._slack_trouble = f"Slack refuses the bot token ({error.code})"
                if self.known is None and not self.broken.done():
                    self.broken.set_result(_refused_bot_token(error.code))
            except SlackError as error:
                self._slack_trouble = f"auth.test: {error.code}"
            except PollbotError as error:
                self._slack_trouble = f"Slack's Web API does not answer ({error})"
            else:
                if not self._slack_knows_us.is_set():
                    log.info("Slack answers; this is team %s", who.team_id if who else "(any)")
                self._slack_trouble = ""
                self.known = who
                self._slack_knows_us.set()
            # Until Slack has answered once, look often: the health page waits for it.
            await asyncio.sleep(1.0 if self._slack_trouble else _LOOK_AT_SLACK)


@asynccontextmanager
async def running(
    settings: Settings,
    wall: Clock = time.time,
    steady: Clock = since_boot,
    elsewhere: Sequence[PollSource] = (),
    languages: Sequence[Language] = (),
) -> AsyncIterator[Pollbot]:
    """Start pollbot; at the end, finish what was accepted and close everything.

    ``wall`` is the machine's clock, ``steady`` one that nobody can set; ``elsewhere`` and
    ``languages`` are as in ``working``.
    Raises StartError if the database or the port cannot be had.
    """
    chance, clock = of_the_system(), ToldTime(wall, steady)
    async with AsyncExitStack() as stack:
        store = Store(settings.database, split_keys(settings.encryption_keys), chance=chance)
        stack.callback(store.close)
        session = await stack.enter_async_context(outside.for_slack())
        http = await stack.enter_async_context(outside.for_jira_and_sources())
        web_client = AsyncWebClient(
            # With many workspaces each call says for which one it is.
            token=None if settings.many_workspaces else _own_token(settings),
            base_url=settings.slack_api_url,
            session=session,
            retry_handlers=[],  # a second try after a lost answer would post twice
        )
        ground = Ground(store, http, web_client, clock, chance, Reach(clock))
        pollbot, desk = await stack.enter_async_context(
            working(settings, ground, elsewhere, languages)
        )
        pollbot.follow(clock)
        page = MetricsPage(ground.metrics, pollbot.look, pollbot.pulse)
        await _open_doors(stack, settings, desk, pollbot, page, ground)
        watch = asyncio.create_task(pollbot.watch_slack())
        stack.push_async_callback(_cancel, watch)
        yield pollbot


@dataclass(frozen=True, slots=True)
class Ground:
    """What pollbot stands on: what it keeps, reaches others with, and goes by."""

    store: Store
    http: httpx.AsyncClient
    web_client: AsyncWebClient
    clock: Clock
    chance: Chance
    reach: Reach
    metrics: Metrics = field(default_factory=Metrics)


@asynccontextmanager
async def working(
    settings: Settings,
    ground: Ground,
    elsewhere: Sequence[PollSource] = (),
    languages: Sequence[Language] = (),
) -> AsyncIterator[tuple[Pollbot, Desk]]:
    """Run all of pollbot but its doors.

    ``elsewhere`` are sources of polls beside those that the settings name, ``languages`` what
    is spoken beside that of the catalogs, or in its place.
    """
    parts, store, clock = _parts(settings, ground, elsewhere, languages), ground.store, ground.clock
    leading = Leading(store.lead, store.take_up, parts.of_leader, clock)
    pollbot = Pollbot(
        settings,
        store,
        parts.slack,
        parts.sites,
        parts.team_voice,
        [*parts.of_leader, *parts.at_doors],
        leading,
        parts.afterwards,
        ground.reach,
        clock,
        parts.tokens,
    )
    pollbot.pages = parts.pages
    bolt = _bolt(settings, ground.web_client, parts.listening, pollbot)
    store.watch(ground.metrics.committed)
    heard = HeardCommands(store.beat, parts.afterwards, clock)

    def first(body: Body) -> None:
        keep_way(parts.presses, body)
        heard.hear(body)

    spoken = partial(language_of, parts.languages)
    done = await store.deliveries.done(clock(), repeats.MOST)
    is_done = store.deliveries.is_done if store.lead.shared else None
    desk = Desk(
        bolt,
        clock,
        ground.chance,
        first,
        spoken,
        done,
        is_done,
        parts.then,
        parts.refusal,
        parts.turns,
        parts.straight,
    )
    desk.watch = ground.metrics.answered
    pollbot.desk = desk
    try:
        await leading.start()
        for worker in parts.at_doors:
            worker.start()
        yield pollbot, desk
    finally:
        await _stop(leading, *parts.at_doors, parts.afterwards)


@dataclass(frozen=True, slots=True)
class _Parts:
    """What listens to Slack, and what works beside it."""

    listening: Sequence[Callable[[AsyncApp], None]]
    straight: Straight
    afterwards: Afterwards
    then: Callable[[Body], None]
    presses: Presses
    languages: Languages
    slack: Slack
    sites: Sites
    team_voice: TeamVoiceSource
    of_leader: list[Worker]
    at_doors: list[Worker]
    turns: Turns
    pages: Sequence[SignInPages | InstallPages]
    tokens: BotTokens | None
    refusal: Refusal | None


def _parts(
    settings: Settings,
    ground: Ground,
    elsewhere: Sequence[PollSource],
    spoken: Sequence[Language],
) -> _Parts:
    """Build all that happens, from what it stands on to what stands on it."""
    store, clock, chance = ground.store, ground.clock, ground.chance
    http = ground.http
    calls_to = ground.metrics.calls_to
    slack = Slack(ground.web_client)
    slack.watch = both(calls_to("slack"), ground.reach.to("Slack"))
    app = _app(settings)
    tokens = None
    if app is not None:
        own = _own_token(settings) or ""
        tokens = BotTokens(store.installations, slack, app, own, settings.workspaces, clock)
        slack.token_of, slack.refused = tokens.of, tokens.refused
    atlassian = _atlassian(settings, http)
    grants = None if atlassian is None else Grants(store.grants, atlassian, clock)

    def client_of(site: str) -> Jira:
        jira = Jira(http, site, settings.atlassian_api_url)
        jira.watch = both(calls_to("jira"), ground.reach.to(_JIRA_AT + urlsplit(site).netloc))
        issues = Issues(store.issues, store.vote_counts, jira, clock)
        jira.hear, jira.count = issues.hear, issues.count
        if grants is not None:
            jira.header = grants.header
        return jira

    sites = Sites({site.url: site.projects for site in settings.jira_sites}, client_of)
    posting = Posting(slack, clock)
    courier = Courier(slack, posting, store.polls.keeps_names, clock)
    turns = Turns()
    speaker = Speaker(turns, clock, chance)
    afterwards = Afterwards(courier, speaker, chance, sentence)
    people = People(slack, settings.admins, clock, None if tokens is None else tokens.is_own)
    languages = Languages(Catalogs(*spoken), store.languages, people, clock)
    guard = EVERYWHERE if settings.allow_private_addresses else Guard()
    voice = TeamVoice(http, guard)
    voice.watch = calls_to("team voice")
    voice.watch_source = partial(_reach_of_source, ground.reach)
    team_voice = TeamVoiceSource(
        store.accounts,
        store.sources,
        sites,
        voice,
        _team_voice(settings),
        clock,
    )
    sources = PollSources(
        store.accounts,
        store.polls,
        store.sources,
        Embedded(people, chance),
        [team_voice, *elsewhere],
        sites,
        clock,
        chance,
    )
    cards = PollCards(store.answers, store.polls, sources, people, clock)
    drawers = Drawers(
        issues=IssueCards(store.accounts, store.cards, sites, clock),
        previews=PreviewCards(store.accounts, store.cards, store.previews, sites, clock),
        ballots=BallotCards(store.accounts, store.cards, sites, clock),
        polls=cards,
    )
    results = PollResults(store.answers, store.polls, sources, people, clock)

    members = Members(slack, clock)
    audiences = Audiences(members, store.polls)
    permits = Permits(store.rights, people, members)
    polls = Polls(store.cards, store.polls, sources, permits, audiences, clock)
    asked = AskedPolls(store.accounts, store.waiting_polls, polls, sources, sites, clock)
    labels = ScheduleLabels(store.polls, sites)
    posts = ScheduledPosts(
        store.polls,
        store.schedules,
        sources,
        results,
        sites,
        polls,
        languages,
        people,
        permits,
        clock,
        chance,
    )
    outbox = Outbox(store.outbox, clock)
    pace = JiraPace()
    scheduler = Scheduler(store.accounts, store.schedules, posting, posts, outbox, clock)
    endings = PollEndings(
        store.polls,
        store.endings,
        store.records.is_there,
        sources,
        results,
        languages,
        posting,
        outbox,
        clock,
    )
    steps = Steps(
        store.accounts,
        store.executions,
        store.polls,
        store.poll_defaults,
        polls,
        sources,
        sites,
        slack,
        people,
        languages,
        clock,
    )
    channels = Channels(slack, people, clock)
    home = Home(
        store.accounts,
        store.home,
        store.schedules,
        labels,
        sites,
        slack,
        people,
        channels,
        audiences,
        languages,
        speaker,
        partial(ground.reach.away, _JIRA_AT),
        clock,
    )
    answers = Answers(store.answers, store.sources, sources, results, audiences, people, clock)
    additions = Additions(store.additions, store.polls, sources, answers, clock)
    receipts = Receipts(store.receipts, courier, languages, speaker, turns, answers, clock)
    votes = Votes(store.accounts, store.intents, store.cards, sites, slack, clock)
    threshold_readings = ThresholdReadings(sites)
    panes = Panes(store.accounts, votes, sites, slack, languages, clock)
    of_leader: list[Worker] = [
        VoteWorker(
            store.accounts,
            store.intents,
            store.tries,
            store.outbox,
            sites,
            courier,
            languages,
            outbox,
            pace,
            clock,
            redraw=partial(home.redraw, looks=True),
            beside=panes.settled,
            turns=turns,
        ),
        WatchWorker(
            store.accounts,
            store.watches,
            store.tries,
            sites,
            courier,
            languages,
            outbox,
            pace,
            clock,
        ),
        Resolutions(store.accounts, store.shipped, sites, clock),
        ShippedTeller(
            store.accounts, store.shipped, sites, slack, posting, languages, outbox, clock
        ),
        OwedReceipts(store.receipts, receipts, outbox, clock),
        Refresher(
            store.cards,
            store.outbox,
            slack,
            posting,
            courier,
            languages,
            outbox,
            clock,
            drawers,
            no_entity=store.previews.refused,
        ),
        PollCloser(store.polls, store.on_due, clock),
        Leftovers(store.poll_keys, store.on_due, clock),
        Retainer(store.retention, clock),
        PollReader(store.polls, sources, clock),
        PollMaker(store.accounts, store.polls, store.waiting_polls, polls, sources, sites, clock),
        endings,
        WhenAll(store.when_all, store.polls, audiences, people, clock),
        Reminders(
            store.endings,
            store.outbox,
            slack,
            posting,
            languages,
            people,
            audiences,
            outbox,
            clock,
        ),
        Recorder(
            store.accounts,
            store.polls,
            store.endings,
            store.records,
            sites,
            slack,
            courier,
            languages,
            outbox,
            speaker,
            sources,
            results,
            people,
            pace,
            clock,
        ),
        scheduler,
        StepWorker(store.executions, steps, results, slack, languages, clock),
        ThresholdLooks(
            store.accounts,
            store.thresholds,
            store.vote_counts,
            threshold_readings,
            sites,
            permits,
            clock,
        ),
        CrossingTeller(
            store.accounts,
            store.thresholds,
            threshold_readings,
            sites,
            posting,
            languages,
            people,
            permits,
            outbox,
            clock,
            chance,
        ),
        AccountEnds(store.accounts, clock),
        GoneWorkspaces(store.installations, clock),
        Teller(
            store.accounts,
            store.cards,
            store.answers,
            store.polls,
            store.waiting_polls,
            store.endings,
            store.schedules,
            store.thresholds,
            store.outbox,
            store.sources,
            store.poll_defaults,
            courier,
            languages,
            labels,
            drawers,
            endings,
            asked,
            posts,
            clock,
        ),
    ]
    if store.lead.shared:
        of_leader.append(LeftAtDoors(store.take_up_at_doors, clock))
    accounts = Accounts(store.accounts, store.grants, sites, clock, chance)
    pages: list[SignInPages | InstallPages] = []
    sign_ins, prompts = None, Prompts(slack, clock)
    if atlassian is not None and settings.public_url:
        atlassian.watch = both(calls_to("atlassian"), ground.reach.to("Atlassian's sign-in"))
        url = settings.public_url
        sign_ins = SignIns(accounts, store.grants, atlassian, url, clock, chance)
        pages.append(SignInPages(sign_ins, people, languages, slack, afterwards, prompts))
    installs, admission = None, None
    if app is not None and tokens is not None:
        installs = Installs(store.installations, tokens, slack, app, clock)
        admission = Admission(store.installations, tokens, clock)
        pages.append(InstallPages(installs, languages))
    on_accounts = AccountListeners(accounts, sign_ins, slack, afterwards, prompts, people)
    records = Records(store.records, polls, clock)
    schedules = Schedules(
        store.issues,
        store.polls,
        store.schedules,
        sources,
        results,
        sites,
        slack,
        people,
        scheduler,
        asked,
        clock,
        chance,
    )
    thresholds = Thresholds(
        store.accounts,
        store.thresholds,
        store.vote_counts,
        threshold_readings,
        sites,
        slack,
        people,
        permits,
        channels,
        clock,
    )
    setup = Setup(
        store.sources,
        sources,
        team_voice,
        sites,
        people,
        languages,
        store.poll_defaults,
        store.rights,
        store.audit,
        store.retention,
        members,
        clock,
    )

    picks = Picks(store.accounts, store.cards, sites)
    on_votes = VoteListeners(votes, slack, afterwards)
    on_shipped = ShippedListeners(store.shipped, sites, afterwards)
    mentions = Mentions(store.accounts, store.cards, slack, sites, clock)
    on_previews = PreviewListeners(
        Previews(store.cards, store.previews, people, sites, clock),
        panes,
        afterwards,
        slack.lacks,
    )
    on_schedules = ScheduleListeners(schedules, labels, slack, afterwards, clock)
    on_thresholds = ThresholdListeners(thresholds, slack, afterwards)
    saved_polls = SavedPolls(store.saved_polls, polls, people, clock)
    on_forms = FormListeners(
        polls,
        asked,
        answers,
        results,
        on_schedules.post_later,
        languages,
        slack,
        afterwards,
        picks,
        audiences,
        additions,
        store.poll_defaults,
        saved_polls,
        clock,
    )
    on_saved = SavedListeners(saved_polls, on_forms, slack, afterwards)
    searches = Searches(store.searches, results, sources, channels, clock)
    on_searches = SearchListeners(searches, slack, afterwards)
    on_polls = PollListeners(
        on_forms,
        on_saved,
        on_searches,
        polls,
        asked,
        answers,
        receipts,
        results,
        people,
        languages,
        slack,
        afterwards,
        store.poll_defaults,
        clock,
    )
    on_setup = SetupListeners(answers, setup, slack, afterwards)
    missing = MissingAnswers(polls, store.polls, audiences, people, clock)
    on_ends = EndListeners(
        polls, missing, asked, slack, afterwards, store.endings, store.poll_defaults, clock
    )
    hanging = Hanging(store.hanging, polls, channels, permits, slack, clock)
    exports = Exports(store.exports, polls, results, people, slack, clock)
    on_forgetting = ForgetListeners(Forgetting(store.forgetting, people, clock), afterwards)
    commands = Commands(
        on_accounts,
        on_schedules,
        on_thresholds,
        on_setup,
        on_votes,
        on_shipped,
        on_previews,
        on_polls,
        on_ends,
        on_forgetting,
    )
    invites = Invites(store.home, people, languages, afterwards, clock)
    on_home = HomeListeners(home, invites, slack, afterwards)
    explain = last_stop.explainer(afterwards)
    # Bolt asks its listeners one after the other, about 20 µs each: what crowds press comes first.
    listening = (
        on_polls.register_of_crowds,
        on_votes.register_of_crowds,
        commands.register_help,
        on_votes.register,
        on_shipped.register,
        on_thresholds.register_menu,
        WatchListeners(store.watches, sites, clock).register,
        PickListeners(picks).register,
        commands.register,
        on_accounts.register,
        on_previews.register,
        MentionListeners(mentions, afterwards).register,
        on_polls.register,
        on_forms.register,
        on_ends.register,
        AdditionListeners(additions, polls, slack, afterwards).register,
        ExportListeners(exports, slack, afterwards).register,
        HangingListeners(hanging, slack, afterwards).register,
        on_saved.register,
        on_searches.register,
        RecordListeners(records, slack, afterwards).register,
        on_schedules.register,
        on_thresholds.register,
        on_setup.register,
        on_forgetting.register,
        WorkflowListeners(store.executions, clock).register,
        Written(commands, afterwards).register,
        on_home.register,
        InstallListeners(installs, admission).register,
        partial(last_stop.register, explain=explain),
    )
    presses = Presses(store.presses, sites, clock)
    return _Parts(
        listening,
        Straight({**on_polls.of_crowds, **on_votes.of_crowds}, explain),
        afterwards,
        on_home.then,
        presses,
        languages,
        slack,
        sites,
        team_voice,
        of_leader,
        [receipts, speaker],
        turns,
        pages,
        tokens,
        None if admission is None else admission.refusal,
    )


def _own_token(settings: Settings) -> str | None:
    return None if settings.slack_bot_token is None else settings.slack_bot_token.get_secret_value()


def _app(settings: Settings) -> App | None:
    """Return the app by which other workspaces install pollbot; None where there is but one."""
    id_, secret, public_url = (
        settings.slack_client_id,
        settings.slack_client_secret,
        settings.public_url,
    )
    if id_ is None or secret is None or public_url is None:
        return None
    return App(id_, secret.get_secret_value(), f"{public_url}/slack/oauth_redirect")


def _atlassian(settings: Settings, http: httpx.AsyncClient) -> Atlassian | None:
    """Return the app by which people sign in; None where they connect by API token only."""
    id_, secret, public_url = (
        settings.jira_client_id,
        settings.jira_client_secret,
        settings.public_url,
    )
    if id_ is None or secret is None or public_url is None:
        return None
    return Atlassian(
        http,
        settings.atlassian_auth_url,
        settings.atlassian_api_url,
        (id_, secret.get_secret_value()),
        f"{public_url}/jira/callback",
    )


def _reach_of_source(reach: Reach, source_id: str) -> Watch:
    # What an admin only tries out is told to them, and is none that anybody relies on.
    return reach.to(f"Team Voice, source {source_id}") if source_id else unwatched


def _team_voice(settings: Settings) -> Endpoint | None:
    url, token = settings.team_voice_url, settings.team_voice_token
    return Endpoint(url, token.get_secret_value()) if url and token else None


def _bolt(
    settings: Settings,
    web_client: AsyncWebClient,
    listening: Sequence[Callable[[AsyncApp], None]],
    pollbot: Pollbot,
) -> AsyncApp:
    client = AsyncWebClient(
        base_url=settings.slack_api_url, session=web_client.session, retry_handlers=[]
    )

    bolt = AsyncApp(
        # Bolt 1.30 names a logger after this, and sets the level of that one, too.
        name="slack_bolt.app",
        client=client,
        # Without it, Bolt would take SLACK_CLIENT_ID of the environment for a flow of its own.
        authorize=_Authorize(pollbot),
        logger=for_bolt(),
        # The door has done that, before anything in the request was read.
        request_verification_enabled=False,
        # A step of a workflow brings a token of its own, which is for its end alone.
        attaching_function_token_enabled=False,
        # Listeners end with their ack; else Bolt 1.30 looks for it only every 10 ms, and
        # loses the ack of a listener that fails right after it.
        process_before_response=True,
    )

    for register in listening:
        register(bolt)
    return bolt


class _Authorize(AsyncAuthorize):
    """Lets everybody in whose request the door has let in.

    Bolt's own way asks auth.test first; a click must be kept while Slack's API is away, too.
    """

    def __init__(self, pollbot: Pollbot) -> None:
        self._pollbot = pollbot

    async def __call__(
        self,
        *,
        context: AsyncBoltContext,
        enterprise_id: str | None,
        team_id: str | None,
        **_: str | None,
    ) -> AuthorizeResult:
        """Return as whom Bolt answers."""
        return AuthorizeResult(
            enterprise_id=enterprise_id,
            team_id=team_id,
            bot_user_id=await self._pollbot.bot_user_id(team_id or enterprise_id or ""),
        )


def _refused_bot_token(code: str) -> StartError:
    return StartError(
        f"pollbot stopped.\n  SLACK_BOT_TOKEN: Slack does not accept it ({code}). Copy the bot "
        "token (xoxb-…) again from your app's page, under OAuth & Permissions; if the app was "
        "removed, install it again."
    )


def _refused_app_token(code: str) -> StartError:
    return StartError(
        f"pollbot stopped.\n  SLACK_APP_TOKEN: Slack does not accept it ({code}). Copy the "
        "app-level token (xapp-…) again from your app's page, under Basic Information, App-Level "
        "Tokens; it needs the scope connections:write."
    )


async def _open_doors(
    stack: AsyncExitStack,
    settings: Settings,
    desk: Desk,
    pollbot: Pollbot,
    page: MetricsPage,
    ground: Ground,
) -> None:
    secret = settings.slack_signing_secret
    # Slack signs by the time of the world, whatever time is pretended here.
    pollbot.signed = Signed(secret.get_secret_value() if secret else "", time.time)
    heard = None if settings.socket_mode else desk
    app = web_app(heard, pollbot.health, pollbot.remarks, pollbot.signed)
    page.register(app)
    for pages in pollbot.pages:
        pages.register(app)
    runner = pollbot.front = Runner(app, grace=_GRACE)
    await runner.setup()
    stack.push_async_callback(runner.cleanup)
    site = web.TCPSite(runner, settings.host, settings.port)
    try:
        await site.start()
    except OSError as error:
        raise StartError(
            f"pollbot did not start.\n  POLLBOT_HOST, POLLBOT_PORT: {settings.host}:"
            f"{settings.port} cannot be listened on ({error.strerror}). Choose another port, or "
            "stop what uses it."
        ) from error
    pollbot.port = runner.addresses[0][1]
    if settings.slack_app_token is not None:
        token = settings.slack_app_token.get_secret_value()
        # Its connections stay, so nothing limits them as a whole.
        session = await stack.enter_async_context(
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=None))
        )
        address = partial(pollbot.slack.socket_address, token)
        door = SocketDoor(desk, session, address, ground.reach, ground.chance)
        stack.push_async_callback(door.shut, _GRACE)
        pollbot.open_door(door)


async def _stop(*working: Leading | Worker | Tasks) -> None:
    # Together, since whoever sent SIGTERM waits no longer than 10 s for all of them.
    await asyncio.gather(*(one.stop(_GRACE) for one in working))


async def _cancel(task: "asyncio.Task[None]") -> None:
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
