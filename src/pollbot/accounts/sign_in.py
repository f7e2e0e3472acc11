"""Signing in at Atlassian: begun in Slack, allowed in a browser, ended by an account."""

import secrets
from contextlib import suppress
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from pollbot.accounts.grant_rows import GrantRows, NewGrant, SignIn
from pollbot.accounts.refusals import NotAllowedThere, OtherSiteChosen, SignInOver, SignInRefused
from pollbot.accounts.rules import Connected, credential_of
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

    While Atlassian is asked about what came back, it is a check, as that of a token is.
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

        Raises SignInOver, NotAllowedThere, OtherSiteChosen, SignInRefused, JiraError,
        JiraUnavailable, Parted and ConnectedSince; then nothing was changed.
        """
        check_id, now = new_id(self._chance), self._clock()
        asked = await self._grant_rows.take_up(
            state, check_id, self._accounts.sites.all, now - GOOD_FOR, now
        )
        if asked is None:
            raise SignInOver
        try:
            return await self._connected(self._to_ours(asked), check_id, code)
        except Exception:
            await self._grant_rows.end_check(check_id)
            raise

    async def _connected(self, asked: SignIn, check_id: str, code: str) -> SignedIn:
        if not code:
            raise NotAllowedThere
        try:
            tokens = await self._atlassian.exchange(code)
            chosen = await self._chosen(asked.site, tokens.access)
            account = await self._account(asked.site, chosen, tokens.access)
        except (AccountRefused, NotAllowed, NotFound) as error:
            raise SignInRefused from error
        accounts = {asked.site: account}
        for other in sorted(chosen.keys() - {asked.site}):
            with suppress(AccountRefused, JiraError, JiraUnavailable, SiteMoved):
                accounts[other] = await self._account(other, chosen, tokens.access)
        grant = NewGrant(new_id(self._chance), tokens)
        kept = {
            site: replace(one, credential=credential_of(grant.id)) for site, one in accounts.items()
        }
        waiting = await self._grant_rows.connect_signed_in(
            check_id, asked.person, asked.site, kept, grant, self._clock()
        )
        if not waiting:
            raise await self._accounts.overtaken(asked.person, asked.site)
        on = (Connected(site, kept[site].display_name, waits) for site, waits in waiting.items())
        return SignedIn(asked, tuple(on))

    async def _account(self, site: str, chosen: dict[str, str], access: str) -> Account:
        jira = self._accounts.sites.jira(site)
        return await jira.signed_in(chosen[site], f"Bearer {access}")

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
