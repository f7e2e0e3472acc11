"""/pollbot setup: the form for admins, and the buttons in it."""

from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from pollbot.people import Person
from pollbot.polls.answers.service import Answers
from pollbot.setup.audit_blocks import AuditClick, audit_view
from pollbot.setup.blocks import (
    ANSWERED,
    REMOVED,
    SAVED,
    SETUP_FORM,
    DefaultsClick,
    LanguageClick,
    NeedsJiraClick,
    RemoveSourceClick,
    macro_known,
    setup_form,
)
from pollbot.setup.defaults_blocks import DEFAULTS_FORM, defaults_form
from pollbot.setup.defaults_rules import read_defaults
from pollbot.setup.retention_blocks import (
    RETENTION_FORM,
    RetentionClick,
    read_retention,
    retention_form,
)
from pollbot.setup.rights_blocks import RIGHTS_FORM, RightsClick, rights_form
from pollbot.setup.rights_rules import read_rights
from pollbot.setup.rules import SITE, TOKEN, URL, WORKSPACE
from pollbot.setup.service import Setup
from pollbot.slack import answering, payloads
from pollbot.slack.afterwards import Afterwards
from pollbot.slack.client import Slack
from pollbot.text.catalog import say_marked

Body = dict[str, Any]


class SetupListeners:
    """What admins decide."""

    def __init__(
        self, answers: Answers, setup: Setup, slack: Slack, afterwards: Afterwards
    ) -> None:
        self._answers = answers
        self._setup = setup
        self._slack = slack
        self._afterwards = afterwards

    def register(self, app: AsyncApp) -> None:
        """Listen for the set-up form and its buttons; the command is one of /pollbot's words."""
        app.view(SETUP_FORM)(self.save)
        app.action(RemoveSourceClick.action_id)(self.remove_source)
        app.action(NeedsJiraClick.action_id)(self.needs_jira)
        app.action(LanguageClick.pattern())(self.choose_language)
        app.action(DefaultsClick.action_id)(self.open_defaults)
        app.view(DEFAULTS_FORM)(self.save_defaults)
        app.action(RightsClick.action_id)(self.open_rights)
        app.view(RIGHTS_FORM)(self.save_rights)
        app.action(AuditClick.pattern())(self.show_audit)
        app.action(RetentionClick.action_id)(self.open_retention)
        app.view(RETENTION_FORM)(self.save_retention)

    async def set_up(self, ack: AsyncAck, command: Body) -> None:
        me, trigger = payloads.person(command), str(command.get("trigger_id"))
        await answering.do_next(ack, self._open(me, trigger), command, self._afterwards)

    async def know_macro(self, ack: AsyncAck, command: Body) -> None:
        *page, macro_id = str(command["text"]).split() or [""]
        title = await self._setup.know_macro(payloads.person(command), " ".join(page), macro_id)
        await ack(**payloads.in_words(macro_known(title)))

    async def save(self, ack: AsyncAck, body: Body, view: Body) -> None:
        me = payloads.person(body)
        workspace = payloads.field(view, WORKSPACE)
        url, token = payloads.field(view, URL), payloads.field(view, TOKEN)
        await self._setup.add(me, workspace, url, token, payloads.chosen(view, SITE))
        await ack(response_action="update", view=await self._form(me, ANSWERED))

    async def remove_source(self, ack: AsyncAck, action: Body, body: Body) -> None:
        me, click = payloads.person(body), RemoveSourceClick.unpack(action)
        await self._setup.remove(me, click.source)
        redrawing = self._redraw(me, body, REMOVED)
        await answering.do_next(ack, redrawing, body, self._afterwards)

    async def needs_jira(self, ack: AsyncAck, action: Body, body: Body) -> None:
        me, click = payloads.person(body), NeedsJiraClick.unpack(action)
        await self._answers.set_needs_jira(me, needed=click.needed)
        redrawing = self._redraw(me, body, SAVED)
        await answering.do_next(ack, redrawing, body, self._afterwards)

    async def choose_language(self, ack: AsyncAck, action: Body, body: Body) -> None:
        me, click = payloads.person(body), LanguageClick.unpack(action)
        await self._setup.choose_language(me, click.code)
        redrawing = self._redraw(me, body, SAVED)
        await answering.do_next(ack, redrawing, body, self._afterwards)

    async def open_defaults(self, ack: AsyncAck, action: Body, body: Body) -> None:
        DefaultsClick.unpack(action)
        opening = self._open_defaults(payloads.person(body), body)
        await answering.do_next(ack, opening, body, self._afterwards)

    async def save_defaults(self, ack: AsyncAck, body: Body, view: Body) -> None:
        me = payloads.person(body)
        await self._setup.change_defaults(me, *read_defaults(view))
        await ack(response_action="update", view=await self._form(me, SAVED))

    async def open_rights(self, ack: AsyncAck, action: Body, body: Body) -> None:
        RightsClick.unpack(action)
        opening = self._open_rights(payloads.person(body), body)
        await answering.do_next(ack, opening, body, self._afterwards)

    async def save_rights(self, ack: AsyncAck, body: Body, view: Body) -> None:
        me = payloads.person(body)
        await self._setup.change_rights(me, *read_rights(view))
        await ack(response_action="update", view=await self._form(me, SAVED))

    async def show_audit(self, ack: AsyncAck, action: Body, body: Body) -> None:
        click, me = AuditClick.unpack(action), payloads.person(body)
        await answering.do_next(ack, self._show_audit(me, click, body), body, self._afterwards)

    async def _show_audit(self, me: Person, click: AuditClick, body: Body) -> None:
        drawn = audit_view(await self._setup.audit(me, click.page))
        await answering.show(self._slack, body, drawn)

    async def open_retention(self, ack: AsyncAck, action: Body, body: Body) -> None:
        RetentionClick.unpack(action)
        opening = self._open_retention(payloads.person(body), body)
        await answering.do_next(ack, opening, body, self._afterwards)

    async def save_retention(self, ack: AsyncAck, body: Body, view: Body) -> None:
        me = payloads.person(body)
        await self._setup.change_retention(me, *read_retention(view))
        await ack(response_action="update", view=await self._form(me, SAVED))

    async def _open_retention(self, me: Person, body: Body) -> None:
        known = await self._setup.known(me)
        await answering.show(self._slack, body, retention_form(known.retention))

    async def _open_rights(self, me: Person, body: Body) -> None:
        await answering.show(self._slack, body, rights_form(*await self._setup.rights(me)))

    async def _open_defaults(self, me: Person, body: Body) -> None:
        known = await self._setup.known(me)
        await answering.show(self._slack, body, defaults_form(known.defaults))

    async def _open(self, me: Person, trigger_id: str) -> None:
        await self._slack.of(me.team_id).open_form(trigger_id, await self._form(me))

    async def _redraw(self, me: Person, body: Body, done: str) -> None:
        form, said = await self._form(me, done), say_marked(done)
        await answering.show_done(self._slack, body, form, said, self._afterwards)

    async def _form(self, me: Person, done: str = "") -> dict[str, Any]:
        return setup_form(await self._setup.known(me), done=done)
