"""Who is there beside those who vote, by a seed's mood: before, in and after a storm."""

import asyncio
from collections.abc import Coroutine
from typing import Any, Protocol

from tests.sim import (
    about_choosing,
    about_leaving,
    about_polls,
    about_retention,
    about_reusing,
    about_tending,
    about_voice,
)
from tests.sim.busy import Busybody
from tests.sim.choosing import MORE, Choosing
from tests.sim.leaving import FORGOTTEN, Leavers
from tests.sim.polls import Polls
from tests.sim.reusing import Reusing
from tests.sim.seen import words_of
from tests.sim.tending import Tending
from tests.sim.voice import Voiced
from tests.sim.world import GUESTS, LEAVERS, Workspace, World

_SOON, _GATHERED = 3.0, 75.0
"""Seconds after which what is asked for is done, and in which reminders have been gathered."""
_MONTHS = 0.5
_NINE, _DAY = 1_400.0, 86_400.0
"""Seconds from the beginning to nine o'clock, when people begin to work."""


class Party(Protocol):
    """Some people: what they do, and whether what they were promised was kept."""

    async def begin(self) -> None:
        """Do what comes before the storm."""

    def deeds(self, until: float) -> list[Coroutine[Any, Any, None]]:
        """Return what they do in the storm, until that time."""

    async def when_calm(self) -> None:
        """Look, once nothing is under way any more."""


class AtPolls:
    """Those at polls that pollbot keeps."""

    def __init__(self, world: World, place: Workspace) -> None:
        self._world, self._place, self._polls = world, place, Polls(place)

    async def begin(self) -> None:
        await self._polls.ask()

    def deeds(self, until: float) -> list[Coroutine[Any, Any, None]]:
        polls = self._polls
        return [
            *(polls.answer(user, until) for user in GUESTS),
            polls.close(polls.anonymous, until),
            polls.edit(polls.named, until),
            polls.ask_on_issues(until),
        ]

    async def when_calm(self) -> None:
        """Close the anonymous poll, if nobody has heard that yet, and look at all of them."""
        place, polls = self._place, self._polls
        if not all(about_polls.is_closed(words_of(card)) for card in polls.cards(polls.anonymous)):
            await polls.close_now(polls.anonymous)
        await asyncio.sleep(_SOON)
        about_polls.count_what_was_answered(place, polls)
        about_polls.tell_who_chose_what_was_edited(place, polls.named)
        about_polls.give_no_place_twice(place, polls.seats)
        about_polls.make_each_once(place, polls)
        about_polls.tell_of_three_or_more(place, polls.anonymous)
        if self._world.mood.replicas == 1:
            # On a server the keys of polls lie in the database, and in its copies.
            about_polls.name_nobody(place, polls.anonymous)


class AtTeamVoice:
    """Those at polls that live in Team Voice."""

    def __init__(self, world: World) -> None:
        self._place, self._voiced = world.places[0], Voiced(world)

    async def begin(self) -> None:
        await self._voiced.begin()

    def deeds(self, until: float) -> list[Coroutine[Any, Any, None]]:
        voiced = self._voiced
        return [
            *(voiced.answer(user, until) for poll in voiced.asked for user in poll.people),
            voiced.answer_inside(until),
            voiced.rename(until),
            voiced.make_polls(until),
        ]

    async def when_calm(self) -> None:
        await self._voiced.touch()
        about_voice.say_what_is_there(self._place, self._voiced)
        about_voice.are_made_once(self._place, self._voiced)


class ThoseWhoLeave:
    """Those whose account in Jira comes and goes."""

    def __init__(self, world: World) -> None:
        self._place, self._leavers = world.places[0], Leavers(world)
        about_leaving.NoneActsWhenGone(self._place, self._leavers)

    async def begin(self) -> None:
        """Do nothing yet."""

    def deeds(self, until: float) -> list[Coroutine[Any, Any, None]]:
        return [self._leavers.act(user, until) for user in LEAVERS]

    async def when_calm(self) -> None:
        about_leaving.keep_last_words(self._place, self._leavers)
        if not self._leavers.is_forgotten or self._leavers.may_come_back:
            await self._leavers.forget(FORGOTTEN)
            await asyncio.sleep(_SOON)
        about_leaving.leave_no_trace(self._place, self._leavers)


class ThoseWhoChoose:
    """Those at a poll with terms, and who does what else there is about polls."""

    def __init__(self, world: World) -> None:
        self._place, self._choosing = world.places[0], Choosing(world)

    async def begin(self) -> None:
        await self._choosing.begin()

    def deeds(self, until: float) -> list[Coroutine[Any, Any, None]]:
        choosing = self._choosing
        return [
            *(choosing.choose(user, until) for user in (*choosing.group, *choosing.others)),
            *(choosing.add(user, until) for user in choosing.adders),
            choosing.run_steps(until),
            choosing.vote_elsewhere(until),
            choosing.manage_thresholds(until),
            choosing.pry(until),
            choosing.share(until),
            choosing.search(until),
            choosing.bar(until),
        ]

    async def when_calm(self) -> None:
        place, choosing = self._place, self._choosing
        await choosing.look_again()
        about_choosing.keep_the_terms(place, choosing)
        about_choosing.add_each_once(place, choosing)
        about_choosing.make_each_step_once(place, choosing)
        about_choosing.cross_once(place)
        about_choosing.hang_once_more(place, choosing)
        about_choosing.find_it(place, choosing)
        about_choosing.let_nobody_in(place, choosing)
        choosing.count(MORE)
        await choosing.look_again()
        about_choosing.tell_as_wished(place, choosing)


class ThoseWhoReuse:
    """Those who ask the same again, keep templates, take polls along, and say what is usual."""

    def __init__(self, world: World) -> None:
        self._world, self._place, self._reusing = world, world.places[0], Reusing(world)

    async def begin(self) -> None:
        await self._reusing.begin()

    def deeds(self, until: float) -> list[Coroutine[Any, Any, None]]:
        return self._reusing.deeds(until)

    async def when_calm(self) -> None:
        place, reusing = self._place, self._reusing
        about_reusing.ask_the_same(place, reusing)
        about_reusing.keep_templates(place, reusing)
        about_reusing.show_nobody_s_templates(place, reusing)
        about_reusing.begin_as_said(place, reusing)
        about_reusing.hand_over_what_is_there(place, reusing, self._world)
        exported = about_reusing.exported_splits(place, reusing)
        about_polls.tell_of_three_or_more(place, reusing.anonymous, exported)


class ThoseWhoTend:
    """Those who comment, and whoever closes, opens and deletes polls, and takes them down."""

    def __init__(self, world: World) -> None:
        self._world, self._place, self._tending = world, world.places[0], Tending(world)

    async def begin(self) -> None:
        await self._tending.begin()

    def deeds(self, until: float) -> list[Coroutine[Any, Any, None]]:
        return self._tending.deeds(until)

    async def when_calm(self) -> None:
        """Look, close the anonymous poll, and let it be nine o'clock, or months later."""
        place, tending = self._place, self._tending
        about_tending.keep_states(place, tending)
        about_tending.count_while_open(place, tending)
        about_tending.hang_where_they_should(place, tending)
        await tending.read()
        about_tending.show_comments_three_at_once(place, tending)
        await tending.end()
        await asyncio.sleep(_SOON)
        about_tending.keep_comments(place, tending)
        about_polls.tell_of_three_or_more(place, tending.boss)
        about_polls.name_nobody(place, tending.boss)
        if self._world.chance_of("end").random() < _MONTHS:
            await self._months_pass()
            return
        await self._world.is_away(_until_nine(self._world))
        await asyncio.sleep(_GATHERED)
        about_tending.nudge_who_is_missing(place, tending)

    async def _months_pass(self) -> None:
        """Have an admin say how long is kept; look before polls are so old, after, and later."""
        place = self._place
        await self._tending.keep_for(
            polls=about_retention.POLLS, audit=about_retention.AUDIT, work=about_retention.WORK
        )
        before = about_retention.held(place)
        for days in about_retention.JUMPS:
            await self._world.is_away(days * about_retention.DAY)
            await asyncio.sleep(_SOON)
            after = about_retention.held(place)
            about_retention.forget_what_is_older(place, before, after)
            before = after
        await self._tending.look_back()
        await asyncio.sleep(_SOON)


class TheBusy:
    """Somebody who presses whatever there is; nothing of that may fail, or go on for ever."""

    def __init__(self, world: World) -> None:
        self._busybody = Busybody(world)

    async def begin(self) -> None:
        """Do nothing yet."""

    def deeds(self, until: float) -> list[Coroutine[Any, Any, None]]:
        return [self._busybody.act(until)]

    async def when_calm(self) -> None:
        """Look at nothing: what fails is heard at once."""


def parties_of(world: World) -> list[Party]:
    """Return who else is there."""
    parties: list[Party] = []
    if world.has_polls:
        parties += [AtPolls(world, place) for place in world.places]
    if world.mood.voice:
        parties.append(AtTeamVoice(world))
    if world.mood.leaving:
        parties.append(ThoseWhoLeave(world))
    if world.mood.choosing:
        parties.append(ThoseWhoChoose(world))
    if world.has_busybody:
        parties.append(TheBusy(world))
    if world.mood.reusing:
        parties.append(ThoseWhoReuse(world))
    if world.mood.tending:
        parties.append(ThoseWhoTend(world))
    return parties


def _until_nine(world: World) -> float:
    """Return the seconds until people begin to work next."""
    return (_NINE - world.loop.time()) % _DAY
