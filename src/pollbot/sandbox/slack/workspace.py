"""The pretended workspace: its people, channels, messages and open forms, as plain data."""

from __future__ import annotations

import copy
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterable
from typing import Any

from pollbot.chance import Chance, of_the_system
from pollbot.sandbox.serving import Watched
from pollbot.sandbox.slack import blockkit
from pollbot.sandbox.slack.things import Channel, Hook, Message, Person, Trigger, UserGroup, View

TRIGGER_SECONDS = 3.0
HOOK_SECONDS = 30 * 60.0
HOOK_USES = 5
MOST_VIEWS = 3


class Workspace(Watched):
    """Everything the workspace knows, and the few ways in which it changes.

    With an ``organisation``, an id that begins with an E, the app is installed in all of its
    workspaces at once.
    """

    bot_user_id = "U0POLLBOT"
    bot_id = "B0POLLBOT"
    app_id = "A0POLLBOT"
    app_name = "pollbot"
    domain = "sandbox"

    def __init__(
        self,
        *,
        team_id: str = "T0SANDBOX",
        now: Callable[[], float] = time.time,
        chance: Chance | None = None,
    ) -> None:
        """``chance`` is where ids and tokens come from, without one the system's."""
        super().__init__()
        self.team_id = team_id
        self.organisation = ""
        self.now = now
        self.chance = chance or of_the_system()
        self.base_url = ""
        self.site_url = f"https://{self.domain}.slack.com"
        self.people: dict[str, Person] = {}
        self.channels, self.groups = dict[str, Channel](), dict[str, UserGroup]()
        self.messages: list[Message] = []
        self.views, self.homes = dict[str, View](), dict[str, View]()
        self.triggers: dict[str, Trigger] = {}
        self.hooks: dict[str, Hook] = {}
        self.unfurl_domains, self.unfurling = ["127.0.0.1"], dict[str, Message]()
        self._last_microsecond = 0
        self._serial = 0

    def add_person(
        self,
        id: str,
        name: str,
        *,
        is_admin: bool = False,
        tz: str = "Europe/Berlin",
        locale: str = "en-US",
        team_id: str = "",
        shares: Iterable[str] = (),
    ) -> Person:
        """Return a new person; one of another workspace is only in the channels it ``shares``."""
        person = self.people[id] = Person(
            id, name, team_id or self.team_id, is_admin, tz, locale=locale
        )
        for channel in self.channels.values():
            if channel.id in shares or (channel.for_everyone and person.team_id == self.team_id):
                channel.members.add(id)
        self.changed()
        return person

    def add_channel(
        self,
        id: str,
        name: str,
        *,
        is_private: bool = False,
        app_is_member: bool = False,
        members: Iterable[str] = (),
    ) -> Channel:
        """Return a new channel; with no ``members`` named, everyone who belongs here is in it."""
        named = set(members)
        ours = {one.id for one in self.people.values() if one.team_id == self.team_id}
        channel = Channel(
            id,
            name,
            is_private=is_private,
            app_is_member=app_is_member,
            members=named or ours,
            for_everyone=not named,
        )
        self.channels[id] = channel
        self.changed()
        return channel

    def archive(self, channel: str) -> None:
        """Close a channel: it can be read, and nothing can be posted there."""
        self.channels[channel].is_archived = True
        self.changed()

    def delete_channel(self, channel: str) -> None:
        """Remove a channel with all that was said in it."""
        del self.channels[channel]
        self.messages[:] = [message for message in self.messages if message.channel != channel]
        self.changed()

    def next_ts(self) -> str:
        """Return the time as Slack writes it: unique, and later than every one before."""
        self._last_microsecond = max(int(self.now() * 1_000_000), self._last_microsecond + 1)
        seconds, micros = divmod(self._last_microsecond, 1_000_000)
        return f"{seconds}.{micros:06d}"

    def next_id(self, prefix: str) -> str:
        self._serial += 1
        return f"{prefix}{self._serial}"

    # Channels and messages

    def direct_channel(self, user: str) -> Channel:
        """Return the person's conversation with the app, opened at the first need."""
        id = f"D0{user.removeprefix('U0')}"
        if id not in self.channels:
            self.channels[id] = Channel(
                id, "directmessage", is_private=True, app_is_member=True, members={user}, is_im=True
            )
            self.changed()
        return self.channels[id]

    def can_see(self, user: str, channel: Channel) -> bool:
        person = self.people.get(user)
        belongs_here = person is None or person.team_id == self.team_id
        return user in channel.members or (belongs_here and not channel.is_private)

    def visible_to(self, user: str, channel: str) -> list[Message]:
        """Return what the person sees in the channel, oldest first."""
        if not self.can_see(user, self.channels[channel]):
            return []
        return [
            message
            for message in self.messages
            if message.channel == channel and message.ephemeral_for in (None, user)
        ]

    def post(
        self,
        channel: str,
        user: str,
        text: str,
        blocks: list[dict[str, Any]] | None = None,
        *,
        ephemeral_for: str | None = None,
        thread_ts: str | None = None,
    ) -> Message:
        message = Message(
            self.next_id("m"),
            channel,
            self.next_ts(),
            user,
            text,
            self.with_ids(blocks or []),
            ephemeral_for,
            thread_ts,
        )
        self.messages.append(message)
        self.changed()
        return message

    def redraw(self, message: Message, text: str | None, blocks: list[dict[str, Any]]) -> None:
        """Give a message these blocks, and this text unless it is None; keep the rest."""
        if text is not None:
            message.text = text
        message.blocks = self.with_ids(blocks)
        # Slack marks a change "(edited)" only where no blocks are shown.
        message.edited = message.edited or not blocks
        self.changed()

    def preview(self, message: Message, url: str, blocks: list[dict[str, Any]]) -> None:
        """Show blocks as the preview of a link in a message."""
        message.entities.pop(url, None)
        message.unfurls[url] = self.with_ids(blocks)
        self.changed()

    def delete(self, message: Message) -> None:
        self.messages.remove(message)
        self.changed()

    def say(self, user: str, channel: str, text: str, thread_ts: str | None = None) -> Message:
        """Post a person's own plain message."""
        if not self.can_see(user, self.channels[channel]):
            raise LookupError(f"{user} does not see {channel}")
        return self.post(channel, self.people[user].id, text, thread_ts=thread_ts)

    def thread_of(self, channel: str, ts: str) -> list[Message]:
        """Return what hangs under a message, as everybody sees it."""
        return [
            message
            for message in self.messages
            if (message.channel, message.thread_ts) == (channel, ts)
            and message.ephemeral_for is None
        ]

    def find_message(self, channel: str, ts: str) -> Message | None:
        """Return the message with that ts; ephemeral ones cannot be found."""
        for message in self.messages:
            if (message.channel, message.ts) == (channel, ts) and message.ephemeral_for is None:
                return message
        return None

    # What an interaction brings along

    def new_trigger(self, user: str, view: str | None = None) -> str:
        id = f"{self.next_id('')}.{self.team_id}.{self.chance.randbytes(16).hex()}"
        self.triggers[id] = Trigger(user, self.now(), view)
        return id

    def new_hook(self, user: str, channel: str, source: str | None = None) -> str:
        """Return a fresh response_url."""
        token = self._token(16)
        self.hooks[token] = Hook(user, channel, source, self.now())
        return f"{self.base_url}/hooks/{token}"

    # Forms

    def stack_of(self, user: str) -> list[View]:
        """Return the person's open forms, the one on top last."""
        own = {view.previous: view for view in self.views.values() if view.user == user}
        stack: list[View] = []
        beneath = None
        while beneath in own:
            stack.append(own[beneath])
            beneath = own[beneath].id
        return stack

    def open_view(self, user: str, view: dict[str, Any], *, on_top: bool) -> View:
        """Open a form on top of the person's stack, or as a new stack in place of the old one."""
        stack = self.stack_of(user)
        if not on_top:
            for old in stack:
                del self.views[old.id]
            stack = []
        id = self.next_id("V")
        opened = View(
            id,
            user,
            {**view, "blocks": self.with_ids(view["blocks"])},
            self.new_hash(),
            stack[-1].id if stack else None,
            stack[0].id if stack else id,
        )
        self.views[id] = opened
        self.changed()
        return opened

    def update_view(self, opened: View, view: dict[str, Any]) -> None:
        """Redraw a form; fields keep what was typed when block_id and action_id both stay."""
        opened.view = {**view, "blocks": self.with_ids(view["blocks"])}
        opened.hash = self.new_hash()
        opened.errors = {}
        kept: dict[str, dict[str, Any]] = {}
        for _, block in blockkit.walk(opened.view["blocks"]):
            typed = opened.values.get(block["block_id"], {})
            for element in blockkit.elements(block):
                if element["action_id"] in typed:
                    fields = kept.setdefault(block["block_id"], {})
                    fields[element["action_id"]] = typed[element["action_id"]]
        opened.values = kept
        self.changed()

    def close_view(self, closed: View) -> None:
        """Close one form; the one above it, if any, now lies on the one beneath."""
        if self.views.pop(closed.id, None) is None:
            return
        for view in self.views.values():
            if view.previous == closed.id:
                view.previous = closed.previous
        self.changed()

    def new_hash(self) -> str:
        return f"{self.next_ts().split('.')[0]}.{self._token(6)}"

    def with_ids(self, blocks: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Return a copy in which each block and element has an id, as Slack gives them."""
        copied = copy.deepcopy(blocks)
        for _, block in blockkit.walk(copied):
            block["block_id"] = block.get("block_id") or self._token(4)
            for element in blockkit.elements(block):
                element["action_id"] = element.get("action_id") or self._token(4)
        return copied

    def _token(self, size: int) -> str:
        return urlsafe_b64encode(self.chance.randbytes(size)).decode().rstrip("=")
