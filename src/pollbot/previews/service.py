"""Links to issues in people's messages: which of them get a preview."""

from collections.abc import Sequence
from dataclasses import dataclass

from pollbot.cards.rows import CardRows, Shared, Wanted
from pollbot.jira.issues import IssueAt, mentioned
from pollbot.jira.sites import Sites
from pollbot.people import Person
from pollbot.previews.rows import PreviewRows
from pollbot.previews.rules import LATEST, MOST_LINKS, Shown, WorkObjects
from pollbot.slack.users import People
from pollbot.store.deliveries import aside
from pollbot.store.worker import Clock


@dataclass(frozen=True, slots=True)
class Links:
    """Links that somebody shares, as Slack tells of them once.

    ``ts`` is the message in ``channel_id``.
    """

    person: Person
    channel_id: str
    ts: str
    urls: Sequence[str]
    told_at: float


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
        rights = await self._card_rows.rights(links.person.team_id)
        named = {issue: url for issue, url in named.items() if rights.allows(issue.key)}
        # Nobody asked for a preview, so nobody is told that admins do not allow one here.
        if not named or not rights.has_place(links.channel_id) or await self._is_off(links):
            return
        *others, last = (
            Wanted(
                links.channel_id,
                issue.site,
                None,
                f"{links.ts} {url}",
                issue_key=issue.key,
                shared=Shared(url, links.ts),
            )
            for issue, url in list(named.items())[:MOST_LINKS]
        )
        for wanted in others:
            with aside():
                await self._card_rows.want(links.person, wanted, now)
        await self._card_rows.want(links.person, last, now)

    async def shown(self, person: Person, channel_id: str) -> Shown:
        """Return what the channel shows."""
        return await self._preview_rows.of(person.team_id, channel_id)

    async def choose(self, person: Person, channel_id: str, shown: Shown) -> None:
        """Have the channel show that from now on, below the links that hang there, too.

        Raises AdminsOnly unless an admin lets it show what not everybody may see.
        """
        if shown == "poster":
            await self._people.must_be_admin(person)
        await self._preview_rows.choose(person, channel_id, shown, self._clock())

    async def work_objects(self, person: Person) -> WorkObjects:
        """Return whether previews in the workspace are Work Objects."""
        return await self._preview_rows.work_objects(person.team_id)

    async def switch(self, person: Person, on: bool) -> WorkObjects:
        """Have them be Work Objects from the next link on, or blocks. Raises AdminsOnly."""
        await self._people.must_be_admin(person)
        await self._preview_rows.switch(person, on, self._clock())
        return WorkObjects(on)

    async def _is_off(self, links: Links) -> bool:
        return await self._preview_rows.of(links.person.team_id, links.channel_id) == "off"
