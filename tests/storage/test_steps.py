"""Watching an anonymous poll tells of nobody: its split moves in steps, and is exact at the end."""

import asyncio
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from cryptography.fernet import Fernet
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pollbot.domain.kept import Kept
from pollbot.domain.people import Person
from pollbot.domain.polls import Option, Poll, PollSettings, choose_exactly
from pollbot.domain.tally import Results, results
from pollbot.storage.store import Store
from tests.torture import tries

NOW, POLL = 1_700_000_000.0, "p1"
KEY = Fernet.generate_key().decode()
PEOPLE = [Person("T1", f"U{n}") for n in range(8)]
OPTIONS = tuple(Option(str(n), f"Option {n}", n) for n in (1, 2, 3))

Moment = tuple[frozenset[str], ...]
"""What each of the people has chosen."""
Seen = tuple[tuple[str, int], ...]
"""Options with their answers, as somebody saw them."""

DEEDS = st.one_of(
    st.tuples(st.integers(0, 7), st.sets(st.sampled_from("123"), max_size=2).map(frozenset)),
    st.just("look"),
    st.just("restart"),
    st.just("edit"),
)


def a_poll(*, several: bool) -> Kept:
    given = PollSettings(names=False, several=several, comments=True)
    poll = Poll(POLL, "Leaving?", "", OPTIONS, given, created_by="U0CREATOR")
    return Kept(poll, "T1", "https://acme.example", "plain", "", NOW)


async def look(store: Store) -> Results:
    kept = await store.polls.find("T1", POLL)
    part, split = await store.answers.seen(kept, NOW)
    return results(kept.poll, part, None, NOW, split=split)


def seen(shown: Results) -> Seen:
    return tuple((line.option.id, line.answers) for line in shown.lines if line.answers)


def counted(moment: Moment) -> Seen:
    given = [option for chosen in moment for option in chosen]
    return tuple((one, given.count(one)) for one in "123" if one in given)


def differing(one: Moment, other: Moment) -> int:
    return sum(a != b for a, b in zip(one, other, strict=True))


@given(st.lists(DEEDS, min_size=12, max_size=60), st.booleans())
@example([(n, frozenset("1")) for n in range(5)], False)
@example([(n, frozenset("12")) for n in range(5)], True)
@settings(max_examples=tries(40, 1000), deadline=None)
def test_no_two_splits_that_anybody_sees_differ_by_fewer_than_three_people(
    deeds: list[object], several: bool
) -> None:
    with TemporaryDirectory() as folder:
        asyncio.run(_watched(Path(folder) / "pollbot.db", deeds, several))


async def _watched(path: Path, deeds: list[object], several: bool) -> None:
    store = Store(path, [KEY])
    await store.polls.add(a_poll(several=several))
    now: Moment = (frozenset(),) * len(PEOPLE)
    # Each split that was seen, with what was true whenever it came in the place of another.
    sights: dict[Seen, set[Moment]] = {(): {now}}
    last: Seen = ()
    for deed in deeds:
        kept = await store.polls.find("T1", POLL)
        match deed:
            case (int(who), frozenset() as wanted):
                live = {option.id for option in kept.poll.live}
                wanted = frozenset(sorted(wanted & live)[: None if several else 1])
                await answer(store, PEOPLE[who], wanted)
                now = (*now[:who], wanted, *now[who + 1 :])
            case "restart":
                store.close()
                store = Store(path, [KEY])
            case "edit":
                gone = {"2"} if len(kept.poll.live) == 3 else set()
                await store.polls.change(
                    kept,
                    NOW,
                    title="Leaving?",
                    description="",
                    options=tuple(one for one in OPTIONS if one.id not in gone),
                    settings=kept.poll.settings,
                )
        shown = await look(store)
        assert shown.people == sum(map(bool, now)), "how many answered is exact"
        sight = tuple(sorted(seen(shown)))
        if sight != last:
            assert sight == counted(now), "a split is true when it comes"
            sights.setdefault(sight, set()).add(now)
            last = sight
    for one in sights:
        for other in sights.keys() - {one}:
            pairs = [differing(a, b) for a in sights[one] for b in sights[other]]
            assert min(pairs) >= 3, (one, other)
    await store.polls.close("T1", POLL, NOW)
    final = await look(store)
    answered = sum(map(bool, now))
    exact = counted(now) if answered == 0 or answered >= 3 else ()
    assert tuple(sorted(seen(final))) == exact, "the final one is exact"
    store.close()


async def test_the_split_moves_with_the_third_new_answer_and_survives_a_restart(
    tmp_path: Path,
) -> None:
    store = Store(tmp_path / "pollbot.db", [KEY])
    await store.polls.add(a_poll(several=False))
    told = []
    for who, option in zip(PEOPLE, "11231122", strict=True):
        await answer(store, who, option)
        store.close()
        store = Store(tmp_path / "pollbot.db", [KEY])
        told.append(seen(await look(store)))
    store.close()

    third, sixth = (("1", 2), ("2", 1)), (("1", 4), ("2", 1), ("3", 1))
    assert told == [(), (), third, third, third, sixth, sixth, sixth]


async def test_new_comments_are_seen_three_at_once_and_all_at_the_close(tmp_path: Path) -> None:
    store = Store(tmp_path / "pollbot.db", [KEY])
    await store.polls.add(a_poll(several=False))
    numbers = []
    for who in PEOPLE:
        await answer(store, who, "1")
    for who in PEOPLE:
        await answer(store, who, "1", comment=f"said by {who.user_id}")
        numbers.append(len((await look(store)).comments))
    await store.polls.close("T1", POLL, NOW)
    numbers.append(len((await look(store)).comments))
    store.close()

    assert numbers == [0, 0, 3, 3, 3, 6, 6, 6, 8]


async def test_names_that_are_given_up_count_as_seen(tmp_path: Path) -> None:
    store = Store(tmp_path / "pollbot.db", [KEY])
    kept = a_poll(several=False)
    named = replace(kept.poll.settings, names=True)
    await store.polls.add(replace(kept, poll=replace(kept.poll, settings=named)))
    for who in PEOPLE[:4]:
        await answer(store, who, "1")
    kept = await store.polls.find("T1", POLL)
    await store.polls.change(
        kept,
        NOW,
        title="Leaving?",
        description="",
        options=OPTIONS,
        settings=replace(named, names=False),
    )
    await answer(store, PEOPLE[4], "2")

    shown = await look(store)

    assert (seen(shown), shown.answers) == ((("1", 4),), 5)
    store.close()


async def answer(
    store: Store, who: Person, wanted: Iterable[str], comment: str | None = None
) -> None:
    await store.answers.answer(
        who,
        POLL,
        lambda poll, mine: choose_exactly(poll, mine, wanted, NOW),
        NOW,
        comment=comment,
    )
