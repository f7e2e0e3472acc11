"""A third source of polls: a notebook on the table, which keeps those of one project.

People write into it as well, so what is in it may change without pollbot.
"""

from collections.abc import Sequence
from dataclasses import replace
from itertools import count

from pollbot.errors import NotYours, PollGone
from pollbot.people import Person
from pollbot.polls.kept import Home, Kept
from pollbot.polls.rules import Draft, Option
from pollbot.polls.sources.source import (
    About,
    Can,
    Options,
    PlaceUnnamed,
    SourcePoll,
    is_as_kept,
)
from pollbot.polls.tally import Part
from pollbot.slack.meanwhile import Overtaken


class InInk(NotYours):
    """What is written so cannot be changed."""


class ReadsOnly(NotYours):
    """Somebody may look into the notebook, and not write in it."""


class Notebook:
    """Keeps polls on the issues of a project, a page for each issue.

    Whoever is in ``readers`` only may not write in it. An issue in ``unnamed`` has no page yet.
    """

    kind = "notebook"
    can = Can(
        elsewhere=True,
        hides_results=True,
        takes_answers=True,
        shares=False,
        reuses_ids=False,
        needs_named_place=True,
    )

    def __init__(self, project: str) -> None:
        self.project = project
        self.pages: dict[str, dict[str, SourcePoll]] = {}
        self.readers: set[str] = set()
        self.unnamed: set[str] = set()
        self._numbers = count(1)

    async def home(self, team_id: str, about: About) -> Home | None:
        if about.workspace != self.project:
            return None
        return Home(self.kind, "the notebook", f"page of {about.subject}")

    async def same(self, team_id: str, one: Home, other: Home) -> bool:
        return one.place == other.place

    def check_draft(self, about: About, home: Home | None, draft: Draft) -> None:
        if about.subject in self.unnamed:
            raise PlaceUnnamed

    def check_change(self, kept: Kept, draft: Draft) -> None:
        if "forever" in kept.poll.title:
            raise InInk

    async def must_make(self, person: Person, about: About) -> None:
        if person.user_id in self.readers:
            raise ReadsOnly

    async def may_manage(self, person: Person, kept: Kept) -> bool:
        return person.user_id not in self.readers

    async def must_manage(self, person: Person, kept: Kept, about: About) -> None:
        await self.must_make(person, about)

    async def look(self, team_id: str, home: Home) -> None:
        self.pages.setdefault(home.place, {})

    async def create(self, kept: Kept, draft: Draft) -> SourcePoll:
        poll = SourcePoll(
            id=f"line {next(self._numbers)}",
            title=draft.title,
            description=draft.description,
            options=tuple(self._option(place, text) for place, text in enumerate(draft.options)),
            settings=draft.settings,
            sent="written by pollbot",
            answers=Part(),
        )
        return self.write(_home(kept).place, poll)

    def write(self, place: str, poll: SourcePoll) -> SourcePoll:
        """Have a poll stand on a page, as somebody with a pen would."""
        self.pages.setdefault(place, {})[poll.id] = poll
        return poll

    async def change(
        self, kept: Kept, draft: Draft, options: Options, shown: Sequence[str]
    ) -> SourcePoll:
        home = _home(kept)
        poll = self.pages[home.place].get(home.id)
        if poll is None:
            raise PollGone
        if not is_as_kept(kept, poll):
            raise Overtaken
        known = {option.id for option in poll.options}
        changed = tuple(
            Option(old, title, place) if old in known and old else self._option(place, title)
            for place, (old, title) in enumerate(options)
        )
        return self.write(
            home.place,
            replace(
                poll,
                title=draft.title,
                description=draft.description,
                options=changed,
                settings=draft.settings,
            ),
        )

    async def add(self, kept: Kept, title: str) -> SourcePoll:
        home = _home(kept)
        poll = self.pages[home.place].get(home.id)
        if poll is None:
            raise PollGone
        new = self._option(len(poll.options), title)
        return self.write(home.place, replace(poll, options=(*poll.options, new)))

    async def delete(self, kept: Kept) -> None:
        home = _home(kept)
        self.pages[home.place].pop(home.id, None)

    async def polls(self, team_id: str, home: Home) -> list[SourcePoll]:
        return list(self.pages.get(home.place, {}).values())

    def _option(self, place: int, title: str) -> Option:
        return Option(f"word {next(self._numbers)}", title, place)


def _home(kept: Kept) -> Home:
    assert kept.home is not None
    return kept.home
