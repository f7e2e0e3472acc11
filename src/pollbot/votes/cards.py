"""Draws the card of an issue."""

import logging

from pollbot.accounts.rows import AccountRows
from pollbot.accounts.sentences import sentence
from pollbot.cards.drawing import NotDrawn, WaitsForJira
from pollbot.cards.rows import Card, CardRows
from pollbot.errors import (
    AccountRefused,
    JiraBusy,
    JiraError,
    JiraUnavailable,
    NotAllowed,
    NotFound,
    SiteMoved,
)
from pollbot.jira.issues import Issue
from pollbot.jira.sites import Sites
from pollbot.people import Account
from pollbot.slack.kit import Message, words
from pollbot.store.worker import Clock
from pollbot.votes import blocks

log = logging.getLogger(__name__)


class IssueCards:
    """Reads an issue as its card's poster may see it, names of voters included."""

    def __init__(
        self, account_rows: AccountRows, card_rows: CardRows, sites: Sites, clock: Clock
    ) -> None:
        self._account_rows = account_rows
        self._card_rows = card_rows
        self._sites = sites
        self._clock = clock

    async def draw(self, card: Card) -> Message | None:
        """Return the card; once it hangs, from what is stored where Jira does not answer."""
        account = await self._account_rows.usable(card.posted_by, card.site)
        issue = await (self._again(card, account) if card.posted else self._first(card, account))
        return None if issue is None else blocks.issue_card(card.id, card.site, issue)

    async def outside(self, card: Card) -> Message | None:
        """Return what does not work on it in a channel without the app."""
        return blocks.issue_card_outside(card.channel_id)

    async def not_posted(self, card: Card, why: str) -> Message:
        """Return what whoever asked for it is told if Slack did not take it."""
        return blocks.card_not_posted(card.site, card.issue_key, why)

    async def _first(self, card: Card, account: Account | None) -> Issue:
        """Read the issue of a card that was asked for, as the person who asked."""
        try:
            return await self._read(card, account)
        except AccountRefused as error:
            if account is not None:
                await self._account_rows.refused(
                    card.posted_by, card.site, account.credential, "", self._clock()
                )
            raise NotDrawn(
                lambda: blocks.connect_again_to_see(card.site, card.issue_key)
            ) from error
        except (NotAllowed, NotFound) as error:
            say = blocks.connect_to_see if account is None else blocks.card_not_found
            raise NotDrawn(lambda: say(card.site, card.issue_key)) from error
        except JiraError as error:
            status = error.status
            raise NotDrawn(
                lambda: blocks.card_refused(card.site, card.issue_key, status)
            ) from error
        except SiteMoved as error:
            moved = error
            raise NotDrawn(lambda: words(f":warning: {sentence(moved)}")) from error
        except JiraUnavailable as error:
            busy = isinstance(error, JiraBusy)
            raise WaitsForJira(
                error,
                lambda: blocks.card_waits(card.site, card.issue_key, busy=busy),
                lambda: blocks.card_given_up(card.site, card.issue_key),
            ) from error

    async def _again(self, card: Card, account: Account | None) -> Issue | None:
        if account is None:
            return card.issue
        try:
            return await self._read(card, account)
        except JiraUnavailable as error:
            if card.is_stale or card.issue is None:
                raise
            log.debug("card %s is drawn from what is stored: %s", card.id, error.why)
        except (AccountRefused, JiraError, SiteMoved) as error:
            log.debug("card %s is drawn from what is stored: %s", card.id, error)
        return card.issue

    async def _read(self, card: Card, account: Account | None) -> Issue:
        read_at = self._clock()
        jira = self._sites.jira(card.site)
        issue = await jira.issue(card.issue_key, account, voters=True)
        return await self._card_rows.keep_issue(card.id, issue, read_at)
