"""What is posted at most once: claimed by one, ever."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from pollbot.storage import posts
from pollbot.storage.migrations import migrate
from pollbot.storage.writer import Connection

NOON = 1_750_000_000.0


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Connection]:
    db = sqlite3.connect(tmp_path / "pollbot.db", isolation_level=None, factory=Connection)
    migrate(db)
    yield db
    db.close()


def test_a_post_is_claimed_once(db: Connection) -> None:
    assert posts.claim(db, "closed c1", NOON, "T1", NOON)

    assert not posts.claim(db, "closed c1", NOON, "T1", NOON + 1)


def test_another_due_time_or_subject_is_another_post(db: Connection) -> None:
    assert posts.claim(db, "closed c1", NOON, "T1", NOON)

    assert posts.claim(db, "closed c1", NOON + 1, "T1", NOON)
    assert posts.claim(db, "closed c2", NOON, "T1", NOON)


def test_what_never_left_can_be_claimed_again(db: Connection) -> None:
    posts.claim(db, "closed c1", NOON, "T1", NOON)

    posts.release(db, "closed c1", NOON)

    assert posts.claim(db, "closed c1", NOON, "T1", NOON)


def test_what_was_sent_cannot_be_given_back(db: Connection) -> None:
    posts.claim(db, "closed c1", NOON, "T1", NOON)
    posts.sent(db, "closed c1", NOON, NOON + 1)

    posts.release(db, "closed c1", NOON)

    assert not posts.claim(db, "closed c1", NOON, "T1", NOON + 2)
