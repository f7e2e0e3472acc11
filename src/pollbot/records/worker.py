"""Writes results on issues: one comment for each, as the person who wants it."""

import logging
from typing import Any

from pollbot.accounts.rows import AccountRows
from pollbot.errors import (
    AccountRefused,
    InstallBroken,
    JiraBusy,
    JiraError,
    JiraUnavailable,
    NotAllowed,
    NotFound,
    PollbotError,
    SiteMoved,
    SlackError,
    SlackUnavailable,
    SourceUnavailable,
)
from pollbot.jira.pace import JiraPace
from pollbot.jira.sites import Sites
from pollbot.people import Account, Address
from pollbot.polls.ends import blocks
from pollbot.polls.ends.rows import EndingRows
from pollbot.polls.kept import ALL_ANSWERED, Kept
from pollbot.polls.results.blocks import note_of
from pollbot.polls.results.service import PollResults
from pollbot.polls.rows import PollRows
from pollbot.polls.sources.service import PollSources
from pollbot.records.blocks import Closed
from pollbot.records.blocks import record as written
from pollbot.records.refusals import IssueUnseen, MayNotComment, MayNotEditComment
from pollbot.records.rows import Record, RecordRows
from pollbot.records.sentences import sentence
from pollbot.slack import waits
from pollbot.slack.client import Slack
from pollbot.slack.courier import Courier
from pollbot.slack.kit import Draw, Message
from pollbot.slack.languages import Languages
from pollbot.slack.outbox import Outbox
from pollbot.slack.speaker import Speaker
from pollbot.slack.users import People
from pollbot.slack.waits import Reason
from pollbot.store.outbox import Kind, Notice
from pollbot.store.queue import Again, Done, Later, Next, Parked
from pollbot.store.worker import Clock, QueueWorker
from pollbot.text.recurrence import LATEST

log = logging.getLogger(__name__)

_AT_ONCE = 12
_TRIES_FOR_ALL = 6
"""Tries after which what Slack or a poll's source does not tell is done without."""


class Recorder(QueueWorker[Record]):
    """Takes results to Jira, each as its own person, and tells that person how it went.

    A comment is no vote: written twice it is there twice. So before a write that
    may be a second one, Jira is asked whether the first is there.
    """

    def __init__(
        self,
        account_rows: AccountRows,
        poll_rows: PollRows,
        ending_rows: EndingRows,
        record_rows: RecordRows,
        sites: Sites,
        slack: Slack,
        courier: Courier,
        languages: Languages,
        outbox: Outbox,
        speaker: Speaker,
        sources: PollSources,
        results: PollResults,
        people: People,
        pace: JiraPace,
        clock: Clock,
    ) -> None:
        super().__init__(record_rows.work, clock, at_once=_AT_ONCE)
        self._account_rows = account_rows
        self._poll_rows = poll_rows
        self._ending_rows = ending_rows
        self._record_rows = record_rows
        self._sites = sites
        self._slack = slack
        self._courier = courier
        self._languages = languages
        self._outbox = outbox
        self._speaker = speaker
        self._sources = sources
        self._results = results
        self._people = people
        self._pace = pace

    async def serve(self, record: Record, attempts: int) -> Next:
        """Write a record, or find out why that cannot be."""
        kept = await self._poll_rows.find(record.owner.team_id, record.poll_id)
        kept = await self._sources.synced(kept)
        if kept.poll.deleted or kept.poll.is_open(self._clock()):
            return Parked()
        account = await self._account_rows.find(record.owner, record.site)
        if account is None or account.refused:
            return await self._ask_to_connect(record, kept, refused=account is not None)
        now = self._clock()
        # Jira counts a comment among the writes of its issue, as it does votes.
        if (allowed_at := self._pace.ready_at(record.site, record.issue_key, now)) > now:
            return Later(allowed_at)
        self._pace.begin(record.site, record.issue_key)
        try:
            await self._write_or_explain(record, kept, account, attempts)
        except AccountRefused:
            if await self._account_rows.refused(
                record.owner, record.site, account.credential, "", self._clock()
            ):
                return await self._ask_to_connect(record, kept, refused=True)
        except (JiraUnavailable, SiteMoved, SourceUnavailable) as error:
            if isinstance(error, JiraBusy):
                self._pace.asked_to_wait(
                    record.site, record.issue_key, error.cause, error.retry_after, self._clock()
                )
            log.debug("no result on %s yet: %s", record.issue_key, error)
            if attempts == 0:
                cause = error
                await self._say(
                    record,
                    lambda: blocks.record_waits(
                        kept.poll, kept.site, kept.subject, _in_the_way(cause)
                    ),
                )
            return Again(error.retry_after)
        finally:
            self._pace.end(record.site, record.issue_key, self._clock())
        return Done()

    async def _write_or_explain(
        self, record: Record, kept: Kept, account: Account, attempts: int
    ) -> None:
        """Write and tell. Raises what is not about this comment, such as AccountRefused."""
        try:
            comment_id, anew = await self._write(record, kept, account, attempts)
        except JiraError as error:
            why = await self._why(record, account, error)
            await self._record_rows.refused(record)
            await self._say(
                record,
                lambda: blocks.record_refused(kept.poll, kept.site, kept.subject, sentence(why)),
            )
        else:
            await self._record_rows.written(record, comment_id)
            await self._say(
                record,
                lambda: blocks.recorded(kept.poll, kept.site, kept.subject, comment_id, anew=anew),
            )

    async def _write(
        self, record: Record, kept: Kept, account: Account, attempts: int
    ) -> tuple[str, bool]:
        """Return the comment's id, and whether it was there before."""
        key, body = record.issue_key, await self._body(record, kept, attempts)
        known = record.comment_id or await self._perhaps_written(record, account)
        if known is not None:
            try:
                await self._sites.jira(record.site).edit_comment(key, known, body, account)
            except NotFound:
                # A hidden issue gets the same answer as a deleted comment.
                await self._sites.jira(record.site).issue(key, account)
                self._pace.start(record.site, key, self._clock())
            else:
                return known, True
        await self._record_rows.trying(record)
        try:
            return await self._sites.jira(record.site).add_comment(key, body, account), False
        except JiraError:
            await self._record_rows.absent(record)
            raise

    async def _perhaps_written(self, record: Record, account: Account) -> str | None:
        """Return the comment of a write whose answer was lost, or of a database that was older."""
        if not record.tried and self._clock() - record.closed_at <= LATEST:
            return None
        jira = self._sites.jira(record.site)
        return await jira.find_comment(record.issue_key, _marker(record), account)

    async def _body(self, record: Record, kept: Kept, attempts: int) -> dict[str, Any]:
        """Return the comment. Raises SourceUnavailable while it cannot be made in full."""
        if not self._results.read_now(kept) and attempts < _TRIES_FOR_ALL:
            raise SourceUnavailable("the poll was not read in its source")
        by = None if kept.closed_by is None else ""
        if kept.closed_by == ALL_ANSWERED:
            by = ALL_ANSWERED
        elif kept.closed_by and kept.poll.settings.names:
            called = await self._people.called(kept.team_id, [kept.closed_by])
            by = called.get(kept.closed_by, "")
        shown, link = await self._results.of(kept), await self._link(record, attempts)
        async with self._languages.speaking_in(kept.team_id):
            return written(
                kept.poll,
                shown,
                Closed(record.closed_at, by),
                link=link,
                marker=_marker(record),
                # Jira shows no emoji by Slack's names.
                note=note_of(self._results.doubt(kept)).removeprefix(":warning: "),
            )

    async def _link(self, record: Record, attempts: int) -> str | None:
        now = self._clock()
        for card in await self._ending_rows.cards(record.poll_id, now, now):
            if card.message_ts is None:
                continue
            try:
                slack = self._slack.of(record.owner.team_id)
                return await slack.permalink(card.channel_id, card.message_ts) or None
            except (SlackError, InstallBroken) as error:
                log.info("a card has no address: %s", error.code)
            except SlackUnavailable:
                if attempts < _TRIES_FOR_ALL:
                    raise
        return None

    async def _why(self, record: Record, account: Account, error: JiraError) -> PollbotError:
        """Return why Jira refused: its own words are in the language of the account."""
        key = record.issue_key
        try:
            may = await self._sites.jira(record.site).may(key, "ADD_COMMENTS", account)
        except (NotAllowed, NotFound):
            return IssueUnseen(key)
        except JiraError:
            return error
        if not may:
            return MayNotComment(key)
        if isinstance(error, NotAllowed) and record.comment_id is not None:
            return MayNotEditComment()
        return error

    async def _ask_to_connect(self, record: Record, kept: Kept, *, refused: bool) -> Next:
        def draw() -> Message:
            return blocks.record_needs_account(kept.poll, kept.site, kept.subject, refused=refused)

        word = Notice(Kind.RECORD, record.poll_id, record.closed_at)
        over = await self._outbox.say(word, record.owner.team_id, lambda: self._tell(record, draw))
        if not over:
            return Again()
        await self._record_rows.unconnected(record, self._clock())
        return Done()

    async def _say(self, record: Record, draw: Draw) -> None:
        """Say how it stands, in place of what was to be said of it before."""
        await self._speaker.say(lambda: self._tell(record, draw), about=("record", record.poll_id))

    async def _tell(self, record: Record, draw: Draw) -> None:
        async with self._languages.speaking_to(record.owner):
            message = draw()
        await self._courier.tell(record.owner, Address(""), message)


def _in_the_way(error: JiraUnavailable | SiteMoved | SourceUnavailable) -> Reason:
    match error:
        case JiraBusy():
            return waits.JIRA_BUSY
        case JiraUnavailable():
            return waits.JIRA_AWAY
        case SiteMoved():
            return waits.site_moved(error.host)
        case SourceUnavailable():
            return waits.SOURCE_AWAY


def _marker(record: Record) -> str:
    return f"poll {record.poll_id}"
