"""The Jira sites that this pollbot votes on: which one is meant, and the client of each."""

from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress

from pollbot.jira.client import Jira
from pollbot.jira.issues import IssueAt, NamedIssue, find_issue, host_of, mentioned
from pollbot.jira.pages import Linked, PageRef, find_page
from pollbot.jira.refusals import OtherSite

OfChannel = Callable[[], Awaitable[Linked | None]]
"""Tells what a channel is linked to."""


class Sites:
    """Sites by their addresses, the default one first.

    Whatever is kept has its site beside it. A site that was taken out of the settings since keeps
    its client, so that what is kept of it never becomes another site's.
    """

    def __init__(
        self, sites: Mapping[str, frozenset[str]], client_of: Callable[[str], Jira]
    ) -> None:
        """``sites``: the projects that are known to live on each; ``client_of`` makes a client."""
        self.all = tuple(sites)
        self.default = self.all[0]
        self._of_project = {
            project: site for site, projects in sites.items() for project in projects
        }
        self._client_of = client_of
        self._clients = {site: client_of(site) for site in self.all}

    @property
    def are_several(self) -> bool:
        """Whether people have to be told which one is meant."""
        return len(self.all) > 1

    def jira(self, site: str) -> Jira:
        """Return the client of a site."""
        if site not in self._clients:
            self._clients[site] = self._client_of(site)
        return self._clients[site]

    def current(self, site: str) -> str:
        """Return the site; the default one for an empty one, and where there is no other.

        So what is kept goes on where the one site has another address, and what was kept of one
        of several never becomes another's.
        """
        return site if site and (self.are_several or site in self.all) else self.default

    def other(self, site: str) -> str:
        """Return the site where it is not the default one, and empty where it is."""
        site = self.current(site)
        return "" if site == self.default else site

    def named(self, site: str) -> str:
        """Return what a site is called where there are several; empty where there is one."""
        return host_of(site) if self.are_several else ""

    def by_host(self, host: str) -> str | None:
        """Return the site with that host; None if it is none of ours."""
        return next((site for site in self.all if host_of(site) == host.strip().lower()), None)

    def of_key(self, key: str) -> str | None:
        """Return where the project of a key is known to live."""
        return self._of_project.get(key.rpartition("-")[0].upper())

    async def meant(self, text: str, linked: OfChannel) -> Linked | None:
        """Return the page or issue that ``text`` names; what is ``linked`` where it is blank.

        Raises what ``page`` and ``issue`` do; a link to elsewhere may stand beside an issue.
        """
        page = None
        with suppress(OtherSite):
            page = self.page(text)
        if page is not None:
            return page
        found = find_issue(text, self.all)
        return await linked() if found is None else await self._on_its_site(found, linked)

    async def issue(self, text: str, linked: OfChannel) -> IssueAt | None:
        """Return the issue that ``text`` names; that of the channel where it is blank.

        A link's host decides on the site, then the project, then what the channel is ``linked``
        to, which is asked for only where it counts. Raises what ``find_issue`` does.
        """
        found = find_issue(text, self.all)
        if found is not None:
            return await self._on_its_site(found, linked)
        channel = await linked()
        return channel if isinstance(channel, IssueAt) else None

    async def _on_its_site(self, found: NamedIssue, linked: OfChannel) -> IssueAt:
        site = found.site or self.of_key(found.key)
        if site is None and self.are_several:
            channel = await linked()
            site = None if channel is None else channel.site
        return IssueAt(site or self.default, found.key)

    async def mentioned(self, text: str, linked: OfChannel) -> list[IssueAt]:
        """Return all issues that a message names, as ``issue`` reads each, once each."""
        found, other = mentioned(text, self.all), self.default
        if self.are_several and any(one.site is None for one in found):
            channel = await linked()
            other = other if channel is None else channel.site
        return list(
            dict.fromkeys(
                IssueAt(one.site or self.of_key(one.key) or other, one.key) for one in found
            )
        )

    def page(self, text: str) -> PageRef | None:
        """Return the page that a link in ``text`` leads to. Raises what ``find_page`` does."""
        return find_page(text, self.all)
