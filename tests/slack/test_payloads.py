"""Who acted, where, and for which installation: one reader, and every kind of payload."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from pollbot.sandbox.slack import payloads as slack_payloads
from pollbot.sandbox.slack.things import Message, View
from pollbot.sandbox.slack.workspace import Workspace
from pollbot.slack.payloads import Acted, acted, channel_id

ADA, EVE, FAY = "U0ADA", "U0EVE", "W0FAY"
HOME, PARTNER, SISTER, ORGANISATION = "T0SANDBOX", "T0PARTNER", "T0SISTER", "E0ORG"
PLANNING = "C0PLANNING"

Json = dict[str, Any]


@dataclass(frozen=True)
class World:
    """A workspace with a message and an open form; ``user`` does something there."""

    home: Workspace
    user: str
    message: Message
    form: View


def world(user: str, *, org_wide: bool) -> World:
    home = Workspace()
    home.organisation = ORGANISATION if org_wide else ""
    home.add_channel(PLANNING, "planning")
    home.add_person(ADA, "Ada")
    home.add_person(EVE, "Eve", team_id=PARTNER, shares=[PLANNING])
    home.add_person(FAY, "Fay", team_id=SISTER, shares=[PLANNING])
    menu = {"type": "external_select", "action_id": "issue"}
    blocks: list[Json] = [
        {"type": "actions", "block_id": "b", "elements": [{"type": "button", "action_id": "a"}]},
        {"type": "input", "block_id": "m", "element": menu},
    ]
    view = {"type": "modal", "title": {"type": "plain_text", "text": "-"}, "blocks": blocks}
    return World(
        home,
        user,
        home.post(PLANNING, home.bot_user_id, "-", blocks[:1]),
        home.open_view(user, view, on_top=False),
    )


def pressed(in_: World, blocks: list[Json]) -> Json:
    part = (blocks[0], blocks[0]["elements"][0])
    return slack_payloads.action(in_.home, part, {})


def home_tab(in_: World) -> Json:
    """Return a press in the app's home: its view is one of the person's own workspace."""
    body = slack_payloads.view_action(in_.home, in_.form, pressed(in_, in_.form.view["blocks"]))
    body["view"]["type"] = "home"
    return body


def ephemeral(in_: World) -> Json:
    in_.message.ephemeral_for = in_.user
    return from_message(in_)


def from_message(in_: World) -> Json:
    what = pressed(in_, in_.message.blocks)
    return slack_payloads.message_action(in_.home, in_.user, in_.message, what, {})


KINDS: dict[str, tuple[Callable[[World], Json], str]] = {
    "a command": (
        lambda w: slack_payloads.command(w.home, w.user, w.home.channels[PLANNING], "/poll", ""),
        PLANNING,
    ),
    "a press on a message": (from_message, PLANNING),
    "a press on what only one sees": (ephemeral, PLANNING),
    "a press in a form": (
        lambda w: slack_payloads.view_action(w.home, w.form, pressed(w, w.form.view["blocks"])),
        "",
    ),
    "a press in the app's home": (home_tab, ""),
    "a form that was sent": (lambda w: slack_payloads.view_submission(w.home, w.form), ""),
    "a form that was closed": (
        lambda w: slack_payloads.view_closed(w.home, w.form, is_cleared=False),
        "",
    ),
    "a shortcut": (lambda w: slack_payloads.shortcut(w.home, w.user, "new_poll"), ""),
    "a message's shortcut": (
        lambda w: slack_payloads.message_shortcut(w.home, w.user, w.message, "new_poll"),
        PLANNING,
    ),
    "a question for options": (
        lambda w: slack_payloads.suggestion(
            w.home, w.form, (w.form.view["blocks"][1], w.form.view["blocks"][1]["element"]), "PL"
        ),
        "",
    ),
    "an event": (
        lambda w: slack_payloads.event(
            w.home, w.user, {"type": "link_shared", "channel": PLANNING, "links": []}
        ),
        PLANNING,
    ),
}


@pytest.mark.parametrize(
    ("user", "org_wide", "team_id"),
    [
        (ADA, False, HOME),
        (EVE, False, HOME),
        (ADA, True, HOME),
        (FAY, True, SISTER),
    ],
    ids=["of our own", "a stranger", "org-wide", "org-wide, of another workspace"],
)
@pytest.mark.parametrize(("kind", "channel"), KINDS.values(), ids=KINDS)
def test_who_acted_is_read_from_every_kind(
    kind: Callable[[World], Json], channel: str, user: str, org_wide: bool, team_id: str
) -> None:
    body = kind(world(user, org_wide=org_wide))

    assert acted(body) == Acted(team_id, user)
    assert channel_id(body) == channel


def without(body: Json, *names: str) -> Json:
    return {name: part for name, part in body.items() if name not in names}


CLICK = from_message(world(EVE, org_wide=False))
SENT = slack_payloads.view_submission((w := world(EVE, org_wide=False)).home, w.form)
BY_ID = (HOME, EVE, PLANNING)
AS_DOCUMENTED = {
    "a team as an id": ({**CLICK, "team": HOME}, BY_ID),
    "a user as an id": ({**CLICK, "user": EVE}, BY_ID),
    "a channel as an id": ({**CLICK, "channel": PLANNING}, BY_ID),
    "no team of the user": ({**CLICK, "user": {"id": EVE}}, BY_ID),
    "no channel but the message's": (without(CLICK, "channel"), BY_ID),
    "no team but the user's": ({**CLICK, "team": None}, (PARTNER, EVE, PLANNING)),
    "no team but the message's": (
        {**CLICK, "team": None, "user": {"id": EVE}},
        BY_ID,
    ),
    "an organisation as the team": (
        {**CLICK, "team": {"id": ORGANISATION}, "user": {"id": EVE, "team_id": SISTER}},
        (SISTER, EVE, PLANNING),
    ),
    "a form opened for an organisation": (
        {**SENT, "team": None, "view": {**SENT["view"], "app_installed_team_id": ORGANISATION}},
        (PARTNER, EVE, ""),
    ),
    "nothing but the organisation": (
        {"type": "shortcut", "user": {"id": EVE}, "team": None, "enterprise": {"id": ORGANISATION}},
        (ORGANISATION, EVE, ""),
    ),
    "an event that says whose installation it is": (
        {
            "type": "event_callback",
            "team_id": PARTNER,
            "context_team_id": HOME,
            "event": {"type": "app_home_opened", "user": {"id": EVE}, "channel": "D1"},
        },
        (HOME, EVE, "D1"),
    ),
    "an event of nobody": (
        {
            "type": "event_callback",
            "team_id": PARTNER,
            "event": {"type": "app_uninstalled"},
            "authorizations": [{"team_id": HOME, "enterprise_id": None}],
        },
        (HOME, "", ""),
    ),
    "nobody": ({"type": "shortcut", "user": None, "team": None}, ("", "", "")),
}


@pytest.mark.parametrize(("body", "who"), AS_DOCUMENTED.values(), ids=AS_DOCUMENTED)
def test_who_acted_is_read_however_it_is_told(body: Json, who: tuple[str, str, str]) -> None:
    *by, channel = who

    assert acted(body) == Acted(*by)
    assert channel_id(body) == channel


@pytest.mark.parametrize("channel", ["C1", {"id": "C1"}, {"id": "C1", "name": "planning"}])
@pytest.mark.parametrize(
    "around",
    [
        lambda channel: {"channel": channel},
        lambda channel: {"channel": None, "channel_id": channel},
        lambda channel: {"container": {"channel_id": channel}},
        lambda channel: {"channel": {"id": None}, "event": {"channel": channel}},
        lambda channel: {"channel": {"id": {"id": "C2"}}, "event": {"channel": channel}},
    ],
)
def test_where_it_was_is_read_however_it_is_told(
    around: Callable[[object], Json], channel: object
) -> None:
    assert channel_id(around(channel)) == "C1"


@pytest.mark.parametrize("channel", [None, "", {}, {"id": None}, {"id": 5}, 5, ["C1"]])
def test_what_is_no_channel_is_none(channel: object) -> None:
    assert channel_id({"channel": channel, "event": {"channel": channel}}) == ""
