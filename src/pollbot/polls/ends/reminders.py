"""Reminders before a poll closes, to those who have not answered."""

import asyncio
import logging
from collections import deque
from contextlib import suppress
from dataclasses import dataclass, field

from cachetools import TTLCache

from pollbot.errors import InstallBroken, NotLookedUp, SlackBusy, SlackError, SlackUnavailable
from pollbot.people import Person
from pollbot.polls.audience.refusals import AudienceUnread
from pollbot.polls.audience.service import Audiences
from pollbot.polls.ends import blocks
from pollbot.polls.ends.hours import day_of, next_working_day, working_from
from pollbot.polls.ends.rows import EndingRows, digest_on, reminder_of
from pollbot.polls.kept import Kept
from pollbot.polls.kept_rows import remind_at
from pollbot.slack.client import Slack
from pollbot.slack.languages import Languages
from pollbot.slack.outbox import Outbox
from pollbot.slack.posting import PostedCard, Posting
from pollbot.slack.users import People
from pollbot.store.outbox import Kind, Notice, OutboxRows
from pollbot.store.queue import Done, Later, Next, Parked
from pollbot.store.worker import Clock, QueueWorker
from pollbot.text.recurrence import LATEST
from pollbot.web.pace import Pace

log = logging.getLogger(__name__)

# docs.slack.dev, "Rate limits": about one message per second is what lasts.
_PER_TEAM = ((1, 1.0),)
_AT_ONCE = 20
_SLOW = 3
"""How many errands of one poll may be under way at once, if each takes longer than that:"""
_PATIENCE = 1.0
_MOST_POLLS = 1000
_DAY = 86400.0
_LATER = 5.0
_GATHERED = 60.0
"""Seconds for which a reminder waits for those of other polls."""
_IN_ONE = 40
"""Polls in one message: one block each, of Slack's 50."""
_MOST = 200
"""Members beyond which a channel gets one word in the thread, and not each of them a message."""


@dataclass(frozen=True, slots=True)
class _Reader:
    """Somebody who sees the poll's card, and where."""

    user_id: str
    channel_id: str
    card_url: str


@dataclass(slots=True)
class _Left:
    """What is left to do for a poll: cards whose readers are to be found, and readers.

    ``failed`` is how many of it failed one after the other, the last one with ``error``.
    """

    kept: Kept
    errands: deque[PostedCard | _Reader]
    aside: dict[str, tuple[_Reader, float]] = field(default_factory=dict)
    """Who is reminded later, by their id, and when."""
    far: dict[str, _Reader] = field(default_factory=dict)
    """Who was ever put aside: what is still to be said to them goes into one message."""
    found: set[str] = field(default_factory=set)
    under_way: int = 0
    failed: int = 0
    error: Exception | None = None


class Reminders(QueueWorker[Kept]):
    """Writes to one person after the other, at most once to each, ever.

    Of what ends later than within a day, each hears once a day, when they work; who muted
    reminders hears of none.

    Who is left is worked out anew after a restart; what was claimed before it
    stays claimed. It ends where the poll closes, is deleted or gives its names up.
    What fails is tried again after all else of the poll.
    """

    def __init__(
        self,
        ending_rows: EndingRows,
        outbox_rows: OutboxRows,
        slack: Slack,
        posting: Posting,
        languages: Languages,
        people: People,
        audiences: Audiences,
        outbox: Outbox,
        clock: Clock,
    ) -> None:
        super().__init__(ending_rows.reminders, clock, at_once=_AT_ONCE)
        self._ending_rows = ending_rows
        self._outbox_rows = outbox_rows
        self._slack = slack
        self._posting = posting
        self._languages = languages
        self._people = people
        self._audiences = audiences
        self._outbox = outbox
        self._left: TTLCache[str, _Left] = TTLCache(_MOST_POLLS, LATEST, timer=clock)
        self._paces: dict[str, Pace] = {}

    def start(self) -> None:
        """Begin to work; who was left when it led before may be told by now."""
        self._left.clear()
        self._paces.clear()
        super().start()

    async def tidy(self, now: float) -> None:
        """Forget paces that hold nobody back."""
        self._paces = {team: pace for team, pace in self._paces.items() if not pace.idle_at(now)}

    async def serve(self, kept: Kept, attempts: int) -> Next:
        """Go one step on with a poll's reminders."""
        now, due_at = self._clock(), _due_at(kept)
        if due_at is None or not kept.poll.is_open(now):
            return Parked()
        if due_at > now:
            return Later(due_at)
        left = self._left.get(kept.poll.id)
        if left is None:
            left = self._left[kept.poll.id] = _Left(kept, await self._cards(kept))
        left.kept = kept
        self._take_up(left, now)
        if left.under_way >= _SLOW or (left.under_way and not left.errands):
            return Later(now + _PATIENCE)
        pace = self._paces.setdefault(kept.team_id, Pace(*_PER_TEAM))
        ready_at = pace.ready_at(now)
        if ready_at > now:
            return Later(ready_at)
        if left.errands:
            pace.start(now)
            await self._step(kept, left, pace)
        if not left.errands and not left.under_way and left.aside:
            return Later(min(at for _, at in left.aside.values()))
        if not left.errands and not left.under_way:
            self._left.pop(kept.poll.id, None)
            again_at = remind_at(kept.poll.settings, kept.remind_before)
            # A nudge by hand is no reason to leave out those who come before the end.
            return Later(again_at) if again_at is not None and again_at > now else Parked()
        if left.error is not None and left.failed >= max(len(left.errands), 1):
            left.failed = 0
            raise left.error
        return Done(pace.ready_at(now))

    def _last_day(self, kept: Kept) -> float:
        """Return when a poll's end is so near that its reminders come at any hour."""
        settings = kept.poll.settings
        if not settings.closes_at_end or settings.ends_at is None:
            return float("inf")
        return settings.ends_at - _DAY

    def _take_up(self, left: _Left, now: float) -> None:
        for user_id, (reader, at) in list(left.aside.items()):
            if at <= now:
                del left.aside[user_id]
                left.errands.append(reader)

    async def _cards(self, kept: Kept) -> deque[PostedCard | _Reader]:
        """Return one card of each channel."""
        now = self._clock()
        cards: dict[str, PostedCard | _Reader] = {}
        for card in await self._ending_rows.cards(kept.poll.id, now, now):
            cards.setdefault(card.channel_id, card)
        return deque(cards.values())

    async def _step(self, kept: Kept, left: _Left, pace: Pace) -> None:
        """Go on the next errand; one that takes long goes on beside the others."""
        over = asyncio.Event()
        self.spawn(self._go(kept, left, pace, over))
        with suppress(TimeoutError):
            async with asyncio.timeout(_PATIENCE):
                await over.wait()

    async def _go(self, kept: Kept, left: _Left, pace: Pace, over: asyncio.Event) -> None:
        """Ask Slack who reads a card, or remind one reader: the next who is to be reminded."""
        left.under_way += 1
        errand: PostedCard | _Reader | None = None
        try:
            asked = False
            while left.errands and not asked:
                errand = left.errands.popleft()
                if isinstance(errand, PostedCard):
                    await self._find_readers(kept, errand, left, pace)
                    asked = True
                elif self._clock() < self._last_day(kept):
                    asked = await self._remind_of_all(kept, errand, left)
                else:
                    asked = await self._remind(kept, errand)
                errand = None
                left.failed = 0
        except Exception as error:
            left.failed += 1
            left.error = error
        finally:
            if errand is not None:
                left.errands.append(errand)
            left.under_way -= 1
            over.set()

    async def _find_readers(self, kept: Kept, card: PostedCard, left: _Left, pace: Pace) -> None:
        """Add whom to remind; a thread is told where that is not known, or would be a flood."""
        try:
            members = await self._members(kept, card)
        except AudienceUnread as error:
            if error.passing:
                pace.pause_until(self._clock() + _LATER)
                raise SlackUnavailable("who may answer is not told") from error
            log.info("who may answer a poll cannot be read: %s", error.code)
            await self._tell_thread(kept, card)
            return
        except SlackError as error:
            log.info("members of a channel cannot be read: %s", error.code)
            await self._tell_thread(kept, card)
            return
        except SlackBusy as error:
            # What Slack asks of an app about a method counts for all of a workspace.
            pace.pause_until(self._clock() + error.retry_after)
            raise
        if len(members) > _MOST:
            await self._tell_thread(kept, card)
            return
        url = await self._card_url(kept.team_id, card)
        for user_id in members:
            if user_id not in left.found:
                left.found.add(user_id)
                left.errands.append(_Reader(user_id, card.channel_id, url))

    async def _members(self, kept: Kept, card: PostedCard) -> list[str]:
        """Return whom to remind: those who may answer, else those who see the card."""
        if kept.poll.settings.audience.is_everybody:
            return await self._slack.of(kept.team_id).members(card.channel_id)
        return sorted(await self._audiences.everybody(kept))

    async def _card_url(self, team_id: str, card: PostedCard) -> str:
        if card.message_ts is None:
            return ""
        try:
            return await self._slack.of(team_id).permalink(card.channel_id, card.message_ts)
        except SlackError as error:
            log.info("a card has no address: %s", error.code)
            return ""

    async def _tell_thread(self, kept: Kept, card: PostedCard) -> None:
        notice = Notice(Kind.REMINDER, kept.poll.id, reader=card.channel_id)
        latest = await self._ending_rows.claim_reminder(kept, notice, None, self._clock())
        if latest is None:
            return
        asker = await self._asker(latest)
        async with self._languages.speaking_in(kept.team_id):
            message = blocks.closes_soon(latest.poll, asker)
        await self._outbox.send_or_leave(
            notice,
            lambda: self._posting.say_under(kept.team_id, card, message),
            instead=Notice(Kind.NOT_REMINDED, card.id),
        )

    async def _remind_of_all(self, kept: Kept, reader: _Reader, left: _Left) -> bool:
        """Return whether the person was written to: of all polls that end later, once a day.

        Who does not work now, or had such a message today, is reminded when they work next; but
        in the last day before the end at any hour.
        """
        person, now = Person(kept.team_id, reader.user_id), self._clock()
        zone = await self._zone(person)
        at = working_from(now, zone)
        if at > now or reader.user_id not in left.far:
            left.far[reader.user_id] = reader
            left.aside[reader.user_id] = (
                reader,
                min(max(at, now + _GATHERED), self._last_day(kept)),
            )
            return False
        together = [
            one
            for one in self._left.values()
            if one.kept.team_id == kept.team_id and reader.user_id in one.far
        ]
        readers = {one.kept.poll.id: one.far[reader.user_id] for one in together}
        polls = [kept, *(one.kept for one in together if one is not left)][:_IN_ONE]
        day = day_of(now, zone)
        open_ = await self._ending_rows.claim_digest(person, day, polls, now)
        if open_ is None:
            next_at = next_working_day(now, zone)
            left.aside[reader.user_id] = (reader, min(next_at, self._last_day(kept)))
            return False
        if not open_:
            return False
        notices = [digest_on(person, day), *(reminder_of(one, reader.user_id) for one in open_)]
        try:
            writable = await self._people.is_person(person)
        except (SlackUnavailable, InstallBroken):
            await self._outbox_rows.release(*notices)
            raise
        if not writable:
            await self._outbox_rows.sent(notices[0], self._clock(), *notices[1:])
            return False
        async with self._languages.speaking_to(person):
            if len(open_) == 1:
                asker = await self._asker(open_[0])
                where = readers[open_[0].poll.id]
                message = blocks.reminder(open_[0].poll, where.channel_id, where.card_url, asker)
            else:
                message = blocks.digest(
                    [
                        (one.poll, readers[one.poll.id].channel_id, readers[one.poll.id].card_url)
                        for one in sorted(open_, key=lambda kept: kept.poll.settings.ends_at or 0)
                    ]
                )
        await self._outbox.send_or_leave(
            notices[0],
            lambda: self._posting.say(kept.team_id, reader.user_id, message),
            also=notices[1:],
        )
        return True

    async def _zone(self, person: Person) -> str:
        """Return where the person lives; of who has no zone in Slack, UTC.

        Raises NotLookedUp where Slack may tell later.
        """
        try:
            return await self._people.zone(person)
        except NotLookedUp as error:
            if error.passing:
                raise
            return "UTC"

    async def _remind(self, kept: Kept, reader: _Reader) -> bool:
        """Return whether the person was written to."""
        notice = Notice(Kind.REMINDER, kept.poll.id, reader=reader.user_id)
        latest = await self._ending_rows.claim_reminder(kept, notice, reader.user_id, self._clock())
        if latest is None:
            return False
        person = Person(kept.team_id, reader.user_id)
        try:
            writable = await self._people.is_person(person)
        except (SlackUnavailable, InstallBroken):
            await self._outbox_rows.release(notice)
            raise
        if not writable:
            await self._outbox_rows.sent(notice, self._clock())
            return False
        asker = await self._asker(latest)
        async with self._languages.speaking_to(person):
            message = blocks.reminder(latest.poll, reader.channel_id, reader.card_url, asker)
        await self._outbox.send_or_leave(
            notice, lambda: self._posting.say(kept.team_id, reader.user_id, message)
        )
        return True

    async def _asker(self, kept: Kept) -> str:
        creator = "" if kept.found else kept.poll.created_by
        return (await self._people.called(kept.team_id, [creator])).get(creator, "")


def _due_at(kept: Kept) -> float | None:
    """Return when those are reminded next who have not answered: by a nudge, or before the end."""
    if not kept.poll.settings.names:
        return None
    moments = (kept.nudged_at, remind_at(kept.poll.settings, kept.remind_before))
    return min((moment for moment in moments if moment is not None), default=None)
