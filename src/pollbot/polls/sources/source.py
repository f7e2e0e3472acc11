"""What a source of polls is: somewhere that keeps them, pollbot itself or another program.

All of pollbot asks a source by this, and what it cannot do is data. Whoever adds one writes a body
and hands it to PollSources in wiring; tests/polls/test_sources.py holds what a body has to do.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from pollbot.errors import BadInput
from pollbot.people import Person
from pollbot.polls.kept import Home, Kept
from pollbot.polls.rules import Definition, Draft, Kind, Option, PollSettings
from pollbot.polls.tally import Part

Options = Sequence[tuple[str | None, str]]
"""The options of an edit, in order: the id of one that stays, or None; and its title."""


@dataclass(frozen=True, slots=True)
class About:
    """What a poll is on, as its creator sees it.

    ``label`` is the issue's key or the page's title; empty for a plain poll, and where it is not
    known, as ``workspace`` is, the project's key or the space's id. ``site`` is where it is, empty
    for a plain poll.
    """

    kind: Kind
    subject: str
    label: str
    url: str
    workspace: str = ""
    site: str = ""


PLAIN = About("plain", "", "", "")


@dataclass(frozen=True, slots=True)
class Can:
    """What a source can do.

    ``elsewhere``: its polls are made and read there, and may be gone there. ``hides_results``: it
    keeps polls whose results are not always visible. ``takes_answers``: people answer there, too.
    ``shares``: a poll may have co-owners; else the place says who may change it. ``reuses_ids``:
    the id of an option that is gone may be that of another one later. ``needs_named_place``: some
    places are to be named by somebody first, and raise PlaceUnnamed until then.
    """

    elsewhere: bool
    hides_results: bool
    takes_answers: bool
    shares: bool
    reuses_ids: bool
    needs_named_place: bool


@dataclass(frozen=True, slots=True)
class SourcePoll:
    """A poll as its source has it at one moment.

    ``sent`` is what the source keeps of it for itself. ``answers`` is None where no results came;
    ``understood`` is False where some came, in a shape nobody knows.
    """

    id: str
    title: str
    description: str
    options: tuple[Option, ...]
    settings: PollSettings
    sent: str
    answers: Part | None
    understood: bool = True

    @property
    def definition(self) -> Definition:
        """What the poll asks."""
        return Definition(self.title, self.description, self.options, self.settings)


def asked_there(kept: Kept, there: SourcePoll) -> Definition:
    """Return what the poll asks by what its source says, with the settings that are pollbot's own.

    Names once promised not to be kept stay away, whatever its source says later.
    """
    ours = kept.poll.settings
    settings = replace(there.settings, names=there.settings.names and ours.names)
    return replace(there.definition, settings=settings.with_own_of(ours))


def is_as_kept(kept: Kept, there: SourcePoll) -> bool:
    """Return whether the poll asks in its source what it asks here."""
    poll = kept.poll
    live = tuple(Option(one.id, one.title, one.order) for one in poll.options if not one.removed)
    here = Definition(poll.title, poll.description, live, poll.settings)
    return here == asked_there(kept, there)


class PlaceUnnamed(BadInput):
    """The source keeps polls of this place under a name that nobody has told yet."""


class PollSource(Protocol):
    """Keeps polls. What is refused raises BadInput or NotYours; a source that cannot be used
    SourceError or SourceUnavailable; a poll that is gone there PollGone.
    """

    kind: str
    can: Can

    async def home(self, team_id: str, about: About) -> Home | None:
        """Return where it would keep a team's polls on this; None: it keeps none on it."""

    async def same(self, team_id: str, one: Home, other: Home) -> bool:
        """Return whether polls that were kept under the one are found under the other."""

    def check_draft(self, about: About, home: Home | None, draft: Draft) -> None:
        """Raise BadInput if it cannot keep this poll."""

    def check_change(self, kept: Kept, draft: Draft) -> None:
        """Raise BadInput if it cannot keep this change of one of its polls."""

    async def must_make(self, person: Person, about: About) -> None:
        """Raise NotYours unless the person may make polls on this."""

    async def may_manage(self, person: Person, kept: Kept) -> bool:
        """Return whether to offer the person to change the poll, as far as that is known here."""

    async def must_manage(self, person: Person, kept: Kept, about: About) -> None:
        """Raise NotYours unless the person may change, close and delete the poll."""

    async def look(self, team_id: str, home: Home) -> None:
        """Raise unless it answers about this place."""

    async def create(self, kept: Kept, draft: Draft) -> SourcePoll:
        """Make the poll there, and return it."""

    async def change(
        self, kept: Kept, draft: Draft, options: Options, shown: Sequence[str]
    ) -> SourcePoll:
        """Change the poll's definition, and return it as it is then.

        ``shown`` are the options that the person had before them: one that came meanwhile is not
        theirs to remove. Raises Overtaken, and changes nothing, where it is otherwise there by now
        than it is ``kept``.
        """

    async def add(self, kept: Kept, title: str) -> SourcePoll:
        """Add one option at the end, as anybody who answers may where the poll allows it.

        All else of the poll stays as it is there. Raises SameOption where it has one like it.
        """

    async def delete(self, kept: Kept) -> None:
        """Delete the poll; one that is gone already is deleted."""

    async def polls(self, team_id: str, home: Home) -> list[SourcePoll]:
        """Return all polls of a place."""
