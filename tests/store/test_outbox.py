"""The outbox: what may be said only once is claimed by one, ever; who is owed a word gets it."""

from collections import Counter
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from pollbot.database import Store
from pollbot.store import outbox
from pollbot.store.outbox import Kind, Notice
from pollbot.store.queue import LEASE, Done
from pollbot.store.writer import Connection
from tests.support.held import held, owed

NOON = 1_750_000_000.0
HOUR, DAY = 3600.0, 86400.0
POST = Notice(Kind.SCHEDULED, "s1", NOON)
RESULT = Notice(Kind.ANNOUNCEMENT, "c1", NOON)
REMINDER = Notice(Kind.REMINDER, "p1", reader="U0ADA")
BY_HAND = Notice(Kind.BY_HAND, "s1", NOON)
OFFER = Notice(Kind.OFFER, "p1", NOON)
RECEIPT = Notice(Kind.RECEIPT, "i1")


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    store = Store(tmp_path / "pollbot.db", [Fernet.generate_key().decode()])
    yield store
    store.close()


async def claimed(store: Store, notice: Notice, now: float = NOON) -> bool:
    return bool(await store.outbox.claim(notice, "T1", now))


@pytest.mark.parametrize("notice", [POST, RESULT, REMINDER, RECEIPT], ids=lambda one: one.kind)
async def test_a_subject_is_claimed_once_and_another_occasion_or_reader_is_another(
    store: Store, notice: Notice
) -> None:
    assert await claimed(store, notice)

    assert not await claimed(store, notice, NOON + 1)
    assert await claimed(store, Notice(notice.kind, notice.about, NOON + 9, notice.reader))
    assert await claimed(store, Notice(notice.kind, notice.about, notice.occasion, "U0BEN"))
    assert await claimed(store, Notice(notice.kind, "another", notice.occasion, notice.reader))


@pytest.mark.parametrize("notice", [POST, RECEIPT], ids=lambda one: one.kind)
async def test_what_never_left_can_be_claimed_again(store: Store, notice: Notice) -> None:
    for _ in range(3):
        assert await claimed(store, notice)
        await store.outbox.release(notice)

    assert await claimed(store, notice)


async def test_what_was_sent_cannot_be_given_back(store: Store) -> None:
    await claimed(store, POST)
    await store.outbox.sent(POST, NOON + 1)

    await store.outbox.release(POST)

    assert not await claimed(store, POST, NOON + 2)
    assert await owed(store) == []


@pytest.mark.parametrize(
    ("notice", "told"),
    [
        (POST, POST),
        (BY_HAND, BY_HAND),
        (RESULT, RESULT),
        (REMINDER, Notice(Kind.PERHAPS_REMINDED, "p1")),
        (OFFER, None),
    ],
    ids=lambda one: str(getattr(one, "kind", "nobody")),
)
@pytest.mark.parametrize("how", ["lost", "crash"])
async def test_what_slack_may_have_is_claimed_no_more_and_its_owner_is_to_hear(
    store: Store, notice: Notice, told: Notice | None, how: str
) -> None:
    await claimed(store, notice)

    if how == "lost":
        await store.outbox.unsure(notice, NOON + 1)
    else:
        await store.take_up(NOON + 1)
        # What only doors say may be on its way at one that lives, so it is let go of by its age.
        await store.outbox.sweep(NOON + LEASE + 1)

    assert not await claimed(store, notice, NOON + 2)
    assert await owed(store) == ([] if told is None else [told])


async def test_a_receipt_may_leave_twice(store: Store) -> None:
    for _ in range(2):
        assert await claimed(store, RECEIPT)
        await store.outbox.unsure(RECEIPT, NOON)

    assert not await claimed(store, RECEIPT)
    assert await owed(store) == []


async def test_of_a_second_try_that_never_left_only_the_first_counts(store: Store) -> None:
    await claimed(store, RECEIPT)
    await store.outbox.unsure(RECEIPT, NOON)
    await claimed(store, RECEIPT)

    await store.outbox.release(RECEIPT)

    assert await claimed(store, RECEIPT)
    await store.outbox.unsure(RECEIPT, NOON)
    assert not await claimed(store, RECEIPT)


async def test_words_for_one_person_are_gathered_and_told_twice_at_most(store: Store) -> None:
    for n in range(3):
        notice = Notice(Kind.SCHEDULED, f"s{n}", NOON)
        await claimed(store, notice)
        await store.outbox.unsure(notice, NOON + n / 10)
    assert await held(store.outbox.work, NOON + 1.1) == [], "the last one may not be the last"
    ones = await held(store.outbox.work, NOON + 1.2)
    everything = await owed(store)
    assert [one.work.notice for one in ones] == everything
    assert len(everything) == 3

    await store.outbox.telling(everything)
    await store.outbox.not_told(everything)
    assert await owed(store) == everything
    await store.outbox.telling(everything)
    assert await owed(store) == everything, "its answer was lost, so once more"
    await store.outbox.telling(everything)

    assert await owed(store) == []
    for one in ones:
        await store.outbox.work.put_back(one, Done(), NOON + 2)
    assert await held(store.outbox.work, NOON + HOUR) == []


async def test_what_is_told_is_owed_no_more(store: Store) -> None:
    await store.outbox._writer.do(
        lambda db: outbox.owe(db, Notice(Kind.GONE, "s1", NOON), "T1", NOON)
    )
    (gone,) = await owed(store)

    await store.outbox.telling([gone])
    await store.outbox.told([gone])

    assert await owed(store) == []
    await store.take_up(NOON + DAY)
    assert await owed(store) == []


async def test_a_claim_that_was_never_marked_is_let_go_of(store: Store) -> None:
    await claimed(store, POST)
    assert await store.outbox.is_under_way(POST)

    await store.outbox.sweep(NOON + LEASE)
    assert await owed(store) == []
    await store.outbox.sweep(NOON + LEASE + 1)

    assert await owed(store) == [POST]
    assert not await store.outbox.is_under_way(POST)


@pytest.mark.parametrize("notice", [POST, BY_HAND, RESULT], ids=lambda one: one.kind)
async def test_what_a_door_may_be_sending_is_left_to_it_where_there_are_others(
    store: Store, notice: Notice
) -> None:
    await claimed(store, notice)

    await store.take_up(NOON + 1)

    at_a_door = store.lead.shared and notice.kind is Kind.BY_HAND
    assert await store.outbox.is_under_way(notice) == at_a_door
    assert await owed(store) == ([] if at_a_door else [notice])


EDITED = Notice(Kind.EDITED, "o1", reader="U0ADA")
OTHERS = [
    Notice(Kind.EDITED_BACK, "o1", reader="U0ADA"),
    Notice(Kind.EDITED, "o2", reader="U0ADA"),
    Notice(Kind.EDITED, "o1", reader="U0BEN"),
]


@pytest.mark.parametrize("other", OTHERS, ids=["another kind", "another thing", "another reader"])
async def test_what_is_forgotten_is_that_and_nothing_beside_it(store: Store, other: Notice) -> None:
    await claimed(store, EDITED)
    await claimed(store, other)

    await store.outbox._writer.do(lambda db: outbox.forget(db, Kind.EDITED, "o1", "U0ADA"))

    assert await claimed(store, EDITED), "as if it had never been said"
    assert not await claimed(store, other)


async def test_what_is_forgotten_of_all_readers_is_of_one_thing_and_kind(store: Store) -> None:
    for notice in (EDITED, *OTHERS):
        await claimed(store, notice)

    await store.outbox._writer.do(lambda db: outbox.forget(db, Kind.EDITED, "o1"))

    forgotten = [await claimed(store, notice) for notice in (EDITED, *OTHERS)]
    assert forgotten == [True, False, False, True]


async def test_a_word_to_a_crowd_is_taken_back_from_its_reader_before_it_leaves(
    store: Store,
) -> None:
    crowd = ["U0ADA", "U0BEN", "U0CLEO"]

    def owe(db: Connection) -> None:
        for kind, about in ((Kind.EDITED, "o1"), (Kind.EDITED, "o2"), (Kind.EDITED_BACK, "o1")):
            outbox.owe_crowd(db, kind, about, crowd, "T1", NOON)

    await store.outbox._writer.do(owe)
    left = Notice(Kind.EDITED, "o1", NOON, "U0BEN")
    await store.outbox.telling([left])

    await store.outbox._writer.do(
        lambda db: outbox.recall(db, [Kind.EDITED], "o1", ["U0ADA", "U0BEN"])
    )

    to_hear = await owed(store)
    assert Counter((one.kind, one.about) for one in to_hear) == {
        (Kind.EDITED, "o1"): 2,
        (Kind.EDITED, "o2"): 3,
        (Kind.EDITED_BACK, "o1"): 3,
    }
    assert left in to_hear, "Slack may have it"
    heard = await store.outbox._writer.do(lambda db: outbox.heard(db, Kind.EDITED, "o1"))
    assert heard == {"U0BEN"}


@pytest.mark.parametrize(("many", "last"), [(1, 5.0), (3, 7.0), (5760, 5.0 + 2880 * 5759 / 5760)])
async def test_a_crowd_is_told_one_each_second_and_in_time(
    store: Store, many: int, last: float
) -> None:
    crowd = [f"U{number:04}" for number in range(many)]
    await store.outbox._writer.do(
        lambda db: outbox.owe_crowd(db, Kind.EDITED, "o1", crowd, "T1", NOON)
    )

    times = await store.outbox._writer.do(
        lambda db: db.execute("SELECT due_at, reader FROM outbox ORDER BY due_at").fetchall()
    )
    assert [reader for _, reader in times] == crowd
    assert times[0][0] == NOON + 5, "until then it may be recalled"
    assert times[-1][0] == pytest.approx(NOON + last)


async def test_a_new_leader_leaves_to_doors_what_only_they_say(store: Store) -> None:
    for notice in (POST, BY_HAND, RESULT):
        await claimed(store, notice)

    await store.outbox.resume(NOON + 1, beside_doors=True)

    assert set(await owed(store)) == {POST, RESULT}
    assert await store.outbox.is_under_way(BY_HAND)


async def test_what_was_told_is_not_owed_again(store: Store) -> None:
    owe = partial(outbox.owe, notice=OFFER, team_id="T1", now=NOON)
    said = [await store.outbox._writer.do(owe), await store.outbox._writer.do(owe)]
    await store.outbox.telling([OFFER])
    await store.outbox.told([OFFER])

    said.append(await store.outbox._writer.do(owe))

    assert said == [True, True, False], "whether they are still to hear of it"
    assert await owed(store) == []


async def test_words_wait_for_others_of_their_team_and_of_nobody_in_particular(
    store: Store,
) -> None:
    def owe(db: Connection) -> None:
        outbox.owe(db, Notice(Kind.GONE, "of T2"), "T2", NOON)
        outbox.owe(db, Notice(Kind.GONE, "the first"), "T1", NOON)
        outbox.owe_crowd(db, Kind.EDITED, "o1", ["U0BEN"], "T1", NOON)
        outbox.owe(db, Notice(Kind.GONE, "the next"), "T1", NOON + 0.5)

    await store.outbox._writer.do(owe)

    due = await store.outbox._writer.do(
        lambda db: dict(db.execute("SELECT about, due_at FROM outbox").fetchall())
    )
    assert due == {
        "of T2": NOON + 1,
        "the first": NOON + 1.5,
        "the next": NOON + 1.5,
        "o1": NOON + 5,
    }


async def test_what_is_said_of_a_kind_is_not_said_of_another(store: Store) -> None:
    for notice in (POST, BY_HAND):
        await claimed(store, notice)

    await store.outbox.sent(POST, NOON + 1)
    await store.outbox.release(BY_HAND)

    assert not await claimed(store, POST, NOON + 2)
    assert await claimed(store, BY_HAND, NOON + 2)


async def test_what_is_too_old_to_be_said_again_is_forgotten_but_for_what_may_be_there(
    store: Store,
) -> None:
    one, other, lost = (Notice(Kind.SCHEDULED, about, NOON) for about in ("s1", "s2", "s3"))
    for notice, at in ((one, NOON), (other, NOON + 2 * DAY)):
        await claimed(store, notice, at)
        await store.outbox.sent(notice, at)
    await claimed(store, lost)

    await store.take_up(NOON + 401 * DAY)

    again = [await claimed(store, notice) for notice in (one, other, lost)]
    assert again == [True, False, False]
    assert await owed(store) == [lost], "nobody knows whether Slack has it"


async def test_who_removes_pollbot_is_owed_nothing_and_other_teams_are(store: Store) -> None:
    for team_id in ("T1", "T2"):
        gone = Notice(Kind.GONE, f"of {team_id}", NOON)
        await store.outbox._writer.do(partial(outbox.owe, notice=gone, team_id=team_id, now=NOON))
        await store.outbox.claim(Notice(Kind.SCHEDULED, team_id, NOON), team_id, NOON)

    await store.outbox._writer.do(lambda db: outbox.leave_out_team(db, "T1"))

    assert await owed(store, "T1") == []
    assert await owed(store, "T2") == [Notice(Kind.GONE, "of T2", NOON)]
    under_way = [
        await store.outbox.is_under_way(Notice(Kind.SCHEDULED, team_id, NOON))
        for team_id in ("T1", "T2")
    ]
    assert under_way == [False, True]


async def test_people_of_another_team_hear_nothing_of_it(store: Store) -> None:
    await claimed(store, POST)
    await store.outbox.unsure(POST, NOON)

    assert await owed(store, "T2") == []
