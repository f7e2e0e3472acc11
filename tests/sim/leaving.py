"""People whose Jira account comes and goes, and one who is forgotten."""

import asyncio
import random
from dataclasses import dataclass

from pollbot.forgetting.blocks import ForgetClick
from pollbot.jira.rules import Wish
from pollbot.sandbox.slack import Answer
from pollbot.sandbox.slack.state import parts
from tests.sim.world import ISSUES, LEAVERS, PLANNING, World, account_of, email_of, token_of

FORGOTTEN = next(reversed(LEAVERS))
"""Who is forgotten in the end."""

_GAP = 2.0
_COME_BACK = 0.7
"""How many of those who disconnect connect again at once: what waited before stays dropped."""
_WITH_A_WORD = 0.6
"""How many vote right before they disconnect, or connect: that may wait then."""
_IN_THE_END = 0.5
UNTIL_ALL_CAME = 8.0
"""Seconds after which nothing is on its way that somebody did before."""


@dataclass(slots=True)
class Deed:
    """What somebody did about votes or their account.

    ``issue`` and ``wish`` are those of a vote. ``acked_at`` is None as long as they did not hear
    that it is done, ``said`` is what they heard.
    """

    what: str
    sent_at: float
    issue: str = ""
    wish: Wish | None = None
    acked_at: float | None = None
    said: str = ""

    @property
    def parts(self) -> bool:
        """Whether the account is gone with it."""
        return self.what in ("disconnects", "is forgotten")


class Leavers:
    """Each of them does one thing after the other; they begin without an account."""

    def __init__(self, world: World) -> None:
        self._place = world.places[0]
        self.deeds: dict[str, list[Deed]] = {user: [] for user in LEAVERS}

    async def act(self, user: str, until: float) -> None:
        """Let the person vote, connect and disconnect by chance until that time.

        Half of them leave in the end, say something, and come back.
        """
        place, chance = self._place, self._place.chance_of(user)
        last = until - UNTIL_ALL_CAME if user == FORGOTTEN else until
        while (pause := chance.expovariate(1 / _GAP)) < last - place.loop.time():
            await asyncio.sleep(pause)
            kind = chance.random()
            left = bool(self.deeds[user]) and self.deeds[user][-1].parts
            if left and kind < _COME_BACK:
                if chance.random() < _WITH_A_WORD:
                    await self.vote(user, chance)
                await self.connect(user)
            elif kind < 0.6:
                await self.vote(user, chance)
            elif kind < 0.8 or not self.deeds[user]:
                await self.connect(user)
            else:
                if chance.random() < _WITH_A_WORD:
                    await self.vote(user, chance)
                await self.disconnect(user)
        if user == FORGOTTEN:
            await self.vote(user, chance)
            await asyncio.sleep(UNTIL_ALL_CAME)
            while place.loop.time() < until and not self.is_forgotten:
                await self.forget(user)
                await asyncio.sleep(1.0)
        elif chance.random() < _IN_THE_END:
            await self.disconnect(user)
            await self.vote(user, chance)
            await self.connect(user)

    @property
    def is_forgotten(self) -> bool:
        """Whether whoever is to be forgotten has heard that they are."""
        return any(one.what == "is forgotten" and one.acked_at for one in self.deeds[FORGOTTEN])

    @property
    def may_come_back(self) -> bool:
        """Whether what nobody heard of may have come after whoever did it was forgotten."""
        deeds = self.deeds[FORGOTTEN]
        return self._place.comes_late and any(one.acked_at is None for one in deeds)

    async def vote(self, user: str, chance: random.Random) -> None:
        """Vote or withdraw by command."""
        deed = self._begins(user, "votes")
        deed.issue, deed.wish = chance.choice(ISSUES), chance.choice(list(Wish))
        command = "/vote" if deed.wish is Wish.VOTE else "/unvote"
        answer = await self._place.slack.command(user, PLANNING, command, deed.issue)
        self._heard(user, deed, answer, is_done=self._place.is_kept(answer))

    async def connect(self, user: str) -> None:
        """Connect by the form, with a token."""
        slack = self._place.slack
        for left in reversed(slack.stack_of(user)):
            await slack.close(user, left.id)
        await slack.command(user, PLANNING, "/pollbot", "connect")
        await asyncio.sleep(1.0)
        form = next(iter(slack.stack_of(user)), None)
        if form is None:
            return
        deed, account = self._begins(user, "connects"), account_of(self._place.team, user)
        fields = {"email": {"value": email_of(account)}, "token": {"value": token_of(account)}}
        answer = await slack.submit(user, form.id, fields)
        self._heard(user, deed, answer, is_done="You are connected to" in answer.body)

    async def disconnect(self, user: str) -> None:
        """Have the account forgotten."""
        deed = self._begins(user, "disconnects")
        answer = await self._place.slack.command(user, PLANNING, "/pollbot", "disconnect")
        gone = "is disconnected" in answer.body or "no Jira account connected" in answer.body
        self._heard(user, deed, answer, is_done=gone)

    async def forget(self, user: str) -> None:
        """Look what is kept of the person, and press the button below."""
        slack = self._place.slack
        shown = await slack.command(user, PLANNING, "/pollbot", "forget me")
        if "Nothing is kept of you" in shown.body:
            # It was done, and nobody heard that; or there was nothing.
            self._heard(user, self._begins(user, "is forgotten"), shown, is_done=True)
            return
        for message in reversed(slack.visible_to(user, PLANNING)):
            for _, element in parts(message.blocks):
                if element["action_id"] == ForgetClick.action_id:
                    deed = self._begins(user, "is forgotten")
                    answer = await slack.press(user, message.id, ForgetClick.action_id)
                    self._heard(user, deed, answer, is_done=self._place.is_kept(answer))
                    return

    def _begins(self, user: str, what: str) -> Deed:
        deed = Deed(what, self._place.loop.time())
        self.deeds[user].append(deed)
        return deed

    def _heard(self, user: str, deed: Deed, answer: Answer, *, is_done: bool) -> None:
        deed.said = answer.body
        if is_done:
            deed.acked_at = self._place.loop.time()
        what = f"{deed.what} {deed.wish or ''} {deed.issue}".rstrip()
        outcome = "done" if is_done else answer.error or answer.body[:60] or "not kept"
        self._place.note(LEAVERS[user], what, outcome)
