"""What follows once a poll has closed: the result in its threads, and an offer to its creator."""

import logging
import random

from pollbot.blocks import poll_endings as blocks
from pollbot.blocks.kit import Message
from pollbot.clients.slack import Slack
from pollbot.domain.kept import Kept
from pollbot.domain.schedules import LATEST
from pollbot.domain.votes import pause_before_retry
from pollbot.errors import InstallBroken, SlackError, SlackUnavailable
from pollbot.services.poll_cards import linked
from pollbot.services.poll_results import PollResults
from pollbot.services.poll_sources import PollSources
from pollbot.services.worker import Clock, Worker
from pollbot.storage.endings import Ending
from pollbot.storage.store import Store

log = logging.getLogger(__name__)

_AT_ONCE = 4
_NEW_INSTALL = 300.0


class PollEndings(Worker):
    """Says of each poll that closed what is to be said of it, every word at most once, ever.

    A word is claimed before it is sent. Where Slack may have taken it, though its
    answer was lost, it is not sent again. What is older than a day is not said.
    """

    def __init__(
        self,
        store: Store,
        sources: PollSources,
        results: PollResults,
        slack: Slack,
        recorder: Worker,
        clock: Clock,
    ) -> None:
        super().__init__("endings", clock)
        self._store = store
        self._sources = sources
        self._results = results
        self._slack = slack
        self._recorder = recorder

    async def turn(self, now: float) -> float | None:
        """Start with the polls that closed first."""
        free = _AT_ONCE - self.busy
        if free <= 0:
            return None
        claimed = await self._store.endings.claim(now, free)
        for ending in claimed:
            self.spawn(self._serve(ending))
        if claimed:
            self._recorder.wake()
        return now if len(claimed) == free else await self._store.endings.next_due()

    async def _serve(self, ending: Ending) -> None:
        kept = await self._store.polls.find(ending.team_id, ending.poll_id)
        if self._clock() - ending.closed_at <= LATEST:
            kept = await self._sources.synced(kept, fresh=0.0)
            try:
                await self._say_all(ending, kept)
            except (SlackUnavailable, InstallBroken) as error:
                await self._wait(ending, error)
                return
        await self._store.endings.done(ending)

    async def _say_all(self, ending: Ending, kept: Kept) -> None:
        if kept.poll.deleted:
            return
        announcement = await self._announcement(kept)
        for card in await self._store.endings.cards(ending.poll_id, ending.closed_at):
            subject = f"closed {card.id}"
            await self._say(ending, subject, announcement, card.channel_id, card.message_ts)
        by_itself = kept.closed_by is None and kept.kind == "issue"
        if by_itself and await self._store.records.find(kept.poll.id) is None:
            offer = blocks.record_offer(kept.poll, kept.site, kept.subject)
            await self._say(ending, f"offer {kept.poll.id}", offer, kept.poll.created_by)

    async def _announcement(self, kept: Kept) -> Message:
        about = await self._sources.about(kept.team_id, kept.kind, kept.subject)
        return blocks.announcement(
            kept.poll,
            await self._results.of(kept),
            kept.closed_by,
            about=linked(about),
            note=self._results.note(kept),
        )

    async def _say(
        self,
        ending: Ending,
        subject: str,
        message: Message,
        channel_id: str,
        thread_ts: str | None = None,
    ) -> None:
        """Post once. Raises SlackUnavailable or InstallBroken if that can be tried again."""
        endings, due_at = self._store.endings, ending.closed_at
        if not await endings.claim_word(ending, subject, self._clock()):
            return
        try:
            await self._slack.post(channel_id, message.text, message.blocks, thread_ts)
        except InstallBroken:
            await endings.release(subject, due_at)
            raise
        except SlackError as error:
            log.info("%s was refused by Slack: %s", subject, error.code)
        except SlackUnavailable as error:
            if error.perhaps:
                log.warning("%s may not have reached Slack (%s)", subject, error.why)
                return
            await endings.release(subject, due_at)
            raise
        await endings.sent(subject, due_at, self._clock())

    async def _wait(self, ending: Ending, error: SlackUnavailable | InstallBroken) -> None:
        if isinstance(error, InstallBroken):
            log.error("Slack refuses the bot token (%s): an end waits", error.code)
            pause = _NEW_INSTALL
        else:
            log.warning("Slack did not take what is said of an end (%s)", error.why)
            jitter = random.uniform(0.7, 1.3)  # noqa: S311  no secret
            pause = pause_before_retry(ending.attempts + 1, jitter, error.retry_after)
        await self._store.endings.postpone(ending, self._clock() + pause)
