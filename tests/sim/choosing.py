"""A poll that asks for two options of its group's people, and what else people do about polls."""

import asyncio
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from pollbot.sandbox.slack import Answer, Message
from pollbot.sandbox.slack.state import parts
from pollbot.sandbox.slack.things import UserGroup
from pollbot.sandbox.slack.workflows import Run
from pollbot.slack.clicks import (
    AddOptionClick,
    AnswerClick,
    DeleteThresholdClick,
    PauseThresholdClick,
    ResumeThresholdClick,
)
from pollbot.slack.kit import actions, button
from tests.sim.deeds import Deed, Deeds
from tests.sim.polls import Answering, Asked
from tests.sim.windows import Windows
from tests.sim.world import (
    ADMIN,
    GUESTS,
    LEADS,
    PEOPLE,
    PLANNING,
    WATCHED,
    World,
)

MANY = 2
"""How many options an answer to the poll has."""
REACHED = 5
"""The votes at which a threshold tells of an issue."""
MORE = 20
"""The votes that the issue has once all is calm: more than if everybody here voted for it, too."""
OWNER, BARRED, RULER = "U0BEN", "U0DAN", "U0CLEO"
MANAGED, LEFT_ALONE = (3, 4, 15), MORE
"""The votes at which thresholds tell another channel; all but one are paused and deleted by whoever
has them, one of them before the storm, and somebody presses what is about that one, whose it is
not."""
GOES_ON, PAUSED, DELETED = "goes on", "is paused", "is deleted"
_RULES = {ResumeThresholdClick: GOES_ON, PauseThresholdClick: PAUSED, DeleteThresholdClick: DELETED}
_TO = {click.action_id: to for click, to in _RULES.items()}

_GAP, _SHORT_GAP = 3.0, 2.0
_DELETES = 0.15
_TRIES = 5
_LOOKS, _SOON = 5.0, 30.0
_UNTIL_LOOKED = 590.0
"""Seconds for which no life is up, after which a threshold is about to look again."""


@dataclass(slots=True)
class Pressed:
    """An option that somebody pressed; ``acked_at`` is None as long as Slack saw no answer."""

    option: str
    sent_at: float
    acked_at: float | None = None


@dataclass(slots=True)
class Said:
    """Something that somebody asked for by a form or a word; ``acked`` once they heard of it."""

    user: str
    text: str
    sent_at: float
    acked_at: float | None = None


@dataclass(slots=True)
class Threshold:
    """A threshold on the issue, by its votes, and what it was to do."""

    votes: int
    id: str
    stands: Deeds


class Choosing:
    """Who answers a poll of their group, who may not, and who does other things about polls."""

    def __init__(self, world: World) -> None:
        guests, place = tuple(GUESTS), world.places[0]
        self._world, self._place, self._windows = world, place, Windows(place)
        self.group, self.others, self.adders = guests[:4], guests[4:6], guests[6:8]
        words = f"min {MANY} max {MANY} addable for @devs"
        self.poll = Asked(OWNER, "Which days?", words, ("Mon", "Tue", "Wed"), self.group)
        self.polls = Answering(place, (self.poll,))
        self.pressed: dict[str, list[Pressed]] = {user: [] for user in self.group}
        self.added: list[Said] = []
        self.shared: list[Said] = []
        self.barred: list[Said] = []
        self.barred_at: float | None = None
        self.runs: list[tuple[Run, bool]] = []
        self.found: list[str] = []
        self.thresholds: list[Threshold] = []
        self.reached_at: dict[int, float] = {}

    async def begin(self) -> None:
        """Have somebody make the poll, and thresholds that are about to look once more."""
        slack = self._place.slack
        members = {*self.group, *self.adders}
        slack.groups["S0DEVS"] = UserGroup("S0DEVS", "devs", "Devs", members)
        await self.polls.ask()
        await self._tell(OWNER, REACHED, PLANNING)
        for votes in (*MANAGED, LEFT_ALONE):
            await self._tell(RULER, votes, LEADS)
        listed = await self._listed()
        for votes in (*MANAGED, LEFT_ALONE):
            pause = _ways(listed, votes)[PauseThresholdClick.action_id]
            stands = Deeds(GOES_ON, self._place.comes_late, for_good=DELETED)
            threshold = PauseThresholdClick.unpack(pause).threshold
            self.thresholds.append(Threshold(votes, threshold, stands))
        await self._press(self.thresholds[1], listed, PauseThresholdClick.action_id)
        clicks = [click(threshold=self.thresholds[-1].id) for click in _RULES]
        rows = [actions(*(button("-", one, nth=nth) for nth, one in enumerate(clicks)))]
        self._old = slack.post(PLANNING, slack.bot_user_id, "-", rows)
        await asyncio.sleep(_LOOKS)
        await self._world.is_away(_UNTIL_LOOKED)

    async def _tell(self, user: str, votes: int, channel: str) -> None:
        """Have somebody make a threshold."""
        await self._place.slack.command(user, PLANNING, "/pollbot", f"tell {votes} {WATCHED}")
        for _ in range(2):
            form = await self._windows.opened(user, "threshold")
            if form is not None:
                await self._place.slack.submit(user, form.id, {"channel": {"value": channel}})
        await self._windows.shut(user)

    async def look_again(self) -> None:
        """Let time pass until each threshold that goes on has looked once more."""
        await self._world.is_away(_UNTIL_LOOKED)
        await asyncio.sleep(_SOON)

    async def choose(self, user: str, until: float) -> None:
        """Let the person press options by chance until that time."""
        place, chance = self._place, self._place.chance_of(user)
        while (pause := chance.expovariate(1 / _GAP)) < until - place.loop.time():
            await asyncio.sleep(pause)
            card = self.card
            buttons = [
                element
                for _, element in parts(card.blocks)
                if AnswerClick.pattern().match(element["action_id"])
            ]
            button = chance.choice(buttons)
            one = Pressed(AnswerClick.unpack(button).option, place.loop.time())
            if user in self.pressed:
                self.pressed[user].append(one)
            answer = await place.slack.press(
                user, card.id, button["action_id"], value=button["value"]
            )
            if place.is_kept(answer):
                one.acked_at = place.loop.time()
            self._note(user, f"presses {one.option} of {self.poll.title}", answer)

    async def add(self, user: str, until: float) -> None:
        """Let the person add options to the poll."""
        place, chance = self._place, self._place.chance_of(user)
        while (pause := chance.expovariate(1 / 6.0)) < until - place.loop.time():
            await asyncio.sleep(pause)
            await self._windows.shut(user)
            await self._windows.press(user, self.card, AddOptionClick.action_id)
            form = await self._windows.opened(user, "add_option_form")
            if form is None:
                continue
            said = Said(user, f"{GUESTS[user]} {len(self.added)}", place.loop.time())
            self.added.append(said)
            answer = await place.slack.submit(user, form.id, {"new_option": {"value": said.text}})
            if answer.error is None and "is an option of" in answer.body:
                said.acked_at = place.loop.time()
            self._note(user, f"adds {said.text}", answer)

    async def run_steps(self, until: float) -> None:
        """Come to steps of workflows that make polls."""
        place, chance = self._place, self._place.chance_of("workflows")
        while (pause := chance.expovariate(1 / 6.0)) < until - place.loop.time():
            await asyncio.sleep(pause)
            title = f"Flow {len(self.runs)}?"
            inputs = {"channel": PLANNING, "question": title, "options": "Pizza\nSoup"}
            run, answer = await place.slack.workflows.run(ADMIN, "create_poll", inputs)
            self.runs.append((run, place.is_kept(answer)))
            self._note("a workflow", f"makes {title}", answer)

    async def vote_elsewhere(self, until: float) -> None:
        """Let others vote in Jira until an issue has as many votes as a threshold tells of."""
        chance = self._place.chance_of("votes elsewhere")
        await asyncio.sleep(chance.uniform(0.0, 0.5) * (until - self._place.loop.time()))
        self.count(REACHED)

    def count(self, votes: int) -> None:
        """Let the issue have so many votes of others in Jira from now on."""
        voters, now = self._place.jira.issues[WATCHED].voters, self._place.loop.time()
        self.reached_at = dict.fromkeys(range(1, votes + 1), now) | self.reached_at
        voters |= {f"acc-outside-{number}" for number in range(votes)}
        self._place.note("Jira", f"counts {len(voters)} votes on {WATCHED}")

    async def manage_thresholds(self, until: float) -> None:
        """Pause, resume and delete thresholds by the buttons of their list."""
        place, chance = self._place, self._place.chance_of("thresholds")
        while (pause := chance.expovariate(1 / _SHORT_GAP)) < until - place.loop.time():
            await asyncio.sleep(pause)
            threshold = chance.choice(self.thresholds[:-1])
            listed, deletes = await self._listed(), chance.random() < _DELETES
            for action_id in _ways(listed, threshold.votes):
                if (_TO[action_id] == DELETED) == deletes:
                    await self._press(threshold, listed, action_id)
                    break

    async def _press(self, threshold: Threshold, listed: Message | None, action_id: str) -> None:
        ways = _ways(listed, threshold.votes)
        if listed is None or action_id not in ways:
            return
        deed = Deed(_TO[action_id], self._place.loop.time())
        threshold.stands.all.append(deed)
        answer = await self._place.slack.press(
            RULER, listed.id, action_id, value=ways[action_id]["value"]
        )
        if self._place.is_sure(answer, deed.sent_at):
            deed.acked_at = self._place.loop.time()
        self._note(RULER, f"presses {action_id} at {threshold.votes} votes", answer)

    async def pry(self, until: float) -> None:
        """Press what only they were shown whose threshold it is."""
        place, chance = self._place, self._place.chance_of("prying")
        while (pause := chance.expovariate(1 / _GAP)) < until - place.loop.time():
            await asyncio.sleep(pause)
            pressed = chance.choice(list(parts(self._old.blocks)))[1]["action_id"]
            answer = await place.slack.press(BARRED, self._old.id, pressed)
            self._note(BARRED, f"would do {pressed}", answer)

    async def _listed(self) -> Message | None:
        """Return the list of thresholds that somebody sees; None where none came yet."""
        await self._place.slack.command(RULER, PLANNING, "/pollbot", "thresholds")
        lists = [
            message
            for message in self._place.slack.visible_to(RULER, PLANNING)
            if message.ephemeral_for == RULER and "*Your thresholds*" in str(message.blocks)
        ]
        return lists[-1] if lists else None

    async def share(self, until: float) -> None:
        """Have the owner hang the poll into another channel, until they hear that it is done."""
        chance = self._place.chance_of("share")
        await asyncio.sleep(chance.uniform(0.1, 0.8) * (until - self._place.loop.time()))
        for _ in range(_TRIES):
            form = await self._windows.under_more(
                OWNER, self.card, "share_poll_in", "share_poll_in"
            )
            if form is None:
                continue
            said = Said(OWNER, LEADS, self._place.loop.time())
            self.shared.append(said)
            answer = await self._place.slack.submit(
                OWNER, form.id, {"channels": {"value": [LEADS]}}
            )
            self._note(OWNER, f"shares {self.poll.title}", answer)
            if "on its way" in answer.body or "hangs in" in answer.body:
                said.acked_at = self._place.loop.time()
                return

    async def search(self, until: float) -> None:
        """Look for the poll, now and then."""
        place, chance = self._place, self._place.chance_of("search")
        while (pause := chance.expovariate(1 / 6.0)) < until - place.loop.time():
            await asyncio.sleep(pause)
            user = chance.choice(sorted(PEOPLE))
            answer = await place.slack.command(user, PLANNING, "/poll", "list which days")
            if answer.error is None and answer.body:
                self.found.append(answer.body)
            self._note(user, "looks for the poll", answer)

    async def bar(self, until: float) -> None:
        """Have an admin say who makes polls, and one who may not try until then."""
        place, chance = self._place, self._place.chance_of("rights")
        await asyncio.sleep(chance.uniform(0.1, 0.6) * (until - place.loop.time()))
        for _ in range(_TRIES):
            if self.barred_at is None:
                await self._bar_now()
        while (pause := chance.expovariate(1 / _GAP)) < until - place.loop.time():
            await asyncio.sleep(pause)
            said = Said(BARRED, f"Barred {len(self.barred)}?", place.loop.time())
            self.barred.append(said)
            words = f'here "{said.text}" "Yes" "No"'
            answer = await place.slack.command(BARRED, PLANNING, "/poll", words)
            self._note(BARRED, f"/poll {words}", answer)

    async def _bar_now(self) -> None:
        slack = self._place.slack
        setup = await self._windows.by_command(ADMIN, "/pollbot", "setup", "setup")
        if setup is None:
            return
        await slack.view_action(ADMIN, setup.id, "rights")
        form = await self._windows.opened(ADMIN, "rights")
        if form is None:
            return
        makers = [user for user in PEOPLE if user != BARRED]
        fields: dict[str, Any] = {"makers": {"value": "people"}, "people": {"value": makers}}
        answer = await slack.submit(ADMIN, form.id, fields)
        self._note(ADMIN, "says who makes polls", answer)
        if answer.error is None and "errors" not in answer.body:
            self.barred_at = self._place.loop.time()

    @property
    def card(self) -> Message:
        """The poll's card in the channel."""
        cards = self.polls.cards(self.poll)
        return next(card for card in cards if card.channel == PLANNING)

    def _note(self, who: str, what: str, answer: Answer) -> None:
        self._place.note(who, what, answer.error or answer.body[:60] or "acknowledged")


def _ways(listed: Message | None, votes: int) -> dict[str, dict[str, Any]]:
    """Return what can be pressed about the threshold of so many votes, by the names of that."""
    return {
        element["action_id"]: element
        for above, block in pairwise(listed.blocks if listed is not None else ())
        if f"At {votes} votes on " in str(above)
        for _, element in parts([block])
        if element["action_id"] in _TO
    }
