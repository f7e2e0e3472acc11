"""What people do, and how their Slack reacts to the app's answer.

Source: docs.slack.dev, slash commands, handling-user-interaction and modals.
"""

from __future__ import annotations

import functools
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from typing import Any, Concatenate, ParamSpec

from pollbot.sandbox.slack import blockkit
from pollbot.sandbox.slack import payloads as slack_payloads
from pollbot.sandbox.slack.delivery import Kind
from pollbot.sandbox.slack.state import (
    STATEFUL,
    NotOnScreenError,
    Part,
    Typed,
    button,
    complaints,
    current_entry,
    entry,
    find,
    find_in_view,
    option_called,
    still_there,
)
from pollbot.sandbox.slack.things import Answer, Message, View, fit, nothing_sent, with_error
from pollbot.sandbox.slack.workspace import MOST_VIEWS, Workspace

P = ParamSpec("P")
Act = Callable[Concatenate["Acts", P], Coroutine[Any, Any, Answer]]
Deliver = Callable[[dict[str, Any], Kind], Awaitable[Answer]]

TROUBLE = "We had some trouble connecting. Try again?"
INCOMPLETE = "Some fields need another look before this can be submitted."


def on_screen(act: Act[P]) -> Act[P]:
    """Make an act that the client does not offer an answer with an error; nothing is sent."""

    @functools.wraps(act)
    async def carefully(self: Acts, /, *args: P.args, **kwargs: P.kwargs) -> Answer:
        try:
            return await act(self, *args, **kwargs)
        except NotOnScreenError as problem:
            return nothing_sent(str(problem))

    return carefully


class Acts:
    """Everything a person can do to reach the app."""

    def __init__(self, home: Workspace, deliver: Deliver) -> None:
        self._home = home
        self._deliver = deliver
        self._chosen: dict[tuple[str, str], Typed] = {}

    @on_screen
    async def command(self, user: str, channel: str, command: str, text: str = "") -> Answer:
        """Run a slash command; what the app answers with is posted."""
        where = self._home.channels[channel]
        if not self._home.can_see(user, where):
            raise NotOnScreenError(f"{user} does not see {channel}")
        payload = slack_payloads.command(self._home, user, where, command, text)
        answer = await self._deliver(payload, "slash_commands")
        failed = f'{command} failed with the error "{{}}"'
        if answer.error is not None:
            return with_error(answer, failed.format(answer.error))
        said: dict[str, Any] = {"text": answer.body} if answer.json is None else answer.json
        blocks = said.get("blocks") or []
        if blockkit.problems(blocks, "message"):
            return with_error(answer, failed.format("invalid_command_response"))
        if said.get("text") or blocks:
            in_channel = said.get("response_type") == "in_channel"
            self._home.post(
                channel,
                self._home.bot_user_id,
                said.get("text") or "",
                blocks,
                ephemeral_for=None if in_channel else user,
            )
        return answer

    @on_screen
    async def press(
        self,
        user: str,
        message_id: str,
        action_id: str,
        *,
        block_id: str | None = None,
        value: str | None = None,
        action_ts: str | None = None,
    ) -> Answer:
        """Press a button of a message as it is drawn now.

        ``value`` picks among buttons of one name; the only button of its name is sent with it.
        """
        body = self.click_body(
            user, message_id, action_id, block_id=block_id, value=value, action_ts=action_ts
        )
        return await self.click(body)

    def click_body(
        self,
        user: str,
        message_id: str,
        action_id: str,
        *,
        block_id: str | None = None,
        value: str | None = None,
        action_ts: str | None = None,
    ) -> dict[str, Any]:
        """Return the payload of a button press without sending it."""
        message = self.message(user, message_id)
        block_id = still_there(message.blocks, block_id)
        part = button(find(message.blocks, action_id, block_id, "button", "icon_button"), value)
        what = slack_payloads.action(self._home, part, {}, action_ts)
        typed = self._chosen.get((message.id, user), {})
        return slack_payloads.message_action(self._home, user, message, what, typed)

    @on_screen
    async def choose(
        self, user: str, message_id: str, action_id: str, value: Any, *, block_id: str | None = None
    ) -> Answer:
        """Choose from a menu, boxes or an overflow menu in a message."""
        message = self.message(user, message_id)
        block_id = still_there(message.blocks, block_id)
        part = find(message.blocks, action_id, block_id, "overflow", *STATEFUL)[0]
        typed = self._chosen.setdefault((message.id, user), {})
        what = self._pick(part, value, typed)
        return await self.click(
            slack_payloads.message_action(self._home, user, message, what, typed)
        )

    @on_screen
    async def view_action(
        self,
        user: str,
        view_id: str,
        action_id: str,
        *,
        block_id: str | None = None,
        value: Any = None,
        values: Mapping[str, Any] | None = None,
    ) -> Answer:
        """Use an element of a form; the app hears of fields only where they ask for it.

        ``values`` are what the person typed into other fields before, as in ``submit``: the
        payload carries the state of the whole form.
        """
        opened = self._top_view(user, view_id)
        found = find_in_view(opened.view["blocks"], action_id, block_id)
        self._fill_in(opened, values or {})
        if found[0][1]["type"] == "button":
            part = button(found, value)
            what = slack_payloads.action(self._home, part, {})
        else:
            part = found[0]
            what = self._pick(part, value, opened.values)
            opened.errors.pop(part[0]["block_id"], None)
            self._home.changed()
        if part[0]["type"] == "input" and not part[0].get("dispatch_action"):
            return nothing_sent(None)
        return await self.click(slack_payloads.view_action(self._home, opened, what))

    @on_screen
    async def submit(self, user: str, view_id: str, values: Mapping[str, Any]) -> Answer:
        """Fill in a form and submit it; ``values`` are plain, by block_id and action_id."""
        opened = self._top_view(user, view_id)
        if opened.view.get("submit") is None:
            raise NotOnScreenError("this form has no submit button")
        self._fill_in(opened, values)
        opened.errors = complaints(opened.view["blocks"], opened.values)
        self._home.changed()
        if opened.errors:
            return nothing_sent(f"{INCOMPLETE} {opened.errors}")
        answer = await self._deliver(
            slack_payloads.view_submission(self._home, opened), "interactive"
        )
        if answer.error is not None:
            return with_error(answer, TROUBLE)
        return self._react(opened, answer)

    @on_screen
    async def shortcut(self, user: str, callback_id: str, message_id: str | None = None) -> Answer:
        """Use one of the app's shortcuts, from the menu of a message or from none."""
        if message_id is None:
            body = slack_payloads.shortcut(self._home, user, callback_id)
        else:
            message = self.message(user, message_id)
            body = slack_payloads.message_shortcut(self._home, user, message, callback_id)
        return await self.click(body)

    @on_screen
    async def suggest(
        self,
        user: str,
        view_id: str,
        action_id: str,
        typed: str,
        *,
        block_id: str | None = None,
        values: Mapping[str, Any] | None = None,
    ) -> Answer:
        """Type into a menu of a form whose options the app is asked for.

        Slack shows nothing of an answer with an option that it does not take.
        """
        opened = self._top_view(user, view_id)
        part = find(opened.view["blocks"], action_id, block_id, "external_select")[0]
        self._fill_in(opened, values or {})
        answer = await self.click(slack_payloads.suggestion(self._home, opened, part, typed))
        if answer.error is None and blockkit.option_problems((answer.json or {}).get("options")):
            return with_error(answer, f"{self._home.app_name} offers what Slack does not take")
        return answer

    async def happen(self, user: str, what: dict[str, Any]) -> Answer:
        """Do something that the app hears of as an event, such as to open its home."""
        return await self._deliver(slack_payloads.event(self._home, user, what), "events_api")

    @on_screen
    async def close(self, user: str, view_id: str) -> Answer:
        """Close a form with its X; the app hears of it only where it asked for that."""
        top = self._top_view(user, view_id)
        stack = self._home.stack_of(user)
        is_cleared = top.view.get("clear_on_close") is True or len(stack) == 1
        answer = nothing_sent(None)
        for closed in reversed(stack) if top.view.get("clear_on_close") else [top]:
            body = slack_payloads.view_closed(self._home, closed, is_cleared=is_cleared)
            self._home.close_view(closed)
            if closed.view.get("notify_on_close"):
                answer = await self._deliver(body, "interactive")
        return with_error(answer, None)

    def _fill_in(self, opened: View, values: Mapping[str, Any]) -> None:
        """Type and choose all of this in the form."""
        for block_id, fields in values.items():
            for action_id, value in fields.items():
                part = find(opened.view["blocks"], action_id, block_id, *STATEFUL)[0]
                self._pick(part, value, opened.values)

    def _react(self, opened: View, answer: Answer) -> Answer:
        """Do to the form what the answer to its submission asks for."""
        if opened.id not in self._home.views:
            return answer
        said = answer.json or {}
        match said.get("response_action"):
            case None if answer.body in ("", "{}"):
                self._home.close_view(opened)
            case "errors" if fit(said.get("errors"), opened):
                opened.errors = dict(said["errors"])
                self._home.changed()
            case "update" if not blockkit.view_problems(said.get("view")):
                self._home.update_view(opened, said["view"])
            case "push" if self._can_push(opened, said.get("view")):
                self._home.open_view(opened.user, said["view"], on_top=True)
            case "clear":
                for view in reversed(self._home.stack_of(opened.user)):
                    self._home.close_view(view)
            case _:
                return with_error(answer, TROUBLE)
        return answer

    def _can_push(self, opened: View, view: Any) -> bool:
        has_room = len(self._home.stack_of(opened.user)) < MOST_VIEWS
        return has_room and not blockkit.view_problems(view)

    async def click(self, body: dict[str, Any]) -> Answer:
        answer = await self._deliver(body, "interactive")
        if answer.error is None:
            return answer
        silent = f"{self._home.app_name} did not respond"
        failed = f"{self._home.app_name} answered with an error ({answer.status})"
        return with_error(answer, failed if answer.status else silent)

    def _pick(self, part: Part, value: Any, typed: Typed) -> dict[str, Any]:
        """Return the action of choosing ``value``, and remember it in ``typed``."""
        block, element = part
        if element["type"] not in STATEFUL:
            chosen = {"selected_option": option_called(element, value)}
            return slack_payloads.action(self._home, part, chosen)
        entry(element, value)
        typed.setdefault(block["block_id"], {})[element["action_id"]] = value
        return slack_payloads.action(self._home, part, current_entry(block, element, typed))

    def message(self, user: str, message_id: str) -> Message:
        for message in self._home.messages:
            if message.id == message_id and message in self._home.visible_to(user, message.channel):
                return message
        raise NotOnScreenError(f"{user} sees no message {message_id}")

    def _top_view(self, user: str, view_id: str) -> View:
        stack = self._home.stack_of(user)
        if not stack or stack[-1].id != view_id:
            raise NotOnScreenError(f"{user} has no form {view_id} in front")
        return stack[-1]
