"""What is over is forgotten after the time that an admin set, and nothing that is open or owed."""

from datetime import UTC, datetime

import pytest

from pollbot.retention import rows as retention_rows
from pollbot.wiring import Pollbot
from tests.support.house import ADA, BEN, CLEO, PLANNING, House, rest
from tests.support.polls import answer, close, poll
from tests.support.rights import close_windows, keep_for, retention_form, submit_rights
from tests.support.schedules import schedule

LUNCH, DINNER = '"Lunch?" "Pizza" "Soup"', '"Dinner?" "Cake" "Tea"'
DAY = 86400.0
KEPT = (
    "SELECT count(*) FROM polls",
    "SELECT count(*) FROM answers",
    "SELECT count(*) FROM cards",
    "SELECT count(*) FROM counts",
)


def kept(house: House) -> list[int]:
    return [house.rows(query)[0][0] for query in KEPT]


async def over(house: House, pollbot: Pollbot, words: str = LUNCH) -> None:
    """Have a poll that was answered and is closed."""
    card = await poll(house, words, user=BEN)
    await answer(house, CLEO, card, words.split('"')[3])
    await close(house, BEN, card)
    await close_windows(house, BEN)
    await rest(house, pollbot)


async def days_pass(house: House, pollbot: Pollbot, days: int) -> None:
    """Let so many days pass, and an hour more: what was still owed then holds nothing up."""
    house.clock.ahead += days * DAY
    await rest(house, pollbot)
    house.clock.ahead += 3700
    await rest(house, pollbot)


async def gone(house: House, polls: int = 0) -> None:
    await house.slack.until(lambda: kept(house)[0] == polls, what=f"{polls} polls: {kept(house)}")


async def test_a_closed_poll_is_forgotten_with_its_answers_and_cards(
    house: House, pollbot: Pollbot
) -> None:
    await over(house, pollbot)
    await keep_for(house, polls="30")
    await days_pass(house, pollbot, 29)
    await rest(house, pollbot)
    assert kept(house)[0] == 1, "not before its time"

    await days_pass(house, pollbot, 2)

    await gone(house)
    assert kept(house) == [0, 0, 0, 0]
    noted = "SELECT who, fields FROM audit WHERE what = 'forgotten by age'"
    [(who, fields)] = house.rows(noted)
    assert who is None
    assert '"polls": 1' in fields


async def test_whoever_presses_its_card_is_told_and_nothing_comes_back(
    house: House, pollbot: Pollbot
) -> None:
    await over(house, pollbot)
    card = await house.card("Lunch?")
    await keep_for(house, polls="1")
    await days_pass(house, pollbot, 2)
    await gone(house)

    await house.slack.press(CLEO, card.id, "more")

    await house.told(CLEO, "so long ago that pollbot has forgotten it")
    await rest(house, pollbot)
    assert kept(house) == [0, 0, 0, 0]


async def test_an_anonymous_one_goes_too(house: House, pollbot: Pollbot) -> None:
    await over(house, pollbot, f"anonymous {LUNCH}")
    await keep_for(house, polls="1")

    await days_pass(house, pollbot, 2)

    await gone(house)
    assert kept(house) == [0, 0, 0, 0]


async def test_what_is_open_or_still_posted_stays(house: House, pollbot: Pollbot) -> None:
    await over(house, pollbot)
    card = await poll(house, DINNER, user=BEN)
    await schedule(house, card, user=BEN, every="monthly", at="09:00")
    await close(house, BEN, card)
    await close_windows(house, BEN)
    await poll(house, '"Open?" "Yes" "No"', user=BEN)
    await keep_for(house, polls="1")

    await days_pass(house, pollbot, 2)

    await gone(house, polls=2)
    left = house.rows("SELECT title FROM polls ORDER BY title")
    assert left == [("Dinner?",), ("Open?",)]


async def test_entries_of_the_audit_log_go_by_age(house: House, pollbot: Pollbot) -> None:
    await over(house, pollbot)
    await keep_for(house, audit="30")
    first = "SELECT count(*) FROM audit WHERE what = 'poll made'"
    assert house.rows(first) == [(1,)]

    await days_pass(house, pollbot, 31)

    await house.slack.until(lambda: house.rows(first) == [(0,)], what="an old entry gone")
    assert kept(house)[0] == 1, "polls are kept for good"


async def test_finished_work_goes_by_age(house: House, pollbot: Pollbot) -> None:
    await house.connect(BEN)
    await close_windows(house, BEN)
    await house.slack.command(BEN, PLANNING, "/votes", "PLAT-12")
    await house.card("PLAT-12")
    await rest(house, pollbot)
    await keep_for(house, work="30")

    await days_pass(house, pollbot, 31)

    await house.slack.until(lambda: kept(house)[2] == 0, what="a card that is forgotten")


async def test_a_schedule_that_is_over_is_as_old_as_its_last_due_time(
    house: House, pollbot: Pollbot
) -> None:
    later = f"{datetime.fromtimestamp(house.clock() + 60 * DAY, UTC):%Y-%m-%d}"
    hanging = await poll(house, LUNCH)
    await schedule(house, hanging, every="once", on=later, at="09:00")
    await keep_for(house, work="30")
    there = "SELECT next_at IS NULL FROM schedules"

    await days_pass(house, pollbot, 61)
    assert house.rows(there) == [(1,)]
    await days_pass(house, pollbot, 31)

    await house.slack.until(lambda: house.rows(there) == [], what="a schedule that is forgotten")


async def test_without_a_word_everything_is_kept(house: House, pollbot: Pollbot) -> None:
    await over(house, pollbot)
    before = kept(house)

    await days_pass(house, pollbot, 9 * 365)

    await rest(house, pollbot)
    assert kept(house) == before


async def test_it_goes_in_small_pieces(
    house: House, pollbot: Pollbot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention_rows, "AT_ONCE", 1)
    await over(house, pollbot)
    await over(house, pollbot, DINNER)
    await keep_for(house, polls="1")

    await days_pass(house, pollbot, 2)

    await gone(house)
    assert len(house.rows("SELECT nth FROM audit WHERE what = 'forgotten by age'")) == 2


@pytest.mark.parametrize("typed", ["0", "-1", "many", "3651", "1.5", "1e3", "٣"])
@pytest.mark.parametrize("field", ["polls", "work", "audit"])
@pytest.mark.usefixtures("pollbot")
async def test_what_is_no_number_of_days_is_said_at_its_field(
    house: House, field: str, typed: str
) -> None:
    form = await retention_form(house)

    answer = await submit_rights(house, form, **{field: typed})

    assert list((answer.json or {})["errors"]) == [field]
    assert "no number of days" in str(answer.json)
    assert house.rows("SELECT 1 FROM retention") == []


@pytest.mark.usefixtures("pollbot")
async def test_the_audit_log_is_kept_for_thirty_days_at_the_least(house: House) -> None:
    form = await retention_form(house)

    answer = await submit_rights(house, form, audit="29")

    assert "from 30 to 3,650" in str(answer.json)


@pytest.mark.usefixtures("pollbot")
async def test_only_admins_say_how_long(house: House) -> None:
    form = await retention_form(house)
    await submit_rights(house, form, polls="30")
    sent = house.slack.deliveries[-1].body

    by_ben = sent | {"user": sent["user"] | {"id": BEN}}
    await house.slack.deliver(by_ben, kind="interactive")

    assert "Only admins" in str(house.slack.deliveries[-1].answer)
    changed = "SELECT user_id FROM audit JOIN audit_people ON id = who"
    assert house.rows(changed) == [(ADA,)]
