"""In which language pollbot speaks: with a person that of their Slack, in channels the team's."""

import pytest

from tests.support.house import ADA, BEN, House
from tests.support.team_voice import (
    SLACK_WAITS,
    close_windows,
    command,
    in_time,
    window,
)

GERMAN, ENGLISH = "Sprache der Karten", "The language of cards"


async def set_up(house: House, user: str, part: str) -> str:
    """Open the form of admins; return its title once ``part`` stands in it."""
    await command(house, user, "setup", "/pollbot")
    title = (await window(house, user, part)).view["title"]["text"]
    await close_windows(house, user)
    return str(title)


@pytest.mark.parametrize(
    ("locale", "title"),
    [
        ("de-DE", "pollbot einrichten"),
        ("de-AT", "pollbot einrichten"),
        ("en-GB", "Set up pollbot"),
        ("ja-JP", "Set up pollbot"),
        ("", "Set up pollbot"),
    ],
)
@pytest.mark.usefixtures("pollbot")
async def test_a_person_reads_the_language_of_their_slack(
    house: House, locale: str, title: str
) -> None:
    house.slack.people[ADA].locale = locale

    assert await set_up(house, ADA, "98306") == title


@pytest.mark.usefixtures("pollbot")
async def test_who_reads_no_language_of_pollbots_reads_that_of_the_team(house: House) -> None:
    house.slack.people[ADA].locale = "ja-JP"
    await command(house, ADA, "setup", "/pollbot")
    form = await window(house, ADA, ENGLISH)

    in_time(await house.slack.view_action(ADA, form.id, "language:0"))

    await window(house, ADA, "What everybody reads is in *Deutsch*")
    await close_windows(house, ADA)
    assert await set_up(house, ADA, GERMAN) == "pollbot einrichten"
    assert house.rows("SELECT code FROM languages") == [("de",)]


@pytest.mark.usefixtures("pollbot")
async def test_only_admins_choose_the_language_of_cards(house: House) -> None:
    await command(house, ADA, "setup", "/pollbot")
    form = await window(house, ADA, ENGLISH)
    in_time(await house.slack.view_action(ADA, form.id, "language:0"))
    await window(house, ADA, "in *Deutsch*")
    chosen = house.slack.deliveries[-1].body
    await close_windows(house, ADA)
    await command(house, ADA, "setup", "/pollbot")
    form = await window(house, ADA, "in *Deutsch*")
    in_time(await house.slack.view_action(ADA, form.id, "language:1"))
    await window(house, ADA, "in *English*")

    await house.slack.deliver(chosen | {"user": chosen["user"] | {"id": BEN}}, kind="interactive")

    await house.told(BEN, "Only admins of this workspace")
    assert house.rows("SELECT code FROM languages") == [("en",)]


@pytest.mark.usefixtures("pollbot")
async def test_slack_that_does_not_tell_in_time_delays_nobody(house: House) -> None:
    house.slack.people[ADA].locale = "de-DE"
    house.slack.faults.slow_down("users.info", 2 * SLACK_WAITS)

    assert "Vote on Jira issues" in await command(house, ADA, "help", "/pollbot")


@pytest.mark.usefixtures("pollbot")
async def test_who_changes_the_language_of_their_slack_is_spoken_to_in_it(house: House) -> None:
    assert await set_up(house, ADA, "98306") == "Set up pollbot"
    house.slack.people[ADA].locale = "de-DE"
    assert await set_up(house, ADA, "98306") == "Set up pollbot"

    house.clock.ahead += 3700

    assert await set_up(house, ADA, "98306") == "pollbot einrichten"


@pytest.mark.usefixtures("pollbot")
async def test_while_slack_does_not_tell_it_is_the_language_of_before(house: House) -> None:
    house.slack.people[ADA].locale = "de-DE"
    german = await command(house, ADA, "help", "/pollbot")
    house.clock.ahead += 3700
    house.slack.faults.slow_down("users.info", 2 * SLACK_WAITS)

    assert await command(house, ADA, "help", "/pollbot") == german
    assert "Vorgang" in german
