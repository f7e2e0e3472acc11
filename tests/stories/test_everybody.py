"""Random payloads of every kind, from people of everywhere: the right person, the right rights."""

import copy
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest

from pollbot.accounts.blocks import connect_form
from pollbot.accounts.rules import OnSite
from pollbot.polls.defaults.rules import USUAL
from pollbot.sandbox.slack import Answer, Message
from pollbot.setup.blocks import NeedsJiraClick, setup_form
from pollbot.setup.defaults_blocks import defaults_form
from pollbot.setup.rules import Known
from pollbot.slack.clicks import PauseClick, ResumeClick
from pollbot.slack.kit import actions, button, view
from pollbot.wiring import Pollbot
from tests.support.house import ADA, BEN, CLEO, PLANNING, TWO_OF_US, House, rest
from tests.support.polls import action, element, manage, poll, poll_id, remembered
from tests.support.polls import window as front
from tests.support.schedules import schedule
from tests.support.torture import tries

EVE, SAM, FAY, GUS = "U0EVE", "U0SAM", "W0FAY", "W0GUS"
HOME, PARTNER, SISTER, ORGANISATION = "T0SANDBOX", "T0PARTNER", "T0SISTER", "E0ORG"

ELSEWHERE = "belongs to another workspace"
ONLY_ADMINS = "Only admins of this workspace"
ONLY_ITS_OWNER = "Only whoever made that schedule and admins"
ONLY_OWNERS = "Only whoever created the poll, its co-owners and admins"
TOO_OLD = "older version of pollbot"


@dataclass(frozen=True)
class Somebody:
    """``team`` is the workspace that what they do counts for, and is theirs to administer."""

    user: str
    team: str
    is_admin: bool = False

    @property
    def may_manage(self) -> bool:
        """Whether what is Ben's is theirs to manage."""
        return self.team == HOME and (self.is_admin or self.user == BEN)


OURS = [Somebody(ADA, HOME, is_admin=True), Somebody(BEN, HOME), Somebody(CLEO, HOME)]
STRANGERS = [Somebody(EVE, HOME), Somebody(SAM, HOME)]
"""Eve administers another workspace, which is nothing here."""
OF_THE_ORGANISATION = [Somebody(FAY, SISTER, is_admin=True), Somebody(GUS, SISTER)]


@dataclass
class Model:
    """What there should be: who has answered what, and what people have changed."""

    answers: dict[str, str] = field(default_factory=dict)
    comments: dict[str, str] = field(default_factory=dict)
    titles: dict[str, str] = field(default_factory=dict)
    polls: set[tuple[str, str, str]] = field(default_factory=set)
    paused: bool = False
    needs_jira: dict[str, bool] = field(default_factory=dict)
    defaults: dict[str, str] = field(default_factory=dict)
    accounts: set[tuple[str, str]] = field(default_factory=set)
    wishes: set[tuple[str, str]] = field(default_factory=set)


def found(house: House, lunch: str) -> Model:
    """Return what there is, as it lies on disk."""
    return Model(
        dict(house.rows("SELECT voter, option_id FROM answers WHERE poll_id = ?", lunch)),
        dict(house.rows("SELECT voter, comment FROM comments WHERE poll_id = ?", lunch)),
        dict(house.rows("SELECT id, title FROM polls WHERE id = ?", lunch)),
        set(house.rows("SELECT team_id, created_by, title FROM polls WHERE id <> ?", lunch)),
        bool(house.rows("SELECT paused FROM schedules")[0][0]),
        {team: bool(needs) for team, needs in house.rows("SELECT team_id, needs_jira FROM teams")},
        dict(house.rows("SELECT team_id, defaults FROM poll_defaults")),
        set(house.rows("SELECT team_id, user_id FROM accounts")),
        # A wish is kept until Jira has it, and Jira has it once there is an account.
        set(house.rows("SELECT team_id, user_id FROM intents"))
        | {
            (team, user)
            for team, user in house.rows("SELECT team_id, user_id FROM accounts")
            if f"acc-{user}" in house.jira.issues["PLAT-13"].voters
        },
    )


@dataclass
class Story:
    """One world, with Ben's poll and schedule in it, and a card of an issue."""

    house: House
    pollbot: Pollbot
    chance: random.Random
    lunch: Message
    issue: Message
    schedule_id: str
    everybody: list[Somebody]
    model: Model = field(default_factory=Model)
    made: int = 0

    @property
    def poll_id(self) -> str:
        return poll_id(self.lunch)

    def forged(self, *buttons: dict[str, Any]) -> Message:
        """Return a message with buttons that pollbot does not show to everybody."""
        return self.house.slack.post(
            PLANNING, self.house.slack.bot_user_id, "-", [actions(*buttons)]
        )

    def form(self, who: Somebody, drawn: dict[str, Any]) -> str:
        """Open a form for somebody, whoever could; return its id."""
        return self.house.slack.open_view(who.user, drawn, on_top=False).id


Done = tuple[Answer, str]
"""What was answered, and a part of what the person is to be told, empty if nothing."""
Act = Callable[[Story, Somebody], Awaitable[Done]]


async def make_a_poll(story: Story, who: Somebody) -> Done:
    story.made += 1
    title = f"Number {story.made}?"
    story.model.polls.add((who.team, who.user, title))
    said = await story.house.slack.command(
        who.user, PLANNING, "/poll", f'here "{title}" "Yes" "No"'
    )
    return said, ""


async def set_up(story: Story, who: Somebody) -> Done:
    said = await story.house.slack.command(who.user, PLANNING, "/pollbot", "setup")
    if who.is_admin:
        await front(story.house, who.user, "Where polls live")
    return said, "" if who.is_admin else ONLY_ADMINS


async def wish_by_command(story: Story, who: Somebody) -> Done:
    story.model.wishes.add((who.team, who.user))
    return await story.house.slack.command(who.user, PLANNING, "/vote", "PLAT-13"), ""


async def answer(story: Story, who: Somebody) -> Done:
    label = story.chance.choice(["Pizza", "Soup"])
    pressed = await story.house.slack.press(who.user, story.lunch.id, action(story.lunch, label))
    if who.team != HOME:
        return pressed, ELSEWHERE
    story.model.answers[who.user] = {"Pizza": "1", "Soup": "2"}[label]
    return pressed, ""


async def vote(story: Story, who: Somebody) -> Done:
    story.model.wishes.add((who.team, who.user))
    return await story.house.slack.press(who.user, story.issue.id, "vote"), ""


async def pause(story: Story, who: Somebody) -> Done:
    pausing = story.chance.random() < 0.5
    click = (PauseClick if pausing else ResumeClick)(schedule=story.schedule_id)
    message = story.forged(button("-", click))
    pressed = await story.house.slack.press(who.user, message.id, click.action_id)
    if not who.may_manage:
        return pressed, ONLY_ITS_OWNER if who.team == HOME else ELSEWHERE
    story.model.paused = pausing
    return pressed, "Paused" if pausing else "Next:"


async def need_jira(story: Story, who: Somebody) -> Done:
    needed = story.chance.random() < 0.5
    form = setup_form(Known({}, not needed, {"en": "English"}, "en"))
    pressed = await story.house.slack.view_action(
        who.user, story.form(who, form), NeedsJiraClick.action_id
    )
    if not who.is_admin:
        return pressed, ONLY_ADMINS
    story.model.needs_jira[who.team] = needed
    return pressed, ""


async def pause_in_a_form(story: Story, who: Somebody) -> Done:
    click = PauseClick(schedule=story.schedule_id)
    drawn = view("-", [actions(button("-", click))], callback_id="-")
    pressed = await story.house.slack.view_action(who.user, story.form(who, drawn), click.action_id)
    if not who.may_manage:
        return pressed, ONLY_ITS_OWNER if who.team == HOME else ELSEWHERE
    story.model.paused = True
    return pressed, "Paused"


async def connect(story: Story, who: Somebody) -> Done:
    form = story.form(
        who, connect_form([OnSite(story.house.jira.site_url, None)], '{"channel": ""}')
    )
    sent = await story.house.slack.submit(
        who.user,
        form,
        {
            "email": {"value": f"{who.user}@example.com"},
            "token": {"value": f"token-{who.user}"},
        },
    )
    story.model.accounts.add((who.team, who.user))
    assert f"as *{who.user}*" in sent.body, sent
    return sent, ""


async def edit(story: Story, who: Somebody) -> Done:
    story.made += 1
    title = f"Lunch {story.made}?"
    await manage(story.house, BEN, story.lunch, "edit_poll", '"callback_id": "edit_poll"')
    drawn = story.house.slack.stack_of(BEN)[-1].view
    form = story.form(who, copy.deepcopy(drawn))
    field_ = element(story.house.slack.views[form], "title")
    sent = await story.house.slack.submit(who.user, form, {"title": {field_: title}})
    if who.may_manage:
        story.model.titles[story.poll_id] = title
        return sent, ""
    why = ONLY_OWNERS if who.team == HOME else ELSEWHERE
    assert why in str((sent.json or {}).get("errors")), sent
    return sent, ""


async def save_defaults(story: Story, who: Somebody) -> Done:
    """Send the form of the workspace's defaults, as somebody may who has come by it."""
    form = story.form(who, defaults_form(USUAL))
    chosen = ["changeable", "names", "comments"]
    sent = await story.house.slack.submit(who.user, form, {"settings": {"value": chosen}})
    if who.is_admin:
        story.model.defaults[who.team] = '{"comments":true}'
    else:
        assert ONLY_ADMINS in str((sent.json or {}).get("errors")), sent
    return sent, ""


async def comment(story: Story, who: Somebody) -> Done:
    """Open the form by the card's button, as everybody can, and send it."""
    slack = story.house.slack
    pressed = await slack.press(who.user, story.lunch.id, action(story.lunch, "Comment"))
    if who.team != HOME:
        return pressed, ELSEWHERE
    form = await front(story.house, who.user, '"callback_id": "comment')
    story.made += 1
    words = f"Comment {story.made}"
    sent = await slack.submit(who.user, form.id, {"comment": {element(form, "comment"): words}})
    story.model.comments[who.user] = words
    return sent, ""


async def close_a_form(story: Story, who: Somebody) -> Done:
    drawn = view("-", [], callback_id=story.chance.choice(["edit_poll", "x"]))
    form = story.form(who, {**drawn, "notify_on_close": True})
    return await story.house.slack.close(who.user, form), ""


async def shortcut(story: Story, who: Somebody) -> Done:
    return await story.house.slack.shortcut(who.user, "of_another_version"), TOO_OLD


async def message_shortcut(story: Story, who: Somebody) -> Done:
    return await story.house.slack.shortcut(who.user, "vote", story.lunch.id), TOO_OLD


async def suggest(story: Story, who: Somebody) -> Done:
    menu = {"type": "external_select", "action_id": "issue"}
    drawn = view("-", [{"type": "actions", "elements": [menu]}], callback_id="-")
    answer = await story.house.slack.suggest(who.user, story.form(who, drawn), "issue", "PLAT")
    assert answer.json == {"options": []}, answer
    return answer, ""


async def happen(story: Story, who: Somebody) -> Done:
    what = {"type": "app_home_opened", "channel": "D0X", "tab": "home"}
    return await story.house.slack.happen(who.user, what), ""


KINDS: dict[str, list[Act]] = {
    "command": [make_a_poll, set_up, wish_by_command],
    "block_actions on a message": [answer, vote, pause],
    "block_actions in a form": [need_jira, pause_in_a_form],
    "view_submission": [connect, edit, comment, save_defaults],
    "view_closed": [close_a_form],
    "shortcut": [shortcut],
    "message_action": [message_shortcut],
    "block_suggestion": [suggest],
    "event_callback": [happen],
}


def varied(chance: random.Random, body: dict[str, Any]) -> dict[str, Any]:
    """Return the payload as Slack may write it as well: parts of it are not always there."""
    body = copy.deepcopy(body)
    org_wide = body.get("is_enterprise_install") in (True, "true")
    beside = ["token", "api_app_id", "is_enterprise_install", "team_domain", "user_name"]
    if not org_wide:
        beside += ["enterprise"]
        if "app_installed_team_id" in body.get("view", {}):
            beside += ["team"]
    for name in beside:
        if chance.random() < 0.3:
            body.pop(name, None)
    user = body.get("user")
    if isinstance(user, dict) and not org_wide and chance.random() < 0.3:
        user.pop("team_id", None)
    if isinstance(user, dict) and chance.random() < 0.3:
        user.pop("name", None)
    if isinstance(body.get("team"), dict) and chance.random() < 0.3:
        body["team"].pop("domain", None)
    if isinstance(body.get("view"), dict) and chance.random() < 0.3:
        body["view"].pop("team_id", None)
    return body


@asynccontextmanager
async def story_of(
    house: House, seed: int, *, org_wide: bool, socket: bool, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Story]:
    slack, chance = house.slack, random.Random(seed)  # noqa: S311 - repeatable, not secret
    slack.organisation = ORGANISATION if org_wide else ""
    for user, name, admin, team in (
        (EVE, "Eve", True, PARTNER),
        (SAM, "Sam", False, PARTNER),
        (FAY, "Fay", True, SISTER),
        (GUS, "Gus", False, SISTER),
    ):
        slack.add_person(user, name, is_admin=admin, team_id=team, shares=[PLANNING])
    for user in slack.people:
        house.jira.add_person(f"acc-{user}", user, f"{user}@example.com", token=f"token-{user}")
    async with house.program(socket=socket) as pollbot:
        lunch = await poll(house, 'comments "Lunch?" "Pizza" "Soup"', user=BEN)
        await house.connect(BEN, email=f"{BEN}@example.com", token=f"token-{BEN}")
        await slack.close(BEN, slack.stack_of(BEN)[-1].id)
        await slack.command(BEN, PLANNING, "/votes", "PLAT-13")
        issue = await house.card("PLAT-13")
        await schedule(house, lunch, user=BEN, every="daily", at="09:00")
        await slack.command(BEN, TWO_OF_US, "/pollbot", "schedules")
        listed = slack.visible_to(BEN, TWO_OF_US)[-1]
        others = OF_THE_ORGANISATION if org_wide else STRANGERS
        story = Story(
            house,
            pollbot,
            chance,
            lunch,
            issue,
            str(remembered(listed, "schedule")),
            [*OURS, *others],
        )
        story.model.titles[story.poll_id] = "Lunch?"
        story.model.accounts.add((HOME, BEN))
        delivered = slack.deliver

        async def deliver(body: dict[str, Any], **how: Any) -> Answer:
            return await delivered(varied(chance, body), **how)

        monkeypatch.setattr(slack, "deliver", deliver)
        await rest(house, pollbot)
        yield story


async def carried_out(story: Story, act: Act) -> None:
    """Let somebody do it, and see that all is as it should be then."""
    house, who = story.house, story.chance.choice(story.everybody)
    # Slack takes one message a second for each; a run of clicks is told once it is over.
    house.clock.ahead += 5.0
    await rest(house, story.pollbot)
    for open_ in reversed(house.slack.stack_of(who.user)):
        await house.slack.close(who.user, open_.id)
    before = {user: len(house.words(user)) for user in house.slack.people}

    answered, told = await act(story, who)
    await rest(house, story.pollbot)

    did = f"{act.__name__} by {who}"
    assert answered.status == 200, (did, answered)
    assert found(house, story.poll_id) == story.model, did
    if told:
        new = house.words(who.user)[before[who.user] :]
        assert any(told in words for words in new), (did, new)
    for user, count in before.items():
        assert user == who.user or len(house.words(user)) == count, f"{user} heard of {did}"


@pytest.mark.parametrize("org_wide", [False, True], ids=["with strangers", "org-wide"])
@pytest.mark.parametrize("kind", KINDS)
async def test_what_anybody_sends_counts_as_theirs_with_their_rights(
    house: House, monkeypatch: pytest.MonkeyPatch, kind: str, org_wide: bool
) -> None:
    async with story_of(
        house, 7, org_wide=org_wide, socket=False, monkeypatch=monkeypatch
    ) as story:
        for _ in range(tries(50, 1000)):
            await carried_out(story, story.chance.choice(KINDS[kind]))


@pytest.mark.parametrize("org_wide", [False, True], ids=["with strangers", "org-wide"])
@pytest.mark.parametrize("socket", [False, True], ids=["HTTP", "Socket Mode"])
async def test_all_kinds_together_by_either_door(
    house: House, monkeypatch: pytest.MonkeyPatch, socket: bool, org_wide: bool
) -> None:
    acts = [act for kind in KINDS.values() for act in kind]
    async with story_of(
        house, 11, org_wide=org_wide, socket=socket, monkeypatch=monkeypatch
    ) as story:
        for _ in range(tries(60, 1000)):
            await carried_out(story, story.chance.choice(acts))
