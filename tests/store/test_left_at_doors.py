"""What a door leaves half done when it ends, while others live on the same database."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from pollbot.database import Store
from pollbot.people import Person
from pollbot.polls.answers.rows import Change
from pollbot.polls.kept import Home, Kept
from pollbot.polls.rules import Option, Poll, PollSettings
from tests.support.cluster import KEY, Databases

ONE = Path("one")
ADA = Person("T1", "U0ADA")
NOON = 1_900_000_000.0
STILL_BUSY, LONG_AGO = 10.0, 300.0


@pytest.fixture
def store(databases: Databases) -> Iterator[Store]:
    store = Store(databases.at(ONE), [KEY])
    yield store
    store.close()


def kept(poll_id: str, home: Home | None = None) -> Kept:
    poll = Poll(
        id=poll_id,
        title="Lunch?",
        description="",
        options=(Option("a", "Pizza", 0), Option("b", "Soup", 1)),
        settings=PollSettings(),
        created_by=ADA.user_id,
    )
    return Kept(poll, ADA.team_id, "https://acme", "plain", "", NOON, home=home)


async def test_a_poll_that_a_live_door_is_making_is_left_to_it(
    store: Store, databases: Databases
) -> None:
    await store.polls.start(kept("P1", Home("team_voice", "S1", "[]")), "run 1")

    await store.take_up(NOON + STILL_BUSY)
    assert databases.rows(ONE, "SELECT id FROM polls") == [("P1",)]
    assert databases.rows(ONE, "SELECT kind FROM outbox") == []

    await store.take_up_at_doors(NOON + LONG_AGO)
    assert databases.rows(ONE, "SELECT kind, about FROM outbox") == [("half_made", "P1")]
    await store.take_up_at_doors(NOON + LONG_AGO + 20)
    assert databases.rows(ONE, "SELECT kind, about FROM outbox") == [("half_made", "P1")]
    assert databases.rows(ONE, "SELECT id FROM polls") == [("P1",)]


async def test_what_an_earlier_leader_half_made_for_a_schedule_is_made_anew_at_once(
    store: Store, databases: Databases
) -> None:
    await store.polls.start(kept("P1", Home("team_voice", "S1", "[]")), "schedule S 1")

    await store.take_up_at_doors(NOON + LONG_AGO)
    assert databases.rows(ONE, "SELECT id FROM polls") == [("P1",)]
    await store.take_up(NOON + STILL_BUSY)
    assert databases.rows(ONE, "SELECT id FROM polls") == []


async def test_who_is_being_told_by_a_live_door_is_told_by_nobody_else(
    store: Store, databases: Databases
) -> None:
    await store.polls.add(kept("P1"))
    pizza = Change(lambda _poll, _mine: frozenset({"a"}))
    await store.answers.answer(ADA, "P1", pizza, NOON, action_ts="1900000000.1")

    await store.take_up(NOON + STILL_BUSY)
    assert databases.rows(ONE, "SELECT user_id FROM receipts") == []

    await store.take_up_at_doors(NOON + LONG_AGO)
    assert databases.rows(ONE, "SELECT user_id FROM receipts") == [("U0ADA",)]
    assert databases.rows(ONE, "SELECT told FROM deliveries") == [(1,)]
