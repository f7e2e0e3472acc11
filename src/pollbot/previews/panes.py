"""The pane that opens beside a link: an issue as its viewer sees it, voted on from there."""

import asyncio
import logging
from dataclasses import dataclass, field, replace

from pollbot.accounts.rows import AccountRows
from pollbot.errors import (
    AccountRefused,
    JiraBusy,
    JiraUnavailable,
    NotAllowed,
    NotFound,
    PollbotError,
    SlackError,
    SlackUnavailable,
)
from pollbot.jira.issues import Issue, IssueAt, mentioned
from pollbot.jira.rules import Wish
from pollbot.jira.sites import Sites
from pollbot.people import Address, Person
from pollbot.previews import pane_blocks
from pollbot.previews.rules import Viewer
from pollbot.slack.client import Slack
from pollbot.slack.entities import Entity, Trouble
from pollbot.slack.languages import Languages
from pollbot.store.worker import Clock
from pollbot.votes.service import Votes

log = logging.getLogger(__name__)

PATIENCE = 2.0
"""Seconds for which a pane waits for Jira: what opened it leads there for three."""
_AFTER = 0.5
"""Seconds for which it waits to read the issue anew, after what became of a click is known."""


@dataclass(frozen=True, slots=True)
class Clicked:
    """What tells a click in a pane from others: when it was, and what draws the pane once."""

    action_ts: str | None
    trigger_id: str


@dataclass(eq=False, slots=True)
class Pane:
    """A pane in which somebody clicked, until what became of that is shown there."""

    person: Person
    issue: IssueAt
    trigger_id: str
    settled: asyncio.Event = field(default_factory=asyncio.Event)
    seen: Issue | None = None
    shown: "asyncio.Future[bool]" = field(
        default_factory=lambda: asyncio.get_running_loop().create_future()
    )


class Panes:
    """What people see beside a link, each as themselves.

    What opened a pane, or was clicked in it, lets it be drawn once. So after a click it is drawn
    when Jira has taken the vote, or after two seconds with what is known then; what it does not
    show is told as after any other click.
    """

    def __init__(
        self,
        account_rows: AccountRows,
        votes: Votes,
        sites: Sites,
        slack: Slack,
        languages: Languages,
        clock: Clock,
    ) -> None:
        self._account_rows = account_rows
        self._votes = votes
        self._sites = sites
        self._slack = slack
        self._languages = languages
        self._clock = clock
        self._open: dict[tuple[Person, IssueAt], Pane] = {}

    def named(self, url: str) -> IssueAt | None:
        """Return the issue of ours to which an address leads; None if it leads elsewhere."""
        for one in mentioned(url, self._sites.all):
            if one.site is not None:
                return IssueAt(one.site, one.key)
        return None

    def meant(self, site: str | None, key: str) -> IssueAt:
        """Return the issue that a button remembers."""
        return IssueAt(site or self._sites.default, key)

    async def show(self, person: Person, issue: IssueAt | None, trigger_id: str) -> bool:
        """Draw the pane that somebody opened; return whether Slack took it."""
        if issue is None:
            return await self._present(person, trigger_id, pane_blocks.not_ours())
        return await self._present(person, trigger_id, await self._draw(person, issue, PATIENCE))

    async def press(
        self, person: Person, issue: IssueAt, wish: Wish, address: Address, action: Clicked
    ) -> Pane:
        """Keep the wish of a click in a pane, as that of any other; return the pane."""
        pane = Pane(person, issue, action.trigger_id)
        self._open[person, issue] = pane
        try:
            await self._votes.press(
                person,
                issue.site,
                issue.key,
                wish,
                replace(address, seen=False),
                action.action_ts,
            )
        except BaseException:
            self._close(pane)
            raise
        return pane

    async def follow(self, pane: Pane) -> None:
        """Draw the pane once it is known what became of the click, or in time anyway."""
        shown = False
        try:
            try:
                await asyncio.wait_for(pane.settled.wait(), PATIENCE)
            except TimeoutError:
                # What comes now is told, since nobody may see it here.
                self._close(pane)
            async with self._languages.speaking_to(pane.person):
                drawn = await self._draw(pane.person, pane.issue, _AFTER, pane.seen)
            shown = await self._present(pane.person, pane.trigger_id, drawn)
        finally:
            self._close(pane)
            if not pane.shown.done():
                pane.shown.set_result(shown)

    async def settled(self, person: Person, issue: IssueAt, seen: Issue | None) -> bool:
        """Return whether a person sees what became of their vote in the pane where they cast it."""
        pane = self._open.get((person, issue))
        if pane is None or seen is None:
            return False
        pane.seen = seen
        pane.settled.set()
        return await asyncio.shield(pane.shown)

    def _close(self, pane: Pane) -> None:
        if self._open.get((pane.person, pane.issue)) is pane:
            del self._open[pane.person, pane.issue]

    async def _draw(
        self, person: Person, issue: IssueAt, patience: float, seen: Issue | None = None
    ) -> Entity | Trouble:
        """Return what a person sees of an issue; ``seen`` is how Jira just showed it.

        It is read anew for the names of voters, and shown without if that takes too long.
        """
        site, key = issue.site, issue.key
        waiting = await self._votes.waiting(person, issue) if seen is None else None
        try:
            async with asyncio.timeout(patience):
                viewer, read = await self._read(person, issue)
        except (TimeoutError, PollbotError, _Hidden) as error:
            if seen is not None:
                return pane_blocks.pane(site, key, seen, "connected", None)
            return _instead(issue, waiting, error)
        return pane_blocks.pane(site, key, read, viewer, waiting)

    async def _read(self, person: Person, issue: IssueAt) -> tuple[Viewer, Issue]:
        """Read the issue as a person, or as nobody where Jira knows no account of theirs."""
        jira = self._sites.jira(issue.site)
        account = await self._account_rows.find(person, issue.site)
        viewer: Viewer = "unknown"
        if account is not None:
            viewer = "refused"
            if not account.refused:
                try:
                    return "connected", await jira.issue(issue.key, account, voters=True)
                except AccountRefused:
                    await self._account_rows.refused(
                        person, issue.site, account.credential, "", self._clock()
                    )
                except (NotAllowed, NotFound) as error:
                    raise _Hidden("connected") from error
        try:
            return viewer, await jira.issue(issue.key, None)
        except (AccountRefused, NotAllowed, NotFound) as error:
            raise _Hidden(viewer) from error

    async def _present(self, person: Person, trigger_id: str, shown: Entity | Trouble) -> bool:
        try:
            await self._slack.of(person.team_id).present(trigger_id, shown)
        except (SlackError, SlackUnavailable) as error:
            # Of a delivery that comes again or late: nobody waits for it any more.
            log.info("Slack takes nothing for a pane: %s", error)
            return False
        return True


def _instead(issue: IssueAt, waiting: Wish | None, error: Exception) -> Trouble:
    """Return what is shown where the issue could not be read."""
    site, key = issue.site, issue.key
    match error:
        case TimeoutError():
            return pane_blocks.away(site, key, waiting)
        case JiraUnavailable():
            return pane_blocks.away(site, key, waiting, busy=isinstance(error, JiraBusy))
        case _Hidden():
            return pane_blocks.hidden(site, key, error.viewer)
    log.debug("a pane shows no %s: %s", key, error)
    return pane_blocks.not_shown(key)


class _Hidden(Exception):
    """Jira does not show the issue to that viewer."""

    def __init__(self, viewer: Viewer) -> None:
        super().__init__(viewer)
        self.viewer = viewer
