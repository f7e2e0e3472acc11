"""*Share*: one poll's cards in many channels; *Duplicate*: all of a poll in a new form."""

import pytest

from pollbot.sandbox.slack import Answer, Message, View
from pollbot.slack.clicks import TakeDownClick
from pollbot.wiring import Pollbot
from tests.support.house import ADA, BEN, CLEO, PLANNING, House, buttons, rest, shown
from tests.support.polls import (
    BOUND,
    DAY,
    HOUR,
    answer,
    at,
    chosen,
    close,
    drawn,
    form_poll,
    manage,
    more,
    offers,
    poll,
    poll_id,
    reply,
    until,
    window,
)
from tests.support.rights import allow

LUNCH = '"Lunch?" "Pizza" "Soup"'


def add_channel(house: House, name: str, *, private: bool = False, member: bool = False) -> str:
    there = {"is_private": private, "app_is_member": member}
    return house.slack.add_channel(f"C0{name.upper()}", name, members=[ADA, BEN], **there).id


async def share_form(house: House, user: str, card: Message) -> View:
    return await manage(house, user, card, "share_poll_in", '"callback_id": "share_poll_in"')


async def share(house: House, user: str, card: Message, *channels: str) -> Answer:
    form = await share_form(house, user, card)
    return await house.slack.submit(user, form.id, {"channels": {"value": list(channels)}})


def hanging(house: House, part: str = "Lunch?") -> dict[str, list[Message]]:
    """Return the poll's cards by channel."""
    found: dict[str, list[Message]] = {}
    for one in house.slack.messages:
        if part in one.text and "more" in buttons(one):
            found.setdefault(one.channel, []).append(one)
    return found


async def counted(house: House, card: Message) -> None:
    await house.slack.until(lambda: "2 · 100 %" in shown(card), BOUND, what="both answers")


async def test_a_poll_hangs_in_many_channels_and_all_cards_are_the_same(
    house: House, pollbot: Pollbot
) -> None:
    food = add_channel(house, "food")
    card = await poll(house, LUNCH)

    sent = await share(house, ADA, card, food, PLANNING)

    assert f"is on its way to <#{food}>" in sent.body
    assert f"It hangs in <#{PLANNING}> already" in sent.body
    other = await house.card("Lunch?", channel=food)
    await answer(house, BEN, other, "Soup")
    await answer(house, CLEO, card, "Soup")
    for one in (card, other):
        await counted(house, one)
    await close(house, ADA, other)
    for one in (card, other):
        await reply(house, one, "Closed")
    await rest(house, pollbot)
    assert {channel: len(cards) for channel, cards in hanging(house).items()} == {
        PLANNING: 1,
        food: 1,
    }


async def test_the_same_channel_twice_and_a_form_that_is_sent_twice_hang_one_card(
    house: House, pollbot: Pollbot
) -> None:
    food = add_channel(house, "food")
    card = await poll(house, LUNCH)

    await share(house, ADA, card, food, food)
    again = house.slack.deliveries[-1]
    await house.slack.deliver({**again.body, "trigger_id": "7.7.7"}, kind=again.kind)

    await rest(house, pollbot)
    assert len(hanging(house)[food]) == 1
    sent = await share(house, ADA, card, food)
    assert "already" in sent.body


async def test_where_it_cannot_be_posted_is_said_and_the_rest_is_done(
    house: House, pollbot: Pollbot
) -> None:
    food = add_channel(house, "food")
    gone = add_channel(house, "gone")
    house.slack.channels[gone].is_archived = True
    secret = add_channel(house, "secret", private=True)
    card = await poll(house, LUNCH)

    sent = await share(house, ADA, card, gone, secret, food)

    assert f"It was not posted in <#{gone}>." in sent.body
    assert "that channel is archived" in sent.body
    assert f"It was not posted in <#{secret}>." in sent.body
    assert "/invite @pollbot" in sent.body
    await house.card("Lunch?", channel=food)
    await rest(house, pollbot)
    assert set(hanging(house)) == {PLANNING, food}


async def test_where_admins_let_no_card_hang_none_is_hung(house: House, pollbot: Pollbot) -> None:
    food, games = add_channel(house, "food"), add_channel(house, "games")
    card = await poll(house, LUNCH)
    await allow(house, places="but", channels=[games])

    sent = await share(house, ADA, card, games, food)

    assert f"It was not posted in <#{games}>. " in sent.body
    assert "admin" in sent.body
    await house.card("Lunch?", channel=food)
    await rest(house, pollbot)
    assert set(hanging(house)) == {PLANNING, food}


async def test_where_it_hangs_is_told_to_who_may_look_there(house: House, pollbot: Pollbot) -> None:
    del pollbot
    secret = add_channel(house, "secret", private=True, member=True)
    card = await poll(house, LUNCH)
    await share(house, ADA, card, secret)
    await house.card("Lunch?", channel=secret)

    mine = drawn(await share_form(house, ADA, card))
    others = drawn(await share_form(house, CLEO, card))

    assert f"<#{secret}>" in mine
    assert f"<#{PLANNING}>" in mine
    assert f"<#{secret}>" not in others
    assert "1 card hangs in a channel that you do not see" in others
    assert '"type": "input"' not in others


async def test_one_card_is_removed_and_the_other_goes_on(house: House, pollbot: Pollbot) -> None:
    food = add_channel(house, "food")
    card = await poll(house, LUNCH)
    await share(house, ADA, card, food)
    other = await house.card("Lunch?", channel=food)
    await answer(house, BEN, card, "Soup")

    form = await share_form(house, ADA, other)
    await house.slack.view_action(ADA, form.id, "take_down:0")

    await window(house, ADA, f"The card in <#{PLANNING}> is removed")
    await house.slack.until(lambda: PLANNING not in hanging(house), BOUND, what="one card")
    await answer(house, CLEO, other, "Soup")
    await counted(house, other)
    await rest(house, pollbot)
    assert len(house.rows("SELECT 1 FROM cards")) == 1
    form = await share_form(house, ADA, other)
    await house.slack.view_action(ADA, form.id, "take_down:0")
    await window(house, ADA, "The poll hangs nowhere now")


async def test_who_posted_a_card_removes_that_one_and_no_other(
    house: House, pollbot: Pollbot
) -> None:
    food = add_channel(house, "food")
    card = await poll(house, LUNCH)
    await house.slack.command(BEN, food, "/poll", "list")
    await share(house, ADA, card, food)
    await house.card("Lunch?", channel=food)
    (mine,) = house.rows("SELECT id FROM cards WHERE channel_id = ?", PLANNING)

    form = await share_form(house, BEN, card)
    taken = TakeDownClick(poll=poll_id(card), card=mine[0]).pack()
    await house.slack.view_action(BEN, form.id, "take_down:0", value=taken)

    await house.told(BEN, "Only whoever posted that card")
    await rest(house, pollbot)
    assert set(hanging(house)) == {PLANNING, food}


async def test_a_card_that_slack_does_not_let_go_of_stays(house: House, pollbot: Pollbot) -> None:
    card = await poll(house, LUNCH)
    form = await share_form(house, ADA, card)
    house.slack.faults.fail_next("chat.delete", body={"ok": False, "error": "cant_delete_message"})

    await house.slack.view_action(ADA, form.id, "take_down:0")

    await house.told(ADA, "so it stays, and takes answers as before")
    await rest(house, pollbot)
    assert len(house.rows("SELECT 1 FROM cards")) == 1


async def test_a_forged_form_of_who_may_not_share_posts_nothing(
    house: House, pollbot: Pollbot
) -> None:
    food = add_channel(house, "food")
    card = await poll(house, LUNCH)
    form = await share_form(house, BEN, card)
    house.slack.views[form.id].view["blocks"].append(
        {
            "type": "input",
            "block_id": "channels",
            "label": {"type": "plain_text", "text": "Channels"},
            "element": {"type": "multi_conversations_select", "action_id": "value"},
        }
    )
    house.slack.views[form.id].view["submit"] = {"type": "plain_text", "text": "Post"}

    sent = await house.slack.submit(BEN, form.id, {"channels": {"value": [food]}})

    assert "Only whoever created the poll" in sent.body or house.words(BEN)
    await rest(house, pollbot)
    assert set(hanging(house)) == {PLANNING}


# Duplicate


async def duplicate(house: House, user: str, card: Message) -> View:
    return await manage(house, user, card, "duplicate_poll", '"callback_id": "create_poll"')


@pytest.mark.parametrize("user", [ADA, BEN])
async def test_all_of_a_poll_is_in_the_form_of_its_duplicate(
    house: House, pollbot: Pollbot, user: str
) -> None:
    words = f"multi anonymous comments final hidden {until(house, DAY)} {LUNCH}"
    card = await poll(house, words)

    form = await duplicate(house, user, card)

    assert '"initial_value": "Lunch?"' in drawn(form)
    assert "Pizza\\nSoup" in drawn(form)
    assert sorted(chosen(form, "settings")) == ["comments", "several"]
    assert str(at(house, DAY)) in drawn(form)
    sent = await house.slack.submit(user, form.id, {"title": {"value": "Dinner?"}})
    assert (sent.status, sent.error) == (200, None), sent
    await house.card("Dinner?")
    await rest(house, pollbot)
    before, after = house.rows("SELECT settings FROM polls ORDER BY title DESC")
    assert before == after
    assert house.rows("SELECT created_by FROM polls WHERE title = 'Dinner?'") == [(user,)]


async def test_an_end_that_has_passed_is_dropped_and_said(house: House, pollbot: Pollbot) -> None:
    card = await form_poll(house, ends_in=2 * HOUR, remind=HOUR)
    house.clock.ahead += DAY
    await rest(house, pollbot)

    form = await duplicate(house, BEN, card)

    assert "has passed, so this one has none yet" in drawn(form)
    assert "Its reminder is left out" in drawn(form)
    await house.slack.submit(BEN, form.id, {"title": {"value": "Again?"}})
    new = await house.card("Again?")
    await answer(house, BEN, new, "Soup")
    assert house.rows("SELECT closes_at FROM polls WHERE title = 'Again?'") == [(None,)]


async def test_what_has_no_room_in_a_form_is_offered_as_a_copy(
    house: House, pollbot: Pollbot
) -> None:
    del pollbot
    options = " ".join(f'"{n:03} {"x" * 60}"' for n in range(90))
    card = await poll(house, f'"Which?" {options}')

    view = await manage(house, BEN, card, "duplicate_poll", "too much for a form")

    assert offers(view) == ["Post a copy"]


async def test_a_closed_poll_offers_both(house: House, pollbot: Pollbot) -> None:
    del pollbot
    card = await poll(house, LUNCH)
    await close(house, ADA, card)

    assert offers(await more(house, CLEO, card)) == [
        "Results",
        "Names",
        "Duplicate",
        "Post a copy",
        "Share",
        "Save as template",
    ]
