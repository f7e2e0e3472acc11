"""The pretended Slack and Jira around the real program, and short ways to use them."""

import json
import re
import tempfile
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path
from typing import Any

import httpx

from pollbot.polls.sources.source import PollSource
from pollbot.sandbox import clock as clocks
from pollbot.sandbox.jira import JiraStandIn
from pollbot.sandbox.slack import Answer, Message, SlackStandIn
from pollbot.settings import Settings
from pollbot.store.migrations import migrate
from pollbot.store.sqlite import SqliteFile
from pollbot.text.catalog import Language
from pollbot.wiring import Pollbot, running
from tests.support import canaries, stored
from tests.support.catalog import unbracketed
from tests.support.own_time import Clock as Clock  # every test takes it from here

ADA, BEN, CLEO = "U0ADA", "U0BEN", "U0CLEO"
PLANNING, LEADS, TWO_OF_US = "C0PLANNING", "C0LEADS", "D0TWO"
TOKENS = {ADA: "ada-token", BEN: "ben-token", CLEO: "cleo-token"}
EMAILS = {ADA: "ada@example.com", BEN: "ben@example.com", CLEO: "cleo@example.com"}
A_WHILE = 60.0
"""Seconds: longer than a story takes."""


class Given(Settings):
    """Settings that no environment has: to look for each of them there takes longer than to start.

    What stands in the environment, or in a file, is read in tests/test_settings.py.
    """

    @classmethod
    def settings_customise_sources(
        cls, settings_cls: Any, init_settings: Any, *_: Any, **__: Any
    ) -> tuple[Any, ...]:
        return (init_settings,)


class House:
    """The world around one program: what people do, and what they and Jira see of it."""

    def __init__(
        self, slack: SlackStandIn, jira: JiraStandIn, database: Path, clock: clocks.Clock
    ) -> None:
        self.slack = slack
        self.jira = jira
        self.database = database
        self.clock = clock
        self.languages: Sequence[Language] = ()
        """What pollbot speaks beside its catalogs, or in their place."""
        self.kept: list[str] = []
        """Secrets, none of which a program shows."""
        self.shown: list[str] = []

    def settings(self, *, socket: bool = False, **changes: Any) -> Settings:
        """Return settings that lead to the stand-ins."""
        given: dict[str, Any] = {
            "slack_bot_token": self.slack.bot_token,
            "slack_signing_secret": self.slack.signing_secret,
            "slack_app_token": self.slack.app_token if socket else None,
            "slack_api_url": self.slack.api_url,
            "jira_url": self.jira.site_url,
            "allow_private_addresses": True,
            "atlassian_api_url": self.jira.gateway_url,
            "database": self.database,
            "host": "127.0.0.1",
            "port": 0,
        }
        return Given(**(given | changes))

    @asynccontextmanager
    async def program(
        self, *, socket: bool = False, elsewhere: Sequence[PollSource] = (), **changes: Any
    ) -> AsyncIterator[Pollbot]:
        """Run pollbot; one after the other on the same database is a restart."""
        settings = self.settings(socket=socket, **changes)
        if settings.database == self.database and not self.database.exists():
            self.database.write_bytes(_empty_database())
        clock, languages = self.clock, self.languages
        async with running(settings, clock.shown, clock.steady, elsewhere, languages) as pollbot:
            self.clock.on_move[:] = [pollbot.clock_moved]
            self.clock.rests_until = pollbot.rests_until
            if socket:
                await self.slack.until(lambda: self.slack.sockets.open, what="a socket")
            else:
                self.slack.events_url = f"http://127.0.0.1:{pollbot.port}/slack/events"
            try:
                yield pollbot
                if canaries.TURN.comes():
                    self.shown += await self._shown_by(pollbot)
            finally:
                self.clock.rests_until = lambda: None

    async def _shown_by(self, pollbot: Pollbot) -> list[str]:
        """Return where a program shows a secret, in its metrics or to whoever prints its parts."""
        async with httpx.AsyncClient() as http:
            page = (await http.get(f"http://127.0.0.1:{pollbot.port}/metrics")).text
        found = [line for line in page.splitlines() if any(one in line for one in self.kept)]
        return found + canaries.in_reprs(self.kept)

    async def vote(self, user: str, text: str = "", *, channel: str = PLANNING) -> Answer:
        return await self.slack.command(user, channel, "/vote", text)

    async def connect(self, user: str, *, email: str = "", token: str = "") -> Answer:
        """Connect by the form, and return the answer to its submission."""
        await self.slack.command(user, PLANNING, "/pollbot", "connect")
        form = await self.slack.until(
            lambda: next((v for v in self.slack.views.values() if v.user == user), None),
            what="the form",
        )
        return await self.slack.submit(
            user,
            form.id,
            {
                "email": {"value": email or EMAILS[user]},
                "token": {"value": token or TOKENS[user]},
            },
        )

    async def told(self, user: str, part: str) -> Message:
        """Return the private message to the user whose text has ``part``, once it is there."""
        return await self.slack.until(
            lambda: next(
                (
                    m
                    for m in reversed(self.slack.messages)
                    if (m.ephemeral_for == user or self._is_dm(m, user))
                    and part in unbracketed(m.text)
                ),
                None,
            ),
            what=f"telling {user} “{part}”, instead of {self.words(user)}",
        )

    async def card(self, part: str, *, channel: str = PLANNING) -> Message:
        """Return the newest card in the channel whose text has ``part``, once it is there."""
        return await self.slack.until(
            lambda: next(
                (
                    m
                    for m in reversed(self.slack.messages)
                    if m.channel == channel
                    and m.ephemeral_for is None
                    and part in unbracketed(m.text)
                ),
                None,
            ),
            what=f"a card with “{part}” in {[m.text for m in self.slack.messages]}",
        )

    async def votes(self, key: str, count: int) -> None:
        """Wait until Jira counts that many votes."""
        await self.jira.until(lambda: self.jira.votes(key) == count, what=f"{count} votes on {key}")

    def words(self, user: str) -> list[str]:
        """Return all that the user was told privately."""
        return [
            m.text for m in self.slack.messages if m.ephemeral_for == user or self._is_dm(m, user)
        ]

    def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """Return rows of the database as another program would read them."""
        return stored.rows(self.database, query, *values)

    def all_rows(self, queries: Iterable[str], *values: object) -> dict[str, list[str]]:
        """Return the rows of each query in the order of their words, as rows above does."""
        with stored.opened(self.database) as db:
            return {one: sorted(map(str, db.execute(one, values).fetchall())) for one in queries}

    def _is_dm(self, message: Message, user: str) -> bool:
        channel = self.slack.channels.get(message.channel)
        return bool(
            channel
            and channel.is_im
            and user in channel.members
            and self.slack.bot_user_id == message.user
        )


@cache
def _empty_database() -> bytes:
    """Return a database of this version: to make one takes longer than most stories."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "pollbot.db"
        file = SqliteFile(path)
        db = file.open()
        try:
            migrate(db)
        finally:
            db.close()
            file.close()
        return path.read_bytes()


def pings(house: House) -> list[str]:
    """Return what pollbot posted in channels that makes Slack notify somebody.

    docs.slack.dev, "Formatting message text": a mention notifies whoever is in the channel;
    in a message that is changed, or seen by one person, it notifies nobody.
    """
    posted = [
        {name: value for name, value in call.args.items() if name != "channel"}
        for call in house.slack.calls
        if call.method == "chat.postMessage" and call.args.get("channel") in house.slack.channels
    ]
    posted += [
        post.body
        for post in house.slack.hook_posts
        if post.body.get("response_type") == "in_channel" and not post.body.get("replace_original")
    ]
    texts = [json.dumps(one, ensure_ascii=False) for one in posted]
    return [text for text in texts if re.search(r'<[@!](?!date)|"type":\s*\\*"user', text)]


def buttons(message: Message) -> dict[str, str]:
    """Return the message's buttons: text by action id."""
    return {
        element["action_id"]: element["text"]["text"]
        for block in message.blocks
        if block["type"] == "actions"
        for element in block["elements"]
        if element["type"] == "button"
    }


def shown(message: Message) -> str:
    """Return all text of the message's blocks."""
    return "\n".join(re.findall(r"'text': '((?:[^'\\]|\\.)*)'", str(message.blocks)))


def letters(house: House, user: str) -> list[str]:
    """Return what pollbot wrote to the user by itself, without answers given in channels."""
    return [
        m.text
        for m in house.slack.messages
        if house.slack.channels[m.channel].is_im
        and user in house.slack.channels[m.channel].members
        and m.user == house.slack.bot_user_id
        and m.ephemeral_for is None
    ]


async def rest(house: House, pollbot: Pollbot) -> None:
    """Wait until pollbot has done all that is due by now, so that nothing more is to come."""
    await house.slack.until(lambda: pollbot.at_rest, timeout=10, what="a pollbot at rest")


async def settled(house: House, pollbot: Pollbot) -> None:
    """Wait until nothing more comes of what happened, such as a card that is drawn once more.

    The clock is moved to what is due within a while: on a busy machine that comes by itself.
    """
    for _ in range(10):
        await rest(house, pollbot)
        due, now = pollbot.next_due(looks=False), house.clock()
        if due is None or due > now + A_WHILE:
            return
        house.clock.ahead += max(due - now, 0.0) + 0.01


async def written(pollbot: Pollbot) -> None:
    """Wait until pollbot has on disk what it had in hand, and goes on from there.

    The health page writes, too, and its turn comes after all that waited before it.
    """
    async with httpx.AsyncClient() as http:
        for _ in range(5):
            await http.get(f"http://127.0.0.1:{pollbot.port}/healthz")


async def nothing_waits(house: House, pollbot: Pollbot) -> None:
    """See that no wish is left over: with time, nothing more is said, or sent to Jira."""
    # Whoever clicked and clicked is told of the last clicks once the run is over.
    for _ in range(2):
        await rest(house, pollbot)
        house.clock.ahead += 30
    await rest(house, pollbot)
    before = _said_and_sent(house)
    house.clock.ahead += 3600
    await rest(house, pollbot)
    assert _said_and_sent(house) == before


def _said_and_sent(house: House) -> list[str]:
    said = [m.text for m in house.slack.messages if house.slack.channels[m.channel].is_im]
    said += [m.text for m in house.slack.messages if m.ephemeral_for]
    # A search is a POST, too, and only looks.
    wrote = [c for c in house.jira.calls if c.method != "GET" and "/search/" not in c.path]
    return said + [f"{c.method} {c.path}" for c in wrote]
