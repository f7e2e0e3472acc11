"""Thresholds as people make, see and manage them."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

from pollbot.accounts.rows import AccountRows
from pollbot.errors import (
    AccountRefused,
    BadField,
    BadInput,
    ChannelClosed,
    NotConnected,
    NotFound,
)
from pollbot.jira.count_rows import CountRows, day_of
from pollbot.jira.refusals import BadJql
from pollbot.jira.sites import Sites
from pollbot.people import Account, Person
from pollbot.rights.refusals import ChannelNotAllowed, ProjectNotAllowed
from pollbot.rights.service import Permits
from pollbot.schedules.refusals import ChannelNotOpen, QueryRefused
from pollbot.slack.channels import Channels
from pollbot.slack.client import Slack
from pollbot.slack.owned import Listed, OwnedLists
from pollbot.slack.users import People
from pollbot.store.worker import Clock
from pollbot.thresholds.form_state import (
    CHANNEL_FIELD,
    SUBJECT_FIELD,
    VOTES_FIELD,
    ThresholdForm,
    form_of,
)
from pollbot.thresholds.reading import Readings
from pollbot.thresholds.refusals import (
    ChannelUnseen,
    MakersOnly,
    ManagersOnly,
    ManyAbove,
    VotingOff,
)
from pollbot.thresholds.rows import ThresholdRows
from pollbot.thresholds.rules import (
    DAYS,
    MOST_READ,
    Preview,
    Rule,
    Threshold,
    What,
    check_rights,
    previewed,
)

_SCOPES = ("channels:read", "groups:read")
"""What pollbot needs to know whose channel it is."""


class Thresholds:
    """What listeners ask for. Everything here raises PollbotError."""

    def __init__(
        self,
        account_rows: AccountRows,
        threshold_rows: ThresholdRows,
        count_rows: CountRows,
        readings: Readings,
        sites: Sites,
        slack: Slack,
        people: People,
        permits: Permits,
        channels: Channels,
        clock: Clock,
    ) -> None:
        self._account_rows = account_rows
        self._threshold_rows = threshold_rows
        self._count_rows = count_rows
        self._readings = readings
        self._sites = sites
        self._slack = slack
        self._lists = OwnedLists(threshold_rows, people, ManagersOnly)
        self._permits = permits
        self._channels = channels
        self._clock = clock

    @property
    def sites(self) -> tuple[str, ...]:
        """The Jira sites, the default one first."""
        return self._sites.all

    def site(self, site: str) -> str:
        """Return the site that is meant; the default one for an empty one."""
        return self._sites.current(site)

    def new_form(self, subject: str, site: str = "", *, votes: str = "") -> ThresholdForm:
        """Return the form of a new threshold on an issue, or with a subject as it was typed."""
        return ThresholdForm(subject=subject, votes=votes, site=site)

    async def edit_form(self, person: Person, threshold_id: str) -> ThresholdForm:
        """Return the form that changes one. Raises ThresholdGone and MakersOnly."""
        return form_of(await self._own(person, threshold_id))

    async def preview(self, person: Person, rule: Rule, site: str) -> tuple[Rule, Preview]:
        """Return what the rule would have done, and the rule as Jira calls what it looks at.

        Raises BadField for what Jira does not take, or does not show to the person.
        """
        site = self._sites.current(site)
        account = await self._account_rows.usable(person, site)
        if account is None:
            raise NotConnected(self._sites.other(site))
        rights = await self._permits.of(person.team_id)
        with _at_their_fields():
            check_rights(rule, rights)
        try:
            votes = await self._votes(rule, site, account, rights.projects)
        except AccountRefused:
            await self._account_rows.refused(person, site, account.credential, "", self._clock())
            raise
        if rule.what is What.ISSUE:
            rule = replace(rule, subject=next(iter(votes)))
        today = day_of(self._clock())
        counts = await self._count_rows.since(site, votes, today - DAYS)
        return rule, previewed(votes, counts, rule.votes, today)

    async def _votes(
        self, rule: Rule, site: str, account: Account, projects: Sequence[str]
    ) -> dict[str, int]:
        if rule.what is What.ISSUE:
            issue = (await self._readings.of_keys(site, [rule.subject], account))[rule.subject]
            if issue is None:
                raise BadField(SUBJECT_FIELD, NotFound(404))
            if not issue.votes and not await self._readings.takes_votes(site, issue.key, account):
                raise BadField(SUBJECT_FIELD, VotingOff())
            return {issue.key: issue.votes}
        try:
            found = (await self._readings.of_list(site, rule.subject, account, projects)).issues
        except BadJql as error:
            raise BadField(SUBJECT_FIELD, QueryRefused(error.said)) from error
        if len(found) >= MOST_READ and found[-1].votes >= rule.votes:
            raise BadField(VOTES_FIELD, ManyAbove(MOST_READ))
        return {issue.key: issue.votes for issue in found}

    async def save(
        self, person: Person, rule: Rule, site: str, stamp: str, threshold_id: str = ""
    ) -> Threshold:
        """Keep a new threshold, or another rule for one; the same delivery changes nothing."""
        before = await self._own(person, threshold_id) if threshold_id else None
        await self._check_channel(person, rule.channel_id)
        with _at_their_fields():
            if before is not None:
                return await self._threshold_rows.change(before, rule, self._clock())
            site = self._sites.current(site)
            return await self._threshold_rows.add(person, site, rule, stamp, self._clock())

    async def listed(self, person: Person, channel_id: str, page: int = 0) -> Listed[Threshold]:
        """Return a page of the person's thresholds; for an admin of those of everybody.

        After them comes what others have told in the channel, to look at only.
        """
        return await self._lists.listed(person, channel_id, page)

    async def pause(self, person: Person, threshold_id: str) -> Threshold:
        """Tell nothing until it is resumed."""
        await self._lists.managed(person, threshold_id)
        return await self._threshold_rows.pause(person, threshold_id, self._clock())

    async def resume(self, person: Person, threshold_id: str) -> Threshold:
        """Go on."""
        await self._lists.managed(person, threshold_id)
        return await self._threshold_rows.resume(person, threshold_id, self._clock())

    async def delete(self, person: Person, threshold_id: str) -> Threshold:
        """Forget the threshold; what it told stays."""
        threshold = await self._lists.managed(person, threshold_id)
        await self._threshold_rows.delete(person, threshold, self._clock())
        return threshold

    async def _own(self, person: Person, threshold_id: str) -> Threshold:
        threshold = await self._threshold_rows.find(person.team_id, threshold_id)
        if threshold.owner != person:
            raise MakersOnly
        return threshold

    async def _check_channel(self, person: Person, channel_id: str) -> None:
        """Raise BadField unless pollbot can post there, and the person can look into it."""
        if not channel_id:
            return
        try:
            await self._slack.of(person.team_id).see_channel(channel_id)
        except ChannelClosed as error:
            raise BadField(CHANNEL_FIELD, ChannelNotOpen(error.code)) from error
        if self._slack.lacks(person.team_id, _SCOPES):
            return
        if channel_id not in await self._channels.seen_by(person, [channel_id]):
            raise BadField(CHANNEL_FIELD, ChannelUnseen())


@contextmanager
def _at_their_fields() -> Iterator[None]:
    """Say what is refused of a rule at the field that it is about."""
    try:
        yield
    except ChannelNotAllowed as error:
        raise BadField(CHANNEL_FIELD, error) from error
    except (BadInput, ProjectNotAllowed) as error:
        raise BadField(SUBJECT_FIELD, error) from error
