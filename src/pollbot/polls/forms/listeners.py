"""The forms around a poll: making, editing, commenting, names, and what else can be done."""

from collections.abc import Coroutine
from dataclasses import replace
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from pollbot.errors import (
    BadField,
    BadInput,
    BadPart,
    NotInForm,
    SlackError,
    SlackUnavailable,
)
from pollbot.people import Address, Person
from pollbot.polls import blocks
from pollbot.polls.cards import linked
from pollbot.polls.ends.blocks import record_button
from pollbot.polls.forms import blocks as forms
from pollbot.polls.forms import windows
from pollbot.polls.kept import Kind
from pollbot.polls.service import Posting
from pollbot.polls.sources.service import About
from pollbot.polls.typed import OpenForm, as_command
from pollbot.schedules.blocks import saved
from pollbot.schedules.rules import Ask
from pollbot.schedules.service import Later
from pollbot.services import Services, Shown
from pollbot.slack import answering, payloads
from pollbot.slack.clicks import (
    CloseClick,
    CommentClick,
    DeleteClick,
    EditClick,
    MoreClick,
    NamesClick,
    OwnersClick,
)
from pollbot.slack.kit import Message, escape

Body = dict[str, Any]

_SLOW = (
    ":hourglass_flowing_sand: This takes longer than usual. You may close this window; the card "
    "appears by itself, and if something is wrong, I will tell you."
)


def register(app: AsyncApp) -> None:
    """Listen for the forms and for the controls inside them."""
    for action_id in (
        forms.OPTION_UP,
        forms.OPTION_DOWN,
        forms.OPTION_REMOVE,
        forms.ADD_OPTION,
        forms.PICK_TEMPLATE,
        forms.TURN_PLACE,
        forms.CHANGED,
    ):
        app.action(action_id)(redraw_form)
    app.action({"block_id": forms.END_FIELD, "action_id": "value"})(redraw_form)
    app.view(forms.CREATE_FORM)(create)
    app.view(forms.EDIT_FORM)(edit)
    app.view(windows.COMMENT_FORM)(comment)
    app.view(windows.OWNERS_FORM)(share)
    app.action(CommentClick.pattern())(open_comment)
    app.action(MoreClick.pattern())(open_more)
    app.action(NamesClick.pattern())(show_names)
    app.action(EditClick.pattern())(open_edit)
    app.action(OwnersClick.pattern())(open_owners)
    app.action(CloseClick.pattern())(close)
    app.action(DeleteClick.pattern())(delete)


async def redraw_form(ack: AsyncAck, action: Body, body: Body, services: Services) -> None:
    me = payloads.person(body)
    await answering.do_next(ack, _redraw_form(me, action, body, services), body, services)


async def create(ack: AsyncAck, body: Body, view: Body, services: Services) -> None:
    me, state = payloads.person(body), forms.read_form(view)
    draft = forms.to_draft(state)
    urls = body.get("response_urls") or []
    url = urls[0].get("response_url") if urls else None
    # A form that is submitted twice, by an impatient finger, makes one poll.
    posting = Posting(state.channel, url, str(view["id"]))
    local, kind = state.local, _kind(state)

    async def work() -> Message | None:
        ask = Ask(draft, kind, state.issue or state.page, local)
        if state.post_at is None and state.repeat is None:
            return await services.asked.ask(me, ask, posting)
        later = Later(state.post_at, state.repeat, state.channel)
        kept = await services.schedules.post_later(me, ask, later, str(view["id"]))
        return saved(kept.row, kept.upcoming, kept.unasked)

    await _submit(ack, work(), me, state, services)


async def edit(ack: AsyncAck, body: Body, view: Body, services: Services) -> None:
    me, state = payloads.person(body), forms.read_form(view)

    async def work() -> None:
        await services.polls.edit(
            me, state.poll, forms.to_draft(state), forms.edited_options(state), state.shown
        )

    await _submit(ack, work(), me, state, services)


async def open_comment(ack: AsyncAck, action: Body, body: Body, services: Services) -> None:
    click, me = CommentClick.unpack(action), payloads.person(body)
    await answering.do_next(ack, _open_comment(me, click, body, services), body, services)


async def comment(ack: AsyncAck, body: Body, view: Body, services: Services) -> None:
    me = payloads.person(body)
    poll_id, text = windows.read_comment(view)
    answered = await services.answers.comment(me, poll_id, text, stamp=payloads.delivery_id(body))
    if answered.repeated:
        await ack()
        return
    told = blocks.comment_kept(answered.kept.poll, answered.comment)
    await ack(response_action="update", view=windows.told_view(told))


async def open_more(ack: AsyncAck, action: Body, body: Body, services: Services) -> None:
    click, me = MoreClick.unpack(action), payloads.person(body)
    await answering.do_next(ack, _open_more(me, click, body, services), body, services)


async def show_names(ack: AsyncAck, action: Body, body: Body, services: Services) -> None:
    click, me = NamesClick.unpack(action), payloads.person(body)
    await answering.do_next(ack, _show_names(me, click, body, services), body, services)


async def open_edit(ack: AsyncAck, action: Body, body: Body, services: Services) -> None:
    click, me = EditClick.unpack(action), payloads.person(body)
    await answering.do_next(ack, _open_edit(me, click, body, services), body, services)


async def open_owners(ack: AsyncAck, action: Body, body: Body, services: Services) -> None:
    click, me = OwnersClick.unpack(action), payloads.person(body)
    await answering.do_next(ack, _open_owners(me, click, body, services), body, services)


async def share(ack: AsyncAck, body: Body, view: Body, services: Services) -> None:
    poll_id, owners = windows.read_owners(view)
    await services.polls.share(payloads.person(body), poll_id, owners)
    told = ":white_check_mark: Saved. They can edit, close and delete this poll from *More*."
    await ack(response_action="update", view=windows.told_view(told, title="Co-owners"))


async def close(ack: AsyncAck, action: Body, body: Body, services: Services) -> None:
    click, me = CloseClick.unpack(action), payloads.person(body)
    await answering.do_first(ack, _close(me, click, body, services), body, services)


async def delete(ack: AsyncAck, action: Body, body: Body, services: Services) -> None:
    click, me = DeleteClick.unpack(action), payloads.person(body)
    await answering.do_first(ack, _delete(me, click, body, services), body, services)


async def _redraw_form(me: Person, action: Body, body: Body, services: Services) -> None:
    view = payloads.form(body)
    state = _changed(forms.read_form(view), action)
    about = await _about(me, state, services)
    if state.poll:
        await services.forms.update_form(view["id"], forms.edit_form(state, about=linked(about)))
        return
    state = forms.with_source(state, await services.polls.has_source(me, about))
    form = forms.create_form(state, about=linked(about))
    await _check_target(me, state, await services.forms.update_form(view["id"], form), services)


async def open_new(
    me: Person, channel: str, wanted: OpenForm, trigger_id: str, services: Services
) -> None:
    """Open the form of a new poll, filled in as far as it was typed.

    Raises NotInForm with what to send instead where something was typed and no form opens.
    """
    try:
        await _open_filled(me, channel, wanted, trigger_id, services)
    except (BadInput, SlackError, SlackUnavailable) as error:
        if wanted.draft is None:
            raise
        raise NotInForm(str(error), escape(as_command(wanted))) from error


async def _open_filled(
    me: Person, channel: str, wanted: OpenForm, trigger_id: str, services: Services
) -> None:
    """Open the form, and say in it at once what does not work where the poll is to be."""
    where = wanted.where
    about = await services.polls.guessed(me, channel, where)
    issue = about.subject if about.kind == "issue" else ""
    page = about.subject if about.kind == "page" else ""
    state = forms.FormState(
        issue=issue,
        page=page,
        offered_issue=issue,
        offered_page=page,
        linked=bool(issue) and not (where or "").strip(),
        channel=channel if channel[:1] in ("C", "G") else "",
    )
    state = forms.with_source(state, await services.polls.has_source(me, about))
    if wanted.local:
        state = replace(state, keep="pollbot")
    if wanted.draft is not None:
        room = forms.filled(state, wanted.draft)
        if room is None:
            raise BadInput("That is too much for a form, so none was opened.")
        state = room
    state = replace(state, notes=" ".join(wanted.notes))
    form = forms.create_form(state, about=linked(about))
    await _check_target(me, state, await services.forms.open_form(trigger_id, form), services)


async def _check_target(
    me: Person, state: forms.FormState, shown: Shown | None, services: Services
) -> None:
    """Ask whether a poll can be made as the form has it now, and show what is in the way.

    Whatever the person changes meanwhile is asked about by that change, and what could not be
    asked by the next one.
    """
    is_known = state.asked == state.target and state.hitch is not forms.Hitch.NOT_ASKED
    if shown is None or not state.target or is_known:
        return
    subject = state.issue or state.page
    hitch = await services.asked.hitch(me, _kind(state), subject, local=state.local)
    about = await _about(me, state, services)
    state = forms.with_source(state, await services.polls.has_source(me, about))
    state = replace(state, hitch=hitch, asked=state.target)
    form = forms.create_form(state, about=linked(about))
    await services.forms.update_form(shown.view_id, form, instead_of=shown)


async def _open_comment(me: Person, click: CommentClick, body: Body, services: Services) -> None:
    answered = await services.answers.mine(me, click.poll)
    await services.forms.open_form(
        str(body.get("trigger_id")), windows.comment_form(answered.kept.poll, answered.comment)
    )


async def _open_more(me: Person, click: MoreClick, body: Body, services: Services) -> None:
    kept = await services.polls.find(me, click.poll)
    view = windows.more_view(
        kept.poll,
        may_manage=await services.polls.may_manage(me, kept),
        names=kept.poll.settings.names,
        now_open=kept.poll.is_open(services.clock()),
        may_share=kept.remote_id is None,
        on_issue=kept.kind == "issue",
        card_id=click.card or "",
    )
    await services.forms.open_form(str(body.get("trigger_id")), view)


async def _show_names(me: Person, click: NamesClick, body: Body, services: Services) -> None:
    poll, names, why = await services.results.names(me, click.poll)
    view = (
        windows.told_view(why, title="Names")
        if why
        else windows.names_view(poll, names, click.page)
    )
    await show(body, view, services)


async def _open_edit(me: Person, click: EditClick, body: Body, services: Services) -> None:
    kept = await services.polls.find(me, click.poll)
    issue = kept.subject if kept.kind == "issue" else ""
    state = forms.state_of(kept.poll, kept.remind_before, kept.record, issue)
    await show(body, forms.edit_form(state), services)


async def _open_owners(me: Person, click: OwnersClick, body: Body, services: Services) -> None:
    kept = await services.polls.find(me, click.poll)
    await show(body, windows.owners_form(kept.poll, kept.owners), services)


async def _close(me: Person, click: CloseClick, body: Body, services: Services) -> None:
    kept = await services.polls.close(me, click.poll)
    # Where its form said so, the result is on its way to the issue already.
    offer = [record_button(kept.poll.id)] if kept.kind == "issue" and not kept.record else []
    await show(body, windows.told_view(blocks.closed(kept.poll), *offer), services)


async def _delete(me: Person, click: DeleteClick, body: Body, services: Services) -> None:
    kept = await services.polls.delete(me, click.poll)
    await show(body, windows.told_view(blocks.deleted(kept.poll)), services)


def _changed(state: forms.FormState, action: Body) -> forms.FormState:
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
        case forms.PICK_TEMPLATE:
            return forms.apply_template(state, forms.picked_template(action))
    return state


def _kind(state: forms.FormState) -> Kind:
    return "issue" if state.issue else "page" if state.page else "plain"


async def _about(me: Person, state: forms.FormState, services: Services) -> About:
    return await services.polls.known(me, _kind(state), state.issue or state.page)


async def _submit(
    ack: AsyncAck,
    work: Coroutine[Any, Any, Message | None],
    me: Person,
    state: forms.FormState,
    services: Services,
) -> None:
    async def placed() -> Message | None:
        try:
            return await work
        except BadPart as error:
            raise BadField(forms.field_of(state, error), str(error)) from error

    await answering.submission(
        ack,
        placed(),
        me,
        Address(state.channel),
        services,
        title="Poll",
        slow=_SLOW,
    )


async def show(body: Body, view: dict[str, Any], services: Services) -> None:
    """Show a view in place of the one that was pressed in, or in a new window."""
    if isinstance(body.get("view"), dict):
        await services.forms.update_form(body["view"]["id"], view)
    else:
        await services.forms.open_form(str(body.get("trigger_id")), view)
