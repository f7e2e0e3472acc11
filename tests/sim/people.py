"""People around the program: what they ask for, and what they may rely on afterwards."""

import asyncio
import random
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from pollbot.jira.rules import Wish
from pollbot.sandbox.slack import Answer, Message, View
from pollbot.sandbox.slack.state import parts
from pollbot.schedules.form import SCHEDULE_CHANGED, SCHEDULE_FORM
from pollbot.slack.clicks import PauseClick, ResumeClick, RunNowClick, VoteClick, WithdrawClick
from tests.sim.deeds import Deed, Deeds
from tests.sim.world import ISSUES, PEOPLE, PLANNING, Workspace, issue_of

PLANNER = "U0ADA"
OPPOSITE = {Wish.VOTE: Wish.WITHDRAW, Wish.WITHDRAW: Wish.VOTE}
ZONE = "Europe/Berlin"
SOON, LATER = ("08:37", "08:38"), ("06:00",)
"""When a schedule posts: in the storm or once all is calm, in any order; and on the next day."""

_GAP = 5.0
"""Seconds between two deeds of one person, on average."""
_RUN_GAP, _AGAIN = 8.0, 0.5
"""Seconds between two runs of schedules by hand, on average; and how many of these are followed by
another one, whatever has become of the first."""
_POSTED, _NEXT = ":white_check_mark: Posted: ", re.compile(r"Next: [^.]+\.")


@dataclass(slots=True)
class Asked:
    """Something that a person asked for; ``acked_at`` is None as long as Slack saw no answer."""

    user: str
    issue: str
    sent_at: float
    acked_at: float | None = None


@dataclass(slots=True)
class Wished(Asked):
    """A vote or a withdrawal; ``is_pressed``: by a button, so that Slack tells when."""

    wish: Wish = Wish.VOTE
    is_pressed: bool = False


@dataclass(slots=True)
class Ran:
    """A press of *Run now*, and how it was answered.

    ``before`` and ``after``: when the list said that the schedule posts next.
    """

    sent_at: float
    before: str
    answer: Answer | None = None
    after: str = ""


@dataclass(slots=True)
class Planned(Asked):
    """A daily schedule, told apart from others by its time of the day.

    ``zone`` is the one that its form showed: UTC, where Slack did not tell the person's.
    ``touched_at`` is when it was first paused or resumed, or somebody tried to. ``runs`` are the
    presses of *Run now*.
    """

    at: str = ""
    zone: str = ""
    skips: bool = False
    touched_at: float | None = None
    runs: list[Ran] = field(default_factory=list)


@dataclass(slots=True)
class Asking:
    """All that was asked for, in order."""

    wishes: defaultdict[tuple[str, str], list[Wished]] = field(
        default_factory=lambda: defaultdict(list)
    )
    cards: list[Asked] = field(default_factory=list)
    plans: list[Planned] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Button:
    """A button about votes that somebody sees."""

    message: Message
    value: str
    wish: Wish
    issue: str


class Crowd:
    """Four people, each of whom does one thing after the other."""

    def __init__(self, place: Workspace) -> None:
        self.place = place
        self.asking = Asking()
        self._times = (*place.chance_of("times").sample(SOON, len(SOON)), *LATER)

    async def act(self, user: str, until: float) -> None:
        """Let the person do things by chance until that time."""
        place, chance = self.place, self.place.chance_of(user)
        while place.loop.time() < until:
            await asyncio.sleep(chance.expovariate(1 / _GAP))
            if user == PLANNER and chance.random() < 0.4:
                await self._plan(user, chance)
            elif chance.random() < 0.15 and not self._has_asked(user):
                await self.ask_for_card(user, chance.choice(ISSUES))
            elif chance.random() < 0.1:
                await self.press_twice(user, chance)
            else:
                await self.vote(user, chance)

    async def ask_for_card(self, user: str, issue: str) -> Asked:
        """Run /votes."""
        asked = Asked(user, issue, self.place.loop.time())
        self.asking.cards.append(asked)
        key = self.place.keys(issue)[-1]
        self._heard(asked, "/votes", await self._command(user, "/votes", key))
        return asked

    async def vote(self, user: str, chance: random.Random) -> Wished:
        """Vote or withdraw, by command, on a card, or on the receipt of an earlier vote."""
        wish, issue = chance.choice(list(Wish)), chance.choice(ISSUES)
        last, fickle = self._last_wish(user), self.place.mood.fickle
        buttons = [one for one in self._buttons(user) if one.wish is wish]
        if last is not None and fickle and chance.random() < fickle:
            issue, wish = last.issue, OPPOSITE[last.wish]
            buttons = [one for one in self._buttons(user) if (one.issue, one.wish) == (issue, wish)]
        if buttons and chance.random() < 0.6:
            button = chance.choice(buttons)
            return await self._press(user, button)
        return await self.say(user, wish, chance.choice(self.place.keys(issue)))

    async def say(self, user: str, wish: Wish, key: str) -> Wished:
        """Vote or withdraw by command, under that key."""
        asked = self._wishes(user, issue_of(key), wish)
        command = "/vote" if wish is Wish.VOTE else "/unvote"
        self._heard(asked, command, await self._command(user, command, key))
        return asked

    async def press_twice(self, user: str, chance: random.Random) -> None:
        """Press a button, and once more before it can have been answered."""
        buttons = list(self._buttons(user))
        if buttons:
            button = chance.choice(buttons)
            await asyncio.gather(self._press(user, button), self._press(user, button))

    async def _press(self, user: str, button: Button) -> Wished:
        asked = self._wishes(user, button.issue, button.wish)
        asked.is_pressed = True
        answer = await self.place.slack.press(
            user, button.message.id, button.wish.value, value=button.value
        )
        self._heard(asked, f"presses {button.wish} on {button.message.id}", answer)
        return asked

    def _wishes(self, user: str, issue: str, wish: Wish) -> Wished:
        asked = Wished(user, issue, self.place.loop.time(), wish=wish)
        self.asking.wishes[user, issue].append(asked)
        return asked

    async def _command(self, user: str, command: str, text: str) -> Answer:
        return await self.place.slack.command(user, PLANNING, command, text)

    def _heard(self, asked: Asked, what: str, answer: Answer) -> None:
        if self.place.is_kept(answer):
            asked.acked_at = self.place.loop.time()
        outcome = answer.error or answer.body[:60] or "acknowledged"
        self.place.note(PEOPLE[asked.user], f"{what} {asked.issue}", outcome)

    def _last_wish(self, user: str) -> Wished | None:
        """Return what the person asked for last; None if that was nothing yet."""
        mine = [wishes[-1] for (who, _), wishes in self.asking.wishes.items() if who == user]
        return max(mine, key=lambda wished: wished.sent_at, default=None)

    def _has_asked(self, user: str) -> bool:
        return any(asked.user == user for asked in self.asking.cards)

    def _buttons(self, user: str) -> Iterator[Button]:
        """Yield the buttons about votes that this person sees."""
        for message in self.place.slack.visible_to(user, PLANNING)[-12:]:
            for _, element in parts(message.blocks):
                for kind, wish in ((VoteClick, Wish.VOTE), (WithdrawClick, Wish.WITHDRAW)):
                    if element["action_id"] == kind.action_id:
                        click = kind.unpack(element)
                        yield Button(message, element["value"], wish, issue_of(click.issue))

    # Schedules

    async def _plan(self, user: str, chance: random.Random) -> None:
        made = self.asking.plans
        if len(made) == len(self._times) or (made and chance.random() < 0.3):
            await self._pause_or_resume(user, chance)
            return
        cards = [
            message
            for message in self.place.slack.visible_to(user, PLANNING)
            if any(element["action_id"] == "schedule_issue" for _, element in parts(message.blocks))
        ]
        if not cards:
            return
        await self.place.slack.press(user, chance.choice(cards).id, "schedule_issue")
        view = await self._form(user)
        if view is not None:
            await self._save(user, view, chance)

    async def _form(self, user: str) -> View | None:
        """Return the form once it is open; None if it does not come."""
        for _ in range(40):
            for view in self.place.slack.stack_of(user):
                if view.view.get("callback_id") == SCHEDULE_FORM:
                    return view
            await asyncio.sleep(0.1)
        return None

    async def _save(self, user: str, view: View, chance: random.Random) -> None:
        at, skips = self._times[len(self.asking.plans)], chance.random() < 0.3
        zone = ZONE if ZONE in str(view.view) else "UTC"
        planned = Planned(user, "", self.place.loop.time(), at=at, zone=zone, skips=skips)
        self.asking.plans.append(planned)
        values: dict[str, Any] = {
            "every": {SCHEDULE_CHANGED: "daily"},
            "at": {SCHEDULE_CHANGED: at},
            "channel": {"value": PLANNING},
            "missed": {"value": "skip" if skips else "late"},
        }
        for _ in range(3):
            answer = await self.place.slack.submit(user, view.id, values)
            said = str(answer.json)
            if "Saved" in said:
                planned.acked_at = self.place.loop.time()
            outcome = "saved" if "Saved" in said else answer.error or said[:60]
            self.place.note(PEOPLE[user], f"schedules {at}", outcome)
            if answer.error is None:
                break
        for left in reversed(self.place.slack.stack_of(user)):
            await self.place.slack.close(user, left.id)

    async def _pause_or_resume(self, user: str, chance: random.Random) -> None:
        ways = await self._ways(user, PauseClick.action_id, ResumeClick.action_id)
        if not ways:
            return
        words, message, button = chance.choice(ways)
        for planned in self.asking.plans:
            if planned.at in words:
                planned.touched_at = planned.touched_at or self.place.loop.time()
        answer = await self.place.slack.press(
            user, message.id, button["action_id"], value=button["value"]
        )
        outcome = answer.error or "acknowledged"
        self.place.note(PEOPLE[user], f"presses {button['action_id']}", outcome)

    async def run_plans(self, user: str, until: float) -> None:
        """Let the person run schedules by hand until that time, some of them twice."""
        place, chance = self.place, self.place.chance_of(f"run now {user}")
        while (pause := chance.expovariate(1 / _RUN_GAP)) < until - place.loop.time():
            await asyncio.sleep(pause)
            ways = await self._runs(user) if self.asking.plans else []
            if not ways:
                continue
            way = chance.choice(ways)
            await self._run(user, *way)
            if chance.random() < _AGAIN:
                await asyncio.sleep(chance.uniform(0.0, 3.0))
                await self._run(user, *way)

    async def run_twice(self, user: str) -> list[Ran]:
        """Press *Run now* of the last schedule in the list twice at once, and look there again.

        Where there is none, it is nothing.
        """
        ways = await self._runs(user) if self.asking.plans else []
        if not ways:
            return []
        presses = (self._run(user, *ways[-1]) for _ in range(2))
        runs = [*await asyncio.gather(*presses)]
        for planned, after, *_ in await self._runs(user):
            if planned is ways[-1][0]:
                for ran in runs:
                    ran.after = after
        return runs

    async def _runs(self, user: str) -> list[tuple[Planned, str, Message, dict[str, Any]]]:
        """Return what runs the person's schedules, as their list has it, with their next times."""
        return [
            (planned, "".join(_NEXT.findall(words)), message, button)
            for words, message, button in await self._ways(user, RunNowClick.action_id)
            for planned in self.asking.plans
            if f"<#{PLANNING}>" in words and f"at {planned.at} " in words
        ]

    async def _run(
        self, user: str, planned: Planned, before: str, message: Message, button: dict[str, Any]
    ) -> Ran:
        ran = Ran(self.place.loop.time(), before)
        planned.runs.append(ran)
        ran.answer = await self.place.slack.press(
            user, message.id, button["action_id"], value=button["value"]
        )
        outcome = ran.answer.error or "acknowledged"
        self.place.note(PEOPLE[user], f"runs {planned.at} now", outcome)
        return ran

    async def _ways(self, user: str, *names: str) -> list[tuple[str, Message, dict[str, Any]]]:
        """Return the buttons of these names in the newest list of schedules that has any.

        Each comes with the words that stand above it.
        """
        await self._command(user, "/pollbot", "schedules")
        for message in reversed(self.place.slack.visible_to(user, PLANNING)):
            found = [
                (str(above), message, element)
                for above, block in pairwise(message.blocks)
                for _, element in parts([block])
                if element["action_id"] in names
            ]
            if found and message.ephemeral_for == user:
                return found
        return []


def that_it_posted(place: Workspace, ran: Ran) -> str:
    """Return what whoever pressed *Run now* was told once the post is there; empty before."""
    if ran.answer is None or ran.answer.error is not None:
        return ""
    return next((text for text in place.said_beside(ran.answer) if _POSTED in text), "")


def last_words(wishes: list[Wished], *, comes_late: bool) -> set[str]:
    """Return what Jira may say: the newest acknowledged wish, or one that nobody heard of.

    Those of which nobody heard come after that one, or late.
    """
    done = [Deed(one.wish, one.sent_at, one.acked_at, is_dated=one.is_pressed) for one in wishes]
    return Deeds(Wish.WITHDRAW, comes_late, done).last
