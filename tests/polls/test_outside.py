"""Where the app is no member: every click is a way to its card, and what Slack takes nowhere
is told to whom it concerns."""

from collections.abc import Awaitable, Callable
from functools import partial

import pytest

from pollbot.polls.outside_blocks import not_reminded
from pollbot.polls.rules import Poll, PollSettings
from pollbot.sandbox.slack import Message
from pollbot.wiring import Pollbot
from tests.support.house import (
    ADA,
    BEN,
    LEADS,
    PLANNING,
    TWO_OF_US,
    House,
    buttons,
    letters,
    rest,
    shown,
)
from tests.support.polls import (
    BOUND,
    HOUR,
    action,
    answer,
    close,
    labels,
    manage,
    more,
    poll,
    remembered,
    replies,
    reply,
    until,
    window,
)

MINUTE = 60.0
OUTSIDE = pytest.mark.parametrize(
    "channel", [LEADS, TWO_OF_US], ids=["private channel", "direct message"]
)


def way_in(channel: str) -> str:
    return "/invite @pollbot" if channel == LEADS else "in a channel"


async def pass_by(house: House, pollbot: Pollbot, seconds: float) -> None:
    """Let time pass, and what is due by then be done."""
    house.clock.ahead += seconds
    await rest(house, pollbot)


def in_hooks(house: House, part: str) -> list[str]:
    """Return what was posted to response_urls, with ``part`` in its text."""
    return [str(post.body) for post in house.slack.hook_posts if part in str(post.body)]


@OUTSIDE
async def test_a_hidden_poll_shows_its_result_after_a_late_click_and_its_creator_has_it(
    house: House, pollbot: Pollbot, channel: str
) -> None:
    card = await poll(
        house, f'hidden {until(house, 2 * HOUR)} "Lunch?" "Pizza" "Soup"', channel=channel
    )
    await answer(house, BEN, card, "Soup")
    await house.card("1 answer", channel=channel)

    await pass_by(house, pollbot, 2 * HOUR)

    told = await house.told(ADA, "Not announced in")
    assert "Soup 1 (100 %)" in told.text
    assert way_in(channel) in shown(told)
    assert "answer:0" in buttons(card), "nobody can change it now"
    assert letters(house, BEN) == []

    await answer(house, BEN, card, "Pizza")

    await house.slack.until(lambda: "answer:0" not in buttons(card), what="a card without options")
    assert "Soup 1 (100 %)" in card.text
    await pass_by(house, pollbot, 5)
    assert [text for text in letters(house, ADA) if "Not announced" in text] == [told.text]


async def test_within_half_an_hour_of_a_click_its_way_takes_the_end(
    house: House, pollbot: Pollbot
) -> None:
    card = await poll(house, f'hidden {until(house, HOUR)} "Lunch?" "Pizza" "Soup"', channel=LEADS)
    await pass_by(house, pollbot, 45 * MINUTE)
    await answer(house, BEN, card, "Soup")

    await pass_by(house, pollbot, 15 * MINUTE)

    said = await reply(house, card, "Closed, by its deadline.")
    assert "Soup 1 (100 %)" in said.text
    await house.slack.until(lambda: "answer:0" not in buttons(card), what="a card without options")
    assert "Soup 1 (100 %)" in card.text
    await pass_by(house, pollbot, 5)
    assert [text for text in letters(house, ADA) if "Not announced" in text] == []


async def press_my_answer(house: House, card: Message) -> None:
    await house.slack.press(BEN, card.id, action(card, "My answer"))
    await house.told(BEN, "Your answer to")


async def press_more(house: House, card: Message) -> None:
    await more(house, BEN, card)


async def press_comment(house: House, card: Message) -> None:
    await house.slack.press(BEN, card.id, action(card, "Comment"))
    await window(house, BEN, "Comment")


async def press_schedule(house: House, card: Message) -> None:
    await house.slack.press(BEN, card.id, action(card, "Schedule results"))
    await window(house, BEN, "schedule")


async def press_what_is_final(house: House, card: Message) -> None:
    await answer(house, BEN, card, "Pizza")
    await house.told(BEN, "are final")


async def press_an_old_button(house: House, card: Message) -> None:
    body = house.slack.click_body(BEN, card.id, action(card, "Pizza"))
    body["actions"][0]["value"] = '{"v": 99}'
    await house.slack.deliver(body, kind="interactive")
    await house.told(BEN, "older version")


@pytest.mark.parametrize(
    "press",
    [
        press_my_answer,
        press_more,
        press_comment,
        press_schedule,
        press_what_is_final,
        press_an_old_button,
    ],
)
async def test_whatever_is_pressed_on_a_card_is_a_fresh_way_to_it(
    house: House, pollbot: Pollbot, press: Callable[[House, Message], Awaitable[None]]
) -> None:
    card = await poll(
        house, f'final comments {until(house, HOUR)} "Lunch?" "Pizza" "Soup"', channel=LEADS
    )
    await answer(house, BEN, card, "Soup")
    await house.card("1 answer", channel=LEADS)
    await pass_by(house, pollbot, 40 * MINUTE)

    await press(house, card)
    await pass_by(house, pollbot, 20 * MINUTE)

    await house.slack.until(lambda: "answer:0" not in buttons(card), what="a card without options")
    await reply(house, card, "Closed, by its deadline.")


async def test_whatever_is_pressed_on_a_card_that_lags_has_it_drawn_anew(
    house: House, pollbot: Pollbot
) -> None:
    card = await poll(house, f'{until(house, HOUR)} "Lunch?" "Pizza" "Soup"', channel=LEADS)
    await pass_by(house, pollbot, HOUR)
    assert "answer:0" in buttons(card)

    await house.slack.press(BEN, card.id, action(card, "Schedule results"))

    await house.slack.until(lambda: "answer:0" not in buttons(card), what="a card without options")


async def test_the_way_of_the_command_says_the_end_but_never_changes_the_card(
    house: House, pollbot: Pollbot
) -> None:
    card = await poll(house, f'{until(house, 20 * MINUTE)} "Lunch?" "Pizza" "Soup"', channel=LEADS)

    await pass_by(house, pollbot, 20 * MINUTE)

    said = await house.card("Closed, by its deadline.", channel=LEADS)
    assert said.thread_ts is None, "which message the card is nobody knows yet"
    assert "answer:0" in buttons(card)
    assert all(post.body.get("replace_original") is False for post in house.slack.hook_posts)


@OUTSIDE
async def test_who_cannot_be_reminded_is_left_to_the_creator(
    house: House, pollbot: Pollbot, channel: str
) -> None:
    card = await reminding_poll(house, channel)
    await house.card("Lunch?", channel=channel)

    await pass_by(house, pollbot, 2 * HOUR)

    told = await house.told(ADA, "did not let pollbot remind anybody")
    assert way_in(channel) in told.text
    assert replies(house, card) == []
    await pass_by(house, pollbot, 30 * MINUTE)
    assert len([text for text in letters(house, ADA) if "remind anybody" in text]) == 1


async def test_a_reminder_takes_the_way_of_a_click(house: House, pollbot: Pollbot) -> None:
    card = await reminding_poll(house, LEADS)
    await pass_by(house, pollbot, 100 * MINUTE)
    await answer(house, BEN, card, "Soup")

    await pass_by(house, pollbot, 20 * MINUTE)

    await reply(house, card, "If you have not answered yet, choose on the card above")
    await pass_by(house, pollbot, 5)
    assert [text for text in letters(house, ADA) if "remind anybody" in text] == []


async def reminding_poll(house: House, channel: str) -> Message:
    """Make a poll that ends in three hours and reminds an hour before."""
    card = await poll(house, f'{until(house, 3 * HOUR)} "Lunch?" "Pizza" "Soup"', channel=channel)
    form = await manage(house, ADA, card, "edit_poll", '"callback_id": "edit_poll"')
    sent = await house.slack.submit(ADA, form.id, {"remind": {"changed": str(int(HOUR))}})
    assert sent.error is None, sent
    return card


async def test_once_invited_the_end_comes_as_anywhere(house: House, pollbot: Pollbot) -> None:
    card = await poll(house, f'{until(house, 2 * HOUR)} "Lunch?" "Pizza" "Soup"', channel=LEADS)
    await answer(house, BEN, card, "Soup")
    await house.card("1 answer", channel=LEADS)
    await pass_by(house, pollbot, HOUR)
    house.slack.channels[LEADS].app_is_member = True

    await pass_by(house, pollbot, HOUR)

    await reply(house, card, "Closed, by its deadline.")
    await house.slack.until(lambda: "answer:0" not in buttons(card), what="a card without options")
    assert [text for text in letters(house, ADA) if "Not announced" in text] == []


async def test_what_is_owed_for_an_end_outlives_a_restart_and_is_told_once(house: House) -> None:
    async with house.program() as pollbot:
        await poll(house, f'{until(house, HOUR)} "Lunch?" "Pizza" "Soup"', channel=LEADS)
        await rest(house, pollbot)
        house.slack.faults.fail_next("auth.test", 500, times=200)
        house.clock.ahead += HOUR
        await house.slack.until(
            lambda: house.rows("SELECT 1 FROM outbox WHERE kind = 'not_announced'"),
            BOUND,
            what="something that is owed",
        )
    assert [text for text in letters(house, ADA) if "Not announced" in text] == []
    house.slack.faults._failures["auth.test"].clear()

    for _ in range(2):
        async with house.program() as pollbot:
            await house.told(ADA, "Not announced in")
            await rest(house, pollbot)
    assert len([text for text in letters(house, ADA) if "Not announced" in text]) == 1


async def test_of_several_channels_their_creator_hears_in_one_message(
    house: House, pollbot: Pollbot
) -> None:
    card = await poll(house, f'{until(house, HOUR)} "Lunch?" "Pizza" "Soup"', channel=LEADS)
    house.slack.add_channel("C0BOARD", "board", is_private=True, members=(ADA,))
    for channel in ("C0BOARD", PLANNING):
        await house.slack.command(ADA, channel, "/poll", "list")
        listed = await house.slack.until(partial(whispered, house, channel))
        await house.slack.press(ADA, listed.id, "post_poll")
        card = await house.card("Lunch?", channel=channel)

    await pass_by(house, pollbot, HOUR)

    await reply(house, card, "Closed, by its deadline.")
    told = await house.told(ADA, "Not announced in")
    assert "<#C0BOARD> and <#C0LEADS>" in told.text
    assert PLANNING not in told.text


def whispered(house: House, channel: str) -> Message | None:
    return next((m for m in house.slack.messages if m.channel == channel and m.ephemeral_for), None)


# What its creator hears at once


MEMBER = "is no member of"


@pytest.mark.parametrize(
    ("words", "lacks"),
    [
        ('"Lunch?" "Pizza" "Soup"', ""),
        ('hidden "Lunch?" "Pizza" "Soup"', ""),
        ('until 2030-01-01T10:00Z "Lunch?" "Pizza" "Soup"', "its end does not show on the card"),
        ('hidden until 2030-01-01T10:00Z "Lunch?" "Pizza" "Soup"', "its result is not announced"),
    ],
    ids=["nothing", "hidden without an end", "an end", "a hidden end"],
)
@OUTSIDE
async def test_what_will_not_work_is_said_at_once_and_only_there(
    house: House, pollbot: Pollbot, channel: str, words: str, lacks: str
) -> None:
    await poll(house, words, channel=PLANNING)
    await pass_by(house, pollbot, 5)
    assert house.words(ADA) == []

    await poll(house, words, channel=channel)

    if lacks:
        told = await house.told(ADA, MEMBER)
        assert (told.channel, told.ephemeral_for) == (channel, ADA)
        assert lacks in told.text
        assert way_in(channel) in told.text
    await pass_by(house, pollbot, 5)
    assert len([text for text in house.words(ADA) if MEMBER in text]) == bool(lacks)
    assert house.words(BEN) == []


async def test_of_issue_cards_a_person_hears_it_once_in_a_channel(
    house: House, pollbot: Pollbot
) -> None:
    await house.connect(ADA)
    for key in ("PLAT-12", "PLAT-13", "PLAT-12"):
        await house.slack.command(ADA, LEADS, "/votes", key)
        await house.card(key, channel=LEADS)
        await pass_by(house, pollbot, 5)
    await house.slack.command(ADA, TWO_OF_US, "/votes", "PLAT-12")
    await house.card("PLAT-12", channel=TWO_OF_US)
    await pass_by(house, pollbot, 5)

    heard = [text for text in house.words(ADA) if MEMBER in text]
    assert len(heard) == 2
    assert "<#C0LEADS>" in heard[0]
    assert "direct message" in heard[1]


async def test_the_word_never_goes_to_whoever_has_pressed_meanwhile(
    house: House, pollbot: Pollbot
) -> None:
    house.slack.faults.fail_next("auth.test", 500, times=1)
    card = await poll(house, f'{until(house, HOUR)} "Lunch?" "Pizza" "Soup"', channel=LEADS)
    await answer(house, BEN, card, "Soup")

    await house.told(ADA, MEMBER)
    await pass_by(house, pollbot, 5)
    assert not any(MEMBER in text for text in house.words(BEN))


# Two messages of one card: the answer to its post was lost


async def says(house: House, card: Message, part: str) -> None:
    await house.slack.until(lambda: part in card.text, what=f"“{part}” in “{card.text}”")


def card_of(house: House) -> list[Message]:
    return [m for m in house.slack.messages if "My answer" in labels(m).values()]


async def twice(house: House, words: str) -> tuple[Message, Message]:
    """Make a poll whose card Slack posts twice, as its first answer is lost; return both."""
    house.slack.faults.lose_next_answer("chat.postMessage")
    await house.slack.command(ADA, PLANNING, "/poll", words)
    await house.slack.until(lambda: len(card_of(house)) == 2, BOUND, what="two cards")
    first, second = card_of(house)
    return first, second


@pytest.mark.parametrize(
    "pressed", [(0,), (1,), (0, 1), (1, 0)], ids=["first", "second", "both", "both, turned"]
)
async def test_a_card_that_came_twice_is_right_wherever_it_is_pressed(
    house: House, pollbot: Pollbot, pressed: tuple[int, ...]
) -> None:
    cards = await twice(house, '"Lunch?" "Pizza" "Soup"')
    for place, user in zip(pressed, (BEN, ADA), strict=False):
        await answer(house, user, cards[place], "Soup")
        await house.told(user, "Your answer to")
    await rest(house, pollbot)
    for place in {*pressed, 1}:
        await says(house, cards[place], f"Soup {len(pressed)} (100 %)")

    await close(house, ADA, cards[1])

    for place in {*pressed, 1}:
        await says(house, cards[place], "Closed on")
    assert len({remembered(cards[place], "card") for place in {*pressed, 1}}) == len({*pressed, 1})
    if 0 not in pressed:
        await house.slack.press(BEN, cards[0].id, action(cards[0], "Pizza"))
        await house.slack.until(lambda: cards[0].text == cards[1].text, what="the same")


async def test_an_issues_card_that_came_twice_counts_on_both(house: House) -> None:
    async with house.program():
        for user in (ADA, BEN):
            await house.connect(user)
        house.slack.faults.lose_next_answer("chat.postMessage")
        await house.slack.command(ADA, PLANNING, "/votes", "PLAT-12")

        def both() -> list[Message]:
            return [m for m in house.slack.messages if "vote" in buttons(m)]

        cards = await house.slack.until(lambda: both() if len(both()) == 2 else None, BOUND)
        await house.slack.press(ADA, cards[0].id, "vote")
        await house.told(ADA, "is counted")
        await house.slack.press(BEN, cards[1].id, "vote")
        await house.told(BEN, "is counted")

        for card in cards:
            await says(house, card, "9 votes")


STAYS, NOTHING_OF_YOURS, NOBODY_KNOWS = (
    "Your answer stays: *Soup*.",
    "You had not answered, so nothing of yours is counted.",
    "It was anonymous: if you answered before, your answer counts.",
)
LATE = [
    ("", True, STAYS),
    ("", False, NOTHING_OF_YOURS),
    ("hidden", True, STAYS),
    ("hidden", False, NOTHING_OF_YOURS),
    ("aftervote", True, STAYS),
    ("aftervote", False, NOTHING_OF_YOURS),
    ("--multi", True, STAYS),
    ("final", True, STAYS),
    ("anonymous", True, NOBODY_KNOWS),
    ("anonymous", False, NOBODY_KNOWS),
    ("anonymous hidden", True, NOBODY_KNOWS),
]


WAY, NO_WAY = "a way to the card", "no way to the card"


@pytest.mark.parametrize(
    ("words", "answered", "said", "way"),
    # Whoever may have answered an anonymous poll is told by that way, or not at all.
    [
        (*one, way)
        for way in (WAY, NO_WAY)
        for one in LATE
        if (way, one[2]) != (NO_WAY, NOBODY_KNOWS)
    ],
)
async def test_what_a_late_click_is_told_is_true_of_who_made_it(
    house: House, pollbot: Pollbot, words: str, answered: bool, said: str, way: str
) -> None:
    card = await poll(house, f'{words} {until(house, HOUR)} "Lunch?" "Pizza" "Soup"', channel=LEADS)
    crowd = [f"U0CROWD{nth}" for nth in range(3)]
    for user in crowd:
        house.slack.add_person(user, user.lower())
        house.slack.channels[LEADS].members.add(user)
    everybody = [*crowd, *([BEN] if answered else [])]
    for user in everybody:
        await answer(house, user, card, "Soup")
    await until_answered(house, len(everybody))
    await pass_by(house, pollbot, HOUR)
    late = house.slack.click_body(BEN, card.id, action(card, "Pizza"))
    if way == NO_WAY:
        del late["response_url"]

    await house.slack.deliver(late, kind="interactive")

    told = await house.told(BEN, "takes no more answers, so nothing was changed")
    assert "*Lunch?* is closed" in told.text
    assert [one for one in (STAYS, NOTHING_OF_YOURS, NOBODY_KNOWS) if one in shown(told)] == [said]
    whole = f"{'▇' * 10} {len(everybody)} · 100 %"
    assert whole in shown(told), "the result is told, wherever the card stands"
    await house.slack.until(
        lambda: ("answer:0" in buttons(card)) == (way == NO_WAY), what=card.text
    )


async def until_answered(house: House, people: int) -> None:
    def answers() -> bool:
        found = house.rows("SELECT count(DISTINCT voter) FROM answers")
        return found == [(people,)]

    await house.slack.until(answers, what=f"{people} who answered")


@pytest.mark.parametrize("code", ["channel_not_found", "user_disabled", "never_heard_of_it"])
def test_of_a_direct_message_it_is_said_that_no_app_gets_in(code: str) -> None:
    poll = Poll("p1", "Lunch?", "", (), PollSettings(ends_at=1.0), "U0ADA")

    said = not_reminded(poll, {TWO_OF_US: code}).text

    assert "Slack lets no app into a direct message; next time, ask in a channel." in said
    assert "Choose another" not in said
