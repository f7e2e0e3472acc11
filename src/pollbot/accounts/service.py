"""Jira accounts, and the channel's issue or page: connect, forget, link."""

import asyncio
import logging
from dataclasses import replace
from functools import partial

from pollbot.accounts.grant_rows import GrantRows, SignIn
from pollbot.accounts.refusals import ConnectedSince, LinkUnseen, PageUnseen, Parted
from pollbot.accounts.rows import AccountRows
from pollbot.accounts.rules import Disconnected, Link, Waiting
from pollbot.chance import Chance, new_id
from pollbot.errors import AccountRefused, JiraError, JiraUnavailable, NotFound, SiteMoved
from pollbot.jira.issues import site_of
from pollbot.jira.pages import Linked, PageRef
from pollbot.jira.refusals import NoIssue
from pollbot.jira.sites import Sites
from pollbot.people import Account, Person
from pollbot.store.worker import Clock

log = logging.getLogger(__name__)

GOOD_FOR = 600.0
"""Seconds for which a link to sign in works, and more than a check takes."""

_PATIENCE = 2.0


class Accounts:
    """What people do about their account, and about what a channel is linked to."""

    def __init__(
        self,
        account_rows: AccountRows,
        grant_rows: GrantRows,
        sites: Sites,
        clock: Clock,
        chance: Chance,
    ) -> None:
        self._account_rows = account_rows
        self._grant_rows = grant_rows
        self.sites = sites
        self._clock = clock
        self._chance = chance

    async def find(self, person: Person, site: str) -> Account | None:
        """Return the person's account on a site, whether Jira still takes it or not."""
        return await self._account_rows.find(person, site)

    async def sign_in(self, site: str, email: str, token: str) -> Account:
        """Return whose e-mail and token that are on the site; keep nothing.

        Raises AccountRefused, JiraError, JiraUnavailable and SiteMoved.
        """
        return await self.sites.jira(site).sign_in(email, token)

    async def begin_check(self, person: Person, site: str, channel_id: str) -> str:
        """Keep that a token of the person is checked; return the id of that check."""
        check_id, now = new_id(self._chance), self._clock()
        asked = SignIn(person.team_id, person.user_id, channel_id, now, site=site)
        await self._grant_rows.begin_check(check_id, asked, now - GOOD_FOR)
        return check_id

    async def end_check(self, check_id: str) -> None:
        """Keep that nothing comes of the check."""
        await self._grant_rows.end_check(check_id)

    async def connect_checked(
        self, person: Person, site: str, account: Account, check_id: str
    ) -> Waiting:
        """Keep the account on the site; return what waited for it.

        Raises Parted and ConnectedSince where nobody asks for that any more; then it is not kept.
        """
        waiting = await self._grant_rows.connect_checked(
            check_id, person, site, account, self._clock()
        )
        if waiting is None:
            raise await self.overtaken(person, site)
        return waiting

    async def overtaken(self, person: Person, site: str) -> Parted | ConnectedSince:
        """Return by what a check of theirs was overtaken that nobody asks for any more."""
        account = await self._account_rows.find(person, site)
        return Parted() if account is None else ConnectedSince(site)

    async def disconnect(self, person: Person, host: str) -> list[Disconnected]:
        """Forget the account on the site with that host, and what waits for it; blank: on all.

        Return what became of each. Raises OtherSite.
        """
        host = host.strip().removeprefix("<").removesuffix(">").partition("|")[0]
        host = host.partition("://")[2] or host
        ours = self.sites.all
        return await self._account_rows.disconnect(
            person, [site_of(host.partition("/")[0], ours)] if host else ours, self._clock()
        )

    async def linked(self, person: Person, channel_id: str) -> Link | None:
        """Return what the channel is linked to; a page by its title where the person sees it."""
        to = await self._linked(person, channel_id)
        if not isinstance(to, PageRef):
            return None if to is None else Link(to, seen=False)
        try:
            return await self._looked_at(person, to)
        except NotFound:
            return Link(to, seen=False)

    async def link(self, person: Person, channel_id: str, text: str) -> Link:
        """Link the channel to the issue or page named in ``text``. Raises BadInput.

        If the person is connected and Jira is at hand, what it does not show them raises
        LinkUnseen or PageUnseen; otherwise the key, or the page's id, is taken as it is.
        """
        to = await self.sites.meant(text, partial(self._linked, person, channel_id))
        if to is None:
            raise NoIssue("/pollbot link")
        try:
            link = await self._looked_at(person, to)
        except NotFound:
            raise PageUnseen if isinstance(to, PageRef) else LinkUnseen(to.key) from None
        if isinstance(to, PageRef):
            await self._account_rows.link_page(person, channel_id, to, self._clock())
            return link
        kept = await self._account_rows.link(person, channel_id, to, self._clock())
        return replace(link, to=kept)

    async def unlink(self, person: Person, channel_id: str) -> Linked | None:
        """Remove the channel's link; return what it was linked to."""
        return await self._account_rows.unlink(person, channel_id, self._clock())

    async def _linked(self, person: Person, channel_id: str) -> Linked | None:
        return await self._account_rows.linked(person.team_id, channel_id, self.sites.all)

    async def _looked_at(self, person: Person, to: Linked) -> Link:
        """Return the link as the person sees it, if that can be told soon. Raises NotFound."""
        account = await self._account_rows.usable(person, to.site)
        if account is None:
            return Link(to, seen=False)
        jira = self.sites.jira(to.site)
        try:
            async with asyncio.timeout(_PATIENCE):
                if isinstance(to, PageRef):
                    page = await jira.page(to.page_id, account)
                    return Link(to, seen=True, title=page.title)
                await jira.issue(to.key, account)
                return Link(to, seen=True)
        except NotFound:
            raise
        except (AccountRefused, JiraError, JiraUnavailable, SiteMoved, TimeoutError):
            log.info("what a channel is linked to could not be looked at")
            return Link(to, seen=False)
