"""/poll, and the clicks on a poll's card. An answer is on disk before Slack is told."""

from collections.abc import Coroutine
from dataclasses import replace
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from pollbot.errors import NotLookedUp
from pollbot.people import Address, Person
from pollbot.polls.answers.receipts import Receipts
from pollbot.polls.answers.service import Answers
from pollbot.polls.blocks import end_understood, end_unknown, linked, page_of_polls, too_late
from pollbot.polls.defaults.blocks import stays_by_default, with_defaults
from pollbot.polls.defaults.rows import DefaultRows
from pollbot.polls.defaults.rules import stays_here, told_of
from pollbot.polls.forms.listeners import FormListeners
from pollbot.polls.forms.windows import more_card
from pollbot.polls.from_message import form_of
from pollbot.polls.kept import Answered
from pollbot.polls.refusals import AlreadyPoll, NothingToAsk, NotInForm, PollClosed
from pollbot.polls.results.blocks import note_of, results_message, results_view
from pollbot.polls.results.service import PollResults
from pollbot.polls.rules import Posting
from pollbot.polls.saved.listeners import SavedListeners
from pollbot.polls.searches.listeners import SearchListeners
from pollbot.polls.searches.rules import Search
from pollbot.polls.service import Polls
from pollbot.polls.typed import (
    FromTemplate,
    ListPolls,
    NewPoll,
    OpenForm,
    PollCommand,
    ShowResults,
    Unread,
    read_or_open,
    with_usual,
)
from pollbot.polls.waiting.blocks import delayed, dropped, not_saved_yet, waits_no_more
from pollbot.polls.waiting.service import AskedPolls
from pollbot.slack import answering, payloads
from pollbot.slack.afterwards import Afterwards
from pollbot.slack.clicks import (
    CHOOSE,
    AnswerClick,
    ChooseClick,
    DropPollClick,
    MyAnswerClick,
    PollsPageClick,
    PostPollClick,
    SetAnswerClick,
    ShowResultsClick,
)
from pollbot.slack.client import Slack
from pollbot.slack.kit import Message, together, without_charts
from pollbot.slack.languages import Languages
from pollbot.slack.markup import unmarked
from pollbot.slack.messages import said
from pollbot.slack.straight import OfCrowds, listen
from pollbot.slack.users import People
from pollbot.slack.windows import form_by_click
from pollbot.store.worker import Clock
from pollbot.text.catalog import speaking
from pollbot.text.command_words import installed_as
from pollbot.text.refusals import NeedsZone
from pollbot.text.sentences import not_looked_up
from pollbot.text.writing import unescaped

Body = dict[str, Any]


class PollListeners:
    """Polls, by command and by what is pressed on cards, receipts and lists."""

    def __init__(
        self,
        form: FormListeners,
        saved: SavedListeners,
        searches: SearchListeners,
        polls: Polls,
        asked: AskedPolls,
        answers: Answers,
        receipts: Receipts,
        results: PollResults,
        people: People,
        languages: Languages,
        slack: Slack,
        afterwards: Afterwards,
        defaults: DefaultRows,
        clock: Clock,
    ) -> None:
        self._form = form
        self._saved = saved
        self._searches = searches
        self._defaults = defaults
        self._polls = polls
        self._asked = asked
        self._answers = answers
        self._receipts = receipts
        self._results = results
        self._people = people
        self._languages = languages
        self._slack = slack
        self._afterwards = afterwards
        self._clock = clock

    @property
    def of_crowds(self) -> OfCrowds:
        """Who listens to the options on a poll's card."""
        return {AnswerClick.pattern(): self.press_option, CHOOSE: self.choose_option}

    def register_of_crowds(self, app: AsyncApp) -> None:
        """Have Bolt know them, too."""
        listen(app, self.of_crowds)

    def register(self, app: AsyncApp) -> None:
        """Listen for /poll and for the other controls of its cards, receipts and lists."""
        app.action(SetAnswerClick.pattern())(self.set_answer)
        app.action(MyAnswerClick.action_id)(self.my_answer)
        app.action(ShowResultsClick.pattern())(self.show_results)
        app.action(PostPollClick.pattern())(self.post_poll)
        app.action(PollsPageClick.pattern())(self.turn_page)
        app.action(DropPollClick.action_id)(self.drop_poll)
        app.command(installed_as("/poll"))(self.poll)
        app.global_shortcut("new_poll")(self.new_poll)
        app.message_shortcut("make_poll")(self.make_poll)

    async def poll(self, ack: AsyncAck, command: Body) -> None:
        text = str(command.get("text") or "")
        me, channel = payloads.person(command), payloads.channel_id(command)
        stamp = f"{command.get('trigger_id')} {text}"
        thread = payloads.thread_of(command)
        posting = Posting(channel, command.get("response_url"), stamp, thread)
        trigger_id = str(command.get("trigger_id") or "")
        try:
            asked = await self._read(me, text)
        except NeedsZone:
            making = self._create_in_zone(me, command, posting)
            address = payloads.address(command)
            await answering.command(ack, making, me, address, self._afterwards, not_saved_yet)
            return
        match asked:
            case Unread() as unread:
                if not trigger_id or payloads.is_written(command):
                    raise unread.error
                opening = self._open_or_refuse(me, channel, unread, trigger_id, thread or "")
                await answering.do_next(ack, opening, command, self._afterwards)
            case FromTemplate() if payloads.is_written(command) or not trigger_id:
                await ack(**payloads.in_words(form_by_click(f"poll {text}", thread)))
            case FromTemplate(name):
                opening = self._from_template(me, channel, name, command)
                await answering.do_next(ack, opening, command, self._afterwards)
            case OpenForm() if payloads.is_written(command):
                await ack(**payloads.in_words(form_by_click(f"poll {text}", thread)))
            case OpenForm() as wanted:
                opening = self._form.open_new(me, channel, wanted, trigger_id, thread or "")
                await answering.do_next(ack, opening, command, self._afterwards)
            case ListPolls(where, search) | ShowResults(where, search):
                listing = self._list(me, channel, where, search)
                await answering.command(
                    ack, listing, me, payloads.address(command), self._afterwards
                )
            case NewPoll() as new:
                making = self._create(me, new, posting, None)
                address = payloads.address(command)
                await answering.command(ack, making, me, address, self._afterwards, not_saved_yet)

    async def new_poll(self, ack: AsyncAck, body: Body) -> None:
        opening = self._form.open_new(
            payloads.person(body), "", OpenForm(None), str(body.get("trigger_id"))
        )
        await answering.do_next(ack, opening, body, self._afterwards)

    async def make_poll(self, ack: AsyncAck, body: Body) -> None:
        message = said(body)
        if message.is_card:
            raise AlreadyPoll
        wanted = form_of(unmarked(message.own))
        if wanted is None:
            raise NothingToAsk
        me = payloads.person(body)
        usual = await self._defaults.of(me.team_id)
        opening = self._form.open_new(
            me,
            message.channel_id,
            with_usual(wanted, usual, self._clock()),
            str(body.get("trigger_id")),
            message.thread_ts,
        )
        await answering.do_next(ack, opening, body, self._afterwards)

    async def press_option(self, ack: AsyncAck, action: Body, body: Body) -> None:
        click, me = AnswerClick.unpack(action), payloads.person(body)
        stamp = action.get("action_ts")
        choosing = self._answers.choose(me, click.poll, click.option, action_ts=stamp)
        await self._answer(ack, me, click.poll, choosing, stamp, body)

    async def choose_option(self, ack: AsyncAck, action: Body, body: Body) -> None:
        click, me = ChooseClick.unpack(action), payloads.person(body)
        stamp = action.get("action_ts")
        choosing = (
            self._answers.choose_exactly(me, click.poll, frozenset(click.options), action_ts=stamp)
            if click.several
            else self._answers.choose(me, click.poll, click.options[0], action_ts=stamp)
        )
        await self._answer(ack, me, click.poll, choosing, stamp, body)

    async def set_answer(self, ack: AsyncAck, action: Body, body: Body) -> None:
        click, me = SetAnswerClick.unpack(action), payloads.person(body)
        stamp = action.get("action_ts")
        choosing = self._answers.choose_exactly(
            me, click.poll, frozenset(click.options), action_ts=stamp
        )
        await self._answer(ack, me, click.poll, choosing, stamp, body)

    async def my_answer(self, ack: AsyncAck, action: Body, body: Body) -> None:
        click, me = MyAnswerClick.unpack(action), payloads.person(body)
        message = await self._receipts.my_answer(me, click.poll)
        telling = self._afterwards.say(me, payloads.address(body), message)
        await answering.do_next(ack, telling, body, self._afterwards)

    async def show_results(self, ack: AsyncAck, action: Body, body: Body) -> None:
        click, me = ShowResultsClick.unpack(action), payloads.person(body)
        await answering.do_next(ack, self._show_results(me, click, body), body, self._afterwards)

    async def post_poll(self, ack: AsyncAck, action: Body, body: Body) -> None:
        click, me = PostPollClick.unpack(action), payloads.person(body)
        channel = payloads.channel_id(body) or await self._polls.channel_of(
            me, more_card(body.get("view") or {})
        )
        posting = Posting(channel, body.get("response_url"), action.get("action_ts"))
        await self._polls.post(me, click.poll, posting)
        await ack()

    async def drop_poll(self, ack: AsyncAck, action: Body, body: Body) -> None:
        click, me = DropPollClick.unpack(action), payloads.person(body)
        await answering.do_first(ack, self._drop_poll(me, click, body), body, self._afterwards)

    async def turn_page(self, ack: AsyncAck, action: Body, body: Body) -> None:
        click, me = PollsPageClick.unpack(action), payloads.person(body)
        await answering.do_next(ack, self._turn_page(me, click, body), body, self._afterwards)

    async def _drop_poll(self, me: Person, click: DropPollClick, body: Body) -> None:
        poll = await self._asked.drop(me, click.waiting)
        message = waits_no_more()
        if poll is not None:
            usual = await self._defaults.of(me.team_id)
            on = linked(await self._asked.about(poll))
            message = dropped(poll.ask, on, self._asked.site, usual)
        if payloads.in_window(body):
            await answering.tell_done(self._slack, body, message, self._afterwards)
        else:
            await self._afterwards.say(me, payloads.address(body), message)

    async def _turn_page(self, me: Person, click: PollsPageClick, body: Body) -> None:
        channel = payloads.channel_id(body)
        on = (click.kind, click.subject, click.site or "")
        page = await self._results.page(me, channel, on, click.page)
        await self._afterwards.say(me, payloads.address(body), page_of_polls(page))

    async def _list(
        self, me: Person, channel_id: str, where: str | None, search: Search | None
    ) -> Message:
        if search is not None:
            if where is None:
                search = replace(search, channel=channel_id)
            return await self._searches.listed(me, channel_id, where, search)
        return page_of_polls(await self._results.first_page(me, channel_id, where))

    async def _show_results(self, me: Person, click: ShowResultsClick, body: Body) -> None:
        view, seen = body.get("view"), await self._results.read(me, click.poll)
        note = note_of(seen.doubt)
        if isinstance(view, dict) and payloads.in_window(body):
            window = results_view(
                seen.poll,
                seen.results,
                now_open=seen.now_open,
                note=note,
                page=click.page or 0,
            )
            await self._slack.of(me.team_id).update_form(view["id"], window)
            return
        message = results_message(
            seen.poll,
            seen.results,
            click.view,
            now_open=seen.now_open,
            about=linked(seen.about),
            note=note,
        )
        # For a Slack that takes no charts.
        plain = Message(message.text, without_charts(message.blocks))
        await self._afterwards.say(me, payloads.address(body), message, plain)

    async def _read(self, me: Person, text: str, zone: str | None = None) -> PollCommand | Unread:
        # What a template asks is for everybody.
        usual = await self._defaults.of(me.team_id)
        with speaking(await self._languages.of_team(me.team_id)):
            return read_or_open(text, self._clock(), zone, usual)

    async def _from_template(self, me: Person, channel: str, name: str, body: Body) -> None:
        if name:
            await self._saved.open_named(me, channel, name, body)
        else:
            await self._saved.show(me, channel, body)

    async def _open_or_refuse(
        self, me: Person, channel: str, unread: Unread, trigger_id: str, thread: str
    ) -> None:
        """Open the form with what could be read; where none opens, say what is wrong."""
        try:
            await self._form.open_new(me, channel, unread.wanted, trigger_id, thread)
        except NotInForm:
            raise unread.error from None

    async def _create_in_zone(self, me: Person, command: Body, posting: Posting) -> Message | None:
        """Make a poll, or open its form, whose end is a time of the day where its person lives."""
        text = str(command.get("text") or "")
        try:
            zone = await self._people.zone(me)
        except NotLookedUp as error:
            typed = f"{command.get('command')} {unescaped(text)}"
            return end_unknown(not_looked_up(error), typed, passing=error.passing)
        trigger_id = str(command.get("trigger_id") or "")
        thread = posting.thread_ts or ""
        match await self._read(me, text, zone):
            case Unread() as unread:
                if not trigger_id or payloads.is_written(command):
                    raise unread.error
                await self._open_or_refuse(me, posting.channel_id, unread, trigger_id, thread)
            case NewPoll() as new:
                return await self._create(me, new, posting, zone)
            case OpenForm() if payloads.is_written(command):
                return form_by_click(f"poll {text}", posting.thread_ts)
            case OpenForm() as wanted:
                await self._form.open_new(me, posting.channel_id, wanted, trigger_id, thread)
        return None

    async def _create(
        self, me: Person, new: NewPoll, posting: Posting, zone: str | None
    ) -> Message | None:
        about = await self._polls.guessed(me, posting.channel_id, new.where)
        stays = not new.local and stays_here(new.usual, await self._polls.source_of(me, about))
        ask = self._asked.on(new.draft, about, local=new.local or stays)
        kept = await self._asked.ask(me, ask, posting)
        usual = await self._defaults.of(me.team_id)
        said = delayed(kept, self._asked.site, usual) if kept is not None else None
        if said is None and new.end_understood:
            said = end_understood(new.draft, zone)
        by_default = None
        if stays:
            by_default = stays_by_default(new.draft)
        elif used := told_of(new.usual, ask):
            by_default = with_defaults(new.draft, usual, used)
        told = [one for one in (said, by_default) if one is not None]
        return together(told) if told else None

    async def _answer(
        self,
        ack: AsyncAck,
        me: Person,
        poll_id: str,
        choosing: Coroutine[Any, Any, Answered],
        stamp: str | None,
        body: Body,
    ) -> None:
        """Answer Slack once the choice is on disk, and then tell the person what it is now."""
        address = payloads.address(body)
        try:
            answered = await choosing
        except PollClosed:
            self._afterwards.do(me, address, self._too_late(me, poll_id, address))
        else:
            self._receipts.tell(me, address, answered, stamp)
        await ack()

    async def _too_late(self, me: Person, poll_id: str, address: Address) -> None:
        """Tell somebody who comes too late the result: its card may be out of reach."""
        answered = await self._answers.look(me, poll_id)
        kept = answered.kept
        message = too_late(
            kept.poll,
            answered.after if kept.poll.settings.names else None,
            await self._results.of(kept),
            edited=answered.edited,
            note=note_of(self._results.doubt(kept)),
        )
        await self._afterwards.say(me, address, message)
