"""People who comment on polls, and who close and open, delete, hang up and take down theirs."""

import asyncio
import random
from collections.abc import Coroutine
from typing import Any

from pollbot.polls.results.blocks import RESULTS_VIEW
from pollbot.sandbox.slack import Answer, Message, View
from pollbot.sandbox.slack.state import parts
from pollbot.sandbox.slack.things import UserGroup
from pollbot.slack.clicks import (
    CloseClick,
    CommentClick,
    DeleteClick,
    MoreClick,
    NotAnsweredClick,
    NudgeClick,
    ReopenClick,
    ShowResultsClick,
)
from pollbot.slack.kit import actions, button
from tests.sim.about_polls import is_closed
from tests.sim.deeds import Deed, Deeds
from tests.sim.polls import Answering, Asked
from tests.sim.seen import words_of
from tests.sim.windows import Windows, typed
from tests.sim.world import CURATOR, GUESTS, LEADS, PLANNING, World

STRANGER, READER, MUTED, HERALD, HOST = (list(GUESTS)[nth] for nth in (7, 10, 11, 12, 13))
"""Who may do nothing with the polls of others; who reads; who wants no reminders; whose polls."""
_GAP, _EAGER_GAP, _BUSY_GAP = 5.0, 3.0, 1.5
_COMMENTS = 0.5
_TRIES = 30
_DELETES, _CLOSES, _NUDGES = 0.15, 0.1, 0.4

OPEN, CLOSED, GONE = "open", "closed", "gone"
HANGS, AWAY = "hangs", "away"
NUDGED = "nudged"


class Tending:
    """What those people do, and what they were told."""

    def __init__(self, world: World) -> None:
        guests, place = tuple(GUESTS), world.places[0]
        self._place, self._windows = place, Windows(place)
        self.tea = Asked(HOST, "Which tea?", "comments", ("Green", "Black"), guests[:3])
        self.boss = Asked(HOST, "Which boss?", "anonymous comments", ("This", "That"), guests[3:7])
        self.toy = Asked(HOST, "Which toy?", "comments", ("Robot", "Bear"), guests[8:10])
        self.crew = guests[8:12]
        self.trip = Asked(HERALD, "Who comes?", "for @crew", ("I do", "Not I"), guests[10:12])
        self.polls = Answering(place, (self.tea, self.boss, self.toy, self.trip))
        late = place.comes_late
        self.states = {one.title: Deeds(OPEN, late, for_good=GONE) for one in self.polls.asked}
        # What takes a card down goes on beside what is done next.
        self.elsewhere, self.nudges = Deeds(AWAY, comes_late=True), Deeds("", late)
        self.commented = (self.tea, self.boss, self.toy)
        self.comments = {user: Deeds("", late) for poll in self.commented for user in poll.people}
        self._words = 0

    async def begin(self) -> None:
        """Have the host make the polls, and leave a stranger old buttons of theirs."""
        slack = self._place.slack
        slack.groups["S0CREW"] = UserGroup("S0CREW", "crew", "Crew", {*self.crew})
        await self.polls.ask()
        await slack.command(MUTED, PLANNING, "/pollbot", "reminders off")
        self.cards = {poll.title: self.polls.cards(poll)[0] for poll in self.polls.asked}
        self.ids = {title: poll_of(card) for title, card in self.cards.items()}
        tea, toy, trip = (self.ids[poll.title] for poll in (self.tea, self.toy, self.trip))
        old = [
            *(CloseClick(poll=tea), ReopenClick(poll=tea)),
            *(DeleteClick(poll=toy), NudgeClick(poll=trip)),
        ]
        rows = [actions(*(button("-", one, nth=nth) for nth, one in enumerate(old)))]
        self._old = slack.post(PLANNING, slack.bot_user_id, "-", rows)

    def deeds(self, until: float) -> list[Coroutine[Any, Any, None]]:
        """Return what they do until that time."""
        eager = self.boss.people
        return [
            *(
                self._often(self._take_part, user, until, _EAGER_GAP if user in eager else _GAP)
                for user in self.comments
            ),
            *(self.polls.answer(user, until) for user in self.trip.people),
            self._often(self._tend, HOST, until, _BUSY_GAP),
            self._often(self._hang, HERALD, until, _BUSY_GAP),
            self._often(self._pry, STRANGER, until),
            self._often(self.read, READER, until),
        ]

    async def _often(self, deed: Any, user: str, until: float, gap: float = _GAP) -> None:
        """Let the person do that now and then until that time."""
        place, chance = self._place, self._place.chance_of(user)
        while (pause := chance.expovariate(1 / gap)) < until - place.loop.time():
            await asyncio.sleep(pause)
            await deed(user, chance)

    # Those who take part

    async def _take_part(self, user: str, chance: random.Random) -> None:
        (poll,) = (poll for poll in self.polls.asked if user in poll.people)
        if chance.random() < _COMMENTS:
            await self._comment(user, poll, chance)
        else:
            await self.polls.choose(user, poll, chance)

    async def _comment(self, user: str, poll: Asked, chance: random.Random) -> None:
        """Say something about one's answer, or take that back."""
        slack = self._place.slack
        await self._windows.shut(user)
        await self._windows.press(user, self._card(poll), CommentClick.action_id)
        form = await self._windows.opened(user, "comment_poll")
        if form is None:
            return
        self._words += 1
        words = f"Word {self._words}." if chance.random() < 0.8 else ""
        one = self._begins(self.comments[user], words)
        answer = await slack.submit(user, form.id, {"comment": {"value": words}})
        is_done = self._place.is_kept(answer) or "Your comment on" in answer.body
        self._heard(user, one, f"comments on {poll.title}", answer, is_done=is_done)

    # Who looks after the polls

    async def _tend(self, _: str, chance: random.Random) -> None:
        kind = chance.random()
        if kind < _DELETES and not self.states[self.toy.title].all:
            await self._end(self.toy, DeleteClick.action_id, GONE, "deletes")
        elif kind < _DELETES + _CLOSES and self.boss.closing_at is None:
            await self.polls.close_now(self.boss)
        elif self.states[self.tea.title].newest == CLOSED:
            await self._reopen()
        else:
            await self._end(self.tea, CloseClick.action_id, CLOSED, "closes")

    async def end(self) -> None:
        """Have the host close the anonymous poll, if it is open still."""
        if not is_closed(words_of(self._card(self.boss))):
            await self.polls.close_now(self.boss)

    async def _end(self, poll: Asked, press: str, to: str, how: str) -> None:
        window = await self._windows.more(HOST, self._card(poll))
        if window is None or press not in _presses(window):
            return
        one = self._begins(self.states[poll.title], to)
        answer = await self._place.slack.view_action(HOST, window.id, press)
        is_done = self._place.is_sure(answer, one.sent_at)
        self._heard(HOST, one, f"{how} {poll.title}", answer, is_done=is_done)

    async def _reopen(self) -> None:
        window = await self._windows.more(HOST, self._card(self.tea))
        if window is None or ReopenClick.action_id not in _presses(window):
            return
        await self._place.slack.view_action(HOST, window.id, ReopenClick.action_id)
        form = await self._windows.opened(HOST, "reopen_poll_form")
        if form is None:
            return
        one = self._begins(self.states[self.tea.title], OPEN)
        answer = await self._place.slack.submit(HOST, form.id, {})
        is_done = "is open and takes answers again" in answer.body
        self._heard(HOST, one, f"reopens {self.tea.title}", answer, is_done=is_done)

    # Where the poll of some hangs, and who is reminded of it

    async def _hang(self, _: str, chance: random.Random) -> None:
        if chance.random() < _NUDGES and not self.nudges.all:
            await self._nudge()
        elif self.elsewhere.newest == HANGS:
            await self._take_down()
        else:
            await self._share()

    async def _nudge(self) -> None:
        window = await self._windows.under_more(
            HERALD, self._card(self.trip), NotAnsweredClick.action_id, "poll_missing"
        )
        if window is None or NudgeClick.action_id not in _presses(window):
            return
        one = self._begins(self.nudges, NUDGED)
        answer = await self._place.slack.view_action(HERALD, window.id, NudgeClick.action_id)
        is_done = self._place.is_sure(answer, one.sent_at)
        self._heard(HERALD, one, f"nudges for {self.trip.title}", answer, is_done=is_done)

    async def _share(self) -> None:
        form = await self._hanging()
        if form is None:
            return
        one = self._begins(self.elsewhere, HANGS)
        answer = await self._place.slack.submit(HERALD, form.id, {"channels": {"value": [LEADS]}})
        is_done = "on its way" in answer.body or "hangs in" in answer.body
        self._heard(HERALD, one, f"shares {self.trip.title}", answer, is_done=is_done)

    async def _take_down(self) -> None:
        form = await self._hanging()
        if form is None:
            return
        there = [one for one in form.view["blocks"] if f"<#{LEADS}>" in str(one)]
        press = [element["action_id"] for _, element in parts(there)]
        if not press:
            return
        one = self._begins(self.elsewhere, AWAY)
        answer = await self._place.slack.view_action(HERALD, form.id, press[0])
        gone = await self._windows.opened(HERALD, "share_poll_in", "is removed")
        what = f"takes down {self.trip.title}"
        self._heard(HERALD, one, what, answer, is_done=gone is not None)

    async def _hanging(self) -> View | None:
        """Return the window that tells where the poll hangs."""
        return await self._windows.under_more(
            HERALD, self._card(self.trip), "share_poll_in", "share_poll_in"
        )

    async def read(self, user: str = READER, _: random.Random | None = None) -> None:
        """Look at the results of the anonymous poll."""
        view = await self._windows.under_more(
            user, self._card(self.boss), ShowResultsClick.action_id, RESULTS_VIEW
        )
        said = "" if view is None else str(view.view["blocks"])
        outcome = "comments" if "> Word" in said else "none" if said else "no window"
        self._place.note(user, f"looks at {self.boss.title}", outcome)

    # What is forgotten by age

    async def keep_for(self, **days: int) -> None:
        """Have an admin say for how many days what is over is kept, and close what is open."""
        for _ in range(_TRIES):
            if is_closed(words_of(self._card(self.tea))):
                break
            await self._end(self.tea, CloseClick.action_id, CLOSED, "closes")
            await asyncio.sleep(1.0)
        else:
            self._place.breaks(f"{self.tea.title} could not be closed.")
            return
        setup = await self._windows.by_command(CURATOR, "/pollbot", "setup", "setup")
        if setup is not None:
            await self._place.slack.view_action(CURATOR, setup.id, "retention")
        form = await self._windows.opened(CURATOR, "retention")
        if form is not None:
            values = typed(form, **{name: str(one) for name, one in days.items()})
            answer = await self._place.slack.submit(CURATOR, form.id, values)
            self._note(CURATOR, "says how long is kept", answer)
            if "Saved" in answer.body:
                return
        self._place.breaks("An admin could not say how long what is over is kept.")

    async def look_back(self) -> None:
        """Have the host press what is below a poll that is forgotten."""
        await self._windows.shut(HOST)
        await self._windows.press(HOST, self._card(self.tea), MoreClick.action_id)

    async def _pry(self, user: str, chance: random.Random) -> None:
        """Press what only they were shown whose polls these are."""
        pressed = chance.choice(list(parts(self._old.blocks)))[1]["action_id"]
        answer = await self._place.slack.press(user, self._old.id, pressed)
        self._note(user, f"would do {pressed}", answer)

    # Helpers

    def _begins(self, deeds: Deeds, to: str) -> Deed:
        deed = Deed(to, self._place.loop.time())
        deeds.all.append(deed)
        return deed

    def _heard(self, user: str, one: Deed, what: str, answer: Answer, *, is_done: bool) -> None:
        if is_done:
            one.acked_at = self._place.loop.time()
        self._note(user, what, answer)

    def _note(self, who: str, what: str, answer: Answer) -> None:
        self._place.note(who, what, answer.error or answer.body[:60] or "acknowledged")

    def _card(self, poll: Asked) -> Message:
        """Return the message that was the poll's first card, whatever it shows by now."""
        return self.cards[poll.title]


def _presses(view: View) -> set[str]:
    """Return what can be pressed in a window."""
    return {str(element["action_id"]) for _, element in parts(view.view["blocks"])}


def poll_of(card: Message) -> str:
    """Return the id of the poll that a card shows."""
    buttons = (element for _, element in parts(card.blocks))
    return MoreClick.unpack(next(one for one in buttons if one["action_id"] == "more")).poll
