"""Answers in the store: counted like a plain model counts, and tied to nobody where promised."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from cryptography.fernet import Fernet
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pollbot.cards.rows import Wanted
from pollbot.database import Store
from pollbot.errors import PollbotError, PollGone
from pollbot.people import Person, Pressed
from pollbot.polls.answers.rows import Change
from pollbot.polls.kept import Answered, Kept
from pollbot.polls.refusals import AnswerFinal, NoSuchOption, OneAnswerOnly, PollClosed
from pollbot.polls.rules import (
    Answer,
    Definition,
    Option,
    Poll,
    PollSettings,
    choose,
    choose_exactly,
)
from tests.support import stored
from tests.support.held import only
from tests.support.torture import tries

NOW = 1_700_000_000.0
FERNET = Fernet.generate_key().decode()
PEOPLE = [Person("T1", "U0ADA"), Person("T1", "U0BEN"), Person("T1", "U0CLEO")]
ADA, BEN, CLEO = PEOPLE
POLL = "p1"


def a_poll(now: float = NOW, **changes: Any) -> Kept:
    options = tuple(Option(str(n), f"Option {n}", n) for n in (1, 2, 3))
    given = PollSettings(**changes)
    poll = Poll(POLL, "Lunch?", "", options, given, created_by="U0CREATOR")
    return Kept(poll, "T1", "https://acme.example", "plain", "", now)


@dataclass
class Desk:
    """A store with one poll, and short ways to answer it."""

    store: Store

    async def click(self, who: Person, option: str, stamp: int, now: float = NOW) -> Answered:
        return await self._answer(who, lambda p, mine: choose(p, mine, option, now), stamp, now)

    async def exactly(
        self, who: Person, options: Iterable[str], stamp: int, now: float = NOW
    ) -> Answered:
        wanted = frozenset(options)
        return await self._answer(
            who, lambda p, mine: choose_exactly(p, mine, wanted, now), stamp, now, switch=False
        )

    async def say(self, who: Person, comment: str) -> Answered:
        return await self.store.answers.answer(
            who, POLL, Change(lambda _, mine: mine, comment), NOW
        )

    async def edit(self, options: Iterable[tuple[str, str]], now: float = NOW, **more: Any) -> Kept:
        kept = await self.store.polls.find("T1", POLL)
        return await self.store.polls.change(
            kept,
            now,
            Definition(
                "Dinner?",
                "",
                tuple(Option(id_, text, n) for n, (id_, text) in enumerate(options)),
                replace(kept.poll.settings, **more),
            ),
        )

    async def counted(self) -> tuple[dict[str, int], int | None]:
        part = await self.store.answers.counted(await self.store.polls.find("T1", POLL))
        return dict(part.counts), part.people

    async def _answer(
        self,
        who: Person,
        rule: Callable[[Poll, Answer], Answer],
        stamp: int,
        now: float,
        *,
        switch: bool = True,
    ) -> Answered:
        return await self.store.answers.answer(
            who, POLL, Change(rule, switch=switch), now, action_ts=f"{NOW + stamp:.6f}"
        )


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    store = Store(tmp_path / "pollbot.db", [FERNET])
    yield store
    store.close()


@pytest.fixture
def desk(store: Store) -> Desk:
    return Desk(store)


def rows(path: Path, table: str) -> list[tuple[Any, ...]]:
    """Return rows as another program would read them."""
    return stored.rows(path, f"SELECT * FROM {table}")  # noqa: S608  names of tables


# Any order of anything counts like a plain model


@dataclass(frozen=True)
class Click:
    who: int
    option: str
    stamp: int


@dataclass(frozen=True)
class Exactly:
    who: int
    options: frozenset[str]
    stamp: int


@dataclass(frozen=True)
class Edit:
    ids: tuple[str, ...]
    several: bool
    changeable: bool
    names: bool


@dataclass(frozen=True)
class Close:
    pass


@dataclass(frozen=True)
class Delete:
    pass


@dataclass(frozen=True)
class Later:
    seconds: float


Deed = Click | Exactly | Edit | Close | Delete | Later

IDS = ("1", "2", "3", "4")
PEOPLE_, STAMPS = st.integers(0, 2), st.integers(1, 30)
DEEDS: st.SearchStrategy[Deed] = st.one_of(
    st.builds(Click, PEOPLE_, st.sampled_from(IDS), STAMPS),
    st.builds(Click, PEOPLE_, st.sampled_from(IDS), STAMPS),
    st.builds(Click, PEOPLE_, st.sampled_from(IDS), STAMPS),
    st.builds(Exactly, PEOPLE_, st.frozensets(st.sampled_from(IDS), max_size=3), STAMPS),
    st.builds(
        Edit,
        st.lists(st.sampled_from(IDS), min_size=2, unique=True).map(tuple),
        st.booleans(),
        st.booleans(),
        st.booleans(),
    ),
    st.builds(Later, st.sampled_from([1.0, 20.0])),
)
ENDS: st.SearchStrategy[Deed] = st.sampled_from([Close(), Delete()])


@st.composite
def lives(draw: st.DrawFn) -> list[Deed]:
    """Return what happens to a poll; most of it while it is open."""
    begun = draw(st.lists(DEEDS, max_size=30))
    return begun + draw(st.lists(ENDS | DEEDS, max_size=5))


@dataclass
class Model:
    """What the store should hold, as plainly as it can be said."""

    several: bool
    changeable: bool
    names: bool
    ends_at: float | None
    live: set[str] = field(default_factory=lambda: {"1", "2", "3"})
    chosen: dict[int, set[str]] = field(default_factory=dict)
    handled: list[tuple[int, int, bool]] = field(default_factory=list)
    closed: bool = False
    deleted: bool = False

    def is_over(self, now: float) -> bool:
        return self.closed or (self.ends_at is not None and now >= self.ends_at)

    def answer(self, deed: Click | Exactly, now: float) -> type[Exception] | None:
        """Take one click; return the refusal it earns."""
        if self.deleted:
            return PollGone
        if self.closed and not self.names:
            return PollClosed
        switches = isinstance(deed, Click) and self.several
        for who, stamp, switched in self.handled:
            later = stamp > deed.stamp and not (switches and switched)
            if who == deed.who and (stamp == deed.stamp or later):
                return None
        if self.is_over(now):
            return PollClosed
        wanted = {deed.option} if isinstance(deed, Click) else set(deed.options)
        if not wanted <= self.live:
            return NoSuchOption
        standing = self.chosen.get(deed.who, set()) & self.live
        if switches:
            wanted = standing ^ wanted
        elif len(wanted) > 1 and not self.several:
            return OneAnswerOnly
        if not self.changeable and not standing <= wanted:
            return AnswerFinal
        self.handled.append((deed.who, deed.stamp, switches))
        self.chosen[deed.who] = wanted
        return None

    def edit(self, deed: Edit) -> None:
        self.live = set(deed.ids)
        self.several, self.changeable = deed.several, deed.changeable
        if self.names and not deed.names:
            self.names = False
        elif not self.names and deed.names and not any(self.chosen.values()):
            self.names = True
            self.handled = []  # it was kept under a key that is gone

    def counts(self) -> tuple[dict[str, int], int]:
        given = [choice for choices in self.chosen.values() for choice in choices]
        return {id_: given.count(id_) for id_ in set(given)}, sum(map(bool, self.chosen.values()))


@given(
    deeds=lives(),
    several=st.booleans(),
    changeable=st.booleans(),
    names=st.booleans(),
    ends=st.booleans(),
)
@example([Click(0, "1", 2), Click(0, "2", 1)], True, True, True, False)
@example([Click(0, "1", 2), Click(0, "2", 1)], False, True, True, False)
@example([Exactly(0, frozenset(), 2), Click(0, "2", 1)], True, True, False, False)
@example(
    [Click(0, "1", 1), Edit(("1", "2"), True, True, False), Click(0, "1", 1)],
    True,
    True,
    True,
    False,
)
@settings(max_examples=tries(30, 300), deadline=None)
def test_any_order_of_anything_counts_like_a_plain_model(
    deeds: list[Deed], several: bool, changeable: bool, names: bool, ends: bool
) -> None:
    ends_at = NOW + 100.0 if ends else None
    model = Model(several, changeable, names, ends_at)
    first = a_poll(
        several=several, changeable=changeable, names=names, ends_at=ends_at, closes_at_end=ends
    )

    with TemporaryDirectory() as folder:
        asyncio.run(_same(Path(folder), first, deeds, model))


async def _same(folder: Path, first: Kept, deeds: list[Deed], model: Model) -> None:
    store = Store(folder / "pollbot.db", [FERNET])
    desk, now = Desk(store), NOW
    try:
        await store.polls.add(first)
        for deed in deeds:
            now = now + deed.seconds if isinstance(deed, Later) else now
            expected = _in_model(model, deed, now)
            assert await _in_store(desk, deed, now) is expected, deed
            assert await desk.counted() == model.counts(), deed
            kept = await store.polls.find("T1", POLL)
            assert kept.poll.settings.names == model.names, deed
        for who, person in enumerate(PEOPLE):
            mine = (await store.answers.mine(person, POLL)).after
            known = model.names or not (model.closed or model.deleted)
            assert mine == (model.chosen.get(who, set()) if known else set())
    finally:
        store.close()


def _in_model(model: Model, deed: Deed, now: float) -> type[Exception] | None:
    over = model.deleted or model.is_over(now)
    match deed:
        case Click() | Exactly():
            return model.answer(deed, now)
        case Edit() if not over:
            model.edit(deed)
        case Close() if over:
            return PollClosed
        case Close():
            model.closed = True
            if not model.names:
                model.handled = []  # they were kept under a key that is gone
        case Delete():
            model.deleted, model.chosen, model.handled = True, {}, []
    return None


async def _in_store(desk: Desk, deed: Deed, now: float) -> type[Exception] | None:
    try:
        match deed:
            case Click(who, option, stamp):
                await desk.click(PEOPLE[who], option, stamp, now)
            case Exactly(who, options, stamp):
                await desk.exactly(PEOPLE[who], options, stamp, now)
            case Edit(ids, several, changeable, names):
                if (await desk.store.polls.find("T1", POLL)).poll.is_open(now):
                    await desk.edit(
                        [(id_, f"Option {id_}") for id_ in ids],
                        now,
                        several=several,
                        changeable=changeable,
                        names=names,
                    )
            case Close():
                await desk.store.polls.close("T1", POLL, now)
            case Delete():
                await desk.store.polls.delete("T1", POLL, now)
    except PollbotError as error:
        return type(error)
    return None


# One by one


async def test_two_quick_clicks_both_count_whichever_comes_first(desk: Desk) -> None:
    await desk.store.polls.add(a_poll(several=True))

    await desk.click(ADA, "2", stamp=2)
    await desk.click(ADA, "1", stamp=1)

    assert (await desk.store.answers.mine(ADA, POLL)).after == {"1", "2"}


async def test_a_click_that_comes_after_a_newer_withdrawal_is_left_out(desk: Desk) -> None:
    await desk.store.polls.add(a_poll(several=True))
    await desk.exactly(ADA, [], stamp=2)

    late = await desk.click(ADA, "1", stamp=1)

    assert late.repeated
    assert await desk.counted() == ({}, 0)


async def test_the_same_click_again_is_known_after_an_edit(desk: Desk) -> None:
    await desk.store.polls.add(a_poll(several=True))
    await desk.click(ADA, "1", stamp=1)
    await desk.edit([("1", "Option 1"), ("2", "Option 2")], several=False)
    await desk.exactly(ADA, ["2"], stamp=2)

    again = await desk.click(ADA, "1", stamp=1)

    assert again.repeated
    assert await desk.counted() == ({"2": 1}, 1)


async def test_many_at_once_are_all_counted(desk: Desk) -> None:
    await desk.store.polls.add(a_poll())
    crowd = [Person("T1", f"U{n}") for n in range(200)]

    await asyncio.gather(*(desk.click(who, str(1 + n % 3), stamp=n) for n, who in enumerate(crowd)))

    assert await desk.counted() == ({"1": 67, "2": 67, "3": 66}, 200)


async def test_people_of_another_team_do_not_reach_the_poll(desk: Desk) -> None:
    await desk.store.polls.add(a_poll())

    with pytest.raises(PollGone):
        await desk.click(Person("T2", "U0ADA"), "1", stamp=1)


async def test_an_answered_option_stays_as_removed_and_can_come_back(desk: Desk) -> None:
    await desk.store.polls.add(a_poll())
    await desk.click(ADA, "2", stamp=1)

    without = await desk.edit([("1", "One"), ("3", "Three")])
    with_it = await desk.edit([("1", "One"), ("2", "Two again"), ("3", "Three")])

    assert without.poll.option("2") == Option("2", "Option 2", 2, removed=True)
    again = Option("2", "Two again", 1, edited=True)
    assert with_it.poll.option("2") == again
    assert await desk.counted() == ({"2": 1}, 1)


async def test_what_was_removed_is_given_up_by_the_next_answer(desk: Desk) -> None:
    await desk.store.polls.add(a_poll(changeable=False))
    await desk.click(ADA, "2", stamp=1)
    await desk.edit([("1", "One"), ("3", "Three")])

    await desk.click(ADA, "1", stamp=2)

    assert await desk.counted() == ({"1": 1}, 1)


async def test_the_same_request_for_a_poll_makes_one(desk: Desk) -> None:
    first = await desk.store.polls.add(a_poll(), "V1")
    other = a_poll()

    again = await desk.store.polls.add(replace(other, poll=replace(other.poll, id="p2")), "V1")

    assert (first, again) == (POLL, POLL)
    with pytest.raises(PollGone):
        await desk.store.polls.find("T1", "p2")


async def test_a_poll_that_failed_elsewhere_can_be_asked_for_again(desk: Desk) -> None:
    await desk.store.polls.start(a_poll(), "V1")
    await desk.store.polls.drop(POLL)

    assert await desk.store.polls.start(a_poll(), "V1") == POLL
    assert (await desk.store.polls.find("T1", POLL)).poll.title == "Lunch?"


# Anonymous


def tied(path: Path) -> list[str]:
    """Return what of the readable rows names one of the people who answer."""
    found = []
    for table in ("answers", "comments", "deliveries", "cards", "poll_keys", "polls"):
        found += [
            f"{table}: {row}"
            for row in rows(path, table)
            if any(person.user_id in str(row) for person in PEOPLE)
        ]
    return found


async def test_an_anonymous_poll_names_nobody(desk: Desk, tmp_path: Path) -> None:
    await desk.store.polls.add(a_poll(names=False))

    for n, person in enumerate(PEOPLE):
        await desk.click(person, "1", stamp=n)
        await desk.say(person, "yes")

    assert tied(tmp_path / "pollbot.db") == []
    part = await desk.store.answers.counted(await desk.store.polls.find("T1", POLL))
    assert (dict(part.counts), part.people, dict(part.names)) == ({"1": 3}, 3, {})
    assert await desk.exactly(BEN, [], stamp=9) is not None
    assert await desk.counted() == ({"1": 2}, 2)


async def test_a_forgotten_card_of_an_anonymous_poll_does_not_name_who_pressed_it(
    desk: Desk, tmp_path: Path
) -> None:
    await desk.store.polls.add(a_poll(names=False))
    pressed = Pressed("card1", "C1", "1.000001", "https://hooks.example/1", poll_id=POLL)

    await desk.store.presses.keep(BEN, "https://jira.test", pressed, NOW)
    await desk.store.answers.answer(
        BEN, POLL, Change(lambda _, mine: mine | {"1"}), NOW, action_ts="1.000002"
    )

    assert [row[0] for row in rows(tmp_path / "pollbot.db", "cards")] == ["card1"]
    assert tied(tmp_path / "pollbot.db") == []
    card = (await only(desk.store.cards.work, NOW)).work
    assert card.posted_by == Person("T1", "U0CREATOR")


@pytest.mark.parametrize("how", ["closed", "ended", "deleted"])
async def test_afterwards_nothing_ties_answers_to_people(
    desk: Desk, tmp_path: Path, how: str
) -> None:
    await desk.store.polls.add(a_poll(names=False, ends_at=NOW + 60, closes_at_end=True))
    await desk.click(ADA, "1", stamp=1)
    await desk.say(ADA, "yes")
    path = tmp_path / "pollbot.db"
    assert rows(path, "poll_keys") != []

    if how == "closed":
        await desk.store.polls.close("T1", POLL, NOW)
    elif how == "ended":
        assert await desk.store.polls.ended(NOW + 61) == [POLL]
    else:
        await desk.store.polls.delete("T1", POLL, NOW)

    assert rows(path, "poll_keys") == []
    assert [row for row in rows(path, "deliveries") if "poll" in str(row)] == []
    mine = await desk.store.answers.mine(ADA, POLL)
    assert (mine.after, mine.comment) == (frozenset(), "")


async def test_two_anonymous_polls_know_a_person_by_different_names(
    desk: Desk, tmp_path: Path
) -> None:
    other = a_poll(names=False)
    await desk.store.polls.add(other)
    await desk.store.polls.add(replace(other, poll=replace(other.poll, id="p2")))

    await desk.click(ADA, "1", stamp=1)
    await desk.store.answers.answer(ADA, "p2", Change(lambda _, mine: mine | {"1"}), NOW)

    assert len({row[1] for row in rows(tmp_path / "pollbot.db", "answers")}) == 2


async def test_switching_names_off_rewrites_the_rows_and_keeps_the_answers(
    desk: Desk, tmp_path: Path
) -> None:
    await desk.store.polls.add(a_poll())
    for n, person in enumerate(PEOPLE):
        await desk.click(person, "1", stamp=n)
        await desk.say(person, "yes")
    assert len(tied(tmp_path / "pollbot.db")) == 9

    await desk.edit([("1", "One"), ("2", "Two")], names=False)

    assert tied(tmp_path / "pollbot.db") == []
    mine = await desk.store.answers.mine(BEN, POLL)
    assert (set(mine.after), mine.comment) == ({"1"}, "yes")
    await desk.click(BEN, "2", stamp=9)
    assert await desk.counted() == ({"1": 2, "2": 1}, 3)


@pytest.mark.parametrize("said", ["an answer", "a comment"])
async def test_names_are_not_switched_on_once_somebody_spoke_without_one(
    desk: Desk, said: str
) -> None:
    await desk.store.polls.add(a_poll(names=False, comments=True))
    await (desk.click(ADA, "1", stamp=1) if said == "an answer" else desk.say(ADA, "yes"))

    changed = await desk.edit([("1", "One"), ("2", "Two")], names=True)

    assert not changed.poll.settings.names
    mine = await desk.store.answers.mine(ADA, POLL)
    assert (mine.after, mine.comment) != (frozenset(), "")


async def test_names_may_be_switched_on_while_nobody_has_spoken(desk: Desk, tmp_path: Path) -> None:
    await desk.store.polls.add(a_poll(names=False))
    await desk.click(ADA, "1", stamp=1)
    await desk.exactly(ADA, [], stamp=2)

    changed = await desk.edit([("1", "One"), ("2", "Two")], names=True)
    await desk.click(BEN, "1", stamp=3)

    assert changed.poll.settings.names
    part = await desk.store.answers.counted(changed)
    assert dict(part.names) == {"1": (BEN.user_id,)}
    assert rows(tmp_path / "pollbot.db", "poll_keys") == []


# A comment


async def test_a_comment_is_one_per_person_and_empty_is_none(desk: Desk) -> None:
    await desk.store.polls.add(a_poll(comments=True))

    await desk.say(ADA, "one")
    await desk.say(ADA, "two")
    await desk.say(BEN, "three")
    await desk.say(BEN, "")

    kept = await desk.store.polls.find(ADA.team_id, POLL)
    part = await desk.store.answers.counted(kept)
    assert part.comments == ((ADA.user_id, "two"),)
    assert await desk.counted() == ({}, 0)


async def test_plain_polls_are_listed_for_their_channel_and_their_creator(store: Store) -> None:
    await store.polls.add(a_poll())
    await store.cards.want(
        Person("T1", "U0CREATOR"),
        Wanted("C1", "https://acme.example", None, None, poll_id=POLL),
        NOW,
    )

    async def listed(who: Person, channel: str) -> list[str]:
        page = await store.polls.plain(who, channel, NOW, 0, 20)
        return [kept.poll.id for kept in page.polls]

    assert await listed(ADA, "C1") == [POLL]
    assert await listed(ADA, "C2") == []
    assert await listed(Person("T1", "U0CREATOR"), "C2") == [POLL]
    assert await listed(Person("T2", "U0CREATOR"), "C1") == []
