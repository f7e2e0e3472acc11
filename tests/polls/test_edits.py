"""Edits of options that were chosen: who is told, what the card says, what may be changed."""

import copy
from collections.abc import AsyncIterator
from typing import Any

import pytest

from pollbot.sandbox.slack import Message, View
from pollbot.sandbox.team_voice import TeamVoiceStandIn
from pollbot.wiring import Pollbot
from tests.support.house import ADA, BEN, CLEO, House, letters, rest, shown
from tests.support.polls import (
    BOUND,
    action,
    answer,
    close,
    drawn,
    element,
    labels,
    manage,
    poll,
)
from tests.support.team_voice import by_default, connect, team_voice

TOLD = "was edited after you had answered"
BACK = "says once more what it said when you chose it"


@pytest.fixture
async def voice(house: House) -> AsyncIterator[TeamVoiceStandIn]:
    async with team_voice(house) as stand_in:
        yield stand_in


async def pizza_chosen(house: House, words: str = '"Lunch?" "Pizza" "Soup"') -> Message:
    """Make a poll by command and let Ben choose pizza; return its card."""
    card = await poll(house, words)
    await answer(house, BEN, card, "Pizza")
    return card


async def edit(house: House, card: Message, *, title: str = "", user: str = ADA, **to: str) -> None:
    """Write other texts into options of the poll, named by their numbers; none removes one."""
    form = await manage(house, user, card, "edit_poll", '"callback_id": "edit_poll"')
    for number in [one[1:] for one, text in to.items() if not text]:
        await house.slack.view_action(user, form.id, "option_remove", value=f"={number}")
        form = await without(house, user, f"option:={number}")
    fields = {f"option:={one[1:]}": {"value": text} for one, text in to.items() if text}
    if title:
        fields["title"] = {element(form, "title"): title}
    sent = await house.slack.submit(user, form.id, fields)
    assert (sent.status, sent.body) == (200, ""), sent


async def without(house: House, user: str, field: str) -> View:
    """Return the form in front of the person once a field of it is gone."""
    return await house.slack.until(
        lambda: next((v for v in house.slack.stack_of(user)[-1:] if field not in drawn(v)), None),
        BOUND,
        what=f"a form without {field}",
    )


async def card_says(house: House, card: Message, *parts: str) -> None:
    await house.slack.until(
        lambda: all(part in shown(card) + card.text for part in parts),
        BOUND,
        what=f"{parts} in {shown(card)} {card.text}",
    )


async def letter(house: House, user: str, part: str, *, count: int = 1) -> str:
    """Return the one word to somebody about edits, once nothing more is to come."""
    await house.told(user, part)
    said = [text for text in letters(house, user) if "edited" in text]
    assert len(said) == count, said
    return said[-1]


async def my_answer(house: House, user: str, card: Message, part: str) -> Message:
    """Press *My answer*, and return what it says once that has ``part`` in it."""
    await house.slack.press(user, card.id, action(card, "My answer"))
    return await house.told(user, part)


async def test_whoever_chose_an_edited_option_is_told_once_and_may_change_a_final_answer_once(
    house: House, pollbot: Pollbot
) -> None:
    card = await pizza_chosen(house, 'final "Lunch?" "Pizza" "Soup" "Rice"')
    await answer(house, CLEO, card, "Soup")

    await edit(house, card, _1="Salad")

    await house.told(BEN, TOLD)
    await rest(house, pollbot)
    said = await letter(house, BEN, TOLD)
    assert "You chose “Pizza”; it says “Salad” now" in said
    assert "you may change yours once" in said
    assert letters(house, CLEO) == []
    await card_says(house, card, "Salad _(edited)_", "Salad 1 (50 %, edited)")
    assert "Soup _(edited)_" not in shown(card)
    await answer(house, BEN, card, "Rice")
    await card_says(house, card, "Rice 1 (50 %)")
    await answer(house, BEN, card, "Soup")
    await house.told(BEN, "Answers to this poll are final")
    await answer(house, CLEO, card, "Rice")
    await house.told(CLEO, "Answers to this poll are final, so yours was left")
    assert house.rows("SELECT voter, option_id FROM answers ORDER BY 1") == [
        (BEN, "3"),
        (CLEO, "2"),
    ]


async def test_whoever_chooses_the_edited_option_again_has_chosen_what_it_says_now(
    house: House, pollbot: Pollbot
) -> None:
    card = await pizza_chosen(house, 'final "Lunch?" "Pizza" "Soup"')
    await edit(house, card, _1="Salad")
    mine = await my_answer(house, BEN, card, "(edited; when you chose it, it said “Pizza”)")
    assert "what was edited may be changed once" in mine.text
    assert "Withdraw answer" in labels(mine).values()

    await answer(house, BEN, card, "Salad")

    await house.told(BEN, "*Salad*. Answers to this poll are final.".replace(". A", ".\nA"))
    await answer(house, BEN, card, "Soup")
    await house.told(BEN, "Answers to this poll are final, so yours was left")
    await rest(house, pollbot)
    assert letters(house, BEN) == [], "nothing is owed to whoever chose it anew"


async def test_of_several_final_answers_only_what_was_edited_can_be_taken_back(
    house: House, pollbot: Pollbot
) -> None:
    card = await pizza_chosen(house, 'multi final "Lunch?" "Pizza" "Soup" "Rice"')
    await answer(house, BEN, card, "Soup")

    await edit(house, card, _1="Salad")

    told = await house.told(BEN, TOLD)
    assert list(labels(told).values()) == ["Remove “Salad”"]
    await answer(house, BEN, card, "Soup")
    await house.told(BEN, "Answers to this poll are final, so yours was left")
    await house.slack.press(BEN, told.id, action(told, "Remove “Salad”"))
    await card_says(house, card, "Salad 0 (0 %, edited), Soup 1 (100 %)")
    await answer(house, BEN, card, "Salad")
    await card_says(house, card, "Salad 1 (100 %, edited)")
    await answer(house, BEN, card, "Salad")
    await rest(house, pollbot)
    assert house.rows("SELECT option_id FROM answers ORDER BY 1") == [("1",), ("2",)]


@pytest.mark.parametrize("text", ["pizza!", "Pizzza", " Piza"])
async def test_a_typo_keeps_everything_and_tells_nobody(
    house: House, pollbot: Pollbot, text: str
) -> None:
    card = await pizza_chosen(house, 'final "Lunch?" "Pizza" "Soup"')

    await edit(house, card, _1=text)

    await card_says(house, card, f"{text.strip()} 1 (100 %)")
    await answer(house, BEN, card, "Soup")
    await house.told(BEN, "Answers to this poll are final, so yours was left")
    await rest(house, pollbot)
    assert letters(house, BEN) == []
    assert "edited" not in shown(card)


@pytest.mark.parametrize("words", ["final", "final hidden", "anonymous"])
async def test_a_question_that_was_edited_says_what_was_asked_and_changes_no_answer(
    house: House, pollbot: Pollbot, words: str
) -> None:
    card = await poll(house, f'{words} "Ship it?" "Yes" "No"')
    await edit(house, card, title="Ship it now?")
    await card_says(house, card, "*Ship it now?*")
    assert "edited" not in shown(card), "nobody had answered yet"
    await answer(house, BEN, card, "Yes")

    await edit(house, card, title="Ship it never?")

    await card_says(
        house,
        card,
        "*Ship it never?* _(edited; the first answers were to “Ship it now?”)_",
        "Ship it never? (edited) –",
    )
    assert "Yes _(edited)_" not in shown(card)
    await edit(house, card, title="ship it now")
    await card_says(house, card, "*ship it now*")
    assert "edited" not in shown(card)
    await rest(house, pollbot)
    assert letters(house, BEN) == []
    assert len(house.rows("SELECT * FROM answers WHERE option_id = '1' AND was IS NULL")) == 1


SHUFFLED = {
    "two swapped": ({"_1": "Soup", "_2": "Pizza"}, "Soup 0 (0 %), Pizza 1 (50 %), Rice 1 (50 %)"),
    "three in a ring": (
        {"_1": "Soup", "_2": "Rice", "_3": "Pizza"},
        "Soup 0 (0 %), Rice 1 (50 %), Pizza 1 (50 %)",
    ),
    "swapped, and written better": (
        {"_1": "soup!", "_3": "PIZZA", "_2": "Rice."},
        "soup! 0 (0 %), Rice. 1 (50 %), PIZZA 1 (50 %)",
    ),
}


@pytest.mark.parametrize(("texts", "result"), SHUFFLED.values(), ids=SHUFFLED)
async def test_texts_that_swap_places_take_their_answers_along(
    house: House, pollbot: Pollbot, texts: dict[str, str], result: str
) -> None:
    card = await pizza_chosen(house, '"Lunch?" "Pizza" "Soup" "Rice"')
    await answer(house, CLEO, card, "Rice")

    await edit(house, card, **texts)

    await card_says(house, card, result)
    await rest(house, pollbot)
    assert letters(house, BEN) == letters(house, CLEO) == []
    assert "edited" not in shown(card)


async def test_whoever_chose_what_was_removed_is_told_and_chooses_anew(
    house: House, pollbot: Pollbot
) -> None:
    card = await pizza_chosen(house, 'final "Lunch?" "Pizza" "Soup" "Rice" "Stew"')
    await answer(house, CLEO, card, "Rice")

    await edit(house, card, _1="", _2="")

    said = await letter(house, BEN, "You chose “Pizza”, which was removed.")
    assert "you may change yours once" in said
    await card_says(house, card, "Pizza _(removed)_")
    assert "Soup" not in shown(card), "nobody had chosen it"
    await answer(house, BEN, card, "Rice")
    await card_says(house, card, "Rice 2 (100 %)")
    await rest(house, pollbot)
    assert letters(house, CLEO) == []


async def test_what_was_removed_comes_back_with_its_answers_where_it_is_written_again(
    house: House, pollbot: Pollbot
) -> None:
    card = await pizza_chosen(house, '"Lunch?" "Pizza" "Soup" "Rice"')
    await edit(house, card, _1="")
    await letter(house, BEN, "which was removed")

    await edit(house, card, _2="Pizza")

    await letter(house, BEN, BACK, count=2)
    await card_says(house, card, "Pizza 1 (100 %), Rice 0 (0 %)")


async def test_what_is_edited_back_at_once_leaves_no_trace(house: House, pollbot: Pollbot) -> None:
    card = await pizza_chosen(house)

    await edit(house, card, _1="Salad")
    await card_says(house, card, "Salad _(edited)_")
    await edit(house, card, _1="Pizza")

    await card_says(house, card, "Pizza 1 (100 %)")
    await rest(house, pollbot)
    assert "edited" not in shown(card)
    house.clock.ahead += 60
    await rest(house, pollbot)
    assert letters(house, BEN) == []


async def test_whoever_heard_of_an_edit_hears_that_it_was_taken_back(
    house: House, pollbot: Pollbot
) -> None:
    card = await pizza_chosen(house)
    await edit(house, card, _1="Salad")
    await letter(house, BEN, TOLD)
    await answer(house, CLEO, card, "Salad")

    await edit(house, card, _1="Pizza")

    await letter(house, BEN, BACK, count=2)
    assert "You chose “Salad”; it says “Pizza” now" in await letter(house, CLEO, TOLD)
    await card_says(house, card, "Pizza _(edited)_")


async def test_two_edits_at_once_are_one_word(house: House, pollbot: Pollbot) -> None:
    card = await pizza_chosen(house)
    await answer(house, CLEO, card, "Soup")

    await edit(house, card, _1="Salad")
    await edit(house, card, _1="Rice")

    assert "You chose “Pizza”; it says “Rice” now" in await letter(house, BEN, TOLD)
    house.clock.ahead += 60
    await rest(house, pollbot)
    await letter(house, BEN, TOLD)
    assert letters(house, CLEO) == []


async def test_each_later_edit_is_told_with_what_was_chosen(house: House, pollbot: Pollbot) -> None:
    card = await pizza_chosen(house)
    await edit(house, card, _1="Salad")
    await letter(house, BEN, TOLD)

    await edit(house, card, _1="Rice", _2="Stew")

    await house.told(BEN, "You chose “Pizza”; it says “Rice” now")
    await letter(house, BEN, TOLD, count=2)


async def test_whoever_answers_otherwise_meanwhile_is_not_told(
    house: House, pollbot: Pollbot
) -> None:
    card = await pizza_chosen(house)

    await edit(house, card, _1="Salad")
    await answer(house, BEN, card, "Soup")

    await card_says(house, card, "Soup 1 (100 %)")
    house.clock.ahead += 60
    await rest(house, pollbot)
    assert letters(house, BEN) == []


async def test_whoever_edits_their_own_option_knows_it_and_is_not_told(
    house: House, pollbot: Pollbot
) -> None:
    card = await poll(house, '"Lunch?" "Pizza" "Soup"')
    await answer(house, ADA, card, "Pizza")
    await answer(house, BEN, card, "Pizza")

    await edit(house, card, _1="Salad")

    await letter(house, BEN, TOLD)
    await rest(house, pollbot)
    assert letters(house, ADA) == []
    await my_answer(house, ADA, card, "when you chose it, it said “Pizza”")


async def test_a_poll_that_closed_meanwhile_says_that_nothing_can_be_changed(
    house: House, pollbot: Pollbot
) -> None:
    card = await pizza_chosen(house)

    await edit(house, card, _1="Salad")
    await close(house, ADA, card)

    told = await house.told(BEN, TOLD)
    assert "answers cannot be changed any more" in told.text
    assert labels(told) == {}


@pytest.mark.parametrize("words", ["hidden", "aftervote", "anonymous", "hidden anonymous"])
async def test_where_not_all_is_public_a_mark_does_not_tell_what_was_chosen(
    house: House, pollbot: Pollbot, words: str
) -> None:
    card = await pizza_chosen(house, f'{words} "Lunch?" "Pizza" "Soup" "Rice"')

    await edit(house, card, _1="Salad", _2="Stew")
    await card_says(house, card, "Salad _(edited)_", "Stew _(edited)_")
    await edit(house, card, _1="Pizza", _2="Soup")

    await card_says(house, card, "Pizza _(edited)_", "Soup _(edited)_")
    assert "Rice _(edited)_" not in shown(card)


async def test_before_anybody_has_answered_nothing_is_marked(
    house: House, pollbot: Pollbot
) -> None:
    for words in ("", "hidden anonymous "):
        card = await poll(house, f'{words}"Lunch{len(words)}?" "Pizza" "Soup"')
        await edit(house, card, _1="Salad")
        await card_says(house, card, "Salad")
        assert "edited" not in shown(card)


async def test_an_option_that_is_added_is_not_marked_whatever_was_chosen_before(
    house: House, pollbot: Pollbot
) -> None:
    card = await pizza_chosen(house)
    form = await manage(house, ADA, card, "edit_poll", '"callback_id": "edit_poll"')
    await house.slack.view_action(ADA, form.id, "add_option")
    form = await house.slack.until(
        lambda: next((v for v in house.slack.stack_of(ADA)[-1:] if '"option:1"' in drawn(v)), None),
        BOUND,
        what="a form with another option",
    )

    sent = await house.slack.submit(ADA, form.id, {"option:1": {"value": "Rice"}})

    assert (sent.status, sent.body) == (200, ""), sent
    await card_says(house, card, "Rice")
    assert "edited" not in shown(card) + card.text


async def test_of_an_anonymous_poll_nobody_is_named_and_the_close_leaves_no_before_and_after(
    house: House, pollbot: Pollbot
) -> None:
    card = await pizza_chosen(house, 'anonymous final "Lunch?" "Pizza" "Soup"')

    await edit(house, card, _1="Salad", _2="Rice")

    await card_says(house, card, "Salad _(edited)_")
    await rest(house, pollbot)
    assert letters(house, BEN) == []
    assert house.rows("SELECT * FROM outbox WHERE kind LIKE 'edited%'") == []
    await my_answer(house, BEN, card, "when you chose it, it said “Pizza”")
    await answer(house, BEN, card, "Rice")
    await house.told(BEN, "*Rice*")
    await answer(house, BEN, card, "Salad")
    await house.told(BEN, "Answers to this poll are final, so yours was left")
    await edit(house, card, _2="Stew")
    assert house.rows("SELECT was FROM answers") == [("Rice",)]
    await close(house, ADA, card)
    assert house.rows("SELECT was FROM answers") == [(None,)]


async def test_names_that_are_given_up_are_owed_no_word(house: House, pollbot: Pollbot) -> None:
    card = await pizza_chosen(house)
    await edit(house, card, _1="Salad")

    form = await manage(house, ADA, card, "edit_poll", '"callback_id": "edit_poll"')
    boxes = {"settings": {element(form, "settings"): ["changeable"]}}
    assert (await house.slack.submit(ADA, form.id, boxes)).body == ""

    await card_says(house, card, "Anonymous")
    house.clock.ahead += 60
    await rest(house, pollbot)
    assert letters(house, BEN) == []
    assert house.rows("SELECT * FROM outbox WHERE kind LIKE 'edited%'") == []


async def test_whoever_is_owed_it_is_told_after_a_restart(house: House) -> None:
    async with house.program() as pollbot:
        card = await pizza_chosen(house)
        await rest(house, pollbot)
        house.slack.faults.fail_next("chat.postMessage", 429, {"ok": False}, {"Retry-After": "30"})
        await edit(house, card, _1="Salad")
        house.clock.ahead += 10
        await rest(house, pollbot)
    assert letters(house, BEN) == []

    async with house.program() as pollbot:
        house.clock.ahead += 45
        await house.told(BEN, TOLD)
        await rest(house, pollbot)

    assert len(letters(house, BEN)) == 1


# In Team Voice


def written(voice: TeamVoiceStandIn, *options: tuple[str, str], **fields: Any) -> None:
    """Write the one poll's options anew, as somebody does inside Jira."""
    (kept,) = voice.polls.values()
    kept.poll = copy.deepcopy(kept.poll) | fields
    kept.poll["options"] = [
        {"id": id_, "title": title, "order": place} for place, (id_, title) in enumerate(options)
    ]


async def look(house: House, card: Message, user: str, label: str) -> None:
    """Have Team Voice looked at, as a touch of the card does: an answer that stands already."""
    house.clock.ahead += 11
    await answer(house, user, card, label)


async def test_an_edit_in_jira_is_told_and_marked_like_one_in_slack(
    house: House, voice: TeamVoiceStandIn
) -> None:
    async with house.program(**by_default(voice)) as pollbot:
        await connect(house, ADA)
        card = await poll(house, 'PLAT-12 final "Which export?" "CSV" "JSON" "XML"')
        await answer(house, BEN, card, "CSV")
        await answer(house, ADA, card, "JSON")
        (kept,) = voice.polls.values()
        voice.answer_inside(kept.id, "acc-x", {"3"})
        await look(house, card, BEN, "CSV")
        await card_says(house, card, "1 in Jira")

        written(voice, ("1", "Parquet"), ("2", "json"), ("3", "YAML"))
        await look(house, card, ADA, "JSON")

        await card_says(house, card, "Parquet _(edited)_", "YAML _(edited)_", "json")
        assert "json _(edited)_" not in shown(card)
        said = await letter(house, BEN, "You chose “CSV”; it says “Parquet” now")
        assert "you may change yours once" in said
        await rest(house, pollbot)
        assert letters(house, ADA) == letters(house, CLEO) == []
        await answer(house, BEN, card, "json")
        await card_says(house, card, "json 2")


async def test_texts_that_swap_places_in_jira_take_the_answers_of_slack_along(
    house: House, voice: TeamVoiceStandIn
) -> None:
    async with house.program(**by_default(voice)) as pollbot:
        await connect(house, ADA)
        card = await poll(house, 'PLAT-12 "Which export?" "CSV" "JSON" "XML"')
        await answer(house, BEN, card, "CSV")
        await answer(house, CLEO, card, "JSON")

        written(voice, ("1", "JSON"), ("2", "XML"), ("3", "CSV"))
        await look(house, card, CLEO, "JSON")

        await card_says(house, card, "JSON 1 (50 %), XML 0 (0 %), CSV 1 (50 %)")
        await rest(house, pollbot)
        assert "edited" not in shown(card)
        assert letters(house, BEN) == letters(house, CLEO) == []


async def test_a_split_of_an_anonymous_poll_that_was_seen_follows_its_texts(
    house: House, voice: TeamVoiceStandIn
) -> None:
    async with house.program(**by_default(voice)):
        await connect(house, ADA)
        card = await poll(house, 'PLAT-12 anonymous "Which export?" "CSV" "JSON"')
        for user, label in ((ADA, "CSV"), (BEN, "CSV"), (CLEO, "JSON")):
            await answer(house, user, card, label)
        await card_says(house, card, "CSV 2 (67 %), JSON 1 (33 %)")

        written(voice, ("1", "JSON"), ("2", "CSV"))
        await look(house, card, CLEO, "JSON")

        await card_says(house, card, "JSON 1 (33 %), CSV 2 (67 %)")
        assert "edited" not in shown(card)


async def test_an_edit_in_slack_of_a_poll_in_team_voice_is_told_once(
    house: House, voice: TeamVoiceStandIn
) -> None:
    async with house.program(**by_default(voice)) as pollbot:
        await connect(house, ADA)
        card = await poll(house, 'PLAT-12 "Which export?" "CSV" "JSON" "XML"')
        await answer(house, BEN, card, "CSV")
        await answer(house, ADA, card, "CSV")
        await answer(house, CLEO, card, "JSON")

        await edit(house, card, _1="Parquet", _2="XML", _3="JSON")

        await letter(house, BEN, "You chose “CSV”; it says “Parquet” now")
        await card_says(house, card, "Parquet 2 (67 %, edited), XML 0 (0 %), JSON 1 (33 %)")
        (kept,) = voice.polls.values()
        assert [(one["id"], one["title"]) for one in kept.poll["options"]] == [
            ("1", "Parquet"),
            ("3", "XML"),
            ("2", "JSON"),
        ]
        await look(house, card, CLEO, "JSON")
        await rest(house, pollbot)
        assert len(letters(house, BEN)) == 1
        assert letters(house, ADA) == letters(house, CLEO) == []
