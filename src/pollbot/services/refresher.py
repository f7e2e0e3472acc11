"""Keeps every card true to what is stored, with few updates."""

import logging
import random
from dataclasses import dataclass

from pollbot.blocks import votes as blocks
from pollbot.blocks.issue_lists import ballot_card
from pollbot.blocks.kit import Message
from pollbot.blocks.schedules import framed
from pollbot.clients.jira import Jira
from pollbot.clients.slack import Slack
from pollbot.domain.issues import Issue
from pollbot.domain.pace import Pace, redraw_pause
from pollbot.domain.people import Account, Address
from pollbot.domain.votes import pause_before_retry
from pollbot.errors import (
    ChannelClosed,
    CredentialRefused,
    InstallBroken,
    MessageGone,
    NotAllowed,
    NotFound,
    PollGone,
    RemoteError,
    RemoteUnavailable,
    SlackError,
    SlackUnavailable,
)
from pollbot.services.courier import Courier
from pollbot.services.poll_cards import PollCards
from pollbot.services.worker import Clock, Worker
from pollbot.storage.cards import NEVER, Ballot, Card
from pollbot.storage.store import Store

log = logging.getLogger(__name__)

_AT_ONCE = 8
# docs.slack.dev, "Rate limits": chat.update is Tier 3, about 50 a minute for a workspace.
_PER_TEAM = ((50, 60.0),)
_GIVEN_UP_AFTER = 3600.0
_NEW_INSTALL = 300.0


@dataclass(slots=True)
class _Storm:
    since: float
    last: float


class Refresher(Worker):
    """Draws a card at once, then at most once per second while changes keep coming.

    A change that arrives during a drawing or a pause causes one more drawing,
    so the last one is never lost; what a card should show is in the store, so
    a restart repairs what was left. All cards of a workspace share a budget.
    """

    def __init__(
        self,
        store: Store,
        jira: Jira,
        slack: Slack,
        courier: Courier,
        clock: Clock,
        polls: PollCards,
    ) -> None:
        super().__init__("cards", clock)
        self._store = store
        self._jira = jira
        self._slack = slack
        self._courier = courier
        self._polls = polls
        self._budgets: dict[str, Pace] = {}
        self._storms: dict[str, _Storm] = {}

    async def turn(self, now: float) -> float | None:
        """Start with the cards that wait longest."""
        free = _AT_ONCE - self.busy
        if free <= 0:
            return None
        claimed = await self._store.cards.claim(now, free)
        for card in claimed:
            self.spawn(self._serve(card))
        self._storms = {id_: one for id_, one in self._storms.items() if now - one.last < 60.0}
        return now if len(claimed) == free else await self._store.cards.next_due()

    async def _serve(self, card: Card) -> None:
        if card.poll_id is not None:
            await self._poll(card)
        elif card.ballot is not None:
            await self._ballot(card, card.ballot)
        elif card.posted:
            await self._refresh(card)
        else:
            await self._first(card)

    async def _poll(self, card: Card) -> None:
        try:
            message = await self._polls.draw(card, news=self.wake)
        except PollGone:
            await self._store.cards.forget(card.id)
            return
        await self._show(card, message)

    async def _ballot(self, card: Card, ballot: Ballot) -> None:
        lines = await self._store.cards.ballot_lines(card.id)
        message = ballot_card(card.id, card.site, ballot.title, lines, ballot.total)
        await self._show(card, message)

    async def _first(self, card: Card) -> None:
        """Post a card that was asked for, as seen by the person who asked."""
        account = await self._store.accounts.find(card.posted_by, card.site)
        if account is not None and account.refused:
            account = None
        try:
            issue = await self._read(card, account)
        except (NotFound, NotAllowed, CredentialRefused) as error:
            hidden = account is None or isinstance(error, CredentialRefused)
            say = blocks.connect_to_see if hidden else blocks.card_not_found
            await self._give_up(card, say(card.site, card.issue_key))
        except RemoteError:
            await self._give_up(card, blocks.card_not_found(card.site, card.issue_key))
        except RemoteUnavailable as error:
            await self._wait_for_jira(card, error)
        else:
            await self._show(card, blocks.issue_card(card.id, card.site, issue))

    async def _refresh(self, card: Card) -> None:
        """Draw a card anew. Names of voters are shown as its poster may see them."""
        issue = card.issue
        account = await self._store.accounts.find(card.posted_by, card.site)
        if account is not None and not account.refused:
            try:
                issue = await self._read(card, account)
            except (RemoteError, RemoteUnavailable) as error:
                log.info("card %s is drawn from what is stored: %s", card.id, error)
        if issue is None:
            await self._store.cards.drawn(card, self._next(card))
            return
        await self._show(card, blocks.issue_card(card.id, card.site, issue))

    async def _read(self, card: Card, account: Account | None) -> Issue:
        read_at = self._clock()
        issue = await self._jira.issue(card.issue_key, account, voters=True)
        return await self._store.cards.read(card.id, issue, read_at)

    async def _show(self, card: Card, message: Message) -> None:
        if card.frame is not None:
            message = framed(message, card.frame.above, card.frame.below)
        now = self._clock()
        budget = self._budgets.setdefault(card.posted_by.team_id, Pace(*_PER_TEAM))
        allowed_at = budget.ready_at(now) if card.posted and not card.only_by_url else now
        by_url = card.only_by_url or (allowed_at > now and card.response_url is not None)
        if allowed_at > now and not by_url:
            await self._store.cards.postpone(card.id, allowed_at, failed=False)
            return
        try:
            if not card.posted:
                await self._post(card, message)
            elif by_url:
                await self._by_url(card, message)
            else:
                budget.start(now)
                await self._update(card, message)
        except MessageGone:
            await self._store.cards.forget(card.id)
        except InstallBroken as error:
            log.error("Slack refuses the bot token (%s): no card can be updated", error.code)
            await self._store.cards.postpone(card.id, now + _NEW_INSTALL, failed=False)
        except SlackError as error:
            # The message itself is wrong; sending it again would be as wrong.
            log.error("Slack refused card %s: %s", card.id, error.code)
            if card.posted:
                await self._store.cards.drawn(card, self._next(card))
            else:
                await self._give_up(card, await self._not_allowed(card))
        except SlackUnavailable as error:
            pause = self._pause(card, error.retry_after)
            if error.retry_after:
                budget.pause_until(now + error.retry_after)
            await self._store.cards.postpone(card.id, now + pause, failed=True)

    async def _post(self, card: Card, message: Message) -> None:
        try:
            posted = await self._slack.post(card.channel_id, message.text, message.blocks)
        except ChannelClosed:
            # A private channel or a conversation without the app: only the command may answer.
            await self._post_by_url(card, message)
            return
        await self._store.cards.drawn(
            card, self._next(card), channel_id=posted.channel_id, message_ts=posted.ts
        )

    async def _post_by_url(self, card: Card, message: Message) -> None:
        if card.response_url is None:
            await self._give_up(card, await self._not_allowed(card))
            return
        await self._slack.respond(card.response_url, message.text, message.blocks, in_channel=True)
        await self._store.cards.drawn(card, self._next(card), only_by_url=True)

    async def _not_allowed(self, card: Card) -> Message:
        if card.poll_id is not None:
            return await self._polls.not_posted(card)
        return blocks.card_not_allowed(card.site, card.issue_key)

    async def _update(self, card: Card, message: Message) -> None:
        if card.message_ts is None:
            await self._by_url(card, message)
            return
        try:
            await self._slack.update(card.channel_id, card.message_ts, message.text, message.blocks)
        except ChannelClosed:
            await self._by_url(card, message)
            return
        await self._store.cards.drawn(card, self._next(card))

    async def _by_url(self, card: Card, message: Message) -> None:
        """Update by way of the newest click; without one, wait for the next click."""
        try:
            # The URL of a command leads to no message; only a click's can replace one.
            if card.response_url is None or card.message_ts is None:
                raise SlackError("no_response_url")
            await self._slack.respond(
                card.response_url, message.text, message.blocks, in_channel=True, replace=True
            )
        except SlackError:
            await self._store.cards.postpone(card.id, NEVER, failed=False, only_by_url=True)
            return
        await self._store.cards.drawn(card, self._next(card))

    async def _wait_for_jira(self, card: Card, error: RemoteUnavailable) -> None:
        now = self._clock()
        if now - card.made_at > _GIVEN_UP_AFTER:
            await self._give_up(card, blocks.card_given_up(card.site, card.issue_key))
            return
        pause = self._pause(card, error.retry_after)
        told = card.told
        if not told:
            try:
                await self._say(card, blocks.card_waits(card.site, card.issue_key))
                told = True
            except SlackUnavailable as silent:
                log.warning("a person could not be told that a card waits: %s", silent.why)
        await self._store.cards.postpone(card.id, now + pause, failed=True, told=told)

    async def _give_up(self, card: Card, message: Message) -> None:
        try:
            await self._say(card, message)
        except SlackUnavailable as error:
            if self._clock() - card.made_at < _GIVEN_UP_AFTER:
                pause = self._pause(card, error.retry_after)
                await self._store.cards.postpone(card.id, self._clock() + pause, failed=True)
                return
        await self._store.cards.forget(card.id)

    async def _say(self, card: Card, message: Message) -> None:
        await self._courier.tell(
            card.posted_by, Address(card.channel_id, card.response_url), message
        )

    def _next(self, card: Card) -> float:
        """Return when this card may be drawn again."""
        now = self._clock()
        storm = self._storms.setdefault(card.id, _Storm(now, now))
        if now - storm.last > 2 * redraw_pause(now - storm.since):
            storm.since = now
        storm.last = now
        return now + redraw_pause(now - storm.since)

    def _pause(self, card: Card, asked_for: float) -> float:
        jitter = random.uniform(0.7, 1.3)  # noqa: S311  no secret
        return pause_before_retry(card.attempts + 1, jitter, asked_for)
