"""Draws the card of a ballot: many issues, each to vote on."""

import asyncio
import logging
from collections.abc import Sequence
from functools import partial

from pollbot.accounts.sentences import sentence
from pollbot.cards.drawing import NotDrawn, WaitsForJira
from pollbot.cards.rows import Ballot, Card, Line
from pollbot.errors import (
    AccountRefused,
    JiraBusy,
    JiraError,
    JiraUnavailable,
    SiteMoved,
)
from pollbot.issue_lists import list_blocks
from pollbot.issue_lists.blocks import MOST_LISTED, ballot_card, top_issues
from pollbot.jira import jql
from pollbot.jira.client import Jira
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
        if ballot.look:
            return None if card.posted else await self._top(card, ballot)
        lines = await self._card_rows.ballot_lines(card.id)
        account = await self._account_rows.usable(card.posted_by, card.site)
        if not card.posted:
            read_at = self._clock()
            found = await self._first_found(card, ballot, lines, account)
            await self._card_rows.found(card, found, read_at)
            return ballot_card(
                card.id, card.site, ballot.title, found.issues, found.total, name=ballot.name
            )
        stale = [line.issue.key for line in lines if line.is_stale]
        if stale and account is not None:
            lines = await self._counted(card, stale, account)
        issues = [line.issue for line in lines]
        return ballot_card(card.id, card.site, ballot.title, issues, ballot.total, name=ballot.name)

    async def outside(self, card: Card) -> Message | None:
        """Return what does not work in a channel without the app; of a list to look at all does."""
        return None if card.ballot is not None and card.ballot.look else await super().outside(card)

    async def not_posted(self, card: Card, why: str) -> Message:
        """Return what whoever asked for it is told if Slack did not take it."""
        return list_blocks.list_not_posted(why)

    async def _top(self, card: Card, ballot: Ballot) -> Message:
        """Return the top voted issues as they are now, which a schedule shows in the same way."""
        account = await self._account_rows.usable(card.posted_by, card.site)
        found = await self._first_found(card, ballot, (), account)
        return top_issues(card.site, ballot.title, found, None, ballot.look, name=ballot.name)

    async def _first_found(
        self, card: Card, ballot: Ballot, lines: Sequence[Line], account: Account | None
    ) -> Found:
        """Return the issues that were asked for. Raises NotDrawn or WaitsForJira if it cannot."""
        jira, query = self._sites.jira(card.site), ballot.title
        if query and account is None:
            raise NotDrawn(partial(list_blocks.connect_for_list, card.site))
        try:
            if query and account is not None:
                rights = await self._card_rows.rights(card.posted_by.team_id)
                found = await self._searched(jira, ballot, account, rights.projects)
            else:
                found = await self._named(jira, [line.issue.key for line in lines], account)
        except AccountRefused as error:
            if account is not None:
                await self._account_rows.refused(
                    card.posted_by, card.site, account.credential, "", self._clock()
                )
            raise NotDrawn(partial(list_blocks.connect_again_for_list, card.site)) from error
        except JiraUnavailable as error:
            busy = isinstance(error, JiraBusy)
            raise WaitsForJira(
                error, lambda: list_blocks.list_waits(busy=busy), list_blocks.list_given_up
            ) from error
        except (BadJql, JiraError, SiteMoved) as error:
            why = error
            raise NotDrawn(lambda: words(f":x: {sentence(why)}")) from error
        if found.issues:
            return found
        if account is None:
            raise NotDrawn(partial(list_blocks.connect_for_list, card.site))
        if ballot.look and jql.project_of(query):
            raise NotDrawn(list_blocks.none_voted)
        raise NotDrawn(list_blocks.none_found if query else list_blocks.none_of_these)

    async def _searched(
        self, jira: Jira, ballot: Ballot, account: Account, projects: Sequence[str]
    ) -> Found:
        """Return what is found in the projects that are allowed; all if there are none.

        Jira refuses in words about what was typed, not what was added.
        """
        query, look = ballot.title, ballot.look
        whole = jql.top_voted(query) if look else jql.ballot(query)
        try:
            return await jira.search(jql.within(whole, projects), account, MOST_LISTED)
        except BadJql:
            typed = jql.found_by(query) if look else query
            return await jira.search(jql.within(typed, projects), account, MOST_LISTED)

    async def _named(self, jira: Jira, keys: list[str], account: Account | None) -> Found:
        """Return those of the issues that there are, and how many more may be.

        Each is asked for by itself: in a search one that is not there refuses all of them. So one
        about which Jira says nothing useful keeps no other away. Raises JiraUnavailable if that
        is so of all, or Jira is too busy for the rest.
        """
        turns = asyncio.Semaphore(_AT_ONCE)

        async def look(key: str) -> Issue | JiraUnavailable | None:
            async with turns:
                try:
                    return await jira.issue(key, account)
                except JiraError:
                    return None
                except JiraBusy:
                    raise
                except JiraUnavailable as error:
                    return error

        answers = await asyncio.gather(*map(look, keys[:MOST_LISTED]))
        # An issue that was moved has several keys.
        issues = {one.key: one for one in answers if isinstance(one, Issue)}
        silent = [one for one in answers if isinstance(one, JiraUnavailable)]
        if silent and not issues:
            raise silent[0]
        more = len(silent) + len(keys[MOST_LISTED:])
        return Found(tuple(issues.values()), len(issues) + more)

    async def _counted(self, card: Card, keys: list[str], account: Account) -> list[Line]:
        """Read the issues of a ballot that have changed; JQL finds none that nobody may see."""
        read_at, found = self._clock(), Found((), 0)
        try:
            found = await self._sites.jira(card.site).search(jql.any_of(keys), account, len(keys))
        except (AccountRefused, BadJql, JiraError, SiteMoved) as error:
            log.debug("ballot %s is drawn from what is stored: %s", card.id, error)
        return await self._card_rows.keep_lines(card.id, found.issues, read_at)
