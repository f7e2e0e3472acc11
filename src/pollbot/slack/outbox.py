"""Sends what may come only once: claimed on disk before, marked after."""

import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import TypeVar

from pollbot.errors import (
    ContentRefused,
    InstallBroken,
    MessageGone,
    SlackError,
    SlackUnavailable,
)
from pollbot.slack.posting import Posting
from pollbot.store.outbox import Kind, Notice, OutboxRows
from pollbot.store.worker import Clock
from pollbot.store.writer import FINISHING

log = logging.getLogger(__name__)

T = TypeVar("T")


class Outbox:
    """Takes what was claimed to Slack, and keeps what became of it."""

    def __init__(self, outbox_rows: OutboxRows, posting: Posting, clock: Clock) -> None:
        self._outbox_rows = outbox_rows
        self._posting = posting
        self._clock = clock

    async def send(
        self,
        notice: Notice,
        send: Callable[[], Awaitable[T]],
        *,
        sent: Callable[[T], Awaitable[object]] | None = None,
        release: Callable[[], Awaitable[object]] | None = None,
        instead: Notice | None = None,
        also: Sequence[Notice] = (),
    ) -> T | None:
        """Send what is claimed; return Slack's answer, None if Slack refused it for good.

        ``also`` is what is said in the same message, and claimed like it.
        ``sent`` keeps the answer with all that belongs to it, ``release`` gives the claim
        back; without them that is all there is to it. ``instead`` is owed to somebody where
        Slack does not take it, unless the card that it belongs to is gone; where Slack refuses
        what is in it, they hear that. Raises
        SlackUnavailable: if Slack may have it the claim stays, and its owner is told; else it
        was released, as it is after InstallBroken and after a refusal that may be mended. What
        may leave twice stays claimed only if Slack's answer was lost: a failure that it told of
        is no answer.
        """
        # Whoever began this, a listener too, brings it to its end.
        FINISHING.set(True)
        give_back = release or (lambda: self._outbox_rows.release(notice, *also))
        try:
            answer = await send()
        except SlackUnavailable as error:
            if error.lost or (error.perhaps and notice.most == 1):
                log.info("%s %s may have reached Slack (%s)", *_named(notice), error.why)
                await self._outbox_rows.unsure(notice, self._clock(), *also)
            else:
                await give_back()
            raise
        except InstallBroken:
            await give_back()
            raise
        except SlackError as error:
            if not notice.over_if_refused:
                await give_back()
                raise
            log.info("Slack refused %s %s: %s", *_named(notice), error.code)
            if instead is None or isinstance(error, MessageGone):
                await self._outbox_rows.sent(notice, self._clock(), *also)
                return None
            if isinstance(error, ContentRefused):
                instead = replace(instead, kind=Kind.REFUSED)
            await self._outbox_rows.closed(notice, instead, error.code, self._clock())
            return None
        except Exception:
            await self._outbox_rows.unsure(notice, self._clock(), *also)
            raise
        if sent is None:
            await self._outbox_rows.sent(notice, self._clock(), *also)
        else:
            await sent(answer)
        return answer

    async def say(self, notice: Notice, team_id: str, say: Callable[[], Awaitable[object]]) -> bool:
        """Say a word to a person; return whether that is over: said, or as often as it may be.

        False: an earlier try is under way. Raises SlackUnavailable if it may be tried later,
        and InstallBroken.
        """
        tries = await self._outbox_rows.claim(notice, team_id, self._clock())
        if not tries:
            return not await self._outbox_rows.is_under_way(notice)
        await self.send(notice, self.once_more(team_id, say) if tries > 1 else say)
        return True

    def once_more(
        self, team_id: str, say: Callable[[], Awaitable[T]]
    ) -> Callable[[], Awaitable[T]]:
        """Return what says that only while Slack answers in the workspace.

        It is for what has left before and leaves no more after this: else what lost it before
        loses it again.
        """

        async def once_it_answers() -> T:
            await self._posting.is_there(team_id)
            return await say()

        return once_it_answers

    async def send_or_leave(
        self,
        notice: Notice,
        send: Callable[[], Awaitable[object]],
        *,
        instead: Notice | None = None,
        also: Sequence[Notice] = (),
    ) -> None:
        """Send what is claimed; what Slack may have is left at that.

        Raises SlackUnavailable or InstallBroken if it never arrived, and was released.
        """
        try:
            await self.send(notice, send, instead=instead, also=also)
        except SlackUnavailable as error:
            if not error.perhaps:
                raise


def _named(notice: Notice) -> tuple[str, str]:
    return notice.kind, notice.about
