"""The tab of App Home: what waits for its reader, and what is theirs."""

import json
from typing import Any

import pytest

from pollbot.home.rules import page_of
from pollbot.sandbox.slack import Message, blockkit
from pollbot.wiring import Pollbot
from tests.support.house import ADA, BEN, CLEO, PLANNING, House, letters, rest
from tests.support.polls import poll
from tests.support.rights import add_group
from tests.support.schedules import schedule

STRANGER, GUEST = "U0STRANGER", "U0GUEST"


async def opened(house: House, user: str, part: str = "") -> str:
    """Open the tab, and return what it shows as JSON once it has ``part``."""
    answer = await house.slack.open_home(user)
    assert answer.status == 200
    return await shows(house, user, part)


async def shows(house: House, user: str, part: str = "") -> str:
    return await house.slack.until(
        lambda: next((drawn for drawn in [home(house, user)] if drawn and part in drawn), None),
        what=f"“{part}” on the Home of {user}",
    )


async def lacks(house: House, user: str, part: str) -> str:
    return await house.slack.until(
        lambda: next((one for one in [home(house, user)] if one and part not in one), None),
        what=f"a Home of {user} without “{part}”",
    )


def home(house: House, user: str) -> str:
    view = house.slack.homes.get(user)
    return "" if view is None else json.dumps(view.view, ensure_ascii=False)


def value(house: House, user: str, part: str, *, action: str) -> str:
    """Return the value of the button whose label has ``part``."""
    [found] = [
        element["value"]
        for element in elements(house.slack.homes[user].view["blocks"])
        if element["action_id"].partition(":")[0] == action and part in element["text"]["text"]
    ]
    return str(found)


def elements(blocks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [one for _, block in blockkit.walk(blocks) for one in blockkit.elements(block)]


async def press(house: House, user: str, label: str) -> None:
    """Press the one button of the tab that is called so."""
    shown = house.slack.homes[user].view["blocks"]
    [button] = [one for one in elements(shown) if one.get("text", {}).get("text") == label]
    answer = await house.slack.home_action(user, button["action_id"], value=button["value"])
    assert (answer.status, answer.error) == (200, None)


async def asked(house: House, words: str, *, user: str, channel: str = PLANNING) -> Message:
    """Make a poll, and return its card once pollbot knows that it hangs there."""
    card = await poll(house, words, user=user, channel=channel)
    await house.slack.until(
        lambda: not house.rows("SELECT 1 FROM cards WHERE posted = 0"), what="a card that is kept"
    )
    return card


LUNCH = '"Lunch?" "Pizza" "Soup"'


@pytest.mark.usefixtures("pollbot")
async def test_who_is_new_is_shown_three_steps(house: House) -> None:
    drawn = await opened(house, ADA, "1. Connect")

    assert "2. Vote" in drawn
    assert "3. Ask" in drawn
    await press(house, ADA, "Connect Jira")
    await house.slack.until(lambda: house.slack.stack_of(ADA), what="the form")


async def test_a_poll_that_waits_is_answered_there(house: House, pollbot: Pollbot) -> None:
    card = await asked(house, LUNCH, user=BEN)
    await opened(house, ADA, "Lunch?")

    await press(house, ADA, "Soup")

    await lacks(house, ADA, "Lunch?")
    assert house.rows("SELECT voter FROM answers") == [(ADA,)]
    await house.slack.until(lambda: "Soup" in card.text and "1" in str(card.blocks), what="a card")
    await rest(house, pollbot)
    assert house.words(ADA) == [], "who sees it there is told nothing"


@pytest.mark.parametrize("status", [429, 500, 0], ids=["429", "500", "no answer"])
async def test_what_slack_does_not_show_there_at_first_it_shows_a_little_later(
    house: House, pollbot: Pollbot, status: int
) -> None:
    await asked(house, LUNCH, user=BEN)
    await opened(house, ADA, "Lunch?")
    busy = {"ok": False, "error": "ratelimited"}
    house.slack.faults.fail_next("views.publish", status, busy, {"Retry-After": "3"}, times=3)
    await press(house, ADA, "Soup")
    await rest(house, pollbot)
    assert "Lunch?" in home(house, ADA), "it looks as if nothing had happened"

    for _ in range(4):
        house.clock.ahead += 35
        await rest(house, pollbot)

    assert "Lunch?" not in home(house, ADA)
    assert house.words(ADA) == []


@pytest.mark.usefixtures("pollbot")
async def test_nobody_sees_a_poll_of_a_channel_into_which_they_may_not_look(house: House) -> None:
    house.slack.add_person(GUEST, "Gus").is_guest = True
    house.slack.channels[PLANNING].members.discard(GUEST)
    house.slack.add_person(STRANGER, "Stella", team_id="T0ELSEWHERE")
    house.slack.add_channel(
        "C0SECRET", "secret", is_private=True, members=[BEN]
    ).app_is_member = True
    await asked(house, LUNCH, user=BEN)
    await asked(house, '"Secret?" "A" "B"', user=BEN, channel="C0SECRET")

    assert "Secret?" in await opened(house, BEN, "Lunch?")
    assert "Secret?" not in await opened(house, ADA, "Lunch?")
    for user in (GUEST, STRANGER):
        drawn = await opened(house, user, "Waiting for you")
        assert "Lunch?" not in drawn
        assert "Secret?" not in drawn


async def test_a_poll_that_is_for_others_waits_for_them_alone(house: House) -> None:
    add_group(house, "S0DEVS", "devs", [BEN])
    async with house.program():
        await asked(house, f"for @devs {LUNCH}", user=ADA)
        await asked(house, '"Dinner?" "Cake" "Tea"', user=ADA)
        await opened(house, BEN, "Lunch?")

        assert "Lunch?" not in await opened(house, CLEO, "Dinner?")
        await house.slack.open_home(ADA)
        view = await shows(house, ADA, "Dinner?")
        assert "Lunch?" not in view.partition("Your polls")[0], "she made it, and may not answer"


async def test_a_poll_of_which_nobody_can_tell_whom_it_is_for_is_offered(house: House) -> None:
    add_group(house, "S0DEVS", "devs", [BEN])
    async with house.program():
        await asked(house, f"for @devs {LUNCH}", user=ADA)
    async with house.program():
        house.slack.faults.fail_next("usergroups.users.list", 503, times=9)
        await opened(house, CLEO, "Lunch?")


@pytest.mark.usefixtures("pollbot")
async def test_a_guest_sees_what_waits_in_their_own_channel(house: House) -> None:
    house.slack.add_person(GUEST, "Gus").is_guest = True
    house.slack.channels[PLANNING].members.add(GUEST)
    await asked(house, LUNCH, user=BEN)

    await opened(house, GUEST, "Lunch?")


async def test_an_app_has_no_home(house: House, pollbot: Pollbot) -> None:
    body = {"type": "app_home_opened", "channel": "D0BOT", "tab": "home"}
    house.slack.add_person(house.slack.bot_user_id, "pollbot")

    answer = await house.slack.happen(house.slack.bot_user_id, body)
    await rest(house, pollbot)

    assert answer.status == 200
    assert house.slack.homes == {}


async def test_the_tab_of_messages_shows_nothing(house: House, pollbot: Pollbot) -> None:
    body = {"type": "app_home_opened", "channel": "D0ADA", "tab": "messages"}

    answer = await house.slack.happen(ADA, body)
    await rest(house, pollbot)

    assert answer.status == 200
    assert house.slack.homes == {}


async def test_home_tells_of_nobody_whether_they_answered_an_anonymous_poll(
    house: House, pollbot: Pollbot
) -> None:
    card = await asked(house, f"anonymous {LUNCH}", user=BEN)
    before = await opened(house, ADA, "Anonymous: answer it on its card")
    published = published_to(house, ADA)

    await house.slack.press(ADA, card.id, "answer:1")
    await rest(house, pollbot)

    assert "Soup" not in before
    assert published_to(house, ADA) == published, "an answer names nobody to Slack"
    assert await opened(house, ADA, "Lunch?") == before


def published_to(house: House, user: str) -> int:
    return sum(
        call.args.get("user_id") == user
        for call in house.slack.calls
        if call.method == "views.publish"
    )


async def test_my_votes_are_listed_and_taken_back_there(house: House, pollbot: Pollbot) -> None:
    await house.connect(ADA)
    await house.vote(ADA, "PLAT-12")
    await house.votes("PLAT-12", 8)
    await rest(house, pollbot)
    told = len(house.words(ADA))
    await opened(house, ADA, "Export")

    await press(house, ADA, "Withdraw")

    await house.votes("PLAT-12", 7)
    await lacks(house, ADA, "Export")
    await rest(house, pollbot)
    assert len(house.words(ADA)) == told, "who sees it there is told nothing"


async def test_several_of_my_votes_are_taken_back_by_one_button(
    house: House, pollbot: Pollbot
) -> None:
    await house.connect(ADA)
    for key in ("PLAT-12", "PLAT-13"):
        await house.vote(ADA, key)
    await house.votes("PLAT-12", 8)
    await house.votes("PLAT-13", 1)
    await rest(house, pollbot)
    told = len(house.words(ADA))
    drawn = await opened(house, ADA, "Withdraw these")
    assert "Jira takes back your votes on PLAT-13, PLAT-12." in drawn, "it is asked first"

    await press(house, ADA, "Withdraw these")

    await house.votes("PLAT-12", 7)
    await house.votes("PLAT-13", 0)
    await lacks(house, ADA, "Export")
    await lacks(house, ADA, "Dark mode")
    await rest(house, pollbot)
    assert len(house.words(ADA)) == told, "who sees it there is told nothing"
    again = house.slack.deliveries[-1].body
    await house.vote(ADA, "PLAT-13")
    await house.votes("PLAT-13", 1)
    await house.slack.deliver(again, kind="interactive")
    await rest(house, pollbot)
    assert house.jira.votes("PLAT-13") == 1, "the same click again takes nothing more back"


@pytest.mark.usefixtures("pollbot")
async def test_jira_being_away_takes_nothing_else_from_home(house: House) -> None:
    await house.connect(ADA)
    await asked(house, LUNCH, user=BEN)
    house.jira.faults.mode = "down"

    drawn = await opened(house, ADA, "Jira does not tell your votes")

    assert "Lunch?" in drawn
    assert "connected as Ada" in drawn


@pytest.mark.usefixtures("pollbot")
async def test_my_polls_schedules_and_the_age_of_my_connection_are_there(house: House) -> None:
    await house.connect(ADA)
    await house.slack.close(ADA, house.slack.stack_of(ADA)[-1].id)
    card = await asked(house, LUNCH, user=ADA)
    await schedule(house, card, every="daily", at="09:00")
    house.clock.ahead += 3 * 86400

    drawn = await opened(house, ADA, "Your polls")

    assert "3 days ago" in drawn
    assert "Your schedules" in drawn
    assert "Results of *Lunch?*" in drawn
    await press(house, ADA, "More")
    await house.slack.until(lambda: house.slack.stack_of(ADA), what="the window")


@pytest.mark.usefixtures("pollbot")
@pytest.mark.parametrize(
    ("label", "title"),
    [("New poll", "poll"), ("Vote on an issue", "Vote on an issue"), ("Set up", "")],
)
async def test_a_form_opens_from_home(house: House, label: str, title: str) -> None:
    await house.connect(ADA)
    await house.slack.close(ADA, house.slack.stack_of(ADA)[-1].id)
    await opened(house, ADA, label)

    await press(house, ADA, label)

    form = await house.slack.until(
        lambda: next(iter(house.slack.stack_of(ADA)), None), what="the form"
    )
    assert title.lower() in str(form.view["title"]).lower()


@pytest.mark.usefixtures("pollbot")
async def test_only_admins_see_what_is_for_admins(house: House) -> None:
    assert "For admins" in await opened(house, ADA, "Waiting")
    assert "For admins" not in await opened(house, BEN, "Waiting")


@pytest.mark.usefixtures("pollbot")
async def test_admins_see_there_what_does_not_work(house: House) -> None:
    await house.connect(BEN)
    assert "Jira does not take" not in await opened(house, ADA, "For admins")

    house.jira.revoke("acc-ben")
    await house.vote(BEN, "PLAT-12")
    await house.told(BEN, "Jira no longer accepts your API token")

    drawn = await opened(house, ADA, "Jira does not take the account of 1 person")
    assert BEN not in drawn, "how many, and not whose"
    house.jira.faults.mode = "down"
    await house.connect(CLEO)
    await opened(house, ADA, "1 Jira site does not answer. Votes wait for it.")
    assert "does not answer" not in await opened(house, BEN, "Waiting")


@pytest.mark.parametrize(
    ("asked_for", "total", "shown", "last"),
    [(0, 0, 0, 0), (0, 5, 0, 0), (1, 5, 0, 0), (1, 6, 1, 1), (1, 11, 1, 2), (9, 11, 2, 2)],
)
def test_a_page_that_is_gone_is_the_last_one(
    asked_for: int, total: int, shown: int, last: int
) -> None:
    page = page_of(asked_for, total, 5)

    assert (page.number, page.last) == (shown, last)


@pytest.mark.usefixtures("pollbot")
async def test_a_long_home_is_paged_and_fits_into_a_view(house: House) -> None:
    for number in range(12):
        await asked(house, f'"Question {number}?" "A" "B" "C" "D" "E" "F" "G"', user=ADA)

    drawn = await opened(house, ADA, "Page 1 of 3")
    view = house.slack.homes[ADA].view
    assert len(view["blocks"]) <= 100
    assert drawn.count("*Question 11?*") == 2

    [button] = [
        one
        for one in elements(view["blocks"])
        if one["action_id"] == "home_page:1" and '"waiting":1' in one["value"]
    ]
    await house.slack.home_action(ADA, "home_page:1", value=button["value"])
    await shows(house, ADA, "Page 2 of 3")


async def test_a_teammate_is_invited_once(house: House, pollbot: Pollbot) -> None:
    await house.connect(ADA)
    await house.slack.close(ADA, house.slack.stack_of(ADA)[-1].id)
    await house.connect(CLEO)
    await opened(house, ADA, "Invite a teammate")

    for expected in ("They are written to", "Nothing was sent"):
        await press(house, ADA, "Invite a teammate")
        form = await house.slack.until(
            lambda: next(iter(house.slack.stack_of(ADA)), None), what="the form"
        )
        await house.slack.submit(ADA, form.id, {"invited": {"value": [BEN, CLEO, ADA]}})
        assert expected in json.dumps(house.slack.views[form.id].view)
        await house.slack.close(ADA, form.id)
    await rest(house, pollbot)

    assert len(letters(house, BEN)) == 1
    assert "invites you" in letters(house, BEN)[0]
    assert not any("invites you" in one for one in letters(house, CLEO))
