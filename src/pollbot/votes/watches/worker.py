"""Has Jira note who watches issues, each as its own person, and tells that person."""

import logging

from pollbot.accounts.rows import AccountRows
from pollbot.errors import (
    AccountRefused,
    InstallBroken,
    JiraBusy,
    JiraError,
    JiraUnavailable,
    NotAllowed,
    NotFound,
    SiteMoved,
    SlackUnavailable,
)
from pollbot.jira.pace import JiraPace
from pollbot.jira.sites import Sites
from pollbot.people import Account
from pollbot.slack.courier import Courier
from pollbot.slack.kit import Draw
from pollbot.slack.languages import Languages
from pollbot.slack.outbox import Outbox
from pollbot.store.outbox import Kind, Notice
from pollbot.store.queue import EVERYTHING, Again, Done, Later, Next, Only
from pollbot.store.worker import Clock, QueueWorker, pause_after
from pollbot.votes.rules import KEPT_FOR
from pollbot.votes.watches import blocks
from pollbot.votes.watches.rows import Watch, WatchRows, not_written_to
from pollbot.votes.watches.rules import Watched

log = logging.getLogger(__name__)

_AT_ONCE = 16
_RECEIPT_TRIES = 2880
"""Tries of a word that Slack does not take: one in half a minute, for about a day."""


class WatchWorker(QueueWorker[Watch]):
    """Takes watches to Jira. To watch twice is to watch once, so what was cut off is done again.

    They keep to the same pace as votes do: Jira counts both as writes of an issue.
    """

    def __init__(
        self,
        account_rows: AccountRows,
        watch_rows: WatchRows,
        sites: Sites,
        courier: Courier,
        languages: Languages,
        outbox: Outbox,
        pace: JiraPace,
        clock: Clock,
    ) -> None:
        super().__init__(watch_rows.work, clock, at_once=_AT_ONCE)
        self._account_rows = account_rows
        self._watch_rows = watch_rows
        self._sites = sites
        self._courier = courier
        self._languages = languages
        self._outbox = outbox
        self._pace = pace

    async def tidy(self, now: float) -> None:
        """Let wishes expire."""
        await self._watch_rows.tidy(now)

    def held_back(self, now: float) -> tuple[Only, float | None]:
        """Leave those alone that Jira would not let in now."""
        held = self._pace.held_back(now)
        return not_written_to(held.sites, held.issues) if held.until else EVERYTHING, held.until

    async def serve(self, watch: Watch, attempts: int) -> Next:
        """Take it one step further."""
        outcome = watch.outcome
        if outcome is not None:
            then = await self._tell(
                watch, "", lambda: blocks.receipt(watch.site, watch.issue_key, outcome), attempts
            )
            if isinstance(then, Done):
                await self._watch_rows.forget(watch.id)
            return then
        if self._clock() - watch.asked_at >= KEPT_FOR:
            return await self._settle(watch, Watched.EXPIRED)
        account = await self._account_rows.find(watch.person, watch.site)
        if account is None or account.refused:
            return await self._ask_to_connect(watch, account, attempts)
        now = self._clock()
        allowed_at = self._pace.ready_at(watch.site, watch.issue_key, now)
        if allowed_at > now:
            return Later(allowed_at)
        return await self._try(watch, account)

    async def _try(self, watch: Watch, account: Account) -> Next:
        jira, key = self._sites.jira(watch.site), watch.issue_key
        try:
            self._pace.begin(watch.site, key)
            try:
                await jira.watch_issue(key, account)
            finally:
                self._pace.end(watch.site, key, self._clock())
        except AccountRefused:
            await self._account_rows.refused(
                watch.person, watch.site, account.credential, "", self._clock()
            )
            # With whatever account is there now; the refused one asks to connect.
            return Done()
        except JiraUnavailable as error:
            busy = isinstance(error, JiraBusy)
            if isinstance(error, JiraBusy):
                self._pace.asked_to_wait(
                    watch.site, key, error.cause, error.retry_after, self._clock()
                )
            await self._say_meanwhile(watch, lambda: blocks.queued(watch.site, key, busy=busy))
            return Again(error.retry_after)
        except SiteMoved as error:
            host, pause = error.host, error.retry_after
            await self._say_meanwhile(watch, lambda: blocks.queued_elsewhere(watch.site, key, host))
            return Again(pause)
        except NotAllowed:
            return await self._settle(watch, Watched.NOT_ALLOWED)
        except JiraError as error:
            return await self._settle(watch, await self._why(watch, account, error))
        return await self._settle(watch, Watched.DONE)

    async def _why(self, watch: Watch, account: Account, error: JiraError) -> Watched:
        """Return why Jira did not take it: of what it hides and of what is off it says 404."""
        if isinstance(error, NotFound):
            try:
                await self._sites.jira(watch.site).issue(watch.issue_key, account)
            except (NotFound, NotAllowed):
                return Watched.NOT_FOUND
            except JiraError:
                return Watched.NOT_TAKEN
        return Watched.NOT_TAKEN

    async def _settle(self, watch: Watch, outcome: Watched) -> Next:
        log.info("watch of %s: %s", watch.issue_key, outcome)
        await self._watch_rows.settle(watch.id, outcome, self._clock())
        return Done()

    async def _ask_to_connect(self, watch: Watch, account: Account | None, attempts: int) -> Next:
        asked = blocks.connect_first if account is None else blocks.connect_again
        then = await self._tell(
            watch, "connect", lambda: asked(watch.site, watch.issue_key), attempts
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
