"""What people keep for themselves: whose it is, who manages it, and the list of it, in pages."""

from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from pollbot.errors import NotLookedUp, NotYours
from pollbot.people import Person
from pollbot.slack.users import People

LISTED = 10
"""How many a page of a list has."""


class Owned(Protocol):
    """Something that belongs to a person."""

    @property
    def owner(self) -> Person: ...


T = TypeVar("T", bound=Owned)


class OwnedRows(Protocol[T]):
    """Where such things are kept."""

    def find(self, team_id: str, id_: str, /) -> Awaitable[T]: ...

    def of(self, team_id: str, owner: str | None, /) -> Awaitable[list[T]]: ...

    def others_in(self, person: Person, channel_id: str, /) -> Awaitable[list[T]]: ...


@dataclass(frozen=True, slots=True)
class Part:
    """Which part of a list is shown: this page of ``total`` things.

    ``everybodys``: they are those of the whole workspace, for an admin; ``unsure``: why it is not
    known whether the reader is one.
    """

    everybodys: bool
    page: int = 0
    total: int = 0
    unsure: NotLookedUp | None = None


@dataclass(frozen=True, slots=True)
class Listed(Generic[T]):
    """A part of a list, and what the owners in it are called, by user id."""

    things: Sequence[T]
    part: Part
    called: Mapping[str, str]

    def by(self, thing: T, reader: Person) -> str | None:
        """Return what its owner is called, empty where nobody knows; None: it is the reader's."""
        return None if thing.owner == reader else self.called.get(thing.owner.user_id, "")

    def is_theirs(self, thing: T, reader: Person) -> bool:
        """Return whether the reader may do nothing about it."""
        return thing.owner != reader and not self.part.everybodys


class OwnedLists(Generic[T]):
    """Finds them for whoever asks. ``refusal`` is what others hear who are no admins."""

    def __init__(self, rows: OwnedRows[T], people: People, refusal: type[NotYours]) -> None:
        self._rows = rows
        self._people = people
        self._refusal = refusal

    async def managed(self, person: Person, id_: str) -> T:
        """Return the thing if it is the person's, or they are an admin.

        Raises NotYours, NotLookedUp while nobody can tell, and what is raised for one that is gone.
        """
        thing = await self._rows.find(person.team_id, id_)
        if thing.owner != person and not await self._people.is_admin(person):
            raise self._refusal
        return thing

    async def listed(self, person: Person, channel_id: str, page: int = 0) -> Listed[T]:
        """Return a page of what is the person's; for an admin of what is everybody's.

        After that comes what others have in the channel, to look at only.
        """
        admin, unsure = False, None
        try:
            admin = await self._people.is_admin(person)
        except NotLookedUp as error:
            unsure = error
        found = await self._rows.of(person.team_id, None if admin else person.user_id)
        if not admin:
            found += await self._rows.others_in(person, channel_id)
        # A page may be gone since its button was drawn.
        page = min(page, max(0, len(found) - 1) // LISTED)
        shown = found[page * LISTED : (page + 1) * LISTED]
        owners = {one.owner.user_id for one in shown} - {person.user_id}
        called = await self._people.called(person.team_id, owners)
        return Listed(shown, Part(admin, page, len(found), unsure), called)
