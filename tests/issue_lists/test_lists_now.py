"""A list to vote on, or one issue, is posted by a form: from `/votes`, or from a button."""

import pytest

from pollbot.sandbox.slack import View
from pollbot.wiring import Pollbot
from tests.support.house import ADA, BEN, LEADS, PLANNING, House, buttons, rest
from tests.support.polls import drawn, hanging, window


async def opened(house: House, user: str = ADA, channel: str = PLANNING) -> View:
    answer = await house.slack.command(user, channel, "/votes", "")
    assert (answer.status, answer.body) == (200, ""), answer
    return await window(house, user, '"callback_id": "show_votes"')


@pytest.mark.usefixtures("pollbot")
async def test_a_project_becomes_a_list_with_the_most_votes_first(house: House) -> None:
    await house.connect(ADA)
    form = await opened(house)

    await house.slack.submit(ADA, form.id, {"query": {"value": "plat"}})

    card = await house.card("Vote on these issues: PLAT")
    assert card.text.index("PLAT-12") < card.text.index("PLAT-13")
    assert "PLAT-7" not in card.text
    assert f"on its way to <#{PLANNING}>" in drawn(await window(house, ADA, "is on its way"))
    assert "Vote" in buttons(card).values()


@pytest.mark.usefixtures("pollbot")
async def test_jql_is_taken_with_the_quotes_of_a_phone(house: House) -> None:
    await house.connect(ADA)
    form = await opened(house)

    await house.slack.submit(ADA, form.id, {"query": {"value": "summary ~ “dark”"}})

    assert "PLAT-13" in (await house.card("Vote on these issues")).text


@pytest.mark.usefixtures("pollbot")
async def test_an_issue_that_is_picked_becomes_its_card_in_any_channel(house: House) -> None:
    await house.connect(ADA)
    form = await opened(house)

    picked = {"issue": {"pick_issue": "PLAT-13"}, "channel": {"value": LEADS}}
    await house.slack.submit(ADA, form.id, picked)

    assert "PLAT-13" in (await house.card("Dark mode", channel=LEADS)).text


async def test_an_issue_and_a_list_are_both_posted_and_once_each(
    house: House, pollbot: Pollbot
) -> None:
    await house.connect(ADA)
    form = await opened(house)

    both = {"issue": {"pick_issue": "PLAT-13"}, "query": {"value": "PLAT"}}
    await house.slack.submit(ADA, form.id, both)
    again = house.slack.deliveries[-1].body
    await house.slack.deliver(again, kind="interactive")

    await house.card("Vote on these issues: PLAT")
    await house.card("Dark mode")
    await rest(house, pollbot)
    assert (
        len(
            [
                m
                for m in house.slack.messages
                if m.user == house.slack.bot_user_id
                and m.channel == PLANNING
                and m.ephemeral_for is None
            ]
        )
        == 2
    )
    assert len(hanging(house)) <= 2


@pytest.mark.usefixtures("pollbot")
async def test_who_is_not_connected_is_asked_to(house: House) -> None:
    form = await opened(house, BEN)

    await house.slack.submit(BEN, form.id, {"query": {"value": "PLAT"}})

    await house.told(BEN, "Jira account")


@pytest.mark.usefixtures("pollbot")
async def test_in_a_linked_channel_the_card_comes_as_before(house: House) -> None:
    await house.connect(ADA)
    await house.slack.command(ADA, PLANNING, "/pollbot", "link PLAT-13")

    await house.slack.command(ADA, PLANNING, "/votes", "")

    await house.card("Dark mode")
