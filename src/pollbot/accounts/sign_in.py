"""Signing in at Atlassian: begun in Slack, allowed in a browser, ended by an account."""

import secrets
from contextlib import suppress
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from pollbot.accounts.grant_rows import GrantRows, SignIn
from pollbot.accounts.refusals import NotAllowedThere, OtherSiteChosen, SignInOver, SignInRefused
from pollbot.accounts.rules import Connected, credential_of, grant_in
from pollbot.accounts.service import GOOD_FOR, Accounts
from pollbot.chance import Chance, new_id
from pollbot.errors import (
    AccountRefused,
    JiraError,
    JiraUnavailable,
    NotAllowed,
    NotFound,
    SiteMoved,
)
from pollbot.jira.atlassian import Atlassian
from pollbot.jira.issues import host_of
from pollbot.people import Account, Person
from pollbot.store.worker import Clock


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Accounts that were just connected, with what waited for them, and how it was asked for."""

    asked: SignIn
    on: tuple[Connected, ...]


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
        public_url: str,
        clock: Clock,
        chance: Chance,
    ) -> None:
        self._accounts = accounts
        self._grant_rows = grant_rows
        self._atlassian = atlassian
        self._public_url = public_url
        self._clock = clock
        self._chance = chance

    @property
    def is_secure(self) -> bool:
        """Whether browsers reach pollbot by HTTPS."""
        return urlsplit(self._public_url).scheme == "https"

    async def begin(self, person: Person, site: str, channel_id: str) -> str:
        """Return the state of a new sign-in to a site."""
        # Guessing one has to be out of the question, so this is never the tests' own chance.
        state, now = secrets.token_urlsafe(32), self._clock()
        asked = SignIn(person.team_id, person.user_id, channel_id, now, site=site)
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
        return self._to_ours(found)

    def consent_url(self, state: str) -> str:
        """Return where the person allows it."""
        return self._atlassian.consent_url(state)

    async def end(self, state: str, code: str) -> SignedIn:
        """Connect who has allowed it; without a ``code`` they have not.

        One consent counts for all sites that were chosen, now or before, and may be the end of an
        earlier one: so it connects to others of ours as well, where the person has no token.
        Source: Atlassian's staff, community.developer.atlassian.com/t/50348.

        Raises SignInOver, NotAllowedThere, OtherSiteChosen, SignInRefused, JiraError and
        JiraUnavailable; then nothing was changed.
        """
        asked = await self._grant_rows.end(state, self._clock() - GOOD_FOR)
        if asked is None:
            raise SignInOver
        if not code:
            raise NotAllowedThere
        asked = self._to_ours(asked)
        try:
            tokens = await self._atlassian.exchange(code)
            chosen = await self._chosen(asked.site, tokens.access)
            account = await self._account(asked.site, chosen, tokens.access)
        except (AccountRefused, NotAllowed, NotFound) as error:
            raise SignInRefused from error
        accounts = {asked.site: account}
        for other in await self._to_go_along(asked, chosen):
            with suppress(AccountRefused, JiraError, JiraUnavailable, SiteMoved):
                accounts[other] = await self._account(other, chosen, tokens.access)
        grant_id = new_id(self._chance)
        await self._grant_rows.add(grant_id, asked.person, asked.site, tokens, self._clock())
        on = []
        for site, account in accounts.items():
            kept = replace(account, credential=credential_of(grant_id))
            waiting = await self._accounts.connect(asked.person, site, kept)
            on.append(Connected(site, account.display_name, waiting))
        return SignedIn(asked, tuple(on))

    async def _account(self, site: str, chosen: dict[str, str], access: str) -> Account:
        jira = self._accounts.sites.jira(site)
        return await jira.signed_in(chosen[site], f"Bearer {access}")

    async def _to_go_along(self, asked: SignIn, chosen: dict[str, str]) -> list[str]:
        """Return what else the consent is for, where the person has no token of their own."""
        found = []
        for site in chosen.keys() - {asked.site}:
            account = await self._accounts.find(asked.person, site)
            if account is None or account.refused or grant_in(account.credential):
                found.append(site)
        return sorted(found)

    def _to_ours(self, asked: SignIn) -> SignIn:
        return replace(asked, site=self._accounts.sites.current(asked.site))

    async def _chosen(self, site: str, access: str) -> dict[str, str]:
        """Return our sites that were chosen, with their cloud ids.

        Raises OtherSiteChosen if the one that was asked for is not among them.
        """
        found = await self._atlassian.sites(access)
        ours = {self._accounts.sites.by_host(host_of(one.url)): one.cloud_id for one in found}
        chosen = {one: cloud_id for one, cloud_id in ours.items() if one is not None}
        if site not in chosen:
            raise OtherSiteChosen(host_of(site), tuple(host_of(one.url) for one in found))
        return chosen
