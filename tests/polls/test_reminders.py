"""Reminders: once, in private, to those of the channel who have not answered."""

from pollbot.sandbox.slack import Message
from pollbot.wiring import Pollbot
from tests.support.house import ADA, BEN, CLEO, LEADS, PLANNING, House, buttons, rest, shown
from tests.support.polls import (
    BOUND,
    DAY,
    HOUR,
    answer,
    chosen,
    close,
    element,
    end_of,
    form_poll,
    manage,
    more,
    polls_listed,
    replies,
    submitted,
)
from tests.support.team_voice import on_disk

ASKED = "you have not answered “Lunch?” yet"


def reminded(house: House) -> list[str]:
    """Return who was reminded, in order."""
    return [
        user
        for message in house.slack.messages
        for user in (ADA, BEN, CLEO)
        if ASKED in message.text and user in house.slack.channels[message.channel].members
    ]


async def everybody(house: House, pollbot: Pollbot) -> None:
    """Wait until nobody is left to be reminded; each look moves the clock on by 2 s."""
    for _ in range(10):
        house.clock.ahead += 2.0
        await rest(house, pollbot)


async def test_those_who_have_not_answered_are_reminded(house: House, pollbot: Pollbot) -> None:
    card = await form_poll(house, ends_in=3 * HOUR, remind=HOUR)
    await answer(house, BEN, card, "Soup")
    assert reminded(house) == []

    house.clock.ahead += 2 * HOUR

    await everybody(house, pollbot)
    assert sorted(reminded(house)) == [ADA, CLEO]
    house.clock.ahead += HOUR / 2
    assert sorted(reminded(house)) == [ADA, CLEO]
    assert replies(house, card) == []


async def test_a_reminder_can_be_answered_in_place_and_leads_to_the_card(
    house: House, pollbot: Pollbot
) -> None:
    card = await form_poll(house, ends_in=3 * HOUR, remind=HOUR)

    house.clock.ahead += 2 * HOUR
    told = await house.told(CLEO, ASKED)

    assert list(buttons(told).values()) == ["Pizza", "Soup", "Mute reminders"]
    assert f"Ada asks in <#{PLANNING}>: *Lunch?*" in shown(told)
    assert f"Ada asks in <#{PLANNING}>." in told.text
    assert f"/archives/{PLANNING}/p{card.ts.replace('.', '')}" in shown(told)
    await house.slack.press(CLEO, told.id, "answer:1")
    await house.told(CLEO, "Your answer to")
    await house.slack.until(lambda: "Soup 1 (100 %)" in card.text, what="her answer on the card")
    before = str(told.blocks)
    await answer(house, BEN, card, "Pizza")
    await house.slack.until(lambda: "Pizza 1 (50 %)" in card.text, what="his answer on the card")
    await rest(house, pollbot)
    assert str(told.blocks) == before, "the reminder is no card"


async def test_apps_and_those_who_left_are_not_written_to(house: House, pollbot: Pollbot) -> None:
    house.slack.channels[PLANNING].app_is_member = True
    await form_poll(house, ends_in=3 * HOUR, remind=HOUR)

    house.clock.ahead += 2 * HOUR

    await everybody(house, pollbot)
    assert sorted(reminded(house)) == [ADA, BEN, CLEO]
    assert house.slack.bot_user_id not in [
        call.args.get("channel") for call in house.slack.calls if call.method == "chat.postMessage"
    ]


async def test_a_restart_in_between_reminds_the_rest_and_nobody_twice(house: House) -> None:
    async with house.program() as pollbot:
        await form_poll(house, ends_in=3 * HOUR, remind=HOUR)
        house.clock.ahead += 2 * HOUR
        await house.slack.until(lambda: reminded(house), BOUND, what="a first reminder")

    async with house.program() as pollbot:
        await everybody(house, pollbot)

    assert sorted(reminded(house)) == [ADA, BEN, CLEO]


async def test_what_slack_may_have_taken_is_not_sent_again(house: House, pollbot: Pollbot) -> None:
    await form_poll(house, ends_in=3 * HOUR, remind=HOUR)
    house.slack.faults.lose_next_answer("chat.postMessage")

    house.clock.ahead += 2 * HOUR

    await everybody(house, pollbot)
    assert sorted(reminded(house)) == [ADA, BEN, CLEO]


async def test_what_slack_did_not_take_is_sent_later(house: House, pollbot: Pollbot) -> None:
    await form_poll(house, ends_in=3 * HOUR, remind=HOUR)
    for method in ("conversations.members", "chat.postMessage"):
        house.slack.faults.fail_next(method, 429, {"ok": False}, {"Retry-After": "1"})

    house.clock.ahead += 2 * HOUR

    await everybody(house, pollbot)
    assert sorted(reminded(house)) == [ADA, BEN, CLEO]


async def test_a_channel_that_cannot_be_read_gets_one_reply_instead(house: House) -> None:
    async with house.program() as pollbot:
        card = await form_poll(house, ends_in=3 * HOUR, remind=HOUR)
        house.slack.faults.fail_next(
            "conversations.members", 200, {"ok": False, "error": "missing_scope"}, times=9
        )
        house.clock.ahead += 2 * HOUR
        await everybody(house, pollbot)
    async with house.program():
        await house.slack.until(lambda: replies(house, card), BOUND, what="the reply")

    (said,) = replies(house, card)
    assert "If you have not answered yet, choose on the card above" in said.text
    assert reminded(house) == []


async def test_a_crowd_gets_one_reply_instead(house: House, pollbot: Pollbot) -> None:
    card = await form_poll(house, ends_in=3 * HOUR, remind=HOUR)
    house.slack.channels[PLANNING].members |= {f"U0CROWD{number}" for number in range(200)}

    house.clock.ahead += 2 * HOUR

    await everybody(house, pollbot)
    (said,) = replies(house, card)
    assert "If you have not answered yet, choose on the card above" in said.text
    assert reminded(house) == []


async def test_who_is_in_two_channels_is_reminded_once(house: House, pollbot: Pollbot) -> None:
    house.slack.channels[LEADS].app_is_member = True
    await form_poll(house, ends_in=3 * HOUR, remind=HOUR)
    await house.slack.command(ADA, LEADS, "/poll", "list")
    listed = await house.told(ADA, "Lunch?")
    await house.slack.press(ADA, listed.id, "post_poll")
    await house.card("Lunch?", channel=LEADS)

    house.clock.ahead += 2 * HOUR

    await everybody(house, pollbot)
    assert sorted(reminded(house)) == [ADA, BEN, CLEO]


async def test_reminders_stop_when_the_poll_closes(house: House, pollbot: Pollbot) -> None:
    del pollbot
    card = await form_poll(house, ends_in=3 * HOUR, remind=HOUR)
    opened = await more(house, ADA, card)
    house.clock.ahead += 2 * HOUR
    await house.slack.until(lambda: reminded(house), BOUND, what="a first reminder")

    await house.slack.view_action(ADA, opened.id, "close_poll")
    before = reminded(house)
    house.clock.ahead += 60

    await house.slack.until(lambda: replies(house, card), BOUND, what="the announcement")
    assert len(before) < 3
    assert reminded(house) == before


async def test_with_the_names_goes_who_was_reminded(house: House) -> None:
    async with house.program() as pollbot:
        card = await form_poll(house, ends_in=3 * HOUR, remind=HOUR)
        house.clock.ahead += 2 * HOUR
        await everybody(house, pollbot)
        assert sorted(reminded(house)) == [ADA, BEN, CLEO]
        form = await manage(house, ADA, card, "edit_poll", '"callback_id": "edit_poll"')
        fields = {
            "settings": {"changed": ["changeable"]},
            "remind": {element(form, "remind"): "none"},
        }

        sent = await house.slack.submit(ADA, form.id, fields)

        assert sent.body == ""

    assert not any(user.encode() in on_disk(house) for user in (BEN, CLEO)), "Ada made it"


async def test_giving_names_up_gives_the_reminder_up(house: House, pollbot: Pollbot) -> None:
    card = await form_poll(house, ends_in=3 * HOUR, remind=HOUR)
    form = await manage(house, ADA, card, "edit_poll", '"callback_id": "edit_poll"')
    fields = {"settings": {"changed": ["changeable"]}}

    refused = await house.slack.submit(ADA, form.id, fields)
    sent = await house.slack.submit(ADA, form.id, {"remind": {element(form, "remind"): "none"}})

    assert "A reminder needs an end" in refused.body
    assert sent.body == ""
    house.clock.ahead += 2 * HOUR
    await everybody(house, pollbot)
    assert reminded(house) == []
    again = await manage(house, ADA, card, "edit_poll", '"callback_id": "edit_poll"')
    assert chosen(again, "remind") == "none"


async def test_a_reminder_needs_names_and_a_closing_end(house: House, pollbot: Pollbot) -> None:
    del pollbot

    anonymous = await submitted(house, ends_in=3 * HOUR, remind=HOUR, settings=("changeable",))
    await house.slack.close(ADA, house.slack.stack_of(ADA)[-1].id)
    planned = await submitted(
        house, ends_in=3 * HOUR, remind=HOUR, settings=("changeable", "names", "stays_open")
    )

    assert "A reminder needs an end at which the poll closes by itself" in anonymous.body
    assert "A reminder needs an end at which the poll closes by itself" in planned.body
    assert await polls_listed(house) == []


async def test_a_reminder_whose_time_is_past_is_refused(house: House, pollbot: Pollbot) -> None:
    del pollbot

    answer = await submitted(house, ends_in=HOUR / 2, remind=HOUR)

    assert "The time for the reminder has passed already" in answer.body
    assert await polls_listed(house) == []


async def test_a_later_end_moves_the_reminder(house: House, pollbot: Pollbot) -> None:
    card = await form_poll(house, ends_in=3 * HOUR, remind=HOUR)
    end = end_of(card) or 0
    form = await manage(house, ADA, card, "edit_poll", '"callback_id": "edit_poll"')

    await house.slack.submit(ADA, form.id, {"end": {"value": end + int(HOUR)}})

    house.clock.ahead += end - 30 - house.clock()
    await everybody(house, pollbot)
    assert reminded(house) == [], "not before an hour before the new end"
    house.clock.ahead += end - house.clock()
    await everybody(house, pollbot)
    assert sorted(reminded(house)) == [ADA, BEN, CLEO]


async def test_a_reminder_that_was_missed_comes_as_long_as_the_poll_is_open(house: House) -> None:
    async with house.program() as pollbot:
        await form_poll(house, ends_in=3 * DAY, remind=2 * DAY)
    house.clock.ahead += 2.5 * DAY

    async with house.program() as pollbot:
        await everybody(house, pollbot)

    assert sorted(reminded(house)) == [ADA, BEN, CLEO]


async def test_many_options_are_answered_on_the_card(house: House, pollbot: Pollbot) -> None:
    del pollbot
    options = " ".join(f'"Option {n}"' for n in range(1, 26))
    await house.slack.command(ADA, PLANNING, "/poll", f'until 2030-01-01 "Lunch?" {options}')
    card: Message = await house.card("Lunch?")
    form = await manage(house, ADA, card, "edit_poll", '"callback_id": "edit_poll"')
    fields = {
        "end": {"value": int(house.clock() + 3 * HOUR)},
        "remind": {element(form, "remind"): "3600"},
    }
    sent = await house.slack.submit(ADA, form.id, fields)
    assert sent.body == ""

    house.clock.ahead += 2 * HOUR

    told = await house.told(CLEO, ASKED)
    assert list(buttons(told).values()) == ["Mute reminders"]
    assert "Choose on" in shown(told)
    await close(house, ADA, card)
