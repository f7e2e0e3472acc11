"""What all workers do that take to Jira what people ask of issues, each as its own person."""

from abc import abstractmethod
from collections.abc import Awaitable, Callable
from typing import TypeVar

from pollbot.accounts.rows import AccountRows
from pollbot.errors import AccountRefused, JiraBusy, JiraError, JiraUnavailable, SiteMoved
from pollbot.jira.client import Jira
from pollbot.jira.pace import JiraPace
from pollbot.jira.sites import Sites
from pollbot.jira.try_rows import Asked as Table
from pollbot.jira.try_rows import Change, Doubt, TryRows
from pollbot.people import Account
from pollbot.store.queue import EVERYTHING, Later, Next, Only, Work
from pollbot.store.worker import Clock, QueueWorker
from pollbot.votes.asked import Asked
from pollbot.votes.asked_rows import not_written_to
from pollbot.votes.rules import KEPT_FOR, look_again_at

A = TypeVar("A", bound=Asked)


class Replaced(Exception):
    """It was dropped, or its person has asked for something else since."""


class AskedWorker(QueueWorker[A]):
    """Votes and watchers keep to one pace: Jira counts both as writes of an issue.

    What leaves for Jira is on disk before, and to do it twice is to do it once, so what was cut
    off is simply done again. While an earlier try for the opposite may still land there, what
    stands there is not final.
    """

    def __init__(
        self,
        work: Work[A],
        table: Table,
        elsewhere: str,
        account_rows: AccountRows,
        try_rows: TryRows,
        sites: Sites,
        pace: JiraPace,
        clock: Clock,
        *,
        at_once: int,
    ) -> None:
        """``elsewhere`` is the condition of what goes to no issue, as it is decided already."""
        super().__init__(work, clock, at_once=at_once)
        self._table = table
        self._elsewhere = elsewhere
        self._account_rows = account_rows
        self._try_rows = try_rows
        self._sites = sites
        self._pace = pace

    def held_back(self, now: float) -> tuple[Only, float | None]:
        """Leave alone what Jira would not let in now: who is to be told something is told."""
        held = self._pace.held_back(now)
        if not held.until:
            return EVERYTHING, held.until
        return not_written_to(self._elsewhere, held.sites, held.issues), held.until

    async def take(self, asked: A, attempts: int) -> Next:
        """Take it to Jira once it may go there, or have its person connect."""
        account = await self._account_rows.find(asked.person, asked.site)
        if account is None or account.refused:
            return await self.ask_to_connect(asked, account, attempts)
        now = self._clock()
        if now - asked.asked_at >= KEPT_FOR:
            return await self.expire(asked)
        allowed_at = self._pace.ready_at(asked.site, asked.issue_key, now)
        if allowed_at > now:
            return Later(allowed_at)
        self._pace.begin(asked.site, asked.issue_key)
        return await self.carry_out(asked, account)

    @abstractmethod
    async def ask_to_connect(self, asked: A, account: Account | None, attempts: int) -> Next:
        """Have its person connect; ``account`` is the one that Jira takes no more."""

    @abstractmethod
    async def expire(self, asked: A) -> Next:
        """Give it up: it waited for as long as such a thing is kept."""

    @abstractmethod
    async def carry_out(self, asked: A, account: Account) -> Next:
        """Have Jira do it; ends what the pace has begun."""

    def jira(self, asked: A) -> Jira:
        """Return the site that it is for."""
        return self._sites.jira(asked.site)

    async def doubt(self, asked: A, wish: Change, now: float) -> Doubt:
        """Return what is not known of this person's earlier tries."""
        return await self._try_rows.doubt(asked.person, asked.site, asked.issue_key, wish, now)

    async def refused(self, asked: A, account: Account, told_by: str = "") -> None:
        """Keep that Jira takes the account no more; ``told_by`` is the intent that says so."""
        await self._account_rows.refused(
            asked.person, asked.site, account.credential, told_by, self._clock()
        )

    def slow_down(self, asked: A, error: JiraUnavailable) -> bool:
        """Keep to what Jira asks for where it is too busy; return whether that is why."""
        if not isinstance(error, JiraBusy):
            return False
        self._pace.asked_to_wait(
            asked.site, asked.issue_key, error.cause, error.retry_after, self._clock()
        )
        return True

    async def write(
        self, asked: A, change: Callable[[str, Account], Awaitable[None]], account: Account
    ) -> None:
        """Have Jira in the state that is wished for; what leaves is on disk before.

        Raises Replaced, and nothing leaves, if something else is wished for by now.
        """
        tries = self._try_rows
        this = await tries.begin(self._table, asked.id, self._clock())
        if this is None:
            raise Replaced
        try:
            await change(asked.issue_key, account)
        except (AccountRefused, SiteMoved):
            await tries.turned_away(this)
            raise
        except JiraUnavailable as error:
            if not error.perhaps:
                await tries.turned_away(this)
            raise
        except JiraError:
            await tries.answered(this, self._clock())
            raise
        await tries.answered(this, self._clock())

    def look_again(self, doubt: Doubt) -> float | None:
        """Return when to do it again; None if nothing can land against it any more."""
        now = self._clock()
        again_at = None if doubt.against is None else look_again_at(doubt.against, now)
        return again_at if again_at is not None and again_at > now else None
