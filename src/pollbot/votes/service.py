"""Votes: what people ask for becomes an intent, which votes/worker.py takes to Jira."""

from dataclasses import dataclass

from pollbot.accounts.rows import AccountRows
from pollbot.cards.rows import CardRows, Wanted
from pollbot.errors import BadInput, StaleButton
from pollbot.jira.issues import find_issue
from pollbot.jira.refusals import NoIssue
from pollbot.jira.rules import Wish
from pollbot.people import Address, Person
from pollbot.store.worker import Clock
from pollbot.votes.rows import IntentRows
from pollbot.votes.rules import Wished


@dataclass(frozen=True, slots=True)
class Named:
    """How somebody named an issue: the text of a command, in a channel that may have a link."""

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
        site: str,
        clock: Clock,
    ) -> None:
        self._account_rows = account_rows
        self._intent_rows = intent_rows
        self._card_rows = card_rows
        self._site = site
        self._clock = clock

    async def ask(self, named: Named, wish: Wish, address: Address) -> str:
        """Keep the wish for the issue that was named; return its key. Raises BadInput."""
        key = await self._issue(named)
        await self._intent_rows.ask(
            named.person, Wished(self._site, key, wish), address, self._clock()
        )
        return key

    async def press(
        self,
        person: Person,
        issue_key: str,
        wish: Wish,
        address: Address,
        action_ts: str | None,
    ) -> None:
        """Keep the wish of a click. The same click twice changes nothing."""
        try:
            key = find_issue(issue_key, self._site)
        except BadInput as error:
            raise StaleButton from error
        if key is None:
            raise StaleButton
        await self._intent_rows.press(
            person,
            Wished(self._site, key, wish),
            address,
            self._clock(),
            action_ts=action_ts,
        )

    async def show(self, named: Named, response_url: str | None, stamp: str | None) -> None:
        """Keep that the issue's card is wanted in the channel. Raises BadInput."""
        key = await self._issue(named)
        wanted = Wanted(named.channel_id, self._site, response_url, stamp, issue_key=key)
        await self._card_rows.want(named.person, wanted, self._clock())

    async def _issue(self, named: Named) -> str:
        key = find_issue(named.text, self._site)
        if key is None:
            key = await self._account_rows.linked(
                named.person.team_id, named.channel_id, self._site
            )
        if key is None:
            raise NoIssue(named.command)
        return key
