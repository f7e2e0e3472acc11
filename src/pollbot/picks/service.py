"""Which issue somebody may mean by what they have typed so far."""

import asyncio
import logging
from collections.abc import Iterable, Sequence
from functools import partial

from pollbot.accounts.rows import AccountRows
from pollbot.cards.rows import CardRows
from pollbot.errors import BadInput, PollbotError
from pollbot.jira.issues import Suggested
from pollbot.jira.sites import Sites
from pollbot.people import Person

log = logging.getLogger(__name__)

PATIENCE = 0.8
"""Seconds for which Jira is waited for: somebody is typing."""
MOST = 20
_LONGEST = 200


class Picks:
    """Asks Jira as the person; what it does not tell in time is what was seen here lately."""

    def __init__(self, account_rows: AccountRows, card_rows: CardRows, sites: Sites) -> None:
        self._account_rows = account_rows
        self._card_rows = card_rows
        self._sites = sites

    @property
    def of_several(self) -> bool:
        """Whether issues may be on one of several sites."""
        return self._sites.are_several

    async def suggest(self, person: Person, channel_id: str, typed: str) -> list[Suggested]:
        """Return the issues to choose from, the likeliest first.

        What reads as a key or a link is always among them, whether Jira knows it or not, so that
        who has no account can type one as well; but none of a project that admins do not allow.
        """
        named = await self._named(person, channel_id, typed)
        sought = " ".join((named.key if named is not None else typed).split())[:_LONGEST]
        found = await self._in_jira(person, sought)
        if found is None:
            recent = await self._card_rows.recent_issues(person, channel_id, self._sites.all)
            found = [one for one in recent if _fits(one, sought)]
        rights = await self._card_rows.rights(person.team_id)
        found = [one for one in found if rights.allows(one.key)]
        if named is not None and not rights.allows(named.key):
            named = None
        same = [one for one in found if named is not None and one.key == named.key]
        first = [] if named is None or same else [named]
        others = [one for one in found if one not in same]
        return [*first, *same, *others][:MOST]

    async def _named(self, person: Person, channel_id: str, typed: str) -> Suggested | None:
        linked = partial(self._account_rows.linked, person.team_id, channel_id, self._sites.all)
        try:
            found = await self._sites.issue(typed, linked) if typed.strip() else None
        except BadInput:
            return None
        return None if found is None else Suggested(found.site, found.key)

    async def _in_jira(self, person: Person, sought: str) -> list[Suggested] | None:
        """Return what the person's sites suggest; None if none of them could be asked in time."""
        asking = [
            asyncio.create_task(self._at(site, person, sought), name=f"issues at {site}")
            for site in self._sites.all
        ]
        done, late = await asyncio.wait(asking, timeout=PATIENCE)
        for task in late:
            task.cancel()
        answers = [task.result() for task in asking if task in done]
        told = [one for one in answers if one is not None]
        return list(_in_turn(told)) if told else None

    async def _at(self, site: str, person: Person, sought: str) -> list[Suggested] | None:
        account = await self._account_rows.usable(person, site)
        if account is None:
            return None
        try:
            return await self._sites.jira(site).suggest(sought, account)
        except PollbotError as error:
            log.debug("no issues to choose from: %s", error)
            return None


def _in_turn(lists: Sequence[Sequence[Suggested]]) -> Iterable[Suggested]:
    """Yield the first of each list, then the second of each, and so on."""
    for place in range(max(map(len, lists), default=0)):
        yield from (one[place] for one in lists if place < len(one))


def _fits(issue: Suggested, sought: str) -> bool:
    """Return whether each word begins the key, or a word of the summary."""
    words = [issue.key.casefold(), *issue.summary.casefold().split()]
    return all(any(word.startswith(one) for word in words) for one in sought.casefold().split())
