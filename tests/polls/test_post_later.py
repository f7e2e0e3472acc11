"""A poll that is posted at a time, and anew as often as its form said."""

import re
from datetime import datetime
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from pollbot.sandbox.slack import Answer, Message, View
from pollbot.wiring import Pollbot
from tests.support.house import ADA, BEN, LEADS, PLANNING, House, rest, shown, written
from tests.support.polls import all_of, end_of, more, offers, poll_id, polls_listed
from tests.support.schedules import (
    change,
    errors,
    form,
    line,
    lines,
    next_at,
    press,
    submit,
    told_in_form,
    until_due,
)
from tests.support.team_voice import by_default, connect, team_voice

BERLIN = ZoneInfo("Europe/Berlin")
HOUR, DAY = 3600.0, 86400.0
SETTINGS = ("changeable", "names")


def at(house: House, day: int, clock: str) -> int:
    """Return a moment so many days from now, by the clocks of Berlin."""
    hour, minute = map(int, clock.split(":"))
    there = datetime.fromtimestamp(house.clock() + day * DAY, BERLIN)
    return int(there.replace(hour=hour, minute=minute, second=0).timestamp())


async def ask(
    house: House,
    *,
    post_at: int | None,
    repeat: str = "none",
    where: str = "",
    ends_at: int | None = None,
    **fields: Any,
) -> Answer:
    """Fill in the form of a poll and send it."""
    await house.slack.command(ADA, PLANNING, "/poll", where)
    form = await house.slack.until(
        lambda: next((v for v in house.slack.views.values() if v.user == ADA), None), what="a form"
    )
    await all_of(house, form)
    values: dict[str, Any] = {
        "title": {"value": "Lunch?"},
        "options": {"value": "Pizza\nSoup"},
        "post_at": {"changed": post_at},
        "repeat": {"changed": repeat},
    }
    if ends_at is not None:
        values["end"] = {"value": ends_at}
    answer = await house.slack.submit(ADA, form.id, values | fields)
    if form.id in house.slack.views:
        await house.slack.close(ADA, form.id)
    return answer


async def cards(house: House, count: int) -> list[Message]:
    """Return the cards of the poll in the channel, once there are so many."""

    def there() -> list[Message]:
        found = [
            m
            for m in house.slack.messages
            if m.channel == PLANNING
            and "Lunch?" in m.text
            and m.thread_ts is None
            and m.ephemeral_for is None
        ]
        return found if len(found) >= count else []

    found = await house.slack.until(there, what=f"{count} cards")
    assert len(found) == count
    return found


async def test_a_poll_comes_at_its_time_and_takes_answers(house: House, pollbot: Pollbot) -> None:
    post_at = at(house, 3, "10:00")

    answer = await ask(house, post_at=post_at)

    assert "once on" in told_in_form(answer)
    assert await next_at(house) == post_at
    assert await polls_listed(house) == []
    await until_due(house)
    [card] = await cards(house, 1)
    assert "Scheduled by" in shown(card)
    await press(house, BEN, card, "Pizza")
    await house.slack.until(lambda: "1 answer" in card.text, what="the answer on the card")
    await rest(house, pollbot)
    assert "It is over" in await line(house)


async def test_it_is_a_fresh_poll_each_time_and_open_as_long(
    house: House, pollbot: Pollbot
) -> None:
    first = at(house, 9, "10:00")
    await ask(house, post_at=first, repeat="weekly", ends_at=first + int(2 * HOUR))
    assert await next_at(house) == first
    await until_due(house)
    [one] = await cards(house, 1)
    await press(house, BEN, one, "Pizza")
    await house.slack.until(lambda: "1 answer" in one.text, what="the answer on the card")

    await until_due(house)
    [again] = [card for card in await cards(house, 2) if card is not one]

    assert "1 answer" not in again.text
    assert poll_id(again) != poll_id(one)
    when = datetime.fromtimestamp(end_of(again) or 0, BERLIN)
    assert (when - datetime.fromtimestamp(first, BERLIN)).days == 7
    assert when.strftime("%H:%M") == "12:00"
    await house.slack.until(lambda: "Closed on" in one.text, what="the first one to be closed")
    assert "Closed on" not in again.text


async def test_a_time_in_the_past_is_refused(house: House, pollbot: Pollbot) -> None:
    answer = await ask(house, post_at=int(house.clock() - HOUR))

    assert "in the past" in errors(answer)["post_at"]
    assert await lines(house) == []


async def test_to_repeat_it_needs_a_first_time(house: House, pollbot: Pollbot) -> None:
    answer = await ask(house, post_at=None, repeat="daily")

    assert "time of its first post" in errors(answer)["post_at"]
    assert await lines(house) == []
    assert await polls_listed(house) == []


async def test_an_end_before_the_first_post_is_refused(house: House, pollbot: Pollbot) -> None:
    answer = await ask(house, post_at=at(house, 3, "10:00"), ends_at=at(house, 2, "10:00"))

    assert "end of the poll" in errors(answer)["end"]


async def test_a_channel_without_pollbot_is_refused_at_once(house: House, pollbot: Pollbot) -> None:
    answer = await ask(house, post_at=at(house, 3, "10:00"), channel={"value": LEADS})

    assert "/invite @pollbot" in errors(answer)["channel"]


async def test_nobody_sees_it_before_though_the_program_is_stopped(house: House) -> None:
    async with house.program():
        await ask(house, post_at=at(house, 3, "10:00"))
    house.clock.ahead += 2 * DAY

    async with house.program():
        assert not [m for m in house.slack.messages if "Lunch?" in m.text]
        await until_due(house)
        await cards(house, 1)


async def test_a_poll_on_an_issue_is_made_as_its_owner(house: House, pollbot: Pollbot) -> None:
    await house.connect(ADA)
    for view in list(house.slack.views):
        await house.slack.close(ADA, view)
    await ask(house, post_at=at(house, 3, "10:00"), where="PLAT-12")
    await until_due(house)

    [card] = await cards(house, 1)

    assert "/browse/PLAT-12|PLAT-12" in shown(card)
    assert len(await polls_listed(house, "PLAT-12")) == 1
    house.slack.people[ADA].is_admin = False
    assert "Edit" in offers(await more(house, ADA, card)), "it is hers"
    assert "Edit" not in offers(await more(house, BEN, card))


async def opened(house: House) -> View:
    """Open the form of the one schedule from its list."""
    await house.slack.command(ADA, PLANNING, "/pollbot", "schedules")
    rows = await house.slack.until(
        lambda: next((m for m in reversed(house.slack.messages) if m.ephemeral_for == ADA), None)
    )
    await press(house, ADA, rows, "Edit")
    view: View = await form(house)
    return view


async def edited(house: House, **fields: Any) -> Answer:
    """Edit the one schedule from its list."""
    await opened(house)
    if "every" in fields:
        await change(house, "every", fields.pop("every"))
    return await submit(house, **fields)


async def test_its_form_shows_no_run_before_its_first_day(house: House, pollbot: Pollbot) -> None:
    first = at(house, 9, "10:00")
    await ask(house, post_at=first, repeat="daily")

    view = await opened(house)

    day = datetime.fromtimestamp(first, BERLIN)
    assert re.search(rf"Next:\* \w+ {day.day} {day:%b} {day.year}, 10:00", str(view.view["blocks"]))


async def test_an_edit_brings_no_post_before_its_first_day(house: House, pollbot: Pollbot) -> None:
    first = at(house, 9, "10:00")
    await ask(house, post_at=first, repeat="daily")

    answer = await edited(house, at="08:30")

    assert "Saved" in told_in_form(answer)
    assert await next_at(house) == at(house, 9, "08:30")


async def test_a_poll_that_comes_once_can_be_moved_to_an_earlier_day(
    house: House, pollbot: Pollbot
) -> None:
    await ask(house, post_at=at(house, 9, "10:00"))
    day = datetime.fromtimestamp(at(house, 3, "10:00"), BERLIN).date()

    answer = await edited(house, on=day.isoformat())

    assert "Saved" in told_in_form(answer)
    assert await next_at(house) == at(house, 3, "10:00")


async def test_so_late_that_it_would_be_over_it_is_open_as_long_from_then_on(
    house: House,
) -> None:
    first = at(house, 3, "10:00")
    async with house.program():
        await ask(house, post_at=first, repeat="daily", ends_at=first + int(HOUR))
    house.clock.ahead += first - house.clock() + 3 * HOUR

    async with house.program():
        [card] = await cards(house, 1)

        assert "Posted late" in shown(card)
        assert "Closed on" not in card.text
        assert (end_of(card) or 0) > house.clock() + HOUR - 60
        assert "Paused" not in await line(house)
        await press(house, BEN, card, "Pizza")
        await house.slack.until(lambda: "1 answer" in card.text, what="the answer on the card")


# In Team Voice


async def ask_in_team_voice(house: House) -> None:
    """Let a poll on PLAT-12 be made in Team Voice three days from now, as Ada."""
    await connect(house, ADA)
    answer = await ask(house, post_at=at(house, 3, "10:00"), where="PLAT-12")
    assert "once on" in told_in_form(answer), answer


async def test_a_lost_answer_of_team_voice_makes_no_second_poll_there(house: House) -> None:
    async with team_voice(house) as voice, house.program(**by_default(voice)) as pollbot:
        await ask_in_team_voice(house)
        voice.faults.lose_next_answer("POST polls")
        await until_due(house)
        await house.slack.until(lambda: voice.polls, what="a poll in Team Voice")
        await rest(house, pollbot)

        house.clock.ahead += 60

        [card] = await cards(house, 1)
        assert len(voice.polls) == 1
        await press(house, BEN, card, "Pizza")
        await house.slack.until(lambda: "1 answer" in card.text, what="the answer on the card")


async def test_two_alike_at_the_same_time_are_two_polls(house: House) -> None:
    house.slack.channels[LEADS].app_is_member = True
    async with team_voice(house) as voice, house.program(**by_default(voice)):
        await ask_in_team_voice(house)
        await ask(house, post_at=at(house, 3, "10:00"), where="PLAT-12", channel={"value": LEADS})

        await until_due(house)

        await house.card("Lunch?", channel=PLANNING)
        await house.card("Lunch?", channel=LEADS)
        assert len(voice.polls) == 2


async def test_a_crash_while_team_voice_makes_it_posts_no_card_of_nothing(house: House) -> None:
    async with team_voice(house) as voice:
        async with house.program(**by_default(voice)) as pollbot:
            await ask_in_team_voice(house)
            voice.faults.mode, voice.faults.slow_seconds = "slow", 6.0
            await rest(house, pollbot)
            await until_due(house)
            await written(pollbot)
        voice.faults.mode = "up"

        async with house.program(**by_default(voice)):
            house.clock.ahead += 60
            [card] = await cards(house, 1)
            await press(house, BEN, card, "Pizza")
            await house.slack.until(lambda: "1 answer" in card.text, what="the answer on the card")
            assert len(await polls_listed(house, "PLAT-12")) == 1


@pytest.mark.parametrize("mode", ["down", "429"])
async def test_while_team_voice_is_away_the_poll_waits(house: House, mode: str) -> None:
    async with team_voice(house) as voice, house.program(**by_default(voice)) as pollbot:
        await ask_in_team_voice(house)
        voice.faults.mode = mode
        calls = len(voice.calls)
        await until_due(house)
        await house.slack.until(lambda: len(voice.calls) > calls, what="a try")
        await rest(house, pollbot)
        assert not [m for m in house.slack.messages if m.channel == PLANNING and "Lunch" in m.text]

        voice.faults.mode = "up"
        house.clock.ahead += 120

        [card] = await cards(house, 1)
        assert len(voice.polls) == 1
        assert len(await polls_listed(house, "PLAT-12")) == 1
        await press(house, BEN, card, "Pizza")
        await house.slack.until(lambda: "1 answer" in card.text, what="the answer on the card")


async def test_what_team_voice_does_not_take_of_a_poll_is_told_to_the_owner(house: House) -> None:
    async with team_voice(house) as voice, house.program(**by_default(voice)):
        await ask_in_team_voice(house)
        voice.faults.fail_next("POST polls", 400, "no", times=2)

        await until_due(house)

        await house.told(ADA, "Your schedule is paused")
        await connect(house, BEN)
        assert await polls_listed(house, "PLAT-12", user=BEN) == []
        assert voice.polls == {}


async def test_a_slack_that_is_away_for_hours_makes_no_second_poll(
    house: House, pollbot: Pollbot
) -> None:
    await ask(house, post_at=at(house, 3, "10:00"))
    house.slack.faults.fail_next(
        "chat.postMessage", 200, {"ok": False, "error": "ratelimited"}, times=3
    )
    await until_due(house)
    for attempt in (1, 2, 3):
        await house.slack.until(partial(_tried, house, attempt), what=f"attempt {attempt}")
        await rest(house, pollbot)
        house.clock.ahead += 2 * HOUR
        # Any vote makes pollbot forget deliveries that are old.
        await house.vote(ADA, "PLAT-12")

    await cards(house, 1)

    assert len(await polls_listed(house)) == 1


def _tried(house: House, attempt: int) -> bool:
    refused = [call for call in house.slack.calls if call.answer.get("error") == "ratelimited"]
    return len(refused) == attempt
