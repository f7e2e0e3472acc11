"""Reads what thresholds look at, as somebody with an account: many issues by one search."""

from collections.abc import Sequence

from pollbot.errors import JiraError
from pollbot.jira import jql
from pollbot.jira.issues import Issue
from pollbot.jira.jql import Found
from pollbot.jira.refusals import BadJql
from pollbot.jira.sites import Sites
from pollbot.people import Account
from pollbot.thresholds.rules import MOST_READ, READ_TOGETHER


class Readings:
    """Issues and their votes. Raises AccountRefused, JiraUnavailable and SiteMoved."""

    def __init__(self, sites: Sites) -> None:
        self._sites = sites

    async def of_list(
        self, site: str, subject: str, account: Account, projects: Sequence[str]
    ) -> Found:
        """Return the issues of a project or of JQL with the most votes; of these projects, if any.

        Raises BadJql with Jira's words about what was written, and not about what was added.
        """
        jira = self._sites.jira(site)
        try:
            return await jira.search(
                jql.within(jql.top_voted(subject), projects), account, MOST_READ
            )
        except BadJql:
            await jira.search(jql.found_by(subject), account, 1)
            raise

    async def of_keys(
        self, site: str, keys: Sequence[str], account: Account
    ) -> dict[str, Issue | None]:
        """Return issues by the keys that they are asked for by; None for what Jira does not show.

        A search for one that is hidden, not there, or named by an earlier key, is refused as a
        whole; asked for by itself, Jira tells the key of now.
        """
        found: dict[str, Issue | None] = {}
        for start in range(0, len(keys), READ_TOGETHER):
            found |= await self._together(site, keys[start : start + READ_TOGETHER], account)
        return found

    async def _together(
        self, site: str, keys: Sequence[str], account: Account
    ) -> dict[str, Issue | None]:
        jira = self._sites.jira(site)
        if len(keys) == 1:
            try:
                return {keys[0]: await jira.issue(keys[0], account)}
            except JiraError:
                return {keys[0]: None}
        half = len(keys) // 2
        try:
            seen = (await jira.search(jql.any_of(keys), account, len(keys))).issues
        except (BadJql, JiraError):
            first = await self._together(site, keys[:half], account)
            return first | await self._together(site, keys[half:], account)
        found: dict[str, Issue | None] = {one.key: one for one in seen if one.key in keys}
        for key in keys:
            if key not in found:
                found |= await self._together(site, [key], account)
        return found

    async def takes_votes(self, site: str, key: str, account: Account) -> bool:
        """Return whether voting is switched on where an issue lives."""
        return await self._sites.jira(site).voting_is_on(key, account)
