"""What pollbot tells people is little: nothing that they see, and together what goes together."""

from typing import Any

import pytest

from pollbot.sandbox.slack import Message
from pollbot.wiring import Pollbot
from tests.support.house import ADA, BEN, PLANNING, House, letters, rest
from tests.support.polls import action, poll

pytestmark = pytest.mark.usefixtures("pollbot")

HOME = {"id": "V1", "type": "home", "blocks": [], "private_metadata": ""}
FLEXPANE = {"type": "entity_detail"}
BESIDE = pytest.mark.parametrize("where", ["home", "entity_detail"])


def elsewhere(house: House, user: str, card: Message, action_id: str, where: str) -> dict[str, Any]:
    """Return the payload of a button of a card as it would come from where it is drawn for one."""
    body = house.slack.click_body(user, card.id, action_id)
    for name in ("message", "channel", "response_url"):
        del body[name]
    if where == "home":
        return body | {"container": {"type": "view", "view_id": "V1"}, "view": HOME}
    return body | {"container": FLEXPANE}


async def on_card(house: House) -> Message:
    await house.connect(ADA)
    await house.slack.command(ADA, PLANNING, "/votes", "PLAT-12")
    return await house.card("PLAT-12")


@BESIDE
async def test_a_vote_that_is_seen_where_it_was_cast_is_told_by_no_message(
    house: House, pollbot: Pollbot, where: str
) -> None:
    card = await on_card(house)
    before = house.words(ADA)

    await house.slack.deliver(elsewhere(house, ADA, card, "vote", where), kind="interactive")

    await house.votes("PLAT-12", 8)
    await rest(house, pollbot)
    assert house.words(ADA) == before
    assert house.rows("SELECT count(*) FROM intents") == [(0,)]


@BESIDE
async def test_what_became_of_none_is_told_wherever_it_was_asked(house: House, where: str) -> None:
    card = await on_card(house)
    house.jira.issues["PLAT-12"].resolution = "Done"

    await house.slack.deliver(elsewhere(house, ADA, card, "vote", where), kind="interactive")

    told = await house.told(ADA, "resolved")
    assert told.text in letters(house, ADA)


@BESIDE
async def test_that_a_vote_waits_is_told_and_then_that_it_is_counted(
    house: House, where: str
) -> None:
    card = await on_card(house)
    house.jira.faults.mode = "down"
    await house.slack.deliver(elsewhere(house, ADA, card, "vote", where), kind="interactive")
    await house.told(ADA, "kept")
    house.jira.faults.mode = "up"

    house.clock.ahead += 60
    await house.told(ADA, "is counted")


@BESIDE
async def test_an_answer_that_is_seen_where_it_was_given_is_told_by_no_message(
    house: House, pollbot: Pollbot, where: str
) -> None:
    card = await poll(house, '"Lunch?" "Pizza" "Soup"')
    body = elsewhere(house, BEN, card, action(card, "Soup"), where)

    await house.slack.deliver(body, kind="interactive")
    await rest(house, pollbot)

    assert house.words(BEN) == []
    assert house.rows("SELECT count(*) FROM answers") == [(1,)]
    not_told = "SELECT 1 FROM deliveries WHERE told = 0 AND subject LIKE 'poll %'"
    await house.slack.until(lambda: not house.rows(not_told), what="nobody left to be told")
