"""Keeps up with issues: what is known of one follows to a new key, and how many votes it had."""

from collections.abc import Sequence
from contextlib import suppress

from pollbot.errors import AccountRefused, JiraError, StorageUnavailable
from pollbot.jira.client import Jira
from pollbot.jira.count_rows import CountRows
from pollbot.jira.issue_rows import IssueRows
from pollbot.jira.issues import Issue, Told
from pollbot.people import Account
from pollbot.store.worker import Clock


class Issues:
    """Hears what Jira tells of ids, keys and votes, whoever asked it for what."""

    def __init__(
        self, issue_rows: IssueRows, count_rows: CountRows, jira: Jira, clock: Clock
    ) -> None:
        self._issue_rows = issue_rows
        self._count_rows = count_rows
        self._jira = jira
        self._clock = clock

    async def hear(self, told: Told, account: Account | None) -> None:
        """Have all that is kept follow. Raises JiraUnavailable and SiteMoved.

        Where a key is another issue's now, the one that had it is looked for by its id first.
        """
        lost = await self._issue_rows.learn(told)
        for id_ in lost:
            with suppress(AccountRefused, JiraError):
                await self._jira.issue(id_, account)
        if lost:
            await self._issue_rows.learn(told, taken=True)

    async def count(self, issues: Sequence[Issue]) -> None:
        """Keep how many votes they have, if the database takes it: what was read is read."""
        with suppress(StorageUnavailable):
            await self._count_rows.note(self._jira.site, issues, self._clock())
