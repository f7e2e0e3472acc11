"""The database is locked, gone or another one: what people and operators hear of it."""

import asyncio
import logging
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack, closing, contextmanager
from pathlib import Path

import pytest

from pollbot.database import Store
from pollbot.errors import StartError
from pollbot.sandbox.slack import Message
from tests.support.house import ADA, PLANNING, House, rest
from tests.support.own_time import own_time
from tests.support.polls import action, poll
from tests.support.workflows import CREATE, done

# Of a server, tests/stories/test_server_away.py tells.
pytestmark = pytest.mark.of_files
NOTHING_KEPT = "nothing was saved or changed"


def lines(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [r.getMessage() for r in caplog.records if r.levelno >= logging.WARNING]


async def test_a_locked_database_is_one_line_and_clicks_hear_in_time(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    async with house.program() as pollbot:
        caplog.set_level(logging.INFO)
        await house.connect(ADA)
        other = sqlite3.connect(house.database, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")

        answer = await house.vote(ADA, "PLAT-13")
        waited = [await house.slack.command(ADA, PLANNING, "/votes", "PLAT-12") for _ in range(2)]
        health = await pollbot.health()
        other.execute("ROLLBACK")
        other.close()
        after = await house.vote(ADA, "PLAT-12")
        await house.votes("PLAT-12", 8)

    assert [one.error for one in (answer, *waited, after)] == [None] * 4
    assert NOTHING_KEPT in answer.body
    assert "locked" in health["database"]
    assert "the database is back after" in caplog.text
    assert len(lines(caplog)) == 1
    assert "the database is away: it takes no changes: database is locked" in lines(caplog)[0]
    assert not [record for record in caplog.records if record.exc_info]
    assert house.jira.votes("PLAT-13") == 0


def unlink(database: Path) -> None:
    database.unlink()


def replace(database: Path) -> None:
    copy = database.with_name("copy.db")
    shutil.copy(database, copy)
    copy.replace(database)


def lose_the_log(database: Path) -> None:
    database.with_name(database.name + "-wal").unlink()


def move_away(database: Path) -> None:
    database.rename(database.with_name("moved.db"))


@pytest.mark.parametrize("befalls", [unlink, replace, lose_the_log, move_away])
async def test_what_lies_in_no_file_that_stays_is_not_kept_and_said(
    house: House, caplog: pytest.LogCaptureFixture, befalls: Callable[[Path], None]
) -> None:
    async with house.program() as pollbot:
        caplog.set_level(logging.INFO)
        await house.connect(ADA)
        assert "database" not in await pollbot.health()

        befalls(house.database)
        answers = [await house.vote(ADA, "PLAT-13") for _ in range(2)]
        health = await pollbot.health()

    assert all(NOTHING_KEPT in answer.body for answer in answers)
    assert "while pollbot runs" in health["database"]
    assert house.jira.votes("PLAT-13") == 0
    assert len(lines(caplog)) == 1
    assert not [record for record in caplog.records if record.exc_info]


@contextmanager
def locked(house: House) -> Iterator[None]:
    with closing(sqlite3.connect(house.database, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


async def hanging(house: House, label: str) -> tuple[Message, str]:
    """Return a card that just came, and the action of one of its buttons."""
    if label == "Vote":
        await house.slack.command(ADA, PLANNING, "/votes", "PLAT-13")
        return await house.card("PLAT-13"), "vote"
    words = "anonymous " if label == "Good" else ""
    card = await poll(house, f'{words}"Mood?" "Good" "Pizza"')
    return card, action(card, label)


@pytest.mark.parametrize("label", ["Vote", "Good", "Pizza"])
@pytest.mark.parametrize("socket", [False, True], ids=["HTTP", "Socket Mode"])
async def test_a_press_that_is_not_kept_is_answered_once_its_person_has_heard_so(
    house: House, label: str, socket: bool
) -> None:
    async with house.program(socket=socket):
        await house.connect(ADA)
        card, button = await hanging(house, label)
        house.slack.faults.slow_down("response_url", 0.2)
        with locked(house):
            answer = await house.slack.press(ADA, card.id, button)
            heard = [post.body.get("text", "") for post in house.slack.hook_posts]

    assert (answer.status, answer.body, answer.error) == (200, "", None)
    assert NOTHING_KEPT in heard[-1]


@pytest.mark.parametrize("begun_anew", [False, True], ids=["later", "after a restart"])
async def test_a_press_that_is_not_kept_and_not_told_of_fails_and_comes_to_one_thing(
    house: House, begun_anew: bool
) -> None:
    async with AsyncExitStack() as life:
        pollbot = await life.enter_async_context(house.program())
        await house.connect(ADA)
        card, button = await hanging(house, "Vote")
        house.slack.faults.mode = "429"
        with locked(house):
            answer = await house.slack.press(ADA, card.id, button)
        brought = house.slack.deliveries[-1]
        early = await house.slack.deliver(brought.body, kind=brought.kind)
        if begun_anew:
            await life.aclose()
            house.slack.faults.mode = "up"
            pollbot = await life.enter_async_context(house.program())
        else:
            house.slack.faults.mode = "up"
            await house.told(ADA, NOTHING_KEPT)

        again = await house.slack.deliver(brought.body, kind=brought.kind)
        await rest(house, pollbot)

    assert (answer.status, answer.body, early.status) == (503, "", 503)
    assert (again.status, again.body) == (200, "")
    assert house.jira.votes("PLAT-13") == int(begun_anew)
    assert sum(NOTHING_KEPT in word for word in house.words(ADA)) == int(not begun_anew)


@pytest.mark.parametrize("label", ["Vote", "Good", "Pizza"])
@pytest.mark.parametrize("socket", [False, True], ids=["HTTP", "Socket Mode"])
async def test_a_press_that_is_not_kept_and_that_nobody_can_be_told_of_fails_and_is_done_later(
    house: House, label: str, socket: bool
) -> None:
    async with house.program(socket=socket) as pollbot:
        await house.connect(ADA)
        card, button = await hanging(house, label)
        house.slack.faults.fail_next("response_url", 404, "used_url")
        for way in ("chat.postEphemeral", "chat.postMessage"):
            house.slack.faults.fail_next(way, body={"ok": False, "error": "channel_not_found"})
        with locked(house):
            answer = await house.slack.press(ADA, card.id, button)
        brought = house.slack.deliveries[-1]
        for way in ("response_url", "chat.postEphemeral", "chat.postMessage"):
            house.slack.faults.mend(way)

        again = await house.slack.deliver(brought.body, kind=brought.kind)
        await rest(house, pollbot)

    assert (answer.status, answer.error is None) != (200, True), "Slack shows that it failed"
    assert (again.status, again.error) == (200, None)
    answers = 0 if label == "Vote" else 1
    assert len(house.rows("SELECT 1 FROM answers")) == answers
    assert house.jira.votes("PLAT-13") == 1 - answers
    assert not [word for word in house.words(ADA) if NOTHING_KEPT in word]


@pytest.mark.parametrize("socket", [False, True], ids=["HTTP", "Socket Mode"])
async def test_a_step_that_is_not_kept_fails_and_is_done_once_slack_brings_it_again(
    house: House, socket: bool
) -> None:
    async with house.program(socket=socket) as pollbot:
        with locked(house):
            run, refused = await house.slack.workflows.run(ADA, "create_poll", CREATE)
        brought = house.slack.deliveries[-1]

        for _ in range(2):
            taken = await house.slack.deliver(brought.body, kind=brought.kind)
        await done(house, run)
        await rest(house, pollbot)

    assert (refused.status, refused.error is None) != (200, True)
    assert (taken.status, taken.error) == (200, None)
    assert house.rows("SELECT title FROM polls") == [(CREATE["question"],)]


async def test_one_file_by_two_names_is_opened_once(tmp_path: Path) -> None:
    real = tmp_path / "data" / "pollbot.db"
    real.parent.mkdir()
    by_link, by_folder = tmp_path / "link.db", tmp_path / "folder"
    by_link.symlink_to(real)
    by_folder.symlink_to(real.parent)
    first = Store(real, [])
    try:
        for other in (by_link, by_folder / "pollbot.db", real.parent / ".." / "data/pollbot.db"):
            with pytest.raises(StartError, match="Another pollbot already uses"):
                Store(other, [])
    finally:
        first.close()

    through_the_link = Store(by_link, [])
    try:
        with pytest.raises(StartError, match="Another pollbot already uses"):
            Store(real, [])
    finally:
        through_the_link.close()


async def test_a_file_with_two_hard_links_is_refused(tmp_path: Path) -> None:
    database = tmp_path / "pollbot.db"
    Store(database, []).close()
    (tmp_path / "second.db").hardlink_to(database)

    with pytest.raises(StartError, match="one of 2 names of the same file"):
        Store(database, [])

    (tmp_path / "second.db").unlink()
    Store(database, []).close()


async def test_a_database_of_a_newer_version_is_refused_in_a_sentence(tmp_path: Path) -> None:
    database = tmp_path / "pollbot.db"
    Store(database, []).close()
    db = sqlite3.connect(database)
    db.execute(
        "INSERT INTO _sqlite_migrations (migration_set, name, applied_at)"
        " VALUES ('pollbot', 'wings', '2030-01-01')"
    )
    db.commit()
    before = list(db.iterdump())

    with pytest.raises(StartError) as refused:
        Store(database, [])

    assert "a newer pollbot has used this database (wings). Nothing in it was changed" in str(
        refused.value
    )
    assert list(db.iterdump()) == before
    db.close()


async def test_a_vote_waits_no_longer_than_slack_does(house: House) -> None:
    async with house.program():
        await house.connect(ADA)
        other = sqlite3.connect(house.database, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with own_time() as took:
            answers = await asyncio.gather(*(house.vote(ADA, "PLAT-13") for _ in range(20)))
            waited = took()
        other.close()

    assert [answer.error for answer in answers] == [None] * 20
    assert waited < 5.0, "no click waits for the lock of another one's try"


@pytest.mark.parametrize("label", ["Vote", "Withdraw", "Pizza", "/vote", "/unvote"])
async def test_slack_is_answered_once_it_is_on_disk_and_not_before(
    house: House, label: str
) -> None:
    async with house.program() as pollbot:
        await house.connect(ADA)
        await house.slack.command(ADA, PLANNING, "/votes", "PLAT-13")
        card = await house.card("PLAT-13")
        if label == "Pizza":
            card = await poll(house, '"Lunch?" "Pizza" "Soup"')
        await rest(house, pollbot)
        with closing(sqlite3.connect(house.database, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            if label.startswith("/"):
                asking = house.slack.command(ADA, PLANNING, label, "PLAT-13")
            else:
                asking = house.slack.press(ADA, card.id, action(card, label))
            asked = asyncio.create_task(asking)
            early, _ = await asyncio.wait({asked}, timeout=0.5)
            other.execute("ROLLBACK")

        answer = await asked

        assert not early
        assert (answer.status, answer.error) == (200, None)
        assert NOTHING_KEPT not in str(house.words(ADA))
