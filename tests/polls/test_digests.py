"""Reminders of polls that end later: one message a day, when its reader works, or none at all."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from pollbot.polls.ends.hours import day_of, next_working_day, working_from
from pollbot.sandbox.slack import Message
from pollbot.wiring import Pollbot
from tests.support.house import ADA, BEN, CLEO, PLANNING, House, buttons, rest
from tests.support.polls import DAY, HOUR, answer, form_poll

BERLIN = "Europe/Berlin"
TUESDAY = 1
PART = "you have not answered"


def local(year: int, month: int, day: int, hour: int, minute: int = 0) -> float:
    return datetime(year, month, day, hour, minute, tzinfo=ZoneInfo(BERLIN)).timestamp()


@pytest.mark.parametrize(
    ("now", "at"),
    [
        (local(2026, 12, 1, 10), local(2026, 12, 1, 10)),
        (local(2026, 12, 1, 9), local(2026, 12, 1, 9)),
        (local(2026, 12, 1, 8, 59), local(2026, 12, 1, 9)),
        (local(2026, 12, 1, 17), local(2026, 12, 2, 9)),
        (local(2026, 12, 4, 17), local(2026, 12, 7, 9)),
        (local(2026, 12, 5, 10), local(2026, 12, 7, 9)),
        (local(2026, 12, 6, 23, 59), local(2026, 12, 7, 9)),
        # The clocks go forward on the 28th of March, and back on the 31st of October.
        (local(2027, 3, 26, 18), local(2027, 3, 29, 9)),
        (local(2027, 10, 29, 18), local(2027, 11, 1, 9)),
    ],
)
def test_people_work_on_weekdays_from_nine_to_five(now: float, at: float) -> None:
    assert working_from(now, BERLIN) == at


def test_another_day_of_work_is_another_day() -> None:
    friday = local(2026, 12, 4, 10)

    assert next_working_day(friday, BERLIN) == local(2026, 12, 7, 9)
    assert day_of(friday, BERLIN) == day_of(friday + 13 * HOUR, BERLIN)
    assert day_of(friday, BERLIN) != day_of(friday + 14 * HOUR, BERLIN)


def to_tuesday(house: House, hour: int) -> None:
    """Let it become that hour of the next Tuesday in Berlin, where all of them live."""
    now = datetime.fromtimestamp(house.clock(), ZoneInfo(BERLIN))
    then = now.replace(hour=hour, minute=0, second=0, microsecond=0)
    then += timedelta(days=(TUESDAY - then.weekday()) % 7 or 7)
    house.clock.ahead += then.timestamp() - house.clock()


async def go_on(house: House, pollbot: Pollbot, hours: float, *, minutes: int = 30) -> None:
    for _ in range(int(hours * 60 / minutes)):
        house.clock.ahead += minutes * 60
        for _ in range(6):
            await rest(house, pollbot)
            house.clock.ahead += 2


def letters(house: House, user: str) -> list[Message]:
    """Return what reminded the user of polls."""
    return [
        one
        for one in house.slack.messages
        if house.slack.channels[one.channel].is_im
        and user in house.slack.channels[one.channel].members
        and (PART in one.text or "your answer" in one.text)
    ]


def sent_at(message: Message) -> datetime:
    return datetime.fromtimestamp(float(message.ts), ZoneInfo(BERLIN))


async def two_polls(house: House, pollbot: Pollbot) -> list[Message]:
    """Make two polls on a Tuesday evening whose reminders are due an hour and two hours later."""
    to_tuesday(house, 19)
    await rest(house, pollbot)
    cards = [
        await form_poll(house, title=title, ends_in=2 * DAY + hours * HOUR, remind=2 * DAY)
        for title, hours in (("Lunch?", 1.0), ("Dinner?", 2.0))
    ]
    await rest(house, pollbot)
    return cards


async def test_several_polls_come_in_one_message_when_their_reader_works(
    house: House, pollbot: Pollbot
) -> None:
    cards = await two_polls(house, pollbot)

    await go_on(house, pollbot, 12)
    assert letters(house, CLEO) == [], "not in the evening or at night"
    await go_on(house, pollbot, 3)

    [told] = letters(house, CLEO)
    assert 9 <= sent_at(told).hour < 11
    assert "2 polls wait for your answer" in told.text
    assert "Lunch?" in told.text
    assert "Dinner?" in told.text
    addresses = [
        block["accessory"]["url"] for block in told.blocks if block.get("accessory", {}).get("url")
    ]
    assert [url.rpartition("/p")[2] for url in addresses] == [
        card.ts.replace(".", "") for card in cards
    ]
    await go_on(house, pollbot, 40, minutes=60)
    assert len(letters(house, CLEO)) == 1, "each once"


async def test_who_has_answered_meanwhile_is_reminded_of_the_other_only(
    house: House, pollbot: Pollbot
) -> None:
    lunch, _ = await two_polls(house, pollbot)
    await go_on(house, pollbot, 3)
    await answer(house, CLEO, lunch, "Soup")

    await go_on(house, pollbot, 13)

    [told] = letters(house, CLEO)
    assert PART in told.text
    assert "Dinner?" in told.text
    assert list(buttons(told).values()) == ["Pizza", "Soup", "Mute reminders"]


async def test_a_second_one_on_the_same_day_waits_for_the_next(
    house: House, pollbot: Pollbot
) -> None:
    to_tuesday(house, 9)
    await rest(house, pollbot)
    await form_poll(house, title="Lunch?", ends_in=2 * DAY + HOUR, remind=2 * DAY)
    await form_poll(house, title="Dinner?", ends_in=2 * DAY + 4 * HOUR, remind=2 * DAY)

    await go_on(house, pollbot, 8)
    assert [sent_at(one).weekday() for one in letters(house, CLEO)] == [TUESDAY]
    await go_on(house, pollbot, 18, minutes=60)

    assert [sent_at(one).weekday() for one in letters(house, CLEO)] == [TUESDAY, TUESDAY + 1]


async def test_what_slack_does_not_take_is_over_and_the_others_hear(
    house: House, pollbot: Pollbot
) -> None:
    await two_polls(house, pollbot)
    refused = {"ok": False, "error": "restricted_action"}
    house.slack.faults.fail_next("chat.postMessage", 200, refused)

    await go_on(house, pollbot, 17)

    told = [user for user in (ADA, BEN, CLEO) for _ in letters(house, user)]
    assert len(told) == len(set(told)) == 2


async def test_who_slack_does_not_tell_of_yet_is_reminded_later(
    house: House, pollbot: Pollbot, caplog: pytest.LogCaptureFixture
) -> None:
    to_tuesday(house, 9)
    await rest(house, pollbot)
    await form_poll(house, title="Lunch?", ends_in=2 * DAY + HOUR / 4, remind=2 * DAY)
    for _ in range(6):
        house.slack.faults.fail_next("users.info", 503, {})

    await go_on(house, pollbot, 2, minutes=20)

    for user in (ADA, BEN, CLEO):
        assert len(letters(house, user)) == 1
    errors = [one.getMessage() for one in caplog.records if one.levelname == "ERROR"]
    assert errors == [], "pollbot did nothing wrong"


async def test_a_restart_forgets_nobody_and_reminds_nobody_twice(house: House) -> None:
    async with house.program() as pollbot:
        await two_polls(house, pollbot)
        await go_on(house, pollbot, 3)
    async with house.program() as pollbot:
        await go_on(house, pollbot, 13)
    async with house.program() as pollbot:
        await go_on(house, pollbot, 2)

    for user in (ADA, BEN, CLEO):
        assert len(letters(house, user)) == 1


async def test_who_muted_reminders_gets_none_until_they_want_them_again(
    house: House, pollbot: Pollbot
) -> None:
    await form_poll(house, title="Lunch?", ends_in=3 * HOUR, remind=HOUR)
    await go_on(house, pollbot, 2)
    [told] = letters(house, CLEO)

    await house.slack.press(CLEO, told.id, "reminders")
    muted = await house.told(CLEO, "No poll reminds you any more")
    await form_poll(house, title="Dinner?", ends_in=3 * HOUR, remind=HOUR)
    await go_on(house, pollbot, 2)
    assert len(letters(house, CLEO)) == 1
    assert len(letters(house, BEN)) == 2

    await house.slack.press(CLEO, muted.id, "reminders")
    await house.told(CLEO, "Polls remind you again")
    await form_poll(house, title="Supper?", ends_in=3 * HOUR, remind=HOUR)
    await go_on(house, pollbot, 2)
    assert len(letters(house, CLEO)) == 2
    assert "Supper?" in letters(house, CLEO)[-1].text


async def typed(house: House, words: str) -> Message:
    """Return what Cleo is answered to a word of /pollbot."""
    before = len(house.words(CLEO))
    await house.slack.command(CLEO, PLANNING, "/pollbot", words)
    await house.slack.until(lambda: len(house.words(CLEO)) > before, what="an answer")
    return await house.told(CLEO, "")


async def written(house: House, words: str) -> Message:
    """Return what Cleo is answered to words in a direct message to pollbot."""
    before = len(house.words(CLEO))
    await house.slack.share(CLEO, house.slack.direct_channel(CLEO).id, words)
    await house.slack.until(lambda: len(house.words(CLEO)) > before, what="an answer")
    return await house.told(CLEO, "")


@pytest.mark.parametrize("ask", [typed, written])
async def test_reminders_are_muted_and_wanted_again_by_words(
    house: House, pollbot: Pollbot, ask: Callable[[House, str], Awaitable[Message]]
) -> None:
    stands = await ask(house, "reminders")
    assert "may remind you" in stands.text
    assert list(buttons(stands).values()) == ["Mute reminders"]

    for _ in range(2):
        assert "No poll reminds you any more" in (await ask(house, "reminders off")).text
    stands = await ask(house, "reminders")
    assert "you muted that" in stands.text
    assert list(buttons(stands).values()) == ["Remind me again"]
    await form_poll(house, title="Lunch?", ends_in=3 * HOUR, remind=HOUR)
    await go_on(house, pollbot, 2)
    assert not [one for one in letters(house, CLEO) if "Lunch?" in one.text]
    assert [one for one in letters(house, BEN) if "Lunch?" in one.text]

    assert "Polls remind you again" in (await ask(house, "Reminders ON")).text
    await form_poll(house, title="Dinner?", ends_in=3 * HOUR, remind=HOUR)
    await go_on(house, pollbot, 2)
    assert len([one for one in letters(house, CLEO) if "Dinner?" in one.text]) == 1


@pytest.mark.parametrize("word", ["of", "<!channel>", "*" * 3000, "off! please"])
@pytest.mark.usefixtures("pollbot")
async def test_a_word_that_is_neither_on_nor_off_changes_nothing(house: House, word: str) -> None:
    said = await typed(house, f"reminders {word}")

    if word.startswith("off"):
        assert "No poll reminds you any more" in said.text
    else:
        assert "Nothing was changed" in said.text
        assert "<!channel>" not in said.text
        assert house.rows("SELECT 1 FROM muted_reminders") == []


async def test_what_ends_before_anybody_works_again_is_told_a_day_before(
    house: House, pollbot: Pollbot
) -> None:
    to_tuesday(house, 19)
    house.clock.ahead += 3 * DAY
    await rest(house, pollbot)
    ends_at = house.clock() + 2 * DAY + HOUR
    await form_poll(house, title="Lunch?", ends_in=2 * DAY + HOUR, remind=2 * DAY)

    await go_on(house, pollbot, 36, minutes=60)

    [told] = letters(house, CLEO)
    assert DAY - 2 * HOUR < ends_at - float(told.ts) <= DAY
    assert datetime.fromtimestamp(ends_at, UTC).weekday() == 6
