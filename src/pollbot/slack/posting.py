"""The way by which pollbot posts: as fast as Slack takes it, and only while Slack is there."""

import asyncio
import logging
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass

from pollbot.errors import (
    ContentRefused,
    MessageGone,
    NotYet,
    SlackBusy,
    SlackError,
    SlackUnavailable,
)
from pollbot.slack.client import Posted, Slack
from pollbot.slack.kit import Message, bare
from pollbot.slack.post_pace import PostPace
from pollbot.store.worker import Clock

log = logging.getLogger(__name__)

_HEARD_LATELY = 2.0
_HOUSEKEEPING = 60.0
_BUSY = 1.0
"""Seconds for which a 429 without Retry-After holds back what shares its limit."""
_DRAWS = 2.0
"""Seconds for which whoever is next in a channel has it alone; what it draws may hang."""
_SOON = 1.5
"""Seconds for which it waits where it is; as long as a channel's pause, and a bit."""


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """That somebody is the next to post in a channel, since then."""

    team_id: str
    channel_id: str
    since: float


@dataclass(frozen=True, slots=True)
class PostedCard:
    """A card of a poll that hangs in a channel.

    ``message_ts`` and ``response_url`` are as in a Card: None if they are not known.
    """

    id: str
    channel_id: str
    message_ts: str | None
    response_url: str | None


class Posting:
    """Posts messages. What all workers learn from doing so is here: Slack's pace and health."""

    def __init__(self, slack: Slack, clock: Clock) -> None:
        self._slack = slack
        self._clock = clock
        self._pace = PostPace()
        self._heard_at: dict[str, float] = {}
        self._looking: dict[str, asyncio.Task[None]] = {}
        self._tidied_at = float("-inf")
        self._places: list[Place] = []
        self._ends: dict[tuple[str, str], asyncio.Event] = {}

    def wait(self, team_id: str, channel_id: str) -> None:
        """Raise NotYet if a message there would have to wait for its slot."""
        until = self._pace.wait(team_id, channel_id, self._tidied())
        if until is not None:
            raise NotYet(until)

    @contextmanager
    def place(self, team_id: str, channel_id: str) -> Iterator[Place]:
        """Be the next to post there, within this; draw it, then post it in ``slot_of`` it.

        So what waits for the message before it is drawn meanwhile, once, and goes right after it.
        Raises NotYet if somebody else is the next, or if that has to wait for longer.
        """
        where, now = (team_id, channel_id), self._tidied()
        ahead = sum(
            (one.team_id, one.channel_id) == where and 0.0 <= now - one.since < _DRAWS
            for one in self._places
        )
        is_soon = self._pace.ready_at(*where, now) <= now + _SOON
        if ahead or not is_soon:
            until = self._pace.wait(*where, now, ahead)
            if until is not None:
                raise NotYet(until)
        place = Place(*where, now)
        self._places.append(place)
        try:
            yield place
        finally:
            self._leave(place)

    @asynccontextmanager
    async def slot_of(self, place: Place) -> AsyncIterator[None]:
        """Send within this, and only one message, once the one before it is there.

        Raises NotYet where Slack has asked meanwhile to wait for longer.
        """
        where = place.team_id, place.channel_id
        while (until := self._pace.ready_at(*where, now := self._clock())) > now:
            if self._pace.is_under_way(*where, now):
                await self._ends.setdefault(where, asyncio.Event()).wait()
            elif until <= now + _SOON:
                await asyncio.sleep(until - now)
            else:
                self.wait(*where)
        with self.slot(*where):
            self._leave(place)
            yield

    @contextmanager
    def slot(self, team_id: str, channel_id: str, *, at_once: bool = False) -> Iterator[None]:
        """Send within this, and only one message. Raises NotYet if it has to wait.

        ``at_once``: a person waits for it, and Slack tolerates a few too many.
        """
        if not at_once:
            self.wait(team_id, channel_id)
        self._pace.begin(team_id, channel_id, self._clock())
        try:
            yield
        finally:
            self._pace.end(team_id, channel_id, self._clock())
            end = self._ends.pop((team_id, channel_id), None)
            if end is not None:
                end.set()

    async def is_there(self, team_id: str) -> None:
        """Raise SlackUnavailable or InstallBroken unless Slack answered there in the last seconds.

        What is claimed and then cannot be sent is in doubt; so Slack is asked before, once
        for all who want to know at the same time. If its answer is lost, nothing else is.
        """
        if 0.0 <= self._clock() - self._heard_at.get(team_id, float("-inf")) < _HEARD_LATELY:
            return
        if team_id not in self._looking:
            self._looking[team_id] = asyncio.create_task(self._look(team_id))
        try:
            await asyncio.shield(self._looking[team_id])
        except SlackUnavailable as error:
            if not (error.lost or error.perhaps):
                raise
            raise SlackUnavailable(error.why, error.retry_after) from error

    async def post(
        self,
        team_id: str,
        channel_id: str,
        message: Message,
        thread_ts: str | None = None,
        *,
        at_once: bool = False,
    ) -> Posted:
        """Take a slot and send; see there."""
        with self.slot(team_id, channel_id, at_once=at_once):
            return await self.send(team_id, channel_id, message, thread_ts)

    async def send(
        self,
        team_id: str,
        channel_id: str,
        message: Message,
        thread_ts: str | None = None,
        *,
        stamp: str = "",
    ) -> Posted:
        """Post a message that has a slot; a user's id as channel makes it a direct message.

        After SlackUnavailable with ``perhaps`` it may be there; see ``Slack.has_told``.
        """
        try:
            posted = await self._slack.of(team_id).post(
                channel_id, message.text, message.blocks, thread_ts, stamp=stamp
            )
        except SlackBusy as error:
            now = self._clock()
            self._pace.too_busy(team_id, channel_id, now + (error.retry_after or _BUSY), now)
            raise
        except SlackUnavailable:
            self._heard_at.pop(team_id, None)
            raise
        self._heard_at[team_id] = self._clock()
        return posted

    async def send_any(
        self,
        team_id: str,
        channel_id: str,
        ways: Sequence[Message],
        thread_ts: str | None = None,
    ) -> Posted:
        """Post the first of these that Slack takes, with the slot that one of them has.

        A refusal posts nothing. Raises ContentRefused if it takes none.
        """
        *first, last = ways
        for message in first:
            try:
                return await self.send(team_id, channel_id, message, thread_ts)
            except ContentRefused as error:
                log.warning("Slack refused what is posted: %s %s", error.code, error.where)
        return await self.send(team_id, channel_id, last, thread_ts)

    async def say(
        self, team_id: str, channel_id: str, message: Message, thread_ts: str | None = None
    ) -> None:
        """Take a slot and post what is there to be read; its words alone if Slack takes no more."""
        with self.slot(team_id, channel_id):
            try:
                await self.send(team_id, channel_id, message, thread_ts)
            except ContentRefused as error:
                # A refusal posted nothing.
                log.error("Slack refused a message's blocks: %s %s", error.code, error.where)
                await self.send(team_id, channel_id, bare(message), thread_ts)

    async def say_under(self, team_id: str, card: PostedCard, message: Message) -> None:
        """Say something under a card; where the app may not, by a click's ``response_url``.

        Raises what Slack refused it with if neither is a way, else as ``say`` does.
        """
        try:
            await self.say(team_id, card.channel_id, message, card.message_ts)
        except (ContentRefused, MessageGone):
            raise
        except SlackError as refused:
            if card.response_url is None:
                raise
            try:
                await self._slack.respond(
                    card.response_url,
                    message.text,
                    message.blocks,
                    in_channel=True,
                    thread_ts=card.message_ts,
                )
            except ContentRefused:
                raise
            except SlackError as error:
                raise refused from error

    def _leave(self, place: Place) -> None:
        if place in self._places:
            self._places.remove(place)

    def _tidied(self) -> float:
        """Return what time it is, with nothing kept that holds back nobody."""
        now = self._clock()
        if not 0.0 <= now - self._tidied_at < _HOUSEKEEPING:
            self._tidied_at = now
            self._pace.tidy(now)
        return now

    async def _look(self, team_id: str) -> None:
        try:
            await self._slack.of(team_id).look()
            self._heard_at[team_id] = self._clock()
        finally:
            del self._looking[team_id]
