"""Polls by command and by click, from a signed payload to the rows and the card."""

import pytest

from tests.support import polls
from tests.support.house import ADA, BEN, CLEO, LEADS, PLANNING, TWO_OF_US, House, buttons, shown

pytestmark = pytest.mark.usefixtures("pollbot")

LUNCH = '"Lunch?" "Pizza" "Soup"'


async def poll(house: House, text: str, user: str = ADA, channel: str = PLANNING) -> None:
    answer = await house.slack.command(user, channel, "/poll", text)
    assert answer.status == 200, answer
    assert answer.body == "", answer.body


def option(label: str, message: object) -> str:
    """Return the action_id of the option's button."""
    found = [action for action, text in buttons(message).items() if label in text]  # type: ignore[arg-type]
    assert len(found) == 1, buttons(message)  # type: ignore[arg-type]
    return found[0]


async def test_a_plain_poll_is_created_posted_and_answered(house: House) -> None:
    await poll(house, LUNCH)
    card = await house.card("Lunch?")

    await house.slack.press(BEN, card.id, option("Soup", card))

    receipt = await house.told(BEN, "Your answer to")
    assert "Soup" in receipt.text
    assert house.rows("SELECT voter, option_id FROM answers") == [(BEN, "2")]
    await house.slack.until(
        lambda: "1 answer" in card.text or "Soup 1" in card.text,
        what=f"the card to count, instead of {card.text}",
    )


async def test_another_option_replaces_the_first(house: House) -> None:
    await poll(house, LUNCH)
    card = await house.card("Lunch?")

    await house.slack.press(BEN, card.id, option("Soup", card))
    await house.slack.press(BEN, card.id, option("Pizza", card))
    await house.slack.press(BEN, card.id, option("Pizza", card))

    assert house.rows("SELECT voter, option_id FROM answers") == [(BEN, "1")]


async def test_several_answers_are_added_and_taken_back_once_per_click(house: House) -> None:
    await poll(house, f"multi {LUNCH}")
    card = await house.card("Lunch?")
    await house.slack.press(BEN, card.id, option("Soup", card))
    click = house.slack.click_body(BEN, card.id, option("Pizza", card))

    for _ in range(2):
        await house.slack.deliver(click, kind="interactive")
    await house.slack.press(BEN, card.id, option("Soup", card))

    assert house.rows("SELECT voter, option_id FROM answers") == [(BEN, "1")]


async def test_an_answer_is_withdrawn_from_the_receipt(house: House) -> None:
    await poll(house, LUNCH)
    card = await house.card("Lunch?")
    await house.slack.press(BEN, card.id, option("Soup", card))
    receipt = await house.told(BEN, "Your answer to")

    await house.slack.press(BEN, receipt.id, option("Withdraw", receipt))

    await house.told(BEN, "is withdrawn")
    assert house.rows("SELECT * FROM answers") == []


async def test_a_final_answer_stays(house: House) -> None:
    await poll(house, f"final {LUNCH}")
    card = await house.card("Lunch?")
    await house.slack.press(BEN, card.id, option("Soup", card))

    await house.slack.press(BEN, card.id, option("Pizza", card))

    await house.told(BEN, "are final")
    assert house.rows("SELECT option_id FROM answers") == [("2",)]


async def test_an_anonymous_poll_keeps_and_sends_no_name(house: House) -> None:
    await poll(house, f"anonymous {LUNCH}")
    card = await house.card("Lunch?")
    for user, label in ((BEN, "Soup"), (CLEO, "Pizza"), (BEN, "Pizza"), (ADA, "Pizza")):
        await house.slack.press(user, card.id, option(label, card))
    await house.slack.until(lambda: "3 answers" in card.text, what=f"3 answers in {card.text}")

    rows = str(house.rows("SELECT * FROM answers") + house.rows("SELECT * FROM deliveries"))
    assert not any(user in rows for user in (BEN, CLEO))
    sent = str([call.args for call in house.slack.calls] + [p.body for p in house.slack.hook_posts])
    assert not any(user in sent for user in (BEN, CLEO))


async def test_a_closed_poll_takes_no_answer_and_forgets_its_key(house: House) -> None:
    await poll(house, f"anonymous {LUNCH}")
    card = await house.card("Lunch?")
    await house.slack.press(BEN, card.id, option("Soup", card))
    await house.slack.press(ADA, card.id, option("More", card))
    more = await house.slack.until(lambda: next(iter(house.slack.views.values()), None))
    soup = house.slack.click_body(CLEO, card.id, option("Soup", card))

    await house.slack.view_action(ADA, more.id, "close_poll")
    await house.slack.deliver(soup, kind="interactive")

    await house.told(CLEO, "is closed and takes no more answers, so nothing was changed")
    assert house.rows("SELECT * FROM poll_keys") == []
    await house.slack.until(lambda: "Soup" not in str(buttons(card)))


@pytest.mark.parametrize("channel", [LEADS, TWO_OF_US], ids=["private", "direct message"])
async def test_a_poll_works_where_the_app_is_no_member(house: House, channel: str) -> None:
    await poll(house, LUNCH, channel=channel)
    card = await house.card("Lunch?", channel=channel)

    await house.slack.press(BEN, card.id, option("Soup", card))

    await house.slack.until(lambda: "Soup 1" in card.text, what=card.text)
    await house.told(BEN, "Your answer to")


async def test_only_its_creator_and_admins_may_close_a_poll(house: House) -> None:
    await poll(house, LUNCH, user=BEN)
    card = await house.card("Lunch?")

    await house.slack.press(CLEO, card.id, option("More", card))

    more = await house.slack.until(lambda: next(iter(house.slack.views.values()), None))
    assert "close_poll" not in str(more.view)
    await house.slack.press(ADA, card.id, option("More", card))
    admin = await house.slack.until(
        lambda: next((v for v in house.slack.views.values() if v.user == ADA), None)
    )
    assert "close_poll" in str(admin.view)


async def test_my_answer_is_shown_to_me_alone(house: House) -> None:
    await poll(house, LUNCH)
    card = await house.card("Lunch?")

    await house.slack.press(BEN, card.id, option("My answer", card))
    await house.told(BEN, "You have not answered")
    await house.slack.press(BEN, card.id, option("Pizza", card))
    await house.told(BEN, "Your answer to")
    told = len(house.words(BEN))
    await house.slack.press(BEN, card.id, option("My answer", card))

    await house.slack.until(lambda: len(house.words(BEN)) == told + 1, what="my answer")
    assert "Pizza" in house.words(BEN)[-1]
    for user in (ADA, CLEO):
        assert house.slack.visible_to(user, PLANNING) == [card]


async def test_polls_are_listed_and_shown(house: House) -> None:
    await poll(house, LUNCH)
    card = await house.card("Lunch?")
    await house.slack.press(BEN, card.id, option("Pizza", card))

    await house.slack.command(CLEO, PLANNING, "/poll", "list")
    listed = house.slack.visible_to(CLEO, PLANNING)[-1]
    assert "Lunch?" in shown(listed)
    await house.slack.press(CLEO, listed.id, option("Results", listed))

    await house.told(CLEO, "Pizza 1 (100 %)")


async def test_a_question_may_be_about_payloads(house: House) -> None:
    # Bolt's own reading of a form takes any such command for an empty request.
    await poll(house, '"Which payload=?" "A" "B"')

    await house.card("Which payload=?")


async def test_a_co_owner_may_close_the_poll(house: House) -> None:
    await poll(house, LUNCH, user=BEN)
    card = await house.card("Lunch?")
    await house.slack.press(BEN, card.id, option("More", card))
    more = await house.slack.until(lambda: next(iter(house.slack.views.values()), None))
    await house.slack.view_action(BEN, more.id, "poll_owners")
    await house.slack.until(lambda: "Co-owners" in str(more.view["title"]))

    await house.slack.submit(BEN, more.id, {"owners": {"value": [CLEO]}})
    await house.slack.press(CLEO, card.id, option("More", card))
    hers = await house.slack.until(
        lambda: next((v for v in house.slack.views.values() if v.user == CLEO), None)
    )
    await house.slack.view_action(CLEO, hers.id, "close_poll")

    await house.slack.until(lambda: "Soup" not in str(buttons(card)))
    owners = await polls.manage(house, BEN, card, "poll_owners", '"block_id": "owners"')
    assert polls.chosen(owners, "owners") == [CLEO]


async def test_a_co_owner_does_what_its_creator_may_until_they_are_none(house: House) -> None:
    await poll(house, LUNCH, user=BEN)
    card = await house.card("Lunch?")
    form = await polls.manage(house, BEN, card, "poll_owners", '"block_id": "owners"')
    await house.slack.submit(BEN, form.id, {"owners": {"value": [CLEO]}})

    form = await polls.manage(house, CLEO, card, "edit_poll", '"callback_id": "edit_poll"')
    await house.slack.submit(CLEO, form.id, {"title": {"value": "Dinner?"}})
    await house.slack.until(lambda: "Dinner?" in card.text, what=card.text)
    await polls.close(house, CLEO, card)
    await polls.reopen(house, CLEO, card)
    kept = await polls.more(house, CLEO, card)
    form = await polls.manage(house, BEN, card, "poll_owners", '"block_id": "owners"')
    await house.slack.submit(BEN, form.id, {"owners": {"value": []}})
    await house.slack.view_action(CLEO, kept.id, "delete_poll")

    await house.told(CLEO, "its co-owners and admins may do that")
    assert "answer:0" in buttons(card)
    form = await polls.manage(house, BEN, card, "poll_owners", '"block_id": "owners"')
    await house.slack.submit(BEN, form.id, {"owners": {"value": [CLEO]}})
    await polls.manage(house, CLEO, card, "delete_poll", "is deleted")
    await house.slack.until(lambda: "was deleted" in card.text, what=card.text)


async def test_nobody_else_may_name_co_owners(house: House) -> None:
    await poll(house, LUNCH, user=BEN)
    card = await house.card("Lunch?")
    await house.slack.press(BEN, card.id, option("More", card))
    more = await house.slack.until(lambda: next(iter(house.slack.views.values()), None))
    await house.slack.view_action(BEN, more.id, "poll_owners")
    await house.slack.until(lambda: "Co-owners" in str(more.view["title"]))
    more.user = CLEO

    await house.slack.submit(CLEO, more.id, {"owners": {"value": [CLEO]}})

    assert "its co-owners and admins may do that" in str(more.errors)
    owners = await polls.manage(house, BEN, card, "poll_owners", '"block_id": "owners"')
    assert polls.chosen(owners, "owners") is None
