"""What a person is shown who reads another language than the team: all in theirs, but the card."""

from collections.abc import AsyncIterator

import pytest

from pollbot.sandbox.slack import Message
from tests.support.catalog import pseudo
from tests.support.house import ADA, BEN, PLANNING, House, shown
from tests.support.polls import action, all_of, answer, manage, more, window
from tests.support.said import letters

ASKED = '"1 + 1?" "2" "3"'


@pytest.fixture
async def reads_german(house: House) -> AsyncIterator[House]:
    """Run the program with a pretended German, which Ben reads."""
    house.languages = [pseudo("de")]
    house.slack.people[BEN].locale = "de-DE"
    async with house.program():
        yield house


async def made(house: House, words: str = ASKED) -> Message:
    asked = await house.slack.command(BEN, PLANNING, "/poll", words)
    assert (asked.status, asked.body) == (200, ""), asked
    return await house.card("1 + 1?")


def assert_own(*seen: object) -> None:
    """Check that this is all in the person's language."""
    assert "⟦" in str(seen)
    assert letters(*seen) == []


def assert_of_the_team(card: Message) -> None:
    assert "⟦" not in card.text + shown(card)


@pytest.mark.parametrize("text", ["", "PLAT-12", "here anonymous hidden 1"])
async def test_the_form(reads_german: House, text: str) -> None:
    house = reads_german

    await house.slack.command(BEN, PLANNING, "/poll", text)

    form = await window(house, BEN, '"callback_id": "create_poll"')
    assert_own(form.view)
    assert_own((await all_of(house, form)).view)


async def test_a_template_in_the_form_asks_in_the_language_of_the_team(reads_german: House) -> None:
    house = reads_german
    await house.slack.command(BEN, PLANNING, "/poll", "here")
    form = await window(house, BEN, '"callback_id": "create_poll"')

    await house.slack.view_action(BEN, form.id, "pick_template", value="emoji")

    await window(house, BEN, "⟦Left empty, it is “How do you feel about it?”⟧")
    await house.slack.submit(BEN, form.id, {"channel": {"value": PLANNING}})
    assert_of_the_team(await house.card("How do you feel about it?"))


@pytest.mark.parametrize(
    ("action_id", "part"),
    [
        ("edit_poll", '"callback_id": "edit_poll"'),
        ("poll_owners", '"callback_id": "owners_poll"'),
        ("names", '"callback_id": "poll_names"'),
        ("show_results", '"callback_id": "results"'),
        ("close_poll", "⟦:lock:"),
        ("delete_poll", "⟦:wastebasket:"),
    ],
)
async def test_what_is_behind_more(reads_german: House, action_id: str, part: str) -> None:
    card = await made(reads_german)

    assert_own((await more(reads_german, BEN, card)).view)
    told = await manage(reads_german, BEN, card, action_id, part)

    assert_own(told.view)
    assert_of_the_team(card)


async def test_receipts_lists_and_what_is_refused(reads_german: House) -> None:
    house = reads_german
    card = await made(house)

    await answer(house, BEN, card, "2")
    assert_own((receipt := await house.told(BEN, "Your answer to")).text, receipt.blocks)
    await house.slack.press(BEN, card.id, action(card, "My answer"))
    assert_own((mine := await house.told(BEN, "Your answer to")).text, mine.blocks)
    for text in ("list here", '"1 + 1?" "2"', '1 2 "3" "4"', "close", '"1?" "2" "2"'):
        refused = await house.slack.command(BEN, PLANNING, "/poll", text)
        said = refused.json or {}
        assert_own(said.get("text") or house.words(BEN)[-1], said.get("blocks") or [])
    await house.slack.command(ADA, PLANNING, "/poll", '"1 + 1?" "2"')
    assert "⟦" not in "".join(house.words(ADA))
