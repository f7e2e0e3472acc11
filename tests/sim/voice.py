"""Polls that live in Team Voice: made, answered in Slack and inside Jira, and renamed there."""

import asyncio
import copy
import random

from pollbot.sandbox.slack import View
from pollbot.sandbox.team_voice.polls import KeptPoll
from tests.sim.polls import Answering, Asked
from tests.sim.world import ADMIN, GUESTS, ISSUES, PLANNING, SITE, World
from tests.support.team_voice import MACRO, PAGE, SPACE, VOICE_TOKEN

RENAMED = "Friday"
"""What the second option of the poll on an issue says after somebody changed it in Jira."""

_LINK = f"{SITE}/wiki/spaces/DOCS/pages/{PAGE}/Release+plan"
_INSIDE = tuple(f"inside-{letter}" for letter in "abcd")
"""People who answer in Jira or Confluence only."""
_GAP = 4.0
_UNTIL_READ = 12.0
"""Seconds after which a card that somebody presses is read again from Team Voice."""


class Voiced(Answering):
    """Polls on an issue and on a page, who answers them in Slack and inside, and more polls."""

    def __init__(self, world: World) -> None:
        guests = tuple(GUESTS)
        self._world, self._voice = world, world.voice
        self.on_issue = Asked("U0BEN", "Which day?", ISSUES[0], ("Tuesday", "Thursday"), guests[:5])
        self.on_page = Asked("U0CLEO", "At noon?", _LINK, ("Yes", "No"), guests[5:9])
        super().__init__(world.places[0], (self.on_issue, self.on_page))

    async def begin(self) -> None:
        """Have an admin set up the space's Team Voice, and people make the polls."""
        slack = self._place.slack
        await slack.command(ADMIN, PLANNING, "/pollbot", "setup")
        form = await self._front(ADMIN, "setup")
        fields = {"workspace": SPACE, "url": self._voice.url, "token": VOICE_TOKEN}
        await slack.submit(ADMIN, form.id, {name: {"value": one} for name, one in fields.items()})
        await slack.command(ADMIN, PLANNING, "/pollbot", f"macro {_LINK} {MACRO}")
        await self.ask()

    async def answer_inside(self, until: float) -> None:
        """Have people answer, and take their answers back, inside Jira and Confluence."""
        chance = self._place.chance_of("inside")
        while (pause := chance.expovariate(1 / _GAP)) < until - self._place.loop.time():
            await asyncio.sleep(pause)
            kept, who = self.there(chance.choice(self.asked)), chance.choice(_INSIDE)
            chosen = chance.choice([[one] for one in kept.option_ids] + [[]])
            self._voice.answer_inside(kept.id, who, chosen)
            self._place.note(who, f"chooses {chosen} in {kept.title}")

    async def rename(self, until: float) -> None:
        """Have somebody rename an option in Jira at some time before that."""
        chance = self._place.chance_of("rename")
        await asyncio.sleep(chance.uniform(0.2, 1.0) * (until - self._place.loop.time()))
        kept = self.there(self.on_issue)
        kept.poll = copy.deepcopy(kept.poll)
        kept.poll["options"][1]["title"] = RENAMED
        self._place.note("somebody", f"renames an option of {kept.title}")

    async def make_polls(self, until: float) -> None:
        """Have people make polls on issues and pages, mostly while Team Voice is away."""

        def where(chance: random.Random) -> str:
            return chance.choice((*ISSUES, _LINK))

        await self.make_more(until, where, lambda: self._world.voice_is != "up")

    async def touch(self) -> None:
        """Have each card of the two polls pressed once, and wait until that is seen."""
        await asyncio.sleep(_UNTIL_READ)
        for poll in self.asked:
            await self.choose(poll.people[0], poll, self._place.chance_of(f"touch {poll.title}"))
        await asyncio.sleep(_UNTIL_READ)

    def there(self, poll: Asked) -> KeptPoll:
        """Return the poll as Team Voice has it."""
        return next(kept for kept in self._voice.polls.values() if kept.title == poll.title)

    def all_called(self, title: str) -> list[KeptPoll]:
        """Return all polls of that title that Team Voice has."""
        return [kept for kept in self._voice.polls.values() if kept.title == title]

    async def _front(self, user: str, callback_id: str) -> View:
        while True:
            for view in self._place.slack.stack_of(user):
                if view.view.get("callback_id") == callback_id:
                    return view
            await asyncio.sleep(0.1)
