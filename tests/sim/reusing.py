"""People who ask the same again, keep templates, take polls along, and say what is usual."""

import asyncio
import random
from collections.abc import Coroutine, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from pollbot.polls.exports.rules import Kind
from pollbot.sandbox.slack import Answer, Message, View
from pollbot.sandbox.slack.state import parts
from pollbot.slack.clicks import AnswerClick, ExportAsClick
from pollbot.slack.kit import actions, button
from tests.sim.polls import Answering, Asked
from tests.sim.windows import Windows, typed
from tests.sim.world import CURATOR, GUESTS, PLANNING, World

KEEPER, COPIER, STRANGER, USER, MAKER = list(GUESTS)[9:]
"""Who owns the polls and has templates; who asks the same again; who may neither take a poll along
nor use what nobody shared; who makes polls of templates; and who makes polls by command."""
COMMENTS = "comments"
"""What an admin has polls begin with."""
_KINDS: tuple[Kind, ...] = ("csv", "json")
_SETTINGS = ["changeable", "names", COMMENTS]
_TRIES = 3
_GAP, _BUSY_GAP = 4.0, 2.0
_UNTIL_THERE = 8.0
"""Seconds for which whoever asked for an export waits for it."""


@dataclass(slots=True)
class Said:
    """Something that somebody asked for; ``acked_at`` is None until they heard that it is done."""

    user: str
    text: str
    sent_at: float
    acked_at: float | None = None


@dataclass(slots=True)
class Again(Said):
    """A poll, ``text`` is its title, that asks what ``source`` asks.

    ``of_form``: as the form of a new poll would ask it, which has what polls begin with.
    """

    source: Asked | None = None
    of_form: bool = False


@dataclass(slots=True)
class Exported(Said):
    """An export of the poll that ``text`` is the title of."""

    kind: Kind = "csv"


@dataclass(slots=True)
class Template(Said):
    """A template, ``text`` is its name, of what ``source`` asks.

    ``is_shared`` is whether its owner wished so; ``dropping_at`` when somebody first tried to
    delete it or to take it over, and ``dropped_at`` when they heard that it is deleted.
    """

    source: Asked | None = None
    of_form: bool = False
    is_shared: bool = False
    dropping_at: float | None = None
    dropped_at: float | None = None


class Reusing:
    """What those people do, and what they were told."""

    def __init__(self, world: World) -> None:
        guests, place = tuple(GUESTS), world.places[0]
        self._world, self._place, self._windows = world, place, Windows(place)
        self.named = Asked(KEEPER, "Which snack?", "", ("Nuts", "Fruit"), guests[:4])
        self.anonymous = Asked(KEEPER, "More pay?", "anonymous", ("Yes", "No"), guests[4:9])
        self.over = Asked(KEEPER, "Which name?", "final", ("Otto", "Anna"), ())
        self.polls = Answering(place, (self.named, self.anonymous, self.over))
        self.again: list[Again] = []
        self.copies: list[Said] = []
        self.exports: list[Exported] = []
        self.templates: list[Template] = []
        self.saves: list[Said] = []
        self.seen_by_strangers: list[str] = []
        self.usual: list[Said] = []
        self.defaults = Said(CURATOR, COMMENTS, 0.0)
        self.defaults_tried_at: float | None = None

    async def begin(self) -> None:
        """Have the keeper make the polls, and close one; leave somebody an old button."""
        slack = self._place.slack
        await self.polls.ask()
        for user in (MAKER, USER):
            await slack.press(user, self.card(self.over).id, self._first_option())
        await self.polls.close_now(self.over)
        clicks = [ExportAsClick(poll=self._id_of(self.named), kind=kind) for kind in _KINDS]
        old = [actions(*(button("-", one, nth=nth) for nth, one in enumerate(clicks)))]
        self._old = slack.post(PLANNING, slack.bot_user_id, "-", old)

    def deeds(self, until: float) -> list[Coroutine[Any, Any, None]]:
        """Return what they do until that time."""
        people = [*self.named.people, *self.anonymous.people]
        return [
            *(self.polls.answer(user, until) for user in people),
            self._often(self._duplicate, COPIER, until, _BUSY_GAP),
            self._often(self._keep_or_take, KEEPER, until, _BUSY_GAP),
            self._often(self._use, USER, until, _BUSY_GAP),
            self._often(self._pry, STRANGER, until),
            self._often(self._make, MAKER, until),
            self._often(self._look_after, CURATOR, until),
        ]

    def card(self, poll: Asked) -> Message:
        """Return the poll's first card."""
        return self.polls.cards(poll)[0]

    async def _often(self, deed: Any, user: str, until: float, gap: float = _GAP) -> None:
        """Let the person do that now and then until that time."""
        place, chance = self._place, self._place.chance_of(user)
        while (pause := chance.expovariate(1 / gap)) < until - place.loop.time():
            await asyncio.sleep(pause)
            await deed(chance)

    # The same again

    async def _duplicate(self, chance: random.Random) -> None:
        poll = chance.choice((self.named, self.anonymous, self.over))
        if poll is self.over:
            await self._copy()
            return
        form = await self._windows.under_more(
            COPIER, self.card(poll), "duplicate_poll", "create_poll"
        )
        if form is not None:
            await self._create(COPIER, form, poll, "duplicates")

    async def _copy(self) -> None:
        window = await self._windows.more(COPIER, self.card(self.over))
        if window is None:
            return
        one = Said(COPIER, self.over.title, self._now)
        self.copies.append(one)
        answer = await self._place.slack.view_action(COPIER, window.id, "copy_poll")
        self._heard(one, f"copies {one.text}", answer, is_done=self._place.is_kept(answer))

    async def _create(
        self, user: str, form: View, source: Asked, how: str, *, of_form: bool = False
    ) -> None:
        """Send the form of a poll that asks the same, under a title of its own."""
        title = f"Again {len(self.again)}?"
        one = Again(user, title, self._now, source=source, of_form=of_form)
        self.again.append(one)
        for _ in range(_TRIES):
            values = typed(form, title=one.text)
            answer = await self._place.slack.submit(user, form.id, values)
            is_done = self._place.is_kept(answer) or "is created" in answer.body
            self._heard(one, f"{how} {source.title}", answer, is_done=is_done)
            if answer.error is None:
                return

    # Templates

    async def _keep_or_take(self, chance: random.Random) -> None:
        if chance.random() < 0.5:
            await self._export(chance)
            return
        mine = [one for one in self.templates if one.acked_at and one.dropping_at is None]
        if mine and chance.random() < 0.3:
            await self._delete(chance.choice(mine))
            return
        if chance.random() < 0.4:
            await self._save_form(chance)
            return
        poll = chance.choice((self.named, self.anonymous))
        save = Said(KEEPER, poll.title, self._now)
        self.saves.append(save)
        form = await self._windows.under_more(
            KEEPER, self.card(poll), "save_as_template", "save_template"
        )
        await self._name(form, save, poll, chance)

    async def _save_form(self, chance: random.Random) -> None:
        """Keep what stands in the form of a poll that is not made."""
        form = await self._windows.by_command(KEEPER, "/poll", "", "create_poll")
        if form is None:
            return
        poll = self.named
        save = Said(KEEPER, poll.title, self._now)
        self.saves.append(save)
        values = typed(form, title=poll.title, options="\n".join(poll.options))
        await self._place.slack.view_action(KEEPER, form.id, "save_template_of_form", values=values)
        form = await self._windows.opened(KEEPER, "save_template")
        await self._name(form, save, poll, chance, of_form=True)

    async def _name(
        self,
        form: View | None,
        save: Said,
        poll: Asked,
        chance: random.Random,
        *,
        of_form: bool = False,
    ) -> None:
        """Give a template that was saved a name, and share it or not."""
        if form is None or "Saved as" not in str(form.view):
            return
        save.acked_at = self._now
        is_shared = chance.random() < 0.5
        name = f"{'Ours' if is_shared else 'Mine'} {len(self.templates)}."
        one = Template(KEEPER, name, self._now, source=poll, of_form=of_form, is_shared=is_shared)
        self.templates.append(one)
        values = typed(form, name=name, shared=["shared"] if is_shared else [])
        for _ in range(_TRIES):
            answer = await self._place.slack.submit(KEEPER, form.id, values)
            self._heard(one, f"names {name}", answer, is_done="is saved" in answer.body)
            if answer.error is None:
                return

    async def _delete(self, one: Template) -> None:
        view = await self._windows.by_command(KEEPER, "/poll", "templates", "poll_templates")
        press = None if view is None else below(view, one.text, "delete_template")
        if view is None or press is None:
            return
        one.dropping_at = self._now
        answer = await self._place.slack.view_action(KEEPER, view.id, press)
        if self._is_sure(answer, one.dropping_at):
            one.dropped_at = self._now
        self._note(KEEPER, f"deletes {one.text}", answer)

    async def _use(self, chance: random.Random) -> None:
        """Make a poll of a template that is shared, by the list or by its name."""
        shared = [one for one in self.templates if one.is_shared and one.acked_at]
        if not shared:
            return
        one = chance.choice(shared)
        if chance.random() < 0.4:
            words = f"template {one.text}"
            form = await self._windows.by_command(USER, "/poll", words, "create_poll")
        else:
            view = await self._windows.by_command(USER, "/poll", "templates", "poll_templates")
            press = None if view is None else below(view, one.text, "use_template")
            if view is None or press is None:
                return
            await self._place.slack.view_action(USER, view.id, press)
            form = await self._windows.opened(USER, "create_poll")
        if form is not None and one.source is not None:
            how = f"uses {one.text} of"
            await self._create(USER, form, one.source, how, of_form=one.of_form)

    # What somebody takes along

    async def _export(self, chance: random.Random) -> None:
        poll, kind = chance.choice((self.named, self.anonymous)), chance.choice(_KINDS)
        window = await self._windows.under_more(
            KEEPER, self.card(poll), "export_poll", "poll_export"
        )
        if window is None:
            return
        one = Exported(KEEPER, poll.title, self._now, kind=kind)
        self.exports.append(one)
        press = f"{ExportAsClick.action_id}:{_KINDS.index(kind)}"
        before = len(self.handed_over())
        answer = await self._place.slack.view_action(KEEPER, window.id, press)
        until = self._now + _UNTIL_THERE
        while len(self.handed_over()) == before and self._now < until:
            await asyncio.sleep(0.2)
        came = len(self.handed_over()) > before
        self._note(KEEPER, f"exports {poll.title} as {kind}", answer)
        if came:
            self._place.note(KEEPER, f"has {poll.title} as {kind}")

    def handed_over(self) -> list[Message]:
        """Return the messages that have files."""
        return [one for one in self._place.slack.messages if one.files]

    async def _pry(self, chance: random.Random) -> None:
        """Press what somebody else was shown, and look into the list of templates."""
        if chance.random() < 0.5:
            pressed = chance.choice(list(parts(self._old.blocks)))[1]
            answer = await self._place.slack.press(STRANGER, self._old.id, pressed["action_id"])
            self._note(STRANGER, f"would export {self.named.title}", answer)
            return
        view = await self._windows.by_command(STRANGER, "/poll", "templates", "poll_templates")
        if view is not None:
            self.seen_by_strangers.append(str(view.view))
            self._place.note(STRANGER, "looks at templates")

    # What polls begin with

    async def _make(self, chance: random.Random) -> None:
        one = Said(MAKER, f"Usual {len(self.usual)}?", self._now)
        self.usual.append(one)
        words = f'"{one.text}" "Yes" "No"'
        answer = await self._place.slack.command(MAKER, PLANNING, "/poll", words)
        is_done = self._place.is_kept(answer) or "defaults" in answer.body
        self._heard(one, f"/poll {words}", answer, is_done=is_done)

    async def _look_after(self, chance: random.Random) -> None:
        """Say what polls begin with, and take over what others share."""
        shared = [one for one in self.templates if one.is_shared and one.acked_at]
        if self.defaults.acked_at is None and chance.random() < 0.5:
            await self._set_defaults()
        elif shared:
            one = chance.choice(shared)
            view = await self._windows.by_command(CURATOR, "/poll", "templates", "poll_templates")
            press = None if view is None else below(view, one.text, "take_template")
            if view is None or press is None:
                return
            one.dropping_at = one.dropping_at or self._now
            answer = await self._place.slack.view_action(CURATOR, view.id, press)
            self._note(CURATOR, f"takes over {one.text}", answer)

    async def _set_defaults(self) -> None:
        setup = await self._windows.by_command(CURATOR, "/pollbot", "setup", "setup")
        if setup is None:
            return
        await self._place.slack.view_action(CURATOR, setup.id, "poll_defaults")
        form = await self._windows.opened(CURATOR, "poll_defaults")
        if form is None:
            return
        self.defaults_tried_at = self.defaults_tried_at or self._now
        answer = await self._place.slack.submit(CURATOR, form.id, typed(form, settings=_SETTINGS))
        is_done = answer.error is None and "Saved" in answer.body
        self._heard(self.defaults, "says what polls begin with", answer, is_done=is_done)

    # Helpers

    @property
    def _now(self) -> float:
        return self._place.loop.time()

    def _heard(self, one: Said, what: str, answer: Answer, *, is_done: bool) -> None:
        if is_done:
            one.acked_at = self._now
        self._note(one.user, what, answer)

    def _is_sure(self, answer: Answer, since: float) -> bool:
        """Return whether an answer without a word says that it is done: the disk took all."""
        return self._place.is_kept(answer) and not any(
            begun <= self._now and over >= since for begun, over in self._place.disk_troubles
        )

    def _note(self, who: str, what: str, answer: Answer) -> None:
        self._place.note(who, what, answer.error or answer.body[:60] or "acknowledged")

    def _first_option(self) -> str:
        names = (element["action_id"] for _, element in parts(self.card(self.over).blocks))
        return next(str(name) for name in names if AnswerClick.pattern().match(name))

    def _id_of(self, poll: Asked) -> str:
        buttons = (element for _, element in parts(self.card(poll).blocks))
        one = next(one for one in buttons if AnswerClick.pattern().match(one["action_id"]))
        return AnswerClick.unpack(one).poll


def below(view: View, words: str, name: str) -> str | None:
    """Return the action_id of the button of that name below those words; None if there is none."""
    for above, block in pairwise(view.view["blocks"]):
        for element in _elements(block) if words in str(above) else ():
            if element["action_id"].partition(":")[0] == name:
                return str(element["action_id"])
    return None


def _elements(block: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield from (element for _, element in parts([block]))
