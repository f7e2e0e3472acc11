"""Takes votes to Jira, each as its own person, and tells that person what became of it."""

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial

from cachetools import TTLCache

from pollbot.accounts.rows import AccountRows
from pollbot.errors import (
    AccountRefused,
    InstallBroken,
    JiraError,
    JiraUnavailable,
    NotAllowed,
    NotFound,
    SiteMoved,
    SlackUnavailable,
)
from pollbot.jira.issues import Issue, IssueAt
from pollbot.jira.pace import JiraPace
from pollbot.jira.readings import Readings
from pollbot.jira.rules import Wish
from pollbot.jira.sites import Sites
from pollbot.jira.try_rows import TryRows
from pollbot.people import Account, Person
from pollbot.slack.client import Posted
from pollbot.slack.courier import Courier
from pollbot.slack.kit import Draw, Message, together
from pollbot.slack.languages import Languages
from pollbot.slack.outbox import Outbox
from pollbot.slack.runs import BETWEEN, Runs
from pollbot.slack.turns import Turns
from pollbot.store.outbox import OutboxRows
from pollbot.store.queue import Again, Done, Later, Next
from pollbot.store.worker import Clock, pause_after
from pollbot.votes import blocks
from pollbot.votes.asked_worker import AskedWorker, Replaced
from pollbot.votes.rows import ELSEWHERE, Intent, IntentRows, Words, receipt_of
from pollbot.votes.rules import EXPIRED, Outcome, Refusal, why_refused

log = logging.getLogger(__name__)

_AT_ONCE = 64
_IN_A_RUSH = 4
"""Wishes that are begun in one turn while many wait for an answer, which Slack gives 3 s."""
_CONNECT = "connect"
_RECEIPT_TRIES = 2880
"""Tries of a word that Slack does not take: one in half a minute, for about a day."""
_AT_MOST = 10_000
_LOOKED_FOR = 2.0
_SAID_SOON = 1.0
"""Seconds after which it is looked whether a word on its way has arrived."""
_LOOKS = 3
"""How often in a minute a wish waits for what Jira says of others, which is away for those."""


Place = tuple[Person, str]
"""Who is told something, and in which channel: what goes there goes together."""
DrawAll = Callable[[Sequence[Intent]], Message]
"""Draws how it stands with some wishes of one person on one site."""
Say = Callable[[], Awaitable[None]]
"""Tells a person what became of their wishes."""
Redraw = Callable[[Person], Awaitable[None]]
"""Draws anew what somebody sees of their own votes; what fails there, fails there."""


Beside = Callable[[Person, IssueAt, Issue | None], Awaitable[bool]]
"""Shows somebody what became of their click beside the link where they clicked; says if it did."""


async def opened_nowhere(_person: Person, _issue: IssueAt, _seen: Issue | None) -> bool:
    """Return that no pane is open."""
    return False


async def shown_nowhere(_: Person) -> None:
    """Draw nothing."""


@dataclass(frozen=True, slots=True)
class _Done:
    """What Jira said; ``again_at`` is when to look whether it still stands, None if it does."""

    outcome: Outcome
    read_at: float
    again_at: float | None = None


class VoteWorker(AskedWorker[Intent]):
    """Takes intents to Jira, each as its own person, and tells that person the outcome.

    One person's wishes on one issue go one after the other; different ones go
    side by side, as fast as Jira allows. What is not final yet is done again until it is, and
    only then called done. Who has something under way for several keys may mean one issue,
    which moved: Jira is asked first which issues they are.
    """

    def __init__(
        self,
        account_rows: AccountRows,
        intent_rows: IntentRows,
        try_rows: TryRows,
        outbox_rows: OutboxRows,
        sites: Sites,
        courier: Courier,
        languages: Languages,
        outbox: Outbox,
        pace: JiraPace,
        clock: Clock,
        *,
        redraw: Redraw = shown_nowhere,
        beside: Beside = opened_nowhere,
        turns: Turns | None = None,
        patience: float = 3.0,
    ) -> None:
        """``redraw`` is told whose click was done that is seen where it was made.

        ``beside`` is asked whether a click was made in a pane that shows what became of it.
        ``turns`` tells whether many wait for their answer.
        """
        super().__init__(
            intent_rows.work,
            "intents",
            ELSEWHERE,
            account_rows,
            try_rows,
            sites,
            pace,
            clock,
            at_once=_AT_ONCE,
        )
        self._intent_rows = intent_rows
        self._outbox_rows = outbox_rows
        self._courier = courier
        self._languages = languages
        self._outbox = outbox
        self._redraw = redraw
        self._beside = beside
        self._turns = turns or Turns()
        self._patience = patience
        self._readings = Readings(sites, clock)
        self._runs = Runs()
        self._unsaid: dict[Place, dict[str, tuple[Intent, DrawAll]]] = {}
        self._saying: Counter[str] = Counter()
        """The wishes of which something is on its way to their person."""
        self._alone_at: TTLCache[str, float] = TTLCache(_AT_MOST, 60.0, timer=clock)
        """When a wish is told of without those of which the same message told that they wait."""
        self._not_seen: Counter[str] = Counter()
        self._recalled = False
        self._away: set[str] = set()
        """The sites that did not answer when they were asked last."""

    def start(self) -> None:
        """Begin to work; what it knew when it led before may be old."""
        self._pace.forget()
        self._recalled = False
        self._unsaid.clear()
        self._saying.clear()
        super().start()

    def room(self) -> int:
        """Return how many more may be begun: few, where many wait to be answered."""
        room = super().room()
        return min(room, _IN_A_RUSH) if self._turns.in_a_rush else room

    async def tidy(self, now: float) -> None:
        """Let wishes expire; count at the start what an earlier run wrote."""
        self._not_seen.clear()
        if not self._recalled:
            self._pace.recall(await self._try_rows.lately(now))
            self._recalled = True
        await self._try_rows.forget_old(now)
        await self._intent_rows.tidy(now)

    async def serve(self, intent: Intent, attempts: int) -> Next:
        """Take a wish one step further."""
        if not intent.address.replaces:
            self._runs.clicked(_place(intent), intent.asked_at, self._clock())
        if intent.outcome is not None:
            if _sees_it(intent, intent.outcome):
                await self._redraw(intent.person)
                await self._intent_rows.forget(intent.id)
                return Done()
            if await self._is_shown(intent, intent.outcome):
                await self._intent_rows.forget(intent.id)
                return Done()
            return await self._tell_outcome(intent, attempts)
        return await self.take(intent, attempts)

    async def expire(self, intent: Intent) -> Next:
        """Give it up; its person hears that."""
        return await self._settle(intent, EXPIRED, self._clock())

    async def carry_out(self, intent: Intent, account: Account) -> Next:
        """Have Jira do it, until it is final."""
        try:
            done = await self._patiently(intent, account)
        except AccountRefused:
            await self.refused(intent, account, intent.id)
            # With whatever account is there now; the refused one asks to connect.
            return Done()
        except Replaced:
            return Done()
        except JiraUnavailable as error:
            return await self._wait_for_jira(intent, error)
        except SiteMoved as error:
            moved_to, pause = error.host, error.retry_after
            await self._say_meanwhile(
                intent,
                lambda ones: together(
                    [
                        blocks.queued_elsewhere(one.site, one.issue_key, one.wish, moved_to)
                        for one in ones
                    ]
                ),
            )
            return Again(pause)
        if intent.site in self._away:
            self._away.remove(intent.site)
            await self._intent_rows.hurry(intent.site, self._clock())
        if done.again_at is None:
            return await self._settle(intent, done.outcome, done.read_at)
        await self._intent_rows.taken(intent, done.outcome, done.read_at)
        await self._say_meanwhile(intent, _not_final)
        return Later(done.again_at)

    async def _patiently(self, intent: Intent, account: Account) -> _Done:
        """Carry the intent out; if Jira takes long over it, say meanwhile that it is kept."""
        carrying = asyncio.create_task(self._done_by(intent, account))
        try:
            done, _ = await asyncio.wait({carrying}, timeout=self._patience)
            if not done:
                await self._say_meanwhile(intent, _queued)
            return await carrying
        finally:
            carrying.cancel()

    async def _done_by(self, intent: Intent, account: Account) -> _Done:
        begun, wish, now = intent.issue_key, intent.wish, self._clock()
        refused: JiraError | None = None
        before: Issue | None = None
        try:
            doubt = await self.doubt(intent, wish, now)
            if doubt.unknown:
                intent = await self._told_apart(intent, account, doubt.unknown)
                doubt = await self.doubt(intent, wish, now)
            if wish is Wish.WITHDRAW and not (doubt.tried or doubt.undoes):
                # For the words only: what Jira tells may be how it was a while ago.
                before = await self.jira(intent).issue(intent.issue_key, account)
            await self._write(intent, account)
        except JiraError as error:
            refused = error
        finally:
            self._pace.end(intent.site, begun, self._clock())
        if refused is not None:
            outcome, read_at = await self._explained(intent, account, refused)
            if outcome.refusal is not Refusal.NOT_VOTED or not doubt.tried:
                return _Done(outcome, read_at)
            issue = outcome.issue
        else:
            issue, read_at = await self._readings.from_now(intent.site, intent.issue_key, account)
        if issue is not None:
            # Whoever read it for all need not be who asked; of this vote Jira itself has told.
            issue = replace(issue, voted=wish is Wish.VOTE)
        was_none = before is not None and not before.voted
        outcome = Outcome(issue, Refusal.NOT_VOTED if was_none else None)
        return _Done(outcome, read_at, self.look_again(doubt))

    async def _told_apart(self, intent: Intent, account: Account, keys: tuple[str, ...]) -> Intent:
        """Have Jira tell which issues these are; return the intent as it is after that.

        An issue about which it does not answer holds up another for a moment only.
        """
        try:
            async with asyncio.timeout(_LOOKED_FOR):
                for key in keys:
                    with suppress(JiraError):
                        await self.jira(intent).issue(key, account)
        except TimeoutError:
            log.debug("Jira does not tell which issues %s are", ", ".join(keys))
        except JiraUnavailable:
            self._not_seen[intent.id] += 1
            if self._not_seen[intent.id] <= _LOOKS:
                raise
        found = await self._intent_rows.find(intent.id)
        if found is None:
            raise Replaced
        return found

    async def _write(self, intent: Intent, account: Account) -> None:
        jira = self.jira(intent)
        change = jira.vote if intent.wish is Wish.VOTE else jira.withdraw
        await self.write(intent, change, account)

    async def _explained(
        self, intent: Intent, account: Account, error: JiraError
    ) -> tuple[Outcome, float]:
        """Return why Jira refused, from the issue's own fields: its sentences are localized."""
        read_at = self._clock()
        try:
            issue = await self.jira(intent).issue(intent.issue_key, account)
            voting_on = await self.jira(intent).voting_is_on(intent.issue_key, account)
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
        log.debug("Jira took no vote on %s (%s)", intent.issue_key, error.why)
        busy = self.slow_down(intent, error)
        if not busy:
            self._away.add(intent.site)
        await self._say_meanwhile(intent, _queued_busy if busy else _queued)
        return Again(error.retry_after)

    async def _settle(self, intent: Intent, outcome: Outcome, read_at: float) -> Next:
        became = "counted" if outcome.refusal is None else f"refused ({outcome.refusal})"
        log.info("%s on %s: %s", intent.wish, intent.issue_key, became)
        # Told it is as work of its own: words that hang delay no vote.
        await self._intent_rows.settle(intent, outcome, read_at, self._clock())
        return Done()

    async def _is_shown(self, intent: Intent, outcome: Outcome) -> bool:
        """Return whether a pane shows that it was done; what is more to say is told."""
        if outcome.refusal is not None or intent.told or intent.said is not None:
            return False
        issue = IssueAt(intent.site, intent.issue_key)
        return await self._beside(intent.person, issue, outcome.issue)

    async def _tell_outcome(self, intent: Intent, attempts: int) -> Next:
        if (ready_at := await self._may_hear_all_at(intent)) > self._clock():
            return Later(ready_at)
        claimed = await self._intent_rows.claim(intent, "", self._clock())
        words, place = claimed.intents, claimed.place
        if not words:
            if await self._outbox_rows.is_under_way(receipt_of(intent)):
                return Again()
            if await self._intent_rows.find(intent.id) is None:
                return Done()  # told of with others
            log.error(
                "%s was perhaps not told about %s: two answers of Slack were lost",
                intent.person.user_id,
                intent.issue_key,
            )
            await self._intent_rows.forget(intent.id)
            return Done()
        ids = [one.id for one in words]
        # That it is counted waits to be read; what went wrong has to be noticed, and who clicked
        # elsewhere meanwhile is told there.
        counted = all(one.outcome is not None and one.outcome.refusal is None for one in words)
        there = place if counted and _is_direct(words) else None

        async def forget(_: None) -> None:
            # That they were told goes with them, so nobody finds the one without the other.
            await self._intent_rows.forget(*ids)

        then, told = await self._tell(
            words,
            self._once_more_of(
                claimed, lambda: self._say(words, lambda: _in_words(words), instead_of=there)
            ),
            "",
            intent,
            attempts,
            sent=forget,
        )
        if told is not words:
            await self._intent_rows.forget(*(one.id for one in told))
        elif place is not None and there is None:
            await self._courier.take_back(intent.person, place)
        return then

    async def ask_to_connect(self, intent: Intent, account: Account | None, attempts: int) -> Next:
        """Have its person connect, with what else waits for that."""
        if intent.state == "queued":
            await self._intent_rows.unconnected(intent.id)
            intent = replace(intent, state="unconnected", told=False)
            attempts = 0  # those were Jira's
        if (ready_at := self._may_hear_at(intent)) > self._clock():
            return Later(ready_at)
        asked: Callable[[Sequence[Intent]], Message] = _connect_again
        if account is None:
            asked = partial(_connect_first, on=self._sites.named(intent.site))
        claimed = await self._intent_rows.claim(intent, _CONNECT, self._clock())
        words, before = claimed.intents, claimed.place
        then: Next = Done()
        told: Sequence[Intent] = [intent]
        if words:
            then, told = await self._tell(
                words,
                self._once_more_of(claimed, lambda: self._say(words, lambda: asked(words))),
                _CONNECT,
                intent,
                attempts,
            )
            if before is not None and told is words:
                await self._courier.take_back(intent.person, before)
        elif await self._outbox_rows.is_under_way(receipt_of(intent, _CONNECT)):
            return Again()
        await self._intent_rows.told("unconnected", *(one.id for one in told))
        return then

    async def _say_meanwhile(self, intent: Intent, draw: DrawAll) -> None:
        """Say once how it stands until it is decided; of several in a run together."""
        if intent.told:
            return
        place = _place(intent)
        waiting = self._unsaid.setdefault(place, {})
        waiting[intent.id] = (intent, draw)
        if self._may_hear_at(intent) <= self._clock():
            await self._say_unsaid(place)
        else:
            self.wake()

    async def turn(self, now: float) -> float | None:
        """Serve what is due, and say of a run of clicks how they stand once it is over."""
        due = {place: self._runs.ready_at(place, now) for place in self._unsaid}
        for place, ready_at in due.items():
            if ready_at <= now or self._stopping:
                self.spawn(self._say_unsaid(place))
        next_at = await super().turn(now)
        later = [at for at in due.values() if at > now]
        return min([*later, *([] if next_at is None else [next_at])], default=None)

    async def _say_unsaid(self, place: Place) -> None:
        waiting = self._unsaid.pop(place, {})
        news = await self._intent_rows.told("queued", *waiting) if waiting else set()
        alike: dict[DrawAll, list[Intent]] = {}
        for id_, (intent, draw) in waiting.items():
            if id_ in news:
                alike.setdefault(draw, []).append(intent)
        if not alike:
            return
        intents = [intent for ones in alike.values() for intent in ones]
        before = await self._intent_rows.place(intents)
        try:
            await self._say(
                intents,
                lambda: together([draw(ones) for draw, ones in alike.items()]),
                instead_of=before if _is_direct(intents) else None,
            )
        except (SlackUnavailable, InstallBroken) as error:
            log.debug("a person could not be told how a vote stands: %s", error)

    def _may_hear_at(self, intent: Intent) -> float:
        """Return from when on its person may hear of it, with what they click meanwhile."""
        if intent.address.replaces:
            return self._clock()
        return self._runs.ready_at(_place(intent), self._clock())

    async def _may_hear_all_at(self, intent: Intent) -> float:
        """Return from when on its person may hear what became of it.

        A word on its way comes first; of what they heard of together they hear together, if that
        is decided soon.
        """
        now = self._clock()
        if self._saying[intent.id]:
            return now + _SAID_SOON
        ready_at = self._may_hear_at(intent)
        if ready_at <= now and await self._intent_rows.others_wait(intent):
            return min(self._alone_at.setdefault(intent.id, now + BETWEEN), now + BETWEEN)
        return ready_at

    async def _say(
        self, intents: Sequence[Intent], draw: Draw, *, instead_of: Posted | None = None
    ) -> None:
        newest = max(intents, key=lambda one: one.asked_at)
        async with self._languages.speaking_to(newest.person):
            message = draw()
        self._runs.told(_place(newest), self._clock())
        ids = [one.id for one in intents]
        self._saying.update(ids)
        try:
            said = await self._courier.tell(
                newest.person, newest.address, message, instead_of=instead_of
            )
            if said is not None and said.stands is not None:
                await self._intent_rows.said(said.stands, *ids)
        finally:
            self._saying -= Counter(ids)

    def _once_more_of(self, claimed: Words, say: Say) -> Say:
        """Return what says these; if they have left before, only while Slack answers."""
        if not claimed.again:
            return say
        return self._outbox.once_more(claimed.intents[0].person.team_id, say)

    async def _tell(
        self,
        words: Sequence[Intent],
        say: Say,
        word: str,
        intent: Intent,
        attempts: int,
        *,
        sent: Callable[[None], Awaitable[object]] | None = None,
    ) -> tuple[Next, Sequence[Intent]]:
        """Tell the person of claimed words; return what is next, and of which that is over.

        It is once they are said, and of ``intent`` also when it was tried so often that it is
        given up.
        """
        first, *also = (receipt_of(one, word) for one in words)
        try:
            await self._outbox.send(first, say, sent=sent, also=also)
        except SlackUnavailable as error:
            if attempts + 1 < _RECEIPT_TRIES:
                return Again(pause_after(error), first=attempts == 0), ()
            log.error(
                "%s was not told about %s: Slack stayed away (%s)",
                intent.person.user_id,
                intent.issue_key,
                error.why,
            )
            return Done(), [intent]
        return Done(), words


def _sees_it(intent: Intent, outcome: Outcome) -> bool:
    """Return whether it was done as its person sees where they clicked, and heard nothing else."""
    heard = intent.told or intent.said is not None
    return intent.address.seen and outcome.refusal is None and not heard


def _is_direct(intents: Sequence[Intent]) -> bool:
    """Return whether a direct message is the only way to their person."""
    newest = max(intents, key=lambda one: one.asked_at)
    return not newest.address.channel_id and newest.address.response_url is None


def _place(intent: Intent) -> Place:
    return intent.person, intent.address.channel_id


def _wishes(intents: Sequence[Intent]) -> list[tuple[str, Wish]]:
    return [(one.issue_key, one.wish) for one in intents]


def _queued(intents: Sequence[Intent]) -> Message:
    return blocks.queued(intents[0].site, _wishes(intents))


def _queued_busy(intents: Sequence[Intent]) -> Message:
    return blocks.queued(intents[0].site, _wishes(intents), busy=True)


def _not_final(intents: Sequence[Intent]) -> Message:
    return together([blocks.not_final(one.site, one.issue_key, one.wish) for one in intents])


def _connect_first(intents: Sequence[Intent], on: str) -> Message:
    return blocks.connect_first(intents[0].site, _wishes(intents), on)


def _connect_again(intents: Sequence[Intent]) -> Message:
    return blocks.connect_again(intents[0].site, _wishes(intents))


def _in_words(intents: Sequence[Intent]) -> Message:
    return together(
        [
            blocks.receipt(one.site, one.issue_key, one.wish, one.outcome)
            for one in intents
            if one.outcome is not None
        ]
    )
