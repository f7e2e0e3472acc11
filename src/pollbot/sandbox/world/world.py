"""The pretended world: Slack, Jira and a page to use them, with the real program between them.

Everything is on one port of 127.0.0.1. pollbot runs in this process and knows these stand-ins
only by the addresses in its settings.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import tempfile
import time
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any

from aiohttp import web
from pydantic import SecretStr

from pollbot.errors import StartError
from pollbot.sandbox.clock import MOST_AHEAD, Clock
from pollbot.sandbox.faults import MODES, Faults
from pollbot.sandbox.jira.stand_in import JiraStandIn
from pollbot.sandbox.slack.stand_in import SlackStandIn
from pollbot.sandbox.team_voice.stand_in import TeamVoiceStandIn, UnknownError
from pollbot.sandbox.world.routes import Said, UnusableError, Watchers, add_routes
from pollbot.sandbox.world.seed import (
    ADA,
    BEN,
    COMMANDS,
    DOCS_SPACE,
    PEOPLE,
    PLANNING,
    WELCOME,
    account_of,
    fill_confluence,
    fill_jira,
    fill_slack,
    fill_team_voice,
)
from pollbot.sandbox.world.shown import LOG_LINES, LogLine, named, shown_to
from pollbot.sandbox.world.start import connect, set_up
from pollbot.settings import Settings
from pollbot.wiring import running

FIRST_PORT, LAST_PORT = 8765, 8865
LONGEST_MOVE = 8.0


class World:
    """The stand-ins, filled, and what people do with them on the page.

    ``deliveries`` are the log lines of what Slack brought to pollbot; ``next_due`` tells when
    pollbot has something to do by itself.
    """

    def __init__(self) -> None:
        self.clock = Clock()
        self.slack = SlackStandIn(now=self.clock)
        self.jira = JiraStandIn(now=self.clock)
        self.team_voice = TeamVoiceStandIn(now=self.clock)
        self.next_due: Callable[[], float | None] = lambda: None
        self.watchers = Watchers()
        self.address = ""
        self.deliveries: deque[LogLine] = deque(maxlen=LOG_LINES)
        self.log_from = 0.0
        fill_slack(self.slack)
        fill_jira(self.jira)
        fill_confluence(self.jira.confluence)
        fill_team_voice(self.team_voice)
        self._noted = 0
        self._moving = asyncio.Lock()
        self.slack.on_change += [self._note_deliveries, self.watchers.changed]
        self.jira.on_change.append(self.watchers.changed)
        self.team_voice.on_change.append(self.watchers.changed)
        self.clock.on_move.append(self.watchers.changed)
        self.app = web.Application()
        add_routes(self.app, self)
        self.app.add_subapp("/slack", self.slack.app)
        self.app.add_subapp("/jira", self.jira.app)
        self.app.add_subapp("/apps", self.team_voice.app)

    def state(self, viewer: str) -> dict[str, Any]:
        """Return everything the page shows to this person."""
        return shown_to(self, viewer)

    @asynccontextmanager
    async def serving(self, port: int | None) -> AsyncIterator[None]:
        """Serve on 127.0.0.1; without a port on the first that is free from 8765."""
        runner = web.AppRunner(self.app, access_log=None, shutdown_timeout=1.0)
        await runner.setup()
        try:
            await _listen(runner, port)
            self.address = f"http://127.0.0.1:{runner.addresses[0][1]}"
            self.slack.base_url = f"{self.address}/slack"
            self.slack.site_url = self.address
            self.jira.base_url = f"{self.address}/jira"
            self.team_voice.base_url = f"{self.address}/apps"
            yield
        finally:
            self.watchers.close()
            await runner.cleanup()

    async def quiet(self, seconds: float = 0.2, at_most: float = 3.0) -> None:
        """Wait until pollbot has called nobody for a while."""
        give_up = time.monotonic() + at_most
        heard, since = -1, 0.0
        while time.monotonic() < give_up:
            calls = len(self.slack.calls) + len(self.slack.hook_posts)
            calls += len(self.jira.calls) + len(self.team_voice.calls)
            if calls != heard:
                heard, since = calls, time.monotonic()
            elif time.monotonic() - since >= seconds:
                return
            await asyncio.sleep(0.02)

    def start_over(self) -> None:
        """Empty the transcript and the log, and let a colleague say what to try."""
        self.slack.messages.clear()
        self.slack.views.clear()
        self.deliveries.clear()
        self.log_from = self.clock()
        self.slack.say(BEN.user, PLANNING, WELCOME)
        self.watchers.changed()

    # What people do on the page; each returns the words Slack would show them, or None

    async def command(self, said: Said) -> str | None:
        """Run a slash command, or say what does not begin with a slash."""
        user, channel = self._user(said), said.text("channel")
        place = self.slack.channels.get(channel)
        if place is None or not self.slack.can_see(user, place):
            raise UnusableError("You are not in that channel.")
        text = said.text("text").strip()
        if not text:
            raise UnusableError("Write something first.")
        if not text.startswith("/"):
            self.slack.say(user, channel, text)
            return None
        command, _, rest = text.partition(" ")
        if command not in {known["command"] for known in COMMANDS}:
            raise UnusableError(f"{command} is not a command of any app here.")
        return (await self.slack.command(user, channel, command, rest.strip())).error

    async def press(self, said: Said) -> str | None:
        """Press a button of a message."""
        answer = await self.slack.press(
            self._user(said),
            self._message(said),
            said.text("action_id"),
            block_id=said.optional("block_id"),
            value=said.optional("value"),
        )
        return answer.error

    async def choose(self, said: Said) -> str | None:
        """Choose in a menu of a message."""
        answer = await self.slack.choose(
            self._user(said),
            self._message(said),
            said.text("action_id"),
            said.any("value"),
            block_id=said.optional("block_id"),
        )
        return answer.error

    async def view_action(self, said: Said) -> str | None:
        """Use an element inside a form."""
        answer = await self.slack.view_action(
            self._user(said),
            self._view(said),
            said.text("action_id"),
            block_id=said.optional("block_id"),
            value=said.any("value"),
            values=said.fields("values"),
        )
        return answer.error

    async def submit(self, said: Said) -> str | None:
        """Send a form."""
        answer = await self.slack.submit(self._user(said), self._view(said), said.fields("values"))
        return answer.error

    async def close_view(self, said: Said) -> str | None:
        """Close a form without sending it."""
        return (await self.slack.close(self._user(said), self._view(said))).error

    async def answer_inside(self, said: Said) -> str | None:
        """Answer a poll in Jira or Confluence; no options withdraw the answer."""
        account_id = account_of(self._user(said))
        try:
            self.team_voice.answer_inside(said.text("poll"), account_id, said.texts("options"))
        except UnknownError as gone:
            raise UnusableError("That poll or option is not there any more.") from gone
        except ValueError as unfit:
            raise UnusableError("This poll takes one answer.") from unfit
        return None

    async def switch(self, said: Said) -> str | None:
        """Break or mend one of the stand-ins."""
        service, mode = said.text("service"), said.text("mode")
        faults: dict[str, Faults] = {
            "slack": self.slack.faults,
            "jira": self.jira.faults,
            "team_voice": self.team_voice.faults,
        }
        if service not in faults:
            raise UnusableError(f"Only {', '.join(faults)} can be switched.")
        if mode not in MODES:
            raise UnusableError(f"A switch stands on one of {', '.join(MODES)}.")
        faults[service].mode = mode
        self.watchers.changed()
        return None

    async def move(self, said: Said) -> str | None:
        """Move the clock ahead, with a stop at each moment at which something falls due.

        What takes longer than a few seconds is left to one last jump, as if pollbot had been away.
        """
        seconds = said.number("seconds")
        if not 0 < seconds <= MOST_AHEAD - self.clock.ahead:
            raise UnusableError("The clock goes forward only, by seconds, and ten years at most.")
        async with self._moving:
            stop, give_up = self.clock.ahead, time.monotonic() + LONGEST_MOVE
            there = stop + seconds
            while stop < there and time.monotonic() < give_up:
                self.clock.ahead = stop
                await self.quiet(at_most=1.0)
                due = self.next_due()
                stop = there if due is None else max(stop, due - time.time())
            self.clock.ahead = there
        return None

    def _note_deliveries(self) -> None:
        """Log what Slack brought to pollbot since the last look."""
        for sent in self.slack.deliveries[self._noted :]:
            at = self.clock() - sent.answer.seconds
            what, outcome = named(sent.kind, sent.body), sent.answer.error or "ok"
            self.deliveries.append(LogLine(at, "Slack", "pollbot", what, outcome))
        self._noted = len(self.slack.deliveries)

    def _user(self, said: Said) -> str:
        user = said.text("user")
        if user not in self.slack.people:
            raise UnusableError("Nobody has that id here.")
        return user

    def _message(self, said: Said) -> str:
        user, wanted = said.text("user"), said.text("message")
        for channel in self.slack.channels:
            if any(message.id == wanted for message in self.slack.visible_to(user, channel)):
                return wanted
        raise UnusableError("That message is not there any more.")

    def _view(self, said: Said) -> str:
        user, wanted = said.text("user"), said.text("view")
        view = self.slack.views.get(wanted)
        if view is None or view.user != user:
            raise UnusableError("That form is not open any more.")
        return wanted


@asynccontextmanager
async def opened(
    port: int | None = 0, http: bool = False, database: Path | None = None
) -> AsyncIterator[World]:
    """Open the world with pollbot in it; without a database in a new one.

    Ada and Ben are connected; polls of one project and of one space live in Team Voice.
    """
    world = World()
    with tempfile.TemporaryDirectory(prefix="pollbot-demo-") as folder:
        settings_database = database or Path(folder) / "pollbot.db"
        async with (
            world.serving(port),
            running(
                settings_for(world, settings_database, http=http),
                world.clock.shown,
                world.clock.steady,
            ) as program,
        ):
            world.clock.on_move.append(program.clock_moved)
            world.next_due = partial(program.next_due, looks=False)
            if http:
                world.slack.events_url = f"http://127.0.0.1:{program.port}/slack/events"
            else:
                await world.slack.until(lambda: world.slack.sockets.open, what="pollbot's socket")
            for person in PEOPLE:
                if person.connected:
                    await connect(world, person)
            for workspace in ("PLAT", DOCS_SPACE):
                await set_up(world, ADA, workspace)
            await world.quiet()
            world.start_over()
            yield world


async def demo(
    *,
    port: int | None,
    http: bool = False,
    database: Path | None = None,
    announce: Callable[[str], None] = print,
) -> None:
    """Keep the world open until interrupted; announce its one address."""
    over = asyncio.Event()
    loop = asyncio.get_running_loop()
    signals = (signal.SIGINT, signal.SIGTERM)
    with suppress(NotImplementedError):  # Windows has none; Ctrl+C cancels the task there
        for number in signals:
            loop.add_signal_handler(number, over.set)
    try:
        async with opened(port, http, database) as world:
            announce(f"pollbot's demo is at {world.address}  (Ctrl+C ends it)")
            sys.stdout.flush()  # whoever reads a pipe waits for the address, too
            await over.wait()
    finally:
        with suppress(NotImplementedError):
            for number in signals:
                loop.remove_signal_handler(number)


def settings_for(world: World, database: Path, *, http: bool) -> Settings:
    """Return settings that lead to the stand-ins; whatever the environment holds is overridden."""
    slack, jira = world.slack, world.jira
    return Settings(
        slack_bot_token=SecretStr(slack.bot_token),
        slack_signing_secret=SecretStr(slack.signing_secret),
        slack_app_token=None if http else SecretStr(slack.app_token),
        slack_api_url=slack.api_url,
        host="127.0.0.1",
        port=0,
        database=database,
        encryption_keys=None,
        jira_url=jira.site_url,
        atlassian_api_url=jira.gateway_url,
        allow_private_addresses=True,
        admins=frozenset(),
        log_level="WARNING",
        log_format="text",
        team_voice_url=None,
        team_voice_token=None,
    )


async def _listen(runner: web.AppRunner, port: int | None) -> None:
    """Bind the port, or the first free one; StartError when it is taken, or all are."""
    for candidate in [port] if port is not None else range(FIRST_PORT, LAST_PORT + 1):
        try:
            await web.TCPSite(runner, "127.0.0.1", candidate).start()
        except (OSError, OverflowError) as error:
            if candidate in (port, LAST_PORT):
                number = getattr(error, "errno", None)
                raise StartError(
                    f"The demo did not start: port {candidate} of 127.0.0.1 cannot be listened on "
                    f"({os.strerror(number) if number else error}). "
                    "Choose another one with --port."
                ) from error
        else:
            return
