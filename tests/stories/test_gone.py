"""Cards that somebody deletes in Slack, and cards that Slack lets nobody change for a while."""

import pytest

from pollbot.wiring import Pollbot
from tests.support.house import ADA, BEN, House, buttons, letters, rest, settled, shown
from tests.support.polls import HOUR, answer, poll, until

LUNCH = '"Lunch?" "Pizza" "Soup"'
HALF_AN_HOUR = 1800.0
PASSING = (
    *("is_archived", "restricted_action", "restricted_action_read_only_channel"),
    *("external_channel_migrating", "missing_scope", "no_permission"),
    *("team_access_not_granted", "ekm_access_denied", "never_heard_of_it"),
)


async def pass_by(house: House, pollbot: Pollbot, seconds: float) -> None:
    house.clock.ahead += seconds
    await settled(house, pollbot)


@pytest.mark.parametrize("code", PASSING)
async def test_a_card_that_slack_let_nobody_change_comes_right_by_itself(
    house: House, pollbot: Pollbot, code: str
) -> None:
    card = await poll(house, f"{until(house, HOUR)} {LUNCH}")
    await answer(house, BEN, card, "Soup")
    await rest(house, pollbot)
    refused = {"ok": False, "error": code}
    for method in ("chat.update", "chat.postMessage"):
        house.slack.faults.fail_next(method, 200, refused, times=50)
    await pass_by(house, pollbot, HOUR)
    assert "answer:0" in buttons(card)
    for method in ("chat.update", "chat.postMessage"):
        house.slack.faults.mend(method)

    await pass_by(house, pollbot, HALF_AN_HOUR)

    await house.slack.until(lambda: "answer:0" not in buttons(card), what="a card without options")
    assert "Soup 1" in card.text


@pytest.mark.parametrize("code", PASSING)
async def test_a_press_finds_out_at_once_that_it_may_be_changed_again(
    house: House, pollbot: Pollbot, code: str
) -> None:
    card = await poll(house, LUNCH)
    await rest(house, pollbot)
    for method, status, body in (
        ("chat.update", 200, {"ok": False, "error": code}),
        ("response_url", 404, "used_url"),
    ):
        house.slack.faults.fail_next(method, status, body, times=50)
    await answer(house, BEN, card, "Soup")
    await pass_by(house, pollbot, 5)
    assert "Soup 1" not in card.text
    house.slack.faults.mend("chat.update")

    await answer(house, ADA, card, "Pizza")
    await pass_by(house, pollbot, 5)

    await house.slack.until(lambda: "Pizza 1" in card.text, what="both answers")


async def test_a_message_that_is_too_old_to_be_edited_is_changed_by_way_of_a_press(
    house: House, pollbot: Pollbot
) -> None:
    card = await poll(house, LUNCH)
    await rest(house, pollbot)
    refused = {"ok": False, "error": "edit_window_closed"}
    house.slack.faults.fail_next("chat.update", 200, refused, times=50)

    await answer(house, BEN, card, "Soup")
    await pass_by(house, pollbot, 5)

    await house.slack.until(lambda: "Soup 1" in card.text, what="the answer")


@pytest.mark.parametrize("known", [True, False], ids=["known before", "found out at the end"])
async def test_the_result_of_a_poll_whose_cards_are_deleted_goes_to_its_creator_once(
    house: House, pollbot: Pollbot, *, known: bool
) -> None:
    card = await poll(house, f"{until(house, HOUR)} {LUNCH}")
    await answer(house, BEN, card, "Soup")
    await rest(house, pollbot)
    if known:
        body = house.slack.click_body(BEN, card.id, "answer:0")
        house.slack.delete(card)
        await house.slack.deliver(body, kind="interactive")
        await rest(house, pollbot)
    else:
        house.slack.delete(card)

    await pass_by(house, pollbot, HOUR)

    told = await house.told(ADA, "Announced nowhere.")
    assert f"{'Pizza' if known else 'Soup'} 1" in told.text
    assert "for you to pass on" in shown(told)
    await pass_by(house, pollbot, HOUR)
    assert letters(house, ADA) == [told.text]
    assert letters(house, BEN) == []


@pytest.mark.parametrize("how", ["nobody answered", "another card is there"])
async def test_of_a_deleted_card_its_creator_hears_nothing_else(
    house: House, pollbot: Pollbot, how: str
) -> None:
    card = await poll(house, f"{until(house, HOUR)} {LUNCH}")
    if how == "another card is there":
        await answer(house, BEN, card, "Soup")
        await house.slack.command(ADA, "C0LEADS", "/poll", "list")
        listed = await house.told(ADA, "Lunch?")
        await house.slack.press(ADA, listed.id, "post_poll")
        await house.card("Lunch?", channel="C0LEADS")
        house.slack.channels["C0LEADS"].app_is_member = True
    await rest(house, pollbot)
    house.slack.delete(card)

    await pass_by(house, pollbot, HOUR)

    assert not [one for one in letters(house, ADA) if "Announced nowhere" in one]


async def test_of_an_archived_channel_nobody_is_told_to_press_there(
    house: House, pollbot: Pollbot
) -> None:
    card = await poll(house, f"{until(house, HOUR)} {LUNCH}")
    await answer(house, BEN, card, "Soup")
    await rest(house, pollbot)
    house.slack.archive(card.channel)

    await pass_by(house, pollbot, HOUR)

    told = await house.told(ADA, "Not announced in")
    assert "that channel is archived" in shown(told)
    assert "presses the card" not in shown(told)


@pytest.mark.parametrize(
    ("code", "told"),
    [("not_in_channel", 1), *((one, 0) for one in PASSING if one.startswith(("re", "mi", "no_")))],
)
async def test_only_where_an_invitation_helps_somebody_hears_that_it_is_no_member(
    house: House, pollbot: Pollbot, code: str, told: int
) -> None:
    house.slack.faults.fail_next("chat.postMessage", 200, {"ok": False, "error": code})

    await poll(house, f"{until(house, HOUR)} {LUNCH}")
    await pass_by(house, pollbot, 5)

    assert sum("is no member of" in one for one in house.words(ADA)) == told
