"""Keeps up with issues that move: what is known of one by its key follows to its new key."""

from contextlib import suppress

from pollbot.errors import AccountRefused, JiraError
from pollbot.jira.client import Jira
from pollbot.jira.issue_rows import IssueRows
from pollbot.jira.issues import Told
from pollbot.people import Account


class Issues:
    """Hears what Jira tells of ids and keys, whoever asked it for what."""

    def __init__(self, issue_rows: IssueRows, jira: Jira) -> None:
        self._issue_rows = issue_rows
        self._jira = jira

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
