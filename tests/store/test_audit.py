"""The audit log: entries are added, the database lets nobody change them, and age takes them."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from pollbot.database import Store
from pollbot.people import Person
from pollbot.store import audit
from pollbot.store.audit import Said, What
from pollbot.store.writer import Connection
from tests.support import stored

NOON, DAY = 1_750_000_000.0, 86400.0
ADA, BEN, ELSEWHERE = Person("T1", "U0ADA"), Person("T1", "U0BEN"), Person("T2", "U0ADA")


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    store = Store(tmp_path / "pollbot.db", [Fernet.generate_key().decode()])
    yield store
    store.close()


async def noted(
    store: Store, by: Person, about: str, now: float = NOON, **fields: Said | Person
) -> None:
    def note(db: Connection) -> None:
        audit.note(db, by, What.POLL_MADE, about, now, **fields)

    await store._writer.do(note)


def there(path: Path) -> list[str]:
    return [row[0] for row in stored.rows(path, "SELECT about FROM audit ORDER BY nth")]


@pytest.mark.parametrize(
    "deed",
    [
        "UPDATE audit SET about = 'another'",
        "UPDATE audit SET who = NULL WHERE nth = 2",
        "DELETE FROM audit",
        "DELETE FROM audit WHERE about = 'p2'",
        "INSERT INTO audit (nth, team_id, at, who, what, about, fields)"
        " SELECT nth, team_id, at, who, what, 'another', fields FROM audit",
    ],
)
async def test_the_database_refuses_to_change_or_delete_an_entry(
    store: Store, tmp_path: Path, deed: str
) -> None:
    await noted(store, ADA, "p1")
    await noted(store, BEN, "p2")

    with stored.opened(tmp_path / "pollbot.db") as db, pytest.raises(Exception, match="audit log"):
        db.execute(deed)

    assert there(tmp_path / "pollbot.db") == ["p1", "p2"]


@pytest.mark.of_files
async def test_nor_does_a_file_let_one_be_put_in_the_place_of_another(
    store: Store, tmp_path: Path
) -> None:
    await noted(store, ADA, "p1")

    with stored.opened(tmp_path / "pollbot.db") as db, pytest.raises(Exception, match="audit log"):
        db.execute(
            "INSERT OR REPLACE INTO audit (nth, team_id, at, who, what, about, fields)"
            " SELECT nth, team_id, at, who, what, 'another', fields FROM audit"
        )

    assert there(tmp_path / "pollbot.db") == ["p1"]


async def test_what_is_too_old_goes_little_by_little_and_of_one_workspace_only(
    store: Store, tmp_path: Path
) -> None:
    for day in range(4):
        await noted(store, ADA, f"p{day}", NOON + day * DAY)
    await noted(store, ELSEWHERE, "other", NOON)

    async def forgotten(most: int) -> int:
        return await store._writer.do(
            lambda db: audit.forget_before(db, "T1", NOON + 3 * DAY, most)
        )

    assert [await forgotten(2), await forgotten(2), await forgotten(2)] == [2, 1, 0]
    assert there(tmp_path / "pollbot.db") == ["p3", "other"]


async def test_a_shorter_time_once_is_no_leave_to_take_away_more_later(
    store: Store, tmp_path: Path
) -> None:
    await noted(store, ADA, "p1", NOON)
    await store._writer.do(lambda db: audit.forget_before(db, "T1", NOON - DAY))

    with stored.opened(tmp_path / "pollbot.db") as db, pytest.raises(Exception, match="audit log"):
        db.execute("DELETE FROM audit")

    assert there(tmp_path / "pollbot.db") == ["p1"]


async def test_who_is_forgotten_is_nobody_in_all_that_they_did_and_that_was_done_to_them(
    store: Store, tmp_path: Path
) -> None:
    await noted(store, ADA, "p1", owner=BEN, named=True)
    await noted(store, BEN, "p2")
    await noted(store, ELSEWHERE, "other")

    assert await store._writer.do(lambda db: audit.forget_person(db, ADA)) == 1
    await noted(store, ADA, "p3")

    page = await store.audit.page("T1", 0, 10)
    third, second, first = page.entries
    assert (first.who, first.fields) == ("", {"owner": "U0BEN", "named": True})
    assert (second.who, third.who) == ("U0BEN", "U0ADA")
    assert first.nobody is not None
    assert third.nobody is None
    people = stored.rows(tmp_path / "pollbot.db", "SELECT id, user_id FROM audit_people")
    assert first.nobody not in [id_ for id_, _ in people], "who comes back is known as another"
    [other] = (await store.audit.page("T2", 0, 10)).entries
    assert other.who == "U0ADA", "somebody of another workspace is another person"


async def test_pages_hold_the_newest_first_and_one_that_is_gone_is_the_last(store: Store) -> None:
    for nth in range(5):
        await noted(store, ADA, f"p{nth}", NOON + nth)

    pages = [await store.audit.page("T1", number, 2) for number in (0, 1, 9)]

    assert [[one.about for one in page.entries] for page in pages] == [
        ["p4", "p3"],
        ["p2", "p1"],
        ["p0"],
    ]
    assert [(page.number, page.total) for page in pages] == [(0, 5), (1, 5), (2, 5)]
    assert (await store.audit.page("T9", 3, 2)).entries == []


async def test_what_is_undone_with_its_transaction_is_not_said_to_have_been_done(
    store: Store, tmp_path: Path
) -> None:
    def fail(db: Connection) -> None:
        audit.note(db, ADA, What.POLL_MADE, "p1", NOON)
        raise LookupError

    with pytest.raises(LookupError):
        await store._writer.do(fail)

    assert there(tmp_path / "pollbot.db") == []
