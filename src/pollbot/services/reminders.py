"""Reminders before a poll closes, to those who have not answered."""

import logging
from collections import deque
from dataclasses import dataclass

from pollbot.blocks import poll_endings as blocks
from pollbot.blocks.kit import Message
from pollbot.clients.slack import Slack
from pollbot.domain.kept import Kept
from pollbot.domain.pace import Pace
from pollbot.domain.people import Person
from pollbot.domain.votes import pause_before_retry
from pollbot.errors import InstallBroken, SlackError, SlackUnavailable
from pollbot.services.people import People
from pollbot.services.worker import Clock, Worker
from pollbot.storage.endings import Hung
from pollbot.storage.store import Store

log = logging.getLogger(__name__)

# docs.slack.dev, "Rate limits": about one message per second is what lasts.
_PER_TEAM = ((1, 1.0),)
_NEW_INSTALL = 300.0
_MOST = 200
"""Members beyond which a channel gets one word in the thread, and not each of them a message."""


@dataclass(frozen=True, slots=True)
class _Reader:
    """Somebody who sees the poll's card, and where."""

    user_id: str
    channel_id: str
    card_url: str


class Reminders(Worker):
    """Writes to one person after the other, at most once to each, ever.

    Who is left is worked out anew after a restart; what was claimed before it
    stays claimed. It ends where the poll closes, is deleted or gives its names up.
    """

    def __init__(self, store: Store, slack: Slack, people: People, clock: Clock) -> None:
        super().__init__("reminders", clock)
        self._store = store
        self._slack = slack
        self._people = people
        self._left: dict[str, deque[_Reader]] = {}
        self._pace = Pace(*_PER_TEAM)
        self._failures = 0

    async def turn(self, now: float) -> float | None:
        """Go one step on with the poll that closes first."""
        if self.busy:
            return None
        due = await self._store.endings.to_remind(now)
        ids = {kept.poll.id for kept in due}
        self._left = {poll_id: left for poll_id, left in self._left.items() if poll_id in ids}
        if not due:
            return await self._store.endings.next_reminder(now)
        ready_at = self._pace.ready_at(now)
        if ready_at > now:
            return ready_at
        self._pace.start(now)
        self.spawn(self._patiently(due[0]))
        return None

    async def _patiently(self, kept: Kept) -> None:
        try:
            await self._step(kept)
        except InstallBroken as error:
            log.error("Slack refuses the bot token (%s): reminders wait", error.code)
            self._pace.pause_until(self._clock() + _NEW_INSTALL)
        except SlackUnavailable as error:
            self._failures += 1
            pause = pause_before_retry(self._failures, 1.0, error.retry_after)
            log.warning("reminders wait for Slack for %.0f s (%s)", pause, error.why)
            self._pace.pause_until(self._clock() + pause)
        else:
            self._failures = 0

    async def _step(self, kept: Kept) -> None:
        """Find out whom to remind, or remind the next of them."""
        if kept.poll.id not in self._left:
            self._left[kept.poll.id] = await self._readers(kept)
            return
        left = self._left[kept.poll.id]
        while left:
            if await self._remind(kept, left[0]):
                left.popleft()
                return
            left.popleft()
        await self._store.endings.reminded(kept.poll.id, self._clock())

    async def _readers(self, kept: Kept) -> deque[_Reader]:
        """Return whom to remind; a thread is told where that is not known, or would be a flood."""
        found: dict[str, _Reader] = {}
        seen: set[str] = set()
        for card in await self._store.endings.cards(kept.poll.id, self._clock()):
            if card.channel_id in seen:
                continue
            seen.add(card.channel_id)
            try:
                members = await self._slack.members(card.channel_id)
            except InstallBroken:
                raise
            except SlackError as error:
                log.info("members of a channel cannot be read: %s", error.code)
                await self._tell_thread(kept, card)
                continue
            if len(members) > _MOST:
                await self._tell_thread(kept, card)
                continue
            url = await self._card_url(card)
            for user_id in members:
                found.setdefault(user_id, _Reader(user_id, card.channel_id, url))
        return deque(found.values())

    async def _card_url(self, card: Hung) -> str:
        try:
            return await self._slack.permalink(card.channel_id, card.message_ts)
        except SlackError as error:
            log.info("a card has no address: %s", error.code)
            return ""

    async def _tell_thread(self, kept: Kept, card: Hung) -> None:
        subject = f"remind {kept.poll.id} {card.channel_id}"
        latest = await self._store.endings.claim_reminder(kept, subject, None, self._clock())
        if latest is not None:
            message = blocks.closes_soon(latest.poll)
            await self._post(subject, card.channel_id, message, card.message_ts)

    async def _remind(self, kept: Kept, reader: _Reader) -> bool:
        """Return whether the person was written to."""
        subject = f"remind {kept.poll.id} {reader.user_id}"
        latest = await self._store.endings.claim_reminder(
            kept, subject, reader.user_id, self._clock()
        )
        if latest is None:
            return False
        try:
            writable = await self._people.is_person(Person(kept.team_id, reader.user_id))
        except (SlackUnavailable, InstallBroken):
            await self._store.endings.release(subject, 0.0)
            raise
        if not writable:
            await self._store.endings.sent(subject, 0.0, self._clock())
            return False
        message = blocks.reminder(latest.poll, reader.channel_id, reader.card_url)
        await self._post(subject, reader.user_id, message)
        return True

    async def _post(
        self, subject: str, channel_id: str, message: Message, thread_ts: str | None = None
    ) -> None:
        """Post what was claimed. Raises SlackUnavailable or InstallBroken if it never arrived."""
        try:
            await self._slack.post(channel_id, message.text, message.blocks, thread_ts)
        except InstallBroken:
            await self._store.endings.release(subject, 0.0)
            raise
        except SlackError as error:
            log.info("a reminder was refused by Slack: %s", error.code)
        except SlackUnavailable as error:
            if error.perhaps:
                log.warning("a reminder may not have reached Slack (%s)", error.why)
                return
            await self._store.endings.release(subject, 0.0)
            raise
        await self._store.endings.sent(subject, 0.0, self._clock())
