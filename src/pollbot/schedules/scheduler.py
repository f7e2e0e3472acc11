"""Posts what is due: each due time at most once, ever, and never early."""

import logging
from collections.abc import Awaitable, Callable

from pollbot.accounts.rows import AccountRows
from pollbot.errors import (
    AccountRefused,
    ChannelClosed,
    ContentRefused,
    InstallBroken,
    JiraUnavailable,
    NotConnected,
    PollbotError,
    PollGone,
    SiteMoved,
    SlackError,
    SlackUnavailable,
    SourceUnavailable,
    SourceUnusable,
    StorageUnavailable,
)
from pollbot.schedules.kept_rows import scheduled
from pollbot.schedules.posts import Drawn, Occasion, ScheduledPosts
from pollbot.schedules.refusals import (
    NotRun,
    OftenTried,
    OwnerNotConnected,
    PostNotTaken,
    PostRefused,
    ScheduleOver,
)
from pollbot.schedules.rows import ScheduleRows
from pollbot.schedules.rules import Lateness, Schedule, when_due
from pollbot.slack.client import Posted
from pollbot.slack.outbox import Outbox
from pollbot.slack.posting import Place, Posting
from pollbot.store.deliveries import aside
from pollbot.store.outbox import Kind, Notice
from pollbot.store.queue import Again, Done, Later, Next, Parked
from pollbot.store.worker import Clock, QueueWorker
from pollbot.text.recurrence import Due, due_by, next_due

log = logging.getLogger(__name__)

_AT_ONCE = 32
_TRIES = 5


class Scheduler(QueueWorker[Schedule]):
    """Serves the newest due time of each schedule; its claim is on disk before Slack is asked.

    So a crash in between can lose a post, which its owner is told, but never
    doubles one. What could not be posted is tried again until the schedule's own
    rule for missed due times ends that.
    """

    def __init__(
        self,
        account_rows: AccountRows,
        schedule_rows: ScheduleRows,
        posting: Posting,
        posts: ScheduledPosts,
        outbox: Outbox,
        clock: Clock,
    ) -> None:
        super().__init__(schedule_rows.work, clock, at_once=_AT_ONCE)
        self._account_rows = account_rows
        self._schedule_rows = schedule_rows
        self._posting = posting
        self._posts = posts
        self._outbox = outbox

    async def by_hand(self, schedule: Schedule, pressed_at: float) -> bool:
        """Post the schedule's subject now, once per press; return False if this press did before.

        Raises PollbotError with what is in the way; the schedule stays as it is.
        """
        now = self._clock()
        notice = Notice(Kind.BY_HAND, schedule.id, pressed_at)
        with aside():
            occasion = Occasion(now, f"run {schedule.id} {pressed_at}")
            drawn = await self._posts.draw(schedule, occasion)
        schedules = self._schedule_rows
        if not await schedules.claim_by_hand(schedule, notice, now, drawn.card):
            return False
        try:
            with self._posting.slot(*_where(schedule), at_once=True):
                await self._send(
                    schedule, notice, drawn, lambda: schedules.release_by_hand(notice, drawn.card)
                )
        except ChannelClosed as error:
            raise NotRun(error.code) from error
        return True

    async def serve(self, schedule: Schedule, attempts: int) -> Next:
        """Do what is to be done about the newest due time that has come."""
        now, first = self._clock(), schedule.next_at
        if first is None:
            return Parked()
        if first > now:
            return Later(first)
        recurrence = schedule.plan.recurrence
        due = due_by(recurrence, first, now)
        next_at = next_due(recurrence, due.at)
        match when_due(schedule.plan.missed, due.at, now):
            case Lateness.SKIP:
                # What was away for so long was not the schedule's own.
                await self._schedule_rows.passed(schedule, next_at)
            case Lateness.TOO_LATE:
                await self._schedule_rows.too_old(schedule, due.at, next_at, now)
            case Lateness.POST:
                return await self._try(schedule, attempts, due, next_at, late=False)
            case Lateness.POST_LATE:
                return await self._try(schedule, attempts, due, next_at, late=True)
        return Done()

    async def _try(
        self, schedule: Schedule, attempts: int, due: Due, next_at: float | None, *, late: bool
    ) -> Next:
        with self._posting.place(*_where(schedule)) as place:
            return await self._try_in(place, schedule, attempts, due, next_at, late=late)

    async def _try_in(
        self,
        place: Place,
        schedule: Schedule,
        attempts: int,
        due: Due,
        next_at: float | None,
        *,
        late: bool,
    ) -> Next:
        stamp, began = f"schedule {schedule.id} {due.at}", self._clock()
        account = await self._account_rows.find(schedule.owner, schedule.site)
        try:
            drawn = await self._posts.draw(schedule, Occasion(due.at, stamp, late, due.missed))
        except ScheduleOver:
            await self._schedule_rows.passed(schedule, None)
        except (SiteMoved, SourceUnusable) as error:
            word = Kind.HELD_BY_SITE if isinstance(error, SiteMoved) else Kind.HELD_BY_SOURCE
            await self._schedule_rows.held_up(schedule, word, due.at, self._clock())
            raise
        except (
            InstallBroken,
            JiraUnavailable,
            SlackUnavailable,
            SourceUnavailable,
            StorageUnavailable,
        ):
            raise
        except PollGone:
            await self._schedule_rows.gone(schedule, self._clock())
        except AccountRefused:
            if account is not None:
                await self._account_rows.refused(
                    schedule.owner, schedule.site, account.credential, "", self._clock()
                )
            await self._stop(schedule, OwnerNotConnected(), needs_jira_since=began)
        except NotConnected:
            await self._stop(schedule, OwnerNotConnected(), needs_jira_since=began)
        except PollbotError as error:
            await self._stop(schedule, error)
        except Exception:
            log.exception("schedule %s could not be drawn", schedule.id)
            return await self._given_up(schedule, attempts)
        else:
            return await self._claim(place, schedule, attempts, due, next_at, drawn)
        return Done()

    async def _claim(
        self,
        place: Place,
        schedule: Schedule,
        attempts: int,
        due: Due,
        next_at: float | None,
        drawn: Drawn,
    ) -> Next:
        """Post what was drawn, if that is still ours to do."""
        # After a claim an answer that is lost leaves open whether the post is there.
        await self._posting.is_there(schedule.owner.team_id)
        async with self._posting.slot_of(place):
            return await self._claim_and_send(schedule, attempts, due, next_at, drawn)

    async def _claim_and_send(
        self, schedule: Schedule, attempts: int, due: Due, next_at: float | None, drawn: Drawn
    ) -> Next:
        most = schedule.plan.most
        after = None if most is not None and schedule.posted + 1 >= most else next_at
        schedules = self._schedule_rows
        if not await schedules.claim(schedule, due.at, after, self._clock(), drawn.card):
            return Done()
        still_ours = True

        async def release() -> None:
            nonlocal still_ours
            still_ours = await schedules.release(schedule, due.at, after, drawn.card)

        try:
            await self._send(schedule, scheduled(schedule, due.at), drawn, release)
        except SlackUnavailable as error:
            if not error.perhaps:
                raise
        except SlackError as error:
            return await self._refused(schedule, attempts, error) if still_ours else Done()
        return Done()

    async def _refused(self, schedule: Schedule, attempts: int, error: SlackError) -> Next:
        """Do what helps against a refusal by Slack: another channel, or a few more tries."""
        if isinstance(error, ChannelClosed):
            await self._stop(schedule, PostNotTaken(error.code), word=Kind.NOT_POSTED)
            return Done()
        log.error("Slack refused the post of schedule %s: %s", schedule.id, error.code)
        if isinstance(error, ContentRefused):
            await self._stop(schedule, PostRefused(error.code))
            return Done()
        if attempts + 1 < _TRIES:
            return Again()
        await self._stop(schedule, PostNotTaken(error.code), word=Kind.NOT_POSTED)
        return Done()

    async def _send(
        self,
        schedule: Schedule,
        notice: Notice,
        drawn: Drawn,
        release: Callable[[], Awaitable[object]],
    ) -> None:
        """Post what was claimed, and keep the message fresh if it is a card."""

        async def sent(posted: Posted) -> None:
            await self._schedule_rows.sent(
                schedule,
                notice,
                self._clock(),
                snapshot=drawn.snapshot,
                card=drawn.card,
                where=(posted.channel_id, posted.ts),
            )

        await self._outbox.send(
            notice, lambda: self._post(schedule, drawn), sent=sent, release=release
        )

    async def _post(self, schedule: Schedule, drawn: Drawn) -> Posted:
        return await self._posting.send_any(*_where(schedule), (drawn.message, *drawn.simpler))

    async def _given_up(self, schedule: Schedule, attempts: int) -> Next:
        """Try once more, a few times; then pause it, so that its owner hears of it."""
        if attempts + 1 < _TRIES:
            return Again()
        await self._stop(schedule, OftenTried())
        return Done()

    async def _stop(
        self,
        schedule: Schedule,
        why: PollbotError,
        *,
        needs_jira_since: float | None = None,
        word: Kind = Kind.STOPPED,
    ) -> None:
        """Pause the schedule; its owner is told why as soon as Slack takes that."""
        await self._schedule_rows.stop(
            schedule, why, self._clock(), needs_jira_since=needs_jira_since, word=word
        )


def _where(schedule: Schedule) -> tuple[str, str]:
    return schedule.owner.team_id, schedule.plan.channel_id
