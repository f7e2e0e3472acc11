"""The pretended world around the program, and the program's lives in it, all by one seed."""

import asyncio
import base64
import json
import math
import random
import shutil
import sqlite3
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Coroutine
from contextlib import ExitStack, closing
from contextvars import Context
from dataclasses import dataclass, field
from functools import cache, cached_property, partial
from http.cookiejar import CookieJar, DefaultCookiePolicy
from itertools import pairwise, product
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, cast
from unittest.mock import patch

import aiohttp
import httpx
from aiohttp import web
from slack_sdk.web.async_client import AsyncWebClient

from pollbot import database
from pollbot.database import Store
from pollbot.desk import Desk
from pollbot.errors import StartError, StorageUnavailable
from pollbot.front_door import web_app
from pollbot.installs.rules import Installed, Tokens
from pollbot.jira.client import basic
from pollbot.people import Account
from pollbot.people import Person as Somebody
from pollbot.sandbox.jira import JiraStandIn
from pollbot.sandbox.slack import Answer, SlackStandIn
from pollbot.sandbox.slack.delivery import FAILED, TIMED_OUT, Kind, encode, sign
from pollbot.sandbox.slack.stand_in import Delivery
from pollbot.sandbox.slack.tokens import BOT_SCOPES
from pollbot.sandbox.team_voice import TeamVoiceStandIn
from pollbot.sandbox.world.steps import STEPS
from pollbot.settings import Settings
from pollbot.signed import Signed
from pollbot.slack.answering import PATIENCE
from pollbot.socket_door import SocketDoor
from pollbot.store.writer import Connection, Engine, InlineWriter
from pollbot.web.reach import Reach
from pollbot.wiring import Ground, working
from tests.sim.about_commits import OneAnswerEach
from tests.sim.lease import Between, OnSharedFile, Seat
from tests.sim.loop import LIFE, PretendedLoop
from tests.sim.sockets import Sockets
from tests.sim.wire import (
    DONE_AND_500,
    STALE,
    Call,
    HttpxLine,
    Lost,
    Reply,
    SlackLine,
    Weather,
    Wire,
    serve,
)
from tests.support.connecting import keep_account
from tests.support.house import Given
from tests.support.team_voice import PAGE, SPACE, VOICE_TOKEN
from tests.support.thief import Copy, all_in

PLANNING, LEADS = "C0PLANNING", "C0LEADS"
WATCHED = "PLAT-3"
"""An issue of which a threshold tells, where there is one."""
ISSUES = ("PLAT-1", "PLAT-2")
"""The issues, by the keys that they have in the beginning."""
OTHER_VOTES = 3
MOVES = {"PLAT-2": "OPS-7"}
"""The key that an issue has after it moved, where it does."""
PEOPLE = {"U0ADA": "Ada", "U0BEN": "Ben", "U0CLEO": "Cleo", "U0DAN": "Dan"}
ADMIN = "U0ADA"
LEAVERS = {"U0EVE": "Eve", "U0FINN": "Finn", "U0GINA": "Gina"}
"""People whose account in Jira comes and goes, where they are."""
BUSY, OWN_CHANNEL, APART = "U0YUL", "C0YULS", "PLAT-9"
"""Somebody who presses whatever there is, in their own channel, about an issue of their own."""
CURATOR = "U0ZOE"
"""An admin who does nothing but look after polls, where there are some to be used again."""
GUESTS = {f"U0GUEST{letter}": f"Guest {letter}" for letter in "ABCDEFGHIJKLMN"}
"""People who do nothing but answer polls."""
BEGIN = 1_772_437_008.0
"""Monday, 2 March 2026, 08:36:48 in Berlin."""
SITE, TEAM, OTHER_TEAM, DATABASE = "http://jira", "T0SANDBOX", "T0BESIDE", "pollbot.db"

KEY = "c2ltdWxhdGlvbi1rZXktb2YtdGhpcnR5LXR3by1ieXQ="
_SCOPES = frozenset(BOT_SCOPES)
_TICKS = 10
"""How many different times a second has for Slack's messages, so that many have the same one."""
_LATENCY = (0.003, 0.06)
_SLACK_WAITS = 3.0
_COMMIT = (0.0005, 0.012)
_NOTHING_KEPT = "othing was saved"
_TROUBLE = 0.1
_REFUSALS = ("429", "500", "503")
_FAILURES = (
    *("refused", "lost on its way", "answer lost", "answer lost", "slow", DONE_AND_500),
    *_REFUSALS,
)
_REPEATED = 0.08
"""How many deliveries come a second time in a storm."""
_WITH_POLLS = 0.25
"""How many of the seeds with replicas, or with another workspace, have polls."""
_BUSY_SHARE = 0.5
"""How many of the seeds with nothing but votes have somebody who presses whatever there is."""
_STALE = 0.05
"""How many looks at what is there are answered in a storm as they were before."""
_BY_SOCKET = 0.3
"""How many seeds have Socket Mode."""
_SLOW_DISK = (0.5, 3.5)
_GRACE, _UNTIL_KILLED = 4.0, 10.0
"""Seconds for which a life that ends answers what came, and after which it is killed."""
_LATE = (1.0, 58.0)
"""Seconds after which a vote may still arrive whose caller gave up long ago."""
_LATE_VOTES = 0.5
"""How many of the votes that are slow are late on their way, and not on the way back."""


@dataclass(frozen=True, slots=True)
class Mood:
    """What a seed's world is like, so that what needs several chances at once comes about.

    ``late``: how many of all votes land late in a storm. ``fickle``: how often somebody
    asks for the opposite of what they asked for last. ``moves``: an issue moves. ``polls``: there
    are polls, too. ``replicas``: how many lives there are at a time, on one file. ``beside``: there
    is another workspace, with the same ids. ``voice``: there is Team Voice, with polls on an issue
    and on a page. ``leaving``: there are people who connect, disconnect, and are forgotten.
    ``choosing``: there is a poll with terms, and people do what else there is about polls.
    ``reusing``: polls are copied, kept as templates, exported, and begin as an admin says.
    ``tending``: polls are commented on, closed and opened, deleted, and hung up and taken down.
    """

    name: str
    late: float = 0.0
    fickle: float = 0.0
    moves: bool = False
    polls: bool = False
    replicas: int = 1
    beside: bool = False
    voice: bool = False
    leaving: bool = False
    choosing: bool = False
    reusing: bool = False
    tending: bool = False

    @property
    def has_guests(self) -> bool:
        """Whether there are people who do nothing but answer polls."""
        return self.polls or self.voice or self.choosing or self.reusing or self.tending


PLAIN, FICKLE = Mood("plain"), Mood("fickle", late=0.3, fickle=0.7)
MOVING = Mood("moving", late=0.3, fickle=0.7, moves=True)
POLLING = Mood("polling", moves=True, polls=True)
REPLICATED = Mood("replicated", late=0.1, replicas=2)
SHARED = Mood("shared", fickle=0.3, beside=True)
VOICED = Mood("voiced", voice=True)
LEAVING = Mood("leaving", late=0.1, leaving=True)
CHOOSING = Mood("choosing", choosing=True)
REUSING, TENDING = Mood("reusing", reusing=True), Mood("tending", tending=True)
MOODS = (
    *(PLAIN, FICKLE, MOVING, POLLING, REPLICATED, SHARED, VOICED, LEAVING, CHOOSING, REUSING),
    TENDING,
)


def mood_of(seed: int) -> Mood:
    """Return the mood of a seed's world."""
    return MOODS[seed % len(MOODS)]


OpenWriter = Callable[[Engine, Callable[[], float]], InlineWriter]


@dataclass(slots=True)
class Signal:
    """Something that happens again and again, and those who wait for the next time."""

    waiting: "list[asyncio.Future[None]]" = field(default_factory=list)

    async def wait(self) -> None:
        """Wait for the next time."""
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.waiting.append(future)
        await future

    def fire(self) -> None:
        """Let all who wait go on."""
        waiting, self.waiting = self.waiting, []
        for one in waiting:
            if not one.done():
                one.set_result(None)


@dataclass(eq=False, slots=True)
class Life:
    """The program from one start to the cut that ends it."""

    number: int
    context: Context
    store: Store | None = None
    door: web.Application | None = None
    desk: Desk | None = None
    manager: Any = None
    socket_door: SocketDoor | None = None
    watch: "asyncio.Task[None] | None" = None
    is_ending: bool = False
    open_requests: "list[asyncio.Future[Reply]]" = field(default_factory=list)

    @property
    def name(self) -> str:
        return f"life {self.number}"


class SlackInMemory(SlackStandIn):
    """The stand-in of Slack, whose deliveries go through memory to whichever life is up.

    In each workspace of one world the same things have the same ids.
    """

    def __init__(self, world: "World", team_id: str) -> None:
        super().__init__(
            bot_token=f"xoxb-{team_id}",
            team_id=team_id,
            now=world.clock,
            chance=world.chance_of(f"slack {team_id}"),
        )
        self.base_url = "http://slack"
        self._world = world
        self._ticks = 0

    async def deliver(self, body: dict[str, Any], *, kind: Kind, **_: Any) -> Answer:
        answer = await self._world.deliver(body, kind)
        self.deliveries.append(Delivery(kind, body, answer))
        return answer

    def next_ts(self) -> str:
        """Return a time that something else may have in another workspace."""
        self._ticks = max(math.ceil(self.now() * _TICKS), self._ticks + 1)
        return f"{self._ticks / _TICKS:.6f}"


class TeamVoiceInMemory(TeamVoiceStandIn):
    """The stand-in of Team Voice under its name on the wire; polls have ids by the seed."""

    def __init__(self, world: "World") -> None:
        super().__init__(now=world.clock)
        self.base_url = "http://voice"
        self.add_token(VOICE_TOKEN)

    def new_id(self) -> str:
        return f"there-{len(self.calls)}-{len(self.polls)}"


class JiraInMemory(JiraStandIn):
    """The stand-in of Jira under its name on the wire."""

    def __init__(self, world: "World") -> None:
        super().__init__(now=world.clock)
        self.base_url = SITE


class Workspace:
    """One workspace of the world, and all that is around it.

    ``comes_late``: what nobody heard of may still come after what was done later.
    """

    def __init__(self, world: "World", slack: SlackInMemory) -> None:
        self._world = world
        self.slack, self.team = slack, slack.team_id
        self.loop, self.wire, self.jira, self.mood = world.loop, world.wire, world.jira, world.mood
        self.cuts, self.ups, self.stops = world.cuts, world.ups, world.stops
        self.disk_troubles = world.disk_troubles
        self.folder, self.lives = world.folder, world.lives
        self.clock, self.breaks, self.keys = world.clock, world.breaks, world.keys
        self.comes_late = world.sockets is not None
        self._before = "" if slack is world.slack else "other "

    def chance_of(self, what: str) -> random.Random:
        """Return a source of chance of its own, so that more of one thing changes no other."""
        return self._world.chance_of(self._before + what)

    def note(self, who: str, what: str, outcome: str = "") -> None:
        """Write a line into the log."""
        self._world.note(self._before + who, what, outcome)

    def has(self, call: Call) -> bool:
        """Return whether a call to Slack is about this workspace."""
        if call.path.startswith("/hooks/"):
            return call.path.rpartition("/")[2] in self.slack.hooks
        return call.headers.get("Authorization", "").endswith(self.slack.bot_token)

    def is_kept(self, answer: Answer) -> bool:
        """Return whether an answer says that what it answers is on disk.

        A press is answered without a word even so; whoever pressed in vain has heard it by then.
        """
        if answer.error is not None or answer.body != "":
            return False
        return not any(_NOTHING_KEPT in text for text in self.said_beside(answer))

    def is_sure(self, answer: Answer, since: float) -> bool:
        """Return whether an answer without a word says that what was pressed then is done.

        So it does where the disk took all, and nobody had to be answered while it was under way.
        """
        return (
            self.is_kept(answer)
            and answer.seconds < PATIENCE
            and not any(
                begun <= self.loop.time() and over >= since for begun, over in self.disk_troubles
            )
        )

    def said_beside(self, answer: Answer) -> list[str]:
        """Return what was said by the response_url of whatever that answers."""
        brought = next(one for one in reversed(self.slack.deliveries) if one.answer is answer)
        url = brought.body.get("response_url")
        return [str(post.body.get("text")) for post in self.slack.hook_posts if post.url == url]

    @property
    def secrets(self) -> list[str]:
        """Return what nobody may hear of."""
        tokens = [token_of(self.account_of(user)) for user in (*PEOPLE, *LEAVERS)]
        return [
            KEY,
            VOICE_TOKEN,
            self.slack.app_token,
            self.slack.bot_token,
            self.slack.signing_secret,
            *tokens,
        ]

    @property
    def calls(self) -> list[Call]:
        """Every call to Slack that left about this workspace, in order."""
        return [call for call in self.wire.calls if call.to == "slack" and self.has(call)]

    def account_of(self, user: str) -> str:
        """Return the person's account in Jira."""
        return account_of(self.team, user)

    def votes_since(self, issue: str, since: float) -> set[int]:
        """Return how many votes Jira counted at any time from that one on."""
        return {
            count
            for (at, count), (until, _) in pairwise(
                [*self._world.counts[issue], (self.loop.time(), 0)]
            )
            if until >= since
        }


class World:
    """Slack, Jira, the wire and the program's lives.

    ``cuts`` is when lives were cut, or stood still and went on; ``stops`` when each life stood
    still; ``ups`` when lives were up; ``disk_troubles`` from when to when the disk was full or
    slow. ``answers`` is what each commit left of somebody's answers: when, of which poll, who, and
    the options. ``is_stormy``: calls fail and are slow by chance. ``broken`` holds a sentence for
    each promise that was not kept, ``log`` a line for each event.
    """

    def __init__(
        self,
        seed: int,
        folder: Path,
        open_writer: OpenWriter = InlineWriter,
    ) -> None:
        self.seed, self.mood = seed, mood_of(seed)
        self.loop = PretendedLoop()
        self.log: list[str] = []
        self.broken: list[str] = []
        self.wrong: Counter[str] = Counter()
        self.is_stormy = False
        self.cuts: list[float] = []
        self.ups: list[float] = [0.0]
        self.counts = {issue: [(0.0, OTHER_VOTES)] for issue in ISSUES}
        self.disk_troubles: list[tuple[float, float]] = []
        self.answers: list[tuple[float, str, str, frozenset[str]]] = []
        self._disk_mode = "up"
        self.stops: defaultdict[int, list[float]] = defaultdict(list)
        self.acked, self.called, self.cut_off, self.up = Signal(), Signal(), Signal(), Signal()
        self.lives: list[Life] = []
        self._lives = 0
        # Kept until the end: Python would finish a generator that nobody holds.
        self._over: list[Life] = []
        self.folder = folder
        self._database, self.backup = folder / DATABASE, folder / "backup.db"
        self._open_writer = open_writer
        self._weather, self._repeats = self.chance_of("weather"), self.chance_of("repeats")
        self._stale = self.chance_of("older answers")
        self._disk, self._fate = self.chance_of("disk"), self.chance_of("whom it befalls")
        self.folder = folder
        self._balance, self._between = self.chance_of("balance"), Between(self.loop)
        self.wire = Wire(self.loop, self._befalls, self._noted)
        self.wire.on_leaving.append(lambda _: self.called.fire())
        self.slack, self.jira = SlackInMemory(self, TEAM), JiraInMemory(self)
        self.wire.lead_to("slack", self.slack.app)
        chance = self.chance_of("transport")
        by_socket = not self.mood.beside and chance.random() < _BY_SOCKET
        noted = partial(self.note, "Socket Mode")
        self.sockets = Sockets(self.loop, chance, noted) if by_socket else None
        self.places = [Workspace(self, self.slack)]
        if self.mood.beside:
            other = SlackInMemory(self, OTHER_TEAM)
            other.homes_of_app = self.slack.homes_of_app
            other.homes_of_app.append(other)
            self.places.append(Workspace(self, other))
        self.wire.lead_to("jira", self.jira.app)
        self.voice = TeamVoiceInMemory(self)
        self.voice_is = "up"
        if self.mood.voice:
            self.wire.lead_to("voice", self.voice.app)
        self.has_polls = self.mood.polls or (
            self.mood in (REPLICATED, SHARED)
            and self.chance_of("whether there are polls").random() < _WITH_POLLS
        )
        alone = self.mood in (PLAIN, FICKLE, MOVING, LEAVING)
        self.has_busybody = alone and self.chance_of("busybody's share").random() < _BUSY_SHARE
        self._fill()

    def slack_is(self, mode: str) -> None:
        """Have Slack up, down, or take nothing, in all workspaces."""
        for place in self.places:
            place.slack.faults.mode = mode

    def disk_is(self, mode: str) -> None:
        """Have the disk up, full, or slow."""
        now, was, self._disk_mode = self.loop.time(), self._disk_mode, mode
        if was != "up":
            self.disk_troubles[-1] = (self.disk_troubles[-1][0], now)
        if mode != "up":
            self.disk_troubles.append((now, math.inf))

    def jira_is(self, mode: str) -> None:
        """Have Jira up, down, or take nothing."""
        self.jira.faults.mode = mode

    def team_voice_is(self, mode: str) -> None:
        """Have Team Voice up, down, take nothing, or talk nonsense."""
        self.voice_is = mode
        self.voice.html_mode = mode == "a page"
        self.voice.results_shape = "nonsense" if mode == "nonsense" else "list"
        self.voice.faults.mode = mode if mode in ("down", "429") else "up"

    def clock(self) -> float:
        """Return pretended unix seconds."""
        return BEGIN + self.loop.time()

    def chance_of(self, what: str) -> random.Random:
        """Return a source of chance of its own, so that more of one thing changes no other."""
        return random.Random(f"{self.seed} {what}")  # noqa: S311  no secret

    def note(self, who: str, what: str, outcome: str = "") -> None:
        """Write a line into the log."""
        self.log.append(
            f"{self.loop.time():11.6f}  {who:7} {what}{' -> ' if outcome else ''}{outcome}"
        )

    def breaks(self, sentence: str, kind: str = "lost") -> None:
        """Keep that a promise was not kept, and in which way."""
        self.broken.append(sentence)
        self.wrong[kind] += 1
        self.note("BROKEN", sentence)

    # The program

    def keys(self, issue: str) -> list[str]:
        """Return the keys that lead to the issue by now, the present one last."""
        moved = MOVES.get(issue)
        return [issue, moved] if moved in self.jira.issues and moved else [issue]

    def begin(self) -> None:
        """Start new lives on what the last ones left on disk, until all are there."""
        while len(self.lives) < self.mood.replicas:
            self._lives += 1
            context = Context()
            context.run(LIFE.set, self._lives)
            life = Life(self._lives, context)
            self.lives.append(life)
            self.note(life.name, "begins")
            self._within(life, self._live_or_not(life))

    @property
    def is_up(self) -> bool:
        """Whether each life is there and can be knocked at."""
        return len(self.lives) == self.mood.replicas and all(life.door for life in self.lives)

    def cut(self) -> None:
        """End one of the lives between two steps, as SIGKILL does: no farewell, no commit."""
        if self.lives:
            self._end(self._fate.choice(self.lives))

    def cut_all(self) -> None:
        """End each life so."""
        for life in list(self.lives):
            self._end(life)

    async def end_in_order(self) -> None:
        """Have one of the lives end as at SIGTERM: it takes nothing new, and finishes what it has.

        Nothing is cut by that: what it heard until then it has kept. It may be killed meanwhile.
        """
        life = self._fate.choice(self.lives) if self.lives else None
        if life is None or life.door is None or life.is_ending:
            self.cut()
            return
        life.is_ending, life.door = True, None
        self.note(life.name, "is to end")
        began = self.loop.time()
        try:
            await asyncio.wait((self._within(life, self._farewell(life)),), timeout=_UNTIL_KILLED)
        finally:
            if life in self.lives:
                self._end(life)
                if self.loop.time() >= began + _UNTIL_KILLED and not self._had_trouble(began):
                    self.breaks(f"{life.name} was asked to end, and did not.")

    async def _farewell(self, life: Life) -> None:
        """Do what wiring's running does at its end."""
        if life.watch is not None:
            life.watch.cancel()
        if life.socket_door is not None:
            await life.socket_door.shut(_GRACE)
        open_ = [one for one in life.open_requests if not one.done()]
        if open_:
            began = self.loop.time()
            _, unanswered = await asyncio.wait(open_, timeout=_GRACE)
            if unanswered and not self._had_trouble(began - _GRACE):
                self.breaks(f"{life.name} was asked to end, and left what it had taken unanswered.")
        await life.manager.__aexit__(None, None, None)
        if life.store is not None:
            life.store.close()
            life.store = None
        self._end(life, "has ended")

    def _had_trouble(self, since: float) -> bool:
        """Return whether the disk was full or slow at any time from that one on."""
        return any(over >= since for _, over in self.disk_troubles)

    def _end(self, life: Life, how: str = "is cut") -> None:
        self.lives.remove(life)
        self.loop.end(life.number)
        if self.sockets is not None:
            self.sockets.end(life.number)
        if life.store is not None:
            _let_go(life.store)
        self._over.append(life)
        if how == "is cut":
            self.cuts.append(self.loop.time())
        self.note(life.name, how)
        for request in life.open_requests:
            if not request.done():
                request.set_exception(Lost())
        self.cut_off.fire()

    async def stand_still(self, seconds: float) -> None:
        """Let one of the lives take no step for so long; others may take what it led."""
        if not self.lives:
            return
        life = self._fate.choice(self.lives)
        self.loop.stand_still(life.number)
        self.cuts.append(self.loop.time())
        self.stops[life.number].append(self.loop.time())
        self.note(life.name, "stands still")
        try:
            await asyncio.sleep(seconds)
        finally:
            self.cuts.append(self.loop.time())
            self.note(life.name, "goes on")
            self.loop.go_on(life.number)

    async def is_away(self, seconds: float) -> None:
        """Let no life be there for so long; then wait until each is up."""
        self.cut_all()
        await asyncio.sleep(seconds)
        await self.all_up()

    async def all_up(self) -> None:
        """See to it that each life is up."""
        self.begin()
        while not self.is_up:
            await self.up.wait()

    def back_up(self) -> None:
        """Copy the database as it is committed, in place of an earlier copy."""
        with (
            closing(sqlite3.connect(self._database)) as live,
            closing(sqlite3.connect(self.backup)) as copy,
        ):
            live.backup(copy)
        self.note("somebody", "copies the database")

    def put_back(self) -> None:
        """End each life, and put the copy in the place of the database."""
        self.cut_all()
        for beside in ("-wal", "-shm"):
            self._database.with_name(self._database.name + beside).unlink(missing_ok=True)
        shutil.copy(self.backup, self._database)
        self.note("somebody", "puts the older copy back")

    async def _live_or_not(self, life: Life) -> None:
        """Live; where the disk does not let it, begin anew after a while, as a supervisor does."""
        try:
            await self._live(life)
        except (StartError, StorageUnavailable):
            self.loop.call_later(1.0, self._begin_anew, life, context=Context())

    def _begin_anew(self, life: Life) -> None:
        if life in self.lives:
            self._end(life)
            self.begin()

    async def _live(self, life: Life) -> None:
        chance = self.chance_of(f"life {life.number}")
        life.store = self._open_store(life, chance)
        http = httpx.AsyncClient(
            transport=HttpxLine(self.wire),
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
            trust_env=False,
        )
        web_client = AsyncWebClient(
            token=None if self.mood.beside else self.slack.bot_token,
            base_url=self.slack.api_url,
            session=cast(aiohttp.ClientSession, SlackLine(self.wire)),
            retry_handlers=[],
        )
        ground = Ground(life.store, http, web_client, self.clock, chance, Reach(self.clock))
        life.manager = working(self._settings, ground)
        pollbot, desk = await life.manager.__aenter__()
        signed = Signed(self.slack.signing_secret, time.time)
        door = web_app(desk, pollbot.health, pollbot.remarks, signed)
        door.freeze()
        if self.sockets is not None:
            address = partial(pollbot.slack.socket_address, self.slack.app_token)
            session = cast(aiohttp.ClientSession, self.sockets)
            life.socket_door = SocketDoor(desk, session, address, ground.reach, chance)
            pollbot.open_door(life.socket_door)
            await life.socket_door.first_open.wait()
        life.door, life.desk = door, desk
        life.watch = self._within(life, pollbot.watch_slack())
        self.ups.append(self.loop.time())
        self.note(life.name, "is up")
        self.up.fire()

    def _open_store(self, life: Life, chance: random.Random) -> Store:
        """Open the database for a life, so that each of its commits is looked at."""
        looks: list[Callable[[], None]] = []

        def open_writer(file: Engine) -> InlineWriter:
            commit = file.commit

            def commit_or_not(db: Connection) -> None:
                if self._disk_mode == "full":
                    raise sqlite3.OperationalError("database or disk is full")
                for look in looks:
                    look()
                commit(db)

            file.commit = commit_or_not  # type: ignore[method-assign]
            return self._open_writer(file, self._seconds_of_a_commit)

        with ExitStack() as shared:
            if self.mood.replicas > 1:
                seat = Seat(life.number, life.context)
                ground = partial(OnSharedFile, seat=seat, between=self._between)
                shared.enter_context(patch.object(database, "_OnFile", ground))
            store = Store(self._database, [KEY], chance=chance, open_writer=open_writer)
        db = cast(Any, store._writer.connection)
        looks.append(OneAnswerEach(db, self._doubled, self._answered).look)
        return store

    def _doubled(self, sentence: str) -> None:
        self.breaks(sentence, "doubled")

    def _answered(self, *now: Any) -> None:
        self.answers.append((self.loop.time(), *now))

    def _seconds_of_a_commit(self) -> float:
        return self._disk.uniform(*(_SLOW_DISK if self._disk_mode == "slow" else _COMMIT))

    def _within(self, life: Life, work: Coroutine[Any, Any, Any]) -> "asyncio.Task[Any]":
        return self.loop.create_task(work, context=life.context.copy())

    @cached_property
    def _settings(self) -> Settings:
        given: dict[str, Any] = {
            "slack_bot_token": self.slack.bot_token,
            "slack_signing_secret": self.slack.signing_secret,
            "slack_api_url": self.slack.api_url,
            "jira_url": self.jira.site_url,
            "atlassian_api_url": self.jira.gateway_url,
            "database": self._database,
        }
        if self.sockets is not None:
            given["slack_app_token"] = self.slack.app_token
        if self.mood.voice:
            given |= {"team_voice_url": self.voice.url, "team_voice_token": VOICE_TOKEN}
        if self.mood.beside:
            given |= {
                "slack_client_id": "1.2",
                "slack_client_secret": "secret",
                "public_url": "https://pollbot.example.com",
                "workspaces": ",".join(place.team for place in self.places),
            }
        return Given(**given)

    # Slack delivers

    async def deliver(self, body: dict[str, Any], kind: Kind) -> Answer:
        """Bring a payload, perhaps twice; return the first answer, or that there was none.

        Whoever had none does nothing more until it was brought again: else it would be what they
        said last.
        """
        again: asyncio.Task[None] | None = None
        if self.is_stormy and self._repeats.random() < _REPEATED:
            after = self._repeats.uniform(0.0, 1.0)
            again = self.loop.create_task(self._again(after, body, kind))
        answer = await self._bring(body, kind)
        if again is not None and answer.error is not None:
            await again
        return answer

    async def _again(self, after: float, body: dict[str, Any], kind: Kind) -> None:
        await asyncio.sleep(after)
        answer = await self._bring(body, kind)
        self.note("Slack", "says it again", answer.error or answer.body[:60] or "acknowledged")

    async def _bring(self, body: dict[str, Any], kind: Kind) -> Answer:
        started = self.loop.time()
        weather = self._weather_now()
        if self.sockets is not None:
            answer = await self.sockets.bring(body, kind, weather)
            if answer.error is None:
                self.acked.fire()
            return answer
        await asyncio.sleep(weather.there)
        life = self._balance.choice(self.lives) if self.lives else None
        if life is None or life.door is None or weather.failure in ("refused", "lost on its way"):
            return Answer(0, "", None, self.loop.time() - started, FAILED)
        heard: asyncio.Future[Reply] = self.loop.create_future()
        life.open_requests.append(heard)
        self._within(life, self._knock(life.door, body, kind, heard))
        try:
            async with asyncio.timeout(_SLACK_WAITS - weather.there):
                reply = await heard
                self.acked.fire()
                await asyncio.sleep(weather.back)
        except (Lost, TimeoutError):
            return Answer(0, "", None, self.loop.time() - started, TIMED_OUT)
        if weather.failure:
            return Answer(0, "", None, self.loop.time() - started, TIMED_OUT)
        error = None if reply.status == 200 else FAILED
        took = self.loop.time() - started
        return Answer(reply.status, reply.text, _object(reply.text), took, error)

    async def _knock(
        self,
        door: web.Application,
        body: dict[str, Any],
        kind: Kind,
        heard: "asyncio.Future[Reply]",
    ) -> None:
        raw, content_type = encode(body, kind)
        # The door compares the stamp with the machine's clock, which is not pretended.
        stamp = str(int(time.time()))
        headers = {
            "Content-Type": content_type,
            "X-Slack-Request-Timestamp": stamp,
            "X-Slack-Signature": sign(self.slack.signing_secret, stamp, raw),
        }
        try:
            reply = await serve(door, "POST", "/slack/events", headers, raw)
        except Exception as error:
            self.breaks(f"The front door failed: {error!r}")
            return
        if not heard.done():
            heard.set_result(reply)

    # The weather

    def _befalls(self, call: Call) -> Weather:
        weather = self._weather_now()
        if weather.failure in _REFUSALS:
            self._fail(call, int(weather.failure))
        elif call.is_a_vote and self._is_late(weather):
            return Weather(self._weather.uniform(*_LATE), weather.back)
        elif call.is_a_look and self._is_stale(weather):
            age = self._stale.random()
            return Weather(weather.there, weather.back, STALE, weather.is_slow, age)
        return weather

    def _is_stale(self, weather: Weather) -> bool:
        fails = not self.is_stormy or bool(weather.failure)
        return not fails and self._stale.random() < _STALE

    def _is_late(self, weather: Weather) -> bool:
        if weather.is_slow and self._weather.random() < _LATE_VOTES:
            return True
        late = self.mood.late if self.is_stormy else 0.0
        return bool(late) and not weather.failure and self._weather.random() < late

    def _weather_now(self) -> Weather:
        chance = self._weather
        there, back = chance.uniform(*_LATENCY), chance.uniform(*_LATENCY)
        if not self.is_stormy or chance.random() > _TROUBLE:
            return Weather(there, back)
        failure = chance.choice(_FAILURES)
        if failure == "slow":
            return Weather(there, back + chance.uniform(1.0, 12.0), is_slow=True)
        return Weather(there, back, failure)

    def _fail(self, call: Call, status: int) -> None:
        """Have the stand-in refuse this kind of call the next time."""
        seconds = str(self._weather.randint(1, 4))
        headers = {"Retry-After": seconds} if status == 429 else {}
        if call.to == "slack":
            place = next((one for one in self.places if one.has(call)), self.places[0])
            place.slack.faults.fail_next(told(call), status, {"ok": False}, headers)
        elif call.to == "voice":
            self.voice.faults.fail_next(f"{call.method} polls", status, "", headers)
        else:
            before, resource = call.path.partition("?")[0].split("/")[-2:]
            what = "issue" if before == "issue" else resource
            self.jira.faults.fail_next(f"{call.method} {what}", status, "", headers)

    def clears_up(self) -> None:
        """End the storm: from now on nothing fails."""
        self.is_stormy = False
        self.disk_is("up")
        self.team_voice_is("up")
        others = (place.slack.faults for place in self.places)
        for faults in (self.jira.faults, self.voice.faults, *others):
            faults.mode = "up"
            faults._failures.clear()
        self.note("weather", "clears up")

    def _noted(self, call: Call, outcome: str) -> None:
        if call.is_a_vote:
            for issue in ISSUES:
                votes = self.jira.votes(self.keys(issue)[-1])
                self.counts[issue].append((self.loop.time(), votes))
        what = f"{call.to} {call.method} {told(call)} {_detail(call)}".rstrip()
        self.note(f"life {call.life}", what, outcome)

    # The beginning

    def _fill(self) -> None:
        for place in self.places:
            for user, name in (PEOPLE | (LEAVERS if self.mood.leaving else {})).items():
                place.slack.add_person(user, name, is_admin=user == ADMIN)
                account = account_of(place.team, user)
                self.jira.add_person(account, account, email_of(account), token=token_of(account))
            if self.has_polls or (place.slack is self.slack and self.mood.has_guests):
                for user, name in GUESTS.items():
                    place.slack.add_person(user, name)
            place.slack.add_channel(PLANNING, "planning", app_is_member=True)
        for key in ISSUES:
            self.jira.add_issue(key, "A wish of many", other_votes=OTHER_VOTES)
        if self.has_busybody:
            self.slack.add_person(BUSY, "Yul", is_admin=True)
            self.slack.add_channel(OWN_CHANNEL, "yuls", app_is_member=True, members=[BUSY])
            self.jira.add_issue(APART, "A wish of one")
        if self.mood.reusing or self.mood.tending:
            self.slack.add_person(CURATOR, "Zoe", is_admin=True)
        if self.mood.choosing:
            self.jira.add_issue(WATCHED, "A wish of a few")
            self.slack.workflows.offered = STEPS
        if self.mood.choosing or self.mood.tending:
            self.slack.add_channel(LEADS, "leads", app_is_member=True)
        space = self.jira.confluence.add_space(SPACE, "DOCS", "Product docs")
        self.jira.confluence.add_page(PAGE, space, "Release plan")

    def lay_out(self) -> None:
        """Lay a database into the folder in which everybody's Jira account is connected."""
        for name, content in _connected(tuple(place.team for place in self.places)).items():
            (self.folder / name).write_bytes(content)


@cache
def _connected(teams: tuple[str, ...]) -> Copy:
    """Return such a database, made once for all seeds of a process."""
    bot = SlackStandIn()
    more = [
        Installed(team, team, bot.app_id, bot.bot_user_id, "U0ADA", _SCOPES, Tokens(f"xoxb-{team}"))
        for team in teams
        if team != TEAM
    ]

    async def connect(path: Path) -> None:
        store, site = Store(path, [KEY], open_writer=InlineWriter), SITE
        for installed in more:
            await store.installations.keep(installed, BEGIN)
        for team, user in product(teams, PEOPLE):
            id_ = account_of(team, user)
            account = Account(id_, id_, site, basic(email_of(id_), token_of(id_)))
            await keep_account(store, Somebody(team, user), site, account, BEGIN)
        store.close()

    with TemporaryDirectory() as folder:
        loop = PretendedLoop()
        loop.run_until_complete(connect(Path(folder) / DATABASE))
        loop.bury()
        return all_in(Path(folder))


def issue_of(key: str) -> str:
    """Return the issue to which a key leads, or will."""
    return next((issue for issue, moved in MOVES.items() if moved == key), key)


def told(call: Call) -> str:
    """Return what a call asks for."""
    path = call.path.partition("?")[0]
    return "response_url" if path.startswith("/hooks/") else path.rpartition("/api/")[2]


def acts_in(call: Call) -> str:
    """Return by which account of Jira's a call is made; empty if by none."""
    encoded = call.headers.get("authorization", "").partition(" ")[2]
    return base64.b64decode(encoded).decode().partition("@")[0]


def _detail(call: Call) -> str:
    """Return what tells a call from others of its kind: who calls Jira, the words for Slack."""
    if call.to == "jira":
        return acts_in(call)
    said = json_of(call)
    return f"{said.get('ts', '')} {str(said.get('text', ''))[:60]!r}" if "text" in said else ""


def json_of(call: Call) -> dict[str, Any]:
    """Return the call's body; empty if it is no JSON."""
    return _object(call.body.decode()) or {}


def _let_go(store: Store) -> None:
    """Take the file from a life that is over: what it had not committed is rolled back."""
    writer = store._writer
    writer.connection.close()
    writer._engine.close()


def _object(text: str) -> dict[str, Any] | None:
    try:
        value = json.loads(text)
    except ValueError:
        return None
    return value if isinstance(value, dict) else None


def account_of(team: str, user: str) -> str:
    """Return somebody's account in Jira; who has the same id elsewhere has another one."""
    return f"acc-{(PEOPLE | LEAVERS)[user].lower()}{'' if team == TEAM else '-elsewhere'}"


def email_of(account: str) -> str:
    """Return the address of an account in Jira."""
    return f"{account}@example.com"


def token_of(account: str) -> str:
    """Return the token of an account in Jira."""
    return f"{account}-token"
