"""A poll that is posted at a time, and anew as often as its form said."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from pollbot.sandbox.slack import Answer, Message
from pollbot.wiring import Pollbot
from tests.schedules import errors, press, told_in_form
from tests.support import ADA, BEN, LEADS, PLANNING, House, shown

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
    values: dict[str, Any] = {
        "title": {"value": "Lunch?"},
        "option:1": {"value": "Pizza"},
        "option:2": {"value": "Soup"},
        "post_at": {"changed": post_at},
        "repeat": {"changed": repeat},
    }
    if ends_at is not None:
        values |= {
            "end": {"value": ends_at},
            "settings": {"changed": [*SETTINGS, "closes_at_end"]},
        }
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


async def until_due(house: House) -> None:
    house.clock.ahead += house.rows("SELECT next_at FROM schedules")[0][0] - house.clock() + 1


async def test_a_poll_comes_at_its_time_and_takes_answers(house: House, pollbot: Pollbot) -> None:
    post_at = at(house, 3, "10:00")

    answer = await ask(house, post_at=post_at)

    assert "once on" in told_in_form(answer)
    assert house.rows("SELECT next_at FROM schedules") == [(float(post_at),)]
    assert house.rows("SELECT * FROM polls") == []
    await until_due(house)
    [card] = await cards(house, 1)
    assert "Scheduled by" in shown(card)
    await press(house, BEN, card, "Pizza")
    await house.slack.until(lambda: "1 answer" in card.text, what="the answer on the card")
    assert house.rows("SELECT next_at FROM schedules") == [(None,)]


async def test_it_is_a_fresh_poll_each_time_and_open_as_long(
    house: House, pollbot: Pollbot
) -> None:
    first = at(house, 9, "10:00")
    await ask(house, post_at=first, repeat="weekly", ends_at=first + int(2 * HOUR))
    assert house.rows("SELECT next_at FROM schedules") == [(float(first),)]
    await until_due(house)
    [one] = await cards(house, 1)
    await press(house, BEN, one, "Pizza")
    await house.slack.until(lambda: "1 answer" in one.text, what="the answer on the card")

    await until_due(house)
    [again] = [card for card in await cards(house, 2) if card is not one]

    assert "1 answer" not in again.text
    ids = house.rows("SELECT id, closes_at, closed_at FROM polls ORDER BY created_at")
    assert len({poll_id for poll_id, _, _ in ids}) == 2
    when = datetime.fromtimestamp(ids[1][1], BERLIN)
    assert (when - datetime.fromtimestamp(first, BERLIN)).days == 7
    assert when.strftime("%H:%M") == "12:00"
    await house.slack.until(
        lambda: house.rows("SELECT closed_at FROM polls ORDER BY created_at")[0][0] is not None,
        what="the first one to be closed",
    )


async def test_a_time_in_the_past_is_refused(house: House, pollbot: Pollbot) -> None:
    answer = await ask(house, post_at=int(house.clock() - HOUR))

    assert "in the past" in errors(answer)["title"]
    assert house.rows("SELECT * FROM schedules") == []


async def test_to_repeat_it_needs_a_first_time(house: House, pollbot: Pollbot) -> None:
    answer = await ask(house, post_at=None, repeat="daily")

    assert "time of its first post" in errors(answer)["title"]
    assert house.rows("SELECT * FROM schedules") == []
    assert house.rows("SELECT * FROM polls") == []


async def test_an_end_before_the_first_post_is_refused(house: House, pollbot: Pollbot) -> None:
    answer = await ask(house, post_at=at(house, 3, "10:00"), ends_at=at(house, 2, "10:00"))

    assert "end of the poll" in errors(answer)["title"]


async def test_a_channel_without_pollbot_is_refused_at_once(house: House, pollbot: Pollbot) -> None:
    answer = await ask(house, post_at=at(house, 3, "10:00"), channel={"value": LEADS})

    assert "/invite @pollbot" in errors(answer)["title"]


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
    assert house.rows("SELECT kind, subject, created_by FROM polls") == [("issue", "PLAT-12", ADA)]
