"""People who vote, withdraw, answer and make polls, on and on, and press again after an error."""

import asyncio
import json
import random
import time
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass, field

from pollbot.jira.client import basic
from pollbot.sandbox.slack import Answer, Message
from pollbot.sandbox.team_voice import TeamVoiceStandIn
from pollbot.store.vault import Vault
from pollbot.store.writer import Connection
from tests.support.cluster import KEY
from tests.support.house import ADA, PLANNING, House
from tests.support.ledger import (
    Deed,
    Found,
    Ledger,
    Told,
    account_of,
    answered,
    cards,
    ticked,
    voted,
)
from tests.support.polls import action, close, poll
from tests.support.schedules import schedule

POSTS, POLLS = "C0POSTS", "C0POLLS"
OTHERS = 5
"""Votes on each issue of people who are not here."""
NAMED, ANONYMOUS, SEVERAL = "Lunch?", "Mood?", "Days?"
OPTIONS = {
    NAMED: ("Pizza", "Soup", "Salad"),
    ANONYMOUS: ("Good", "Bad", "Ugly"),
    SEVERAL: ("Monday", "Tuesday", "Wednesday"),
}
_MOST_TRIES = 20
_MOST_CARDS = 2
"""A card whose post lost its answer is posted once more: a poll without one would be nowhere."""


@dataclass
class Crowd:
    """So many people, what they do it with, and what they were told."""

    house: House
    voice: TeamVoiceStandIn
    people: list[str]
    issues: list[str]
    posts: list[str]
    chance: random.Random
    pause: float
    """Seconds from one deed of somebody to the next, on average."""
    ledger: Ledger = field(init=False)
    acknowledged: int = 0
    """How much of what they did was; what nobody was there for is not."""
    hanging: dict[str, Message] = field(default_factory=dict)
    titles: list[str] = field(default_factory=list)
    _over: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.ledger = Ledger(self.house)

    async def arrive(self, opened: Callable[[], Connection], posts_within: float) -> None:
        """Hang the cards, connect everybody, and have posts fall due within so many seconds."""
        house = self.house
        house.slack.add_channel(POSTS, "posts")
        house.slack.add_channel(POLLS, "polls")
        await house.connect(ADA)
        for key in self.issues:
            house.jira.add_issue(key, "to be voted on", other_votes=OTHERS)
            await house.slack.command(ADA, PLANNING, "/votes", key)
            self.hanging[key] = await house.card(f"{key}: ")
        for question, words in ((NAMED, ""), (ANONYMOUS, " anonymous"), (SEVERAL, " multi")):
            options = " ".join(f'"{option}"' for option in OPTIONS[question])
            self.hanging[question] = await poll(house, f'"{question}" {options}{words}')
        house.jira.add_issue("PLAT-13", "to be posted")
        await house.slack.command(ADA, POSTS, "/votes", "PLAT-13")
        card = await house.card("PLAT-13", channel=POSTS)
        await schedule(house, card, every="daily", at="09:00")
        await asyncio.to_thread(self._connect_all, opened, posts_within)

    async def go_on(self) -> None:
        """Do one thing after the other until it is over."""
        await asyncio.gather(*map(self._live, self.people))

    def end(self) -> None:
        """Have everybody stop after what they do now."""
        self._over.set()

    async def press_again(self) -> None:
        """Let everybody do again what they were not told to be kept, until it is."""
        for _ in range(_MOST_TRIES):
            again = [deed for deed in self.ledger.unfinished() if self._may_be_repeated(deed)]
            if not again:
                return
            await asyncio.gather(
                *(self._press(deed.user, deed.thing, deed.wanted) for deed in again)
            )
        raise AssertionError(f"{_MOST_TRIES} times was not kept: {again[:3]}")

    def wrong(self, *, closed: bool) -> Found:
        """Return what is not as people were told; of an anonymous poll once it is closed."""
        house, found = self.house, Found()
        for key in self.issues:
            voted(house, self.ledger, key, OTHERS, found)
        answered(house, self.ledger, NAMED, OPTIONS[NAMED], found)
        ticked(house, self.ledger, SEVERAL, OPTIONS[SEVERAL], found)
        if closed:
            answered(house, self.ledger, ANONYMOUS, OPTIONS[ANONYMOUS], found)
        for title in self.titles:
            self._made(title, found)
        return found

    async def all_right(self, seconds: float, *, closed: bool) -> None:
        """Return once nothing is wrong any more; AssertionError after so many seconds."""
        try:
            await self.house.slack.until(lambda: not self.wrong(closed=closed), seconds)
        except AssertionError:
            raise AssertionError(f"after {seconds} s: {self.wrong(closed=closed)}") from None

    async def close_polls(self) -> None:
        """Close the anonymous poll, which shows its exact counts then."""
        await close(self.house, ADA, self.hanging[ANONYMOUS])

    def hang_twice(self) -> int:
        """Return how many polls' cards were posted once more after a lost answer."""
        return sum(
            sum(" asks" in card.text for card in cards(self.house, title)) > 1
            for title in self.titles
        )

    def posted(self, key: str) -> int:
        """Return how often what is scheduled about an issue was posted."""
        return sum(m.channel == POSTS and f"{key}: " in m.text for m in self.house.slack.messages)

    def silent(self) -> list[str]:
        """Return what was scheduled, and neither posted nor told of.

        A word of which Slack's answer was lost may be there; it leaves once more, and no oftener.
        """
        left = str(
            [
                call.args
                for call in self.house.slack.calls
                if call.method == "chat.postMessage" and call.args.get("channel") == ADA
            ]
        )
        return [key for key in self.posts if not self.posted(key) and key not in left]

    def told_of(self, *parts: str) -> str:
        """Return all that Ada was told with one of these in it."""
        return "\n".join(
            f"{m.text} {json.dumps(m.blocks)}"
            for m in self.house.slack.messages
            if any(part in m.text for part in parts)
        )

    def _made(self, title: str, found: Found) -> None:
        """Compare what hangs of a poll, and is in Team Voice, with what its maker was told."""
        [deed] = self.ledger.deeds[ADA, title]
        told = self.ledger.told(deed)
        hang = sum(" asks" in card.text for card in cards(self.house, title))
        given_back = title in self.told_of("was not made", "may have been", "may hang there")
        if told is Told.KEPT and not hang and not given_back:
            said = [m.text for m in self.house.slack.messages if title in f"{m.text} {m.blocks}"]
            found.lost.append(f"{title} has no card: {deed.answer}, but was told {said}")
        if hang > _MOST_CARDS:
            found.doubled.append(f"{title} hangs {hang} times: {deed.answer}")
        there = sum(one.title == title for one in self.voice.polls.values())
        if there > 1 or (hang and there != self._is_elsewhere(title)):
            found.doubled.append(f"{title} is {there} times in Team Voice: {deed.answer}")

    async def _live(self, user: str) -> None:
        ticks = [(SEVERAL, option) for option in OPTIONS[SEVERAL]]
        self.chance.shuffle(ticks)
        while not self._over.is_set():
            what = self.chance.random()
            if what < 0.45:
                key = self.chance.choice(self.issues)
                await self._press(user, key, self.chance.choice(["vote", "withdraw"]))
            elif what < 0.85:
                question = self.chance.choice([NAMED, ANONYMOUS])
                await self._press(user, question, self.chance.choice(OPTIONS[question]))
            elif what < 0.97:
                if ticks:
                    await self._press(user, *ticks.pop())
            elif len(self.titles) < len(self.people):
                await self._make_poll()
            with suppress(TimeoutError):
                async with asyncio.timeout(self.chance.uniform(0.5, 1.5) * self.pause):
                    await self._over.wait()

    async def _press(self, user: str, on: str, what: str) -> None:
        """Press what stands on a button of a card, or its name where that is an issue's."""
        thing = f"{on} {what}" if on == SEVERAL else on
        deed = self.ledger.note(Deed(user, thing, what))
        card = self.hanging[on]
        button = what if on in self.issues else action(card, what)
        body = self.house.slack.click_body(user, card.id, button)
        deed.url = body["response_url"]
        self._answered(deed, await self.house.slack.deliver(body, kind="interactive"))

    async def _make_poll(self) -> None:
        title = f"Question {len(self.titles) + 1:03}?"
        self.titles.append(title)
        await self._ask_for(title)

    async def _ask_for(self, title: str) -> None:
        """Ask for a poll: on an issue it is one of Team Voice's."""
        deed = self.ledger.note(Deed(ADA, title, "made"))
        on = "PLAT-13 " if self._is_elsewhere(title) else ""
        words = f'{on}"{title}" "A" "B"'
        self._answered(deed, await self.house.slack.command(ADA, POLLS, "/poll", words))

    def _answered(self, deed: Deed, answer: Answer) -> None:
        deed.answer = answer
        self.acknowledged += answer.error is None

    def _is_elsewhere(self, title: str) -> bool:
        return self.titles.index(title) % 2 == 1

    def _may_be_repeated(self, deed: Deed) -> bool:
        """Return whether to press again means the same; a tick would be taken back by it."""
        return deed.thing in self.hanging

    def _connect_all(self, opened: Callable[[], Connection], posts_within: float) -> None:
        """Let people come who are connected already, and copy what is to be posted.

        By forms each of them takes a while, and a post can be named only by the minute.
        """
        vault = Vault([KEY])
        with closing(opened()) as db:
            for user in self.people:
                email, name = f"{user.lower()}@example.com", user.title()
                self.house.slack.add_person(user, name)
                self.house.jira.add_person(account_of(user), name, email, token=user)
                db.execute(
                    "INSERT INTO accounts (team_id, user_id, site, account_id, display_name,"
                    " base_url, credential, connected_at) SELECT team_id, ?, site, ?, ?,"
                    " base_url, ?, connected_at FROM accounts WHERE user_id = ?",
                    (user, account_of(user), name, vault.seal(basic(email, user)), ADA),
                )
            now = time.time()
            for key in self.posts:
                self.house.jira.add_issue(key, "to be posted")
                db.execute(
                    "INSERT INTO schedules (id, team_id, site, owner, plan, made_at, next_at)"
                    " SELECT ?, team_id, site, owner, replace(plan, 'PLAT-13', ?), made_at, ?"
                    " FROM schedules WHERE id NOT LIKE 'of %'",
                    (f"of {key}", key, now + self.chance.uniform(0, posts_within)),
                )
