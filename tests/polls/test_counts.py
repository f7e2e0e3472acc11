"""The counts beside the answers are what counting the answers would give, whatever was done."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import example, given, settings
from hypothesis import strategies as st

from pollbot.database import Store
from pollbot.errors import PollbotError
from pollbot.people import Person
from tests.polls.test_answer_rows import FERNET, NOW, POLL, Desk, a_poll
from tests.support import stored
from tests.support.torture import tries

PEOPLE = [Person("T1", f"U0{name}") for name in ("ADA", "BEN", "CLEO", "DORA", "EVE")]
TEXTS = ("Option 1", "Option 2", "Option 3", "Soup", "Salad")
Deed = Callable[[Desk, int], Awaitable[object]]


def click(who: int, option: str) -> Deed:
    return lambda desk, stamp: desk.click(PEOPLE[who], option, stamp)


def exactly(who: int, options: frozenset[str]) -> Deed:
    return lambda desk, stamp: desk.exactly(PEOPLE[who], options, stamp)


def edit(texts: list[tuple[str, str]]) -> Deed:
    return lambda desk, _: desk.edit(texts)


def give_up_names() -> Deed:
    async def deed(desk: Desk, _: int) -> None:
        kept = await desk.store.polls.find("T1", POLL)
        await desk.edit([(one.id, one.title) for one in kept.poll.live], names=False)

    return deed


def close() -> Deed:
    return lambda desk, _: desk.store.polls.close("T1", POLL, NOW, "U0CREATOR")


def reopen() -> Deed:
    return lambda desk, _: desk.store.polls.reopen("T1", POLL, NOW, None)


def delete() -> Deed:
    return lambda desk, _: desk.store.polls.delete("T1", POLL, NOW)


who, option = st.integers(0, len(PEOPLE) - 1), st.sampled_from(["1", "2", "3", "4"])
deeds = st.one_of(
    st.builds(click, who, option),
    st.builds(exactly, who, st.frozensets(option, max_size=3)),
    st.builds(
        edit,
        st.lists(
            st.tuples(option, st.sampled_from(TEXTS)),
            min_size=2,
            max_size=4,
            unique_by=(lambda one: one[0], lambda one: one[1]),
        ),
    ),
    *(st.builds(deed) for deed in (give_up_names, close, reopen)),
)


async def counted(path: Path, names: bool, several: bool, done: list[Deed]) -> None:
    store = Store(path, [FERNET])
    try:
        await store.polls.add(a_poll(names=names, several=several))
        for stamp, deed in enumerate(done):
            with suppress(PollbotError):
                await deed(Desk(store), stamp)
            kept, recounted = counts(path)
            assert kept == recounted
    finally:
        store.close()


def counts(path: Path) -> tuple[dict[str, int], dict[str, int]]:
    """Return what is kept beside the answers, and what counting them gives."""
    kept = dict(stored.rows(path, "SELECT option_id, answers FROM counts WHERE answers <> 0"))
    again = dict(stored.rows(path, "SELECT option_id, count(*) FROM answers GROUP BY option_id"))
    # Nobody can count the people of an anonymous poll that is closed: how many is kept then.
    [(people,)] = stored.rows(
        path,
        "SELECT coalesce(max(people), (SELECT count(DISTINCT voter) FROM answers)) FROM polls",
    )
    return kept, again | ({"": people} if people else {})


@settings(max_examples=tries(60, 600))
@given(names=st.booleans(), several=st.booleans(), done=st.lists(deeds, max_size=14))
@example(names=True, several=True, done=[click(0, "1"), click(0, "2"), click(0, "1")])
@example(names=True, several=False, done=[click(0, "1"), click(1, "1"), delete()])
def test_the_counts_are_what_a_recount_gives(names: bool, several: bool, done: list[Deed]) -> None:
    with TemporaryDirectory() as folder:
        asyncio.run(counted(Path(folder) / "pollbot.db", names, several, done))
