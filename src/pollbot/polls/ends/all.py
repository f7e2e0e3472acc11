"""Closes polls once all who may answer have answered."""

import asyncio
from collections.abc import Collection

from pollbot.people import Person
from pollbot.polls.audience.refusals import AudienceUnread
from pollbot.polls.audience.service import Audiences
from pollbot.polls.ends.all_rows import Waiting, WhenAllRows
from pollbot.polls.kept import Kept
from pollbot.polls.rows import PollRows
from pollbot.slack.users import People
from pollbot.store.queue import Done, Later, Next, Parked
from pollbot.store.worker import Clock, QueueWorker

_AT_ONCE = 4
_LOOK_EVERY = 600.0
"""Seconds after which it is looked at again: somebody may have left, so that nobody is missing."""
_MOST_APPS = 20
"""If more than so many members have not answered, they are not all apps."""


class WhenAll(QueueWorker[Waiting]):
    """Reads who may answer at the moment, and closes the poll if each of them has answered.

    Apps and those who left the workspace are missed by nobody. What Slack does not tell leaves
    the poll open.
    """

    only_looks = True

    def __init__(
        self,
        rows: WhenAllRows,
        poll_rows: PollRows,
        audiences: Audiences,
        people: People,
        clock: Clock,
    ) -> None:
        super().__init__(rows.work, clock, at_once=_AT_ONCE)
        self._rows = rows
        self._poll_rows = poll_rows
        self._audiences = audiences
        self._people = people

    async def serve(self, waiting: Waiting, attempts: int) -> Next:
        """Look at one poll."""
        now = self._clock()
        kept = await self._poll_rows.find(waiting.team_id, waiting.poll_id)
        if not (kept.poll.is_open(now) and kept.poll.settings.closes_when_all):
            await self._rows.forget(waiting)
            return Parked()
        try:
            members = await self._audiences.everybody(kept)
        except AudienceUnread:
            return Later(now + _LOOK_EVERY)
        people = await self._to_wait_for(kept, members)
        if people is None or not await self._poll_rows.close_if_all(kept, people, self._clock()):
            return Later(self._clock() + _LOOK_EVERY)
        return Done()

    async def _to_wait_for(self, kept: Kept, members: Collection[str]) -> list[str] | None:
        """Return the people among the members; None while it is certain that some are missing.

        Slack is asked only of those who have not answered. Of an anonymous poll it is asked of
        all, so that it learns of nobody whether they have.
        """
        missing = await self._poll_rows.not_answered(kept, members)
        if len(missing) > _MOST_APPS:
            return None
        asked = sorted(missing if kept.poll.settings.names else members)
        apps = set[str]()
        for start in range(0, len(asked), _AT_ONCE):
            few = asked[start : start + _AT_ONCE]
            are = await asyncio.gather(
                *(self._people.is_person(Person(kept.team_id, one)) for one in few)
            )
            apps |= {one for one, is_person in zip(few, are, strict=True) if not is_person}
            if kept.poll.settings.names and len(apps) < start + len(few):
                return None
        return [one for one in members if one not in apps]
