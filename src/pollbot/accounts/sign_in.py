"""Signing in at Atlassian: begun in Slack, allowed in a browser, ended by an account."""

import secrets
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from pollbot.accounts.grant_rows import GrantRows, SignIn
from pollbot.accounts.refusals import NotAllowedThere, OtherSiteChosen, SignInOver, SignInRefused
from pollbot.accounts.rules import Waiting, credential_of
from pollbot.accounts.service import Accounts
from pollbot.chance import Chance, new_id
from pollbot.errors import AccountRefused, NotAllowed, NotFound
from pollbot.jira.atlassian import Atlassian
from pollbot.jira.client import Jira
from pollbot.jira.issues import host_of
from pollbot.people import Account, Person
from pollbot.store.worker import Clock

GOOD_FOR = 600.0
"""Seconds for which a link to sign in works."""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """An account that was just connected, how it was asked for, and what waited for it."""

    asked: SignIn
    account: Account
    waiting: Waiting


class SignIns:
    """A sign-in is of one person in Slack, is used once, and lasts ten minutes.

    ```
    [*] ── asked for in Slack ──▶ under way ── back from Atlassian ──▶ over: connected, or refused
                                     └────── ten minutes ───────────▶ over
    ```
    """

    def __init__(
        self,
        accounts: Accounts,
        grant_rows: GrantRows,
        atlassian: Atlassian,
        jira: Jira,
        public_url: str,
        clock: Clock,
        chance: Chance,
    ) -> None:
        self._accounts = accounts
        self._grant_rows = grant_rows
        self._atlassian = atlassian
        self._jira = jira
        self._public_url = public_url
        self._clock = clock
        self._chance = chance

    @property
    def site(self) -> str:
        """The Jira that people sign in to."""
        return self._jira.site

    @property
    def is_secure(self) -> bool:
        """Whether browsers reach pollbot by HTTPS."""
        return urlsplit(self._public_url).scheme == "https"

    async def begin(self, person: Person, channel_id: str) -> str:
        """Return the state of a new sign-in."""
        # Guessing one has to be out of the question, so this is never the tests' own chance.
        state, now = secrets.token_urlsafe(32), self._clock()
        asked = SignIn(person.team_id, person.user_id, channel_id, now)
        await self._grant_rows.begin(state, asked, now - GOOD_FOR)
        return state

    def link(self, state: str) -> str:
        """Return the address at which the person signs in."""
        return f"{self._public_url}/jira/connect?state={state}"

    async def shown_in(self, state: str, view_id: str) -> None:
        """Keep which form is to say how it went."""
        await self._grant_rows.shown_in(state, view_id)

    async def under_way(self, state: str) -> SignIn:
        """Return the sign-in of that state. Raises SignInOver."""
        found = await self._grant_rows.under_way(state, self._clock() - GOOD_FOR)
        if found is None:
            raise SignInOver
        return found

    def consent_url(self, state: str) -> str:
        """Return where the person allows it."""
        return self._atlassian.consent_url(state)

    async def end(self, state: str, code: str) -> SignedIn:
        """Connect who has allowed it; without a ``code`` they have not.

        Raises SignInOver, NotAllowedThere, OtherSiteChosen, SignInRefused, JiraError and
        JiraUnavailable; then nothing was changed.
        """
        asked = await self._grant_rows.end(state, self._clock() - GOOD_FOR)
        if asked is None:
            raise SignInOver
        if not code:
            raise NotAllowedThere
        try:
            tokens = await self._atlassian.exchange(code)
            cloud_id = await self._chosen(tokens.access)
            account = await self._jira.signed_in(cloud_id, f"Bearer {tokens.access}")
        except (AccountRefused, NotAllowed, NotFound) as error:
            raise SignInRefused from error
        grant_id = new_id(self._chance)
        await self._grant_rows.add(grant_id, asked.person, self.site, tokens, self._clock())
        kept = replace(account, credential=credential_of(grant_id))
        waiting = await self._accounts.connect(asked.person, kept)
        return SignedIn(asked, account, waiting)

    async def _chosen(self, access: str) -> str:
        """Return the cloud id of our site. Raises OtherSiteChosen if it was not chosen."""
        sites = await self._atlassian.sites(access)
        ours = next((one for one in sites if host_of(one.url) == host_of(self.site)), None)
        if ours is None:
            raise OtherSiteChosen(host_of(self.site), tuple(host_of(one.url) for one in sites))
        return ours.cloud_id
