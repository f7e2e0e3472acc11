"""Draws the card of a ballot: many issues, each to vote on."""

import logging

from pollbot.cards.rows import Card, Line
from pollbot.errors import AccountRefused, JiraError, SiteMoved
from pollbot.issue_lists.blocks import ballot_card
from pollbot.jira import jql
from pollbot.jira.jql import Found
from pollbot.jira.refusals import BadJql
from pollbot.people import Account
from pollbot.slack.kit import Message
from pollbot.votes.cards import IssueCards

log = logging.getLogger(__name__)


class BallotCards(IssueCards):
    """Reads those issues of a ballot anew on which votes have changed."""

    async def draw(self, card: Card) -> Message | None:
        """Return the ballot, from what is stored where Jira does not answer."""
        ballot = card.ballot
        if ballot is None:
            return None
        lines = await self._card_rows.ballot_lines(card.id)
        stale = [line.issue.key for line in lines if line.is_stale]
        account = await self._account_rows.usable(card.posted_by, card.site)
        if stale and account is not None:
            lines = await self._counted(card, stale, account)
        issues = [line.issue for line in lines]
        return ballot_card(card.id, card.site, ballot.title, issues, ballot.total)

    async def _counted(self, card: Card, keys: list[str], account: Account) -> list[Line]:
        """Read the issues of a ballot that have changed; JQL finds none that nobody may see."""
        read_at, found = self._clock(), Found((), 0)
        try:
            found = await self._jira.search(jql.any_of(keys), account, len(keys))
        except (AccountRefused, BadJql, JiraError, SiteMoved) as error:
            log.debug("ballot %s is drawn from what is stored: %s", card.id, error)
        return await self._card_rows.keep_lines(card.id, found.issues, read_at)
