"""Schedules on disk: who has the last word about a due time, and what becomes of a posted card."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import time
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from pollbot.cards.rows import NewCard
from pollbot.database import Store
from pollbot.people import Account, Person, Pressed
from pollbot.polls.kept import Kept
from pollbot.polls.rules import Option, Poll, PollSettings
from pollbot.schedules.kept_rows import scheduled
from pollbot.schedules.refusals import OftenTried, OwnerNotConnected
from pollbot.schedules.rules import Plan, Schedule, What
from pollbot.slack.meanwhile import Overtaken
from pollbot.store.outbox import Kind, Notice
from pollbot.store.queue import Again, Done, Held
from pollbot.text.recurrence import Every, Recurrence
from tests.support.connecting import keep_account
from tests.support.held import held, next_due, only, owed

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
async def turn(store: Store) -> Held[Schedule]:
    """Return a schedule that is due at noon, and is held."""
    await store.schedules.add(Schedule("s1", ADA, SITE, DAILY, NOON - DAY, NOON), "stamp")
    return await only(store.schedules.work, NOON)


async def words(store: Store) -> list[Kind]:
    """Return what people are still to hear."""
    return [notice.kind for notice in await owed(store)]


async def now(store: Store) -> Schedule:
    return await store.schedules.find("T1", "s1")


async def test_what_is_given_back_is_due_again_and_was_not_posted(
    store: Store, turn: Held[Schedule]
) -> None:
    await store.schedules.claim(turn.work, NOON, NOON + DAY, NOON)

    assert await store.schedules.release(turn.work, NOON, NOON + DAY)

    await store.schedules.work.put_back(turn, Again(60.0), NOON)
    assert await next_due(store.schedules.work, NOON) == NOON + 60
    again = await only(store.schedules.work, NOON + 60)
    assert (again.work, again.attempts) == (turn.work, 1)
    assert again.work.posted == 0


async def test_another_schedule_for_the_same_moment_is_not_stopped_with_it(store: Store) -> None:
    other = Schedule("s2", ADA, SITE, DAILY, NOON - DAY, NOON)
    await store.schedules.add(Schedule("s1", ADA, SITE, DAILY, NOON - DAY, NOON), "stamp")
    await store.schedules.add(other, "another stamp")

    await store.schedules.stop(await now(store), OftenTried(), NOON)

    assert (await now(store)).paused
    assert await store.schedules.find("T1", "s2") == other


@pytest.mark.parametrize("after", [NOON + DAY, None])
async def test_an_edit_meanwhile_keeps_its_due_time(
    store: Store, turn: Held[Schedule], after: float | None
) -> None:
    await store.schedules.claim(turn.work, NOON, after, NOON)
    await store.schedules.change(ADA, "s1", DAILY, NOON + 5 * DAY, NOON)

    assert not await store.schedules.release(turn.work, NOON, after)
    await store.schedules.passed(turn.work, NOON + DAY)
    await store.schedules.too_old(turn.work, NOON, NOON + DAY, NOON)
    await store.schedules.stop(turn.work, OftenTried(), NOON)
    await store.schedules.gone(turn.work, NOON)
    await store.schedules.work.put_back(turn, Again(30.0), NOON)

    kept = await now(store)
    assert (kept.next_at, kept.paused, kept.posted) == (NOON + 5 * DAY, False, 0)
    assert await next_due(store.schedules.work, NOON) == NOON + 5 * DAY
    assert await words(store) == []


async def test_an_edit_is_kept_only_of_the_plan_that_it_was_thought_out_on(store: Store) -> None:
    await store.schedules.add(Schedule("s1", ADA, SITE, DAILY, NOON - DAY, NOON), "stamp")
    theirs, mine = replace(DAILY, most=5), replace(DAILY, channel_id="C2")
    await store.schedules.change(ADA, "s1", theirs, NOON, NOON, only_if=DAILY)

    with pytest.raises(Overtaken):
        await store.schedules.change(ADA, "s1", mine, NOON + DAY, NOON, only_if=DAILY)

    kept = await now(store)
    assert (kept.plan, kept.next_at) == (theirs, NOON)


async def test_a_stop_is_told_and_nothing_is_due_until_it_is_resumed(
    store: Store, turn: Held[Schedule]
) -> None:
    await store.schedules.stop(turn.work, OftenTried(), NOON)
    await store.schedules.work.put_back(turn, Done(), NOON)
    assert isinstance((await now(store)).why, OftenTried)
    assert await words(store) == [Kind.STOPPED]
    assert await held(store.schedules.work, NOON + DAY) == []

    await store.schedules.resume(ADA, "s1", NOON + DAY, NOON)

    assert (await now(store)).why is None
    assert len(await held(store.schedules.work, NOON + DAY)) == 1


async def test_a_second_resume_leaves_out_nothing_that_is_due(
    store: Store, turn: Held[Schedule]
) -> None:
    await store.schedules.resume(ADA, "s1", NOON + DAY, NOON)

    assert (await now(store)).next_at == turn.work.next_at


async def test_a_card_that_was_pressed_before_slack_had_answered_is_kept_all_the_same(
    store: Store, turn: Held[Schedule]
) -> None:
    options = (Option("1", "Pizza", 0), Option("2", "Soup", 1))
    poll = Poll("p1", "Lunch?", "", options, PollSettings(), "U0ADA")
    await store.polls.add(Kept(poll, "T1", SITE, "plain", "", NOON))
    await store.schedules.claim(turn.work, NOON, NOON + DAY, NOON)
    await store.presses.keep(BEN, SITE, Pressed("card", "C1", "1.1", None, poll_id="p1"), NOON)

    await store.schedules.sent(
        turn.work,
        scheduled(turn.work, NOON),
        NOON + 1,
        card=NewCard("card", poll_id="p1"),
        where=("C1", "1.1"),
    )

    await store.take_up(NOON + 2)
    assert await words(store) == []
    card = await store.cards.find("T1", "card", NOON + 2)
    assert card is not None
    assert (card.id, card.posted_by, card.message_ts) == ("card", ADA, "1.1")


async def test_what_was_paused_for_want_of_jira_keeps_its_due_time(
    store: Store, turn: Held[Schedule]
) -> None:
    await store.schedules.stop(turn.work, OwnerNotConnected(), NOON, needs_jira_since=NOON)
    await store.schedules.work.put_back(turn, Done(), NOON)
    assert await held(store.schedules.work, NOON + DAY) == []

    await keep_account(store, ADA, SITE, Account("acc", "Ada", SITE, "Basic x"), NOON + 1)

    assert await now(store) == turn.work
    assert len(await held(store.schedules.work, NOON + 1)) == 1


async def test_whoever_connected_meanwhile_is_not_paused_for_want_of_jira(
    store: Store, turn: Held[Schedule]
) -> None:
    await keep_account(store, ADA, SITE, Account("acc", "Ada", SITE, "Basic x"), NOON + 1)

    await store.schedules.stop(turn.work, OwnerNotConnected(), NOON + 2, needs_jira_since=NOON)

    assert await now(store) == turn.work
    assert await words(store) == []


async def test_what_a_crash_left_claimed_is_told_and_not_posted_again(
    store: Store, turn: Held[Schedule]
) -> None:
    await store.schedules.claim(turn.work, NOON, NOON + DAY, NOON)

    await store.take_up(NOON + 1)

    (notice,) = await owed(store)
    assert notice == Notice(Kind.SCHEDULED, "s1", NOON)
    assert not await store.outbox.claim(notice, "T1", NOON + 2)
    assert await next_due(store.schedules.work, NOON + 1) == NOON + DAY
