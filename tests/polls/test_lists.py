"""Lists: every poll in pages, and what is posted in a channel, for everybody in it."""

import re

import pytest

from pollbot.sandbox.slack import Message
from tests.support.house import ADA, BEN, CLEO, LEADS, PLANNING, House, pings, shown
from tests.support.polls import action, answer, close, labels, poll, window
from tests.support.schedules import lines, lunch, press, schedule

HALLWAY = "C0HALLWAY"

pytestmark = pytest.mark.usefixtures("pollbot")


async def listed(house: House, user: str, words: str = "list", channel: str = PLANNING) -> Message:
    await house.slack.command(user, channel, "/poll", words)
    return await house.told(user, "poll")


def titles(message: Message) -> list[str]:
    return [
        block["text"]["text"].split("*")[1]
        for block in message.blocks
        if block["type"] == "section" and "\n" in block["text"]["text"]
    ]


async def turn(house: House, user: str, message: Message, label: str, page: str) -> None:
    await house.slack.press(user, message.id, action(message, label))
    await house.slack.until(lambda: page in shown(message), what=f"{page} in {shown(message)}")


async def test_the_list_reaches_every_poll_in_pages_the_open_ones_first(house: House) -> None:
    made = [f"Poll {n:02}" for n in range(45)]
    for title in made:
        await poll(house, f'"{title}" "A" "B"')
        house.clock.ahead += 1
    for title in made[40:]:
        await close(house, ADA, await house.card(title))

    message = await listed(house, ADA)

    assert message.text.startswith("45 polls: ")
    seen = titles(message)
    assert "Previous" not in labels(message).values()
    for page in ("Page 2 of 3", "Page 3 of 3"):
        await turn(house, ADA, message, "Next", page)
        seen += titles(message)
    assert seen == [*reversed(made[:40]), *reversed(made[40:])]
    assert "Next" not in labels(message).values()
    assert "Closed on" in shown(message)
    await turn(house, ADA, message, "Previous", "Page 2 of 3")


async def test_the_pages_of_an_issue_ask_jira_whether_i_may_see_it(house: House) -> None:
    await house.connect(ADA)
    for n in range(21):
        await poll(house, f'PLAT-12 "Poll {n:02}" "A" "B"')
    message = await listed(house, ADA, "list PLAT-12")
    assert "/browse/PLAT-12|PLAT-12>" in shown(message)
    del house.jira.issues["PLAT-12"]

    await house.slack.press(ADA, message.id, action(message, "Next"))

    await house.told(ADA, "Jira knows no issue PLAT-12, or does not show it to you")
    assert "Page 1 of 2" in shown(message)


@pytest.mark.parametrize("where", ["", "here", "PLAT-12", "PLAT-13"])
async def test_a_list_without_polls_names_the_command_that_makes_one_for_it(
    house: House, where: str
) -> None:
    await house.connect(ADA)
    await house.slack.command(ADA, PLANNING, "/pollbot", "link PLAT-12")
    empty = await listed(house, ADA, f"list {where}")
    assert "There are no polls" in empty.text
    command = re.findall(r"`/poll ([^`]*)`", empty.text)[0]

    await poll(house, command)

    await house.slack.command(ADA, PLANNING, "/poll", f"list {where}")
    await house.told(ADA, "1 poll: Question")


async def test_in_a_linked_channel_both_lists_are_reached(house: House) -> None:
    await house.connect(ADA)
    await house.slack.command(ADA, PLANNING, "/pollbot", "link PLAT-12")

    await poll(house, '"Ship it?" "Yes" "No"')
    await poll(house, 'here "Lunch?" "Pizza" "Soup"')

    rows = house.rows("SELECT title, kind, subject FROM polls ORDER BY title")
    assert rows == [("Lunch?", "plain", ""), ("Ship it?", "issue", "PLAT-12")]
    assert titles(await listed(house, ADA)) == ["Ship it?"]
    assert titles(await listed(house, ADA, "list here")) == ["Lunch?"]


async def test_whoever_is_in_a_channel_sees_what_is_posted_there(house: House) -> None:
    await schedule(house, await lunch(house), user=BEN, every="weekly", days=["0"], at="09:00")
    house.slack.add_channel(HALLWAY, "hallway")
    await schedule(house, await lunch(house), user=BEN, channel=HALLWAY, every="daily", at="09:00")

    seen = await house.slack.command(CLEO, PLANNING, "/pollbot", "schedules")

    assert "Posted in this channel by others" in seen.body
    (said,) = await lines(house, CLEO, channel=PLANNING)
    assert said.startswith(f"Results of *Lunch?* in <#{PLANNING}> · by Ben\nWeekly on Monday")
    assert "<@" not in seen.body
    offered = set(re.findall(r'"action_id": ?"(\w+)', seen.body))
    assert offered == {"new_schedule"}
    (there,) = await lines(house, CLEO, channel=HALLWAY)
    assert "Daily at 09:00" in there
    everywhere = await lines(house, BEN, channel=PLANNING)
    assert len(everywhere) == 2


async def test_a_page_of_schedules_keeps_to_its_channel(house: House) -> None:
    card = await lunch(house)
    for _ in range(11):
        await schedule(house, card, user=BEN, every="weekly", days=["0"], at="09:00")
    await house.slack.command(CLEO, PLANNING, "/pollbot", "schedules")
    message = await house.told(CLEO, "11 schedules")

    await press(house, CLEO, message, "Next")

    await house.slack.until(lambda: "Page 2 of 2" in shown(message), what=shown(message))
    assert shown(message).count("by Ben") == 1


@pytest.mark.parametrize("app_is_member", [True, False], ids=["with the app", "without it"])
@pytest.mark.parametrize("closed", [False, True], ids=["open", "closed"])
async def test_a_poll_posted_again_calls_its_people_by_name_and_pings_nobody(
    house: House, app_is_member: bool, closed: bool
) -> None:
    house.slack.channels[LEADS].app_is_member = app_is_member
    card = await poll(house, 'comments "Lunch?" "Pizza" "Soup"')
    await answer(house, BEN, card, "Pizza")
    await house.slack.press(BEN, card.id, action(card, "Comment"))
    form = await window(house, BEN, "comment_poll")
    field = next(block for block in form.view["blocks"] if block["type"] == "input")
    text = {field["block_id"]: {field["element"]["action_id"]: "With cheese"}}
    assert (await house.slack.submit(BEN, form.id, text)).status == 200
    await answer(house, CLEO, card, "Soup")
    if closed:
        await close(house, ADA, card)
    message = await listed(house, ADA, channel=LEADS)

    await house.slack.press(ADA, message.id, action(message, "Post here"))

    again = await house.card("Lunch?", channel=LEADS)
    assert "50 %\\nBen" in shown(again)
    assert "50 %\\nCleo" in shown(again)
    assert "With cheese" in shown(again)
    assert "<@" not in str(again.blocks)
    assert pings(house) == []
    if not closed:
        await answer(house, ADA, again, "Pizza")
        await house.slack.until(lambda: "<@U0ADA>" in str(again.blocks), what="a change of it")
        assert pings(house) == []
