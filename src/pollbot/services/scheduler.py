"""Posts what is due: each due time at most once, ever, and never early."""

import logging
import random
from dataclasses import replace
from itertools import groupby

from pollbot.blocks import schedules as blocks
from pollbot.blocks.kit import Message
from pollbot.clients.slack import Posted, Slack
from pollbot.domain.people import Address
from pollbot.domain.schedules import Due, Fate, Schedule, due_by, fate, next_due
from pollbot.domain.votes import pause_before_retry
from pollbot.errors import (
    BadInput,
    ChannelClosed,
    CredentialRefused,
    InstallBroken,
    NotConnected,
    PollbotError,
    PollGone,
    RemoteUnavailable,
    ScheduleOver,
    SlackError,
    SlackUnavailable,
    StorageUnavailable,
)
from pollbot.services.courier import Courier
from pollbot.services.schedule_labels import ScheduleLabels
from pollbot.services.scheduled_posts import Drawn, Occasion, ScheduledPosts
from pollbot.services.worker import Clock, Worker
from pollbot.storage.schedule_rows import Owed, Turn, Word
from pollbot.storage.store import Store

log = logging.getLogger(__name__)

_AT_ONCE = 4
_FAILURES = 3
_TRIES = 5
_NEW_INSTALL = 300.0
_SLACK_AWAY = 30.0
_OFTEN_TRIED = "It could not be posted, though pollbot tried several times."
_NO_ACCOUNT = (
    "Jira does not accept your account any more, or none is connected. Connect it with "
    "`/pollbot connect`; then it goes on by itself."
)


class Scheduler(Worker):
    """Serves the newest due time of each schedule; its claim is on disk before Slack is asked.

    So a crash in between can lose a post, which its owner is told, but never
    doubles one. What could not be posted is tried again until the schedule's own
    rule for missed due times ends that.
    """

    def __init__(
        self,
        store: Store,
        slack: Slack,
        courier: Courier,
        posts: ScheduledPosts,
        labels: ScheduleLabels,
        refresher: Worker,
        clock: Clock,
    ) -> None:
        super().__init__("schedules", clock)
        self._store = store
        self._slack = slack
        self._courier = courier
        self._posts = posts
        self._labels = labels
        self._refresher = refresher
        self._tell_from = 0.0

    async def turn(self, now: float) -> float | None:
        """Start what is due; tell owners what they are owed."""
        free = _AT_ONCE - self.busy
        if free <= 0:
            return None
        await self._store.schedules.connected_again()
        turns = await self._store.schedules.due(now, free)
        for one in turns:
            self.spawn(self._serve(one))
        if not turns and not self.busy and now >= self._tell_from:
            # Only now, so that all of one owner's lost posts are told in one message.
            owed = await self._store.schedules.owed()
            if owed:
                self.spawn(self._tell(owed))
        return now if turns else await self._store.schedules.next_try()

    async def by_hand(self, schedule: Schedule, pressed_at: float) -> bool:
        """Post the schedule's subject now, once per press; return False if this press did before.

        Raises PollbotError with what is in the way; the schedule stays as it is.
        """
        now = self._clock()
        occasion = Occasion(now, f"run {schedule.id} {pressed_at}")
        drawn = await self._posts.draw(schedule, occasion)
        if not await self._store.schedules.claim_by_hand(schedule, pressed_at, now):
            return False
        try:
            posted = await self._post(schedule, drawn)
        except (SlackError, SlackUnavailable) as error:
            if not (isinstance(error, SlackUnavailable) and error.perhaps):
                await self._store.schedules.release_by_hand(schedule, pressed_at)
            if isinstance(error, ChannelClosed):
                raise BadInput(f"Nothing was posted. {_closed(error)}") from error
            raise
        await self._sent(schedule, f"run {schedule.id}", pressed_at, drawn, posted)
        return True

    async def _serve(self, turn: Turn) -> None:
        schedule, now = turn.schedule, self._clock()
        recurrence, first = schedule.plan.recurrence, schedule.next_at
        if first is None:
            return
        due = due_by(recurrence, first, now)
        next_at = next_due(recurrence, due.at)
        match fate(schedule.plan.missed, due.at, now):
            case Fate.SKIP:
                failures = await self._store.schedules.passed(
                    schedule, next_at, failed=turn.attempts > 0
                )
                await self._perhaps_stop(schedule, next_at, failures)
            case Fate.TOO_LATE:
                await self._store.schedules.too_old(schedule, due.at, next_at, now)
            case Fate.POST:
                await self._try(turn, due, next_at, late=False)
            case Fate.POST_LATE:
                await self._try(turn, due, next_at, late=True)

    async def _try(self, turn: Turn, due: Due, next_at: float | None, *, late: bool) -> None:
        schedule = turn.schedule
        stamp = f"schedule {schedule.id} {due.at}"
        account = await self._store.accounts.find(schedule.owner, schedule.site)
        try:
            drawn = await self._posts.draw(schedule, Occasion(due.at, stamp, late, due.missed))
        except ScheduleOver:
            await self._store.schedules.passed(schedule, None)
        except StorageUnavailable:
            raise  # its lease brings it up again
        except PollGone:
            await self._store.schedules.gone(schedule, self._clock())
        except RemoteUnavailable as error:
            await self._later(turn, error.retry_after)
        except CredentialRefused:
            if account is not None:
                await self._store.accounts.refused(
                    schedule.owner, schedule.site, account.credential, "", self._clock()
                )
            await self._stop(schedule, _NO_ACCOUNT, needs_jira=True)
        except NotConnected:
            await self._stop(schedule, _NO_ACCOUNT, needs_jira=True)
        except PollbotError as error:
            await self._stop(schedule, str(error))
        except Exception:
            log.exception("schedule %s could not be drawn", schedule.id)
            await self._given_up(turn, next_at)
        else:
            await self._claim(turn, due, next_at, drawn)

    def _after(self, schedule: Schedule, next_at: float | None) -> float | None:
        """Return the next due time, None if this post is the last one."""
        most = schedule.plan.most
        return None if most is not None and schedule.posted + 1 >= most else next_at

    async def _claim(self, turn: Turn, due: Due, next_at: float | None, drawn: Drawn) -> None:
        """Post what was drawn, if that is still ours to do."""
        schedule = turn.schedule
        try:
            # After a claim an answer that is lost leaves open whether the post is there.
            await self._slack.identity()
        except SlackUnavailable as error:
            await self._later(turn, error.retry_after)
            return
        except SlackError as error:
            log.error("Slack refuses the bot token (%s): nothing can be posted", error.code)
            await self._later(turn, _NEW_INSTALL)
            return
        now = self._clock()
        after = self._after(schedule, next_at)
        if not await self._store.schedules.claim(schedule, due.at, after, now):
            return
        try:
            posted = await self._post(schedule, drawn)
        except SlackUnavailable as error:
            if error.perhaps:
                await self._store.schedules.unsure(f"schedule {schedule.id}", due.at)
                return
            pause = self._pause(turn, error.retry_after)
            await self._store.schedules.release(turn, due.at, after, self._clock() + pause)
        except SlackError as error:
            # Nobody else takes it up before it is settled what becomes of it.
            until = self._clock() + _NEW_INSTALL
            if await self._store.schedules.release(turn, due.at, after, until):
                await self._refused(turn, next_at, error)
        else:
            await self._sent(schedule, f"schedule {schedule.id}", due.at, drawn, posted)

    async def _refused(self, turn: Turn, next_at: float | None, error: SlackError) -> None:
        """Do what helps against a refusal by Slack: another channel, a new installation, time."""
        if isinstance(error, ChannelClosed):
            await self._stop(turn.schedule, _closed(error))
        elif isinstance(error, InstallBroken):
            log.error("Slack refuses the bot token (%s): nothing can be posted", error.code)
        else:
            log.error("Slack refused the post of schedule %s: %s", turn.schedule.id, error.code)
            await self._given_up(turn, next_at)

    async def _post(self, schedule: Schedule, drawn: Drawn) -> Posted:
        channel, message = schedule.plan.channel_id, drawn.message
        try:
            return await self._slack.post(channel, message.text, message.blocks)
        except SlackError as error:
            # Charts came to workspaces one after the other; a refusal posted nothing.
            if error.code != "invalid_blocks":
                raise
        return await self._slack.post(channel, drawn.plain.text, drawn.plain.blocks)

    async def _sent(
        self, schedule: Schedule, subject: str, due_at: float, drawn: Drawn, posted: Posted
    ) -> None:
        await self._store.schedules.sent(
            schedule,
            subject,
            due_at,
            self._clock(),
            snapshot=drawn.snapshot,
            card=drawn.card,
            where=(posted.channel_id, posted.ts),
        )
        # What was clicked on the new card meanwhile shows at once.
        self._refresher.wake()

    async def _later(self, turn: Turn, asked_for: float) -> None:
        pause = self._pause(turn, asked_for)
        await self._store.schedules.postpone(turn, self._clock() + pause)

    async def _given_up(self, turn: Turn, next_at: float | None) -> None:
        """Try once more, a few times; then leave this due time out."""
        schedule = turn.schedule
        if turn.attempts + 1 < _TRIES:
            await self._later(turn, 0.0)
        elif next_at is None:
            # Passed over, it would be over, and nobody would know.
            await self._stop(schedule, _OFTEN_TRIED)
        else:
            failures = await self._store.schedules.passed(schedule, next_at, failed=True)
            await self._perhaps_stop(schedule, next_at, failures)

    async def _perhaps_stop(self, schedule: Schedule, next_at: float | None, failures: int) -> None:
        if failures >= _FAILURES:
            turned = replace(schedule, next_at=next_at)
            await self._stop(turned, f"It could not be posted {failures} times in a row.")

    async def _stop(self, schedule: Schedule, why: str, *, needs_jira: bool = False) -> None:
        """Pause the schedule; its owner is told why as soon as Slack takes that."""
        await self._store.schedules.stop(schedule, why, self._clock(), needs_jira=needs_jira)

    async def _tell(self, owed: list[Owed]) -> None:
        """Tell owners what they are owed; of lost posts each of them hears in one message."""
        self._tell_from = self._clock() + _SLACK_AWAY
        try:
            # With a broken installation the courier would take it for a closed way, and go on.
            await self._slack.identity()
            for _, group in groupby(sorted(owed, key=_message_of), key=_message_of):
                ones = list(group)
                message = await self._worded(ones)
                await self._courier.tell(ones[0].schedule.owner, Address(""), message)
                await self._store.schedules.told(ones)
        except (SlackUnavailable, InstallBroken) as error:
            log.warning("owners of schedules were not told yet: %s", error)
        else:
            self._tell_from = 0.0

    async def _worded(self, ones: list[Owed]) -> Message:
        rows = [(await self._labels.row(one.schedule), one.due_at) for one in ones]
        row, why = rows[0][0], ones[0].schedule.why
        match ones[0].word:
            case Word.TOO_OLD:
                return blocks.not_posted(rows)
            case Word.MAYBE_MISSING:
                return blocks.maybe_missing(rows)
            case Word.STOPPED:
                return blocks.paused_by_failure(row, why)
            case Word.GONE:
                return blocks.subject_gone(row)

    def _pause(self, turn: Turn, asked_for: float) -> float:
        jitter = random.uniform(0.7, 1.3)  # noqa: S311  no secret
        return pause_before_retry(turn.attempts + 1, jitter, asked_for)


def _message_of(owed: Owed) -> tuple[str, str, str, str]:
    """Return what is the same for all that is told in one message."""
    owner, word = owed.schedule.owner, owed.word
    alone = owed.schedule.id if word in (Word.STOPPED, Word.GONE) else ""
    return owner.team_id, owner.user_id, word, alone


def _closed(error: ChannelClosed) -> str:
    return (
        f"Slack does not let pollbot write in its channel any more ({error.code}). Invite pollbot "
        "there, or choose another channel."
    )
