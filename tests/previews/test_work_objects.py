"""Previews as Work Objects: a link opens a pane, in which each sees and casts their own vote."""

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest

from pollbot.sandbox.slack import Message
from pollbot.sandbox.slack.panes import Pane
from pollbot.wiring import Pollbot
from tests.support.house import ADA, BEN, CLEO, LEADS, PLANNING, House, rest
from tests.support.team_voice import command, in_time

KEY = "PLAT-12"
REFUSALS = [
    "feature_not_enabled",
    "missing_unfurls",
    "invalid_metadata_format",
    "invalid_arguments",
]


@pytest.fixture(autouse=True)
def open_issue(house: House) -> None:
    """The site shows its issues to anybody, and the app may send Work Objects."""
    house.jira.anonymous_may_browse = True
    house.slack.work_objects.is_on = True


def link(house: House, key: str = KEY) -> str:
    return f"{house.jira.site_url}/browse/{key}"


async def switch(house: House, user: str = ADA, channel: str = PLANNING) -> None:
    await house.slack.command(user, channel, "/pollbot", "previews")
    said = next(
        m for m in reversed(house.slack.messages) if m.ephemeral_for == user and "preview" in m.text
    )
    in_time(await house.slack.press(user, said.id, "work_objects"))


async def switched_on(house: House) -> None:
    await switch(house)
    await house.told(ADA, "are Work Objects: open one")


async def shared(house: House, key: str = KEY, user: str = BEN) -> tuple[Message, str]:
    """Share a link, and return its message once a Work Object stands below it."""
    url = link(house, key)
    message = await house.slack.share(user, PLANNING, f"Please vote: <{url}|this>")
    await house.slack.until(lambda: url in message.entities, what=f"a Work Object of {url}")
    return message, url


def said(drawn: object) -> str:
    return json.dumps(drawn, ensure_ascii=False)


def pane(house: House, user: str) -> Pane:
    return house.slack.work_objects.panes[user]


async def drawn(house: House, user: str, part: str) -> dict[str, Any]:
    """Return what the pane of somebody shows once that has ``part``."""

    def shown() -> dict[str, Any] | None:
        opened = house.slack.work_objects.panes[user]
        found = opened.entity or opened.error
        return found if found is not None and part in said(found) else None

    return await house.slack.until(
        shown, what=f"a pane with “{part}” instead of {house.slack.work_objects.panes.get(user)}"
    )


async def opened(house: House, user: str, part: str, key: str = KEY) -> dict[str, Any]:
    message, url = await shared(house, key)
    in_time(await house.slack.beside.open_pane(user, message.id, url))
    return await drawn(house, user, part)


def buttons(shown: dict[str, Any]) -> list[str]:
    actions = shown.get("actions") or shown.get("entity_payload", {}).get("actions") or []
    both = actions if isinstance(actions, list) else actions["primary_actions"]
    return [one["text"] for one in both]


def fields(shown: dict[str, Any]) -> dict[str, str]:
    return {one["key"]: one["value"] for one in shown["entity_payload"]["custom_fields"]}


async def test_until_an_admin_says_so_previews_are_blocks(house: House, pollbot: Pollbot) -> None:
    message = await house.slack.share(BEN, PLANNING, link(house))
    await house.slack.until(lambda: message.unfurls, what="a preview")
    await rest(house, pollbot)

    assert message.entities == {}


@pytest.mark.usefixtures("pollbot")
async def test_only_admins_switch_them_on(house: House) -> None:
    await switch(house, BEN)

    await house.told(BEN, "Only admins of this workspace")
    assert house.rows("SELECT * FROM work_objects") == []


@pytest.mark.usefixtures("pollbot")
async def test_a_link_is_shown_as_a_work_object_that_is_voted_on_in_one_click(house: House) -> None:
    await house.connect(ADA)
    await switched_on(house)

    message, url = await shared(house)

    entity = message.entities[url]
    assert message.unfurls == {}
    assert entity["app_unfurl_url"] == url
    assert entity["entity_payload"]["attributes"]["display_id"] == KEY
    assert fields(entity) == {"votes": "7 votes"}
    assert buttons(entity) == ["Vote", "Withdraw"]
    in_time(await house.slack.beside.press_entity(ADA, message.id, url, "vote"))
    await house.votes(KEY, 8)
    await house.told(ADA, "is counted in Jira. It has 8 votes now.")
    await house.slack.until(
        lambda: fields(message.entities[url])["votes"] == "8 votes", what="the new count"
    )


@pytest.mark.usefixtures("pollbot")
async def test_each_sees_their_own_vote_in_the_pane(house: House) -> None:
    await house.connect(ADA)
    await house.connect(BEN)
    await house.vote(ADA, KEY)
    await house.votes(KEY, 8)
    await switched_on(house)
    message, url = await shared(house)

    for user, mine, offered in (
        (ADA, "You voted.", ["Withdraw"]),
        (BEN, "You have not voted.", ["Vote"]),
    ):
        in_time(await house.slack.beside.open_pane(user, message.id, url))
        shown = await drawn(house, user, mine)
        assert fields(shown)["votes"] == "8 votes"
        assert buttons(shown) == offered


async def test_a_vote_in_the_pane_is_seen_there_and_told_by_no_message(
    house: House, pollbot: Pollbot
) -> None:
    await house.connect(ADA)
    await switched_on(house)
    await opened(house, ADA, "You have not voted.")
    before = house.words(ADA)

    in_time(await house.slack.beside.press_in_pane(ADA, "pane_vote"))

    await house.votes(KEY, 8)
    shown = await drawn(house, ADA, "You voted.")
    assert fields(shown)["votes"] == "8 votes"
    assert "Ada of Jira" in fields(shown)["voters"]
    assert buttons(shown) == ["Withdraw"]
    await rest(house, pollbot)
    assert house.words(ADA) == before
    assert house.rows("SELECT * FROM intents") == []


async def test_a_vote_is_withdrawn_in_the_pane(house: House, pollbot: Pollbot) -> None:
    await house.connect(ADA)
    await house.vote(ADA, KEY)
    await house.votes(KEY, 8)
    await switched_on(house)
    await opened(house, ADA, "You voted.")
    await rest(house, pollbot)
    before = house.words(ADA)

    in_time(await house.slack.beside.press_in_pane(ADA, "pane_withdraw"))

    await house.votes(KEY, 7)
    await drawn(house, ADA, "You have not voted.")
    await rest(house, pollbot)
    assert house.words(ADA) == before


@pytest.mark.usefixtures("pollbot")
async def test_what_the_pane_cannot_show_is_told(house: House) -> None:
    """Slack lets a pane be drawn for three seconds only; Jira took longer."""
    await house.connect(ADA)
    await switched_on(house)
    await opened(house, ADA, "You have not voted.")
    body = house.slack.beside.pane_body(ADA, "pane_vote")
    house.slack.triggers[body["trigger_id"]].used = True

    in_time(await house.slack.deliver(body, kind="interactive"))

    await house.told(ADA, "is counted in Jira")


@pytest.mark.usefixtures("pollbot")
async def test_while_jira_is_away_a_vote_in_the_pane_is_kept(house: House) -> None:
    await house.connect(ADA)
    await switched_on(house)
    message, url = await shared(house)
    house.jira.faults.mode = "down"
    await house.slack.beside.open_pane(ADA, message.id, url)
    shown = await drawn(house, ADA, "Jira does not answer")
    assert buttons(shown) == ["Vote", "Withdraw"]

    in_time(await house.slack.beside.press_in_pane(ADA, "pane_vote"))

    shown = await drawn(house, ADA, "Your vote is saved")
    assert buttons(shown) == ["Withdraw"]
    await house.told(ADA, "kept")
    house.jira.faults.mode = "up"
    house.clock.ahead += 60
    await house.votes(KEY, 8)
    await house.told(ADA, "is counted in Jira")


@pytest.mark.usefixtures("pollbot")
async def test_who_is_not_connected_sees_what_anybody_may_and_how_to_connect(house: House) -> None:
    await switched_on(house)
    shown = await opened(house, BEN, "your Jira account is not connected")
    assert fields(shown)["votes"] == "7 votes"
    assert buttons(shown) == ["Vote", "Connect Jira"]

    in_time(await house.slack.beside.press_in_pane(BEN, "pane_vote"))

    await drawn(house, BEN, "It is counted once you connect")
    await house.told(BEN, "needs your Jira account once")
    await house.connect(BEN)
    await house.votes(KEY, 8)


@pytest.mark.usefixtures("pollbot")
async def test_what_is_not_shown_to_strangers_needs_an_account(house: House) -> None:
    await switched_on(house)
    message, url = await shared(house)
    house.jira.issues[KEY].seen_by = {"acc-ada"}
    house.jira.issues[KEY].summary = "SECRET plan"
    await house.connect(ADA)
    await house.connect(CLEO)

    for user, told, offered in (
        (BEN, "needs your account", ["Connect Jira"]),
        (CLEO, "is not there for you", []),
    ):
        in_time(await house.slack.beside.open_pane(user, message.id, url))
        shown = await drawn(house, user, told)
        assert "SECRET" not in said(shown)
        assert buttons(shown) == offered
    in_time(await house.slack.beside.open_pane(ADA, message.id, url))
    await drawn(house, ADA, "SECRET plan")


@pytest.mark.usefixtures("pollbot")
async def test_a_token_that_jira_takes_no_more_is_said_to_be_that(house: House) -> None:
    await house.connect(ADA)
    await switched_on(house)
    message, url = await shared(house)
    house.jira.revoke("acc-ada")

    in_time(await house.slack.beside.open_pane(ADA, message.id, url))

    shown = await drawn(house, ADA, "no longer accepts the token")
    assert "Connect Jira" in buttons(shown)


@pytest.mark.usefixtures("pollbot")
async def test_a_resolved_issue_offers_no_vote(house: House) -> None:
    await house.connect(ADA)
    house.jira.issues[KEY].resolution = "Done"
    await switched_on(house)

    shown = await opened(house, ADA, "takes no more votes")

    assert buttons(shown) == []


@pytest.mark.usefixtures("pollbot")
async def test_why_jira_refuses_a_vote_in_the_pane_is_told(house: House) -> None:
    await house.connect(ADA)
    await switched_on(house)
    await opened(house, ADA, "You have not voted.")
    house.jira.issues[KEY].resolution = "Done"

    in_time(await house.slack.beside.press_in_pane(ADA, "pane_vote"))

    await house.told(ADA, "is resolved")
    await drawn(house, ADA, "takes no more votes")


async def test_the_same_click_again_votes_once(house: House, pollbot: Pollbot) -> None:
    await house.connect(ADA)
    await switched_on(house)
    await opened(house, ADA, "You have not voted.")
    body = house.slack.beside.pane_body(ADA, "pane_vote")
    await house.slack.deliver(body, kind="interactive")
    await drawn(house, ADA, "You voted.")
    await house.slack.command(ADA, PLANNING, "/unvote", KEY)
    await house.votes(KEY, 7)
    await rest(house, pollbot)

    await house.slack.deliver(body, kind="interactive")

    await rest(house, pollbot)
    await house.votes(KEY, 7)


async def test_an_event_again_or_late_shows_nothing_and_says_nothing(
    house: House, pollbot: Pollbot
) -> None:
    await house.connect(ADA)
    await switched_on(house)
    await opened(house, ADA, "You have not voted.")
    event = house.slack.deliveries[-1].body
    await rest(house, pollbot)
    before, times = house.words(ADA), pane(house, ADA).drawn

    await house.slack.deliver(event | {"event_id": "Ev0AGAIN"}, kind="events_api")
    late = copy.deepcopy(event) | {"event_id": "Ev0LATE"}
    late["event"]["trigger_id"] = house.slack.beside.opened(ADA)["trigger_id"]
    house.clock.ahead += 60
    await house.slack.deliver(late, kind="events_api")

    await rest(house, pollbot)
    assert pane(house, ADA).drawn == times
    assert house.words(ADA) == before


Change = Callable[[dict[str, Any]], object]

ODD: dict[str, Change] = {
    "another site": lambda event: event["external_ref"].update(
        id="https://evil.example/browse/A-1"
    ),
    "no issue": lambda event: event["external_ref"].update(id="PLAT"),
    "no ref": lambda event: event.update(external_ref=None, entity_url=None),
    "a list": lambda event: event.update(external_ref=[], entity_url=7),
}


@pytest.mark.parametrize("change", ODD.values(), ids=ODD)
async def test_what_is_no_issue_of_ours_is_said_to_be_none(
    house: House, pollbot: Pollbot, change: Change
) -> None:
    await switched_on(house)
    await opened(house, BEN, "your Jira account is not connected")
    body = copy.deepcopy(house.slack.deliveries[-1].body) | {"event_id": "Ev0ODD"}
    body["event"]["trigger_id"] = house.slack.beside.opened(BEN)["trigger_id"]
    change(body["event"])

    in_time(await house.slack.deliver(body, kind="events_api"))

    await drawn(house, BEN, "no issue of a Jira site")
    await rest(house, pollbot)
    assert not any("PLAT" in one for one in house.words(BEN))


@pytest.mark.parametrize("code", REFUSALS)
async def test_where_slack_takes_none_blocks_are_shown_and_it_is_remembered(
    house: House, pollbot: Pollbot, code: str
) -> None:
    house.slack.work_objects.is_on = False
    house.slack.work_objects.refused = code
    await switched_on(house)
    first = await house.slack.share(BEN, PLANNING, link(house))
    await house.slack.until(lambda: first.unfurls, what="a preview as blocks")
    await rest(house, pollbot)

    second = await house.slack.share(BEN, LEADS, link(house))
    await house.slack.until(lambda: second.unfurls, what="a preview as blocks")

    tried = [c for c in house.slack.calls if c.method == "chat.unfurl" and "metadata" in c.args]
    assert len(tried) == 1
    await command(house, ADA, "previews", "/pollbot")
    await house.told(ADA, f"Slack took none ({code})")


@pytest.mark.usefixtures("pollbot")
async def test_after_a_day_they_are_tried_again(house: House) -> None:
    house.slack.work_objects.is_on = False
    await switched_on(house)
    first = await house.slack.share(BEN, PLANNING, link(house))
    await house.slack.until(lambda: first.unfurls, what="a preview as blocks")
    await house.slack.until(
        lambda: house.rows("SELECT 1 FROM work_objects WHERE refused IS NOT NULL"), what="the word"
    )
    house.slack.work_objects.is_on = True
    house.clock.ahead += 25 * 3600

    await shared(house, "PLAT-13")


async def test_where_no_preview_is_taken_no_work_object_is_to_blame(
    house: House, pollbot: Pollbot
) -> None:
    await switched_on(house)
    house.slack.tokens.bot_scopes.remove("links:write")

    message = await house.slack.share(BEN, PLANNING, link(house))
    await rest(house, pollbot)

    assert (message.unfurls, message.entities) == ({}, {})
    assert house.rows("SELECT refused FROM work_objects") == [(None,)]


@pytest.mark.usefixtures("pollbot")
async def test_what_becomes_private_goes_from_a_work_object_too(house: House) -> None:
    await house.connect(BEN)
    await switched_on(house)
    message, url = await shared(house, user=ADA)
    house.jira.issues[KEY].seen_by = {"acc-ben"}
    house.jira.issues[KEY].summary = "SECRET plan"

    await house.vote(BEN, KEY)

    await house.slack.until(
        lambda: "does not show this issue to everybody" in said(message.entities.get(url)),
        what="what takes its place",
    )
    assert "SECRET" not in said(message.entities)
    assert buttons(message.entities[url]) == []
