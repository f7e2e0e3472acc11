"""What a click tells of its card: where it is, a way to it, and whether it lags."""

import asyncio
import logging
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from pollbot.cards.rows import (
    Ballot,
    Card,
    Frame,
    NewCard,
    Wanted,
    keep_message,
    keep_unposted,
    touch,
)
from pollbot.chance import of_the_system
from pollbot.database import Store
from pollbot.errors import StorageUnavailable
from pollbot.jira.issues import Issue
from pollbot.people import Person, Pressed
from pollbot.polls.kept import Kept
from pollbot.polls.rules import Option, Poll, PollSettings
from pollbot.store.queue import Done, Parked
from tests.support.held import due, held, only, put_back

SITE = "https://acme.atlassian.net"
ADA, BEN, ADA_ELSEWHERE = Person("T1", "U1"), Person("T1", "U2"), Person("T2", "U1")
NOW = 1_700_000_000.0
URL = "https://hooks.slack.com/fresh"
BOTH = frozenset({"1", "2"})


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    store = Store(tmp_path / "pollbot.db", [Fernet.generate_key().decode()])
    yield store
    store.close()


def issue(votes: int) -> Issue:
    return Issue("PLAT-12", "Export", "Open", "Story", votes)


async def card_in(store: Store, channel: str = "C1", url: str | None = None) -> Card:
    """Ask for a card of PLAT-12, which is posted and drawn."""
    await store.cards.want(ADA, Wanted(channel, SITE, url, None, "PLAT-12"), NOW)
    one = await only(store.cards.work, NOW)
    await store.cards.posted(one.work, channel, "1.1", NOW)
    await put_back(store.cards.work, one, Done(), NOW)
    return one.work


async def add_poll(store: Store, **settings: object) -> None:
    options = (Option("1", "Pizza", 0), Option("2", "Soup", 1))
    poll = Poll("p1", "Lunch?", "", options, PollSettings(**settings), "U0CREATOR")  # type: ignore[arg-type]
    await store.polls.add(Kept(poll, "T1", SITE, "plain", "", NOW))


def on_issue(card_id: str, ts: str = "1.1", *, key: str = "PLAT-12", url: str = URL) -> Pressed:
    return Pressed(card_id, "C1", ts, url, issue_key=key)


async def changed(store: Store, card_id: str) -> None:
    """Give the card something new to show."""
    await store.cards._writer.do(lambda db: touch(db, "id = ?", card_id))


async def all_cards(store: Store) -> list[Card]:
    """Return every card as it lies there, in the order of their messages."""

    def ids(db: object) -> list[str]:
        found = store.cards._writer.connection.execute("SELECT id FROM cards ORDER BY message_ts")
        return [id_ for (id_,) in found.fetchall()]

    cards = [await store.cards.find("T1", id_, NOW) for id_ in await store.cards._writer.do(ids)]
    return [card for card in cards if card is not None]


async def test_a_click_brings_an_unreachable_card_within_reach(store: Store) -> None:
    card = await card_in(store)
    await changed(store, card.id)
    one = await only(store.cards.work, NOW + 1)
    await store.cards.only_by_url(card.id)
    await put_back(store.cards.work, one, Parked(), NOW + 1)
    assert await held(store.cards.work, NOW + 9e9) == []

    await store.presses.keep(BEN, SITE, on_issue(card.id), NOW + 60)

    again = (await only(store.cards.work, NOW + 60)).work
    assert again.response_url == URL


async def test_the_way_that_a_click_brought_ends_with_its_half_hour(store: Store) -> None:
    card = await card_in(store)
    await store.presses.keep(BEN, SITE, on_issue(card.id), NOW)
    await changed(store, card.id)

    (soon,) = await due(store.cards.work, NOW + 1)
    (late,) = await due(store.cards.work, NOW + 30 * 60)
    assert (soon.response_url, late.response_url) == (URL, None)


async def test_the_way_of_a_command_leads_to_no_card(store: Store) -> None:
    await store.cards.want(
        ADA, Wanted("C1", SITE, "https://hooks.slack.com/command", None, "PLAT-12"), NOW
    )
    one = await only(store.cards.work, NOW)
    await store.cards.posted_by_url(one.work, NOW, is_to_hear=False)

    await store.presses.keep(
        BEN, SITE, Pressed(one.work.id, "C1", "1.1", None, None, "PLAT-12"), NOW
    )

    (card,) = await all_cards(store)
    assert (card.message_ts, card.response_url) == ("1.1", None)


async def test_a_click_without_a_way_keeps_that_of_an_earlier_one(store: Store) -> None:
    card = await card_in(store)
    await store.presses.keep(BEN, SITE, on_issue(card.id), NOW)

    await store.presses.keep(ADA, SITE, Pressed(card.id, "C1", "1.1", None, None, "PLAT-12"), NOW)

    (again,) = await all_cards(store)
    assert again.response_url == URL


async def test_of_a_crowd_that_presses_one_card_the_newest_way_is_kept(store: Store) -> None:
    card = await card_in(store)
    other = await card_in(store, "C2")
    crowd = [on_issue(card.id, url=f"{URL}/{nth}") for nth in range(5)]
    crowd.append(Pressed(card.id, "C1", "1.1", None, None, "PLAT-12"))
    elsewhere = Pressed(other.id, "C2", "1.1", f"{URL}/other", None, "PLAT-12")

    await asyncio.gather(*(store.presses.keep(BEN, SITE, one, NOW) for one in [elsewhere, *crowd]))

    urls = {one.channel_id: one.response_url for one in await all_cards(store)}
    assert urls == {"C1": f"{URL}/4", "C2": f"{URL}/other"}


@pytest.mark.of_files
async def test_what_the_disk_did_not_take_keeps_no_later_way_from_being_kept(
    store: Store, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    card = await card_in(store)
    with closing(sqlite3.connect(tmp_path / "pollbot.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        lost = [store.presses.keep(BEN, SITE, on_issue(card.id), NOW) for _ in range(3)]
        with pytest.raises(StorageUnavailable):
            await lost[-1]
        other.execute("ROLLBACK")

    await store.presses.keep(BEN, SITE, on_issue(card.id, url=f"{URL}/2"), NOW)

    (again,) = await all_cards(store)
    assert again.response_url == f"{URL}/2"
    assert sum("the way to a card was not kept" in line for line in caplog.messages) == 1


async def test_a_card_that_the_database_forgot_is_adopted_by_a_click(store: Store) -> None:
    await store.presses.keep(BEN, SITE, on_issue("card-1"), NOW)

    assert await held(store.cards.work, NOW) == [], "it shows what it showed"
    (card,) = await all_cards(store)
    assert (card.id, card.message_ts, card.posted_by, card.posted) == ("card-1", "1.1", BEN, True)


@pytest.mark.parametrize(
    ("person", "key"), [(ADA_ELSEWHERE, "PLAT-12"), (BEN, "PLAT-13")], ids=["team", "issue"]
)
async def test_a_made_up_click_moves_no_card_of_another(
    store: Store, person: Person, key: str
) -> None:
    card = await card_in(store)

    await store.presses.keep(
        person, SITE, Pressed(card.id, "C-stolen", "6.6", URL, issue_key=key), NOW
    )

    (again,) = await all_cards(store)
    assert (again.id, again.channel_id, again.message_ts) == (card.id, "C1", "1.1")
    assert again.response_url is None


@pytest.mark.parametrize(
    ("settings", "offered", "lags"),
    [
        ({}, BOTH, False),
        ({}, frozenset(), True),
        ({}, frozenset({"1"}), True),
        ({}, None, False),
        ({"ends_at": NOW - 1, "closes_at_end": True}, BOTH, True),
        ({"ends_at": NOW - 1, "closes_at_end": True}, frozenset(), False),
        ({"ends_at": NOW - 1, "closes_at_end": False}, BOTH, False),
    ],
    ids=["open", "reopened", "edited", "not told", "over", "over and drawn", "planned end"],
)
async def test_a_card_that_offers_what_its_poll_has_not_is_drawn_anew(
    store: Store, settings: dict[str, object], offered: frozenset[str] | None, lags: bool
) -> None:
    await add_poll(store, **settings)
    pressed = Pressed("card-1", "C1", "1.1", URL, poll_id="p1", offered=offered)

    await store.presses.keep(BEN, SITE, pressed, NOW)

    assert [one.work.id for one in await held(store.cards.work, NOW)] == ["card-1"] * lags


# Two messages of one card: the answer to its first post was lost


def frames(cards: list[Card]) -> list[tuple[str | None, Frame | None]]:
    return [(card.message_ts, card.frame) for card in cards]


@pytest.mark.parametrize("first", ["pressed", "posted"])
async def test_each_of_two_messages_of_a_card_is_a_card(store: Store, first: str) -> None:
    await store.cards.want(ADA, Wanted("C1", SITE, None, None, "PLAT-12"), NOW)
    one = await only(store.cards.work, NOW)
    if first == "pressed":
        await store.presses.keep(BEN, SITE, on_issue(one.work.id, "1.1"), NOW)
        await store.cards.posted(one.work, "C1", "2.2", NOW)
    else:
        await store.cards.posted(one.work, "C1", "2.2", NOW)
        await store.presses.keep(BEN, SITE, on_issue(one.work.id, "1.1"), NOW)
    await put_back(store.cards.work, one, Done(), NOW)

    cards = await all_cards(store)
    assert [card.message_ts for card in cards] == ["1.1", "2.2"]
    assert len({card.id for card in cards}) == 2
    assert {card.posted_by for card in cards} == {ADA}
    assert cards[0].response_url == URL
    for ts in ("1.1", "2.2"):
        await store.presses.keep(BEN, SITE, on_issue(one.work.id, ts, url=f"{URL}/{ts}"), NOW + 2)
    again = await all_cards(store)
    assert [card.response_url for card in again] == [f"{URL}/1.1", f"{URL}/2.2"]
    (twin,) = [card for card in cards if card.id != one.work.id]
    assert twin.id in [card.id for card in await due(store.cards.work, NOW + 3)]


async def test_the_second_message_of_a_ballot_has_its_headline_its_lines_and_its_frame(
    store: Store,
) -> None:
    card = NewCard(
        "ballot-1", ballot=Ballot("Vote!", 9), lines=(issue(7),), frame=Frame("above", "below")
    )
    await store.cards._writer.do(lambda db: keep_unposted(db, card, ADA, SITE, "C1", NOW))
    chance = of_the_system()
    await store.cards._writer.do(lambda db: keep_message(db, chance, card.id, "C1", "2.2", NOW))

    await store.presses.keep(BEN, SITE, Pressed("ballot-1", "C1", "1.1", URL, None, "PLAT-12"), NOW)

    cards = await all_cards(store)
    assert frames(cards) == [("1.1", Frame("above", "below")), ("2.2", Frame("above", "below"))]
    assert [one.ballot for one in cards] == [Ballot("Vote!", 9)] * 2
    for one in cards:
        assert [line.issue for line in await store.cards.ballot_lines(one.id)] == [issue(7)]
        assert one.id.startswith("ballot-")
