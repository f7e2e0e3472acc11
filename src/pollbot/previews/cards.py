"""Draws the preview of a link: the issue's card, as far as the channel may see it."""

import logging

from pollbot.accounts.rows import AccountRows
from pollbot.cards.drawing import NotShown
from pollbot.cards.rows import Card, CardRows
from pollbot.errors import AccountRefused, JiraError, JiraUnavailable, SiteMoved
from pollbot.jira.issues import Issue
from pollbot.jira.sites import Sites
from pollbot.people import Account
from pollbot.previews.rows import PreviewRows
from pollbot.previews.rules import LATEST
from pollbot.slack.kit import Message
from pollbot.store.worker import Clock
from pollbot.votes import blocks
from pollbot.votes.cards import IssueCards

log = logging.getLogger(__name__)


class PreviewCards(IssueCards):
    """Reads an issue as nobody; where admins allow it for the channel, as who shared the link."""

    def __init__(
        self,
        account_rows: AccountRows,
        card_rows: CardRows,
        preview_rows: PreviewRows,
        sites: Sites,
        clock: Clock,
    ) -> None:
        super().__init__(account_rows, card_rows, sites, clock)
        self._preview_rows = preview_rows

    async def draw(self, card: Card) -> Message | None:
        """Return the card. Raises NotShown of what the channel may not see, or not any more."""
        shown = await self._preview_rows.of(card.posted_by.team_id, card.channel_id)
        if shown == "off":
            raise NotShown
        account = None
        if shown == "poster":
            account = await self._account_rows.usable(card.posted_by, card.site)
        try:
            issue = await self._seen(card, account)
        except JiraUnavailable as error:
            if not card.posted and self._clock() - card.made_at > LATEST:
                raise NotShown from error
            if not card.posted or card.is_stale:
                raise
            log.debug("preview %s is drawn from what is stored: %s", card.id, error.why)
            issue = card.issue
        return None if issue is None else blocks.issue_card(card.id, card.site, issue)

    async def _seen(self, card: Card, account: Account | None) -> Issue | None:
        read_at = self._clock()
        try:
            issue = await self._sites.jira(card.site).issue(card.issue_key, account)
        except (AccountRefused, JiraError, SiteMoved) as error:
            if card.posted:
                log.debug("preview %s is drawn from what is stored: %s", card.id, error)
                return card.issue
            raise NotShown from error
        return await self._card_rows.keep_issue(card.id, issue, read_at)
