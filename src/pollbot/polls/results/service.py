"""Results: read anew, and shown as far as the poll allows."""

from collections.abc import Mapping, Sequence

from pollbot.errors import PollGone
from pollbot.people import Person
from pollbot.polls.answers.rows import AnswerRows
from pollbot.polls.cards import as_seen, by_name
from pollbot.polls.kept import FRESH, Kept
from pollbot.polls.results.rules import LISTED, Doubt, Listed, Page, Seen
from pollbot.polls.rows import PollRows
from pollbot.polls.rules import Kind, Visibility
from pollbot.polls.sources.service import PollSources
from pollbot.polls.sources.source import PLAIN, About
from pollbot.polls.tally import Results
from pollbot.slack.users import People
from pollbot.store.worker import Clock


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

    async def read(self, person: Person, poll_id: str) -> Seen:
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
            answered = (await self._answer_rows.mine(person, poll_id)).is_given
        about = await self._sources.about(kept.team_id, kept.kind, kept.subject, kept.site)
        shown = await self.of(kept, answered=answered)
        return Seen(kept, about, shown, kept.poll.is_open(self._clock()), self.doubt(kept))

    def read_now(self, kept: Kept) -> bool:
        """Return whether what is known of the answers given in Jira was read just now."""
        return not self._sources.can(kept).elsewhere or self._clock() - kept.read_at <= 2 * FRESH

    def doubt(self, kept: Kept) -> Doubt | None:
        """Return what is doubtful about the part that was counted in Jira."""
        if not kept.understood:
            return Doubt.NOT_UNDERSTOOD
        return None if self.read_now(kept) else Doubt.OUTDATED

    async def names(self, seen: Seen) -> Mapping[str, Sequence[str]]:
        """Return who chose each option, as far as that may be seen."""
        everybody = (await self._answer_rows.counted(seen.kept)).names
        return {
            one.option.id: everybody.get(one.option.id, ()) if one.named else ()
            for one in seen.results.lines
        }

    async def first_page(self, person: Person, channel_id: str, where: str | None) -> Page:
        """Return the first page of the list that /poll list shows, those made in Jira too."""
        about = await self._sources.named(person, channel_id, where)
        if about is not PLAIN:
            await self._sources.discover(person, about)
        return await self._page(person, channel_id, about, 0)

    async def page(
        self, person: Person, channel_id: str, on: tuple[Kind, str, str], page: int
    ) -> Page:
        """Return another page of the list; ``on``: what the polls are on, and its site or empty."""
        about = await self._sources.seen(person, *on)
        return await self._page(person, channel_id, about, page)

    async def _page(self, person: Person, channel_id: str, about: About, page: int) -> Page:
        now, polls = self._clock(), self._poll_rows
        found = (
            await polls.plain(person, channel_id, now, page, LISTED)
            if about is PLAIN
            else await polls.about(
                person.team_id, about.subject, self._sources.others(about.site), now, page, LISTED
            )
        )
        shown = [
            Listed(kept.poll, await self.of(kept), kept.poll.is_open(now)) for kept in found.polls
        ]
        return Page(about, shown, found.number, found.total)
