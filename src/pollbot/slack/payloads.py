"""What a payload says about who, where and when; any of it may be missing."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from pollbot.errors import BadField, NobodyAsked, StaleForm
from pollbot.people import Address, Person, Pressed
from pollbot.slack.clicks import read_card, read_voter_of
from pollbot.slack.kit import Message, is_direct
from pollbot.slack.markup import unmarked

Body = Mapping[str, Any]

_ORGANISATION = "E"
"""What ids of organisations begin with; workspaces have a T."""


@dataclass(frozen=True, slots=True)
class Acted:
    """Who did something, and for which installation: empty as far as the payload does not say.

    ``team_id`` is the workspace for which pollbot is installed, which strangers in a shared
    channel do not belong to; ``user_id`` is the same whoever asks.
    """

    team_id: str
    user_id: str


def acted(body: Body) -> Acted:
    """Return who acted, and for which installation, from a payload of any kind.

    - Slack Connect: clicks on messages name our workspace as ``team`` and the stranger's own
      as ``user.team_id`` (java-slack-sdk#1041). Forms name the stranger's own as ``team``, and
      ours as ``view.app_installed_team_id`` (bolt-js#1614). Events name the workspace of
      whoever shared the channel as ``team_id``, and ours in ``authorizations``
      (java-slack-sdk#629) and as ``context_team_id`` (docs.slack.dev, Events API).
    - Installed for a whole organisation: ``team`` may be null, then the person's own workspace
      counts; ``view.app_installed_team_id`` may be the organisation's id (bolt-js#1720).
    """
    user = _part(body, "user")
    by = user.get("id") or body.get("user_id") or _part(_part(body, "event"), "user").get("id")
    organisation = ""
    for named in _installed_for(body, user):
        team_id = str(named or "")
        if team_id and not team_id.startswith(_ORGANISATION):
            return Acted(team_id, str(by or ""))
        organisation = organisation or team_id
    return Acted(organisation, str(by or ""))


def _installed_for(body: Body, user: Body) -> Iterator[object]:
    """Yield what may name the installation, the surest first."""
    view = _part(body, "view")
    authorized = body.get("authorizations") or [{}]
    yield view.get("app_installed_team_id")
    yield authorized[0].get("team_id")
    yield body.get("context_team_id")
    yield _part(body, "team").get("id")
    yield body.get("team_id")
    yield user.get("team_id")
    yield view.get("team_id")
    yield _part(body, "message").get("team")
    yield _part(body, "enterprise").get("id")
    yield body.get("enterprise_id")


def person(body: Body) -> Person:
    """Return who did it. Raises NobodyAsked."""
    who = acted(body)
    if not who.user_id or not who.team_id:
        raise NobodyAsked
    return Person(who.team_id, who.user_id)


def channel_id(body: Body) -> str:
    """Return the channel, empty where the payload has none, as from forms."""
    return next((one for one in _channels(body) if isinstance(one, str) and one), "")


def _channels(body: Body) -> Iterator[object]:
    """Yield what may name the channel; a crowd's clicks name it first."""
    yield _part(body, "channel").get("id")
    yield _part(body, "channel_id").get("id")
    yield _part(_part(body, "container"), "channel_id").get("id")
    yield _part(_part(body, "event"), "channel").get("id")


def address(body: Body) -> Address:
    """Return where a private answer goes."""
    url, channel, event = body.get("response_url"), channel_id(body), _part(body, "event")
    thread = body.get("thread_ts") or event.get("thread_ts")
    if is_direct(channel) and (event or is_written(body)):
        # Where two talk, an answer is a message like any other.
        channel, thread = "", None
    return Address(
        channel,
        str(url) if url else None,
        # Of a message that only one person sees, an answer may take the place.
        replaces=bool(_part(body, "container").get("is_ephemeral")),
        voter_of=_voter_of(body),
        seen=_shows_itself(body),
        thread_ts=str(thread) if thread else None,
    )


def is_written(body: Body) -> bool:
    """Return whether this command was written in a message, which brings no trigger for a form."""
    return body.get("written") is True


def thread_of(body: Body) -> str | None:
    """Return the thread that a command was given in, which none but a written one can be."""
    thread = body.get("thread_ts")
    return str(thread) if thread else None


def step_of(body: Body) -> str:
    """Return the step to which a workflow of Slack's has come; empty if it has to none."""
    event = _part(body, "event")
    if event.get("type") != "function_executed":
        return ""
    return str(_part(event, "function").get("callback_id") or "")


def in_window(body: Body) -> bool:
    """Return whether it was done in a window, which may show something else then."""
    view = body.get("view")
    return isinstance(view, Mapping) and view.get("type") != "home"


def on_home(body: Body) -> Mapping[str, Any] | None:
    """Return the view of App Home in which something was pressed; None if it was elsewhere."""
    view = body.get("view")
    return view if isinstance(view, Mapping) and view.get("type") == "home" else None


def _shows_itself(body: Body) -> bool:
    """Return whether the click was made where it is drawn anew for this person only."""
    kinds = (_part(body, part).get("type") for part in ("view", "container"))
    return any(kind in _DRAWN_FOR_ONE for kind in kinds)


def _voter_of(body: Body) -> str | None:
    """Return the poll of which somebody pressed a message as one who answers it, or may have."""
    actions = body.get("actions")
    if not isinstance(actions, list) or not actions or body.get("view"):
        return None
    return read_voter_of(actions[0])


def pressed(body: Body) -> Pressed | None:
    """Return the card that was pressed and where it hangs; None if it was none.

    What only one person sees is no card: nobody but that person can have it changed.
    """
    container, message = _part(body, "container"), _part(body, "message")
    ts = container.get("message_ts") or message.get("ts")
    channel = channel_id(body)
    whole = read_card(message.get("blocks"))
    card = whole or read_card(_as_blocks(body.get("actions")))
    if card is None or not ts or not channel or container.get("is_ephemeral"):
        return None
    url = body.get("response_url")
    return Pressed(
        card.card,
        channel,
        str(ts),
        str(url) if url else None,
        poll_id=card.poll,
        issue_key=card.issue,
        site=card.site,
        offered=whole.options if whole is not None else None,
        preview=container.get("type") == "message_attachment",
    )


def _as_blocks(actions: object) -> list[Body]:
    """Return what was pressed as the blocks that it stands in, as far as it tells."""
    return [
        {"block_id": action.get("block_id"), "elements": [action]}
        for action in (actions if isinstance(actions, list) else [])
        if isinstance(action, Mapping)
    ]


_DRAWN_FOR_ONE = ("home",)
"""App Home: what is drawn there is drawn for its reader."""

_KINDS = {
    "block_actions": "button",
    "view_submission": "form",
    "view_closed": "form closed",
    "block_suggestion": "options",
    "event_callback": "event",
    "shortcut": "shortcut",
    "message_action": "shortcut",
}


def kind_of(body: Body) -> str:
    """Return what kind of delivery it is, in one of a few words; ``button`` is any control."""
    if "type" not in body and "command" in body:
        return "command"
    return _KINDS.get(str(body.get("type")), "other")


def delivery_id(body: Body) -> str | None:
    """Return what tells this delivery from all others, whoever looks; None if nothing does.

    Slack gives each command, form and shortcut a trigger of its own, each event an id, and
    each press a time. What only asks for options, or tells that a form was closed, counts as
    often as it comes.
    """
    who, view = acted(body), _part(body, "view")
    kind = str(body.get("type") or "command")
    own: list[object]
    match kind:
        case "block_actions":
            action = body["actions"][0]
            names = ("action_ts", "action_id", "block_id", "value")
            own = [*(action.get(name) for name in names), view.get("id")]
        case "event_callback":
            own = [body.get("event_id")]
        case "view_submission":
            own = [body.get("trigger_id"), view.get("id"), view.get("hash")]
        case "command":
            own = [body.get("trigger_id"), body.get("command"), body.get("text")]
        case "shortcut" | "message_action":
            own = [body.get("trigger_id"), body.get("callback_id")]
        case _:
            return None
    if not own[0]:
        return None
    named = json.dumps([kind, who.team_id, who.user_id, *own])
    return sha256(named.encode()).hexdigest()


def field(view: Body, block_id: str) -> str:
    """Return what was typed into a field of a form, without surrounding white space."""
    values = _part(_part(view, "state"), "values")
    value = _part(_part(values, block_id), "value").get("value")
    return str(value or "").strip()


def named(view: Body, block_id: str) -> str:
    """Return what was picked in a menu of a form, or typed where an older one had a line."""
    values = _part(_part(view, "state"), "values")
    for element in _part(values, block_id).values():
        if isinstance(element, Mapping):
            picked = _part(element, "selected_option").get("value") or element.get("value")
            return str(picked or "").strip()
    return ""


def channel_chosen(view: Body) -> str:
    """Return the channel that is chosen in a form; empty if none is."""
    values = _part(_part(view, "state"), "values")
    for field in values.values():
        for element in field.values() if isinstance(field, Mapping) else ():
            if isinstance(element, Mapping) and element.get("selected_conversation"):
                return str(element["selected_conversation"])
    return ""


def people_chosen(view: Body, block_id: str) -> list[str]:
    """Return the people who were chosen in a field of a form."""
    values = _part(_part(view, "state"), "values")
    chosen = _part(_part(values, block_id), "value").get("selected_users")
    return [one for one in chosen if isinstance(one, str)] if isinstance(chosen, list) else []


def chosen(view: Body, block_id: str) -> str:
    """Return the value of what was chosen in a field of a form; empty if nothing was."""
    values = _part(_part(view, "state"), "values")
    option = _part(_part(_part(values, block_id), "value"), "selected_option")
    return str(option.get("value") or "")


def at_field(view: Body, error: Exception, said: str) -> dict[str, Any] | None:
    """Return the answer to a form that keeps it open with a sentence, which has no markup.

    Slack takes one at inputs only. What is about none that the form has stands at the last,
    next to the button that was pressed. None if it has no input at all.
    """
    drawn = view.get("blocks")
    inputs = [
        str(one["block_id"])
        for one in (drawn if isinstance(drawn, list) else [])
        if isinstance(one, Mapping) and one.get("type") == "input" and one.get("block_id")
    ]
    if not inputs:
        return None
    meant = error.field if isinstance(error, BadField) else None
    at = meant if meant in inputs else inputs[-1]
    return {"response_action": "errors", "errors": {at: unmarked(said)}}


def form(body: Body) -> Mapping[str, Any]:
    """Return the form that a control was used in. Raises StaleForm if there is none."""
    view = body.get("view")
    if not isinstance(view, Mapping):
        raise StaleForm
    return view


def in_words(message: Message) -> dict[str, Any]:
    """Return the message as the answer to a slash command, seen by one person."""
    return {"response_type": "ephemeral", "text": message.text, "blocks": message.blocks}


def _part(body: Body, name: str) -> Mapping[str, Any]:
    """Return a part of the payload; some kinds have its id in its place."""
    part = body.get(name)
    if isinstance(part, str):
        return {"id": part}
    return part if isinstance(part, dict) else {}
