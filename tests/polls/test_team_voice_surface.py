"""Each status and each setting of Team Voice's API, as people meet them in Slack."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from pollbot.sandbox.slack import Message
from pollbot.sandbox.team_voice import TeamVoiceStandIn
from pollbot.wiring import Pollbot
from tests.support.house import ADA, BEN, CLEO, PLANNING, House, buttons, rest, shown
from tests.support.polls import hanging
from tests.support.team_voice import (
    PATIENCE,
    by_default,
    card_says,
    command,
    connect,
    edit,
    press,
    team_voice,
    words,
)

LUNCH = 'PLAT-12 "Which export?" "CSV" "JSON"'


@pytest.fixture
async def voice(house: House) -> AsyncIterator[TeamVoiceStandIn]:
    async with team_voice(house) as stand_in:
        yield stand_in


@pytest.fixture
async def program(house: House, voice: TeamVoiceStandIn) -> AsyncIterator[Pollbot]:
    """The program with Team Voice for every project; Ada and Ben are connected."""
    async with house.program(**by_default(voice)) as pollbot:
        await connect(house, ADA, BEN)
        yield pollbot


# 404: only what names a poll can find it gone


async def test_a_list_that_is_404_is_a_wrong_address_and_no_poll_is_gone(
    house: House, voice: TeamVoiceStandIn, program: Pollbot
) -> None:
    await command(house, ADA, LUNCH)
    card = await house.card("Which export?")
    await press(house, BEN, card, "CSV")
    await card_says(house, card, "CSV 1")
    voice.faults.fail_next("GET polls", 404, "", times=9)
    house.clock.ahead = 11.0

    said = await command(house, BEN, "list PLAT-12")
    await press(house, CLEO, card, "JSON")

    assert "address answers that nothing is there (HTTP 404)" in said
    await card_says(house, card, "CSV 1", "JSON 1")
    await rest(house, program)
    assert {"CSV", "JSON"} <= set(buttons(card).values())
    assert len(house.rows("SELECT * FROM answers")) == 2


async def test_a_poll_that_cannot_be_made_for_a_404_is_said_and_nothing_is_kept(
    house: House, voice: TeamVoiceStandIn, program: Pollbot
) -> None:
    voice.faults.fail_next("POST polls", 404, "", times=9)

    said = await command(house, ADA, LUNCH)

    assert "address answers that nothing is there (HTTP 404)" in said
    await rest(house, program)
    assert hanging(house) == []
    assert voice.polls == {}


async def test_an_edit_that_finds_the_poll_gone_says_so(
    house: House, voice: TeamVoiceStandIn, program: Pollbot
) -> None:
    await command(house, ADA, LUNCH)
    card = await house.card("Which export?")
    voice.faults.fail_next("PUT polls", 404, "")

    said = words(await edit(house, ADA, card, title="Which export now?"))

    assert "it was deleted there" in said


async def test_an_edit_whose_list_lacks_the_poll_says_that_this_is_not_sure(
    house: House, voice: TeamVoiceStandIn, program: Pollbot
) -> None:
    await command(house, ADA, LUNCH)
    card = await house.card("Which export?")
    there = dict(voice.polls)
    voice.polls.clear()

    said = words(await edit(house, ADA, card, title="Which export now?"))

    assert "does not list this poll right now" in said
    voice.polls.update(there)
    await rest(house, program)
    assert {"CSV", "JSON"} <= set(buttons(card).values())


# What each setting of a poll that was made in Jira means in Slack


async def posted(house: House, voice: TeamVoiceStandIn, **settings: Any) -> Message:
    """Make a poll inside Jira with these settings and post it from the list; return its card."""
    voice.add_poll("PLAT", "PLAT-12", "Made in Jira?", ("Yes", "No"), settings=settings)
    await command(house, ADA, "list PLAT-12")
    listed = house.slack.visible_to(ADA, PLANNING)[-1]
    await press(house, ADA, listed, "Post here")
    return await house.card("Made in Jira?")


async def one_replaces(house: House, card: Message) -> None:
    await press(house, BEN, card, "No")
    await card_says(house, card, "Yes 0", "No 1")


async def both_count(house: House, card: Message) -> None:
    await press(house, BEN, card, "No")
    await card_says(house, card, "Yes 1", "No 1")


async def the_first_stays(house: House, card: Message) -> None:
    await press(house, BEN, card, "No")
    await house.told(BEN, "are final")
    assert house.rows("SELECT option_id FROM answers") == [("1",)]


async def only_shares_are_shown(house: House, card: Message) -> None:
    await card_says(house, card, "Yes 100 %")
    assert "Yes 1 " not in shown(card)


async def numbers_are_shown(house: House, card: Message) -> None:
    await card_says(house, card, "Yes 1")
    assert "Yes 100" not in card.text


async def nobody_is_named(house: House, card: Message) -> None:
    assert house.rows("SELECT * FROM answers")
    assert BEN not in str(house.rows("SELECT * FROM answers"))


async def its_voter_is_kept(house: House, card: Message) -> None:
    assert house.rows("SELECT voter FROM answers") == [(BEN,)]


async def a_comment_is_offered(house: House, card: Message) -> None:
    assert any("Comment" in label for label in buttons(card).values())


async def no_comment_is_offered(house: House, card: Message) -> None:
    assert not any("Comment" in label for label in buttons(card).values())


async def it_closes(house: House, card: Message) -> None:
    house.clock.ahead += 2 * 3600
    await card_says(house, card, "Closed on")


async def it_stays_open(house: House, card: Message) -> None:
    house.clock.ahead += 2 * 3600
    await press(house, CLEO, card, "No")
    await card_says(house, card, "Yes 1", "No 1")


Means = Callable[[House, Message], Awaitable[None]]


@pytest.mark.parametrize(
    ("setting", "value", "means"),
    [
        ("allowSelectionOfMultipleOptions", True, both_count),
        ("allowSelectionOfMultipleOptions", False, one_replaces),
        ("allowRevote", False, the_first_stays),
        ("allowRevote", True, one_replaces),
        ("hideAbsoluteNumbers", True, only_shares_are_shown),
        ("hideAbsoluteNumbers", False, numbers_are_shown),
        ("saveParticipantNames", False, nobody_is_named),
        ("saveParticipantNames", True, its_voter_is_kept),
        ("allowComment", True, a_comment_is_offered),
        ("allowComment", False, no_comment_is_offered),
        ("closePollOnEndDate", True, it_closes),
        ("closePollOnEndDate", False, it_stays_open),
    ],
)
async def test_a_setting_of_jira_holds_in_slack(
    house: House,
    voice: TeamVoiceStandIn,
    program: Pollbot,
    setting: str,
    value: bool,
    means: Means,
) -> None:
    end = datetime.fromtimestamp(house.clock() + 3600, UTC).isoformat(timespec="seconds")
    settings = {"endDate": end} if setting == "closePollOnEndDate" else {}
    card = await posted(house, voice, **settings, **{setting: value})

    await press(house, BEN, card, "Yes")
    await house.slack.until(lambda: house.rows("SELECT * FROM answers"), timeout=PATIENCE)

    await means(house, card)
    [kept] = voice.polls.values()
    assert kept.poll["settings"][setting] is value
