"""Has Jira note who watches issues and who does not, each as its own person, and tells them."""

import logging

from pollbot.accounts.rows import AccountRows
from pollbot.errors import (
    AccountRefused,
    InstallBroken,
    JiraError,
    JiraUnavailable,
    NotAllowed,
    NotFound,
    SiteMoved,
    SlackUnavailable,
)
from pollbot.jira.pace import JiraPace
from pollbot.jira.rules import Watching
from pollbot.jira.sites import Sites
from pollbot.jira.try_rows import TryRows
from pollbot.people import Account
from pollbot.slack.courier import Courier
from pollbot.slack.kit import Draw
from pollbot.slack.languages import Languages
from pollbot.slack.outbox import Outbox
from pollbot.store.outbox import Kind, Notice
from pollbot.store.queue import Again, Done, Later, Next
from pollbot.store.worker import Clock, pause_after
from pollbot.votes.asked_worker import AskedWorker, Replaced
from pollbot.votes.watches import blocks
from pollbot.votes.watches.rows import ELSEWHERE, Watch, WatchRows
from pollbot.votes.watches.rules import Watched

log = logging.getLogger(__name__)

_AT_ONCE = 16
_RECEIPT_TRIES = 2880
"""Tries of a word that Slack does not take: one in half a minute, for about a day."""


class WatchWorker(AskedWorker[Watch]):
    """Takes to Jira who watches an issue from now on, or does so no more."""

    def __init__(
        self,
        account_rows: AccountRows,
        watch_rows: WatchRows,
        try_rows: TryRows,
        sites: Sites,
        courier: Courier,
        languages: Languages,
        outbox: Outbox,
        pace: JiraPace,
        clock: Clock,
    ) -> None:
        super().__init__(
            watch_rows.work,
            "watches",
            ELSEWHERE,
            account_rows,
            try_rows,
            sites,
            pace,
            clock,
            at_once=_AT_ONCE,
        )
        self._watch_rows = watch_rows
        self._courier = courier
        self._languages = languages
        self._outbox = outbox

    async def tidy(self, now: float) -> None:
        """Let wishes expire."""
        await self._watch_rows.tidy(now)

    async def serve(self, watch: Watch, attempts: int) -> Next:
        """Take it one step further."""
        outcome = watch.outcome
        if outcome is not None:
            then = await self._tell(
                watch,
                "",
                lambda: blocks.receipt(watch.site, watch.issue_key, watch.wish, outcome),
                attempts,
            )
            if isinstance(then, Done):
                await self._watch_rows.forget(watch.id)
            return then
        return await self.take(watch, attempts)

    async def expire(self, watch: Watch) -> Next:
        """Give it up; its person hears that."""
        return await self._settle(watch, Watched.EXPIRED)

    async def carry_out(self, watch: Watch, account: Account) -> Next:
        """Have Jira do it, until it is final."""
        about, jira = (watch.site, watch.issue_key, watch.wish), self.jira(watch)
        change = jira.watch_issue if watch.wish is Watching.WATCH else jira.unwatch_issue
        try:
            try:
                doubt = await self.doubt(watch, watch.wish, self._clock())
                await self.write(watch, change, account)
            finally:
                self._pace.end(watch.site, watch.issue_key, self._clock())
        except Replaced:
            return Done()
        except AccountRefused:
            await self.refused(watch, account)
            # With whatever account is there now; the refused one asks to connect.
            return Done()
        except JiraUnavailable as error:
            busy = self.slow_down(watch, error)
            await self._say_meanwhile(watch, lambda: blocks.queued(*about, busy=busy))
            return Again(error.retry_after)
        except SiteMoved as error:
            host, pause = error.host, error.retry_after
            await self._say_meanwhile(watch, lambda: blocks.queued_elsewhere(*about, host))
            return Again(pause)
        except NotAllowed:
            return await self._settle(watch, Watched.NOT_ALLOWED)
        except JiraError as error:
            return await self._settle(watch, await self._why(watch, account, error))
        if (again_at := self.look_again(doubt)) is not None:
            await self._say_meanwhile(watch, lambda: blocks.not_final(*about))
            return Later(again_at)
        return await self._settle(watch, Watched.DONE)

    async def _why(self, watch: Watch, account: Account, error: JiraError) -> Watched:
        """Return why Jira did not take it: of what it hides and of what is off it says 404."""
        if isinstance(error, NotFound):
            try:
                await self.jira(watch).issue(watch.issue_key, account)
            except (NotFound, NotAllowed):
                return Watched.NOT_FOUND
            except JiraError:
                return Watched.NOT_TAKEN
        return Watched.NOT_TAKEN

    async def _settle(self, watch: Watch, outcome: Watched) -> Next:
        log.info("%s on %s: %s", watch.wish, watch.issue_key, outcome)
        await self._watch_rows.settle(watch.id, outcome, self._clock())
        return Done()

    async def ask_to_connect(self, watch: Watch, account: Account | None, attempts: int) -> Next:
        """Have its person connect, and let it wait for that."""
        asked = blocks.connect_first if account is None else blocks.connect_again
        then = await self._tell(
            watch, "connect", lambda: asked(watch.site, watch.issue_key, watch.wish), attempts
        )
        if isinstance(then, Done):
            await self._watch_rows.park(watch.id)
        return then

    async def _say_meanwhile(self, watch: Watch, draw: Draw) -> None:
        """Say once how it stands until it is decided."""
        if watch.told or not await self._watch_rows.told(watch.id):
            return
        try:
            await self._say(watch, draw)
        except (SlackUnavailable, InstallBroken) as error:
            log.debug("a person could not be told how a watch stands: %s", error)

    async def _tell(self, watch: Watch, word: str, draw: Draw, attempts: int) -> Next:
        """Tell the person; Done once that is over: said, or tried so often that it is given up."""
        notice = Notice(Kind.RECEIPT, watch.id, reader=word)
        try:
            over = await self._outbox.say(
                notice, watch.person.team_id, lambda: self._say(watch, draw)
            )
        except SlackUnavailable as error:
            if attempts + 1 < _RECEIPT_TRIES:
                return Again(pause_after(error))
            log.error(
                "%s was not told about %s: Slack stayed away (%s)",
                watch.person.user_id,
                watch.issue_key,
                error.why,
            )
            return Done()
        return Done() if over else Again()

    async def _say(self, watch: Watch, draw: Draw) -> None:
        async with self._languages.speaking_to(watch.person):
            message = draw()
        await self._courier.tell(watch.person, watch.address, message)
