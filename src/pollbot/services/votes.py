"""Votes: what people ask for becomes an intent; a worker takes the intents to Jira."""

import asyncio
import logging
from dataclasses import dataclass

from pollbot.blocks import votes as blocks
from pollbot.blocks.kit import Message
from pollbot.clients.jira import Jira
from pollbot.domain.issues import find_issue
from pollbot.domain.pace import Pace
from pollbot.domain.people import Account, Address, Person, Pressed
from pollbot.domain.votes import KEPT_FOR, Outcome, Refusal, Wish, why_refused
from pollbot.errors import (
    AccountRefused,
    BadInput,
    InstallBroken,
    JiraBusy,
    JiraError,
    JiraUnavailable,
    NoIssue,
    NotAllowed,
    NotFound,
    SiteMoved,
    SlackUnavailable,
    StaleButton,
)
from pollbot.services.courier import Courier
from pollbot.services.outbox import Outbox
from pollbot.services.worker import Clock, QueueWorker, pause_after
from pollbot.storage.outbox import Kind, Subject
from pollbot.storage.queue import Again, Done, Later, Next
from pollbot.storage.store import Store
from pollbot.storage.votes import Intent

log = logging.getLogger(__name__)

_AT_ONCE = 24
_RECEIPT_TRIES = 8
_EXPIRED = Outcome(None, Refusal.EXPIRED)
_BUSY = 2.0
"""Seconds for which a 429 without Retry-After holds back what shares its limit."""
# developer.atlassian.com, "Rate limiting": writes per issue, and calls per site and endpoint.
_PER_ISSUE = ((20, 2.0), (100, 30.0))
_PER_SITE = ((50, 1.0),)
_OF_ONE_ISSUE = "jira-per-issue-on-write"


@dataclass(frozen=True, slots=True)
class Named:
    """How somebody named an issue: the text of a command, in a channel that may have a link."""

    command: str
    text: str
    person: Person
    channel_id: str


class Votes:
    """What a command or a click about votes does before Slack is answered."""

    def __init__(self, store: Store, site: str, clock: Clock) -> None:
        self._store = store
        self._site = site
        self._clock = clock

    async def ask(self, named: Named, wish: Wish, address: Address) -> None:
        """Keep the wish for the issue that was named. Raises BadInput."""
        key = await self._issue(named)
        await self._store.intents.ask(named.person, self._site, key, wish, address, self._clock())

    async def press(
        self,
        person: Person,
        issue_key: str,
        wish: Wish,
        address: Address,
        action_ts: str | None,
        pressed: Pressed | None,
    ) -> None:
        """Keep the wish of a click. The same click twice changes nothing."""
        try:
            key = find_issue(issue_key, self._site)
        except BadInput as error:
            raise StaleButton from error
        if key is None:
            raise StaleButton
        await self._store.intents.ask(
            person,
            self._site,
            key,
            wish,
            address,
            self._clock(),
            action_ts=action_ts,
            pressed=pressed,
        )

    async def show(self, named: Named, response_url: str | None, stamp: str | None) -> None:
        """Keep that the issue's card is wanted in the channel. Raises BadInput."""
        key = await self._issue(named)
        await self._store.cards.want(
            named.person, named.channel_id, self._site, key, response_url, stamp, self._clock()
        )

    async def _issue(self, named: Named) -> str:
        key = find_issue(named.text, self._site)
        if key is None:
            key = await self._store.accounts.linked(
                named.person.team_id, named.channel_id, self._site
            )
        if key is None:
            raise NoIssue(named.command)
        return key


class VoteWorker(QueueWorker[Intent]):
    """Takes intents to Jira, each as its own person, and tells that person the outcome.

    One person's wishes on one issue go one after the other; different ones go
    side by side, as fast as Jira allows. POST and DELETE of a vote are
    idempotent, so an intent that was cut off is simply done again.
    """

    def __init__(
        self,
        store: Store,
        jira: Jira,
        courier: Courier,
        outbox: Outbox,
        clock: Clock,
        *,
        patience: float = 3.0,
    ) -> None:
        super().__init__(store.intents.work, clock, at_once=_AT_ONCE)
        self._store = store
        self._jira = jira
        self._courier = courier
        self._outbox = outbox
        self._patience = patience
        self._issues: dict[tuple[str, str], Pace] = {}
        self._site = Pace(*_PER_SITE)
        self._jira_away = False

    async def tidy(self, now: float) -> None:
        """Tell those whose wish has expired; forget paces that hold nobody back."""
        for intent in await self._store.intents.unconnected_too_long(now):
            try:
                await self._courier.tell(intent.person, intent.address, _in_words(intent, _EXPIRED))
            except (SlackUnavailable, InstallBroken) as error:
                log.warning(
                    "%s was not told that a vote has expired: %s", intent.person.user_id, error
                )
        self._issues = {
            issue: pace for issue, pace in self._issues.items() if not pace.idle_at(now)
        }

    def held_back(self, now: float) -> tuple[str, float | None]:
        """Leave wishes alone while Jira lets nothing in: who is to be told something is told."""
        allowed_at = self._site.ready_at(now)
        return ("state <> 'queued'", allowed_at) if allowed_at > now else ("1 = 1", None)

    async def serve(self, intent: Intent, attempts: int) -> Next:
        """Take a wish one step further."""
        if intent.outcome is not None:
            if await self._is_ours(_receipt(intent), intent):
                return await self._tell_outcome(intent, intent.outcome, attempts)
            if await self._store.outbox.is_under_way(_receipt(intent)):
                return Again()
            log.error(
                "%s was perhaps not told about %s: two answers of Slack were lost",
                intent.person.user_id,
                intent.issue_key,
            )
            await self._store.intents.forget(intent.id)
            return Done()
        account = await self._store.accounts.find(intent.person, intent.site)
        if account is None or account.refused:
            return await self._ask_to_connect(intent, account, attempts)
        now = self._clock()
        if now - intent.asked_at >= KEPT_FOR:
            return await self._settle(intent, _EXPIRED, now)
        allowed_at = max(self._site.ready_at(now), self._pace(intent).ready_at(now))
        if allowed_at > now:
            return Later(allowed_at)
        self._site.start(now)
        self._pace(intent).start(now)
        return await self._try(intent, account, attempts)

    async def _try(self, intent: Intent, account: Account, attempts: int) -> Next:
        try:
            outcome, read_at = await self._patiently(intent, account, attempts)
        except AccountRefused:
            await self._store.accounts.refused(
                intent.person, intent.site, account.credential, intent.id, self._clock()
            )
            # With whatever account is there now; the refused one asks to connect.
            return Done()
        except JiraUnavailable as error:
            return await self._wait_for_jira(intent, error)
        except SiteMoved as error:
            said = blocks.queued_elsewhere(intent.site, intent.issue_key, intent.wish, error.host)
            await self._say_queued(intent, said)
            return Again(error.retry_after)
        then = await self._settle(intent, outcome, read_at)
        if self._jira_away:
            self._jira_away = False
            await self._store.intents.hurry(intent.site, self._clock())
        return then

    async def _patiently(
        self, intent: Intent, account: Account, attempts: int
    ) -> tuple[Outcome, float]:
        """Carry the intent out; if Jira takes long over it, say meanwhile that it is kept."""
        carrying = asyncio.create_task(self._carry_out(intent, account, attempts))
        try:
            done, _ = await asyncio.wait({carrying}, timeout=self._patience)
            if not done:
                await self._say_queued(intent, _queued(intent))
            return await carrying
        finally:
            carrying.cancel()

    async def _carry_out(
        self, intent: Intent, account: Account, attempts: int
    ) -> tuple[Outcome, float]:
        key, wish = intent.issue_key, intent.wish
        try:
            if wish is Wish.VOTE:
                await self._jira.vote(key, account)
            else:
                read_at = self._clock()
                before = await self._jira.issue(key, account)
                # An earlier try may have reached Jira though its answer was lost.
                if not before.voted and attempts == 0:
                    return Outcome(before, Refusal.NOT_VOTED), read_at
                if before.voted:
                    await self._jira.withdraw(key, account)
        except JiraError as error:
            return await self._explained(intent, account, error)
        read_at = self._clock()
        try:
            return Outcome(await self._jira.issue(key, account, known=True)), read_at
        except (AccountRefused, JiraError, JiraUnavailable, SiteMoved):
            # The vote is done; only its count is not known.
            return Outcome(None), read_at

    async def _explained(
        self, intent: Intent, account: Account, error: JiraError
    ) -> tuple[Outcome, float]:
        """Return why Jira refused, from the issue's own fields: its sentences are localized."""
        read_at = self._clock()
        try:
            issue = await self._jira.issue(intent.issue_key, account)
            voting_on = await self._jira.voting_is_on(intent.issue_key, account)
        except NotFound:
            return Outcome(None, Refusal.NOT_FOUND), read_at
        except NotAllowed:
            return Outcome(None, Refusal.NOT_ALLOWED), read_at
        except JiraError:
            return Outcome(None, Refusal.UNEXPLAINED), read_at
        refusal = why_refused(issue, intent.wish, account.account_id, voting_on=voting_on)
        if refusal is Refusal.UNEXPLAINED and isinstance(error, NotAllowed):
            refusal = Refusal.NOT_ALLOWED
        return Outcome(issue, refusal), read_at

    async def _wait_for_jira(self, intent: Intent, error: JiraUnavailable) -> Next:
        log.warning("Jira took no vote on %s (%s)", intent.issue_key, error.why)
        if isinstance(error, JiraBusy):
            one_issue = error.cause == _OF_ONE_ISSUE
            pace = self._pace(intent) if one_issue else self._site
            pace.pause_until(self._clock() + max(error.retry_after, _BUSY))
        else:
            self._jira_away = True
        await self._say_queued(intent, _queued(intent, busy=isinstance(error, JiraBusy)))
        return Again(error.retry_after)

    async def _settle(self, intent: Intent, outcome: Outcome, read_at: float) -> Next:
        if await self._store.intents.settle(intent, outcome, read_at, self._clock()):
            return await self._tell_outcome(intent, outcome, 0)
        return Done()

    async def _tell_outcome(self, intent: Intent, outcome: Outcome, attempts: int) -> Next:
        then = await self._tell(intent, _in_words(intent, outcome), _receipt(intent), attempts)
        if isinstance(then, Done):
            await self._store.intents.forget(intent.id)
        return then

    async def _ask_to_connect(self, intent: Intent, account: Account | None, attempts: int) -> Next:
        if intent.state == "queued":
            await self._store.intents.unconnected(intent.id)
            attempts = 0  # those were Jira's
        say = blocks.connect_first if account is None else blocks.connect_again
        message = say(intent.site, intent.issue_key, intent.wish)
        then: Next = Done()
        word = _receipt(intent, "connect")
        if await self._is_ours(word, intent):
            then = await self._tell(intent, message, word, attempts)
        elif await self._store.outbox.is_under_way(word):
            then = Again()
        if isinstance(then, Done):
            await self._store.intents.told(intent.id)
        return then

    async def _say_queued(self, intent: Intent, message: Message) -> None:
        if intent.told or not await self._store.intents.told(intent.id):
            return
        try:
            await self._courier.tell(intent.person, intent.address, message)
        except (SlackUnavailable, InstallBroken) as error:
            log.warning("a person could not be told that a vote is queued: %s", error)

    async def _is_ours(self, subject: Subject, intent: Intent) -> bool:
        return await self._store.outbox.claim(subject, intent.person.team_id, self._clock())

    async def _tell(
        self, intent: Intent, message: Message, claimed: Subject, attempts: int
    ) -> Next:
        """Tell the person; Done once that is over: said, or tried so often that it is given up."""
        try:
            await self._outbox.send(
                claimed, lambda: self._courier.tell(intent.person, intent.address, message)
            )
        except SlackUnavailable as error:
            if attempts + 1 < _RECEIPT_TRIES:
                return Again(pause_after(error), first=attempts == 0)
            log.error(
                "%s was not told about %s: Slack stayed away (%s)",
                intent.person.user_id,
                intent.issue_key,
                error.why,
            )
        return Done()

    def _pace(self, intent: Intent) -> Pace:
        return self._issues.setdefault((intent.site, intent.issue_key), Pace(*_PER_ISSUE))


def _queued(intent: Intent, *, busy: bool = False) -> Message:
    return blocks.queued(intent.site, intent.issue_key, intent.wish, busy=busy)


def _receipt(intent: Intent, word: str = "") -> Subject:
    return Subject(Kind.RECEIPT, intent.id, reader=word)


def _in_words(intent: Intent, outcome: Outcome) -> Message:
    return blocks.receipt(intent.site, intent.issue_key, intent.wish, outcome)
