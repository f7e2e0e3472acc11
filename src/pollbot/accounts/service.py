"""Jira accounts and the channel's issue: connect, forget, link."""

import asyncio
import logging
from dataclasses import dataclass

from pollbot.accounts.grant_rows import GrantRows
from pollbot.accounts.refusals import LinkUnseen
from pollbot.accounts.rows import AccountRows
from pollbot.accounts.rules import Dropped, Waiting, grant_in
from pollbot.errors import AccountRefused, JiraError, JiraUnavailable, NotFound, SiteMoved
from pollbot.jira.client import Jira
from pollbot.jira.issues import find_issue
from pollbot.jira.refusals import NoIssue
from pollbot.people import Account, Person
from pollbot.store.worker import Clock

log = logging.getLogger(__name__)

_PATIENCE = 2.0


@dataclass(frozen=True, slots=True)
class Linked:
    """The key of a channel's new link; ``seen``: Jira has shown the issue."""

    key: str
    seen: bool


class Accounts:
    """What people do about their account, and about the issue that a channel is linked to."""

    def __init__(
        self, account_rows: AccountRows, grant_rows: GrantRows, jira: Jira, clock: Clock
    ) -> None:
        self._account_rows = account_rows
        self._grant_rows = grant_rows
        self._jira = jira
        self._clock = clock

    @property
    def site(self) -> str:
        """The Jira that accounts are of."""
        return self._jira.site

    async def find(self, person: Person) -> Account | None:
        """Return the person's account, whether Jira still takes it or not."""
        return await self._account_rows.find(person, self.site)

    async def sign_in(self, email: str, token: str) -> Account:
        """Return whose e-mail and token that are; keep nothing.

        Raises AccountRefused, JiraError, JiraUnavailable and SiteMoved.
        """
        return await self._jira.sign_in(email, token)

    async def connect(self, person: Person, account: Account) -> Waiting:
        """Keep the account; return what waited for it."""
        waiting = await self._account_rows.connect(person, self.site, account, self._clock())
        await self._grant_rows.only(person, self.site, grant_in(account.credential))
        return waiting

    async def disconnect(self, person: Person) -> tuple[bool, Dropped]:
        """Forget the account, and what waits for it; return whether there was one."""
        return await self._account_rows.disconnect(person, self.site)

    async def linked(self, team_id: str, channel_id: str) -> str | None:
        """Return the key that the channel is linked to."""
        return await self._account_rows.linked(team_id, channel_id, self.site)

    async def link(self, person: Person, channel_id: str, text: str) -> Linked:
        """Link the channel to the issue named in ``text``. Raises BadInput.

        If the person is connected and Jira is at hand, an issue that Jira does not show them
        raises LinkUnseen; otherwise the key is taken as it is.
        """
        key = find_issue(text, self.site)
        if key is None:
            raise NoIssue("/pollbot link")
        account, seen = await self._account_rows.usable(person, self.site), False
        if account is not None:
            try:
                async with asyncio.timeout(_PATIENCE):
                    await self._jira.issue(key, account)
                seen = True
            except NotFound:
                raise LinkUnseen(key) from None
            except (AccountRefused, JiraError, JiraUnavailable, SiteMoved, TimeoutError):
                log.info("%s was linked without a look at Jira", key)
        kept = await self._account_rows.link(person, channel_id, self.site, key, self._clock())
        return Linked(kept, seen)

    async def unlink(self, person: Person, channel_id: str) -> str | None:
        """Remove the channel's link; return the key that it was linked to."""
        return await self._account_rows.unlink(person.team_id, channel_id)
