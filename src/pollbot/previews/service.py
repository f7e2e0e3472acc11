"""Links to issues in people's messages: which of them get a preview."""

from collections.abc import Sequence
from dataclasses import dataclass

from pollbot.cards.rows import CardRows, Shared, Wanted
from pollbot.jira.issues import IssueAt, mentioned
from pollbot.jira.sites import Sites
from pollbot.people import Person
from pollbot.previews.rows import PreviewRows
from pollbot.previews.rules import LATEST, MOST_LINKS, Shown
from pollbot.slack.users import People
from pollbot.store.worker import Clock


@dataclass(frozen=True, slots=True)
class Links:
    """Links that somebody shares, as Slack tells of them once.

    ``ts`` is the message in ``channel_id``; both are empty while it is being written, and then
    ``unfurl_id`` and ``source`` lead to it.
    """

    person: Person
    channel_id: str
    ts: str
    unfurl_id: str
    source: str
    urls: Sequence[str]
    told_at: float
    stamp: str


class Previews:
    """What a channel shows below links to issues."""

    def __init__(
        self,
        card_rows: CardRows,
        preview_rows: PreviewRows,
        people: People,
        sites: Sites,
        clock: Clock,
    ) -> None:
        self._card_rows = card_rows
        self._preview_rows = preview_rows
        self._people = people
        self._sites = sites
        self._clock = clock

    async def shared(self, links: Links) -> None:
        """Keep that previews are wanted: of links to issues of ours that are no old news."""
        now = self._clock()
        if now - links.told_at > LATEST:
            return
        named: dict[IssueAt, str] = {}
        for url in links.urls:
            for one in mentioned(url, self._sites.all):
                if one.site is not None:
                    named.setdefault(IssueAt(one.site, one.key), url)
        if not named or await self._is_off(links):
            return
        for issue, url in list(named.items())[:MOST_LINKS]:
            wanted = Wanted(
                links.channel_id,
                issue.site,
                None,
                links.stamp,
                issue_key=issue.key,
                shared=Shared(url, links.ts, links.unfurl_id, links.source),
            )
            await self._card_rows.want(links.person, wanted, now)

    async def shown(self, person: Person, channel_id: str) -> Shown:
        """Return what the channel shows."""
        return await self._preview_rows.of(person.team_id, channel_id)

    async def choose(self, person: Person, channel_id: str, shown: Shown) -> None:
        """Have the channel show that from now on.

        Raises AdminsOnly unless an admin lets it show what not everybody may see.
        """
        if shown == "poster":
            await self._people.must_be_admin(person)
        await self._preview_rows.choose(person.team_id, channel_id, shown)

    async def _is_off(self, links: Links) -> bool:
        return await self._preview_rows.of(links.person.team_id, links.channel_id) == "off"
