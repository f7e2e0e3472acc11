"""The forms around a poll: making, editing, commenting, names, and what else can be done."""

import logging
import re
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import replace
from functools import partial
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from pollbot.errors import (
    BadField,
    BadInput,
    SlackError,
    SlackUnavailable,
    StaleForm,
)
from pollbot.jira.issues import Suggested
from pollbot.people import Address, Person
from pollbot.picks.blocks import PICK_ISSUE, issue_choice
from pollbot.picks.service import Picks
from pollbot.polls import blocks
from pollbot.polls.additions.blocks import who_added
from pollbot.polls.additions.service import Additions
from pollbot.polls.answers.service import Answers
from pollbot.polls.audience.rules import EVERYBODY, Group
from pollbot.polls.audience.service import Audiences
from pollbot.polls.blocks import linked
from pollbot.polls.defaults.rows import DefaultRows
from pollbot.polls.ends.blocks import record_button
from pollbot.polls.forms import blocks as forms
from pollbot.polls.forms import windows
from pollbot.polls.refusals import BadPart, EditsClash, NotInForm, TooMuchForForm
from pollbot.polls.results.blocks import why_hidden
from pollbot.polls.results.service import PollResults
from pollbot.polls.rules import Ask, Draft, Kind, Later, Posting, checked
from pollbot.polls.saved.blocks import just_saved, saved_unseen, template_form
from pollbot.polls.saved.service import SavedPolls
from pollbot.polls.sentences import noted, sentence
from pollbot.polls.service import Polls
from pollbot.polls.sources.source import About
from pollbot.polls.typed import OpenForm, as_command
from pollbot.polls.waiting.blocks import delayed
from pollbot.polls.waiting.service import AskedPolls
from pollbot.slack import answering, payloads
from pollbot.slack.afterwards import Afterwards
from pollbot.slack.answering import Told
from pollbot.slack.clicks import (
    CloseClick,
    CommentClick,
    DeleteClick,
    DuplicateClick,
    EditClick,
    MoreClick,
    NamesClick,
    OwnersClick,
)
from pollbot.slack.client import Shown, Slack
from pollbot.slack.kit import Message, words
from pollbot.slack.languages import Languages
from pollbot.slack.windows import told_view
from pollbot.store.worker import Clock
from pollbot.text.catalog import say, say_marked, speaking
from pollbot.text.refusals import NotAMoment

log = logging.getLogger(__name__)

Body = dict[str, Any]

PostLater = Callable[[Person, Ask, Later, str], Awaitable[Message]]
"""Keeps a poll that is posted later, and returns what is said of it; the same stamp keeps one."""


class FormListeners:
    """The forms of polls, and the windows behind a card."""

    def __init__(
        self,
        polls: Polls,
        asked: AskedPolls,
        answers: Answers,
        results: PollResults,
        post_later: PostLater,
        languages: Languages,
        slack: Slack,
        afterwards: Afterwards,
        picks: Picks,
        audiences: Audiences,
        additions: Additions,
        defaults: DefaultRows,
        saved: SavedPolls,
        clock: Clock,
    ) -> None:
        self._saved = saved
        self._picks = picks
        self._audiences = audiences
        self._additions = additions
        self._defaults = defaults
        self._polls = polls
        self._asked = asked
        self._answers = answers
        self._results = results
        self._post_later = post_later
        self._languages = languages
        self._slack = slack
        self._afterwards = afterwards
        self._clock = clock

    def register(self, app: AsyncApp) -> None:
        """Listen for the forms and for the controls inside them."""
        for action_id in (
            forms.OPTION_UP,
            forms.OPTION_DOWN,
            forms.OPTION_REMOVE,
            forms.ADD_OPTION,
            forms.PICK_TEMPLATE,
            forms.TURN_PLACE,
            forms.MORE_SETTINGS,
            forms.WHO_AND_HOW,
            PICK_ISSUE,
            forms.CHANGED,
        ):
            app.action(action_id)(self.redraw_form)
        end_field = re.compile(rf"{forms.END_FIELD}(:[0-9]+)?")
        app.action({"block_id": end_field, "action_id": "value"})(self.redraw_form)
        app.action(forms.PREVIEW)(self.preview)
        app.action(forms.SAVE_TEMPLATE)(self.save_template)
        app.action(re.compile(rf"{windows.STILL}:.*"))(self.touch_preview)
        app.view(forms.CREATE_FORM)(self.create)
        app.view(forms.EDIT_FORM)(self.edit)
        app.view(windows.COMMENT_FORM)(self.comment)
        app.view(windows.OWNERS_FORM)(self.share)
        app.action(CommentClick.pattern())(self.open_comment)
        app.action(MoreClick.pattern())(self.open_more)
        app.action(NamesClick.pattern())(self.show_names)
        app.action(DuplicateClick.action_id)(self.duplicate)
        app.action(EditClick.pattern())(self.open_edit)
        app.action(OwnersClick.pattern())(self.open_owners)
        app.action(CloseClick.pattern())(self.close)
        app.action(DeleteClick.pattern())(self.delete)

    async def redraw_form(self, ack: AsyncAck, action: Body, body: Body) -> None:
        me = payloads.person(body)
        await answering.do_next(ack, self._redraw_form(me, action, body), body, self._afterwards)

    async def preview(self, ack: AsyncAck, body: Body) -> None:
        me = payloads.person(body)
        await answering.do_next(ack, self._preview(me, body), body, self._afterwards)

    async def save_template(self, ack: AsyncAck, body: Body) -> None:
        me = payloads.person(body)
        await answering.do_first(ack, self._save_template(me, body), body, self._afterwards)

    async def touch_preview(self, ack: AsyncAck) -> None:
        await ack()

    async def create(self, ack: AsyncAck, body: Body, view: Body) -> None:
        me = payloads.person(body)
        state = await self._picked(me, forms.read_form(view))
        draft = await self._draft(me, state)
        urls = body.get("response_urls") or []
        url = urls[0].get("response_url") if urls else None
        # A form that is submitted twice, by an impatient finger, makes one poll.
        posting = Posting(state.channel, url, str(view["id"]), state.thread_ts)
        local, kind = state.local, _kind(state)

        async def work() -> Message | None:
            ask = Ask(draft, kind, state.issue or state.page, local, site=state.site)
            if state.post_at is None and state.repeat is None:
                kept = await self._asked.ask(me, ask, posting)
                if kept is not None:
                    usual = await self._defaults.of(me.team_id)
                    return delayed(kept, self._asked.site, usual)
                there = state.has_source and not local
                if state.channel == state.here and not there:
                    return None
                return words(windows.created(draft.title, state.channel, is_kept_there=there))
            later = Later(state.post_at, state.repeat, state.channel)
            return await self._post_later(me, ask, later, str(view["id"]))

        await self._submit(ack, work(), body, state)

    async def edit(self, ack: AsyncAck, body: Body, view: Body) -> None:
        me, state = payloads.person(body), forms.read_form(view)

        async def work() -> None:
            await self._polls.edit(me, state.poll, partial(forms.edit_of, state))

        await self._submit(ack, work(), body, state)

    async def open_comment(self, ack: AsyncAck, action: Body, body: Body) -> None:
        click, me = CommentClick.unpack(action), payloads.person(body)
        await answering.do_next(ack, self._open_comment(me, click, body), body, self._afterwards)

    async def comment(self, ack: AsyncAck, body: Body, view: Body) -> None:
        me = payloads.person(body)
        poll_id, text = windows.read_comment(view)
        answered = await self._answers.comment(me, poll_id, text, stamp=payloads.delivery_id(body))
        if answered.repeated:
            await ack()
            return
        told = blocks.comment_kept(answered.kept.poll, answered.comment)
        await ack(response_action="update", view=told_view(told))

    async def open_more(self, ack: AsyncAck, action: Body, body: Body) -> None:
        click, me = MoreClick.unpack(action), payloads.person(body)
        await answering.do_next(ack, self._open_more(me, click, body), body, self._afterwards)

    async def show_names(self, ack: AsyncAck, action: Body, body: Body) -> None:
        click, me = NamesClick.unpack(action), payloads.person(body)
        await answering.do_next(ack, self._show_names(me, click, body), body, self._afterwards)

    async def duplicate(self, ack: AsyncAck, action: Body, body: Body) -> None:
        click, me = DuplicateClick.unpack(action), payloads.person(body)
        await answering.do_next(ack, self._duplicate(me, click, body), body, self._afterwards)

    async def open_edit(self, ack: AsyncAck, action: Body, body: Body) -> None:
        click, me = EditClick.unpack(action), payloads.person(body)
        await answering.do_next(ack, self._open_edit(me, click, body), body, self._afterwards)

    async def open_owners(self, ack: AsyncAck, action: Body, body: Body) -> None:
        click, me = OwnersClick.unpack(action), payloads.person(body)
        await answering.do_next(ack, self._open_owners(me, click, body), body, self._afterwards)

    async def share(self, ack: AsyncAck, body: Body, view: Body) -> None:
        poll_id, chosen, shown = windows.read_owners(view)
        await self._polls.share(payloads.person(body), poll_id, chosen, shown)
        told = told_view(say_marked(windows.OWNERS_SAVED), title=say("Co-owners"))
        await ack(response_action="update", view=told)

    async def close(self, ack: AsyncAck, action: Body, body: Body) -> None:
        click, me = CloseClick.unpack(action), payloads.person(body)
        await answering.do_first(ack, self._close(me, click, body), body, self._afterwards)

    async def delete(self, ack: AsyncAck, action: Body, body: Body) -> None:
        click, me = DeleteClick.unpack(action), payloads.person(body)
        await answering.do_first(ack, self._delete(me, click, body), body, self._afterwards)

    async def _save_template(self, me: Person, body: Body) -> None:
        view = payloads.form(body)
        draft = await self._draft(me, await self._picked(me, forms.read_form(view)))
        saved = await self._saved.keep_draft(me, draft, str(view.get("id")))
        form, trigger_id = template_form(saved, just_saved(saved)), str(body.get("trigger_id"))
        pushing = self._slack.of(me.team_id).push_form(trigger_id, form)
        await answering.done(pushing, saved_unseen(saved), body, self._afterwards)

    async def _take_template(self, me: Person, template_id: str, view: Body) -> None:
        """Write a template of somebody's own into the form, in place of what stood there."""
        saved = await self._saved.find(me, template_id)
        state = await self._picked(me, forms.read_form(view))
        about = await self._about(me, state)
        filled = forms.with_saved(state, self._saved.begin(saved).draft)
        if filled is None:
            raise TooMuchForForm
        workspace = self._slack.of(me.team_id)
        # What was typed stays in a field of the same name, so for a moment none is there.
        await workspace.update_form(view["id"], told_view(say("The template is taken …")))
        form = await self._create_form(me, filled, about)
        await self._check_target(me, filled, await workspace.update_form(view["id"], form))

    async def _redraw_form(self, me: Person, action: Body, body: Body) -> None:
        view = payloads.form(body)
        picked = forms.picked_template(action) if "selected_option" in action else ""
        if action.get("action_id") == forms.PICK_TEMPLATE and picked.startswith(forms.SAVED):
            await self._take_template(me, picked.removeprefix(forms.SAVED), dict(view))
            return
        # What a template asks is for everybody.
        with speaking(await self._languages.of_team(me.team_id)):
            state = _changed(forms.read_form(view), action, self._clock())
        state = await self._picked(me, state)
        about = await self._about(me, state)
        slack = self._slack.of(me.team_id)
        if state.poll:
            form = await self._edit_form(me, state, linked(about))
            await slack.update_form(view["id"], form)
            return
        state = forms.with_source(state, await self._polls.source_of(me, about))
        form = await self._create_form(me, state, about)
        await self._check_target(me, state, await slack.update_form(view["id"], form))

    async def open_new(
        self, me: Person, channel: str, wanted: OpenForm, trigger_id: str, thread: str = ""
    ) -> None:
        """Open the form of a new poll, filled in as far as it was typed.

        ``thread`` is the message of that channel under which the poll is to hang. Raises
        NotInForm with what to send instead where something was typed and no form opens.
        """
        await self._polls.must_make(me)
        try:
            await self._open_filled(me, channel, wanted, trigger_id, thread)
        except (BadInput, SlackError, SlackUnavailable) as error:
            if wanted.draft is None:
                raise
            usual = await self._defaults.of(me.team_id)
            raise NotInForm(error, as_command(wanted, usual)) from error

    async def _open_filled(
        self, me: Person, channel: str, wanted: OpenForm, trigger_id: str, thread: str
    ) -> None:
        """Open the form, and say in it at once what does not work where the poll is to be."""
        where = wanted.where
        about = await self._polls.guessed(me, channel, where)
        issue = about.subject if about.kind == "issue" else ""
        page = about.subject if about.kind == "page" else ""
        usual = await self._defaults.of(me.team_id)
        state = forms.FormState(
            issue=issue,
            page=page,
            site=self._asked.on(Draft("", ()), about, local=False).site,
            offered_issue=issue,
            offered_page=page,
            linked=bool(issue or page) and not (where or "").strip(),
            channel=channel if channel[:1] in ("C", "G") else "",
            thread=thread,
            thread_in=channel if thread else "",
            here=channel,
        )
        state = replace(forms.begun(state, usual), no_end=wanted.no_end)
        if wanted.draft is not None:
            wanted = await self._looked_up(me, wanted, wanted.draft)
        if wanted.draft is not None:
            room = forms.filled(state, wanted.draft)
            if room is None:
                raise TooMuchForForm
            state = room
        state = forms.with_source(state, await self._polls.source_of(me, about))
        if wanted.local:
            state = replace(state, keep="pollbot")
        state = replace(state, notes=" ".join(map(noted, wanted.notes)))
        # What is to be mended is shown, too.
        end_is_open = any(isinstance(note, NotAMoment) for note in wanted.notes)
        is_simple = forms.is_simple(state) and not end_is_open
        if is_simple:
            state = replace(state, more=False)
        elif not end_is_open:
            state = forms.with_more(state, self._clock())
        form = await self._create_form(me, state, about)
        shown = await self._slack.of(me.team_id).open_form(trigger_id, form)
        await self._check_target(me, state, shown)

    async def _check_target(self, me: Person, state: forms.FormState, shown: Shown | None) -> None:
        """Ask whether a poll can be made as the form has it now, and show what is in the way.

        Whatever the person changes meanwhile is asked about by that change, and what could not be
        asked by the next one.
        """
        is_known = state.asked == state.target and state.hitch is not forms.Hitch.NOT_ASKED
        if shown is None or not state.target or is_known:
            return
        hitch = await self._asked.hitch(me, await self._about(me, state), local=state.local)
        about = await self._about(me, state)  # by now more may be known of it
        state = forms.with_source(state, await self._polls.source_of(me, about))
        state = replace(state, hitch=hitch, asked=state.target)
        form = await self._create_form(me, state, about)
        slack = self._slack.of(me.team_id)
        try:
            await slack.update_form(shown.view_id, form, instead_of=shown)
        except (SlackError, SlackUnavailable) as error:
            # The form is there, and says the same when it is sent.
            log.info("what is in the way of a poll is not shown in its form: %s", error)

    async def _open_comment(self, me: Person, click: CommentClick, body: Body) -> None:
        answered = await self._answers.mine(me, click.poll)
        await self._slack.of(me.team_id).open_form(
            str(body.get("trigger_id")), windows.comment_form(answered.kept.poll, answered.comment)
        )

    async def _open_more(self, me: Person, click: MoreClick, body: Body) -> None:
        kept = await self._polls.find(me, click.poll)
        may_manage = await self._polls.may_manage(me, kept)
        by_option = await self._additions.by_option(kept) if may_manage else {}
        view = windows.more_view(
            kept.poll,
            may_manage=may_manage,
            now_open=kept.poll.is_open(self._clock()),
            may_share=self._polls.may_share(kept),
            on_issue=kept.kind == "issue",
            card_id=click.card or "",
        )
        view = windows.with_note(view, who_added(kept.poll, by_option))
        workspace, trigger_id = self._slack.of(me.team_id), str(body.get("trigger_id"))
        if payloads.in_window(body):
            # What somebody looks through waits below.
            await workspace.push_form(trigger_id, view)
        else:
            await workspace.open_form(trigger_id, view)

    async def _show_names(self, me: Person, click: NamesClick, body: Body) -> None:
        seen = await self._results.read(me, click.poll)
        if seen.results.hidden is not None:
            view = told_view(why_hidden(seen.poll, seen.results), title=say("Names"))
        else:
            view = windows.names_view(seen.poll, await self._results.names(seen), click.page)
        await answering.show(self._slack, body, view)

    async def _duplicate(self, me: Person, click: DuplicateClick, body: Body) -> None:
        ask = await self._polls.to_copy(me, click.poll)
        kept = await self._polls.find(me, click.poll)
        channel = payloads.channel_id(body) or await self._polls.channel_of(me, click.card or "")
        notes = windows.left_behind(kept, ask)
        if not await self.open_ask(me, channel, ask, body, notes):
            # What has no room in a form can be posted as it is.
            again = windows.copy_button(kept.poll, click.card or "")
            told = told_view(sentence(TooMuchForForm()), again)
            await answering.show(self._slack, body, told)

    async def open_ask(
        self, me: Person, channel: str, ask: Ask, body: Body, notes: str = ""
    ) -> bool:
        """Open the form of a new poll with all of this, and ``notes`` above; False if it is full.

        It takes the place of the window in which that was asked for.
        """
        about = await self._polls.known(me, ask.kind, ask.subject, ask.site)
        issue = about.subject if about.kind == "issue" else ""
        page = about.subject if about.kind == "page" else ""
        begun = forms.begun(
            forms.FormState(
                issue=issue,
                page=page,
                site=ask.site,
                offered_issue=issue,
                offered_page=page,
                channel=channel if channel[:1] in ("C", "G") else "",
                here=channel,
            ),
            await self._defaults.of(me.team_id),
        )
        # An end that it does not have is not what is usual, either.
        settings = ask.draft.settings
        stays_open = settings.ends_at is not None and not settings.closes_at_end
        begun = replace(begun, no_end=settings.ends_at is None, stays_open=stays_open, notes=notes)
        state = forms.filled(begun, ask.draft)
        if state is None:
            return False
        state = forms.with_source(state, await self._polls.source_of(me, about))
        if ask.local:
            state = replace(state, keep="pollbot")
        if forms.is_simple(state):
            state = replace(state, more=False)
        form = await self._create_form(me, state, about)
        await self._check_target(me, state, await answering.show(self._slack, body, form))
        return True

    async def _open_edit(self, me: Person, click: EditClick, body: Body) -> None:
        kept = await self._polls.to_change(me, click.poll)
        issue = kept.subject if kept.kind == "issue" else ""
        state = forms.state_of(kept.poll, kept.remind_before, kept.record, issue)
        await answering.show(self._slack, body, await self._edit_form(me, state))

    async def _open_owners(self, me: Person, click: OwnersClick, body: Body) -> None:
        kept = await self._polls.to_change(me, click.poll)
        await answering.show(self._slack, body, windows.owners_form(kept.poll, kept.owners))

    async def _close(self, me: Person, click: CloseClick, body: Body) -> None:
        kept = await self._polls.close(me, click.poll)
        # Where its form said so, the result is on its way to the issue already.
        offer = [record_button(kept.poll.id)] if kept.kind == "issue" and not kept.record else []
        said = blocks.closed(kept.poll)
        await answering.tell_done(self._slack, body, said, self._afterwards, *offer)

    async def _delete(self, me: Person, click: DeleteClick, body: Body) -> None:
        kept = await self._polls.delete(me, click.poll)
        said = blocks.deleted(kept.poll)
        await answering.tell_done(self._slack, body, said, self._afterwards)

    async def _preview(self, me: Person, body: Body) -> None:
        state = await self._picked(me, forms.read_form(payloads.form(body)))
        trigger_id, now = str(body.get("trigger_id")), self._clock()
        draft = checked(await self._draft(me, state), now)
        about = await self._about(me, state)
        with speaking(await self._languages.of_team(me.team_id)):
            card = forms.card_of(draft, me.user_id, now, about=linked(about))
        await self._slack.of(me.team_id).push_form(trigger_id, windows.preview_view(card))

    async def _picked(self, me: Person, state: forms.FormState) -> forms.FormState:
        """Return the form with what its menu of issues says, where that was changed."""
        if state.poll or state.picked == state.offered:
            return state
        if not state.picked:
            return forms.on_issue(state, "", "")
        try:
            about = await self._polls.guessed(me, state.channel, state.picked)
        except BadInput as error:
            raise BadField(state.issue_field, error) from error
        if about.kind != "issue":
            raise StaleForm
        site = self._asked.on(Draft("", ()), about, local=False).site
        state = forms.on_issue(state, about.subject, site)
        return forms.with_source(state, await self._polls.source_of(me, about))

    async def _draft(self, me: Person, state: forms.FormState) -> Draft:
        if not state.more:
            state = forms.with_end(state, self._clock())
        with speaking(await self._languages.of_team(me.team_id)):
            try:
                return forms.to_draft(state)
            except BadPart as error:
                raise BadField(forms.field_of(state, error), error) from error

    async def _create_form(self, me: Person, state: forms.FormState, about: About) -> Body:
        team = await self._languages.of_team(me.team_id)
        chosen = None
        if about.kind == "issue":
            issue = Suggested(about.site, about.subject)
            chosen = issue_choice(issue, of_several=self._picks.of_several)
        return forms.create_form(
            state,
            about=linked(about),
            team=team,
            chosen=chosen,
            saved=await self._saved.seen_by(me),
            groups=await self._groups(me, state),
        )

    async def _edit_form(self, me: Person, state: forms.FormState, about: str = "") -> Body:
        return forms.edit_form(state, about=about, groups=await self._groups(me, state))

    async def _groups(self, me: Person, state: forms.FormState) -> tuple[Group, ...] | None:
        """Return the user groups that the form offers, where it has a field for them."""
        if state.who is None or state.who.kind != "named":
            return ()
        return await self._audiences.groups(me.team_id)

    async def _meant(self, me: Person, draft: Draft) -> Draft:
        """Return the draft with the user groups that were typed by handle. Raises BadInput."""
        audience = await self._audiences.looked_up(me.team_id, draft.settings.audience)
        return replace(draft, settings=replace(draft.settings, audience=audience))

    async def _looked_up(self, me: Person, wanted: OpenForm, draft: Draft) -> OpenForm:
        """Return the form with such groups; without them, and with a note, if they are unknown."""
        try:
            return replace(wanted, draft=await self._meant(me, draft))
        except BadInput as error:
            everybody = replace(draft.settings, audience=EVERYBODY)
            known = replace(draft, settings=everybody)
            return replace(wanted, draft=known, notes=(*wanted.notes, error))

    async def _about(self, me: Person, state: forms.FormState) -> About:
        return await self._polls.known(me, _kind(state), state.issue or state.page, state.site)

    async def _submit(
        self,
        ack: AsyncAck,
        work: Coroutine[Any, Any, Message | None],
        body: Body,
        state: forms.FormState,
    ) -> None:
        async def placed() -> Message | None:
            try:
                return await work
            except (BadPart, EditsClash) as error:
                part = error.because if isinstance(error, EditsClash) else error
                raise BadField(forms.field_of(state, part), error) from error

        await answering.submission(
            ack,
            placed(),
            body,
            Address(state.channel),
            self._afterwards,
            Told(say("Poll"), say_marked(windows.SLOW_CARD)),
        )


def _changed(state: forms.FormState, action: Body, now: float) -> forms.FormState:
    """Return the form after a press on one of its own controls."""
    key = str(action.get("value") or "")
    match action.get("action_id"):
        case forms.OPTION_UP:
            return forms.move_option(state, key, -1)
        case forms.OPTION_DOWN:
            return forms.move_option(state, key, 1)
        case forms.OPTION_REMOVE:
            return forms.remove_option(state, key)
        case forms.ADD_OPTION:
            return forms.add_option(state)
        case forms.TURN_PLACE:
            return forms.turn_place(state)
        case forms.MORE_SETTINGS:
            return forms.with_more(state, now)
        case forms.WHO_AND_HOW:
            return forms.with_who(state)
        case forms.PICK_TEMPLATE:
            return forms.apply_template(state, forms.picked_template(action))
    return forms.posted_later(state, now)


def _kind(state: forms.FormState) -> Kind:
    return "issue" if state.issue else "page" if state.page else "plain"
