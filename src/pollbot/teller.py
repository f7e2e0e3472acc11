"""Tells people what they are still to hear of what pollbot did, or could not do, by itself."""

from collections import Counter
from dataclasses import dataclass
from itertools import groupby

from pollbot import errands
from pollbot.accounts.blocks import ends_soon
from pollbot.accounts.rules import Ending
from pollbot.cards.drawing import Drawers
from pollbot.cards.rows import Card
from pollbot.database import Store
from pollbot.errors import InstallBroken, PollGone, SlackUnavailable
from pollbot.issue_lists.list_blocks import list_perhaps_posted
from pollbot.people import Address, Person
from pollbot.polls.blocks import perhaps_posted
from pollbot.polls.edits.blocks import edited_back, option_edited
from pollbot.polls.ends import blocks as poll_endings
from pollbot.polls.ends.worker import PollEndings
from pollbot.polls.kept import Answered, Kept
from pollbot.polls.outside_blocks import not_reminded
from pollbot.polls.refused_blocks import issues_refused, poll_refused
from pollbot.polls.sources.rows import Source
from pollbot.polls.waiting.blocks import half_made, still_owed
from pollbot.polls.waiting.rules import WaitingPoll
from pollbot.polls.waiting.service import AskedPolls
from pollbot.schedules import blocks as schedules
from pollbot.schedules.labels import ScheduleLabels
from pollbot.schedules.posts import ScheduledPosts
from pollbot.schedules.refusals import ScheduleGone
from pollbot.schedules.rules import Schedule
from pollbot.setup.blocks import token_refused
from pollbot.setup.set_back_blocks import left_out, set_back
from pollbot.slack.courier import Courier
from pollbot.slack.kit import Message
from pollbot.slack.languages import Languages
from pollbot.store.outbox import Kind, Notice, Owed, for_none_of
from pollbot.store.queue import Done, Held, Later, Next, Only
from pollbot.store.worker import Claimer, Clock
from pollbot.thresholds import blocks as thresholds
from pollbot.thresholds.refusals import ThresholdGone
from pollbot.thresholds.rules import Crossing, Threshold
from pollbot.votes.blocks import card_perhaps_posted

_AT_ONCE = 100
_PEOPLE_AT_ONCE = 16
"""So many people of one workspace are told side by side, each of them one word after the other."""
_UNTIL_ROOM = 1.0
_PAUSED = {Kind.STOPPED, Kind.NOT_POSTED}
_BESIDE_A_CARD = {Kind.REFUSED, Kind.PERHAPS_POSTED}


_About = (
    Schedule | Threshold | Crossing | Kept | Card | Answered | WaitingPoll | Source | Ending | str
)


@dataclass(frozen=True, slots=True)
class _Word:
    """What is owed, to whom, and what it is about.

    That is a schedule, a threshold or what reached it, a poll, a card of it, an answer, a source,
    an account that ends, or what was asked for in words.
    """

    held: Held[Owed]
    reader: Person
    about: _About
    card: Card | None = None

    @property
    def message(self) -> tuple[str, str, bool, str]:
        """What is the same for all that is told in one message."""
        notice, posts = self.notice, (Kind.SCHEDULED, Kind.BY_HAND)
        word = Kind.SCHEDULED if notice.kind in posts else notice.kind
        alone = "" if word in (Kind.SCHEDULED, Kind.CROSSED, Kind.SET_BACK) else notice.about
        if isinstance(self.about, Kept):
            alone = self.about.poll.id
        return self.reader.user_id, word, self.held.work.left_out, alone

    @property
    def address(self) -> Address:
        """Where the word goes: beside the card that was just asked for, else in their own chat."""
        if isinstance(self.about, Answered):
            return Address("", voter_of=self.about.kept.poll.id)
        beside = isinstance(self.about, Card) or self.notice.kind in _BESIDE_A_CARD
        card = self.card if beside else None
        # Once somebody has pressed the card, its way leads to whoever that was.
        if card is None or card.message_ts is not None or card.posted_by != self.reader:
            return Address("")
        return Address("", card.response_url)

    @property
    def notice(self) -> Notice:
        """What it is a word about."""
        return self.held.work.notice


class Teller(Claimer[Owed]):
    """Tells what the outbox owes. What is about several posts of one owner is one message.

    Each word leaves twice at most: once more if Slack's answer to it was lost.
    """

    def __init__(
        self,
        store: Store,
        courier: Courier,
        languages: Languages,
        labels: ScheduleLabels,
        drawers: Drawers,
        endings: PollEndings,
        asked: AskedPolls,
        posts: ScheduledPosts,
        clock: Clock,
    ) -> None:
        super().__init__(store.outbox.work, clock, at_once=_AT_ONCE)
        self._store = store
        self._being_told: set[Person] = set()
        self._drawers = drawers
        self._endings = endings
        self._asked = asked
        self._posts = posts
        self._courier = courier
        self._languages = languages
        self._labels = labels

    def start(self) -> None:
        """Begin to work, with nobody being told anything."""
        self._being_told.clear()
        super().start()

    async def tidy(self, now: float) -> None:
        """Take up claims that somebody has failed to mark."""
        await self._store.outbox.sweep(now)

    def held_back(self, now: float) -> tuple[Only, float | None]:
        """Leave alone who is being told something, and workspaces where many are."""
        teams = Counter(person.team_id for person in self._being_told)
        full = [team for team, people in teams.items() if people >= _PEOPLE_AT_ONCE]
        return for_none_of(self._being_told, full), None

    def begin(self, held: list[Held[Owed]]) -> None:
        """Start to tell: all of a person by one task, so that they are told in few messages."""
        words: dict[Person, list[Held[Owed]]] = {}
        for one in held:
            words.setdefault(one.work.reader, []).append(one)
        teams = Counter(person.team_id for person in self._being_told)
        too_many: list[Held[Owed]] = []
        for person, ones in words.items():
            # A crowd of one workspace, claimed at once, would leave no room for the others.
            if teams[person.team_id] >= _PEOPLE_AT_ONCE:
                too_many += ones
                continue
            teams[person.team_id] += 1
            self._being_told.add(person)
            self.spawn(self._tell_all(person, ones))
        if too_many:
            self.spawn(self._put_off(too_many))
        if held:
            # They are fewer than what was claimed, so there is room for more.
            self.wake()

    async def _put_off(self, held: list[Held[Owed]]) -> None:
        for one in held:
            await self.put_back(one, Later(self._clock() + _UNTIL_ROOM))

    async def _tell_all(self, person: Person, held: list[Held[Owed]]) -> None:
        try:
            async with self._languages.speaking_to(person):
                await self._tell_each(held)
        finally:
            self._being_told.discard(person)
            self.let_go(held)

    async def _tell_each(self, held: list[Held[Owed]]) -> None:
        words: list[_Word] = []
        for one in held:
            word = await self._word(one)
            if word is None:
                await self.put_back(one, Done())
            else:
                words.append(word)
        words.sort(key=lambda word: word.message)
        for _, ones in groupby(words, key=lambda word: word.message):
            together = list(ones)
            with errands.under(together[0].held.errand):
                then = await self.outcome(self._tell(together))
                for word in together:
                    await self.put_back(word.held, then)

    async def _tell(self, words: list[_Word]) -> Next:
        message = await self._drawn(words)
        notices = [word.notice for word in words]
        if message is None:
            await self._over(notices)
            return Done()
        if any(word.held.work.again for word in words):
            await self._courier.must_answer(words[0].reader)
        await self._store.outbox.telling(notices)
        try:
            await self._courier.tell(words[0].reader, words[0].address, message)
        except (SlackUnavailable, InstallBroken) as error:
            if isinstance(error, InstallBroken) or not error.lost:
                await self._store.outbox.not_told(notices)
            raise
        await self._over(notices)
        return Done()

    async def _over(self, notices: list[Notice]) -> None:
        """Keep that these are owed no more; a poll that was perhaps made can be made again."""
        await self._store.outbox.told(notices)
        for notice in notices:
            if notice.kind is Kind.HALF_MADE:
                await self._store.polls.drop(notice.about)
            if notice.kind is Kind.WAITING_POLL:
                await self._store.waiting_polls.told(notice.about)

    async def _word(self, held: Held[Owed]) -> _Word | None:
        """Return what is owed with what it is about; None, and forgotten, if it is true no more."""
        notice, team_id = held.work.notice, held.work.team_id
        try:
            match notice.kind:
                case Kind.ANNOUNCEMENT:
                    card = await self._store.cards.find(team_id, notice.about, self._clock())
                    kept = await self._store.polls.on_card(team_id, notice.about)
                    return _Word(held, _owner(kept, card), kept)
                case Kind.HALF_MADE:
                    kept = await self._store.polls.find(team_id, notice.about)
                    return _Word(held, Person(team_id, kept.poll.created_by), kept)
                case Kind.WAITING_POLL:
                    now = self._clock()
                    waiting = await self._store.waiting_polls.find(team_id, notice.about, now)
                    if waiting is not None:
                        return _Word(held, waiting.person, waiting)
                case Kind.OUTSIDE:
                    card = await self._store.cards.find(team_id, notice.about, self._clock())
                    if card is not None:
                        return _Word(held, card.posted_by, card, card)
                case Kind.PERHAPS_POSTED:
                    card = await self._store.cards.find(team_id, notice.about, self._clock())
                    # One that was pressed is there.
                    if card is not None and card.message_ts is None:
                        if card.poll_id is None:
                            return _Word(held, card.posted_by, card, card)
                        kept = await self._store.polls.find(team_id, card.poll_id)
                        return _Word(held, card.posted_by, kept, card)
                case Kind.PERHAPS_REMINDED:
                    kept = await self._store.polls.find(team_id, notice.about)
                    if kept.poll.is_open(self._clock()):
                        return _Word(held, Person(team_id, kept.poll.created_by), kept)
                case Kind.REFUSED:
                    return await self._refused(held, team_id)
                case Kind.NOT_ANNOUNCED | Kind.NOT_REMINDED:
                    card = await self._store.cards.find(team_id, notice.about, self._clock())
                    kept = await self._store.polls.on_card(team_id, notice.about)
                    now_open = kept.poll.is_open(self._clock())
                    if not kept.poll.deleted and now_open is (notice.kind is Kind.NOT_REMINDED):
                        return _Word(held, _owner(kept, card), kept, card)
                case Kind.EDITED | Kind.EDITED_BACK:
                    reader = Person(team_id, notice.reader)
                    answered = await self._store.answers.mine(reader, notice.about)
                    is_other = notice.kind is Kind.EDITED
                    if answered.after and bool(answered.edited) is is_other:
                        return _Word(held, reader, answered)
                case Kind.SOURCE_REFUSED:
                    source = await self._store.sources.find(team_id, notice.about)
                    if source is not None:
                        return _Word(held, Person(team_id, notice.reader), source)
                case Kind.ACCOUNT_ENDS:
                    reader = Person(team_id, notice.reader)
                    ending = await self._store.accounts.ending(
                        reader, notice.about, notice.occasion
                    )
                    if ending is not None:
                        return _Word(held, reader, ending)
                case Kind.SET_BACK:
                    asked_for = await self._asked_for(team_id, notice.about)
                    return _Word(held, Person(team_id, notice.reader), asked_for)
                case Kind.CROSSED:
                    crossing = await self._store.thresholds.crossing(team_id, notice.about)
                    return _Word(held, crossing.owner, crossing)
                case Kind.THRESHOLD_STOPPED:
                    threshold = await self._store.thresholds.find(team_id, notice.about)
                    if threshold.paused and threshold.why is not None:
                        return _Word(held, threshold.owner, threshold)
                case _:
                    schedule = await self._store.schedules.find(team_id, notice.about)
                    if schedule.why is not None or notice.kind not in _PAUSED:
                        return _Word(held, schedule.owner, schedule)
        except (ScheduleGone, ThresholdGone, PollGone):
            pass
        await self._over([notice])
        return None

    async def _asked_for(self, team_id: str, about: str) -> str:
        """Return in words what was asked for and left out: ``about`` names its kind and its id."""
        kind, id_ = about.split(" ", 1)
        title = ""
        if kind == "threshold":
            threshold = await self._store.thresholds.find(team_id, id_)
            title = thresholds.label_of(threshold.rule, threshold.site)
        if kind == "poll":
            title = (await self._store.polls.find(team_id, id_)).poll.title
        return left_out(kind, id_, title)

    async def _refused(self, held: Held[Owed], team_id: str) -> _Word | None:
        card = await self._store.cards.find(team_id, held.work.notice.about, self._clock())
        if card is None:
            raise PollGone
        if card.poll_id is None:
            return _Word(held, card.posted_by, card, card)
        kept = await self._store.polls.find(team_id, card.poll_id)
        return _Word(held, Person(team_id, kept.poll.created_by), kept, card)

    async def _drawn(self, words: list[_Word]) -> Message | None:
        """Return what is said in one message; None if nothing has to be said any more."""
        about, kind = words[0].about, words[0].notice.kind
        if isinstance(about, Card):
            if kind is Kind.PERHAPS_POSTED and about.ballot is not None:
                return list_perhaps_posted(about.channel_id)
            if kind is Kind.PERHAPS_POSTED:
                return card_perhaps_posted(about.site, about.issue_key, about.channel_id)
            if kind is Kind.REFUSED:
                return issues_refused(about.site, about.issue_key, about.channel_id)
            return await self._drawers.of(about).outside(about)
        if isinstance(about, Answered):
            return await self._edited(about)
        if isinstance(about, Source):
            return token_refused(about.workspace)
        if isinstance(about, Ending):
            return ends_soon(about)
        if isinstance(about, WaitingPoll):
            on = await self._asked.about(about)
            usual = await self._store.poll_defaults.of(about.person.team_id)
            return still_owed(about, on, self._asked.site, usual)
        if isinstance(about, str):
            return set_back([word.about for word in words if isinstance(word.about, str)])
        if isinstance(about, Threshold):
            return thresholds.stopped(about, await self._store.thresholds.waiting(about.id))
        if isinstance(about, Crossing):
            return thresholds.maybe_missing(
                [word.about for word in words if isinstance(word.about, Crossing)]
            )
        if isinstance(about, Kept):
            return await self._about_poll(about, kind, words)
        rows = [
            (await self._labels.row(word.about), word.notice.occasion)
            for word in words
            if isinstance(word.about, Schedule)
        ]
        match kind:
            case Kind.STOPPED:
                return schedules.paused_by_failure(rows[0][0])
            case Kind.NOT_POSTED:
                post = await self._posts.to_pass_on(about)
                return schedules.paused_unposted(rows[0][0], post)
            case Kind.GONE:
                return schedules.subject_gone(rows[0][0])
            case Kind.HELD_BY_SITE:
                return schedules.held_by_site(rows)
            case Kind.HELD_BY_SOURCE:
                return schedules.held_by_source(rows)
            case _ if words[0].held.work.left_out:
                return schedules.not_posted(rows)
            case _:
                return schedules.maybe_missing(rows)

    async def _about_poll(self, kept: Kept, kind: Kind, words: list[_Word]) -> Message:
        cards = [(word.card.channel_id, word.held.work.code) for word in words if word.card]
        codes = dict(sorted(cards))
        channels = list(codes)
        match kind:
            case Kind.HALF_MADE:
                return half_made(kept, await self._store.poll_defaults.of(kept.team_id))
            case Kind.PERHAPS_POSTED:
                return perhaps_posted(kept.poll, channels)
            case Kind.PERHAPS_REMINDED:
                return poll_endings.perhaps_reminded(kept.poll)
            case Kind.NOT_ANNOUNCED:
                return await self._endings.not_announced(kept, codes)
            case Kind.NOT_REMINDED:
                return not_reminded(kept.poll, codes)
            case Kind.REFUSED:
                return poll_refused(kept.poll, channels)
            case _:
                return poll_endings.announcement_maybe_missing(kept.poll)

    async def _edited(self, answered: Answered) -> Message:
        if not answered.edited:
            return edited_back(answered)
        poll, now = answered.kept.poll, self._clock()
        cards = await self._store.endings.cards(poll.id, now, now)
        channel = cards[0].channel_id if cards else ""
        return option_edited(answered, channel, now_open=poll.is_open(now))


def _owner(kept: Kept, card: Card | None) -> Person:
    """Return whose a poll's card is: of a poll that was found, nobody's but who posted it."""
    if kept.found and card is not None:
        return card.posted_by
    return Person(kept.team_id, kept.poll.created_by)
