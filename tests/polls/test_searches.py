"""Polls are found: by words, state and age, and only where somebody may look."""

from typing import Any

import pytest

from pollbot.polls.searches.rules import Search, fold, with_words
from pollbot.polls.typed import ListPolls, ShowResults, read_command
from pollbot.sandbox.slack import Message, View
from pollbot.wiring import Pollbot
from tests.support.house import ADA, BEN, CLEO, LEADS, PLANNING, House, rest, shown
from tests.support.polls import BOUND, DAY, close, drawn, offers, poll, window
from tests.support.team_voice import close_windows

VIEW = '"callback_id": "search_polls"'


async def found(house: House, user: str, words: str, *, channel: str = PLANNING) -> str:
    """Return what is said to somebody who looks for polls."""
    answer = await house.slack.command(user, channel, "/poll", f"list {words}")
    assert (answer.status, answer.error) == (200, None), answer
    return house.slack.visible_to(user, channel)[-1].text


async def add(house: House, question: str, *options: str, **where: Any) -> Message:
    typed = " ".join(f'"{one}"' for one in (question, *(options or ("Yes", "No"))))
    return await poll(house, typed, **where)


@pytest.fixture
async def polls(house: House, pollbot: Pollbot) -> None:
    del pollbot
    for channel in (PLANNING, LEADS):
        house.slack.channels[channel].app_is_member = True
    await add(house, "Café in München?", "Käsekuchen", "Eis")
    await add(house, "100% or 50_50?", "It's fine", "Nø")
    await add(house, "Pizza 🍕 party", "Friday", "Monday", user=BEN)
    await add(house, "Secret raise?", channel=LEADS, user=BEN)


WORDS = {
    "cafe": "Café in München?",
    "MÜNCHEN": "Café in München?",
    "munchen kasekuchen": "Café in München?",
    '"in munchen"': "Café in München?",
    "100%": "100% or 50_50?",
    "50_50": "100% or 50_50?",
    "it's": "100% or 50_50?",
    "🍕": "Pizza 🍕 party",
    "friday": "Pizza 🍕 party",
    "ｐｉｚｚａ": "Pizza 🍕 party",
}


@pytest.mark.usefixtures("polls")
@pytest.mark.parametrize(("words", "title"), WORDS.items(), ids=WORDS)
async def test_words_find_what_has_all_of_them(house: House, words: str, title: str) -> None:
    said = await found(house, CLEO, words)

    assert said.startswith(f"1 poll found: {title}"), said


NOTHING = ("%", "_", "'; DROP TABLE polls; --", "cafe pizza", '"munchen in"', "\\", "<b>")


@pytest.mark.usefixtures("polls")
@pytest.mark.parametrize("words", NOTHING)
async def test_marks_of_other_languages_are_only_what_they_are(house: House, words: str) -> None:
    said = await found(house, CLEO, words)

    if words in ("%", "_"):
        assert said.startswith("1 poll found: 100% or 50_50?")
    else:
        assert "Nothing found" in said
    assert len(house.rows("SELECT 1 FROM polls")) == 4


@pytest.mark.usefixtures("polls")
async def test_what_hangs_in_a_private_channel_is_found_by_its_members_only(house: House) -> None:
    assert "Secret raise?" in await found(house, ADA, "raise")
    hidden = await found(house, CLEO, "all")

    assert "3 polls found" in hidden
    assert "Secret" not in hidden
    assert "Nothing found" in await found(house, CLEO, "raise")
    house.slack.people[CLEO].is_guest = True
    house.clock.ahead += DAY
    house.slack.channels[PLANNING].members.discard(CLEO)
    other = house.slack.add_channel("C0GUESTS", "guests", members=[CLEO]).id
    assert "no polls yet" in await found(house, CLEO, "all", channel=other)
    assert "Nothing found" in await found(house, CLEO, "open", channel=other)


@pytest.mark.usefixtures("polls")
async def test_state_age_and_whose_narrow_it(house: House) -> None:
    await close(house, BEN, await house.card("Pizza"))
    house.clock.ahead += 40 * DAY
    await add(house, "New one?")

    assert "1 poll found: Pizza" in await found(house, ADA, "closed party")
    assert "Nothing found" in await found(house, ADA, "open party")
    assert "1 poll found: New one?" in await found(house, ADA, "30d")
    assert "5 polls found" in await found(house, ADA, "60d")
    assert "2 polls found" in await found(house, BEN, "mine")
    assert "Secret raise?" in await found(house, ADA, "here raise", channel=LEADS)
    assert "Nothing found" in await found(house, ADA, "here raise")


@pytest.mark.usefixtures("polls")
async def test_a_window_is_redrawn_in_place_with_each_wish(house: House) -> None:
    await found(house, CLEO, "party")
    said = house.slack.visible_to(CLEO, PLANNING)[-1]
    await house.slack.press(CLEO, said.id, "search_polls")
    view = await window(house, CLEO, VIEW)
    assert '"initial_value": "party"' in drawn(view)
    assert "Pizza" in drawn(view)

    view = await wish(house, view, "text", "cafe", "Café")
    assert "Pizza" not in drawn(view)
    view = await wish(house, view, "state", "closed", "Nothing found")
    view = await wish(house, view, "state", "open", "1 poll")
    sent = await house.slack.submit(CLEO, view.id, {"text": {"searched": "pizza"}})
    assert "Pizza" in sent.body
    sent = await house.slack.submit(CLEO, view.id, {"text": {"searched": "cafe"}})
    view = await window(house, CLEO, "Café")
    await house.slack.view_action(CLEO, view.id, "more")
    more = await window(house, CLEO, '"poll_more"')
    assert "Duplicate" in offers(more)
    await house.slack.close(CLEO, more.id)
    assert "Café" in drawn(await window(house, CLEO, VIEW))


async def wish(house: House, view: View, field: str, value: str, part: str) -> View:
    sent = await house.slack.view_action(CLEO, view.id, "searched", block_id=field, value=value)
    assert (sent.status, sent.error) == (200, None), sent
    return await window(house, CLEO, part)


@pytest.mark.usefixtures("polls")
async def test_home_leads_to_it(house: House, pollbot: Pollbot) -> None:
    await house.slack.open_home(ADA)
    await house.slack.until(lambda: ADA in house.slack.homes, BOUND, what="Home")

    await house.slack.home_action(ADA, "search_polls")

    view = await window(house, ADA, VIEW)
    assert "Secret raise?" in drawn(view)
    await rest(house, pollbot)
    await close_windows(house, ADA)


async def test_many_are_turned_page_by_page(house: House, pollbot: Pollbot) -> None:
    del pollbot
    for n in range(11):
        await add(house, f"Lunch {n:02}?")
        house.clock.ahead += 60

    said = await found(house, ADA, "lunch")
    assert "11 polls found: Lunch 10?" in said
    listed = house.slack.visible_to(ADA, PLANNING)[-1]
    await house.slack.press(ADA, listed.id, "found_page:0")
    await house.slack.until(
        lambda: "Lunch 00?" in shown(house.slack.visible_to(ADA, PLANNING)[-1]),
        BOUND,
        what="the second page",
    )


READ: dict[str, ListPolls | ShowResults] = {
    "list": ListPolls(""),
    "list here": ListPolls(None),
    "list PLAT-12": ListPolls("PLAT-12"),
    "list open": ListPolls("", Search(state="open")),
    "list closed 2w lunch": ListPolls("", Search("lunch", "closed", 14)),
    "list PLAT-12 Open mine": ListPolls("PLAT-12", Search(state="open", mine=True)),
    "list here lunch": ListPolls(None, Search("lunch")),
    'list "team lunch" open': ListPolls("", Search('"team lunch"', "open")),
    "results lunch": ShowResults("", Search("lunch")),
    "list all": ListPolls("", Search()),
}


@pytest.mark.parametrize(("typed", "read"), READ.items(), ids=READ)
def test_words_after_the_command(typed: str, read: object) -> None:
    assert read_command(typed, 0.0) == read


def test_what_is_folded_alike() -> None:
    assert fold("  ÄÖÜ\u00adß é İ") == "aousse i".replace("sse", "ss e")
    assert with_words(["99999y"]).days == 36_500
    assert with_words(["0d"]).days == 1
