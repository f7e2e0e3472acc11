"""What became of answers, told to those who gave them: at once, or as soon as Slack takes it."""

import logging
from collections.abc import Coroutine
from dataclasses import dataclass, replace
from typing import Any, Protocol

from pollbot.errors import InstallBroken, PollGone, SlackUnavailable, StorageUnavailable
from pollbot.people import Address, Person
from pollbot.polls import blocks
from pollbot.polls.answers.receipt_rows import Click, Receipt, ReceiptRows, of_no_team
from pollbot.polls.answers.service import Answers
from pollbot.polls.kept import Answered
from pollbot.polls.tally import Results
from pollbot.slack.courier import Courier
from pollbot.slack.kit import Message
from pollbot.slack.languages import Languages
from pollbot.slack.outbox import Outbox
from pollbot.slack.runs import Runs
from pollbot.slack.speaker import Speaker
from pollbot.slack.turns import Turns
from pollbot.store.outbox import Kind, Notice
from pollbot.store.queue import Again, Done, Next, Only
from pollbot.store.worker import Clock, QueueWorker, Tasks, Worker, pause_after
from pollbot.text.recurrence import LATEST
from pollbot.web.pace import no_later

log = logging.getLogger(__name__)

_AT_ONCE = 64
_GATHERED = 1.0
"""Seconds for which those who were told are gathered, so that marking them costs one commit."""


class _Draw(Protocol):
    """Draws an answer for its person, with the results if they may see them by it."""

    def __call__(
        self, answered: Answered, shown: Results | None, /, *, now_open: bool
    ) -> Message: ...


@dataclass(slots=True)
class _Run:
    """Clicks of somebody on a poll that they are to be told of together, and what that is now.

    Of these only the last one stands for all, in memory as on disk.
    """

    address: Address
    answered: Answered
    click: Click


class Receipts(Worker):
    """Tells each person their answer right after the click, at the door that it came to.

    Clicks that follow each other within seconds are told of together. It is told as it is then,
    so one receipt is enough for several changes; what Slack did not take is owed. Nothing on disk
    may hold who answers an anonymous poll: of those only this run knows who is still to be told.
    """

    def __init__(
        self,
        receipt_rows: ReceiptRows,
        courier: Courier,
        languages: Languages,
        speaker: Speaker,
        turns: Turns,
        answers: Answers,
        clock: Clock,
    ) -> None:
        super().__init__("answers told", clock)
        self._receipt_rows = receipt_rows
        self._courier = courier
        self._languages = languages
        self._speaker = speaker
        self._turns = turns
        self._answers = answers
        self._first = Tasks("receipts")
        self._runs = Runs()
        self._waiting: dict[tuple[Person, str], _Run] = {}
        self._told: list[Click] = []
        self._passed: list[Click] = []
        self._mark_at = 0.0

    @property
    def at_rest(self) -> bool:
        """Whether nobody is being told anything."""
        return super().at_rest and not self._first

    def tell(
        self, person: Person, address: Address, answered: Answered, action_ts: str | None
    ) -> None:
        """Tell the person soon what a click did, unless they see it or it was a repeated one."""
        if answered.repeated:
            return
        click = Click(person, answered.kept.poll.id, action_ts or "")
        if address.seen:
            if answered.kept.poll.settings.names:
                self._to_be_marked(self._told, click)
            return
        where, now = (person, click.poll_id), self._clock()
        run = self._waiting.get(where)
        if run is None:
            run = self._waiting[where] = _Run(address, answered, click)
        else:
            run.address, run.answered = address, replace(answered, before=run.answered.before)
            if answered.kept.poll.settings.names and action_ts:
                self._to_be_marked(self._passed, run.click)
                run.click = click
        self._runs.clicked(where, now, now)
        if address.replaces or self._runs.ready_at(where, now) <= now:
            self._tell(where)
        else:
            self.wake()

    def _tell(self, where: tuple[Person, str]) -> None:
        """Tell somebody what their clicks did, which waited for those that came after them."""
        run = self._waiting.pop(where)
        self._runs.told(where, self._clock())
        if run.answered.kept.poll.settings.names:
            told = self._named(run.click, run.address, run.answered)
        else:
            told = self._unnamed(where[0], run.address, run.answered)
        self._first.spawn(self._in_turn(told))

    async def _in_turn(self, told: Coroutine[Any, Any, None]) -> None:
        """Tell somebody when it is their turn; they hear what is so when they clicked."""
        try:
            async with self._turns.turn():
                await told
        finally:
            told.close()

    async def keep_told(self) -> None:
        """Keep on disk who was told, so that nobody tells them again."""
        told, passed = self._told, self._passed
        if not told and not passed:
            return
        self._told, self._passed = [], []
        try:
            await self._receipt_rows.told(told, passed)
        except BaseException:
            self._told, self._passed = told + self._told, passed + self._passed
            raise

    async def my_answer(self, person: Person, poll_id: str) -> Message:
        """Return a private look at one's own answer. Raises PollGone."""
        answered = await self._answers.look(person, poll_id)
        return await self._drawn(blocks.own_answer, person, answered)

    async def say(self, person: Person, address: Address, message: Message) -> object:
        """Bring somebody a receipt that was drawn."""
        return await self._courier.tell(person, address, message)

    def held_back(self) -> dict[str, float]:
        """Return the workspaces that Slack takes no receipts of now, and until when."""
        return self._courier.waits()

    async def _drawn(self, draw: _Draw, person: Person, answered: Answered) -> Message:
        poll, shown = answered.kept.poll, await self._answers.for_me(answered)
        # To ask Slack for somebody's language names them, right after they have answered.
        async with self._languages.speaking_to(person, wait=poll.settings.names):
            return draw(answered, shown, now_open=poll.is_open(self._clock()))

    async def turn(self, now: float) -> float | None:
        """Mark who was told, and tell who is to be told."""
        for where in list(self._waiting):
            if self._runs.ready_at(where, now) <= now:
                self._tell(where)
        self._mark_at = no_later(self._mark_at, now, _GATHERED)
        if self._is_to_mark and (self._stopping or self._mark_at <= now):
            await self.keep_told()
        due = [self._runs.ready_at(where, now) for where in self._waiting]
        due += [self._mark_at] if self._is_to_mark else []
        return min(due, default=None)

    async def stop(self, grace: float) -> None:
        """Tell those who are being told, or wait for it, then stop."""
        for where in list(self._waiting):
            self._tell(where)
        await self._first.stop(grace / 2)
        await super().stop(grace / 2)

    async def _named(self, click: Click, address: Address, answered: Answered) -> None:
        person = click.person
        try:
            message = await self._drawn(blocks.receipt, person, answered)
            await self._courier.tell(person, address, message)
        except SlackUnavailable as error:
            log.debug("a receipt has to wait: %s", error.why)
            await self._owe(click, address, pause_after(error), perhaps=error.lost)
        except (InstallBroken, StorageUnavailable) as error:
            log.debug("a receipt has to wait: %s", error)
            await self._owe(click, address, 0.0, perhaps=False)
        else:
            self._to_be_marked(self._told, click)

    @property
    def _is_to_mark(self) -> bool:
        return bool(self._told or self._passed)

    def _to_be_marked(self, those: list[Click], click: Click) -> None:
        if not self._is_to_mark:
            self._mark_at = self._clock() + _GATHERED
            self.wake()
        those.append(click)

    async def _unnamed(self, person: Person, address: Address, answered: Answered) -> None:
        """Tell somebody whose name is nowhere, by the way that their click brought."""
        about = (person, answered.kept.poll.id)
        drawn: Message | None = await self._drawn(blocks.receipt, person, answered)
        is_lost = False

        async def say() -> None:
            nonlocal drawn, is_lost
            if is_lost:
                await self._courier.must_answer(person)
            message = drawn or await self.my_answer(person, answered.kept.poll.id)
            drawn = None
            try:
                await self._courier.tell(person, address, message)
            except SlackUnavailable as error:
                is_lost = is_lost or error.lost
                self._runs.not_told(about)
                self.wake()
                raise

        await self._speaker.say(say, most=2, about=about)

    async def _owe(self, click: Click, address: Address, pause: float, *, perhaps: bool) -> None:
        now = self._clock()
        self._runs.not_told((click.person, click.poll_id))
        self.wake()
        await self._receipt_rows.owe(click, address, now, now + pause, perhaps=perhaps)


class OwedReceipts(QueueWorker[Receipt]):
    """Tells people their answers whom Slack did not take it for at once: once more at most."""

    def __init__(
        self, receipt_rows: ReceiptRows, receipts: Receipts, outbox: Outbox, clock: Clock
    ) -> None:
        super().__init__(receipt_rows.work, clock, at_once=_AT_ONCE)
        self._receipt_rows = receipt_rows
        self._receipts = receipts
        self._outbox = outbox

    def held_back(self, now: float) -> tuple[Only, float | None]:
        """Leave alone workspaces that Slack asked to wait."""
        waits = self._receipts.held_back()
        return of_no_team(waits), min(waits.values(), default=None)

    async def serve(self, receipt: Receipt, attempts: int) -> Next:
        """Tell somebody who could not be told at once."""
        if self._clock() - receipt.since > LATEST:
            log.error("%s was not told of an answer for a day", receipt.person.user_id)
            await self._receipt_rows.forget(receipt)
            return Done()
        await self._receipts.keep_told()
        if not await self._receipt_rows.is_owed(receipt):
            return Done()
        try:
            message = await self._receipts.my_answer(receipt.person, receipt.poll_id)
        except PollGone:
            await self._receipt_rows.forget(receipt)
            return Done()
        over = await self._outbox.say(
            Notice(Kind.RECEIPT, receipt.id),
            receipt.person.team_id,
            lambda: self._receipts.say(receipt.person, receipt.address, message),
        )
        if not over:
            return Again()
        await self._receipt_rows.forget(receipt)
        return Done()
