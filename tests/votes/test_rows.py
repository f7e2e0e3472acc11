"""Intents and cards: the newest wish wins, and what a card should show is never lost."""

import asyncio
from collections.abc import AsyncIterator, Awaitable
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

import pytest
from cryptography.fernet import Fernet
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from pollbot.cards.rows import Card, Wanted
from pollbot.database import Store
from pollbot.jira.issues import Issue
from pollbot.jira.rules import Wish
from pollbot.people import Account, Address, Person
from pollbot.store.queue import Again, Done, Held, Later, Next, Parked
from pollbot.votes.rows import Intent, State
from pollbot.votes.rules import EXPIRED, KEPT_FOR, Outcome, Refusal, Wished
from tests.support import stored
from tests.support.connecting import keep_account
from tests.support.held import due, held, next_due, only, put_back
from tests.support.torture import tries

T = TypeVar("T")

SITE = "https://acme.atlassian.net"
ADA, BEN = Person("T1", "U1"), Person("T1", "U2")
ADA_ELSEWHERE = Person("T2", "U1")
PEOPLE = [ADA, BEN, ADA_ELSEWHERE]
KEYS = ["PLAT-12", "PLAT-13"]
HERE = Address("C1")
NOW = 1_700_000_000.0
FERNET = Fernet.generate_key().decode()


def account(person: Person, credential: str = "Basic one") -> Account:
    return Account(f"acc-{person.user_id}", person.user_id, SITE, credential)


def issue(votes: int, key: str = "PLAT-12", **more: object) -> Issue:
    return Issue(key, "Export", "Open", "Story", votes, **more)  # type: ignore[arg-type]


def at(moment: float) -> str:
    """Return the moment as Slack writes the time of a click."""
    return f"{moment:.6f}"


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    store = Store(tmp_path / "pollbot.db", [FERNET])
    yield store
    store.close()


@pytest.fixture
async def connected(store: Store) -> Store:
    await keep_account(store, ADA, SITE, account(ADA), NOW)
    return store


async def only_intent(store: Store, now: float) -> Intent:
    return (await only(store.intents.work, now)).work


async def only_card(store: Store, now: float) -> Card:
    return (await only(store.cards.work, now)).work


# Any order of deliveries, duplicates and outcomes, against a plain model


@dataclass
class Row:
    """An intent, as it should be."""

    wish: Wish
    asked_at: float
    connected: bool
    told: bool = False
    settled: bool = False

    @property
    def state(self) -> State:
        if self.settled:
            return "settled"
        return "queued" if self.connected else "unconnected"

    @property
    def is_work(self) -> bool:
        return not (self.state == "unconnected" and self.told)


@dataclass
class Clicks:
    """The clicks of one person on one issue that were ever handled."""

    seen: dict[tuple[float, Wish], float] = field(default_factory=dict)

    def is_new(self, stamp: float, wish: Wish) -> bool:
        newest = max((one for one, _ in self.seen), default=0.0)
        return stamp >= newest and (stamp, wish) not in self.seen


Whose = tuple[Person, str]
people, keys, wishes = st.sampled_from(PEOPLE), st.sampled_from(KEYS), st.sampled_from(Wish)


class AnyOrder(RuleBasedStateMachine):
    """What a crowd, Slack's retries and a worker may do to the intents, in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = TemporaryDirectory()
        self.path = Path(self.folder.name) / "pollbot.db"
        self.runner = asyncio.Runner()
        self.store = self.do(self.opened())
        self.now = NOW
        self.rows: dict[Whose, Row] = {}
        self.clicks: dict[Whose, Clicks] = {}
        self.connected: set[Person] = set()
        self.due: dict[Whose, float] = {}
        self.held: dict[Whose, tuple[Held[Intent], Row]] = {}
        self.deliveries: list[tuple[Person, str, Wish, float]] = []

    async def opened(self) -> Store:
        return Store(self.path, [FERNET])

    def do(self, work: Awaitable[T]) -> T:
        async def run() -> T:
            return await work

        return self.runner.run(run())

    def teardown(self) -> None:
        self.store.close()
        self.runner.close()
        self.folder.cleanup()

    @rule(person=people, key=keys, wish=wishes)
    def command(self, person: Person, key: str, wish: Wish) -> None:
        self.do(self.store.intents.ask(person, Wished(SITE, key, wish), HERE, self.now))
        self.replace(person, key, wish)

    @rule(person=people, key=keys, wish=wishes, seconds_ago=st.sampled_from([0, 0, 1, 30]))
    def click(self, person: Person, key: str, wish: Wish, seconds_ago: int) -> None:
        self.deliver(person, key, wish, self.now - seconds_ago)

    @precondition(lambda self: self.deliveries)
    @rule(data=st.data())
    def the_same_click_again(self, data: st.DataObject) -> None:
        self.deliver(*data.draw(st.sampled_from(self.deliveries)))

    def deliver(self, person: Person, key: str, wish: Wish, stamp: float) -> None:
        self.do(
            self.store.intents.press(
                person, Wished(SITE, key, wish), HERE, self.now, action_ts=at(stamp)
            )
        )
        self.deliveries.append((person, key, wish, stamp))
        clicks = self.clicks.setdefault((person, key), Clicks())
        if clicks.is_new(stamp, wish):
            clicks.seen[stamp, wish] = self.now
            self.replace(person, key, wish)

    def replace(self, person: Person, key: str, wish: Wish) -> None:
        self.rows[person, key] = Row(wish, self.now, person in self.connected)
        self.due[person, key] = self.now

    @rule(seconds=st.sampled_from([1.0, 60.0, 130.0, 3700.0, KEPT_FOR / 2]))
    def time_goes_by(self, seconds: float) -> None:
        self.now += seconds

    @rule(person=people)
    def connect(self, person: Person) -> None:
        waiting = self.do(keep_account(self.store, person, SITE, account(person), self.now))
        mine = {key: row for (who, key), row in self.rows.items() if who == person}
        freed = {key: row for key, row in mine.items() if row.state == "unconnected"}
        assert list(waiting.votes) == sorted(freed)
        for key, row in freed.items():
            row.connected, row.told = True, False
            self.due[person, key] = self.now
        self.connected.add(person)

    @rule(person=people)
    def disconnect(self, person: Person) -> None:
        [gone] = self.do(self.store.accounts.disconnect(person, [SITE], 2.0))
        mine = [s for s, row in self.rows.items() if s[0] == person and not row.settled]
        named = [(one.issue_key, one.wish, one.may_land) for one in gone.dropped.votes]
        assert gone.was_connected is (person in self.connected)
        assert named == sorted((key, self.rows[who, key].wish, False) for who, key in mine)
        for whose in mine:
            self.gone(whose)
        self.connected.discard(person)

    def gone(self, whose: Whose) -> None:
        del self.rows[whose]
        self.due.pop(whose, None)
        self.held.pop(whose, None)

    @rule(limit=st.integers(1, 5))
    def claim(self, limit: int) -> None:
        alive = {one.holder for one, _ in self.held.values()}
        taken = self.do(self.store.intents.work.claim(self.now, limit, alive))
        free = {
            whose: at
            for whose, at in self.due.items()
            if self.rows[whose].is_work and whose not in self.held
        }
        ready = {whose for whose, at in free.items() if at <= self.now}
        assert len(taken.held) == min(limit, len(ready))
        for one in taken.held:
            whose = (one.work.person, one.work.issue_key)
            row = self.rows[whose]
            assert whose in ready, "what is held is claimed by nobody else"
            assert (one.work.wish, one.work.state) == (row.wish, row.state)
            self.held[whose] = one, row
            del self.due[whose]
        later = [at for whose, at in free.items() if at > self.now]
        assert taken.next_at == min(later, default=None)

    def is_replaced(self, whose: Whose, row: Row) -> bool:
        return self.rows.get(whose) is not row

    def drawn(self, data: st.DataObject) -> tuple[Whose, Held[Intent], Row]:
        whose = data.draw(st.sampled_from(sorted(self.held, key=str)))
        return whose, *self.held[whose]

    @precondition(lambda self: self.held)
    @rule(data=st.data())
    def settle(self, data: st.DataObject) -> None:
        whose, one, row = self.drawn(data)
        if row.settled:
            return
        outcome = Outcome(issue(1))
        self.do(self.store.intents.settle(one.work, outcome, self.now, self.now))
        if not self.is_replaced(whose, row):
            row.settled = True
            self.due[whose] = self.now

    @precondition(lambda self: self.held)
    @rule(data=st.data(), then=st.sampled_from([Done(), Later(30.0), Again(30.0), Parked()]))
    def put_back(self, data: st.DataObject, then: Next) -> None:
        whose, one, _ = self.drawn(data)
        if isinstance(then, Later):
            then = Later(self.now + 30.0)
        self.do(self.store.intents.work.put_back(one, then, self.now))
        del self.held[whose]
        # What was made due while it was held has the last word.
        if whose not in self.due and not isinstance(then, Parked):
            self.due[whose] = self.now + (1.0 if isinstance(then, Done) else 30.0)

    @precondition(lambda self: self.held)
    @rule(data=st.data())
    def tell(self, data: st.DataObject) -> None:
        whose, one, row = self.drawn(data)
        news = self.do(self.store.intents.told(row.state, one.work.id))
        assert bool(news) == (not self.is_replaced(whose, row) and not row.told)
        row.told = True

    @precondition(lambda self: self.held)
    @rule(data=st.data())
    def forget(self, data: st.DataObject) -> None:
        whose, one, row = self.drawn(data)
        self.do(self.store.intents.forget(one.work.id))
        if not self.is_replaced(whose, row):
            self.gone(whose)

    @rule()
    def sweep(self) -> None:
        self.do(self.store.intents.tidy(self.now))
        for whose, row in self.rows.items():
            if row.state == "unconnected" and row.asked_at <= self.now - KEPT_FOR:
                row.settled = True
                self.due[whose] = self.now
        for clicks in self.clicks.values():
            clicks.seen = {c: then for c, then in clicks.seen.items() if then >= self.now - 3600.0}

    @rule()
    def restart(self) -> None:
        self.store.close()
        self.store = self.do(self.opened())
        self.do(self.store.take_up(self.now))
        # What was held is due at once; what waits goes on waiting.
        for whose in self.held:
            self.due.setdefault(whose, self.now)
        self.held.clear()

    @invariant()
    def the_database_says_what_the_model_says(self) -> None:
        found = {
            (Person(team, user), key): (wish, state, asked_at, bool(told), due_at)
            for team, user, key, wish, state, asked_at, told, due_at in stored.rows(
                self.path,
                "SELECT team_id, user_id, issue_key, wish, state, asked_at, told, due_at"
                " FROM intents",
            )
        }
        assert found == {
            whose: (row.wish, row.state, row.asked_at, row.told, self.due.get(whose))
            for whose, row in self.rows.items()
        }


AnyOrder.TestCase.settings = settings(
    max_examples=tries(15, 200), stateful_step_count=30, deadline=None
)
TestTheNewestWishWinsWhateverTheOrder = AnyOrder.TestCase


@dataclass(frozen=True)
class Tried:
    """Clicks as they were made, and the order in which they arrived, some of them twice."""

    wishes: list[Wish]
    arrivals: list[int]


@st.composite
def tried(draw: st.DrawFn) -> Tried:
    made = draw(st.lists(wishes, min_size=1, max_size=6))
    numbers = list(range(len(made)))
    again = draw(st.lists(st.sampled_from(numbers), max_size=4))
    return Tried(made, draw(st.permutations(numbers + again)))


@given(tried())
@settings(max_examples=tries(20, 200), deadline=None)
def test_whatever_order_clicks_arrive_in_the_last_one_made_stands(tried: Tried) -> None:
    async def arrive(path: Path) -> Wish:
        store = Store(path, [FERNET])
        for number in tried.arrivals:
            wished = Wished(SITE, "PLAT-12", tried.wishes[number])
            await store.intents.press(ADA, wished, HERE, NOW, action_ts=at(NOW + number))
        intent = await only_intent(store, NOW)
        store.close()
        return intent.wish

    with TemporaryDirectory() as folder:
        standing = asyncio.run(arrive(Path(folder) / "pollbot.db"))

    assert standing is tried.wishes[-1]


# Intents


async def test_a_wish_remembers_who_where_and_what(connected: Store) -> None:
    there = Address("C9", "https://hooks.slack.com/1", replaces=True)

    await connected.intents.ask(ADA, Wished(SITE, "PLAT-12", Wish.VOTE), there, NOW)

    intent = await only_intent(connected, NOW)
    assert (intent.person, intent.site, intent.issue_key) == (ADA, SITE, "PLAT-12")
    assert (intent.wish, intent.state, intent.asked_at) == (Wish.VOTE, "queued", NOW)
    assert intent.address == there


async def test_a_newer_wish_is_served_when_the_older_one_is_put_back(connected: Store) -> None:
    await connected.intents.ask(ADA, Wished(SITE, "PLAT-12", Wish.VOTE), HERE, NOW)
    older = await only(connected.intents.work, NOW)

    await connected.intents.ask(ADA, Wished(SITE, "PLAT-12", Wish.WITHDRAW), HERE, NOW + 1)

    assert await held(connected.intents.work, NOW + 1) == [], "one after the other"
    await put_back(connected.intents.work, older, Again(30.0), NOW + 2)
    newer = await only(connected.intents.work, NOW + 2)
    assert (newer.work.wish, newer.attempts) == (Wish.WITHDRAW, 0)


async def test_what_a_crash_left_held_is_due_at_once_after_a_restart(tmp_path: Path) -> None:
    store = Store(tmp_path / "pollbot.db", [FERNET])
    await keep_account(store, ADA, SITE, account(ADA), NOW)
    await store.intents.ask(ADA, Wished(SITE, "PLAT-12", Wish.VOTE), HERE, NOW)
    await store.cards.want(ADA, Wanted("C1", SITE, None, None, "PLAT-12"), NOW)
    await only(store.intents.work, NOW)
    await only(store.cards.work, NOW)
    store.close()

    store = Store(tmp_path / "pollbot.db", [FERNET])
    await store.take_up(NOW + 1)

    assert (await only_intent(store, NOW + 1)).wish is Wish.VOTE
    assert (await only_card(store, NOW + 1)).issue_key == "PLAT-12"
    store.close()


async def test_an_outcome_is_kept_until_its_person_was_told(connected: Store) -> None:
    outcome = Outcome(issue(8, voted=True), Refusal.RESOLVED)
    await connected.intents.ask(ADA, Wished(SITE, "PLAT-12", Wish.VOTE), HERE, NOW)
    one = await only(connected.intents.work, NOW)

    await connected.intents.settle(one.work, outcome, NOW, NOW + 1)

    await put_back(connected.intents.work, one, Done(), NOW + 1)
    settled = await only_intent(connected, NOW + 1)
    assert (settled.state, settled.outcome) == ("settled", outcome)
    await connected.intents.forget(settled.id)
    assert await held(connected.intents.work, NOW + 600) == []


async def test_what_was_told_with_others_is_nobodys_to_tell_again(connected: Store) -> None:
    for key in ("PLAT-12", "PLAT-13"):
        await connected.intents.ask(ADA, Wished(SITE, key, Wish.VOTE), HERE, NOW)
    for one in await held(connected.intents.work, NOW):
        await connected.intents.settle(one.work, Outcome(None), NOW, NOW)
        await put_back(connected.intents.work, one, Done(), NOW)
    first, second = [one.work for one in await held(connected.intents.work, NOW + 1)]

    told = (await connected.intents.claim(first, "", NOW + 1)).intents
    assert {one.id for one in told} == {first.id, second.id}
    assert (await connected.intents.claim(second, "", NOW + 1)).intents == ()
    await connected.intents.forget(*(one.id for one in told))
    assert (await connected.intents.claim(second, "", NOW + 1)).intents == ()


async def test_an_unconnected_wish_is_told_once_and_expires_after_a_day(store: Store) -> None:
    await store.intents.ask(ADA, Wished(SITE, "PLAT-12", Wish.VOTE), HERE, NOW)
    one = await only(store.intents.work, NOW)
    assert one.work.state == "unconnected"

    assert await store.intents.told("unconnected", one.work.id) == {one.work.id}
    assert not await store.intents.told("unconnected", one.work.id)

    await put_back(store.intents.work, one, Done(), NOW)
    assert await held(store.intents.work, NOW + 600) == []
    await store.intents.tidy(NOW + KEPT_FOR - 1)
    assert await held(store.intents.work, NOW + KEPT_FOR) == []
    await store.intents.tidy(NOW + KEPT_FOR)
    expired = await only_intent(store, NOW + KEPT_FOR)
    assert (expired.person, expired.wish, expired.outcome) == (ADA, Wish.VOTE, EXPIRED)


async def test_a_token_that_jira_refuses_stops_all_its_wishes_and_its_owner_is_told_once(
    connected: Store,
) -> None:
    await keep_account(connected, BEN, SITE, account(BEN), NOW)
    for key in KEYS:
        await connected.intents.ask(ADA, Wished(SITE, key, Wish.VOTE), HERE, NOW)
    await connected.intents.ask(BEN, Wished(SITE, "PLAT-12", Wish.VOTE), HERE, NOW)
    claimed = await held(connected.intents.work, NOW)

    for one in claimed:
        if one.work.person == ADA:
            assert await connected.accounts.refused(ADA, SITE, "Basic one", one.work.id, NOW)
        await put_back(connected.intents.work, one, Done(), NOW)

    waiting = await due(connected.intents.work, NOW + 1)
    assert [i.state for i in waiting if i.person == ADA] == ["unconnected"]
    found = await connected.accounts.find(ADA, SITE)
    assert found is not None
    assert found.refused
    freed = await keep_account(connected, ADA, SITE, account(ADA, "Basic two"), NOW)
    assert list(freed.votes) == KEYS


async def test_a_refusal_of_a_token_that_was_replaced_meanwhile_changes_nothing(
    connected: Store,
) -> None:
    await connected.intents.ask(ADA, Wished(SITE, "PLAT-12", Wish.VOTE), HERE, NOW)
    intent = await only_intent(connected, NOW)
    await keep_account(connected, ADA, SITE, account(ADA, "Basic two"), NOW)

    assert not await connected.accounts.refused(ADA, SITE, "Basic one", intent.id, NOW)

    found = await connected.accounts.find(ADA, SITE)
    assert found == account(ADA, "Basic two")


async def test_when_jira_is_back_only_what_failed_is_hurried(connected: Store) -> None:
    for key in KEYS:
        await connected.intents.ask(ADA, Wished(SITE, key, Wish.VOTE), HERE, NOW)
    first, second = await held(connected.intents.work, NOW)
    await put_back(connected.intents.work, first, Again(30.0), NOW)
    await put_back(connected.intents.work, second, Later(NOW + 5), NOW)

    assert await connected.intents.hurry(SITE, NOW + 1) == 1

    assert (await only_intent(connected, NOW + 1)).id == first.work.id


# Cards


async def card_in(store: Store, channel: str = "C1") -> Card:
    """Ask for a card of PLAT-12, which is posted and drawn."""
    await store.cards.want(ADA, Wanted(channel, SITE, None, None, "PLAT-12"), NOW)
    one = await only(store.cards.work, NOW)
    await store.cards.keep_issue(one.work.id, issue(7), NOW)
    await store.cards.posted(one.work, channel, f"ts-{channel}", NOW)
    await put_back(store.cards.work, one, Done(), NOW)
    return one.work


async def counted(store: Store, votes: int, read_at: float, key: str = "PLAT-12") -> None:
    """Let a vote of Ben's be counted, with the count read back at that time."""
    await store.intents.ask(BEN, Wished(SITE, key, Wish.VOTE), HERE, read_at)
    waiting = await due(store.intents.work, read_at)
    intent = next(i for i in waiting if (i.person, i.issue_key) == (BEN, key))
    seen = issue(votes, key, voted=True, voters=("Ben of Jira",))
    await store.intents.settle(intent, Outcome(seen), read_at, read_at)
    await store.intents.forget(intent.id)


async def test_the_same_command_delivered_twice_asks_for_one_card(store: Store) -> None:
    for _ in range(2):
        await store.cards.want(ADA, Wanted("C1", SITE, None, "trigger-1", "PLAT-12"), NOW)
    assert len(await held(store.cards.work, NOW)) == 1

    await store.cards.want(ADA, Wanted("C1", SITE, None, "trigger-2", "PLAT-12"), NOW)

    assert len(await held(store.cards.work, NOW)) == 1


async def test_a_counted_vote_changes_every_card_of_the_issue_and_no_other(store: Store) -> None:
    await card_in(store, "C1")
    await card_in(store, "C2")
    assert await held(store.cards.work, NOW) == []

    await counted(store, 1, NOW + 1, "PLAT-13")
    assert await held(store.cards.work, NOW + 1) == []
    await counted(store, 8, NOW + 2)

    cards = await due(store.cards.work, NOW + 2)
    assert {card.channel_id for card in cards} == {"C1", "C2"}
    assert [card.issue for card in cards] == [issue(8)] * 2, "with no names, and nobody's own vote"


async def test_a_change_during_a_drawing_causes_one_more_drawing(store: Store) -> None:
    await card_in(store)
    await counted(store, 8, NOW + 1)
    one = await only(store.cards.work, NOW + 1)

    await counted(store, 9, NOW + 2)
    await store.cards.drawn(one.work)
    await put_back(store.cards.work, one, Done(NOW + 3), NOW + 2)

    assert await next_due(store.cards.work, NOW + 2) == NOW + 3
    again = await only(store.cards.work, NOW + 3)
    assert again.work.issue == issue(9)
    await store.cards.drawn(again.work)
    await put_back(store.cards.work, again, Done(NOW + 4), NOW + 3)
    assert await held(store.cards.work, NOW + 4) == []


async def test_a_vote_counted_while_a_card_is_being_posted_is_drawn_afterwards(
    store: Store,
) -> None:
    await store.cards.want(ADA, Wanted("C1", SITE, None, None, "PLAT-12"), NOW)
    one = await only(store.cards.work, NOW)
    await store.cards.keep_issue(one.work.id, issue(7), NOW)

    await counted(store, 8, NOW + 1)
    await store.cards.posted(one.work, "C1", "ts", NOW + 1)
    await put_back(store.cards.work, one, Done(NOW + 2), NOW + 1)

    again = await only_card(store, NOW + 2)
    assert again.issue == issue(8)


async def test_a_vote_whose_new_count_could_not_be_read_still_has_its_cards_drawn_again(
    store: Store,
) -> None:
    await card_in(store)
    await store.intents.ask(BEN, Wished(SITE, "PLAT-12", Wish.VOTE), HERE, NOW)
    intent = await only_intent(store, NOW)

    await store.intents.settle(intent, Outcome(None), NOW + 1, NOW + 1)

    assert (await only_card(store, NOW + 1)).issue_key == "PLAT-12"


@given(st.permutations(range(1, 7)))
@settings(max_examples=tries(10, 100), deadline=None)
def test_a_card_shows_the_reading_that_was_made_last_whatever_order_they_arrive_in(
    moments: list[int],
) -> None:
    async def read(path: Path) -> Issue | None:
        store = Store(path, [FERNET])
        await card_in(store)
        for moment in moments:
            await counted(store, 7 + moment, NOW + moment)
        card = await only_card(store, NOW + 10)
        store.close()
        return card.issue

    with TemporaryDirectory() as folder:
        shown = asyncio.run(read(Path(folder) / "pollbot.db"))

    assert shown == issue(7 + 6)


async def test_a_reading_of_the_poster_never_takes_the_place_of_a_later_one(store: Store) -> None:
    card = await card_in(store)
    await counted(store, 8, NOW + 2)

    assert await store.cards.keep_issue(card.id, issue(7), NOW + 1) == issue(8)
    assert await store.cards.keep_issue(card.id, issue(9), NOW + 3) == issue(9)


async def test_the_card_that_waited_longest_is_drawn_first(store: Store) -> None:
    for n, channel in enumerate(["C1", "C2", "C3"]):
        await store.cards.want(ADA, Wanted(channel, SITE, None, None, "PLAT-12"), NOW - n)

    first = await held(store.cards.work, NOW, 2)

    assert sorted(one.work.channel_id for one in first) == ["C2", "C3"]
    assert (await only_card(store, NOW)).channel_id == "C1"


async def test_a_forgotten_card_is_drawn_no_more(store: Store) -> None:
    card = await card_in(store)

    await store.cards.forget(card.id)
    await counted(store, 8, NOW + 1)

    assert await held(store.cards.work, NOW + 600) == []
