"""A poll's end: said once in the thread of each of its cards, whatever happens in between."""

from functools import partial

from pollbot.sandbox.slack import Message
from pollbot.wiring import Pollbot
from tests.support.house import ADA, BEN, CLEO, LEADS, PLANNING, House, buttons, rest, shown
from tests.support.polls import (
    DAY,
    HOUR,
    answer,
    close,
    manage,
    more,
    offers,
    poll,
    replies,
    reply,
    until,
    window,
)
from tests.support.team_voice import change, on_disk


async def test_the_result_is_said_in_the_thread_when_the_end_comes(
    house: House, pollbot: Pollbot
) -> None:
    card = await poll(house, f'{until(house, HOUR)} "Lunch?" "Pizza" "Soup"')
    await answer(house, BEN, card, "Soup")

    house.clock.ahead += HOUR

    said = await reply(house, card, "Closed, by its deadline.")
    assert "Soup 1 (100 %)" in said.text
    assert "▇▇▇▇▇▇▇▇▇▇ 1 · 100 %" in shown(said)
    await house.slack.until(lambda: "answer:0" not in buttons(card), what="a card without options")
    await rest(house, pollbot)
    assert len(replies(house, card)) == 1
    assert BEN not in str(said.blocks), "nobody is pinged for having answered"


async def test_who_closed_it_by_hand_is_said(house: House, pollbot: Pollbot) -> None:
    del pollbot
    card = await poll(house, '"Lunch?" "Pizza" "Soup"')

    told = await close(house, ADA, card)

    await reply(house, card, "Closed, by Ada.")
    assert offers(told) == [], "it is on no issue"


async def test_an_anonymous_poll_names_nobody(house: House, pollbot: Pollbot) -> None:
    del pollbot
    card = await poll(house, 'anonymous "Lunch?" "Pizza" "Soup"')
    for user in (ADA, BEN, CLEO):
        await answer(house, user, card, "Soup")
    house.slack.people[CLEO].is_admin = True

    await close(house, CLEO, card)

    said = await reply(house, card, "Closed, by hand.")
    assert "Soup 3 (100 %)" in said.text
    assert not any(user in f"{said.text} {said.blocks}" for user in (ADA, BEN, CLEO))
    assert CLEO.encode() not in on_disk(house)


async def test_too_few_anonymous_answers_stay_undivided(house: House, pollbot: Pollbot) -> None:
    del pollbot
    card = await poll(house, 'anonymous "Lunch?" "Pizza" "Soup"')
    await answer(house, BEN, card, "Soup")

    await close(house, ADA, card)

    said = await reply(house, card, "Too few answers")
    assert "%" not in said.text


async def test_every_card_of_the_poll_gets_its_own(house: House, pollbot: Pollbot) -> None:
    house.slack.channels[LEADS].app_is_member = True
    card = await poll(house, f'{until(house, HOUR)} "Lunch?" "Pizza" "Soup"')
    await house.slack.command(ADA, LEADS, "/poll", "list")
    listed = await house.told(ADA, "Lunch?")
    await house.slack.press(ADA, listed.id, "post_poll")
    other = await house.card("Lunch?", channel=LEADS)

    house.clock.ahead += HOUR

    await reply(house, card, "by its deadline")
    await reply(house, other, "by its deadline")
    await rest(house, pollbot)
    assert (len(replies(house, card)), len(replies(house, other))) == (1, 1)


def whispered(house: House, channel: str) -> Message | None:
    """Return what only one person sees in the channel."""
    return next((m for m in house.slack.messages if m.channel == channel and m.ephemeral_for), None)


async def test_a_channel_that_is_gone_keeps_nothing_from_the_others(
    house: House, pollbot: Pollbot
) -> None:
    house.slack.channels[LEADS].app_is_member = True
    house.slack.add_channel("C0GONE", "gone")
    cards = [await poll(house, f'{until(house, HOUR)} "Lunch?" "Pizza" "Soup"', channel="C0GONE")]
    for channel in (PLANNING, LEADS):
        await house.slack.command(ADA, channel, "/poll", "list")
        listed = await house.slack.until(partial(whispered, house, channel))
        await house.slack.press(ADA, listed.id, "post_poll")
        cards.append(await house.card("Lunch?", channel=channel))
    house.slack.delete_channel("C0GONE")

    house.clock.ahead += HOUR

    for card in cards[1:]:
        await reply(house, card, "by its deadline")
    await rest(house, pollbot)
    assert [len(replies(house, card)) for card in cards[1:]] == [1, 1]


async def test_a_planned_end_closes_and_announces_nothing(house: House, pollbot: Pollbot) -> None:
    del pollbot
    card = await poll(house, f'{until(house, HOUR)} "Lunch?" "Pizza" "Soup"')
    other = await poll(house, f'{until(house, HOUR)} "Dinner?" "Pizza" "Soup"')
    form = await manage(house, ADA, other, "edit_poll", '"callback_id": "edit_poll"')
    sent = await house.slack.submit(
        ADA, form.id, {"settings": {"changed": ["changeable", "names", "stays_open"]}}
    )
    assert sent.error is None

    house.clock.ahead += HOUR

    await reply(house, card, "by its deadline")
    assert replies(house, other) == []
    await answer(house, BEN, other, "Soup")
    await house.told(BEN, "Your answer to")


async def test_the_end_of_a_poll_that_closed_right_before_a_crash_is_said_after_it(
    house: House,
) -> None:
    async with house.program():
        card = await poll(house, f'{until(house, HOUR)} "Lunch?" "Pizza" "Soup"')
    house.clock.ahead += HOUR + 60

    async with house.program() as pollbot:
        await reply(house, card, "by its deadline")
        await rest(house, pollbot)
    async with house.program() as pollbot:
        await house.card("Closed on")
        await rest(house, pollbot)

    assert len(replies(house, card)) == 1


async def test_what_slack_may_have_taken_is_not_said_again(house: House) -> None:
    async with house.program() as pollbot:
        card = await poll(house, '"Lunch?" "Pizza" "Soup"')
        house.clock.ahead += 2
        house.slack.faults.lose_next_answer("chat.postMessage")
        await close(house, ADA, card)
        await rest(house, pollbot)
        said = [call for call in house.slack.calls if call.method == "chat.postMessage"]
        assert [call.status for call in said if "Closed" in str(call.args)][:1] == [0]

    house.clock.ahead += HOUR
    async with house.program() as pollbot:
        await house.slack.until(lambda: "answer:0" not in buttons(card), what="a closed card")
        await rest(house, pollbot)

    assert len(replies(house, card)) == 1


async def test_a_kill_after_the_reply_brings_no_second_one(house: House) -> None:
    async with house.program() as pollbot:
        card = await poll(house, '"Lunch?" "Pizza" "Soup"')
        await close(house, ADA, card)
        await reply(house, card, "Closed")
        await rest(house, pollbot)
    # As if the program had ended right after Slack took the reply.
    change(house, "UPDATE outbox SET state = 'claimed'")
    change(
        house,
        "INSERT INTO endings (poll_id, team_id, closed_at)"
        " SELECT id, team_id, closed_at FROM polls",
    )

    async with house.program() as pollbot:
        told = await house.told(ADA, "may be there or not")
        await rest(house, pollbot)

    assert len(replies(house, card)) == 1
    assert "posting the result of *Lunch?*" in shown(told)


async def test_what_slack_asks_to_be_sent_later_is_said_then(
    house: House, pollbot: Pollbot
) -> None:
    card = await poll(house, '"Lunch?" "Pizza" "Soup"')
    house.slack.faults.fail_next("chat.postMessage", 429, {"ok": False}, {"Retry-After": "30"})
    await close(house, ADA, card)
    await put_off(house)
    await rest(house, pollbot)
    house.clock.ahead += 25
    await rest(house, pollbot)
    assert replies(house, card) == []

    house.clock.ahead += 6

    await reply(house, card, "by Ada")
    await rest(house, pollbot)
    assert len(replies(house, card)) == 1


async def put_off(house: House) -> None:
    """Wait until Slack has asked to be sent something later."""
    await house.slack.until(
        lambda: any(call.status == 429 for call in house.slack.calls), what="a 429 of Slack"
    )


async def test_what_slack_refuses_is_over(house: House, pollbot: Pollbot) -> None:
    card = await poll(house, '"Lunch?" "Pizza" "Soup"')
    opened = await more(house, ADA, card)
    house.clock.ahead += 2
    house.slack.archive(PLANNING)

    await house.slack.view_action(ADA, opened.id, "close_poll")

    await window(house, ADA, "takes no more answers")
    await rest(house, pollbot)
    tries = [call for call in house.slack.calls if call.answer.get("error") == "is_archived"]
    house.slack.channels[PLANNING].is_archived = False
    for _ in range(2):
        house.clock.ahead += HOUR
        await rest(house, pollbot)
    assert [call.method for call in tries].count("chat.postMessage") == 1
    assert replies(house, card) == []


async def test_of_a_deleted_poll_nothing_is_said(house: House) -> None:
    async with house.program() as pollbot:
        card = await poll(house, '"Lunch?" "Pizza" "Soup"')
        house.slack.faults.fail_next("chat.postMessage", 429, {"ok": False}, {"Retry-After": "30"})
        await close(house, ADA, card)
        await put_off(house)

        await manage(house, ADA, card, "delete_poll", "is deleted")

        house.clock.ahead += 60
        await rest(house, pollbot)
    house.clock.ahead += 60
    async with house.program() as pollbot:
        await house.card("was deleted")
        await rest(house, pollbot)
    assert replies(house, card) == []


async def test_an_end_that_is_older_than_a_day_is_not_announced(house: House) -> None:
    async with house.program():
        card = await poll(house, f'{until(house, HOUR)} "Lunch?" "Pizza" "Soup"')
    house.clock.ahead += 2 * DAY

    async with house.program() as pollbot:
        await house.slack.until(lambda: "Closed on" in card.text, what="a card that says it")
        await rest(house, pollbot)

    assert replies(house, card) == []


async def test_closing_a_closed_poll_says_that_it_is_closed(house: House, pollbot: Pollbot) -> None:
    card = await poll(house, '"Lunch?" "Pizza" "Soup"', user=BEN)
    opened = await more(house, ADA, card)
    await close(house, BEN, card)

    await house.slack.view_action(ADA, opened.id, "close_poll")

    await window(house, ADA, "takes no more answers")
    await reply(house, card, "by Ben")
    await rest(house, pollbot)
    assert len(replies(house, card)) == 1
    assert house.words(ADA) == []


async def test_a_closed_poll_cannot_be_edited_and_says_the_way_out(
    house: House, pollbot: Pollbot
) -> None:
    del pollbot
    card = await poll(house, '"Lunch?" "Pizza" "Soup"', user=BEN)
    form = await manage(house, BEN, card, "edit_poll", '"callback_id": "edit_poll"')
    await close(house, ADA, card)

    sent = await house.slack.submit(BEN, form.id, {"title": {"value": "Dinner?"}})

    assert "is closed, so nothing was changed" in sent.body
    assert "Reopen" in sent.body
    assert "Dinner?" not in card.text
    assert "Dinner?" not in str((await more(house, ADA, card)).view)
