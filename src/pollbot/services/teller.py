"""Tells people what they are still to hear of what pollbot did, or could not do, by itself."""

from dataclasses import dataclass
from itertools import groupby

from pollbot.blocks import poll_endings, schedules
from pollbot.blocks.kit import Message
from pollbot.blocks.polls import perhaps_made
from pollbot.clients.slack import Slack
from pollbot.domain.kept import Kept
from pollbot.domain.people import Address, Person
from pollbot.domain.schedules import Schedule
from pollbot.errors import PollGone, ScheduleGone, SlackUnavailable
from pollbot.services.courier import Courier
from pollbot.services.schedule_labels import ScheduleLabels
from pollbot.services.worker import Clock, QueueWorker
from pollbot.storage.outbox import Kind, Owed, Subject
from pollbot.storage.queue import Done, Next
from pollbot.storage.store import Store

_AT_ONCE = 4


@dataclass(frozen=True, slots=True)
class _Word:
    """What is owed, to whom, and what it is about: a schedule or a poll."""

    owed: Owed
    reader: Person
    about: Schedule | Kept

    @property
    def message(self) -> tuple[str, str, bool, str]:
        """What is the same for all that is told in one message."""
        subject, posts = self.owed.subject, (Kind.SCHEDULED, Kind.BY_HAND)
        word = Kind.SCHEDULED if subject.kind in posts else subject.kind
        alone = "" if word is Kind.SCHEDULED else subject.about
        return self.reader.user_id, word, self.owed.left_out, alone


class Teller(QueueWorker[Owed]):
    """Tells what the outbox owes. What is about several posts of one owner is one message.

    Each word leaves twice at most: once more if Slack's answer to it was lost.
    """

    def __init__(
        self,
        store: Store,
        slack: Slack,
        courier: Courier,
        labels: ScheduleLabels,
        clock: Clock,
    ) -> None:
        super().__init__(store.outbox.work, clock, at_once=_AT_ONCE)
        self._store = store
        self._slack = slack
        self._courier = courier
        self._labels = labels

    async def serve(self, owed: Owed, attempts: int) -> Next:
        """Tell all that people of this team are still to hear."""
        words = [await self._word(one) for one in await self._store.outbox.owed_in(owed.team_id)]
        known = sorted((word for word in words if word is not None), key=lambda word: word.message)
        # With a broken installation the courier would take it for a closed way, and go on.
        await self._slack.identity()
        for _, together in groupby(known, key=lambda word: word.message):
            await self._tell(list(together))
        return Done()

    async def _tell(self, words: list[_Word]) -> None:
        message = await self._drawn(words)
        subjects = [word.owed.subject for word in words]
        await self._store.outbox.telling(subjects)
        try:
            await self._courier.tell(words[0].reader, Address(""), message)
        except SlackUnavailable as error:
            if not error.lost:
                await self._store.outbox.not_told(subjects)
            raise
        await self._over(subjects)

    async def _over(self, subjects: list[Subject]) -> None:
        """Keep that these are owed no more; a poll that was perhaps made can be made again."""
        await self._store.outbox.told(subjects)
        for subject in subjects:
            if subject.kind is Kind.HALF_MADE:
                await self._store.polls.drop(subject.about)

    async def _word(self, owed: Owed) -> _Word | None:
        """Return what is owed with what it is about; None, and forgotten, if it is true no more."""
        subject, team_id = owed.subject, owed.team_id
        try:
            match subject.kind:
                case Kind.ANNOUNCEMENT:
                    kept = await self._store.polls.on_card(team_id, subject.about)
                    return _Word(owed, Person(team_id, kept.poll.created_by), kept)
                case Kind.HALF_MADE:
                    kept = await self._store.polls.find(team_id, subject.about)
                    return _Word(owed, Person(team_id, kept.poll.created_by), kept)
                case _:
                    schedule = await self._store.schedules.find(team_id, subject.about)
                    if schedule.why or subject.kind is not Kind.STOPPED:
                        return _Word(owed, schedule.owner, schedule)
        except (ScheduleGone, PollGone):
            pass
        await self._over([subject])
        return None

    async def _drawn(self, words: list[_Word]) -> Message:
        about, kind = words[0].about, words[0].owed.subject.kind
        if isinstance(about, Kept):
            if kind is Kind.HALF_MADE:
                return perhaps_made(about.poll)
            return poll_endings.announcement_maybe_missing(about.poll)
        rows = [
            (await self._labels.row(word.about), word.owed.subject.occasion)
            for word in words
            if isinstance(word.about, Schedule)
        ]
        match kind:
            case Kind.STOPPED:
                return schedules.paused_by_failure(rows[0][0], about.why)
            case Kind.GONE:
                return schedules.subject_gone(rows[0][0])
            case _ if words[0].owed.left_out:
                return schedules.not_posted(rows)
            case _:
                return schedules.maybe_missing(rows)
