"""Draws the card of a ballot: many issues, each to vote on."""

import asyncio
import logging
from collections.abc import Sequence
from functools import partial

from pollbot.accounts.sentences import sentence
from pollbot.cards.drawing import NotDrawn, WaitsForJira
from pollbot.cards.rows import Card, Line
from pollbot.errors import (
    AccountRefused,
    JiraBusy,
    JiraError,
    JiraUnavailable,
    NotAllowed,
    NotFound,
    SiteMoved,
)
from pollbot.issue_lists import mention_blocks
from pollbot.issue_lists.blocks import MOST_LISTED, ballot_card
from pollbot.jira import jql
from pollbot.jira.issues import Issue
from pollbot.jira.jql import Found
from pollbot.jira.refusals import BadJql
from pollbot.people import Account
from pollbot.slack.kit import Message, words
from pollbot.votes.cards import IssueCards

log = logging.getLogger(__name__)

_AT_ONCE = 5


class BallotCards(IssueCards):
    """Reads those issues of a ballot anew on which votes have changed."""

    async def draw(self, card: Card) -> Message | None:
        """Return the ballot, from what is stored where Jira does not answer."""
        ballot = card.ballot
        if ballot is None:
            return None
        lines = await self._card_rows.ballot_lines(card.id)
        account = await self._account_rows.usable(card.posted_by, card.site)
        if not card.posted:
            return await self._mentioned(card, lines, account)
        stale = [line.issue.key for line in lines if line.is_stale]
        if stale and account is not None:
            lines = await self._counted(card, stale, account)
        issues = [line.issue for line in lines]
        return ballot_card(card.id, card.site, ballot.title, issues, ballot.total)

    async def not_posted(self, card: Card, why: str) -> Message:
        """Return what whoever asked for it is told if Slack did not take it."""
        return mention_blocks.ballot_not_posted(why)

    async def _mentioned(
        self, card: Card, lines: Sequence[Line], account: Account | None
    ) -> Message:
        """Return the ballot of the issues that a message named, as far as they can be seen.

        Each is asked for by itself: in a search one that is not there refuses all of them.
        """
        read_at, turns = self._clock(), asyncio.Semaphore(_AT_ONCE)

        async def look(key: str) -> Issue | None:
            async with turns:
                try:
                    return await self._sites.jira(card.site).issue(key, account)
                except (NotAllowed, NotFound):
                    return None

        wanted = [line.issue.key for line in lines[:MOST_LISTED]]
        try:
            found = [one for one in await asyncio.gather(*map(look, wanted)) if one is not None]
        except AccountRefused as error:
            if account is not None:
                await self._account_rows.refused(
                    card.posted_by, card.site, account.credential, "", self._clock()
                )
            raise NotDrawn(partial(mention_blocks.connect_again_to_see_these, card.site)) from error
        except JiraUnavailable as error:
            busy = isinstance(error, JiraBusy)
            raise WaitsForJira(
                error,
                lambda: mention_blocks.ballot_waits(busy=busy),
                mention_blocks.ballot_given_up,
            ) from error
        except (JiraError, SiteMoved) as error:
            why = error
            raise NotDrawn(lambda: words(f":warning: {sentence(why)}")) from error
        if not found:
            if account is None:
                raise NotDrawn(partial(mention_blocks.connect_to_see_these, card.site))
            raise NotDrawn(mention_blocks.none_of_these)
        left = len(lines) - len(wanted)
        kept = await self._card_rows.found(card.id, found, left, read_at)
        issues = [line.issue for line in kept]
        return ballot_card(card.id, card.site, "", issues, len(found) + left)

    async def _counted(self, card: Card, keys: list[str], account: Account) -> list[Line]:
        """Read the issues of a ballot that have changed; JQL finds none that nobody may see."""
        read_at, found = self._clock(), Found((), 0)
        try:
            found = await self._sites.jira(card.site).search(jql.any_of(keys), account, len(keys))
        except (AccountRefused, BadJql, JiraError, SiteMoved) as error:
            log.debug("ballot %s is drawn from what is stored: %s", card.id, error)
        return await self._card_rows.keep_lines(card.id, found.issues, read_at)
