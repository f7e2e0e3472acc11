"""People of other workspaces: what is theirs, what is not, and what they are told."""

import copy
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from pollbot.sandbox.slack import Message, View
from pollbot.slack.clicks import (
    AnswerClick,
    Click,
    CloseClick,
    CommentClick,
    CopyClick,
    DeleteClick,
    DeleteScheduleClick,
    EditClick,
    EditScheduleClick,
    MoreClick,
    MyAnswerClick,
    NamesClick,
    OwnersClick,
    PauseClick,
    PostPollClick,
    RecordClick,
    ReopenClick,
    ResumeClick,
    RunNowClick,
    ScheduleClick,
    SetAnswerClick,
    ShowResultsClick,
)
from pollbot.slack.kit import actions, button
from pollbot.wiring import Pollbot
from tests.support import stored
from tests.support.house import ADA, BEN, PLANNING, House, rest
from tests.support.polls import action, close, element, manage, poll_id, remembered
from tests.support.polls import window as front
from tests.support.schedules import form as schedule_form
from tests.support.schedules import lines, listed, lunch, press, schedule

ELSEWHERE = "belongs to another workspace"
OTHER = "T0OTHER"


@pytest.mark.parametrize(
    "click",
    [
        AnswerClick(poll="{poll}", option="1"),
        SetAnswerClick(poll="{poll}", options=()),
        MyAnswerClick(poll="{poll}"),
        CommentClick(poll="{poll}"),
        MoreClick(poll="{poll}"),
        ShowResultsClick(poll="{poll}", view="bars"),
        NamesClick(poll="{poll}"),
        PostPollClick(poll="{poll}"),
        EditClick(poll="{poll}"),
        OwnersClick(poll="{poll}"),
        CloseClick(poll="{poll}"),
        DeleteClick(poll="{poll}"),
        ReopenClick(poll="{poll}"),
        CopyClick(poll="{poll}"),
        RecordClick(poll="{poll}"),
        ScheduleClick(poll="{poll}"),
        RunNowClick(schedule="{schedule}"),
        PauseClick(schedule="{schedule}"),
        ResumeClick(schedule="{schedule}"),
        EditScheduleClick(schedule="{schedule}"),
        DeleteScheduleClick(schedule="{schedule}"),
    ],
    ids=lambda click: type(click).__name__,
)
@pytest.mark.parametrize("org_wide", [False, True], ids=["of a team", "org-wide"])
async def test_what_belongs_to_another_team_is_said_to_belong_there(
    house: House, pollbot: Pollbot, click: Click, org_wide: bool
) -> None:
    card = await lunch(house)
    await schedule(house, card, every="daily", at="09:00")
    schedule_id = remembered(await listed(house), "schedule")
    named = click.model_copy(
        update={"schedule": schedule_id} if hasattr(click, "schedule") else {"poll": poll_id(card)}
    )
    message = house.slack.post(
        PLANNING, house.slack.bot_user_id, "-", [actions(button("-", named))]
    )
    body = house.slack.click_body(ADA, message.id, named.action_id)
    from_elsewhere(body, org_wide=org_wide)
    before = await lines(house), card.text, str(card.blocks)
    in_all = len(house.slack.messages)

    await house.slack.deliver(body, kind="interactive")

    await house.told(ADA, ELSEWHERE)
    await rest(house, pollbot)
    assert not any("deleted" in words for words in house.words(ADA))
    assert len(house.slack.messages) == in_all + 1, "no copy, no post, no letter"
    assert before == (await lines(house), card.text, str(card.blocks))
    assert not house.slack.views


def from_elsewhere(body: dict[str, Any], *, org_wide: bool) -> None:
    """Make the payload one of the same person in another workspace."""
    if "command" in body:
        body["team_id"] = OTHER
        return
    body["user"]["team_id"] = OTHER
    if org_wide:
        body["team"], body["enterprise"] = None, {"id": "E0ORG", "name": "org"}
        body["is_enterprise_install"] = True
    else:
        body["team"] = {"id": OTHER, "domain": "other"}
    if "view" in body:
        body["view"]["team_id"] = OTHER
        body["view"]["app_installed_team_id"] = "E0ORG" if org_wide else OTHER


Opening = Callable[[House, Message], Awaitable[tuple[View, dict[str, Any]]]]


async def editing(house: House, card: Message) -> tuple[View, dict[str, Any]]:
    form = await manage(house, ADA, card, "edit_poll", '"callback_id": "edit_poll"')
    return form, {"title": {element(form, "title"): "Dinner?"}}


async def sharing(house: House, card: Message) -> tuple[View, dict[str, Any]]:
    return await manage(house, ADA, card, "poll_owners", "Co-owners"), {"owners": {"value": [BEN]}}


async def commenting(house: House, card: Message) -> tuple[View, dict[str, Any]]:
    await house.slack.press(ADA, card.id, action(card, "Pizza"))
    await house.slack.press(ADA, card.id, action(card, "Comment"))
    form = await front(house, ADA, '"callback_id": "comment')
    return form, {"comment": {element(form, "comment"): "with cheese"}}


async def reopening(house: House, card: Message) -> tuple[View, dict[str, Any]]:
    await close(house, ADA, card)
    return await manage(house, ADA, card, "reopen_poll", '"callback_id": "reopen_poll_form"'), {}


async def scheduling(house: House, card: Message) -> tuple[View, dict[str, Any]]:
    await press(house, ADA, card, "Schedule results")
    return await schedule_form(house), {}


async def editing_a_schedule(house: House, card: Message) -> tuple[View, dict[str, Any]]:
    await schedule(house, card, every="daily", at="09:00")
    await press(house, ADA, await listed(house), "Edit")
    return await schedule_form(house), {}


@pytest.mark.parametrize(
    "opening", [editing, sharing, commenting, reopening, scheduling, editing_a_schedule]
)
@pytest.mark.parametrize("org_wide", [False, True], ids=["of a team", "org-wide"])
async def test_a_form_about_another_teams_says_so_and_stays_open(
    house: House,
    pollbot: Pollbot,
    opening: Opening,
    org_wide: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    card = await lunch(house, text='comments "Lunch?" "Pizza" "Soup"')
    form, values = await opening(house, card)
    await rest(house, pollbot)
    before = kept(house)
    delivered = house.slack.deliver

    async def elsewhere(body: dict[str, Any], **how: Any) -> Any:
        body = copy.deepcopy(body)
        from_elsewhere(body, org_wide=org_wide)
        return await delivered(body, **how)

    monkeypatch.setattr(house.slack, "deliver", elsewhere)
    sent = await house.slack.submit(ADA, form.id, values)

    said = (sent.json or {}).get("errors") or {}
    assert any(ELSEWHERE in words for words in said.values()), sent
    assert "deleted" not in sent.body
    assert form.id in house.slack.views
    await rest(house, pollbot)
    assert kept(house) == before


@pytest.mark.parametrize("label", ["Vote", "Withdraw"])
@pytest.mark.parametrize("org_wide", [False, True], ids=["of a team", "org-wide"])
async def test_an_account_is_its_persons_in_one_workspace_only(
    house: House, pollbot: Pollbot, label: str, org_wide: bool
) -> None:
    await house.connect(ADA)
    await house.slack.command(ADA, PLANNING, "/votes", "PLAT-13")
    card = await house.card("PLAT-13")
    if label == "Withdraw":
        await house.slack.press(ADA, card.id, action(card, "Vote"))
        await house.told(ADA, "counted")
    voters = set(house.jira.issues["PLAT-13"].voters)
    body = house.slack.click_body(ADA, card.id, action(card, label))
    from_elsewhere(body, org_wide=org_wide)

    await house.slack.deliver(body, kind="interactive")

    await house.told(ADA, "needs your Jira account once")
    await rest(house, pollbot)
    assert house.jira.issues["PLAT-13"].voters == voters


@pytest.mark.parametrize("words", ["list", "list PLAT-12"])
async def test_a_list_tells_of_no_poll_of_another_workspace(
    house: House, pollbot: Pollbot, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await house.connect(ADA)
    about = words.removeprefix("list").strip()
    await house.slack.command(ADA, PLANNING, "/poll", f'{about} "Lunch?" "Pizza" "Soup"')
    await house.card("Lunch?")
    await house.slack.command(ADA, PLANNING, "/poll", words)
    await house.told(ADA, "Lunch?")
    delivered = house.slack.deliver

    async def elsewhere(body: dict[str, Any], **how: Any) -> Any:
        body = copy.deepcopy(body)
        from_elsewhere(body, org_wide=False)
        return await delivered(body, **how)

    monkeypatch.setattr(house.slack, "deliver", elsewhere)
    house.slack.views.clear()  # the form of before; ``connect`` takes the one that is open
    await house.connect(ADA)
    before = len(house.words(ADA))

    await house.slack.command(ADA, PLANNING, "/poll", words)

    await house.told(ADA, "no poll")
    await rest(house, pollbot)
    assert not any("Lunch?" in said for said in house.words(ADA)[before:])


def kept(house: House) -> list[Any]:
    """Return what people have made and said, as it lies on disk."""
    return [
        house.rows(f"SELECT * FROM {table}")  # noqa: S608  names of tables
        for table in ("polls", "answers", "comments", "schedules", "accounts")
    ]


# A stranger's own: their account, and their vote

EVE, PARTNER = "U0EVE", "T0PARTNER"


@pytest.mark.parametrize("socket", [False, True], ids=["HTTP", "Socket Mode"])
async def test_a_stranger_connects_by_the_form_and_votes_as_themselves(
    house: House, socket: bool
) -> None:
    house.slack.add_person(EVE, "Eve", is_admin=True, team_id=PARTNER, shares=[PLANNING])
    house.jira.add_person("acc-eve", "Eve of Jira", "eve@example.com", token="eve-token")
    async with house.program(socket=socket) as pollbot:
        await house.connect(ADA)
        await house.slack.command(ADA, PLANNING, "/votes", "PLAT-13")
        card = await house.card("PLAT-13")

        pressed = await house.slack.press(EVE, card.id, action(card, "Vote"))
        assert (pressed.status, pressed.error) == (200, None), pressed
        asked = await house.told(EVE, "needs your Jira account once")
        await press(house, EVE, asked, "Connect Jira")
        form = await front(house, EVE, '"callback_id": "connect_jira"')
        sent = await house.slack.submit(
            EVE, form.id, {"email": {"value": "eve@example.com"}, "token": {"value": "eve-token"}}
        )

        submitted = house.slack.deliveries[-1].body
        assert (submitted["team"]["id"], submitted["user"]["team_id"]) == (PARTNER, PARTNER)
        assert "as *Eve of Jira*" in sent.body, sent
        await house.votes("PLAT-13", 1)
        assert house.jira.issues["PLAT-13"].voters == {"acc-eve"}
        await house.told(EVE, "counted")
        await house.slack.press(EVE, card.id, action(card, "Withdraw"))
        await house.votes("PLAT-13", 0)
        await rest(house, pollbot)
    assert house.rows("SELECT user_id FROM accounts ORDER BY 1") == [(ADA,), (EVE,)]
    assert teams_on_disk(house) == {house.slack.team_id}


def teams_on_disk(house: House) -> set[str]:
    """Return every team that anything is stored for; ids of deliveries are nobody's."""
    tables = stored.tables(house.database)
    return {
        team
        for table in (table for table, columns in tables.items() if "team_id" in columns)
        for (team,) in house.rows(f"SELECT team_id FROM {table}")  # noqa: S608  names of tables
        if team
    }
