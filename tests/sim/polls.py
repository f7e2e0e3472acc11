"""People who answer polls, and what they may rely on afterwards."""

import asyncio
import random
from collections import defaultdict
from dataclasses import dataclass, field

from pollbot.blocks.clicks import AnswerClick
from pollbot.sandbox.slack import Answer, Message, View
from pollbot.sandbox.slack_state import parts
from tests.sim.world import ISSUES, PEOPLE, PLANNING, World
from tests.thief import Copy, database_in

OWNER = "U0ADA"
GUESTS = {f"U0GUEST{letter}": f"Guest {letter}" for letter in "ABCDEFGHIJ"}
"""People who do nothing but answer polls."""

_GAP = 5.0
_TRIES = 5
_UNTIL_THE_NEXT = 6.0
"""Seconds between two polls on issues, on average."""
_PATIENT = 0.9
"""How likely people wait a moment more for Jira to be away."""


@dataclass(slots=True)
class Chosen:
    """An answer that somebody gave; ``acked_at`` is None as long as Slack saw no answer."""

    option: str
    sent_at: float
    acked_at: float | None = None


@dataclass(slots=True)
class Asked:
    """A poll, and all answers that its people gave, in order.

    ``closing_at`` is when somebody first tried to close it; ``before`` is the database of then.
    """

    title: str
    words: str
    options: tuple[str, ...]
    people: tuple[str, ...]
    answers: defaultdict[str, list[Chosen]] = field(default_factory=lambda: defaultdict(list))
    closing_at: float | None = None
    before: Copy = field(default_factory=dict)


@dataclass(slots=True)
class OnIssue:
    """A poll that somebody asked for in the storm, so that Jira is asked first.

    ``acked_at`` is None as long as Slack saw no answer; ``waits``: the answer was that it is kept.
    """

    title: str
    user: str
    sent_at: float
    acked_at: float | None = None
    waits: bool = False


class Polls:
    """Two polls of one person, an anonymous one and another, and those who answer them."""

    def __init__(self, world: World) -> None:
        guests = tuple(GUESTS)
        self._world = world
        self.anonymous = Asked("Leaving?", "anonymous", ("Stay", "Go"), guests[:7])
        self.named = Asked("Lunch?", "", ("Pizza", "Soup"), guests[7:])
        self.asked = (self.anonymous, self.named)
        self.on_issues: list[OnIssue] = []

    async def ask(self) -> None:
        """Make the polls, while nothing fails, and wait for their cards."""
        for poll in self.asked:
            options = " ".join(f'"{option}"' for option in poll.options)
            await self._world.slack.command(
                OWNER, PLANNING, "/poll", f'{poll.words} "{poll.title}" {options}'
            )
        while not all(self.cards(poll) for poll in self.asked):
            await asyncio.sleep(0.1)

    async def answer(self, user: str, until: float) -> None:
        """Let the person answer, and answer otherwise, by chance until that time."""
        world, chance = self._world, self._world.chance_of(user)
        (poll,) = (poll for poll in self.asked if user in poll.people)
        while world.loop.time() < until:
            await asyncio.sleep(chance.expovariate(1 / _GAP))
            await self._choose(user, poll, chance)

    async def ask_on_issues(self, until: float) -> None:
        """Have people make polls on issues until that time, mostly while Jira is away."""
        world, chance = self._world, self._world.chance_of("polls on issues")
        while world.loop.time() < until:
            await asyncio.sleep(chance.expovariate(1 / _UNTIL_THE_NEXT))
            while world.jira.faults.mode == "up" and chance.random() < _PATIENT:
                await asyncio.sleep(0.2)
            title = f"Question {len(self.on_issues) + 1} of many?"
            one = OnIssue(title, chance.choice(sorted(PEOPLE)), world.loop.time())
            self.on_issues.append(one)
            words = f'{chance.choice(ISSUES)} local "{title}" "Yes" "No"'
            answer = await world.slack.command(one.user, PLANNING, "/poll", words)
            one.waits = "is saved" in answer.body
            if answer.error is None and (one.waits or answer.body == ""):
                one.acked_at = world.loop.time()
            said = answer.error or answer.body[:60] or "acknowledged"
            world.note(PEOPLE[one.user], f"/poll {words}", said)

    async def close(self, poll: Asked, until: float) -> None:
        """Have the owner close the poll at some time before that, as far as anybody hears them."""
        chance = self._world.chance_of(f"close {poll.title}")
        await asyncio.sleep(chance.uniform(0.5, 1.0) * (until - self._world.loop.time()))
        for _ in range(_TRIES):
            if self._world.loop.time() < until and await self.close_now(poll):
                return

    async def close_now(self, poll: Asked) -> bool:
        """Press *Close*; return whether the owner was heard."""
        slack = self._world.slack
        card = self.cards(poll)[-1]
        await slack.press(OWNER, card.id, "more")
        view = await self._window()
        if view is None:
            return False
        if poll.closing_at is None:
            poll.closing_at = self._world.loop.time()
            poll.before = database_in(self._world.folder)
        answer = await slack.view_action(OWNER, view.id, "close_poll")
        self._world.note("Ada", f"closes {poll.title}", answer.error or "acknowledged")
        for open_ in reversed(slack.stack_of(OWNER)):
            await slack.close(OWNER, open_.id)
        return answer.error is None

    def cards(self, poll: Asked | OnIssue) -> list[Message]:
        """Return the messages in which the poll hangs in the channel."""
        return [
            message
            for message in self._world.slack.messages
            if message.ephemeral_for is None
            and poll.title in str(message.blocks)
            and any(element["action_id"] == "more" for _, element in parts(message.blocks))
        ]

    async def _choose(self, user: str, poll: Asked, chance: random.Random) -> None:
        buttons = [
            (card.id, element)
            for card in self.cards(poll)
            for _, element in parts(card.blocks)
            if AnswerClick.pattern().match(element["action_id"])
        ]
        if not buttons:
            return
        card, button = chance.choice(buttons)
        chosen = Chosen(button["text"]["text"], self._world.loop.time())
        poll.answers[user].append(chosen)
        heard = await self._world.slack.press(
            user, card, button["action_id"], value=button["value"]
        )
        self._heard(user, poll, chosen, heard)

    def _heard(self, user: str, poll: Asked, chosen: Chosen, answer: Answer) -> None:
        if answer.error is None and answer.body == "":
            chosen.acked_at = self._world.loop.time()
        said = answer.error or answer.body[:60] or "acknowledged"
        self._world.note(user, f"chooses {chosen.option} in {poll.title}", said)

    async def _window(self) -> View | None:
        """Return the owner's window about the poll once it is open; None if it does not come."""
        for _ in range(40):
            for view in self._world.slack.stack_of(OWNER):
                if view.view.get("callback_id") == "poll_more":
                    return view
            await asyncio.sleep(0.1)
        return None
