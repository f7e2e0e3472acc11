"""Looks at how many votes issues have, and tells once that one of them has enough."""

import asyncio
from collections import defaultdict
from collections.abc import Sequence

from pollbot.accounts.rows import AccountRows
from pollbot.cards.rows import Ballot, Frame, NewCard, card_id
from pollbot.chance import Chance
from pollbot.errors import (
    AccountRefused,
    ChannelClosed,
    ContentRefused,
    InstallBroken,
    NotYours,
    PollbotError,
    SlackError,
    SlackUnavailable,
)
from pollbot.jira.count_rows import CountRows
from pollbot.jira.issues import Issue
from pollbot.jira.refusals import BadJql
from pollbot.jira.sites import Sites
from pollbot.people import Account, Person
from pollbot.rights.refusals import ChannelNotAllowed
from pollbot.rights.rules import Places, Rights
from pollbot.rights.service import Permits
from pollbot.schedules.refusals import OwnerNotConnected, PostNotTaken, PostRefused, QueryRefused
from pollbot.slack.client import Posted
from pollbot.slack.kit import Message, ways_to_show
from pollbot.slack.languages import Languages
from pollbot.slack.outbox import Outbox
from pollbot.slack.posting import Posting
from pollbot.slack.users import People
from pollbot.store.queue import LONGEST, Done, Held, Later, Next
from pollbot.store.worker import Claimer, Clock
from pollbot.thresholds import blocks
from pollbot.thresholds.reading import Readings
from pollbot.thresholds.refusals import ManyAbove, ThresholdUnseen, VotingOff
from pollbot.thresholds.rows import ThresholdRows, notice_of
from pollbot.thresholds.rules import (
    LOOK_EVERY,
    MOST_READ,
    Crossing,
    Threshold,
    What,
    check_rights,
)

_HELD_AT_ONCE = 150
_LOOKED_AT_ONCE = 4
"""Owners as whom a site is asked side by side."""
_TOLD_AT_ONCE = 16
_UNDER_WAY = 5.0
_TRIES = 5
_TIDIED_EVERY = 3600.0


class ThresholdLooks(Claimer[Threshold]):
    """Looks at what thresholds are about, those of one owner on one site together."""

    only_looks = True

    def __init__(
        self,
        account_rows: AccountRows,
        threshold_rows: ThresholdRows,
        count_rows: CountRows,
        readings: Readings,
        sites: Sites,
        permits: Permits,
        clock: Clock,
    ) -> None:
        super().__init__(threshold_rows.looks, clock, at_once=_HELD_AT_ONCE)
        self._account_rows = account_rows
        self._threshold_rows = threshold_rows
        self._count_rows = count_rows
        self._readings = readings
        self._sites = sites
        self._permits = permits
        self._forgot_at = float("-inf")
        self._turns: defaultdict[str, asyncio.Semaphore] = defaultdict(
            lambda: asyncio.Semaphore(_LOOKED_AT_ONCE)
        )

    async def tidy(self, now: float) -> None:
        """Forget what is too old to be of use."""
        await self._threshold_rows.tidy(now)
        if abs(now - self._forgot_at) >= _TIDIED_EVERY:
            self._forgot_at = now
            await self._count_rows.tidy(now)

    def begin(self, held: list[Held[Threshold]]) -> None:
        """Look at what was claimed, owner by owner."""
        of_owners: dict[tuple[Person, str], list[Held[Threshold]]] = {}
        for one in held:
            of_owners.setdefault((one.work.owner, one.work.site), []).append(one)
        for ones in of_owners.values():
            self.spawn(self._look_at_all(ones))

    async def _look_at_all(self, held: list[Held[Threshold]]) -> None:
        try:
            async with self._turns[held[0].work.site]:
                then = await self.outcome(self._look([one.work for one in held]))
            for one in held:
                await self.put_back(one, then)
        finally:
            self.let_go(held)

    async def _look(self, thresholds: Sequence[Threshold]) -> Next:
        """Look as their owner; what will not mend itself pauses them, and their owner is told."""
        owner, began = thresholds[0].owner, self._clock()
        rights = await self._permits.of(owner.team_id)
        thresholds = [one for one in thresholds if await self._may(one, rights)]
        if not thresholds:
            return Done(self._clock() + LOOK_EVERY)
        site = self._sites.current(thresholds[0].site)
        account = await self._account_rows.usable(owner, site)
        refused = account is None
        if account is not None:
            try:
                await self._issues(site, thresholds, account)
                await self._lists(site, thresholds, account, rights.projects)
            except AccountRefused:
                refused = True
                await self._account_rows.refused(owner, site, account.credential, "", self._clock())
        if refused:
            for one in thresholds:
                await self._stop(one, OwnerNotConnected(), needs_jira_since=began)
        return Done(self._clock() + LOOK_EVERY)

    async def _may(self, threshold: Threshold, rights: Rights) -> bool:
        """Return whether admins allow it; else it is paused, and its owner is told."""
        try:
            check_rights(threshold.rule, rights)
        except NotYours as error:
            await self._stop(threshold, error)
            return False
        return True

    async def _issues(self, site: str, thresholds: Sequence[Threshold], account: Account) -> None:
        ones = [one for one in thresholds if one.rule.what is What.ISSUE]
        keys = list(dict.fromkeys(one.rule.subject for one in ones))
        found = await self._readings.of_keys(site, keys, account)
        for one in ones:
            issue = found[one.rule.subject]
            if issue is None:
                await self._stop(one, ThresholdUnseen(one.rule.subject))
            else:
                await self._seen(site, one, [issue], account)

    async def _lists(
        self,
        site: str,
        thresholds: Sequence[Threshold],
        account: Account,
        projects: Sequence[str],
    ) -> None:
        ones = [one for one in thresholds if one.rule.what is What.LIST]
        for subject in dict.fromkeys(one.rule.subject for one in ones):
            same = [one for one in ones if one.rule.subject == subject]
            try:
                found = (await self._readings.of_list(site, subject, account, projects)).issues
            except BadJql as error:
                for one in same:
                    await self._stop(one, QueryRefused(error.said))
                continue
            for one in same:
                if len(found) >= MOST_READ and found[-1].votes >= one.rule.votes:
                    await self._stop(one, ManyAbove(MOST_READ))
                else:
                    await self._seen(site, one, found, account)

    async def _seen(
        self, site: str, threshold: Threshold, issues: Sequence[Issue], account: Account
    ) -> None:
        """Keep how many votes issues have, and those that were above and seem to have fewer."""
        voted = {issue.key: issue.votes for issue in issues}
        seen = [key for key, votes in voted.items() if votes]
        missed = await self._threshold_rows.missed(threshold, seen)
        found = await self._readings.of_keys(site, missed, account)
        fell = {
            key: issue.votes
            for key, issue in found.items()
            if issue is not None and issue.votes < threshold.rule.votes
        }
        for key, votes in fell.items():
            # Where nobody can vote any more, votes that are gone tell nothing.
            if votes == 0 and not await self._readings.takes_votes(site, key, account):
                await self._stop(threshold, VotingOff())
                return
        away = [key for key in found if key not in fell]
        await self._threshold_rows.seen(threshold, voted | fell, self._clock(), away=away)

    async def _stop(
        self, threshold: Threshold, why: PollbotError, *, needs_jira_since: float | None = None
    ) -> None:
        await self._threshold_rows.stop(
            threshold, why, self._clock(), needs_jira_since=needs_jira_since
        )


class CrossingTeller(Claimer[Crossing]):
    """Tells of issues that have so many votes now: what goes to one place in one message.

    Its claim is on disk before Slack is asked, so a crash in between may lose a message, of which
    the owner is told, and never doubles one. What is posted in a channel stays fresh as a card.
    """

    def __init__(
        self,
        account_rows: AccountRows,
        threshold_rows: ThresholdRows,
        readings: Readings,
        sites: Sites,
        posting: Posting,
        languages: Languages,
        people: People,
        permits: Permits,
        outbox: Outbox,
        clock: Clock,
        chance: Chance,
    ) -> None:
        super().__init__(threshold_rows.work, clock, at_once=_TOLD_AT_ONCE)
        self._account_rows = account_rows
        self._threshold_rows = threshold_rows
        self._readings = readings
        self._sites = sites
        self._posting = posting
        self._languages = languages
        self._people = people
        self._permits = permits
        self._outbox = outbox
        self._chance = chance

    def begin(self, held: list[Held[Crossing]]) -> None:
        """Tell what was claimed, place by place."""
        of_places: dict[tuple[Person, str, str], list[Held[Crossing]]] = {}
        for one in held:
            of_places.setdefault(one.work.place, []).append(one)
        for ones in of_places.values():
            self.spawn(self._tell_all(ones))

    async def _tell_all(self, held: list[Held[Crossing]]) -> None:
        try:
            then = await self.outcome(self._tell(held[0].work, held[0].attempts))
            for one in held:
                await self.put_back(one, then)
        finally:
            self.let_go(held)

    async def _tell(self, like: Crossing, attempts: int) -> Next:
        """Tell all that is to be told there, as far as it is so still."""
        owner, place = like.owner, like.channel_id or like.owner.user_id
        # Jira is asked only once it could be said.
        self._posting.wait(owner.team_id, place)
        rights = await self._permits.of(owner.team_id)
        crossings = await self._threshold_rows.pending(like)
        if not rights.has_place(like.channel_id):
            only = rights.places is Places.ONLY
            await self._stop(crossings, ChannelNotAllowed(like.channel_id, only=only))
            return Later(self._clock() + _UNDER_WAY)
        site = self._sites.current(like.site)
        account = await self._account_rows.usable(owner, site)
        if account is None:
            # The next look pauses what it belongs to.
            return Later(self._clock() + LONGEST)
        read_at = self._clock()
        keys = list(dict.fromkeys(one.issue_key for one in crossings))
        try:
            found = await self._readings.of_keys(site, keys, account)
            found = {key: one if rights.allows(key) else None for key, one in found.items()}
        except AccountRefused:
            return Later(self._clock() + LONGEST)
        name = await self._people.name(owner)
        await self._posting.is_there(owner.team_id)
        while crossings := await self._that_stand(crossings, found):
            issues = {one.issue_key: found[one.issue_key] for one in crossings}
            shown = [issue for issue in issues.values() if issue is not None]
            card, message = await self._drawn(site, crossings, shown, name, read_at)
            with self._posting.slot(owner.team_id, place):
                others = await self._threshold_rows.claim(crossings, card, self._clock())
                if not others:
                    await self._send(crossings, place, message, card, attempts)
                    break
            crossings = [one for one in crossings if one.id not in others]
        return Later(self._clock() + _UNDER_WAY)

    async def _that_stand(
        self, crossings: Sequence[Crossing], found: dict[str, Issue | None]
    ) -> list[Crossing]:
        """Return those that are so still; the others are left out."""
        standing, hidden, fewer = [], [], []
        for one in crossings:
            issue = found[one.issue_key]
            if issue is None:
                hidden.append(one)
            elif issue.votes < one.votes:
                fewer.append(one)
            else:
                standing.append(one)
        if hidden:
            await self._threshold_rows.not_so(hidden, fewer=False)
        if fewer:
            await self._threshold_rows.not_so(fewer, fewer=True)
        return standing

    async def _drawn(
        self,
        site: str,
        crossings: Sequence[Crossing],
        issues: Sequence[Issue],
        name: str,
        read_at: float,
    ) -> tuple[NewCard | None, Message]:
        owner, channel = crossings[0].owner, crossings[0].channel_id
        several = len(issues) > 1
        id_ = card_id(self._chance, ballot=several) if channel else ""
        language = (
            self._languages.speaking_in(owner.team_id)
            if channel
            else self._languages.speaking_to(owner)
        )
        async with language:
            frame = Frame(*blocks.around(crossings, name if channel else None))
            message = blocks.reached(id_, site, issues, frame.above, frame.below)
        if not channel:
            return None, message
        if several:
            ballot = Ballot("", len(issues))
            return NewCard(id_, read_at, ballot=ballot, lines=tuple(issues), frame=frame), message
        return NewCard(id_, read_at, issue=issues[0], frame=frame), message

    async def _send(
        self,
        crossings: Sequence[Crossing],
        place: str,
        message: Message,
        card: NewCard | None,
        attempts: int,
    ) -> None:
        """Post what was claimed; what Slack does not take there pauses whose it is."""
        notice, *also = (notice_of(one) for one in crossings)
        rows, team_id = self._threshold_rows, crossings[0].owner.team_id

        async def sent(posted: Posted) -> None:
            where = (posted.channel_id, posted.ts)
            await rows.told(crossings, card, where, self._clock())

        try:
            await self._outbox.send(
                notice,
                lambda: self._posting.send_any(
                    team_id, place, ways_to_show(message, is_pressed=card is not None)
                ),
                sent=sent,
                release=lambda: rows.release(crossings, card),
                also=also,
            )
        except (InstallBroken, SlackUnavailable) as error:
            if isinstance(error, InstallBroken) or not error.perhaps:
                raise
        except ContentRefused as error:
            await self._stop(crossings, PostRefused(error.code))
        except SlackError as error:
            if not isinstance(error, ChannelClosed) and attempts + 1 < _TRIES:
                raise
            await self._stop(crossings, PostNotTaken(error.code))

    async def _stop(self, crossings: Sequence[Crossing], why: PollbotError) -> None:
        for id_ in dict.fromkeys(one.threshold_id for one in crossings):
            threshold = await self._threshold_rows.find(crossings[0].owner.team_id, id_)
            await self._threshold_rows.stop(threshold, why, self._clock())
