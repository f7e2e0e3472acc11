"""What is known of issues without a look at the disk: of those that Jira told of last."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from pollbot.database import Store
from pollbot.jira import issue_rows
from pollbot.jira.issues import Told

SITE = "https://jira.example.com"
PAGE = 20


@pytest.fixture
async def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Store]:
    monkeypatch.setattr(issue_rows, "REMEMBERED", 5 * PAGE)
    store = Store(tmp_path / "pollbot.db", [Fernet.generate_key().decode()])
    yield store
    store.close()


async def test_of_more_issues_than_are_remembered_the_others_are_looked_up(store: Store) -> None:
    commits = 0

    def committed(pieces: int, seconds: float, on_disk: bool) -> None:
        nonlocal commits
        commits += 1

    async def told(first: int, number: int, key: str = "PLAT", many: int = PAGE) -> int:
        """Learn so many issues; return how often the disk was asked for that."""
        before = commits
        keys = tuple((str(one), f"{key}-{one}") for one in range(first, first + many))
        assert await store.issues.learn(Told(SITE, keys, number)) == []
        return commits - before

    store.watch(committed)
    pages = range(0, 6 * PAGE, PAGE)
    assert [await told(first, number) for number, first in enumerate(pages)] == [1] * len(pages)

    assert await told(pages[-1], 100) == 0, "Jira has told of them just now"
    assert await told(PAGE, 101) == 0
    assert await told(0, 102) == 1, "too long ago"
    assert await told(PAGE, 103) == 0, "asked for since"
    assert await told(2 * PAGE, 104) == 1

    await told(7, 106, key="OPS", many=1)
    assert await store.issues.present(SITE, "PLAT-7") == "OPS-7"
    assert await told(7, 105, many=1) == 0, "an older answer"
    assert await store.issues.present(SITE, "PLAT-7") == "OPS-7"
