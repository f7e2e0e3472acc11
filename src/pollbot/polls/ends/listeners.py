"""A closed poll: opened again, posted anew; and whom polls remind before."""

from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from pollbot.people import Address, Person
from pollbot.polls.defaults.rows import DefaultRows
from pollbot.polls.ends.blocks import reminders_stand, reminders_wanted
from pollbot.polls.ends.missing import MissingAnswers
from pollbot.polls.ends.missing_blocks import missing_view, nudged
from pollbot.polls.ends.rows import EndingRows
from pollbot.polls.forms import windows
from pollbot.polls.forms.windows import more_card
from pollbot.polls.refusals import CannotReopen, CardUnknown
from pollbot.polls.rules import Posting
from pollbot.polls.sentences import sentence
from pollbot.polls.service import Polls
from pollbot.polls.waiting.blocks import delayed
from pollbot.polls.waiting.service import AskedPolls
from pollbot.slack import answering, payloads
from pollbot.slack.afterwards import Afterwards
from pollbot.slack.answering import Told
from pollbot.slack.clicks import (
    CopyClick,
    NotAnsweredClick,
    NudgeClick,
    RemindersClick,
    ReopenClick,
    SeeCardClick,
)
from pollbot.slack.client import Slack
from pollbot.slack.kit import Message, words
from pollbot.slack.windows import told_view
from pollbot.store.worker import Clock
from pollbot.text.catalog import say, say_marked
from pollbot.text.words import first_word

Body = dict[str, Any]

_WANTED = {"on": True, "off": False}


class EndListeners:
    """What is done with a poll that is over, and whom polls remind before."""

    def __init__(
        self,
        polls: Polls,
        missing: MissingAnswers,
        asked: AskedPolls,
        slack: Slack,
        afterwards: Afterwards,
        ending_rows: EndingRows,
        defaults: DefaultRows,
        clock: Clock,
    ) -> None:
        self._polls = polls
        self._missing = missing
        self._asked = asked
        self._slack = slack
        self._afterwards = afterwards
        self._ending_rows = ending_rows
        self._defaults = defaults
        self._clock = clock

    def register(self, app: AsyncApp) -> None:
        """Listen for what a closed poll still offers."""
        app.action(ReopenClick.pattern())(self.open_reopen)
        app.view(windows.REOPEN_FORM)(self.reopen)
        app.action(CopyClick.pattern())(self.copy)
        app.action(NotAnsweredClick.pattern())(self.show_missing)
        app.action(NudgeClick.pattern())(self.nudge)
        app.action(RemindersClick.action_id)(self.remind)
        app.action(SeeCardClick.action_id)(self.see_card)

    async def remind(self, ack: AsyncAck, action: Body, body: Body) -> None:
        click, me = RemindersClick.unpack(action), payloads.person(body)
        await self._ending_rows.remind(me, self._clock(), wanted=click.wanted)
        # In a message that stays, so that the way back does.
        self._afterwards.tell(me, Address(""), reminders_wanted(wanted=click.wanted))
        await ack()

    async def reminders(self, ack: AsyncAck, command: Body) -> None:
        me, (word, _) = payloads.person(command), first_word(str(command.get("text") or ""))
        if (wanted := _WANTED.get(word)) is None:
            muted = await self._ending_rows.muted(me)
            said = reminders_stand(muted=muted, typed=word)
        else:
            await self._ending_rows.remind(me, self._clock(), wanted=wanted)
            said = reminders_wanted(wanted=wanted)
        await ack(**payloads.in_words(said))

    async def see_card(self, ack: AsyncAck) -> None:
        await ack()

    async def show_missing(self, ack: AsyncAck, action: Body, body: Body) -> None:
        click, me = NotAnsweredClick.unpack(action), payloads.person(body)
        await answering.do_next(ack, self._show_missing(me, click, body), body, self._afterwards)

    async def nudge(self, ack: AsyncAck, action: Body, body: Body) -> None:
        click, me = NudgeClick.unpack(action), payloads.person(body)
        await answering.do_first(ack, self._nudge(me, click, body), body, self._afterwards)

    async def _show_missing(self, me: Person, click: NotAnsweredClick, body: Body) -> None:
        missing = await self._missing.of(me, click.poll)
        await answering.show(self._slack, body, missing_view(missing))

    async def _nudge(self, me: Person, click: NudgeClick, body: Body) -> None:
        kept = await self._missing.nudge(me, click.poll)
        said, title = nudged(kept.poll), say("Nudge")
        await answering.tell_done(self._slack, body, said, self._afterwards, title=title)

    async def open_reopen(self, ack: AsyncAck, action: Body, body: Body) -> None:
        click, me = ReopenClick.unpack(action), payloads.person(body)
        await answering.do_next(ack, self._open_reopen(me, click, body), body, self._afterwards)

    async def reopen(self, ack: AsyncAck, body: Body, view: Body) -> None:
        me = payloads.person(body)
        poll_id, ends_at = windows.read_reopen(view)

        async def work() -> Message:
            kept = await self._polls.reopen(me, poll_id, ends_at)
            return words(windows.reopened(kept.poll))

        await answering.submission(
            ack,
            work(),
            body,
            Address(""),
            self._afterwards,
            Told(say("Poll"), say_marked(windows.SLOW)),
        )

    async def copy(self, ack: AsyncAck, action: Body, body: Body) -> None:
        click, me = CopyClick.unpack(action), payloads.person(body)
        stamp = str((body.get("view") or {}).get("id") or action.get("action_ts"))
        await answering.do_first(ack, self._copy(me, click, stamp, body), body, self._afterwards)

    async def _open_reopen(self, me: Person, click: ReopenClick, body: Body) -> None:
        try:
            kept = await self._polls.to_reopen(me, click.poll)
        except CannotReopen as error:
            kept = await self._polls.find(me, click.poll)
            again = windows.copy_button(kept.poll, more_card(body.get("view") or {}))
            await answering.show(self._slack, body, told_view(sentence(error), again))
        else:
            now = self._clock()
            already = told_view(windows.reopened(kept.poll))
            form = already if kept.poll.is_open(now) else windows.reopen_form(kept.poll, now)
            await answering.show(self._slack, body, form)

    async def _copy(self, me: Person, click: CopyClick, stamp: str, body: Body) -> None:
        """Post the copy; ``stamp`` makes two presses in one window one copy."""
        channel = payloads.channel_id(body) or await self._polls.channel_of(me, click.card or "")
        if not channel:
            raise CardUnknown
        ask = await self._polls.to_copy(me, click.poll)
        kept = await self._asked.ask(me, ask, Posting(channel, stamp=stamp))
        usual = await self._defaults.of(me.team_id)
        later = delayed(kept, self._asked.site, usual) if kept is not None else None
        if body.get("view"):
            said = later or windows.copied(ask.draft.title, channel)
            await answering.tell_done(self._slack, body, said, self._afterwards)
        elif later is not None:
            await self._afterwards.say(me, payloads.address(body), later)
