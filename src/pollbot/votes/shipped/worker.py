"""Looks slowly what became of issues that were voted for, and tells their voters once."""

import logging
from collections.abc import Sequence

from pollbot.accounts.rows import AccountRows
from pollbot.errors import (
    AccountRefused,
    ContentRefused,
    JiraError,
    NotAllowed,
    NotFound,
    SlackError,
)
from pollbot.jira import jql
from pollbot.jira.issues import Issue
from pollbot.jira.refusals import BadJql
from pollbot.jira.sites import Sites
from pollbot.people import Account, Person
from pollbot.slack.client import Posted, Slack
from pollbot.slack.kit import Message, bare
from pollbot.slack.languages import Languages
from pollbot.slack.outbox import Outbox
from pollbot.slack.posting import Posting
from pollbot.store.queue import LONGEST, Again, Done, Held, Later, Next, Parked
from pollbot.store.worker import Claimer, Clock, QueueWorker
from pollbot.votes.shipped import blocks
from pollbot.votes.shipped.rows import ShippedRows, notice_of
from pollbot.votes.shipped.rules import (
    LANDS_WITHIN,
    READ_EVERY,
    READ_TOGETHER,
    Became,
    CastVote,
    VotedIssue,
)

log = logging.getLogger(__name__)

_LOOKED_AT_ONCE = 4
_TOLD_AT_ONCE = 16


class Resolutions(Claimer[VotedIssue]):
    """Looks at issues, those of a site that one voter can see by one search.

    What Jira does not show to that voter, another one looks at next.
    """

    only_looks = True

    def __init__(
        self, account_rows: AccountRows, shipped_rows: ShippedRows, sites: Sites, clock: Clock
    ) -> None:
        super().__init__(shipped_rows.looks, clock, at_once=_LOOKED_AT_ONCE)
        self._account_rows = account_rows
        self._shipped_rows = shipped_rows
        self._sites = sites

    async def tidy(self, now: float) -> None:
        """Forget what nobody waits for any more."""
        await self._shipped_rows.tidy(now)

    def begin(self, held: list[Held[VotedIssue]]) -> None:
        """Look at what was claimed, site by site."""
        of_sites: dict[tuple[str, str], list[Held[VotedIssue]]] = {}
        for one in held:
            of_sites.setdefault((one.work.team_id, one.work.site), []).append(one)
        for ones in of_sites.values():
            self.spawn(self._look_at_all(ones))

    async def _look_at_all(self, held: list[Held[VotedIssue]]) -> None:
        try:
            by_id = {one.work.id: one for one in held}
            readers = await self._shipped_rows.readers([one.work for one in held])
            for reader in sorted(set(readers.values()), key=lambda person: person.user_id):
                mine = [by_id.pop(id_) for id_, person in readers.items() if person == reader]
                then = await self.outcome(self._look_as(reader.user_id, mine))
                for one in mine:
                    await self.put_back(one, then)
            for one in by_id.values():
                # None of its voters has an account that Jira takes.
                await self.put_back(one, Done(self._clock() + LONGEST))
        finally:
            self.let_go(held)

    async def _look_as(self, user_id: str, held: Sequence[Held[VotedIssue]]) -> Next:
        """Look at issues as one of their voters."""
        team_id, site = held[0].work.team_id, held[0].work.site
        reader = Person(team_id, user_id)
        account = await self._account_rows.usable(reader, site)
        keys = {one.work.issue_key: one.work.id for one in held}
        hidden: set[str] = set()
        if account is None:
            hidden = set(keys)
        else:
            for start in range(0, len(held), READ_TOGETHER):
                part = [one.work.issue_key for one in held[start : start + READ_TOGETHER]]
                hidden |= await self._search(team_id, site, part, account)
        if hidden:
            await self._shipped_rows.passed_over([keys[key] for key in hidden], reader)
        return Done(self._clock() + READ_EVERY)

    async def _search(self, team_id: str, site: str, keys: list[str], account: Account) -> set[str]:
        """Keep how these issues are; return those that Jira does not show to this account.

        A search for one that is hidden, not there, or named by an earlier key, is refused as a
        whole; asked for by itself, Jira tells the key of now.
        """
        jira = self._sites.jira(site)
        try:
            if len(keys) == 1:
                only = await jira.issue(keys[0], account)
                issues: tuple[Issue, ...] = (only,)
                keys = [only.key]
            else:
                issues = (await jira.search(jql.any_of(keys), account, len(keys))).issues
        except AccountRefused:
            return set(keys)
        except (BadJql, JiraError):
            if len(keys) == 1:
                return set(keys)
            half = len(keys) // 2
            first = await self._search(team_id, site, keys[:half], account)
            return first | await self._search(team_id, site, keys[half:], account)
        seen = [(issue.key, issue.resolution is not None) for issue in issues]
        await self._shipped_rows.seen(team_id, site, seen, self._clock())
        return set(keys) - {key for key, _ in seen}


class ShippedTeller(QueueWorker[CastVote]):
    """Tells voters that an issue is resolved, each what Jira shows to them and at most once.

    Killed while a word was on its way, it looks for that in Slack before it says it again;
    where the app may not look, the word counts as said.
    """

    def __init__(
        self,
        account_rows: AccountRows,
        shipped_rows: ShippedRows,
        sites: Sites,
        slack: Slack,
        posting: Posting,
        languages: Languages,
        outbox: Outbox,
        clock: Clock,
    ) -> None:
        super().__init__(shipped_rows.work, clock, at_once=_TOLD_AT_ONCE)
        self._account_rows = account_rows
        self._shipped_rows = shipped_rows
        self._sites = sites
        self._slack = slack
        self._posting = posting
        self._languages = languages
        self._outbox = outbox

    async def serve(self, vote: CastVote, attempts: int) -> Next:
        """Tell somebody, if it is still so and they may still see it."""
        in_doubt = await self._shipped_rows.in_doubt_since(vote)
        if in_doubt is not None:
            return await self._look_for(vote, in_doubt)
        # Jira is asked only once it could be said.
        self._posting.wait(vote.person.team_id, vote.person.user_id)
        account = await self._account_rows.usable(vote.person, vote.site)
        if account is None:
            return Later(self._clock() + LONGEST)
        try:
            issue, instead = await self._sites.jira(vote.site).with_duplicated(
                vote.issue_key, account
            )
        except AccountRefused:
            return Later(self._clock() + LONGEST)
        except (NotFound, NotAllowed):
            return await self._over(vote)
        except JiraError as error:
            log.debug("what became of %s cannot be read: %s", vote.issue_key, error)
            return Again()
        if not issue.voted:
            return await self._over(vote)
        if issue.resolution is None:
            await self._shipped_rows.reopened(vote, self._clock())
            return Parked()
        return await self._tell(vote, Became(issue, instead))

    async def _tell(self, vote: CastVote, became: Became) -> Next:
        team_id, user_id = vote.person.team_id, vote.person.user_id
        await self._posting.is_there(team_id)
        async with self._languages.speaking_to(vote.person):
            message = blocks.resolved(vote.site, became)
        with self._posting.slot(team_id, user_id):
            match await self._shipped_rows.claim(vote, self._clock()):
                case "say":
                    await self._outbox.send(notice_of(vote), lambda: self._say(vote, message))
                case "under way":
                    return Again()
                case "over":
                    pass
        return await self._over(vote)

    async def _say(self, vote: CastVote, message: Message) -> Posted:
        team_id, user_id = vote.person.team_id, vote.person.user_id
        try:
            return await self._posting.send(team_id, user_id, message, stamp=vote.id)
        except ContentRefused as error:
            log.error("Slack refused a message's blocks: %s %s", error.code, error.where)
            return await self._posting.send(team_id, user_id, bare(message), stamp=vote.id)

    async def _look_for(self, vote: CastVote, in_doubt: float) -> Next:
        """See whether a word whose answer was lost is there."""
        now = self._clock()
        if 0.0 <= now - in_doubt < LANDS_WITHIN:
            return Later(in_doubt + LANDS_WITHIN)
        try:
            slack = self._slack.of(vote.person.team_id)
            said = await slack.has_told(vote.person.user_id, vote.id)
        except SlackError as error:
            log.info("whether a word arrived cannot be looked up: %s", error.code)
            said = True
        if said:
            return await self._over(vote)
        await self._shipped_rows.not_said(vote)
        return Later(now)

    async def _over(self, vote: CastVote) -> Next:
        await self._shipped_rows.over(vote)
        return Done()
