"""Schedules on disk: who has the last word about a due time, and what becomes of a posted card."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import time
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from pollbot.domain.kept import Kept
from pollbot.domain.people import Person, Pressed
from pollbot.domain.polls import Option, Poll, PollSettings, choose
from pollbot.domain.schedules import Every, Plan, Recurrence, Schedule, What
from pollbot.storage.cards import NewCard
from pollbot.storage.schedule_rows import Turn
from pollbot.storage.store import Store

NOON, DAY = 1_750_000_000.0, 86400.0
ADA, BEN = Person("T1", "U0ADA"), Person("T1", "U0BEN")
SITE = "https://acme.example"
DAILY = Plan(What.POLL, "p1", "C1", Recurrence(Every.DAILY, time(12), "UTC"), most=3)


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    store = Store(tmp_path / "pollbot.db", [Fernet.generate_key().decode()])
    yield store
    store.close()


@pytest.fixture
async def turn(store: Store) -> Turn:
    """Return the turn of a schedule that is due at noon."""
    await store.schedules.add(Schedule("s1", ADA, SITE, DAILY, NOON - DAY, NOON), "stamp")
    (due,) = await store.schedules.due(NOON, 4)
    return due


async def now(store: Store) -> Schedule:
    return await store.schedules.find("T1", "s1")


async def test_what_is_given_back_is_due_again_and_was_not_posted(store: Store, turn: Turn) -> None:
    await store.schedules.claim(turn.schedule, NOON, NOON + DAY, NOON)

    assert await store.schedules.release(turn, NOON, NOON + DAY, NOON + 30)

    (again,) = await store.schedules.due(NOON + 30, 4)
    assert (again.schedule, again.attempts) == (turn.schedule, 1)
    assert again.schedule.posted == 0


@pytest.mark.parametrize("after", [NOON + DAY, None])
async def test_an_edit_meanwhile_keeps_its_due_time(
    store: Store, turn: Turn, after: float | None
) -> None:
    await store.schedules.claim(turn.schedule, NOON, after, NOON)
    await store.schedules.change("T1", "s1", DAILY, NOON + 5 * DAY)

    assert not await store.schedules.release(turn, NOON, after, NOON + 30)
    await store.schedules.postpone(turn, NOON + 30)
    await store.schedules.passed(turn.schedule, NOON + DAY, failed=True)
    await store.schedules.too_old(turn.schedule, NOON, NOON + DAY, NOON)
    await store.schedules.stop(turn.schedule, "It failed.", NOON)
    await store.schedules.gone(turn.schedule, NOON)

    kept = await now(store)
    assert (kept.next_at, kept.paused, kept.failures, kept.posted) == (NOON + 5 * DAY, False, 0, 0)
    assert await store.schedules.next_try() == NOON + 5 * DAY
    assert await store.schedules.owed() == []


async def test_a_stop_is_told_only_while_it_is_true(store: Store, turn: Turn) -> None:
    await store.schedules.stop(turn.schedule, "It failed.", NOON)
    assert [one.schedule.why for one in await store.schedules.owed()] == ["It failed."]

    await store.schedules.resume("T1", "s1", NOON + DAY)

    assert await store.schedules.owed() == []


async def test_a_second_resume_leaves_out_nothing_that_is_due(store: Store, turn: Turn) -> None:
    await store.schedules.resume("T1", "s1", NOON + DAY)

    assert (await now(store)).next_at == turn.schedule.next_at


async def test_a_card_that_was_pressed_before_slack_had_answered_is_kept_all_the_same(
    store: Store, turn: Turn
) -> None:
    options = (Option("1", "Pizza", 0), Option("2", "Soup", 1))
    poll = Poll("p1", "Lunch?", "", options, PollSettings(), "U0ADA")
    await store.polls.add(Kept(poll, "T1", SITE, "plain", "", NOON))
    await store.schedules.claim(turn.schedule, NOON, NOON + DAY, NOON)
    await store.answers.answer(
        BEN,
        "p1",
        lambda poll, mine: choose(poll, mine, "1", NOON),
        NOON,
        action_ts="1",
        pressed=Pressed("card", "C1", "1.1", None),
    )

    await store.schedules.sent(
        turn.schedule,
        "schedule s1",
        NOON,
        NOON + 1,
        card=NewCard("card", poll_id="p1"),
        where=("C1", "1.1"),
    )

    await store.schedules.take_up(NOON + 2)
    assert await store.schedules.owed() == []
    (card,) = await store.cards.claim(NOON + 2, 4)
    assert (card.id, card.posted_by, card.message_ts) == ("card", ADA, "1.1")


async def test_what_was_paused_for_want_of_jira_keeps_its_due_time(
    store: Store, turn: Turn
) -> None:
    stopped = replace(turn.schedule, paused=True, why="Connect Jira.")
    await store.schedules.stop(turn.schedule, "Connect Jira.", NOON, needs_jira=True)

    await store.schedules.connected_again()

    assert await now(store) == stopped
