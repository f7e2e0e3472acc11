"""What is found of a workspace's polls, as far as somebody may see it."""

from pollbot.people import Person
from pollbot.polls.results.rules import Listed
from pollbot.polls.results.service import PollResults
from pollbot.polls.rules import Kind
from pollbot.polls.searches.rows import SearchRows
from pollbot.polls.searches.rules import FOUND, Found, FoundPoll, Search
from pollbot.polls.sources.service import PollSources
from pollbot.polls.sources.source import PLAIN, About
from pollbot.slack.channels import Channels
from pollbot.store.worker import Clock


class Searches:
    """Of a poll that is not their own people find what hangs where they may look.

    On an issue or page those are found that whoever sees it sees.
    """

    def __init__(
        self,
        search_rows: SearchRows,
        results: PollResults,
        sources: PollSources,
        channels: Channels,
        clock: Clock,
    ) -> None:
        self._search_rows = search_rows
        self._results = results
        self._sources = sources
        self._channels = channels
        self._clock = clock

    async def named(self, person: Person, channel_id: str, where: str) -> About:
        """Return what the words name on which polls are; those made in Jira are known then."""
        about = await self._sources.named(person, channel_id, where)
        if about is not PLAIN:
            await self._sources.discover(person, about)
        return about

    async def on(self, person: Person, kind: Kind, subject: str, site: str) -> About:
        """Return it as the person sees it now. Raises what Jira answers."""
        return await self._sources.seen(person, kind, subject, site)

    async def find(
        self, person: Person, search: Search, about: About, page: int, here: str = ""
    ) -> Found:
        """Return a page of what is found; the person is ``here``, whatever Slack tells of that."""
        now = self._clock()
        matches, is_cut = await self._search_rows.matching(person, search, about.subject, now)
        if about is PLAIN:
            asked = {one for match in matches for one in match.channels}
            seen = await self._channels.seen_by(person, asked) | {here}
            matches = [one for one in matches if one.mine or seen & set(one.channels)]
        else:
            others = self._sources.others(about.site)
            matches = [one for one in matches if one.site not in others]
            asked = {one for match in matches for one in match.channels}
            seen = await self._channels.seen_by(person, asked) | {here}
        total = len(matches)
        page = min(max(0, page), max(0, total - 1) // FOUND)
        shown = {one.id: one for one in matches[page * FOUND : (page + 1) * FOUND]}
        polls = [
            FoundPoll(
                Listed(kept.poll, await self._results.of(kept), kept.poll.is_open(now)),
                [one for one in shown[kept.poll.id].channels if one in seen],
                kept.created_at,
            )
            for kept in await self._search_rows.polls(person.team_id, [*shown])
        ]
        return Found(search, polls, page, total, about, is_cut)
