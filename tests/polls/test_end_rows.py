"""Ends and reminders on disk: whose turn it is, and what takes it away."""

import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from pollbot.database import Store
from pollbot.people import Person
from pollbot.polls.answers.rows import Change
from pollbot.polls.kept import Kept
from pollbot.polls.rules import Definition, Draft, Option, Poll, PollSettings, choose
from pollbot.slack.meanwhile import Overtaken
from pollbot.store.outbox import Kind, Notice
from pollbot.store.queue import Parked
from tests.support.held import due, held, next_due, only

NOON = 1_750_000_000.0
HOUR = 3600.0
ADA = Person("T1", "U0ADA")
SETTINGS = PollSettings(ends_at=NOON + 3 * HOUR, closes_at_end=True)
SUBJECT = Notice(Kind.REMINDER, "p1", reader="U0ADA")

Deed = Callable[[Store, Kept], Awaitable[object]]


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    store = Store(tmp_path / "pollbot.db", [Fernet.generate_key().decode()])
    yield store
    store.close()


def a_poll(settings: PollSettings = SETTINGS) -> Kept:
    """Return a poll that ends in three hours, with a reminder an hour before."""
    options = (Option("1", "Pizza", 0), Option("2", "Soup", 1))
    poll = Poll("p1", "Lunch?", "", options, settings, "U0MAKER")
    return Kept(
        poll,
        "T1",
        "https://acme.example",
        "issue",
        "PLAT-12",
        NOON,
        remind_before=HOUR,
        record=True,
    )


async def edited(store: Store, kept: Kept, settings: PollSettings) -> Kept:
    poll = kept.poll
    return await store.polls.change(kept, NOON, Definition(poll.title, "", poll.options, settings))


async def answered(store: Store, kept: Kept) -> object:
    stamp = secrets.token_hex(4)
    return await store.answers.answer(
        ADA,
        kept.poll.id,
        Change(lambda poll, mine: choose(poll, mine, "1", NOON)),
        NOON,
        action_ts=stamp,
    )


GONE: dict[str, Deed] = {
    "closed": lambda store, _: store.polls.close("T1", "p1", NOON),
    "deleted": lambda store, _: store.polls.delete("T1", "p1", NOON),
    "anonymous": lambda store, kept: edited(store, kept, replace(SETTINGS, names=False)),
    "answered": answered,
    "reminded": lambda store, kept: store.endings.claim_reminder(
        kept, SUBJECT, ADA.user_id, NOON + 2 * HOUR
    ),
}


async def test_a_reminder_is_ours_to_make_once_its_time_has_come(store: Store) -> None:
    await store.polls.add(a_poll())
    assert await held(store.endings.reminders, NOON + 2 * HOUR - 1) == []
    assert await next_due(store.endings.reminders, NOON) == NOON + 2 * HOUR

    (kept,) = await due(store.endings.reminders, NOON + 2 * HOUR)

    assert kept.remind_before == HOUR
    assert await store.endings.claim_reminder(kept, SUBJECT, ADA.user_id, NOON + 2 * HOUR) == kept


@pytest.mark.parametrize("deed", GONE.values(), ids=GONE)
async def test_what_happened_meanwhile_takes_a_reminder_away(store: Store, deed: Deed) -> None:
    await store.polls.add(a_poll())
    (kept,) = await due(store.endings.reminders, NOON + 2 * HOUR)

    await deed(store, kept)

    now = NOON + 2 * HOUR
    assert await store.endings.claim_reminder(kept, SUBJECT, ADA.user_id, now) is None


@pytest.mark.parametrize(
    ("settings", "moment"),
    [
        (SETTINGS, NOON + 2 * HOUR),
        (replace(SETTINGS, ends_at=NOON + 9 * HOUR), NOON + 8 * HOUR),
        (replace(SETTINGS, ends_at=NOON + HOUR / 2), None),
        (replace(SETTINGS, closes_at_end=False), None),
        (replace(SETTINGS, ends_at=None, closes_at_end=False), None),
        (replace(SETTINGS, names=False), None),
    ],
    ids=["same", "later", "too soon", "planned only", "no end", "no names"],
)
async def test_an_edit_moves_the_reminder_with_the_end(
    store: Store, settings: PollSettings, moment: float | None
) -> None:
    await store.polls.add(a_poll())

    await edited(store, await store.polls.find("T1", "p1"), settings)

    assert await next_due(store.endings.reminders, NOON) == moment


async def test_an_edit_of_something_else_brings_no_second_reminder(store: Store) -> None:
    await store.polls.add(a_poll())
    one = await only(store.endings.reminders, NOON + 2 * HOUR)
    await store.endings.reminders.put_back(one, Parked(), NOON + 2 * HOUR)

    await edited(store, await store.polls.find("T1", "p1"), replace(SETTINGS, several=True))

    assert await held(store.endings.reminders, NOON + 2 * HOUR) == []


async def test_a_close_is_remembered_with_what_follows_from_it(store: Store) -> None:
    await store.polls.add(a_poll())

    await store.polls.ended(NOON + 3 * HOUR + 5)

    (ending,) = await due(store.endings.work, NOON + 4 * HOUR)
    assert (ending.poll_id, ending.closed_at) == ("p1", NOON + 3 * HOUR)
    (record,) = await due(store.records.work, NOON + 4 * HOUR)
    assert (record.owner, record.issue_key) == (Person("T1", "U0MAKER"), "PLAT-12")


async def test_a_record_of_a_poll_that_is_open_again_waits_for_its_close(store: Store) -> None:
    await store.polls.add(a_poll())
    await store.polls.close("T1", "p1", NOON, "U0MAKER")
    await store.polls.reopen("T1", "p1", NOON + 1)
    assert await held(store.records.work, NOON + 2) == []

    await store.polls.close("T1", "p1", NOON + 3, "U0MAKER")

    (record,) = await due(store.records.work, NOON + 4)
    assert record.closed_at == NOON + 3


async def test_a_comment_written_while_the_poll_closed_again_is_written_again(
    store: Store,
) -> None:
    await store.polls.add(a_poll())
    await store.polls.close("T1", "p1", NOON, "U0MAKER")
    (record,) = await due(store.records.work, NOON)
    await store.polls.reopen("T1", "p1", NOON + 1)
    await store.polls.close("T1", "p1", NOON + 2, "U0MAKER")

    await store.records.written(record, "10001")

    (again,) = await due(store.records.work, NOON + 3)
    assert (again.comment_id, again.closed_at) == ("10001", NOON + 2)


async def test_whoever_may_have_written_a_comment_stays_its_owner(store: Store) -> None:
    await store.polls.add(a_poll())
    kept = await store.polls.close("T1", "p1", NOON, "U0MAKER")
    (record,) = await due(store.records.work, NOON)

    taken = await store.records.want(ADA, kept, NOON)
    await store.records.trying(record)
    kept_by = await store.records.want(Person("T1", "U0BEN"), kept, NOON)

    assert (taken.owner, kept_by.owner) == (ADA, ADA)


CAME_BETWEEN: dict[str, Deed] = {
    **{name: GONE[name] for name in ("closed", "deleted", "anonymous")},
    "edited": lambda store, kept: store.polls.change(
        kept, NOON, Definition("Dinner?", "", kept.poll.options, SETTINGS)
    ),
    "an option edited": lambda store, kept: store.polls.change(
        kept,
        NOON,
        Definition("Lunch?", "", (Option("1", "Pasta", 0), kept.poll.options[1]), SETTINGS),
    ),
    "the reminder taken away": lambda store, kept: store.polls.change(
        kept,
        NOON,
        Definition("Lunch?", "", kept.poll.options, SETTINGS),
        draft=Draft("Lunch?", ("Pizza", "Soup")),
    ),
}


@pytest.mark.parametrize("came_between", CAME_BETWEEN.values(), ids=CAME_BETWEEN)
async def test_an_edit_is_kept_only_of_the_poll_that_it_was_thought_out_on(
    store: Store, came_between: Deed
) -> None:
    await store.polls.add(a_poll())
    kept = await store.polls.find("T1", "p1")
    await came_between(store, kept)
    before = await store.polls.find("T1", "p1")
    mine = Definition("Brunch?", "", kept.poll.options, SETTINGS)

    with pytest.raises(Overtaken):
        await store.polls.change(kept, NOON, mine, by=ADA.user_id)

    assert await store.polls.find("T1", "p1") == before


async def test_an_edit_is_kept_whoever_answered_meanwhile(store: Store) -> None:
    await store.polls.add(a_poll())
    kept = await store.polls.find("T1", "p1")
    await answered(store, kept)
    mine = Definition("Brunch?", "", kept.poll.options, SETTINGS)

    await store.polls.change(kept, NOON, mine, by=ADA.user_id)

    assert (await store.polls.find("T1", "p1")).poll.title == "Brunch?"


async def test_one_change_after_the_other_goes_to_a_source_and_none_waits_for_one_that_is_lost(
    store: Store,
) -> None:
    await store.polls.add(a_poll())
    kept = await store.polls.find("T1", "p1")

    assert await store.polls.begin_change(kept, NOON)
    assert not await store.polls.begin_change(kept, NOON + 20)
    await store.polls.end_change(kept, NOON)
    assert await store.polls.begin_change(kept, NOON + 21)
    assert await store.polls.begin_change(kept, NOON + 60), "a crash left it"
    await store.polls.end_change(kept, NOON + 21)
    assert not await store.polls.begin_change(kept, NOON + 61), "who comes late ends no other one"
    assert await store.polls.begin_change(kept, NOON - 3600), "the clock was set back"
