"""What people do on the page, one by one."""

from __future__ import annotations

import asyncio
import time
from typing import Any

from pollbot.sandbox.clock import MOST_AHEAD, Clock
from pollbot.sandbox.faults import MODES, Faults
from pollbot.sandbox.team_voice.stand_in import UnknownError
from pollbot.sandbox.world.said import Said, UnusableError
from pollbot.sandbox.world.seed import COMMANDS, SHORTCUTS, account_of
from pollbot.sandbox.world.stage import Stage

LONGEST_MOVE = 8.0
DUPLICATE = "Duplicate"
RESOLUTIONS = ("Done", "Won’t do", DUPLICATE)


class Doings(Stage):
    """Each does one thing that the page sent, and returns the words Slack would show, or None."""

    def __init__(self, clock: Clock | None = None) -> None:
        super().__init__(clock)
        self._moving = asyncio.Lock()

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
            # As Slack sends a name that was picked while typing.
            named = text.replace(f"@{self.slack.app_name}", f"<@{self.slack.bot_user_id}>")
            await self.slack.share(user, channel, named, said.optional("thread"))
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

    async def press_preview(self, said: Said) -> str | None:
        """Press a button in the preview of a link."""
        message, url = self._message(said), said.text("url")
        if not any(url in one.unfurls for one in self.slack.messages if one.id == message):
            raise UnusableError("That preview is not there any more.")
        answer = await self.slack.press_preview(
            self._user(said), message, url, said.text("action_id")
        )
        return answer.error

    async def press_entity(self, said: Said) -> str | None:
        """Press a button of the Work Object below a link."""
        where = self._entity(said)
        answer = await self.slack.beside.press_entity(
            self._user(said), *where, said.text("action_id")
        )
        return answer.error

    async def open_home(self, said: Said) -> str | None:
        """Open the app's tab of App Home."""
        return (await self.slack.open_home(self._user(said))).error

    async def home_action(self, said: Said) -> str | None:
        """Use a control of that tab."""
        answer = await self.slack.home_action(
            self._user(said),
            said.text("action_id"),
            block_id=said.optional("block_id"),
            value=said.any("value"),
        )
        return answer.error

    async def open_pane(self, said: Said) -> str | None:
        """Open the Work Object below a link."""
        where = self._entity(said)
        return (await self.slack.beside.open_pane(self._user(said), *where)).error

    async def press_in_pane(self, said: Said) -> str | None:
        """Press a button of the Work Object that is open."""
        user = self._user(said)
        if user not in self.slack.work_objects.panes:
            raise UnusableError("Nothing is open any more.")
        answer = await self.slack.beside.press_in_pane(user, said.text("action_id"))
        return answer.error

    async def close_pane(self, said: Said) -> str | None:
        """Close the Work Object that is open."""
        return (await self.slack.beside.close_pane(self._user(said))).error

    async def shortcut(self, said: Said) -> str | None:
        """Use a shortcut of the app, from a message's menu or beside the line to type in."""
        if said.text("callback_id") not in {one["callback_id"] for one in SHORTCUTS}:
            raise UnusableError("That is no shortcut of any app here.")
        message = self._message(said) if said.optional("message") else None
        user = self._user(said)
        return (await self.slack.shortcut(user, said.text("callback_id"), message)).error

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

    async def suggest(self, said: Said) -> list[dict[str, Any]] | str:
        """Type into a menu of a form; return the options that are offered, or what went wrong."""
        answer = await self.slack.suggest(
            self._user(said),
            self._view(said),
            said.text("action_id"),
            said.text("value"),
            block_id=said.optional("block_id"),
            values=said.fields("values"),
        )
        if answer.error is not None:
            return answer.error
        return [*((answer.json or {}).get("options") or ())]

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

    async def resolve(self, said: Said) -> str | None:
        """Resolve an issue in Jira, perhaps as a duplicate of another one."""
        key, how = self._issue(said, "issue"), said.text("how")
        if self.jira.issues[key].resolution is not None:
            raise UnusableError(f"{key} is resolved already.")
        if how not in RESOLUTIONS:
            raise UnusableError(f"An issue is resolved as one of {', '.join(RESOLUTIONS)}.")
        instead = self._issue(said, "duplicates") if how == DUPLICATE else ""
        if instead == key:
            raise UnusableError("No issue is a duplicate of itself.")
        self.jira.resolve(key, how, duplicates=instead)
        return None

    async def reopen(self, said: Said) -> str | None:
        """Open an issue in Jira again."""
        key = self._issue(said, "issue")
        if self.jira.issues[key].resolution is None:
            raise UnusableError(f"{key} is open already.")
        self.jira.reopen(key)
        return None

    async def run_step(self, said: Said) -> str | None:
        """Come to a step of a workflow that this person has just started."""
        step, inputs = said.text("step"), said.any("inputs")
        if step not in self.slack.workflows.offered or not isinstance(inputs, dict):
            raise UnusableError("That is no step of any app here.")
        _, answer = await self.slack.workflows.run(self._user(said), step, inputs)
        return answer.error

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

    async def replica(self, said: Said) -> str | None:
        """Kill, start, freeze or thaw one of the replicas."""
        if self.replicas is None:
            raise UnusableError("There is one pollbot here, within the demo’s own process.")
        if not await self.replicas.do(int(said.number("number")), said.text("act")):
            raise UnusableError("That replica cannot do this now.")
        return None

    async def move(self, said: Said) -> str | None:
        """Move the clock ahead, with a stop at each moment at which something falls due.

        What takes longer than a few seconds is left to one last jump, as if pollbot had been away.
        """
        seconds = said.number("seconds")
        if self.replicas is not None:
            raise UnusableError("Replicas go by the machine’s clock, which nobody moves here.")
        if not 0 < seconds <= MOST_AHEAD - self.clock.ahead:
            raise UnusableError("The clock goes forward only, by seconds, and ten years at most.")
        async with self._moving:
            stop, give_up = self.clock.ahead, time.monotonic() + LONGEST_MOVE
            there = stop + seconds
            while stop < there and time.monotonic() < give_up:
                self.clock.ahead = stop
                await self.quiet(at_most=1.0)
                due = self.next_due()
                stop = there if due is None else max(stop, due - self.clock.real())
            self.clock.ahead = there
        return None

    def _user(self, said: Said) -> str:
        user = said.text("user")
        if user not in self.slack.people:
            raise UnusableError("Nobody has that id here.")
        return user

    def _issue(self, said: Said, name: str) -> str:
        if (key := said.text(name)) not in self.jira.issues:
            raise UnusableError("That issue is not in Jira.")
        return key

    def _message(self, said: Said) -> str:
        user, wanted = said.text("user"), said.text("message")
        for channel in self.slack.channels:
            if any(message.id == wanted for message in self.slack.visible_to(user, channel)):
                return wanted
        raise UnusableError("That message is not there any more.")

    def _entity(self, said: Said) -> tuple[str, str]:
        message, url = self._message(said), said.text("url")
        if not any(url in one.entities for one in self.slack.messages if one.id == message):
            raise UnusableError("That preview is not there any more.")
        return message, url

    def _view(self, said: Said) -> str:
        user, wanted = said.text("user"), said.text("view")
        view = self.slack.views.get(wanted)
        if view is None or view.user != user:
            raise UnusableError("That form is not open any more.")
        return wanted
