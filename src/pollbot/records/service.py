"""A closed poll's result, wanted on its issue as a comment of whoever wants it."""

from dataclasses import dataclass

from pollbot.people import Person
from pollbot.polls.kept import Kept
from pollbot.polls.service import Polls
from pollbot.records.refusals import NoIssueToWriteOn, NoResultYet
from pollbot.records.rows import RecordRows
from pollbot.store.worker import Clock


@dataclass(frozen=True, slots=True)
class Wanted:
    """A poll whose result is to be written on its issue, and as whom."""

    kept: Kept
    owner: Person


class Records:
    """What listeners ask for."""

    def __init__(self, record_rows: RecordRows, polls: Polls, clock: Clock) -> None:
        self._record_rows = record_rows
        self._polls = polls
        self._clock = clock

    async def want(self, person: Person, poll_id: str) -> Wanted:
        """Keep that the person wants the result on the issue.

        Somebody who wanted it before stays its owner. Raises BadInput and NotYours.
        """
        kept = await self._polls.find(person, poll_id)
        if kept.kind != "issue":
            raise NoIssueToWriteOn
        if kept.poll.is_open(self._clock()):
            raise NoResultYet
        creator = None if kept.found else kept.poll.created_by
        if person.user_id not in (kept.closed_by, creator):
            await self._polls.must_manage(person, kept)
        record = await self._record_rows.want(person, kept, self._clock())
        return Wanted(kept, record.owner)
