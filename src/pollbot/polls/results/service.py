"""Results: read anew, and shown as far as the poll allows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pollbot.errors import PollGone
from pollbot.people import Person
from pollbot.polls import blocks
from pollbot.polls.answers.rows import AnswerRows
from pollbot.polls.cards import as_seen, by_name, linked
from pollbot.polls.kept import FRESH, Kept
from pollbot.polls.results.blocks import (
    JIRA_AWAY,
    JIRA_NOT_UNDERSTOOD,
    results_message,
    results_view,
    why_hidden,
)
from pollbot.polls.rows import PollRows
from pollbot.polls.rules import Kind, Poll, Visibility
from pollbot.polls.sources.service import PollSources
from pollbot.polls.sources.source import PLAIN, About
from pollbot.polls.tally import Results
from pollbot.slack.clicks import PollsPageClick
from pollbot.slack.kit import Block, Message, without_charts
from pollbot.slack.users import People
from pollbot.store.worker import Clock


@dataclass(frozen=True, slots=True)
class Listed:
    """A poll with what it is about and what everybody may see of its results."""

    kept: Kept
    about: About
    results: Results


class PollResults:
    """What /poll list, /poll results and their buttons show. Raises PollbotError."""

    def __init__(
        self,
        answer_rows: AnswerRows,
        poll_rows: PollRows,
        sources: PollSources,
        people: People,
        clock: Clock,
    ) -> None:
        self._answer_rows = answer_rows
        self._poll_rows = poll_rows
        self._sources = sources
        self._people = people
        self._clock = clock

    async def of(self, kept: Kept, *, answered: bool = False) -> Results:
        """Return the results as everybody, or somebody who answered, may see them."""
        return await as_seen(self._answer_rows, kept, self._clock(), answered=answered)

    async def in_words(self, kept: Kept) -> Results:
        """Return the results as everybody may see them, for a message that mentions nobody."""
        return await by_name(self._people, kept, await self.of(kept))

    async def read(self, person: Person, poll_id: str) -> Listed:
        """Return a poll with the results as this person may see them, read anew."""
        kept = await self._poll_rows.find(person.team_id, poll_id)
        if kept.poll.deleted:
            raise PollGone
        if kept.kind != "plain":
            await self._sources.sees(person, kept)
        kept = await self._sources.synced(kept)
        if kept.poll.deleted:
            raise PollGone
        answered = False
        if kept.poll.settings.visibility is Visibility.AFTER_VOTE:
            answered = bool((await self._answer_rows.mine(person, poll_id)).after)
        about = await self._sources.about(kept.team_id, kept.kind, kept.subject)
        return Listed(kept, about, await self.of(kept, answered=answered))

    async def shown(self, person: Person, poll_id: str, view: str) -> tuple[Message, Message]:
        """Return the results in a view, and the same without charts for a Slack without them."""
        listed = await self.read(person, poll_id)
        poll = listed.kept.poll
        message = results_message(
            poll,
            listed.results,
            view,
            now_open=poll.is_open(self._clock()),
            about=linked(listed.about),
            note=self.note(listed.kept),
        )
        return message, Message(message.text, without_charts(message.blocks))

    async def window(self, person: Person, poll_id: str, page: int) -> tuple[Poll, Block]:
        """Return a page of all results as a window, and their poll."""
        listed = await self.read(person, poll_id)
        poll = listed.kept.poll
        return poll, results_view(
            poll,
            listed.results,
            now_open=poll.is_open(self._clock()),
            note=self.note(listed.kept),
            page=page,
        )

    def read_now(self, kept: Kept) -> bool:
        """Return whether what is known of the answers given in Jira was read just now."""
        return not self._sources.can(kept).elsewhere or self._clock() - kept.read_at <= 2 * FRESH

    def note(self, kept: Kept) -> str:
        """Return what is to be said about the part that was counted in Jira."""
        if not kept.understood:
            return JIRA_NOT_UNDERSTOOD
        return "" if self.read_now(kept) else JIRA_AWAY

    async def names(
        self, person: Person, poll_id: str
    ) -> tuple[Poll, Mapping[str, Sequence[str]], str]:
        """Return who chose what, and why that is not shown to this person, empty if it is."""
        listed = await self.read(person, poll_id)
        poll, found = listed.kept.poll, listed.results
        why = why_hidden(poll, found) if found.hidden is not None else ""
        everybody = (await self._answer_rows.counted(listed.kept)).names
        shown = {
            one.option.id: everybody.get(one.option.id, ()) for one in found.lines if one.named
        }
        return poll, {one.option.id: shown.get(one.option.id, ()) for one in found.lines}, why

    async def list_message(self, person: Person, channel_id: str, where: str | None) -> Message:
        """Return the first page of the list that /poll list shows, those made in Jira too."""
        about = await self._sources.named(person, channel_id, where)
        if about is not PLAIN:
            await self._sources.discover(person, about)
        return await self._page(person, channel_id, about, 0)

    async def list_page(
        self, person: Person, channel_id: str, kind: Kind, subject: str, page: int
    ) -> Message:
        """Return another page of the list."""
        about = await self._sources.seen(person, kind, subject)
        return await self._page(person, channel_id, about, page)

    async def _page(self, person: Person, channel_id: str, about: About, page: int) -> Message:
        now, polls, size = self._clock(), self._poll_rows, blocks.LISTED
        found = (
            await polls.plain(person, channel_id, now, page, size)
            if about is PLAIN
            else await polls.about(person.team_id, about.subject, now, page, size)
        )
        shown = [
            blocks.Listed(kept.poll, await self.of(kept), kept.poll.is_open(now))
            for kept in found.polls
        ]
        turn = PollsPageClick(kind=about.kind, subject=about.subject, page=found.number)
        return blocks.poll_list(shown, linked(about), turn=turn, total=found.total)
