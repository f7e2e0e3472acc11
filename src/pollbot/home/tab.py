"""Home: what concerns one person, gathered from all parts, and shown to them anew."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from functools import partial
from typing import TypeVar

from cachetools import TTLCache

from pollbot.accounts.rows import AccountRows
from pollbot.errors import PollbotError, SlackUnavailable
from pollbot.home import blocks
from pollbot.home.rows import HomeRows
from pollbot.home.rules import (
    FRESH,
    POLLS,
    SCHEDULES,
    VOTES,
    WAITING,
    ForAdmins,
    MyVotes,
    OpenPoll,
    Paged,
    Stand,
    VotedOn,
    page_of,
)
from pollbot.jira.sites import Sites
from pollbot.people import Person
from pollbot.polls.audience.refusals import AudienceUnread, NotInAudience
from pollbot.polls.audience.service import Audiences
from pollbot.schedules.labels import ScheduleLabels
from pollbot.schedules.rows import ScheduleRows
from pollbot.slack.channels import Channels
from pollbot.slack.clicks import HomePageClick
from pollbot.slack.client import Slack
from pollbot.slack.languages import Languages
from pollbot.slack.speaker import Speaker
from pollbot.slack.users import People
from pollbot.store.deliveries import of_issue
from pollbot.store.worker import Clock

T = TypeVar("T")

log = logging.getLogger(__name__)

_MY_VOTES = "voter = currentUser() ORDER BY created DESC"
_SOON = 1.0
"""Seconds for which Home waits for Jira before it is shown without what Jira says."""
_LATEST = 10.0
_SEARCH_LAGS = 120.0
"""Seconds for which Jira's search may still find a vote that was taken back."""
_MOST = 10_000
_OFTEN = 100
"""How often it may leave: it takes the place of what is there, so a lost answer does no harm."""


class Home:
    """Shows people their Home. Nothing of it is on disk: who looks at it is known in this run."""

    def __init__(
        self,
        account_rows: AccountRows,
        home_rows: HomeRows,
        schedule_rows: ScheduleRows,
        labels: ScheduleLabels,
        sites: Sites,
        slack: Slack,
        people: People,
        channels: Channels,
        audiences: Audiences,
        languages: Languages,
        speaker: Speaker,
        away: Callable[[], int],
        clock: Clock,
    ) -> None:
        """``away`` returns how many Jira sites do not answer."""
        self._account_rows = account_rows
        self._home_rows = home_rows
        self._schedule_rows = schedule_rows
        self._labels = labels
        self._sites = sites
        self._slack = slack
        self._people = people
        self._channels = channels
        self._audiences = audiences
        self._languages = languages
        self._speaker = speaker
        self._away = away
        self._clock = clock
        self._looking: TTLCache[Person, HomePageClick] = TTLCache(_MOST, FRESH, timer=clock)
        self._newest: TTLCache[Person, object] = TTLCache(_MOST, FRESH, timer=clock)

    async def open(self, person: Person, pages: HomePageClick | None = None) -> None:
        """Show a person their Home, from its first pages or these ones. An app has none."""
        try:
            if not await self._people.is_person(person):
                return
        except PollbotError as error:
            log.info("who opened Home is not known: %s", error)
        self._looking[person] = pages or HomePageClick()
        await self.redraw(person)

    async def redraw(self, person: Person, *, looks: bool = False) -> None:
        """Show it anew to somebody who may be looking at it: now, or as soon as Slack shows it.

        Who ``looks`` at it for certain may have opened it at another pollbot: they see its first
        pages then. What fails otherwise is only logged.
        """
        pages = self._looking.get(person) or (HomePageClick() if looks else None)
        if pages is None:
            return
        self._newest[person] = turn = object()
        shown = partial(self._show, person, pages, turn)
        await self._speaker.say(shown, most=_OFTEN, about=("Home", person))

    async def _show(self, person: Person, pages: HomePageClick, turn: object) -> None:
        if self._newest.get(person) is not turn:
            return
        try:
            await self._drawn(person, pages, turn)
        except SlackUnavailable:
            raise
        except PollbotError as error:
            log.warning("somebody's Home could not be shown: %s", error)

    async def _drawn(self, person: Person, pages: HomePageClick, turn: object) -> None:
        stands = await self._stands(person)
        asking = asyncio.create_task(self._votes(person, stands, pages.votes))
        try:
            await asyncio.wait({asking}, timeout=_SOON)
            if not asking.done():
                await self._publish(person, pages, turn, stands, MyVotes(reading=True))
            await self._publish(person, pages, turn, stands, await asking)
        finally:
            asking.cancel()

    async def _publish(
        self,
        person: Person,
        pages: HomePageClick,
        turn: object,
        stands: Sequence[Stand],
        votes: MyVotes,
    ) -> None:
        now = self._clock()
        waiting = await self._waiting(person, now)
        polls, of_mine = await self._home_rows.my_polls(person, now, pages.polls, POLLS)
        schedules = await self._schedule_rows.of(person.team_id, person.user_id)
        pages_of = {
            "waiting": page_of(pages.waiting, len(waiting), WAITING),
            "polls": page_of(pages.polls, of_mine, POLLS),
            "votes": page_of(pages.votes, votes.total, VOTES),
            "schedules": page_of(pages.schedules, len(schedules), SCHEDULES),
        }
        for_admins = await self._for_admins(person)
        async with self._languages.speaking_to(person):
            rows = [await self._labels.row(one) for one in _on(pages_of["schedules"], schedules)]
            shown = blocks.Shown(
                pages,
                pages_of,
                _on(pages_of["waiting"], waiting),
                polls,
                votes,
                rows,
                stands,
                for_admins,
                now,
            )
            view = blocks.home(shown)
        if self._newest.get(person) is turn:
            await self._slack.of(person.team_id).show_home(person.user_id, view)

    async def _waiting(self, person: Person, now: float) -> list[OpenPoll]:
        """Return the polls that wait for the person, one card of each that they may see."""
        found = await self._home_rows.open_polls(person, now)
        own = await self._home_rows.asked_for(person)
        seen = await self._channels.seen_by(person, {one.channel_id for one in found})
        shown: dict[str, OpenPoll] = {}
        for one in found:
            if one.channel_id in seen or one.card_id in own:
                shown.setdefault(one.kept.poll.id, one)
        may = await asyncio.gather(*(self._may_answer(person, one) for one in shown.values()))
        theirs = [one for one, its in zip(shown.values(), may, strict=True) if its]
        # What can be answered here comes first.
        return sorted(theirs, key=lambda one: not one.kept.poll.settings.names)

    async def _may_answer(self, person: Person, one: OpenPoll) -> bool:
        """Return whether the poll is for the person; where nobody can tell, they may try."""
        try:
            await self._audiences.must_be_in(person, one.kept)
        except NotInAudience:
            return False
        except AudienceUnread as error:
            log.debug("whether a poll waits for somebody is not known: %s", error.untold)
        return True

    async def _stands(self, person: Person) -> list[Stand]:
        known = {stand.site: stand for stand in await self._home_rows.stands(person)}
        return [known.get(site, Stand(site)) for site in self._sites.all]

    async def _votes(self, person: Person, stands: Sequence[Stand], page: int) -> MyVotes:
        """Return what Jira says of the person's votes, on all sites together."""
        most = (page + 1) * VOTES
        asked = await asyncio.gather(
            *(
                self._votes_on(person, stand.site, most)
                for stand in stands
                if stand.name and not stand.refused
            )
        )
        found = [one for part in asked if part is not None for one in part[0]]
        total = sum(part[1] for part in asked if part is not None)
        start = page_of(page, total, VOTES).number * VOTES
        return MyVotes(found[start : start + VOTES], total, silent=None in asked)

    async def _votes_on(
        self, person: Person, site: str, most: int
    ) -> tuple[list[VotedOn], int] | None:
        account = await self._account_rows.usable(person, site)
        if account is None:
            return [], 0
        try:
            async with asyncio.timeout(_LATEST):
                found = await self._sites.jira(site).search(_MY_VOTES, account, most)
        except (PollbotError, TimeoutError) as error:
            log.info("Jira does not tell somebody's votes: %s", error)
            return None
        gone = await self._home_rows.withdrawn(person, self._clock() - _SEARCH_LAGS)
        issues = [
            VotedOn(site, issue) for issue in found.issues if of_issue(site, issue.key) not in gone
        ]
        return issues, found.total - (len(found.issues) - len(issues))

    async def _for_admins(self, person: Person) -> ForAdmins | None:
        try:
            if not await self._people.is_admin(person):
                return None
        except PollbotError:
            return None
        return ForAdmins(
            await self._home_rows.sources(person.team_id),
            await self._home_rows.refused(person.team_id),
            self._away(),
        )


def _on(page: Paged, everything: Sequence[T]) -> Sequence[T]:
    start = page.number * page.size
    return everything[start : start + page.size]
