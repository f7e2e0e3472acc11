"""Jira accounts and the channel's issue: connect, forget, link."""

import asyncio
import logging
from dataclasses import dataclass
from functools import partial

from pollbot.accounts.grant_rows import GrantRows, SignIn
from pollbot.accounts.refusals import ConnectedSince, LinkUnseen, Parted
from pollbot.accounts.rows import AccountRows
from pollbot.accounts.rules import Disconnected, Waiting
from pollbot.chance import Chance, new_id
from pollbot.errors import AccountRefused, JiraError, JiraUnavailable, NotFound, SiteMoved
from pollbot.jira.issues import IssueAt, site_of
from pollbot.jira.refusals import NoIssue
from pollbot.jira.sites import Sites
from pollbot.people import Account, Person
from pollbot.store.worker import Clock

log = logging.getLogger(__name__)

GOOD_FOR = 600.0
"""Seconds for which a link to sign in works, and more than a check takes."""

_PATIENCE = 2.0


@dataclass(frozen=True, slots=True)
class Linked:
    """The issue of a channel's new link; ``seen``: Jira has shown it."""

    issue: IssueAt
    seen: bool


class Accounts:
    """What people do about their account, and about the issue that a channel is linked to."""

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

    async def linked(self, team_id: str, channel_id: str) -> IssueAt | None:
        """Return the issue that the channel is linked to."""
        return await self._account_rows.linked(team_id, channel_id, self.sites.all)

    async def link(self, person: Person, channel_id: str, text: str) -> Linked:
        """Link the channel to the issue named in ``text``. Raises BadInput.

        If the person is connected and Jira is at hand, an issue that Jira does not show them
        raises LinkUnseen; otherwise the key is taken as it is.
        """
        issue = None
        if text.strip():
            linked = partial(self.linked, person.team_id, channel_id)
            issue = await self.sites.issue(text, linked)
        if issue is None:
            raise NoIssue("/pollbot link")
        site, key = issue.site, issue.key
        account, seen = await self._account_rows.usable(person, site), False
        if account is not None:
            try:
                async with asyncio.timeout(_PATIENCE):
                    await self.sites.jira(site).issue(key, account)
                seen = True
            except NotFound:
                raise LinkUnseen(key) from None
            except (AccountRefused, JiraError, JiraUnavailable, SiteMoved, TimeoutError):
                log.info("%s was linked without a look at Jira", key)
        kept = await self._account_rows.link(person, channel_id, site, key, self._clock())
        return Linked(IssueAt(site, kept), seen)

    async def unlink(self, person: Person, channel_id: str) -> IssueAt | None:
        """Remove the channel's link; return the issue that it was linked to."""
        return await self._account_rows.unlink(person, channel_id, self._clock())
