"""Votes: what people ask for becomes an intent, which votes/worker.py takes to Jira."""

from dataclasses import dataclass
from functools import partial

from pollbot.accounts.rows import AccountRows
from pollbot.cards.rows import CardRows, Wanted
from pollbot.errors import BadInput, StaleButton
from pollbot.jira.issues import IssueAt, find_issue
from pollbot.jira.jql import checked, is_query, named_query, typed_query
from pollbot.jira.refusals import NoIssue
from pollbot.jira.rules import Wish
from pollbot.jira.sites import Sites
from pollbot.people import Address, Person
from pollbot.store.worker import Clock
from pollbot.text.writing import unescaped
from pollbot.votes.rows import IntentRows
from pollbot.votes.rules import Wished


@dataclass(frozen=True, slots=True)
class Named:
    """How somebody named an issue: the text of a command, in a channel that may have a link.

    Of a form, which is in no channel, ``command`` and ``channel_id`` are empty.
    """

    command: str
    text: str
    person: Person
    channel_id: str


class Votes:
    """What a command or a click about votes does before Slack is answered."""

    def __init__(
        self,
        account_rows: AccountRows,
        intent_rows: IntentRows,
        card_rows: CardRows,
        sites: Sites,
        clock: Clock,
    ) -> None:
        self._account_rows = account_rows
        self._intent_rows = intent_rows
        self._card_rows = card_rows
        self._sites = sites
        self._clock = clock

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
        site = site or self._sites.default
        try:
            found = find_issue(issue_key, self._sites.all)
        except BadInput as error:
            raise StaleButton from error
        if found is None or site not in self._sites.all:
            raise StaleButton
        await self._intent_rows.press(
            person,
            Wished(site, found.key, wish),
            address,
            self._clock(),
            action_ts=action_ts,
        )

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
        """Keep that the issue's card is wanted in the channel, or one of all that JQL finds.

        ``thread_ts`` is the message under which it is to hang. Raises BadInput.
        """
        text = typed_query(unescaped(named.text))
        if is_query(text):
            query, name = named_query(text)
            query, site = checked(query), await self._site_of(named)
            wanted = Wanted(
                named.channel_id,
                site,
                response_url,
                stamp,
                query=query,
                name=name,
                thread_ts=thread_ts,
            )
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

    async def show_issue(self, named: Named, response_url: str | None, stamp: str) -> None:
        """Keep that the card of that issue is wanted in the channel. Raises BadInput."""
        if not named.text:
            raise NoIssue(named.command)
        issue = await self._issue(named)
        wanted = Wanted(named.channel_id, issue.site, response_url, stamp, issue_key=issue.key)
        await self._card_rows.want(named.person, wanted, self._clock())

    def query_of(self, text: str) -> str:
        """Return a project or JQL as it can be sent. Raises BadInput."""
        return checked(typed_query(text))

    async def show_list(
        self, person: Person, channel_id: str, query: str, response_url: str | None, stamp: str
    ) -> None:
        """Keep that a card of all that a project or JQL has is wanted there."""
        site = await self._site_of(Named("", "", person, channel_id))
        wanted = Wanted(channel_id, site, response_url, stamp, query=query)
        await self._card_rows.want(person, wanted, self._clock())

    async def _site_of(self, named: Named) -> str:
        """Return where a query is asked: on the channel's site, else on the first one."""
        linked = await self._account_rows.linked(
            named.person.team_id, named.channel_id, self._sites.all
        )
        return self._sites.default if linked is None else linked.site

    async def _issue(self, named: Named) -> IssueAt:
        linked = partial(
            self._account_rows.linked, named.person.team_id, named.channel_id, self._sites.all
        )
        issue = await self._sites.issue(named.text, linked)
        if issue is None:
            raise NoIssue(named.command)
        return issue
