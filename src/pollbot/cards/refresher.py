"""Keeps every card true to what is stored, with few updates."""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from pollbot.cards.drawing import Drawers, NotDrawn, NotShown, WaitsForJira
from pollbot.cards.rows import Card, CardRows, Shared
from pollbot.errors import (
    ChannelClosed,
    ContentRefused,
    MessageGone,
    NotYet,
    PollGone,
    SlackError,
    SlackUnavailable,
)
from pollbot.people import Address
from pollbot.slack.client import Posted, Slack
from pollbot.slack.closed import helps_invite, why_closed
from pollbot.slack.courier import Courier
from pollbot.slack.kit import Draw, Message, framed, ways_to_show
from pollbot.slack.languages import Languages
from pollbot.slack.outbox import Outbox
from pollbot.slack.posting import Posting
from pollbot.store.outbox import Kind, Notice, OutboxRows
from pollbot.store.queue import Again, Done, Later, Next, Parked
from pollbot.store.worker import Clock, QueueWorker, pause_after
from pollbot.web.pace import Pace, redraw_pause

log = logging.getLogger(__name__)

_AT_ONCE = 12
# docs.slack.dev, "Rate limits": chat.update and chat.unfurl are Tier 3, about 50 a minute each
# for a workspace.
_PER_TEAM = ((50, 60.0),)
_GIVEN_UP_AFTER = 3600.0
_TOO_OLD = "edit_window_closed"
_NOW_AND_THEN = 1800.0
_HOPED_FOR = 30 * 86400.0
_WAITS, _GIVEN_UP = "waits", "given up"
"""What whoever asked for a card may hear of it."""
_TRIES = 110
"""As many as fit into an hour of failures, half a minute apart; time away does not count."""


NoEntity = Callable[[str, str, float], Awaitable[None]]
"""Told of a workspace in which Slack takes no Work Objects, with its word and when."""


async def not_kept(_team_id: str, _code: str, _at: float) -> None:
    """Keep nothing of it."""


@dataclass(slots=True)
class _Storm:
    since: float
    last: float


class Refresher(QueueWorker[Card]):
    """Draws a card at once, then after a pause each time while changes keep coming.

    A change that arrives during a drawing or a pause causes one more drawing,
    so the last one is never lost; what a card should show is in the store, so
    a restart repairs what was left. All cards of a workspace share a budget.
    """

    def __init__(
        self,
        card_rows: CardRows,
        outbox_rows: OutboxRows,
        slack: Slack,
        posting: Posting,
        courier: Courier,
        languages: Languages,
        outbox: Outbox,
        clock: Clock,
        drawers: Drawers,
        *,
        no_entity: NoEntity = not_kept,
    ) -> None:
        """``no_entity`` is told that Slack took no Work Object, but the same as blocks."""
        super().__init__(card_rows.work, clock, at_once=_AT_ONCE)
        self._card_rows = card_rows
        self._outbox_rows = outbox_rows
        self._slack = slack
        self._posting = posting
        self._courier = courier
        self._languages = languages
        self._outbox = outbox
        self._drawers = drawers
        self._no_entity = no_entity
        self._budgets: dict[str, Pace] = {}
        self._previews: dict[str, Pace] = {}
        self._storms: dict[str, _Storm] = {}

    def start(self) -> None:
        """Begin to work; what another one has drawn since is not known, so Slack says it."""
        self._budgets.clear()
        self._previews.clear()
        super().start()

    async def tidy(self, now: float) -> None:
        """Forget storms that are over."""
        self._storms = {id_: one for id_, one in self._storms.items() if now - one.last < 60.0}

    async def serve(self, card: Card, attempts: int) -> Next:
        """Bring a card up to date."""
        if not card.posted and card.shared is None:
            self._posting.wait(card.posted_by.team_id, card.channel_id)
        try:
            async with self._languages.speaking_in(card.posted_by.team_id):
                message = await self._drawers.of(card).draw(card)
        except PollGone:
            return await self._forgotten(card)
        except NotShown as error:
            return await self._end_preview(card, error.instead)
        except NotDrawn as error:
            return await self._give_up(card, error.told, attempts)
        except WaitsForJira as waiting:
            return await self._wait_for_jira(card, waiting, attempts)
        if message is None:
            return await self._drawn(card)
        return await self._show(card, message, attempts)

    async def _show(self, card: Card, message: Message, attempts: int) -> Next:
        if card.frame is not None:
            message = framed(message, card.frame.above, card.frame.below)
        if card.shared is not None:
            return await self._preview(card, card.shared, message)
        budget = self._budgets.setdefault(card.posted_by.team_id, Pace(*_PER_TEAM))
        now = self._clock()
        try:
            if card.posted:
                return await self._update(card, message, budget)
            return await self._post(card, message, attempts)
        except MessageGone as error:
            if card.posted and error.code == _TOO_OLD and await self._replaced(card, message):
                return await self._drawn(card)
            if card.posted:
                return await self._forgotten(card)
            return await self._not_posted(card, error, attempts)
        except ContentRefused as error:
            # Sending it again would be as wrong; the next change may mend it.
            log.error("Slack refused what card %s shows: %s %s", card.id, error.code, error.where)
            await self._card_rows.refused(card, now)
            return self._next(card)
        except SlackError as error:
            log.error("Slack refused card %s: %s", card.id, error.code)
            if card.posted:
                return self._hoped_for(card)
            return await self._not_posted(card, error, attempts)
        except NotYet:
            raise
        except SlackUnavailable as error:
            if error.retry_after and card.posted:
                budget.pause_until(now + error.retry_after)
            return Again(error.retry_after)

    async def _post(self, card: Card, message: Message, attempts: int) -> Next:
        """Post a card; after a lost answer once more, when Slack answers again, and no more."""
        team_id, notice = card.posted_by.team_id, _posted(card)
        if attempts:
            await self._posting.is_there(team_id)
        if not await self._outbox_rows.claim(notice, team_id, self._clock()):
            return await self._perhaps_posted(card)

        async def sent(posted: Posted) -> None:
            where = (posted.channel_id, posted.ts)
            await self._card_rows.posted(card, *where, self._clock())

        async def post() -> Posted:
            with self._posting.slot(team_id, card.channel_id):
                return await self._posting.send_any(
                    team_id, card.channel_id, _ways(card, message), card.thread_ts
                )

        try:
            await self._outbox.send(notice, post, sent=sent)
        except ChannelClosed as error:
            # A private channel or a conversation without the app: only the command may answer.
            return await self._post_by_url(card, message, attempts, error)
        return self._next(card)

    async def _post_by_url(
        self, card: Card, message: Message, attempts: int, closed: ChannelClosed
    ) -> Next:
        url, notice = card.response_url, _posted(card)
        if url is None:
            return await self._not_posted(card, closed, attempts)
        outside = await self._drawers.of(card).outside(card)
        # In an archive, say, it may be a member, and an invitation helps nobody.
        is_to_hear = outside is not None and helps_invite(closed.code)
        if not await self._outbox_rows.claim(notice, card.posted_by.team_id, self._clock()):
            return await self._perhaps_posted(card)

        async def sent(_: None) -> None:
            await self._card_rows.posted_by_url(card, self._clock(), is_to_hear=is_to_hear)

        async def respond() -> None:
            *first, last = _ways(card, message)
            for way in first:
                try:
                    await self._respond(url, way, card)
                except ContentRefused as error:
                    log.warning("Slack refused what is posted: %s %s", error.code, error.where)
                else:
                    return
            await self._respond(url, last, card)

        await self._outbox.send(notice, respond, sent=sent)
        return self._next(card)

    async def _respond(self, url: str, message: Message, card: Card) -> None:
        await self._slack.respond(
            url, message.text, message.blocks, in_channel=True, thread_ts=card.thread_ts
        )

    async def _perhaps_posted(self, card: Card) -> Next:
        if await self._outbox_rows.is_under_way(_posted(card)):
            return Again()
        log.error("card %s may hang twice or not at all: two answers of Slack were lost", card.id)
        await self._card_rows.perhaps_posted(card, self._clock())
        return Done()

    async def _not_posted(self, card: Card, error: SlackError, attempts: int) -> Next:
        async with self._languages.speaking_to(card.posted_by):
            told = await self._drawers.of(card).not_posted(card, why_closed(error.code))
        return await self._give_up(card, lambda: told, attempts)

    async def _update(self, card: Card, message: Message, budget: Pace) -> Next:
        """Change the message: where the app may not, by way of the newest click.

        Without either way it waits for the next click.
        """
        now = self._clock()
        if card.message_ts is None:
            return Parked()
        if card.only_by_url and await self._replaced(card, message):
            return await self._drawn(card)
        allowed_at = budget.ready_at(now)
        if allowed_at > now:
            if not card.only_by_url and await self._replaced(card, message):
                return await self._drawn(card)
            return Later(allowed_at)
        budget.start(now)
        try:
            slack = self._slack.of(card.posted_by.team_id)
            await slack.update(card.channel_id, card.message_ts, message.text, message.blocks)
        except ChannelClosed as error:
            if not card.only_by_url and await self._replaced(card, message):
                return await self._drawn(card, only_by_url=True)
            if not helps_invite(error.code):
                log.info("card %s is not brought up to date yet: %s", card.id, error.code)
                return self._hoped_for(card)
            await self._card_rows.only_by_url(card.id)
            return Parked()
        # It may have been invited since.
        return await self._drawn(card, only_by_url=False)

    def _hoped_for(self, card: Card) -> Next:
        """Return that it is tried now and then: an archive, a limit or a permission may change.

        Nobody tells pollbot of it, and what people see on the card is not true until then.
        """
        now = self._clock()
        return Done(now + _NOW_AND_THEN) if now - card.made_at < _HOPED_FOR else Parked()

    async def _preview(self, card: Card, shared: Shared, message: Message) -> Next:
        """Draw a link's preview, which may be done again; where Slack takes none there is none."""
        budget, now = self._preview_budget(card), self._clock()
        if (allowed_at := budget.ready_at(now)) > now:
            return Later(allowed_at)
        budget.start(now)
        try:
            await self._unfurl(card, shared, message)
        except SlackError as error:
            log.info("Slack takes no preview as card %s: %s", card.id, error.code)
            return await self._forgotten(card)
        except SlackUnavailable as error:
            if error.retry_after:
                budget.pause_until(now + error.retry_after)
            return Again(error.retry_after)
        await self._card_rows.shown(card)
        return self._next(card)

    async def _unfurl(self, card: Card, shared: Shared, message: Message) -> None:
        """Show a Work Object where there is one; if Slack takes none, the same as blocks."""
        where = card.channel_id, shared.ts, shared.url
        slack = self._slack.of(card.posted_by.team_id)
        if message.entity is None:
            await slack.unfurl(*where, message.blocks)
            return
        try:
            await slack.unfurl_entity(*where, message.entity)
        except SlackError as error:
            refused = error.code
        else:
            return
        # Where Slack takes no preview at all, it says so once more, and no Work Object is to blame.
        await slack.unfurl(*where, message.blocks)
        log.info("Slack takes no Work Object as card %s, but blocks: %s", card.id, refused)
        await self._no_entity(card.posted_by.team_id, refused, self._clock())

    async def _end_preview(self, card: Card, instead: Draw | None) -> Next:
        """Forget a preview; what was shown of it is replaced where it may not be seen any more."""
        if card.posted and card.shared is not None and instead is not None:
            async with self._languages.speaking_in(card.posted_by.team_id):
                message = instead()
            then = await self._preview(card, card.shared, message)
            if isinstance(then, Later | Again):
                return then
        return await self._forgotten(card)

    def _preview_budget(self, card: Card) -> Pace:
        return self._previews.setdefault(card.posted_by.team_id, Pace(*_PER_TEAM))

    async def _replaced(self, card: Card, message: Message) -> bool:
        """Return whether the newest click was still a way to the card, and was used."""
        if card.response_url is None:
            return False
        try:
            await self._slack.respond(
                card.response_url, message.text, message.blocks, in_channel=True, replace=True
            )
        except ContentRefused:
            raise
        except SlackError as error:
            log.info("the way to card %s that a click brought is closed: %s", card.id, error.code)
            return False
        return True

    async def _drawn(self, card: Card, *, only_by_url: bool | None = None) -> Next:
        await self._card_rows.drawn(card, only_by_url=only_by_url)
        return self._next(card)

    async def _forgotten(self, card: Card) -> Next:
        await self._card_rows.forget(card.id)
        return Done()

    async def _wait_for_jira(self, card: Card, waiting: WaitsForJira, attempts: int) -> Next:
        if attempts >= _TRIES and self._clock() - card.made_at > _GIVEN_UP_AFTER:
            return await self._give_up(card, waiting.given_up, attempts - _TRIES)
        if not card.told:
            try:
                over = await self._say(card, _WAITS, waiting.waits)
            except SlackUnavailable as silent:
                log.debug("a person could not be told that a card waits: %s", silent.why)
            else:
                if over:
                    await self._card_rows.told(card.id)
        return Again(waiting.error.retry_after)

    async def _give_up(self, card: Card, draw: Draw, attempts: int) -> Next:
        try:
            if not await self._say(card, _GIVEN_UP, draw):
                return Again()
        except SlackUnavailable as error:
            if attempts < _TRIES:
                return Again(pause_after(error))
        return await self._forgotten(card)

    async def _say(self, card: Card, word: str, draw: Draw) -> bool:
        """Tell whoever asked for the card; return whether that is over, as for ``Outbox.say``."""
        address = Address(card.channel_id, card.response_url)
        async with self._languages.speaking_to(card.posted_by):
            message = draw()
        return await self._outbox.say(
            Notice(Kind.CARD, card.id, reader=word),
            card.posted_by.team_id,
            lambda: self._courier.tell(card.posted_by, address, message),
        )

    def _next(self, card: Card) -> Next:
        """Return that it may be drawn again, and when at the earliest."""
        now = self._clock()
        storm = self._storms.setdefault(card.id, _Storm(now, now))
        if now - storm.last > 2 * redraw_pause(now - storm.since):
            storm.since = now
        storm.last = now
        return Done(now + redraw_pause(now - storm.since))


def _ways(card: Card, message: Message) -> list[Message]:
    only_looked_at = card.ballot is not None and bool(card.ballot.look)
    return ways_to_show(message, is_pressed=not only_looked_at)


def _posted(card: Card) -> Notice:
    return Notice(Kind.POSTED, card.id)
