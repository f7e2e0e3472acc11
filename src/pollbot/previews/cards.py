"""Draws the preview of a link: the issue's card, as far as the channel may see it."""

import logging
from dataclasses import replace

from pollbot.accounts.rows import AccountRows
from pollbot.cards.drawing import NotShown
from pollbot.cards.rows import Card, CardRows
from pollbot.errors import (
    AccountRefused,
    JiraError,
    JiraUnavailable,
    NotAllowed,
    NotFound,
    SiteMoved,
)
from pollbot.jira.issues import Issue
from pollbot.jira.sites import Sites
from pollbot.people import Account
from pollbot.previews import pane_blocks
from pollbot.previews.blocks import not_shown_any_more, switched_off
from pollbot.previews.rows import PreviewRows
from pollbot.previews.rules import FRESH, LATEST
from pollbot.slack.kit import Draw, Message
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
        age = self._clock() - card.made_at
        if age > (FRESH if card.posted else LATEST):
            raise NotShown
        shown = await self._preview_rows.of(card.posted_by.team_id, card.channel_id)
        if shown == "off":
            raise NotShown(await self._instead(card, switched_off))
        account = None
        if shown == "poster":
            account = await self._account_rows.usable(card.posted_by, card.site)
        read_at = self._clock()
        try:
            issue = await self._seen(card, account)
        except JiraUnavailable as error:
            if not card.posted or card.is_stale:
                raise
            log.debug("preview %s stays as it is: %s", card.id, error.why)
            return None
        except (AccountRefused, NotAllowed, NotFound, SiteMoved) as error:
            raise NotShown(await self._instead(card, not_shown_any_more)) from error
        except JiraError as error:
            if not card.posted:
                raise NotShown from error
            log.debug("preview %s stays as it is: %s", card.id, error)
            return None
        kept = await self._card_rows.keep_issue(card.id, issue, read_at)
        message = blocks.issue_card(card.id, card.site, kept)
        if not await self._has_objects(card):
            return message
        return replace(message, entity=pane_blocks.below_link(card.id, card.site, kept))

    async def _has_objects(self, card: Card) -> bool:
        objects = await self._preview_rows.work_objects(card.posted_by.team_id)
        return objects.are_tried(self._clock())

    async def _instead(self, card: Card, draw: Draw) -> Draw:
        """Return what takes the place of a preview, be it a Work Object."""
        if not await self._has_objects(card):
            return draw

        def drawn() -> Message:
            message = draw()
            entity = pane_blocks.instead(card.site, card.issue_key, message.text)
            return replace(message, entity=entity)

        return drawn

    async def _seen(self, card: Card, account: Account | None) -> Issue:
        """Read the issue as who posted the link, where that counts, and else as nobody."""
        jira = self._sites.jira(card.site)
        if account is not None:
            try:
                return await jira.issue(card.issue_key, account)
            except (AccountRefused, NotAllowed, NotFound) as error:
                log.debug("preview %s is not its poster's to show: %s", card.id, error)
        return await jira.issue(card.issue_key, None)
