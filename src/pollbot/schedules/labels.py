"""What a schedule posts, in a few words for lists and receipts."""

from pollbot.errors import PollGone
from pollbot.jira.issues import issue_url
from pollbot.jira.sites import Sites
from pollbot.people import Person
from pollbot.polls.rows import PollRows
from pollbot.schedules.blocks import DELETED_POLL, Row, label_of
from pollbot.schedules.rules import Schedule, What
from pollbot.slack.kit import escape, link
from pollbot.text.catalog import say_marked


class ScheduleLabels:
    """Names what is scheduled, as far as the store knows it."""

    def __init__(self, poll_rows: PollRows, sites: Sites) -> None:
        self._poll_rows = poll_rows
        self._sites = sites

    async def row(self, schedule: Schedule) -> Row:
        """Return the schedule as it stands in a list."""
        plan, title, to = schedule.plan, "", ""
        if plan.what is What.POLL:
            title = await self.title(schedule.owner, plan.subject)
        if plan.what is What.ISSUE:
            to = link(
                issue_url(self._sites.current(schedule.site), plan.subject), escape(plan.subject)
            )
        return Row(schedule, label_of(plan, title, to))

    async def title(self, person: Person, poll_id: str) -> str:
        """Return a poll's question."""
        try:
            return (await self._poll_rows.find(person.team_id, poll_id)).poll.title
        except PollGone:
            return say_marked(DELETED_POLL)

    async def plain(self, schedule: Schedule) -> str:
        """Return what is named in the form that edits the schedule."""
        plan = schedule.plan
        if plan.what is What.POLL:
            return await self.title(schedule.owner, plan.subject)
        return plan.ask.draft.title if plan.ask is not None else plan.subject
