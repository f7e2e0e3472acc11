"""Votes: what people ask for becomes an intent, which votes/worker.py takes to Jira."""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from pollbot.accounts.rows import AccountRows
from pollbot.cards.rows import CardRows, Wanted
from pollbot.errors import (
    BadField,
    BadInput,
    ChannelClosed,
    PollbotError,
    StaleButton,
    StaleForm,
)
from pollbot.jira.issues import IssueAt, find_issue
from pollbot.jira.jql import found_by, project_of, typed_query
from pollbot.jira.refusals import BadJql, ChannelOnPage, NoIssue
from pollbot.jira.rules import Wish
from pollbot.jira.sites import Sites
from pollbot.people import Address, Person
from pollbot.slack.client import Slack
from pollbot.store.worker import Clock
from pollbot.text.writing import unescaped
from pollbot.votes.form_state import CHANNEL_FIELD, QUERY_FIELD
from pollbot.votes.refusals import NoPlace, PlaceClosed
from pollbot.votes.rows import IntentRows
from pollbot.votes.rules import Wished
from pollbot.votes.typed import Listing, listing

log = logging.getLogger(__name__)

_PATIENCE = 1.5
"""Seconds for which a form waits for what Slack says of its channel, and Jira of its query."""


@dataclass(frozen=True, slots=True)
class Named:
    """How somebody named an issue: the text of a command, in a channel that may have a link.

    Of a form, which is in no channel, ``command`` and ``channel_id`` are empty.
    """

    command: str
    text: str
    person: Person
    channel_id: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is to be posted, and by which delivery it was asked for.

    ``response_url`` leads there where the app is no member, ``thread_ts`` is the message under
    which it is to hang.
    """

    channel_id: str
    response_url: str | None
    stamp: str | None
    thread_ts: str | None = None


class Votes:
    """What a command or a click about votes does before Slack is answered."""

    def __init__(
        self,
        account_rows: AccountRows,
        intent_rows: IntentRows,
        card_rows: CardRows,
        sites: Sites,
        slack: Slack,
        clock: Clock,
    ) -> None:
        self._account_rows = account_rows
        self._intent_rows = intent_rows
        self._card_rows = card_rows
        self._sites = sites
        self._slack = slack
        self._clock = clock

    @property
    def sites(self) -> tuple[str, ...]:
        """The Jira sites, the default one first."""
        return self._sites.all

    async def ask(self, named: Named, wish: Wish, address: Address) -> str:
        """Keep the wish for the issue that was named; return its key. Raises BadInput."""
        issue = await self._issue(named)
        wished = Wished(issue.site, issue.key, wish)
        await self._intent_rows.ask(named.person, wished, address, self._clock())
        return issue.key

    async def press(
        self,
        person: Person,
        site: str | None,
        issue_key: str,
        wish: Wish,
        address: Address,
        action_ts: str | None,
    ) -> None:
        """Keep the wish of a click; without a ``site``, of an old button, on the default one.

        The same click twice changes nothing.
        """
        await self.press_all(person, site, [issue_key], wish, address, action_ts)

    async def press_all(
        self,
        person: Person,
        site: str | None,
        issue_keys: Sequence[str],
        wish: Wish,
        address: Address,
        action_ts: str | None,
    ) -> None:
        """Keep the wish of one click for each of these issues, as ``press`` does."""
        site = site or self._sites.default
        if site not in self._sites.all:
            raise StaleButton
        try:
            found = [find_issue(key, self._sites.all) for key in issue_keys]
        except BadInput as error:
            raise StaleButton from error
        wanted = [Wished(site, one.key, wish) for one in found if one is not None]
        if len(wanted) < len(issue_keys):
            raise StaleButton
        for one in wanted:
            await self._intent_rows.press(person, one, address, self._clock(), action_ts=action_ts)

    async def waiting(self, person: Person, issue: IssueAt) -> Wish | None:
        """Return what the person asked for of an issue that Jira has not taken yet."""
        return await self._intent_rows.waiting(person, issue.site, issue.key)

    async def show(
        self,
        named: Named,
        response_url: str | None,
        stamp: str | None,
        thread_ts: str | None = None,
    ) -> None:
        """Keep that the issue's card is wanted in the channel, or a list of what JQL finds.

        ``thread_ts`` is the message under which it is to hang. Raises BadInput.
        """
        if (asked := listing(typed_query(unescaped(named.text)))) is not None:
            site = await self.site_of(named.person, named.channel_id)
            wanted = _wanted(asked, Place(named.channel_id, response_url, stamp, thread_ts), site)
        else:
            issue = await self._issue(named)
            wanted = Wanted(
                named.channel_id,
                issue.site,
                response_url,
                stamp,
                issue_key=issue.key,
                thread_ts=thread_ts,
            )
        await self._card_rows.want(named.person, wanted, self._clock())

    async def show_issue(self, named: Named, place: Place) -> None:
        """Keep that the card of that issue is wanted in the channel. Raises BadInput."""
        if not named.text:
            raise NoIssue(named.command)
        issue = await self._issue(named)
        wanted = Wanted(
            place.channel_id, issue.site, place.response_url, place.stamp, issue_key=issue.key
        )
        await self._card_rows.want(named.person, wanted, self._clock())

    async def show_list(self, person: Person, asked: Listing, place: Place) -> None:
        """Keep that a list is wanted there."""
        site = asked.site or await self.site_of(person, place.channel_id)
        await self._card_rows.want(person, _wanted(asked, place, site), self._clock())

    async def check_place(self, person: Person, place: Place) -> None:
        """Raise BadField if nothing can be posted there, as far as Slack tells in time.

        Whoever sends a form may bring a way of their own into a channel without the app.
        """
        if not place.channel_id:
            raise BadField(CHANNEL_FIELD, NoPlace())
        if place.response_url is not None:
            return
        try:
            async with asyncio.timeout(_PATIENCE):
                await self._slack.of(person.team_id).see_channel(place.channel_id)
        except ChannelClosed as error:
            raise BadField(CHANNEL_FIELD, PlaceClosed(error.code)) from error
        except (PollbotError, TimeoutError) as error:
            log.debug("whether a list can be posted there is not known yet: %s", error)

    async def check_list(self, person: Person, asked: Listing, place: Place) -> None:
        """Raise BadField with Jira's words if it does not take the query, as far as it tells soon.

        Whatever else keeps the list from being read is said of the list itself.
        """
        site = asked.site or await self.site_of(person, place.channel_id)
        if site not in self._sites.all:
            raise StaleForm
        account = await self._account_rows.usable(person, site)
        if account is None:
            return
        typed = found_by(asked.query) if asked.look or project_of(asked.query) else asked.query
        try:
            async with asyncio.timeout(_PATIENCE):
                await self._sites.jira(site).search(typed, account, 1)
        except BadJql as error:
            raise BadField(QUERY_FIELD, error) from error
        except (PollbotError, TimeoutError) as error:
            log.debug("whether Jira takes a query is not known yet: %s", error)

    async def site_of(self, person: Person, channel_id: str) -> str:
        """Return where a query is asked: on the channel's site, else on the first one."""
        linked = await self._account_rows.linked(person.team_id, channel_id, self._sites.all)
        return self._sites.default if linked is None else linked.site

    async def _issue(self, named: Named) -> IssueAt:
        linked = partial(
            self._account_rows.linked, named.person.team_id, named.channel_id, self._sites.all
        )
        issue = await self._sites.issue(named.text, linked)
        if issue is None:
            raise (NoIssue if await linked() is None else ChannelOnPage)(named.command)
        return issue


def _wanted(asked: Listing, place: Place, site: str) -> Wanted:
    return Wanted(
        place.channel_id,
        site,
        place.response_url,
        place.stamp,
        query=asked.query,
        name=asked.name,
        look=asked.look,
        thread_ts=place.thread_ts,
    )
