"""The running program as others see it: its health, what it says of itself, its end."""

import asyncio
import logging
from collections.abc import Sequence

from pollbot.accounts.browser import SignInPages
from pollbot.database import Look
from pollbot.desk import Desk
from pollbot.errors import InstallBroken, PollbotError, SlackError, StartError, StorageUnavailable
from pollbot.front_door import Runner
from pollbot.installs.browser import InstallPages
from pollbot.metrics import Pulse
from pollbot.settings import Settings
from pollbot.signed import Signed
from pollbot.slack.client import Identity
from pollbot.socket_door import SocketDoor
from pollbot.store.leader import Leading
from pollbot.store.worker import Worker
from pollbot.told_time import ToldTime
from pollbot.wiring.ground import Ground
from pollbot.wiring.outside import JIRA_AT, Outside

log = logging.getLogger(__name__)

GRACE = 4.0
"""Seconds for which each part may finish what it has begun, once pollbot is asked to end."""
_UNTIL_KNOWN = 4.0
"""Seconds for which a pollbot that leaves others behind still answers: until they get its part."""
_NO_BEAT = 30.0
_LOOK_AT_SLACK = 20.0


class Pollbot:
    """The running program: its port, its health, and its end.

    ``broken`` is set if Slack refuses one of its tokens before it ever took it: a
    mistake in the settings. Later on it is an outage, and clicks are kept.
    """

    def __init__(
        self,
        settings: Settings,
        ground: Ground,
        outside: Outside,
        workers: Sequence[Worker],
        leading: Leading,
    ) -> None:
        self._store = ground.store
        self._reach = ground.reach
        self._clock = ground.clock
        self._sites = outside.sites
        self._team_voice = outside.team_voice
        self._tokens = outside.tokens
        self._afterwards = outside.afterwards
        self._turns = outside.turns
        self._workers = workers
        self._leading = leading
        self.slack = outside.slack
        self.port = settings.port
        self.door: SocketDoor | None = None
        self.front: Runner | None = None
        self.signed: Signed | None = None
        self.pages: Sequence[SignInPages | InstallPages] = ()
        self.desk: Desk | None = None
        self.known: Identity | None = None
        self.broken: asyncio.Future[StartError] = asyncio.get_running_loop().create_future()
        self._told: ToldTime | None = None
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
            sites_away=self._reach.away(JIRA_AT),
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
        known = asyncio.sleep(_UNTIL_KNOWN) if self.door is None else self.door.shut(GRACE)
        await asyncio.gather(known, self._leading.stop(GRACE))

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
        listens = self._turns.answering or self._afterwards
        return not listens and all(worker.at_rest for worker in self._workers)

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
