"""/pollbot setup: the form for admins, and the buttons in it."""

from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from pollbot.people import Person
from pollbot.services import Services
from pollbot.setup.blocks import (
    SETUP_FORM,
    TOKEN,
    URL,
    WORKSPACE,
    NeedsJiraClick,
    RemoveSourceClick,
    setup_form,
)
from pollbot.slack import answering, payloads

Body = dict[str, Any]


def register(app: AsyncApp) -> None:
    """Listen for the set-up form and its buttons; the command is one of /pollbot's words."""
    app.view(SETUP_FORM)(save)
    app.action(RemoveSourceClick.action_id)(remove_source)
    app.action(NeedsJiraClick.action_id)(needs_jira)


async def open_setup(me: Person, trigger_id: str, services: Services) -> None:
    """Open the form; says NotYours to everybody but admins."""
    await services.forms.open_form(trigger_id, await _form(me, services))


async def save(ack: AsyncAck, body: Body, view: Body, services: Services) -> None:
    me = payloads.person(body)
    workspace = payloads.field(view, WORKSPACE)
    await services.setup.add(me, workspace, payloads.field(view, URL), payloads.field(view, TOKEN))
    done = "Saved: Team Voice answered. Its token is kept encrypted."
    await ack(response_action="update", view=await _form(me, services, done))


async def remove_source(ack: AsyncAck, action: Body, body: Body, services: Services) -> None:
    me, click = payloads.person(body), RemoveSourceClick.unpack(action)
    await services.setup.remove(me, click.source)
    redrawing = _redraw(me, payloads.form(body)["id"], "Removed. The token is forgotten.", services)
    await answering.do_next(ack, redrawing, body, services)


async def needs_jira(ack: AsyncAck, action: Body, body: Body, services: Services) -> None:
    me, click = payloads.person(body), NeedsJiraClick.unpack(action)
    await services.answers.set_needs_jira(me, needed=click.needed)
    redrawing = _redraw(me, payloads.form(body)["id"], "Saved.", services)
    await answering.do_next(ack, redrawing, body, services)


async def _redraw(me: Person, view_id: str, done: str, services: Services) -> None:
    await services.forms.update_form(view_id, await _form(me, services, done))


async def _form(me: Person, services: Services, done: str = "") -> dict[str, Any]:
    known = await services.setup.known(me)
    return setup_form(known.sources, needs_jira=known.needs_jira, done=done)
