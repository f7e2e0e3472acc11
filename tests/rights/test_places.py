"""On which projects, and in which channels, as admins say: everywhere it matters."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from pollbot.sandbox.slack import Message
from pollbot.wiring import Pollbot
from tests.polls.test_channels import share
from tests.polls.test_post_later import ask, at
from tests.support.house import ADA, BEN, LEADS, PLANNING, House, buttons, rest
from tests.support.polls import answer, poll, window
from tests.support.rights import allow, close_windows
from tests.support.schedules import errors, line, lunch, schedule, top_issues, until_due

LUNCH = '"Lunch?" "Pizza" "Soup"'
RULE = "for issues of PLAT only, and APP is not among them"
NOT_HERE = "does not let pollbot post cards in this channel"
SOME_ONLY = "post cards in some channels only"

Way = Callable[[House], Awaitable[object]]


def said(house: House, user: str = BEN) -> str:
    answers = [str(one.answer.body) for one in house.slack.deliveries if one.answer is not None]
    return "\n".join([*house.words(user), *answers])


async def vote(house: House) -> None:
    await house.vote(BEN, "APP-1")


async def card(house: House) -> None:
    await house.slack.command(BEN, PLANNING, "/votes", "APP-1")


async def top(house: House) -> None:
    await house.slack.command(BEN, PLANNING, "/votes", "top APP")


async def on_issue(house: House) -> None:
    await house.slack.command(BEN, PLANNING, "/poll", f"APP-1 {LUNCH}")


async def link(house: House) -> None:
    await house.slack.command(BEN, PLANNING, "/pollbot", "link APP-1")


async def mentioned(house: House) -> None:
    message = house.slack.say(ADA, PLANNING, "APP-1, please")
    await house.slack.shortcut(BEN, "vote_on_mentioned", message.id)


async def voted_in_form(house: House) -> None:
    await house.slack.shortcut(BEN, "vote_on_issue")
    opened = await window(house, BEN, "Vote on an issue")
    await house.slack.submit(BEN, opened.id, {"issue": {"pick_issue": "APP-1"}})


PROJECT_WAYS = (vote, card, top, on_issue, link, mentioned, voted_in_form)


def kept(house: House) -> list[list[tuple[object, ...]]]:
    tables = ("intents", "cards", "polls", "links", "waiting_polls")
    return [house.rows(f"SELECT 1 FROM {table}") for table in tables]  # noqa: S608


@pytest.fixture
async def only_plat(house: House, pollbot: Pollbot) -> Pollbot:
    house.jira.add_issue("APP-1", "An icon")
    await house.connect(BEN)
    await close_windows(house, BEN)
    await allow(house, projects="plat")
    return pollbot


@pytest.mark.parametrize("way", PROJECT_WAYS, ids=lambda one: one.__name__)
async def test_another_project_is_refused_with_the_rule(
    house: House, only_plat: Pollbot, way: Way
) -> None:
    await way(house)

    await house.slack.until(lambda: RULE in said(house), what=said(house))
    await rest(house, only_plat)
    assert kept(house) == [[]] * 5
    assert house.jira.votes("APP-1") == 0


async def test_a_card_that_hangs_takes_no_more_votes_but_withdrawals(house: House) -> None:
    house.jira.add_issue("APP-1", "An icon")
    async with house.program():
        await house.connect(BEN)
        await close_windows(house, BEN)
        await card(house)
        hanging = await house.card("APP-1")
        await house.slack.press(BEN, hanging.id, "vote")
        await house.votes("APP-1", 1)
        await allow(house, projects="PLAT")

        withdraw = next(one for one, label in buttons(hanging).items() if label == "Withdraw")
        await house.slack.press(BEN, hanging.id, withdraw)
        await house.votes("APP-1", 0)
        await house.slack.press(BEN, hanging.id, "vote")

        await house.slack.until(lambda: RULE in said(house), what=said(house))
        assert house.jira.votes("APP-1") == 0


@pytest.mark.usefixtures("only_plat")
async def test_a_list_leaves_out_what_is_not_allowed(house: House) -> None:
    await house.slack.command(BEN, PLANNING, "/votes", "votes >= 0 order by key")

    listed = await house.card("PLAT-12")

    assert "PLAT-13" in str(listed.blocks)
    assert "APP-1" not in str(listed.blocks)


async def test_of_several_mentioned_those_that_are_allowed_are_listed(
    house: House, only_plat: Pollbot
) -> None:
    message = house.slack.say(ADA, PLANNING, "APP-1, PLAT-12 or PLAT-13?")
    await house.slack.shortcut(BEN, "vote_on_mentioned", message.id)

    await rest(house, only_plat)
    listed = house.slack.messages[-1]
    assert "PLAT-12" in str(listed.blocks)
    assert "PLAT-13" in str(listed.blocks)
    assert "APP-1" not in str(listed.blocks)


async def test_links_to_it_get_no_preview_and_its_issues_are_not_offered(
    house: House, only_plat: Pollbot
) -> None:
    await house.slack.share(BEN, PLANNING, f"{house.jira.site_url}/browse/APP-1")
    await rest(house, only_plat)
    assert house.rows("SELECT 1 FROM cards") == []
    await house.slack.shortcut(BEN, "vote_on_issue")
    opened = await window(house, BEN, "Vote on an issue")

    async def offered(typed: str) -> str:
        return str((await house.slack.suggest(BEN, opened.id, "pick_issue", typed)).json)

    assert "APP-1" not in await offered("APP-1")
    assert "APP-1" not in await offered("icon")
    assert "PLAT-13" in await offered("PLAT-13")


async def post_here(house: House) -> None:
    await house.slack.command(ADA, LEADS, "/poll", "list APP-1")
    listed = await house.told(ADA, "Lunch?")
    post = next(one for one, label in buttons(listed).items() if label == "Post here")
    await house.slack.press(ADA, listed.id, post)


async def share_there(house: House) -> None:
    await share(house, ADA, await house.card("Lunch?"), LEADS)


@pytest.mark.parametrize("way", [post_here, share_there], ids=lambda one: one.__name__)
async def test_a_poll_on_a_project_that_is_allowed_no_more_hangs_where_it_does_and_nowhere_else(
    house: House, pollbot: Pollbot, way: Way
) -> None:
    house.jira.add_issue("APP-1", "An icon")
    house.slack.channels[LEADS].app_is_member = True
    await house.connect(ADA)
    await close_windows(house, ADA)
    card = await poll(house, f"APP-1 {LUNCH}")
    await allow(house, projects="PLAT")

    await way(house)

    await house.slack.until(lambda: RULE in said(house, ADA), what=said(house, ADA))
    await rest(house, pollbot)
    assert house.rows("SELECT channel_id FROM cards") == [(PLANNING,)]
    await answer(house, BEN, card, "Soup")


# Channels


async def made(house: House) -> Message:
    return await poll(house, LUNCH, channel=LEADS)


async def poll_here(house: House) -> None:
    await house.slack.command(BEN, PLANNING, "/poll", LUNCH)


async def votes_here(house: House) -> None:
    await house.slack.command(BEN, PLANNING, "/votes", "PLAT-12")


async def top_here(house: House) -> None:
    await house.slack.command(BEN, PLANNING, "/votes", "top PLAT")


@pytest.mark.parametrize("way", [poll_here, votes_here, top_here], ids=lambda one: one.__name__)
@pytest.mark.parametrize(
    ("chosen", "why"),
    [
        ({"places": "but", "channels": [PLANNING]}, NOT_HERE),
        ({"places": "only", "channels": [LEADS]}, SOME_ONLY),
    ],
    ids=["all but this", "only others"],
)
async def test_no_card_is_posted_where_admins_do_not_allow_it(
    house: House, pollbot: Pollbot, way: Way, chosen: dict[str, Any], why: str
) -> None:
    await allow(house, **chosen)

    await way(house)

    await house.slack.until(lambda: why in said(house), what=said(house))
    await rest(house, pollbot)
    assert kept(house) == [[]] * 5
    await made(house)


@pytest.mark.usefixtures("pollbot")
async def test_a_poll_that_hangs_elsewhere_is_not_posted_there_either(house: House) -> None:
    await house.slack.command(ADA, PLANNING, "/poll", LUNCH)
    await house.card("Lunch?")
    await allow(house, places="but", channels=[LEADS])

    await house.slack.command(ADA, LEADS, "/poll", "list")
    listed = await house.told(ADA, "Lunch?")
    post = next(one for one, label in buttons(listed).items() if label == "Post here")
    await house.slack.press(ADA, listed.id, post)

    await house.slack.until(lambda: NOT_HERE in said(house, ADA), what=said(house, ADA))
    assert len(house.rows("SELECT 1 FROM cards")) == 1


@pytest.mark.usefixtures("pollbot")
async def test_direct_messages_are_always_allowed(house: House) -> None:
    await allow(house, places="only", channels=[LEADS])

    await house.slack.share(BEN, house.slack.direct_channel(BEN).id, f"poll {LUNCH}")

    await house.card("Lunch?", channel=house.slack.direct_channel(BEN).id)


# Schedules


@pytest.mark.usefixtures("pollbot")
async def test_a_schedule_cannot_be_saved_for_such_a_channel(house: House) -> None:
    hanging = await lunch(house)
    house.slack.channels[LEADS].app_is_member = True
    await allow(house, places="but", channels=[LEADS])

    answer = await schedule(house, hanging, channel=LEADS)

    assert NOT_HERE in f"{errors(answer)} {answer.json} {said(house, ADA)}"
    assert house.rows("SELECT 1 FROM schedules") == []


async def test_what_a_schedule_would_post_against_a_rule_pauses_it(house: House) -> None:
    async with house.program() as pollbot:
        await ask(house, post_at=at(house, 3, "10:00"), repeat="daily")
        await allow(house, places="but", channels=[PLANNING])

        await until_due(house)

        told = await house.told(ADA, NOT_HERE)
        assert "Lunch?" in told.text
        assert "paused" in (await line(house)).lower()
        await rest(house, pollbot)
        assert house.rows("SELECT 1 FROM polls") == []


async def test_so_does_a_project_that_is_allowed_no_more(house: House) -> None:
    async with house.program():
        await house.connect(ADA)
        await close_windows(house, ADA)
        await top_issues(house)
        await allow(house, projects="APP")

        await until_due(house)

        await house.told(ADA, "for issues of APP only, and PLAT is not among them")


async def test_so_do_results_of_a_poll_on_such_an_issue_and_its_owner_hears_it_once(
    house: House,
) -> None:
    async with house.program() as pollbot:
        await house.connect(ADA)
        await close_windows(house, ADA)
        hanging = await lunch(house, text=f"PLAT-12 {LUNCH}")
        await schedule(house, hanging, every="daily", at="09:00")
        await allow(house, projects="APP")
        rule = "for issues of APP only, and PLAT is not among them"

        await until_due(house)
        await house.told(ADA, rule)
        house.clock.ahead += 2 * 86400
        await rest(house, pollbot)

        assert len([one for one in house.words(ADA) if "is paused" in one]) == 1
        assert house.rows("SELECT 1 FROM outbox WHERE state = 'sent' AND kind = 'post'") == []
        answer = await schedule(house, hanging, every="daily", at="09:00")
        assert rule in f"{errors(answer)} {answer.json} {said(house, ADA)}"
        assert len(house.rows("SELECT 1 FROM schedules")) == 1
