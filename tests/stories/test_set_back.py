"""Yesterday's backup, restored: nothing is posted or cast again, and its owners hear of it."""

import logging
import shutil
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from pollbot.database import Store, opens
from pollbot.store import copies
from pollbot.store.restore import restore
from pollbot.store.vault import keys_found
from pollbot.wiring import Pollbot
from tests.support.house import ADA, BEN, CLEO, PLANNING, House, letters, rest, shown, written
from tests.support.polls import DAY, HOUR, action, answer, form_poll, poll, until
from tests.support.schedules import lunch, schedule
from tests.support.signing import signing

# What is put back are copies of files.
pytestmark = pytest.mark.of_files
Do = Callable[[House, Pollbot], Awaitable[None]]
LATER = "set back to an older copy"


def back_up(house: House, to: Path) -> None:
    """Copy the running database, as one does for a backup."""
    copies.back_up(house.database, to)


def in_place(house: House, copy: Path) -> None:
    for beside in ("-wal", "-shm"):
        house.database.with_name(house.database.name + beside).unlink(missing_ok=True)
    shutil.copy(copy, house.database)


def elsewhere(house: House, copy: Path) -> None:
    """Put the copy where no pollbot has run yet, with the key that a backup needs, too."""
    new = house.database.with_name("elsewhere")
    new.mkdir()
    shutil.copy(copy, new / "pollbot.db")
    shutil.copy(house.database.with_name("pollbot.db.key"), new / "pollbot.db.key")
    house.database = new / "pollbot.db"


def by_the_command(house: House, copy: Path) -> None:
    """Put the copy back as README says."""
    keys = keys_found(house.database)
    assert keys
    restore(house.database, copy, lambda db: opens(db, keys), house.clock())


RESTORED = pytest.mark.parametrize("restored", [in_place, elsewhere, by_the_command])


def outside(house: House) -> tuple[list[str], list[str]]:
    """Return what stands in channels, and what was written in Jira."""
    posted = [
        m.text
        for m in house.slack.messages
        if m.user == house.slack.bot_user_id
        and m.ephemeral_for is None
        and not house.slack.channels[m.channel].is_im
    ]
    return posted, [f"{c.method} {c.path}" for c in house.jira.calls if c.method != "GET"]


# What is still to be done when the copy is made, and how it is done after that


async def vote_while_jira_is_down(house: House, pollbot: Pollbot) -> None:
    house.jira.faults.mode = "down"
    await house.vote(ADA, "PLAT-12")
    await written(pollbot)


async def withdraw_while_jira_is_down(house: House, pollbot: Pollbot) -> None:
    await house.vote(ADA, "PLAT-12")
    await house.votes("PLAT-12", 8)
    await rest(house, pollbot)
    house.jira.faults.mode = "down"
    await house.slack.command(ADA, PLANNING, "/unvote", "PLAT-12")
    await written(pollbot)


async def jira_is_back(house: House, pollbot: Pollbot) -> None:
    house.jira.faults.mode = "up"
    house.clock.ahead += HOUR


async def vote_before_connecting(house: House, pollbot: Pollbot) -> None:
    await house.vote(BEN, "PLAT-13")
    await house.told(BEN, "kept for 24 hours")


async def ben_connects(house: House, pollbot: Pollbot) -> None:
    await house.connect(BEN)
    await house.votes("PLAT-13", 1)


async def card_while_slack_is_down(house: House, pollbot: Pollbot) -> None:
    house.slack.faults.mode = "down"
    await house.slack.command(ADA, PLANNING, "/votes", "PLAT-13")


async def slack_is_back(house: House, pollbot: Pollbot) -> None:
    house.slack.faults.mode = "up"
    house.clock.ahead += HOUR
    await house.card("PLAT-13")


async def poll_while_jira_is_down(house: House, pollbot: Pollbot) -> None:
    house.jira.faults.mode = "down"
    await house.slack.command(ADA, PLANNING, "/poll", 'PLAT-12 "Lunch?" "Pizza" "Soup"')
    await house.told(ADA, "is saved")


async def results_every_day(house: House, pollbot: Pollbot) -> None:
    card = await lunch(house)
    await schedule(house, card, every="daily", at="09:00")


async def poll_with_an_end(house: House, pollbot: Pollbot) -> None:
    card = await poll(house, f'{until(house, HOUR)} "Lunch?" "Pizza" "Soup"')
    await answer(house, BEN, card, "Soup")


async def poll_that_reminds(house: House, pollbot: Pollbot) -> None:
    await form_poll(house, ends_in=2 * DAY - HOUR, remind=DAY)


async def poll_with_a_record(house: House, pollbot: Pollbot) -> None:
    await form_poll(house, ends_in=HOUR, record=True, where="PLAT-12")


async def a_day_passes(house: House, pollbot: Pollbot) -> None:
    house.clock.ahead += DAY


@dataclass(frozen=True, slots=True)
class Waiting:
    """Something that waits when the copy is made; ``owner`` is to hear ``told`` of it."""

    begin: Do
    then: Do
    told: str
    owner: str = ADA


WAITING = {
    "a vote": Waiting(vote_while_jira_is_down, jira_is_back, "your vote on PLAT-12"),
    "a withdrawal": Waiting(
        withdraw_while_jira_is_down, jira_is_back, "the withdrawal of your vote on PLAT-12"
    ),
    "a vote of somebody unconnected": Waiting(
        vote_before_connecting, ben_connects, "your vote on PLAT-13", BEN
    ),
    "a card": Waiting(card_while_slack_is_down, slack_is_back, "the card of PLAT-13"),
    "a poll": Waiting(poll_while_jira_is_down, jira_is_back, "may have been made since"),
    "a schedule": Waiting(results_every_day, a_day_passes, "due while pollbot, or what they need"),
    "an end": Waiting(poll_with_an_end, a_day_passes, "the card or the result of *Lunch?*"),
    "a reminder": Waiting(poll_that_reminds, a_day_passes, ""),
    "a record": Waiting(poll_with_a_record, a_day_passes, "the card or the result of *Lunch?*"),
}


@RESTORED
@pytest.mark.parametrize("waiting", WAITING.values(), ids=WAITING)
async def test_what_waited_in_an_older_copy_is_not_done_again_and_its_owner_hears_of_it(
    house: House,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    waiting: Waiting,
    restored: Callable[[House, Path], None],
) -> None:
    copy = tmp_path / "yesterday.db"
    async with house.program() as pollbot:
        await house.connect(ADA)
        await waiting.begin(house, pollbot)
        await written(pollbot)
        back_up(house, copy)
        await waiting.then(house, pollbot)
        await rest(house, pollbot)
    before = outside(house)
    heard = [text for user in (ADA, BEN) for text in letters(house, user)]
    restored(house, copy)

    async with house.program() as pollbot:
        await rest(house, pollbot)
        if waiting.told:
            told = await house.told(waiting.owner, waiting.told)
            assert LATER in shown(told)
        assert "an older copy" in pollbot.remarks()["database"]
        await rest(house, pollbot)
        assert outside(house) == before
    assert "the database is not the one that ran here last" in caplog.text

    async with house.program() as pollbot:
        house.clock.ahead += 60
        await rest(house, pollbot)
        assert outside(house) == before
        assert "database" not in pollbot.remarks()
    after = [text for user in (ADA, BEN) for text in letters(house, user)]
    assert len(after) == len(heard) + bool(waiting.told), "told once"


async def test_a_schedule_goes_on_as_planned_after_an_older_copy(
    house: House, tmp_path: Path
) -> None:
    copy = tmp_path / "yesterday.db"
    async with house.program() as pollbot:
        await results_every_day(house, pollbot)
        back_up(house, copy)
        await a_day_passes(house, pollbot)
        await rest(house, pollbot)
    posted = len(outside(house)[0])
    in_place(house, copy)

    async with house.program() as pollbot:
        await rest(house, pollbot)
        assert len(outside(house)[0]) == posted
        await a_day_passes(house, pollbot)
        await rest(house, pollbot)

    assert len(outside(house)[0]) == posted + 1


async def test_a_poll_whose_end_came_since_the_copy_is_closed(house: House, tmp_path: Path) -> None:
    copy = tmp_path / "yesterday.db"
    async with house.program() as pollbot:
        card = await poll(house, f'{until(house, HOUR)} "Lunch?" "Pizza" "Soup"')
        soup = house.slack.click_body(BEN, card.id, action(card, "Soup"))
        back_up(house, copy)
        await a_day_passes(house, pollbot)
        await rest(house, pollbot)
    in_place(house, copy)

    async with house.program():
        await house.slack.deliver(soup, kind="interactive")
        await house.told(BEN, "takes no more answers")


async def test_a_start_that_is_cut_off_knows_of_the_older_copy_the_next_time(
    house: House, tmp_path: Path
) -> None:
    copy = tmp_path / "yesterday.db"
    async with house.program() as pollbot:
        await house.connect(ADA)
        await vote_while_jira_is_down(house, pollbot)
        back_up(house, copy)
        await jira_is_back(house, pollbot)
        await rest(house, pollbot)
    in_place(house, copy)
    cast = outside(house)
    for _ in range(2):
        store = Store(house.database, [])
        assert store.is_older
        store.close()

    async with house.program() as pollbot:
        await house.told(ADA, "your vote on PLAT-12")
        await rest(house, pollbot)

    assert outside(house) == cast


async def test_after_a_restart_and_a_lost_mark_of_a_new_database_all_goes_on(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    async with house.program() as pollbot:
        await house.connect(ADA)
        await vote_while_jira_is_down(house, pollbot)
    caplog.set_level(logging.WARNING)
    house.jira.faults.mode = "up"
    house.clock.ahead += HOUR

    async with house.program() as pollbot:
        await house.votes("PLAT-12", 8)
        await rest(house, pollbot)
        assert "database" not in pollbot.remarks()
    assert "ran here last" not in caplog.text


async def test_who_signed_in_and_was_renewed_since_the_copy_is_asked_to_sign_in_anew(
    house: House, tmp_path: Path
) -> None:
    """A refresh token works once, so the copy's is an old one, and taken for a stolen one."""
    copy = tmp_path / "yesterday.db"
    async with signing(house) as at:
        await at.sign_in(CLEO, "acc-cleo")
        back_up(house, copy)
        house.clock.ahead += 2 * HOUR
        await house.vote(CLEO, "PLAT-13")
        await house.votes("PLAT-13", 1)
    by_the_command(house, copy)
    house.clock.ahead += HOUR

    async with signing(house) as at:
        await house.vote(CLEO, "PLAT-12")
        await house.told(CLEO, "no longer accepts")
        assert house.jira.votes("PLAT-12") == 7
        await at.sign_in(CLEO, "acc-cleo")
        await house.votes("PLAT-12", 8)
