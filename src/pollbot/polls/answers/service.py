"""Answers: given, changed and withdrawn by a click, on disk before Slack is told."""

import asyncio
from collections.abc import Callable
from dataclasses import replace

from cachetools import LRUCache, TTLCache

from pollbot.errors import BadInput, JiraBusy, JiraUnavailable, PollGone
from pollbot.people import Person
from pollbot.polls import blocks
from pollbot.polls.answers.rows import AnswerRows
from pollbot.polls.kept import Answered, Kept
from pollbot.polls.refusals import NotChecked, PollClosed
from pollbot.polls.results.service import PollResults
from pollbot.polls.rows import PollRows
from pollbot.polls.rules import COMMENT, NOTHING, Answer, Poll, Visibility, choose, choose_exactly
from pollbot.polls.sources.rows import SourceRows
from pollbot.polls.sources.service import PollSources
from pollbot.slack.kit import Message
from pollbot.slack.users import People
from pollbot.store.worker import Clock

Rule = Callable[[Poll, Answer], Answer]
"""The poll and an answer so far in, the new answer out."""

_SEEN_FOR = 600.0
_MOST = 10_000
_LOOK = 1.5


class Answers:
    """What a click on an option does. Everything here raises PollbotError with a sentence."""

    def __init__(
        self,
        answer_rows: AnswerRows,
        poll_rows: PollRows,
        source_rows: SourceRows,
        sources: PollSources,
        results: PollResults,
        people: People,
        clock: Clock,
    ) -> None:
        self._answer_rows = answer_rows
        self._poll_rows = poll_rows
        self._source_rows = source_rows
        self._sources = sources
        self._results = results
        self._people = people
        self._clock = clock
        self._needs_jira: LRUCache[str, bool] = LRUCache(_MOST)
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
            lambda poll, mine: choose(poll, mine, option_id, now),
            action_ts,
            switch=True,
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
            lambda poll, mine: choose_exactly(poll, mine, wanted, now),
            action_ts,
        )

    async def comment(
        self, person: Person, poll_id: str, comment: str, *, stamp: str | None
    ) -> Answered:
        """Record the person's comment; an empty one removes it.

        ``stamp`` names the delivery: the same again changes nothing. Raises BadInput for one that
        is too long.
        """
        now = self._clock()
        if len(comment) > COMMENT:
            raise BadInput(
                f"The comment has {len(comment):,} characters; at most {COMMENT} are possible. "
                "Nothing was changed. Shorten it."
            )

        def unchanged(poll: Poll, mine: Answer) -> Answer:
            if not poll.is_open(now):
                raise PollClosed(poll.title)
            if not poll.settings.comments:
                raise BadInput("This poll takes no comments. Nothing was changed.")
            return mine

        return await self._answer(person, poll_id, unchanged, stamp, comment=comment)

    async def mine(self, person: Person, poll_id: str) -> Answered:
        """Return the person's own answer."""
        return await self._answer_rows.mine(person, poll_id)

    async def receipt(self, answered: Answered) -> Message:
        """Return what only the person who answered is told."""
        kept, now = answered.kept, self._clock()
        poll, now_open = kept.poll, kept.poll.is_open(now)
        if not answered.after:
            return (
                blocks.withdrawn(poll)
                if answered.before
                else blocks.no_answer(poll, now_open=now_open)
            )
        for_me = None
        if poll.settings.visibility is Visibility.AFTER_VOTE:
            for_me = await self._results.of(kept, answered=True)
        return blocks.answered(
            poll,
            answered.after,
            for_me,
            answered.comment,
            now_open=now_open,
            edited=answered.edited,
        )

    async def my_answer(self, person: Person, poll_id: str) -> Message:
        """Return a private look at one's own answer."""
        answered = await self.mine(person, poll_id)
        poll = answered.kept.poll
        if poll.deleted:
            raise PollGone
        if not answered.known:
            return blocks.answer_not_known(poll)
        return await self.receipt(replace(answered, before=NOTHING))

    async def too_late(self, person: Person, poll_id: str) -> Message:
        """Return what is said to somebody who wants to answer a closed poll.

        It has the result, as the card may be out of pollbot's reach.
        """
        answered = await self.mine(person, poll_id)
        kept = answered.kept
        if kept.poll.deleted:
            raise PollGone
        mine = answered.after if kept.poll.settings.names else None
        results = await self._results.of(kept)
        return blocks.too_late(
            kept.poll, mine, results, edited=answered.edited, note=self._results.note(kept)
        )

    async def set_needs_jira(self, person: Person, *, needed: bool) -> None:
        """Say whether answers need a connected account that can see the issue. Admins only."""
        await self._people.must_be_admin(person)
        await self._source_rows.set_needs_jira(person.team_id, needed=needed)
        self._needs_jira[person.team_id] = needed

    async def needs_jira(self, team_id: str) -> bool:
        """Return whether answers need a connected account that can see the issue."""
        if team_id not in self._needs_jira:
            self._needs_jira[team_id] = await self._source_rows.needs_jira(team_id)
        return self._needs_jira[team_id]

    async def _answer(
        self,
        person: Person,
        poll_id: str,
        rule: Rule,
        action_ts: str | None,
        *,
        comment: str | None = None,
        switch: bool = False,
    ) -> Answered:
        if await self.needs_jira(person.team_id):
            kept = await self._poll_rows.find(person.team_id, poll_id)
            if kept.kind != "plain":
                await self._must_see(person, kept)
        return await self._answer_rows.answer(
            person,
            poll_id,
            rule,
            self._clock(),
            action_ts=action_ts,
            comment=comment,
            switch=switch,
        )

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
