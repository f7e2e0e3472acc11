"""What a poll's card shows, and keeping it true to its source and the clock."""

from pollbot.cards.rows import Card
from pollbot.people import Person
from pollbot.polls.answers.key_rows import LEFTOVERS, PollKeys
from pollbot.polls.answers.rows import AnswerRows
from pollbot.polls.blocks import Asked, linked, poll_card, poll_made_not_posted
from pollbot.polls.kept import ALL_ANSWERED, FRESH, Kept
from pollbot.polls.kept_rows import ENDS, READ_EVERY
from pollbot.polls.outside_blocks import poll_card_outside
from pollbot.polls.results.blocks import COMMENTS_SHOWN, NAMES_ON_CARD, note_of
from pollbot.polls.results.rules import Doubt
from pollbot.polls.rows import PollRows
from pollbot.polls.sources.service import PollSources
from pollbot.polls.tally import Results, results
from pollbot.slack.kit import Message
from pollbot.slack.users import People
from pollbot.store.queue import Later, Next, Parked
from pollbot.store.worker import Clock, QueueWorker, Worker
from pollbot.store.writer import OnDue

_READ_AT_ONCE = 8
_UNTIL_GONE = 2.0


async def as_seen(
    answer_rows: AnswerRows, kept: Kept, now: float, *, answered: bool = False
) -> Results:
    """Return the results as everybody, or somebody who answered, may see them.

    Looking moves the split of an open anonymous poll on.
    """
    part, split = await answer_rows.seen(kept, now, answered=answered)
    return results(kept.poll, part, kept.jira_part, now, answered=answered, split=split)


async def by_name(people: People, kept: Kept, shown: Results) -> Results:
    """Return the results for a message that mentions nobody, with what people are called."""
    ids = [
        kept.poll.created_by,
        "" if kept.closed_by == ALL_ANSWERED else kept.closed_by or "",
        *(who for who, _ in shown.comments[:COMMENTS_SHOWN]),
    ]
    ids += (user_id for line in shown.lines for user_id in line.names[:NAMES_ON_CARD])
    return shown.in_words(await people.called(kept.team_id, ids))


async def asker(people: People, kept: Kept, shown: Results) -> str:
    """Return what a poll's creator is called; empty if nobody knows, or nobody asked it here."""
    creator = kept.poll.created_by
    if kept.found:
        return ""
    if shown.called is not None:
        return shown.called.get(creator, "")
    known = people.name_known(Person(kept.team_id, creator))
    return known or (await people.called(kept.team_id, [creator])).get(creator, "")


class PollCards:
    """Draws a poll's card from what is stored."""

    def __init__(
        self,
        answer_rows: AnswerRows,
        poll_rows: PollRows,
        sources: PollSources,
        people: People,
        clock: Clock,
    ) -> None:
        self._answer_rows = answer_rows
        self._poll_rows = poll_rows
        self._sources = sources
        self._people = people
        self._clock = clock

    async def draw(self, card: Card) -> Message:
        """Return the card as everybody may see it. Raises PollGone if the poll is unknown.

        Slack notifies whoever is mentioned in a new message, and nobody of a changed one, so a
        card that is posted with answers calls people by their names.
        """
        kept = await self._poll_rows.find(card.posted_by.team_id, card.poll_id or "")
        now = self._clock()
        shown = await as_seen(self._answer_rows, kept, now)
        if not card.posted:
            shown = await by_name(self._people, kept, shown)
        about = await self._sources.about(kept.team_id, kept.kind, kept.subject, kept.site)
        return poll_card(
            card.id,
            kept.poll,
            shown,
            now_open=kept.poll.is_open(now),
            asked=Asked(linked(about), await asker(self._people, kept, shown)),
            note=note_of(None if kept.understood else Doubt.NOT_UNDERSTOOD),
        )

    async def not_posted(self, card: Card, why: str) -> Message:
        """Return what its creator is told about a poll whose card Slack did not take."""
        kept = await self._poll_rows.find(card.posted_by.team_id, card.poll_id or "")
        return poll_made_not_posted(kept.poll, why)

    async def outside(self, card: Card) -> Message | None:
        """Return what does not work on a card in a channel without the app; None if all does."""
        kept = await self._poll_rows.find(card.posted_by.team_id, card.poll_id or "")
        return poll_card_outside(
            kept.poll,
            card.channel_id,
            remind=kept.remind_before is not None,
            in_jira=self._sources.can(kept).takes_answers,
        )


class PollCloser(Worker):
    """Closes polls whose end has come."""

    def __init__(self, poll_rows: PollRows, on_due: OnDue, clock: Clock) -> None:
        super().__init__("polls", clock)
        self._poll_rows = poll_rows
        on_due(ENDS, self.wake)

    async def turn(self, now: float) -> float | None:
        """Close what is over."""
        await self._poll_rows.ended(now)
        return await self._poll_rows.next_end()


class Leftovers(Worker):
    """Destroys what closed anonymous polls left on disk, where that could not be done at once.

    SQLite's log cannot be emptied while somebody reads from it, as a backup does.
    """

    def __init__(self, poll_keys: PollKeys, on_due: OnDue, clock: Clock) -> None:
        super().__init__("leftovers", clock)
        self._poll_keys = poll_keys
        on_due(LEFTOVERS, self.wake)

    async def turn(self, now: float) -> float | None:
        """Try once more if something is left over."""
        if not self._poll_keys.leftovers:
            return None
        await self._poll_keys.destroy_leftovers()
        return now + _UNTIL_GONE if self._poll_keys.leftovers else None


class PollReader(QueueWorker[Kept]):
    """Looks at polls that live elsewhere: soon after a touch of a card, and else now and then."""

    only_looks = True

    def __init__(self, poll_rows: PollRows, sources: PollSources, clock: Clock) -> None:
        super().__init__(poll_rows.readings, clock, at_once=_READ_AT_ONCE)
        self._poll_rows = poll_rows
        self._sources = sources

    async def tidy(self, now: float) -> None:
        """Forget the answers to polls that their source has not listed for too long."""
        await self._poll_rows.forget_unlisted(now)

    async def serve(self, kept: Kept, attempts: int) -> Next:
        """Read one poll again; the reading itself says when the next one is due."""
        now = self._clock()
        if kept.read_at + FRESH > now:
            return Later(kept.read_at + FRESH)
        if not kept.may_come_back and not await self._poll_rows.has_card(kept.poll.id):
            return Parked()
        await self._sources.synced(kept, fresh=0.0)
        goes_on = kept.may_come_back or kept.poll.is_open(now)
        return Later(now + READ_EVERY) if goes_on else Parked()
