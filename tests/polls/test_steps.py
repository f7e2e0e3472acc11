"""Watching an anonymous poll tells of nobody: its split moves in steps, and is exact at the end."""

import asyncio
import json
import os
import sqlite3
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from cryptography.fernet import Fernet
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sqlite_utils import Database

from pollbot.database import Store
from pollbot.people import Person
from pollbot.polls.answers.rows import Change
from pollbot.polls.kept import Kept
from pollbot.polls.rules import Definition, Option, Poll, PollSettings, choose_exactly
from pollbot.polls.tally import Part, Results, results
from pollbot.store.migrations import migrations
from pollbot.store.vault import Vault
from tests.support.crowds import DEEDS, NOBODY, Back, Moment, Together, after, counted, differing
from tests.support.thief import pseudonym
from tests.support.torture import tries

NOW, POLL = 1_700_000_000.0, "p1"
KEY = Fernet.generate_key().decode()
PEOPLE = [Person("T1", f"U{n}") for n in range(8)]
OPTIONS = tuple(Option(str(n), f"Option {n}", n) for n in (1, 2, 3))

Seen = tuple[tuple[str, int], ...]
"""Options with their answers, as somebody saw them."""

ONE, TWO = frozenset("1"), frozenset("2")
STORIES = st.lists(
    st.one_of(DEEDS, DEEDS, DEEDS, st.just("restart"), st.just("edit")), min_size=15, max_size=40
)


def a_poll(*, several: bool) -> Kept:
    given = PollSettings(names=False, several=several, comments=True)
    poll = Poll(POLL, "Leaving?", "", OPTIONS, given, created_by="U0CREATOR")
    return Kept(poll, "T1", "https://acme.example", "plain", "", NOW)


async def look(store: Store, poll_id: str = POLL) -> Results:
    kept = await store.polls.find("T1", poll_id)
    part, split = await store.answers.seen(kept, NOW)
    return results(kept.poll, part, kept.jira_part, NOW, split=split)


def seen(shown: Results) -> Seen:
    return tuple((line.option.id, line.answers) for line in shown.lines if line.answers)


def split(moment: Moment) -> Seen:
    return tuple(sorted(counted(moment).counts.items()))


@given(STORIES, st.booleans())
@example([Together(n, 1, frozenset("1")) for n in range(5)], False)
@example([Together(n, 1, frozenset("12")) for n in range(5)], True)
@example([Together(0, 4, ONE), Together(0, 4, TWO), Back(1, 4, ONE)], False)
@example(
    [
        Together(0, 1, frozenset("3")),
        Together(3, 2, ONE),
        Together(0, 3, ONE),
        Together(2, 2, frozenset("13")),
        Together(0, 3, frozenset()),
    ],
    True,
)
@settings(max_examples=tries(12, 1000), deadline=None)
def test_no_two_splits_that_anybody_sees_differ_by_fewer_than_three_people(
    deeds: list[object], several: bool
) -> None:
    with TemporaryDirectory() as folder:
        asyncio.run(_watched(Path(folder) / "pollbot.db", deeds, several))


async def _watched(path: Path, deeds: list[object], several: bool) -> None:
    store = Store(path, [KEY])
    await store.polls.add(a_poll(several=several))
    so_far: list[Moment] = [NOBODY]
    # Each split that was seen, with what was true whenever it came in the place of another.
    sights: dict[Seen, set[Moment]] = {(): {NOBODY}}
    last: Seen = ()
    for deed in deeds:
        kept = await store.polls.find("T1", POLL)
        match deed:
            case Together() | Back():
                live = {option.id for option in kept.poll.live}
                wished = after(deed, so_far)
                for place, (who, before) in enumerate(zip(PEOPLE, so_far[-1], strict=True)):
                    # What is removed can be kept, but not chosen.
                    wanted = frozenset(sorted(wished[place] & live)[: None if several else 1])
                    if wished[place] == before:
                        wanted = before
                    else:
                        await answer(store, who, wanted)
                    wished = (*wished[:place], wanted, *wished[place + 1 :])
                so_far.append(wished)
            case "restart":
                store.close()
                store = Store(path, [KEY])
            case "edit":
                gone = {"2"} if len(kept.poll.live) == 3 else set()
                await store.polls.change(
                    kept,
                    NOW,
                    Definition(
                        "Leaving?",
                        "",
                        tuple(one for one in OPTIONS if one.id not in gone),
                        kept.poll.settings,
                    ),
                )
        now = so_far[-1]
        shown = await look(store)
        assert shown.people == sum(map(bool, now)), "how many answered is exact"
        sight = tuple(sorted(seen(shown)))
        if sight != last:
            assert sight == split(now), "a split is true when it comes"
            sights.setdefault(sight, set()).add(now)
            last = sight
    for one in sights:
        for other in sights.keys() - {one}:
            pairs = [differing(a, b) for a in sights[one] for b in sights[other]]
            assert min(pairs) >= 3, (one, other)
    await store.polls.close("T1", POLL, NOW)
    final = await look(store)
    answered = sum(map(bool, now))
    exact = split(now) if answered == 0 or answered >= 3 else ()
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
        kept, NOW, Definition("Leaving?", "", OPTIONS, replace(named, names=False))
    )
    await answer(store, PEOPLE[4], "2")

    shown = await look(store)

    assert (seen(shown), shown.answers) == ((("1", 4),), 5)
    store.close()


# What an earlier version showed


def before(path: Path) -> None:
    """Make a database in which the exact split of anonymous polls was shown, from three on.

    “p1” has four answers, “few” two, “jira” three and five in Jira; “named” keeps names.
    """
    key, vault = os.urandom(32), Vault([KEY])
    options = [{"id": one.id, "title": one.title, "order": one.order} for one in OPTIONS]
    in_jira = '{"counts": {"1": 4, "2": 1}, "people": 5}'
    db = sqlite3.connect(path, isolation_level=None)
    db.execute("PRAGMA journal_mode=WAL")
    migrations.apply(Database(db), stop_before="steps")
    for poll_id, names, answers, jira_part in (
        (POLL, "false", "1122", None),
        ("few", "false", "12", None),
        ("jira", "false", "112", in_jira),
        ("named", "true", "111", None),
    ):
        db.execute(
            "INSERT INTO polls (id, team_id, site, kind, subject, title, description, options,"
            " settings, created_by, created_at, jira_part)"
            " VALUES (?, 'T1', 's', 'plain', '', 't', '', ?, ?, 'U0CREATOR', 1.0, ?)",
            (
                poll_id,
                json.dumps(options),
                f'{{"names": {names}, "comments": true, "changeable": true}}',
                jira_part,
            ),
        )
        if names == "false":
            db.execute("INSERT INTO poll_keys VALUES (?, ?)", (poll_id, vault.seal(key.hex())))
        for who, option in zip(PEOPLE, answers, strict=False):
            voter = who.user_id if names == "true" else pseudonym(key, who)
            db.execute("INSERT INTO answers VALUES (?, ?, ?)", (poll_id, voter, option))
            db.execute("INSERT INTO comments VALUES (?, ?, ?)", (poll_id, voter, f"of {voter[:4]}"))
    db.close()


@pytest.mark.of_files
async def test_what_an_earlier_version_showed_was_seen(tmp_path: Path) -> None:
    before(tmp_path / "pollbot.db")
    store = Store(tmp_path / "pollbot.db", [KEY])

    told, comments = [], []
    for who in PEOPLE[4:8]:
        await answer(store, who, "1", comment=f"said by {who.user_id}")
        told.append(seen(await look(store)))
        comments.append(len((await look(store)).comments))

    four, seventh = (("1", 2), ("2", 2)), (("1", 5), ("2", 2))
    assert told == [four, four, seventh, seventh]
    assert comments == [4, 4, 7, 7]
    store.close()


@pytest.mark.of_files
async def test_of_few_answers_an_earlier_version_showed_nothing(tmp_path: Path) -> None:
    before(tmp_path / "pollbot.db")
    store = Store(tmp_path / "pollbot.db", [KEY])

    told = [seen(await look(store, "few"))]
    await answer(store, PEOPLE[2], "1", poll_id="few")
    told.append(seen(await look(store, "few")))

    assert told == [(), (("1", 2), ("2", 1))]
    assert seen(await look(store, "named")) == (("1", 3),), "names move with every answer"
    store.close()


@pytest.mark.of_files
async def test_what_an_earlier_version_showed_of_jira_was_seen(tmp_path: Path) -> None:
    before(tmp_path / "pollbot.db")
    store = Store(tmp_path / "pollbot.db", [KEY])

    told = []
    for third in (1, 2, 3):
        kept = await store.polls.find("T1", "jira")
        part = Part({"1": 4, "2": 1 + third}, 5 + third)
        await store.polls.keep_reading(kept, part, None, NOW, understood=True)
        told.append(seen(await look(store, "jira")))

    before_and_with_three = (("1", 6), ("2", 2)), (("1", 6), ("2", 5))
    assert told == [*[before_and_with_three[0]] * 2, before_and_with_three[1]]
    store.close()


async def answer(
    store: Store,
    who: Person,
    wanted: Iterable[str],
    comment: str | None = None,
    poll_id: str = POLL,
) -> None:
    await store.answers.answer(
        who,
        poll_id,
        Change(lambda poll, mine: choose_exactly(poll, mine, wanted, NOW), comment),
        NOW,
    )
