"""Answers: given, changed and withdrawn by a click, on disk before Slack is told."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import partial
from typing import TypeVar

from cachetools import TTLCache

from pollbot import errands
from pollbot.errors import JiraBusy, JiraUnavailable, PollGone
from pollbot.people import Person
from pollbot.polls.answers.rows import AnswerRows, Change, MustBelong, MustSee, Told
from pollbot.polls.audience.service import Audiences
from pollbot.polls.kept import Answered, Kept
from pollbot.polls.refusals import LongComment, NoComments, NotChecked, PollClosed
from pollbot.polls.results.service import PollResults
from pollbot.polls.rules import COMMENT, Answer, Poll, Visibility, choose, choose_exactly
from pollbot.polls.sources.rows import SourceRows
from pollbot.polls.sources.service import PollSources
from pollbot.polls.tally import Results
from pollbot.slack.users import People
from pollbot.store.worker import Clock

T = TypeVar("T")

_SEEN_FOR = 600.0
_MOST = 10_000
_LOOK = 1.5


class Answers:
    """What a click on an option does. Everything here raises PollbotError."""

    def __init__(
        self,
        answer_rows: AnswerRows,
        source_rows: SourceRows,
        sources: PollSources,
        results: PollResults,
        audiences: Audiences,
        people: People,
        clock: Clock,
    ) -> None:
        self._answer_rows = answer_rows
        self._source_rows = source_rows
        self._sources = sources
        self._results = results
        self._audiences = audiences
        self._people = people
        self._clock = clock
        self._seen: TTLCache[tuple[Person, str], bool] = TTLCache(_MOST, _SEEN_FOR, timer=clock)

    async def choose(
        self,
        person: Person,
        poll_id: str,
        option_id: str,
        *,
        action_ts: str | None,
    ) -> Answered:
        """Record a click on an option."""
        now = self._clock()
        return await self._answer(
            person,
            poll_id,
            Change(lambda poll, mine: choose(poll, mine, option_id, now), switch=True),
            action_ts,
        )

    async def choose_exactly(
        self,
        person: Person,
        poll_id: str,
        wanted: Answer,
        *,
        action_ts: str | None,
    ) -> Answered:
        """Record that exactly these options are the person's answer."""
        now = self._clock()
        return await self._answer(
            person,
            poll_id,
            Change(lambda poll, mine: choose_exactly(poll, mine, wanted, now)),
            action_ts,
        )

    async def comment(
        self, person: Person, poll_id: str, comment: str, *, stamp: str | None
    ) -> Answered:
        """Record the person's comment; an empty one removes it.

        ``stamp`` names the delivery: the same again changes nothing. Raises LongComment.
        """
        now = self._clock()
        if len(comment) > COMMENT:
            raise LongComment(len(comment))

        def unchanged(poll: Poll, mine: Answer) -> Answer:
            if not poll.is_open(now):
                raise PollClosed(poll.title)
            if not poll.settings.comments:
                raise NoComments
            return mine

        return await self._answer(person, poll_id, Change(unchanged, comment), stamp)

    async def mine(self, person: Person, poll_id: str) -> Answered:
        """Return the person's own answer."""
        return await self._answer_rows.mine(person, poll_id)

    async def for_me(self, answered: Answered) -> Results | None:
        """Return the results that whoever has answered may see by that; None if it is no matter."""
        settings = answered.kept.poll.settings
        if not answered.is_given or settings.visibility is not Visibility.AFTER_VOTE:
            return None
        return await self._results.of(answered.kept, answered=True)

    async def look(self, person: Person, poll_id: str) -> Answered:
        """Return one's own answer to a poll that is there still. Raises PollGone."""
        answered = await self.mine(person, poll_id)
        if answered.kept.poll.deleted:
            raise PollGone
        return answered

    async def set_needs_jira(self, person: Person, *, needed: bool) -> None:
        """Say whether answers need a connected account that can see the issue. Admins only."""
        await self._people.must_be_admin(person)
        await self._source_rows.set_needs_jira(person, self._clock(), needed=needed)

    async def _answer(
        self,
        person: Person,
        poll_id: str,
        change: Change,
        action_ts: str | None,
    ) -> Answered:
        now = self._clock
        answer = partial(self._answer_rows.answer, person, poll_id, change, action_ts=action_ts)
        with errands.unkept():
            return await self.allowed(person, lambda told: answer(now=now(), told=told))

    async def allowed(self, person: Person, work: Callable[[Told], Awaitable[T]]) -> T:
        """Return what ``work`` does as somebody who may answer, once all was asked that it needs.

        Raises what says that they may not, or that nobody can tell.
        """
        told = Told()
        while True:
            try:
                return await work(told)
            except MustSee as error:
                await self._must_see(person, error.kept)
                told = replace(told, sees=True)
            except MustBelong as error:
                # An edit may name others meanwhile: then it is asked again.
                await self._audiences.must_be_in(person, error.kept)
                told = replace(told, belongs=error.kept.poll.settings.audience)

    async def _must_see(self, person: Person, kept: Kept) -> None:
        """Raise unless the person can see the issue; remembered for ten minutes."""
        key = (person, kept.subject)
        if key in self._seen:
            return
        try:
            async with asyncio.timeout(_LOOK):
                await self._sources.sees(person, kept)
        except (TimeoutError, JiraUnavailable) as error:
            raise NotChecked(busy=isinstance(error, JiraBusy)) from None
        self._seen[key] = True
