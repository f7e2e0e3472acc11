"""Closed polls: opened again where that is possible, and posted anew."""

import json

import pytest

from pollbot.sandbox.slack import View
from pollbot.wiring import Pollbot
from tests.support.house import ADA, BEN, CLEO, LEADS, PLANNING, House, buttons, rest, shown
from tests.support.polls import (
    BOUND,
    DAY,
    HOUR,
    answer,
    at,
    chosen,
    close,
    end_of,
    form_poll,
    hanging,
    manage,
    more,
    offers,
    poll,
    polls_listed,
    reopen,
    replies,
    reply,
    until,
    window,
)
from tests.support.team_voice import by_default, close_windows, connect, team_voice

GONE = "what tied answers to people was destroyed when it closed"


async def cards(house: House, count: int) -> None:
    """Wait until so many polls' cards hang in channels."""
    await house.slack.until(lambda: len(hanging(house)) == count, BOUND, what=f"{count} cards")


async def use(house: House, view: View, action_id: str, part: str) -> View:
    sent = await house.slack.view_action(view.user, view.id, action_id)
    assert (sent.status, sent.error) == (200, None), sent
    return await window(house, view.user, part)


async def test_a_poll_with_names_is_opened_again_with_its_answers(
    house: House, pollbot: Pollbot
) -> None:
    del pollbot
    card = await poll(house, '"Lunch?" "Pizza" "Soup"')
    await answer(house, BEN, card, "Soup")
    await close(house, ADA, card)
    await reply(house, card, "Closed")

    await reopen(house, ADA, card)

    await house.slack.until(lambda: "answer:0" in buttons(card), BOUND, what="options again")
    await answer(house, BEN, card, "Pizza")
    await house.slack.until(lambda: "Pizza 1 (100 %)" in card.text, BOUND, what="Ben's new answer")


async def test_closed_again_it_is_announced_again(house: House, pollbot: Pollbot) -> None:
    del pollbot
    card = await poll(house, '"Lunch?" "Pizza" "Soup"', user=BEN)
    await close(house, BEN, card)
    await reply(house, card, "by Ben")
    await reopen(house, BEN, card)
    await house.slack.until(lambda: "answer:0" in buttons(card), BOUND, what="options again")
    await answer(house, BEN, card, "Soup")

    await close(house, ADA, card)

    said = await reply(house, card, "by Ada", count=2)
    assert "Soup 1 (100 %)" in said.text


async def test_what_was_not_said_before_it_reopened_is_not_said_any_more(house: House) -> None:
    async with house.program() as pollbot:
        card = await poll(house, '"Lunch?" "Pizza" "Soup"')
        house.slack.faults.fail_next("chat.postMessage", 429, {"ok": False}, {"Retry-After": "30"})
        await close(house, ADA, card)
        await house.slack.until(
            lambda: any(call.status == 429 for call in house.slack.calls), what="one lost try"
        )

        await reopen(house, ADA, card)

        house.clock.ahead += 60
        await rest(house, pollbot)
        assert replies(house, card) == []
    house.clock.ahead += 60
    async with house.program() as pollbot:
        await answer(house, BEN, card, "Soup")
        await house.told(BEN, "Your answer to")
        await rest(house, pollbot)
    assert replies(house, card) == []


async def test_an_end_that_has_passed_is_not_offered_again(house: House, pollbot: Pollbot) -> None:
    card = await poll(house, f'{until(house, HOUR)} "Lunch?" "Pizza" "Soup"')
    house.clock.ahead += HOUR
    await reply(house, card, "by its deadline")

    told = await reopen(house, ADA, card)

    assert "It has no end" in told
    house.clock.ahead += HOUR
    await answer(house, BEN, card, "Soup")
    await house.told(BEN, "Your answer to")
    await house.slack.until(lambda: end_of(card) is None, what="a card without an end")
    form = await manage(house, ADA, card, "edit_poll", '"callback_id": "edit_poll"')
    assert chosen(form, "end") is None


async def test_a_new_end_closes_it_again_and_reminds_before(house: House, pollbot: Pollbot) -> None:
    card = await form_poll(house, ends_in=3 * HOUR, remind=HOUR)
    await close(house, ADA, card)
    await reply(house, card, "Closed, by Ada")

    told = await reopen(house, ADA, card, ends_in=9 * HOUR)

    assert "Closes on <!date^" in told
    house.clock.ahead += 7.5 * HOUR
    await rest(house, pollbot)
    assert not house.words(BEN)
    house.clock.ahead += HOUR
    await house.told(BEN, "you have not answered")
    house.clock.ahead += HOUR
    await reply(house, card, "by its deadline", count=2)


async def test_reopening_without_an_end_reminds_nobody_and_can_be_edited(
    house: House, pollbot: Pollbot
) -> None:
    card = await form_poll(house, ends_in=3 * HOUR, remind=HOUR)
    await close(house, ADA, card)

    await reopen(house, ADA, card)

    form = await manage(house, ADA, card, "edit_poll", '"callback_id": "edit_poll"')
    assert (chosen(form, "end"), chosen(form, "remind")) == (None, "none")
    sent = await house.slack.submit(ADA, form.id, {"title": {"value": "Dinner?"}})
    assert sent.body == ""
    house.clock.ahead += DAY
    await rest(house, pollbot)
    assert not house.words(BEN)


@pytest.mark.parametrize(
    ("seconds", "sentence"), [(-60.0, "in the past"), (11 * 366 * DAY, "more than ten years away")]
)
async def test_an_end_that_cannot_be_stays_in_the_form(
    house: House, pollbot: Pollbot, seconds: float, sentence: str
) -> None:
    del pollbot
    card = await poll(house, '"Lunch?" "Pizza" "Soup"')
    await close(house, ADA, card)
    form = await manage(house, ADA, card, "reopen_poll", "reopen_poll_form")

    sent = await house.slack.submit(ADA, form.id, {"end": {"value": at(house, seconds)}})

    assert sentence in form.errors["end"]
    assert "Nothing was changed" in form.errors["end"]
    assert sent.status == 200
    await house.slack.until(lambda: "answer:0" not in buttons(card), what="a card that is closed")
    await close_windows(house, ADA)
    assert "Reopen" in offers(await more(house, ADA, card))


async def test_closing_the_form_reopens_nothing(house: House, pollbot: Pollbot) -> None:
    card = await poll(house, '"Lunch?" "Pizza" "Soup"')
    await close(house, ADA, card)
    form = await manage(house, ADA, card, "reopen_poll", "reopen_poll_form")

    await house.slack.close(ADA, form.id)

    await rest(house, pollbot)
    assert "Reopen" in offers(await more(house, ADA, card))


async def test_somebody_who_may_not_manage_cannot_send_the_form(
    house: House, pollbot: Pollbot
) -> None:
    del pollbot
    card = await poll(house, '"Lunch?" "Pizza" "Soup"', user=BEN)
    await close(house, BEN, card)
    form = await manage(house, BEN, card, "reopen_poll", "reopen_poll_form")
    await house.slack.submit(BEN, form.id, {"end": {"value": 1}})
    body = json.loads(json.dumps(house.slack.deliveries[-1].body))
    body["user"]["id"] = CLEO

    sent = await house.slack.deliver(body, kind="interactive")

    assert "Only whoever created the poll" in sent.body


async def test_an_end_that_is_still_to_come_is_offered(house: House, pollbot: Pollbot) -> None:
    card = await form_poll(house, ends_in=3 * HOUR, remind=HOUR)
    end = end_of(card)
    assert end is not None
    await close(house, ADA, card)
    await reply(house, card, "Closed")

    form = await manage(house, ADA, card, "reopen_poll", "reopen_poll_form")
    assert chosen(form, "end") == end
    sent = await house.slack.submit(ADA, form.id, {})
    assert "Closes on" in sent.body

    await house.slack.until(lambda: end_of(card) == end, BOUND, what="its end on the card")
    house.clock.ahead += end - HOUR - 60 - house.clock()
    await rest(house, pollbot)
    assert not house.words(BEN)
    house.clock.ahead += 61
    await house.told(BEN, "you have not answered")
    house.clock.ahead += end - 60 - house.clock()
    await rest(house, pollbot)
    assert len(replies(house, card)) == 1
    house.clock.ahead += 61
    await reply(house, card, "by its deadline", count=2)


async def test_a_click_from_before_the_close_counts_no_second_time(
    house: House, pollbot: Pollbot
) -> None:
    card = await poll(house, '"Lunch?" "Pizza" "Soup"')
    late = house.slack.click_body(BEN, card.id, "answer:1")
    await house.slack.deliver(late, kind="interactive")
    await answer(house, BEN, card, "Pizza")
    await close(house, ADA, card)
    await reopen(house, ADA, card)

    await house.slack.deliver(late, kind="interactive")

    house.clock.ahead += 60
    await rest(house, pollbot)
    assert "Pizza 1 (100 %)" in card.text
    assert "Soup 0" in card.text


async def test_an_anonymous_poll_offers_only_a_copy_and_says_why(
    house: House, pollbot: Pollbot
) -> None:
    del pollbot
    card = await poll(house, 'anonymous "Lunch?" "Pizza" "Soup"')
    opened = await more(house, ADA, card)
    assert offers(opened) == [
        *("Results", "Duplicate", "Not answered yet", "Share", "Save as template"),
        *("Edit", "Close", "Export", "Co-owners", "Delete"),
    ]
    await close(house, ADA, card)

    closed = await more(house, ADA, card)

    assert offers(closed) == [
        *("Results", "Duplicate", "Post a copy", "Share", "Save as template"),
        *("Export", "Co-owners", "Delete"),
    ]
    assert GONE in str(closed.view)


async def test_what_was_opened_before_the_close_explains_it_with_the_copy(
    house: House, pollbot: Pollbot
) -> None:
    del pollbot
    card = await poll(house, '"Lunch?" "Pizza" "Soup"', user=BEN)
    await close(house, BEN, card)
    opened = await more(house, ADA, card)
    await reopen(house, BEN, card)
    form = await manage(house, BEN, card, "edit_poll", '"callback_id": "edit_poll"')
    await house.slack.submit(BEN, form.id, {"settings": {"changed": ["changeable"]}})
    await close(house, BEN, card)

    told = await use(house, opened, "reopen_poll", "was anonymous")

    assert offers(told) == ["Post a copy"]
    await use(house, told, "copy_poll", "A copy of")
    await cards(house, 2)


async def test_a_copy_asks_the_same_anew(house: House, pollbot: Pollbot) -> None:
    del pollbot
    card = await poll(
        house, f'multi final comments {until(house, HOUR)} "Lunch?" "Pizza" "Soup & <bread>"'
    )
    await answer(house, BEN, card, "Pizza")
    form = await manage(house, ADA, card, "edit_poll", '"callback_id": "edit_poll"')
    asked = set(chosen(form, "settings"))
    house.clock.ahead += HOUR
    await reply(house, card, "by its deadline")

    told = await manage(house, BEN, card, "copy_poll", "A copy of")

    assert f"<#{PLANNING}>" in str(told.view)
    await cards(house, 2)
    copy = await house.card("No answers yet")
    assert copy.id != card.id
    assert "Choose as many as you like, answers are final" in shown(copy)
    assert "Soup & <bread>" in str(list(buttons(copy).values()))
    assert end_of(copy) is None
    assert {"Edit", "Close"} <= set(offers(await more(house, BEN, copy))), "it is Ben's"
    form = await manage(house, BEN, copy, "edit_poll", '"callback_id": "edit_poll"')
    assert [chosen(form, field) for field in ("title", "end")] == ["Lunch?", None]
    assert set(chosen(form, "settings")) == asked


async def test_two_presses_in_one_window_make_one_copy(house: House, pollbot: Pollbot) -> None:
    card = await poll(house, '"Lunch?" "Pizza" "Soup"')
    await close(house, ADA, card)
    opened = await more(house, ADA, card)
    first = len(house.slack.deliveries)
    await house.slack.view_action(ADA, opened.id, "copy_poll")
    await window(house, ADA, "A copy of")

    await house.slack.deliver(house.slack.deliveries[first].body, kind="interactive")

    await cards(house, 2)
    await rest(house, pollbot)
    assert len(hanging(house)) == 2
    assert len(await polls_listed(house)) == 2


async def test_a_copy_hangs_where_the_pressed_card_does(house: House, pollbot: Pollbot) -> None:
    del pollbot
    house.slack.channels[LEADS].app_is_member = True
    card = await poll(house, '"Lunch?" "Pizza" "Soup"', channel=LEADS)
    await close(house, ADA, card)

    await manage(house, BEN, card, "copy_poll", "A copy of")

    await cards(house, 2)
    assert {card.channel for card in hanging(house)} == {LEADS}


async def test_somebody_who_may_not_manage_may_copy_but_not_reopen(
    house: House, pollbot: Pollbot
) -> None:
    del pollbot
    card = await poll(house, '"Lunch?" "Pizza" "Soup"')
    await close(house, ADA, card)

    opened = await more(house, BEN, card)

    assert offers(opened) == [
        *("Results", "Names", "Duplicate"),
        *("Post a copy", "Share", "Save as template"),
    ]


async def test_a_poll_of_team_voice_loses_its_passed_end_there_first(house: House) -> None:
    async with team_voice(house) as voice, house.program(**by_default(voice)):
        await connect(house, ADA, BEN)
        card = await poll(house, f'PLAT-12 {until(house, HOUR)} "Lunch?" "Pizza" "Soup"')
        house.clock.ahead += HOUR
        await reply(house, card, "by its deadline")
        (there,) = voice.polls.values()
        assert there.poll["settings"]["closePollOnEndDate"] is True

        await reopen(house, ADA, card)

        settings = there.poll["settings"]
        assert (settings["closePollOnEndDate"], settings["endDate"]) == (False, "")
        await close(house, ADA, card)
        await reopen(house, ADA, card, ends_in=HOUR)
        settings = there.poll["settings"]
        assert settings["closePollOnEndDate"] is True
        assert settings["endDate"]
        await answer(house, BEN, card, "Soup")
        await house.told(BEN, "Your answer to")


async def test_a_copy_goes_to_team_voice_where_the_original_was(house: House) -> None:
    async with team_voice(house) as voice, house.program(**by_default(voice)):
        await connect(house, ADA)
        card = await poll(house, 'PLAT-12 "Lunch?" "Pizza" "Soup"')
        local = await poll(house, 'local PLAT-12 "Dinner?" "Pizza" "Soup"')
        await close(house, ADA, card)
        await close(house, ADA, local)

        await manage(house, ADA, card, "copy_poll", "A copy of")
        await manage(house, ADA, local, "copy_poll", "A copy of")

        await cards(house, 4)
        assert len(voice.polls) == 2
        assert len(replies(house, card)) == 1
