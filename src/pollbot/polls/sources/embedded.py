"""Polls that live in pollbot itself."""

from collections.abc import Sequence

from pollbot.chance import Chance, new_id
from pollbot.errors import NotLookedUp
from pollbot.people import Person
from pollbot.polls.kept import Home, Kept
from pollbot.polls.refusals import OwnersOnly
from pollbot.polls.rules import Draft, Option
from pollbot.polls.sources.source import About, Can, Options, SourcePoll
from pollbot.slack.users import People


class Embedded:
    """Nothing has to be asked: a poll is what its rows say."""

    kind = ""
    can = Can(
        elsewhere=False,
        hides_results=True,
        takes_answers=False,
        shares=True,
        reuses_ids=False,
        needs_named_place=False,
    )

    def __init__(self, people: People, chance: Chance) -> None:
        self._people = people
        self._chance = chance

    async def home(self, team_id: str, about: About) -> Home | None:
        """Return None: there is no place beside this one."""
        return None

    async def same(self, team_id: str, one: Home, other: Home) -> bool:
        """Return False: nothing of it has a place."""
        return False

    def check_draft(self, about: About, home: Home | None, draft: Draft) -> None:
        """Take every poll."""

    def check_change(self, kept: Kept, draft: Draft) -> None:
        """Take every change."""

    async def must_make(self, person: Person, about: About) -> None:
        """Let everybody make polls."""

    async def may_manage(self, person: Person, kept: Kept) -> bool:
        """Return whether the person is its creator, a co-owner or an admin.

        Whether they are an admin is asked again when it is tried, so for a while without an
        answer it is offered.
        """
        if _owns(person, kept):
            return True
        try:
            return await self._people.is_admin(person)
        except NotLookedUp:
            return True

    async def must_manage(self, person: Person, kept: Kept, about: About) -> None:
        """Raise NotYours unless the person is its creator, a co-owner or an admin.

        Raises NotLookedUp while nobody can tell.
        """
        if not _owns(person, kept) and not await self._people.is_admin(person):
            raise OwnersOnly

    async def look(self, team_id: str, home: Home) -> None:
        """Answer at once."""

    async def create(self, kept: Kept, draft: Draft) -> SourcePoll:
        """Return the poll as it is."""
        poll = kept.poll
        return SourcePoll(
            poll.id, poll.title, poll.description, poll.options, poll.settings, "", None
        )

    async def change(
        self, kept: Kept, draft: Draft, options: Options, shown: Sequence[str]
    ) -> SourcePoll:
        """Return the poll as it will be; a new option gets an id that no button ever had."""
        known = {option.id for option in kept.poll.options}
        changed = tuple(
            Option(old if old and old in known else new_id(self._chance), title, place)
            for place, (old, title) in enumerate(options)
        )
        return SourcePoll(
            kept.poll.id, draft.title, draft.description, changed, draft.settings, "", None
        )

    async def add(self, kept: Kept, title: str) -> SourcePoll:
        """Leave that to the rows, where two at once are both kept."""
        raise NotImplementedError

    async def delete(self, kept: Kept) -> None:
        """Leave that to the rows."""

    async def polls(self, team_id: str, home: Home) -> list[SourcePoll]:
        """Return none: what there is, the rows have."""
        return []


def _owns(person: Person, kept: Kept) -> bool:
    return person.user_id == kept.poll.created_by or person.user_id in kept.owners
