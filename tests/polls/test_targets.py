"""What a poll is on and where it is kept: said in its form, turned there, looked at at once."""

from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from pollbot.sandbox.slack import View
from pollbot.sandbox.team_voice import TeamVoiceStandIn
from pollbot.wiring import Pollbot
from tests.support.house import ADA, PLANNING, House, rest
from tests.support.polls import all_of, chosen, drawn, element, hanging, polls_listed, window
from tests.support.team_voice import (
    PAGE,
    SPACE,
    by_default,
    close_windows,
    command,
    connect,
    in_time,
    set_up,
    team_voice,
)

BOUND = 10.0


@pytest.fixture
async def voice(house: House) -> AsyncIterator[TeamVoiceStandIn]:
    async with team_voice(house) as stand_in:
        yield stand_in


@pytest.fixture
async def program(house: House, voice: TeamVoiceStandIn) -> AsyncIterator[Pollbot]:
    """The program with Team Voice for every project and for the space; Ada is connected."""
    async with house.program(**by_default(voice)) as pollbot:
        await connect(house, ADA)
        await set_up(house, ADA, SPACE, voice.url)
        await close_windows(house, ADA)
        house.jira.calls.clear()
        voice.calls.clear()
        yield pollbot


def page(house: House) -> str:
    return f"{house.jira.site_url}/wiki/spaces/DOCS/pages/{PAGE}/Release+plan"


async def opened(house: House, where: str = "", part: str = '"create_poll"') -> View:
    in_time(await house.slack.command(ADA, PLANNING, "/poll", where))
    return await window(house, ADA, part)


async def use(house: House, view: View, action_id: str, part: str, **how: Any) -> None:
    """Use a control of the form, and wait until the form says ``part``."""
    answer = await house.slack.view_action(ADA, view.id, action_id, **how)
    assert (answer.status, answer.error) == (200, None), answer
    await window(house, ADA, part)


async def keep(house: House, view: View, where: str, part: str) -> None:
    """Choose where the poll is kept."""
    await use(house, view, "changed", part, block_id="keep", value=where)


def typed(view: View) -> dict[str, Any]:
    """Return what somebody fills in who asks for lunch."""
    filled = {"title": "Lunch?", "options": "Pizza\nSoup"}
    return {name: {element(view, name): text} for name, text in filled.items()}


# On an issue, or on none


async def test_in_a_linked_channel_the_form_says_so_and_turns_to_no_issue_and_back(
    house: House, program: Pollbot
) -> None:
    await command(house, ADA, "link PLAT-13", "/pollbot")

    form = await opened(house)
    assert "PLAT-13>, which this channel is linked to." in drawn(form)
    assert "It is created in Team Voice, so people can answer in Jira as well." in drawn(form)
    await all_of(house, form)
    assert "Where the poll is kept" in drawn(form)
    assert "Decision on record" in drawn(form)
    await use(house, form, "turn_place", "Without an issue or page.")

    assert "Where the poll is kept" not in drawn(form)
    assert "Decision on record" not in drawn(form)
    await use(house, form, "turn_place", "which this channel is linked to")
    assert chosen(form, "keep") == "source"
    await use(house, form, "turn_place", "Put it on PLAT-13")
    in_time(await house.slack.submit(ADA, form.id, typed(form)))

    card = await house.card("Lunch?")
    assert "PLAT-13" not in card.text
    assert await polls_listed(house, "PLAT-13") == []
    assert len(await polls_listed(house, "here")) == 1


@pytest.mark.parametrize("name", ["PLAT-12", "page"])
async def test_what_was_named_can_be_left_out_as_well(
    house: House, program: Pollbot, name: str
) -> None:
    form = await opened(house, page(house) if name == "page" else name)
    assert "linked to" not in drawn(form)

    await use(house, form, "turn_place", "Without an issue or page.")
    in_time(await house.slack.submit(ADA, form.id, typed(form)))

    await house.card("Lunch?")
    assert len(await polls_listed(house, "here")) == 1


async def test_a_form_without_anything_to_be_on_has_nothing_to_turn(
    house: House, program: Pollbot
) -> None:
    form = await opened(house)

    assert "Without an issue or page." in drawn(form)
    assert "turn_place" not in drawn(form)


async def test_what_was_typed_stays_when_the_place_is_turned(
    house: House, program: Pollbot
) -> None:
    form = await opened(house, "PLAT-12")

    await use(house, form, "turn_place", "Without an issue", values=typed(form))

    assert chosen(form, "title") == "Lunch?"
    assert chosen(form, "options") == "Pizza\nSoup"


# What does not work there


def hidden(house: House, voice: TeamVoiceStandIn) -> None:
    house.jira.issues["PLAT-12"].seen_by = {"acc-ben"}


def not_to_be_edited(house: House, voice: TeamVoiceStandIn) -> None:
    house.jira.people["acc-ada"].may_edit = set()


def token_refused(house: House, voice: TeamVoiceStandIn) -> None:
    voice.tokens.clear()


def nothing(house: House, voice: TeamVoiceStandIn) -> None:
    pass


Fault = Callable[[House, TeamVoiceStandIn], None]
IN_TEAM_VOICE = [
    pytest.param(not_to_be_edited, "PLAT-12", "made by those who may edit", id="no edit right"),
    pytest.param(token_refused, "PLAT-12", "its access token is not right", id="token refused"),
    pytest.param(nothing, "page", "under the id of its macro", id="macro not known"),
]


@pytest.mark.parametrize(("fault", "where", "words"), IN_TEAM_VOICE)
async def test_what_team_voice_cannot_keep_is_said_when_the_form_opens_with_a_way_out(
    house: House,
    voice: TeamVoiceStandIn,
    program: Pollbot,
    fault: Fault,
    where: str,
    words: str,
) -> None:
    fault(house, voice)

    form = await opened(house, page(house) if where == "page" else where, words)
    assert "You can keep" in drawn(form)
    await keep(house, form, "pollbot", "Where the poll is kept")
    await house.slack.until(lambda: words not in drawn(form), BOUND, what="a form without that")
    await keep(house, form, "source", words)
    await keep(house, form, "pollbot", "Where the poll is kept")
    await house.slack.until(lambda: words not in drawn(form), BOUND, what="a form without that")
    in_time(await house.slack.submit(ADA, form.id, typed(form)))

    await house.card("Lunch?")
    assert voice.polls == {}


async def test_an_issue_that_jira_does_not_show_is_said_when_the_form_opens(
    house: House, voice: TeamVoiceStandIn, program: Pollbot
) -> None:
    hidden(house, voice)

    form = await opened(house, "PLAT-12", "or does not show it to you")
    await use(house, form, "turn_place", "Without an issue or page.")

    assert "does not show it" not in drawn(form)
    in_time(await house.slack.submit(ADA, form.id, typed(form)))
    await house.card("Lunch?")


async def test_where_all_is_well_nothing_is_said(
    house: House, voice: TeamVoiceStandIn, program: Pollbot
) -> None:
    form = await opened(house, "PLAT-12")
    await house.slack.until(lambda: "asked" in form.view["private_metadata"], BOUND)

    assert ":x:" not in drawn(form)
    assert ":hourglass" not in drawn(form)
    calls = len(house.jira.calls)
    await use(house, form, "pick_template", "⭐⭐⭐", value="stars")
    await rest(house, program)
    assert len(house.jira.calls) == calls, "what is known is not asked again"


async def test_who_is_not_connected_is_told_that_it_will_be_kept(
    house: House, program: Pollbot
) -> None:
    await command(house, ADA, "disconnect", "/pollbot")

    form = await opened(house, "PLAT-12", "you have none connected yet")

    assert "what you create is saved" in drawn(form)


@pytest.mark.parametrize("away", ["Jira", "Team Voice"])
async def test_what_could_not_be_asked_is_not_no_and_is_asked_again(
    house: House, voice: TeamVoiceStandIn, program: Pollbot, away: str
) -> None:
    faults = house.jira.faults if away == "Jira" else voice.faults
    faults.mode = "down"

    form = await opened(house, "PLAT-12", "could not be asked yet")
    assert ":x:" not in drawn(form)
    faults.mode = "up"
    not_to_be_edited(house, voice)
    await use(house, form, "pick_template", "made by those who may edit", value="stars")

    assert "⭐⭐⭐" in drawn(form)


async def test_an_answer_that_comes_late_takes_nothing_back(
    house: House, voice: TeamVoiceStandIn, program: Pollbot
) -> None:
    not_to_be_edited(house, voice)
    house.jira.faults.slow_seconds, house.jira.faults.mode = 0.6, "slow"

    form = await opened(house, "PLAT-12")
    answer = await house.slack.view_action(
        ADA, form.id, "pick_template", value="stars", values=typed(form)
    )
    assert answer.error is None
    await window(house, ADA, "made by those who may edit")
    await rest(house, program)

    assert "⭐⭐⭐" in drawn(form)
    assert chosen(form, "title") == "Lunch?"
    assert hanging(house) == []
