"""People who answer polls, and what they may rely on afterwards."""

import asyncio
import random
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field

from pollbot.sandbox.slack import Answer, Message
from pollbot.sandbox.slack.state import parts
from pollbot.slack.clicks import AnswerClick
from tests.sim.windows import Windows
from tests.sim.world import GUESTS, ISSUES, PEOPLE, PLANNING, Workspace
from tests.support.thief import Copy, database_in

EDITED = "Curry"
"""What the first option of the named poll says after an edit."""
PLACES = 1
"""How many may choose each option of the poll with places."""

_GAP = 5.0
_TRIES = 5
_UNTIL_THE_NEXT = 6.0
"""Seconds between two polls on issues, on average."""
_PATIENT = 0.9
"""How likely people wait a moment more for Jira to be away."""


@dataclass(slots=True)
class Chosen:
    """An answer that somebody gave; ``acked_at`` is None as long as Slack saw no answer.

    ``option`` is its place, since its text may be edited.
    """

    option: int
    sent_at: float
    acked_at: float | None = None


@dataclass(slots=True)
class Asked:
    """A poll, and all answers that its people gave, in order.

    ``closing_at`` is when somebody first tried to close it; ``before`` is the database of then.
    ``editing_at`` is when its owner first sent an edit, and ``edited_at`` when that was heard.
    """

    owner: str
    title: str
    words: str
    options: tuple[str, ...]
    people: tuple[str, ...]
    answers: defaultdict[str, list[Chosen]] = field(default_factory=lambda: defaultdict(list))
    closing_at: float | None = None
    before: Copy = field(default_factory=dict)
    editing_at: float | None = None
    edited_at: float | None = None


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


class Answering:
    """People who answer polls by their cards, and others who make more of them meanwhile."""

    def __init__(self, place: Workspace, asked: tuple[Asked, ...]) -> None:
        self._place, self.asked = place, asked
        self._windows = Windows(place)
        self.on_issues: list[OnIssue] = []

    async def ask(self) -> None:
        """Make the polls, while nothing fails, and wait for their cards."""
        for poll in self.asked:
            options = " ".join(f'"{option}"' for option in poll.options)
            await self._place.slack.command(
                poll.owner, PLANNING, "/poll", f'{poll.words} "{poll.title}" {options}'
            )
        while not all(self.cards(poll) for poll in self.asked):
            await asyncio.sleep(0.1)

    async def answer(self, user: str, until: float) -> None:
        """Let the person answer, and answer otherwise, by chance until that time."""
        place, chance = self._place, self._place.chance_of(user)
        (poll,) = (poll for poll in self.asked if user in poll.people)
        while (pause := chance.expovariate(1 / _GAP)) < until - place.loop.time():
            await asyncio.sleep(pause)
            await self.choose(user, poll, chance)

    async def make_more(
        self, until: float, where: Callable[[random.Random], str], is_away: Callable[[], bool]
    ) -> None:
        """Have people make polls there until that time, mostly while they cannot be made."""
        place, chance = self._place, self._place.chance_of("more polls")
        while place.loop.time() < until:
            await asyncio.sleep(chance.expovariate(1 / _UNTIL_THE_NEXT))
            while not is_away() and chance.random() < _PATIENT:
                await asyncio.sleep(0.2)
            title = f"Question {len(self.on_issues) + 1} of many?"
            one = OnIssue(title, chance.choice(sorted(PEOPLE)), place.loop.time())
            self.on_issues.append(one)
            words = f'{where(chance)} "{title}" "Yes" "No"'
            answer = await place.slack.command(one.user, PLANNING, "/poll", words)
            one.waits = "is saved" in answer.body
            if one.waits or place.is_kept(answer):
                one.acked_at = place.loop.time()
            said = answer.error or answer.body[:60] or "acknowledged"
            place.note(PEOPLE[one.user], f"/poll {words}", said)

    async def close(self, poll: Asked, until: float) -> None:
        """Have the owner close the poll at some time before that, as far as anybody hears them."""
        chance = self._place.chance_of(f"close {poll.title}")
        await asyncio.sleep(chance.uniform(0.5, 1.0) * (until - self._place.loop.time()))
        for _ in range(_TRIES):
            if self._place.loop.time() < until and await self.close_now(poll):
                return

    async def close_now(self, poll: Asked) -> bool:
        """Press *Close*; return whether the owner was heard."""
        view = await self._windows.more(poll.owner, self.cards(poll)[-1])
        if view is None:
            return False
        if poll.closing_at is None:
            poll.closing_at = self._place.loop.time()
            poll.before = database_in(self._place.folder)
        answer = await self._place.slack.view_action(poll.owner, view.id, "close_poll")
        self._place.note(poll.owner, f"closes {poll.title}", answer.error or "acknowledged")
        return answer.error is None

    def cards(self, poll: Asked | OnIssue) -> list[Message]:
        """Return the messages in which the poll hangs in the channel."""
        return [
            message
            for message in self._place.slack.messages
            if message.ephemeral_for is None
            and poll.title in str(message.blocks)
            and any(element["action_id"] == "more" for _, element in parts(message.blocks))
        ]

    async def choose(self, user: str, poll: Asked, chance: random.Random) -> None:
        """Press one of the options, if the person sees any."""
        buttons = [
            (card.id, element)
            for card in self.cards(poll)
            for _, element in parts(card.blocks)
            if AnswerClick.pattern().match(element["action_id"])
        ]
        if not buttons:
            return
        card, button = chance.choice(buttons)
        option = int(AnswerClick.unpack(button).option) - 1
        chosen = Chosen(option, self._place.loop.time())
        poll.answers[user].append(chosen)
        heard = await self._place.slack.press(
            user, card, button["action_id"], value=button["value"]
        )
        self._heard(user, poll, chosen, heard)

    def _heard(self, user: str, poll: Asked, chosen: Chosen, answer: Answer) -> None:
        if self._place.is_kept(answer):
            chosen.acked_at = self._place.loop.time()
        said = answer.error or answer.body[:60] or "acknowledged"
        self._place.note(user, f"chooses {poll.options[chosen.option]} in {poll.title}", said)


class Polls(Answering):
    """Three polls, one anonymous and one with few places, who answers them, and polls on issues."""

    def __init__(self, place: Workspace) -> None:
        guests = tuple(GUESTS)
        self.anonymous = Asked("U0CLEO", "Leaving?", "anonymous", ("Stay", "Go"), guests[:7])
        self.named = Asked("U0BEN", "Lunch?", "", ("Pizza", "Soup"), guests[7:10])
        self.seats = Asked("U0DAN", "Seats?", f"places {PLACES}", ("Front", "Back"), guests[10:])
        super().__init__(place, (self.anonymous, self.named, self.seats))

    async def ask_on_issues(self, until: float) -> None:
        """Have people make polls on issues until that time, mostly while Jira is away."""
        place = self._place

        def where(chance: random.Random) -> str:
            return f"{chance.choice(place.keys(chance.choice(ISSUES)))} local"

        await self.make_more(until, where, lambda: place.jira.faults.mode != "up")

    async def edit(self, poll: Asked, until: float) -> None:
        """Have the owner edit the first option at some time before that."""
        chance = self._place.chance_of(f"edit {poll.title}")
        await asyncio.sleep(chance.uniform(0.7, 1.0) * (until - self._place.loop.time()))
        for _ in range(_TRIES):
            if poll.edited_at is None and self._place.loop.time() < until:
                await self._edit_now(poll)

    async def _edit_now(self, poll: Asked) -> None:
        slack, owner = self._place.slack, poll.owner
        view = await self._windows.more(poll.owner, self.cards(poll)[-1])
        if view is None:
            return
        await slack.view_action(owner, view.id, "edit_poll")
        form = await self._windows.opened(owner, "edit_poll")
        if form is None:
            return
        if poll.editing_at is None:
            poll.editing_at = self._place.loop.time()
        answer = await slack.submit(owner, form.id, {"option:=1": {"value": EDITED}})
        if answer.error is None and answer.body == "":
            poll.edited_at = self._place.loop.time()
        said = answer.error or answer.body[:60] or "acknowledged"
        self._place.note(owner, f"edits {poll.title}", said)
